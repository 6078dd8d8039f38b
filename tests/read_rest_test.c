/*
 * What surrounds the bytes of a large read that does not begin and end at
 * pages: memory in a message is received by writing it into fresh pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* Every byte of some pages of the source. */
static mach_vm_address_t
filled(void)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 2);
	mach_vm_address_t last = pages + (LARGE_PAGES + 1) * mt_page;

	TOUCH_PAGES(pages, LARGE_PAGES + 2, 0x71);
	TOUCH(pages + 0x122, 0x72);
	TOUCH(last + 0x123, 0x73);
	return pages;
}

static mach_vm_address_t
read_at(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t at,
    mach_vm_size_t size)
{
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	MT_CHECK(vm->read(self, at, size, &data, &count), KERN_SUCCESS);
	MT_CHECK_NUMBER(count, size);
	return data;
}

MT_CASE(read, beginning_of_the_first_page_is_zero, "read-rest-large",
    IPC_KMSG_C "ipc_kmsg_copyout_ool_descriptor()",
    "mach_vm_read() returns a first page that is zero before the data; "
    "until macOS 10.15.5 it had the source's bytes there.")
{
	mach_vm_address_t pages = filled(), data;

	data = read_at(vm, self, pages + 0x123, LARGE);
	MT_CHECK_NUMBER(data % mt_page, 0x123);
	MT_CHECK_BYTE(data - 1, (uint8_t)MT_VALUE(0, MT_UNTIL(10.15.5, 0x72)));
	MT_CHECK_BYTE(data + mt_page - 0x123, 0x71);
}

MT_CASE(read, end_of_the_last_page_is_zero, "read-rest-large-end",
    IPC_KMSG_C "ipc_kmsg_copyout_ool_descriptor()",
    "mach_vm_read() returns a last page that is zero after the data; until "
    "macOS 10.15.5 it had the source's bytes there.")
{
	mach_vm_address_t pages = filled(), data;
	mach_vm_size_t size = (LARGE_PAGES + 1) * mt_page + 0x123;

	data = read_at(vm, self, pages, size);
	MT_CHECK_NUMBER(data % mt_page, 0);
	MT_CHECK_BYTE(data + size,
	    (uint8_t)MT_VALUE(0, MT_UNTIL(10.15.5, 0x73)));
	MT_CHECK_BYTE(data + size - 0x123, 0x71);
}

MT_CASE(read, whole_pages_keep_their_tag, "read-tag-large",
    IPC_KMSG_C "ipc_kmsg_copyout_ool_descriptor()",
    "mach_vm_read() returns whole pages with the source's tag, others with "
    "the tag of messages: none from macOS 10.15.6, the kernel's number for "
    "it from 12.3, VM_MEMORY_MACH_MSG since 14.")
{
	const unsigned tag = MT_VALUE(VM_MEMORY_MACH_MSG, MT_UNTIL(13, 7),
	    MT_UNTIL(12.2, 0), MT_UNTIL(10.15.5, MT_TAG));
	mach_vm_address_t pages = filled(), data;

	data = read_at(vm, self, pages, LARGE);
	MT_CHECK_REGION(data, .user_tag = MT_TAG);
	data = read_at(vm, self, pages + mt_page / 2, LARGE);
	MT_CHECK_NUMBER(data % mt_page, mt_page / 2);
	MT_CHECK_REGION(data, .user_tag = tag);
	data = read_at(vm, self, pages, LARGE + 0x123);
	MT_CHECK_REGION(data, .user_tag = tag);
	data = read_at(vm, self, pages + 0x123, LARGE);
	MT_CHECK_REGION(data, .user_tag = tag, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_COPY);
}
