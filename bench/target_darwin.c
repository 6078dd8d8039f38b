/*
 * On a Mac there is no other kernel than Mach's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bench/bench.h"

struct target
target_native(void)
{
	return target_mach();
}
