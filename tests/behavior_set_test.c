/*
 * mach_vm_behavior_set: values, ranges, and the behaviours that are stored.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(behavior_set, unknown_behavior_is_an_invalid_argument,
    "behavior-invalid", VM_MAP_C "vm_map_behavior_set()",
    "mach_vm_behavior_set() with an undefined behaviour is "
    "KERN_INVALID_ARGUMENT.")
{
	static const vm_behavior_t bad[] = { -1, 13, 14, 99, 0x7fffffff };
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		MT_CHECK(vm->behavior_set(self, page, mt_page, bad[i]),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, zero_is_a_known_behaviour, "behavior-invalid-zero",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO is accepted since macOS 14.4; before, it is "
    "KERN_INVALID_ARGUMENT.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS, MT_UNTIL(14.3, KERN_INVALID_ARGUMENT));
}

MT_CASE(behavior_set, pageout_exists_in_debug_kernels_only,
    "behavior-pageout-release", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_PAGEOUT is KERN_INVALID_ARGUMENT in a release kernel, "
    "whatever the range.")
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
    "mach_vm_behavior_set() of size 0 succeeds for each known behaviour and "
    "changes nothing.")
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

MT_CASE(behavior_set, unknown_behavior_is_reported_before_size_zero,
    "behavior-zero-size-invalid", VM_USER_C "mach_vm_behavior_set()",
    "mach_vm_behavior_set() checks the behaviour before it accepts a size "
    "of 0; until macOS 15.1 it was the other way round.")
{
	MT_CHECK(vm->behavior_set(self, 0, 0, 99), KERN_INVALID_ARGUMENT,
	    MT_UNTIL(15.1, KERN_SUCCESS));
}

MT_CASE(behavior_set, range_out_of_the_map_has_no_space, "behavior-out-of-map",
    VM_MAP_C "vm_map_behavior_set()",
    "mach_vm_behavior_set() with a range that leaves the map is "
    "KERN_NO_SPACE.")
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

MT_CASE(behavior_set, range_up_to_the_maximum_is_in_the_map, "behavior-map-end",
    VM_MAP_C "vm_map_behavior_set()",
    "mach_vm_behavior_set() with a range that ends where the map does is "
    "KERN_INVALID_ADDRESS if nothing is there, as everywhere else.")
{
	static const vm_behavior_t each[] = { VM_BEHAVIOR_DEFAULT,
		VM_BEHAVIOR_RANDOM, VM_BEHAVIOR_SEQUENTIAL, VM_BEHAVIOR_RSEQNTL,
		VM_BEHAVIOR_WILLNEED, VM_BEHAVIOR_DONTNEED, VM_BEHAVIOR_FREE };
	const mach_vm_address_t last = mt_system()->maximum - mt_page;
	struct mt_region r;

	MT_SKIP_UNLESS(!mt_region_at(last, &r),
	    "the map's last page is in use");
	for (unsigned i = 0; i < sizeof(each) / sizeof(each[0]); i++)
		MT_CHECK(vm->behavior_set(self, last, mt_page, each[i]),
		    KERN_INVALID_ADDRESS);
}

MT_CASE(behavior_set, range_that_wraps_is_refused, "behavior-overflow",
    VM_USER_C "mach_vm_behavior_set()",
    "mach_vm_behavior_set() with a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT; with one that wraps only when its end is "
    "rounded, KERN_NO_SPACE.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(self, page, UINT64_MAX, VM_BEHAVIOR_RANDOM),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->behavior_set(self, page, UINT64_MAX - page,
		     VM_BEHAVIOR_RANDOM),
	    KERN_NO_SPACE);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, stored_behavior_is_reported, "behavior-stored",
    "vm_behavior_set.html",
    "VM_BEHAVIOR_DEFAULT, VM_BEHAVIOR_RANDOM, VM_BEHAVIOR_SEQUENTIAL and "
    "VM_BEHAVIOR_RSEQNTL are stored in the region, and mach_vm_region() "
    "reports them.")
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

MT_CASE(behavior_set, one_time_behavior_is_not_reported, "behavior-stored-not",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_WILLNEED, VM_BEHAVIOR_DONTNEED and those above them act "
    "once and are not stored.",
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
    "VM_BEHAVIOR_DEFAULT to VM_BEHAVIOR_RSEQNTL over a hole are "
    "KERN_INVALID_ADDRESS and change nothing.")
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
    "VM_BEHAVIOR_RANDOM with a hole at the end of the range is "
    "KERN_INVALID_ADDRESS as with one in its middle.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(behavior_set, hole_is_an_invalid_address_for_one_time_behaviors,
    "behavior-hole-momentary", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_WILLNEED, VM_BEHAVIOR_DONTNEED, VM_BEHAVIOR_FREE and the "
    "REUSABLE ones over a hole are KERN_INVALID_ADDRESS.",
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

MT_CASE(behavior_set, middle_splits_a_region_permanently, "behavior-no-merge",
    VM_MAP_C "vm_map_behavior_set()",
    "mach_vm_behavior_set() on the middle of a region makes three regions "
    "of it; setting the old behaviour again leaves three.")
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
    "mach_vm_behavior_set() splits a region even when the part has that "
    "behaviour already.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abb");
}

MT_CASE(behavior_set, zero_wired_pages_splits_too,
    "behavior-clips-noop-zero-wired", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is stored in the region though never "
    "reported, so it splits the region.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->behavior_set(self, pages + 2 * mt_page, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aab");
}

MT_CASE(behavior_set, zero_wired_pages_leaves_the_behavior,
    "behavior-zero-wired-kept", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is stored beside the region's behaviour, "
    "which stays.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = mt_page, .behavior = VM_BEHAVIOR_RANDOM);
}

MT_CASE(behavior_set, one_time_behavior_splits_nothing, "behavior-clips-not",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_WILLNEED and the others that act once do not split a "
    "region.",
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
    "A region whose behaviour is not VM_BEHAVIOR_DEFAULT is not extended by "
    "an allocation above it.")
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

MT_CASE(behavior_set, inaccessible_memory_takes_a_behavior,
    "behavior-stored-none", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_SEQUENTIAL can be set on memory of VM_PROT_NONE.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_SEQUENTIAL,
	    .protection = VM_PROT_NONE);
}
