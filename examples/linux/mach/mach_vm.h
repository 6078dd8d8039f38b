/*
 * <mach/mach_vm.h> off macOS, for the examples.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "types.h"
