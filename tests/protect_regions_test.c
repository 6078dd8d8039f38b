/*
 * How mach_vm_protect splits and joins regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(protect, middle_splits_a_region_in_three, "protect-clip-merge-split",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of the middle of a region makes three regions of it.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->protect(self, pages + mt_page, 2 * mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abbc");
	MT_CHECK_REGION(pages, .size = mt_page, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(pages + mt_page, .size = 2 * mt_page,
	    .protection = VM_PROT_READ);
	MT_CHECK_REGION(pages + 3 * mt_page, .size = mt_page,
	    .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, restored_protection_joins_the_regions, "protect-clip-merge",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() that restores the protection of a part makes one "
    "region again.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_REQUIRE(vm->protect(self, pages + mt_page, 2 * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abbc");

	MT_CHECK(vm->protect(self, pages + mt_page, 2 * mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(protect, restored_protection_joins_touched_regions,
    "protect-clip-merge-touched", VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() that restores the protection joins pages that were "
    "touched before the split, contents included.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(vm->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abcc");

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaa");
	MT_CHECK_BYTE(pages + mt_page, 0x51);
}

MT_CASE(protect, head_splits_a_region_in_two, "protect-clip-merge-head",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of the first pages of a region makes two regions of "
    "it.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abb");
}

MT_CASE(protect, tail_splits_a_region_in_two, "protect-clip-merge-tail",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of the last pages of a region makes two regions of "
    "it.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->protect(self, pages + 2 * mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aab");
}

MT_CASE(protect, same_protection_leaves_one_region, "protect-clip-merge-same",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() of a part with the protection it has leaves one "
    "region.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(protect, part_joins_its_equal_neighbour, "protect-clip-merge-neighbour",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() joins a part with the neighbour whose protection it "
    "takes, if both were one region once.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_REQUIRE(vm->protect(self, pages, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "aabb");

	MT_CHECK(vm->protect(self, pages + 2 * mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaab");
}

MT_CASE(protect, separate_allocations_never_join, "protect-no-cross-merge",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join regions of separate allocations when "
    "their attributes become equal.")
{
	mach_vm_address_t hole = mt_hole(4);

	/* Upper first: a new region joins the one below it alone. */
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x51);
	MT_REQUIRE_LAYOUT(hole, "aabb");

	MT_CHECK(vm->protect(self, hole, 4 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aabb");
}

MT_CASE(protect, regions_of_different_tags_stay_apart,
    "protect-no-cross-merge-tags", VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join regions of different tags.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, TAG(240)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, hole, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(protect, alternating_pages_are_regions_of_their_own,
    "protect-clip-merge-alternating", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of every second page makes as many regions as pages; "
    "restoring the protection makes one region again.")
{
	mach_vm_address_t pages = mt_pages(8);

	for (unsigned i = 0; i < 8; i += 2)
		MT_CHECK(vm->protect(self, pages + i * mt_page, mt_page, FALSE,
			     VM_PROT_READ),
		    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abcdefgh");

	MT_CHECK(vm->protect(self, pages, 8 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaaaaaa");
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ);
}

MT_CASE(protect, parts_after_an_inheritance_change_join,
    "protect-merges-after-inherit", VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() joins parts that mach_vm_inherit() left split.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(protect, region_in_two_chunks_stays_in_two, "protect-chunks",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of an allocation in two chunks of 128 MiB changes "
    "both and leaves two regions.")
{
	mach_vm_address_t address = 0;
	mach_vm_size_t size = CHUNK + mt_page;

	MT_REQUIRE(stage->allocate(self, &address, size,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(count_regions(address, address + size) == 2);

	MT_CHECK(vm->protect(self, address, size, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(count_regions(address, address + size), 2);
	MT_CHECK_REGION(address, .size = (int64_t)CHUNK,
	    .protection = VM_PROT_READ);
	MT_CHECK_REGION(address + CHUNK, .protection = VM_PROT_READ);
}

MT_CASE(protect, superpage_is_protected_whole, "protect-superpage",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of a part of a superpage protects the whole "
    "superpage.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = superpages(stage, self, 2);

	MT_CHECK(vm->protect(self, hole + mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .address = (int64_t)hole, .size = 2 * MIB,
	    .protection = VM_PROT_READ);
	MT_CHECK_REGION(hole + 2 * MIB, .size = 2 * MIB,
	    .protection = VM_PROT_DEFAULT);
}
