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
    "mach_vm_map() refuses a size of 0, fixed or anywhere, unlike "
    "mach_vm_allocate().")
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
    "vm_map.html",
    "mach_vm_map() rounds the size up to a whole number of pages.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole;

	MT_CHECK(map(vm, self, &address, mt_page + 1, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aa.");
}

MT_CASE(map_anonymous, size_of_one_byte_maps_a_page, "map-size-round-byte",
    "vm_map.html", "mach_vm_map() of one byte maps a page.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole;

	MT_CHECK(map(vm, self, &address, 1, VM_FLAGS_FIXED), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(map_anonymous, size_that_rounds_to_zero_is_an_invalid_argument,
    "map-size-round-overflow", VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "mach_vm_map() refuses a size that rounds up to 2^64 with "
    "KERN_INVALID_ARGUMENT.")
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
    "mach_vm_map() of the largest size that can be rounded is "
    "KERN_NO_SPACE.",
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
    "mach_vm_map() truncates a fixed address to its page and returns the "
    "truncated address.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page + 0x10;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".a.");
}

MT_CASE(map_anonymous, unaligned_end_does_not_add_a_page,
    "map-addr-truncated-end", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() rounds address and size separately: two bytes across a "
    "page boundary map the first page alone.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + mt_page - 1;

	MT_CHECK(map(vm, self, &address, 2, VM_FLAGS_FIXED), KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(map_anonymous, free_hint_is_used, "map-anywhere-hint", "mach_vm.defs",
    "mach_vm_map() with VM_FLAGS_ANYWHERE searches from the address given "
    "and takes it if there is space.")
{
	mach_vm_address_t hole = mt_hole(8), address = hole + 3 * mt_page;

	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + 3 * mt_page);
	MT_CHECK_LAYOUT(hole, "...aa...");
}

MT_CASE(map_anonymous, hole_among_many_regions_is_found,
    "map-anywhere-hint-many", VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE finds the first free page above its "
    "hint, wherever among a hundred regions that is.")
{
	enum { MANY = 120 };
	const mach_vm_address_t hole = mt_hole(MANY);
	mach_vm_address_t at;

	for (unsigned i = 0; i < MANY; i++) {
		at = hole + i * mt_page;
		if (i % 8 != 5)
			MT_REQUIRE(stage->map(self, &at, mt_page, 0,
				       VM_FLAGS_FIXED, MACH_PORT_NULL, 0, FALSE,
				       i % 2 ? VM_PROT_READ : VM_PROT_DEFAULT,
				       VM_PROT_DEFAULT, VM_INHERIT_COPY),
			    KERN_SUCCESS);
	}
	for (unsigned i = 5; i < MANY; i += 8) {
		at = hole;
		MT_CHECK(map(vm, self, &at, mt_page, VM_FLAGS_ANYWHERE),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(at, hole + i * mt_page);
	}
}

MT_CASE(map_anonymous, hint_has_63_bits, "map-anywhere-hint-bit-63",
    XNU26 "osfmk/vm/vm_map_store_internal.h, vm_map_store_rsv_t",
    "mach_vm_map() with VM_FLAGS_ANYWHERE from a free place with bit 63 set "
    "takes that place since macOS 26.4; nothing is above it until 26.3, "
    "KERN_NO_SPACE.")
{
	mach_vm_address_t hole = mt_hole(1), at = hole | UINT64_C(1) << 63;

	MT_CHECK(map(vm, self, &at, mt_page, VM_FLAGS_ANYWHERE), KERN_SUCCESS,
	    MT_UNTIL(26.3, KERN_NO_SPACE));
	MT_CHECK_ADDRESS(at, hole, MT_UNTIL(26.3, hole | UINT64_C(1) << 63));
}

MT_CASE(map_anonymous, unaligned_hint_is_truncated,
    "map-anywhere-hint-unaligned", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE truncates the address given to "
    "its page.")
{
	mach_vm_address_t hole = mt_hole(4), address = hole + mt_page + 5;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page);
}

MT_CASE(map_anonymous, hint_at_the_last_page_fits_one_page,
    "map-anywhere-hint-last", VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE searches up to the map's maximum "
    "only: two pages do not fit above a hint at the last page.",
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
    "VM_FLAGS_ANYWHERE with an address in the shared region, which reached "
    "the map's maximum until macOS 11, is KERN_NO_SPACE: no address below "
    "is tried.",
    .arch = "x86_64", .until = "11", .needs = "native")
{
	mach_vm_address_t address = UINT64_C(0x7fff80000000);

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, 0x7fff80000000);
}

MT_CASE(map_anonymous, hint_beyond_the_maximum_has_no_space,
    "map-anywhere-hint-beyond-max", VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE is KERN_NO_SPACE for an address "
    "at or above the map's maximum.")
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
    "mach_vm_map() with VM_FLAGS_ANYWHERE raises an address below the map's "
    "minimum to it.")
{
	mach_vm_address_t address = mt_page;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(address >= mt_system()->minimum);
	MT_CHECK_REGION(address, .user_tag = MT_TAG);
	MT_CHECK(stage->deallocate(self, address, mt_page), KERN_SUCCESS);
}

MT_CASE(map_anonymous, occupied_hint_moves_up, "map-anywhere-hint-occupied",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE goes from an occupied address up "
    "to the next hole that fits.")
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

MT_CASE(map_anonymous, hole_that_fits_exactly_is_used, "map-anywhere-hint-fits",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE takes a hole above the hint that "
    "is exactly as large as the mapping.")
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
    "mach_vm_map() of a fixed range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT; until macOS 14 it was KERN_INVALID_ADDRESS, as "
    "mach_vm_allocate() still answers.")
{
	mach_vm_address_t address = LAST_PAGE;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_INVALID_ADDRESS));
	MT_CHECK_ADDRESS(address, LAST_PAGE);
}

MT_CASE(map_anonymous, fixed_size_that_wraps_is_refused, "map-fixed-wrap-size",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "mach_vm_map() of a fixed range whose size is near 2^64 and makes it "
    "wrap is KERN_INVALID_ARGUMENT; until macOS 14 it was "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(map(vm, self, &address, LAST_PAGE, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_INVALID_ADDRESS));
	MT_CHECK_HOLE(hole);
}

MT_CASE(map_anonymous, fixed_address_outside_the_map_is_an_invalid_address,
    "map-fixed-bounds-occupied", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of a fixed range below the map's minimum or above its "
    "maximum is KERN_INVALID_ADDRESS.")
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
    "mach_vm_map() of a fixed range that crosses the map's maximum is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t address = mt_system()->maximum - mt_page;

	MT_CHECK(map(vm, self, &address, 2 * mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(address, mt_system()->maximum - mt_page);
}

MT_CASE(map_anonymous, occupied_fixed_range_has_no_space, "map-fixed-occupied",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of a fixed range that is partly occupied is "
    "KERN_NO_SPACE and maps nothing in the free part.")
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
    "VM_FLAGS_OVERWRITE makes mach_vm_map() remove what is in the range "
    "first: the new mapping is zero, the neighbours stay.")
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
    "mach_vm_map() extends the region that ends where the new mapping "
    "begins when their attributes are equal, as mach_vm_allocate() does.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aa.");
}

MT_CASE(map_anonymous, mapping_of_another_protection_stays_apart,
    "map-coalesces-protection", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of memory with another protection makes a region of its "
    "own.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab.");
}

MT_CASE(map_anonymous, hint_is_used_by_map_alone, "doc-allocate-hint",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_map() with VM_FLAGS_ANYWHERE searches from the address given; "
    "mach_vm_allocate() ignores it.")
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
