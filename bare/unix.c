/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "unix.h"

#include "trap.h"

#if defined(__x86_64__)
#define SECOND MT_RDX
#else
#define SECOND 1 /* x1 */
#endif

int64_t
bare_unix(enum bare_call number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
    uint64_t e, uint64_t f, uint64_t *second)
{
	const uint64_t arguments[6] = { a, b, c, d, e, f };
	struct mt_registers r;

	mt_registers_unix(&r, (int)number, arguments, 6);
	mt_trap_raw(&r);
	if (second != NULL)
		*second = r.r[SECOND];
	return mt_registers_failed(&r) ? -(int64_t)mt_registers_result(&r) :
					 (int64_t)mt_registers_result(&r);
}

int
bare_getpid(void)
{
	return (int)bare_unix(CALL_GETPID, 0, 0, 0, 0, 0, 0, NULL);
}

/* struct timeval of a 64-bit process. */
struct time {
	int64_t seconds;
	int32_t microseconds, pad;
};

void
bare_sleep(unsigned milliseconds)
{
	struct time time = { milliseconds / 1000,
		(int32_t)(milliseconds % 1000 * 1000), 0 };

	bare_unix(CALL_SELECT, 0, 0, 0, 0, (uintptr_t)&time, 0, NULL);
}

uint64_t
bare_now(void)
{
	struct time time = { 0, 0, 0 };

	bare_unix(CALL_GETTIMEOFDAY, (uintptr_t)&time, 0, 0, 0, 0, 0, NULL);
	return (uint64_t)time.seconds * 1000 +
	    (uint64_t)time.microseconds / 1000;
}

size_t
bare_sysctl(const int *mib, unsigned count, void *old, size_t size)
{
	uint64_t length = size;

	if (bare_unix(CALL_SYSCTL, (uintptr_t)mib, count, (uintptr_t)old,
		(uintptr_t)&length, 0, 0, NULL) != 0)
		return 0;
	return length;
}

void
bare_catch(void)
{
	static char stack[32768] __attribute__((aligned(16)));
	/* struct sigaltstack: address, size, flags */
	const struct {
		uint64_t address, size;
		uint32_t flags, pad;
	} alternate = { (uintptr_t)stack, sizeof(stack), 0, 0 };
	/* struct __sigaction: handler, trampoline, mask, flags; SA_SIGINFO,
	 * SA_NODEFER: a touch never returns from its handler; SA_ONSTACK */
	const struct {
		uint64_t handler, trampoline;
		uint32_t mask, flags;
	} action = { 2, (uintptr_t)bare_trampoline, 0, 0x40 | 0x10 | 0x1 };

	bare_unix(CALL_SIGALTSTACK, (uintptr_t)&alternate, 0, 0, 0, 0, 0, NULL);
	bare_unix(CALL_SIGACTION, 10, (uintptr_t)&action, 0, 0, 0, 0, NULL);
	bare_unix(CALL_SIGACTION, 11, (uintptr_t)&action, 0, 0, 0, 0, NULL);
}
