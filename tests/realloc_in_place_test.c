/*
 * realloc by growing in place: allocate at the end of what is there, with
 * VM_MEMORY_REALLOC, and free all as one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define LARGE TAG(VM_MEMORY_MALLOC_LARGE)

/* A block of a page at the start of a hole of n. */
static mach_vm_address_t
block(const struct mt_route *vm, mach_port_name_t self, unsigned n)
{
	mach_vm_address_t hole = mt_hole(n);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, LARGE), KERN_SUCCESS);
	TOUCH(hole, 0x11);
	return hole;
}

MT_CASE(allocate, block_grows_where_the_next_pages_are_free, "s1-extend-free",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED directly above a block succeeds at that address when it "
    "is free.",
    .needs = "native")
{
	mach_vm_address_t old = block(vm, self, 3), address = old + mt_page;

	MT_CHECK(vm->allocate(self, &address, 2 * mt_page,
		     VM_FLAGS_FIXED | REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, old + mt_page);
	MT_CHECK_NUMBER(count_regions(old + mt_page, old + 3 * mt_page) > 0, 1);
}

MT_CASE(allocate, grown_block_is_one_region, "s1-one-region",
    VM_MAP_C "vm_map_enter()",
    "After VM_MEMORY_REALLOC has extended it several times a block is one "
    "region with its first tag.",
    .needs = "native")
{
	mach_vm_address_t old = block(vm, self, 6);

	for (unsigned i = 1; i < 6; i++)
		MT_CHECK(allocate_at(vm, self, old + i * mt_page, mt_page,
			     REALLOC),
		    KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "aaaaaa");
	MT_CHECK_REGION(old, .user_tag = VM_MEMORY_MALLOC_LARGE);
}

MT_CASE(allocate, doubled_block_is_one_region, "s1-one-region-doubled",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC that doubles a block leaves one region up to 128 "
    "MiB.",
    .needs = "native")
{
	mach_vm_address_t old = block(vm, self, (unsigned)(16 * MIB / mt_page));

	for (mach_vm_size_t size = mt_page; size < 16 * MIB; size *= 2)
		MT_CHECK(allocate_at(vm, self, old + size, size, REALLOC),
		    KERN_SUCCESS);

	MT_CHECK_REGION(old, .address = old, .size = 16 * MIB,
	    .user_tag = VM_MEMORY_MALLOC_LARGE);
	MT_CHECK_BYTE(old, 0x11);
}

MT_CASE(allocate, old_bytes_stay_in_place, "s1-data-kept",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC in place moves nothing: the old bytes stay at their "
    "addresses.",
    .needs = "native")
{
	mach_vm_address_t old = block(vm, self, 2);

	TOUCH(old + mt_page - 1, 0x22);

	MT_CHECK(allocate_at(vm, self, old + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(old, 0x11);
	MT_CHECK_BYTE(old + mt_page - 1, 0x22);
}

MT_CASE(allocate, added_bytes_are_zero, "s1-extend-zero", "vm_allocate.html",
    "A new region is always zero filled.", .needs = "native")
{
	mach_vm_address_t old = block(vm, self, 2);

	MT_CHECK(allocate_at(vm, self, old + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(old + mt_page, 0);
	MT_CHECK_BYTE(old + 2 * mt_page - 1, 0);
	MT_CHECK_WRITABLE(old + mt_page);
}

MT_CASE(allocate, occupied_pages_stop_growth, "s1-extend-fails-clean",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED directly above a block is KERN_NO_SPACE when the pages "
    "are occupied, and changes nothing.")
{
	mach_vm_address_t old = block(vm, self, 2);

	MT_REQUIRE(allocate_at(vm, self, old + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(old + mt_page, 0x33);

	MT_CHECK(allocate_at(vm, self, old + mt_page, mt_page, REALLOC),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(old, "ab");
	MT_CHECK_REGION(old + mt_page, .user_tag = MT_TAG);
	MT_CHECK_BYTE(old, 0x11);
	MT_CHECK_BYTE(old + mt_page, 0x33);
}

MT_CASE(allocate, realloc_over_a_page_has_no_space, "realloc-tag-occupied",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC at an occupied address is KERN_NO_SPACE: it replaces "
    "nothing.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);

	MT_CHECK(allocate_at(vm, self, page, mt_page, REALLOC), KERN_NO_SPACE);

	MT_CHECK_BYTE(page, 0x11);
	MT_CHECK_REGION(page, .user_tag = MT_TAG);
}

MT_CASE(allocate, partly_occupied_range_is_left_alone, "realloc-tag-partial",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC over a range that is partly occupied allocates "
    "nothing in its free part.")
{
	mach_vm_address_t old = block(vm, self, 3);

	MT_REQUIRE(allocate_at(vm, self, old + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, old + mt_page, 2 * mt_page, REALLOC),
	    KERN_NO_SPACE);

	MT_CHECK_LAYOUT(old, "a.b");
}

MT_CASE(deallocate, grown_block_is_deallocated_in_one_call, "s1-dealloc-all",
    VM_MAP_C "vm_map_delete()",
    "One mach_vm_deallocate() removes a block with all its extensions.",
    .needs = "native")
{
	mach_vm_address_t old = block(vm, self, 4);

	for (unsigned i = 1; i < 4; i++)
		MT_REQUIRE(allocate_at(vm, self, old + i * mt_page, mt_page,
			       REALLOC),
		    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, old, 4 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "....");
	MT_CHECK_FAULT(mt_read(old), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
}

MT_CASE(deallocate, shrunk_block_loses_its_tail, "s1-shrink-tail",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a block's tail leaves its head.")
{
	mach_vm_address_t old = mt_pages(4);

	TOUCH_PAGES(old, 4, 0x11);

	MT_CHECK(vm->deallocate(self, old + 2 * mt_page, 2 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "aa..");
	MT_CHECK_BYTE(old + 2 * mt_page - 1, 0);
	MT_CHECK_BYTE(old + mt_page, 0x11);
	MT_CHECK_FAULT(mt_read(old + 2 * mt_page), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, shrunk_block_grows_again, "s1-shrink-regrow",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC grows a block that was shrunk: one region, the new "
    "part zero.",
    .needs = "native")
{
	mach_vm_address_t old = mt_pages(4);

	TOUCH_PAGES(old, 4, 0x11);
	MT_REQUIRE(vm->deallocate(self, old + 2 * mt_page, 2 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, old + 2 * mt_page, 2 * mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "aaaa");
	MT_CHECK_BYTE(old + mt_page, 0x11);
	MT_CHECK_BYTE(old + 2 * mt_page, 0);
	MT_CHECK_BYTE(old + 3 * mt_page, 0);
}

MT_CASE(allocate, copied_block_grows_into_two_regions, "s1-vmcopy-extend-after",
    VM_OBJECT_C "vm_object_coalesce()",
    "VM_MEMORY_REALLOC grows a block that was copied by reference as a "
    "second region directly above.",
    .needs = "native")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t old = mt_hole(n + 1), copy = mt_pages(n);

	MT_REQUIRE(allocate_at(vm, self, old, n * mt_page, LARGE),
	    KERN_SUCCESS);
	TOUCH_PAGES(old, n, 0x11);
	MT_REQUIRE(stage->copy(self, old, n * mt_page, copy), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, old + n * mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(old, old + (n + 1) * mt_page), 2);
	MT_CHECK_BYTE(old + (n - 1) * mt_page, 0x11);
	MT_CHECK_BYTE(old + n * mt_page, 0);
	MT_CHECK_BYTE(copy, 0x11);
}

/* Whatever the regions are, the memory is contiguous. */
MT_CASE(allocate, block_that_cannot_coalesce_grows_as_two_regions,
    "s1-extend-free-two-regions", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC grows a block that cannot be extended as a second "
    "region; one mach_vm_deallocate() removes both.",
    .needs = "native")
{
	mach_vm_address_t old = block(vm, self, 2);

	MT_REQUIRE(stage->behavior_set(self, old, mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, old + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(old, "ab");
	MT_CHECK(vm->deallocate(self, old, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "..");
}

MT_CASE(map_anonymous, block_grows_by_vm_map, "s1-extend-free-map",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC grows a block by mach_vm_map() as by "
    "mach_vm_allocate().",
    .needs = "native")
{
	mach_vm_address_t old = block(stage, self, 2);
	mach_vm_address_t address = old + mt_page;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | REALLOC, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "aa");
	MT_CHECK_REGION(old, .user_tag = VM_MEMORY_MALLOC_LARGE);
	MT_CHECK_BYTE(old, 0x11);
}
