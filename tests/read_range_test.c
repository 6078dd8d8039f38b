/*
 * What mach_vm_read refuses, and the ranges that it takes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

/* Read, and see that a failure leaves the outputs alone. */
static kern_return_t
try_read(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size)
{
	vm_offset_t data = 0x777000;
	mach_msg_type_number_t count = 0x777;
	kern_return_t kr = vm->read(self, address, size, &data, &count);

	if (kr != KERN_SUCCESS) {
		MT_CHECK_ADDRESS(data, 0x777000);
		MT_CHECK_NUMBER(count, 0x777);
	}
	return kr;
}

MT_CASE(read, unmapped_start_is_an_invalid_address, "read-unmapped",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() from a hole is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(LARGE_PAGES);

	MT_CHECK(try_read(vm, self, hole, 1), KERN_INVALID_ADDRESS);
	MT_CHECK(try_read(vm, self, hole, SMALL), KERN_INVALID_ADDRESS);
	MT_CHECK(try_read(vm, self, hole, LARGE), KERN_INVALID_ADDRESS);
	MT_CHECK(try_read(vm, self, 0, mt_page), KERN_INVALID_ADDRESS);
}

MT_CASE(read, small_range_with_a_hole_is_an_invalid_address, "read-hole-small",
    VM_MAP_C "vm_map_copyin_kernel_buffer()",
    "mach_vm_read() of a small range with a hole is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t page = mt_pages(2);

	TOUCH(page, 0x31);
	PUNCH(page + mt_page, 1);

	MT_CHECK(try_read(vm, self, page + 128, SMALL), KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(page, 0x31);
}

MT_CASE(read, execute_only_memory_is_a_protection_failure, "read-exec-only",
    VM_MAP_C "vm_map_copyin_internal()",
    "VM_PROT_EXECUTE does not include read access: mach_vm_read() is "
    "KERN_PROTECTION_FAILURE.",
    .arch = "x86_64")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	PROTECT(pages, LARGE_PAGES, VM_PROT_EXECUTE);

	MT_CHECK(try_read(vm, self, pages, LARGE), KERN_PROTECTION_FAILURE);
}

MT_CASE(read, write_only_memory_is_a_protection_failure, "read-write-only",
    VM_MAP_C "vm_map_copyin_internal()",
    "VM_PROT_WRITE does not include read access: mach_vm_read() is "
    "KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	PROTECT(pages, LARGE_PAGES, VM_PROT_WRITE);

	MT_CHECK(try_read(vm, self, pages, LARGE), KERN_PROTECTION_FAILURE);
}

MT_CASE(read, hole_before_an_unreadable_page_is_reported, "read-order-hole",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() goes through the regions in order of address: the first "
    "hole or unreadable region is reported.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	PUNCH(pages + mt_page, 1);
	PROTECT(pages + LARGE - mt_page, 1, VM_PROT_NONE);
	MT_CHECK(try_read(vm, self, pages, LARGE), KERN_INVALID_ADDRESS);

	pages = mt_pages(LARGE_PAGES);
	PROTECT(pages + mt_page, 1, VM_PROT_NONE);
	PUNCH(pages + LARGE - mt_page, 1);
	MT_CHECK(try_read(vm, self, pages, LARGE), KERN_PROTECTION_FAILURE);
}

MT_CASE(read, failed_read_leaves_the_source_split, "copyin-failure-clips",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() by reference of pages and a hole that fails leaves the "
    "region split where the range begins; since macOS 26.4 only if it was "
    "touched.")
{
	for (unsigned touched = 0; touched < 2; touched++) {
		mach_vm_address_t pages = mt_pages(LARGE_PAGES + 1);

		if (touched)
			NUMBER_PAGES(pages, LARGE_PAGES + 1, 1);
		PUNCH(pages + LARGE, 1);
		MT_CHECK(try_read(vm, self, pages + mt_page, LARGE),
		    KERN_INVALID_ADDRESS);

		MT_CHECK_REGION(pages,
		    .size = MT_VALUE(touched ? mt_page : LARGE,
			MT_UNTIL(26.3, mt_page)));
		MT_CHECK_BYTE(pages, touched);
	}
}

MT_CASE(read, range_may_cross_regions, "read-across-regions",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() accepts a range of several regions.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	vm_offset_t data = 0;
	mach_msg_type_number_t count = 0;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	PROTECT(pages, 1, VM_PROT_READ);
	MT_REQUIRE(stage->inherit(self, pages + LARGE / 2, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->read(self, pages, LARGE, &data, &count), KERN_SUCCESS);

	MT_CHECK_NUMBER(count, LARGE);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(data + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(read, data_that_crosses_a_page_has_room, "read-crossing-room",
    VM_MAP_C "vm_map_copyout_internal()",
    "mach_vm_read() of a range that begins within a page and touches one page "
    "more than its size takes a hole for all of them, none of its size.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 1), first, guard;
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	NUMBER_PAGES(pages, LARGE_PAGES + 1, 1);
	MT_REQUIRE(stage->read(self, pages + mt_page / 2, LARGE, &data, &count),
	    KERN_SUCCESS);
	/* Of the hole that it leaves the last page is taken. */
	first = data - data % mt_page;
	guard = first + LARGE;
	PUNCH(first, LARGE_PAGES + 1);
	MT_REQUIRE(allocate_at(stage, self, guard, mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(guard, 0x61);

	MT_CHECK(vm->read(self, pages + mt_page / 2, LARGE, &data, &count),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(guard, 0x61);
	first = data - data % mt_page;
	MT_CHECK_TRUE(first > guard || first + LARGE < guard);
	MT_CHECK_BYTE(first + LARGE, (uint8_t)(LARGE_PAGES + 1));
	MT_CHECK_REGION(guard, .user_tag = MT_TAG);
}

MT_CASE(read, few_execute_only_bytes_are_an_invalid_address,
    "read-exec-only-small", VM_MAP_C "vm_map_copyin_kernel_buffer()",
    "mach_vm_read() of a few bytes of memory with VM_PROT_EXECUTE alone whose "
    "page is not in the page table is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x31);
	PROTECT(page, 1, VM_PROT_NONE);
	PROTECT(page, 1, VM_PROT_EXECUTE);
	MT_CHECK(try_read(vm, self, page, SMALL), KERN_INVALID_ADDRESS);
}

MT_CASE(read, refused_read_leaves_no_reference, "read-references-refused",
    VM_MAP_C "vm_map_copyin_internal()",
    "What a large mach_vm_read() had taken of memory with a hole behind it "
    "gives its reference back.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	PUNCH(pages + LARGE - mt_page, 1);
	MT_CHECK(try_read(vm, self, pages, LARGE), KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .ref_count = 1,
	    .size = (int64_t)(LARGE - mt_page));
}
