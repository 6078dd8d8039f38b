/*
 * What moves bytes out of the comm page of x86_64, which lies above the map's
 * maximum, and what is kept from moving any into it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

#define PAGE UINT64_C(0x7fffffe00000)

/* "commpage 64-bit": osfmk/i386/commpage/commpage.c signature. */
#define FIRST 'c'

MT_CASE(read, comm_page_is_read_in_any_size, "read-commpage",
    VM_MAP_C "vm_map_copyin_internal()",
    "On x86_64 mach_vm_read() reads the comm page, which lies above the "
    "map's maximum, by reference in any size.",
    .arch = "x86_64", .needs = "native")
{
	mach_msg_type_number_t size = 0;
	vm_offset_t data = 0;

	MT_CHECK(vm->read(self, PAGE, 64, &data, &size), KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 64);
	MT_CHECK_BYTE(data, FIRST);
	MT_CHECK(vm->read(self, PAGE, mt_page, &data, &size), KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);
	MT_CHECK_BYTE(data, FIRST);
	MT_CHECK_REGION(data, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(read_overwrite, comm_page_is_read_into_memory,
    "read-commpage-overwrite", VM_MAP_C "vm_map_copyin_internal()",
    "On x86_64 mach_vm_read_overwrite() reads the comm page.", .arch = "x86_64",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_size_t size = 0;

	MT_CHECK(vm->read_overwrite(self, PAGE, 16, page, &size), KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 16);
	MT_CHECK_BYTE(page, FIRST);
}

MT_CASE(copy, comm_page_is_copied_from, "read-commpage-copy",
    VM_MAP_C "vm_map_copyin_internal()",
    "On x86_64 mach_vm_copy() accepts the comm page as its source.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->copy(self, PAGE, mt_page, page), KERN_SUCCESS);
	MT_CHECK_BYTE(page, FIRST);
}

MT_CASE(copy, comm_page_is_not_copied_to, "comm-copy-into",
    VM_MAP_C "vm_map_copy_overwrite()",
    "On x86_64 mach_vm_copy() to the comm page fails: the destination lies "
    "outside the map.",
    .arch = "x86_64", .needs = "native")
{
	MT_CHECK(vm->copy(self, mt_pages(1), mt_page, PAGE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(write, comm_page_is_not_written, "comm-write-into",
    VM_MAP_C "vm_map_copy_overwrite()",
    "On x86_64 mach_vm_write() of a byte or a page to the comm page fails: "
    "the destination lies outside the map.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->write(self, PAGE, (vm_offset_t)page, 1),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->write(self, PAGE, (vm_offset_t)page,
		     (mach_msg_type_number_t)mt_page),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(make_memory_entry, comm_page_has_read_only_entries, "entry-commpage",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "On x86_64 mach_make_memory_entry_64() makes a read-only entry of the "
    "comm page, which can be mapped elsewhere; with VM_PROT_WRITE it fails.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(make(vm, self, &size, PAGE, RO, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, entry, 0, FALSE, RO, RO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, FIRST);
	MT_CHECK(try_make(vm, self, mt_page, PAGE, RW, MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE);
}
