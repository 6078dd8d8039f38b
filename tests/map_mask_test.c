/*
 * The alignment mask of mach_vm_map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Map one page with a mask; *address is in and out. */
static kern_return_t
map(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *address, mach_vm_offset_t mask, int flags)
{
	return vm->map_anonymous(self, address, mt_page, mask, flags | PLAIN,
	    VM_PROT_DEFAULT);
}

MT_CASE(map_anonymous, masked_bits_of_the_result_are_zero, "map-mask-anywhere",
    "vm_map.html",
    "Bits turned on in the mask will not be turned on in the starting "
    "address.")
{
	static const mach_vm_offset_t masks[] = { 0xffff, 0x1fffff, 0xffffff };

	for (unsigned i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		mach_vm_address_t address = 0;

		MT_CHECK(map(vm, self, &address, masks[i], VM_FLAGS_ANYWHERE),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(address & masks[i], 0);
		MT_CHECK_REGION(address, .user_tag = MT_TAG);
		MT_CHECK(stage->deallocate(self, address, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, hole_may_be_just_large_enough_for_the_mask,
    "map-mask-anywhere-exact", VM_MAP_C "vm_map_locate_space()",
    "mach_vm_map() anywhere takes a hole that is just large enough behind its "
    "first address without bits of the mask.")
{
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page), at = hole;

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 3 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, hole + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(map(vm, self, &at, 2 * mt_page - 1, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(at, hole + 2 * mt_page);
}

MT_CASE(map_anonymous, random_place_has_the_masked_bits_zero,
    "map-mask-anywhere-random", VM_MAP_C "vm_map_locate_space()",
    "mach_vm_map() meets the mask with VM_FLAGS_RANDOM_ADDR, too, until macOS "
    "26.3: the search for a hole goes on from the random page; since 26.4 the "
    "random page is taken as it is.")
{
	mach_vm_address_t masked = 0;

	/* By chance all are aligned once in 2^40 runs at the most. */
	for (unsigned i = 0; i < 4; i++) {
		mach_vm_address_t address = 0;

		MT_CHECK(map(vm, self, &address, 0xffffff,
			     VM_FLAGS_ANYWHERE | VM_FLAGS_RANDOM_ADDR),
		    KERN_SUCCESS);
		masked |= address & 0xffffff;
		MT_CHECK(stage->deallocate(self, address, mt_page),
		    KERN_SUCCESS);
	}
	MT_CHECK_NUMBER(masked != 0, TRUE, MT_UNTIL(26.3, FALSE));
}

MT_CASE(map_anonymous, mask_below_a_page_has_no_effect,
    "map-mask-anywhere-small",
    VM_MAP_STORE_C "vm_map_store_find_space_forward()",
    "mach_vm_map() meets a mask smaller than a page at every page.")
{
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page);
	mach_vm_address_t address = hole + mt_page;

	MT_CHECK(map(vm, self, &address, mt_page - 1, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page);
}

MT_CASE(map_anonymous, hint_advances_to_the_mask, "map-mask-anywhere-hint",
    VM_MAP_STORE_C "vm_map_store_find_space_forward()",
    "mach_vm_map() goes from the hint up to the next address that has no "
    "bit of the mask.")
{
	mach_vm_address_t hole = mt_hole_aligned(8, 8 * mt_page);
	mach_vm_address_t address = hole + mt_page;

	MT_CHECK(map(vm, self, &address, 4 * mt_page - 1, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + 4 * mt_page);
	MT_CHECK_LAYOUT(hole, "....a...");
}

MT_CASE(map_anonymous, hint_that_meets_the_mask_is_used,
    "map-mask-anywhere-met", VM_MAP_STORE_C "vm_map_store_find_space_forward()",
    "mach_vm_map() takes a hint that has no bit of the mask.")
{
	mach_vm_address_t hole = mt_hole_aligned(8, 8 * mt_page);
	mach_vm_address_t address = hole + 4 * mt_page;

	MT_CHECK(map(vm, self, &address, 4 * mt_page - 1, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + 4 * mt_page);
}

MT_CASE(map_anonymous, hole_too_small_for_the_mask_is_passed_over,
    "map-mask-anywhere-passed",
    VM_MAP_STORE_C "vm_map_store_find_space_forward()",
    "mach_vm_map() passes over a hole whose aligned part is smaller than "
    "the mapping.")
{
	mach_vm_address_t hole = mt_hole_aligned(8, 8 * mt_page);
	mach_vm_address_t address = hole;

	/* Free: pages 1 to 3 and 5 to 7; no multiple of four within. */
	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 4 * mt_page, mt_page,
		       TAG(242)),
	    KERN_SUCCESS);

	MT_CHECK(map(vm, self, &address, 4 * mt_page - 1, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(address >= hole + 8 * mt_page);
	MT_CHECK_LAYOUT(hole, "a...b...");
	MT_CHECK(stage->deallocate(self, address, mt_page), KERN_SUCCESS);
}

MT_CASE(map_anonymous, mask_of_all_ones_has_no_space, "map-mask-all-ones",
    VM_MAP_STORE_C "vm_map_store_find_space_forward()",
    "mach_vm_map() with a mask that no address meets is KERN_NO_SPACE.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(map(vm, self, &address, UINT64_MAX, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK(map(vm, self, &address, UINT64_MAX >> 1, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, 0);
}

MT_CASE(map_anonymous, mask_with_gaps_is_taken_literally,
    "map-mask-noncontiguous", VM_SANITIZE_C "vm_sanitize_mask()",
    "mach_vm_map() accepts a mask with gaps: from a hint the start becomes "
    "(start + mask) & ~mask.")
{
	mach_vm_address_t hole = mt_hole_aligned(16, 16 * mt_page);
	mach_vm_address_t address = hole + mt_page;

	/* Pages 0, 2, 8, 10 within 16 meet it: 1 + 5 is 6, less 5 is 2. */
	MT_CHECK(map(vm, self, &address, 5 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + 2 * mt_page);
}

MT_CASE(map_anonymous, bits_of_a_mask_below_the_page_have_no_effect,
    "map-mask-noncontiguous-low",
    VM_MAP_STORE_C "vm_map_store_find_space_forward()",
    "mach_vm_map() meets the bits of a mask below the page size at every "
    "page.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole;

	MT_CHECK(map(vm, self, &address, 0x123, VM_FLAGS_FIXED), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(map_anonymous, fixed_address_against_the_mask_has_no_space,
    "map-mask-fixed", "vm_map.html",
    "mach_vm_map() at a fixed address with a bit of the mask is "
    "KERN_NO_SPACE.")
{
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page);
	mach_vm_address_t address = hole + mt_page;

	MT_CHECK(map(vm, self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_HOLE(hole + mt_page);
}

MT_CASE(map_anonymous, fixed_address_that_meets_the_mask_is_used,
    "map-mask-fixed-met", "vm_map.html",
    "mach_vm_map() at a fixed address without a bit of the mask succeeds.")
{
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page);
	mach_vm_address_t address = hole;

	MT_CHECK(map(vm, self, &address, 4 * mt_page - 1, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "a...");
}

MT_CASE(map_anonymous, mask_is_checked_before_the_bounds_of_the_map,
    "map-mask-fixed-order", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() checks a fixed address against the mask before the map's "
    "bounds.")
{
	mach_vm_address_t address = mt_page;

	MT_CHECK(map(vm, self, &address, 0xfffff, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK(map(vm, self, &address, 0, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(map_anonymous, mask_failure_with_overwrite_removes_nothing,
    "map-mask-fixed-overwrite", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE at an address with a bit of the mask fails before "
    "anything is removed.")
{
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page);
	mach_vm_address_t address = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, 4 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(hole + mt_page, 0x51);

	MT_CHECK(map(vm, self, &address, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_NO_SPACE);
	MT_CHECK_LAYOUT(hole, "aaaa");
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}
