/*
 * mach_vm_inherit: values, ranges, regions.  What a child then has is in
 * the tests of fork.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(inherit, inheritance_becomes_what_is_asked, "inherit-values",
    "vm_inherit.html",
    "VM_INHERIT_SHARE, VM_INHERIT_COPY and VM_INHERIT_NONE are stored, and "
    "mach_vm_region() reports them.")
{
	mach_vm_address_t pages = mt_pages(2);

	for (vm_inherit_t value = 0; value <= VM_INHERIT_LAST_VALID; value++) {
		MT_CHECK(vm->inherit(self, pages, 2 * mt_page, value),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages, .address = pages, .size = 2 * mt_page,
		    .inheritance = value);
	}
}

MT_CASE(inherit, new_memory_is_copied, "inherit-default-anon",
    "vm_inherit.html", "VM_INHERIT_COPY is the inheritance of new memory.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);
	MT_CHECK_REGION(hole, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(inherit, value_beyond_none_is_an_invalid_argument, "inherit-invalid",
    VM_MAP_C "vm_map_inherit_sanitize()",
    "VM_INHERIT_DONATE_COPY and every value above it is "
    "KERN_INVALID_ARGUMENT.")
{
	static const vm_inherit_t bad[] = { VM_INHERIT_DONATE_COPY, 4, 5,
		0x80000000, UINT32_MAX };
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		MT_CHECK(vm->inherit(self, page, mt_page, bad[i]),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(inherit, size_zero_changes_nothing_anywhere, "inherit-zero-size",
    VM_MAP_C "vm_map_inherit_sanitize()",
    "mach_vm_inherit() of size 0 succeeds at any address and changes "
    "nothing.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, 0, VM_INHERIT_NONE), KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page + 1, 0, VM_INHERIT_NONE), KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, 0, 0, VM_INHERIT_NONE), KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, UINT64_MAX, 0, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(inherit, size_zero_is_accepted_before_a_bad_value,
    "inherit-zero-size-bad", VM_MAP_C "vm_map_inherit_sanitize()",
    "mach_vm_inherit() accepts a size of 0 before it checks the value; "
    "until macOS 15.1 it was the other way round.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, 0, 7), KERN_SUCCESS,
	    MT_UNTIL(15.1, KERN_INVALID_ARGUMENT));
	MT_CHECK(vm->inherit(self, 0, 0, 7), KERN_SUCCESS,
	    MT_UNTIL(15.1, KERN_INVALID_ARGUMENT));
}

MT_CASE(inherit, holes_are_skipped, "inherit-holes-ok",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() skips holes in its range and changes what is mapped.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->inherit(self, pages, 3 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(pages + 2 * mt_page, .inheritance = VM_INHERIT_NONE);
}

MT_CASE(inherit, hole_at_the_start_is_skipped, "inherit-holes-ok-start",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() accepts a range that begins in a hole.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK(vm->inherit(self, pages, 2 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages + mt_page, .inheritance = VM_INHERIT_NONE);
}

MT_CASE(inherit, range_without_memory_succeeds, "inherit-unmapped-ok",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() of a range in which nothing is mapped succeeds.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(vm->inherit(self, hole, 2 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "..");
}

MT_CASE(inherit, range_out_of_the_map_succeeds, "inherit-out-of-map",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() of a range outside the map clamps it to nothing and "
    "succeeds.")
{
	MT_CHECK(vm->inherit(self, 0, mt_page, VM_INHERIT_NONE), KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, UINT64_C(0x800000000000), mt_page,
		     VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, UINT64_C(0xffffff8000200000), mt_page,
		     VM_INHERIT_NONE),
	    KERN_SUCCESS);
}

MT_CASE(inherit, range_that_wraps_is_an_invalid_argument, "inherit-overflow",
    VM_MAP_C "vm_map_inherit_sanitize()",
    "mach_vm_inherit() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, UINT64_MAX, VM_INHERIT_NONE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->inherit(self, LAST_PAGE, 2 * mt_page, VM_INHERIT_NONE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(inherit, end_that_rounds_past_2_64_is_refused, "inherit-round-overflow",
    VM_MAP_C "vm_map_inherit_sanitize()",
    "mach_vm_inherit() of a range whose end rounds up to 2^64 is "
    "KERN_INVALID_ARGUMENT; until macOS 15.1 it succeeded without effect.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, LAST_PAGE + 1, 1, VM_INHERIT_NONE),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(15.1, KERN_SUCCESS));
	MT_CHECK(vm->inherit(self, page, UINT64_MAX - page, VM_INHERIT_NONE),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(15.1, KERN_SUCCESS));
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(inherit, middle_splits_a_region_permanently, "inherit-clips-no-merge",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() on the middle of a region makes three regions of it; "
    "setting the old inheritance again leaves three.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->inherit(self, pages + mt_page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .inheritance = VM_INHERIT_NONE);

	MT_CHECK(vm->inherit(self, pages + mt_page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(inherit, same_inheritance_splits_too, "inherit-clips-no-merge-same",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() splits a region even when the part has that "
    "inheritance already.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->inherit(self, pages + mt_page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
}

MT_CASE(inherit, whole_region_stays_whole, "inherit-clips-no-merge-whole",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() on a whole region leaves one region.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->inherit(self, pages, 3 * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(inherit, one_byte_changes_its_whole_page, "inherit-fine-page",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() of one byte in the middle of a page changes the "
    "whole page.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->inherit(self, pages + mt_page + mt_page / 2, 1,
		     VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .address = pages + mt_page,
	    .size = mt_page, .inheritance = VM_INHERIT_NONE);
}

MT_CASE(inherit, contents_and_protection_stay, "inherit-keeps-contents",
    VM_MAP_C "vm_map_inherit()",
    "mach_vm_inherit() leaves contents and protection alone.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0x51);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .user_tag = MT_TAG,
	    .share_mode = SM_PRIVATE, .ref_count = 1);
}

MT_CASE(inherit, bad_value_is_reported_before_a_hole, "inherit-invalid-order",
    VM_MAP_C "vm_map_inherit_sanitize()",
    "mach_vm_inherit() checks the value before it looks at the range.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(vm->inherit(self, hole, mt_page, VM_INHERIT_DONATE_COPY),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->inherit(self, 0, mt_page, VM_INHERIT_DONATE_COPY),
	    KERN_INVALID_ARGUMENT);
}
