/*
 * The names of memory entries: what calls leave of their references.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "trap.h"

static kern_return_t
drop(mach_port_name_t name)
{
	return mt_trap_port_mod_refs(mt_trap_task_self(), name,
	    MACH_PORT_RIGHT_SEND, -1);
}

MT_CASE(map, mapping_takes_no_reference_of_the_entry, "entry-name-map",
    "mach/mach_vm.defs, mach_vm_map(): object is a copied send right",
    "mach_vm_map() neither adds nor takes a reference to the memory entry's "
    "name; the mapping outlives it.",
    .needs = "traps")
{
	mach_port_name_t entry = entry_for(self, 2 * mt_page, 0,
	    MAP_MEM_NAMED_CREATE | RW, MACH_PORT_NULL);
	mach_vm_address_t hole = mt_hole(4);

	MT_CHECK(map_at(vm, self, hole, mt_page, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, hole + 2 * mt_page, mt_page, 0, entry,
		     mt_page, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, hole, mt_page, 0, entry, 0, FALSE, RW, RW),
	    KERN_NO_SPACE);
	MT_CHECK(drop(entry), KERN_SUCCESS);
	MT_CHECK(drop(entry), KERN_INVALID_NAME);
	TOUCH(hole, 0x51);
	TOUCH(hole + 2 * mt_page, 0x52);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(make_memory_entry, each_entry_has_one_reference, "entry-name-make",
    "mach/mach_vm.defs, mach_make_memory_entry(): a moved send right",
    "mach_make_memory_entry_64() gives one reference to the new entry and "
    "leaves those to the parent, whose memory the child keeps.",
    .needs = "native traps")
{
	mach_port_name_t parent = entry_for(self, 2 * mt_page, 0,
	    MAP_MEM_NAMED_CREATE | RW, MACH_PORT_NULL);
	mach_vm_address_t hole = mt_hole(2), part = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t child = MACH_PORT_NULL;

	MT_REQUIRE(map_at(stage, self, hole, 2 * mt_page, 0, parent, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	TOUCH(hole + mt_page, 0x52);
	MT_CHECK(make(vm, self, &size, mt_page, RW, &child, parent),
	    KERN_SUCCESS);
	MT_CHECK(drop(parent), KERN_SUCCESS);
	MT_CHECK(drop(parent), KERN_INVALID_NAME);
	PUNCH(hole, 2);

	MT_CHECK(map_at(stage, self, part, mt_page, 0, child, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(part, 0x52);
	MT_CHECK(drop(child), KERN_SUCCESS);
	MT_CHECK(drop(child), KERN_INVALID_NAME);
	MT_CHECK_BYTE(part, 0x52);
}

MT_CASE(make_memory_entry, copy_goes_with_its_name, "entry-name-copy",
    VM_MEMORY_ENTRY_C "mach_memory_entry_port_release()",
    "When the name of an entry that holds a copy is given back, the memory that "
    "was copied has one reference again.",
    .needs = "native traps")
{
	mach_vm_address_t pages = four_pages();
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(make(vm, self, &size, pages, RW | MAP_MEM_VM_COPY, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .ref_count = 2);
	MT_CHECK(drop(entry), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .ref_count = 1);
	MT_CHECK_WRITABLE(pages);
}
