/*
 * mach_vm_write: the caller's data into a task's memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define LARGE 16 /* pages that are sent by reference */

static kern_return_t
put(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t to,
    mach_vm_address_t from, mach_vm_size_t size)
{
	return vm->write(self, to, (vm_offset_t)from,
	    (mach_msg_type_number_t)size);
}

MT_CASE(write, data_is_written_to_mapped_memory, "write-basic", "vm_write.html",
    "mach_vm_write() writes the data to memory that is mapped already.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_CHECK(put(vm, self, to, from, LARGE * mt_page), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0x51);
	MT_CHECK_BYTE(to + (LARGE - 1) * mt_page, 0x51);
	TOUCH(from, 0x52);
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(write, nothing_need_be_aligned, "write-no-alignment",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() needs neither an aligned address nor an aligned size, "
    "although mach_vm.defs asks for both.")
{
	mach_vm_address_t from = mt_pages(2), to = mt_pages(2);

	TOUCH(from + 3, 0x51);
	TOUCH(from + 3 + 99, 0x52);
	TOUCH_PAGES(to, 2, 0x61);
	MT_CHECK(put(vm, self, to + mt_page - 50, from + 3, 100), KERN_SUCCESS);
	MT_CHECK_BYTE(to + mt_page - 50, 0x51);
	MT_CHECK_BYTE(to + mt_page + 49, 0x52);
	MT_CHECK_BYTE(to + mt_page + 50, 0);
	MT_CHECK_BYTE(to + mt_page - 51, 0);
}

MT_CASE(write, size_zero_writes_nothing_anywhere, "write-zero",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() of size 0 succeeds whatever the address.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(put(vm, self, 0, page, 0), KERN_SUCCESS);
	MT_CHECK(put(vm, self, UINT64_MAX, page, 0), KERN_SUCCESS);
	MT_CHECK(put(vm, self, page, page, 0), KERN_SUCCESS);
}

MT_CASE(write, source_that_cannot_be_read_fails_in_sending, "write-bad-source",
    IPC_KMSG_C "ipc_kmsg_copyin_ool_descriptor()",
    "mach_vm_write() of data that cannot be read fails before the call "
    "reaches the task.")
{
	mach_vm_address_t hole = mt_hole(LARGE), to = mt_pages(LARGE);

	TOUCH(to, 0x61);
	MT_CHECK(put(vm, self, to, hole, LARGE * mt_page),
	    MACH_SEND_INVALID_MEMORY);
	MT_CHECK(put(vm, self, to, hole, 8), MACH_SEND_INVALID_MEMORY);
	MT_CHECK_BYTE(to, 0x61);
}

MT_CASE(write, hole_in_the_destination_is_an_invalid_address, "write-dst-hole",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() to a destination with a hole is KERN_INVALID_ADDRESS, "
    "small or large; of a large size what lies below is written since macOS "
    "26.4.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->deallocate(self, to + 8 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(put(vm, self, to, from, LARGE * mt_page),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, MT_VALUE(0x51, MT_UNTIL(26.3, 0x61)));
	MT_CHECK(put(vm, self, to + 8 * mt_page, from, 8),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(to + 8 * mt_page);
}

MT_CASE(write, few_bytes_to_read_only_memory_are_an_invalid_address,
    "write-dst-readonly-small", VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_write() of a small size to read-only memory is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);

	TOUCH(from, 0x51);
	TOUCH(to, 0x61);
	MT_REQUIRE(stage->protect(self, to, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(put(vm, self, to, from, 8), KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x61);
}

MT_CASE(write, large_data_to_read_only_memory_is_a_protection_failure,
    "write-dst-readonly-large", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() of a large size to a range with a read-only page is "
    "KERN_PROTECTION_FAILURE; what lies below is written since macOS 26.4.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH_PAGES(to, LARGE, 0x61);
	MT_REQUIRE(stage->protect(self, to + (LARGE - 1) * mt_page, mt_page,
		       FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(put(vm, self, to, from, LARGE * mt_page),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(to, MT_VALUE(0x51, MT_UNTIL(26.3, 0x61)));
}

MT_CASE(write, few_bytes_to_write_only_memory_are_an_invalid_address,
    "write-dst-write-only", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() of a few bytes to untouched memory with VM_PROT_WRITE "
    "alone is KERN_INVALID_ADDRESS: the fault of the kernel's store asks for "
    "VM_PROT_READ, too.")
{
	mach_vm_address_t page = mt_pages(1), data = mt_pages(1);

	TOUCH(data, 0x31);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_WRITE),
	    KERN_SUCCESS);
	MT_CHECK(vm->write(self, page, (vm_offset_t)data, 8),
	    KERN_INVALID_ADDRESS);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0);
}

MT_CASE(write, refused_data_leaves_no_reference, "write-references-refused",
    VM_MAP_C "vm_map_copy_overwrite()",
    "Large data that mach_vm_write() does not write, as the destination has a "
    "hole, has one reference again: the message's is gone.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_hole(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_CHECK(put(vm, self, to, from, LARGE * mt_page),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(from, .ref_count = 1);
	MT_CHECK_BYTE(from, 0x51);
}
