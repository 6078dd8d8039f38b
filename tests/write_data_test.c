/*
 * mach_vm_write: bytes of the caller's into memory that exists.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

MT_CASE(write, large_data_is_written, "write-basic-large", "vm_write.html",
    "The vm_write function writes an array of data to a task's virtual "
    "memory.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	TOUCH_PAGES(to, LARGE_PAGES, 0x7f);

	MT_CHECK(vm->write(self, to, from, LARGE), KERN_SUCCESS);

	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(write, sides_are_private_afterwards, "write-private",
    VM_USER_C "mach_vm_write()",
    "mach_vm_write() copies: later stores to either side are not seen in "
    "the other.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(vm->write(self, to, from, LARGE), KERN_SUCCESS);

	TOUCH(from, 0x71);
	TOUCH(to + mt_page, 0x72);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(from + mt_page, 2);
}

MT_CASE(write, small_write_can_cross_pages, "write-across-pages",
    VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_write() of a few bytes across a page boundary reaches both "
    "pages.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(2);

	TOUCH(from, 0x31);
	TOUCH(from + 1, 0x32);

	MT_CHECK(vm->write(self, to + mt_page - 1, from, 2), KERN_SUCCESS);

	MT_CHECK_BYTE(to + mt_page - 2, 0);
	MT_CHECK_BYTE(to + mt_page - 1, 0x31);
	MT_CHECK_BYTE(to + mt_page, 0x32);
	MT_CHECK_BYTE(to + mt_page + 1, 0);
}

MT_CASE(write, unreadable_data_cannot_be_sent, "write-unreadable-source",
    IPC_KMSG_C "ipc_kmsg_copyin_ool_descriptor()",
    "mach_vm_write() of data that cannot be read fails in sending, small or "
    "large.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	TOUCH(from, 0x31);
	PROTECT(from, LARGE_PAGES, VM_PROT_NONE);

	MT_CHECK(vm->write(self, to, from, (uint32_t)SMALL),
	    MACH_SEND_INVALID_MEMORY);
	MT_CHECK(vm->write(self, to, from, LARGE), MACH_SEND_INVALID_MEMORY);
	MT_CHECK_BYTE(to, 0);
}

MT_CASE(write, hole_in_the_data_cannot_be_sent, "write-bad-source-hole",
    IPC_KMSG_C "ipc_kmsg_copyin_ool_descriptor()",
    "mach_vm_write() of data with a hole fails in sending.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	PUNCH(from + LARGE - mt_page, 1);

	MT_CHECK(vm->write(self, to, from, LARGE), MACH_SEND_INVALID_MEMORY);
	MT_CHECK_BYTE(to, 0);
}

MT_CASE(write, unmapped_destination_is_an_invalid_address, "write-dst-unmapped",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() to an unmapped destination is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t hole = mt_hole(LARGE_PAGES);

	TOUCH(from, 0x31);

	MT_CHECK(vm->write(self, hole, from, (uint32_t)SMALL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->write(self, hole, from, LARGE), KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(hole);
	MT_CHECK(vm->write(self, 0, from, 16), KERN_INVALID_ADDRESS);
}

MT_CASE(write, small_write_fills_up_to_a_hole, "write-dst-hole-small",
    VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "mach_vm_write() of a small size that reaches a hole is "
    "KERN_INVALID_ADDRESS, and the bytes before the hole are written.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(2);

	TOUCH(from, 0x32);
	TOUCH(to, 0x33);
	TOUCH(to + mt_page / 2, 0x33);
	PUNCH(to + mt_page, 1);

	MT_CHECK(vm->write(self, to + mt_page / 2, from, (uint32_t)SMALL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x33);
	MT_CHECK_BYTE(to + mt_page / 2, 0x32);
	MT_CHECK_HOLE(to + mt_page);
}

MT_CASE(write, permanent_memory_is_written_like_any_other,
    "write-dst-permanent", VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() to permanent memory obeys its protection.",
    .since = "11.3")
{
	mach_vm_address_t from = mt_pages(1), to = mt_hole(1);

	TOUCH(from, 0x31);
	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, to, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(vm->write(self, to, from, (uint32_t)SMALL),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(to, 0x31);
	}
}

MT_CASE(write, destination_keeps_its_attributes, "write-keeps-attributes",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() leaves the destination's tag, protections and "
    "inheritance alone.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->inherit(self, from, LARGE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, to, LARGE, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->write(self, to, from, LARGE), KERN_SUCCESS);

	MT_CHECK_REGION(to, .address = (int64_t)to, .size = LARGE,
	    .user_tag = MT_TAG, .inheritance = VM_INHERIT_NONE,
	    .protection = VM_PROT_DEFAULT, .max_protection = VM_PROT_ALL);
}

MT_CASE(write, both_mappings_show_what_is_written, "write-into-shared-dst",
    VM_MAP_C "vm_map_copy_overwrite_nested()",
    "mach_vm_write() to memory that is mapped twice is seen in both "
    "mappings.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES), alias = 0;

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, to, FALSE);

	MT_CHECK(vm->write(self, to, from, LARGE), KERN_SUCCESS);

	MT_CHECK_BYTE(alias, 1);
	MT_CHECK_BYTE(alias + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	TOUCH(alias, 0x71);
	MT_CHECK_BYTE(to, 0x71);
}

MT_CASE(write, last_page_of_the_map_can_be_written, "write-map-end",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_write() of a byte into the last page of the map succeeds, and the "
    "byte can be read.",
    .needs = "native")
{
	mach_vm_address_t last = free_last_page(), data = mt_pages(1);
	mach_vm_size_t size = 0;

	TOUCH(data, 0x71);
	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, last, mt_page,
			       VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(vm->write(self, last + mt_page - 1, (vm_offset_t)data,
			     1),
		    KERN_SUCCESS);
		TOUCH(data, 0);
		MT_CHECK(stage->read_overwrite(self, last + mt_page - 1, 1,
			     data, &size),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(data, 0x71);
	}
}
