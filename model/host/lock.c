/*
 * The one lock of the model, between all threads of all processes that forked
 * from the first.
 *
 * A futex in shared memory that holds the owner's thread id.  pthread's robust
 * mutex would do, but for signal handlers and for saying who died.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#else
#define __libc_single_threaded 0
#endif
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "model/host/lock.h"
#include "model/host/frame.h"
#include "model/host/shared.h"
#include "model/host/signal.h"

#define WAITERS UINT32_C(0x80000000)

static __thread uint32_t self;	  /* thread id; 0: not asked yet */
static __thread sigset_t signals; /* blocked before the lock was taken */
static __thread bool restore;

uint32_t
host_thread_id(void)
{
	if (self == 0)
		self = (uint32_t)syscall(SYS_gettid);
	return self;
}

char
host_process_state(int id)
{
	char path[64], text[512], *p;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", id);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return '\0';
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return '\0';
	text[n] = '\0';
	for (p = text + n; p > text && *p != ')'; p--)
		;
	return p[0] == ')' && p[1] == ' ' ? p[2] : '\0';
}

/* A stopped owner will go on. */
static bool
is_gone(int id)
{
	char state = host_process_state(id);

	return state == '\0' || state == 'Z' || state == 'X';
}

static void
wait_for_owner(_Atomic uint32_t *word)
{
	const struct timespec second = { .tv_sec = 1 };
	uint32_t seen = atomic_load(word);

	if (seen == 0)
		return;
	if ((seen & ~WAITERS) == host_thread_id())
		host_abort("the kernel lock is taken twice by thread %u",
		    host_thread_id());
	if (!(seen & WAITERS) &&
	    !atomic_compare_exchange_strong(word, &seen, seen | WAITERS))
		return;
	seen |= WAITERS;
	if (syscall(SYS_futex, word, FUTEX_WAIT, seen, &second, NULL, 0) ==
		-1 &&
	    errno == ETIMEDOUT && atomic_load(word) == seen &&
	    is_gone(seen & ~WAITERS) && atomic_load(word) == seen)
		host_abort("thread %u died inside the kernel", seen & ~WAITERS);
}

/*
 * Nobody else is there, who could want the lock.  An atomic exchange waits for
 * all that the host's kernel stored for a signal: a twelfth of a trap.
 */
static bool
is_alone(void)
{
	return __libc_single_threaded && !host_shared->is_forked;
}

void
kernel_lock(void)
{
	_Atomic uint32_t *word = &host_shared->lock;
	uint32_t free = 0;
	bool waited = false, blocked = false;
	sigset_t saved;

	/* A handler of the user's may enter the kernel, too: not while its
	 * thread is inside.  Our own handlers have them blocked already. */
	if (host_handlers_enter && !host_in_handler) {
		pthread_sigmask(SIG_BLOCK, &host_async_signals, &saved);
		blocked = true;
	}
	if (is_alone() && atomic_load_explicit(word, memory_order_relaxed) == 0)
		atomic_store_explicit(word, host_thread_id(),
		    memory_order_relaxed);
	else
		while (!atomic_compare_exchange_strong(word, &free,
		    host_thread_id() | (waited ? WAITERS : 0))) {
			wait_for_owner(word);
			waited = true;
			free = 0;
		}
	if ((restore = blocked))
		signals = saved;
}

void
kernel_unlock(void)
{
	_Atomic uint32_t *word = &host_shared->lock;
	uint32_t seen = atomic_load(word);

	if ((seen & ~WAITERS) != host_thread_id())
		host_abort("the kernel lock is given back by thread %u and "
			   "owned by %u",
		    host_thread_id(), seen & ~WAITERS);
	if (is_alone())
		atomic_store_explicit(word, 0, memory_order_release);
	else if (atomic_exchange(word, 0) & WAITERS)
		syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
	if (restore)
		pthread_sigmask(SIG_SETMASK, &signals, NULL);
}

bool
kernel_lock_held(void)
{
	return (atomic_load(&host_shared->lock) & ~WAITERS) == host_thread_id();
}

void
kernel_lock_forks(void)
{
	host_shared->is_forked = true;
}

void
kernel_lock_forked(void)
{
	self = 0;
	if (restore)
		pthread_sigmask(SIG_SETMASK, &signals, NULL);
	restore = false;
}
