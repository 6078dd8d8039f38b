/*
 * What is left after vm_deallocate of a part, of several regions, of holes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(deallocate, whole_region_is_gone, "dealloc-head-tail-whole",
    "vm_deallocate.html",
    "The vm_deallocate function deallocates a region of virtual memory in "
    "the specified task's address space.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_CHECK(vm->deallocate(self, pages, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "..");
}

MT_CASE(deallocate, freed_middle_leaves_two_regions, "dealloc-middle-splits",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() in the middle of a region leaves the parts on "
    "both sides with their attributes.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages + mt_page, mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .user_tag = MT_TAG, .offset = 0);
	MT_CHECK_REGION(pages + 2 * mt_page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .user_tag = MT_TAG,
	    .offset = 2 * mt_page);
}

MT_CASE(deallocate, freed_head_shrinks_the_region, "dealloc-head-tail",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of the first pages of a region moves its start.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);

	MT_CHECK(vm->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, ".aa");
	MT_CHECK_BYTE(pages + mt_page, 0x11);
}

MT_CASE(deallocate, freed_tail_shrinks_the_region, "dealloc-head-tail-tail",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of the last pages of a region moves its end.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);

	MT_CHECK(vm->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aa.");
	MT_CHECK_BYTE(pages + mt_page, 0x11);
}

MT_CASE(deallocate, every_second_page_leaves_as_many_regions,
    "dealloc-middle-splits-many", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of every second page of a region leaves a region "
    "for each page that remains.")
{
	mach_vm_address_t pages = mt_pages(7);

	for (unsigned i = 1; i < 7; i += 2)
		MT_CHECK(vm->deallocate(self, pages + i * mt_page, mt_page),
		    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "a.b.c.d");
}

MT_CASE(deallocate, hole_can_be_deallocated, "dealloc-hole",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a hole succeeds, although vm_deallocate.html "
    "has KERN_INVALID_ADDRESS for a non-allocated region.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(vm->deallocate(self, hole, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "..");
}

/* The manual page says otherwise. */
MT_CASE(deallocate, second_deallocation_succeeds, "dealloc-hole-twice",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of the same range again succeeds, although "
    "vm_deallocate.html has KERN_INVALID_ADDRESS for a non-allocated "
    "region.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_HOLE(page);
}

MT_CASE(deallocate, regions_between_holes_are_removed, "dealloc-partly-hole",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() removes every mapped part of its range and skips "
    "the holes.")
{
	mach_vm_address_t hole = mt_hole(7);

	for (unsigned i = 1; i < 7; i += 2)
		MT_REQUIRE(allocate_at(vm, self, hole + i * mt_page, mt_page,
			       PLAIN),
		    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(hole, ".a.b.c.");

	MT_CHECK(vm->deallocate(self, hole, 7 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, ".......");
}

MT_CASE(deallocate, regions_outside_the_range_stay,
    "dealloc-partly-hole-outside", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a range that begins and ends in holes leaves "
    "the regions beyond them.")
{
	mach_vm_address_t hole = mt_hole(5);

	for (unsigned i = 0; i < 5; i += 2)
		MT_REQUIRE(allocate_at(vm, self, hole + i * mt_page, mt_page,
			       PLAIN),
		    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, hole + mt_page, 3 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "a...b");
}

MT_CASE(deallocate, adjacent_regions_are_removed, "dealloc-spanning",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() removes all regions in its range, whatever their "
    "attributes.")
{
	mach_vm_address_t hole = mt_hole(3);

	for (unsigned i = 0; i < 3; i++)
		MT_REQUIRE(allocate_at(vm, self, hole + i * mt_page, mt_page,
			       TAG(241 + i)),
		    KERN_SUCCESS);
	MT_REQUIRE(vm->protect(self, hole + mt_page, mt_page, TRUE,
		       VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, hole + 2 * mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(hole, "abc");

	MT_CHECK(vm->deallocate(self, hole, 3 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "...");
}

MT_CASE(deallocate, parts_of_two_regions_are_removed, "dealloc-spanning-parts",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() from the middle of one region to the middle of "
    "the next clips both.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(vm, self, hole, 2 * mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, 2 * mt_page,
		       TAG(242)),
	    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, hole + mt_page, 2 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "a..b");
	MT_CHECK_REGION(hole, .user_tag = 241);
	MT_CHECK_REGION(hole + 3 * mt_page, .user_tag = 242);
}

MT_CASE(deallocate, other_parts_keep_their_bytes,
    "dealloc-contents-independent", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a part of a region leaves the bytes of the "
    "rest.")
{
	mach_vm_address_t pages = mt_pages(3);

	for (unsigned i = 0; i < 3; i++)
		TOUCH(pages + i * mt_page, (uint8_t)(0x11 * (i + 1)));

	MT_CHECK(vm->deallocate(self, pages + mt_page, mt_page), KERN_SUCCESS);

	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x33);
}

MT_CASE(deallocate, refilled_hole_reads_zero,
    "dealloc-contents-independent-refill", "vm_allocate.html",
    "A new region is always zero filled.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	MT_CHECK(vm->deallocate(self, pages + mt_page, mt_page), KERN_SUCCESS);

	MT_REQUIRE(allocate_at(vm, self, pages + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + mt_page, 0);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x11);
}

MT_CASE(deallocate, other_mapping_of_the_memory_stays, "dealloc-shared-object",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of one mapping of a VM object leaves the other "
    "usable.")
{
	mach_vm_address_t page = mt_pages(1), alias = 0;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH(page, 0x11);
	MT_REQUIRE(stage->remap(self, &alias, mt_page, 0, VM_FLAGS_ANYWHERE,
		       self, page, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_HOLE(page);
	MT_CHECK_BYTE(alias, 0x11);
	MT_CHECK_WRITABLE(alias);
}

MT_CASE(deallocate, copy_survives_its_source, "s1-vmcopy-free-source",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of the source of a copy leaves the copy's "
    "contents.")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t source = mt_pages(n), copy = mt_pages(n);

	TOUCH_PAGES(source, n, 0x11);
	MT_REQUIRE(stage->copy(self, source, n * mt_page, copy), KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, source, n * mt_page), KERN_SUCCESS);

	MT_CHECK_HOLE(source);
	MT_CHECK_BYTE(copy, 0x11);
	MT_CHECK_BYTE(copy + (n - 1) * mt_page, 0x11);
	MT_CHECK_WRITABLE(copy);
}

MT_CASE(deallocate, inaccessible_memory_is_removed,
    "dealloc-spanning-protection", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() removes memory of VM_PROT_NONE.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(vm->protect(self, page, mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_HOLE(page);
}

MT_CASE(deallocate, wired_memory_is_removed, "dealloc-user-wired",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() unwires and removes memory that the user has "
    "wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_HOLE(page);
	MT_REQUIRE(allocate_at(vm, self, page, mt_page, PLAIN), KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(deallocate, freed_address_can_be_allocated_again, "dealloc-hole-reuse",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_allocate() can use an address as soon as mach_vm_deallocate() "
    "has freed it.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages, 3 * mt_page), KERN_SUCCESS);
	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, ".a.");
}

MT_CASE(deallocate, part_of_a_superpage_frees_all_of_it, "dealloc-superpage",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a part of a superpage removes the whole "
    "superpage.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = superpages(vm, self, 1);

	MT_CHECK(vm->deallocate(self, hole + MIB, mt_page), KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(hole, hole + 2 * MIB), 0);
}

MT_CASE(deallocate, parts_of_two_superpages_free_both, "dealloc-superpage-two",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() from within one superpage to within the next "
    "removes both.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = superpages(vm, self, 2);

	MT_CHECK(vm->deallocate(self, hole + MIB, 2 * MIB), KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(hole, hole + 4 * MIB), 0);
}
