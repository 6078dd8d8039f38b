/*
 * mach_vm_page_query and mach_vm_page_info: one page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* REF goes when the kernel looks for pages to take: compared only where the
 * page was touched just before. */
#define COMPARED (~VM_PAGE_QUERY_PAGE_REF)

/* The page holds data of its own that was written. */
#define WRITTEN (VM_PAGE_QUERY_PAGE_PRESENT | VM_PAGE_QUERY_PAGE_DIRTY)

MT_CASE(page_query, unmapped_page_has_no_disposition, "pagequery-unmapped",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of a page that is not mapped succeeds with no "
    "disposition and no references.")
{
	mach_vm_address_t hole = mt_hole(1);
	integer_t disposition = 0x51, references = 0x52;

	MT_CHECK(vm->page_query(self, hole, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
	MT_CHECK_NUMBER(references, 0);
}

MT_CASE(page_query, page_zero_has_no_disposition, "pagequery-unmapped-zero",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of page zero and of the end of the map succeeds "
    "with no disposition.")
{
	integer_t disposition = 0x51, references = 0x52;

	MT_CHECK(vm->page_query(self, 0, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
	disposition = 0x51;
	MT_CHECK(vm->page_query(self, UINT64_C(0x800000000000), &disposition,
		     &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
}

MT_CASE(page_query, untouched_page_has_no_disposition, "pagequery-untouched",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of a page that was never touched succeeds with no "
    "disposition.")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t disposition = 0x51, references = 0x52;

	MT_CHECK(vm->page_query(self, page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
	MT_CHECK_NUMBER(references, 0);
}

MT_CASE(page_query, written_page_is_present_and_dirty, "pagequery-touched",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_PRESENT and VM_PAGE_QUERY_PAGE_DIRTY are set for a "
    "page that was written; its VM object has one reference.")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t disposition = 0, references = 0;

	TOUCH(page, 0x51);
	MT_CHECK(vm->page_query(self, page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(references, 1);
}

MT_CASE(page_query, page_that_was_just_stored_to_is_referenced,
    "pagequery-referenced", VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_REF is set for a page that was just stored to, until "
    "VM_BEHAVIOR_DONTNEED takes it away.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t disposition = 0, references = 0;

	TOUCH(page, 0x51);
	MT_CHECK(vm->page_query(self, page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, WRITTEN | VM_PAGE_QUERY_PAGE_REF);
	MT_REQUIRE(stage->behavior_set(self, page, mt_page,
		       VM_BEHAVIOR_DONTNEED),
	    KERN_SUCCESS);
	MT_CHECK(vm->page_query(self, page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, WRITTEN);
}

MT_CASE(page_query, read_page_is_present, "pagequery-read-only-touch",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_PRESENT is set for a page that was only read; "
    "VM_PAGE_QUERY_PAGE_DIRTY depends on what its frame held before.")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t disposition = 0, references = 0;

	MT_CHECK_BYTE(page, 0);
	MT_CHECK(vm->page_query(self, page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & COMPARED & ~VM_PAGE_QUERY_PAGE_DIRTY,
	    VM_PAGE_QUERY_PAGE_PRESENT);
	MT_CHECK_NUMBER(references, 1);
}

MT_CASE(page_query, untouched_page_of_a_touched_region_counts_references,
    "pagequery-hole-in-object", VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of an untouched page in a region with a VM object "
    "has no disposition, but the object's references.")
{
	mach_vm_address_t pages = mt_pages(2);
	integer_t disposition = 0x51, references = 0x52;

	TOUCH(pages, 0x51);
	MT_CHECK(vm->page_query(self, pages + mt_page, &disposition,
		     &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition, 0);
	MT_CHECK_NUMBER(references, 1);
}

MT_CASE(page_query, unaligned_address_means_its_page, "pagequery-unaligned",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of an address inside a page reports the page.")
{
	mach_vm_address_t pages = mt_pages(2);
	integer_t disposition = 0, references = 0;

	TOUCH(pages, 0x51);
	MT_CHECK(vm->page_query(self, pages + mt_page - 1, &disposition,
		     &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & COMPARED, WRITTEN);
}

MT_CASE(page_query, pieces_of_a_region_add_references,
    "pagequery-touched-pieces", VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() counts the references of the VM object: one for "
    "each part of a region that was split.")
{
	mach_vm_address_t pages = mt_pages(3);
	integer_t disposition = 0, references = 0;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->page_query(self, pages, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(references, 3);
}

MT_CASE(page_query, protected_page_is_still_present, "pagequery-touched-none",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_PRESENT and VM_PAGE_QUERY_PAGE_DIRTY stay set when "
    "mach_vm_protect() takes all permissions away.")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t disposition = 0, references = 0;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->page_query(self, page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & COMPARED, WRITTEN);
}

MT_CASE(page_query, last_page_of_the_address_space_is_refused, "pagequery-last",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of the last page of the address space, whose "
    "range wraps past 2^64, is KERN_INVALID_ADDRESS; until macOS 13.4 it "
    "was KERN_INVALID_ARGUMENT.",
    .since = "10.14.6")
{
	integer_t disposition = 0x51, references = 0x52;

	MT_CHECK(vm->page_query(self, UINT64_MAX, &disposition, &references),
	    KERN_INVALID_ADDRESS, MT_UNTIL(13.4, KERN_INVALID_ARGUMENT));
	MT_CHECK_NUMBER(disposition, 0x51);
	MT_CHECK_NUMBER(references, 0x52);
}

MT_CASE(page_query, last_page_of_the_address_space_succeeds,
    "pagequery-last-old",
    "xnu-4570.71.2 osfmk/vm/vm_map.c, vm_map_page_range_info_internal()",
    "Until macOS 10.14.5 mach_vm_page_query() of the last page of the address "
    "space does not notice that the range wraps: it succeeds.",
    .until = "10.14.5")
{
	integer_t disposition = 0x51, references = 0x52;

	MT_CHECK(vm->page_query(self, UINT64_MAX, &disposition, &references),
	    KERN_SUCCESS);
}

/* What page_info answers for a page. */
struct page {
	vm_page_info_basic_data_t info;
	mach_msg_type_number_t count;
};

static kern_return_t
info(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, int flavor, unsigned count, struct page *out)
{
	*out = (struct page){ .count = count };
	return vm->page_info(self, address, flavor, (vm_page_info_t)&out->info,
	    &out->count);
}

MT_CASE(page_info, unknown_flavor_is_an_invalid_argument, "pageinfo-bad-flavor",
    VM_MAP_C "vm_map_page_info()",
    "VM_PAGE_INFO_BASIC is the only flavour of mach_vm_page_info(); others "
    "are KERN_INVALID_ARGUMENT.")
{
	static const int flavors[] = { 0, 2, 3, -1 };
	mach_vm_address_t page = mt_pages(1);
	struct page out;

	for (unsigned i = 0; i < sizeof(flavors) / sizeof(flavors[0]); i++)
		MT_CHECK(info(vm, self, page, flavors[i],
			     VM_PAGE_INFO_BASIC_COUNT, &out),
		    KERN_INVALID_ARGUMENT);
}

MT_CASE(page_info, count_must_be_exact, "pageinfo-bad-count",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_INFO_BASIC_COUNT, or one less as in old releases, is required "
    "by mach_vm_page_info().")
{
	mach_vm_address_t page = mt_pages(1);
	struct page out;

	for (unsigned count = 0; count < 7; count++)
		MT_CHECK(info(vm, self, page, VM_PAGE_INFO_BASIC, count, &out),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK(info(vm, self, page, VM_PAGE_INFO_BASIC, 9, &out),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(info(vm, self, page, VM_PAGE_INFO_BASIC, 7, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 7);
	MT_CHECK(info(vm, self, page, VM_PAGE_INFO_BASIC, 8, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 8);
}

MT_CASE(page_info, written_page_has_its_offset_in_the_object, "pageinfo-fields",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_info() returns the disposition and references of "
    "mach_vm_page_query(), and the page's offset in its VM object.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct page out;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_CHECK(info(vm, self, pages + 2 * mt_page, VM_PAGE_INFO_BASIC,
		     VM_PAGE_INFO_BASIC_COUNT, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.disposition & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(out.info.ref_count, 1);
	MT_CHECK_NUMBER(out.info.offset, 2 * mt_page);
	MT_CHECK_NUMBER(out.info.depth, 0);
	MT_CHECK_TRUE(out.info.object_id != 0);
}

MT_CASE(page_info, unmapped_page_is_all_zero, "pageinfo-unmapped",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_info() of a page that is not mapped returns zeros.")
{
	mach_vm_address_t hole = mt_hole(1);
	struct page out;

	MT_CHECK(info(vm, self, hole, VM_PAGE_INFO_BASIC,
		     VM_PAGE_INFO_BASIC_COUNT, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.disposition, 0);
	MT_CHECK_NUMBER(out.info.ref_count, 0);
	MT_CHECK_NUMBER(out.info.object_id, 0);
	MT_CHECK_NUMBER(out.info.offset, 0);
}

MT_CASE(page_info, page_without_an_object_has_no_offset,
    "pageinfo-unmapped-unaligned", VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_info() of a byte within a page that is not mapped, or was "
    "never touched, returns zeros, the offset too.")
{
	mach_vm_address_t pages[] = { mt_hole(1), mt_pages(1) };
	struct page out;

	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK(info(vm, self, pages[i] + 5, VM_PAGE_INFO_BASIC,
			     VM_PAGE_INFO_BASIC_COUNT, &out),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.disposition, 0);
		MT_CHECK_NUMBER(out.info.ref_count, 0);
		MT_CHECK_NUMBER(out.info.offset, 0);
		MT_CHECK_NUMBER(out.info.depth, 0);
	}
}

MT_CASE(page_info, last_page_of_the_address_space_is_refused_by_page_info,
    "pageinfo-last", VM_USER_C "mach_vm_page_info()",
    "mach_vm_page_info() of the last page of the address space, whose range "
    "wraps past 2^64, is KERN_INVALID_ADDRESS; until macOS 13.4 it was "
    "KERN_INVALID_ARGUMENT.")
{
	struct page out;

	MT_CHECK(info(vm, self, UINT64_MAX, VM_PAGE_INFO_BASIC,
		     VM_PAGE_INFO_BASIC_COUNT, &out),
	    KERN_INVALID_ADDRESS, MT_UNTIL(13.4, KERN_INVALID_ARGUMENT),
	    MT_UNTIL(10.14.5, KERN_SUCCESS));
}

MT_CASE(page_query, copied_page_is_marked, "pagequery-copied",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_COPIED is set for a page that was written after a "
    "copy by reference, or that nothing had touched before: it is in the top "
    "object; a page that was not written is found below.")
{
	mach_vm_address_t from = mt_pages(16), to = mt_pages(16);
	integer_t disposition = 0, references = 0;

	TOUCH_PAGES(from, 15, 0x51);
	MT_REQUIRE(stage->copy(self, from, 16 * mt_page, to), KERN_SUCCESS);
	TOUCH(from, 0x52);

	MT_CHECK(vm->page_query(self, from, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & COMPARED,
	    WRITTEN | VM_PAGE_QUERY_PAGE_COPIED);
	MT_CHECK_NUMBER(references, 1);

	MT_CHECK(vm->page_query(self, from + mt_page, &disposition,
		     &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & COMPARED, WRITTEN);

	MT_CHECK_BYTE(from + 15 * mt_page, 0);
	MT_CHECK(vm->page_query(self, from + 15 * mt_page, &disposition,
		     &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & VM_PAGE_QUERY_PAGE_COPIED,
	    VM_PAGE_QUERY_PAGE_COPIED);
}

MT_CASE(page_query, page_written_before_a_second_copy_is_not_marked,
    "pagequery-copied-again", VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_COPIED is not set for a page that was written between "
    "two copies, once another page was written: it is in the VM object between "
    "the top and the one below.")
{
	mach_vm_address_t from = mt_pages(16), to = mt_pages(16);
	mach_vm_address_t again = mt_pages(16);
	integer_t disposition = 0, references = 0;

	TOUCH_PAGES(from, 16, 0x51);
	MT_REQUIRE(stage->copy(self, from, 16 * mt_page, to), KERN_SUCCESS);
	TOUCH(from, 0x52);
	MT_REQUIRE(stage->copy(self, from, 16 * mt_page, again), KERN_SUCCESS);
	TOUCH(from + mt_page, 0x53);
	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK(vm->page_query(self, from + i * mt_page, &disposition,
			     &references),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(disposition & COMPARED,
		    WRITTEN | (i == 1 ? VM_PAGE_QUERY_PAGE_COPIED : 0));
	}
}

MT_CASE(page_query, references_are_those_of_the_top, "pagequery-below-refs",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "The references that mach_vm_page_query() returns for a page of a shadow "
    "are those of the region's own VM object, 1 once a copy was stored to.")
{
	mach_vm_address_t from = mt_pages(16), to = mt_pages(16);
	mach_vm_address_t again = mt_pages(16);
	integer_t disposition = 0, references = 0;

	TOUCH_PAGES(from, 16, 0x51);
	MT_REQUIRE(stage->copy(self, from, 16 * mt_page, to), KERN_SUCCESS);
	MT_REQUIRE(stage->copy(self, from, 16 * mt_page, again), KERN_SUCCESS);
	TOUCH(from, 0x52);
	MT_CHECK(vm->page_query(self, from + mt_page, &disposition,
		     &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(references, 1);
	MT_CHECK(vm->page_query(self, to + mt_page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(references, 3);
	TOUCH(to, 0x53);
	MT_CHECK(vm->page_query(self, to + mt_page, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(references, 1);
}

MT_CASE(page_info, page_below_the_top_object_has_a_depth, "pageinfo-depth",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_info() returns as depth how many VM objects are above the "
    "one that has the page, or above the last one if none has.")
{
	mach_vm_address_t from = mt_pages(16), to = mt_pages(16);
	struct page out;

	TOUCH_PAGES(from, 2, 0x51);
	MT_REQUIRE(stage->copy(self, from, 16 * mt_page, to), KERN_SUCCESS);
	TOUCH(from, 0x52);

	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK(info(vm, self, from + i * mt_page, VM_PAGE_INFO_BASIC,
			     VM_PAGE_INFO_BASIC_COUNT, &out),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.depth, i == 0 ? 0 : 1);
	}
}

MT_CASE(page_info, offset_is_that_of_the_byte, "pageinfo-fields-unaligned",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_info() returns the offset in the VM object of the address "
    "asked for, not of its page.")
{
	mach_vm_address_t pages = mt_pages(2);
	struct page out;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(info(vm, self, pages + mt_page + 5, VM_PAGE_INFO_BASIC,
		     VM_PAGE_INFO_BASIC_COUNT, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.offset, mt_page + 5);
	MT_CHECK_NUMBER(out.info.disposition & COMPARED, WRITTEN);

	/* Of a page that lies in the second object, too. */
	MT_CHILD {
		TOUCH(pages, 0x52);
		MT_CHECK(info(vm, self, pages + mt_page + 5, VM_PAGE_INFO_BASIC,
			     VM_PAGE_INFO_BASIC_COUNT, &out),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.depth, 1);
		MT_CHECK_NUMBER(out.info.offset % mt_page, 5);
	}
}
