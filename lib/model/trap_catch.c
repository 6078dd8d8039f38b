/*
 * Catching the trap instruction: seccomp, else Syscall User Dispatch.
 *
 * A filter stays for good, over fork and exec, so its test by address covers
 * nothing but the stubs' page (../trap_*.S), which stands alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exception.h"
#include "release.h"
#include "shared.h"
#include "trap.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH	59
#endif
#define DISPATCH_EXCLUSIVE_ON	1	/* all but the range */
#define DISPATCH_INCLUSIVE_ON	2	/* only the range: new kernels */
#ifndef SYS_SECCOMP
#define SYS_SECCOMP		1
#endif
#define SYS_DISPATCHED		2	/* SYS_USER_DISPATCH */

extern const char mt_trap_stubs[], mt_trap_stubs_end[];

static bool by_dispatch;
static char selector = 1;		/* SYSCALL_DISPATCH_FILTER_BLOCK */

/* EXC_SYSCALL that nobody handles. */
static void
unknown(void)
{
	if (host_task->rules->bad_system_call_is_signal)
		exception_die(SIGSYS);
}

/* ---- the registers of each machine ------------------------------------------------ */

#if defined(__x86_64__)

#define CARRY	1

/*
 * The number stands in rax and the class in its bits 24...31; the answer goes
 * there, too.  rcx and r11 are as the instruction left them.
 */
static void
dispatch(ucontext_t *context)
{
	greg_t *r = context->uc_mcontext.gregs;
	uint32_t number = (uint32_t)r[REG_RAX];
	struct trap trap = {
		.number = number & 0xffffff,
		.arguments = { r[REG_RDI], r[REG_RSI], r[REG_RDX], r[REG_R10],
		    r[REG_R8], r[REG_R9] },
		.stack = r[REG_RSP] + 8
	};
	int error;

	switch (number >> 24) {
	case 1:		/* Mach */
		if (trap_mach(&trap) == TRAP_DONE) {
			r[REG_RAX] = trap.result;
			return;
		}
		break;
	case 2:		/* BSD */
		if ((error = unix_call(host_task, &trap)) != 0) {
			r[REG_RAX] = error;
			r[REG_EFL] |= CARRY;
		} else {
			r[REG_RAX] = trap.result;
			r[REG_RDX] = trap.result2;
			r[REG_EFL] &= ~(greg_t)CARRY;
		}
		return;
	case 3:		/* of the machine: none that is modelled */
		r[REG_RAX] = KERN_INVALID_ARGUMENT;
		return;
	}
	unknown();
	r[REG_RAX] = number;
}

#define PC_LOW	offsetof(struct seccomp_data, instruction_pointer)
#define PC_HIGH	(PC_LOW + 4)
#define LOAD(where_)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (where_))
#define JUMP(how_, value_, true_, false_)				\
	BPF_JUMP(BPF_JMP | (how_) | BPF_K, (value_), (true_), (false_))
#define RETURN(what_)	BPF_STMT(BPF_RET | BPF_K, (what_))

/*
 * The class first: a filter that never looks at the address for an ordinary
 * number lets the host answer from its cache of allowed numbers.  Class 0 is
 * the host's own, too, so there only the first numbers, none of which is hot,
 * are looked at.
 */
#define FILTER_HEAD							\
	LOAD(offsetof(struct seccomp_data, nr)),			\
	JUMP(BPF_JGE, 8, 0, 2),						\
	JUMP(BPF_JSET, 0xff000000, 1, 0),				\
	RETURN(SECCOMP_RET_ALLOW)

#else	/* arm64 */

#define CARRY	(UINT64_C(1) << 29)

/* The number stands in x16, the answer goes to x0. */
static void
dispatch(ucontext_t *context)
{
	mcontext_t *m = &context->uc_mcontext;
	int32_t number = (int32_t)m->regs[16];
	struct trap trap = { .number = -number };
	int error;

	memcpy(trap.arguments, m->regs, sizeof(trap.arguments));
	if (number < 0) {
		if (trap_mach(&trap) == TRAP_DONE)
			m->regs[0] = trap.result;
		else
			unknown();
		m->regs[18] = 0;
		return;
	}
	trap.number = number;
	if ((error = unix_call(host_task, &trap)) != 0) {
		m->regs[0] = error;
		m->pstate |= CARRY;
	} else {
		m->regs[0] = trap.result;
		m->regs[1] = trap.result2;
		m->pstate &= ~CARRY;
	}
}

#define PC_LOW	offsetof(struct seccomp_data, instruction_pointer)
#define PC_HIGH	(PC_LOW + 4)
#define LOAD(where_)	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (where_))
#define JUMP(how_, value_, true_, false_)				\
	BPF_JUMP(BPF_JMP | (how_) | BPF_K, (value_), (true_), (false_))
#define RETURN(what_)	BPF_STMT(BPF_RET | BPF_K, (what_))

/* The host's number is x8, which means nothing to XNU. */
#define FILTER_HEAD	LOAD(offsetof(struct seccomp_data, nr))

#endif

/* ---- the signal ----------------------------------------------------------------------- */

static void
on_trap(int signal, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	uint64_t pc = CONTEXT_PC(context);
	int saved = errno;
	bool nested = host_in_handler;

	if ((info->si_code != SYS_SECCOMP && info->si_code != SYS_DISPATCHED) ||
	    pc <= (uint64_t)mt_trap_stubs || pc > (uint64_t)mt_trap_stubs_end)
		exception_die(signal);	/* sent, or somebody else's filter */
	exception_stack();
	host_in_handler = true;
	dispatch(context);
	host_in_handler = nested;
	errno = saved;
}

static bool
catch_by_seccomp(void)
{
	const uint64_t start = (uint64_t)mt_trap_stubs;
	const uint64_t end = (uint64_t)mt_trap_stubs_end;
	struct sock_filter filter[] = {
		FILTER_HEAD,
		LOAD(PC_HIGH),
		JUMP(BPF_JEQ, (uint32_t)(start >> 32), 0, 3),
		LOAD(PC_LOW),
		JUMP(BPF_JGE, (uint32_t)start, 0, 1),
		JUMP(BPF_JGT, (uint32_t)end, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_TRAP)
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]), .filter = filter
	};

	if (start >> 32 != end >> 32)
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return false;
	/* All threads, if there are more already. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

/*
 * Per thread.  Older kernels can only exempt one range: everything above the
 * stubs then, where the C library is.
 */
static bool
catch_by_dispatch(void)
{
#if defined(__x86_64__)
	const uint64_t start = (uint64_t)mt_trap_stubs;
	const uint64_t end = (uint64_t)mt_trap_stubs_end;

	return prctl(PR_SET_SYSCALL_USER_DISPATCH, DISPATCH_INCLUSIVE_ON,
	    start, end - start, &selector) == 0 ||
	    prctl(PR_SET_SYSCALL_USER_DISPATCH, DISPATCH_EXCLUSIVE_ON,
	    end, UINT64_C(0x7fffffffffff) - end, &selector) == 0;
#else
	return false;
#endif
}

const char *
trap_catch(void)
{
	struct sigaction action = { .sa_sigaction = on_trap,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK };

	action.sa_mask = host_async_signals;
	if (sigaction(SIGSYS, &action, NULL) == -1)
		return "SIGSYS cannot be caught";
	if (catch_by_seccomp())
		return NULL;
	if ((by_dispatch = catch_by_dispatch()))
		return NULL;
	return "the host has neither seccomp nor Syscall User Dispatch";
}

void
trap_forked(void)
{
	if (by_dispatch && !catch_by_dispatch())
		host_abort("Syscall User Dispatch: %s", strerror(errno));
}
