/*
 * libSystem's mach_vm_*: what a caller can see of libsyscall.
 *
 * Most are stubs of messages and nothing else, made from routines.h.  Those
 * that try a trap first do it for a target that is the caller's own task; for
 * any other the trap answers MACH_SEND_INVALID_DEST and the message follows.
 * Both reach the same kernel routine with the same arguments, so the routine
 * is called at once here; what differs is said where it does.  Out parameters
 * stay as they are unless the call succeeds.
 *
 * libsyscall/mach/mach_vm.c
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <unistd.h>

#include "mig.h"
#include "model/calls/libsystem.h"
#include "model/calls/caller.h"
#include "model/calls/message.h"
#include "model/calls/ports.h"
#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/vm/purgeable.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "routine_lists.h"

kern_return_t
libsystem_enter(mach_port_name_t name, kern_return_t wrong, struct task **task)
{
	struct port_right right;

	if (current_task == NULL)
		host_abort("mach_vm_* before mt_system()");
	kernel_lock();
	right = port_lookup(current_task, name);
	if (right.kind == PORT_TASK && right.send) {
		*task = right.port->task;
		return KERN_SUCCESS;
	}
	kernel_unlock();
	if (right.kind == PORT_NONE || right.kind == PORT_DEAD ||
	    !(right.send || right.send_once))
		return MACH_SEND_INVALID_DEST;
	/* A message to the caller itself, who will not answer. */
	while (right.kind == PORT_USER)
		pause();
	return wrong;
}

#define ENTER(name_, task_)                                     \
	do {                                                    \
		kern_return_t enter_ = libsystem_enter((name_), \
		    KERN_INVALID_ARGUMENT, &(task_));           \
                                                                \
		if (enter_ != KERN_SUCCESS)                     \
			return enter_;                          \
	} while (0)

/* ---- messages ---------------------------------------------------------------- */

static mach_msg_return_t
send(struct mt_message *m, mach_msg_size_t size)
{
	if (current_task == NULL)
		host_abort("mach_vm_* before mt_system()");
	return message_call(current_task, m, size);
}

#define MESSAGE_FUNCTION(function_, index_, parameters_)                      \
	kern_return_t function_(                                              \
	    mach_port_name_t target MT_DECLARE(parameters_))                  \
	{                                                                     \
		const uint64_t arguments[] = { MT_ARGUMENTS(parameters_) 0 }; \
                                                                              \
		return mt_mig_call(send, index_, target, arguments);          \
	}
#define TRAPPED(name_, id_, since_, before_, request_, reply_, function_,   \
    twin_, parameters_)                                                     \
	__attribute__((unused)) static MESSAGE_FUNCTION(name_##_by_message, \
	    MT_MIG_##name_, parameters_)
#define MACH_VM(name_, id_, since_, before_, request_, reply_, function_, \
    parameters_)                                                          \
	MESSAGE_FUNCTION(function_, MT_MIG_##name_, parameters_)
#include "routines.h"

/* ---- what the traps do ------------------------------------------------------------- */

/*
 * The trap reads *address itself and says so when it cannot.  Where it then
 * answers MACH_SEND_INVALID_DEST the wrapper goes on to the message, whose
 * stub reads *address in user space: the process's own fault.  Called with
 * the lock; anything but KERN_SUCCESS has given it back.
 */
static kern_return_t
read_in(struct task *task, const void *pointer, void *value, size_t size)
{
	if (host_copyin((uint64_t)pointer, value, size))
		return KERN_SUCCESS;
	kernel_unlock();
	if (task == current_task && task->rules->trap_pointer_is_memory_error)
		return KERN_MEMORY_ERROR;
	for (size_t i = 0; i < size; i++)
		((char *)value)[i] = ((const volatile char *)pointer)[i];
	kernel_lock();
	return KERN_SUCCESS;
}

/* Called with the lock, gives it back. */
static kern_return_t
write_out(struct task *task, kern_return_t kr, void *pointer, const void *value,
    size_t size)
{
	bool done = kr != KERN_SUCCESS ||
	    host_copyout(value, (uint64_t)pointer, size);

	kernel_unlock();
	if (done)
		return kr;
	if (task == current_task)
		return task->rules->trap_pointer_is_memory_error ?
		    KERN_MEMORY_ERROR :
		    KERN_ABORTED; /* EFAULT, raw */
	for (size_t i = 0; i < size; i++)
		((volatile char *)pointer)[i] = ((const char *)value)[i];
	return kr;
}

kern_return_t
mach_vm_allocate(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, int flags)
{
	struct task *task;
	uint64_t at;
	kern_return_t kr;

	ENTER(target, task);
	if ((kr = read_in(task, address, &at, sizeof(at))) != KERN_SUCCESS)
		return kr;
	kr = kernel_allocate(task, &at, size, flags);
	return write_out(task, kr, address, &at, sizeof(at));
}

kern_return_t
mach_vm_deallocate(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size)
{
	struct task *task;
	kern_return_t kr;

	ENTER(target, task);
	kr = caller_deallocate(task, current_task, address, size);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_protect(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, boolean_t set_maximum, vm_prot_t protection)
{
	struct task *task;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_protect(task, address, size, set_maximum, protection);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_purgable_control(mach_port_name_t target, mach_vm_address_t address,
    vm_purgable_t control, int *state)
{
	struct task *task;
	int value;
	kern_return_t kr;

	ENTER(target, task);
	if ((kr = read_in(task, state, &value, sizeof(value))) != KERN_SUCCESS)
		return kr;
	kr = kernel_purgable_control(task, address, control, &value);
	return write_out(task, kr, state, &value, sizeof(value));
}

kern_return_t
mach_vm_map(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags, mach_port_t object,
    memory_object_offset_t offset, boolean_t copy, vm_prot_t current,
    vm_prot_t maximum, vm_inherit_t inheritance)
{
	struct task *task;
	uint64_t at;
	kern_return_t kr;

	if (object != MACH_PORT_NULL || maximum != VM_PROT_ALL ||
	    inheritance != VM_INHERIT_DEFAULT)
		return map_by_message(target, address, size, mask, flags,
		    object, offset, copy, current, maximum, inheritance);
	ENTER(target, task);
	if ((kr = read_in(task, address, &at, sizeof(at))) != KERN_SUCCESS)
		return kr;
	if (task == current_task) { /* the trap has neither */
		offset = 0;
		copy = FALSE;
	}
	kr = kernel_map(task, &at, size, mask, flags, NULL, false, offset, copy,
	    current, maximum, inheritance);
	return write_out(task, kr, address, &at, sizeof(at));
}
