/*
 * What macOS 26.4 changed in the order in which regions are judged, how far a
 * call gets that fails, and which pages may be given back; and what it left as
 * it was.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

/* [a][hole][b], each two pages, numbered from 0x11. */
static mach_vm_address_t
around_a_hole(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, pages + 4 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 2, 0x11);
	NUMBER_PAGES(pages + 4 * mt_page, 2, 0x15);
	return pages;
}

/* A page that may only be read, and nothing behind it. */
static mach_vm_address_t
read_only_and_a_hole(mach_port_name_t self, vm_prot_t protection)
{
	mach_vm_address_t page = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, page, mt_page, PLAIN),
	    KERN_SUCCESS);
	PROTECT(page, 1, protection);
	return page;
}

/* ---- behavior ------------------------------------------------------------ */

MT_CASE(behavior_set, read_only_memory_is_noticed_before_a_hole,
    "behavior-hole-order", XNU26 "osfmk/vm/vm_map.c, vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES over read-only memory and a hole above it "
    "is KERN_PROTECTION_FAILURE since macOS 26.4: what lies lower decides; "
    "before, holes were looked for first.")
{
	mach_vm_address_t page = read_only_and_a_hole(self, VM_PROT_READ);

	MT_CHECK(vm->behavior_set(self, page, 2 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_INVALID_ADDRESS));
}

MT_CASE(behavior_set, reuse_can_not_be_promised_for_a_hole,
    "behavior-can-reuse-hole-order",
    XNU26 "osfmk/vm/vm_map.c, vm_map_can_reuse()",
    "VM_BEHAVIOR_CAN_REUSE over a page and a hole is KERN_INVALID_ADDRESS, "
    "whichever of the two decides.",
    .needs = "native")
{
	mach_vm_address_t page = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, page, mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(page, 0x11);
	MT_CHECK(vm->behavior_set(self, page, 2 * mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->behavior_set(self, page + mt_page, mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(behavior_set, pages_above_a_hole_stay_active, "behavior-dontneed-stops",
    XNU26 "osfmk/vm/vm_map.c, vm_map_msync()",
    "VM_BEHAVIOR_DONTNEED over a hole is KERN_INVALID_ADDRESS; the pages "
    "below it are no longer referenced, and since macOS 26.4 those above it "
    "still are.",
    .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self);

	MT_CHECK(vm->behavior_set(self, pages, 6 * mt_page,
		     VM_BEHAVIOR_DONTNEED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(page_is(self, pages, VM_PAGE_QUERY_PAGE_REF), 0);
	MT_CHECK_NUMBER(page_is(self, pages + 4 * mt_page,
			    VM_PAGE_QUERY_PAGE_REF),
	    VM_PAGE_QUERY_PAGE_REF, MT_UNTIL(26.3, 0));
}

MT_CASE(behavior_set, freeing_a_page_leaves_its_neighbours,
    "behavior-free-no-clip", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_FREE of a page in the middle of a region does not split the "
    "region, and the pages beside it stay dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	NUMBER_PAGES(pages, 3, 1);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaa");
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_DIRTY),
		    i == 1 ? 0 : VM_PAGE_QUERY_PAGE_DIRTY);
	MT_CHECK_BYTE(pages, 1);
	MT_CHECK_BYTE(pages + 2 * mt_page, 3);
}

MT_CASE(behavior_set, memory_that_was_copied_is_not_given_back,
    "behavior-free-after-cow",
    XNU26 "osfmk/vm/vm_object.c, vm_object_no_shadowing()",
    "VM_BEHAVIOR_REUSABLE of memory of which a copy-on-write copy was made "
    "and is gone marks no page since macOS 26.4, until the memory is written "
    "to again.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), copy = 0;

	REMAP(copy, 4 * mt_page, VM_FLAGS_ANYWHERE, pages, TRUE);
	MT_REQUIRE(stage->deallocate(self, copy, 4 * mt_page), KERN_SUCCESS);

	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(page_is(self, pages, VM_PAGE_QUERY_PAGE_REUSABLE), 0,
	    MT_UNTIL(10.14, 0), MT_UNTIL(26.3, VM_PAGE_QUERY_PAGE_REUSABLE));

	TOUCH(pages + mt_page, 0x77);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(page_is(self, pages + mt_page,
			    VM_PAGE_QUERY_PAGE_REUSABLE),
	    VM_PAGE_QUERY_PAGE_REUSABLE, MT_UNTIL(10.14, 0));
}

/* ---- wire ---------------------------------------------------------------- */

MT_CASE(wire, reservation_is_refused_without_an_object, "wire-max-none",
    XNU26 "osfmk/vm/vm_map.c, vm_map_wire_impl()",
    "mach_vm_wire() for access to memory whose maximum is VM_PROT_NONE is "
    "KERN_PROTECTION_FAILURE, and since macOS 26.4 the memory gets no VM "
    "object by it.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, 2 * mt_page,
		     VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(pages, .size = 2 * mt_page, .user_wired_count = 0,
	    .share_mode = MT_VALUE(SM_EMPTY, MT_UNTIL(26.3, SM_PRIVATE)));
}

MT_CASE(wire, refused_memory_is_noticed_before_a_hole, "wire-order",
    XNU26 "osfmk/vm/vm_map.c, vm_map_wire_impl()",
    "mach_vm_wire() over memory without access and a hole above it is "
    "KERN_PROTECTION_FAILURE since macOS 26.4: what lies lower decides; "
    "before, the hole behind a region was noticed before its protection.",
    .needs = "privileged")
{
	mach_vm_address_t page = read_only_and_a_hole(self, VM_PROT_NONE);

	MT_CHECK(vm->wire(mach_host_self(), self, page, 2 * mt_page,
		     VM_PROT_READ),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_INVALID_ADDRESS));
}

/* ---- copy and remap ------------------------------------------------------ */

MT_CASE(read, source_of_a_large_read_is_split, "copyin-clips-source",
    XNU26 "osfmk/vm/vm_map.c, vm_map_copyin_internal()",
    "mach_vm_read() by reference of a part of touched memory splits the part "
    "off as copy-on-write; untouched memory stays whole and as it is.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3 * LARGE_PAGES);
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	MT_CHECK(vm->read(self, pages + LARGE, LARGE, &data, &count),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = 3 * LARGE, .share_mode = SM_EMPTY);
	MT_REQUIRE(stage->deallocate(self, data, LARGE), KERN_SUCCESS);

	NUMBER_PAGES(pages, 3 * LARGE_PAGES, 1);
	MT_CHECK(vm->read(self, pages + LARGE, LARGE, &data, &count),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages + LARGE, .address = (int64_t)(pages + LARGE),
	    .size = LARGE, .share_mode = SM_COW);
	MT_REQUIRE(stage->deallocate(self, data, LARGE), KERN_SUCCESS);
}

MT_CASE(remap, result_is_a_region_of_its_own, "remap-no-coalesce",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() does not join its result with a like region below or "
    "above, however much they continue each other, nor with "
    "VM_FLAGS_OVERWRITE.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(4), at;
	vm_prot_t current = 0, maximum = 0;

	for (unsigned i = 0; i < 12; i++) {
		at = hole + i % 4 * mt_page;
		MT_CHECK(vm->remap(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | (i < 4 ? 0 : VM_FLAGS_OVERWRITE),
			     self, pages + i % 4 * mt_page, i >= 8, &current,
			     &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		if (i % 4 == 3)
			MT_CHECK_LAYOUT(hole, "abcd");
	}
	MT_CHECK_BYTE(hole + 3 * mt_page, 4);
}
