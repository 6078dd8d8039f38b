/*
 * munmap(2): ranges, and what becomes of regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(munmap, unaligned_address_is_einval, "munmap-unaligned", "munmap(2)",
    "munmap(2) of an address that is no multiple of the page is EINVAL.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->munmap(&error, page + 1, mt_page), error,
	    DARWIN_EINVAL);
	MT_CHECK_LAYOUT(page, "a");
}

MT_CASE(munmap, length_zero_is_einval, "munmap-len-zero", "munmap(2)",
    "munmap(2) of length 0 is EINVAL and unmaps nothing.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->munmap(&error, page, 0), error, DARWIN_EINVAL);
	MT_CHECK_LAYOUT(page, "a");
}

MT_CASE(munmap, length_is_rounded_up_to_pages, "munmap-len-rounded",
    KERN_MMAN_C "munmap()",
    "munmap(2) rounds the length up: one byte is a page.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->munmap(&error, pages, 1), error, 0);
	MT_CHECK_LAYOUT(pages, ".a");
}

MT_CASE(munmap, value_is_zero, "munmap-value", KERN_MMAN_C "munmap()",
    "munmap(2) that succeeds has the value 0.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_NUMBER(vm->munmap(&error, page, mt_page), 0);
	MT_CHECK_HOLE(page);
}

MT_CASE(munmap, removed_page_faults, "fault-after-munmap", "munmap(2)",
    "A page that munmap(2) removed faults with KERN_INVALID_ADDRESS, as one "
    "that mach_vm_deallocate() removed does; the page below it does not.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	TOUCH_PAGES(pages, 2, 0x4e);
	MT_CHECK_ERRNO(vm->munmap(&error, pages + mt_page, mt_page), error, 0);
	MT_CHECK_BYTE(pages + mt_page - 1, 0);
	MT_CHECK_FAULT(mt_read(pages + mt_page), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
}

MT_CASE(munmap, holes_are_allowed, "munmap-hole", KERN_MMAN_C "munmap()",
    "munmap(2) of a range with holes, or of nothing at all, is 0, where the "
    "manual page says EINVAL.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_CHECK_ERRNO(vm->munmap(&error, pages + mt_page, mt_page), error, 0);
	MT_CHECK_ERRNO(vm->munmap(&error, pages, 3 * mt_page), error, 0);
	MT_CHECK_LAYOUT(pages, "...");
	MT_CHECK_ERRNO(vm->munmap(&error, pages, 3 * mt_page), error, 0);
}

MT_CASE(munmap, part_of_a_region_splits_it, "munmap-partial", "munmap(2)",
    "munmap(2) of the middle of a mapping leaves two.")
{
	mach_vm_address_t hole = mt_hole(3);
	int error = 0;

	mapped_at(vm, hole, 3);
	TOUCH(hole, 1);
	TOUCH(hole + 2 * mt_page, 3);
	MT_CHECK_ERRNO(vm->munmap(&error, hole + mt_page, mt_page), error, 0);
	MT_CHECK_LAYOUT(hole, "a.b");
	MT_CHECK_BYTE(hole, 1);
	MT_CHECK_BYTE(hole + 2 * mt_page, 3);
}

MT_CASE(munmap, memory_of_either_family_is_unmapped, "munmap-mach-memory",
    KERN_MMAN_C "munmap()",
    "munmap(2) removes memory of mach_vm_allocate(), and mach_vm_deallocate() "
    "memory of mmap(2).")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->munmap(&error, hole, mt_page), error, 0);
	MT_CHECK_LAYOUT(hole, "..");
	mapped_at(vm, hole, 2);
	MT_CHECK(stage->deallocate(self, hole, 2 * mt_page), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "..");
}

MT_CASE(munmap, range_that_wraps_is_einval, "munmap-overflow",
    KERN_MMAN_C "munmap()",
    "munmap(2) of a range that passes the end of the address space is "
    "EINVAL.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->munmap(&error, LAST_PAGE, 2 * mt_page), error,
	    DARWIN_EINVAL);
}

MT_CASE(munmap, end_that_wraps_by_rounding_is_einval, "munmap-overflow-rounded",
    KERN_MMAN_C "munmap()",
    "munmap(2) of a range whose last page ends at 2^64 is EINVAL since macOS "
    "13.5; before it is 0.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->munmap(&error, LAST_PAGE, mt_page - 1), error,
	    DARWIN_EINVAL, MT_UNTIL(13.4, 0));
}
