/*
 * Chains of VM objects that become shorter: what was copied and stored to
 * stays, whichever of the copies goes, and what regions and pages tell of it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

/* The first page of the memory that a copy begins at. */
#define SKIPPED 2

/* Memory and a copy of all of it but its first pages. */
struct copied {
	mach_vm_address_t source, copy;
};

static struct copied
copied_part(mach_port_name_t self)
{
	struct copied c = { mt_pages(SKIPPED + LARGE_PAGES),
		mt_pages(LARGE_PAGES) };

	NUMBER_PAGES(c.source, SKIPPED + LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, c.source + SKIPPED * mt_page, LARGE,
		       c.copy),
	    KERN_SUCCESS);
	return c;
}

/* Each page as it was when it was copied, but those that were stored to. */
static void
check_pages(mach_vm_address_t copy, unsigned one, uint8_t first, unsigned other,
    uint8_t second)
{
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(copy + i * mt_page,
		    i == one	   ? first :
			i == other ? second :
				     (uint8_t)(1 + SKIPPED + i));
}

/* The copy stores to its fourth page; from its second on it is copied. */
static mach_vm_address_t
copied_again(const struct mt_route *vm, mach_port_name_t self,
    const struct copied *c)
{
	mach_vm_address_t next = mt_pages(LARGE_PAGES - 1);

	TOUCH(c->copy + 3 * mt_page, 0xb3);
	MT_CHECK(vm->copy(self, c->copy + mt_page, LARGE - mt_page, next),
	    KERN_SUCCESS);
	return next;
}

/* Each page of that one, which has stored to its first two. */
static void
check_again(mach_vm_address_t next)
{
	for (unsigned i = 0; i < LARGE_PAGES - 1; i++)
		MT_CHECK_BYTE(next + i * mt_page,
		    i < 2      ? (uint8_t)(0xc0 + i) :
			i == 2 ? 0xb3 :
				 (uint8_t)(1 + SKIPPED + 1 + i));
}

static vm_page_info_basic_data_t
page(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address)
{
	vm_page_info_basic_data_t info = { .disposition = 0 };
	mach_msg_type_number_t count = VM_PAGE_INFO_BASIC_COUNT;

	MT_CHECK(vm->page_info(self, address, VM_PAGE_INFO_BASIC,
		     (vm_page_info_t)&info, &count),
	    KERN_SUCCESS);
	return info;
}

MT_CASE(deallocate, last_other_copy_that_goes_shortens_the_chain,
    "chain-deallocate", VM_OBJECT_C "vm_object_deallocate()",
    "mach_vm_deallocate() of the last other copy of a VM object whose shadow "
    "nobody else has: the object takes the shadow's pages, and the "
    "shadow_depth of its region is 0 again.")
{
	struct copied c = copied_part(self);
	mach_vm_address_t next = mt_pages(LARGE_PAGES);

	TOUCH(c.copy + mt_page, 0xb1);
	MT_REQUIRE(stage->copy(self, c.copy, LARGE, next), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, c.source,
		     (SKIPPED + LARGE_PAGES) * mt_page),
	    KERN_SUCCESS);
	MT_CHECK_REGION(c.copy, .shadow_depth = 1);

	MT_CHECK(vm->deallocate(self, next, LARGE), KERN_SUCCESS);
	MT_CHECK_REGION(c.copy, .shadow_depth = 0, .ref_count = 1,
	    .pages_resident = LARGE_PAGES);
	check_pages(c.copy, 1, 0xb1, 1, 0xb1);
}

MT_CASE(deallocate, object_without_pages_takes_those_below,
    "chain-deallocate-empty", VM_OBJECT_C "vm_object_deallocate()",
    "mach_vm_deallocate() of the last other mapping of a VM object that has no "
    "page itself and whose shadow nobody else has: the object takes the "
    "shadow's pages.")
{
	struct copied c = copied_part(self);
	mach_vm_address_t alias = 0;

	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, c.copy, FALSE);
	PUNCH(c.source, SKIPPED + LARGE_PAGES);
	MT_CHECK_REGION(c.copy, .shadow_depth = 1);

	MT_CHECK(vm->deallocate(self, alias, LARGE), KERN_SUCCESS);
	MT_CHECK_REGION(c.copy, .shadow_depth = 0, .ref_count = 1,
	    .pages_resident = LARGE_PAGES);
	check_pages(c.copy, LARGE_PAGES, 0, LARGE_PAGES, 0);
}

MT_CASE(deallocate, last_other_mapping_leaves_what_others_have,
    "chain-deallocate-hidden", VM_OBJECT_C "vm_object_deallocate()",
    "mach_vm_deallocate() of the last other mapping of a VM object that hides "
    "what it shadows takes no shadow away that others have.")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES), alias = 0;
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	/* Nothing of the part is there, so that no store copies. */
	TOUCH(from, 0xaa);
	MT_REQUIRE(stage->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	TOUCH(to, 0xb0);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, to, FALSE);
	MT_CHECK_REGION(to, .shadow_depth = 1);
	MT_CHECK(vm->deallocate(self, alias, LARGE), KERN_SUCCESS);
	MT_CHECK_REGION(to, .shadow_depth = 1);
	MT_CHECK_BYTE(to, 0xb0);
	MT_CHECK_BYTE(from, 0xaa);
}

MT_CASE(copy, store_takes_over_two_objects_that_are_gone, "chain-collapse-both",
    VM_OBJECT_C "vm_object_collapse()",
    "When the first and the middle one of three copies by mach_vm_copy() are "
    "gone, the next store that copies a page moves up the pages of both, each "
    "from its own offset.")
{
	struct copied c = copied_part(self);
	mach_vm_address_t next = copied_again(vm, self, &c);

	TOUCH(next, 0xc0);
	PUNCH(c.copy, LARGE_PAGES);
	PUNCH(c.source, SKIPPED + LARGE_PAGES);
	MT_CHECK_REGION(next, .shadow_depth = 2);
	TOUCH(next + mt_page, 0xc1);

	MT_CHECK_REGION(next, .shadow_depth = 0,
	    .pages_resident = LARGE_PAGES - 1);
	check_again(next);
}

MT_CASE(copy, store_after_the_source_is_gone_takes_over_its_pages,
    "chain-collapse", VM_OBJECT_C "vm_object_do_collapse()",
    "When the source of mach_vm_copy() is gone, the next store that copies a "
    "page moves the rest into the copy's VM object: pages that were stored to "
    "before stay as they are, and each counts once.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES + 1);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	vm_region_top_info_data_t info;

	/* Fewer than the region has, so that a page too many shows; below and
	 * above what is copied, too. */
	NUMBER_PAGES(from, SKIPPED + 4, 1);
	TOUCH(from + (SKIPPED + LARGE_PAGES) * mt_page, 0xaa);
	MT_CHECK(vm->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	TOUCH(to + mt_page, 0xb1);
	PUNCH(from, SKIPPED + LARGE_PAGES + 1);
	TOUCH(to + 2 * mt_page, 0xb2);

	MT_CHECK_TRUE(page_is(self, to + 3 * mt_page, VM_PAGE_QUERY_PAGE_REF));
	MT_CHECK_BYTE(to, 1 + SKIPPED);
	MT_CHECK_BYTE(to + mt_page, 0xb1);
	MT_CHECK_BYTE(to + 2 * mt_page, 0xb2);
	MT_CHECK_BYTE(to + 3 * mt_page, 1 + SKIPPED + 3);
	MT_CHECK_TRUE(page_is(self, to, VM_PAGE_QUERY_PAGE_DIRTY));
	info = top(stage, self, to);
	MT_CHECK_NUMBER(info.ref_count, 1);
	MT_CHECK_NUMBER(info.private_pages_resident, 4);
	MT_CHECK_NUMBER(info.shared_pages_resident, 0);
	MT_CHECK_BYTE(to + 4 * mt_page, 0);
}

MT_CASE(copy, middle_that_goes_leaves_its_offset, "chain-collapse-middle",
    VM_OBJECT_C "vm_object_do_collapse()",
    "When the middle one of three copies by mach_vm_copy() is gone, the next "
    "store that copies a page moves its pages up, and the pages of the first "
    "are found at the offsets of both copies together.")
{
	struct copied c = copied_part(self);
	mach_vm_address_t next;

	TOUCH(c.copy + 4 * mt_page, 0xb4);
	next = copied_again(vm, self, &c);
	TOUCH(next + 2 * mt_page, 0xc2);
	PUNCH(c.copy, LARGE_PAGES);
	TOUCH(next, 0xc0);

	MT_CHECK_REGION(next, .shadow_depth = 1);
	for (unsigned i = 0; i < LARGE_PAGES - 1; i++)
		MT_CHECK_BYTE(next + i * mt_page,
		    i == 0     ? 0xc0 :
			i == 2 ? 0xc2 :
			i == 3 ? 0xb4 :
				 (uint8_t)(1 + SKIPPED + 1 + i));
	MT_CHECK_BYTE(c.source + (SKIPPED + 1) * mt_page, 1 + SKIPPED + 1);
}

MT_CASE(copy, first_that_goes_is_taken_over_by_the_middle,
    "chain-collapse-below", VM_OBJECT_C "vm_object_collapse()",
    "When the first of three copies by mach_vm_copy() is gone, the next store "
    "into the last that copies a page moves the first one's pages into the "
    "middle one, which stays: both show them.",
    .needs = "native")
{
	struct copied c = copied_part(self);
	mach_vm_address_t next = copied_again(vm, self, &c);

	TOUCH(next, 0xc0);
	MT_CHECK_REGION(next, .shadow_depth = 2);
	PUNCH(c.source, SKIPPED + LARGE_PAGES);
	MT_CHECK_REGION(next, .shadow_depth = 2);
	TOUCH(next + mt_page, 0xc1);

	MT_CHECK_REGION(next, .shadow_depth = 1,
	    .pages_resident = LARGE_PAGES - 1);
	check_again(next);
	check_pages(c.copy, 3, 0xb3, 3, 0xb3);
}

MT_CASE(copy, copy_that_hides_the_middle_skips_it, "chain-bypass",
    VM_OBJECT_C "vm_object_do_bypass()",
    "Where a copy by mach_vm_copy() of a copy was stored to in each page that "
    "the first one was stored to, the first is no more in its chain: the "
    "other pages are found below, at the offsets of both together.")
{
	struct copied c = copied_part(self);
	mach_vm_address_t next = copied_again(vm, self, &c);

	TOUCH(next + 2 * mt_page, 0xc2);

	MT_CHECK_REGION(next, .shadow_depth = 1);
	for (unsigned i = 0; i < LARGE_PAGES - 1; i++)
		MT_CHECK_BYTE(next + i * mt_page,
		    i == 2 ? 0xc2 : (uint8_t)(1 + SKIPPED + 1 + i));
	check_pages(c.copy, 3, 0xb3, 3, 0xb3);
	TOUCH(next + 4 * mt_page, 0xc4);
	PUNCH(c.source, SKIPPED + LARGE_PAGES);
	PUNCH(c.copy, LARGE_PAGES);
	MT_CHECK_BYTE(next + 2 * mt_page, 0xc2);
	MT_CHECK_BYTE(next + 4 * mt_page, 0xc4);
	MT_CHECK_BYTE(next + 5 * mt_page, 1 + SKIPPED + 1 + 5);
}

MT_CASE(copy, middle_that_shows_one_page_stays, "chain-bypass-last-page",
    VM_OBJECT_C "vm_object_collapse()",
    "While one page of a copy by mach_vm_copy() shows through a copy of it, "
    "the first, a middle one or the last, that one stays in the chain however "
    "many other pages were stored to; it goes when that page is.",
    .needs = "native")
{
	const unsigned pages = LARGE_PAGES - 1;
	const unsigned shown[] = { 0, pages / 2, pages - 1 };

	for (unsigned i = 0; i < 3; i++) {
		struct copied c = copied_part(self);
		mach_vm_address_t next = mt_pages(pages);
		const unsigned one = shown[i], kept = (one + 1) % pages;

		TOUCH(c.copy + (1 + one) * mt_page, 0xb1);
		MT_CHECK(vm->copy(self, c.copy + mt_page, LARGE - mt_page,
			     next),
		    KERN_SUCCESS);
		for (unsigned j = 0; j < pages; j++)
			if (j != one && j != kept)
				TOUCH(next + j * mt_page, 0xc2);
		MT_CHECK_REGION(next, .shadow_depth = 2);
		MT_CHECK_BYTE(next + one * mt_page, 0xb1);
		TOUCH(next + one * mt_page, 0xc3);
		MT_CHECK_REGION(next, .shadow_depth = 1);
		MT_CHECK_BYTE(next + one * mt_page, 0xc3);
		MT_CHECK_BYTE(next + kept * mt_page,
		    (uint8_t)(1 + SKIPPED + 1 + kept));
		MT_CHECK_BYTE(c.copy + (1 + one) * mt_page, 0xb1);
	}
}

/* Copied memory of which only [first, first + count) is left when its copy is
 * gone, and then a store to its page `at`. */
static void
check_own_object(const struct mt_route *vm, mach_port_name_t self,
    unsigned first, unsigned count, unsigned at)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t left = pages + first * mt_page;
	mach_msg_type_number_t size = 0;
	vm_offset_t copy = 0;
	uint32_t before;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	before = top(stage, self, pages).obj_id;
	MT_CHECK(vm->read(self, pages, LARGE, &copy, &size), KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, copy, size), KERN_SUCCESS);
	if (first > 0)
		PUNCH(pages, first);
	if (first + count < LARGE_PAGES)
		PUNCH(left + count * mt_page, LARGE_PAGES - first - count);
	TOUCH(left + at * mt_page, 0xa1);

	MT_CHECK_TRUE(top(stage, self, left).obj_id != before);
	MT_CHECK_REGION(left, .offset = 0, .ref_count = 1, .shadow_depth = 0,
	    .pages_resident = count);
	for (unsigned i = 0; i < count; i++)
		MT_CHECK_BYTE(left + i * mt_page,
		    i == at ? 0xa1 : (uint8_t)(1 + first + i));
}

MT_CASE(read, part_of_what_was_copied_has_its_own_object, "chain-own-object",
    VM_OBJECT_C "vm_object_shadow()",
    "Of memory that was copied by mach_vm_read(), whose copy is gone, and that "
    "lost its first page, its last or both, a store makes a VM object as large "
    "as what is left, and its offset is 0: the old object and the pages that "
    "nobody sees any more are gone.",
    .needs = "native")
{
	check_own_object(vm, self, 1, LARGE_PAGES - 1, 0);
	check_own_object(vm, self, 0, LARGE_PAGES - 1, LARGE_PAGES - 2);
	check_own_object(vm, self, 1, LARGE_PAGES - 2, 2);
	check_own_object(vm, self, LARGE_PAGES / 2, 1, 0);
}

MT_CASE(region, pages_of_the_copied_part_are_counted, "region-part-resident",
    VM_MAP_C "vm_map_region_look_for_page()",
    "A region that shadows a part of a VM object counts the resident and the "
    "dirty pages of that part.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	/* Of the part one page, below it both. */
	TOUCH_PAGES(from, SKIPPED, 0x51);
	TOUCH(from + (SKIPPED + 5) * mt_page, 0x52);
	MT_REQUIRE(stage->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	MT_CHECK_REGION(to, .pages_resident = 1, .pages_dirtied = 1);
	TOUCH(to + 6 * mt_page, 0x53);
	MT_CHECK_REGION(to, .pages_resident = 2, .pages_dirtied = 2,
	    .shadow_depth = 1);
}

MT_CASE(region, references_of_shadows_are_counted, "region-shadow-references",
    VM_MAP_C "vm_map_region_walk()",
    "A region's ref_count is that of its VM object and those of the objects "
    "below, each less the one that the object above has.")
{
	mach_vm_address_t one = mt_pages(LARGE_PAGES);
	mach_vm_address_t two = mt_pages(LARGE_PAGES);
	mach_vm_address_t three = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(one, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, one, LARGE, two), KERN_SUCCESS);
	MT_CHECK_REGION(two, .ref_count = 2, .shadow_depth = 0);
	TOUCH(two, 0xb0);
	MT_CHECK_REGION(two, .ref_count = 2, .shadow_depth = 1);
	MT_CHECK_REGION(one, .ref_count = 2, .shadow_depth = 0);
	MT_REQUIRE(stage->copy(self, two, LARGE, three), KERN_SUCCESS);
	MT_CHECK_REGION(two, .ref_count = 3, .shadow_depth = 1);
	TOUCH(three + mt_page, 0xc1);
	MT_CHECK_REGION(three, .ref_count = 3, .shadow_depth = 2);
	PUNCH(one, LARGE_PAGES);
	MT_CHECK_REGION(three, .ref_count = 2, .shadow_depth = 2);
}

MT_CASE(page_info, page_of_the_copied_part_has_its_object,
    "pageinfo-part-object", VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_info() of a page below the top returns the VM object that "
    "has it and the offset there, as for the memory that was copied.",
    .needs = "native")
{
	struct copied c = copied_part(self);
	vm_page_info_basic_data_t below, original;

	TOUCH(c.copy + mt_page, 0xb1);
	below = page(vm, self, c.copy + 5 * mt_page);
	original = page(vm, self, c.source + (SKIPPED + 5) * mt_page);
	MT_CHECK_NUMBER(below.depth, 1);
	MT_CHECK_NUMBER(below.offset, (SKIPPED + 5) * mt_page);
	MT_CHECK_NUMBER(original.depth, 0);
	MT_CHECK_NUMBER(original.offset, (SKIPPED + 5) * mt_page);
	MT_CHECK_TRUE(below.object_id == original.object_id);
	MT_CHECK_NUMBER(page(vm, self, c.copy + mt_page).offset, mt_page);
}

MT_CASE(page_query, page_of_the_copied_part_is_present, "pagequery-part",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_query() of memory that shadows a part of a VM object finds "
    "the pages of that part.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	TOUCH(from + (SKIPPED + 4) * mt_page, 0x51);
	MT_REQUIRE(stage->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	TOUCH(to, 0x52);
	for (unsigned i = 1; i < LARGE_PAGES; i++)
		MT_CHECK_NUMBER(disposition(vm, self, to + i * mt_page) &
			VM_PAGE_QUERY_PAGE_PRESENT,
		    i == 4 ? VM_PAGE_QUERY_PAGE_PRESENT : 0);
}

MT_CASE(page_range_query, pages_of_the_copied_part_have_dispositions,
    "pagerange-part", VM_MAP_C "vm_map_page_range_info_internal()",
    "mach_vm_page_range_query() of memory that shadows a part of a VM object "
    "finds each page at its place there: those of the top are "
    "VM_PAGE_QUERY_PAGE_COPIED, those below are not, others have none.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	const integer_t dirty = VM_PAGE_QUERY_PAGE_PRESENT |
	    VM_PAGE_QUERY_PAGE_DIRTY;
	integer_t dispositions[LARGE / 4096] = { 0 };
	mach_vm_size_t count = LARGE_PAGES;

	TOUCH(from, 0x51);
	TOUCH(from + (SKIPPED + 4) * mt_page, 0x51);
	TOUCH(from + (SKIPPED + 6) * mt_page, 0x51);
	MT_REQUIRE(stage->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	TOUCH(to + mt_page, 0x52);
	TOUCH(to + 6 * mt_page, 0x52);
	MT_CHECK(vm->page_range_query(self, to, LARGE,
		     (mach_vm_address_t)(uintptr_t)dispositions, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(count, LARGE_PAGES);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_NUMBER(dispositions[i] & ~VM_PAGE_QUERY_PAGE_REF,
		    i == 1 || i == 6 ? dirty | VM_PAGE_QUERY_PAGE_COPIED :
			i == 4	     ? dirty :
				       0);
}

MT_CASE(machine_attribute, cache_of_the_copied_part_is_looked_for,
    "attr-cache-part", VM_MAP_C "vm_map_machine_attribute()",
    "MATTR_CACHE looks for resident pages down the chain of VM objects, at "
    "the offset that a copy of a part has there.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	vm_machine_attribute_val_t value = MATTR_VAL_ICACHE_FLUSH;

	TOUCH(from + (SKIPPED + 4) * mt_page, 0x51);
	MT_REQUIRE(stage->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	TOUCH(to, 0x52);
	for (unsigned i = 1; i < LARGE_PAGES; i++)
		MT_CHECK(vm->machine_attribute(self, to + i * mt_page, mt_page,
			     MATTR_CACHE, &value),
		    KERN_SUCCESS,
		    MT_ON(x86_64,
			i == 4 ? KERN_INVALID_ADDRESS : KERN_SUCCESS));
	MT_CHECK_BYTE(to + 4 * mt_page, 0x51);
}

MT_CASE(copy, store_that_is_kept_for_a_copy_shortens_the_chain,
    "chain-collapse-pushed", VM_FAULT_C "vm_fault_page()",
    "A store to shared memory that has an older VM object below and a copy "
    "above moves up the pages of the one below, which nobody else has any "
    "more: the shadow_depth is 0.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), alias = 0;
	mach_vm_address_t older = mt_pages(LARGE_PAGES);
	mach_vm_address_t newer = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, older), KERN_SUCCESS);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_CHECK(vm->copy(self, pages, LARGE, newer), KERN_SUCCESS);
	PUNCH(older, LARGE_PAGES);
	MT_CHECK_REGION(pages, .shadow_depth = 1);

	TOUCH(pages + mt_page, 0xa2);
	MT_CHECK_REGION(pages, .shadow_depth = 0);
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(newer + i * mt_page, (uint8_t)(1 + i));
		MT_CHECK_BYTE(alias + i * mt_page,
		    i == 1 ? 0xa2 : (uint8_t)(1 + i));
	}
}

MT_CASE(copy, pages_that_move_up_are_reusable_no_more,
    "chain-collapse-reusable", XNU "osfmk/vm/vm_resident.c, vm_page_remove()",
    "Pages that VM_BEHAVIOR_REUSABLE gave away are ordinary pages again when "
    "the chain that their VM object is in becomes shorter and they move up.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->behavior_set(self, pages + 4 * mt_page, 4 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->copy(self, pages, LARGE, copy), KERN_SUCCESS);
	TOUCH(pages, 0xa1);
	MT_CHECK_NUMBER(extended(stage, self, copy).pages_reusable, 4);
	MT_CHECK(stage->deallocate(self, copy, LARGE), KERN_SUCCESS);
	TOUCH(pages + mt_page, 0xa2);
	MT_CHECK_REGION(pages, .shadow_depth = 0);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable, 0);
}

MT_CASE(copy, object_that_is_hidden_in_its_part_is_left_out,
    "chain-bypass-part", VM_OBJECT_C "vm_object_collapse()",
    "A copy by mach_vm_copy() of a part that has stored to each page that its "
    "source has there refers to the source's VM object no more, whatever that "
    "has elsewhere: the shadow_depth is 0.")
{
	mach_vm_address_t from = mt_pages(SKIPPED + LARGE_PAGES + 1);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	/* Below, within and above; most of the part was never touched. */
	NUMBER_PAGES(from, SKIPPED + 4, 1);
	TOUCH(from + (SKIPPED + LARGE_PAGES) * mt_page, 0xaa);
	MT_CHECK(vm->copy(self, from + SKIPPED * mt_page, LARGE, to),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		TOUCH(to + i * mt_page, (uint8_t)(0xb0 + i));
	MT_CHECK_REGION(to, .shadow_depth = 1);
	TOUCH(to + 3 * mt_page, 0xb3);
	MT_CHECK_REGION(to, .shadow_depth = 0);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(to + i * mt_page,
		    i < 4 ? (uint8_t)(0xb0 + i) : 0);
}

MT_CASE(fault, load_leaves_the_object_below_alone, "fault-load-shadow",
    VM_FAULT_C "vm_fault_internal()",
    "A load from a page that was never touched of a copy by mach_vm_copy() that "
    "has stored to another page makes a page of the copy's own; the source has "
    "none there.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, 2, 1);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	TOUCH(to, 0xb0);
	MT_CHECK_BYTE(to + 3 * mt_page, 0);
	MT_CHECK_TRUE(
	    page_is(self, to + 3 * mt_page, VM_PAGE_QUERY_PAGE_PRESENT) != 0);
	MT_CHECK_NUMBER(page_is(self, from + 3 * mt_page,
			    VM_PAGE_QUERY_PAGE_PRESENT),
	    0);
}
