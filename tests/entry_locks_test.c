/*
 * What macOS 26.4 changed when it gave each region a lock of its own: how far
 * a call comes that fails in the middle of its range, and what it leaves.
 *
 * Some calls take all regions before they change one: what fails changes
 * nothing but where regions are split.  Others go region by region: what lies
 * below the place that fails is done.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* Three numbered pages with three free ones behind them. */
static mach_vm_address_t
pages_and_hole(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, pages, 3 * mt_page, PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 3, 1);
	return pages;
}

/* [a][hole][b], each two pages, numbered from byte. */
static mach_vm_address_t
around_a_hole(mach_port_name_t self, uint8_t byte)
{
	mach_vm_address_t pages = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, pages, 6 * mt_page, PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 6, byte);
	PUNCH(pages + 2 * mt_page, 2);
	return pages;
}

MT_CASE(protect, hole_leaves_the_start_of_the_range_split,
    "protect-failure-clips", XNU26 "osfmk/vm/vm_map.c, vm_map_protect()",
    "mach_vm_protect() of a range that begins inside a region and has a hole "
    "behind it changes no protection, but splits the region there.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = pages_and_hole(self);

	MT_CHECK(vm->protect(self, pages + mt_page, 3 * mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_LAYOUT(pages, "abb...");
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, refused_region_is_not_split, "protect-failure-clips-first",
    XNU26 "osfmk/vm/vm_map.c, vm_map_protect()",
    "mach_vm_protect() beyond the maximum of the only region of the range "
    "fails and splits nothing.")
{
	mach_vm_address_t pages = pages_and_hole(self);

	MT_REQUIRE(stage->protect(self, pages, 3 * mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_LAYOUT(pages, "aaa...");
}

MT_CASE(protect, lower_defect_decides, "protect-order",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() over a hole and a region whose maximum forbids it "
    "answers for the one that lies lower.",
    .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self, 1);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages + 5 * mt_page, mt_page, TRUE,
		       VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, pages + mt_page, 5 * mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(behavior_set, hole_leaves_the_start_of_the_range_split_too,
    "behavior-failure-clips", XNU26 "osfmk/vm/vm_map.c, vm_map_behavior_set()",
    "mach_vm_behavior_set() of VM_BEHAVIOR_SEQUENTIAL over pages and a hole, "
    "or of VM_BEHAVIOR_ZERO_WIRED_PAGES over a read-only page, changes no "
    "behavior, but splits the region where the range begins.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = pages_and_hole(self);

	MT_CHECK(vm->behavior_set(self, pages + mt_page, 3 * mt_page,
		     VM_BEHAVIOR_SEQUENTIAL),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_LAYOUT(pages, "abb...");
	MT_CHECK_REGION(pages + mt_page, .behavior = VM_BEHAVIOR_DEFAULT);

	pages = pages_and_hole(self);
	PROTECT(pages + 2 * mt_page, 1, VM_PROT_READ);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, 2 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_LAYOUT(pages, "abc...");
}

MT_CASE(behavior_set, zeroing_stops_at_a_hole, "behavior-zero-partial",
    XNU26 "osfmk/vm/vm_map.c, vm_map_zero()",
    "VM_BEHAVIOR_ZERO over pages and a hole is KERN_INVALID_ADDRESS; since "
    "macOS 26.4 the pages below the hole are zero, those above are not.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self, 1);

	MT_CHECK(vm->behavior_set(self, pages, 6 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 0);
	MT_CHECK_BYTE(pages + 4 * mt_page, 5);
}

MT_CASE(behavior_set, pages_below_a_hole_are_brought_in,
    "behavior-willneed-partial", XNU26 "osfmk/vm/vm_map.c, vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED over pages and a hole is KERN_INVALID_ADDRESS; "
    "since macOS 26.4 the pages below the hole are present, those above are "
    "not.",
    .since = "26.4")
{
	static const unsigned there[] = { 0, 1, 4, 5 };
	mach_vm_address_t pages = mt_hole(6);
	integer_t disposition = 0, references = 0;

	MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, pages + 4 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->behavior_set(self, pages, 6 * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_INVALID_ADDRESS);

	for (unsigned i = 0; i < 4; i++) {
		MT_REQUIRE(stage->page_query(self, pages + there[i] * mt_page,
			       &disposition, &references),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(disposition & VM_PAGE_QUERY_PAGE_PRESENT,
		    i < 2 ? VM_PAGE_QUERY_PAGE_PRESENT : 0);
	}
}

MT_CASE(behavior_set, read_only_memory_decides_before_a_hole_above,
    "behavior-reusable-hole-order",
    XNU26 "osfmk/vm/vm_map.c, vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE over read-only pages and a hole above them is "
    "KERN_PROTECTION_FAILURE since macOS 26.4.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = pages_and_hole(self);

	PROTECT(pages, 3, VM_PROT_READ);
	MT_CHECK(vm->behavior_set(self, pages, 5 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->behavior_set(self, pages, 5 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(copy, copy_stops_at_a_hole, "overwrite-hole-partial",
    XNU26 "osfmk/vm/vm_map.c, vm_map_copy_overwrite()",
    "mach_vm_copy() of 128 KiB or more onto pages and a hole is "
    "KERN_INVALID_ADDRESS; since macOS 26.4 the pages below the hole are "
    "overwritten.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(from, LARGE_PAGES, 0x11);
	TOUCH_PAGES(to, LARGE_PAGES, 0x77);
	PUNCH(to + LARGE / 2, 1);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(to, 0x11);
	MT_CHECK_BYTE(to + LARGE / 2 - mt_page, 0x11);
	MT_CHECK_BYTE(to + LARGE / 2 + mt_page, 0x77);
}

MT_CASE(copy, copy_stops_at_a_read_only_page, "overwrite-readonly-partial",
    XNU26 "osfmk/vm/vm_map.c, vm_map_copy_overwrite()",
    "mach_vm_copy() of 128 KiB or more onto pages of which one is read-only "
    "is KERN_PROTECTION_FAILURE; since macOS 26.4 the pages below it are "
    "overwritten, from wherever within a page the bytes come.",
    .since = "26.4", .needs = "native")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t from = mt_pages(LARGE_PAGES + 1);
		mach_vm_address_t to = mt_pages(LARGE_PAGES);

		from += i * mt_page / 2;
		TOUCH_PAGES(from, LARGE_PAGES, 0x11);
		TOUCH_PAGES(to, LARGE_PAGES, 0x77);
		PROTECT(to + LARGE / 2, 1, VM_PROT_READ);

		MT_CHECK(vm->copy(self, from, LARGE, to),
		    KERN_PROTECTION_FAILURE);

		MT_CHECK_BYTE(to, 0x11);
		MT_CHECK_BYTE(to + LARGE / 2 - mt_page, 0x11);
		MT_CHECK_BYTE(to + LARGE / 2, 0x77);
	}
}

MT_CASE(wire, unwiring_stops_at_a_hole, "unwire-hole",
    XNU26 "osfmk/vm/vm_map.c, vm_map_unwire()",
    "KERN_INVALID_ADDRESS: mach_vm_wire() to unwire wired pages around a "
    "hole; since macOS 26.4 nothing is unwired then.",
    .since = "26.4", .needs = "native privileged")
{
	mach_vm_address_t pages = around_a_hole(self, 1);

	for (unsigned i = 0; i < 6; i += 4)
		MT_REQUIRE(vm->wire(mach_host_self(), self, pages + i * mt_page,
			       2 * mt_page, VM_PROT_DEFAULT),
		    KERN_SUCCESS);

	MT_CHECK(vm->wire(mach_host_self(), self, pages, 6 * mt_page,
		     VM_PROT_NONE),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(pages + 4 * mt_page, .user_wired_count = 1);
}

MT_CASE(wire, failed_wiring_brings_no_page_in, "wire-preflight",
    XNU26 "osfmk/vm/vm_map.c, vm_map_wire_preflight()",
    "mach_vm_wire() that fails for a region without access has looked at the "
    "whole range first: since macOS 26.4 no page below it is present.",
    .since = "26.4", .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(3);
	integer_t disposition = 0x77, references = 0x77;

	PROTECT(pages + mt_page, 1, VM_PROT_NONE);

	MT_CHECK(vm->wire(mach_host_self(), self, pages, 3 * mt_page,
		     VM_PROT_READ),
	    KERN_PROTECTION_FAILURE);

	MT_REQUIRE(stage->page_query(self, pages, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 0, .share_mode = SM_PRIVATE);
	MT_CHECK_REGION(pages + mt_page, .share_mode = SM_EMPTY);
}

MT_CASE(wire, wired_part_of_untouched_memory_stays_apart,
    "wire-part-of-untouched",
    XNU26 "osfmk/vm/vm_map.c, vm_map_wire_stabilize_entry_object()",
    "mach_vm_wire() of the middle of an untouched region splits it for good "
    "since macOS 26.4: unwired, the three pages are three regions still.",
    .since = "26.4", .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->wire(mach_host_self(), self, pages + mt_page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(vm->wire(mach_host_self(), self, pages + mt_page, mt_page,
		     VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE_ALIASED);
	MT_CHECK_REGION(pages + mt_page, .share_mode = SM_PRIVATE);
}

MT_CASE(machine_attribute, hole_leaves_the_start_of_the_range_split_as_well,
    "machine-attribute-hole",
    XNU26 "osfmk/vm/vm_map.c, vm_map_machine_attribute()",
    "mach_vm_machine_attribute() of MATTR_CACHE over pages and a hole is "
    "KERN_FAILURE and splits the region where the range begins.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = pages_and_hole(self);
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	MT_CHECK(vm->machine_attribute(self, pages + mt_page, 3 * mt_page,
		     MATTR_CACHE, &value),
	    KERN_FAILURE);

	MT_CHECK_LAYOUT(pages, "abb...");
}

MT_CASE(machine_attribute, flushed_part_is_one_region_again,
    "machine-attribute-clips",
    XNU26 "osfmk/vm/vm_map.c, vm_map_machine_attribute()",
    "mach_vm_machine_attribute() of MATTR_CACHE over a part of a region "
    "leaves the region whole.")
{
	mach_vm_address_t pages = pages_and_hole(self);
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	/* What a processor answers that has nothing to flush counts not. */
	(void)vm->machine_attribute(self, pages + mt_page, mt_page, MATTR_CACHE,
	    &value);

	MT_CHECK_LAYOUT(pages, "aaa...");
}
