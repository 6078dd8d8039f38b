/*
 * What the memory of a region decides about growing it: touched, split,
 * copied, shared.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Large enough that a copy of it is made by reference everywhere. */
#define BLOCK (256 * KIB)

MT_CASE(allocate, untouched_memory_is_extended, "coal-object-null",
    VM_OBJECT_C "vm_object_coalesce()",
    "mach_vm_allocate() extends a region without a VM object.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_REGION(hole, .share_mode = SM_EMPTY);
}

MT_CASE(allocate, touched_memory_is_extended, "coalesce-touched",
    VM_OBJECT_C "vm_object_coalesce()",
    "mach_vm_allocate() extends a touched region that alone refers to its "
    "VM object: old bytes stay, new ones are zero.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	TOUCH(hole, 0x11);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0);
}

MT_CASE(allocate, extended_memory_stays_one_object, "coal-object-touched",
    VM_OBJECT_C "vm_object_coalesce()",
    "When mach_vm_allocate() extends a touched region its VM object grows: "
    "one reference, all pages resident in it.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	for (unsigned i = 0; i < 3; i++) {
		MT_REQUIRE(allocate_at(vm, self, hole + i * mt_page, mt_page,
			       PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole + i * mt_page, 0x11);
	}

	MT_CHECK_LAYOUT(hole, "aaa");
	MT_CHECK_REGION(hole, .share_mode = SM_PRIVATE, .ref_count = 1,
	    .pages_resident = 3);
}

MT_CASE(allocate, refilled_middle_of_touched_memory_stays_apart,
    "coal-after-split-touched", VM_OBJECT_C "vm_object_coalesce()",
    "The two parts of a touched region that was split share its VM object, "
    "which therefore does not grow: memory allocated between them is a "
    "region of its own.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	MT_REQUIRE(vm->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_BYTE(pages + mt_page, 0);
}

MT_CASE(allocate, refilled_middle_of_untouched_memory_joins_the_lower_part,
    "coal-after-split-untouched", VM_MAP_C "vm_map_enter()",
    "Memory allocated into a hole of an untouched region extends the part "
    "below, not the one above.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aab");
}

MT_CASE(allocate, refilled_tail_of_touched_memory_joins,
    "coal-after-split-touched-tail", VM_OBJECT_C "vm_object_coalesce()",
    "mach_vm_allocate() extends a touched region whose tail was "
    "deallocated: it still refers to its VM object alone.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	MT_REQUIRE(vm->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, pages + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(allocate, memory_without_its_head_keeps_its_bytes,
    "coal-after-split-touched-both", VM_OBJECT_C "vm_object_coalesce()",
    "mach_vm_allocate() extends a touched region whose head and tail were "
    "deallocated from where it ends in its VM object: what is left keeps its "
    "bytes, the new part is zero.",
    .needs = "native")
{
	for (unsigned head = 1; head < 4; head++) {
		mach_vm_address_t pages = mt_pages(6);
		const mach_vm_address_t left = pages + head * mt_page;

		for (unsigned i = 0; i < 6; i++)
			TOUCH(pages + i * mt_page, (uint8_t)(0x11 + i));
		MT_REQUIRE(vm->deallocate(self, pages, head * mt_page),
		    KERN_SUCCESS);
		MT_REQUIRE(vm->deallocate(self, pages + 4 * mt_page,
			       2 * mt_page),
		    KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, pages + 4 * mt_page, 2 * mt_page,
			     PLAIN),
		    KERN_SUCCESS);

		MT_CHECK_REGION(left, .address = (int64_t)left,
		    .size = (6 - head) * (int64_t)mt_page,
		    .offset = head * (int64_t)mt_page, .ref_count = 1,
		    .pages_resident = 4 - head);
		for (unsigned i = head; i < 4; i++)
			MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(0x11 + i));
		MT_CHECK_BYTE(pages + 4 * mt_page, 0);
		MT_CHECK_BYTE(pages + 5 * mt_page, 0);
	}
}

MT_CASE(allocate, refilled_head_stays_apart, "coal-after-split-untouched-head",
    VM_MAP_C "vm_map_enter()",
    "Memory allocated where the head of a region was deallocated is a "
    "region of its own.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, pages, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abb");
}

MT_CASE(allocate, old_pages_of_the_object_are_not_seen_again,
    "coal-zero-of-extension", VM_OBJECT_C "vm_object_coalesce()",
    "mach_vm_allocate() drops old pages beyond a region's end from its VM "
    "object before it extends the region over them.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 0x11);
	MT_REQUIRE(vm->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + mt_page, 0);
}

MT_CASE(allocate, grown_and_shrunk_memory_reads_zero, "coalesce-stale-pages",
    VM_OBJECT_C "vm_object_coalesce()",
    "A region that was shrunk by mach_vm_deallocate() and grown with "
    "VM_MEMORY_REALLOC reads zero in the new part.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x11);
	MT_REQUIRE(vm->deallocate(self, pages + mt_page, 3 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, pages + mt_page, 3 * mt_page, REALLOC),
	    KERN_SUCCESS);

	for (unsigned i = 1; i < 4; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0);
}

/*
 * A block of tag MT_TAG, touched, with a page of room above it and a second
 * block to copy to.  REALLOC, so that the size of the block is no obstacle.
 */
MT_CASE(allocate, source_of_a_copy_is_not_extended, "coalesce-cow",
    VM_OBJECT_C "vm_object_coalesce()",
    "Memory that was copied by reference shares its VM object with the copy "
    "and is not extended.",
    .needs = "native")
{
	const unsigned n = (unsigned)(BLOCK / mt_page);
	mach_vm_address_t source = mt_hole(n + 1), copy = mt_pages(n);

	MT_REQUIRE(allocate_at(vm, self, source, BLOCK, PLAIN), KERN_SUCCESS);
	TOUCH_PAGES(source, n, 0x11);
	MT_REQUIRE(stage->copy(self, source, BLOCK, copy), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, source + BLOCK, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(source, .size = BLOCK);
	MT_CHECK_BYTE(source, 0x11);
	MT_CHECK_BYTE(source + BLOCK, 0);
}

MT_CASE(allocate, destination_of_a_copy_is_not_extended,
    "coalesce-cow-destination", VM_OBJECT_C "vm_object_coalesce()",
    "Memory that mach_vm_copy() made by reference shares its VM object with "
    "the source and is not extended.",
    .needs = "native")
{
	const unsigned n = (unsigned)(BLOCK / mt_page);
	mach_vm_address_t source = mt_pages(n), copy = mt_hole(n + 1);

	MT_REQUIRE(allocate_at(vm, self, copy, BLOCK, PLAIN), KERN_SUCCESS);
	TOUCH_PAGES(source, n, 0x11);
	MT_REQUIRE(stage->copy(self, source, BLOCK, copy), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, copy + BLOCK, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(copy, .size = BLOCK);
	MT_CHECK_BYTE(copy, 0x11);
}

/* BLOCK of memory that was stored to after it was copied, with a page more that
 * is gone. */
static mach_vm_address_t
copied_and_cut(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *copy)
{
	const unsigned n = (unsigned)(BLOCK / mt_page);
	mach_vm_address_t source = mt_hole(n + 1);

	*copy = mt_pages(n + 1);
	MT_REQUIRE(allocate_at(vm, self, source, BLOCK + mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(source, n + 1, 0x11);
	MT_REQUIRE(stage->copy(self, source, BLOCK + mt_page, *copy),
	    KERN_SUCCESS);
	TOUCH(source, 0x12);
	MT_REQUIRE(stage->deallocate(self, source + BLOCK, mt_page),
	    KERN_SUCCESS);
	return source;
}

MT_CASE(allocate, copied_memory_that_was_stored_to_is_not_extended,
    "coalesce-cow-shadow", VM_OBJECT_C "vm_object_coalesce()",
    "Memory that was stored to after a copy has a VM object of its own, which "
    "is not extended while it shadows the old one: what that holds there "
    "would show.",
    .needs = "native")
{
	mach_vm_address_t copy, source = copied_and_cut(vm, self, &copy);

	MT_CHECK(allocate_at(vm, self, source + BLOCK, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(source, .size = BLOCK);
	MT_CHECK_BYTE(source, 0x12);
	MT_CHECK_BYTE(source + BLOCK, 0);
	MT_CHECK_BYTE(copy + BLOCK, 0x11);
}

MT_CASE(allocate, memory_whose_copy_is_gone_is_extended, "coalesce-cow-gone",
    VM_OBJECT_C "vm_object_coalesce()",
    "Memory that was stored to after a copy is extended when the copy is gone: "
    "its VM object takes what it shadows first. What the old object held "
    "beyond the end is not seen.",
    .needs = "native")
{
	const unsigned n = (unsigned)(BLOCK / mt_page);
	mach_vm_address_t copy, source = copied_and_cut(vm, self, &copy);

	MT_REQUIRE(stage->deallocate(self, copy, BLOCK + mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, source + BLOCK, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(source, .size = BLOCK + (int64_t)mt_page,
	    .shadow_depth = 0, .ref_count = 1, .pages_resident = n);
	MT_CHECK_BYTE(source, 0x12);
	MT_CHECK_BYTE(source + BLOCK - mt_page, 0x11);
	MT_CHECK_BYTE(source + BLOCK, 0);
}

MT_CASE(allocate, extended_memory_is_zeroed_as_a_whole, "coalesce-object-size",
    VM_OBJECT_C "vm_object_coalesce()",
    "When mach_vm_allocate() extends a touched region its VM object is as "
    "large as both: VM_BEHAVIOR_ZERO, which asks for its size, takes all of "
    "it.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	for (unsigned i = 0; i < 3; i++) {
		MT_REQUIRE(allocate_at(vm, self, hole + i * mt_page, mt_page,
			       PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole + i * mt_page, 0x11);
	}
	MT_REQUIRE_LAYOUT(hole, "aaa");

	MT_CHECK(stage->behavior_set(self, hole, 3 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(hole + i * mt_page, 0);
}

MT_CASE(allocate, remapped_memory_is_not_extended, "coalesce-truesshared",
    VM_OBJECT_C "vm_object_coalesce()",
    "Memory that mach_vm_remap() mapped a second time is not extended.")
{
	mach_vm_address_t hole = mt_hole(2), alias = 0;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	MT_REQUIRE(stage->remap(self, &alias, mt_page, 0, VM_FLAGS_ANYWHERE,
		       self, hole, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, second_mapping_is_not_extended, "coal-shared-submap",
    VM_OBJECT_C "vm_object_coalesce()",
    "A second mapping made by mach_vm_remap() is not extended, whatever its "
    "tag.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(2), alias = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_REQUIRE(stage->remap(self, &alias, mt_page, 0, VM_FLAGS_FIXED, self,
		       page, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, memory_with_a_memory_entry_is_not_extended,
    "coal-object-touched-entry", VM_OBJECT_C "vm_object_coalesce()",
    "Memory that a memory entry refers to is not extended.")
{
	mach_vm_address_t hole = mt_hole(2);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	TOUCH(hole, 0x11);
	MT_REQUIRE(stage->make_memory_entry(self, &size, hole, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

/* The child holds the memory until the parent has said, through a page that
 * both share, that it is done. */
MT_CASE(allocate, touched_memory_shared_with_a_child_is_not_extended,
    "coal-after-fork", VM_OBJECT_C "vm_object_coalesce()",
    "Touched memory that a child inherited with VM_INHERIT_COPY is not "
    "extended while the child lives.")
{
	mach_vm_address_t hole = mt_hole(2), signal = mt_pages(1);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	TOUCH(hole, 0x11);
	MT_REQUIRE(stage->inherit(self, signal, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		while (*(volatile uint8_t *)(uintptr_t)signal == 0)
			continue;
		MT_CHECK_BYTE(hole, 0x11);
	}
	else
	{
		MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, "ab");
		TOUCH(signal, 1);
	}
}

MT_CASE(allocate, untouched_memory_inherited_by_a_child_is_extended,
    "fork-copy-untouched-no-object", VM_MAP_C "vm_map_fork()",
    "Memory that was never touched has no VM object to share with a child "
    "and is extended.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2), signal = mt_pages(1);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, signal, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		while (*(volatile uint8_t *)(uintptr_t)signal == 0)
			continue;
		MT_CHECK_LAYOUT(hole, "a.");
	}
	else
	{
		MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, "aa");
		TOUCH(signal, 1);
	}
}

MT_CASE(allocate, memory_is_extended_again_when_the_child_is_gone,
    "fork-coalesces-again", VM_OBJECT_C "vm_object_coalesce()",
    "When the child that inherited a copy has ended, the memory is extended "
    "again.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	TOUCH(hole, 0x11);
	MT_CHILD {
		MT_CHECK_BYTE(hole, 0x11);
	}

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0);
}

/* The region is marked as shared, and stays so when nobody shares it. */
static void
check_stays_apart(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t hole)
{
	MT_CHECK_REGION(hole, .address = (int64_t)hole,
	    .size = (int64_t)mt_page, .user_tag = MT_TAG,
	    .inheritance = VM_INHERIT_COPY, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0);
}

MT_CASE(allocate, memory_that_was_remapped_is_not_extended,
    "coalesce-was-remapped", VM_MAP_C "vm_map_remap_extract()",
    "Memory that mach_vm_remap() mapped a second time is not extended when "
    "either of the two mappings is gone, either.")
{
	mach_vm_address_t first = mt_hole(2), second = mt_hole(2), at = second;

	for (int i = 0; i < 2; i++) {
		MT_REQUIRE(allocate_at(vm, self, first, mt_page, PLAIN),
		    KERN_SUCCESS);
		TOUCH(first, 0x11);
		REMAP(at, mt_page, VM_FLAGS_FIXED, first, FALSE);
		MT_REQUIRE(stage->deallocate(self, i == 0 ? second : first,
			       mt_page),
		    KERN_SUCCESS);
		check_stays_apart(vm, self, i == 0 ? first : second);
		MT_REQUIRE(stage->deallocate(self, first, 2 * mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(allocate, memory_that_a_child_shared_is_not_extended,
    "coalesce-was-inherited", VM_MAP_C "vm_map_fork_share()",
    "Memory that a child had by VM_INHERIT_SHARE is not extended when the "
    "child has ended and the inheritance is VM_INHERIT_COPY again.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	TOUCH(hole, 0x11);
	MT_REQUIRE(stage->inherit(self, hole, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(hole, 0x11);
	}
	MT_REQUIRE(stage->inherit(self, hole, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	check_stays_apart(vm, self, hole);
}
