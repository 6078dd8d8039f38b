/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/calls/caller.h"
#include "darwin_errno.h"
#include "model/calls/bounce.h"
#include "model/host/lock.h"
#include "model/host/signal.h"
#include "model/vm/copy.h"
#include "model/vm/enter.h"
#include "model/vm/kernel.h"
#include "model/vm/overwrite.h"
#include "model/vm/query.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

#define KERNEL_IPC 7 /* VM_KERN_MEMORY_IPC */

/* Memory of a target that is the caller may be the host's, too. */
static uint64_t
own(const struct task *target, const struct task *caller, uint64_t size)
{
	return target == caller ? size : 0;
}

/* Does memory in a message begin or end within a page? */
static bool
is_misaligned(const struct copy *copy)
{
	const uint64_t mask = kernel->page_size - 1;

	return kernel->rules->receives_misaligned_by_copy && copy != NULL &&
	    copy->data == NULL && ((copy->offset | copy->size) & mask) != 0;
}

/* Fresh memory is written with it: what of the first and the last page was
 * not sent is zero.  ipc_kmsg_copyout_ool_descriptor(). */
static kern_return_t
receive_misaligned(struct map *map, uint64_t *data, struct copy *copy)
{
	const struct map_flags flags = { .anywhere = true,
		.tag = map->rules->receives_as_message ? VM_MEMORY_MACH_MSG :
		    map->rules->receives_as_kernel     ? KERNEL_IPC :
							 0 };
	const uint64_t first = trunc_page_in(map, copy->offset);
	const uint64_t into = copy->offset - first;
	uint64_t at = 0,
		 size = round_page_in(map, copy->offset + copy->size) - first;
	kern_return_t kr;

	kr = map_enter(map, &at, size, 0, flags, NULL, 0, false,
	    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = map_copy_overwrite(map, at + into, copy);
	if (kr == KERN_SUCCESS)
		*data = at + into;
	return kr;
}

static kern_return_t
read_into(struct task *target, struct task *caller, uint64_t address,
    uint64_t size, uint64_t *data)
{
	struct stage from;
	struct copy *copy = NULL;
	kern_return_t kr;

	if (size > UINT32_MAX)
		return KERN_INVALID_ARGUMENT;
	stage_begin(&from, target, address, own(target, caller, size));
	kr = map_copyin(from.map, from.address, size, 0, &copy);
	stage_end(&from, 0);
	if (kr != KERN_SUCCESS)
		return kr;
	if (is_misaligned(copy))
		kr = receive_misaligned(caller->map, data, copy);
	else
		kr = map_copyout(caller->map, data, copy);
	if (kr != KERN_SUCCESS)
		copy_discard(copy);
	return kr;
}

/* The reply carries the memory: where it finds no room, the routine has
 * succeeded all the same.  osfmk/ipc/ipc_kmsg.c
 * ipc_kmsg_copyout_ool_descriptor(). */
kern_return_t
caller_read(struct task *target, struct task *caller, uint64_t address,
    uint64_t size, uint64_t *data)
{
	kern_return_t kr = read_into(target, caller, address, size, data);

	return kr == KERN_NO_SPACE ? MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE :
				     kr;
}

kern_return_t
caller_read_list(struct task *target, struct task *caller,
    struct mach_vm_read_entry *list, natural_t count)
{
	kern_return_t kr = KERN_SUCCESS;
	uint64_t at;

	if (count > VM_MAP_ENTRY_MAX)
		return KERN_INVALID_ARGUMENT;
	for (; count > 0; count--, list++) {
		if (list->size != 0) {
			kr = read_into(target, caller, list->address,
			    list->size, &at);
			if (kr == KERN_SUCCESS) {
				list->address = at;
				continue;
			}
		}
		list->address = 0;
		list->size = 0;
	}
	return kr;
}

mach_msg_return_t
caller_copyin(struct task *caller, uint64_t address, uint64_t size,
    bool deallocate, struct copy **copy)
{
	struct stage from;
	kern_return_t kr;

	*copy = NULL;
	if (size == 0)
		return MACH_MSG_SUCCESS;
	stage_begin(&from, caller, address, size);
	kr = map_copyin(from.map, from.address, size,
	    deallocate ? COPYIN_DESTROY : 0, copy);
	stage_end(&from, 0);
	return kr == KERN_SUCCESS ? MACH_MSG_SUCCESS : MACH_SEND_INVALID_MEMORY;
}

kern_return_t
caller_write(struct task *target, struct task *caller, uint64_t address,
    struct copy *copy, uint32_t size)
{
	struct stage to;
	kern_return_t kr;

	if (copy == NULL)
		return KERN_SUCCESS;
	stage_begin(&to, target, address, own(target, caller, size));
	kr = map_copy_overwrite(to.map, to.address, copy);
	if (!stage_end(&to, kr == KERN_SUCCESS ? size : 0))
		kr = KERN_PROTECTION_FAILURE;
	return kr;
}

static kern_return_t
copy_between(struct task *source_task, uint64_t source, struct task *task,
    uint64_t destination, struct task *caller, uint64_t size, uint64_t *copied)
{
	struct stage from, to;
	struct copy *copy = NULL;
	kern_return_t kr;

	stage_begin(&from, source_task, source, own(source_task, caller, size));
	kr = map_copyin(from.map, from.address, size, 0, &copy);
	stage_end(&from, 0);
	if (kr != KERN_SUCCESS)
		return kr;
	stage_begin(&to, task, destination, own(task, caller, size));
	kr = map_copy_overwrite(to.map, to.address, copy);
	if (kr != KERN_SUCCESS)
		copy_discard(copy);
	if (!stage_end(&to, kr == KERN_SUCCESS ? size : 0))
		kr = KERN_PROTECTION_FAILURE;
	*copied = size;
	return kr;
}

kern_return_t
caller_read_overwrite(struct task *target, struct task *caller,
    uint64_t address, uint64_t size, uint64_t data, uint64_t *out_size)
{
	return copy_between(target, address, caller, data, caller, size,
	    out_size);
}

kern_return_t
caller_copy(struct task *target, struct task *caller, uint64_t source,
    uint64_t size, uint64_t destination)
{
	uint64_t copied;

	return copy_between(target, source, target, destination, caller, size,
	    &copied);
}

kern_return_t
caller_page_range_query(struct task *target, struct task *caller,
    uint64_t address, uint64_t size, uint64_t dispositions, uint64_t *count)
{
	struct stage to;
	kern_return_t kr;

	stage_begin(&to, caller, dispositions,
	    *count > UINT32_MAX ? 0 : *count * sizeof(int));
	kr = kernel_page_range_query(target, address, size, to.map, to.address,
	    count);
	if (!stage_end(&to, kr == KERN_SUCCESS ? *count * sizeof(int) : 0))
		kr = DARWIN_EFAULT;
	return kr;
}

kern_return_t
caller_deallocate(struct task *target, struct task *caller, uint64_t address,
    uint64_t size)
{
	const bool may_die = target == caller && caller == current_task &&
	    address <= target->map->min_offset && task_has_text(target);
	kern_return_t kr = kernel_deallocate(target, address, size);

	if (may_die && !task_has_text(target)) {
		kernel_unlock();
		host_die(SIGSEGV);
	}
	return kr;
}
