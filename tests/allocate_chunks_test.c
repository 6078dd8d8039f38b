/*
 * Large allocations: one call, several regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(allocate, large_allocation_is_split_into_chunks, "alloc-chunk-128m",
    XNU "osfmk/mach/vm_param.h, ANON_CHUNK_SIZE",
    "An allocation without a VM object is split into map entries of at most "
    "ANON_CHUNK_SIZE (128 MiB); the last one is shorter.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 300 * MIB,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = CHUNK);
	MT_CHECK_REGION(address + CHUNK, .address = address + CHUNK,
	    .size = CHUNK);
	MT_CHECK_REGION(address + 2 * CHUNK, .address = address + 2 * CHUNK,
	    .size = 44 * MIB);
}

MT_CASE(allocate, every_chunk_has_the_same_attributes,
    "alloc-chunk-128m-attributes", VM_MAP_C "vm_map_enter()",
    "The ANON_CHUNK_SIZE pieces of one allocation differ only in their "
    "addresses; each has offset 0.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 2 * CHUNK,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_REGION(address + i * CHUNK, .size = CHUNK,
		    .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL,
		    .inheritance = VM_INHERIT_COPY, .user_tag = MT_TAG,
		    .offset = 0);
}

MT_CASE(map, every_chunk_has_the_inheritance_of_the_call,
    "alloc-chunk-128m-inherit", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() gives each ANON_CHUNK_SIZE piece the inheritance of the "
    "call, the shorter last one, too.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->map(self, &address, CHUNK + mt_page, 0,
		     VM_FLAGS_ANYWHERE | PLAIN, MACH_PORT_NULL, 0, FALSE,
		     VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .size = CHUNK, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(address + CHUNK, .size = mt_page,
	    .inheritance = VM_INHERIT_NONE);
}

MT_CASE(allocate, one_chunk_is_one_region, "alloc-chunk-exact",
    VM_MAP_C "vm_map_enter()",
    "An allocation of exactly ANON_CHUNK_SIZE (128 MiB) is one region: only "
    "larger ones are split.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, CHUNK, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = CHUNK);
}

MT_CASE(allocate, one_page_more_than_a_chunk_is_two_regions,
    "alloc-chunk-exact-more", VM_MAP_C "vm_map_enter()",
    "An allocation of one page more than ANON_CHUNK_SIZE (128 MiB) is split "
    "in two.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, CHUNK + mt_page,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = CHUNK);
	MT_CHECK_REGION(address + CHUNK, .address = address + CHUNK,
	    .size = mt_page);
}

MT_CASE(allocate, size_is_rounded_before_it_is_split,
    "alloc-chunk-exact-rounded", VM_MAP_C "vm_map_enter()",
    "The size is rounded up before it is split: a byte less than two "
    "ANON_CHUNK_SIZE and a page makes three regions.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 2 * CHUNK + 1,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address + 2 * CHUNK, .address = address + 2 * CHUNK,
	    .size = mt_page);
}

MT_CASE(allocate, chunks_may_be_4_gib, "alloc-chunk-4gb", "vm_statistics.h",
    "VM_FLAGS_4GB_CHUNK raises the chunk size to 4 GiB: a smaller "
    "allocation is one region.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, GIB,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_4GB_CHUNK | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = GIB);
}

MT_CASE(allocate, more_than_4_gib_is_split_at_4_gib, "alloc-chunk-4gb-more",
    "vm_statistics.h",
    "VM_FLAGS_4GB_CHUNK splits an allocation of more than 4 GiB at 4 GiB.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 5 * GIB,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_4GB_CHUNK | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = 4 * GIB);
	MT_CHECK_REGION(address + 4 * GIB, .address = address + 4 * GIB,
	    .size = GIB);
}

/* From 14 on the tag owns an object, see alloc-chunk-nocow-tags. */
MT_CASE(allocate, malloc_medium_has_its_own_chunk_size,
    "alloc-chunk-medium-tag",
    XNU "osfmk/mach/vm_param.h, MALLOC_MEDIUM_CHUNK_SIZE",
    "From macOS 10.14 to 13 an allocation with tag VM_MEMORY_MALLOC_MEDIUM "
    "is split every 8 MiB.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 20 * MIB,
		     VM_FLAGS_ANYWHERE | TAG(VM_MEMORY_MALLOC_MEDIUM)),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address,
	    .size = MT_VALUE(20 * MIB, MT_UNTIL(13, 8 * MIB),
		MT_UNTIL(10.14.5, 20 * MIB)));
	MT_CHECK_NUMBER(count_regions(address, address + 20 * MIB), 1,
	    MT_UNTIL(13, 3), MT_UNTIL(10.14.5, 1));
}

MT_CASE(allocate, malloc_medium_ignores_the_4_gib_flag,
    "alloc-chunk-medium-tag-4gb", VM_MAP_C "vm_map_enter()",
    "The chunk size of tag VM_MEMORY_MALLOC_MEDIUM takes precedence over "
    "VM_FLAGS_4GB_CHUNK.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 20 * MIB,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_4GB_CHUNK |
			 TAG(VM_MEMORY_MALLOC_MEDIUM)),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(address, address + 20 * MIB), 1,
	    MT_UNTIL(13, 3), MT_UNTIL(10.14.5, 1));
}

MT_CASE(allocate, malloc_tags_are_not_split, "nocow-no-chunking",
    VM_MAP_C "vm_map_enter()",
    "Since macOS 14 an allocation with tag VM_MEMORY_MALLOC, "
    "VM_MEMORY_MALLOC_SMALL, VM_MEMORY_MALLOC_TINY or VM_MEMORY_MALLOC_NANO "
    "has a VM object from the start and is one region, whatever its size.")
{
	static const int tags[] = { VM_MEMORY_MALLOC, VM_MEMORY_MALLOC_SMALL,
		VM_MEMORY_MALLOC_TINY, VM_MEMORY_MALLOC_NANO };

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		mach_vm_address_t address = 0;

		MT_CHECK(vm->allocate(self, &address, 300 * MIB,
			     VM_FLAGS_ANYWHERE | TAG(tags[i])),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(count_regions(address, address + 300 * MIB), 1,
		    MT_UNTIL(13, 3));
	}
}

MT_CASE(allocate, large_malloc_tags_are_split, "alloc-chunk-nocow-tags",
    VM_MAP_C "vm_map_enter()",
    "Since macOS 14 the tags of large malloc blocks, VM_MEMORY_MALLOC_LARGE "
    "and its variants, are still split at ANON_CHUNK_SIZE.")
{
	static const int tags[] = { VM_MEMORY_MALLOC_LARGE,
		VM_MEMORY_MALLOC_HUGE, VM_MEMORY_REALLOC,
		VM_MEMORY_MALLOC_LARGE_REUSABLE,
		VM_MEMORY_MALLOC_LARGE_REUSED };

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		mach_vm_address_t address = 0;

		MT_CHECK(vm->allocate(self, &address, 300 * MIB,
			     VM_FLAGS_ANYWHERE | TAG(tags[i])),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(count_regions(address, address + 300 * MIB), 3);
	}
}

MT_CASE(allocate, short_last_chunk_is_extended, "chunk-tail-coalesces",
    VM_MAP_C "vm_map_enter()",
    "The last chunk of a large allocation, when it is short, is extended by "
    "the next allocation like any small region.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole((unsigned)(CHUNK / mt_page) + 2);

	MT_REQUIRE(allocate_at(vm, self, hole, CHUNK + mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + CHUNK + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = CHUNK);
	MT_CHECK_REGION(hole + CHUNK, .address = hole + CHUNK,
	    .size = 2 * mt_page);
}

MT_CASE(deallocate, one_call_deallocates_all_chunks,
    "alloc-chunk-128m-deallocate", VM_MAP_C "vm_map_delete()",
    "One mach_vm_deallocate() removes all the regions that one "
    "mach_vm_allocate() made.")
{
	mach_vm_address_t address = 0;

	MT_REQUIRE(vm->allocate(self, &address, 300 * MIB,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, address, 300 * MIB), KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(address, address + 300 * MIB), 0);
}

MT_CASE(allocate, purgeable_memory_is_not_split, "alloc-purgable-one-region",
    VM_MAP_C "vm_map_enter()",
    "An allocation with VM_FLAGS_PURGABLE has one VM object and is one "
    "region of any size.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 300 * MIB,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = 300 * MIB);
}
