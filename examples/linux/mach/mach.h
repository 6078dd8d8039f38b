/*
 * <mach/mach.h> off macOS, for the examples; no include guard, types.h has one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "types.h"
