/*
 * Tags that let a new allocation join the region below, and tags that do not.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* How many regions a page of tag below and then one of tag above make, 0 when
 * a call fails; the hole is empty again afterwards. */
static unsigned
pair(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t hole,
    unsigned below, unsigned above)
{
	unsigned n;

	if (allocate_at(vm, self, hole, mt_page, TAG(below)) != KERN_SUCCESS ||
	    allocate_at(vm, self, hole + mt_page, mt_page, TAG(above)) !=
		KERN_SUCCESS)
		return 0;
	n = count_regions(hole, hole + 2 * mt_page);
	return vm->deallocate(self, hole, 2 * mt_page) == KERN_SUCCESS ? n : 0;
}

MT_CASE(allocate, equal_tags_join, "coal-same-tag", VM_MAP_C "vm_map_enter()",
    "mach_vm_allocate() extends the region below when their tags are equal; "
    "tag 0 is a tag like any other.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, 100, 100), 1);
	MT_CHECK_NUMBER(pair(vm, self, hole, 0, 0), 1);
	MT_CHECK_NUMBER(pair(vm, self, hole, 255, 255), 1);
}

MT_CASE(allocate, different_tags_stay_apart, "coalesce-tag-differs",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_allocate() with another tag than the region's below makes a "
    "new region.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, 100, 101), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, 0, 100), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, 100, 0), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, 3, 1), 2);
}

/* Five tags own an object since 14: 1, 2, 7, 11, 12. */
MT_CASE(allocate, nearly_every_tag_joins_its_own, "coal-same-tag-all",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_allocate() extends a region of the same tag, for all 256 tags "
    "except the five whose memory has a VM object from the start since "
    "macOS 14.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);
	unsigned joined = 0;

	for (unsigned tag = 0; tag < 256; tag++)
		joined += pair(vm, self, hole, tag, tag) == 1;

	MT_CHECK_NUMBER(joined, 251, MT_UNTIL(13, 256));
}

MT_CASE(allocate, realloc_keeps_the_tag_below, "coal-realloc-any-tag",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC extends a region of another tag, and the region "
    "keeps its tag.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(100)),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_REGION(hole, .user_tag = 100);
}

MT_CASE(allocate, realloc_extends_a_large_malloc_block, "coalesce-tag-realloc",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC extends a region of tag VM_MEMORY_MALLOC_LARGE, or of "
    "none, which keeps its tag.",
    .needs = "native")
{
	static const int tags[] = { VM_MEMORY_MALLOC_LARGE, 0, MT_TAG };

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t hole = mt_hole(2);

		MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(tags[i])),
		    KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
			     REALLOC),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(hole, "aa");
		MT_CHECK_REGION(hole, .user_tag = tags[i]);
	}
}

MT_CASE(allocate, realloc_extends_nearly_every_tag, "coal-realloc-any-tag-all",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC extends a region of any tag except the five whose "
    "memory has a VM object from the start since macOS 14.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);
	unsigned joined = 0;

	for (unsigned tag = 0; tag < 256; tag++)
		joined += pair(vm, self, hole, tag, VM_MEMORY_REALLOC) == 1;

	MT_CHECK_NUMBER(joined, 251, MT_UNTIL(13, 256));
}

MT_CASE(allocate, realloc_with_nothing_below_is_a_region_of_that_tag,
    "coal-realloc-standalone", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC with nothing to extend makes an ordinary region of "
    "tag 6.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, ".a");
	MT_CHECK_REGION(hole + mt_page, .address = hole + mt_page,
	    .size = mt_page, .user_tag = VM_MEMORY_REALLOC);
}

MT_CASE(allocate, realloc_extends_realloc, "coal-realloc-standalone-two",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC extends a region of the same tag.", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, VM_MEMORY_REALLOC,
			    VM_MEMORY_REALLOC),
	    1);
}

MT_CASE(allocate, memory_above_realloc_stays_apart, "coalesce-realloc-lower",
    VM_MAP_C "vm_map_enter()",
    "Memory of another tag does not extend a region of tag "
    "VM_MEMORY_REALLOC: only the new memory's tag lifts the condition.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, VM_MEMORY_REALLOC, 100), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, VM_MEMORY_REALLOC,
			    VM_MEMORY_MALLOC_LARGE),
	    2);
}

MT_CASE(allocate, no_tag_but_realloc_joins_another, "coal-realloc-not-old",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC is the only tag that extends a region of a different "
    "tag.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);
	unsigned joined = 0;

	for (unsigned tag = 0; tag < 256; tag++)
		joined += pair(vm, self, hole, MT_TAG, tag) == 1;

	MT_CHECK_NUMBER(joined, 2);
}

MT_CASE(allocate, realloc_below_a_region_stays_apart,
    "coalesce-only-upward-realloc", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC does not join the region above it.", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, REALLOC), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_REALLOC);
}

MT_CASE(allocate, realloc_in_a_gap_joins_the_lower_region,
    "coalesce-fill-gap-realloc", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC in a hole between two regions extends the lower one, "
    "never both.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aab");
	MT_CHECK_REGION(hole, .user_tag = 241);
}

MT_CASE(allocate, realloc_does_not_extend_small_malloc_blocks,
    "coal-realloc-nocow-tags", VM_MAP_C "vm_map_enter()",
    "Since macOS 14 VM_MEMORY_REALLOC does not extend memory of tags 1, 2, "
    "7, 11 and 12, which has a VM object that cannot grow.",
    .needs = "native")
{
	static const unsigned tags[] = { 1, 2, 7, 11, 12 };
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		MT_CHECK_NUMBER(pair(vm, self, hole, tags[i],
				    VM_MEMORY_REALLOC),
		    2, MT_UNTIL(13, 1));
}

MT_CASE(allocate, small_malloc_blocks_never_join, "coal-nocow-tags-never",
    VM_MAP_C "vm_map_enter()",
    "Since macOS 14 mach_vm_allocate() with tag 1, 2, 7, 11 or 12 never "
    "extends a region.",
    .needs = "native")
{
	static const unsigned tags[] = { 1, 2, 7, 11, 12 };
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		MT_CHECK_NUMBER(pair(vm, self, hole, tags[i], tags[i]), 2,
		    MT_UNTIL(13, 1));
}

MT_CASE(allocate, large_malloc_blocks_still_coalesce,
    "coal-nocow-tags-never-large", VM_MAP_C "vm_map_enter()",
    "Since macOS 14 mach_vm_allocate() with tag 3, 4, 6, 8 or 9 still "
    "extends a region of the same tag.",
    .needs = "native")
{
	static const unsigned tags[] = { 3, 4, 6, 8, 9 };
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		MT_CHECK_NUMBER(pair(vm, self, hole, tags[i], tags[i]), 1);
}
