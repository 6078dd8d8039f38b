/*
 * Memory entries: sizes and permissions at their limits.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

MT_CASE(make_memory_entry, unaligned_offset_adds_to_the_size,
    "entry-size-rounded-offset",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of two bytes across a page boundary "
    "returns the size of both pages.")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(2);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages + 0x123, RW, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_REQUIRE(map_at(stage, self, hole, 2 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 1);
	MT_CHECK_BYTE(hole + mt_page, 2);
}

MT_CASE(make_memory_entry, entry_ends_with_its_chunk, "entry-size-chunk",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of an allocation beyond 128 MiB makes an "
    "entry of the first chunk.")
{
	mach_vm_address_t address = 0;
	memory_object_size_t size = 2 * CHUNK;
	mach_port_name_t entry;

	MT_REQUIRE(stage->allocate(self, &address, 2 * CHUNK,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, address, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, CHUNK);
}

MT_CASE(make_memory_entry, wrapping_range_is_refused, "entry-plain-wrap",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT; from macOS 13.5 to 14.3 it was "
    "KERN_INVALID_ADDRESS.",
    .since = "11")
{
	MT_CHECK(try_make(vm, self, UINT64_MAX, four_pages(), RW,
		     MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14.3, KERN_INVALID_ADDRESS),
	    MT_UNTIL(13.4, KERN_INVALID_ARGUMENT));
}

MT_CASE(make_memory_entry,
    mask_without_a_common_permission_is_a_protection_failure,
    "entry-is-mask-nothing", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "VM_PROT_IS_MASK with no permission that the memory has is "
    "KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t pages = four_pages();

	MT_CHECK(try_make(vm, self, mt_page, pages,
		     VM_PROT_EXECUTE | VM_PROT_IS_MASK, MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE);
	PROTECT(pages, 1, VM_PROT_NONE);
	MT_CHECK(try_make(vm, self, mt_page, pages, RW | VM_PROT_IS_MASK,
		     MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(make_memory_entry, bit_8_is_ignored, "entry-perm-extra-bits",
    VM_SANITIZE_C "vm_sanitize_memory_entry_perm()",
    "mach_make_memory_entry_64() with permission bit 8 alone makes an entry "
    "without permissions.",
    .since = "11")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages, 8, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, entry, 0, FALSE, RO, RO),
	    KERN_INVALID_RIGHT);
}
