/*
 * Buffers that the program has for its own, its stack and its variables, and
 * holes beside them in the same call: nothing may come to lie in a hole
 * meanwhile.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* Three pages wherever the kernel puts them, without the middle one: its hole
 * is the first that fits one page, or near it. */
static mach_vm_address_t
low_hole(mach_port_name_t self)
{
	mach_vm_address_t pages = 0;

	MT_REQUIRE(stage->allocate(self, &pages, 3 * mt_page,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 3, 0x51);
	PUNCH(pages + mt_page, 1);
	return pages;
}

MT_CASE(page_range_query, hole_stays_empty_while_it_is_asked_about,
    "pagerange-unmapped-low", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() writes 0 for a hole wherever it is, into a "
    "buffer on the stack.")
{
	mach_vm_address_t pages = low_hole(self);
	int disposition[3] = { 0x51, 0x51, 0x51 };
	mach_vm_size_t count = 3;

	MT_CHECK(vm->page_range_query(self, pages, 3 * mt_page,
		     (uintptr_t)disposition, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(count, 3);
	MT_CHECK_TRUE((disposition[0] & VM_PAGE_QUERY_PAGE_PRESENT) != 0);
	MT_CHECK_NUMBER(disposition[1], 0);
	MT_CHECK_TRUE((disposition[2] & VM_PAGE_QUERY_PAGE_PRESENT) != 0);
}

MT_CASE(copy, hole_is_no_place_for_a_variable, "copy-low-hole",
    VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_copy() of a variable to a hole, and of a hole to a variable, is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t pages = low_hole(self), hole = pages + mt_page;
	uint8_t bytes[64] = { 0x31 };

	MT_CHECK(vm->copy(self, (uintptr_t)bytes, sizeof(bytes), hole),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(hole);
	MT_CHECK(vm->copy(self, hole, sizeof(bytes), (uintptr_t)bytes),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(bytes[0], 0x31);
	MT_CHECK(vm->copy(self, (uintptr_t)bytes, sizeof(bytes), pages),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x31);
	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(read_overwrite, hole_is_not_read_into_a_variable,
    "read-overwrite-low-hole", VM_MAP_C "vm_map_copyin_kernel_buffer()",
    "mach_vm_read_overwrite() of a hole into a variable is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = low_hole(self) + mt_page;
	uint8_t bytes[64] = { 0x31 };
	mach_vm_size_t size = 0x51;

	MT_CHECK(vm->read_overwrite(self, hole, sizeof(bytes), (uintptr_t)bytes,
		     &size),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(bytes[0], 0x31);
	MT_CHECK_HOLE(hole);
}

MT_CASE(write, hole_is_not_written_with_a_variable, "write-low-hole",
    VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_write() of a variable to a hole is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = low_hole(self) + mt_page;
	uint8_t bytes[64] = { 0x31 };

	MT_CHECK(vm->write(self, hole, (uintptr_t)bytes, sizeof(bytes)),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(hole);
}
