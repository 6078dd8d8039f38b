/*
 * When neighbouring regions that once were one become one again.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Make the middle of three pages read-only. */
static void
protect_middle(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages)
{
	MT_REQUIRE(vm->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");
}

MT_CASE(protect, restored_protection_merges_untouched_memory,
    "simp-protect-roundtrip", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() joins what it split when the attributes are equal "
    "again.")
{
	mach_vm_address_t pages = mt_pages(3);

	protect_middle(vm, self, pages);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(protect, restored_protection_merges_touched_memory,
    "simp-protect-roundtrip-touched", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() joins parts that refer to one VM object at adjacent "
    "offsets.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	protect_middle(vm, self, pages);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
	MT_CHECK_BYTE(pages + mt_page, 0x11);
}

MT_CASE(protect, restored_protection_merges_shared_memory,
    "simp-protect-roundtrip-shared", VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() joins parts that a child shares, too, when the "
    "attributes are equal again; before macOS 11 it never did.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	MT_REQUIRE(stage->inherit(self, pages, 3 * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(pages, 0x11);
	}
	protect_middle(vm, self, pages);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, MT_PICTURE("aaa", MT_UNTIL(10.15, "abc")));
}

MT_CASE(protect, equal_protection_merges_too, "simp-conditions-protection",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() joins parts whose protections become equal, "
    "whichever of them changes.")
{
	mach_vm_address_t pages = mt_pages(3);

	protect_middle(vm, self, pages);

	MT_CHECK(vm->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aab");
}

/* The first page gets an object of its own, which begins at offset 0; the
 * others have none. */
MT_CASE(protect, part_touched_while_split_stays_apart,
    "simp-protect-touch-between", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mach_vm_protect() does not join a part that was first touched while it "
    "was split: it has a VM object of its own.")
{
	mach_vm_address_t pages = mt_pages(3);

	protect_middle(vm, self, pages);
	TOUCH(pages, 0x11);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abb");
	MT_CHECK_BYTE(pages, 0x11);
}

MT_CASE(protect, lowered_maximum_keeps_parts_apart, "simp-conditions-maximum",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join a part whose maximum was lowered.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->protect(self, pages + mt_page, mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
}

/* Of four pages the lower two are another object's; where that ends the offset
 * of the upper two goes on. */
MT_CASE(protect, parts_of_two_objects_stay_apart, "simp-conditions-object",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join two regions of different VM objects, even "
    "if the offset of the upper one is the lower one's size.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, hole, 4 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x11);
	MT_REQUIRE(stage->deallocate(self, hole, 2 * mt_page), KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x22);
	MT_CHECK_REGION(hole, .offset = 0);
	MT_CHECK_REGION(hole + 2 * mt_page, .offset = 2 * mt_page);

	MT_CHECK(vm->protect(self, hole, 4 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aabb");
	MT_CHECK_BYTE(hole + mt_page, 0x22);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0x11);
}

MT_CASE(inherit, restored_inheritance_merges_nothing, "inherit-clips-no-merge",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() splits a region and never joins it again, whichever "
    "inheritance makes its parts alike.")
{
	static const vm_inherit_t all[] = { VM_INHERIT_COPY, VM_INHERIT_NONE,
		VM_INHERIT_SHARE };

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t pages = mt_pages(3);

		MT_REQUIRE(vm->inherit(self, pages, 3 * mt_page, all[i]),
		    KERN_SUCCESS);
		MT_REQUIRE(vm->inherit(self, pages + mt_page, mt_page,
			       all[(i + 1) % 3]),
		    KERN_SUCCESS);
		MT_REQUIRE_LAYOUT(pages, "abc");

		MT_CHECK(vm->inherit(self, pages + mt_page, mt_page, all[i]),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(pages, "abc");
	}
}

MT_CASE(protect, protect_merges_what_inherit_split, "simp-inherit-stays-split",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() joins equal parts, whichever routine split them.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(behavior_set, restored_behaviour_merges_nothing,
    "simp-behavior-stays-split", VM_MAP_C "vm_map_behavior_set()",
    "mach_vm_behavior_set() splits a region and never joins it again.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->behavior_set(self, pages + mt_page, mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
}

MT_CASE(behavior_set, unchanged_behaviour_splits_a_region,
    "behavior-clips-noop", VM_MAP_C "vm_map_behavior_set()",
    "mach_vm_behavior_set() splits at the ends of its range even when it "
    "changes nothing.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abb");
}

MT_CASE(wire, unwiring_merges_untouched_memory, "simp-mlock-roundtrip",
    VM_MAP_C "vm_map_unwire_nested()",
    "mach_vm_wire() that unwires joins what wiring split, when all parts "
    "refer to one VM object.",
    .until = "26.3", .needs = "privileged native")
{
	mach_vm_address_t pages = mt_pages(3);
	mach_port_name_t host = mach_host_self();

	MT_REQUIRE(vm->wire(host, self, pages + mt_page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");

	MT_CHECK(vm->wire(host, self, pages + mt_page, mt_page, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(wire, unwiring_leaves_touched_memory_split, "unwire-merges",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a part of touched memory gives it a VM object of its "
    "own since macOS 13, so that unwiring does not join it again.",
    .needs = "privileged native")
{
	mach_vm_address_t pages = mt_pages(3);
	mach_port_name_t host = mach_host_self();

	TOUCH_PAGES(pages, 3, 0x11);
	MT_REQUIRE(vm->wire(host, self, pages + mt_page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");

	MT_CHECK(vm->wire(host, self, pages + mt_page, mt_page, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, MT_PICTURE("abc", MT_UNTIL(12, "aaa")));
	MT_CHECK_BYTE(pages + mt_page, 0x11);
}

MT_CASE(protect, separate_allocations_never_merge, "simp-separate-allocs-never",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join two allocations: both begin at offset "
    "0.")
{
	const unsigned n = (unsigned)(MERGE_LIMIT / mt_page);
	mach_vm_address_t hole = mt_hole(2 * n);

	MT_REQUIRE(allocate_at(vm, self, hole, MERGE_LIMIT, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + MERGE_LIMIT, MERGE_LIMIT,
		       PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, hole, 2 * MERGE_LIMIT, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .size = MERGE_LIMIT, .protection = VM_PROT_READ);
	MT_CHECK_REGION(hole + MERGE_LIMIT, .size = MERGE_LIMIT,
	    .protection = VM_PROT_READ);
}

MT_CASE(protect, chunks_never_merge, "simp-chunks-never",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join the chunks of a large allocation: each "
    "begins at offset 0.")
{
	mach_vm_address_t address = 0;

	MT_REQUIRE(vm->allocate(self, &address, 2 * CHUNK,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, address, 2 * CHUNK, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = CHUNK);
	MT_CHECK_REGION(address + CHUNK, .address = address + CHUNK,
	    .size = CHUNK);
}

/*	[aaa]  free the middle  [a].[b]  fill it  [aa][b]  protect  [aaa] */
MT_CASE(protect, refilled_untouched_memory_merges, "simp-refill",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() joins untouched memory whose hole was filled: the "
    "offsets are adjacent.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, pages + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "aab");

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(protect, unchanged_protection_splits_nothing, "simp-noop-protect",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() that changes nothing joins again what it split.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(protect, different_tags_never_merge, "simp-tag",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_protect() does not join neighbours of different tags.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, TAG(242)),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, hole, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, allocation_merges_nothing_else, "simp-callers",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_allocate() does not join other regions, even where they could "
    "be.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(vm, self, hole, 3 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, hole + mt_page, mt_page,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(hole, "abc.");

	MT_CHECK(allocate_at(vm, self, hole + 3 * mt_page, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abcd");
}

MT_CASE(deallocate, deallocation_merges_nothing, "simp-callers-deallocate",
    VM_MAP_C "vm_map_simplify_entry()",
    "mach_vm_deallocate() does not join the regions beside its range.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abcc");

	MT_CHECK(vm->deallocate(self, pages + 3 * mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc.");
}
