/*
 * The page size: what tells it, and what rounds to it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(page_size, page_size_is_that_of_the_architecture, "page-vm-page-size",
    XNU "libsyscall/mach/mach_init.c, mach_init_doit()",
    "vm_page_size is 16384 on arm64 and 4096 on x86_64.")
{
	MT_CHECK_NUMBER(vm_page_size, 16384, MT_ON(x86_64, 4096));
	MT_CHECK_NUMBER(vm_page_size, mt_page);
}

MT_CASE(page_size, page_mask_and_shift_follow_the_size,
    "page-vm-page-size-mask",
    XNU "libsyscall/mach/mach_init.c, mach_init_doit()",
    "vm_page_mask is the size less one, vm_page_shift its logarithm.")
{
	MT_CHECK_NUMBER(vm_page_mask, vm_page_size - 1);
	MT_CHECK_NUMBER(UINT64_C(1) << vm_page_shift, vm_page_size);
}

MT_CASE(page_size, kernel_page_size_is_that_of_the_machine,
    "page-kernel-page-size",
    XNU "libsyscall/mach/mach_init.c, mach_init_doit()",
    "vm_kernel_page_size is the kernel's own: 16384 on Apple silicon, under "
    "Rosetta too, 4096 on an Intel machine.")
{
	MT_CHECK_NUMBER(vm_kernel_page_size, 16384, MT_ON(x86_64, 4096),
	    MT_ON_PAGES(x86_64, "4K on 16K", 16384));
	MT_CHECK_NUMBER(vm_kernel_page_mask, vm_kernel_page_size - 1);
	MT_CHECK_NUMBER(UINT64_C(1) << vm_kernel_page_shift,
	    vm_kernel_page_size);
}

MT_CASE(page_size, host_page_size_returns_the_kernels, "page-host-page-size",
    XNU "libsyscall/mach/mach_init.c, host_page_size()",
    "host_page_size() returns vm_kernel_page_size whatever host port it is "
    "given; it makes no call.")
{
	vm_size_t size = 0x51;

	MT_CHECK(host_page_size(MACH_PORT_NULL, &size), KERN_SUCCESS);
	MT_CHECK_NUMBER(size, vm_kernel_page_size);
}

MT_CASE(page_size, sysctl_gives_the_same_page_size, "page-getpagesize",
    XNU "bsd/kern/kern_mib.c", "hw.pagesize is vm_page_size.",
    .needs = "native")
{
	uint64_t size = 0;

	MT_SKIP_UNLESS(mt_sysctl("hw.pagesize", &size),
	    "this system has no hw.pagesize");
	MT_CHECK_NUMBER(size, vm_page_size);
}

MT_CASE(deallocate, part_of_a_page_removes_the_page, "page-map-granularity",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_deallocate() of the first quarter of a page removes the whole "
    "page.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages + mt_page, mt_page / 4),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(deallocate, last_byte_of_a_page_removes_the_page,
    "page-map-granularity-last", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_deallocate() of the last byte of a page removes that page and "
    "no other.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages + 2 * mt_page - 1, 1),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(protect, part_of_a_page_protects_the_page, "page-subpage-protect",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() of a quarter of a page in its middle protects the "
    "whole page.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->protect(self, pages + mt_page + mt_page / 2, mt_page / 4,
		     FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .address = pages + mt_page,
	    .size = mt_page, .protection = VM_PROT_READ);
	MT_CHECK_WRITABLE(pages + mt_page - 1);
	MT_CHECK_WRITABLE(pages + 2 * mt_page);
}

MT_CASE(protect, two_bytes_across_a_boundary_protect_two_pages,
    "addr-truncate-size-roundup", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() truncates the start and rounds the end up: two bytes "
    "across a page boundary change both pages.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->protect(self, pages + 2 * mt_page - 1, 2, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abbc");
	MT_CHECK_REGION(pages + mt_page, .size = 2 * mt_page,
	    .protection = VM_PROT_READ);
}

MT_CASE(inherit, two_bytes_across_a_boundary_set_two_inheritances,
    "addr-truncate-size-roundup-inherit",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_inherit() truncates the start and rounds the end up: two bytes "
    "across a page boundary change both pages.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->inherit(self, pages + 2 * mt_page - 1, 2, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abbc");
	MT_CHECK_REGION(pages + mt_page, .size = 2 * mt_page,
	    .inheritance = VM_INHERIT_NONE);
}

MT_CASE(behavior_set, two_bytes_across_a_boundary_set_two_behaviors,
    "addr-truncate-size-roundup-behavior",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_behavior_set() truncates the start and rounds the end up: two "
    "bytes across a page boundary change both pages.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->behavior_set(self, pages + 2 * mt_page - 1, 2,
		     VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abbc");
	MT_CHECK_REGION(pages + mt_page, .size = 2 * mt_page,
	    .behavior = VM_BEHAVIOR_RANDOM);
}

MT_CASE(region, resident_pages_are_counted_in_pages_of_the_process,
    "page-region-units", VM_MAP_C "vm_map_region()",
    "mach_vm_region() counts pages in the page size of the map that it is "
    "asked about.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 3, 0x51);

	MT_CHECK_REGION(pages, .size = 4 * mt_page, .pages_resident = 3);
}
