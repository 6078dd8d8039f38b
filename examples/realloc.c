/*
 * realloc by virtual memory on macOS, in C.
 *
 * There is no mremap: a region grows by asking for the pages exactly above
 * it.  When they are free the kernel gives them and, if it can, makes one
 * region of both; when they are taken the answer is KERN_NO_SPACE, and the
 * content moves to a larger place with mach_vm_copy, which copies no byte
 * until one side is written.
 *
 * On macOS:	cc realloc.c -o realloc && ./realloc
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>

/*
 * Change the size of the region at *address from `from` to `to` bytes, both
 * multiples of the page size.  *address changes when the region moved.  On
 * any error the region is as it was.
 */
static kern_return_t
vm_realloc(mach_vm_address_t *address, mach_vm_size_t from, mach_vm_size_t to)
{
	mach_vm_address_t above = *address + from, moved = 0;
	kern_return_t error;

	if (to == from)
		return KERN_SUCCESS;
	if (to < from)
		return mach_vm_deallocate(mach_task_self(), *address + to,
		    from - to);

	/* VM_MEMORY_REALLOC joins a region of any tag, up to 128 MiB, and
	 * VM_FLAGS_FIXED without VM_FLAGS_OVERWRITE never replaces. */
	error = mach_vm_allocate(mach_task_self(), &above, to - from,
	    (int)(VM_FLAGS_FIXED | VM_MAKE_TAG(VM_MEMORY_REALLOC)));
	if (error != KERN_NO_SPACE)
		return error;

	error = mach_vm_allocate(mach_task_self(), &moved, to,
	    (int)(VM_FLAGS_ANYWHERE | VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE)));
	if (error != KERN_SUCCESS)
		return error;
	error = mach_vm_copy(mach_task_self(), *address, from, moved);
	if (error != KERN_SUCCESS) {
		mach_vm_deallocate(mach_task_self(), moved, to);
		return error;
	}
	error = mach_vm_deallocate(mach_task_self(), *address, from);
	*address = moved;
	return error;
}

static int
failed(const char *what, kern_return_t error)
{
	if (error == KERN_SUCCESS)
		return 0;
	fprintf(stderr, "realloc: %s: error %d\n", what, error);
	return 1;
}

int
main(void)
{
	mach_vm_size_t page = vm_page_size;
	mach_vm_address_t memory = 0, first, blocker;

	if (failed("allocate",
		mach_vm_allocate(mach_task_self(), &memory, 2 * page,
		    (int)(VM_FLAGS_ANYWHERE |
			VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE)))))
		return 1;
	*(volatile char *)memory = 'x';

	/* Shrinking frees the tail, so growing again finds the place free. */
	if (failed("shrink", vm_realloc(&memory, 2 * page, page)))
		return 1;
	first = memory;
	if (failed("grow", vm_realloc(&memory, page, 2 * page)))
		return 1;
	printf("grown %s\n", memory == first ? "in place" : "by moving");

	/* With the place above taken, the region has to move. */
	blocker = memory + 2 * page;
	mach_vm_allocate(mach_task_self(), &blocker, page, VM_FLAGS_FIXED);
	first = memory;
	if (failed("grow", vm_realloc(&memory, 2 * page, 4 * page)))
		return 1;
	printf("grown %s, first byte '%c'\n",
	    memory == first ? "in place" : "by moving",
	    *(volatile char *)memory);

	/* However many times it grew, it is released as one. */
	if (failed("release",
		mach_vm_deallocate(mach_task_self(), memory, 4 * page)))
		return 1;
	puts("released");
	return 0;
}
