/*
 * How to grow an allocation by virtual memory, without mremap?  In place, when
 * the pages above are free; else they must not be taken from their owner.  Under
 * Rosetta the tag was refused until 14, and this program, which does not look,
 * touches what it did not get.
 *
 * Behaviours: s1-extend-free, s1-extend-zero, s1-extend-fails-clean,
 * s1-dealloc-all, realloc-tag-fixed-rosetta.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <string.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>

int
main(void)
{
	mach_vm_address_t address = 0, next;
	mach_vm_size_t size = 4 * vm_page_size;
	kern_return_t kr;

	kr = mach_vm_allocate(mach_task_self(), &address, size,
	    VM_FLAGS_ANYWHERE | VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE));
	printf("allocate: %s\n", mach_error_string(kr));
	memset((void *)address, 0x42, size);

	next = address + size;
	kr = mach_vm_allocate(mach_task_self(), &next, size,
	    VM_FLAGS_FIXED | VM_MAKE_TAG(VM_MEMORY_REALLOC));
	printf("grow: %s, %s\n", mach_error_string(kr),
	    next == address + size ? "behind" : "elsewhere");
	printf("old byte %#x, new byte %#x\n", *(unsigned char *)address,
	    *(unsigned char *)next);

	kr = mach_vm_allocate(mach_task_self(), &next, size,
	    VM_FLAGS_FIXED | VM_MAKE_TAG(VM_MEMORY_REALLOC));
	printf("again: %s\n", mach_error_string(kr));

	kr = mach_vm_deallocate(mach_task_self(), address, 2 * size);
	printf("free both: %s\n", mach_error_string(kr));
	return 0;
}
