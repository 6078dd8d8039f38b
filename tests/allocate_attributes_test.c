/*
 * What new memory is like.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

MT_CASE(allocate, new_memory_has_default_attributes, "alloc-default-attributes",
    "vm_allocate.html",
    "Initially, there are no access restrictions on any of the pages of the "
    "newly allocated region.  Child tasks inherit the new region as a copy.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT,
	    .inheritance = VM_INHERIT_COPY, .behavior = VM_BEHAVIOR_DEFAULT,
	    .user_wired_count = 0, .is_submap = 0, .offset = 0);
}

MT_CASE(allocate, new_memory_has_maximum_all, "alloc-max-all-on-arm64",
    VM_USER_C "mach_vm_allocate_external()",
    "The maximum protection of new memory is VM_PROT_ALL, even where a "
    "process may not write and execute the same page.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .max_protection = VM_PROT_ALL);
}

MT_CASE(allocate, new_memory_inherits_as_a_copy, "inherit-default-anon",
    "vm_allocate.html", "Child tasks inherit the new region as a copy.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_ANYWHERE | TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(allocate, untouched_memory_has_no_object,
    "alloc-default-attributes-untouched", VM_MAP_C "vm_map_region_top_walk()",
    "New memory has no VM object until it is touched: share mode SM_EMPTY, "
    "no resident page.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK_REGION(page, .share_mode = SM_EMPTY, .pages_resident = 0,
	    .ref_count = 0, .object_id = 0);
}

MT_CASE(allocate, touched_memory_is_private, "alloc-default-attributes-touched",
    VM_MAP_C "vm_map_region_walk()",
    "Touched memory has a VM object of its own: share mode SM_PRIVATE, the "
    "touched page resident.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH(pages, 0x11);

	MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE, .pages_resident = 1,
	    .ref_count = 1);
}

MT_CASE(allocate, new_memory_reads_zero, "alloc-zero-fill", "vm_allocate.html",
    "A new region is always zero filled.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(allocate_at(vm, self, hole, 2 * mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0);
	MT_CHECK_BYTE(hole + mt_page - 1, 0);
	MT_CHECK_BYTE(hole + mt_page, 0);
	MT_CHECK_BYTE(hole + 2 * mt_page - 1, 0);
}

MT_CASE(allocate, every_byte_of_a_page_reads_zero, "alloc-zero-fill-page",
    "vm_allocate.html", "A new region is always zero filled.")
{
	mach_vm_address_t hole = mt_hole(1);
	unsigned nonzero = 0;

	MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_READABLE(hole);
	for (mach_vm_size_t i = 0; i < mt_page; i++)
		nonzero += ((const uint8_t *)(uintptr_t)hole)[i] != 0;
	MT_CHECK_NUMBER(nonzero, 0);
}

MT_CASE(allocate, reused_address_reads_zero, "alloc-zero-fill-reused",
    "vm_allocate.html", "A new region is always zero filled.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x11);
	MT_REQUIRE(vm->deallocate(self, hole, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, 2 * mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0);
	MT_CHECK_BYTE(hole + mt_page, 0);
}

MT_CASE(allocate, store_changes_only_its_byte, "alloc-zero-fill-store",
    "vm_allocate.html", "A new region is always zero filled.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK_WRITABLE(page + 8);

	MT_CHECK_BYTE(page + 7, 0);
	MT_CHECK_BYTE(page + 8, 0x5a);
	MT_CHECK_BYTE(page + 9, 0);
}

MT_CASE(allocate, much_memory_is_zero_when_it_is_allocated_again,
    "alloc-zero-fill-again", "vm_allocate.html",
    "Newly allocated memory is zero-filled where more than a thousand pages "
    "were written, deallocated and allocated again, too.")
{
	const unsigned count = 1250;
	mach_vm_address_t pages = mt_hole(count);
	unsigned wrong = 0;

	for (unsigned round = 0; round < 2; round++) {
		MT_CHECK(allocate_at(vm, self, pages, count * mt_page, PLAIN),
		    KERN_SUCCESS);
		for (unsigned i = 0; i < count; i++) {
			mach_vm_address_t page = pages + i * mt_page;

			wrong += stored_byte(page) != 0;
			wrong += stored_byte(page + mt_page - 1) != 0;
			tell(page, (uint8_t)(1 + i % 255));
			tell(page + mt_page - 1, 0x71);
		}
		PUNCH(pages, count);
	}
	MT_CHECK_NUMBER(wrong, 0);
}
