/*
 * The route "unix": BSD calls, by the trap instruction and without libc.
 * The numbers are those of bsd/kern/syscalls.master.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "route.h"
#include "routes.h"
#include "trap.h"

enum { CALL_MLOCK = 203, CALL_MUNLOCK = 204 };

static int
call(int *error, int number, const uint64_t *arguments, int count)
{
	struct mt_registers r;

	mt_registers_unix(&r, number, arguments, count);
	mt_trap_raw(&r);
	if (!mt_registers_failed(&r))
		return 0;
	*error = (int)mt_registers_result(&r);
	return -1;
}

static int
call_mlock(int *error, uint64_t address, uint64_t size)
{
	return call(error, CALL_MLOCK, (const uint64_t[]){ address, size }, 2);
}

static int
call_munlock(int *error, uint64_t address, uint64_t size)
{
	return call(error, CALL_MUNLOCK, (const uint64_t[]){ address, size },
	    2);
}

const struct mt_route mt_route_unix = {
	.name = "unix",
	.traps = true,
	.mlock = call_mlock,
	.munlock = call_munlock,
};
