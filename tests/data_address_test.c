/*
 * Memory entries of unaligned ranges: where the data is in a mapping, for each
 * kind of entry.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

#define BYTES 100

/* Begin within the first page, and so that the data crosses into the next. */
enum { STARTS = 2 };
static mach_vm_size_t
start_of(unsigned i)
{
	return i == 0 ? 64 : mt_page - 16;
}

static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_COPY, MAP_MEM_VM_SHARE };
enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* Two pages, each byte by its place. */
static mach_vm_address_t
filled(void)
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 0);
	for (mach_vm_size_t i = 0; i < 2 * mt_page; i++)
		*(volatile uint8_t *)(uintptr_t)(pages + i) = (uint8_t)(i * 3 +
		    i / 256);
	return pages;
}

/* Whether the mapping has the same bytes as the memory. */
static bool
is_same(mach_vm_address_t a, mach_vm_address_t b, mach_vm_size_t size)
{
	if (mt_read(a).exception != 0 || mt_read(a + size - 1).exception != 0)
		return false;
	for (mach_vm_size_t i = 0; i < size; i++)
		if (stored_byte(a + i) != stored_byte(b + i))
			return false;
	return true;
}

MT_CASE(map, data_of_each_kind_of_entry_is_found, "map-entry-data-kinds",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_FLAGS_RETURN_DATA_ADDR returns where the data of an unaligned range "
    "is, for a plain entry, MAP_MEM_VM_COPY and MAP_MEM_VM_SHARE.",
    .needs = "native")
{
	for (unsigned i = 0; i < KINDS * STARTS; i++) {
		mach_vm_size_t start = start_of(i / KINDS);
		mach_vm_address_t pages = filled(), address = 0;
		mach_port_name_t entry = entry_for(self, BYTES, pages + start,
		    kinds[i % KINDS] | MAP_MEM_USE_DATA_ADDR | RW,
		    MACH_PORT_NULL);

		MT_CHECK(vm->map(self, &address, BYTES, 0,
			     VM_FLAGS_ANYWHERE | VM_FLAGS_RETURN_DATA_ADDR,
			     entry, 0, FALSE, RW, RW, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(address % mt_page, start);
		MT_REQUIRE_TRUE(address != 0);
		MT_CHECK_TRUE(is_same(address, pages + start, BYTES));
	}
}

MT_CASE(map, data_is_in_its_place_without_the_flag, "map-entry-data-kinds-page",
    VM_MAP_C "vm_map_enter_mem_object()",
    "Without VM_FLAGS_RETURN_DATA_ADDR mach_vm_map() returns the page, in "
    "which the data of an unaligned range is as far as in its own.",
    .needs = "native")
{
	for (unsigned i = 0; i < KINDS; i++) {
		mach_vm_address_t pages = filled(), hole = mt_hole(1);
		mach_vm_address_t address = hole;
		mach_port_name_t entry = entry_for(self, BYTES, pages + 64,
		    kinds[i] | MAP_MEM_USE_DATA_ADDR | RW, MACH_PORT_NULL);

		MT_CHECK(vm->map(self, &address, BYTES, 0, VM_FLAGS_FIXED,
			     entry, 0, FALSE, RW, RW, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(address, hole);
		MT_CHECK_TRUE(is_same(hole, pages, mt_page));
	}
}

MT_CASE(map, offset_adds_to_the_data_address, "map-entry-data-offset",
    VM_MAP_C "vm_map_enter_adjust_offset()",
    "With VM_FLAGS_RETURN_DATA_ADDR the offset of mach_vm_map() counts from "
    "the data of a plain entry and need not be aligned.",
    .needs = "native")
{
	mach_vm_address_t pages = filled(), hole = mt_hole(2);
	mach_vm_address_t address = hole;
	mach_port_name_t entry = entry_for(self, mt_page, pages + 64,
	    MAP_MEM_USE_DATA_ADDR | RW, MACH_PORT_NULL);

	MT_CHECK(vm->map(self, &address, BYTES, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_RETURN_DATA_ADDR, entry,
		     mt_page - 80, FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + mt_page - 16);
	MT_CHECK_TRUE(is_same(address, pages + mt_page - 16, BYTES));
	TOUCH(address, 0xd1);
	MT_CHECK_BYTE(pages + mt_page - 16, 0xd1);
}

MT_CASE(make_memory_entry, data_address_of_4k_drops_the_rest, "entry-data-4k",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_4K_DATA_ADDR keeps of an address the 4 KiB unit in its page: the "
    "entry begins there, and so does what VM_FLAGS_RETURN_DATA_ADDR returns.",
    .needs = "native")
{
	const mach_vm_size_t unit = (4 * KIB) & (mt_page - 1);
	mach_vm_address_t pages = filled(), address = 0;
	memory_object_size_t size = BYTES;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages + unit + 64,
		     MAP_MEM_4K_DATA_ADDR | RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page - unit);
	MT_REQUIRE(stage->map(self, &address, BYTES, 0,
		       VM_FLAGS_ANYWHERE | VM_FLAGS_RETURN_DATA_ADDR, entry, 0,
		       FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(address % mt_page, unit);
	MT_CHECK_TRUE(is_same(address, pages + unit, BYTES));
}

MT_CASE(map, address_of_4k_drops_the_rest, "map-entry-data-4k",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_FLAGS_RETURN_4K_DATA_ADDR, with VM_FLAGS_RETURN_DATA_ADDR as well, "
    "returns where the 4 KiB unit of the data is, for MAP_MEM_VM_COPY, "
    "MAP_MEM_VM_SHARE and a plain entry; for that one, if the data does not "
    "begin with the unit, until macOS 15.1: since 15.2 it is "
    "KERN_INVALID_ARGUMENT.",
    .needs = "native")
{
	const mach_vm_size_t unit = (4 * KIB) & (mt_page - 1);

	for (unsigned i = 0; i < 2 * KINDS; i++) {
		mach_vm_address_t pages = filled(), address = 0;
		const int kind = kinds[i % KINDS];
		mach_port_name_t entry = entry_for(self, BYTES,
		    pages + unit + 64, kind | MAP_MEM_USE_DATA_ADDR | RW,
		    MACH_PORT_NULL);

		MT_CHECK(vm->map(self, &address, BYTES, 0,
			     VM_FLAGS_ANYWHERE | VM_FLAGS_RETURN_4K_DATA_ADDR |
				 (i < KINDS ? 0 : VM_FLAGS_RETURN_DATA_ADDR),
			     entry, 0, FALSE, RW, RW, VM_INHERIT_COPY),
		    MT_VALUE(kind == 0 ? KERN_INVALID_ARGUMENT : KERN_SUCCESS,
			MT_UNTIL(15.1, KERN_SUCCESS)));
		if (address == 0)
			continue;
		MT_CHECK_NUMBER(address % mt_page, unit);
		MT_CHECK_TRUE(is_same(address, pages + unit, BYTES));
	}
}

MT_CASE(make_memory_entry, child_begins_with_the_page_of_its_data,
    "entry-child-data",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "A child with MAP_MEM_USE_DATA_ADDR of an entry for unaligned data begins "
    "with the page in which its data lies, counted from the parent's data.",
    .needs = "native")
{
	mach_vm_address_t pages = filled(), hole = mt_hole(1), address = 0;
	mach_port_name_t parent = entry_for(self, mt_page, pages + 64,
	    MAP_MEM_USE_DATA_ADDR | RW, MACH_PORT_NULL);
	memory_object_size_t size = BYTES;
	mach_port_name_t child;

	MT_CHECK(make(vm, self, &size, mt_page - 32, MAP_MEM_USE_DATA_ADDR | RW,
		     &child, parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page - 32);
	MT_REQUIRE(map_at(stage, self, hole, BYTES, 0, child, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(is_same(hole, pages + mt_page, mt_page));
	MT_REQUIRE(stage->map(self, &address, BYTES, 0,
		       VM_FLAGS_ANYWHERE | VM_FLAGS_RETURN_DATA_ADDR, child, 0,
		       FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(is_same(address, pages + mt_page + 32, BYTES));
}

MT_CASE(map, offset_that_wraps_with_the_data_is_refused, "map-entry-data-wraps",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() with VM_FLAGS_RETURN_DATA_ADDR adds the place of the entry's "
    "data to the offset: one that wraps to 0 is KERN_INVALID_ARGUMENT since "
    "macOS 15, and maps the entry's first page before.",
    .needs = "native")
{
	mach_vm_address_t pages = filled(), hole = mt_hole(1), address = hole;
	mach_port_name_t entry = entry_for(self, BYTES, pages + 64,
	    MAP_MEM_USE_DATA_ADDR | RW, MACH_PORT_NULL);

	MT_CHECK(vm->map(self, &address, BYTES, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_RETURN_DATA_ADDR, entry,
		     (memory_object_offset_t)-64, FALSE, RW, RW,
		     VM_INHERIT_COPY),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_SUCCESS));
	MT_CHECK_LAYOUT(hole, MT_PICTURE(".", MT_UNTIL(14, "a")));
	MT_CHECK_ADDRESS(address, hole);
}
