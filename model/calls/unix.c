/*
 * BSD calls: from the entry to the function.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "model/calls/unix.h"
#include "darwin_errno.h"
#include "model/calls/file.h"
#include "model/calls/mach_trap.h"
#include "model/calls/mman.h"
#include "model/calls/shm.h"
#include "model/host/access.h"
#include "model/host/lock.h"
#include "model/vm/limits.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

#include <sys/syscall.h>
#include <unistd.h>

static int
call_getpid(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)a;
	*value = task->pid;
	return 0;
}

static int
call_getuid(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	(void)a;
	*value = getuid();
	return 0;
}

static int
call_getrlimit(struct task *task, const uint64_t *a, uint64_t *value)
{
	uint64_t limits[2];
	int error;

	kernel_lock();
	error = kernel_getrlimit(task, (unsigned)a[0], limits);
	kernel_unlock();
	*value = 0;
	if (error == 0 && !host_copyout(limits, a[1], sizeof(limits)))
		error = DARWIN_EFAULT;
	return error;
}

static int
call_setrlimit(struct task *task, const uint64_t *a, uint64_t *value)
{
	uint64_t limits[2];
	int error;

	*value = 0;
	if (!host_copyin(a[1], limits, sizeof(limits)))
		return DARWIN_EFAULT;
	kernel_lock();
	error = kernel_setrlimit(task, (unsigned)a[0], limits);
	kernel_unlock();
	return error;
}

const struct unix_entry unix_table[UNIX_CALLS] = {
	[5] = { file_open, 3 },
	[6] = { file_close, 1 },
	[10] = { file_unlink, 1 },
	[20] = { call_getpid, 0 },
	[24] = { call_getuid, 0 },
	[65] = { mman_msync, 3 },
	[73] = { mman_munmap, 2 },
	[74] = { mman_mprotect, 3 },
	[75] = { mman_madvise, 3 },
	[78] = { mman_mincore, 3 },
	[153] = { file_pread, 4 },
	[154] = { file_pwrite, 4 },
	[194] = { call_getrlimit, 2 },
	[195] = { call_setrlimit, 2 },
	[197] = { mman_mmap, 6 },
	[201] = { file_ftruncate, 2 },
	[203] = { mman_mlock, 2 },
	[204] = { mman_munlock, 2 },
	[250] = { mman_minherit, 3 },
	[266] = { shm_call_open, 3 },
	[267] = { shm_call_unlink, 1 },
	[324] = { mman_no_call, 1 },
	[325] = { mman_no_call, 0 },
	[339] = { file_fstat, 2 },
};

const struct unix_entry *unix_program;

bool
unix_raises_sigsys(int number)
{
	enum { RESERVED = 63 };

	return number < 0 || number >= UNIX_CALLS || number == RESERVED;
}

int
unix_call(struct task *task, struct trap *trap)
{
	const struct unix_entry *entry;
	uint64_t arguments[8] = { 0 }, value[2] = { 0 };
	int error;

	trap->result2 = 0;
	if (trap->number < 0 || trap->number >= UNIX_CALLS)
		return DARWIN_ENOSYS;
	entry = &unix_table[trap->number];
	if (unix_program != NULL && unix_program[trap->number].function != NULL)
		entry = &unix_program[trap->number];
	if (entry->function == NULL)
		return DARWIN_ENOSYS;
	if (!trap_arguments(trap, arguments, entry->arguments))
		return DARWIN_EFAULT;
	error = entry->function(task, arguments, value);
	trap->result = value[0];
	trap->result2 = value[1];
	return error;
}
