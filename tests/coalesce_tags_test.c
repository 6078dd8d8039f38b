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
    "A new region joins the one below when their tags are equal; 0 is a tag "
    "like others.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, 100, 100), 1);
	MT_CHECK_NUMBER(pair(vm, self, hole, 0, 0), 1);
	MT_CHECK_NUMBER(pair(vm, self, hole, 255, 255), 1);
}

MT_CASE(allocate, different_tags_stay_apart, "coalesce-tag-differs",
    VM_MAP_C "vm_map_enter()", "A new region of another tag stays apart.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, 100, 101), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, 0, 100), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, 100, 0), 2);
	MT_CHECK_NUMBER(pair(vm, self, hole, 3, 1), 2);
}

/* Five tags own an object since 14: 1, 2, 7, 11, 12. */
MT_CASE(allocate, nearly_every_tag_joins_its_like, "coal-same-tag-all",
    VM_MAP_C "vm_map_enter()",
    "Of the 256 tags all join their like but the five that own an object "
    "since macOS 14.",
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
    "VM_MEMORY_REALLOC joins a region of any tag, and the region keeps the "
    "tag it has.",
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

MT_CASE(allocate, realloc_joins_a_large_block, "coalesce-tag-realloc",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC joins the memory of a large malloc block.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_MALLOC_LARGE);
}

MT_CASE(allocate, realloc_joins_nearly_every_tag, "coal-realloc-any-tag-all",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC joins all tags but the five that own an object since "
    "macOS 14.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);
	unsigned joined = 0;

	for (unsigned tag = 0; tag < 256; tag++)
		joined += pair(vm, self, hole, tag, VM_MEMORY_REALLOC) == 1;

	MT_CHECK_NUMBER(joined, 251, MT_UNTIL(13, 256));
}

MT_CASE(allocate, realloc_on_its_own_is_a_region_of_that_tag,
    "coal-realloc-standalone", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC with nothing to grow makes an ordinary region of tag "
    "6.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, ".a");
	MT_CHECK_REGION(hole + mt_page, .address = hole + mt_page,
	    .size = mt_page, .user_tag = VM_MEMORY_REALLOC);
}

MT_CASE(allocate, realloc_joins_realloc, "coal-realloc-standalone-two",
    VM_MAP_C "vm_map_enter()",
    "Two allocations of VM_MEMORY_REALLOC are of one tag and join.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_NUMBER(pair(vm, self, hole, VM_MEMORY_REALLOC,
			    VM_MEMORY_REALLOC),
	    1);
}

MT_CASE(allocate, memory_above_realloc_stays_apart, "coalesce-realloc-lower",
    VM_MAP_C "vm_map_enter()",
    "Only the new tag counts: other memory above a region of tag 6 stays "
    "apart.",
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
    "Of 256 tags only VM_MEMORY_REALLOC and its own joins a region.",
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
    "VM_MEMORY_REALLOC does not join the region above.", .needs = "native")
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
    "VM_MEMORY_REALLOC in a gap joins the region below, never both.",
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

MT_CASE(allocate, realloc_leaves_small_malloc_blocks_alone,
    "coal-realloc-nocow-tags", VM_MAP_C "vm_map_enter()",
    "Memory of tags 1, 2, 7, 11 and 12 owns an object that cannot grow, "
    "since macOS 14.",
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
    "A new region of tag 1, 2, 7, 11 or 12 joins nothing, since macOS 14.",
    .needs = "native")
{
	static const unsigned tags[] = { 1, 2, 7, 11, 12 };
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		MT_CHECK_NUMBER(pair(vm, self, hole, tags[i], tags[i]), 2,
		    MT_UNTIL(13, 1));
}

MT_CASE(allocate, large_malloc_blocks_still_join, "coal-nocow-tags-never-large",
    VM_MAP_C "vm_map_enter()",
    "The tags 3, 4, 6, 8 and 9 are left out of that rule.", .needs = "native")
{
	static const unsigned tags[] = { 3, 4, 6, 8, 9 };
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		MT_CHECK_NUMBER(pair(vm, self, hole, tags[i], tags[i]), 1);
}
