/*
 * Walk the regions of a small arena; what joins, what splits.
 *
 * Behaviours: map-cur-none, region-ext-user-tag, region-ext-untouched,
 * protect-clip-merge, simp-protect-touch-between.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <mach/vm_region.h>
#include <stdio.h>

static void
show(mach_vm_address_t from, mach_vm_size_t bytes)
{
	mach_vm_address_t a = from;

	while (a < from + bytes) {
		vm_region_extended_info_data_t info;
		mach_msg_type_number_t count = VM_REGION_EXTENDED_INFO_COUNT;
		mach_vm_size_t size;
		mach_port_t name;

		if (mach_vm_region(mach_task_self(), &a, &size,
			VM_REGION_EXTENDED_INFO, (vm_region_info_t)&info,
			&count, &name) != KERN_SUCCESS ||
		    a >= from + bytes)
			break;
		printf("  %2llu + %llu pages, prot %d, tag %u, resident %u\n",
		    (a - from) / PAGE_SIZE, size / PAGE_SIZE, info.protection,
		    info.user_tag, info.pages_resident);
		a += size;
	}
}

int
main(void)
{
	mach_vm_address_t a = 0, b;

	mach_vm_map(mach_task_self(), &a, 64 * PAGE_SIZE, 0, VM_FLAGS_ANYWHERE,
	    MEMORY_OBJECT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_ALL,
	    VM_INHERIT_NONE);
	printf("reserved\n");
	show(a, 64 * PAGE_SIZE);
	mach_vm_protect(mach_task_self(), a, 8 * PAGE_SIZE, FALSE,
	    VM_PROT_READ | VM_PROT_WRITE);
	*(char *)a = 1;
	printf("8 pages of it writable, one written\n");
	show(a, 64 * PAGE_SIZE);
	mach_vm_protect(mach_task_self(), a, 8 * PAGE_SIZE, FALSE,
	    VM_PROT_NONE);
	b = a + 60 * PAGE_SIZE;
	mach_vm_allocate(mach_task_self(), &b, PAGE_SIZE,
	    VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE | VM_MAKE_TAG(VM_MEMORY_STACK));
	printf("none again, and a page replaced\n");
	show(a, 64 * PAGE_SIZE);
	return 0;
}
