/*
 * mach_vm_remap of a part of what a VM object holds: what is shared from then
 * on, and what is not.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "entries.h"
#include "queries.h"

/* Four pages of one VM object; the one at `at` is a region of its own. */
static mach_vm_address_t
with_part(mach_port_name_t self, unsigned at)
{
	mach_vm_address_t pages = four_pages();

	MT_REQUIRE(stage->inherit(self, PAGE(at), mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	return pages;
}

static void
share(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t source, mach_vm_address_t to, unsigned n, boolean_t copy)
{
	vm_prot_t current, maximum;

	MT_CHECK(vm->remap(self, &to, PAGES(n), 0, VM_FLAGS_FIXED, self, source,
		     copy, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
}

/* What is stored on one side of the page at `at` is seen on the other. */
static void
check_shared(mach_vm_address_t pages, unsigned at, mach_vm_address_t alias)
{
	MT_CHECK_BYTE(alias, (uint8_t)(1 + at));
	TOUCH(PAGE(at), 0x71);
	MT_CHECK_BYTE(alias, 0x71);
	TOUCH(alias + 1, 0x72);
	MT_CHECK_BYTE(PAGE(at) + 1, 0x72);
	for (unsigned i = 0; i < 4; i++)
		if (i != at)
			MT_CHECK_BYTE(PAGE(i), (uint8_t)(1 + i));
}

MT_CASE(remap, part_of_an_object_is_shared_by_its_shadow, "remap-part-shadow",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of a region that shows a part of its VM "
    "object gives it one of its own in front of that: a shadow depth of 1. "
    "The regions beside it keep theirs.")
{
	for (unsigned at = 0; at < 4; at++) {
		mach_vm_address_t pages = with_part(self, at);
		mach_vm_address_t alias = mt_hole(1);

		share(vm, self, PAGE(at), alias, 1, FALSE);

		for (unsigned i = 0; i < 4; i++)
			MT_CHECK_REGION(PAGE(i), .shadow_depth = i == at);
		MT_CHECK_REGION(alias, .shadow_depth = 1);
		check_shared(pages, at, alias);
	}
}

MT_CASE(make_memory_entry, store_to_a_part_of_an_entry_copies_its_page,
    "entry-part-stored", VM_USER_C "mach_make_memory_entry_64()",
    "mach_make_memory_entry_64() for a region that shows a part of its VM object "
    "takes the permission to write from its pages: a store copies the page into "
    "the object in front of the old one, with VM_PAGE_QUERY_PAGE_COPIED, and "
    "reaches the entry's mapping.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), alias = 0;
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->inherit(self, PAGE(1), 2 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(make(vm, self, &size, PAGE(1), RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->map(self, &alias, 2 * mt_page, 0, VM_FLAGS_ANYWHERE,
		       entry, 0, FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(page_is(self, PAGE(1), VM_PAGE_QUERY_PAGE_COPIED), 0);
	TOUCH(PAGE(1), 0x71);
	MT_CHECK_TRUE(page_is(self, PAGE(1), VM_PAGE_QUERY_PAGE_COPIED));
	MT_CHECK_BYTE(alias, 0x71);
	MT_CHECK_BYTE(alias + mt_page, 3);
}

MT_CASE(remap, store_to_a_shared_part_copies_its_page, "remap-part-stored",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of a part of a VM object takes the permission "
    "to write from its pages: a store to the source copies the page into the "
    "object in front of the old one, with VM_PAGE_QUERY_PAGE_COPIED.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), alias = mt_hole(3);

	MT_REQUIRE(stage->inherit(self, PAGE(1), 3 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	share(vm, self, PAGE(1), alias, 3, FALSE);
	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK_NUMBER(page_is(self, PAGE(1 + i),
				    VM_PAGE_QUERY_PAGE_COPIED),
		    0);
		TOUCH(PAGE(1 + i), (uint8_t)(0x71 + i));
		MT_CHECK_TRUE(
		    page_is(self, PAGE(1 + i), VM_PAGE_QUERY_PAGE_COPIED));
		MT_CHECK_BYTE(alias + i * mt_page, (uint8_t)(0x71 + i));
	}
}

MT_CASE(remap, untouched_part_is_shared_from_offset_0, "remap-part-untouched",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of a part of a region that was never touched gives that "
    "part a VM object of its own that begins with it: offset 0 on both sides.")
{
	mach_vm_address_t pages = mt_pages(2), alias = mt_hole(1);

	MT_REQUIRE(stage->inherit(self, PAGE(1), mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(PAGE(1), .offset = mt_page);
	share(vm, self, PAGE(1), alias, 1, FALSE);
	MT_CHECK_REGION(PAGE(1), .offset = 0);
	MT_CHECK_REGION(alias, .offset = 0);
	TOUCH(PAGE(1), 0x22);
	MT_CHECK_BYTE(alias, 0x22);
}

MT_CASE(remap, whole_object_is_shared_as_it_is, "remap-part-of-region",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of some pages of a region that shows all of "
    "its VM object shares that object.")
{
	for (unsigned at = 0; at < 4; at++) {
		mach_vm_address_t pages = four_pages(), alias = mt_hole(1);

		share(vm, self, PAGE(at), alias, 1, FALSE);

		MT_CHECK_REGION(PAGE(at), .shadow_depth = 0, .ref_count = 2);
		MT_CHECK_REGION(alias, .shadow_depth = 0, .ref_count = 2);
		check_shared(pages, at, alias);
	}
}

MT_CASE(remap, shared_object_is_shared_again_as_it_is, "remap-part-again",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of a part of a VM object that is shared "
    "already shares that object.")
{
	for (unsigned at = 0; at < 4; at++) {
		mach_vm_address_t pages = four_pages(), alias = mt_hole(1);
		mach_vm_address_t first = mt_hole(4);

		share(stage, self, pages, first, 4, FALSE);
		MT_REQUIRE(stage->inherit(self, PAGE(at), mt_page,
			       VM_INHERIT_NONE),
		    KERN_SUCCESS);

		share(vm, self, PAGE(at), alias, 1, FALSE);

		MT_CHECK_REGION(PAGE(at), .shadow_depth = 0);
		MT_CHECK_REGION(alias, .shadow_depth = 0);
		check_shared(pages, at, alias);
		MT_CHECK_BYTE(first + PAGES(at), 0x71);
		MT_CHECK_BYTE(first + PAGES(at) + 1, 0x72);
	}
}

MT_CASE(remap, locked_part_is_shared_as_it_is, "remap-part-wired",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of a locked page, first, inner or last of a "
    "VM object, shares the object that holds the locked page; until macOS "
    "10.15 it put one in front of that.")
{
	int error = 0;

	MT_CHILD {
		for (unsigned at = 0; at < 4; at++) {
			mach_vm_address_t pages = four_pages();
			mach_vm_address_t alias = mt_hole(1);

			MT_REQUIRE(stage_bsd->mlock(&error, PAGE(at), mt_page),
			    0);
			share(vm, self, PAGE(at), alias, 1, FALSE);

			MT_CHECK_REGION(PAGE(at), .user_wired_count = 1,
			    .shadow_depth = MT_VALUE(0, MT_UNTIL(10.15, 1)));
			MT_CHECK_REGION(alias, .user_wired_count = 0);
			MT_CHECK_BYTE(alias, (uint8_t)(1 + at));
		}
	}
}

MT_CASE(remap, removed_copy_leaves_no_reference, "remap-references",
    VM_MAP_C "vm_map_remap_extract()",
    "Memory whose copies or aliases by mach_vm_remap() are all gone has one "
    "reference again and its bytes.")
{
	static const struct {
		unsigned at, count;
	} parts[] = { { 0, 4 }, { 0, 1 }, { 1, 2 }, { 3, 1 } };

	for (unsigned i = 0; i < 8; i++) {
		const unsigned at = parts[i / 2].at, n = parts[i / 2].count;
		mach_vm_address_t pages = four_pages(), alias = mt_hole(4);

		share(vm, self, PAGE(at), alias, n, i % 2);
		PUNCH(alias, n);
		MT_CHECK_REGION(pages, .ref_count = 1,
		    .size = (int64_t)PAGES(4));
		for (unsigned k = 0; k < 4; k++)
			MT_CHECK_BYTE(PAGE(k), (uint8_t)(1 + k));
		MT_CHECK_WRITABLE(PAGE(at));
	}
}

MT_CASE(remap, overwritten_alias_leaves_no_reference,
    "remap-references-overwrite", VM_MAP_C "vm_map_remap()",
    "When mach_vm_remap() with VM_FLAGS_OVERWRITE puts other memory in the "
    "place of an alias, what that showed has one reference again.")
{
	for (boolean_t copy = FALSE; copy <= TRUE; copy++) {
		mach_vm_address_t pages = four_pages(), alias = mt_hole(4);
		mach_vm_address_t other = four_pages(), to = alias;
		vm_prot_t current, maximum;

		share(stage, self, pages, alias, 4, FALSE);
		MT_CHECK_REGION(pages, .ref_count = 2);
		TOUCH(other, 0x71);

		MT_CHECK(vm->remap(self, &to, PAGES(4), 0, VM_FLAGS_OVERWRITE,
			     self, other, copy, &current, &maximum,
			     VM_INHERIT_COPY),
		    KERN_SUCCESS);

		MT_CHECK_REGION(pages, .ref_count = 1);
		MT_CHECK_BYTE(alias, 0x71);
	}
}

/*	[pages] .	the source ends in the hole */
MT_CASE(remap, refused_remap_leaves_no_reference, "remap-references-refused",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of a range with a hole at its end is KERN_INVALID_ADDRESS; "
    "what it would have shown of the memory below has one reference, as before.")
{
	for (boolean_t copy = FALSE; copy <= TRUE; copy++) {
		mach_vm_address_t pages = four_pages(), to = mt_hole(4);
		vm_prot_t current, maximum;

		MT_REQUIRE(stage->deallocate(self, PAGE(3), mt_page),
		    KERN_SUCCESS);

		MT_CHECK(vm->remap(self, &to, PAGES(4), 0, VM_FLAGS_FIXED, self,
			     pages, copy, &current, &maximum, VM_INHERIT_COPY),
		    KERN_INVALID_ADDRESS);

		MT_CHECK_REGION(pages, .ref_count = 1,
		    .size = (int64_t)PAGES(3));
		MT_CHECK_WRITABLE(pages);
	}
}
