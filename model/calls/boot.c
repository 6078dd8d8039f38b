/*
 * The life of a process under the model: start, fork, end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "model/calls/boot.h"
#include "model/calls/exception.h"
#include "model/calls/libsystem.h"
#include "model/calls/ports.h"
#include "model/calls/mach_trap.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/host/pmap.h"
#include "model/host/signal.h"
#include "model/vm/commpage.h"
#include "model/vm/kernel.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static struct task *forking; /* the child's, around fork() */
static const char *no_traps;

const char *
model_no_traps(void)
{
	return no_traps;
}

/* The lock is held over the fork: what the child starts with is one moment of
 * its parent. */
static void
before_fork(void)
{
	if (current_task == NULL)
		return;
	kernel_lock();
	kernel_lock_forks();
	forking = kernel_fork(current_task);
}

static void
after_fork_parent(void)
{
	if (current_task != NULL)
		kernel_unlock();
}

static void
after_fork_child(void)
{
	if (current_task == NULL)
		return;
	kernel_lock_forked();
	forking->pid = getpid();
	current_task = forking;
	pmap_adopt(forking->pmap);
	trap_begins();
	host_fault_forked();
	/* A new task has no names until it asks for its own, which libSystem
	 * does in every child. */
	kernel_lock();
	port_task_self(forking);
	kernel_unlock();
}

/*
 * On an x86_64 host the shared region of x86_64 is where the host's stack may
 * be.  What lies at the ends of its parts is touched in tests; ends that are
 * near are kept together, for each process begins with this.
 */
static void
keep_out(const struct map *map)
{
	const struct entry *e, *leaf;
	const uint64_t page = page_size(map), near = UINT64_C(16) << 20;
	uint64_t start, end, from, to;

	host_keep_out(map->max_offset, map->max_offset + page);
	TAILQ_FOREACH (e, &map->order, order) {
		if (!e->is_sub_map || e->tag != VM_MEMORY_SHARED_PMAP ||
		    host_in_window(e->start, 1))
			continue;
		from = to = e->start;
		TAILQ_FOREACH (leaf, &e->submap->order, order) {
			start = e->start + (leaf->start - e->offset);
			end = e->start + (leaf->end - e->offset);
			if (start > to + near) {
				host_keep_out(from, to);
				from = start;
			}
			to = start + page;
			if (end > to + near) {
				host_keep_out(from, to);
				from = end - page;
			}
			to = end + 2 * page;
		}
		host_keep_out(from, to);
	}
}

void
model_boot(const struct rules *rules)
{
	struct task *task;

	if (current_task != NULL)
		return;
	host_boot(rules->page_shift);
	kernel_lock();
	task = kernel_bootstrap(rules);
	task->pid = getpid();
	pmap_adopt(task->pmap);
	port_task_self(task);
	commpage_boot(task->map);
	keep_out(task->map);
	libsystem_boot(rules);
	current_task = task;
	kernel_unlock();
	exception_catch();
	no_traps = trap_catch();
	pthread_atfork(before_fork, after_fork_parent, after_fork_child);
}

/* Terminate a task that no process is any more; with the lock held. */
static void
terminate(struct task *task)
{
	port_space_destroy(task);
	kernel_task_terminate(task);
}

void
model_thread_begins(void)
{
	trap_begins();
}

int
model_fork(void)
{
	struct task *task;
	int pid = fork();

	if (pid == 0)
		return 0;
	kernel_lock();
	/* The child may have ended already, and its task with it. */
	LIST_FOREACH (task, &kernel->tasks, link)
		if (task == forking) {
			if (pid == -1) {
				terminate(task);
			} else {
				task->pid = pid;
				pmap_assign(task->pmap, pid);
			}
			break;
		}
	kernel_unlock();
	return pid;
}

void
model_kill(int pid)
{
	kernel_lock();
	kill(pid, SIGKILL);
	kernel_unlock();
}

void
model_reaped(int pid)
{
	struct task *task;

	kernel_lock();
	LIST_FOREACH (task, &kernel->tasks, link)
		if (task->pid == pid && task != current_task) {
			terminate(task);
			break;
		}
	kernel_unlock();
}

void
model_end(void)
{
	if (current_task == NULL)
		return;
	kernel_lock();
	host_fault_catch(NULL);
	terminate(current_task);
	current_task = NULL;
	kernel_unlock();
}
