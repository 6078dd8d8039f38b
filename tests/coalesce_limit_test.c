/*
 * How large a region may grow by allocations above it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(allocate, sum_below_128_kib_joins, "coal-limit-128k",
    VM_MAP_C "NO_COALESCE_LIMIT",
    "NO_COALESCE_LIMIT: new memory extends the region below when both "
    "together are smaller than 128 KiB.",
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
    "NO_COALESCE_LIMIT: new memory is a region of its own when both "
    "together would be 128 KiB.")
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
    "NO_COALESCE_LIMIT: 64 KiB above 64 KiB are two regions.")
{
	mach_vm_size_t half = MERGE_LIMIT / 2;
	mach_vm_address_t hole = mt_hole((unsigned)(MERGE_LIMIT / mt_page));

	MT_REQUIRE(allocate_at(vm, self, hole, half, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + half, half, PLAIN), KERN_SUCCESS);

	MT_CHECK_REGION(hole + half, .address = hole + half, .size = half);
}

MT_CASE(allocate, large_allocation_above_a_page_stays_apart,
    "coalesce-limit-upper", VM_MAP_C "NO_COALESCE_LIMIT",
    "NO_COALESCE_LIMIT: an allocation of 128 KiB does not extend a page "
    "below it.")
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
    "NO_COALESCE_LIMIT: a page does not extend a region of 128 KiB below "
    "it.")
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
    "When a region has reached NO_COALESCE_LIMIT the next page begins a new "
    "region, which can grow in turn.",
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
    "VM_MEMORY_REALLOC raises the limit of coalescing from "
    "NO_COALESCE_LIMIT to 128 MiB: a region grows past 128 KiB.",
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
    "VM_MEMORY_REALLOC extends a region up to exactly 128 MiB.",
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
    "VM_MEMORY_REALLOC does not extend a region past 128 MiB.",
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
    "VM_MEMORY_REALLOC joins 64 MiB to 64 MiB.", .needs = "native")
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
    "VM_MEMORY_REALLOC does not extend a region when both together exceed "
    "128 MiB, even if the first chunk alone would fit.",
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
    "A region of tag VM_MEMORY_REALLOC grows past 128 KiB only by "
    "allocations that carry the tag too.",
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
