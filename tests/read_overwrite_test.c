/*
 * mach_vm_read_overwrite: into memory that the caller already has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* A failure must leave the size alone; a success tell it. */
static kern_return_t
overwrite(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_size_t size, mach_vm_address_t to)
{
	mach_vm_size_t out = 0x777;
	kern_return_t kr = vm->read_overwrite(self, from, size, to, &out);

	MT_CHECK_NUMBER(out, kr == KERN_SUCCESS ? size : 0x777);
	return kr;
}

MT_CASE(read_overwrite, large_range_is_copied, "overwrite-basic-large",
    "vm_read.html",
    "mach_vm_read_overwrite() copies the contents of a large range into "
    "memory of the caller.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	TOUCH_PAGES(to, LARGE_PAGES, 0x7f);

	MT_CHECK(overwrite(vm, self, from, LARGE, to), KERN_SUCCESS);

	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(1 + i));
	TOUCH(from, 0x71);
	MT_CHECK_BYTE(to, 1);
}

MT_CASE(read_overwrite, nothing_need_be_aligned, "overwrite-no-alignment",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_read_overwrite() needs neither an aligned source nor an "
    "aligned destination.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES + 1);
	mach_vm_address_t to = mt_pages(LARGE_PAGES + 1);

	TOUCH(from + 0x123, 0x31);
	TOUCH(from + 0x123 + LARGE - 1, 0x32);
	TOUCH(to + 0x44, 0x33);
	TOUCH(to + 0x45 + LARGE, 0x34);

	MT_CHECK(overwrite(vm, self, from + 0x123, LARGE, to + 0x45),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(to + 0x44, 0x33);
	MT_CHECK_BYTE(to + 0x45, 0x31);
	MT_CHECK_BYTE(to + 0x45 + LARGE - 1, 0x32);
	MT_CHECK_BYTE(to + 0x45 + LARGE, 0x34);
}

MT_CASE(read_overwrite, wrapping_range_is_an_invalid_address,
    "overwrite-overflow", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() of a range that wraps past 2^64 is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t to = mt_pages(1);

	MT_CHECK(overwrite(vm, self, UINT64_MAX, 2, to), KERN_INVALID_ADDRESS);
	MT_CHECK(overwrite(vm, self, LAST_PAGE, mt_page, to),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(read_overwrite, small_read_stops_at_a_read_only_page,
    "overwrite-dst-readonly-small", VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_read_overwrite() of a small range to memory that cannot be "
    "written is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);

	TOUCH(from, 0x31);
	TOUCH(to, 0x32);
	PROTECT(to, 1, VM_PROT_READ);

	MT_CHECK(overwrite(vm, self, from, SMALL, to), KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x32);
}

MT_CASE(read_overwrite, large_read_to_a_read_only_page_writes_nothing,
    "overwrite-dst-readonly-large", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_read_overwrite() of a large range fails at a read-only page "
    "before a byte is written.",
    .until = "26.3")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	TOUCH_PAGES(to, LARGE_PAGES, 0x7f);
	PROTECT(to + LARGE - mt_page, 1, VM_PROT_READ);

	MT_CHECK(overwrite(vm, self, from, LARGE, to), KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, 0x7f);
}

MT_CASE(read_overwrite, unreadable_source_fails_as_in_read,
    "overwrite-src-unreadable", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() fails at an unreadable source as "
    "mach_vm_read() does: KERN_INVALID_ADDRESS for small ranges, "
    "KERN_PROTECTION_FAILURE for large ones.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	TOUCH(to, 0x7f);
	PROTECT(from, 1, VM_PROT_NONE);

	MT_CHECK(overwrite(vm, self, from, SMALL, to), KERN_INVALID_ADDRESS);
	MT_CHECK(overwrite(vm, self, from, LARGE, to), KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, 0x7f);
}
