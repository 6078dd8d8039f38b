/*
 * mach_vm_copy: from one place of a task to another.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define LARGE 16 /* pages that are copied by reference */

MT_CASE(copy, destination_holds_the_source_afterwards, "copy-basic",
    "vm_copy.html",
    "After mach_vm_copy() the destination has the contents of the source.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	for (int i = 0; i < LARGE; i++)
		TOUCH(from + i * mt_page, (uint8_t)(0x51 + i));
	TOUCH_PAGES(to, LARGE, 0xff);

	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	for (int i = 0; i < LARGE; i++) {
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0x51 + i));
		MT_CHECK_BYTE(from + i * mt_page, (uint8_t)(0x51 + i));
	}
	MT_CHECK_BYTE(to + mt_page - 1, 0);
}

MT_CASE(copy, size_zero_copies_nothing_anywhere, "copy-zero",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of size 0 succeeds whatever the addresses.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->copy(self, 0, 0, page), KERN_SUCCESS);
	MT_CHECK(vm->copy(self, page, 0, 0), KERN_SUCCESS);
	MT_CHECK(vm->copy(self, UINT64_MAX, 0, UINT64_MAX), KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(copy, range_that_wraps_is_an_invalid_address, "copy-overflow",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from a range that wraps past 2^64 is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);

	TOUCH(from, 0x51);
	MT_CHECK(vm->copy(self, from, UINT64_MAX, to), KERN_INVALID_ADDRESS);
	MT_CHECK(vm->copy(self, UINT64_MAX, 2, to), KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0);
}

MT_CASE(copy, source_of_nearly_4_gib_runs_into_a_hole, "copy-huge",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of nearly 4 GiB is KERN_INVALID_ADDRESS at the first "
    "hole of the source.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);

	TOUCH(from, 0x51);
	MT_CHECK(vm->copy(self, from, UINT32_MAX - 1, to),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0);
}

MT_CASE(copy, nothing_need_be_aligned, "copy-no-alignment",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() needs neither an aligned address nor an aligned size, "
    "although mach_vm.defs asks for both: no byte beside the range changes.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	mach_vm_size_t size = (LARGE - 2) * mt_page + 3;

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH(from + 5, 0x52);
	TOUCH(from + 5 + size - 1, 0x53);
	TOUCH(from + 5 + size, 0x54);
	TOUCH(to + 7 - 1, 0x61);
	TOUCH(to + 7 + size, 0x62);

	MT_CHECK(vm->copy(self, from + 5, size, to + 7), KERN_SUCCESS);
	MT_CHECK_BYTE(to + 7 - 1, 0x61);
	MT_CHECK_BYTE(to + 7, 0x52);
	MT_CHECK_BYTE(to + 7 + size - 1, 0x53);
	MT_CHECK_BYTE(to + 7 + size, 0x62);
}

MT_CASE(copy, small_copy_changes_its_bytes_alone, "copy-no-alignment-small",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() of a few bytes across a page boundary changes no other "
    "byte.")
{
	mach_vm_address_t from = mt_pages(2), to = mt_pages(2);

	TOUCH(from + mt_page - 1, 0x51);
	TOUCH(from + mt_page, 0x52);
	TOUCH_PAGES(to, 2, 0x61);

	MT_CHECK(vm->copy(self, from + mt_page - 1, 2, to + 1), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x61);
	MT_CHECK_BYTE(to + 1, 0x51);
	MT_CHECK_BYTE(to + 2, 0x52);
	MT_CHECK_BYTE(to + 3, 0);
}

MT_CASE(copy, overlapping_copy_takes_the_old_bytes, "copy-overlap",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() to an overlapping range copies what the source was "
    "before the call.")
{
	mach_vm_address_t pages = mt_pages(LARGE + 1);

	for (int i = 0; i <= LARGE; i++)
		TOUCH(pages + i * mt_page, (uint8_t)(0x51 + i));

	MT_CHECK(vm->copy(self, pages, LARGE * mt_page, pages + mt_page),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x51);
	for (int i = 0; i < LARGE; i++)
		MT_CHECK_BYTE(pages + (i + 1) * mt_page, (uint8_t)(0x51 + i));
}

MT_CASE(copy, copy_onto_itself_changes_nothing, "copy-self",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() accepts the same range as source and destination.")
{
	mach_vm_address_t pages = mt_pages(LARGE);

	for (int i = 0; i < LARGE; i++)
		TOUCH(pages + i * mt_page, (uint8_t)(0x51 + i));
	MT_CHECK(vm->copy(self, pages, LARGE * mt_page, pages), KERN_SUCCESS);
	for (int i = 0; i < LARGE; i++)
		MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(0x51 + i));
}

MT_CASE(copy, unreadable_source_fails, "copy-src-unreadable",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from memory that cannot be read is "
    "KERN_PROTECTION_FAILURE for a large range and KERN_INVALID_ADDRESS for "
    "a small one.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->protect(self, from, LARGE * mt_page, FALSE,
		       VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->copy(self, from, 64, to), KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x61);
}

MT_CASE(copy, unwritable_destination_fails, "copy-dst-unwritable",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() to memory that cannot be written is "
    "KERN_PROTECTION_FAILURE for a large range and KERN_INVALID_ADDRESS for "
    "a small one; what lies below is written since macOS 26.4.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->protect(self, to + (LARGE - 1) * mt_page, mt_page,
		       FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, MT_VALUE(0x51, MT_UNTIL(26.3, 0x61)));
	MT_CHECK(vm->copy(self, from, 64, to + (LARGE - 1) * mt_page),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to + (LARGE - 1) * mt_page, 0x61);
}

MT_CASE(copy, hole_in_the_source_is_an_invalid_address, "copy-src-hole",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from a range with a hole is KERN_INVALID_ADDRESS, leaves "
    "the destination alone and keeps nothing of the source.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->deallocate(self, from + 8 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x61);
	MT_CHECK_REGION(from, .ref_count = 2); /* below and above the hole */
	MT_CHECK_BYTE(from, 0x51);
}

MT_CASE(copy, hole_in_the_destination_is_an_invalid_address, "copy-dst-hole",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() of a large range to a destination with a hole is "
    "KERN_INVALID_ADDRESS; what lies below is written since macOS 26.4, and "
    "nothing before.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->deallocate(self, to + 8 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, MT_VALUE(0x51, MT_UNTIL(26.3, 0x61)));
	MT_CHECK_BYTE(to + (LARGE - 1) * mt_page, 0x61);
	MT_CHECK_HOLE(to + 8 * mt_page);
}

MT_CASE(copy, destination_must_be_mapped, "copy-dst-must-exist", "vm_copy.html",
    "mach_vm_copy() does not allocate: an unmapped destination is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t from = mt_pages(1), hole = mt_hole(1);

	TOUCH(from, 0x51);
	MT_CHECK(vm->copy(self, from, mt_page, hole), KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(hole);
}

MT_CASE(copy, destination_keeps_its_attributes, "copy-keeps-dst-attrs",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() leaves the destination's tag, maximum protection and "
    "inheritance alone.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_hole(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(allocate_at(stage, self, to, LARGE * mt_page, TAG(251)),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, to, LARGE * mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, to, LARGE * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK_REGION(to, .address = to, .size = LARGE * mt_page,
	    .user_tag = 251, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_DEFAULT, .inheritance = VM_INHERIT_NONE);
}

MT_CASE(copy, source_keeps_its_attributes, "copy-src-unchanged",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() leaves the source's attributes and contents alone.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->protect(self, from, LARGE * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK_REGION(from, .address = from, .size = LARGE * mt_page,
	    .protection = VM_PROT_READ, .max_protection = VM_PROT_ALL,
	    .user_tag = MT_TAG);
	MT_CHECK_BYTE(from, 0x51);
}

MT_CASE(copy, later_stores_stay_on_their_side, "copy-cow-later", "vm_copy.html",
    "After mach_vm_copy() a store to either side does not change the other.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	TOUCH(from, 0x52);
	TOUCH(to + mt_page, 0x53);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK_BYTE(from + mt_page, 0x51);
	MT_CHECK_BYTE(from, 0x52);
	MT_CHECK_BYTE(to + mt_page, 0x53);
}

MT_CASE(copy, copy_of_a_copy_is_independent, "copy-of-copy",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of a copy is independent of the copy and of its source.")
{
	mach_vm_address_t one = mt_pages(LARGE), two = mt_pages(LARGE);
	mach_vm_address_t three = mt_pages(LARGE);

	TOUCH_PAGES(one, LARGE, 0x51);
	MT_REQUIRE(vm->copy(self, one, LARGE * mt_page, two), KERN_SUCCESS);
	TOUCH(two, 0x52);
	MT_CHECK(vm->copy(self, two, LARGE * mt_page, three), KERN_SUCCESS);
	TOUCH(two, 0x53);
	TOUCH(one + mt_page, 0x54);
	MT_CHECK_BYTE(one, 0x51);
	MT_CHECK_BYTE(two, 0x53);
	MT_CHECK_BYTE(three, 0x52);
	MT_CHECK_BYTE(three + mt_page, 0x51);
}

MT_CASE(copy, untouched_source_reads_as_zero, "copy-resident-zero-pages",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of untouched pages puts zeros over the destination.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(to, LARGE, 0xff);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	for (int i = 0; i < LARGE; i++)
		MT_CHECK_BYTE(to + i * mt_page, 0);
}

MT_CASE(copy, tags_of_source_and_destination_may_differ, "copy-between-tags",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() works between memory of different tags, and each keeps "
    "its tag.")
{
	mach_vm_address_t from = mt_hole(1), to = mt_hole(1);

	MT_REQUIRE(allocate_at(stage, self, from, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, to, mt_page, TAG(242)),
	    KERN_SUCCESS);
	TOUCH(from, 0x51);
	MT_CHECK(vm->copy(self, from, mt_page, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK_REGION(to, .user_tag = 242);
}

MT_CASE(copy, shared_destination_is_written_in_place, "copy-into-shared-dst",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() to memory that is mapped twice writes in place: the "
    "other mapping shows the copy.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	mach_vm_address_t hole = mt_hole(LARGE), alias = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->remap(self, &alias, LARGE * mt_page, 0,
		       VM_FLAGS_FIXED, self, to, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
	MT_CHECK_BYTE(hole + (LARGE - 1) * mt_page, 0x51);
	TOUCH(to, 0x52);
	MT_CHECK_BYTE(hole, 0x52);
}

MT_CASE(copy, shared_source_is_copied_as_it_is, "copy-of-shared-src",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from memory that is mapped twice makes a snapshot: "
    "later stores through the other mapping do not reach the copy.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	mach_vm_address_t hole = mt_hole(LARGE), alias = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->remap(self, &alias, LARGE * mt_page, 0,
		       VM_FLAGS_FIXED, self, from, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(from, 0x52);
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(copy, copy_of_purgeable_memory_is_not_purgeable, "copy-purgeable-src",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from memory of VM_FLAGS_PURGABLE makes ordinary memory.")
{
	mach_vm_address_t from = mt_hole(LARGE), to = mt_pages(LARGE);
	int state = 0x51;

	MT_REQUIRE(allocate_at(stage, self, from, LARGE * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(from, LARGE, 0x51);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK(stage->purgable_control(self, to, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(copy, purgeable_destination_stays_purgeable, "copy-purgeable-dst",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() to memory of VM_FLAGS_PURGABLE leaves it purgeable; "
    "from macOS 10.14 to 13 a large copy replaced its VM object, and it no "
    "longer was.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_hole(LARGE);
	int state = 0x51;

	MT_REQUIRE(allocate_at(stage, self, to, LARGE * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(from, LARGE, 0x51);
	MT_CHECK(vm->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK(stage->purgable_control(self, to, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS, MT_UNTIL(14.2, KERN_INVALID_ARGUMENT),
	    MT_UNTIL(10.13, KERN_SUCCESS));
}

MT_CASE(copy, small_copy_leaves_memory_purgeable, "copy-purgeable-dst-small",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of a few bytes to memory of VM_FLAGS_PURGABLE leaves it "
    "purgeable in every release.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_hole(1);
	int state = 0x51;

	MT_REQUIRE(allocate_at(stage, self, to, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH(from, 0x51);
	MT_CHECK(vm->copy(self, from, 64, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK(stage->purgable_control(self, to, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}
