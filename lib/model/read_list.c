/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "kernel.h"
#include "object.h"

/* Every range is tried; the last one's answer is the routine's.  A range that
 * fails, or is empty, becomes address 0, size 0.  osfmk/vm/vm_user.c. */
kern_return_t
kernel_read_list(struct task *source, struct task *caller,
    struct mach_vm_read_entry *list, natural_t count)
{
	kern_return_t kr = KERN_SUCCESS;
	struct copy *copy;
	uint64_t address;

	if (count > VM_MAP_ENTRY_MAX)
		return KERN_INVALID_ARGUMENT;
	for (; count > 0; count--, list++) {
		if (list->size != 0) {
			kr = map_copyin(source->map, list->address,
			    list->size, 0, &copy);
			if (kr == KERN_SUCCESS) {
				kr = map_copyout(caller->map, &address, copy);
				if (kr == KERN_SUCCESS) {
					list->address = address;
					continue;
				}
				copy_discard(copy);
			}
		}
		list->address = 0;
		list->size = 0;
	}
	return kr;
}
