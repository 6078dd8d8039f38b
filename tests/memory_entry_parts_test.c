/*
 * Memory entries that are new memory, snapshots, shares of several regions,
 * and parts of another entry.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "trap.h"

MT_CASE(make_memory_entry, created_size_is_rounded, "entry-create-rounded",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only(), named_create()",
    "The size of new memory is rounded up to pages.")
{
	memory_object_size_t size = 1;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, 0, RW | MAP_MEM_NAMED_CREATE, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);
	size = mt_page;
	MT_CHECK(make(vm, self, &size, 0x123, RW | MAP_MEM_NAMED_CREATE, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
}

MT_CASE(make_memory_entry, limit_of_new_memory, "entry-create-limit",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only(), named_create()",
    "New memory of 4 GiB can be had; until macOS 12 it could not.")
{
	memory_object_size_t size = 4 * GIB;
	mach_port_name_t entry;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     RW | MAP_MEM_NAMED_CREATE, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS, MT_UNTIL(12, KERN_FAILURE));
	MT_CHECK(try_make(vm, self, 4 * GIB - 0x10000, 0,
		     RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, snapshots_map_as_copies, "entry-vm-copy-twice",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "Each mapping of a snapshot is a copy of its own.")
{
	mach_vm_address_t a = mt_hole(4), b = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, four_pages(), RW | MAP_MEM_VM_COPY,
		     &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, a, size, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(a, 0x71);
	MT_REQUIRE(map_at(stage, self, b, size, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(b, 1);
	MT_CHECK_BYTE(b + 3 * mt_page, 4);
}

MT_CASE(make_memory_entry, snapshot_and_share_need_no_hole,
    "entry-hole-later-kinds", VM_MAP_C "vm_map_copy_extract()",
    "A hole fails a snapshot and a share.", .since = "10.15")
{
	mach_vm_address_t pages = four_pages();

	PUNCH(pages + 2 * mt_page, 1);
	MT_CHECK(try_make(vm, self, 4 * mt_page, pages, RW | MAP_MEM_VM_SHARE,
		     MACH_PORT_NULL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(try_make(vm, self, 4 * mt_page, pages, RW | MAP_MEM_VM_COPY,
		     MACH_PORT_NULL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(make_memory_entry, grandchild_is_a_part_of_the_part,
    "entry-child-of-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "A child can be a parent.", .needs = "native")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(1);
	mach_port_name_t parent = entry_for(self, 4 * mt_page, pages, RW,
			     MACH_PORT_NULL),
			 child, entry;
	memory_object_size_t size = 2 * mt_page;

	MT_CHECK(make(vm, self, &size, mt_page, RW, &child, parent),
	    KERN_SUCCESS);
	size = mt_page;
	MT_CHECK(make(vm, self, &size, mt_page, RW, &entry, child),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 3);
}

MT_CASE(make_memory_entry, name_without_a_right_cannot_be_sent,
    "entry-parent-no-right", IPC_KMSG_C "ipc_kmsg_copyin_port_descriptor()",
    "A parent's name that denotes no right fails in sending.")
{
	MT_CHECK(try_make(vm, self, mt_page, four_pages(), RW, 0x00fade03),
	    MACH_SEND_INVALID_RIGHT);
}

MT_CASE(make_memory_entry, reused_parent_is_returned, "entry-reuse",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_NAMED_REUSE for what the parent denotes gives the parent "
    "again.")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t parent = entry_for(self, 4 * mt_page, pages, RW,
			     MACH_PORT_NULL),
			 entry;
	memory_object_size_t size = 4 * mt_page;

	MT_CHECK(make(vm, self, &size, pages, RW | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(entry == parent);

	size = 2 * mt_page;
	MT_CHECK(make(vm, self, &size, pages, RW | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(entry != parent);
}

MT_CASE(make_memory_entry, reuse_needs_the_start_of_the_object,
    "entry-reuse-offset", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "A parent whose memory does not begin its object is not given again: "
    "until 10.15 offsets were compared, since 11 the parent's must be 0.")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t parent = entry_for(self, 2 * mt_page,
			     pages + 2 * mt_page, RW, MACH_PORT_NULL),
			 entry;
	memory_object_size_t size = 2 * mt_page;

	MT_CHECK(make(vm, self, &size, pages + 2 * mt_page,
		     RW | MAP_MEM_NAMED_REUSE, &entry, parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(entry == parent, FALSE, MT_UNTIL(10.15, TRUE));
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_REQUIRE(map_at(stage, self, mt_hole(2), size, 0, entry, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, reuse_needs_equal_rights_in_old_releases,
    "entry-reuse-rights", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "Until 10.15 a parent of other rights was not given again; since 11 "
    "nobody asks for them, and less rights than the parent's are more.")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t parent = entry_for(self, 4 * mt_page, pages, RW,
			     MACH_PORT_NULL),
			 entry;
	memory_object_size_t size = 4 * mt_page;

	MT_CHECK(make(vm, self, &size, pages, RO | MAP_MEM_NAMED_REUSE, &entry,
		     parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(entry == parent, TRUE, MT_UNTIL(10.15, FALSE));
}

MT_CASE(make_memory_entry, deallocated_entry_lets_go, "entry-lifetime",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "Without its last right the entry is gone: the memory has one user.")
{
	mach_vm_address_t pages = four_pages();
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .ref_count = 2);
	MT_CHECK(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .ref_count = 1);
	MT_CHECK(map_at(stage, self, mt_hole(1), mt_page, 0, entry, 0, FALSE,
		     RW, RW),
	    MACH_SEND_INVALID_RIGHT);
	MT_CHECK_BYTE(pages + 3 * mt_page, 4);
}
