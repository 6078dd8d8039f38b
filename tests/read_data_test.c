/*
 * What mach_vm_read gives: a region of the caller's own with a snapshot.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* Read on the stage's terms: success, the count is the size. */
static mach_vm_address_t
read_from(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size)
{
	vm_offset_t data = 0;
	mach_msg_type_number_t count = 0;

	MT_REQUIRE(vm->read(self, address, size, &data, &count), KERN_SUCCESS);
	MT_CHECK_NUMBER(count, size);
	return data;
}

MT_CASE(read, large_range_is_copied, "read-basic-large", "vm_read.html",
    "The vm_read and vm_read_overwrite functions read a portion of a task's "
    "virtual memory (they enable tasks to read other tasks' memory).")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), data;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);

	data = read_from(vm, self, pages, LARGE);

	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(data + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(read, small_result_is_a_snapshot, "read-snapshot-small",
    VM_USER_C "mach_vm_read()",
    "mach_vm_read() of a small range makes a snapshot: later stores to the "
    "source are not seen in the data.")
{
	mach_vm_address_t page = mt_pages(1), data;

	TOUCH(page, 0x31);
	data = read_from(vm, self, page, SMALL);

	TOUCH(page, 0x32);

	MT_CHECK_BYTE(data, 0x31);
}

MT_CASE(read, large_result_is_a_snapshot, "read-snapshot-large",
    VM_USER_C "mach_vm_read()",
    "mach_vm_read() of a large range makes a snapshot: later stores to the "
    "source are not seen in the data.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), data;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	data = read_from(vm, self, pages, LARGE);

	TOUCH(pages, 0x71);
	TOUCH(pages + mt_page, 0x72);

	MT_CHECK_BYTE(data, 1);
	MT_CHECK_BYTE(data + mt_page, 2);
	MT_CHECK_BYTE(data + 2 * mt_page, 3);
}

MT_CASE(read, large_result_is_ordinary_memory, "read-must-dealloc-large",
    VM_MAP_C "vm_map_copyout_internal()",
    "mach_vm_read() of a large range returns ordinary memory: read/write, "
    "maximum VM_PROT_ALL, VM_INHERIT_COPY.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), data;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	data = read_from(vm, self, pages, LARGE);

	MT_CHECK_REGION(data, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_COPY);
	MT_CHECK_REGION(data, .user_wired_count = 0);
	MT_CHECK(stage->deallocate(self, data, LARGE), KERN_SUCCESS);
	MT_CHECK_HOLE(data);
	MT_CHECK_HOLE(data + LARGE - mt_page);
}

MT_CASE(read, read_only_source_gives_writable_data, "read-protection-fresh",
    VM_MAP_C "vm_map_copyout_internal()",
    "mach_vm_read() returns data of VM_PROT_DEFAULT, whatever the "
    "protection of the source.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), data;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	PROTECT(pages, LARGE_PAGES, VM_PROT_READ);

	data = read_from(vm, self, pages, LARGE);

	MT_CHECK_REGION(data, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_WRITABLE(data);
	MT_CHECK_BYTE(pages, 1);
}

MT_CASE(read, uninherited_source_gives_inherited_data, "read-inheritance-fresh",
    VM_MAP_C "vm_map_copyout_internal()",
    "mach_vm_read() returns data of VM_INHERIT_COPY, whatever the "
    "inheritance of the source.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), data;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->inherit(self, pages, LARGE, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	data = read_from(vm, self, pages, LARGE);

	MT_CHECK_REGION(data, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(read, small_data_begins_on_a_page, "read-offset-small",
    VM_MAP_C "vm_map_copyout_internal()",
    "mach_vm_read() of a small range, copied through the kernel's buffer, "
    "returns data at the start of a page.")
{
	mach_vm_address_t page = mt_pages(2), data;

	TOUCH(page + 0x123, 0x31);

	data = read_from(vm, self, page + 0x123, SMALL);

	MT_CHECK_NUMBER(data % mt_page, 0);
	MT_CHECK_BYTE(data, 0x31);
}

MT_CASE(read, rest_of_the_last_page_is_zero, "read-small-rest-zero",
    VM_MAP_C "vm_map_copyout_internal()",
    "mach_vm_read() of a small range returns a page that is zero after the "
    "data.")
{
	mach_vm_address_t page = mt_pages(1), data;

	MT_REQUIRE(fill(page, 1, 0x31), 0);
	TOUCH(page + 1, 0x32);

	data = read_from(vm, self, page, 1);

	MT_CHECK_BYTE(data, 0x31);
	MT_CHECK_BYTE(data + 1, 0);
	MT_CHECK_BYTE(data + mt_page - 1, 0);
}

MT_CASE(read, small_source_stays_private, "read-cow-visible-small",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a small range leaves the source private.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 1);

	read_from(vm, self, page, SMALL);

	MT_CHECK_REGION(page, .share_mode = SM_PRIVATE);
}

MT_CASE(read, untouched_memory_reads_as_zero, "read-untouched",
    "vm_allocate.html",
    "mach_vm_read() of memory that was never touched returns zeros.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), data;

	data = read_from(vm, self, pages, LARGE);
	MT_CHECK_BYTE(data, 0);
	MT_CHECK_BYTE(data + LARGE - 1, 0);
	TOUCH(data, 0x31);
	MT_CHECK_BYTE(pages, 0);

	data = read_from(vm, self, pages, SMALL);
	MT_CHECK_BYTE(data + SMALL - 1, 0);
}

MT_CASE(read_overwrite, few_bytes_of_a_part_of_a_copy_are_found,
    "read-small-shadow", VM_FAULT_C "vm_fault_internal()",
    "mach_vm_read_overwrite() of a few bytes of a copy of a part, which has "
    "stored to another page since, finds them at the part's offset below.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES + 2);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES), to = mt_pages(1);
	mach_vm_size_t size = 0;

	NUMBER_PAGES(from, LARGE_PAGES + 2, 1);
	MT_REQUIRE(stage->copy(self, from + 2 * mt_page, LARGE, copy),
	    KERN_SUCCESS);
	TOUCH(copy, 0xb1);
	MT_CHECK(vm->read_overwrite(self, copy + 3 * mt_page, 8, to, &size),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(to, 1 + 2 + 3);
	MT_CHECK(vm->read_overwrite(self, copy, 8, to, &size), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 0xb1);
}
