/*
 * mach_vm_behavior_set: values, ranges, and the behaviours that are stored.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(behavior_set, unknown_behavior_is_an_invalid_argument,
    "behavior-invalid", VM_MAP_C "vm_map_behavior_set()",
    "A behaviour that is not defined is an invalid argument.")
{
	static const vm_behavior_t bad[] = { -1, 13, 14, 99, 0x7fffffff };
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		MT_CHECK(vm->behavior_set(self, page, mt_page, bad[i]),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, zero_came_with_a_release, "behavior-invalid-zero",
    VM_MAP_C "vm_map_behavior_set()",
    "ZERO came with macOS 14.4: before it is an invalid argument.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS, MT_UNTIL(14.3, KERN_INVALID_ARGUMENT));
}

MT_CASE(behavior_set, pageout_is_for_debug_kernels, "behavior-pageout-release",
    VM_MAP_C "vm_map_behavior_set()",
    "PAGEOUT is an invalid argument of a release kernel, whatever the "
    "range.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_PAGEOUT),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->behavior_set(self, hole, mt_page, VM_BEHAVIOR_PAGEOUT),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(behavior_set, size_zero_changes_nothing, "behavior-zero-size",
    VM_USER_C "mach_vm_behavior_set()",
    "A size of 0 succeeds for each known behaviour and changes nothing.")
{
	mach_vm_address_t page = mt_pages(1);

	for (vm_behavior_t behavior = 0; behavior <= VM_BEHAVIOR_PAGEOUT;
	     behavior++) {
		MT_CHECK(vm->behavior_set(self, page, 0, behavior),
		    KERN_SUCCESS);
		MT_CHECK(vm->behavior_set(self, 0, 0, behavior), KERN_SUCCESS);
	}
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, unknown_behavior_wins_over_size_zero,
    "behavior-zero-size-invalid", VM_USER_C "mach_vm_behavior_set()",
    "The behaviour is tested before a size of 0 succeeds; until macOS 14 "
    "the size came first.")
{
	MT_CHECK(vm->behavior_set(self, 0, 0, 99), KERN_INVALID_ARGUMENT,
	    MT_UNTIL(14, KERN_SUCCESS));
}

MT_CASE(behavior_set, range_out_of_the_map_has_no_space, "behavior-out-of-map",
    VM_MAP_C "vm_map_behavior_set()",
    "A range that leaves the map has no space.")
{
	MT_CHECK(vm->behavior_set(self, 0x1000, mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_NO_SPACE);
	MT_CHECK(vm->behavior_set(self, mt_system()->maximum, mt_page,
		     VM_BEHAVIOR_RANDOM),
	    KERN_NO_SPACE);
	MT_CHECK(vm->behavior_set(self, mt_system()->maximum - mt_page,
		     2 * mt_page, VM_BEHAVIOR_DEFAULT),
	    KERN_NO_SPACE);
}

MT_CASE(behavior_set, range_that_wraps_is_refused, "behavior-overflow",
    VM_USER_C "mach_vm_behavior_set()",
    "A range that wraps past 2^64 is an invalid argument; one that wraps in "
    "rounding alone has no space.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(self, page, UINT64_MAX, VM_BEHAVIOR_RANDOM),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->behavior_set(self, page, UINT64_MAX - page,
		     VM_BEHAVIOR_RANDOM),
	    KERN_NO_SPACE);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, stored_behavior_is_shown, "behavior-stored",
    "vm_behavior_set.html",
    "DEFAULT, RANDOM, SEQUENTIAL and RSEQNTL are kept with the region.")
{
	mach_vm_address_t pages = mt_pages(2);

	for (vm_behavior_t behavior = VM_BEHAVIOR_RSEQNTL; behavior >= 0;
	     behavior--) {
		MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, behavior),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages, .address = pages, .size = 2 * mt_page,
		    .behavior = behavior);
	}
}

MT_CASE(behavior_set, momentary_behavior_is_not_shown, "behavior-stored-not",
    VM_MAP_C "vm_map_behavior_set()",
    "WILLNEED, DONTNEED and those after them are done once and not kept.",
    .needs = "native")
{
	static const vm_behavior_t momentary[] = { VM_BEHAVIOR_WILLNEED,
		VM_BEHAVIOR_DONTNEED, VM_BEHAVIOR_FREE,
		VM_BEHAVIOR_ZERO_WIRED_PAGES, VM_BEHAVIOR_REUSABLE,
		VM_BEHAVIOR_REUSE, VM_BEHAVIOR_CAN_REUSE };
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < sizeof(momentary) / sizeof(momentary[0]);
	     i++) {
		MT_CHECK(vm->behavior_set(self, page, mt_page, momentary[i]),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
	}
}

MT_CASE(behavior_set, hole_changes_no_stored_behavior, "behavior-hole-stored",
    VM_MAP_C "vm_map_behavior_set()",
    "A stored behaviour over a hole is an invalid address and changes "
    "nothing.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	for (vm_behavior_t behavior = 0; behavior <= VM_BEHAVIOR_RSEQNTL;
	     behavior++)
		MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page, behavior),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_DEFAULT);
	MT_CHECK_REGION(pages + 2 * mt_page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, hole_at_the_end_is_an_invalid_address,
    "behavior-hole-tail", VM_MAP_C "vm_map_behavior_set()",
    "A hole at the end of the range counts as one in its middle.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, hole_is_an_invalid_address_for_the_others,
    "behavior-hole-momentary", VM_MAP_C "vm_map_behavior_set()",
    "WILLNEED, DONTNEED, FREE and the reusable ones find a hole an invalid "
    "address too.",
    .needs = "native")
{
	static const vm_behavior_t momentary[] = { VM_BEHAVIOR_WILLNEED,
		VM_BEHAVIOR_DONTNEED, VM_BEHAVIOR_FREE, VM_BEHAVIOR_REUSABLE,
		VM_BEHAVIOR_REUSE, VM_BEHAVIOR_CAN_REUSE };
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	for (unsigned i = 0; i < sizeof(momentary) / sizeof(momentary[0]); i++)
		MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page,
			     momentary[i]),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(behavior_set, middle_splits_a_region_for_good, "behavior-no-merge",
    VM_MAP_C "vm_map_behavior_set()",
    "Another behaviour for its middle makes three regions of one, and "
    "restoring it leaves three.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .behavior = VM_BEHAVIOR_RANDOM);

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, same_behavior_splits_too, "behavior-clips-noop",
    VM_MAP_C "vm_map_behavior_set()",
    "Giving part of a region the behaviour it has splits it all the same.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abb");
}

MT_CASE(behavior_set, zero_wired_pages_splits_too,
    "behavior-clips-noop-zero-wired", VM_MAP_C "vm_map_behavior_set()",
    "ZERO_WIRED_PAGES is kept with the region though it is not shown, so it "
    "splits.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->behavior_set(self, pages + 2 * mt_page, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aab");
}

MT_CASE(behavior_set, momentary_behavior_splits_nothing, "behavior-clips-not",
    VM_MAP_C "vm_map_behavior_set()", "What is done once splits no region.",
    .needs = "native")
{
	static const vm_behavior_t momentary[] = { VM_BEHAVIOR_WILLNEED,
		VM_BEHAVIOR_DONTNEED, VM_BEHAVIOR_FREE, VM_BEHAVIOR_REUSABLE,
		VM_BEHAVIOR_REUSE, VM_BEHAVIOR_CAN_REUSE };
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	for (unsigned i = 0; i < sizeof(momentary) / sizeof(momentary[0]);
	     i++) {
		MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
			     momentary[i]),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, "aaa");
	}
}

MT_CASE(behavior_set, behavior_keeps_a_new_region_apart,
    "behavior-blocks-coalesce", VM_MAP_C "vm_map_enter()",
    "A region of another behaviour than DEFAULT is not extended by an "
    "allocation above it.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, hole, mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);

	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole + mt_page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, unreadable_memory_takes_a_behavior,
    "behavior-stored-none", VM_MAP_C "vm_map_behavior_set()",
    "A behaviour needs no permission.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_SEQUENTIAL,
	    .protection = VM_PROT_NONE);
}
