/*
 * Parts of a submap: what mach_vm_region_recurse() shows of memory that the
 * map has only in part, and of what follows a submap.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shared_region.h"

/* How often to look again when others bring pages in or take them away. */
#define TRIES 8

/* What is at address or above it, submaps looked into. */
struct answer {
	mach_vm_address_t address;
	mach_vm_size_t size;
	natural_t depth;
	vm_region_submap_info_data_64_t info;
};

static struct answer
ask(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t address)
{
	struct answer out = { .address = address, .depth = 1 };
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V0_COUNT_64;

	MT_REQUIRE(vm->region_recurse(self, &out.address, &out.size, &out.depth,
		       (vm_region_recurse_info_t)&out.info, &count),
	    KERN_SUCCESS);
	return out;
}

/* How many pages of a range are there.  Its parts follow one another, and each
 * is asked about by its first address and by its last. */
static unsigned
resident(const struct mt_route *vm, mach_port_name_t self, struct part range)
{
	mach_vm_address_t at = range.address, end = at + range.size;
	unsigned pages = 0;
	struct answer first, last;

	for (; at < end; at += first.size) {
		first = ask(vm, self, at);
		MT_CHECK_ADDRESS(first.address, at);
		MT_CHECK_NUMBER(first.depth, 1);
		MT_REQUIRE_TRUE(first.size > 0 && first.size <= end - at);
		last = ask(vm, self, at + first.size - 1);
		MT_CHECK_ADDRESS(last.address, at);
		MT_CHECK_NUMBER(last.size, first.size);
		MT_CHECK_NUMBER(last.info.offset - first.info.offset, 0);
		pages += first.info.pages_resident;
	}
	return pages;
}

MT_CASE(region_recurse, parts_of_a_submaps_memory_have_their_own_pages,
    "recurse-window-part", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() at depth 1 of a part of the shared region whose "
    "map entry was split shows where that part begins and ends and counts the "
    "pages there: those of all parts are as many as before.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = part.address +
	    part.size / 2 / mt_page * mt_page + mt_page;
	mach_vm_address_t told = mt_pages(1);
	unsigned before, tries = 0;
	struct answer out;

	MT_REQUIRE(stage->inherit(self, told, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	do {
		before = resident(vm, self, part);
		MT_CHILD {
			MT_REQUIRE(stage->behavior_set(self, page, mt_page,
				       VM_BEHAVIOR_RANDOM),
			    KERN_SUCCESS);
			out = ask(vm, self, page);
			MT_CHECK_ADDRESS(out.address, page);
			MT_CHECK_NUMBER(out.size, mt_page);
			*(volatile unsigned *)(uintptr_t)told = resident(vm,
			    self, part);
		}
	} while (resident(vm, self, part) != before && ++tries < TRIES);
	MT_SKIP_UNLESS(tries < TRIES, "others use the shared region too much");
	MT_CHECK_NUMBER(*(volatile unsigned *)(uintptr_t)told, before);
}

/* Since 26.4 the shared region has no holes. */
MT_CASE(region_recurse, region_above_a_submap_is_copied_like_it,
    "recurse-gap-share-mode", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() at depth 1 from a hole at the end of the shared "
    "region, which is copied when it is written, shows the region above with "
    "SM_COW; until macOS 11.2 with the share mode that it has.",
    .until = "26.3", .needs = "native")
{
	struct part all = shared_region();
	mach_vm_address_t end = all.address + all.size;
	struct answer from_hole = ask(vm, self, end - mt_page), asked;

	MT_SKIP_UNLESS(from_hole.address >= end,
	    "the shared region ends without a hole");
	asked = ask(vm, self, from_hole.address);
	MT_CHECK_ADDRESS(from_hole.address, asked.address);
	MT_CHECK_NUMBER(from_hole.size, asked.size);
	MT_CHECK_NUMBER(from_hole.depth, asked.depth);
	MT_CHECK_NUMBER(from_hole.info.is_submap, asked.info.is_submap);
	MT_CHECK_NUMBER(from_hole.info.ref_count, asked.info.ref_count);
	MT_CHECK_NUMBER(from_hole.info.share_mode, SM_COW,
	    MT_UNTIL(11.2, asked.info.share_mode));
}

MT_CASE(region_recurse, hole_below_the_shared_region_finds_its_first_part,
    "recurse-gap-below", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() at depth 1 from a hole below the shared region "
    "shows what it shows from the shared region's beginning.",
    .needs = "native")
{
	struct part all = shared_region();
	struct mt_region below;
	struct answer from_hole, asked;

	MT_SKIP_UNLESS(!mt_region_at(all.address - mt_page, &below),
	    "there is memory below the shared region");
	from_hole = ask(vm, self, all.address - mt_page);
	asked = ask(vm, self, all.address);
	MT_CHECK_ADDRESS(from_hole.address, asked.address);
	MT_CHECK_NUMBER(from_hole.size, asked.size);
	MT_CHECK_NUMBER(from_hole.depth, asked.depth);
	MT_CHECK_NUMBER(from_hole.info.share_mode, asked.info.share_mode);
	MT_CHECK_NUMBER(from_hole.info.offset - asked.info.offset, 0);
}
