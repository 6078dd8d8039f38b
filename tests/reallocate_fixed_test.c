/*
 * mach_vm_reallocate to a place that the caller names.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "reallocate.h"

/* n pages of a region, each with the same byte. */
static mach_vm_address_t
obstacle(mach_port_name_t self, unsigned n, uint8_t byte)
{
	mach_vm_address_t hole = mt_hole(n);

	MT_REQUIRE(allocate_at(stage, self, hole, n * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, n, byte);
	return hole;
}

MT_CASE(reallocate, range_moves_to_a_free_place, "reallocate-fixed-free",
    "vm_reallocate.html",
    "mach_vm_reallocate() without VM_FLAGS_ANYWHERE moves the range to the "
    "address given, even when the addresses behind it are free.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 2), hole = mt_hole(5);
	mach_vm_address_t address = hole + mt_page;

	MT_CHECK(grow(vm, self, pages, 2, &address, 3, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".aab.");
	MT_CHECK_LAYOUT(pages, "....");
	check_numbers(address, 2);
	MT_CHECK_BYTE(address + 2 * mt_page, 0);
}

MT_CASE(reallocate, range_of_equal_size_moves_to_its_place,
    "reallocate-same-size-fixed", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() to a fixed place and the old size moves the range "
    "and adds nothing.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), hole = mt_hole(3);

	MT_CHECK(grow_to(vm, self, pages, 2, hole, 2, PLAIN), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa.");
	MT_CHECK_LAYOUT(pages, "..");
	check_numbers(hole, 2);
}

MT_CASE(reallocate, range_moves_by_its_own_length,
    "reallocate-fixed-behind-source", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() may move a range to the free addresses directly "
    "behind it.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 2);

	MT_CHECK(grow_to(vm, self, pages, 2, pages + 2 * mt_page, 2, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "..aa");
	check_numbers(pages + 2 * mt_page, 2);
}

MT_CASE(reallocate, source_is_in_its_own_way, "reallocate-fixed-at-source",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_NO_SPACE: mach_vm_reallocate() to the fixed place where the range "
    "is already.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 2);

	MT_CHECK(grow_to(vm, self, pages, 2, pages, 2, 0), KERN_NO_SPACE);
	MT_CHECK(grow_to(vm, self, pages, 2, pages, 3, 0), KERN_NO_SPACE);
	MT_CHECK_LAYOUT(pages, "aa..");
	check_numbers(pages, 2);
}

MT_CASE(reallocate, overlapping_place_is_occupied, "reallocate-fixed-overlap",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_NO_SPACE: mach_vm_reallocate() to a fixed place that overlaps the "
    "range.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, pages + 2 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages + 2 * mt_page, 2, 0x11);

	MT_CHECK(grow_to(vm, self, pages + 2 * mt_page, 2, pages, 3, 0),
	    KERN_NO_SPACE);
	MT_CHECK(grow_to(vm, self, pages + 2 * mt_page, 2, pages + 3 * mt_page,
		     3, 0),
	    KERN_NO_SPACE);
	MT_CHECK_LAYOUT(pages, "..aa..");
	check_numbers(pages + 2 * mt_page, 2);
}

MT_CASE(reallocate, occupied_place_is_refused, "reallocate-fixed-occupied",
    "vm_reallocate.html",
    "KERN_NO_SPACE: mach_vm_reallocate() to a fixed place where something is "
    "mapped; source and obstacle stay.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 2);
	mach_vm_address_t there = obstacle(self, 3, 0x77);

	MT_CHECK(grow_to(vm, self, pages, 2, there, 3, 0), KERN_NO_SPACE);

	MT_CHECK_LAYOUT(pages, "aa..");
	check_numbers(pages, 2);
	MT_CHECK_LAYOUT(there, "aaa");
	MT_CHECK_BYTE(there, 0x77);
}

MT_CASE(reallocate, failed_move_leaves_the_source_split,
    "reallocate-failure-clips", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() of a part of a region that fails changes no byte, "
    "but leaves the region split where the part begins and ends.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 4, 0);
	mach_vm_address_t there = obstacle(self, 3, 0x77);

	MT_CHECK(grow_to(vm, self, pages + mt_page, 2, there, 3, 0),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(pages, "abbc");
	check_numbers(pages, 4);
	MT_REQUIRE(stage->protect(self, pages, 4 * mt_page, FALSE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(reallocate, hole_leaves_the_start_of_the_source_split,
    "reallocate-failure-clips-start", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() of a range with a hole behind a part of a region "
    "fails and leaves the region split where the range begins.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 3, 3), address = NOWHERE;

	MT_CHECK(grow(vm, self, pages + mt_page, 3, &address, 4,
		     VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_LAYOUT(pages, "abb...");
	check_numbers(pages, 3);
}

MT_CASE(reallocate, overwrite_replaces_what_is_there, "reallocate-overwrite",
    "vm_reallocate.html",
    "mach_vm_reallocate() with VM_FLAGS_OVERWRITE replaces what is mapped at "
    "the place; the rest of a region there keeps its bytes.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0);
	mach_vm_address_t there = obstacle(self, 5, 0x77);

	MT_CHECK(grow_to(vm, self, pages, 2, there + mt_page, 3,
		     VM_FLAGS_OVERWRITE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(there, "abbcd");
	MT_CHECK_LAYOUT(pages, "..");
	MT_CHECK_BYTE(there, 0x77);
	check_numbers(there + mt_page, 2);
	MT_CHECK_BYTE(there + 3 * mt_page, 0);
	MT_CHECK_BYTE(there + 4 * mt_page, 0x77);
}

MT_CASE(reallocate, overwrite_of_the_source_is_refused,
    "reallocate-overwrite-overlap", "vm_reallocate.html",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() with VM_FLAGS_OVERWRITE to a "
    "place that overlaps the range; adjacent ranges do not overlap.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 6, 0);
	mach_vm_address_t middle = pages + 2 * mt_page;

	for (unsigned i = 0; i < 4; i++)
		MT_CHECK(grow_to(vm, self, middle, 2, pages + i * mt_page, 3,
			     VM_FLAGS_OVERWRITE),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "aaaaaa");
	check_numbers(pages, 6);

	MT_CHECK(grow_to(vm, self, middle, 2, pages + 4 * mt_page, 2,
		     VM_FLAGS_OVERWRITE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aa..bb");
	MT_CHECK_BYTE(pages + 5 * mt_page, 0x14);

	pages = block(self, 4, 0);
	MT_CHECK(grow_to(vm, self, pages + 2 * mt_page, 2, pages, 2,
		     VM_FLAGS_OVERWRITE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aa..");
	MT_CHECK_BYTE(pages, 0x13);
}

MT_CASE(reallocate, overwrite_spares_permanent_memory,
    "reallocate-overwrite-permanent", REALLOCATE_C "vm_map_relocate()",
    "KERN_NOT_SUPPORTED: mach_vm_reallocate() with VM_FLAGS_OVERWRITE over "
    "permanent memory above the range; nothing changes.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4), there = hole + 2 * mt_page;

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_REQUIRE(allocate_at(stage, self, there, 2 * mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole, 0x11);
		TOUCH(there, 0x77);

		MT_CHECK(grow_to(vm, self, hole, 1, there, 2,
			     VM_FLAGS_OVERWRITE),
		    KERN_NOT_SUPPORTED);

		MT_CHECK_LAYOUT(hole, "a.bb");
		MT_CHECK_BYTE(hole, 0x11);
		MT_CHECK_BYTE(there, 0x77);
	}
}

MT_CASE(reallocate, overwrite_of_a_hole_is_undecided,
    "reallocate-overwrite-hole", "vm_reallocate.html",
    "The manual wants memory without holes where mach_vm_reallocate() "
    "overwrites; the kernel accepts a hole there.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 0), hole = mt_hole(2);

	/* A hole may end a process that has such exceptions end it. */
	MT_CHILD {
		MT_OBSERVE(
		    grow_to(vm, self, pages, 1, hole, 2, VM_FLAGS_OVERWRITE));
	}
}

MT_CASE(reallocate, overwrite_means_nothing_anywhere,
    "reallocate-overwrite-anywhere",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "mach_vm_reallocate() accepts VM_FLAGS_OVERWRITE with VM_FLAGS_ANYWHERE "
    "and overwrites nothing.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 0);
	mach_vm_address_t there = obstacle(self, 2, 0x77), address = there;

	MT_CHECK(grow(vm, self, pages, 1, &address, 2,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_OVERWRITE),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(address != there && address != pages);
	MT_CHECK_BYTE(there, 0x77);
	MT_CHECK_BYTE(there + mt_page, 0x77);
	MT_CHECK_BYTE(address, 0x11);
}
