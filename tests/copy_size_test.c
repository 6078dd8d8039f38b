/*
 * How much the kernel copies through a buffer of its own: above that it
 * copies by map entries, which the answers and the share mode of the source
 * tell apart.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"
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

/* Whether three pages are too many for a buffer. */
#define BY_PAGES                                                  \
	MT_VALUE(FALSE, MT_UNTIL(12.3, TRUE), MT_ON(arm64, TRUE), \
	    MT_PAGES("4K on 16K", FALSE),                         \
	    MT_PAGES_UNTIL("4K on 16K", 12.3, FALSE))

MT_CASE(copy, three_pages_are_copied_by_pages, "copy-size-three-pages",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() of three pages or more whose ends lie equally within pages "
    "copies the whole pages between as such, copy-on-write, and the bytes at "
    "both ends; of a byte less it copies bytes.")
{
	for (int more = -1; more <= 1; more++) {
		mach_vm_address_t from = mt_pages(5), to = mt_pages(5);

		NUMBER_PAGES(from + 1, 5, 1);
		TOUCH_PAGES(to, 5, 0x7f);
		TOUCH_PAGES(to + 1, 5, 0x7e);

		MT_CHECK(vm->copy(self, from + 1,
			     (mach_vm_size_t)(3 * (int)mt_page + more), to + 1),
		    KERN_SUCCESS);

		MT_CHECK_NUMBER(extended(stage, self, to + mt_page)
				    .share_mode == SM_COW,
		    more < 0 ? FALSE : BY_PAGES);
		MT_CHECK_BYTE(to, 0x7f);
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_BYTE(to + i * mt_page + 1, (uint8_t)(1 + i));
		MT_CHECK_BYTE(to + mt_page, 0);
		MT_CHECK_BYTE(to + 2 * mt_page, 0);
		MT_CHECK_BYTE(to + 3 * mt_page, more < 0 ? 0x7f : 0);
		MT_CHECK_BYTE(to + 3 * mt_page + 1, more <= 0 ? 0x7e : 4);
		MT_CHECK_BYTE(to + 4 * mt_page, 0x7f);
		TOUCH(from + mt_page + 1, 0x71);
		TOUCH(to + 2 * mt_page + 1, 0x72);
		MT_CHECK_BYTE(to + mt_page + 1, 2);
		MT_CHECK_BYTE(from + 2 * mt_page + 1, 3);
	}
}
