/*
 * Catching the trap instruction: seccomp, else Syscall User Dispatch.
 *
 * The stubs (../trap_*.S) stand alone on a page.  A program that brings traps
 * of its own is caught, too: in a dynamically linked one nothing else in its
 * text enters the host's kernel.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/calls/mach_trap.h"
#include "model/calls/unix.h"
#include "model/host/frame.h"
#include "model/host/signal.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif
#define DISPATCH_EXCLUSIVE_ON 1 /* all but the range */
#define DISPATCH_INCLUSIVE_ON 2 /* only the range: new kernels */
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif
#define SYS_DISPATCHED 2 /* SYS_USER_DISPATCH */

extern const char mt_trap_stubs[], mt_trap_stubs_end[];

static bool by_dispatch;

/* EXC_SYSCALL that nobody handles. */
static void
unknown(void)
{
	if (current_task->rules->bad_system_call_is_signal)
		host_die(SIGSYS);
}

/* A BSD call; its errno. */
static int
call(struct trap *trap)
{
	if (unix_raises_sigsys(trap->number))
		host_die(SIGSYS);
	return unix_call(current_task, trap);
}

/* ---- the registers of each machine ------------------------------------------------ */

#if defined(__x86_64__)

#define CARRY 1

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
		.stack = r[REG_RSP] + 8,
	};
	int error;

	switch (number >> 24) {
	case 1: /* Mach */
		if (trap_mach(&trap) == TRAP_DONE) {
			r[REG_RAX] = trap.result;
			return;
		}
		break;
	case 2: /* BSD */
		if ((error = call(&trap)) != 0) {
			r[REG_RAX] = error;
			r[REG_EFL] |= CARRY;
		} else {
			r[REG_RAX] = trap.result;
			r[REG_RDX] = trap.result2;
			r[REG_EFL] &= ~(greg_t)CARRY;
		}
		return;
	case 3: /* of the machine: none that is modelled */
		r[REG_RAX] = KERN_INVALID_ARGUMENT;
		return;
	}
	unknown();
	r[REG_RAX] = number;
}

#else /* arm64 */

#define CARRY (UINT64_C(1) << 29)

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
	if ((error = call(&trap)) != 0) {
		m->regs[0] = error;
		m->regs[1] = 0;
		m->pstate |= CARRY;
	} else {
		m->regs[0] = trap.result;
		m->regs[1] = trap.result2;
		m->pstate &= ~CARRY;
	}
}

#endif

/* ---- where traps are ------------------------------------------------------------------- */

struct range {
	uint64_t start, end;
};

static struct range stubs = {
	(uint64_t)mt_trap_stubs,
	(uint64_t)mt_trap_stubs_end,
};
static struct range text; /* the stubs or more */

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#endif

#if defined(HAS_ASAN) && !defined(__x86_64__)
#define OWN_CALLS true /* its runtime makes calls in our text */
#else
#define OWN_CALLS false
#endif

/* The first object is the program. */
static int
look_at_program(struct dl_phdr_info *info, size_t size, void *unused)
{
	bool dynamic = false;
	uint64_t start, end;

	(void)size;
	(void)unused;
	for (int i = 0; i < info->dlpi_phnum; i++)
		dynamic |= info->dlpi_phdr[i].p_type == PT_INTERP;
	for (int i = 0; dynamic && i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		start = info->dlpi_addr + p->p_vaddr;
		end = start + p->p_memsz;
		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
			continue;
		/* The aligned page makes more than one segment. */
		if (start < text.start && start >> 32 == text.end >> 32)
			text.start = start;
		if (end > text.end && end >> 32 == text.start >> 32)
			text.end = end;
	}
	return 1;
}

void
trap_watch(uint64_t start, uint64_t end)
{
	text = stubs = (struct range){ start, end };
}

static void
find_text(void)
{
	if (text.end != 0)
		return;
	text = stubs;
	if (!OWN_CALLS)
		dl_iterate_phdr(look_at_program, NULL);
}

/* ---- the signal ----------------------------------------------------------------------- */

static void
on_trap(int signal, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	uint64_t pc = CONTEXT_PC(context);
	int saved = errno;
	bool nested = host_in_handler;

	if ((info->si_code != SYS_SECCOMP && info->si_code != SYS_DISPATCHED) ||
	    pc <= text.start || pc > text.end)
		host_die(signal); /* sent, or somebody else's filter */
	host_signal_stack();
	host_in_handler = true;
	dispatch(context);
	host_in_handler = nested;
	errno = saved;
}

/* ---- seccomp ---------------------------------------------------------------------------- */

#define LOAD(where_) \
	((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (where_)))
#define JUMP(how_, value_, true_, false_)                                 \
	((struct sock_filter)BPF_JUMP(BPF_JMP | (how_) | BPF_K, (value_), \
	    (true_), (false_)))
#define RETURN(what_) ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (what_)))
#define PC_LOW	      offsetof(struct seccomp_data, instruction_pointer)
#define TEST_LENGTH   7

/* Trap when the address behind the instruction is in the range, else allow. */
static unsigned
put_test(struct sock_filter *f, const struct range *range)
{
	f[0] = LOAD(PC_LOW + 4);
	f[1] = JUMP(BPF_JEQ, (uint32_t)(range->start >> 32), 0, 3);
	f[2] = LOAD(PC_LOW);
	f[3] = JUMP(BPF_JGT, (uint32_t)range->start, 0, 1);
	f[4] = JUMP(BPF_JGT, (uint32_t)range->end, 0, 1);
	f[5] = RETURN(SECCOMP_RET_ALLOW);
	f[6] = RETURN(SECCOMP_RET_TRAP);
	return TEST_LENGTH;
}

/*
 * x86_64: the class first.  A filter that never looks at the address for an
 * ordinary number lets the host answer from its cache of allowed numbers.
 * Class 0 is the host's own, so there only the stubs count, and only the
 * first numbers, none of which is hot.
 *
 * arm64: the host's number is x8, which means nothing to XNU.
 */
static bool
catch_by_seccomp(void)
{
	struct sock_filter filter[4 + 2 * TEST_LENGTH];
	struct sock_fprog program = { .filter = filter };
	unsigned n = 0;

	if (stubs.start >> 32 != stubs.end >> 32)
		return false;
#if defined(__x86_64__)
	filter[n++] = LOAD(offsetof(struct seccomp_data, nr));
	filter[n++] = JUMP(BPF_JSET, 0xff000000, 0, TEST_LENGTH);
	n += put_test(filter + n, &text);
	filter[n++] = JUMP(BPF_JGE, 8, 0, 1);
	filter[n++] = RETURN(SECCOMP_RET_ALLOW);
	n += put_test(filter + n, &stubs);
#else
	n += put_test(filter, &text);
#endif
	program.len = n;
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
	static char selector = 1; /* SYSCALL_DISPATCH_FILTER_BLOCK */

	/* The address is that behind the instruction. */
	return prctl(PR_SET_SYSCALL_USER_DISPATCH, DISPATCH_INCLUSIVE_ON,
		   text.start, text.end - text.start + 1, &selector) == 0 ||
	    prctl(PR_SET_SYSCALL_USER_DISPATCH, DISPATCH_EXCLUSIVE_ON, text.end,
		UINT64_C(0x7fffffffffff) - text.end, &selector) == 0;
#else
	return false;
#endif
}

const char *
trap_catch(void)
{
	struct sigaction action = { .sa_sigaction = on_trap,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK };

	find_text();
	action.sa_mask = host_handler_mask();
	if (sigaction(SIGSYS, &action, NULL) == -1)
		return "SIGSYS cannot be caught";
	if (catch_by_seccomp())
		return NULL;
	if ((by_dispatch = catch_by_dispatch()))
		return NULL;
	return "the host has neither seccomp nor Syscall User Dispatch";
}

void
trap_begins(void)
{
	if (by_dispatch && !catch_by_dispatch())
		host_abort("Syscall User Dispatch: %s", strerror(errno));
}
