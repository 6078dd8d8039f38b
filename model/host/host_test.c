/*
 * Host memory that follows the model: frames, heap, pmap, lock, and copies
 * from and to bad pointers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <atf-c.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/host/access.h"
#include "model/host/file.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/lock.h"
#include "model/host/pmap.h"
#include "model/host/signal.h"
#include "model/vm/fault.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "system.h"
#include "trap.h"

/* In the window, which AddressSanitizer moves, clear of what exec leaves. */
#define BASE (window + UINT64_C(0x310000000))
#define RW   (VM_PROT_READ | VM_PROT_WRITE)

static uint64_t page, window;

/* The model, and n pages at BASE, untouched. */
static void
start(unsigned n)
{
	mach_vm_address_t at;
	uint64_t end;

	page = mt_system()->page;
	host_window(&window, &end);
	at = BASE;
	if (n > 0)
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    mach_vm_allocate(mach_task_self(), &at, n * page,
			VM_FLAGS_FIXED));
}

static volatile uint8_t *
byte(uint64_t address)
{
	return (volatile uint8_t *)address;
}

static bool
is_zero(uint64_t frame)
{
	const uint64_t *word = host_frame_data(frame);

	for (unsigned i = 0; i < page / sizeof(*word); i++)
		if (word[i] != 0)
			return false;
	return true;
}

/* ---- frames ---------------------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(frames_of_neighbours_are_neighbours);
ATF_TC_BODY(frames_of_neighbours_are_neighbours, tc)
{
	uint64_t first, other;

	(void)tc;
	start(0);
	kernel_lock();
	first = host_frame_alloc(BASE);
	other = host_frame_alloc(BASE); /* its mirror is taken */
	for (unsigned i = 1; i < 64; i++) {
		ATF_CHECK_EQ(first + i, host_frame_alloc(BASE + i * page));
		ATF_CHECK_EQ(other + i, host_frame_alloc(BASE + i * page));
	}
	kernel_unlock();
	ATF_CHECK(other + 64 <= first || other >= first + 64);
}

ATF_TC_WITHOUT_HEAD(no_frame_is_given_twice);
ATF_TC_BODY(no_frame_is_given_twice, tc)
{
	enum { N = 2000 };
	static uint64_t frame[N];

	(void)tc;
	start(0);
	kernel_lock();
	for (unsigned i = 0; i < N; i++) {
		frame[i] = host_frame_alloc(BASE + i % 7 * page);
		*(uint32_t *)host_frame_data(frame[i]) = i;
	}
	for (unsigned i = 0; i < N; i++)
		ATF_REQUIRE_EQ(i, *(uint32_t *)host_frame_data(frame[i]));
	for (unsigned i = 0; i < N; i++)
		host_frame_free(frame[i]);
	kernel_unlock();
}

ATF_TC_WITHOUT_HEAD(fresh_frame_reads_zero);
ATF_TC_BODY(fresh_frame_reads_zero, tc)
{
	uint64_t frame;

	(void)tc;
	start(0);
	kernel_lock();
	/* Far more than are kept for reuse before the host gets them back. */
	for (unsigned i = 0; i < 9000; i++) {
		frame = host_frame_alloc(BASE + i % 6000 * page);
		ATF_REQUIRE(is_zero(frame));
		memset(host_frame_data(frame), 0xa5, page);
		host_frame_free(frame);
	}
	kernel_unlock();
}

ATF_TC_WITHOUT_HEAD(filled_frame_shows_its_byte);
ATF_TC_BODY(filled_frame_shows_its_byte, tc)
{
	static uint8_t bytes[1 << 14];
	uint64_t frame[3];

	(void)tc;
	start(0);
	kernel_lock();
	for (unsigned i = 0; i < 3; i++) {
		frame[i] = host_frame_alloc(BASE + i * page);
		host_frame_fill(frame[i], 0x91 + i);
	}
	for (unsigned i = 0; i < page; i++)
		ATF_REQUIRE_EQ(0x91, ((uint8_t *)host_frame_data(frame[0]))[i]);
	*(uint8_t *)host_frame_data(frame[0]) = 1; /* and only once */
	ATF_CHECK_EQ(1, *(uint8_t *)host_frame_data(frame[0]));
	/* One that nobody looked at is no longer due anything. */
	host_frame_free(frame[1]);
	frame[1] = host_frame_alloc(BASE + page);
	ATF_CHECK(is_zero(frame[1]));
	/* Looked at where a process sees it. */
	ATF_REQUIRE(
	    host_frame_show(BASE + 2 * page, frame[2], PROT_READ, true));
	ATF_CHECK_EQ(0x93, *byte(BASE + 2 * page));
	/* A page of them, once. */
	memset(bytes, 0x5a, sizeof(bytes));
	host_frame_load(frame[1], bytes);
	memset(bytes, 0x5b, sizeof(bytes));
	ATF_CHECK_EQ(0x5b, ((uint8_t *)host_frame_data(frame[1]))[page - 1]);
	memset(bytes, 0x5c, sizeof(bytes));
	ATF_CHECK_EQ(0x5b, ((uint8_t *)host_frame_data(frame[1]))[page - 1]);
	kernel_unlock();
}

/* ---- heap ------------------------------------------------------------------------ */

ATF_TC_WITHOUT_HEAD(heap_gives_zeroed_blocks_that_do_not_overlap);
ATF_TC_BODY(heap_gives_zeroed_blocks_that_do_not_overlap, tc)
{
	enum { N = 400 };
	static struct {
		uint8_t *p;
		size_t size;
	} block[N];
	uint64_t before;
	unsigned seed = 1;

	(void)tc;
	start(0);
	kernel_lock();
	before = heap_used();
	for (unsigned round = 0; round < 20000; round++) {
		unsigned i = rand_r(&seed) % N;
		size_t size = (size_t)1 << rand_r(&seed) % 18;

		if (block[i].p != NULL) {
			ATF_REQUIRE_EQ((uint8_t)i, block[i].p[0]);
			ATF_REQUIRE_EQ((uint8_t)i,
			    block[i].p[block[i].size - 1]);
			heap_free(block[i].p, block[i].size);
		}
		size -= rand_r(&seed) % size / 2;
		block[i].p = heap_alloc(size);
		block[i].size = size;
		ATF_REQUIRE_EQ(0, (uintptr_t)block[i].p % 16);
		for (size_t at = 0; at < size; at += 1 + size / 64)
			ATF_REQUIRE_EQ(0, block[i].p[at]);
		memset(block[i].p, (uint8_t)i, size);
	}
	for (unsigned i = 0; i < N; i++)
		heap_free(block[i].p, block[i].size);
	ATF_CHECK_EQ(before, heap_used());
	kernel_unlock();
}

/* ---- what is shown ---------------------------------------------------------------- */

ATF_TC_WITHOUT_HEAD(untouched_memory_costs_no_page);
ATF_TC_BODY(untouched_memory_costs_no_page, tc)
{
	const mach_vm_size_t size = UINT64_C(1) << 40;
	mach_vm_address_t at;

	(void)tc;
	start(0);
	at = window + size; /* above the comm page of arm64 */
	for (unsigned i = 0; i < 1000; i++) {
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    mach_vm_map(mach_task_self(), &at, size, 0, VM_FLAGS_FIXED,
			MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE,
			VM_INHERIT_DEFAULT));
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    mach_vm_deallocate(mach_task_self(), at, size));
	}
	ATF_CHECK_EQ(0, pmap_shown(current_task->pmap));
}

ATF_TC_WITHOUT_HEAD(two_places_that_show_a_frame_agree);
ATF_TC_BODY(two_places_that_show_a_frame_agree, tc)
{
	uint64_t frame;

	(void)tc;
	start(4);
	kernel_lock();
	frame = host_frame_alloc(BASE);
	pmap_enter(current_task->pmap, BASE, frame, RW);
	pmap_enter(current_task->pmap, BASE + 2 * page, frame, RW);
	*byte(BASE) = 1;
	ATF_CHECK_EQ(1, *byte(BASE + 2 * page));
	*byte(BASE + 2 * page + 9) = 2;
	ATF_CHECK_EQ(2, *byte(BASE + 9));
	ATF_CHECK_EQ(2, ((uint8_t *)host_frame_data(frame))[9]);
	ATF_CHECK_EQ(2, pmap_shown(current_task->pmap));
	pmap_page_protect(frame, VM_PROT_READ);
	kernel_unlock();

	/* The map allows the store: the fault gives each its own page, and
	 * nothing reaches the frame any more. */
	*byte(BASE) = 7;
	*byte(BASE + 2 * page) = 8;
	ATF_CHECK_EQ(1, *(uint8_t *)host_frame_data(frame));

	kernel_lock();
	pmap_page_protect(frame, VM_PROT_NONE);
	host_frame_free(frame);
	kernel_unlock();
}

ATF_TC_WITHOUT_HEAD(removed_page_faults_again);
ATF_TC_BODY(removed_page_faults_again, tc)
{
	(void)tc;
	start(8);
	for (unsigned i = 0; i < 8; i++)
		*byte(BASE + i * page) = i + 1;
	ATF_CHECK_EQ(8, pmap_shown(current_task->pmap));
	kernel_lock();
	pmap_remove(current_task->pmap, BASE + 2 * page, BASE + 6 * page);
	ATF_CHECK_EQ(4, pmap_shown(current_task->pmap));
	pmap_remove(current_task->pmap, 0, UINT64_MAX & ~(page - 1));
	ATF_CHECK_EQ(0, pmap_shown(current_task->pmap));
	kernel_unlock();
	for (unsigned i = 0; i < 8; i++)
		ATF_CHECK_EQ(i + 1, *byte(BASE + i * page));
	ATF_CHECK_EQ(8, pmap_shown(current_task->pmap));
}

ATF_TC_WITHOUT_HEAD(more_pages_than_the_host_has_mappings);
ATF_TC_BODY(more_pages_than_the_host_has_mappings, tc)
{
	enum { N = 70000 };

	(void)tc;
	start(2 * N);
	kernel_lock();
	/* Every second page: no two of them share a host mapping. */
	for (unsigned i = 0; i < N; i++) {
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    kernel_fault(current_task, BASE + 2 * i * page, RW));
		if (i % 64 == 0)
			*byte(BASE + 2 * i * page) = (uint8_t)(i / 64);
	}
	kernel_unlock();
	for (unsigned i = 0; i < N; i += 64)
		ATF_REQUIRE_EQ((uint8_t)(i / 64), *byte(BASE + 2 * i * page));
}

/* ---- user pointers ------------------------------------------------------------------ */

ATF_TC_WITHOUT_HEAD(copies_fail_on_bad_pointers);
ATF_TC_BODY(copies_fail_on_bad_pointers, tc)
{
	static const uint64_t bad[] = { 0, 8, 0xfff, UINT64_C(0x800000000000),
		UINT64_C(0x0123456789abcdef), UINT64_C(0xffff800000000000),
		UINT64_MAX };
	static const char constant[] = "constant";
	uint64_t word = 42;

	(void)tc;
	start(2);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK(!host_copyin(bad[i], &word, sizeof(word)));
		ATF_CHECK(!host_copyout(&word, bad[i], sizeof(word)));
	}
	ATF_CHECK_EQ(42, word);

	/* Ordinary memory of the host, and what it will not write. */
	ATF_CHECK(host_copyin((uint64_t)constant, &word, sizeof(word)));
	ATF_CHECK(!host_copyout(&word, (uint64_t)constant, sizeof(word)));

	/* The window: unmapped, untouched, across an end, refused. */
	ATF_CHECK(!host_copyin(BASE - page, &word, sizeof(word)));
	ATF_CHECK(!host_copyout(&word, BASE + 2 * page, sizeof(word)));
	ATF_CHECK(host_copyin(BASE, &word, sizeof(word)));
	ATF_CHECK_EQ(0, word);
	ATF_CHECK(host_copyout("12345678", BASE + page - 4, 8));
	ATF_CHECK_EQ('5', *byte(BASE + page));
	ATF_CHECK(!host_copyin(BASE + 2 * page - 4, &word, 8));
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_protect(mach_task_self(), BASE, page, FALSE, VM_PROT_READ));
	ATF_CHECK(host_copyin(BASE, &word, sizeof(word)));
	ATF_CHECK(!host_copyout(&word, BASE, sizeof(word)));
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_protect(mach_task_self(), BASE, page, FALSE, VM_PROT_NONE));
	ATF_CHECK(!host_copyin(BASE, &word, sizeof(word)));

	/* The same for whoever holds the lock. */
	kernel_lock();
	ATF_CHECK(!host_copyin(BASE, &word, sizeof(word)));
	ATF_CHECK(!host_copyin(8, &word, sizeof(word)));
	ATF_CHECK(host_copyin(BASE + page, &word, sizeof(word)));
	ATF_CHECK(kernel_lock_held());
	kernel_unlock();
}

/* ---- the lock -------------------------------------------------------------------------- */

/* The signal that ends a child.  It may leave with the lock: it begins when
 * mt_fork() has returned here, and no call of the model's comes after it. */
static int
end_of(void (*function)(void))
{
	int status, pid, begin[2];
	char byte;

	ATF_REQUIRE_EQ(0, pipe(begin));
	pid = mt_fork();
	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		close(STDERR_FILENO);
		close(begin[1]);
		if (read(begin[0], &byte, 1) == 0)
			function();
		_exit(0);
	}
	close(begin[1]);
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void
lock_twice(void)
{
	kernel_lock();
	kernel_lock();
}

static void
unlock_unowned(void)
{
	kernel_unlock();
}

static void *
die_with_lock(void *unused)
{
	kernel_lock();
	syscall(SYS_exit, 0); /* this thread alone */
	return unused;
}

static void
lock_of_the_dead(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, die_with_lock, NULL);
	for (;;) {
		usleep(1000);
		if (!kernel_lock_held())
			kernel_lock();
		kernel_unlock();
	}
}

static void
exhaust_heap(void)
{
	kernel_lock();
	for (;;)
		heap_alloc(UINT64_C(1) << 30);
}

ATF_TC_WITHOUT_HEAD(exhausted_heap_aborts);
ATF_TC_BODY(exhausted_heap_aborts, tc)
{
	(void)tc;
	start(0);
	ATF_CHECK_EQ(SIGABRT, end_of(exhaust_heap));
}

ATF_TC_WITHOUT_HEAD(lock_taken_twice_aborts);
ATF_TC_BODY(lock_taken_twice_aborts, tc)
{
	(void)tc;
	start(0);
	ATF_CHECK_EQ(SIGABRT, end_of(lock_twice));
}

ATF_TC_WITHOUT_HEAD(lock_given_back_twice_aborts);
ATF_TC_BODY(lock_given_back_twice_aborts, tc)
{
	(void)tc;
	start(0);
	ATF_CHECK_EQ(SIGABRT, end_of(unlock_unowned));
}

ATF_TC_WITHOUT_HEAD(lock_of_a_dead_thread_aborts);
ATF_TC_BODY(lock_of_a_dead_thread_aborts, tc)
{
	(void)tc;
	start(0);
	ATF_CHECK_EQ(SIGABRT, end_of(lock_of_the_dead));
}

static volatile sig_atomic_t ticks;

static void
on_tick(int signal)
{
	mach_vm_address_t at = 0;

	(void)signal;
	ticks++;
	if (mach_vm_allocate(mach_task_self(), &at, page, VM_FLAGS_ANYWHERE) ==
	    KERN_SUCCESS) {
		*byte(at) = 1;
		mt_trap_deallocate(mach_task_self(), at, page);
	}
}

ATF_TC_WITHOUT_HEAD(signal_handlers_may_enter_the_kernel);
ATF_TC_BODY(signal_handlers_may_enter_the_kernel, tc)
{
	const struct itimerval often = { { 0, 300 }, { 0, 300 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = on_tick,
		.sa_flags = SA_RESTART };
	mach_vm_address_t at;

	(void)tc;
	start(0);
	if (mt_system()->no_traps != NULL)
		atf_tc_skip("%s", mt_system()->no_traps);
	host_signals_have_handlers();
	ATF_REQUIRE_EQ(0, sigaction(SIGALRM, &action, NULL));
	ATF_REQUIRE_EQ(0, setitimer(ITIMER_REAL, &often, NULL));
	for (unsigned i = 0; ticks < 300 && i < 200000; i++) {
		at = 0;
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    mt_trap_allocate(mach_task_self(), &at, page,
			VM_FLAGS_ANYWHERE));
		*byte(at) = 1;
		ATF_REQUIRE_EQ(KERN_SUCCESS,
		    mach_vm_deallocate(mach_task_self(), at, page));
	}
	ATF_REQUIRE_EQ(0, setitimer(ITIMER_REAL, &never, NULL));
	ATF_CHECK(ticks > 0);
}

static void *
work(void *argument)
{
	const unsigned who = (unsigned)(uintptr_t)argument;
	mach_vm_address_t at;

	for (unsigned i = 0; i < 500; i++) {
		at = 0;
		if (mach_vm_allocate(mach_task_self(), &at, 3 * page,
			VM_FLAGS_ANYWHERE) != KERN_SUCCESS)
			return "allocate";
		for (unsigned p = 0; p < 3; p++)
			*byte(at + p * page) = who;
		for (unsigned p = 0; p < 3; p++)
			if (*byte(at + p * page) != who)
				return "somebody else's byte";
		if (mach_vm_deallocate(mach_task_self(), at, 3 * page) !=
		    KERN_SUCCESS)
			return "deallocate";
	}
	return NULL;
}

ATF_TC_WITHOUT_HEAD(threads_do_not_meet);
ATF_TC_BODY(threads_do_not_meet, tc)
{
	pthread_t thread[4];
	void *problem;

	(void)tc;
	start(0);
	for (uintptr_t i = 0; i < 4; i++)
		ATF_REQUIRE_EQ(0,
		    pthread_create(&thread[i], NULL, work, (void *)(i + 1)));
	for (unsigned i = 0; i < 4; i++) {
		pthread_join(thread[i], &problem);
		if (problem != NULL)
			atf_tc_fail_nonfatal("%s", (char *)problem);
	}
}

ATF_TC_WITHOUT_HEAD(token_is_open_as_long_as_a_process_has_it);
ATF_TC_BODY(token_is_open_as_long_as_a_process_has_it, tc)
{
	struct host_file token, other, found;
	int fd, pid, status, ends[2];
	bool reads, writes;
	char c;

	ATF_REQUIRE((fd = host_file_token(&token)) != -1);
	ATF_REQUIRE(host_file_token(&other) != -1);
	ATF_CHECK(!host_file_equal(&token, &other));
	ATF_CHECK_EQ(HOST_FILE_OTHER,
	    host_file_of(fd, &found, &reads, &writes));
	ATF_CHECK(host_file_equal(&token, &found));
	ATF_REQUIRE_EQ(0, pipe(ends));
	pid = fork();
	ATF_REQUIRE(pid != -1);
	if (pid == 0) {
		close(ends[1]);
		_exit(read(ends[0], &c, 1) != 0);
	}
	close(fd);
	ATF_CHECK(host_file_token_is_open(&token));
	close(ends[1]); /* the child ends */
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK_EQ(0, status);
	ATF_CHECK(!host_file_token_is_open(&token));
	ATF_CHECK(host_file_token_is_open(&other));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, frames_of_neighbours_are_neighbours);
	ATF_TP_ADD_TC(tp, no_frame_is_given_twice);
	ATF_TP_ADD_TC(tp, fresh_frame_reads_zero);
	ATF_TP_ADD_TC(tp, filled_frame_shows_its_byte);
	ATF_TP_ADD_TC(tp, heap_gives_zeroed_blocks_that_do_not_overlap);
	ATF_TP_ADD_TC(tp, untouched_memory_costs_no_page);
	ATF_TP_ADD_TC(tp, two_places_that_show_a_frame_agree);
	ATF_TP_ADD_TC(tp, removed_page_faults_again);
	ATF_TP_ADD_TC(tp, more_pages_than_the_host_has_mappings);
	ATF_TP_ADD_TC(tp, token_is_open_as_long_as_a_process_has_it);
	ATF_TP_ADD_TC(tp, copies_fail_on_bad_pointers);
	ATF_TP_ADD_TC(tp, exhausted_heap_aborts);
	ATF_TP_ADD_TC(tp, lock_taken_twice_aborts);
	ATF_TP_ADD_TC(tp, lock_given_back_twice_aborts);
	ATF_TP_ADD_TC(tp, lock_of_a_dead_thread_aborts);
	ATF_TP_ADD_TC(tp, signal_handlers_may_enter_the_kernel);
	ATF_TP_ADD_TC(tp, threads_do_not_meet);
	return atf_no_error();
}
