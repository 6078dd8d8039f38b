/*
 * Growing with VM_FLAGS_ANYWHERE and the address behind the block: the address
 * is ignored, the pages come from elsewhere.
 *
 * Behaviours: s2-allocate-ignores, alloc-anywhere-first-fit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach_init.h>
#include <mach/mach_vm.h>
#include <mach/vm_page_size.h>
#include <mach/vm_statistics.h>
#include <stdio.h>

int
main(void)
{
	mach_vm_address_t a = 0, filler = 0;
	mach_vm_allocate(mach_task_self(), &filler, 64 * vm_page_size,
	    VM_FLAGS_ANYWHERE);
	mach_vm_allocate(mach_task_self(), &a, vm_page_size, VM_FLAGS_ANYWHERE);
	/* A hole below, which is found first. */
	mach_vm_deallocate(mach_task_self(), filler, 64 * vm_page_size);
	mach_vm_address_t b = a + vm_page_size;
	kern_return_t kr = mach_vm_allocate(mach_task_self(), &b, vm_page_size,
	    VM_FLAGS_ANYWHERE | VM_MAKE_TAG(VM_MEMORY_REALLOC));
	printf("kr = %d, %s\n", kr,
	    b == a + vm_page_size ? "adjacent" : "not adjacent");
}
