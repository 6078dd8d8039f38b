/*
 * Which neighbour a new allocation joins.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(allocate, page_above_a_region_joins_it, "coalesce-small",
    VM_MAP_C "vm_map_enter()",
    "A small allocation directly above a region with equal attributes "
    "extends that region.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa.");
	MT_CHECK_REGION(hole + mt_page, .address = hole, .size = 2 * mt_page);
}

MT_CASE(allocate, page_below_a_region_stays_apart, "coalesce-only-upward",
    VM_MAP_C "vm_map_enter()",
    "An allocation directly below a region never joins it.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab.");
}

MT_CASE(allocate, descending_pages_stay_apart, "coal-backward-only",
    VM_MAP_C "vm_map_enter()",
    "Pages that are allocated one below the other remain separate regions.")
{
	mach_vm_address_t hole = mt_hole(4);

	for (unsigned i = 4; i-- > 0;)
		MT_CHECK(allocate_at(vm, self, hole + i * mt_page, mt_page,
			     PLAIN),
		    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abcd");
}

MT_CASE(allocate, descending_realloc_stays_apart, "coal-backward-only-realloc",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC asks to extend what lies below, not what lies above: "
    "pages that are allocated one below the other remain separate regions.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4);

	for (unsigned i = 4; i-- > 0;)
		MT_CHECK(allocate_at(vm, self, hole + i * mt_page, mt_page,
			     REALLOC),
		    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abcd");
}

MT_CASE(allocate, ascending_pages_are_one_region, "coal-backward-only-up",
    VM_MAP_C "vm_map_enter()",
    "Pages that are allocated one above the other become one region.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4);

	for (unsigned i = 0; i < 4; i++)
		MT_CHECK(allocate_at(vm, self, hole + i * mt_page, mt_page,
			     PLAIN),
		    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aaaa");
}

MT_CASE(allocate, page_between_two_regions_joins_the_lower, "coalesce-fill-gap",
    VM_MAP_C "vm_map_enter()",
    "An allocation that fills the hole between two regions joins the lower "
    "one only.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aab");
}

MT_CASE(allocate, region_below_a_hole_is_not_extended,
    "coal-backward-only-contact", VM_MAP_C "vm_map_enter()",
    "Only a region that ends where the new memory starts is extended.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "a.b");
}

/* The second page is the one above the first unless something else is. */
MT_CASE(allocate, memory_placed_by_the_kernel_joins_too,
    "coal-hint-is-predecessor", VM_MAP_C "vm_map_enter()",
    "Memory that VM_FLAGS_ANYWHERE places directly above a region extends "
    "it.",
    .needs = "native")
{
	mach_vm_address_t first = 0, second = 0;

	MT_REQUIRE(vm->allocate(self, &first, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->allocate(self, &second, mt_page,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_SKIP_UNLESS(second == first + mt_page,
	    "the place above the first page is taken");

	MT_CHECK_REGION(second, .size = 2 * mt_page);
}

MT_CASE(region, equal_neighbours_are_reported_apart,
    "coal-region-info-no-merge", VM_MAP_C "vm_map_region()",
    "mach_vm_region() reports single map entries: equal neighbours are "
    "never reported as one.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole;
	mach_vm_size_t size = 0;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t name = MACH_PORT_NULL;

	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->region(self, &address, &size, VM_REGION_BASIC_INFO_64,
		     (vm_region_info_t)&info, &count, &name),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_NUMBER(size, mt_page);
	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, small_page_maps_never_coalesce, "coal-subpage-map",
    VM_MAP_C "vm_map_enter()",
    "In a process whose pages are smaller than the kernel's, no allocation "
    "extends a region.",
    .needs = "translated")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, realloc_is_allowed_in_maps_of_small_pages,
    "coal-subpage-realloc-refused", VM_MAP_C "vm_map_enter()",
    "In a process whose pages are smaller than the kernel's, "
    "VM_MEMORY_REALLOC with VM_FLAGS_FIXED is KERN_NO_SPACE until macOS 14, "
    "even at a free address, but not with VM_FLAGS_OVERWRITE.",
    .needs = "translated")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, REALLOC), KERN_SUCCESS,
	    MT_UNTIL(14, KERN_NO_SPACE));
	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_OVERWRITE | REALLOC),
	    KERN_SUCCESS);
}

MT_CASE(map_anonymous, mapped_memory_joins_allocated_memory,
    "coal-same-for-map", VM_MAP_C "vm_map_enter()",
    "Anonymous memory of mach_vm_map() extends a region as an allocation "
    "does.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2), above = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->map_anonymous(self, &above, mt_page, 0,
		     VM_FLAGS_FIXED | PLAIN, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
}

MT_CASE(allocate, allocated_memory_joins_mapped_memory,
    "coal-same-for-map-below", VM_MAP_C "vm_map_enter()",
    "mach_vm_allocate() extends a region of mach_vm_map() that has equal "
    "attributes.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2), below = hole;

	MT_REQUIRE(stage->map_anonymous(self, &below, mt_page, 0,
		       VM_FLAGS_FIXED | PLAIN, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
}
