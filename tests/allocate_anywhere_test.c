/*
 * Allocation where the kernel finds room.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Where the next region of this size goes, left free again. */
static mach_vm_address_t
next_place(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_size_t size)
{
	mach_vm_address_t address = 0;

	MT_REQUIRE(vm->allocate(self, &address, size, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->deallocate(self, address, size), KERN_SUCCESS);
	return address;
}

/* Every page of [start, end) belongs to a region. */
static bool
is_full(mach_vm_address_t start, mach_vm_address_t end)
{
	struct mt_region region;

	while (start < end) {
		if (!mt_region_at(start, &region))
			return false;
		start = (mach_vm_address_t)(region.address + region.size);
	}
	return true;
}

MT_CASE(allocate, address_is_page_aligned_and_in_the_map,
    "alloc-anywhere-aligned", "vm_allocate.html",
    "If anywhere is TRUE, the returned address will be at a page boundary; "
    "otherwise, the region starts at the beginning of the virtual page "
    "containing address.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 1, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address & (mt_page - 1), 0);
	MT_CHECK_TRUE(address != 0);
	MT_CHECK_TRUE(address >= mt_system()->minimum);
	MT_CHECK_TRUE(address + mt_page <= mt_system()->maximum);
}

MT_CASE(allocate, hint_at_a_free_address_is_ignored, "alloc-anywhere-no-hint",
    VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_ANYWHERE makes the address an output only: the search starts "
    "at the bottom of the map.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole;
	mach_vm_address_t place = next_place(vm, self, 2 * mt_page);

	MT_CHECK(vm->allocate(self, &address, 2 * mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, place);
}

MT_CASE(allocate, hint_beyond_the_map_is_ignored,
    "alloc-anywhere-no-hint-beyond", VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_ANYWHERE ignores the address given, even one above the map's "
    "maximum.")
{
	mach_vm_address_t place = next_place(vm, self, mt_page);
	mach_vm_address_t address = LAST_PAGE;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, place);
}

MT_CASE(allocate, unaligned_hint_is_ignored, "alloc-anywhere-no-hint-unaligned",
    VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_ANYWHERE ignores the address given, even one that is not "
    "page-aligned.")
{
	mach_vm_address_t place = next_place(vm, self, mt_page);
	mach_vm_address_t address = UINT64_MAX - 1;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, place);
}

MT_CASE(allocate, hint_at_an_occupied_address_is_ignored,
    "alloc-anywhere-no-hint-occupied", VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_ANYWHERE leaves the memory at the address given alone.")
{
	mach_vm_address_t page = mt_pages(1), address = page;
	mach_vm_address_t place = next_place(vm, self, mt_page);

	TOUCH(page, 0x11);

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, place);
	MT_CHECK_BYTE(page, 0x11);
}

/*
 * A program that grows its memory with VM_FLAGS_ANYWHERE | REALLOC and the
 * address behind it: the place is free and yet not the one it gets.
 *
 *	before	[p]  .  [other]		hint: the hole behind p
 *	below	somewhere lower a hole of one page
 */
MT_CASE(allocate, anywhere_with_realloc_does_not_grow, "s2-allocate-ignores",
    VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_ANYWHERE with VM_MEMORY_REALLOC takes the lowest hole that "
    "fits, not the free space after the block that is to grow: only a fixed "
    "address grows a block.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + mt_page;
	mach_vm_address_t lower = next_place(vm, self, mt_page);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(lower != hole + mt_page);

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_ANYWHERE | REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, lower);
	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(allocate, anywhere_with_realloc_succeeds_where_growing_cannot,
    "s2-allocate-ignores-occupied", VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_ANYWHERE with VM_MEMORY_REALLOC succeeds even though the "
    "space after the block is occupied.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + mt_page;

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_ANYWHERE | REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(address != hole + mt_page);
	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, consecutive_pages_leave_no_hole, "alloc-anywhere-first-fit",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "VM_FLAGS_ANYWHERE takes the lowest hole that fits: two pages allocated "
    "in a row leave no hole between them.")
{
	mach_vm_address_t first = 0, second = 0;

	MT_REQUIRE(vm->allocate(self, &first, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->allocate(self, &second, mt_page,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(first < second);
	MT_CHECK_TRUE(is_full(first, second));
}

MT_CASE(allocate, freed_hole_is_used_again, "layout-first-fit",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "VM_FLAGS_ANYWHERE takes the lowest hole that fits: here the one that "
    "was just freed.")
{
	mach_vm_address_t first = 0, second = 0, third = 0;

	MT_REQUIRE(vm->allocate(self, &first, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->allocate(self, &second, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->deallocate(self, first, mt_page), KERN_SUCCESS);

	MT_CHECK(vm->allocate(self, &third, mt_page, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(third, first);
}

MT_CASE(allocate, hole_that_is_too_small_is_passed_over,
    "layout-first-fit-size", VM_MAP_C "vm_map_locate_space_anywhere()",
    "VM_FLAGS_ANYWHERE passes over a hole that is smaller than the region.")
{
	mach_vm_address_t first = 0, second = 0, third = 0;

	MT_REQUIRE(vm->allocate(self, &first, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->allocate(self, &second, mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->deallocate(self, first, mt_page), KERN_SUCCESS);

	MT_CHECK(vm->allocate(self, &third, 2 * mt_page,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(third > second);
	MT_CHECK_HOLE(first);
}

MT_CASE(allocate, random_addresses_differ, "alloc-random-addr",
    VM_MAP_C "vm_map_random_address_for_size()",
    "VM_FLAGS_RANDOM_ADDR starts the search at a random page.")
{
	mach_vm_address_t first = 0, second = 0;
	const int flags = VM_FLAGS_ANYWHERE | VM_FLAGS_RANDOM_ADDR | PLAIN;

	MT_CHECK(vm->allocate(self, &first, mt_page, flags), KERN_SUCCESS);
	MT_CHECK(vm->allocate(self, &second, mt_page, flags), KERN_SUCCESS);
	MT_REQUIRE(vm->deallocate(self, first, mt_page), KERN_SUCCESS);
	MT_REQUIRE(vm->deallocate(self, second, mt_page), KERN_SUCCESS);

	MT_CHECK_TRUE(first != second);
	MT_CHECK_ADDRESS(first & (mt_page - 1), 0);
}

MT_CASE(allocate, random_address_is_not_the_lowest, "layout-random",
    VM_MAP_C "vm_map_random_address_for_size()",
    "VM_FLAGS_RANDOM_ADDR does not take the lowest hole: eight calls cannot "
    "all return the same address by chance.")
{
	mach_vm_address_t place = next_place(vm, self, mt_page);
	unsigned same = 0;

	for (unsigned i = 0; i < 8; i++) {
		mach_vm_address_t address = 0;

		MT_CHECK(vm->allocate(self, &address, mt_page,
			     VM_FLAGS_ANYWHERE | VM_FLAGS_RANDOM_ADDR),
		    KERN_SUCCESS);
		same += address == place;
		MT_REQUIRE(vm->deallocate(self, address, mt_page),
		    KERN_SUCCESS);
	}

	MT_CHECK_TRUE(same < 8);
}

MT_CASE(allocate, random_is_ignored_at_a_fixed_address,
    "alloc-random-addr-fixed", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_RANDOM_ADDR has no effect without VM_FLAGS_ANYWHERE.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_RANDOM_ADDR | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_LAYOUT(hole, "a");
}

MT_CASE(allocate, overwrite_is_ignored_with_anywhere,
    "alloc-overwrite-anywhere-ignored", "vm_statistics.h",
    "VM_FLAGS_OVERWRITE is to be used in combination with VM_FLAGS_FIXED: "
    "with VM_FLAGS_ANYWHERE it has no effect.")
{
	mach_vm_address_t page = mt_pages(1), address = page;
	mach_vm_address_t place = next_place(vm, self, mt_page);

	TOUCH(page, 0x11);

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_OVERWRITE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, place);
	MT_CHECK_BYTE(page, 0x11);
}
