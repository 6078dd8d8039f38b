/*
 * The Mach traps: arguments in, arguments out, and the order in which each
 * looks at what it is given (osfmk/ipc/mach_kernelrpc.c).
 *
 * Called without the lock: copies from and to user memory may fault.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/mach_trap.h"
#include "darwin_errno.h"
#include "model/calls/caller.h"
#include "model/calls/message.h"
#include "model/calls/ports.h"
#include "model/host/access.h"
#include "model/host/lock.h"
#include "model/vm/kernel.h"
#include "model/vm/purgeable.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "system.h"

#include <time.h>

/* errno of copyout(), which older releases gave as it was */

/* A number that a release has but the model does nothing for. */
#define NOT_MODELLED KERN_NOT_SUPPORTED

typedef int64_t trap_function(struct task *, const uint64_t *);

/* The name is the task's own: VM traps work on nothing else. */
static bool
is_self(struct task *task, uint64_t name)
{
	struct port_right right;

	if ((mach_port_name_t)name == task->self_name)
		return task->space != NULL &&
		    port_lookup(task, name).kind == PORT_TASK;
	right = port_lookup(task, name);
	return right.kind == PORT_TASK && right.port->task == task;
}

/* The target first, then the pointer; KERN_SUCCESS to go on. */
static kern_return_t
begin(struct task *task, uint64_t target, uint64_t pointer, void *value,
    size_t size)
{
	bool self;

	kernel_lock();
	self = is_self(task, target);
	kernel_unlock();
	if (!self)
		return MACH_SEND_INVALID_DEST;
	if (host_copyin(pointer, value, size))
		return KERN_SUCCESS;
	return task->rules->trap_pointer_is_memory_error ?
	    KERN_MEMORY_ERROR :
	    MACH_SEND_INVALID_DEST;
}

static kern_return_t
end(struct task *task, kern_return_t kr, const void *value, uint64_t pointer,
    size_t size)
{
	if (kr != KERN_SUCCESS || host_copyout(value, pointer, size))
		return kr;
	return task->rules->trap_pointer_is_memory_error ? KERN_MEMORY_ERROR :
							   DARWIN_EFAULT;
}

/* ---- memory ------------------------------------------------------------------ */

static int64_t
allocate(struct task *task, const uint64_t *a)
{
	uint64_t address;
	kern_return_t kr;

	kr = begin(task, a[0], a[1], &address, sizeof(address));
	if (kr != KERN_SUCCESS)
		return kr;
	kernel_lock();
	kr = kernel_allocate(task, &address, a[2], (int)a[3]);
	kernel_unlock();
	return end(task, kr, &address, a[1], sizeof(address));
}

static int64_t
purgable_control(struct task *task, const uint64_t *a)
{
	int state;
	kern_return_t kr;

	kr = begin(task, a[0], a[3], &state, sizeof(state));
	if (kr != KERN_SUCCESS)
		return kr;
	kernel_lock();
	kr = kernel_purgable_control(task, a[1], (int)a[2], &state);
	kernel_unlock();
	return end(task, kr, &state, a[3], sizeof(state));
}

static int64_t
deallocate(struct task *task, const uint64_t *a)
{
	kern_return_t kr = MACH_SEND_INVALID_DEST;

	kernel_lock();
	if (is_self(task, a[0]))
		kr = caller_deallocate(task, task, a[1], a[2]);
	kernel_unlock();
	return kr;
}

static int64_t
protect(struct task *task, const uint64_t *a)
{
	kern_return_t kr = MACH_SEND_INVALID_DEST;

	kernel_lock();
	if (is_self(task, a[0]))
		kr = kernel_protect(task, a[1], a[2], (boolean_t)a[3],
		    (vm_prot_t)a[4]);
	kernel_unlock();
	return kr;
}

static int64_t
map(struct task *task, const uint64_t *a)
{
	uint64_t address;
	kern_return_t kr;

	kr = begin(task, a[0], a[1], &address, sizeof(address));
	if (kr != KERN_SUCCESS)
		return kr;
	kernel_lock();
	kr = kernel_map(task, &address, a[2], a[3], (int)a[4], NULL, false, 0,
	    FALSE, (vm_prot_t)a[5], VM_PROT_ALL, VM_INHERIT_DEFAULT);
	kernel_unlock();
	return end(task, kr, &address, a[1], sizeof(address));
}

/* ---- ports --------------------------------------------------------------------- */

static int64_t
allocate_port(struct task *task, const uint64_t *a)
{
	mach_port_name_t name = MACH_PORT_NULL;
	kern_return_t kr = MACH_SEND_INVALID_DEST;

	kernel_lock();
	if (is_self(task, a[0])) {
		kr = KERN_SUCCESS;
		switch ((mach_port_right_t)a[1]) {
		case MACH_PORT_RIGHT_RECEIVE:
			name = port_allocate(task, false);
			break;
		case MACH_PORT_RIGHT_DEAD_NAME:
			name = port_allocate_dead(task);
			break;
		case MACH_PORT_RIGHT_PORT_SET:
			kr = NOT_MODELLED;
			break;
		default:
			kr = KERN_INVALID_VALUE;
		}
	}
	kernel_unlock();
	return end(task, kr, &name, a[2], sizeof(name));
}

static int64_t
deallocate_port(struct task *task, const uint64_t *a)
{
	kern_return_t kr = MACH_SEND_INVALID_DEST;

	kernel_lock();
	if (is_self(task, a[0]))
		kr = port_deallocate(task, (mach_port_name_t)a[1]);
	kernel_unlock();
	return kr;
}

static int64_t
destroy_port(struct task *task, const uint64_t *a)
{
	kern_return_t kr = MACH_SEND_INVALID_DEST;

	kernel_lock();
	if (is_self(task, a[0]))
		kr = port_destroy(task, (mach_port_name_t)a[1]);
	kernel_unlock();
	return kr;
}

static int64_t
modify_port(struct task *task, const uint64_t *a)
{
	kern_return_t kr = MACH_SEND_INVALID_DEST;

	kernel_lock();
	if (is_self(task, a[0]))
		kr = port_mod_refs(task, (mach_port_name_t)a[1],
		    (mach_port_right_t)a[2], (mach_port_delta_t)a[3]);
	kernel_unlock();
	return kr;
}

/* A right of a name for that name. */
static int64_t
insert_right(struct task *task, const uint64_t *a)
{
	const mach_port_name_t name = (mach_port_name_t)a[1];
	const uint32_t type = (uint32_t)a[3];
	const bool made = type == MACH_MSG_TYPE_MAKE_SEND;
	kern_return_t kr;

	if ((mach_port_name_t)a[2] != name ||
	    (!made && type != MACH_MSG_TYPE_COPY_SEND))
		return NOT_MODELLED;
	kernel_lock();
	kr = is_self(task, a[0]) ? port_insert_right(task, name, made) :
				   MACH_SEND_INVALID_DEST;
	kernel_unlock();
	return kr;
}

#define SELF(function_, port_)                                         \
	static int64_t function_(struct task *task, const uint64_t *a) \
	{                                                              \
		mach_port_name_t name;                                 \
                                                                       \
		(void)a;                                               \
		kernel_lock();                                         \
		name = port_(task);                                    \
		kernel_unlock();                                       \
		return (int32_t)name;                                  \
	}
SELF(reply_port, port_reply)
SELF(thread_self, port_thread_self)
SELF(task_self, port_task_self)
SELF(host_self, port_host_self)

static struct task *
task_of_pid(int pid)
{
	struct task *task;

	LIST_FOREACH (task, &kernel->tasks, link)
		if (task->pid == pid && task->map != NULL)
			return task;
	return NULL;
}

static int64_t
task_for_pid(struct task *task, const uint64_t *a)
{
	mach_port_name_t name = MACH_PORT_NULL;
	struct task *other;
	kern_return_t kr = KERN_FAILURE;

	kernel_lock();
	if (is_self(task, a[0]) && (other = task_of_pid((int)a[1])) != NULL) {
		name = other == task ? port_task_self(task) :
				       port_of_task(task, other);
		kr = KERN_SUCCESS;
	}
	kernel_unlock();
	(void)host_copyout(&name, a[2], sizeof(name)); /* nobody looks */
	return kr;
}

static int64_t
pid_for_task(struct task *task, const uint64_t *a)
{
	struct port_right right;
	int pid = -1;
	kern_return_t kr = KERN_FAILURE;

	kernel_lock();
	right = port_lookup(task, (mach_port_name_t)a[0]);
	if (right.kind == PORT_TASK) {
		pid = right.port->task->pid;
		kr = KERN_SUCCESS;
	}
	kernel_unlock();
	(void)host_copyout(&pid, a[1], sizeof(pid));
	return kr;
}

/* ---- messages, time, the rest ----------------------------------------------------- */

static int64_t
msg(struct task *task, const uint64_t *a)
{
	return message_trap(task, a, false);
}

static int64_t
msg_overwrite(struct task *task, const uint64_t *a)
{
	return message_trap(task, a, true);
}

static int64_t
msg2(struct task *task, const uint64_t *a)
{
	return message2_trap(task, a);
}

/* Nanoseconds. */
static uint64_t
absolute_time(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
}

static int64_t
timebase_info(struct task *task, const uint64_t *a)
{
	const uint32_t info[2] = { 1, 1 };

	(void)task;
	(void)host_copyout(info, a[0], sizeof(info));
	return KERN_SUCCESS;
}

static int64_t
yield(struct task *task, const uint64_t *a)
{
	(void)task;
	(void)a;
	return 0;
}

static int64_t
not_modelled(struct task *task, const uint64_t *a)
{
	(void)task;
	(void)a;
	return NOT_MODELLED;
}

/* Which ports dyld tells of its work: without a place for them. */
static int64_t
dyld_notify(struct task *task, const uint64_t *a)
{
	uint32_t room;

	if (a[0] == 0 || a[1] == 0)
		return KERN_INVALID_ARGUMENT;
	if (!host_copyin(a[1], &room, sizeof(room)))
		return task->rules->trap_pointer_is_memory_error ?
		    KERN_MEMORY_ERROR :
		    DARWIN_EFAULT;
	return room == 0 ? KERN_NO_SPACE : NOT_MODELLED;
}

/* The name comes first, then where the results go; there is no ring. */
static int64_t
update_reclamation(struct task *task, const uint64_t *a)
{
	bool self;

	kernel_lock();
	self = is_self(task, a[0]);
	kernel_unlock();
	if (!self)
		return MACH_SEND_INVALID_DEST;
	return a[1] == 0 || a[2] == 0 ? KERN_INVALID_ARGUMENT : NOT_MODELLED;
}

/* ---- the table ---------------------------------------------------------------------- */

enum { TRAPS = 128 };

/* iokit_user_client_trap(): there are no drivers to connect to. */
static int64_t
call_driver(struct task *task, const uint64_t *a)
{
	(void)task;
	(void)a;
	return (int32_t)UINT32_C(0xe00002c2); /* kIOReturnBadArgument */
}

/* What a kernel does for a number that it has; NULL: kern_invalid(). */
static trap_function *const functions[TRAPS] = {
	[10] = allocate,
	[11] = purgable_control,
	[12] = deallocate,
	[13] = dyld_notify,
	[14] = protect,
	[15] = map,
	[16] = allocate_port,
	[17] = destroy_port,
	[18] = deallocate_port,
	[19] = modify_port,
	[20] = not_modelled,
	[21] = insert_right,
	[22 ... 25] = not_modelled,
	[26] = reply_port,
	[27] = thread_self,
	[28] = task_self,
	[29] = host_self,
	[31] = msg,
	[32] = msg_overwrite,
	[33 ... 39] = not_modelled,
	[40] = not_modelled,
	[41 ... 44] = not_modelled,
	[45] = task_for_pid,
	[46] = pid_for_task,
	[47] = msg2,
	[48 ... 53] = not_modelled,
	[58] = not_modelled,
	[59 ... 61] = yield,
	[62] = not_modelled,
	[63] = update_reclamation,
	[70] = not_modelled,
	[72] = not_modelled,
	[76 ... 77] = not_modelled,
	[88] = not_modelled,
	[89] = timebase_info,
	[90 ... 95] = not_modelled,
	[96] = not_modelled,
	[100] = call_driver,
};

/* The numbers of which traps.h says more. */
static const struct {
	unsigned arguments;
	const char *since, *before; /* NULL: always */
} traps[TRAPS] = {
#define TRAP(name_, number_, arguments_, since_, before_) \
	[number_] = { arguments_, since_, before_ },
#define OTHER_TRAP(number_, arguments_, since_, before_) \
	[number_] = { arguments_, since_, before_ },
#include "traps.h"
};

bool
trap_arguments(const struct trap *trap, uint64_t *arguments, unsigned count)
{
	const unsigned registers = trap->stack == 0 ? 8 : 6;
	unsigned i;

	for (i = 0; i < count && i < registers; i++)
		arguments[i] = trap->arguments[i];
	return i == count ||
	    host_copyin(trap->stack, arguments + i,
		(count - i) * sizeof(*arguments));
}

static bool
has_trap(const struct rules *rules, int number)
{
	if (number < 0 || number >= TRAPS || functions[number] == NULL)
		return false;
	return traps[number].since == NULL ||
	    mt_release_within(rules->release, traps[number].since,
		traps[number].before);
}

enum trap_outcome
trap_mach(struct trap *trap)
{
	const struct rules *rules = current_task->rules;
	uint64_t arguments[8] = { 0 };

	if (rules->has_time_traps && (trap->number == 3 || trap->number == 4)) {
		trap->result = absolute_time(
		    trap->number == 3 ? CLOCK_MONOTONIC : CLOCK_BOOTTIME);
		return TRAP_DONE;
	}
	if (!has_trap(rules, trap->number))
		return TRAP_UNKNOWN;
	if (!trap_arguments(trap, arguments, traps[trap->number].arguments))
		trap->result = KERN_INVALID_ARGUMENT;
	else
		trap->result = (int64_t)(int32_t)
		    functions[trap->number](current_task, arguments);
	return TRAP_DONE;
}
