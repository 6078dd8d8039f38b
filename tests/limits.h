/*
 * Setting and getting resource limits by the trap instruction.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_LIMITS_H
#define TESTS_LIMITS_H

#include "bsd.h"
#include "trap.h"

/* bsd/sys/resource.h; bsd/kern/syscalls.master */
enum { DATA = 2, STACK = 3, AS = 5, MEMLOCK = 6 };
enum { GETRLIMIT = 194, SETRLIMIT = 195 };
#define INFINITE ((UINT64_C(1) << 63) - 1)

/* Both limits, soft and hard, by the BSD call that sets or gets them; its
 * errno, or the 0 that it answers. */
static inline int
limits_by(int call, unsigned which, uint64_t limits[2])
{
	const uint64_t arguments[] = { which, (uintptr_t)limits };
	struct mt_registers r;

	mt_registers_unix(&r, call, arguments, 2);
	mt_trap_raw(&r);
	return (int)mt_registers_result(&r);
}

static inline int
set_limits(unsigned which, uint64_t soft, uint64_t hard)
{
	mt_note_limit();
	return limits_by(SETRLIMIT, which, (uint64_t[]){ soft, hard });
}

static inline int
get_limits(unsigned which, uint64_t limits[2])
{
	limits[0] = limits[1] = 0x5a5a;
	return limits_by(GETRLIMIT, which, limits);
}

/* Set the soft limit; its errno. */
static inline int
set_limit(unsigned which, uint64_t soft)
{
	return set_limits(which, soft, INFINITE);
}

/* The size of the map: the least limit that can be set.  Leaves it set. */
static inline uint64_t
least_limit(unsigned which)
{
	uint64_t low = 0, high = UINT64_C(1) << 48, middle;

	MT_REQUIRE_TRUE(set_limit(which, high) == 0);
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (set_limit(which, middle) == 0)
			high = middle;
		else
			low = middle;
	}
	MT_REQUIRE_TRUE(set_limit(which, high) == 0);
	return high;
}

#endif
