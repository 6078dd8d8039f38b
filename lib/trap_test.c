/*
 * The stubs and the raw trap: registers in, registers out, and every way to
 * catch the instruction.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <atf-c.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system.h"
#include "trap.h"

#define ALLOCATE      10
#define TASK_SELF     28
#define NO_TRAP	      127
#define NO_CALL	      555
#define ENOSYS_DARWIN 78

/* Numbers that no trap means anything by. */
static uint64_t
junk(unsigned i)
{
	return UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
}

static void
start(const char *release)
{
	const char *problem;

	ATF_REQUIRE_MSG(mt_system_choose(release, NULL, &problem), "%s",
	    problem);
	if (mt_system()->no_traps != NULL)
		atf_tc_skip("%s", mt_system()->no_traps);
}

/* Every register that is no argument is junk. */
static void
fill(struct mt_registers *r, int trap, const uint64_t *arguments, int count,
    bool unix_class)
{
	struct mt_registers plain;

	if (unix_class)
		mt_registers_unix(&plain, trap, arguments, count);
	else
		mt_registers_mach(&plain, trap, arguments, count);
	*r = plain;
	for (unsigned i = 0; i < MT_REGISTERS; i++)
		if (plain.r[i] == 0)
			r->r[i] = junk(i);
}

/* Those that the machine or the convention changes. */
static bool
may_change(unsigned i, bool two_results)
{
#if defined(__x86_64__)
	return i == MT_RAX || i == MT_RCX || i == MT_R11 ||
	    (two_results && i == MT_RDX);
#else
	return i == 0 || i == 18 || (two_results && i == 1);
#endif
}

static void
check_kept(const struct mt_registers *before, const struct mt_registers *after,
    bool two_results)
{
	for (unsigned i = 0; i < MT_REGISTERS; i++)
		if (!may_change(i, two_results))
			ATF_CHECK_EQ_MSG(before->r[i], after->r[i],
			    "register %u was %#lx and is %#lx", i, before->r[i],
			    after->r[i]);
}

#if defined(__x86_64__)
#define OLDEST "10.13"
#define CARRY  UINT64_C(1)
#define FLAGS  UINT64_C(0x8d5) /* O S Z A P C */
#else
#define OLDEST "11"
#define CARRY  (UINT64_C(1) << 29)
#define FLAGS  (UINT64_C(0xf) << 28)
#endif

ATF_TC_WITHOUT_HEAD(mach_trap_keeps_registers_and_flags);
ATF_TC_BODY(mach_trap_keeps_registers_and_flags, tc)
{
	static const uint64_t flags[] = { 0, CARRY, FLAGS, FLAGS & ~CARRY };
	mach_vm_address_t address = 0;
	uint64_t arguments[4] = { 0, (uint64_t)&address, 1, VM_FLAGS_ANYWHERE };
	struct mt_registers before, after;

	(void)tc;
	start(NULL);
	arguments[0] = mach_task_self();
	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		for (unsigned bad = 0; bad < 2; bad++) {
			fill(&before, ALLOCATE, arguments, 4, false);
			if (bad) /* no such flag */
				mt_registers_mach(&before, ALLOCATE,
				    (uint64_t[]){ arguments[0], arguments[1], 1,
					0x800 },
				    4);
			before.flags = (before.flags & ~FLAGS) | flags[i];
			after = before;
			mt_trap_raw(&after);
			check_kept(&before, &after, false);
			ATF_CHECK_EQ(flags[i], after.flags & FLAGS);
			ATF_CHECK_EQ(bad ? KERN_INVALID_ARGUMENT : KERN_SUCCESS,
			    mt_registers_result(&after));
		}
	}
	ATF_CHECK(address != 0);
}

ATF_TC_WITHOUT_HEAD(unix_call_sets_carry_on_failure);
ATF_TC_BODY(unix_call_sets_carry_on_failure, tc)
{
	struct mt_registers before, after;

	(void)tc;
	start(NULL);
	fill(&before, NO_CALL, NULL, 0, true);
	before.flags &= ~CARRY;
	after = before;
	mt_trap_raw(&after);
	ATF_CHECK_EQ(ENOSYS_DARWIN, mt_registers_result(&after));
	ATF_CHECK(after.flags & CARRY);
	check_kept(&before, &after, true);

	fill(&before, 20 /* getpid */, NULL, 0, true);
	before.flags |= CARRY;
	after = before;
	mt_trap_raw(&after);
	ATF_CHECK_EQ((uint64_t)getpid(), mt_registers_result(&after));
	ATF_CHECK(!(after.flags & CARRY));
	check_kept(&before, &after, true);
}

static void
trap_unknown(struct mt_registers *r)
{
	fill(r, NO_TRAP, NULL, 0, false);
	mt_trap_raw(r);
}

ATF_TC_WITHOUT_HEAD(unknown_trap_of_old_kernels_changes_nothing);
ATF_TC_BODY(unknown_trap_of_old_kernels_changes_nothing, tc)
{
	struct mt_registers before, after;

	(void)tc;
	start(OLDEST);
	fill(&before, NO_TRAP, NULL, 0, false);
	after = before;
	mt_trap_raw(&after);
	check_kept(&before, &after, false);
#if defined(__x86_64__)
	ATF_CHECK_EQ(0x1000000 | NO_TRAP, mt_registers_result(&after));
	/* Class 0 is the host's own; the high half is dropped. */
	static const uint64_t numbers[] = { 0, 1, 5, 0x05000000, 0xff000001,
		UINT64_C(0x100000000f000001) };
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		before.r[MT_RAX] = numbers[i];
		after = before;
		mt_trap_raw(&after);
		check_kept(&before, &after, false);
		ATF_CHECK_EQ((uint32_t)numbers[i], mt_registers_result(&after));
	}
#else
	ATF_CHECK_EQ(before.r[0], after.r[0]);
#endif
}

ATF_TC_WITHOUT_HEAD(unknown_trap_of_new_kernels_is_a_signal);
ATF_TC_BODY(unknown_trap_of_new_kernels_is_a_signal, tc)
{
	struct mt_registers r;
	int pid, status;

	(void)tc;
	start("12");
	pid = mt_fork();
	if (pid == 0) {
		trap_unknown(&r);
		mt_exit(0);
	}
	status = mt_wait(pid, 10);
	ATF_REQUIRE(status != -1 && WIFSIGNALED(status));
	ATF_CHECK_EQ(12, WTERMSIG(status));
}

#if defined(__x86_64__)
/* The seventh argument stands at rsp + 8. */
static uint64_t
trap_with_stack(uint32_t number, uint64_t stack)
{
	register uint64_t result __asm__("rax") = number;

	__asm__ volatile("movq	%%rsp, %%r12\n\t"
			 "movq	%1, %%rsp\n\t"
			 "syscall\n\t"
			 "movq	%%r12, %%rsp"
			 : "+a"(result)
			 : "r"(stack)
			 : "rcx", "r11", "r12", "memory");
	return result;
}

ATF_TC_WITHOUT_HEAD(unreadable_stack_is_an_invalid_argument);
ATF_TC_BODY(unreadable_stack_is_an_invalid_argument, tc)
{
	(void)tc;
	start(NULL);
	ATF_CHECK_EQ(KERN_INVALID_ARGUMENT, trap_with_stack(0x100001f, 0x1000));
	/* A trap with six arguments or fewer does not look there. */
	ATF_CHECK_EQ(mach_task_self(), trap_with_stack(0x100001c, 0x1000));
}
#endif

#if defined(__aarch64__)
ATF_TC_WITHOUT_HEAD(immediate_does_not_matter);
ATF_TC_BODY(immediate_does_not_matter, tc)
{
	struct mt_registers r[3];

	(void)tc;
	start(NULL);
	for (unsigned i = 0; i < 3; i++)
		fill(&r[i], TASK_SELF, NULL, 0, false);
	mt_trap_raw(&r[0]);
	mt_trap_raw_svc_0(&r[1]);
	mt_trap_raw_svc_ffff(&r[2]);
	ATF_CHECK_EQ(r[0].r[0], r[1].r[0]);
	ATF_CHECK_EQ(r[0].r[0], r[2].r[0]);
}
#endif

/* ---- how it is caught ---------------------------------------------------------------- */

static void *
trap_in_thread(void *argument)
{
	(void)argument;
	return (void *)(uintptr_t)mt_trap_task_self();
}

ATF_TC_WITHOUT_HEAD(threads_and_children_are_caught);
ATF_TC_BODY(threads_and_children_are_caught, tc)
{
	pthread_t thread;
	void *name;
	int pid;

	(void)tc;
	start(NULL);
	ATF_REQUIRE_EQ(0, pthread_create(&thread, NULL, trap_in_thread, NULL));
	pthread_join(thread, &name);
	ATF_CHECK_EQ(mach_task_self(), (uintptr_t)name);
	pid = mt_fork();
	if (pid == 0) {
		pthread_create(&thread, NULL, trap_in_thread, NULL);
		pthread_join(thread, &name);
		mt_exit(mt_trap_task_self() != mach_task_self() ||
		    (uintptr_t)name != mach_task_self());
	}
	ATF_CHECK_EQ(0, mt_wait(pid, 10));
}

/* Let the host refuse seccomp(2), and prctl(2) with this option. */
static void
refuse(uint32_t option)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, args[0])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, option, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};

	ATF_REQUIRE_EQ(0, prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	ATF_REQUIRE_EQ(0, prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program));
}

#define NO_OPTION     0x7fffffff
#define USER_DISPATCH 59

ATF_TC_WITHOUT_HEAD(user_dispatch_serves_without_seccomp);
ATF_TC_BODY(user_dispatch_serves_without_seccomp, tc)
{
	int pid;

	(void)tc;
	refuse(NO_OPTION);
	start(NULL);
	ATF_CHECK_EQ(mach_task_self(), mt_trap_task_self());
	pid = mt_fork();
	if (pid == 0)
		mt_exit(mt_trap_task_self() != mach_task_self());
	ATF_CHECK_EQ(0, mt_wait(pid, 10));
}

ATF_TC_WITHOUT_HEAD(host_that_has_neither_says_so);
ATF_TC_BODY(host_that_has_neither_says_so, tc)
{
	mach_vm_address_t at = 0;

	(void)tc;
	refuse(USER_DISPATCH);
	ATF_REQUIRE(mt_system()->no_traps != NULL);
	ATF_CHECK_EQ(KERN_SUCCESS,
	    mach_vm_allocate(mach_task_self(), &at, 1, VM_FLAGS_ANYWHERE));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, mach_trap_keeps_registers_and_flags);
	ATF_TP_ADD_TC(tp, unix_call_sets_carry_on_failure);
	ATF_TP_ADD_TC(tp, unknown_trap_of_old_kernels_changes_nothing);
	ATF_TP_ADD_TC(tp, unknown_trap_of_new_kernels_is_a_signal);
#if defined(__x86_64__)
	ATF_TP_ADD_TC(tp, unreadable_stack_is_an_invalid_argument);
#endif
#if defined(__aarch64__)
	ATF_TP_ADD_TC(tp, immediate_does_not_matter);
#endif
	ATF_TP_ADD_TC(tp, threads_and_children_are_caught);
	ATF_TP_ADD_TC(tp, user_dispatch_serves_without_seccomp);
	ATF_TP_ADD_TC(tp, host_that_has_neither_says_so);
	return atf_no_error();
}
