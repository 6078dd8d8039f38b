/*
 * Processes: what a fork gives to whom, what one of them changes in another,
 * how they end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <atf-c.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"
#include "model/calls/ports.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/host/pmap.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "system.h"
#include "trap.h"

/* In the window, which AddressSanitizer moves, clear of what exec leaves. */
#define BASE (window + UINT64_C(0x320000000))

static uint64_t page, window;
static int there[2], back[2]; /* pipes: to the child, from it */

static void
start(unsigned n, vm_inherit_t inheritance)
{
	mach_vm_address_t at;
	uint64_t end;

	page = mt_system()->page;
	host_window(&window, &end);
	at = BASE;
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_allocate(mach_task_self(), &at, n * page, VM_FLAGS_FIXED));
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_inherit(mach_task_self(), at, n * page, inheritance));
	ATF_REQUIRE_EQ(0, pipe(there));
	ATF_REQUIRE_EQ(0, pipe(back));
}

static volatile uint8_t *
byte(uint64_t offset)
{
	return (volatile uint8_t *)(BASE + offset);
}

static void
tell(const int *pipe, char c)
{
	if (write(pipe[1], &c, 1) != 1)
		abort();
}

static char
hear(const int *pipe)
{
	char c = '\0';

	while (read(pipe[0], &c, 1) == -1)
		;
	return c;
}

static struct task *
task_of(int pid)
{
	struct task *task;

	LIST_FOREACH (task, &kernel->tasks, link)
		if (task->pid == pid)
			return task;
	return NULL;
}

static unsigned
tasks(void)
{
	struct task *task;
	unsigned n = 0;

	kernel_lock();
	LIST_FOREACH (task, &kernel->tasks, link)
		n++;
	kernel_unlock();
	return n;
}

ATF_TC_WITHOUT_HEAD(copied_memory_is_each_ones_own);
ATF_TC_BODY(copied_memory_is_each_ones_own, tc)
{
	int pid;

	(void)tc;
	start(2, VM_INHERIT_COPY);
	*byte(0) = 1;
	pid = mt_fork();
	if (pid == 0) {
		if (*byte(0) != 1)
			mt_exit(1);
		*byte(0) = 2;
		tell(back, 'w');
		hear(there);
		mt_exit(*byte(0) != 2 || *byte(page) != 0);
	}
	hear(back);
	ATF_CHECK_EQ(1, *byte(0));
	*byte(0) = 3;
	*byte(page) = 3;
	tell(there, 'w');
	ATF_CHECK_EQ(0, mt_wait(pid, 10));
	ATF_CHECK_EQ(3, *byte(0));
}

ATF_TC_WITHOUT_HEAD(shared_memory_is_one);
ATF_TC_BODY(shared_memory_is_one, tc)
{
	int pid;

	(void)tc;
	start(2, VM_INHERIT_SHARE);
	*byte(0) = 1;
	pid = mt_fork();
	if (pid == 0) {
		*byte(0) = 2;
		*byte(page) = 4;
		tell(back, 'w');
		hear(there);
		mt_exit(*byte(0) != 3);
	}
	hear(back);
	ATF_CHECK_EQ(2, *byte(0));
	ATF_CHECK_EQ(4, *byte(page));
	*byte(0) = 3;
	tell(there, 'w');
	ATF_CHECK_EQ(0, mt_wait(pid, 10));
}

/* A plain fork() makes a task, too. */
ATF_TC_WITHOUT_HEAD(fork_of_the_host_makes_a_task);
ATF_TC_BODY(fork_of_the_host_makes_a_task, tc)
{
	int pid, status;

	(void)tc;
	start(1, VM_INHERIT_NONE);
	*byte(0) = 1;
	pid = fork();
	if (pid == 0)
		_exit(mt_read(BASE).code != KERN_INVALID_ADDRESS);
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	ATF_CHECK_EQ(1, *byte(0));
}

/* What the child shows must go before the call on it returns. */
ATF_TC_WITHOUT_HEAD(running_child_loses_what_is_taken);
ATF_TC_BODY(running_child_loses_what_is_taken, tc)
{
	struct task *child;
	struct mt_fault fault;
	int pid;

	(void)tc;
	start(3, VM_INHERIT_COPY);
	pid = mt_fork();
	if (pid == 0) {
		for (unsigned i = 0; i < 3; i++)
			*byte(i * page) = 1;
		tell(back, 't');
		hear(there);
		fault = mt_write(BASE, 2);
		if (fault.code != KERN_PROTECTION_FAILURE ||
		    mt_read(BASE).exception != 0)
			mt_exit(1);
		if (mt_read(BASE + page).code != KERN_INVALID_ADDRESS)
			mt_exit(2);
		mt_exit(mt_write(BASE + 2 * page, 2).exception);
	}
	hear(back);
	kernel_lock();
	ATF_REQUIRE((child = task_of(pid)) != NULL);
	ATF_CHECK_EQ(3, pmap_shown(child->pmap));
	ATF_CHECK_EQ(KERN_SUCCESS,
	    kernel_protect(child, BASE, page, FALSE, VM_PROT_READ));
	ATF_CHECK_EQ(KERN_SUCCESS, kernel_deallocate(child, BASE + page, page));
	kernel_unlock();
	tell(there, 'g');
	ATF_CHECK_EQ(0, mt_wait(pid, 10));
}

/* One process copies what the other is writing without a pause. */
ATF_TC_WITHOUT_HEAD(copy_of_what_a_child_writes_stays);
ATF_TC_BODY(copy_of_what_a_child_writes_stays, tc)
{
	enum { N = 32 }; /* too much to be copied at once */
	mach_vm_address_t copy;
	uint64_t first[N], value;
	int pid;

	(void)tc;
	start(N, VM_INHERIT_SHARE);
	*byte(0) = 0;
	pid = mt_fork();
	if (pid == 0) {
		tell(back, 'r');
		for (uint64_t n = 1;; n++)
			for (unsigned i = 0; i < N; i++)
				*(volatile uint64_t *)(BASE + i * page) = n;
	}
	hear(back);
	copy = BASE + 4 * N * page;
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_allocate(mach_task_self(), &copy, N * page,
		VM_FLAGS_FIXED));
	for (unsigned round = 0; round < 100; round++) {
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    mach_vm_copy(mach_task_self(), BASE, N * page, copy));
		for (unsigned i = 0; i < N; i++)
			first[i] = *(volatile uint64_t *)(copy + i * page);
		for (unsigned again = 0; again < 10; again++)
			for (unsigned i = 0; i < N; i++) {
				value = *(volatile uint64_t *)(copy + i * page);
				ATF_REQUIRE_EQ_MSG(first[i], value,
				    "round %u page %u", round, i);
			}
	}
	kill(pid, SIGKILL);
	ATF_CHECK(WIFSIGNALED(mt_wait(pid, 10)));
	ATF_CHECK_EQ(1, tasks());
}

static void
write_byte(void *address)
{
	*(volatile uint8_t *)address = 1;
}

static int
end_of(void (*function)(void *), uint64_t address)
{
	int status, pid = mt_fork();

	if (pid == 0) {
		function((void *)address);
		mt_exit(0);
	}
	status = mt_wait(pid, 10);
	ATF_REQUIRE(status != -1);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

ATF_TC_WITHOUT_HEAD(child_dies_by_the_signal_of_its_fault);
ATF_TC_BODY(child_dies_by_the_signal_of_its_fault, tc)
{
	const mach_vm_address_t comm = strcmp(mt_system()->arch, "arm64") == 0 ?
	    UINT64_C(0xFFFFFC000) :
	    UINT64_C(0x7fffffe00000);

	(void)tc;
	start(1, VM_INHERIT_COPY);
	ATF_CHECK_EQ(0, end_of(write_byte, BASE));
	ATF_CHECK_EQ(11, end_of(write_byte, BASE + page));
	ATF_CHECK_EQ(11, end_of(write_byte, 8));
	ATF_CHECK_EQ(11, end_of(write_byte, UINT64_C(0x800000000000)));
	if (mt_system()->no_comm_page == NULL)
		ATF_CHECK_EQ(10, end_of(write_byte, comm));
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_protect(mach_task_self(), BASE, page, FALSE, VM_PROT_READ));
	ATF_CHECK_EQ(10, end_of(write_byte, BASE));
	ATF_CHECK_EQ(1, tasks());
}

static void
hang(void *unused)
{
	(void)unused;
	for (;;)
		pause();
}

ATF_TC_WITHOUT_HEAD(hanging_child_is_ended);
ATF_TC_BODY(hanging_child_is_ended, tc)
{
	int pid;

	(void)tc;
	start(1, VM_INHERIT_COPY);
	pid = mt_fork();
	if (pid == 0)
		hang(NULL);
	ATF_CHECK_EQ(-1, mt_wait(pid, 0));
	ATF_CHECK_EQ(1, tasks());
	ATF_CHECK_EQ(-1, waitpid(pid, NULL, WNOHANG));
}

ATF_TC_WITHOUT_HEAD(ended_child_leaves_nothing);
ATF_TC_BODY(ended_child_leaves_nothing, tc)
{
	uint64_t used = 0, pages = 0;
	int pid;

	(void)tc;
	start(4, VM_INHERIT_COPY);
	for (unsigned i = 0; i < 4; i++)
		*byte(i * page) = 1;
	for (unsigned round = 0; round < 6; round++) {
		pid = mt_fork();
		if (pid == 0) {
			for (unsigned i = 0; i < 4; i++)
				*byte(i * page) = 2;
			if (round % 2)
				_exit(0); /* without a word */
			mt_exit(0);
		}
		ATF_REQUIRE_EQ(0, mt_wait(pid, 10));
		for (unsigned i = 0; i < 4; i++)
			*byte(i * page) = 3;
		if (round == 1) {
			used = heap_used();
			pages = kernel->page_count;
		}
	}
	ATF_CHECK_EQ(used, heap_used());
	ATF_CHECK_EQ(pages, kernel->page_count);
	ATF_CHECK_EQ(1, tasks());
}

/* A right to a task that has ended is dead. */
ATF_TC_WITHOUT_HEAD(name_of_an_ended_task_is_dead);
ATF_TC_BODY(name_of_an_ended_task_is_dead, tc)
{
	mach_port_name_t name;
	mach_vm_address_t at;
	int pid;

	(void)tc;
	start(1, VM_INHERIT_NONE);
	at = BASE;
	pid = mt_fork();
	if (pid == 0)
		hang(NULL);
	kernel_lock();
	name = port_of_task(current_task, task_of(pid));
	kernel_unlock();
	/* libSystem: the trap refuses, the message does it. */
	ATF_CHECK_EQ(KERN_SUCCESS,
	    mach_vm_allocate(name, &at, page, VM_FLAGS_FIXED));
	ATF_CHECK_EQ(KERN_NO_SPACE,
	    mach_vm_allocate(name, &at, page, VM_FLAGS_FIXED));
	if (mt_system()->no_traps == NULL)
		ATF_CHECK_EQ(MACH_SEND_INVALID_DEST,
		    mt_trap_allocate(name, &at, page, VM_FLAGS_FIXED));
	ATF_CHECK_EQ(-1, mt_wait(pid, 0));
	ATF_CHECK_EQ(MACH_SEND_INVALID_DEST,
	    mach_vm_deallocate(name, at, page));
	ATF_CHECK_EQ(KERN_SUCCESS,
	    mach_port_mod_refs(mach_task_self(), name,
		MACH_PORT_RIGHT_DEAD_NAME, -1));
	ATF_CHECK_EQ(KERN_INVALID_NAME,
	    mach_port_deallocate(mach_task_self(), name));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, copied_memory_is_each_ones_own);
	ATF_TP_ADD_TC(tp, shared_memory_is_one);
	ATF_TP_ADD_TC(tp, fork_of_the_host_makes_a_task);
	ATF_TP_ADD_TC(tp, running_child_loses_what_is_taken);
	ATF_TP_ADD_TC(tp, copy_of_what_a_child_writes_stays);
	ATF_TP_ADD_TC(tp, child_dies_by_the_signal_of_its_fault);
	ATF_TP_ADD_TC(tp, hanging_child_is_ended);
	ATF_TP_ADD_TC(tp, ended_child_leaves_nothing);
	ATF_TP_ADD_TC(tp, name_of_an_ended_task_is_dead);
	return atf_no_error();
}
