/*
 * More of what locks of single regions changed in macOS 26.4, and what they
 * left as it was: advice, wiring, copies and parts of memory entries.
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

	MT_REQUIRE(allocate_at(stage, self, pages, 6 * mt_page, PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 6, 0x11);
	PUNCH(pages + 2 * mt_page, 2);
	return pages;
}

MT_CASE(behavior_set, reusable_is_all_or_nothing, "behavior-reusable-atomic",
    XNU26 "osfmk/vm/vm_map.c, vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE over pages and a hole is KERN_INVALID_ADDRESS; "
    "since macOS 26.4 no page is reusable then.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self);

	MT_CHECK(vm->behavior_set(self, pages, 6 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_INVALID_ADDRESS);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_DIRTY |
					VM_PAGE_QUERY_PAGE_REUSABLE),
		    VM_PAGE_QUERY_PAGE_DIRTY);
}

MT_CASE(behavior_set, reuse_is_all_or_nothing, "behavior-reusable-atomic-reuse",
    XNU26 "osfmk/vm/vm_map.c, vm_map_reuse_pages()",
    "VM_BEHAVIOR_REUSE over reusable pages and a hole is "
    "KERN_INVALID_ADDRESS; since macOS 26.4 the pages stay reusable then.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self);

	MT_REQUIRE(vm->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 6 * mt_page, VM_BEHAVIOR_REUSE),
	    KERN_INVALID_ADDRESS);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_REUSABLE),
		    VM_PAGE_QUERY_PAGE_REUSABLE);
}

MT_CASE(behavior_set, freeing_stops_at_a_hole, "behavior-free-stops",
    XNU26 "osfmk/vm/vm_map.c, vm_map_behavior_set()",
    "VM_BEHAVIOR_FREE over pages and a hole is KERN_INVALID_ADDRESS; the "
    "pages below the hole are freed, those above are not.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self);

	MT_CHECK(vm->behavior_set(self, pages, 6 * mt_page, VM_BEHAVIOR_FREE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(page_is(self, pages + mt_page,
			    VM_PAGE_QUERY_PAGE_DIRTY),
	    0);
	MT_CHECK_NUMBER(page_is(self, pages + 4 * mt_page,
			    VM_PAGE_QUERY_PAGE_DIRTY),
	    VM_PAGE_QUERY_PAGE_DIRTY);
	MT_CHECK_BYTE(pages + 4 * mt_page, 0x15);
}

MT_CASE(behavior_set, zeroing_stops_at_read_only_memory, "behavior-zero-denied",
    XNU26 "osfmk/vm/vm_map.c, vm_map_zero()",
    "VM_BEHAVIOR_ZERO over pages of which one is read-only is "
    "KERN_PROTECTION_FAILURE, and those below it are zero.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = four_pages();

	PROTECT(pages + mt_page, 1, VM_PROT_READ);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 2);
	MT_CHECK_BYTE(pages + 2 * mt_page, 3);
}

MT_CASE(msync, holes_are_passed_over_unless_contiguous, "msync-not-contiguous",
    XNU26 "osfmk/vm/vm_map.c, vm_map_msync()",
    "mach_vm_msync() with VM_SYNC_KILLPAGES passes over a hole; with "
    "VM_SYNC_CONTIGUOUS it is KERN_INVALID_ADDRESS.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = around_a_hole(self);

	MT_CHECK(vm->msync(self, pages, 6 * mt_page, VM_SYNC_KILLPAGES),
	    KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 6 * mt_page,
		     VM_SYNC_KILLPAGES | VM_SYNC_CONTIGUOUS),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(wire, failed_wiring_leaves_the_start_of_the_range_split,
    "wire-failure-clips", XNU26 "osfmk/vm/vm_map.c, vm_map_wire_impl()",
    "mach_vm_wire() of untouched pages and a hole or a page that refuses it "
    "fails, gives the pages below a VM object and splits the region where the "
    "range begins.",
    .since = "26.4", .needs = "native privileged")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t pages = mt_hole(6);

		MT_REQUIRE(allocate_at(stage, self, pages, (3 + i) * mt_page,
			       PLAIN),
		    KERN_SUCCESS);
		if (i == 1)
			PROTECT(pages + 3 * mt_page, 1, VM_PROT_READ);
		MT_CHECK(vm->wire(mach_host_self(), self, pages + mt_page,
			     3 * mt_page, VM_PROT_DEFAULT),
		    i == 0 ? KERN_INVALID_ADDRESS : KERN_PROTECTION_FAILURE);

		MT_CHECK_LAYOUT(pages, i == 0 ? "abb..." : "abbc..");
		MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE_ALIASED,
		    .user_wired_count = 0);
		MT_CHECK_REGION(pages + mt_page,
		    .share_mode = SM_PRIVATE_ALIASED, .user_wired_count = 0,
		    .pages_resident = 0);
	}
}

MT_CASE(wire, wired_untouched_region_stays_private, "wire-whole-untouched",
    XNU26 "osfmk/vm/vm_map.c, vm_map_wire_stabilize_entry_object()",
    "mach_vm_wire() of the whole of an untouched region leaves it private "
    "and one region, wired and unwired.",
    .since = "26.4", .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_CHECK(vm->wire(mach_host_self(), self, pages, 2 * mt_page,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = 2 * mt_page, .share_mode = SM_PRIVATE,
	    .user_wired_count = 1);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, 2 * mt_page,
		     VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = 2 * mt_page, .share_mode = SM_PRIVATE,
	    .user_wired_count = 0);
}

MT_CASE(copy, source_below_a_hole_is_copy_on_write, "copyin-failure-marks",
    XNU26 "osfmk/vm/vm_map.c, vm_map_copyin_internal()",
    "mach_vm_copy() of 128 KiB or more from pages and a hole is "
    "KERN_INVALID_ADDRESS and leaves the pages copy-on-write.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	PUNCH(from + LARGE / 2, LARGE_PAGES / 2);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(from, .size = LARGE / 2, .share_mode = SM_COW);
	MT_CHECK_REGION(to, .size = LARGE, .share_mode = SM_EMPTY);
	MT_CHECK_BYTE(from, 1);
}

MT_CASE(remap, source_below_a_hole_has_an_object, "remap-extract-stream",
    XNU26 "osfmk/vm/vm_map.c, vm_map_remap_extract()",
    "mach_vm_remap() of pages and a hole is KERN_INVALID_ADDRESS; the pages "
    "below the hole have a VM object then, or are copy-on-write.",
    .since = "26.4", .needs = "native")
{
	for (unsigned copies = 0; copies < 2; copies++) {
		mach_vm_address_t pages = mt_hole(4), result = 0;
		vm_prot_t current = 0, maximum = 0;

		MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
		    KERN_SUCCESS);
		if (copies)
			NUMBER_PAGES(pages, 2, 1);
		MT_CHECK(vm->remap(self, &result, 4 * mt_page, 0,
			     VM_FLAGS_ANYWHERE, self, pages, (boolean_t)copies,
			     &current, &maximum, VM_INHERIT_COPY),
		    KERN_INVALID_ADDRESS);
		MT_CHECK_REGION(pages, .size = 2 * mt_page,
		    .share_mode = copies ? SM_COW : SM_PRIVATE);
	}
}

/* Map size bytes at offset of an entry of four pages: how many pages. */
static void
check_part(const struct mt_route *vm, mach_port_name_t self,
    mach_port_name_t entry, mach_vm_address_t hole, uint64_t offset,
    uint64_t size, const char *picture, uint8_t byte)
{
	mach_vm_address_t address = hole;

	MT_CHECK(vm->map(self, &address, size, 0, VM_FLAGS_FIXED | PLAIN, entry,
		     offset, FALSE, RW, RW, VM_INHERIT_COPY),
	    byte != 0 ? KERN_SUCCESS : KERN_INVALID_ARGUMENT);
	MT_CHECK_LAYOUT(hole, picture);
	if (byte == 0)
		return;
	MT_CHECK_BYTE(hole, byte);
	MT_REQUIRE(stage->deallocate(self, hole, 6 * mt_page), KERN_SUCCESS);
}

MT_CASE(map, parts_of_entries_end_with_a_page, "map-copy-entry-partial-sizes",
    XNU26 "osfmk/vm/vm_map.c, vm_map_enter_mem_object()",
    "mach_vm_map() of a part of a memory entry of MAP_MEM_VM_SHARE or "
    "MAP_MEM_VM_COPY maps the pages that the part touches, since macOS 26.4; "
    "KERN_INVALID_ARGUMENT beyond the entry.",
    .since = "26.4", .needs = "native")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t pages = four_pages(), hole = mt_hole(6);
		memory_object_size_t size = 4 * mt_page;
		mach_port_name_t entry = MACH_PORT_NULL;

		MT_REQUIRE(stage->make_memory_entry(self, &size, pages,
			       (i == 0 ? MAP_MEM_VM_SHARE : MAP_MEM_VM_COPY) |
				   RW,
			       &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		check_part(vm, self, entry, hole, 0, 4 * mt_page, "aaaa..", 1);
		check_part(vm, self, entry, hole, mt_page, mt_page, "a.....",
		    2);
		check_part(vm, self, entry, hole, 1, 2 * mt_page, "aaa...", 1);
		check_part(vm, self, entry, hole, mt_page / 2, mt_page,
		    "aa....", 1);
		check_part(vm, self, entry, hole, mt_page, mt_page + 1,
		    "aa....", 2);
		check_part(vm, self, entry, hole, 3 * mt_page, 2 * mt_page,
		    "......", 0);
		check_part(vm, self, entry, hole, 0, 5 * mt_page, "......", 0);
	}
}
