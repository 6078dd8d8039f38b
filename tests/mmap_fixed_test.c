/*
 * mmap(2): MAP_FIXED over other memory, hints beside it, reservations.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

/* ---- hints --------------------------------------------------------------- */

MT_CASE(mmap, hint_right_below_memory_fits, "mmap-hint-fits-before",
    KERN_MMAN_C "mmap()",
    "A hint of mmap(2) is honoured where the memory just fits below other "
    "memory; one page more goes above that.")
{
	mach_vm_address_t pages = mt_hole(6);

	mapped_at(vm, PAGE(2), 2);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(1), PAGES(2), READ_WRITE,
			     PRIVATE_ANON),
	    PAGE(4));
	MT_CHECK_ADDRESS(mapped(vm, PAGE(1), mt_page, READ_WRITE, PRIVATE_ANON),
	    PAGE(1));
}

MT_CASE(mmap, hint_above_memory_extends_it, "coalesce-hint",
    VM_MAP_C "vm_map_enter()",
    "Memory that a hint puts right above a region of the same attributes "
    "extends the region.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 1);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(1), mt_page, READ_WRITE, PRIVATE_ANON),
	    PAGE(1));
	MT_CHECK_LAYOUT(pages, "aa.");
}

/* ---- MAP_FIXED ----------------------------------------------------------- */

MT_CASE(mmap, replaced_middle_joins_what_is_below, "coalesce-fixed-replace",
    VM_MAP_C "vm_map_enter()",
    "Untouched memory whose middle MAP_FIXED replaces by the same is two "
    "regions: the new joins the lower, never the upper.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 3);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "aab");
}

MT_CASE(mmap, replaced_middle_of_touched_memory_stands_alone,
    "coalesce-fixed-touched", VM_MAP_C "vm_map_enter()",
    "Touched memory whose middle MAP_FIXED replaces is three regions.")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 3);
	TOUCH_PAGES(pages, 3, 5);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_BYTE(pages, 5);
	MT_CHECK_BYTE(PAGE(1), 0);
	MT_CHECK_BYTE(PAGE(2), 5);
}

MT_CASE(mmap, fixed_takes_holes_and_memory_alike, "mmap-fixed-over-hole",
    "mmap(2)",
    "MAP_FIXED of a range that is partly a hole replaces what is there and "
    "fills the rest.")
{
	mach_vm_address_t pages = mt_hole(4);

	mapped_at(vm, PAGE(1), 2);
	TOUCH_PAGES(PAGE(1), 2, 9);
	mapped_at(vm, pages, 2);
	MT_CHECK_BYTE(PAGE(1), 0);
	MT_CHECK_BYTE(PAGE(2), 9);
	MT_CHECK_LAYOUT(pages, "aab.");
}

MT_CASE(mmap, fixed_heeds_no_maximum, "mmap-fixed-over-max",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED replaces memory whose maximum protection is read-only; the new "
    "has VM_PROT_ALL.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->protect(self, pages, PAGES(3), TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_REGION(PAGE(1), .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_REGION(pages, .max_protection = VM_PROT_READ);
	MT_CHECK_BYTE(PAGE(2), 0x51);
}

MT_CASE(mmap, fixed_leaves_the_alias, "mmap-fixed-over-alias",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED over one of two mappings of the same memory leaves the other "
    "and its contents.")
{
	mach_vm_address_t pages = mt_pages(3), alias = mt_hole(3);

	TOUCH_PAGES(pages, 3, 0x52);
	REMAP(alias, PAGES(3), VM_FLAGS_FIXED, pages, FALSE);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_BYTE(PAGE(1), 0);
	MT_CHECK_BYTE(alias + mt_page, 0x52);
	TOUCH(alias + PAGES(2), 0x53);
	MT_CHECK_BYTE(PAGE(2), 0x53);
}

MT_CASE(mmap, fixed_over_permanent_memory_fails, "mmap-fixed-over-permanent",
    VM_MAP_C "vm_map_delete_preflight()",
    "MAP_FIXED over permanent memory is EACCES and changes nothing since macOS "
    "26.4; before it is ENOMEM, and all access is gone.",
    .since = "11.3")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_CHILD {
		int error = 0;

		MT_REQUIRE(allocate_at(stage, self, pages, mt_page,
			       PLAIN | VM_FLAGS_PERMANENT),
		    KERN_SUCCESS);
		mapped_at(vm, PAGE(1), 1);
		TOUCH(PAGE(1), 2);
		MT_CHECK_ERRNO(vm->mmap(&error, pages, PAGES(2), READ_WRITE,
				   PRIVATE_ANON | MAP_FIXED, -1, 0),
		    error, DARWIN_EACCES, MT_UNTIL(26.3, DARWIN_ENOMEM));
		MT_CHECK_REGION(pages,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(26.3, VM_PROT_NONE)));
		MT_CHECK_LAYOUT(pages, MT_PICTURE("ab", MT_UNTIL(26.3, "a.")));
	}
}

MT_CASE(mmap, fixed_beyond_the_map_keeps_the_memory, "mmap-fixed-crosses-max",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED of a range that passes the map's end is ENOMEM, and the memory "
    "at its begin is kept.")
{
	mach_vm_address_t pages = mt_pages(1);
	int error = 0;

	TOUCH(pages, 0x55);
	MT_CHECK_ERRNO(vm->mmap(&error, pages, UINT64_C(1) << 47, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, DARWIN_ENOMEM);
	MT_CHECK_BYTE(pages, 0x55);
}

MT_CASE(mmap, fixed_with_a_bad_descriptor_keeps_the_memory,
    "mmap-fixed-bad-bits", KERN_MMAN_C "mmap()",
    "MAP_FIXED of anonymous memory with a bad bit in the descriptor is "
    "EINVAL, and the memory is kept.")
{
	mach_vm_address_t pages = mt_pages(1);
	int error = 0;

	TOUCH(pages, 0x56);
	MT_CHECK_ERRNO(vm->mmap(&error, pages, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, 1, 0),
	    error, DARWIN_EINVAL);
	MT_CHECK_BYTE(pages, 0x56);
}

MT_CASE(mmap, mach_fixed_is_what_replaces_nothing, "mmap-no-noreplace",
    VM_MAP_C "vm_map_enter()",
    "MAP_FIXED replaces what mmap(2) mapped; mach_vm_allocate() at a fixed "
    "address, which replaces nothing, is KERN_NO_SPACE there.")
{
	mach_vm_address_t pages = mt_hole(1);

	mapped_at(vm, pages, 1);
	TOUCH(pages, 3);
	MT_CHECK(allocate_at(stage, self, pages, mt_page, PLAIN),
	    KERN_NO_SPACE);
	MT_CHECK_BYTE(pages, 3);
	mapped_at(vm, pages, 1);
	MT_CHECK_BYTE(pages, 0);
}

/* ---- reservations -------------------------------------------------------- */

MT_CASE(mmap, reservation_is_committed_by_mprotect, "s3-commit-mprotect",
    "mprotect(2)",
    "Memory that was reserved with PROT_NONE is zero and can be written after "
    "mprotect(2); what lies around stays without access.")
{
	mach_vm_address_t pages = mt_hole(3);

	MT_REQUIRE_TRUE(mapped(vm, pages, PAGES(3), PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED | MAP_NORESERVE) == pages);
	CHECK(mprotect, (PAGE(1), mt_page, READ_WRITE), 0);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_BYTE(PAGE(1), 0);
	MT_CHECK_WRITABLE(PAGE(1));
	MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
}

MT_CASE(mmap, reservation_is_whole_again_when_given_back, "s3-decommit-whole",
    VM_MAP_C "vm_map_simplify_range()",
    "Reserved memory of which a part was committed and given back by "
    "mprotect(2), untouched, is one region again.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE_TRUE(mapped(vm, pages, PAGES(4), PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == pages);
	CHECK(mprotect, (PAGE(1), mt_page, READ_WRITE), 0);
	CHECK(mprotect, (PAGE(1), mt_page, PROT_NONE), 0);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(mmap, decommit_by_fixed_drops_the_contents, "s3-decommit-fixed-none",
    "mmap(2)",
    "MAP_FIXED with PROT_NONE over memory drops the contents: committed "
    "again, it reads as zeros.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 2);
	TOUCH_PAGES(pages, 2, 0x77);
	MT_REQUIRE_TRUE(mapped(vm, pages, PAGES(2), PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == pages);
	MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	CHECK(mprotect, (pages, PAGES(2), READ_WRITE), 0);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(PAGE(1), 0);
}

MT_CASE(mmap, reservations_side_by_side_are_one, "coalesce-none",
    VM_MAP_C "vm_map_enter()",
    "A reservation with PROT_NONE right above another extends it.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(3);

	for (int i = 0; i < 2; i++)
		MT_REQUIRE_TRUE(mapped(vm, PAGE(i), mt_page, PROT_NONE,
				    PRIVATE_ANON | MAP_FIXED) == PAGE(i));
	MT_CHECK_LAYOUT(pages, "aa.");
}

/* Without a hint both families search the map from the same place. */
MT_CASE(mmap, no_hint_is_anywhere, "mmap-hint-null",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "mmap(2) without a hint finds the place that mach_vm_allocate() of "
    "VM_FLAGS_ANYWHERE finds.")
{
	const mach_vm_size_t size = 64 << 20;
	mach_vm_address_t at = 0;

	MT_REQUIRE(stage->allocate(self, &at, size, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, at, size), KERN_SUCCESS);
	MT_CHECK_ADDRESS(mapped(vm, 0, size, READ_WRITE, PRIVATE_ANON), at);
}

MT_CASE(mmap, code_of_the_map_becomes_errno, "mmap-kr-mapping",
    KERN_MMAN_C "mmap()",
    "mmap(2) makes ENOMEM of KERN_INVALID_ADDRESS and of KERN_NO_SPACE, EACCES "
    "of KERN_PROTECTION_FAILURE and EINVAL of KERN_INVALID_ARGUMENT.")
{
	const uint64_t huge = UINT64_C(1) << 46;

	CHECK(mmap,
	    (mt_page, mt_page, READ_WRITE, PRIVATE_ANON | MAP_FIXED, -1, 0),
	    DARWIN_ENOMEM);
	CHECK(mmap, (0, 2 * huge, READ_WRITE, PRIVATE_ANON, -1, 0),
	    DARWIN_ENOMEM);
	/* beyond what may be purgeable */
	CHECK(mmap, (0, huge, READ_WRITE, PRIVATE_ANON, VM_FLAGS_PURGABLE, 0),
	    DARWIN_EINVAL);
	CHECK(mmap,
	    (mt_hole(1), mt_page, READ_WRITE | PROT_EXEC,
		PRIVATE_ANON | MAP_FIXED, -1, 0),
	    0, MT_ON(arm64, DARWIN_EACCES));
}
