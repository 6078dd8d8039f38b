/*
 * How large a region may grow by allocations above it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(allocate, sum_below_128_kib_joins, "coal-limit-128k",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "Region and allocation together must stay below 128 KiB.",
    .needs = "native")
{
	mach_vm_size_t size = MERGE_LIMIT - 2 * mt_page;
	mach_vm_address_t hole = mt_hole((unsigned)(MERGE_LIMIT / mt_page));

	MT_REQUIRE(allocate_at(vm, self, hole, size, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + size, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = size + mt_page);
}

MT_CASE(allocate, sum_of_128_kib_stays_apart, "coalesce-limit",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "Region and allocation together must stay below 128 KiB.")
{
	mach_vm_size_t size = MERGE_LIMIT - mt_page;
	mach_vm_address_t hole = mt_hole((unsigned)(MERGE_LIMIT / mt_page));

	MT_REQUIRE(allocate_at(vm, self, hole, size, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + size, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = size);
	MT_CHECK_REGION(hole + size, .address = hole + size, .size = mt_page);
}

MT_CASE(allocate, two_halves_of_128_kib_stay_apart, "coalesce-limit-halves",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "Region and allocation together must stay below 128 KiB.")
{
	mach_vm_size_t half = MERGE_LIMIT / 2;
	mach_vm_address_t hole = mt_hole((unsigned)(MERGE_LIMIT / mt_page));

	MT_REQUIRE(allocate_at(vm, self, hole, half, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + half, half, PLAIN), KERN_SUCCESS);

	MT_CHECK_REGION(hole + half, .address = hole + half, .size = half);
}

MT_CASE(allocate, large_allocation_above_a_page_stays_apart,
    "coalesce-limit-upper", VM_MAP_C "NO_COALESCE_LIMIT",
    "Region and allocation together must stay below 128 KiB.")
{
	mach_vm_size_t size = MERGE_LIMIT - mt_page;
	mach_vm_address_t hole = mt_hole((unsigned)(MERGE_LIMIT / mt_page));

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, size, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
	MT_CHECK_REGION(hole + mt_page, .address = hole + mt_page,
	    .size = size);
}

MT_CASE(allocate, page_above_a_large_region_stays_apart, "coalesce-limit-large",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "Region and allocation together must stay below 128 KiB.")
{
	mach_vm_address_t hole = mt_hole((unsigned)(MIB / mt_page) + 1);

	MT_REQUIRE(allocate_at(vm, self, hole, MIB, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + MIB, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = MIB);
}

/* Pages one at a time: the first region stops a page below 128 KiB, the next
 * page starts another, which grows in its turn. */
MT_CASE(allocate, full_region_is_followed_by_one_that_grows,
    "coal-size-limit-not-retroactive", VM_MAP_C "NO_COALESCE_LIMIT",
    "When a region has reached the limit the next page begins a new one, "
    "which can grow itself.",
    .needs = "native")
{
	const unsigned full = (unsigned)(MERGE_LIMIT / mt_page) - 1;
	mach_vm_address_t hole = mt_hole(full + 2);

	for (unsigned i = 0; i < full + 2; i++)
		MT_REQUIRE(allocate_at(vm, self, hole + i * mt_page, mt_page,
			       PLAIN),
		    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = full * mt_page);
	MT_CHECK_REGION(hole + full * mt_page, .address = hole + full * mt_page,
	    .size = 2 * mt_page);
}

MT_CASE(allocate, realloc_passes_128_kib, "coal-realloc-limit-small",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "With VM_MEMORY_REALLOC the limit is 128 MiB, and reached.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole((unsigned)(MIB / mt_page) + 1);

	MT_REQUIRE(allocate_at(vm, self, hole, MIB, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + MIB, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = MIB + mt_page,
	    .user_tag = MT_TAG);
}

MT_CASE(allocate, realloc_reaches_128_mib, "coal-realloc-limit",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "With VM_MEMORY_REALLOC the limit is 128 MiB, and reached.",
    .needs = "native")
{
	mach_vm_size_t size = CHUNK - mt_page;
	mach_vm_address_t hole = mt_hole((unsigned)(CHUNK / mt_page) + 1);

	MT_REQUIRE(allocate_at(vm, self, hole, size, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + size, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = CHUNK);
}

MT_CASE(allocate, realloc_does_not_pass_128_mib, "coalesce-realloc-limit",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "With VM_MEMORY_REALLOC the limit is 128 MiB, and reached.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole((unsigned)(CHUNK / mt_page) + 1);

	MT_REQUIRE(allocate_at(vm, self, hole, CHUNK, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + CHUNK, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = CHUNK);
	MT_CHECK_REGION(hole + CHUNK, .address = hole + CHUNK, .size = mt_page,
	    .user_tag = VM_MEMORY_REALLOC);
}

MT_CASE(allocate, two_halves_of_128_mib_join_with_realloc,
    "coalesce-realloc-limit-halves", VM_MAP_C "NO_COALESCE_LIMIT",
    "With VM_MEMORY_REALLOC the limit is 128 MiB, and reached.",
    .needs = "native")
{
	mach_vm_size_t half = CHUNK / 2;
	mach_vm_address_t hole = mt_hole((unsigned)(CHUNK / mt_page));

	MT_REQUIRE(allocate_at(vm, self, hole, half, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + half, half, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = CHUNK,
	    .user_tag = MT_TAG);
}

MT_CASE(allocate, realloc_larger_than_a_chunk_stays_apart,
    "coalesce-realloc-limit-upper", VM_MAP_C "NO_COALESCE_LIMIT",
    "An allocation that passes 128 MiB with the region below joins nothing, "
    "be its first chunk small enough or not.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole((unsigned)(CHUNK / mt_page) + 1);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, CHUNK, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
	MT_CHECK_REGION(hole + mt_page, .address = hole + mt_page,
	    .size = CHUNK, .user_tag = VM_MEMORY_REALLOC);
}

MT_CASE(allocate, only_the_new_tag_lifts_the_limit, "coal-realloc-limit-old",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "A region of tag VM_MEMORY_REALLOC does not grow past 128 KiB by "
    "allocations of its own kind unless they carry that tag too.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole((unsigned)(MIB / mt_page) + 2);

	MT_REQUIRE(allocate_at(vm, self, hole, MIB, REALLOC), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + MIB, mt_page, REALLOC),
	    KERN_SUCCESS);
	MT_CHECK(allocate_at(vm, self, hole + MIB + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = MIB + mt_page);
	MT_CHECK_REGION(hole + MIB + mt_page, .address = hole + MIB + mt_page,
	    .size = mt_page);
}
