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
#include "routine_lists.h"

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

#define ROUTINE(name_, id_, since_, before_, request_, reply_, function_,    \
    twin_, parameters_)                                                      \
	kern_return_t twin_(mach_port_name_t target MT_DECLARE(parameters_)) \
	{                                                                    \
		return function_(target MT_PASS(parameters_));               \
	}
#include "routines.h"
