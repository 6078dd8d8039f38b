/*
 * <mach/vm_region.h> of the reproducer kit; no include guard, kit.h has one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "../kit.h"
