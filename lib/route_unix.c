/*
 * The route "unix": BSD calls, by the trap instruction and without libc.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stddef.h>

#include "route.h"
#include "routes.h"
#include "trap.h"

_Static_assert(sizeof(struct mt_stat) == 144 &&
	offsetof(struct mt_stat, size) == 96,
    "struct stat64 of a 64-bit process");

static int64_t
call(int *error, int number, const uint64_t *arguments, int count)
{
	struct mt_registers r;

	mt_registers_unix(&r, number, arguments, count);
	mt_trap_raw(&r);
	if (!mt_registers_failed(&r))
		return (int64_t)mt_registers_result(&r);
	*error = (int)mt_registers_result(&r);
	return -1;
}

/* The last element is a sentinel: a list may be empty. */
#define UNIX(name_, number_, parameters_)                                   \
	static int64_t call_##name_(int *error MT_DECLARE(parameters_))     \
	{                                                                   \
		const uint64_t a[] = { MT_ARGUMENTS(parameters_) 0 };       \
                                                                            \
		return call(error, number_, a, sizeof(a) / sizeof(*a) - 1); \
	}
#include "unix_calls.h"

const struct mt_route mt_route_unix = {
	.name = "unix",
	.traps = true,
#define UNIX(name_, number_, parameters_) .name_ = call_##name_,
#include "unix_calls.h"
};
