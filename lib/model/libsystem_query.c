/*
 * libSystem's mach_vm_*: what tells about memory, what moves bytes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "libsystem.h"

#include <string.h>

#include "host.h"
#include "kernel.h"
#include "object.h"
#include "ports.h"
#include "stage.h"

#define ENTER(name_, task_) do {					\
		kern_return_t enter_ = libsystem_enter((name_),		\
		    KERN_INVALID_ARGUMENT, &(task_));			\
									\
		if (enter_ != KERN_SUCCESS)				\
			return enter_;					\
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
    mach_vm_size_t size, mach_vm_address_t dispositions,
    mach_vm_size_t *count)
{
	struct task *task;
	struct stage stage;
	uint64_t n = *count;
	kern_return_t kr;

	ENTER(target, task);
	stage_begin(&stage, task, dispositions,
	    n > UINT32_MAX ? 0 : n * sizeof(int));
	kr = kernel_page_range_query(task, address, size, stage.address, &n);
	if (!stage_end(&stage, kr == KERN_SUCCESS ? n * sizeof(int) : 0))
		kr = KERN_INVALID_ADDRESS;
	kernel_unlock();
	if (kr == KERN_SUCCESS)
		*count = n;
	return kr;
}

/* ---- bytes ------------------------------------------------------------------------------ */

/* Out of the target's map, into the caller's. */
static kern_return_t
read_into_caller(struct task *task, uint64_t address, uint64_t size,
    uint64_t *data)
{
	struct copy *copy;
	kern_return_t kr;

	if (task == host_task)
		return kernel_read(task, address, size, data);
	if (size > UINT32_MAX)
		return KERN_INVALID_ARGUMENT;
	kr = map_copyin(task->map, address, size, 0, &copy);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = map_copyout(host_task->map, data, copy);
	if (kr != KERN_SUCCESS)
		copy_discard(copy);
	return kr;
}

kern_return_t
mach_vm_read(mach_port_name_t target, mach_vm_address_t address,
    mach_vm_size_t size, vm_offset_t *data, mach_msg_type_number_t *count)
{
	struct task *task;
	struct stage stage;
	uint64_t at = 0;
	kern_return_t kr;

	ENTER(target, task);
	stage_begin(&stage, task, address, task == host_task ? size : 0);
	kr = read_into_caller(task, stage.address, size, &at);
	stage_end(&stage, 0);
	kernel_unlock();
	if (kr == KERN_SUCCESS) {
		*data = at;
		*count = (mach_msg_type_number_t)size;
	}
	return kr;
}

/* What cannot be read gives 0 and the others go on; the code is the last
 * one's.  A failure carries no array, so what was read then is lost. */
kern_return_t
mach_vm_read_list(mach_port_name_t target, mach_vm_read_entry_t list,
    natural_t count)
{
	mach_vm_read_entry_t answer;
	struct task *task;
	uint64_t at;
	kern_return_t kr = KERN_SUCCESS;

	memcpy(answer, list, sizeof(answer));
	ENTER(target, task);
	if (count > VM_MAP_ENTRY_MAX) {
		kernel_unlock();
		return KERN_INVALID_ARGUMENT;
	}
	for (natural_t i = 0; i < count; i++) {
		at = 0;
		if (answer[i].size != 0) {
			kr = read_into_caller(task, answer[i].address,
			    answer[i].size, &at);
			if (kr == KERN_SUCCESS) {
				answer[i].address = at;
				continue;
			}
		}
		answer[i].address = 0;
		answer[i].size = 0;
	}
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
	struct stage source, sink;
	struct copy *copy;
	uint64_t n = size;
	kern_return_t kr;

	ENTER(target, task);
	stage_begin(&source, task, address, task == host_task ? size : 0);
	stage_begin(&sink, host_task, data, size);
	if (task == host_task) {
		kr = kernel_read_overwrite(task, source.address, size,
		    sink.address, &n);
	} else {
		kr = map_copyin(task->map, address, size, 0, &copy);
		if (kr == KERN_SUCCESS) {
			kr = map_copy_overwrite(host_task->map, sink.address,
			    copy);
			if (kr != KERN_SUCCESS)
				copy_discard(copy);
		}
	}
	if (!stage_end(&sink, kr == KERN_SUCCESS ? n : 0))
		kr = KERN_PROTECTION_FAILURE;
	stage_end(&source, 0);
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
	struct stage source, sink;
	struct copy *copy;
	kern_return_t kr;

	ENTER(target, task);
	stage_begin(&source, host_task, data, count);
	if (task == host_task) {
		stage_begin(&sink, task, address, count);
		kr = kernel_write(task, sink.address, source.address, count);
		if (!stage_end(&sink, kr == KERN_SUCCESS ? count : 0))
			kr = KERN_PROTECTION_FAILURE;
	} else if (map_copyin(host_task->map, source.address, count, 0,
	    &copy) != KERN_SUCCESS) {
		kr = MACH_SEND_INVALID_MEMORY;
	} else {
		kr = map_copy_overwrite(task->map, address, copy);
		if (kr != KERN_SUCCESS)
			copy_discard(copy);
	}
	stage_end(&source, 0);
	kernel_unlock();
	return kr;
}

kern_return_t
mach_vm_copy(mach_port_name_t target, mach_vm_address_t source,
    mach_vm_size_t size, mach_vm_address_t destination)
{
	struct task *task;
	struct stage from, to;
	kern_return_t kr;

	ENTER(target, task);
	stage_begin(&from, task, source, task == host_task ? size : 0);
	stage_begin(&to, task, destination, task == host_task ? size : 0);
	kr = kernel_copy(task, from.address, size, to.address);
	if (!stage_end(&to, kr == KERN_SUCCESS ? size : 0))
		kr = KERN_PROTECTION_FAILURE;
	stage_end(&from, 0);
	kernel_unlock();
	return kr;
}
