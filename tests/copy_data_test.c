/*
 * What mach_vm_copy leaves in the destination, and what becomes of the two
 * regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* Two places of LARGE bytes and a page: the source numbered from 1, the
 * destination with 0x7f. */
struct pair {
	mach_vm_address_t from, to;
};

static struct pair
pair(void)
{
	struct pair p = { mt_pages(LARGE_PAGES + 1),
		mt_pages(LARGE_PAGES + 1) };

	NUMBER_PAGES(p.from, LARGE_PAGES + 1, 1);
	TOUCH_PAGES(p.to, LARGE_PAGES + 1, 0x7f);
	return p;
}

MT_CASE(copy, large_range_is_copied, "copy-basic-large", "vm_copy.html",
    "mach_vm_copy() of a large range copies its contents within the task.")
{
	struct pair p = pair();

	MT_CHECK(vm->copy(self, p.from, LARGE, p.to), KERN_SUCCESS);

	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(p.to + i * mt_page, (uint8_t)(1 + i));
	MT_CHECK_BYTE(p.to + LARGE, 0x7f);
	MT_CHECK_BYTE(p.from, 1);
}

MT_CASE(copy, stores_to_the_destination_stay_there,
    "copy-cow-later-destination", VM_USER_C "mach_vm_copy()",
    "After mach_vm_copy() a store to the destination does not change the "
    "source.")
{
	struct pair p = pair();

	MT_REQUIRE(vm->copy(self, p.from, LARGE, p.to), KERN_SUCCESS);

	TOUCH(p.to, 0x71);
	TOUCH(p.to + mt_page, 0x72);

	MT_CHECK_BYTE(p.from, 1);
	MT_CHECK_BYTE(p.from + mt_page, 2);
	MT_CHECK_BYTE(p.to + 2 * mt_page, 3);
}

MT_CASE(copy, loads_leave_the_object_in_common, "copy-cow-loads",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "Loads from the source and the destination of a large mach_vm_copy() leave "
    "them the one VM object that they have in common; only stores make others.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(from + mt_page, 2);
	MT_CHECK_REGION(from, .share_mode = SM_COW, .shadow_depth = 0,
	    .ref_count = 2);
	MT_CHECK_REGION(to, .share_mode = SM_COW, .shadow_depth = 0,
	    .ref_count = 2);
}

MT_CASE(copy, aligned_large_copy_is_copy_on_write, "copy-threshold-pages",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() of many whole pages makes both sides copy-on-write.")
{
	struct pair p = pair();

	MT_CHECK(vm->copy(self, p.from, LARGE, p.to), KERN_SUCCESS);

	MT_CHECK_REGION(p.from, .share_mode = SM_COW);
	MT_CHECK_REGION(p.to, .share_mode = SM_COW);
}

MT_CASE(copy, small_copy_is_physical, "copy-threshold-small",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() of a small range copies the bytes: both sides stay "
    "private.")
{
	struct pair p = pair();

	MT_CHECK(vm->copy(self, p.from, SMALL, p.to), KERN_SUCCESS);

	MT_CHECK_REGION(p.from, .share_mode = SM_PRIVATE);
	MT_CHECK_REGION(p.to, .share_mode = SM_PRIVATE);
}

MT_CASE(copy, different_offsets_copy_physically,
    "copy-threshold-different-offsets", VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() between different offsets in a page copies the bytes "
    "physically.")
{
	struct pair p = pair();

	TOUCH(p.from + 0x123, 0x41);
	TOUCH(p.from + 0x122 + LARGE, 0x42);

	MT_CHECK(vm->copy(self, p.from + 0x123, LARGE, p.to + 0x45),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(p.to, 0x7f);
	MT_CHECK_BYTE(p.to + 0x45, 0x41);
	MT_CHECK_BYTE(p.to + 0x44 + LARGE, 0x42);
	MT_CHECK_BYTE(p.to + 0x45 + LARGE, 0);
	MT_CHECK_REGION(p.to + mt_page, .share_mode = SM_PRIVATE);
}

MT_CASE(copy, same_offset_copies_the_middle_virtually,
    "copy-threshold-same-offset", VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() between equal offsets in a page of 3 pages and more "
    "copies head and tail physically and makes the whole pages between "
    "copy-on-write.")
{
	struct pair p = pair();

	TOUCH(p.from + 0x123, 0x41);
	TOUCH(p.from + 0x122 + LARGE, 0x42);

	MT_CHECK(vm->copy(self, p.from + 0x123, LARGE, p.to + 0x123),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(p.to, 0x7f);
	MT_CHECK_BYTE(p.to + 0x123, 0x41);
	MT_CHECK_BYTE(p.to + mt_page, 2);
	MT_CHECK_BYTE(p.to + 0x122 + LARGE, 0x42);
	MT_CHECK_REGION(p.to + 2 * mt_page, .share_mode = SM_COW);
}

MT_CASE(copy, overlapping_copy_downwards_takes_the_old_bytes,
    "copy-overlap-down", VM_USER_C "mach_vm_copy()",
    "mach_vm_copy() to an overlapping range below copies what the source "
    "was before the call.")
{
	struct pair p = pair();

	MT_CHECK(vm->copy(self, p.from + mt_page, LARGE, p.from), KERN_SUCCESS);

	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(p.from + i * mt_page, (uint8_t)(2 + i));
	MT_CHECK_BYTE(p.from + LARGE, (uint8_t)(1 + LARGE_PAGES));
}

MT_CASE(copy, part_of_the_first_page_decides, "copy-dst-head-refused",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() of many pages from and to the same place within a page is "
    "KERN_PROTECTION_FAILURE and writes nothing when the first page of the "
    "destination cannot be written.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES + 1);
	mach_vm_address_t to = mt_pages(LARGE_PAGES + 1);

	TOUCH_PAGES(from, LARGE_PAGES + 1, 0x51);
	TOUCH_PAGES(to, LARGE_PAGES + 1, 0x52);
	PROTECT(to, 1, VM_PROT_READ);
	MT_CHECK(vm->copy(self, from + 16, LARGE, to + 16),
	    KERN_PROTECTION_FAILURE);
	for (unsigned i = 0; i <= LARGE_PAGES; i++)
		MT_CHECK_BYTE(to + i * mt_page, 0x52);
}
