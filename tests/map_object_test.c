/*
 * Mapping a memory entry, and ports that are not memory entries.  And
 * the order in which mach_vm_map tests its arguments.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* A memory entry for [address, address + size) with these permissions. */
static mach_port_name_t
entry_for(mach_port_name_t self, mach_vm_address_t address, mach_vm_size_t size,
    vm_prot_t permission)
{
	memory_object_size_t entry_size = size;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &entry_size, address,
		       permission, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(entry_size == size);
	return entry;
}

/* Map size bytes of an object at a fixed address, shared. */
static kern_return_t
map_object(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size, mach_port_name_t object,
    memory_object_offset_t offset, vm_prot_t current, vm_prot_t maximum)
{
	return vm->map(self, &address, size, 0, VM_FLAGS_FIXED | PLAIN, object,
	    offset, FALSE, current, maximum, VM_INHERIT_DEFAULT);
}

MT_CASE(map, task_port_is_no_object, "map-object-wrong-type", "vm_map.html",
    "mach_vm_map() of a port that is no memory object is "
    "KERN_INVALID_OBJECT.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_object(vm, self, hole, mt_page, self, 0, VM_PROT_DEFAULT,
		     VM_PROT_ALL),
	    KERN_INVALID_OBJECT);
	MT_CHECK(map_object(vm, self, hole, mt_page, mach_host_self(), 0,
		     VM_PROT_DEFAULT, VM_PROT_ALL),
	    KERN_INVALID_OBJECT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, wrong_object_is_reported_before_a_bad_address,
    "map-object-wrong-type-order", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() checks the object before the address.")
{
	MT_CHECK(map_object(vm, self, 0, mt_page, self, 0, VM_PROT_DEFAULT,
		     VM_PROT_ALL),
	    KERN_INVALID_OBJECT);
}

MT_CASE(map, bad_protection_is_reported_before_a_wrong_object,
    "map-order-protection-object", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() checks the protections before the object.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_object(vm, self, hole, mt_page, self, 0, 0x100,
		     VM_PROT_ALL),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_object(vm, self, hole, 0, self, 0, VM_PROT_DEFAULT,
		     VM_PROT_ALL),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(map, size_that_rounds_to_zero_is_reported_before_a_wrong_object,
    "map-object-wrong-type-size", VM_MAP_C "vm_map_enter_mem_object_helper()",
    "mach_vm_map() of a size that rounds to 0 and of a port that is no memory "
    "object is KERN_INVALID_ARGUMENT, until macOS 13.2 KERN_INVALID_OBJECT.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_object(vm, self, hole, UINT64_MAX, self, 0,
		     VM_PROT_DEFAULT, VM_PROT_ALL),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(13.2, KERN_INVALID_OBJECT));
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, wrapping_range_is_reported_before_a_wrong_object,
    "map-fixed-wrap-object", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() checks the range before the object; until macOS 14 it "
    "was the other way round.")
{
	MT_CHECK(map_object(vm, self, LAST_PAGE, mt_page, self, 0,
		     VM_PROT_DEFAULT, VM_PROT_ALL),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_INVALID_OBJECT));
}

MT_CASE(map, object_name_without_a_right_cannot_be_sent, "map-object-no-right",
    IPC_KMSG_C "ipc_kmsg_copyin_port_descriptor()",
    "mach_vm_map() of an object name that denotes no right fails in "
    "sending.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_object(vm, self, hole, mt_page, 0x00fade03, 0,
		     VM_PROT_DEFAULT, VM_PROT_ALL),
	    MACH_SEND_INVALID_RIGHT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, dead_object_maps_zero_filled_memory, "map-null-object-dead",
    "vm_map.html",
    "MACH_PORT_DEAD as the object of mach_vm_map() maps zero-filled memory, "
    "as MACH_PORT_NULL does.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_object(vm, self, hole, mt_page, MACH_PORT_DEAD, 0,
		     VM_PROT_DEFAULT, VM_PROT_ALL),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0);
	MT_CHECK_WRITABLE(hole);
}

MT_CASE(map, mapped_entry_shares_its_memory, "map-entry-shared", "vm_map.html",
    "mach_vm_map() of a memory entry without copy: what is stored through "
    "the mapping is seen in the original.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(4);
	mach_port_name_t entry;

	TOUCH(pages, 0x51);
	entry = entry_for(self, pages, 2 * mt_page, VM_PROT_DEFAULT);

	MT_CHECK(map_object(vm, self, hole, 2 * mt_page, entry, 0,
		     VM_PROT_DEFAULT, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(map_object(vm, self, hole + 2 * mt_page, 2 * mt_page, entry, 0,
		     VM_PROT_DEFAULT, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0x51);
	TOUCH(hole + mt_page, 0x52);
	MT_CHECK_BYTE(pages + mt_page, 0x52);
	MT_CHECK_BYTE(hole + 3 * mt_page, 0x52);
	MT_CHECK_LAYOUT(hole, "aabb");
}

MT_CASE(map, maximum_beyond_the_entry_is_an_invalid_right,
    "map-entry-prot-exceeds", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() with a maximum protection that the memory entry lacks is "
    "KERN_INVALID_RIGHT; vm_map.html promises KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_port_name_t entry;

	TOUCH(page, 0x51);
	entry = entry_for(self, page, mt_page, VM_PROT_READ);

	MT_CHECK(map_object(vm, self, hole, mt_page, entry, 0, VM_PROT_READ,
		     VM_PROT_DEFAULT),
	    KERN_INVALID_RIGHT);
	MT_CHECK_HOLE(hole);
	MT_CHECK(map_object(vm, self, hole, mt_page, entry, 0, VM_PROT_READ,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(map, current_beyond_the_entry_is_reduced_first,
    "map-entry-prot-exceeds-current", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() reduces the current protection to the maximum before it "
    "is compared with the memory entry; until macOS 14.4 it was "
    "KERN_INVALID_RIGHT.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_port_name_t entry;

	TOUCH(page, 0x51);
	entry = entry_for(self, page, mt_page, VM_PROT_DEFAULT);

	MT_CHECK(map_object(vm, self, hole, mt_page, entry, 0, VM_PROT_ALL,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS, MT_UNTIL(14.4, KERN_INVALID_RIGHT));
	MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_UNTIL(14.4, ".")));
}

MT_CASE(map, range_beyond_the_entry_is_refused, "map-entry-too-big",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of an offset and size beyond the memory entry is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(3);
	mach_port_name_t entry;

	TOUCH(pages, 0x51);
	entry = entry_for(self, pages, 2 * mt_page, VM_PROT_DEFAULT);

	MT_CHECK(map_object(vm, self, hole, 3 * mt_page, entry, 0, VM_PROT_READ,
		     VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_object(vm, self, hole, 2 * mt_page, entry, mt_page,
		     VM_PROT_READ, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_LAYOUT(hole, "...");
}

MT_CASE(map, offset_selects_a_page_of_the_entry, "map-entry-offset",
    "vm_map.html", "mach_vm_map() maps the memory entry from the offset on.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(1);
	mach_port_name_t entry;

	TOUCH(pages, 0x51);
	TOUCH(pages + mt_page, 0x52);
	entry = entry_for(self, pages, 2 * mt_page, VM_PROT_DEFAULT);

	MT_CHECK(map_object(vm, self, hole, mt_page, entry, mt_page,
		     VM_PROT_READ, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x52);
}

MT_CASE(map, offset_that_wraps_is_refused, "map-entry-offset-overflow",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry with an offset and size that wrap past "
    "2^64 is KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_port_name_t entry;

	TOUCH(page, 0x51);
	entry = entry_for(self, page, mt_page, VM_PROT_DEFAULT);

	MT_CHECK(map_object(vm, self, hole, mt_page, entry, UINT64_MAX,
		     VM_PROT_READ, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, unaligned_offset_is_refused, "map-entry-offset-unaligned",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of a memory entry without VM_FLAGS_RETURN_DATA_ADDR "
    "refuses an offset that is not page-aligned, with copy, too.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(1), at = hole;
	mach_port_name_t entry;

	TOUCH(pages, 0x51);
	entry = entry_for(self, pages, 2 * mt_page, VM_PROT_DEFAULT);

	MT_CHECK(map_object(vm, self, hole, mt_page, entry, 64, VM_PROT_READ,
		     VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->map(self, &at, mt_page, 0, VM_FLAGS_FIXED, entry, 64, TRUE,
		     VM_PROT_READ, VM_PROT_READ, VM_INHERIT_COPY),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
	MT_CHECK_REGION(pages, .ref_count = 2);
}

MT_CASE(map, data_address_keeps_the_offset_within_a_page,
    "map-entry-offset-unaligned-data", VM_MAP_C "vm_map_enter_mem_object()",
    "VM_FLAGS_RETURN_DATA_ADDR makes mach_vm_map() map every page of offset "
    "and size and return the address of the data.")
{
	mach_vm_address_t pages = mt_pages(3), hole = mt_hole(3), at = hole;
	mach_port_name_t entry;

	TOUCH(pages + mt_page + 64, 0x51);
	entry = entry_for(self, pages, 3 * mt_page, VM_PROT_DEFAULT);
	MT_CHECK(vm->map(self, &at, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_RETURN_DATA_ADDR | PLAIN, entry,
		     mt_page + 64, FALSE, VM_PROT_READ, VM_PROT_READ,
		     VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(at, hole + 64);
	MT_CHECK_BYTE(hole + 64, 0x51);
	MT_CHECK_LAYOUT(hole, "aa.");
}

MT_CASE(map_anonymous,
    write_with_execute_is_reported_before_an_occupied_address, "map-order",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() refuses write with execute before it looks for an "
    "occupied address.",
    .arch = "arm64")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | PLAIN, VM_PROT_ALL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(map_anonymous, bad_protection_is_reported_before_a_bad_address,
    "map-order-protection-address", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() checks the protections before the address.")
{
	mach_vm_address_t page = mt_pages(1), address = 0;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0, VM_FLAGS_FIXED,
		     0x100),
	    KERN_INVALID_ARGUMENT);
	address = page;
	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0, VM_FLAGS_FIXED,
		     0x100),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(map, bad_inheritance_is_reported_before_an_occupied_address,
    "map-order-inheritance-address", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() checks the inheritance before the address.")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_FIXED,
		     MACH_PORT_NULL, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
		     VM_INHERIT_DONATE_COPY),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_DEFAULT);
}

MT_CASE(remap, refused_remap_leaves_its_out_parameters, "outs-only-on-success",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() leaves the address and both protections alone when it "
    "fails.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + 5;
	vm_prot_t current = 0x51, maximum = 0x52;

	MT_CHECK(vm->remap(self, &address, mt_page, 0, VM_FLAGS_FIXED, self,
		     hole + mt_page, FALSE, &current, &maximum,
		     VM_INHERIT_DEFAULT),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(address, hole + 5);
	MT_CHECK_NUMBER(current, 0x51);
	MT_CHECK_NUMBER(maximum, 0x52);
}

MT_CASE(make_memory_entry, refused_entry_leaves_its_out_parameters,
    "entry-handle-on-failure",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_internal()",
    "mach_make_memory_entry_64() leaves the size and the handle alone when "
    "it fails.")
{
	mach_vm_address_t hole = mt_hole(1);
	memory_object_size_t size = 1;
	mach_port_name_t entry = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, hole, VM_PROT_READ, &entry,
		     MACH_PORT_NULL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(size, 1);
	MT_CHECK_NUMBER(entry, 0x51);
}
