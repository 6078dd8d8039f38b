/*
 * Copies of copies of copies, each of a part and each stored to before the
 * next: a page is found through up to three VM objects, each at another
 * offset.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

/* The first memory has three pages more than the last; each copy begins at the
 * second page of what it copies. */
#define LINKS 3
#define FIRST (LARGE_PAGES + LINKS)

/* What the last copy's pages hold: the first memory's numbers, but where one
 * of the copies was stored to. */
static void
check_last(mach_vm_address_t last, uint8_t own)
{
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(last + i * mt_page,
		    i == 1     ? 0xb1 :
			i == 2 ? 0xc2 :
			i == 4 ? own :
				 (uint8_t)(1 + LINKS + i));
}

/* The numbered memory, and the stores: into the first copy's fourth page,
 * which is the last one's second; into the second copy's fourth, which is the
 * last one's third; the sources are changed once they were copied. */
static void
stored_first(mach_vm_address_t pages, mach_vm_address_t copy)
{
	TOUCH(pages + 6 * mt_page, 0xa6);
	TOUCH(copy + 3 * mt_page, 0xb1);
}

static void
stored_second(mach_vm_address_t one, mach_vm_address_t two)
{
	TOUCH(one + 5 * mt_page, 0xb5);
	TOUCH(two + 3 * mt_page, 0xc2);
}

static mach_vm_address_t
numbered(void)
{
	mach_vm_address_t pages = mt_pages(FIRST);

	NUMBER_PAGES(pages, FIRST, 1);
	return pages;
}

MT_CASE(copy, third_copy_of_a_part_finds_its_pages, "copy-chain-three",
    VM_OBJECT_C "vm_object_shadow()",
    "mach_vm_copy() of a part of a copy of a part of a copy holds each page "
    "as it was when it was copied.")
{
	mach_vm_address_t pages = numbered(), one = mt_pages(FIRST - 1);
	mach_vm_address_t two = mt_pages(FIRST - 2);
	mach_vm_address_t three = mt_pages(LARGE_PAGES);

	MT_REQUIRE(stage->copy(self, pages + mt_page, LARGE + 2 * mt_page, one),
	    KERN_SUCCESS);
	stored_first(pages, one);
	MT_REQUIRE(stage->copy(self, one + mt_page, LARGE + mt_page, two),
	    KERN_SUCCESS);
	stored_second(one, two);
	MT_CHECK(vm->copy(self, two + mt_page, LARGE, three), KERN_SUCCESS);
	check_last(three, 1 + LINKS + 4);
	TOUCH(three + 4 * mt_page, 0xd4);
	TOUCH(two + 4 * mt_page, 0xc4);
	check_last(three, 0xd4);
	MT_CHECK_BYTE(two + 5 * mt_page, 1 + 2 + 5);
	MT_CHECK_BYTE(pages + 7 * mt_page, 1 + 7);
}

MT_CASE(remap, third_remapped_part_finds_its_pages, "remap-chain-three",
    VM_OBJECT_C "vm_object_shadow()",
    "mach_vm_remap() with copy of a part of a copy of a part of a copy holds "
    "each page as it was when it was copied.")
{
	mach_vm_address_t pages = numbered(), one = mt_hole(FIRST - 1);
	mach_vm_address_t two = mt_hole(FIRST - 2);
	mach_vm_address_t three = mt_hole(LARGE_PAGES);
	vm_prot_t current, maximum;

	REMAP(one, LARGE + 2 * mt_page, VM_FLAGS_FIXED, pages + mt_page, TRUE);
	stored_first(pages, one);
	REMAP(two, LARGE + mt_page, VM_FLAGS_FIXED, one + mt_page, TRUE);
	stored_second(one, two);
	MT_CHECK(vm->remap(self, &three, LARGE, 0, VM_FLAGS_FIXED, self,
		     two + mt_page, TRUE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	check_last(three, 1 + LINKS + 4);
	TOUCH(three + 4 * mt_page, 0xd4);
	check_last(three, 0xd4);
	MT_CHECK_BYTE(two + 5 * mt_page, 1 + 2 + 5);
}

MT_CASE(read, part_that_was_read_of_a_chain_has_its_pages, "read-chain-three",
    VM_OBJECT_C "vm_object_shadow()",
    "mach_vm_read() of a part of a copy of a part of a copy returns each page "
    "as it was when it was copied.")
{
	mach_vm_address_t pages = numbered(), one = mt_pages(FIRST - 1);
	mach_msg_type_number_t count = 0;
	vm_offset_t two = 0, three = 0;

	MT_REQUIRE(stage->copy(self, pages + mt_page, LARGE + 2 * mt_page, one),
	    KERN_SUCCESS);
	stored_first(pages, one);
	MT_CHECK(vm->read(self, one + mt_page, LARGE + mt_page, &two, &count),
	    KERN_SUCCESS);
	stored_second(one, two);
	MT_CHECK(vm->read(self, two + mt_page, LARGE, &three, &count),
	    KERN_SUCCESS);
	check_last(three, 1 + LINKS + 4);
	TOUCH(three + 4 * mt_page, 0xd4);
	check_last(three, 0xd4);
}

MT_CASE(inherit, grandchild_of_a_copied_part_finds_its_pages,
    "fork-chain-three", VM_MAP_C "vm_map_fork()",
    "A grandchild's copy of a part of a copy holds each page as it was at the "
    "two forks.")
{
	mach_vm_address_t pages = numbered(), one = mt_pages(FIRST - 1), part;

	MT_REQUIRE(stage->copy(self, pages + mt_page, LARGE + 2 * mt_page, one),
	    KERN_SUCCESS);
	stored_first(pages, one);
	part = one + 2 * mt_page;
	PUNCH(one, 2);
	MT_CHECK(vm->inherit(self, part, LARGE, VM_INHERIT_COPY), KERN_SUCCESS);
	MT_CHILD {
		TOUCH(part + 2 * mt_page, 0xc2);
		MT_CHILD {
			check_last(part, 1 + LINKS + 4);
			TOUCH(part + 4 * mt_page, 0xd4);
			check_last(part, 0xd4);
		}
		check_last(part, 1 + LINKS + 4);
	}
	MT_CHECK_BYTE(part + 2 * mt_page, 1 + LINKS + 2);
}

/* ---- found otherwise than by a touch -------------------------------------- */

/* The third copy of a part, of which nothing was touched. */
static mach_vm_address_t
untouched_chain(mach_port_name_t self)
{
	mach_vm_address_t pages = numbered(), one = mt_hole(FIRST - 1);
	mach_vm_address_t two = mt_hole(FIRST - 2);
	mach_vm_address_t three = mt_hole(LARGE_PAGES);

	REMAP(one, LARGE + 2 * mt_page, VM_FLAGS_FIXED, pages + mt_page, TRUE);
	stored_first(pages, one);
	REMAP(two, LARGE + mt_page, VM_FLAGS_FIXED, one + mt_page, TRUE);
	stored_second(one, two);
	REMAP(three, LARGE, VM_FLAGS_FIXED, two + mt_page, TRUE);
	return three;
}

MT_CASE(read_overwrite, bytes_of_a_chain_are_read_where_they_lie,
    "readow-chain-three", VM_MAP_C "vm_map_copyin_kernel_buffer()",
    "mach_vm_read_overwrite() of a few bytes finds a page that nobody touched "
    "in a part of a copy of a part of a copy.")
{
	mach_vm_address_t three = untouched_chain(self), to = mt_pages(1);
	mach_vm_size_t size = 0;

	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK(vm->read_overwrite(self, three + i * mt_page, 1, to,
			     &size),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(to,
		    i == 1     ? 0xb1 :
			i == 2 ? 0xc2 :
				 (uint8_t)(1 + LINKS + i));
	}
}

MT_CASE(mlock, locked_part_of_a_chain_has_its_pages, "mlock-chain-three",
    VM_FAULT_C "vm_fault_wire()",
    "mlock(2) of a part of a copy of a part of a copy locks each page as it "
    "was when it was copied.")
{
	mach_vm_address_t three = untouched_chain(self);
	int error = 0;

	MT_CHECK_ERRNO(vm->mlock(&error, three, LARGE), error, 0);
	check_last(three, 1 + LINKS + 4);
	TOUCH(three + 4 * mt_page, 0xd4);
	MT_CHECK_ERRNO(vm->munlock(&error, three, LARGE), error, 0);
	check_last(three, 0xd4);
}

MT_CASE(copy, chain_is_copied_onto_shared_memory, "copy-chain-onto-shared",
    VM_FAULT_C "vm_fault_copy()",
    "mach_vm_copy() of a part of a copy of a part of a copy onto memory that "
    "is mapped twice, which moves bytes, finds each page.")
{
	mach_vm_address_t three = untouched_chain(self);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	REMAP(alias, LARGE, VM_FLAGS_FIXED, to, FALSE);
	MT_CHECK(vm->copy(self, three, LARGE, to), KERN_SUCCESS);
	check_last(alias, 1 + LINKS + 4);
}

/* The same, but that of what was copied only the last page is there, and each
 * copy has a page of its own below the part that was copied next. */
static mach_vm_address_t
sparse_chain(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_pages(FIRST), one = mt_hole(FIRST - 1);
	mach_vm_address_t two = mt_hole(FIRST - 2);
	mach_vm_address_t three = mt_hole(LARGE_PAGES);

	TOUCH(pages + (FIRST - 1) * mt_page, 0xa1);
	REMAP(one, LARGE + 2 * mt_page, VM_FLAGS_FIXED, pages + mt_page, TRUE);
	TOUCH(one, 0xb1);
	REMAP(two, LARGE + mt_page, VM_FLAGS_FIXED, one + mt_page, TRUE);
	TOUCH(two, 0xc1);
	REMAP(three, LARGE, VM_FLAGS_FIXED, two + mt_page, TRUE);
	return three;
}

MT_CASE(region, page_of_a_chain_is_counted_where_it_lies,
    "region-chain-resident", VM_MAP_C "vm_map_region_look_for_page()",
    "A region's pages_resident counts the pages of the VM objects below its "
    "own that lie in it: of two copies of parts each at its offset.",
    .needs = "native")
{
	mach_vm_address_t three = sparse_chain(self);
	mach_vm_address_t last = three + LARGE - mt_page;

	MT_CHECK_REGION(three, .size = LARGE, .pages_resident = 1);
	PUNCH(three, LARGE_PAGES - 1);
	MT_CHECK_REGION(last, .pages_resident = 1);
	MT_CHECK_BYTE(last, 0xa1);
}

MT_CASE(machine_attribute, page_of_a_chain_is_found_where_it_lies,
    "attribute-chain", VM_MAP_C "vm_map_machine_attribute()",
    "On x86_64 mach_vm_machine_attribute() of caches is KERN_INVALID_ADDRESS "
    "where a page is resident: in the VM objects below the region's own, too, "
    "each at its offset.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t three = sparse_chain(self);
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	MT_CHECK(vm->machine_attribute(self, three + LARGE - mt_page, mt_page,
		     MATTR_CACHE, &value),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->machine_attribute(self, three, LARGE - mt_page,
		     MATTR_CACHE, &value),
	    KERN_SUCCESS);
}

/* ---- what regions tell ----------------------------------------------------- */

MT_CASE(region, each_copy_that_is_stored_to_adds_a_shadow,
    "region-shadow-chain", VM_MAP_C "vm_map_region_look_for_page()",
    "A region's shadow_depth is the number of VM objects below its own: 1 to 3 "
    "for a copy, its copy and that one's copy, once each was stored to.")
{
	mach_vm_address_t at[1 + LINKS];

	at[0] = mt_pages(LARGE_PAGES);
	NUMBER_PAGES(at[0], LARGE_PAGES, 1);
	for (unsigned i = 1; i <= LINKS; i++) {
		at[i] = mt_pages(LARGE_PAGES);
		MT_REQUIRE(stage->copy(self, at[i - 1], LARGE, at[i]),
		    KERN_SUCCESS);
		MT_CHECK_REGION(at[i], .shadow_depth = i - 1,
		    .share_mode = SM_COW);
		TOUCH(at[i] + i * mt_page, (uint8_t)(0xa0 + i));
		MT_CHECK_REGION(at[i], .shadow_depth = i, .share_mode = SM_COW,
		    .pages_resident = LARGE_PAGES);
	}
	MT_CHECK_REGION(at[0], .shadow_depth = 0);
}

MT_CASE(region, copied_pages_are_counted_as_private_now, "region-now-private",
    VM_MAP_C "vm_map_region_look_for_page()",
    "A region's pages_shared_now_private counts the pages that a store copied "
    "out of shared memory, until the copy is copied itself.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	mach_vm_address_t next = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_CHECK_NUMBER(extended(vm, self, from).pages_shared_now_private, 0);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(vm, self, to).pages_shared_now_private, 0);
	TOUCH_PAGES(to, 3, 0x51);
	MT_CHECK_NUMBER(extended(vm, self, to).pages_shared_now_private, 3);
	MT_CHECK_NUMBER(extended(vm, self, from).pages_shared_now_private, 0);

	MT_REQUIRE(stage->copy(self, to, LARGE, next), KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(vm, self, to).pages_shared_now_private, 0);
	TOUCH(next + mt_page, 0x52);
	MT_CHECK_NUMBER(extended(vm, self, next).pages_shared_now_private, 1);
	MT_CHECK_NUMBER(extended(vm, self, to).pages_shared_now_private, 0);
}

MT_CASE(region, page_below_a_shared_object_is_not_private_now,
    "region-now-private-way", VM_MAP_C "vm_map_region_look_for_page()",
    "A region's pages_shared_now_private counts a page of a copy that was "
    "copied again while no VM object on the way to it has a second reference.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t one = mt_pages(LARGE_PAGES);
	mach_vm_address_t two = mt_pages(LARGE_PAGES);
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, from, LARGE, one), KERN_SUCCESS);
	TOUCH(one + mt_page, 0xb1);
	MT_REQUIRE(stage->copy(self, one, LARGE, two), KERN_SUCCESS);
	TOUCH_PAGES(two + 2 * mt_page, 2, 0xc2);
	MT_CHECK_NUMBER(extended(vm, self, two).pages_shared_now_private, 2);
	MT_CHECK_NUMBER(extended(vm, self, one).pages_shared_now_private, 0);

	PUNCH(one, LARGE_PAGES);
	MT_CHECK_NUMBER(extended(vm, self, two).pages_shared_now_private, 3);
	MT_CHECK_NUMBER(extended(vm, self, two).shadow_depth, 2);
	REMAP(alias, LARGE, VM_FLAGS_FIXED, two, FALSE);
	MT_CHECK_NUMBER(extended(vm, self, two).pages_shared_now_private, 0);
	MT_CHECK_NUMBER(extended(vm, self, alias).pages_shared_now_private, 0);
	MT_CHECK_NUMBER(extended(vm, self, alias).shadow_depth, 2);
	PUNCH(two, LARGE_PAGES);
	MT_CHECK_NUMBER(extended(vm, self, alias).pages_shared_now_private, 3);
	MT_CHECK_BYTE(alias + mt_page, 0xb1);
	MT_CHECK_BYTE(alias + 3 * mt_page, 0xc2);
}

MT_CASE(region, deepest_page_decides_the_depth, "region-shadow-deepest",
    VM_MAP_C "vm_map_region_look_for_page()",
    "A region's shadow_depth is that of its deepest page, whether the pages "
    "above and below it in the map lie deeper or not.",
    .needs = "native")
{
	const unsigned last = LARGE_PAGES - 1;
	/* The pages that the first memory and its copy have still. */
	const unsigned places[][2] = { { 0, 1 }, { 0, last }, { 1, 0 },
		{ last, 0 }, { last, last - 1 }, { last - 1, last } };

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		mach_vm_address_t from = mt_pages(LARGE_PAGES);
		mach_vm_address_t one = mt_pages(LARGE_PAGES);
		mach_vm_address_t two = mt_pages(LARGE_PAGES);
		const unsigned deep = places[i][0], middle = places[i][1];

		NUMBER_PAGES(from, LARGE_PAGES, 1);
		MT_REQUIRE(stage->copy(self, from, LARGE, one), KERN_SUCCESS);
		TOUCH(one + middle * mt_page, 0xb1);
		MT_REQUIRE(stage->copy(self, one, LARGE, two), KERN_SUCCESS);
		for (unsigned j = 0; j < LARGE_PAGES; j++)
			if (j != deep && j != middle)
				TOUCH(two + j * mt_page, 0xc2);
		MT_CHECK_NUMBER(extended(vm, self, two).shadow_depth, 2);
		MT_CHECK_NUMBER(extended(vm, self, two).pages_resident,
		    LARGE_PAGES);
		MT_CHECK_NUMBER(top(vm, self, two).obj_id,
		    top(vm, self, from).obj_id);
		MT_CHECK_BYTE(two + deep * mt_page, (uint8_t)(1 + deep));
		MT_CHECK_BYTE(two + middle * mt_page, 0xb1);
	}
}

MT_CASE(page_query, query_shortens_a_chain, "pagequery-collapses",
    VM_OBJECT_C "vm_object_deallocate()",
    "mach_vm_page_query() refers to the VM object while it looks; when it is "
    "done that takes in the object behind it, if nothing else refers to it.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	integer_t bits = 0, references = 0;

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	TOUCH(to, 0x51);
	PUNCH(from, LARGE_PAGES);
	MT_CHECK_REGION(to, .shadow_depth = 1);
	MT_CHECK(vm->page_query(self, to, &bits, &references), KERN_SUCCESS);
	MT_CHECK_REGION(to, .shadow_depth = 0);
	MT_CHECK_BYTE(to + mt_page, 2);
}
