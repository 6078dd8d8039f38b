/*
 * mach_make_memory_entry_64 on a port that is no task's: what needs no map
 * works.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "trap.h"

MT_CASE(make_memory_entry, new_memory_needs_no_task, "entry-null-map-create",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE succeeds on a port that is no task: new memory "
    "needs no map, and is rounded to the kernel's pages without one.")
{
	mach_vm_address_t hole = mt_hole(4);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, mt_trap_thread_self(), &size, 0,
		     RW | MAP_MEM_NAMED_CREATE, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page, MT_PAGES("4K on 16K", 0x4000));
	MT_CHECK(map_at(stage, self, hole, size, PLAIN, entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_WRITABLE(hole + mt_page);
}

MT_CASE(make_memory_entry, part_of_an_entry_needs_no_task,
    "entry-null-map-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_make_memory_entry_64() of a part of another entry succeeds on a "
    "port that is no task.",
    .since = "15")
{
	mach_port_name_t parent = entry_for(self, 64 * KIB, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	memory_object_size_t size = 16 * KIB;
	mach_port_name_t child;

	MT_CHECK(make(vm, mt_trap_thread_self(), &size, 32 * KIB, RO, &child,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 16 * KIB);
}

MT_CASE(make_memory_entry, existing_memory_needs_a_task, "entry-null-map",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy(), "
		      "mach_make_memory_entry_share()",
    "An entry for existing memory, plain, MAP_MEM_VM_SHARE or "
    "MAP_MEM_VM_COPY, is KERN_INVALID_TASK on a port that is no task; of "
    "size 0 KERN_INVALID_ARGUMENT.",
    .since = "15")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_SHARE, MAP_MEM_VM_COPY,
		MAP_MEM_NAMED_REUSE };
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		MT_CHECK(try_make(vm, mt_trap_thread_self(), mt_page, page,
			     RW | kinds[i], MACH_PORT_NULL),
		    KERN_INVALID_TASK);
		MT_CHECK(try_make(vm, mt_trap_thread_self(), 0, page,
			     RW | kinds[i], MACH_PORT_NULL),
		    KERN_INVALID_ARGUMENT);
	}
}

MT_CASE(make_memory_entry, arguments_are_checked_before_the_task,
    "entry-null-map-order",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_internal()",
    "An unknown bit of the permission is KERN_INVALID_VALUE and MAP_MEM_ONLY "
    "without a parent KERN_INVALID_ARGUMENT on a port that is no task, "
    "too.",
    .since = "15")
{
	MT_CHECK(try_make(vm, mt_trap_thread_self(), mt_page, 0, RW | 0x100,
		     MACH_PORT_NULL),
	    KERN_INVALID_VALUE);
	MT_CHECK(try_make(vm, mt_trap_thread_self(), mt_page, 0,
		     RW | MAP_MEM_ONLY, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
}
