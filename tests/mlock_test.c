/*
 * mlock(2), munlock(2): ranges, counts, and what is locked.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

#define CHECK_WIRED(page_, count_) \
	MT_CHECK_REGION((page_), .user_wired_count = (count_))

MT_CASE(munlock, undoes_one_level, "munlock-one-level", KERN_MMAN_C "munlock()",
    "munlock(2) undoes one mlock(2), where POSIX says all of the process.")
{
	mach_vm_address_t pages = mt_pages(2);

	DO(mlock, (pages, PAGES(2)));
	DO(mlock, (pages, mt_page));
	CHECK(munlock, (pages, PAGES(2)), 0);
	CHECK_WIRED(pages, 1);
	CHECK_WIRED(PAGE(1), 0);
}

MT_CASE(mlock, hole_is_enomem_and_nothing_stays_locked, "mlock-hole",
    "mlock(2)",
    "mlock(2) of a range with an unmapped page is ENOMEM, and no page stays "
    "locked.")
{
	mach_vm_address_t pages = mt_pages(3);

	DO(munmap, (PAGE(1), mt_page));
	CHECK(mlock, (pages, PAGES(3)), DARWIN_ENOMEM);
	CHECK_WIRED(pages, 0);
	CHECK_WIRED(PAGE(2), 0);
}

MT_CASE(mlock, hole_at_either_end_is_enomem, "mlock-hole-ends", "mlock(2)",
    "mlock(2) of a range that begins or ends in a hole is ENOMEM.")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, PAGE(1), 1);
	CHECK(mlock, (pages, PAGES(2)), DARWIN_ENOMEM);
	CHECK(mlock, (PAGE(1), PAGES(2)), DARWIN_ENOMEM);
	CHECK(mlock, (pages, mt_page), DARWIN_ENOMEM);
	CHECK_WIRED(PAGE(1), 0);
}

MT_CASE(mlock, addresses_outside_the_map_are_allowed, "mlock-out-of-map",
    KERN_MMAN_C "mlock()",
    "mlock(2) and munlock(2) below and above the map are 0.")
{
	CHECK(mlock, (mt_page, mt_page), 0);
	CHECK(munlock, (mt_page, mt_page), 0);
	CHECK(mlock, (UINT64_C(1) << 47, mt_page), 0);
	CHECK(munlock, (UINT64_C(1) << 47, mt_page), 0);
}

MT_CASE(mlock, range_that_wraps_is_einval, "mlock-overflow",
    KERN_MMAN_C "mlock()",
    "mlock(2) of a range that passes the end of the address space is "
    "EINVAL.")
{
	CHECK(mlock, (LAST_PAGE, PAGES(2)), DARWIN_EINVAL);
	CHECK(mlock, (LAST_PAGE, mt_page), DARWIN_EINVAL);
}

MT_CASE(munlock, unlocked_range_that_wraps_is_einval, "munlock-overflow",
    KERN_MMAN_C "munlock()",
    "munlock(2) of a range that passes the end of the address space is EINVAL "
    "since macOS 10.15, ENOMEM before.")
{
	CHECK(munlock, (LAST_PAGE, PAGES(2)), DARWIN_EINVAL,
	    MT_UNTIL(10.14, DARWIN_ENOMEM));
}

MT_CASE(mlock, end_that_wraps_by_rounding_is_einval, "mlock-overflow-rounded",
    KERN_MMAN_C "mlock()",
    "mlock(2) and munlock(2) of a range whose rounded end alone passes 2^64 "
    "are EINVAL since macOS 13.5, 0 and without effect before.")
{
	mach_vm_address_t pages = mt_pages(1);

	CHECK(mlock, (pages, TO_THE_END(pages)), DARWIN_EINVAL,
	    MT_UNTIL(13.4, 0));
	CHECK(munlock, (pages, TO_THE_END(pages)), DARWIN_EINVAL,
	    MT_UNTIL(13.4, 0));
	CHECK_WIRED(pages, 0);
}

MT_CASE(mlock, two_bytes_lock_two_pages, "mlock-astride", KERN_MMAN_C "mlock()",
    "mlock(2) of two bytes astride two pages locks both.")
{
	mach_vm_address_t pages = mt_pages(3);

	CHECK(mlock, (PAGE(1) - 1, 2), 0);
	CHECK_WIRED(pages, 1);
	CHECK_WIRED(PAGE(1), 1);
	CHECK_WIRED(PAGE(2), 0);
}

MT_CASE(mlock, page_in_which_the_range_ends_is_locked, "mlock-unaligned-end",
    KERN_MMAN_C "mlock()",
    "mlock(2) of a page's size from within a page locks the page in which "
    "that ends, too.")
{
	mach_vm_address_t pages = mt_pages(3);

	CHECK(mlock, (pages + 1, mt_page), 0);
	CHECK_WIRED(pages, 1);
	CHECK_WIRED(PAGE(1), 1);
	CHECK_WIRED(PAGE(2), 0);
	CHECK(munlock, (pages, PAGES(2)), 0);
	CHECK_WIRED(pages, 0);
}

MT_CASE(mlock, memory_without_access_can_be_locked, "mlock-none",
    KERN_MMAN_C "mlock()",
    "mlock(2) of memory without access is 0, and the page is locked and "
    "resident.")
{
	mach_vm_address_t pages = mt_pages(1);

	DO(mprotect, (pages, mt_page, PROT_NONE));
	CHECK(mlock, (pages, mt_page), 0);
	MT_CHECK_REGION(pages, .protection = VM_PROT_NONE,
	    .user_wired_count = 1, .pages_resident = 1);
}

MT_CASE(mlock, memory_that_can_have_no_access_can_be_locked, "mlock-none-max",
    KERN_MMAN_C "mlock()",
    "mlock(2) of memory whose maximum protection is none is 0.")
{
	mach_vm_address_t pages = mt_pages(1);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	CHECK(mlock, (pages, mt_page), 0);
	MT_CHECK_REGION(pages, .user_wired_count = 1, .pages_resident = 1);
}

MT_CASE(mlock, locking_refers_to_nothing_more, "mlock-refs",
    VM_FAULT_C "vm_fault_wire()",
    "mlock(2) of a touched page and of one that was not leaves the region as "
    "private as it was, with one reference on its VM object.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH(pages, 1);
	CHECK(mlock, (pages, PAGES(3)), 0);
	MT_CHECK_REGION(pages, .ref_count = 1, .share_mode = SM_PRIVATE,
	    .user_wired_count = 1, .pages_resident = 3);
}

MT_CASE(mlock, part_of_memory_without_access_gets_an_object,
    "mlock-none-max-part", KERN_MMAN_C "mlock()",
    "mlock(2) of the upper page of two whose maximum protection is none gives "
    "it a VM object of its own, since macOS 26.4 from offset 0.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->protect(self, pages, PAGES(2), TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	CHECK(mlock, (pages + mt_page, mt_page), 0);
	MT_CHECK_REGION(pages + mt_page, .address = (int64_t)(pages + mt_page),
	    .offset = MT_VALUE(0, MT_UNTIL(26.3, mt_page)),
	    .user_wired_count = 1);
}

MT_CASE(mlock, read_only_memory_can_be_locked, "mlock-ro",
    KERN_MMAN_C "mlock()",
    "mlock(2) of untouched read-only memory is 0, and the page is "
    "resident.")
{
	mach_vm_address_t pages = mt_pages(2);

	DO(mprotect, (pages, PAGES(2), PROT_READ));
	CHECK(mlock, (pages, mt_page), 0);
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ,
	    .user_wired_count = 1);
	CHECK_WIRED(PAGE(1), 0);
}

MT_CASE(mlock, lock_outlives_a_change_of_protection, "mlock-then-none",
    KERN_MMAN_C "mlock()",
    "mprotect(2) with PROT_NONE leaves a page locked, and munlock(2) unlocks "
    "it.")
{
	mach_vm_address_t pages = mt_pages(2);

	DO(mlock, (pages, mt_page));
	CHECK(mprotect, (pages, mt_page, PROT_NONE), 0);
	MT_CHECK_REGION(pages, .protection = VM_PROT_NONE,
	    .user_wired_count = 1);
	CHECK(munlock, (pages, mt_page), 0);
	CHECK_WIRED(pages, 0);
}

MT_CASE(mlock, executable_memory_is_refused_on_arm64, "mlock-exec",
    KERN_MMAN_C "mlock()",
    "mlock(2) of executable anonymous memory is EPERM on arm64, EACCES up to "
    "macOS 14; x86_64 locks it.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(1);

	MT_REQUIRE_TRUE(mapped(vm, pages, mt_page, PROT_READ | PROT_EXEC,
			    PRIVATE_ANON | MAP_FIXED) == pages);
	CHECK(mlock, (pages, mt_page), 0, MT_ON(arm64, DARWIN_EPERM),
	    MT_ON_UNTIL(arm64, 14, DARWIN_EACCES));
}

MT_CASE(munlock, hole_at_the_begin_is_enomem, "munlock-unmapped",
    KERN_MMAN_C "munlock()",
    "munlock(2) of a range whose first page is unmapped is ENOMEM.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, PAGE(1), 1);
	DO(mlock, (PAGE(1), mt_page));
	CHECK(munlock, (pages, PAGES(2)), DARWIN_ENOMEM);
	CHECK(munlock, (pages, mt_page), DARWIN_ENOMEM);
	CHECK_WIRED(PAGE(1), 1);
}

MT_CASE(munlock, hole_behind_the_first_page_is_enomem, "munlock-hole",
    VM_MAP_C "vm_map_unwire_nested()",
    "munlock(2) of a range with a hole behind its first page is ENOMEM and "
    "unlocks nothing since macOS 26.4, 0 before; up to 15.3 what lies right "
    "before the hole stays locked.")
{
	mach_vm_address_t pages = mt_pages(3);

	DO(mlock, (pages, mt_page));
	DO(mlock, (PAGE(2), mt_page));
	DO(munmap, (PAGE(1), mt_page));
	CHECK(munlock, (pages, PAGES(3)), DARWIN_ENOMEM, MT_UNTIL(26.3, 0));
	CHECK_WIRED(pages, MT_VALUE(1, MT_UNTIL(26.3, 0), MT_UNTIL(15.3, 1)));
	CHECK_WIRED(PAGE(2), MT_VALUE(1, MT_UNTIL(26.3, 0)));
}

MT_CASE(munlock, length_zero_in_a_hole_succeeds, "munlock-len-zero",
    KERN_MMAN_C "munlock()",
    "munlock(2) of length 0 is 0, in a hole too, and unlocks nothing.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);

	DO(mlock, (pages, mt_page));
	CHECK(munlock, (pages, 0), 0);
	CHECK(munlock, (hole, 0), 0);
	CHECK(mlock, (hole, 0), 0);
	CHECK_WIRED(pages, 1);
}

MT_CASE(mlock, nothing_joins_locked_memory, "coalesce-mlock",
    VM_MAP_C "vm_map_enter()",
    "Memory that mmap(2) puts above a locked page stays a region of its "
    "own.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 1);
	DO(mlock, (pages, mt_page));
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "ab.");
	CHECK_WIRED(PAGE(1), 0);
}

MT_CASE(munmap, locked_memory_is_unmapped, "munmap-wired",
    KERN_MMAN_C "munmap()",
    "munmap(2) removes a locked page; the pages around stay locked.")
{
	mach_vm_address_t pages = mt_pages(3);

	DO(mlock, (pages, PAGES(3)));
	CHECK(munmap, (PAGE(1), mt_page), 0);
	MT_CHECK_LAYOUT(pages, "a.b");
	CHECK_WIRED(pages, 1);
	CHECK_WIRED(PAGE(2), 1);
}
