/*
 * mach_vm_region_recurse: counts, depth, and what it shows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "bsd.h"
#include "shared_region.h"

#define SHORT VM_REGION_SUBMAP_SHORT_INFO_COUNT_64
#define V0    VM_REGION_SUBMAP_INFO_V0_COUNT_64
#define V1    VM_REGION_SUBMAP_INFO_V1_COUNT_64
#define V2    VM_REGION_SUBMAP_INFO_V2_COUNT_64

#define SENTINEL 0x5a5a5a5a
#define WORDS	 24

struct answer {
	mach_vm_address_t address;
	mach_vm_size_t size;
	natural_t depth;
	mach_msg_type_number_t count;
	union {
		int words[WORDS];
		vm_region_submap_info_data_64_t info;
		vm_region_submap_short_info_data_64_t brief;
	};
};

/* Ask at a depth with a count; the buffer is full of sentinels. */
static kern_return_t
ask(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t address,
    natural_t depth, unsigned count, struct answer *out)
{
	out->address = address;
	out->size = 0x51;
	out->depth = depth;
	out->count = count;
	for (int i = 0; i < WORDS; i++)
		out->words[i] = SENTINEL;
	return vm->region_recurse(self, &out->address, &out->size, &out->depth,
	    out->words, &out->count);
}

/* The first submap of the map: the shared region. */
static bool
find_shared_region(struct mt_region *region)
{
	mach_vm_address_t address = 0;
	const char *problem;

	while (mt_region_next(address, region, &problem)) {
		if (region->is_submap)
			return true;
		address = (mach_vm_address_t)(region->address + region->size);
	}
	return false;
}

static void
check_brief(const vm_region_submap_short_info_data_64_t *brief,
    const vm_region_submap_info_data_64_t *full)
{
	MT_CHECK_PROTECTION(brief->protection, full->protection);
	MT_CHECK_PROTECTION(brief->max_protection, full->max_protection);
	MT_CHECK_NUMBER(brief->inheritance, full->inheritance);
	MT_CHECK_NUMBER(brief->offset - full->offset, 0);
	MT_CHECK_NUMBER(brief->user_tag, full->user_tag);
	MT_CHECK_NUMBER(brief->ref_count, full->ref_count);
	MT_CHECK_NUMBER(brief->shadow_depth, full->shadow_depth);
	MT_CHECK_NUMBER(brief->external_pager, full->external_pager);
	MT_CHECK_NUMBER(brief->share_mode, full->share_mode);
	MT_CHECK_NUMBER(brief->is_submap, full->is_submap);
	MT_CHECK_NUMBER(brief->behavior, full->behavior);
	MT_CHECK_NUMBER(brief->object_id, full->object_id);
	MT_CHECK_NUMBER(brief->user_wired_count, full->user_wired_count);
}

MT_CASE(region_recurse, count_below_the_short_form_is_refused,
    "recurse-count-small", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() with fewer words than the short form is "
    "KERN_INVALID_ARGUMENT and leaves every out parameter.")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	for (unsigned count = 0; count < SHORT; count++)
		MT_CHECK(ask(vm, self, page, 5, count, &out),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(out.address, page);
	MT_CHECK_NUMBER(out.size, 0x51);
	MT_CHECK_NUMBER(out.depth, 5);
	MT_CHECK_NUMBER(out.count, SHORT - 1);
	MT_CHECK_NUMBER(out.words[0], SENTINEL);
}

MT_CASE(region_recurse, count_of_the_short_form_gives_the_short_form,
    "recurse-short", VM_MAP_C "vm_map_region_recurse_64()",
    "VM_REGION_SUBMAP_SHORT_INFO_COUNT_64: 12 to 15 words return the short "
    "form of 12.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct answer out;

	TOUCH(pages, 0x51);
	for (unsigned count = SHORT; count < V0; count++) {
		MT_CHECK(ask(vm, self, pages, 0, count, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.count, SHORT);
		MT_CHECK_NUMBER(out.words[SHORT], SENTINEL);
	}
	MT_CHECK_ADDRESS(out.address, pages);
	MT_CHECK_NUMBER(out.size, 3 * mt_page);
	MT_CHECK_PROTECTION(out.brief.protection, VM_PROT_DEFAULT);
	MT_CHECK_PROTECTION(out.brief.max_protection, VM_PROT_ALL);
	MT_CHECK_NUMBER(out.brief.inheritance, VM_INHERIT_DEFAULT);
	MT_CHECK_NUMBER(out.brief.user_tag, MT_TAG);
	MT_CHECK_NUMBER(out.brief.is_submap, FALSE);
}

MT_CASE(region_recurse, short_form_shows_how_memory_is_shared,
    "recurse-short-fields", VM_MAP_C "vm_map_region_recurse_64()",
    "The short form of mach_vm_region_recurse() leaves out the page counts, "
    "not the share mode and the references.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct answer out;

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages, 3 * mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);

	MT_CHECK(ask(vm, self, pages, 0, SHORT, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.brief.share_mode, SM_PRIVATE);
	MT_CHECK_NUMBER(out.brief.ref_count, 1);
	MT_CHECK_NUMBER(out.brief.behavior, VM_BEHAVIOR_RANDOM);
	MT_CHECK_NUMBER(out.brief.user_wired_count, 0);
	MT_CHECK_NUMBER(out.brief.shadow_depth, 0);
}

MT_CASE(region_recurse, short_form_agrees_with_the_long_one,
    "recurse-short-agrees", VM_MAP_C "vm_map_region_recurse_64()",
    "The short form of mach_vm_region_recurse() has what the long one has, but "
    "for the counts of pages: of ordinary memory with attributes of its own, "
    "of a copy, and of the shared region.")
{
	const mach_vm_size_t size = LARGE;
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES + 1) + mt_page;
	struct mt_region shared;
	mach_vm_address_t asked[3] = { from + mt_page, to, 0 };
	unsigned count = 2;

	TOUCH_PAGES(from, LARGE_PAGES, 0x51);
	MT_REQUIRE(stage->copy(self, from, size, to), KERN_SUCCESS);
	TOUCH(to, 0x52);
	MT_REQUIRE(stage->inherit(self, from + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, from + mt_page, mt_page,
		       VM_BEHAVIOR_RSEQNTL),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, from + mt_page, mt_page, TRUE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	if (find_shared_region(&shared))
		asked[count++] = (mach_vm_address_t)shared.address;
	for (unsigned i = 0; i < count; i++) {
		struct answer brief, full;

		MT_CHECK(ask(vm, self, asked[i], 0, SHORT, &brief),
		    KERN_SUCCESS);
		MT_CHECK(ask(vm, self, asked[i], 0, V0, &full), KERN_SUCCESS);
		MT_CHECK_ADDRESS(brief.address, full.address);
		MT_CHECK_NUMBER(brief.size, full.size);
		MT_CHECK_NUMBER(brief.depth, full.depth);
		check_brief(&brief.brief, &full.info);
	}
}

MT_CASE(region_recurse, short_form_counts_the_wirings, "recurse-short-wired",
    VM_MAP_C "vm_map_region_recurse_64()",
    "The short form of mach_vm_region_recurse() shows how often the user has "
    "wired the region.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	for (int i = 0; i <= 2; i++) {
		MT_CHECK(ask(vm, self, page, 0, SHORT, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.brief.user_wired_count, i);
		MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
			       VM_PROT_READ),
		    KERN_SUCCESS);
	}
}

/* The 16 bits behind user_wired_count, which older SDKs do not name. */
static unsigned
flags_behind(const void *user_wired_count)
{
	uint16_t flags;

	memcpy(&flags, (const uint8_t *)user_wired_count + sizeof(flags),
	    sizeof(flags));
	return flags;
}

MT_CASE(region_recurse, ordinary_memory_has_no_flags,
    "region-submap-flags-none",
    XNU26 "osfmk/vm/vm_map.c, vm_map_region_recurse_64()",
    "mach_vm_region_recurse() shows flags since macOS 26.0, in its long form "
    "and in its short one: 0 for ordinary memory.",
    .since = "26.0")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	MT_CHECK(ask(vm, self, page, 0, V0, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(flags_behind(&out.info.user_wired_count), 0);
	MT_CHECK(ask(vm, self, page, 0, SHORT, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(flags_behind(&out.brief.user_wired_count), 0);
}

MT_CASE(region_recurse, jit_memory_has_a_flag_in_the_short_form,
    "region-submap-flags-short",
    XNU26 "osfmk/vm/vm_map.c, vm_map_region_recurse_64()",
    "mach_vm_region_recurse() sets bit 0 of the 16 bits behind "
    "user_wired_count for MAP_JIT memory since macOS 26.0, in its short form, "
    "too.",
    .since = "26.0", .needs = "jit")
{
	mach_vm_address_t page = mapped(stage_bsd, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);
	struct answer out;

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK(ask(vm, self, page, 0, SHORT, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(flags_behind(&out.brief.user_wired_count), 1);
}

MT_CASE(region_recurse, count_selects_the_version, "recurse-versions",
    VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() returns version 0 for 16 words, version 1 for "
    "17 and 18, version 2, which came with macOS 10.15, from 19 on.")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	MT_CHECK(ask(vm, self, page, 0, V0, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, V0);
	MT_CHECK_NUMBER(out.words[V0], SENTINEL);
	for (unsigned count = V1; count < V2; count++) {
		MT_CHECK(ask(vm, self, page, 0, count, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.count, V1);
		MT_CHECK_NUMBER(out.words[V1], SENTINEL);
	}
	for (unsigned count = V2; count < V2 + 3; count++) {
		MT_CHECK(ask(vm, self, page, 0, count, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.count, V2, MT_UNTIL(10.14, V1));
	}
}

MT_CASE(region_recurse, version_2_brings_the_whole_object_id,
    "vd-region-submap-v2", VM_MAP_C "vm_map_region_recurse_64()",
    "Version 2 of mach_vm_region_recurse() adds the full id of the VM object, "
    "whose lower half is the id, of memory that is to be copied too.",
    .since = "10.15")
{
	mach_vm_address_t page = mt_pages(1), copy = 0;
	struct answer out, other;

	MT_CHECK(ask(vm, self, page, 0, V2, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.object_id_full, 0);
	TOUCH(page, 0x51);
	MT_CHECK(ask(vm, self, page, 0, V2, &out), KERN_SUCCESS);
	MT_CHECK_TRUE(out.info.object_id_full != 0);
	MT_CHECK_NUMBER((uint32_t)out.info.object_id_full, out.info.object_id);

	REMAP(copy, mt_page, VM_FLAGS_ANYWHERE, page, TRUE);
	MT_CHECK(ask(vm, self, copy, 0, V2, &other), KERN_SUCCESS);
	MT_CHECK_TRUE(other.info.object_id_full != 0);
	MT_CHECK_NUMBER((uint32_t)other.info.object_id_full,
	    other.info.object_id);
	MT_CHECK(ask(vm, self, page, 0, V2, &other), KERN_SUCCESS);
	MT_CHECK_NUMBER(other.info.object_id_full == out.info.object_id_full,
	    TRUE);
}

MT_CASE(region_recurse, depth_returned_is_that_of_the_region,
    "recurse-depth-inout", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() takes the depth to go down to and returns the "
    "depth of the region: 0 for ordinary memory.")
{
	static const natural_t depths[] = { 0, 1, 2, 9999, UINT32_MAX };
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	for (unsigned i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		MT_CHECK(ask(vm, self, page, depths[i], V0, &out),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(out.address, page);
		MT_CHECK_NUMBER(out.depth, 0);
		MT_CHECK_NUMBER(out.info.is_submap, FALSE);
	}
}

MT_CASE(region_recurse, shared_region_is_a_submap_at_depth_0,
    "recurse-depth0-submap", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() at depth 0 shows the shared region as a submap, "
    "SM_TRUESHARED, which each of its pieces refers to.",
    .needs = "native")
{
	mach_vm_address_t base = shared_region_base();
	struct answer out, piece;
	natural_t pieces = 0;

	MT_SKIP_UNLESS(!has_placeholder(), MT_NO_CACHE);
	MT_CHECK(ask(vm, self, base, 0, V0, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, base);
	MT_CHECK_NUMBER(out.depth, 0);
	MT_CHECK_NUMBER(out.info.is_submap, TRUE);
	MT_CHECK_NUMBER(out.info.share_mode, SM_TRUESHARED);
	MT_CHECK_NUMBER(out.info.inheritance, VM_INHERIT_SHARE);
	MT_CHECK_NUMBER(out.info.user_tag, VM_MEMORY_SHARED_PMAP);
	MT_CHECK_TRUE(out.info.object_id != 0);
	for (piece = out; piece.info.object_id == out.info.object_id; pieces++)
		if (ask(vm, self, piece.address + piece.size, 0, V0, &piece))
			break;
	MT_CHECK_TRUE(out.info.ref_count >= pieces);
}

MT_CASE(region_recurse, depth_in_the_shared_region_is_1,
    "recurse-depth-inout-submap", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() asked to go deeper than the shared region's "
    "submap, which has none in it, returns depth 1.",
    .needs = "native")
{
	const struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL);
	struct answer out;

	for (natural_t depth = 1; depth < 4; depth++) {
		MT_CHECK(ask(vm, self, part.address, depth, V0, &out),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(out.address, part.address);
		MT_CHECK_NUMBER(out.depth, 1);
		MT_CHECK_NUMBER(out.info.is_submap, FALSE);
	}
}

MT_CASE(region_recurse, address_in_a_hole_finds_the_next_region, "recurse-next",
    VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() of an address in a hole returns the next "
    "region above.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct answer out;

	MT_REQUIRE(stage->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK(ask(vm, self, pages + 5, 0, V0, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, pages + mt_page);
	MT_CHECK_NUMBER(out.size, 2 * mt_page);
}

MT_CASE(region_recurse, address_within_a_region_finds_its_start,
    "recurse-contains", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() of an address inside a region returns it from "
    "its start.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct answer out;

	MT_CHECK(ask(vm, self, pages + 3 * mt_page - 1, 0, V0, &out),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, pages);
	MT_CHECK_NUMBER(out.size, 3 * mt_page);
}

MT_CASE(region_recurse, address_beyond_the_last_region_is_an_invalid_address,
    "recurse-past-last", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() of an address above all regions is "
    "KERN_INVALID_ADDRESS and leaves the out parameters.")
{
	struct answer out;

	MT_CHECK(ask(vm, self, LAST_PAGE, 3, V0, &out), KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(out.address, LAST_PAGE);
	MT_CHECK_NUMBER(out.size, 0x51);
	MT_CHECK_NUMBER(out.depth, 3);
	MT_CHECK_NUMBER(out.count, V0);
}

MT_CASE(region_recurse, two_mappings_show_one_object, "recurse-object-id",
    VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() shows one object id for two mappings of the "
    "same memory, another for other memory; the short form shows it, too.")
{
	mach_vm_address_t pages = mt_pages(1), other = mt_pages(1);
	mach_vm_address_t hole = mt_hole(1), target = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;
	struct answer one, two, three;

	TOUCH(pages, 0x51);
	TOUCH(other, 0x52);
	MT_REQUIRE(stage->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		       pages, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(ask(vm, self, pages, 0, V0, &one), KERN_SUCCESS);
	MT_CHECK(ask(vm, self, hole, 0, V0, &two), KERN_SUCCESS);
	MT_CHECK(ask(vm, self, other, 0, V0, &three), KERN_SUCCESS);
	MT_CHECK_NUMBER(two.info.object_id, one.info.object_id);
	MT_CHECK_TRUE(three.info.object_id != one.info.object_id);
	MT_CHECK_TRUE(one.info.object_id != 0);
	MT_CHECK(ask(vm, self, hole, 0, SHORT, &two), KERN_SUCCESS);
	MT_CHECK_NUMBER(two.brief.object_id, one.info.object_id);
}

MT_CASE(region_recurse, fields_agree_with_those_of_region,
    "recurse-same-as-region", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() agrees with mach_vm_region() on ordinary "
    "memory.")
{
	mach_vm_address_t pages = mt_pages(3), address = pages;
	mach_vm_size_t size = 0;
	vm_region_extended_info_data_t info;
	mach_msg_type_number_t count = VM_REGION_EXTENDED_INFO_COUNT;
	mach_port_name_t object = MACH_PORT_NULL;
	struct answer out;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(ask(vm, self, pages, 0, V0, &out), KERN_SUCCESS);
	MT_CHECK(vm->region(self, &address, &size, VM_REGION_EXTENDED_INFO,
		     (vm_region_info_t)&info, &count, &object),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(out.address, address);
	MT_CHECK_NUMBER(out.size, size);
	MT_CHECK_PROTECTION(out.info.protection, info.protection);
	MT_CHECK_NUMBER(out.info.user_tag, info.user_tag);
	MT_CHECK_NUMBER(out.info.pages_resident, info.pages_resident);
	MT_CHECK_NUMBER(out.info.pages_dirtied, info.pages_dirtied);
	MT_CHECK_NUMBER(out.info.ref_count, info.ref_count);
	MT_CHECK_NUMBER(out.info.shadow_depth, info.shadow_depth);
	MT_CHECK_NUMBER(out.info.share_mode, info.share_mode);
	MT_CHECK_NUMBER(out.info.external_pager, info.external_pager);
}

MT_CASE(region_recurse, counts_of_a_copy_agree_with_those_of_region,
    "recurse-same-as-region-copy", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() agrees with mach_vm_region() on copied memory, "
    "of which pages that were stored to are private now.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	struct answer out;

	TOUCH_PAGES(from, LARGE_PAGES, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	TOUCH_PAGES(to, 3, 0x52);
	MT_CHECK(ask(vm, self, to, 0, V0, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.pages_shared_now_private, 3);
	MT_CHECK_NUMBER(out.info.pages_resident, LARGE_PAGES);
	MT_CHECK_NUMBER(out.info.shadow_depth, 1);
	MT_CHECK_NUMBER(out.info.share_mode, SM_COW);
	MT_CHECK_NUMBER(out.info.pages_swapped_out, 0);
}

MT_CASE(region_recurse, short_form_counts_what_lies_behind,
    "recurse-short-depth", VM_MAP_C "vm_map_region_walk()",
    "shadow_depth in the short form of mach_vm_region_recurse() is the number "
    "of VM objects behind the region's own; in the long form only of those in "
    "which its pages were looked for, and so are the references.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	struct answer brief, full;

	TOUCH_PAGES(from, LARGE_PAGES, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	TOUCH(to, 0x52);
	/* The first page, which is in the region's own object, is a region. */
	MT_REQUIRE(stage->inherit(self, to, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(ask(vm, self, to, 0, SHORT, &brief), KERN_SUCCESS);
	MT_CHECK_NUMBER(brief.brief.shadow_depth, 1);
	MT_CHECK_NUMBER(brief.brief.share_mode, SM_COW);
	MT_CHECK_NUMBER(brief.brief.ref_count, 3);
	MT_CHECK(ask(vm, self, to, 0, V0, &full), KERN_SUCCESS);
	MT_CHECK_NUMBER(full.info.shadow_depth, 0);
	MT_CHECK_NUMBER(full.info.share_mode, SM_PRIVATE_ALIASED);
	MT_CHECK_NUMBER(full.info.ref_count, 2);
	MT_CHECK_NUMBER(full.info.pages_resident, 1);
}

MT_CASE(region_recurse, reusable_pages_came_with_version_1,
    "recurse-versions-reusable", VM_MAP_C "vm_map_region_recurse_64()",
    "Version 1 of mach_vm_region_recurse() adds the count of reusable "
    "pages.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);
	struct answer out;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages, 4 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);

	MT_CHECK(ask(vm, self, pages, 0, V1, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.pages_reusable, 3);
	MT_CHECK_NUMBER(out.info.pages_resident, 3);
}

MT_CASE(region_recurse, leaves_of_the_shared_region_lie_within_it,
    "recurse-window", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() at depth 1 shows the parts of the shared "
    "region one after the other, within what the map has of it.",
    .needs = "native")
{
	struct mt_region region;
	struct answer out;
	mach_vm_address_t end;
	unsigned leaves = 0;

	MT_SKIP_UNLESS(find_shared_region(&region),
	    "there is no shared region");
	end = (mach_vm_address_t)(region.address + region.size);

	for (mach_vm_address_t next = (mach_vm_address_t)region.address;
	     next < end; next = out.address + out.size) {
		MT_REQUIRE(ask(vm, self, next, 1, V0, &out), KERN_SUCCESS);
		if (out.address >= end)
			break;
		MT_CHECK_TRUE(out.address >= next && out.size > 0);
		MT_CHECK_TRUE(out.address + out.size <= end);
		MT_CHECK_NUMBER(out.depth, 1);
		leaves++;
	}
	MT_SKIP_UNLESS(leaves > 0, "nothing is mapped in the shared region");
	MT_CHECK_TRUE(leaves >= 1);
}

MT_CASE(region_recurse, leaf_of_the_shared_region_is_no_submap, "recurse-leaf",
    VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() at depth 1 shows no submap in the shared "
    "region.",
    .needs = "native")
{
	struct mt_region region;
	struct answer out;

	MT_SKIP_UNLESS(find_shared_region(&region),
	    "there is no shared region");

	MT_CHECK(ask(vm, self, (mach_vm_address_t)region.address, 1, V0, &out),
	    KERN_SUCCESS);
	MT_SKIP_UNLESS(out.address <
		(mach_vm_address_t)(region.address + region.size),
	    "nothing is mapped in the shared region");
	MT_CHECK_NUMBER(out.info.is_submap, FALSE);
	MT_CHECK_NUMBER(out.depth, 1);
}

MT_CASE(region_recurse, code_of_the_shared_region_has_a_pager,
    "recurse-leaf-pager", VM_MAP_C "vm_map_region_look_for_page()",
    "external_pager in mach_vm_region_recurse() is set for the shared region's "
    "code, which a file has.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ | VM_PROT_EXECUTE,
	    VM_PROT_ALL);
	struct answer out;

	MT_CHECK(ask(vm, self, part.address, 1, V0, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.external_pager, TRUE);
}

MT_CASE(region_recurse, hole_in_the_shared_region_is_passed_over,
    "recurse-gap-in-submap", VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() from a hole in the shared region, or from its "
    "end, goes on with the next region.",
    .needs = "native")
{
	struct mt_region region;
	struct answer out;
	mach_vm_address_t last;

	MT_SKIP_UNLESS(find_shared_region(&region),
	    "there is no shared region");
	last = (mach_vm_address_t)(region.address + region.size) - mt_page;

	MT_CHECK(ask(vm, self, last, 1, V0, &out), KERN_SUCCESS);
	MT_CHECK_TRUE(out.address + out.size > last);
}
