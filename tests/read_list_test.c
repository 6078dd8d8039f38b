/*
 * mach_vm_read_list: many small ranges in one call.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* A list that is empty but for its first elements. */
static void
set(mach_vm_read_entry_t list, unsigned at, mach_vm_address_t address,
    mach_vm_size_t size)
{
	list[at].address = address;
	list[at].size = size;
}

MT_CASE(read_list, elements_become_regions, "readlist-basic",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() replaces each element by the address of a copy of "
    "its range.")
{
	mach_vm_address_t page = mt_pages(2);
	mach_vm_read_entry_t list = { 0 };

	TOUCH(page, 0x31);
	TOUCH(page + mt_page, 0x32);
	set(list, 0, page, SMALL);
	set(list, 1, page + mt_page, 16);

	MT_CHECK(vm->read_list(self, list, 2), KERN_SUCCESS);

	MT_CHECK_TRUE(list[0].address != page);
	MT_CHECK_NUMBER(list[0].size, SMALL);
	MT_CHECK_BYTE(list[0].address, 0x31);
	MT_CHECK_NUMBER(list[1].size, 16);
	MT_CHECK_BYTE(list[1].address, 0x32);
}

MT_CASE(read_list, large_elements_are_read, "readlist-large",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() accepts elements larger than a page, which keep "
    "their offset in it.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 1);
	mach_vm_read_entry_t list = { 0 };

	TOUCH(pages + 0x123, 0x31);
	TOUCH(pages + 0x122 + LARGE, 0x32);
	set(list, 0, pages + 0x123, LARGE);

	MT_CHECK(vm->read_list(self, list, 1), KERN_SUCCESS);

	MT_CHECK_NUMBER(list[0].size, LARGE);
	MT_CHECK_NUMBER(list[0].address % mt_page, 0x123);
	MT_CHECK_BYTE(list[0].address, 0x31);
	MT_CHECK_BYTE(list[0].address + LARGE - 1, 0x32);
}

MT_CASE(read_list, results_are_snapshots, "readlist-snapshot",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() makes snapshots: later stores to the source are "
    "not seen in the data.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_read_entry_t list = { 0 };

	TOUCH(page, 0x31);
	set(list, 0, page, SMALL);
	MT_REQUIRE(vm->read_list(self, list, 1), KERN_SUCCESS);

	TOUCH(page, 0x32);

	MT_CHECK_BYTE(list[0].address, 0x31);
}

MT_CASE(read_list, list_of_256_elements_is_read, "readlist-count-most",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() accepts 256 elements.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_read_entry_t list;

	TOUCH(page, 0x31);
	TOUCH(page + 255, 0x32);
	for (unsigned i = 0; i < VM_MAP_ENTRY_MAX; i++)
		set(list, i, page + i, 1);

	MT_CHECK(vm->read_list(self, list, VM_MAP_ENTRY_MAX), KERN_SUCCESS);

	MT_CHECK_BYTE(list[0].address, 0x31);
	MT_CHECK_BYTE(list[255].address, 0x32);
	MT_CHECK_NUMBER(list[255].size, 1);
}

MT_CASE(read_list, empty_list_succeeds, "readlist-zero-count",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() of 0 elements succeeds.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_read_entry_t list = { 0 };

	set(list, 0, page, 16);

	MT_CHECK(vm->read_list(self, list, 0), KERN_SUCCESS);
	MT_CHECK_ADDRESS(list[0].address, page);
	MT_CHECK_NUMBER(list[0].size, 16);
}

MT_CASE(read_list, elements_beyond_the_count_are_kept, "readlist-count-rest",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() leaves elements beyond the count alone.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_read_entry_t list = { 0 };

	TOUCH(page, 0x31);
	set(list, 0, page, 16);
	set(list, 1, 0x1234, 16);

	MT_CHECK(vm->read_list(self, list, 1), KERN_SUCCESS);

	MT_CHECK_BYTE(list[0].address, 0x31);
	MT_CHECK_ADDRESS(list[1].address, 0x1234);
	MT_CHECK_NUMBER(list[1].size, 16);
}

MT_CASE(read_list, empty_element_is_cleared, "readlist-element-zero",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() sets an element of size 0 to 0, 0 and does not "
    "fail.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_read_entry_t list = { 0 };

	TOUCH(page, 0x31);
	set(list, 0, page, 0);
	set(list, 1, page, 16);
	set(list, 2, 0x1234, 0);

	MT_CHECK(vm->read_list(self, list, 3), KERN_SUCCESS);

	MT_CHECK_ADDRESS(list[0].address, 0);
	MT_CHECK_BYTE(list[1].address, 0x31);
	MT_CHECK_ADDRESS(list[2].address, 0);
	MT_CHECK_NUMBER(list[2].size, 0);
}

MT_CASE(read_list, failure_leaves_the_callers_list, "readlist-error-leaks",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() that fails does not return the list: what it read "
    "before stays mapped at addresses that the caller does not get.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_vm_read_entry_t list = { 0 };

	set(list, 0, page, 16);
	set(list, 1, hole, 16);

	MT_CHECK(vm->read_list(self, list, 2), KERN_INVALID_ADDRESS);

	MT_CHECK_ADDRESS(list[0].address, page);
	MT_CHECK_NUMBER(list[0].size, 16);
	MT_CHECK_ADDRESS(list[1].address, hole);
	MT_CHECK_NUMBER(list[1].size, 16);
}

MT_CASE(read_list, large_unreadable_element_is_a_protection_failure,
    "readlist-element-unreadable", VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() fails for an element as mach_vm_read() does.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_read_entry_t list = { 0 };

	TOUCH(pages, 0x31);
	PROTECT(pages, LARGE_PAGES, VM_PROT_NONE);
	set(list, 0, pages, LARGE);
	MT_CHECK(vm->read_list(self, list, 1), KERN_PROTECTION_FAILURE);

	set(list, 0, pages, SMALL);
	MT_CHECK(vm->read_list(self, list, 1), KERN_INVALID_ADDRESS);
}
