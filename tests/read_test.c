/*
 * mach_vm_read, read_overwrite, read_list and write.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define LARGE 16 /* pages that are read by reference */

/* What a read gives. */
struct data {
	vm_offset_t at;
	mach_msg_type_number_t size;
};

static kern_return_t
get(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t address,
    mach_vm_size_t size, struct data *data)
{
	*data = (struct data){ .at = 0x51, .size = 0x52 };
	return vm->read(self, address, size, &data->at, &data->size);
}

MT_CASE(read, data_is_a_copy_in_new_memory, "read-basic", "vm_read.html",
    "mach_vm_read() returns the data in newly allocated memory; later "
    "stores to the source do not change it.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_CHECK(get(vm, self, pages, LARGE * mt_page, &data), KERN_SUCCESS);
	MT_CHECK_NUMBER(data.size, LARGE * mt_page);
	TOUCH(pages, 0x52);
	MT_CHECK_BYTE(data.at, 0x51);
	MT_CHECK_BYTE(data.at + (LARGE - 1) * mt_page, 0x51);
}

MT_CASE(read, small_data_is_a_copy_too, "read-basic-small", "vm_read.html",
    "mach_vm_read() of a few bytes returns a page of its own, with the data "
    "at its start.")
{
	mach_vm_address_t page = mt_pages(1);
	struct data data;

	TOUCH(page + 100, 0x51);
	MT_CHECK(get(vm, self, page + 100, 8, &data), KERN_SUCCESS);
	MT_CHECK_NUMBER(data.size, 8);
	MT_CHECK_NUMBER(data.at % mt_page, 0);
	MT_CHECK_BYTE(data.at, 0x51);
}

MT_CASE(read, data_is_ordinary_memory, "read-must-dealloc", "vm_read.html",
    "mach_vm_read() returns ordinary memory, which the caller has to "
    "deallocate.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_CHECK(get(vm, self, pages, LARGE * mt_page, &data), KERN_SUCCESS);
	MT_CHECK_REGION(data.at, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_COPY);
	MT_CHECK_WRITABLE(data.at);
	MT_CHECK(stage->deallocate(self, data.at, data.size), KERN_SUCCESS);
	MT_CHECK_HOLE(data.at);
}

MT_CASE(read, stores_to_the_data_do_not_reach_the_source, "read-result-private",
    "vm_read.html",
    "mach_vm_read() returns private memory: stores to it are not seen in "
    "the source.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_CHECK(get(vm, self, pages, LARGE * mt_page, &data), KERN_SUCCESS);
	TOUCH(data.at, 0x52);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(read, size_zero_reads_nothing_anywhere, "read-zero-size",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of size 0 succeeds at any address without data.")
{
	static const mach_vm_address_t addresses[] = { 0, 1, UINT64_MAX };
	struct data data;

	for (int i = 0; i < 3; i++) {
		MT_CHECK(get(vm, self, addresses[i], 0, &data), KERN_SUCCESS);
		MT_CHECK_NUMBER(data.at, 0);
		MT_CHECK_NUMBER(data.size, 0);
	}
}

MT_CASE(read, size_beyond_32_bits_is_an_invalid_argument, "read-too-big",
    VM_USER_C "mach_vm_read()",
    "mach_vm_read() of a size beyond 32 bits, which the count cannot hold, "
    "is KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);
	struct data data;

	MT_CHECK(get(vm, self, page, UINT64_C(1) << 32, &data),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(data.at, 0x51);
	MT_CHECK_NUMBER(data.size, 0x52);
}

MT_CASE(read, range_that_wraps_is_an_invalid_address, "read-overflow",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a range that wraps past 2^64 is "
    "KERN_INVALID_ADDRESS.")
{
	struct data data;

	MT_CHECK(get(vm, self, UINT64_MAX, 2, &data), KERN_INVALID_ADDRESS);
	MT_CHECK(get(vm, self, LAST_PAGE, 2 * mt_page, &data),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(read, nothing_need_be_aligned, "read-no-alignment",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() needs neither an aligned address nor an aligned size, "
    "although mach_vm.defs asks for both.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	mach_vm_size_t size = (LARGE - 1) * mt_page + 1;
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	TOUCH(pages + 3, 0x52);
	TOUCH(pages + 3 + size - 1, 0x53);
	MT_CHECK(get(vm, self, pages + 3, size, &data), KERN_SUCCESS);
	MT_CHECK_NUMBER(data.size, size);
	MT_CHECK_BYTE(data.at, 0x52);
	MT_CHECK_BYTE(data.at + size - 1, 0x53);
}

MT_CASE(read, large_data_keeps_its_offset_in_the_page, "read-offset-kept-large",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a large range, read by reference, keeps the offset "
    "in the page.")
{
	mach_vm_address_t pages = mt_pages(LARGE + 1);
	struct data data;

	TOUCH_PAGES(pages, LARGE + 1, 0x51);
	MT_CHECK(get(vm, self, pages + 0x123, LARGE * mt_page, &data),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(data.at % mt_page, 0x123);
}

MT_CASE(read, hole_is_an_invalid_address, "read-hole",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a range with a hole is KERN_INVALID_ADDRESS, large "
    "or small.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + 8 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(get(vm, self, pages, LARGE * mt_page, &data),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(get(vm, self, pages + 8 * mt_page - 4, 8, &data),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(data.at, 0x51);
}

MT_CASE(read, unreadable_memory_is_a_protection_failure,
    "read-unreadable-large", VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a large range that cannot be read is "
    "KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_REQUIRE(stage->protect(self, pages, LARGE * mt_page, FALSE,
		       VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(get(vm, self, pages, LARGE * mt_page, &data),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(read, few_unreadable_bytes_are_an_invalid_address,
    "read-unreadable-small", VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a small range that cannot be read is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t page = mt_pages(1);
	struct data data;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(get(vm, self, page, 8, &data), KERN_INVALID_ADDRESS);
}

MT_CASE(read, source_of_a_large_read_is_copy_on_write, "read-cow-visible",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a large range makes the source copy-on-write.")
{
	mach_vm_address_t pages = mt_pages(LARGE);
	struct data data;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_CHECK(get(vm, self, pages, LARGE * mt_page, &data), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .share_mode = SM_COW);
}

MT_CASE(read_overwrite, data_goes_to_the_destination, "overwrite-basic",
    VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() copies the data to memory of the caller; "
    "nothing need be aligned.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	mach_vm_size_t size = 0x51;

	TOUCH_PAGES(from, LARGE, 0x51);
	TOUCH(from + 3, 0x52);
	MT_CHECK(vm->read_overwrite(self, from + 3, 8 * mt_page, to + 5, &size),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 8 * mt_page);
	MT_CHECK_BYTE(to + 5, 0x52);
	MT_CHECK_BYTE(to + 4, 0);
}

MT_CASE(read_overwrite, unmapped_destination_is_an_invalid_address,
    "overwrite-dst-unmapped", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() to an unmapped destination is "
    "KERN_INVALID_ADDRESS and does not return a size.")
{
	mach_vm_address_t from = mt_pages(LARGE), hole = mt_hole(LARGE);
	mach_vm_size_t size = 0x51;

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_CHECK(vm->read_overwrite(self, from, LARGE * mt_page, hole, &size),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(size, 0x51);
	MT_CHECK_HOLE(hole);
}

MT_CASE(read_overwrite, size_zero_ignores_the_destination, "overwrite-zero",
    VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() of size 0 succeeds whatever the destination.")
{
	mach_vm_size_t size = 0x51;

	MT_CHECK(vm->read_overwrite(self, 0, 0, 0, &size), KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 0);
}

MT_CASE(read_overwrite, size_beyond_32_bits_is_a_range_like_others,
    "overwrite-large-size", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() of a size above 4 GiB is not refused as such: "
    "it fails at a hole.")
{
	mach_vm_address_t from = mt_pages(1), to = mt_pages(1);
	mach_vm_size_t size = 0x51;

	TOUCH(from, 0x51);
	MT_CHECK(vm->read_overwrite(self, from, UINT64_C(1) << 32, to, &size),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(size, 0x51);
}

MT_CASE(read_list, more_than_256_elements_are_refused, "readlist-count",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() of more than 256 elements is refused.")
{
	static mach_vm_read_entry_t list;

	MT_CHECK(vm->read_list(self, list, 257), KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->read_list(self, list, 0), KERN_SUCCESS);
}

MT_CASE(read_list, failing_element_is_emptied, "readlist-element-fail",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() empties an element that fails and goes on; the "
    "last element's answer is returned.")
{
	static mach_vm_read_entry_t list;
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	list[0].address = hole;
	list[0].size = mt_page;
	list[1].address = page;
	list[1].size = mt_page;
	MT_CHECK(vm->read_list(self, list, 2), KERN_SUCCESS);
	MT_CHECK_NUMBER(list[0].address, 0);
	MT_CHECK_NUMBER(list[0].size, 0);
	MT_CHECK_NUMBER(list[1].size, mt_page);
	MT_CHECK_BYTE(list[1].address, 0x51);
}

MT_CASE(read_list, last_element_decides, "readlist-result-is-last",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() fails when the last element that is not empty fails, "
    "and then leaves the list as it was.")
{
	static mach_vm_read_entry_t list;
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	list[0].address = page;
	list[0].size = mt_page;
	list[1].address = hole;
	list[1].size = mt_page;
	for (unsigned count = 2; count <= 3; count++) {
		list[2].address = page;
		list[2].size = 0;
		MT_CHECK(vm->read_list(self, list, count),
		    KERN_INVALID_ADDRESS);
		MT_CHECK_ADDRESS(list[0].address, page);
		MT_CHECK_ADDRESS(list[1].address, hole);
	}
}
