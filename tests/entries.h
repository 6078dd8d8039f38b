/*
 * Making memory entries and mapping them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_ENTRIES_H
#define TESTS_ENTRIES_H

#include "transfer.h"

#define RW VM_PROT_DEFAULT
#define RO VM_PROT_READ

/* Four pages, numbered from 1. */
static inline mach_vm_address_t
four_pages(void)
{
	mach_vm_address_t pages = mt_pages(4);

	NUMBER_PAGES(pages, 4, 1);
	return pages;
}

/* Make an entry; a failure must leave size and name alone. */
static inline kern_return_t
make(const struct mt_route *vm, mach_port_name_t self,
    memory_object_size_t *size, memory_object_offset_t offset,
    vm_prot_t permission, mach_port_name_t *entry, mach_port_name_t parent)
{
	memory_object_size_t before = *size;
	kern_return_t kr;

	*entry = 0x7777;
	kr = vm->make_memory_entry(self, size, offset, permission, entry,
	    parent);
	if (kr != KERN_SUCCESS) {
		MT_CHECK_NUMBER(*entry, 0x7777);
		MT_CHECK_NUMBER(*size, before);
	}
	return kr;
}

/* Only the answer. */
static inline kern_return_t
try_make(const struct mt_route *vm, mach_port_name_t self,
    memory_object_size_t size, memory_object_offset_t offset,
    vm_prot_t permission, mach_port_name_t parent)
{
	mach_port_name_t entry;

	return make(vm, self, &size, offset, permission, &entry, parent);
}

/* The stage's entry for a range, with the whole size. */
static inline mach_port_name_t
entry_for(mach_port_name_t self, memory_object_size_t size,
    memory_object_offset_t offset, vm_prot_t permission,
    mach_port_name_t parent)
{
	memory_object_size_t got = size;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &got, offset, permission,
		       &entry, parent),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(entry != MACH_PORT_NULL);
	return entry;
}

/* Map size bytes of an entry at a fixed address. */
static inline kern_return_t
map_at(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size, int flags,
    mach_port_name_t entry, memory_object_offset_t offset, boolean_t copy,
    vm_prot_t current, vm_prot_t maximum)
{
	return vm->map(self, &address, size, 0, VM_FLAGS_FIXED | flags, entry,
	    offset, copy, current, maximum, VM_INHERIT_COPY);
}

#endif
