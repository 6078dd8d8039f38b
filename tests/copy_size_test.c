/*
 * How much the kernel copies through a buffer of its own: above that it
 * copies by map entries, which the answers and the share mode of the source
 * tell apart.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/*
 * The most bytes that go through a buffer.  The kernel's pages count, not the
 * process's: two pages less one byte until 12.3 (less the header of 24 bytes
 * until 10.15), but for arm64 on 11, whose largest zone has 16 KiB; then what
 * the largest zone of the heap has.
 */
#define MOST                                                                   \
	((mach_vm_size_t)MT_VALUE(16 * KIB, MT_UNTIL(12.3, 8 * KIB - 1),       \
	    MT_UNTIL(10.15, 8 * KIB - 25), MT_ON(arm64, 32 * KIB),             \
	    MT_ON_UNTIL(arm64, 12.3, 32 * KIB - 1),                            \
	    MT_ON_UNTIL(arm64, 11, 16 * KIB), MT_PAGES("4K on 16K", 32 * KIB), \
	    MT_PAGES_UNTIL("4K on 16K", 12.3, 32 * KIB - 1),                   \
	    MT_PAGES_UNTIL("4K on 16K", 11, 16 * KIB)))

MT_CASE(read, largest_small_read_leaves_the_source, "copy-size-read",
    IPC_INIT_C "msg_ool_size_small",
    "mach_vm_read() of at most msg_ool_size_small bytes goes through a "
    "buffer; of one byte more it makes the source SM_COW.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_CHECK(vm->read(self, pages, MOST, &data, &count), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE);
	MT_CHECK_BYTE(data, 1);

	MT_CHECK(vm->read(self, pages, MOST + 1, &data, &count), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .share_mode = SM_COW);
	MT_CHECK_BYTE(data, 1);
}

/* Pages that refuse every byte. */
static mach_vm_address_t
read_only(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(pages, LARGE_PAGES, 0x51);
	PROTECT(pages, LARGE_PAGES, VM_PROT_READ);
	return pages;
}

MT_CASE(copy, largest_small_copy_faults, "copy-size-copy",
    IPC_INIT_C "msg_ool_size_small",
    "mach_vm_copy() to memory that is read-only is KERN_INVALID_ADDRESS "
    "where it stores the bytes, up to msg_ool_size_small of them, and "
    "KERN_PROTECTION_FAILURE where it looks at the map.")
{
	mach_vm_address_t to = read_only(self), from = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, from, MOST, to), KERN_INVALID_ADDRESS);
	MT_CHECK(vm->copy(self, from, MOST + 1, to), KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->copy(self, from, 2 * MOST, to), KERN_PROTECTION_FAILURE);
}

MT_CASE(write, largest_small_write_faults, "copy-size-write",
    IPC_INIT_C "msg_ool_size_small",
    "mach_vm_write() to memory that is read-only is KERN_INVALID_ADDRESS "
    "for at most msg_ool_size_small bytes, KERN_PROTECTION_FAILURE for "
    "more.")
{
	mach_vm_address_t to = read_only(self), from = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->write(self, to, from, (mach_msg_type_number_t)MOST),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->write(self, to, from, (mach_msg_type_number_t)MOST + 1),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(read_overwrite, largest_small_read_faults, "copy-size-overwrite",
    IPC_INIT_C "msg_ool_size_small",
    "mach_vm_read_overwrite() to memory that is read-only is "
    "KERN_INVALID_ADDRESS for at most msg_ool_size_small bytes, "
    "KERN_PROTECTION_FAILURE for more.")
{
	mach_vm_address_t to = read_only(self), from = mt_pages(LARGE_PAGES);
	mach_vm_size_t size = 0;

	MT_CHECK(vm->read_overwrite(self, from, MOST, to, &size),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->read_overwrite(self, from, MOST + 1, to, &size),
	    KERN_PROTECTION_FAILURE);
}
