/*
 * libSystem: the vm_* twins, which take the same arguments on a 64-bit system
 * and reach the same code, and what stands around them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/libsystem.h"
#include "model/calls/ports.h"
#include "model/host/lock.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

vm_size_t vm_page_size, vm_page_mask, vm_kernel_page_size;
vm_size_t vm_kernel_page_mask;
int vm_page_shift, vm_kernel_page_shift;

_Static_assert(sizeof(vm_address_t) == sizeof(mach_vm_address_t),
    "the twins differ");

void
libsystem_boot(const struct rules *rules)
{
	vm_page_shift = rules->page_shift;
	vm_page_size = (vm_size_t)1 << vm_page_shift;
	vm_page_mask = vm_page_size - 1;
	vm_kernel_page_shift = rules->kernel_page_shift;
	vm_kernel_page_size = (vm_size_t)1 << vm_kernel_page_shift;
	vm_kernel_page_mask = vm_kernel_page_size - 1;
}

/* ---- ports ------------------------------------------------------------------- */

/* A variable that libSystem fills at the start: no reference is added. */
mach_port_name_t
mach_task_self(void)
{
	return current_task == NULL ? MACH_PORT_NULL : current_task->self_name;
}

#define NAME(function_, port_)               \
	mach_port_name_t function_(void)     \
	{                                    \
		mach_port_name_t name_;      \
                                             \
		kernel_lock();               \
		name_ = port_(current_task); \
		kernel_unlock();             \
		return name_;                \
	}
NAME(mach_thread_self, port_thread_self)
NAME(mach_host_self, port_host_self)
NAME(mach_reply_port, port_reply)

kern_return_t
mach_port_deallocate(mach_port_name_t target, mach_port_name_t name)
{
	struct task *task;
	kern_return_t kr;

	kr = libsystem_enter(target, KERN_INVALID_TASK, &task);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = port_deallocate(task, name);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_port_mod_refs(mach_port_name_t target, mach_port_name_t name,
    mach_port_right_t right, mach_port_delta_t delta)
{
	struct task *task;
	kern_return_t kr;

	kr = libsystem_enter(target, KERN_INVALID_TASK, &task);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = port_mod_refs(task, name, right, delta);
	kernel_unlock();
	return kr;
}

/* No call, so any port will do. */
kern_return_t
host_page_size(mach_port_name_t host, vm_size_t *size)
{
	(void)host;
	*size = vm_kernel_page_size;
	return KERN_SUCCESS;
}

/* ---- the twins ------------------------------------------------------------------ */

#define A(pointer_) ((mach_vm_address_t *)(pointer_))

kern_return_t
vm_allocate(mach_port_name_t task, vm_address_t *address, vm_size_t size,
    int flags)
{
	return mach_vm_allocate(task, A(address), size, flags);
}

kern_return_t
vm_deallocate(mach_port_name_t task, vm_address_t address, vm_size_t size)
{
	return mach_vm_deallocate(task, address, size);
}

kern_return_t
vm_protect(mach_port_name_t task, vm_address_t address, vm_size_t size,
    boolean_t set_maximum, vm_prot_t protection)
{
	return mach_vm_protect(task, address, size, set_maximum, protection);
}

kern_return_t
vm_inherit(mach_port_name_t task, vm_address_t address, vm_size_t size,
    vm_inherit_t inheritance)
{
	return mach_vm_inherit(task, address, size, inheritance);
}

kern_return_t
vm_read(mach_port_name_t task, vm_address_t address, vm_size_t size,
    vm_offset_t *data, mach_msg_type_number_t *count)
{
	return mach_vm_read(task, address, size, data, count);
}

kern_return_t
vm_read_overwrite(mach_port_name_t task, vm_address_t address, vm_size_t size,
    vm_address_t data, vm_size_t *out_size)
{
	return mach_vm_read_overwrite(task, address, size, data, A(out_size));
}

kern_return_t
vm_write(mach_port_name_t task, vm_address_t address, vm_offset_t data,
    mach_msg_type_number_t count)
{
	return mach_vm_write(task, address, data, count);
}

kern_return_t
vm_copy(mach_port_name_t task, vm_address_t source, vm_size_t size,
    vm_address_t destination)
{
	return mach_vm_copy(task, source, size, destination);
}

kern_return_t
vm_msync(mach_port_name_t task, vm_address_t address, vm_size_t size,
    vm_sync_t flags)
{
	return mach_vm_msync(task, address, size, flags);
}

kern_return_t
vm_behavior_set(mach_port_name_t task, vm_address_t address, vm_size_t size,
    vm_behavior_t behavior)
{
	return mach_vm_behavior_set(task, address, size, behavior);
}

/* Always the message, but nobody can tell. */
kern_return_t
vm_map(mach_port_name_t task, vm_address_t *address, vm_size_t size,
    vm_address_t mask, int flags, mach_port_t object,
    memory_object_offset_t offset, boolean_t copy, vm_prot_t current,
    vm_prot_t maximum, vm_inherit_t inheritance)
{
	return mach_vm_map(task, A(address), size, mask, flags, object, offset,
	    copy, current, maximum, inheritance);
}

kern_return_t
vm_machine_attribute(mach_port_name_t task, vm_address_t address,
    vm_size_t size, vm_machine_attribute_t attribute,
    vm_machine_attribute_val_t *value)
{
	return mach_vm_machine_attribute(task, address, size, attribute, value);
}

kern_return_t
vm_remap(mach_port_name_t target, vm_address_t *address, vm_size_t size,
    vm_address_t mask, int flags, mach_port_name_t source_task,
    vm_address_t source, boolean_t copy, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t inheritance)
{
	return mach_vm_remap(target, A(address), size, mask, flags, source_task,
	    source, copy, current, maximum, inheritance);
}

kern_return_t
vm_remap_new(mach_port_name_t target, vm_address_t *address, vm_size_t size,
    vm_address_t mask, int flags, mach_port_name_t source_task,
    vm_address_t source, boolean_t copy, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t inheritance)
{
	return mach_vm_remap_new(target, A(address), size, mask, flags,
	    source_task, source, copy, current, maximum, inheritance);
}

kern_return_t
vm_purgable_control(mach_port_name_t task, vm_address_t address,
    vm_purgable_t control, int *state)
{
	return mach_vm_purgable_control(task, address, control, state);
}

kern_return_t
vm_region_64(mach_port_name_t task, vm_address_t *address, vm_size_t *size,
    vm_region_flavor_t flavor, vm_region_info_t info,
    mach_msg_type_number_t *count, mach_port_t *object_name)
{
	return mach_vm_region(task, A(address), A(size), flavor, info, count,
	    object_name);
}

kern_return_t
vm_region_recurse_64(mach_port_name_t task, vm_address_t *address,
    vm_size_t *size, natural_t *depth, vm_region_recurse_info_t info,
    mach_msg_type_number_t *count)
{
	return mach_vm_region_recurse(task, A(address), A(size), depth, info,
	    count);
}
