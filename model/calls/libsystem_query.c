/*
 * libSystem's mach_vm_*: what tells about memory, what moves bytes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/caller.h"
#include "model/calls/libsystem.h"
#include "model/host/lock.h"
#include "model/vm/copy.h"
#include "model/vm/query.h"
#include "model/vm/region.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

#include <string.h>

#define ENTER(name_, task_)                                     \
	do {                                                    \
		kern_return_t enter_ = libsystem_enter((name_), \
		    KERN_INVALID_ARGUMENT, &(task_));           \
                                                                \
		if (enter_ != KERN_SUCCESS)                     \
			return enter_;                          \
	} while (0)

/* ---- regions and pages --------------------------------------------------------------- */

kern_return_t
mach_vm_region(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t *size, vm_region_flavor_t flavor, vm_region_info_t info,
    mach_msg_type_number_t *count, mach_port_t *object_name)
{
	struct task *task;
	uint64_t at = *address, bytes = 0;
	int answer[VM_REGION_INFO_MAX];
	mach_msg_type_number_t n = *count;
	kern_return_t kr;

	/* The array has ten words in the message, whatever was asked. */
	if (n > 10)
		n = 10;
	ENTER(target, task);
	kr = kernel_region(task, &at, &bytes, flavor, answer, &n);
	kernel_unlock();
	if (kr != KERN_SUCCESS)
		return kr;
	if (n > *count) {
		memcpy(info, answer, *count * sizeof(int));
		*count = n;
		return MIG_ARRAY_TOO_LARGE;
	}
	*address = at;
	*size = bytes;
	memcpy(info, answer, n * sizeof(int));
	*count = n;
	*object_name = MACH_PORT_NULL;
	return kr;
}

kern_return_t
mach_vm_region_recurse(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t *size, natural_t *depth, vm_region_recurse_info_t info,
    mach_msg_type_number_t *count)
{
	struct task *task;
	uint64_t at = *address, bytes = *size;
	natural_t levels = *depth;
	int answer[VM_REGION_INFO_MAX];
	mach_msg_type_number_t n = *count;
	kern_return_t kr;

	if (n > VM_REGION_SUBMAP_INFO_COUNT_64)
		n = VM_REGION_SUBMAP_INFO_COUNT_64;
	ENTER(target, task);
	kr = kernel_region_recurse(task, &at, &bytes, &levels, answer, &n);
	kernel_unlock();
	if (kr != KERN_SUCCESS)
		return kr;
	if (n > *count) {
		memcpy(info, answer, *count * sizeof(int));
		*count = n;
		return MIG_ARRAY_TOO_LARGE;
	}
	*address = at;
	*size = bytes;
	*depth = levels;
	memcpy(info, answer, n * sizeof(int));
	*count = n;
	return kr;
}

kern_return_t
mach_vm_page_query(mach_port_name_t target, mach_vm_offset_t address,
    integer_t *disposition, integer_t *ref_count)
{
	struct task *task;
	int d = 0, n = 0;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_page_query(task, address, &d, &n);
	kernel_unlock();
	if (kr == KERN_SUCCESS) {
		*disposition = d;
		*ref_count = n;
	}
	return kr;
}

kern_return_t
mach_vm_page_info(mach_port_name_t target, mach_vm_address_t address,
    vm_page_info_flavor_t flavor, vm_page_info_t info,
    mach_msg_type_number_t *count)
{
	struct task *task;
	int answer[32];
	mach_msg_type_number_t n = *count > 32 ? 32 : *count;
	kern_return_t kr;

	ENTER(target, task);
	kr = kernel_page_info(task, address, flavor, answer, &n);
	kernel_unlock();
	if (kr != KERN_SUCCESS)
		return kr;
	memcpy(info, answer, (n < *count ? n : *count) * sizeof(int));
	*count = n;
	return kr;
}

kern_return_t
mach_vm_page_range_query(mach_port_name_t target, mach_vm_offset_t address,
    mach_vm_size_t size, mach_vm_address_t dispositions, mach_vm_size_t *count)
{
	struct task *task;
	uint64_t n = *count;
	kern_return_t kr;

	ENTER(target, task);
	kr = caller_page_range_query(task, current_task, address, size,
	    dispositions, &n);
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		*count = n;
	return kr;
}

/* ---- bytes ------------------------------------------------------------------------------ */

kern_return_t
mach_vm_read(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, vm_offset_t *data, mach_msg_type_number_t *count)
{
	struct task *task;
	uint64_t at = 0;
	kern_return_t kr;

	ENTER(target, task);
	kr = caller_read(task, current_task, address, size, &at);
	kernel_unlock();
	if (kr == KERN_SUCCESS) {
		*data = at;
		*count = (mach_msg_type_number_t)size;
	}
	return kr;
}

/* A failure carries no array, so what was read then is lost. */
kern_return_t
mach_vm_read_list(mach_port_name_t target, mach_vm_read_entry_t list,
    natural_t count)
{
	mach_vm_read_entry_t answer;
	struct task *task;
	kern_return_t kr;

	memcpy(answer, list, sizeof(answer));
	ENTER(target, task);
	kr = caller_read_list(task, current_task, answer, count);
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		memcpy(list, answer, sizeof(answer));
	return kr;
}

kern_return_t
mach_vm_read_overwrite(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, mach_vm_address_t data, mach_vm_size_t *out_size)
{
	struct task *task;
	uint64_t n = size;
	kern_return_t kr;

	ENTER(target, task);
	kr = caller_read_overwrite(task, current_task, address, size, data, &n);
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		*out_size = n;
	return kr;
}

kern_return_t
mach_vm_write(mach_port_name_t target, mach_vm_address_t address,
    vm_offset_t data, mach_msg_type_number_t count)
{
	struct task *task;
	struct copy *copy;
	kern_return_t kr;

	ENTER(target, task);
	kr = caller_copyin(current_task, data, count, false, &copy);
	if (kr == MACH_MSG_SUCCESS) {
		kr = caller_write(task, current_task, address, copy, count);
		if (kr != KERN_SUCCESS)
			copy_discard(copy);
	}
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_copy(mach_port_name_t target, mach_vm_address_t source,
    mach_vm_size_t size, mach_vm_address_t destination)
{
	struct task *task;
	kern_return_t kr;

	ENTER(target, task);
	kr = caller_copy(task, current_task, source, size, destination);
	kernel_unlock();
	return kr;
}
