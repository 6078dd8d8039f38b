/*
 * mach_vm_reallocate where the pages behind the range are free: it grows
 * there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "reallocate.h"

#define MALLOC_TINY TAG(7)

/* Grow in place, anywhere. */
static void
grow_here(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages, unsigned from, unsigned to, int flags)
{
	mach_vm_address_t address = NOWHERE;

	MT_REQUIRE(grow(vm, self, pages, from, &address, to,
		       VM_FLAGS_ANYWHERE | flags),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, pages);
}

MT_CASE(reallocate, range_grows_into_free_pages, "reallocate-in-place",
    "vm_reallocate.html",
    "mach_vm_reallocate() extends a range in place when the addresses behind "
    "it are free: address and bytes stay.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 3);

	grow_here(vm, self, pages, 2, 5, PLAIN);

	check_numbers(pages, 2);
	for (unsigned i = 2; i < 5; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0);
	MT_CHECK_WRITABLE(pages + 4 * mt_page);
}

MT_CASE(reallocate, grown_part_is_a_region_of_its_own,
    "reallocate-in-place-separate-region", REALLOCATE_C "vm_map_enter()",
    "What mach_vm_reallocate() adds in place is never one region with what "
    "lies below, not even with VM_MEMORY_REALLOC; a later allocation behind it "
    "joins it.",
    .needs = "native")
{
	for (unsigned i = 0; i < 2; i++) {
		const int flags = i == 0 ? PLAIN : REALLOC;
		mach_vm_address_t pages = mt_hole(6);

		MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
		    KERN_SUCCESS);

		grow_here(vm, self, pages, 2, 4, flags);
		MT_CHECK_LAYOUT(pages, "aabb..");
		MT_CHECK_REGION(pages + 2 * mt_page, .offset = 0,
		    .share_mode = SM_EMPTY);

		MT_REQUIRE(allocate_at(stage, self, pages + 4 * mt_page,
			       2 * mt_page, flags),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, "aabbbb");
		/* Not even when both are made alike. */
		PROTECT(pages, 6, VM_PROT_READ);
		MT_CHECK_LAYOUT(pages, "aabbbb");
	}
}

MT_CASE(reallocate, grown_part_is_like_the_first_region,
    "reallocate-in-place-tail-attributes", REALLOCATE_C "vm_map_relocate()",
    "What mach_vm_reallocate() adds in place has the protections and the "
    "inheritance of the first region of the source, not of its last.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 2);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE,
		       VM_PROT_READ | VM_PROT_WRITE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, pages, mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);

	grow_here(vm, self, pages, 2, 4, OTHER);

	MT_CHECK_LAYOUT(pages, "abcc");
	MT_CHECK_REGION(pages + 2 * mt_page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ | VM_PROT_WRITE,
	    .inheritance = VM_INHERIT_NONE, .behavior = VM_BEHAVIOR_DEFAULT,
	    .user_tag = OTHER_TAG);
}

MT_CASE(reallocate, large_grown_part_is_split,
    "reallocate-in-place-tail-chunks", REALLOCATE_C "vm_map_enter()",
    "What mach_vm_reallocate() adds in place is split in regions of 128 MiB, "
    "from its own start on.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2,
	    (unsigned)(CHUNK / mt_page) + 1);
	mach_vm_address_t tail = pages + 2 * mt_page, address = NOWHERE;

	MT_REQUIRE(vm->reallocate(self, pages, 2 * mt_page, &address,
		       CHUNK + 3 * mt_page, 0, 0, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_REGION(tail, .address = tail, .size = CHUNK);
	MT_CHECK_REGION(tail + CHUNK, .address = tail + CHUNK, .size = mt_page);
}

MT_CASE(reallocate, grown_part_of_small_blocks_has_an_object,
    "reallocate-in-place-malloc-tag", REALLOCATE_C "vm_map_enter()",
    "What mach_vm_reallocate() adds in place with a tag of small malloc "
    "blocks has a VM object before it is touched.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 1);

	grow_here(vm, self, pages, 1, 2, MALLOC_TINY);

	MT_CHECK_REGION(pages + mt_page, .share_mode = SM_PRIVATE,
	    .pages_resident = 0, .user_tag = 7);
}

MT_CASE(reallocate, growing_a_part_leaves_it_split, "reallocate-in-place-clips",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() of the end of a region grows in place and leaves "
    "that end a region of its own.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 3, 1);

	grow_here(vm, self, pages + 2 * mt_page, 1, 2, PLAIN);

	MT_CHECK_LAYOUT(pages, "aabc");
	check_numbers(pages, 3);
}

MT_CASE(reallocate, tag_in_place_is_that_of_the_grown_part,
    "reallocate-tag-in-place-kept", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() in place gives the tag of its flags to what it "
    "adds; what was there keeps its own.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 2);

	grow_here(vm, self, pages, 1, 2, OTHER);
	MT_CHECK_REGION(pages, .user_tag = MT_TAG);
	MT_CHECK_REGION(pages + mt_page, .user_tag = OTHER_TAG);

	grow_here(vm, self, pages, 2, 3, 0);
	MT_CHECK_REGION(pages, .user_tag = MT_TAG);
	MT_CHECK_REGION(pages + mt_page, .user_tag = OTHER_TAG);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_tag = 0);
}

MT_CASE(reallocate, place_behind_is_tried_before_the_hint,
    "reallocate-tries-place-before-hint", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() anywhere grows in place where it can, whatever the "
    "hint is.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 1), hint = mt_hole(4);
	mach_vm_address_t address = hint;

	MT_CHECK(grow(vm, self, pages, 1, &address, 2, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_LAYOUT(hint, "....");
}

MT_CASE(reallocate, zero_fill_means_nothing_in_place,
    "reallocate-zero-fill-in-place", REALLOCATE_C "vm_map_relocate()",
    "VM_REALLOCATE_ZERO_FILL_SOURCE has no effect when mach_vm_reallocate() "
    "grows in place.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 1), address = NOWHERE;

	MT_CHECK(vm->reallocate(self, pages, 2 * mt_page, &address, 3 * mt_page,
		     0, VM_REALLOCATE_ZERO_FILL_SOURCE,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_LAYOUT(pages, "aab");
	check_numbers(pages, 2);
}

MT_CASE(reallocate, equal_sizes_change_nothing,
    "reallocate-same-size-is-nothing", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() anywhere to the old size succeeds with the old "
    "address and does nothing, even where nothing is mapped.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 1), hole = mt_hole(2);
	mach_vm_address_t address = hole;

	MT_CHECK(grow(vm, self, pages, 2, &address, 2,
		     VM_FLAGS_ANYWHERE | OTHER),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_LAYOUT(pages, "aa.");
	MT_CHECK_REGION(pages, .user_tag = MT_TAG);

	address = NOWHERE;
	MT_CHECK(grow(vm, self, hole, 2, &address, 2, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_LAYOUT(hole, "..");
}

MT_CASE(reallocate, permanent_memory_of_equal_size_is_nothing_to_do,
    "reallocate-permanent-same-size", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() anywhere of permanent memory to its own size "
    "succeeds and changes nothing.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2), address = NOWHERE;

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);

		MT_CHECK(grow(vm, self, hole, 1, &address, 1,
			     VM_FLAGS_ANYWHERE),
		    KERN_SUCCESS);

		MT_CHECK_ADDRESS(address, hole);
		MT_CHECK_LAYOUT(hole, "a.");
	}
}

MT_CASE(reallocate, range_against_the_mask_is_moved,
    "reallocate-same-size-moves-for-mask", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() anywhere of a range that does not fit the "
    "alignment mask moves it to a place that does, even to its own size and "
    "with free addresses behind it.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole_aligned(6, MIB);
	mach_vm_address_t pages = hole + mt_page, address = NOWHERE;

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(pages, 0x11);

	MT_CHECK(vm->reallocate(self, pages, mt_page, &address, mt_page,
		     MIB - 1, 0, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(address & (MIB - 1), 0);
	MT_CHECK_TRUE(address != pages);
	MT_CHECK_BYTE(address, 0x11);
	MT_CHECK_HOLE(pages);
}

MT_CASE(reallocate, wired_range_stays_wired_in_place,
    "reallocate-wired-in-place", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() in place keeps what is wired so and wires nothing "
    "of what it adds.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = block(self, 2, 1);

	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, 2 * mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	grow_here(vm, self, pages, 2, 3, PLAIN);

	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_wired_count = 0);
}
