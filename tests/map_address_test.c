/*
 * Where mach_vm_map puts a mapping: sizes, fixed addresses, hints.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Map anonymous memory; *address is in and out. */
static kern_return_t
map(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *address, mach_vm_size_t size, int flags)
{
	return vm->map_anonymous(self, address, size, 0, flags | PLAIN,
	    VM_PROT_DEFAULT);
}

MT_CASE(map_anonymous, size_zero_is_an_invalid_argument, "map-size-zero",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "Unlike allocate, map refuses a size of 0, fixed or anywhere.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(map(vm, self, &address, 0, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK(map(vm, self, &address, 0, VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map_anonymous, size_is_rounded_up_to_pages, "map-size-round",
    "vm_map.html", "The size is rounded up to a whole number of pages.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole;

	MT_CHECK(map(vm, self, &address, mt_page + 1, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aa.");
}

MT_CASE(map_anonymous, size_of_one_byte_maps_a_page, "map-size-round-byte",
    "vm_map.html", "The size is rounded up to a whole number of pages.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole;

	MT_CHECK(map(vm, self, &address, 1, VM_FLAGS_FIXED), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(map_anonymous, size_that_rounds_to_zero_is_an_invalid_argument,
    "map-size-round-overflow", VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "A size within a page of 2^64 rounds up to 0 and is refused.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(map(vm, self, &address, UINT64_MAX, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map(vm, self, &address, LAST_PAGE + 1, VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(address, hole);
}

MT_CASE(map_anonymous, largest_size_has_no_space_anywhere,
    "map-size-round-largest", VM_MAP_C "vm_map_locate_space_anywhere()",
    "The largest size that does not overflow finds no space.",
    .needs = "native")
{
	mach_vm_address_t address = 0;

	MT_CHECK(map(vm, self, &address, LAST_PAGE, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK(map(vm, self, &address, UINT64_C(1) << 47, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, 0);
}

MT_CASE(map_anonymous, fixed_address_is_truncated_to_a_page,
    "map-addr-truncated", "vm_map.html",
    "A fixed address is truncated to its page, and the result says so.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page + 0x10;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".a.");
}

MT_CASE(map_anonymous, unaligned_end_does_not_add_a_page,
    "map-addr-truncated-end", VM_MAP_C "vm_map_enter()",
    "Address and size are rounded apart: two bytes across a boundary map "
    "the first page alone.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + mt_page - 1;

	MT_CHECK(map(vm, self, &address, 2, VM_FLAGS_FIXED), KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(map_anonymous, hint_in_a_hole_is_taken, "map-anywhere-hint",
    "mach_vm.defs",
    "With ANYWHERE the result is at or beyond the address given: at it when "
    "there is room.")
{
	mach_vm_address_t hole = mt_hole(8), address = hole + 3 * mt_page;

	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + 3 * mt_page);
	MT_CHECK_LAYOUT(hole, "...aa...");
}

MT_CASE(map_anonymous, unaligned_hint_is_truncated,
    "map-anywhere-hint-unaligned", VM_MAP_C "vm_map_enter()",
    "A hint is truncated to its page.")
{
	mach_vm_address_t hole = mt_hole(4), address = hole + mt_page + 5;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page);
}

MT_CASE(map_anonymous, hint_at_the_last_page_has_room_for_one_page,
    "map-anywhere-hint-last", VM_MAP_C "vm_map_locate_space_anywhere()",
    "The search ends at the map's maximum and never begins again below: "
    "above the hint there is no room for two pages.",
    .arch = "arm64")
{
	mach_vm_address_t last = mt_system()->maximum - mt_page;
	mach_vm_address_t address = last;

	MT_SKIP_UNLESS(mt_read(last).exception != 0 &&
		count_regions(last, last + mt_page) == 0,
	    "something is mapped at the end of the map");
	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, last);
	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, last);
	MT_CHECK(stage->deallocate(self, last, mt_page), KERN_SUCCESS);
}

MT_CASE(map_anonymous, hint_within_the_last_region_has_no_space,
    "search-hint-shared-region", VM_MAP_C "vm_map_locate_space_anywhere()",
    "Until macOS 11 the shared region reaches the map's maximum: a hint in "
    "it finds nothing above and is not tried below.",
    .arch = "x86_64", .until = "11", .needs = "native")
{
	mach_vm_address_t address = UINT64_C(0x7fff80000000);

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, 0x7fff80000000);
}

MT_CASE(map_anonymous, hint_beyond_the_maximum_has_no_space,
    "map-anywhere-hint-beyond-max", VM_MAP_C "vm_map_locate_space_anywhere()",
    "A hint at or above the map's maximum finds no space.")
{
	mach_vm_address_t address = mt_system()->maximum;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, mt_system()->maximum);

	address = LAST_PAGE;
	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, LAST_PAGE);
}

MT_CASE(map_anonymous, hint_below_the_minimum_is_raised,
    "map-anywhere-hint-below-min", VM_MAP_C "vm_map_locate_space_anywhere()",
    "A hint below the map's minimum is raised to it.")
{
	mach_vm_address_t address = mt_page;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(address >= mt_system()->minimum);
	MT_CHECK_REGION(address, .user_tag = MT_TAG);
	MT_CHECK(stage->deallocate(self, address, mt_page), KERN_SUCCESS);
}

MT_CASE(map_anonymous, hint_within_a_region_moves_up,
    "map-anywhere-hint-occupied", VM_MAP_C "vm_map_locate_space_anywhere()",
    "A hint inside a region moves up to the next hole that fits.")
{
	mach_vm_address_t pages = mt_pages(6), address = pages;

	MT_REQUIRE(stage->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + 4 * mt_page, 2 * mt_page),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "aa.b..");

	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, pages + 4 * mt_page);
}

MT_CASE(map_anonymous, hole_that_fits_exactly_is_taken,
    "map-anywhere-hint-fits", VM_MAP_C "vm_map_locate_space_anywhere()",
    "The lowest hole above the hint that is large enough is taken, be it "
    "exactly so large.")
{
	mach_vm_address_t pages = mt_pages(6), address = pages;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, 2 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, pages + mt_page);
}

MT_CASE(map_anonymous, fixed_end_beyond_2_64_is_refused, "map-fixed-wrap",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "A fixed range whose end wraps past 2^64 is an invalid argument; until "
    "macOS 14 it was an invalid address, as it still is for allocate.")
{
	mach_vm_address_t address = LAST_PAGE;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_INVALID_ADDRESS));
	MT_CHECK_ADDRESS(address, LAST_PAGE);
}

MT_CASE(map_anonymous, fixed_size_that_wraps_is_refused, "map-fixed-wrap-size",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "The same where the size, not the address, is near 2^64.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(map(vm, self, &address, LAST_PAGE, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_INVALID_ADDRESS));
	MT_CHECK_HOLE(hole);
}

MT_CASE(map_anonymous, fixed_address_out_of_the_map_is_an_invalid_address,
    "map-fixed-bounds-occupied", VM_MAP_C "vm_map_enter()",
    "A fixed range below the map's minimum or above its maximum is an "
    "invalid address.")
{
	mach_vm_address_t below = 0, first = mt_page;
	mach_vm_address_t above = mt_system()->maximum;
	mach_vm_address_t kernel = UINT64_C(0xffffff8000200000);

	MT_CHECK(map(vm, self, &below, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(map(vm, self, &first, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(map(vm, self, &above, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(map(vm, self, &kernel, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(map_anonymous, fixed_range_across_the_maximum_is_an_invalid_address,
    "map-fixed-bounds-across", VM_MAP_C "vm_map_enter()",
    "A fixed range may not reach beyond the map's maximum.")
{
	mach_vm_address_t address = mt_system()->maximum - mt_page;

	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(address, mt_system()->maximum - mt_page);
}

MT_CASE(map_anonymous, fixed_address_that_is_taken_has_no_space,
    "map-fixed-occupied", VM_MAP_C "vm_map_enter()",
    "A fixed range that touches a region has no space, and nothing is "
    "mapped in its free part.")
{
	mach_vm_address_t pages = mt_pages(4), address = pages + mt_page;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, 2 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK(map(vm, self, &address, 3 * mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_LAYOUT(pages, "a..b");
	address = pages;
	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_LAYOUT(pages, "a..b");
}

MT_CASE(map_anonymous, overwrite_replaces_what_was_there, "map-fixed-overwrite",
    VM_MAP_C "vm_map_enter()",
    "With OVERWRITE the fixed range is emptied first: the new mapping is "
    "zero, what lies beside it stays.")
{
	mach_vm_address_t pages = mt_pages(3), address = pages + mt_page;

	TOUCH_PAGES(pages, 3, 0x51);

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE | TAG(251),
		     VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_READ,
	    .user_tag = 251);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x51);
}

MT_CASE(map_anonymous, mapping_extends_the_region_below, "map-coalesces",
    VM_MAP_C "vm_map_enter()",
    "A mapping like the region that ends where it begins becomes part of "
    "it, as an allocation does.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aa.");
}

MT_CASE(map_anonymous, mapping_of_other_protection_stays_apart,
    "map-coalesces-protection", VM_MAP_C "vm_map_enter()",
    "A mapping of another protection is a region of its own.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab.");
}

MT_CASE(map_anonymous, hint_is_for_map_alone, "doc-allocate-hint",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "The same address is where map begins its search and means nothing to "
    "allocate.")
{
	mach_vm_address_t hole = mt_hole(2), hint = hole + mt_page;
	mach_vm_address_t mapped = hint, allocated = hint;

	MT_REQUIRE(stage->allocate(self, &allocated, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(allocated != hint);

	MT_CHECK(map(vm, self, &mapped, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(mapped, hint);
}
