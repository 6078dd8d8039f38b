/* SPDX-License-Identifier: BSD-2-Clause */
#include <mach/mach.h>
#include <mach/task.h>

#include "platform.h"

void
platform_prepare(void)
{
	/* Freeing a hole may raise EXC_GUARD; kernels before 10.15 and plain
	 * processes answer an error here and never raise it. */
	(void)task_set_exc_guard_behavior(mach_task_self(), 0);
}
