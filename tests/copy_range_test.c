/*
 * What mach_vm_copy refuses, and what a refused copy leaves behind.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* LARGE bytes, each page with its number, from 1. */
static mach_vm_address_t
numbered(void)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	return pages;
}

MT_CASE(copy, unmapped_source_is_an_invalid_address, "copy-src-unmapped",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from a hole is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, hole, SMALL, to), KERN_INVALID_ADDRESS);
	MT_CHECK(vm->copy(self, hole, LARGE, to), KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x7f);
}

MT_CASE(copy, failed_large_copy_holds_nothing_of_the_source,
    "copy-src-hole-references", VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of a large range with a hole makes the memory below it "
    "copy-on-write and gives back the reference that it took.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	TOUCH(to, 0x7f);
	PUNCH(from + LARGE / 2, 1);
	MT_REQUIRE_TRUE(count_regions(from, from + LARGE) == 2);

	for (unsigned i = 0; i < 2; i++)
		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(from, .size = (int64_t)(LARGE / 2),
	    .share_mode = SM_COW, .ref_count = 2, .shadow_depth = 0);
	MT_CHECK_BYTE(to, 0x7f);
}

MT_CASE(copy, unreadable_source_of_a_large_copy_is_a_protection_failure,
    "copy-src-unreadable-large", "vm_copy.html",
    "KERN_PROTECTION_FAILURE: mach_vm_copy() of a large range from memory "
    "that cannot be read.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	TOUCH(to, 0x7f);
	PROTECT(from + LARGE / 2, 1, VM_PROT_NONE);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, 0x7f);
}

MT_CASE(copy, write_only_source_of_a_large_copy_is_a_protection_failure,
    "copy-src-write-only", VM_MAP_C "vm_map_copyin_internal()",
    "VM_PROT_WRITE does not include read access, nor does VM_PROT_EXECUTE: "
    "mach_vm_copy() from such memory is KERN_PROTECTION_FAILURE.")
{
	static const vm_prot_t protections[] = { VM_PROT_WRITE,
		VM_PROT_EXECUTE };

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t from = numbered();
		mach_vm_address_t to = mt_pages(LARGE_PAGES);

		PROTECT(from + LARGE / 2, 1, protections[i]);

		MT_CHECK(vm->copy(self, from, LARGE, to),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_BYTE(to, 0);
	}
}

MT_CASE(copy, read_only_destination_of_a_large_copy_is_a_protection_failure,
    "copy-dst-unwritable-large", "vm_copy.html",
    "KERN_PROTECTION_FAILURE: mach_vm_copy() of a large range to memory "
    "that cannot be written; what lies below is written since macOS 26.4.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(to, LARGE_PAGES, 0x7f);
	PROTECT(to + LARGE - mt_page, 1, VM_PROT_READ);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, MT_VALUE(1, MT_UNTIL(26.3, 0x7f)));
	MT_CHECK_BYTE(to + LARGE - mt_page, 0x7f);
}

MT_CASE(copy, refused_large_copy_leaves_the_source_copy_on_write,
    "copy-dst-unwritable-source", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() prepares the source before it looks at the destination: "
    "where that fails, the source stays copy-on-write, and nobody else's.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	PROTECT(to, LARGE_PAGES, VM_PROT_READ);
	MT_REQUIRE(vm->copy(self, from, LARGE, to), KERN_PROTECTION_FAILURE);

	MT_CHECK_REGION(from, .share_mode = SM_COW, .ref_count = 1);
	TOUCH(from, 0x71);
	MT_CHECK_BYTE(from, 0x71);
	MT_CHECK_BYTE(from + mt_page, 2);
}

MT_CASE(copy, refused_copy_leaves_the_destination_clipped, "copy-dst-hole-clip",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() clips the destination at the start of the range; where "
    "the copy fails, the region stays split.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	PUNCH(to + LARGE - mt_page, 1);

	MT_CHECK(vm->copy(self, from, LARGE - mt_page, to + mt_page),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(to, .size = (int64_t)mt_page);
	MT_CHECK_REGION(to + mt_page, .size = (int64_t)(LARGE - 2 * mt_page));
}

MT_CASE(copy, every_region_of_the_destination_is_judged,
    "copy-dst-hole-regions", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() of a large range looks at every region of the destination "
    "before it changes a byte, so that a hole or a refusal behind several "
    "leaves them all; since macOS 26.4 what lies below is written.")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t from = numbered();
		mach_vm_address_t to = mt_pages(LARGE_PAGES);

		TOUCH_PAGES(to, LARGE_PAGES, 0x7f);
		for (unsigned p = 1; p < LARGE_PAGES; p += 2)
			MT_REQUIRE(stage->inherit(self, to + p * mt_page,
				       mt_page, VM_INHERIT_NONE),
			    KERN_SUCCESS);
		if (i == 0)
			PUNCH(to + LARGE - mt_page, 1);
		else
			PROTECT(to + LARGE - mt_page, 1, VM_PROT_READ);

		MT_CHECK(vm->copy(self, from, LARGE, to),
		    i == 0 ? KERN_INVALID_ADDRESS : KERN_PROTECTION_FAILURE);
		for (unsigned p = 0; p + 1 < LARGE_PAGES; p++)
			MT_CHECK_BYTE(to + p * mt_page,
			    (uint8_t)MT_VALUE(1 + p, MT_UNTIL(26.3, 0x7f)));
	}
}

MT_CASE(copy, unaligned_copy_judges_its_last_page_first,
    "copy-dst-unaligned-end", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_copy() of a large range to another place in a page looks at the "
    "last page of the destination, of which it has a part, before it changes a "
    "byte; since macOS 26.4 what lies below is written.")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t from = numbered();
		mach_vm_address_t to = mt_pages(LARGE_PAGES);

		if (i == 0)
			PUNCH(to + LARGE - mt_page, 1);
		else
			PROTECT(to + LARGE - mt_page, 1, VM_PROT_READ);

		MT_CHECK(vm->copy(self, from + 0x40, LARGE - mt_page,
			     to + 0x80),
		    i == 0 ? KERN_INVALID_ADDRESS : KERN_PROTECTION_FAILURE);
		for (unsigned p = 1; p + 1 < LARGE_PAGES; p++)
			MT_CHECK_BYTE(to + p * mt_page + 0x40,
			    (uint8_t)MT_VALUE(1 + p, MT_UNTIL(26.3, 0)));
	}
}

MT_CASE(copy, refused_middle_leaves_the_last_part_of_a_page,
    "copy-dst-unwritable-middle", VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() between equal places in a page writes the part of the first "
    "page, then the pages, then the part of the last: where a page is refused, "
    "the first part is written and the last is not.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES + 2);
	mach_vm_address_t to = mt_pages(LARGE_PAGES + 2);

	for (unsigned i = 0; i < 2; i++) {
		TOUCH_PAGES(from + i * 0x80, LARGE_PAGES + 2, 0x51);
		TOUCH_PAGES(to + i * 0x80, LARGE_PAGES + 2, 0x7f);
	}
	PROTECT(to + LARGE / 2, 1, VM_PROT_READ);

	MT_CHECK(vm->copy(self, from + 0x40, LARGE + mt_page, to + 0x40),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to + 0x80, 0x51);
	MT_CHECK_BYTE(to, 0x7f);
	MT_CHECK_BYTE(to + LARGE / 2 + mt_page, 0x7f);
	MT_CHECK_BYTE(to + LARGE + mt_page, 0x7f);
}

MT_CASE(copy, superpage_is_not_copied_by_reference, "copy-src-superpage",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() and mach_vm_read() of a large part of a superpage are "
    "KERN_PROTECTION_FAILURE; a small part is copied.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t from = superpages(stage, self, 2);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	TOUCH(from + mt_page, 0x31);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->copy(self, from + 2 * MIB, LARGE, to),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, 0x7f);
	MT_CHECK(stage->read(self, from, LARGE, &data, &count),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->copy(self, from + mt_page, SMALL, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x31);
}

MT_CASE(copy, copy_that_is_refused_refers_to_nothing, "copy-dst-refused-refs",
    VM_USER_C "mach_vm_copy()",
    "A large mach_vm_copy() to memory that cannot be written, or to none, "
    "leaves no reference on what was to be copied.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(from, LARGE_PAGES, 0x51);
	MT_REQUIRE(stage->protect(self, to, LARGE, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(from, .ref_count = 1);
	MT_REQUIRE(stage->deallocate(self, to, LARGE), KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(from, .ref_count = 1);
}

MT_CASE(read, inheritance_is_not_read, "read-inheritance",
    VM_MAP_C "vm_map_copyout_internal()",
    "What mach_vm_read() gives is inherited as a copy, whatever the "
    "inheritance of its source.")
{
	static const vm_inherit_t all[] = { VM_INHERIT_SHARE, VM_INHERIT_NONE };

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t from = mt_pages(LARGE_PAGES);
		mach_msg_type_number_t count = 0;
		vm_offset_t data = 0;

		TOUCH_PAGES(from, LARGE_PAGES, 0x51);
		MT_REQUIRE(stage->inherit(self, from, LARGE, all[i]),
		    KERN_SUCCESS);
		MT_CHECK(vm->read(self, from, LARGE, &data, &count),
		    KERN_SUCCESS);
		MT_CHECK_REGION(data, .inheritance = VM_INHERIT_COPY);
	}
}
