/*
 * mach_vm_region: top information, the object behind a region.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"

#define LARGE 16 /* pages that are copied by reference */

MT_CASE(region, untouched_memory_has_no_object, "region-top-empty",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of memory that was never touched: no object, no "
    "references.")
{
	vm_region_top_info_data_t info = top(vm, self, mt_pages(2));

	MT_CHECK_NUMBER(info.share_mode, SM_EMPTY);
	MT_CHECK_NUMBER(info.ref_count, 0);
	MT_CHECK_NUMBER(info.obj_id, 0);
	MT_CHECK_NUMBER(info.private_pages_resident, 0);
	MT_CHECK_NUMBER(info.shared_pages_resident, 0);
}

MT_CASE(region, touched_memory_has_private_pages, "region-top-fields",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO counts the pages of an object with one reference as "
    "private.")
{
	mach_vm_address_t pages = mt_pages(4);
	vm_region_top_info_data_t info;

	TOUCH_PAGES(pages, 3, 0x51);

	info = top(vm, self, pages);
	MT_CHECK_NUMBER(info.share_mode, SM_PRIVATE);
	MT_CHECK_NUMBER(info.ref_count, 1);
	MT_CHECK_NUMBER(info.private_pages_resident, 3);
	MT_CHECK_NUMBER(info.shared_pages_resident, 0);
	MT_CHECK_TRUE(info.obj_id != 0);
}

MT_CASE(region, parts_of_a_region_share_their_object,
    "region-top-fields-pieces", VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of two parts of a touched region shows one object, "
    "shared, with two references.")
{
	mach_vm_address_t pages = mt_pages(4);
	vm_region_top_info_data_t low, high;

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);

	low = top(vm, self, pages);
	high = top(vm, self, pages + 2 * mt_page);
	MT_CHECK_NUMBER(low.share_mode, SM_SHARED);
	MT_CHECK_NUMBER(low.ref_count, 2);
	MT_CHECK_NUMBER(high.share_mode, SM_SHARED);
	MT_CHECK_NUMBER(high.obj_id, low.obj_id);
	MT_CHECK_NUMBER(low.private_pages_resident, 0);
}

MT_CASE(region, memory_shared_for_good_is_shared, "region-top-fields-remap",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO has SM_SHARED for memory that mach_vm_remap() shares, "
    "for which other flavors have SM_TRUESHARED.")
{
	mach_vm_address_t pages = mt_pages(2), alias = mt_hole(2);

	TOUCH_PAGES(pages, 2, 0x51);
	REMAP(alias, 2 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	MT_CHECK_NUMBER(top(vm, self, pages).share_mode, SM_SHARED);
	MT_CHECK_NUMBER(top(vm, self, alias).share_mode, SM_SHARED);
	MT_CHECK_NUMBER(top(vm, self, alias).ref_count, 2);
}

MT_CASE(region, part_has_no_more_pages_than_its_size, "region-top-fields-part",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO counts the pages of the region's VM object, at most as "
    "many as the region has.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(top(vm, self, pages).shared_pages_resident, 1);
	MT_CHECK_NUMBER(top(vm, self, pages + mt_page).shared_pages_resident,
	    3);
}

MT_CASE(region, superpage_is_a_large_page, "region-top-superpage",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO shows SM_LARGE_PAGE for a superpage, all of whose "
    "pages are private; for VM_REGION_EXTENDED_INFO they are resident.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = superpages(stage, self, 1);

	MT_CHECK_NUMBER(top(vm, self, hole).share_mode, SM_LARGE_PAGE);
	MT_CHECK_NUMBER(top(vm, self, hole).private_pages_resident, 512);
	MT_CHECK_NUMBER(top(vm, self, hole).shared_pages_resident, 0);
	MT_CHECK_NUMBER(extended(vm, self, hole).pages_resident, 512);
}

MT_CASE(page_query, superpage_is_there_to_its_end, "pagequery-superpage",
    VM_MAP_C "vm_map_enter()",
    "The first and the last page of a superpage are present before they are "
    "touched.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t at = superpages(stage, self, 1);

	for (unsigned i = 0; i < 512; i += 511)
		MT_CHECK_NUMBER(disposition(vm, self, at + i * mt_page) &
			VM_PAGE_QUERY_PAGE_PRESENT,
		    VM_PAGE_QUERY_PAGE_PRESENT);
}

MT_CASE(region, objects_that_exist_differ_in_their_identity,
    "region-top-identity", VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of separate memory shows an obj_id of its own for each, "
    "also when one was made after another had gone.")
{
	mach_vm_address_t at[4];
	uint32_t id[4];

	for (unsigned i = 0; i < 4; i++) {
		at[i] = mt_pages(1);
		if (i == 3)
			MT_REQUIRE(stage->deallocate(self, at[0], mt_page),
			    KERN_SUCCESS);
		TOUCH(at[i], 0x51);
	}
	for (unsigned i = 1; i < 4; i++)
		id[i] = top(vm, self, at[i]).obj_id;
	MT_CHECK_TRUE(id[1] != id[2]);
	MT_CHECK_TRUE(id[1] != id[3]);
	MT_CHECK_TRUE(id[2] != id[3]);
}

MT_CASE(region, two_mappings_share_their_object, "region-top-fields-alias",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of two mappings of the same memory shows one "
    "object.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);
	mach_vm_address_t target = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		       pages, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(top(vm, self, hole).obj_id,
	    top(vm, self, pages).obj_id);
	MT_CHECK_NUMBER(top(vm, self, hole).ref_count, 2);
	MT_CHECK_NUMBER(top(vm, self, hole).shared_pages_resident, 1);
}

MT_CASE(region, separate_memory_has_separate_objects,
    "region-top-fields-separate", VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of separate allocations shows different objects.")
{
	mach_vm_address_t one = mt_pages(1), two = mt_pages(1);

	TOUCH(one, 0x51);
	TOUCH(two, 0x52);

	MT_CHECK_TRUE(top(vm, self, one).obj_id != top(vm, self, two).obj_id);
}

MT_CASE(region, copied_memory_is_copy_on_write, "region-top-fields-cow",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO shows SM_COW for memory that was copied by "
    "reference.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);

	MT_CHECK_NUMBER(top(vm, self, from).share_mode, SM_COW);
	MT_CHECK_NUMBER(top(vm, self, from).shared_pages_resident, LARGE);
	MT_CHECK_NUMBER(top(vm, self, from).private_pages_resident, 0);
}

MT_CASE(region, shadows_are_summed_up, "region-top-fields-shadow",
    VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of a shadow chain counts the first object's pages "
    "as private, those below as shared, and adds up all references but the "
    "chain's own.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	vm_region_top_info_data_t info;

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	TOUCH(to + mt_page, 0x52);
	info = top(vm, self, to);

	MT_CHECK_NUMBER(info.share_mode, SM_COW);
	MT_CHECK_NUMBER(info.private_pages_resident, 1);
	MT_CHECK_NUMBER(info.shared_pages_resident, LARGE);
	MT_CHECK_NUMBER(info.ref_count, 2);
	MT_CHECK_NUMBER(info.obj_id, top(vm, self, from).obj_id);
}

MT_CASE(region, shadow_of_two_parts_has_shared_pages,
    "region-top-fields-shadow-parts", VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO of a part of a copy counts the pages of the first "
    "VM object as shared, too, when another part refers to that.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	vm_region_top_info_data_t info;

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	TOUCH(to, 0x52);
	MT_REQUIRE(stage->inherit(self, to, 2 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	info = top(vm, self, to);
	MT_CHECK_NUMBER(info.share_mode, SM_COW);
	MT_CHECK_NUMBER(info.private_pages_resident, 0);
	MT_CHECK_NUMBER(info.shared_pages_resident, 1 + 2);
}

MT_CASE(region, object_is_kept_when_its_copy_is_gone, "region-top-copy-gone",
    VM_OBJECT_C "vm_object_shadow()",
    "A store to memory whose copy was deallocated keeps the VM object; on "
    "macOS 11.3 to 12 the memory gets a new one.",
    .needs = "native")
{
	const unsigned count = (unsigned)(128 * KIB / mt_page);
	mach_vm_address_t pages = mt_pages(count);
	mach_msg_type_number_t size = 0;
	vm_offset_t copy = 0;
	uint32_t before;

	TOUCH_PAGES(pages, count, 0x51);
	before = top(vm, self, pages).obj_id;
	MT_REQUIRE(stage->read(self, pages, 128 * KIB, &copy, &size),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, copy, size), KERN_SUCCESS);
	TOUCH(pages, 0x52);

	MT_CHECK_NUMBER(top(vm, self, pages).obj_id == before, TRUE,
	    MT_UNTIL(12, FALSE), MT_UNTIL(11.2, TRUE));
	MT_CHECK_BYTE(pages + mt_page, 0x51);
}
