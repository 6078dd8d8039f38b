/*
 * mach_vm_region: extended information about the memory behind a region.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"

/* So many pages are copied by reference whatever their size. */
#define LARGE 16

MT_CASE(region, purgeable_memory_of_an_entry_is_truly_shared,
    "region-ext-entry-purgeable", VM_MAP_C "vm_map_region_walk()",
    "VM_REGION_EXTENDED_INFO has SM_TRUESHARED for the memory of an entry of "
    "MAP_MEM_NAMED_CREATE, purgeable or not.")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_PURGABLE };

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t at = mt_hole(2);
		memory_object_size_t size = 2 * mt_page;
		mach_port_name_t entry = MACH_PORT_NULL;

		MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
			       MAP_MEM_NAMED_CREATE | kinds[i] |
				   VM_PROT_DEFAULT,
			       &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		for (unsigned k = 0; k < 2; k++) {
			MT_REQUIRE(stage->map(self, &at, 2 * mt_page, 0,
				       k == 0 ? VM_FLAGS_FIXED :
						VM_FLAGS_ANYWHERE,
				       entry, 0, FALSE, VM_PROT_DEFAULT,
				       VM_PROT_DEFAULT, VM_INHERIT_COPY),
			    KERN_SUCCESS);
			TOUCH(at, 0x51);
		}
		MT_CHECK_NUMBER(extended(vm, self, at).share_mode,
		    SM_TRUESHARED);
	}
}

MT_CASE(region, untouched_memory_is_empty, "region-ext-untouched",
    VM_MAP_C "vm_map_region_walk()",
    "Memory that was never touched has no VM object: SM_EMPTY, no "
    "references, no pages.")
{
	vm_region_extended_info_data_t info;

	info = extended(vm, self, mt_pages(4));
	MT_CHECK_NUMBER(info.share_mode, SM_EMPTY);
	MT_CHECK_NUMBER(info.ref_count, 0);
	MT_CHECK_NUMBER(info.pages_resident, 0);
	MT_CHECK_NUMBER(info.pages_dirtied, 0);
	MT_CHECK_NUMBER(info.shadow_depth, 0);
	MT_CHECK_NUMBER(info.external_pager, 0);
}

MT_CASE(region, malloc_memory_has_an_object_at_once, "nocow-eager-object",
    VM_MAP_C "vm_map_enter()",
    "Since macOS 14 memory of five malloc tags has a VM object before it is "
    "touched.")
{
	static const int tags[] = { VM_MEMORY_MALLOC, VM_MEMORY_MALLOC_SMALL,
		VM_MEMORY_MALLOC_TINY, VM_MEMORY_MALLOC_NANO,
		VM_MEMORY_MALLOC_MEDIUM };
	mach_vm_address_t hole = mt_hole(1);
	vm_region_extended_info_data_t info;

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       TAG(tags[i])),
		    KERN_SUCCESS);
		info = extended(vm, self, hole);
		MT_CHECK_NUMBER(info.share_mode, SM_PRIVATE,
		    MT_UNTIL(13, SM_EMPTY));
		MT_CHECK_NUMBER(info.ref_count, 1, MT_UNTIL(13, 0));
		MT_CHECK_NUMBER(info.pages_resident, 0);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(region, other_malloc_tags_have_no_object_at_once,
    "nocow-eager-object-others", VM_MAP_C "vm_map_enter()",
    "Memory of VM_MEMORY_MALLOC_LARGE, VM_MEMORY_REALLOC and the "
    "application's tags has no VM object before it is touched.",
    .needs = "native")
{
	static const int tags[] = { 0, VM_MEMORY_MALLOC_LARGE,
		VM_MEMORY_MALLOC_HUGE, VM_MEMORY_REALLOC,
		VM_MEMORY_MALLOC_LARGE_REUSABLE, VM_MEMORY_MALLOC_LARGE_REUSED,
		VM_MEMORY_MALLOC_PROB_GUARD, VM_MEMORY_STACK, MT_TAG };
	mach_vm_address_t hole = mt_hole(1);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       TAG(tags[i])),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(extended(vm, self, hole).share_mode, SM_EMPTY);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(region, touched_memory_is_private, "region-ext-private",
    VM_MAP_C "vm_map_region_walk()",
    "The first access gives memory a VM object of its own: SM_PRIVATE, with "
    "the touched pages resident.")
{
	mach_vm_address_t pages = mt_pages(4);
	vm_region_extended_info_data_t info;

	TOUCH(pages + mt_page, 0x51);
	TOUCH(pages + 3 * mt_page, 0x52);

	info = extended(vm, self, pages);
	MT_CHECK_NUMBER(info.share_mode, SM_PRIVATE);
	MT_CHECK_NUMBER(info.ref_count, 1);
	MT_CHECK_NUMBER(info.pages_resident, 2);
	MT_CHECK_NUMBER(info.shadow_depth, 0);
}

MT_CASE(region, written_pages_are_dirty, "region-ext-dirtied",
    VM_MAP_C "vm_map_region_look_for_page()",
    "VM_REGION_EXTENDED_INFO counts pages that were written as dirty.")
{
	mach_vm_address_t pages = mt_pages(4);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(pages, 2, 0x51);
	info = extended(vm, self, pages);
	MT_CHECK_NUMBER(info.pages_resident, 2);
	MT_CHECK_NUMBER(info.pages_dirtied, 2);

	/* This one's frame may have been written before. */
	MT_CHECK_BYTE(pages + 2 * mt_page, 0);
	info = extended(vm, self, pages);
	MT_CHECK_NUMBER(info.pages_resident, 3);
	MT_CHECK_TRUE(info.pages_dirtied >= 2 && info.pages_dirtied <= 3);
}

MT_CASE(region, tag_is_reported, "region-ext-user-tag",
    XNU "osfmk/mach/vm_region.h",
    "VM_REGION_EXTENDED_INFO shows the tag of the allocation.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, TAG(252)),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(vm, self, hole).user_tag, 252);
	MT_CHECK_PROTECTION(extended(vm, self, hole).protection,
	    VM_PROT_DEFAULT);
}

MT_CASE(region, copied_memory_is_copy_on_write_on_both_sides, "region-ext-cow",
    VM_MAP_C "vm_map_region_walk()",
    "SM_COW is the share mode of source and destination after a large "
    "mach_vm_copy(), until a page is written.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);

	MT_CHECK_NUMBER(extended(vm, self, from).share_mode, SM_COW);
	MT_CHECK_NUMBER(extended(vm, self, from).shadow_depth, 0);
	MT_CHECK_NUMBER(extended(vm, self, to).share_mode, SM_COW);
	MT_CHECK_BYTE(to + (LARGE - 1) * mt_page, 0x51);
}

MT_CASE(region, write_after_a_copy_shadows_the_object,
    "region-ext-shadow-depth", VM_MAP_C "vm_map_region_walk()",
    "VM_REGION_EXTENDED_INFO shows shadow_depth 1 after a store to copied "
    "memory: a new VM object shadows the old one.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	TOUCH(from, 0x52);

	info = extended(vm, self, from);
	MT_CHECK_NUMBER(info.share_mode, SM_COW);
	MT_CHECK_NUMBER(info.shadow_depth, 1);
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(region, remapped_memory_is_truly_shared, "region-ext-truesshared",
    VM_MAP_C "vm_map_remap_extract()",
    "SM_TRUESHARED is the share mode after mach_vm_remap() without copy "
    "since macOS 11.3; before that two mappings in one map were "
    "SM_PRIVATE_ALIASED.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	mach_vm_address_t target = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->remap(self, &target, 2 * mt_page, 0, VM_FLAGS_FIXED,
		       self, pages, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(extended(vm, self, pages).share_mode, SM_TRUESHARED,
	    MT_UNTIL(11.2, SM_PRIVATE_ALIASED));
	MT_CHECK_NUMBER(extended(vm, self, hole).share_mode, SM_TRUESHARED,
	    MT_UNTIL(11.2, SM_PRIVATE_ALIASED));
	MT_CHECK_NUMBER(extended(vm, self, hole).ref_count, 2);
}

MT_CASE(region, parts_of_a_region_are_private_aliases, "region-ext-clipped",
    VM_MAP_C "vm_map_region_walk()",
    "SM_PRIVATE_ALIASED is the share mode of the parts of a touched region "
    "that was split, which share one VM object.")
{
	mach_vm_address_t pages = mt_pages(3);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abc");

	for (int i = 0; i < 3; i++) {
		info = extended(vm, self, pages + i * mt_page);
		MT_CHECK_NUMBER(info.share_mode, SM_PRIVATE_ALIASED);
		MT_CHECK_NUMBER(info.ref_count, 3);
		MT_CHECK_NUMBER(info.pages_resident, 1);
	}
}

MT_CASE(region, parts_of_malloc_memory_are_truly_shared,
    "region-ext-clipped-malloc", VM_MAP_C "vm_map_region_walk()",
    "SM_TRUESHARED is the share mode of the parts of memory of malloc's "
    "tags, whose VM object is marked so since macOS 14.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
		       TAG(VM_MEMORY_MALLOC)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x51);
	MT_REQUIRE(stage->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(extended(vm, self, hole).share_mode, SM_TRUESHARED,
	    MT_UNTIL(13, SM_PRIVATE_ALIASED));
	MT_CHECK_NUMBER(extended(vm, self, hole).ref_count, 2);
}

MT_CASE(region, parts_of_purgeable_memory_are_private_aliases,
    "region-ext-clipped-purgeable", VM_MAP_C "vm_map_enter()",
    "SM_PRIVATE_ALIASED is the share mode of the parts of purgeable memory "
    "that was split; until macOS 10.13 SM_TRUESHARED.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x51);
	MT_REQUIRE(stage->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(vm, self, hole).share_mode, SM_PRIVATE_ALIASED,
	    MT_UNTIL(10.13, SM_TRUESHARED));
}

MT_CASE(region, purgeable_memory_mapped_twice_has_a_share_mode,
    "region-ext-purgeable-twice", VM_MAP_C "vm_map_region_walk()",
    "SM_PRIVATE_ALIASED is the share mode of purgeable memory that is mapped "
    "twice, SM_SHARED since macOS 26.4; until macOS 10.13 SM_TRUESHARED.")
{
	mach_vm_address_t hole = mt_hole(1), target = mt_hole(1);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	REMAP(target, mt_page, VM_FLAGS_FIXED, hole, FALSE);
	MT_CHECK_NUMBER(extended(vm, self, target).share_mode, SM_SHARED,
	    MT_UNTIL(26.3, SM_PRIVATE_ALIASED), MT_UNTIL(10.13, SM_TRUESHARED));
	MT_CHECK_NUMBER(extended(vm, self, hole).ref_count, 2);
}

MT_CASE(region, parts_that_join_are_private_again, "region-ext-clipped-joined",
    VM_MAP_C "vm_map_region_walk()",
    "SM_PRIVATE is the share mode again when the parts of a touched region "
    "have been joined.")
{
	mach_vm_address_t pages = mt_pages(3);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	info = extended(vm, self, pages);
	MT_CHECK_NUMBER(info.share_mode, SM_PRIVATE);
	MT_CHECK_NUMBER(info.ref_count, 1);
	MT_CHECK_NUMBER(info.pages_resident, 3);
}

MT_CASE(region, reusable_pages_are_counted, "region-ext-reusable",
    VM_MAP_C "vm_map_region_look_for_page()",
    "VM_REGION_EXTENDED_INFO counts pages of VM_BEHAVIOR_REUSABLE as "
    "resident and reusable and no longer as dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages, 4 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);

	info = extended(vm, self, pages);
	MT_CHECK_NUMBER(info.pages_reusable, 3);
	MT_CHECK_NUMBER(info.pages_resident, 3);
	MT_CHECK_NUMBER(info.pages_dirtied, 0);
}

MT_CASE(region, purgeable_memory_is_private_at_once, "purge-alloc-object",
    VM_MAP_C "vm_map_enter()",
    "Memory of VM_FLAGS_PURGABLE has a VM object, and SM_PRIVATE, before it "
    "is touched.")
{
	mach_vm_address_t hole = mt_hole(2);
	vm_region_extended_info_data_t info;

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	info = extended(vm, self, hole);
	MT_CHECK_NUMBER(info.share_mode, SM_PRIVATE);
	MT_CHECK_NUMBER(info.ref_count, 1);
	MT_CHECK_NUMBER(info.pages_resident, 0);
}

MT_CASE(region, inaccessible_memory_still_counts_its_pages, "region-ext-none",
    VM_MAP_C "vm_map_region_walk()",
    "VM_REGION_EXTENDED_INFO still counts the pages of a region whose "
    "protection became VM_PROT_NONE.")
{
	mach_vm_address_t pages = mt_pages(2);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, FALSE,
		       VM_PROT_NONE),
	    KERN_SUCCESS);

	info = extended(vm, self, pages);
	MT_CHECK_PROTECTION(info.protection, VM_PROT_NONE);
	MT_CHECK_NUMBER(info.pages_resident, 2);
	MT_CHECK_NUMBER(info.pages_dirtied, 2);
}

MT_CASE(region, memory_shared_with_a_child_has_a_share_mode,
    "region-ext-fork-share", VM_MAP_C "vm_map_region_walk()",
    "SM_SHARED or SM_TRUESHARED is the share mode of memory that "
    "VM_INHERIT_SHARE shares with a child: the source allows both.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_OBSERVE_NUMBER(extended(vm, self, page).share_mode);
	}
}

MT_CASE(region, two_mappings_shared_with_a_child_have_a_share_mode,
    "region-ext-shared-aliased", VM_MAP_C "vm_map_region_walk()",
    "SM_SHARED_ALIASED or SM_TRUESHARED is the share mode of memory that is "
    "mapped twice and shared with a child: the source allows both.")
{
	mach_vm_address_t page = mt_pages(1), target = mt_hole(1);
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		       page, FALSE, &current, &maximum, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_OBSERVE_NUMBER(extended(vm, self, page).share_mode);
	}
}

/* What is shared with a child is copied by an object in front of its own. */
MT_CASE(region, mapping_behind_a_copy_is_an_alias, "region-alias-shadow",
    VM_MAP_C "vm_map_region_has_obj_ref()",
    "SM_PRIVATE_ALIASED is the share mode, until macOS 26.3, of memory whose "
    "second reference is a copy's in the same map; since then SM_SHARED, if "
    "it was ever shared.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->inherit(self, from, LARGE * mt_page,
		       VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(from, 0x51);
	}
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(vm, self, from).ref_count, 2);
	MT_CHECK_NUMBER(extended(vm, self, from).share_mode, SM_SHARED,
	    MT_UNTIL(26.3, SM_PRIVATE_ALIASED));
}

MT_CASE(region, reusable_page_that_is_stored_to_is_dirty,
    "region-reusable-dirtied", VM_MAP_C "vm_map_region_look_for_page()",
    "VM_REGION_EXTENDED_INFO counts a reusable page that was stored to as "
    "dirtied, and not as reusable.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages, 4 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(vm, self, pages).pages_dirtied, 0);
	TOUCH(pages + 2 * mt_page, 0x52);
	MT_CHECK_NUMBER(extended(vm, self, pages).pages_dirtied, 1);
	MT_CHECK_NUMBER(extended(vm, self, pages).pages_reusable, 3);
}

MT_CASE(region, many_pages_are_counted, "region-many-pages",
    VM_MAP_C "vm_map_region_walk()",
    "VM_REGION_EXTENDED_INFO and VM_REGION_TOP_INFO count 300 pages that were "
    "stored to: resident, dirtied and private.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(300);

	TOUCH_PAGES(pages, 300, 0x51);
	MT_CHECK_NUMBER(extended(vm, self, pages).pages_resident, 300);
	MT_CHECK_NUMBER(extended(vm, self, pages).pages_dirtied, 300);
	MT_CHECK_NUMBER(top(vm, self, pages).private_pages_resident, 300);
	MT_CHECK_REGION(pages, .pages_resident = 300);
}

MT_CASE(region, many_references_are_counted, "region-many-references",
    VM_MAP_C "vm_map_region_walk()",
    "VM_REGION_EXTENDED_INFO and VM_REGION_TOP_INFO count 301 references to "
    "the VM object of memory that mach_vm_remap() mapped 300 times more.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(300), at;

	TOUCH(page, 0x51);
	for (unsigned i = 0; i < 300; i++) {
		at = hole + i * mt_page;
		REMAP(at, mt_page, VM_FLAGS_FIXED, page, FALSE);
	}
	MT_CHECK_NUMBER(extended(vm, self, page).ref_count, 301);
	MT_CHECK_NUMBER(top(vm, self, page).ref_count, 301);
	MT_CHECK_REGION(page, .ref_count = 301);
}

MT_CASE(region, many_wirings_are_counted, "region-many-wirings",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 counts that mlock(2) locked memory 300 times.")
{
	vm_region_basic_info_data_64_t info = { .shared = 7 };
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	for (unsigned i = 0; i < 300; i++)
		MT_REQUIRE(stage_bsd->mlock(&error, page, mt_page), 0);
	region_info(vm, self, page, VM_REGION_BASIC_INFO_64, &info,
	    VM_REGION_BASIC_INFO_COUNT_64);
	MT_CHECK_NUMBER(info.user_wired_count, 300);
}
