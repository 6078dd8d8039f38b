/*
 * Allocation at an address of the caller's choice.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(allocate, free_address_is_used, "alloc-fixed-free", "vm_allocate.html",
    "The kernel allocates the region starting at address unless that space "
    "is already allocated.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".a.");
}

MT_CASE(allocate, unaligned_address_is_truncated, "alloc-fixed-truncates",
    "vm_allocate.html",
    "If anywhere is TRUE, the returned address will be at a page boundary; "
    "otherwise, the region starts at the beginning of the virtual page "
    "containing address.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + 0x123;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_LAYOUT(hole, "a..");
}

/* Not the pages that [address, address + size) touches: two here. */
MT_CASE(allocate, end_is_counted_from_the_truncated_start,
    "alloc-fixed-truncates-end", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "VM_FLAGS_FIXED adds the rounded size to the truncated start to get the "
    "end.")
{
	mach_vm_address_t hole = mt_hole(3), address = hole + mt_page - 1;

	MT_CHECK(vm->allocate(self, &address, 2, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_LAYOUT(hole, "a..");
}

MT_CASE(allocate, address_zero_is_invalid, "alloc-fixed-zero",
    "vm_allocate.html",
    "KERN_INVALID_ADDRESS: The specified address is illegal or reserved.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_HOLE(0);
}

MT_CASE(allocate, page_zero_is_invalid, "alloc-fixed-below-min",
    "vm_allocate.html",
    "KERN_INVALID_ADDRESS: The specified address is illegal or reserved.")
{
	mach_vm_address_t below = mt_system()->minimum - mt_page;

	MT_SKIP_UNLESS(mt_system()->minimum > 2 * mt_page,
	    "the map begins at its first page");

	MT_CHECK(allocate_at(vm, self, mt_page, mt_page, 0),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(allocate_at(vm, self, below, mt_page, 0),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_HOLE(below);
}

MT_CASE(allocate, start_below_the_map_is_an_invalid_address,
    "alloc-fixed-below-min-across", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED refuses a range that begins below the map's minimum as "
    "a whole.")
{
	mach_vm_address_t below = mt_system()->minimum - mt_page;

	MT_CHECK(allocate_at(vm, self, below, 2 * mt_page, 0),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, map_maximum_is_invalid, "alloc-fixed-beyond-max",
    "vm_allocate.html",
    "KERN_INVALID_ADDRESS: The specified address is illegal or reserved.")
{
	MT_CHECK(allocate_at(vm, self, mt_system()->maximum, mt_page, 0),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(allocate_at(vm, self, UINT64_C(1) << 47, mt_page, 0),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(allocate_at(vm, self, UINT64_C(1) << 63, mt_page, 0),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, end_beyond_the_map_is_an_invalid_address,
    "alloc-fixed-beyond-max-across", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED refuses a range that ends above the map's maximum; it "
    "does not shorten it.")
{
	mach_vm_address_t last = mt_system()->maximum - mt_page;

	MT_CHECK(allocate_at(vm, self, last, 2 * mt_page, 0),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, x86_64_map_ends_at_the_comm_page, "layout-x86-max",
    XNU "osfmk/mach/i386/vm_param.h",
    "The map of a 64-bit process on x86_64 ends at 0x7fffffe00000, where "
    "the comm page is.",
    .arch = "x86_64")
{
	MT_CHECK_ADDRESS(mt_system()->maximum, UINT64_C(0x7fffffe00000));
	MT_CHECK(allocate_at(vm, self, UINT64_C(0x7fffffe00000), mt_page, 0),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, arm64_map_ends_below_2_to_the_47, "layout-arm64-max",
    XNU "osfmk/mach/arm/vm_param.h",
    "The map of a 64-bit process on arm64 ends at 0x7ffffe000000.",
    .arch = "arm64")
{
	MT_CHECK_ADDRESS(mt_system()->maximum, UINT64_C(0x7ffffe000000));
	MT_CHECK(allocate_at(vm, self, UINT64_C(0x7ffffe000000), mt_page, 0),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, page_zero_is_4_gib, "exec-pagezero",
    XNU "bsd/kern/mach_loader.c, load_segment()",
    "Page zero of a 64-bit process is 4 GiB and cannot be allocated.",
    .arch = "arm64")
{
	MT_CHECK_TRUE(mt_system()->minimum >= 4 * GIB);
	MT_CHECK(allocate_at(vm, self, 4 * GIB - mt_page, mt_page, 0),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, end_that_wraps_is_an_invalid_address, "alloc-fixed-wrap",
    XNU "osfmk/vm/vm_sanitize_error_compat.c",
    "VM_FLAGS_FIXED with a range that wraps past 2^64 is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t address = LAST_PAGE;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->allocate(self, &address, 2 * mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_ADDRESS(address, LAST_PAGE);
}

MT_CASE(allocate, range_that_ends_at_the_maximum_is_allocated,
    "alloc-fixed-exact-end", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED accepts a range that ends exactly at the map's maximum.",
    .needs = "native")
{
	mach_vm_address_t last = free_last_page();

	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, last, mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_REGION(last, .address = (int64_t)last,
		    .size = (int64_t)mt_page, .is_submap = FALSE,
		    .user_tag = MT_TAG);
		MT_CHECK(allocate_at(vm, self, last, 2 * mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_INVALID_ADDRESS);
	}
}

MT_CASE(allocate, last_page_of_the_map_is_like_any_other,
    "alloc-fixed-exact-end-routines", VM_MAP_C "vm_map_range_check()",
    "The page that ends where the map does is protected, copied, advised, "
    "inherited, synchronised, read, written and deallocated like any other.",
    .needs = "native")
{
	mach_vm_address_t last = free_last_page();

	MT_CHILD {
		uint32_t value = 0x51525354;
		mach_vm_size_t size = 0;

		MT_REQUIRE(allocate_at(vm, self, last, mt_page,
			       VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(stage->write(self, last + mt_page - sizeof(value),
			     (vm_offset_t)(uintptr_t)&value, sizeof(value)),
		    KERN_SUCCESS);
		MT_CHECK(stage->protect(self, last, mt_page, FALSE,
			     VM_PROT_DEFAULT | VM_PROT_COPY),
		    KERN_SUCCESS);
		MT_CHECK(stage->inherit(self, last, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(stage->behavior_set(self, last, mt_page,
			     VM_BEHAVIOR_RANDOM),
		    KERN_SUCCESS);
		MT_CHECK(stage->msync(self, last, mt_page,
			     VM_SYNC_ASYNCHRONOUS),
		    KERN_SUCCESS);
		MT_CHECK_REGION(last, .address = (int64_t)last,
		    .size = (int64_t)mt_page, .inheritance = VM_INHERIT_NONE,
		    .behavior = VM_BEHAVIOR_RANDOM,
		    .protection = VM_PROT_DEFAULT);
		value = 0;
		MT_CHECK(stage->read_overwrite(self,
			     last + mt_page - sizeof(value), sizeof(value),
			     (mach_vm_address_t)(uintptr_t)&value, &size),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(value, 0x51525354);
		MT_CHECK(stage->deallocate(self, last, mt_page), KERN_SUCCESS);
		MT_CHECK_HOLE(last);
	}
}

MT_CASE(allocate, last_page_of_the_map_belongs_to_it,
    "alloc-fixed-exact-end-occupied", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED at the last page of the map is KERN_NO_SPACE where "
    "something is mapped, and succeeds where nothing is; one page beyond is "
    "KERN_INVALID_ADDRESS.",
    .needs = "native")
{
	mach_vm_address_t last = mt_system()->maximum - mt_page;
	struct mt_region region;
	kern_return_t kr = mt_region_at(last, &region) ? KERN_NO_SPACE :
							 KERN_SUCCESS;

	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, last, 2 * mt_page, PLAIN),
		    KERN_INVALID_ADDRESS);
		MT_CHECK(allocate_at(vm, self, last, mt_page, PLAIN), kr);
	}
}

MT_CASE(allocate, occupied_address_has_no_space, "alloc-fixed-occupied",
    "vm_allocate.html",
    "The kernel allocates the region starting at address unless that space "
    "is already allocated.")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	TOUCH(page, 0x11);

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_FIXED | TAG(241)),
	    KERN_NO_SPACE);

	MT_CHECK_ADDRESS(address, page);
	MT_CHECK_BYTE(page, 0x11);
	MT_CHECK_REGION(page, .address = page, .size = mt_page,
	    .user_tag = MT_TAG);
}

MT_CASE(allocate, each_page_of_a_region_is_occupied,
    "alloc-fixed-occupied-each", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED is KERN_NO_SPACE at every page of a region: the first, "
    "one inside and the last.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(allocate_at(vm, self, pages, mt_page, 0), KERN_NO_SPACE);
	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, 0),
	    KERN_NO_SPACE);
	MT_CHECK(allocate_at(vm, self, pages + 2 * mt_page, mt_page, 0),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(allocate, occupied_end_has_no_space, "alloc-fixed-occupied-end",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED is KERN_NO_SPACE for a range whose end is occupied; "
    "nothing is mapped at its free start.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, 3 * mt_page, PLAIN),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(hole, "..a");
}

MT_CASE(allocate, occupied_start_has_no_space, "alloc-fixed-occupied-start",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED is KERN_NO_SPACE for a range whose start is occupied; "
    "nothing is mapped at its free end.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, 3 * mt_page, PLAIN),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(hole, "a..");
}

MT_CASE(allocate, occupied_middle_has_no_space, "alloc-fixed-occupied-middle",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED is KERN_NO_SPACE for a range around a region; nothing "
    "is mapped on either side.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, 3 * mt_page, PLAIN),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(hole, ".a.");
}

MT_CASE(allocate, inaccessible_region_occupies_its_address,
    "alloc-fixed-occupied-none", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED is KERN_NO_SPACE at a region of VM_PROT_NONE as at any "
    "other.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(vm->protect(self, page, mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, page, mt_page, 0), KERN_NO_SPACE);

	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
}

MT_CASE(allocate, bounds_are_checked_before_occupancy,
    "alloc-fixed-order-bounds-before-occupied", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED with a range that leaves the map is "
    "KERN_INVALID_ADDRESS even when its start is occupied.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(allocate_at(vm, self, page,
		     mt_system()->maximum - page + mt_page, 0),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}

MT_CASE(allocate, page_directly_above_a_region_can_be_allocated,
    "alloc-fixed-adjacent", VM_MAP_C "vm_map_enter()",
    "The kernel puts no guard between regions: VM_FLAGS_FIXED gets the page "
    "directly above one.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, ".ab");
}

MT_CASE(allocate, page_directly_below_a_region_can_be_allocated,
    "alloc-fixed-adjacent-below", VM_MAP_C "vm_map_enter()",
    "The kernel puts no guard between regions: VM_FLAGS_FIXED gets the page "
    "directly below one.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, TAG(241)), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab.");
}

MT_CASE(allocate, hole_of_the_exact_size_can_be_allocated,
    "alloc-fixed-adjacent-both", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED fills a hole that is exactly as large as the new "
    "region.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abc");
}

MT_CASE(allocate, fixed_address_has_63_bits, "alloc-fixed-bit-63",
    XNU26 "osfmk/vm/vm_map_store_internal.h, vm_map_store_rsv_t",
    "VM_FLAGS_FIXED at an address whose bit 63 differs from bit 62 takes the "
    "place without bit 63 since macOS 26.4; it was KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(1), at = hole | UINT64_C(1) << 63;

	MT_CHECK(vm->allocate(self, &at, mt_page, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS, MT_UNTIL(26.3, KERN_INVALID_ADDRESS));
	MT_CHECK_ADDRESS(at, hole, MT_UNTIL(26.3, hole | UINT64_C(1) << 63));
	MT_CHECK_NUMBER(count_regions(hole, hole + mt_page), 1,
	    MT_UNTIL(26.3, 0));
}
