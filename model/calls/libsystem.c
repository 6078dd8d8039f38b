/*
 * libSystem's mach_vm_*: what a caller can see of libsyscall.
 *
 * The wrappers that try a trap first differ from the MIG stubs in two ways
 * only: a target that is the caller's own task (the trap does it), and any
 * other target, for which the trap answers MACH_SEND_INVALID_DEST and the
 * message does it.  Both reach the same kernel routine with the same
 * arguments, so the routine is called at once here; what differs is said
 * where it does.  Out parameters stay as they are unless the call succeeds.
 *
 * libsyscall/mach/mach_vm.c
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "model/calls/libsystem.h"
#include "model/calls/caller.h"
#include "model/calls/ports.h"
#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/vm/attributes.h"
#include "model/vm/machine_attribute.h"
#include "model/vm/memory_entry.h"
#include "model/vm/msync.h"
#include "model/vm/purgeable.h"
#include "model/vm/release.h"
#include "model/vm/remap.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

#include <unistd.h>

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

kern_return_t
libsystem_entry(mach_port_name_t name, struct memory_entry **entry, bool *wrong)
{
	struct port_right right;

	*entry = NULL;
	*wrong = false;
	if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD)
		return KERN_SUCCESS;
	right = port_lookup(current_task, name);
	if (right.kind == PORT_DEAD)
		return KERN_SUCCESS;
	if (right.kind == PORT_NONE || !right.send)
		return MACH_SEND_INVALID_RIGHT;
	if (right.kind == PORT_MEMORY_ENTRY)
		*entry = right.port->entry;
	else
		*wrong = true;
	return KERN_SUCCESS;
}

#define ENTER(name_, task_) ENTER_OR(name_, KERN_INVALID_ARGUMENT, task_)
#define ENTER_OR(name_, wrong_, task_)                                    \
	do {                                                              \
		kern_return_t enter_ = libsystem_enter((name_), (wrong_), \
		    &(task_));                                            \
                                                                          \
		if (enter_ != KERN_SUCCESS)                               \
			return enter_;                                    \
	} while (0)

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

/* The message; vm_map never tries the trap. */
static kern_return_t
map_by_message(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags, mach_port_t object,
    memory_object_offset_t offset, boolean_t copy, vm_prot_t current,
    vm_prot_t maximum, vm_inherit_t inheritance)
{
	struct memory_entry *entry;
	struct task *task;
	uint64_t at = *address;
	bool wrong;
	kern_return_t kr;

	ENTER(target, task);
	kr = libsystem_entry(object, &entry, &wrong);
	if (kr == KERN_SUCCESS)
		kr = kernel_map(task, &at, size, mask, flags, entry, wrong,
		    offset, copy, current, maximum, inheritance);
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		*address = at;
	return kr;
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

/* ---- what only messages do ----------------------------------------------------------- */

kern_return_t
mach_vm_inherit(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, vm_inherit_t inheritance)
{
	struct task *task;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_inherit(task, address, size, inheritance);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_behavior_set(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, vm_behavior_t behavior)
{
	struct task *task;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_behavior_set(task, address, size, behavior);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_msync(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, vm_sync_t flags)
{
	struct task *task;
	kern_return_t kr;

	ENTER_OR(target, KERN_INVALID_TASK, task);
	kr = kernel_msync(task, address, size, flags);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_machine_attribute(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, vm_machine_attribute_t attribute,
    vm_machine_attribute_val_t *value)
{
	struct task *task;
	vm_machine_attribute_val_t v = *value;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_machine_attribute(task, address, size, attribute, &v);
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		*value = v;
	return kr;
}

/* The source travels in the body: a right, or none. */
static kern_return_t
remap(mach_port_name_t target, mach_vm_address_t *address, mach_vm_size_t size,
    mach_vm_offset_t mask, int flags, mach_port_name_t source_target,
    mach_vm_address_t source, boolean_t copy, vm_prot_t *current,
    vm_prot_t *maximum, vm_inherit_t inheritance, bool is_new)
{
	struct task *task, *source_task = NULL;
	struct port_right right;
	uint64_t at = *address;
	vm_prot_t now = *current, most = *maximum;
	kern_return_t kr;

	ENTER(target, task);
	if (source_target != MACH_PORT_NULL &&
	    source_target != MACH_PORT_DEAD) {
		right = port_lookup(current_task, source_target);
		if (right.kind == PORT_NONE ||
		    (right.kind != PORT_DEAD && !right.send)) {
			kernel_unlock();
			return MACH_SEND_INVALID_RIGHT;
		}
		if (right.kind == PORT_TASK)
			source_task = right.port->task;
	}
	kr = source_task == NULL ?
	    KERN_INVALID_ARGUMENT :
	    kernel_remap(task, &at, size, mask, flags, source_task, source,
		copy, &now, &most, inheritance, is_new);
	kernel_unlock();
	if (kr != KERN_SUCCESS)
		return kr;
	*address = at;
	*current = now;
	*maximum = most;
	return kr;
}

kern_return_t
mach_vm_remap(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    mach_port_name_t source_task, mach_vm_address_t source, boolean_t copy,
    vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t inheritance)
{
	return remap(target, address, size, mask, flags, source_task, source,
	    copy, current, maximum, inheritance, false);
}

kern_return_t
mach_vm_remap_new(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    mach_port_name_t source_task, mach_vm_address_t source, boolean_t copy,
    vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t inheritance)
{
	return remap(target, address, size, mask, flags, source_task, source,
	    copy, current, maximum, inheritance, true);
}

kern_return_t
mach_make_memory_entry_64(mach_port_name_t target, memory_object_size_t *size,
    memory_object_offset_t offset, vm_prot_t permission, mach_port_t *object,
    mach_port_t parent)
{
	struct memory_entry *entry = NULL, *parent_entry;
	struct task *task;
	uint64_t bytes = *size;
	mach_port_name_t name = MACH_PORT_NULL;
	bool wrong;
	kern_return_t kr;

	ENTER(target, task);
	kr = libsystem_entry(parent, &parent_entry, &wrong);
	if (kr == KERN_SUCCESS)
		kr = kernel_make_memory_entry(task, &bytes, offset, permission,
		    &entry, parent_entry);
	if (kr == KERN_SUCCESS && entry != NULL)
		name = port_memory_entry(current_task, entry);
	kernel_unlock();
	if (kr == KERN_SUCCESS) {
		*size = bytes;
		*object = name;
	}
	return kr;
}

kern_return_t
mach_vm_wire(mach_port_name_t host, mach_port_name_t target,
    mach_vm_address_t address, mach_vm_size_t size, vm_prot_t access)
{
	struct port_right right;
	struct task *task = NULL;
	kern_return_t kr = KERN_SUCCESS;

	kernel_lock();
	/* The request goes to the host port. */
	right = port_lookup(current_task, host);
	if (right.kind == PORT_NONE || right.kind == PORT_DEAD || !right.send)
		kr = MACH_SEND_INVALID_DEST;
	if (kr == KERN_SUCCESS && target != MACH_PORT_NULL &&
	    target != MACH_PORT_DEAD) {
		struct port_right other = port_lookup(current_task, target);

		if (other.kind == PORT_NONE ||
		    (other.kind != PORT_DEAD && !other.send))
			kr = MACH_SEND_INVALID_RIGHT;
		else if (other.kind == PORT_TASK)
			task = other.port->task;
	}
	if (kr == KERN_SUCCESS && right.kind != PORT_HOST_PRIV)
		kr = KERN_INVALID_HOST;
	else if (kr == KERN_SUCCESS && task == NULL)
		kr = KERN_INVALID_TASK;
	if (kr == KERN_SUCCESS)
		kr = kernel_wire(task, address, size, access);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_range_create(mach_port_name_t target, mach_vm_range_flavor_t flavor,
    mach_vm_range_recipes_raw_t recipes, mach_msg_type_number_t count)
{
	struct task *task;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_range_create(task, flavor, recipes, count);
	kernel_unlock();
	return kr;
}
