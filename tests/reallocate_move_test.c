/*
 * mach_vm_reallocate where something is behind the range: it moves.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "reallocate.h"

#define MALLOC_TINY TAG(7)

/* What cannot grow in place, grown: where it is. */
static mach_vm_address_t
move(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t pages,
    unsigned from, unsigned to, int flags)
{
	mach_vm_address_t address = NOWHERE;

	MT_REQUIRE(grow(vm, self, pages, from, &address, to,
		       VM_FLAGS_ANYWHERE | flags),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(address != pages);
	return address;
}

/* The same to a hole of its own, whose neighbourhood is known. */
static mach_vm_address_t
move_to_hole(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages, unsigned from, unsigned to, int flags)
{
	mach_vm_address_t hole = mt_hole(to);

	MT_REQUIRE(grow_to(vm, self, pages, from, hole, to, flags),
	    KERN_SUCCESS);
	return hole;
}

MT_CASE(reallocate, range_moves_when_it_cannot_grow, "reallocate-moves",
    "vm_reallocate.html",
    "mach_vm_reallocate() anywhere moves the range when the addresses behind "
    "it are not free.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0);
	mach_vm_address_t address = move(vm, self, pages, 2, 4, PLAIN);

	MT_CHECK_NUMBER(address & (mt_page - 1), 0);
	check_numbers(address, 2);
	MT_CHECK_WRITABLE(address + 3 * mt_page);
	MT_CHECK_LAYOUT(pages, "..");
}

MT_CASE(reallocate, moved_range_lies_at_the_hint, "reallocate-moves-hint",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() that moves takes the lowest free place at the hint "
    "or above it.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 0), hole = mt_hole(4);
	mach_vm_address_t address = hole + mt_page;

	MT_CHECK(grow(vm, self, pages, 1, &address, 2,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".ab.");
}

MT_CASE(reallocate, nothing_is_free_above_the_hint, "reallocate-moves-hint-end",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_NO_SPACE: mach_vm_reallocate() that would move to a hint above which "
    "nothing is free: what is free below does not count, nor does a mask.",
    .needs = "native")
{
	const mach_vm_address_t hint = (UINT64_C(1) << 60) + mt_page;
	mach_vm_address_t pages = block(self, 1, 0), address = hint;

	MT_CHECK(grow(vm, self, pages, 1, &address, 2, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
	MT_CHECK(vm->reallocate(self, pages, mt_page, &address, 2 * mt_page,
		     MIB - 1, 0, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);

	MT_CHECK_ADDRESS(address, hint);
	MT_CHECK_BYTE(pages, 0x11);
}

MT_CASE(reallocate, hint_need_not_fit_the_mask, "reallocate-moves-hint-mask",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "A hint of mach_vm_reallocate() may be against the mask: the range moves "
    "to an address that is not.",
    .needs = "native")
{
	for (unsigned i = 1; i < 4; i++) {
		mach_vm_address_t pages = block(self, 2, 0);
		mach_vm_address_t hole = mt_hole_aligned(32, 16 * mt_page);
		mach_vm_address_t address = hole + i * mt_page;

		MT_CHECK(vm->reallocate(self, pages, 2 * mt_page, &address,
			     4 * mt_page, 16 * mt_page - 1,
			     VM_REALLOCATE_DEALLOCATE_SOURCE,
			     VM_FLAGS_ANYWHERE | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(address, hole + 16 * mt_page);
		check_numbers(address, 2);
		MT_CHECK_LAYOUT(pages, "..");
	}
}

MT_CASE(reallocate, gap_before_the_source_is_too_small,
    "reallocate-moves-not-into-itself", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() that moves does not use the addresses of the "
    "source for the new place.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4), pages = hole + 2 * mt_page;
	mach_vm_address_t address = hole;

	MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 2, 0x11);

	MT_CHECK(grow(vm, self, pages, 2, &address, 4, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(address >= hole + 4 * mt_page);
	MT_CHECK_LAYOUT(hole, "....");
	check_numbers(address, 2);
}

MT_CASE(reallocate, source_as_the_hint_moves_upwards,
    "reallocate-hint-is-source", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() with the range's own address as the hint moves it "
    "to a higher address when it cannot grow.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), address = pages;

	MT_CHECK(grow(vm, self, pages, 2, &address, 3, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(address > pages);
	check_numbers(address, 2);
}

MT_CASE(reallocate, unaligned_hint_is_accepted, "reallocate-hint-unaligned",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "mach_vm_reallocate() anywhere accepts a hint that is not page aligned and "
    "gives an aligned address. The new size counts from the hint on: the range "
    "has all pages that it touches there.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 0), hole = mt_hole(5);
	mach_vm_address_t address = hole + mt_page + mt_page / 2;

	MT_CHECK(grow(vm, self, pages, 1, &address, 2, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_BYTE(address, 0x11);
	MT_CHECK_READABLE(address + mt_page);
	MT_CHECK_READABLE(address + 2 * mt_page);
	MT_CHECK_HOLE(hole + 4 * mt_page);
}

MT_CASE(reallocate, unaligned_hint_and_equal_size_grows_by_a_page,
    "reallocate-hint-unaligned-size",
    REALLOCATE_C "vm_map_reallocate_sanitize()",
    "mach_vm_reallocate() to the old size with a hint that is not page aligned "
    "grows by a page.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 1);
	mach_vm_address_t address = mt_hole(4) + mt_page / 2;

	MT_CHECK(grow(vm, self, pages, 1, &address, 1, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_BYTE(address, 0x11);
	MT_CHECK_LAYOUT(pages, "ab");
}

MT_CASE(reallocate, moved_bytes_are_the_same_memory, "reallocate-contents",
    "vm_reallocate.html",
    "mach_vm_reallocate() that moves gives the bytes of the range at the new "
    "address.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 3, 0), address;

	TOUCH(pages + mt_page - 1, 0x21);
	TOUCH(pages + 3 * mt_page - 1, 0x22);

	address = move(vm, self, pages, 3, 5, PLAIN);

	check_numbers(address, 3);
	MT_CHECK_BYTE(address + mt_page - 1, 0x21);
	MT_CHECK_BYTE(address + 3 * mt_page - 1, 0x22);
}

MT_CASE(reallocate, moved_source_is_free, "reallocate-deallocate-source",
    "vm_reallocate.html",
    "mach_vm_reallocate() that moves frees the range where it was.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0);

	move(vm, self, pages, 2, 3, PLAIN);

	MT_CHECK_LAYOUT(pages, "..");
	MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	MT_CHECK(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0);
}

MT_CASE(reallocate, regions_of_the_source_stay_apart,
    "reallocate-several-entries", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() moves all regions of the range with their bounds, "
    "protections, inheritance and behavior.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 4, 0), hole;

	PROTECT(pages, 1, VM_PROT_READ);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, pages + 2 * mt_page, mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abcd");

	hole = move_to_hole(vm, self, pages, 4, 5, PLAIN);

	MT_CHECK_LAYOUT(hole, "abcde");
	check_numbers(hole, 4);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ);
	MT_CHECK_REGION(hole + mt_page, .protection = VM_PROT_DEFAULT,
	    .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(hole + 2 * mt_page, .inheritance = VM_INHERIT_COPY,
	    .behavior = VM_BEHAVIOR_RANDOM);
	MT_CHECK_REGION(hole + 3 * mt_page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(reallocate, part_of_a_region_moves_alone, "reallocate-part-of-entry",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() of a part of a region moves that part; the rest "
    "stays.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 4, 0), address;

	address = move(vm, self, pages + mt_page, 2, 3, PLAIN);

	MT_CHECK_LAYOUT(pages, "a..b");
	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(address, 0x12);
	MT_CHECK_BYTE(address + mt_page, 0x13);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0x14);
}

MT_CASE(reallocate, moved_range_joins_nothing, "reallocate-no-merge",
    REALLOCATE_C "vm_map_relocate()",
    "What mach_vm_reallocate() moves is never one region with a neighbour at "
    "the new place, however alike.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 4 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(grow_to(vm, self, pages, 2, hole + mt_page, 3, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abbcdd");

	/* Not even where it continues the same object. */
	pages = block(self, 3, 0);
	hole = mt_hole(1);
	MT_CHECK(grow_to(vm, self, pages + mt_page, 1, hole, 1, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(grow_to(vm, self, hole, 1, pages + mt_page, 1, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	check_numbers(pages, 3);
}

MT_CASE(reallocate, offsets_stay_when_memory_moves, "reallocate-object-offset",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() that moves leaves the offset of each region; that "
    "of the added memory is the old size.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 3, 0), hole;

	hole = move_to_hole(vm, self, pages + mt_page, 2, 4, PLAIN);

	MT_CHECK_REGION(hole, .address = hole, .size = 2 * mt_page,
	    .offset = mt_page);
	MT_CHECK_REGION(hole + 2 * mt_page, .size = 2 * mt_page,
	    .offset = 2 * mt_page);
}

MT_CASE(reallocate, moved_range_keeps_its_object, "reallocate-page-identity",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() that moves keeps the VM object and its resident "
    "pages: no byte is copied.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), hole;
	struct mt_region before = { .object_id = 0 };

	MT_REQUIRE_TRUE(mt_region_at(pages, &before));

	hole = move_to_hole(vm, self, pages, 2, 3, PLAIN);

	MT_CHECK_REGION(hole, .object_id = before.object_id, .ref_count = 1,
	    .pages_resident = 2, .shadow_depth = 0);
}

MT_CASE(reallocate, moved_pages_are_still_there, "reallocate-translations",
    REALLOCATE_C "vm_map_relocate()",
    "The pages that mach_vm_reallocate() moved are present and dirty at the "
    "new place before they are touched there.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), address;
	const int compared = VM_PAGE_QUERY_PAGE_PRESENT |
	    VM_PAGE_QUERY_PAGE_DIRTY;
	integer_t disposition = 0, references = 0;

	address = move(vm, self, pages, 2, 3, PLAIN);

	MT_REQUIRE(stage->page_query(self, address, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & compared, compared);
	MT_REQUIRE(stage->page_query(self, address + 2 * mt_page, &disposition,
		       &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
}

MT_CASE(reallocate, inaccessible_memory_moves,
    "reallocate-protection-irrelevant", REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() moves memory of any protection: read-only, "
    "executable, none at all.",
    .needs = "native")
{
	static const vm_prot_t all[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_READ | VM_PROT_EXECUTE };

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		mach_vm_address_t pages = block(self, 2, 0), address;

		PROTECT(pages, 2, all[i]);
		address = move(vm, self, pages, 2, 3, PLAIN);
		MT_CHECK_REGION(address, .protection = all[i]);
		MT_CHECK_REGION(address + 2 * mt_page, .protection = all[i]);
		PROTECT(address, 3, VM_PROT_READ);
		check_numbers(address, 2);
		MT_CHECK_BYTE(address + 2 * mt_page, 0);
	}
}

MT_CASE(reallocate, executable_first_region_is_undecided,
    "reallocate-in-place-execute", REALLOCATE_C "vm_map_relocate()",
    "Whether mach_vm_reallocate() grows memory in place that may be written "
    "and executed depends on the process's code signing.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 1), address = NOWHERE;

	MT_SKIP_UNLESS(stage->protect(self, pages, mt_page, FALSE,
			   VM_PROT_ALL) == KERN_SUCCESS,
	    "memory cannot be writable and executable");
	MT_CHECK(grow(vm, self, pages, 1, &address, 2, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(address, 0x11);
	MT_OBSERVE_NUMBER(address == pages);
}

MT_CASE(reallocate, tag_of_the_flags_is_for_all_that_moves, "reallocate-tag",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() that moves gives all of the range the tag of its "
    "flags; without one the old tag is lost.",
    .needs = "native")
{
	mach_vm_address_t hole = move_to_hole(vm, self, block(self, 2, 0), 2, 3,
	    OTHER);

	MT_CHECK_REGION(hole, .user_tag = OTHER_TAG);
	MT_CHECK_REGION(hole + 2 * mt_page, .user_tag = OTHER_TAG);

	hole = move_to_hole(vm, self, hole, 3, 4, 0);

	MT_CHECK_LAYOUT(hole, "aabc");
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_REGION(hole + i * mt_page, .user_tag = 0);
}

MT_CASE(reallocate, added_memory_is_zero, "reallocate-tail-zero",
    "vm_reallocate.html",
    "What mach_vm_reallocate() adds to a range that it moves is zero filled "
    "and has no VM object before it is touched.",
    .needs = "native")
{
	mach_vm_address_t hole = move_to_hole(vm, self, block(self, 1, 0), 1, 4,
	    PLAIN);

	MT_CHECK_REGION(hole + mt_page, .size = 3 * mt_page,
	    .share_mode = SM_EMPTY, .pages_resident = 0, .ref_count = 0);
	for (unsigned i = 1; i < 4; i++)
		MT_CHECK_BYTE(hole + i * mt_page, 0);
}

MT_CASE(reallocate, added_memory_is_like_the_first_region,
    "reallocate-tail-attributes", REALLOCATE_C "vm_map_relocate()",
    "What mach_vm_reallocate() adds to a range that it moves has the "
    "protections and inheritance of the first region of the source.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), hole;

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE,
		       VM_PROT_READ | VM_PROT_WRITE),
	    KERN_SUCCESS);
	PROTECT(pages, 1, VM_PROT_READ);
	MT_REQUIRE(stage->inherit(self, pages, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, pages, mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);

	hole = move_to_hole(vm, self, pages, 2, 4, PLAIN);

	MT_CHECK_LAYOUT(hole, "abcc");
	MT_CHECK_REGION(hole + 2 * mt_page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ | VM_PROT_WRITE,
	    .inheritance = VM_INHERIT_SHARE, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(reallocate, added_memory_is_one_region, "reallocate-tail-one-region",
    REALLOCATE_C "vm_map_relocate()",
    "What mach_vm_reallocate() adds to a range that it moves is one region, "
    "even above 128 MiB.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 1, 0), address = NOWHERE;

	MT_REQUIRE(vm->reallocate(self, pages, mt_page, &address,
		       3 * CHUNK + mt_page, 0, 0, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address + mt_page, .address = address + mt_page,
	    .size = 3 * CHUNK);
}

MT_CASE(reallocate, added_memory_of_small_blocks_has_an_object,
    "reallocate-tail-malloc-tag", REALLOCATE_C "vm_map_relocate()",
    "What mach_vm_reallocate() adds to a range that it moves with a tag of "
    "small malloc blocks has a VM object before it is touched.",
    .needs = "native")
{
	mach_vm_address_t hole = move_to_hole(vm, self, block(self, 1, 0), 1, 3,
	    MALLOC_TINY);

	MT_CHECK_REGION(hole + mt_page, .size = 2 * mt_page,
	    .share_mode = SM_PRIVATE, .pages_resident = 0, .offset = mt_page);
}

MT_CASE(reallocate, new_size_has_64_bits, "reallocate-size-64",
    REALLOCATE_C "vm_map_reallocate()",
    "mach_vm_reallocate() to more than 4 GiB gives all of it: the bytes, then "
    "untouched memory to the end.",
    .needs = "native")
{
	const mach_vm_size_t size = (UINT64_C(1) << 32) + 2 * mt_page;
	mach_vm_address_t pages = block(self, 2, 0), address = NOWHERE;

	MT_CHECK(vm->reallocate(self, pages, 2 * mt_page, &address, size, 0,
		     VM_REALLOCATE_DEALLOCATE_SOURCE,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	check_numbers(address, 2);
	MT_CHECK_REGION(address + size - 1, .user_tag = MT_TAG,
	    .protection = VM_PROT_DEFAULT);
	MT_CHECK(stage->deallocate(self, address, size), KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "..");
}
