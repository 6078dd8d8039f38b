/*
 * Memory entries that are created empty or hold a copy, and mapping them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "trap.h"
#include "stage.h"

/* An entry of size bytes; it must be had. */
static mach_port_name_t
entry_of(mach_port_name_t self, mach_vm_size_t size,
    memory_object_offset_t offset, vm_prot_t permission)
{
	memory_object_size_t entry_size = size;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &entry_size, offset,
		       permission, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	return entry;
}

/* Map part of an entry at a fixed address. */
static kern_return_t
map_part(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size, int flags,
    mach_port_name_t entry, memory_object_offset_t offset, boolean_t copy)
{
	return vm->map(self, &address, size, 0, VM_FLAGS_FIXED | flags, entry,
	    offset, copy, VM_PROT_DEFAULT, VM_PROT_DEFAULT, VM_INHERIT_DEFAULT);
}

MT_CASE(make_memory_entry, created_entry_is_new_memory, "entry-create",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE makes an entry of new, zero-filled memory of the "
    "rounded size.")
{
	memory_object_size_t size = mt_page + 1;
	mach_port_name_t entry = MACH_PORT_NULL;
	mach_vm_address_t hole = mt_hole(4);

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_REQUIRE(map_part(stage, self, hole, 2 * mt_page, 0, entry, 0, FALSE),
	    KERN_SUCCESS);
	MT_REQUIRE(map_part(stage, self, hole + 2 * mt_page, 2 * mt_page, 0,
		       entry, 0, FALSE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0);
	TOUCH(hole, 0x51);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0x51);
}

MT_CASE(make_memory_entry, created_entry_of_size_zero_is_null,
    "entry-create-zero",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE of size 0 succeeds with a null port since macOS "
    "11; before that it made an entry without memory.")
{
	memory_object_size_t size = 0;
	mach_port_name_t entry = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(entry == MACH_PORT_NULL, TRUE, MT_UNTIL(10.15, FALSE));
	MT_CHECK_NUMBER(size, 0);
}

MT_CASE(make_memory_entry, size_zero_is_judged_before_the_data_address,
    "entry-create-zero-data", VM_USER_C "mach_make_memory_entry_internal()",
    "MAP_MEM_NAMED_CREATE with MAP_MEM_USE_DATA_ADDR succeeds for size 0, with "
    "a null port; until macOS 13.4 it was KERN_INVALID_ARGUMENT as for any "
    "other size.")
{
	const vm_prot_t permission = MAP_MEM_NAMED_CREATE |
	    MAP_MEM_USE_DATA_ADDR | VM_PROT_DEFAULT;
	mach_port_name_t entry = MACH_PORT_NULL;
	memory_object_size_t size = 0;

	MT_CHECK(vm->make_memory_entry(self, &size, 0, permission, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS, MT_UNTIL(13.4, KERN_INVALID_ARGUMENT));
	size = mt_page;
	MT_CHECK(vm->make_memory_entry(self, &size, 0, permission, &entry,
		     MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(make_memory_entry, created_entry_has_a_largest_size,
    "entry-create-too-big",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE of more than ANON_MAX_SIZE fails.")
{
	memory_object_size_t size = LAST_PAGE;
	mach_port_name_t entry = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT, &entry,
		     MACH_PORT_NULL),
	    KERN_FAILURE);
	MT_CHECK_NUMBER(entry, 0x51);
	MT_CHECK_NUMBER(size, LAST_PAGE);
}

MT_CASE(make_memory_entry, created_entry_takes_no_data_address,
    "entry-create-data-addr",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_NAMED_CREATE refuses MAP_MEM_USE_DATA_ADDR.")
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | MAP_MEM_USE_DATA_ADDR |
			 VM_PROT_DEFAULT,
		     &entry, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | MAP_MEM_4K_DATA_ADDR |
			 VM_PROT_DEFAULT,
		     &entry, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, purgeable_entry_needs_write_permission,
    "entry-create-purgeable",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_PURGABLE needs VM_PROT_WRITE.")
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | VM_PROT_READ,
		     &entry, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, purgeable_entry_starts_nonvolatile,
    "entry-create-purgeable-state",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "MAP_MEM_PURGABLE makes an entry in state VM_PURGABLE_NONVOLATILE, "
    "which its mapping can change.")
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	mach_vm_address_t hole = mt_hole(1);
	int state = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | VM_PROT_DEFAULT,
		     &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(map_part(stage, self, hole, mt_page, 0, entry, 0, FALSE),
	    KERN_SUCCESS);
	MT_CHECK(stage->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(map, copy_of_a_created_entry_is_independent, "entry-create-copynone",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "mach_vm_map() with copy of a MAP_MEM_NAMED_CREATE entry copies at "
    "once: neither side sees the other's stores.")
{
	mach_port_name_t entry = entry_of(self, 2 * mt_page, 0,
	    MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT);
	mach_vm_address_t shared = mt_hole(2), copied = mt_hole(2);

	MT_REQUIRE(map_part(stage, self, shared, 2 * mt_page, 0, entry, 0,
		       FALSE),
	    KERN_SUCCESS);
	TOUCH(shared, 0x51);
	MT_CHECK(map_part(vm, self, copied, 2 * mt_page, 0, entry, 0, TRUE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(copied, 0x51);
	TOUCH(shared, 0x52);
	MT_CHECK_BYTE(copied, 0x51);
	TOUCH(copied + mt_page, 0x53);
	MT_CHECK_BYTE(shared + mt_page, 0);
}

MT_CASE(make_memory_entry, snapshot_entry_keeps_the_old_contents,
    "entry-vm-copy", VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "MAP_MEM_VM_COPY makes a snapshot: later stores to the memory are not "
    "seen through the entry.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(vm->make_memory_entry(self, &size, pages,
		     MAP_MEM_VM_COPY | VM_PROT_DEFAULT, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	TOUCH(pages, 0x52);
	MT_REQUIRE(map_part(stage, self, hole, 2 * mt_page, 0, entry, 0, FALSE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
	MT_CHECK_BYTE(pages, 0x52);
}

MT_CASE(make_memory_entry, snapshot_entry_of_size_zero_is_refused,
    "entry-vm-copy-zero", VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "MAP_MEM_VM_COPY of size 0 is refused since macOS 11.", .since = "11")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = 0;
	mach_port_name_t entry = 0x51;

	TOUCH(page, 0x51);
	MT_CHECK(vm->make_memory_entry(self, &size, page,
		     MAP_MEM_VM_COPY | VM_PROT_DEFAULT, &entry, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, snapshot_entry_splits_its_source,
    "entry-vm-copy-splits-source",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "MAP_MEM_VM_COPY of a part of a region splits the region where the part "
    "begins.",
    .since = "11")
{
	mach_vm_address_t pages = mt_pages(32);
	memory_object_size_t size = 16 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH_PAGES(pages, 32, 0x51);
	MT_CHECK(vm->make_memory_entry(self, &size, pages + 16 * mt_page,
		     MAP_MEM_VM_COPY | VM_PROT_DEFAULT, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = 16 * mt_page);
	MT_CHECK_REGION(pages + 16 * mt_page, .address = pages + 16 * mt_page,
	    .share_mode = SM_COW);
}

MT_CASE(make_memory_entry, shared_range_needs_the_permission_throughout,
    "entry-vm-share-prot", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_VM_SHARE needs the permission in every region of the range.")
{
	mach_vm_address_t pages = mt_pages(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry = 0x51;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->make_memory_entry(self, &size, pages,
		     MAP_MEM_VM_SHARE | VM_PROT_DEFAULT, &entry,
		     MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, shared_entry_is_no_parent, "entry-parent-copy-kind",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_internal()",
    "An entry of MAP_MEM_VM_SHARE cannot be a parent.")
{
	mach_vm_address_t pages = mt_pages(2);
	memory_object_size_t size = mt_page;
	mach_port_name_t parent, entry = 0x51;

	TOUCH_PAGES(pages, 2, 0x51);
	parent = entry_of(self, 2 * mt_page, pages,
	    MAP_MEM_VM_SHARE | VM_PROT_DEFAULT);
	MT_CHECK(vm->make_memory_entry(self, &size, 0, VM_PROT_READ, &entry,
		     parent),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, cache_mode_alone_needs_a_parent,
    "entry-only-noparent",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only()",
    "MAP_MEM_ONLY, which changes the cache mode of a parent, is refused "
    "without one.")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51;

	MT_CHECK(vm->make_memory_entry(self, &size, page,
		     MAP_MEM_ONLY | VM_PROT_DEFAULT, &entry, MACH_PORT_NULL),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, cache_mode_needs_a_writable_parent,
    "entry-only-access", VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only()",
    "MAP_MEM_ONLY with another cache mode than the parent's is "
    "KERN_INVALID_RIGHT if the parent has no VM_PROT_WRITE; from macOS 12.3 to "
    "13.2 an entry forgets its mode, and has none.")
{
	const vm_prot_t mode = MAP_MEM_COPYBACK << 24;
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51, parent;

	/* Asked for is MAP_MEM_NOOP, which changes no memory.  An entry with
	 * four bits for its protection has no room for the mode. */
	parent = entry_of(self, mt_page, 0,
	    MAP_MEM_NAMED_CREATE | VM_PROT_READ | mode);
	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_ONLY | VM_PROT_READ, &entry, parent),
	    KERN_INVALID_RIGHT, MT_UNTIL(13.2, KERN_SUCCESS),
	    MT_UNTIL(12.2, KERN_INVALID_RIGHT));
	MT_CHECK_NUMBER(entry, 0x51, MT_UNTIL(13.2, 0), MT_UNTIL(12.2, 0x51));
	parent = entry_of(self, mt_page, 0,
	    MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT | mode);
	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_ONLY | VM_PROT_READ, &entry, parent),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, cache_mode_is_kept_whole, "entry-access-modes",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only()",
    "An entry of MAP_MEM_NAMED_CREATE keeps the eight bits of its cache mode, "
    "known or not: MAP_MEM_ONLY without a mode is KERN_INVALID_RIGHT for a "
    "read-only parent that has one.",
    .since = "11")
{
	for (unsigned mode = 0; mode < 256; mode += mode < 9 ? 1 : 13) {
		memory_object_size_t size = mt_page;
		mach_port_name_t entry = 0x51, parent;

		/* Never mapped: no memory is ever of that mode. */
		parent = entry_of(self, mt_page, 0,
		    MAP_MEM_NAMED_CREATE | VM_PROT_READ |
			(vm_prot_t)(mode << 24));
		MT_CHECK(vm->make_memory_entry(self, &size, 0,
			     MAP_MEM_ONLY | VM_PROT_READ, &entry, parent),
		    mode == 0 ? KERN_SUCCESS : KERN_INVALID_RIGHT,
		    MT_UNTIL(13.2, KERN_SUCCESS),
		    MT_UNTIL(12.2,
			mode == 0 ? KERN_SUCCESS : KERN_INVALID_RIGHT));
		MT_REQUIRE(mt_trap_port_deallocate(self, parent), KERN_SUCCESS);
	}
}

MT_CASE(make_memory_entry, each_entry_has_its_own_cache_mode,
    "entry-access-child", VM_MEMORY_ENTRY_C "mach_make_memory_entry_mem_only()",
    "An entry for existing memory and a child have the cache mode that they "
    "were made with, a child not its parent's.")
{
	const vm_prot_t mode = MAP_MEM_COPYBACK << 24;
	const mach_vm_address_t page = mt_pages(1);
	mach_port_name_t plain = entry_of(self, mt_page, page,
	    VM_PROT_READ | mode);
	mach_port_name_t parent = entry_of(self, 4 * mt_page, 0,
	    MAP_MEM_NAMED_CREATE | VM_PROT_DEFAULT | mode);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51, child;

	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_ONLY | VM_PROT_READ, &entry, plain),
	    KERN_INVALID_RIGHT, MT_UNTIL(13.2, KERN_SUCCESS),
	    MT_UNTIL(12.2, KERN_INVALID_RIGHT));
	size = mt_page;
	MT_REQUIRE(stage->make_memory_entry(self, &size, 0, VM_PROT_READ,
		       &child, parent),
	    KERN_SUCCESS);
	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_ONLY | VM_PROT_READ, &entry, child),
	    KERN_SUCCESS);
	size = mt_page;
	MT_REQUIRE(stage->make_memory_entry(self, &size, 0, VM_PROT_READ | mode,
		       &child, parent),
	    KERN_SUCCESS);
	MT_CHECK(vm->make_memory_entry(self, &size, 0,
		     MAP_MEM_ONLY | VM_PROT_READ, &entry, child),
	    KERN_INVALID_RIGHT, MT_UNTIL(13.2, KERN_SUCCESS),
	    MT_UNTIL(12.2, KERN_INVALID_RIGHT));
}

MT_CASE(map, shared_entry_is_mapped_whole, "map-copy-entry-whole",
    VM_MAP_C "vm_map_enter_mem_object()",
    "An entry of MAP_MEM_VM_SHARE is mapped whole, whatever part "
    "mach_vm_map() asks for within it.",
    .since = "11", .until = "26.3")
{
	mach_vm_address_t pages = mt_pages(4), hole = mt_hole(8);
	mach_port_name_t entry;

	TOUCH_PAGES(pages, 4, 0x51);
	entry = entry_of(self, 4 * mt_page, pages,
	    MAP_MEM_VM_SHARE | VM_PROT_DEFAULT);
	MT_CHECK(map_part(vm, self, hole, mt_page, 0, entry, mt_page, FALSE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aaaa....");
	MT_CHECK(map_part(vm, self, hole + 4 * mt_page, 2 * mt_page, 0, entry,
		     3 * mt_page, FALSE),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(map, unaligned_offset_into_a_shared_entry_is_accepted,
    "map-entry-copy-offset-unaligned", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of an entry of MAP_MEM_VM_SHARE accepts an offset that "
    "is not page-aligned.",
    .since = "11")
{
	mach_vm_address_t pages = mt_pages(4), hole = mt_hole(4);
	mach_port_name_t entry;

	TOUCH_PAGES(pages, 4, 0x51);
	entry = entry_of(self, 4 * mt_page, pages,
	    MAP_MEM_VM_SHARE | VM_PROT_DEFAULT);
	MT_CHECK(map_part(vm, self, hole, 2 * mt_page, 0, entry, 1, FALSE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, MT_PICTURE("aaa.", MT_UNTIL(26.3, "aaaa")));
}

MT_CASE(map, shared_entry_cannot_be_mapped_purgeable, "map-copy-entry-flags",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_FLAGS_PURGABLE is refused for an entry of MAP_MEM_VM_SHARE.",
    .since = "11")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	mach_port_name_t entry;

	TOUCH_PAGES(pages, 2, 0x51);
	entry = entry_of(self, 2 * mt_page, pages,
	    MAP_MEM_VM_SHARE | VM_PROT_DEFAULT);
	MT_CHECK(map_part(vm, self, hole, 2 * mt_page, VM_FLAGS_PURGABLE, entry,
		     0, FALSE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_LAYOUT(hole, "..");
}

MT_CASE(map, shared_entry_mapped_twice_stays_shared,
    "map-copy-entry-shared-live", VM_MAP_C "vm_map_enter_mem_object()",
    "An entry of MAP_MEM_VM_SHARE that is mapped twice shares its memory "
    "with both mappings and the original.",
    .since = "11")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(4);
	mach_port_name_t entry;

	TOUCH_PAGES(pages, 2, 0x51);
	entry = entry_of(self, 2 * mt_page, pages,
	    MAP_MEM_VM_SHARE | VM_PROT_DEFAULT);
	MT_CHECK(map_part(vm, self, hole, 2 * mt_page, 0, entry, 0, FALSE),
	    KERN_SUCCESS);
	MT_CHECK(map_part(vm, self, hole + 2 * mt_page, 2 * mt_page, 0, entry,
		     0, FALSE),
	    KERN_SUCCESS);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(pages, 0x52);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0x52);
}

MT_CASE(map, snapshot_entry_mapped_twice_is_shared,
    "map-copy-entry-shared-copy", VM_MAP_C "vm_map_enter_mem_object()",
    "An entry of MAP_MEM_VM_COPY that is mapped twice shares its memory with "
    "both mappings, also when the first may only be read; the original keeps "
    "its own.")
{
	mach_vm_address_t pages = mt_pages(2), low = mt_hole(4);
	const mach_vm_address_t high = low + 2 * mt_page;
	mach_port_name_t entry;

	TOUCH_PAGES(pages, 2, 0x51);
	entry = entry_of(self, 2 * mt_page, pages,
	    MAP_MEM_VM_COPY | VM_PROT_DEFAULT);
	MT_CHECK(vm->map(self, &low, 2 * mt_page, 0, VM_FLAGS_FIXED, entry, 0,
		     FALSE, VM_PROT_READ, VM_PROT_READ, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(low, 0x51);
	MT_CHECK(map_part(vm, self, high, 2 * mt_page, 0, entry, 0, FALSE),
	    KERN_SUCCESS);
	TOUCH(high, 0x52);
	MT_CHECK_BYTE(low, 0x52);
	MT_CHECK_BYTE(pages, 0x51);
	TOUCH(pages + mt_page, 0x53);
	MT_CHECK_BYTE(low + mt_page, 0x51);
	MT_CHECK_BYTE(high + mt_page, 0x51);
}

MT_CASE(map, mask_reduces_to_the_rights_of_the_entry, "map-entry-ismask",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_PROT_IS_MASK makes mach_vm_map() reduce the protections to what the "
    "memory entry has.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_vm_address_t address = hole;
	mach_port_name_t entry;

	TOUCH(page, 0x51);
	entry = entry_of(self, mt_page, page, VM_PROT_READ);
	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
		     entry, 0, FALSE, VM_PROT_DEFAULT | VM_PROT_IS_MASK,
		     VM_PROT_ALL | VM_PROT_IS_MASK, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
}

MT_CASE(map, inheritance_of_a_mapped_entry_is_kept, "map-entry-inherit",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry gives the mapping the inheritance of "
    "the call.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_vm_address_t address = hole;
	mach_port_name_t entry;

	TOUCH(page, 0x51);
	entry = entry_of(self, mt_page, page, VM_PROT_READ);
	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
		     entry, 0, FALSE, VM_PROT_READ, VM_PROT_READ,
		     VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .inheritance = VM_INHERIT_NONE,
	    .user_tag = MT_TAG);
}

MT_CASE(map, data_address_of_an_entry_is_returned, "map-entry-return-data",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_FLAGS_RETURN_DATA_ADDR makes mach_vm_map() return the address of "
    "the data, not of its page.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	mach_vm_address_t address = hole;
	mach_port_name_t entry;

	TOUCH(pages + 64, 0x52);
	entry = entry_of(self, mt_page, pages + 64,
	    MAP_MEM_USE_DATA_ADDR | VM_PROT_DEFAULT);
	MT_CHECK(vm->map(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_RETURN_DATA_ADDR | PLAIN, entry,
		     0, FALSE, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
		     VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, hole + 64);
	MT_CHECK_BYTE(hole + 64, 0x52);
}

MT_CASE(map, private_mapping_of_an_entry_is_a_copy, "map-entry-basic-copy",
    "vm_map.html",
    "mach_vm_map() of a memory entry with copy is private: a store on "
    "either side is not seen on the other.")
{
	mach_vm_address_t pages = mt_pages(16), hole = mt_hole(16);
	mach_port_name_t entry;

	TOUCH_PAGES(pages, 16, 0x51);
	entry = entry_of(self, 16 * mt_page, pages, VM_PROT_DEFAULT);
	MT_CHECK(map_part(vm, self, hole, 16 * mt_page, 0, entry, 0, TRUE),
	    KERN_SUCCESS);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(pages, 0x51);
	TOUCH(pages + mt_page, 0x53);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}

MT_CASE(map, purgeable_mapping_needs_a_purgeable_entry,
    "map-purgable-flag-object", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE with an entry that is not purgeable is refused.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_port_name_t entry;

	TOUCH(page, 0x51);
	entry = entry_of(self, mt_page, page, VM_PROT_DEFAULT);
	MT_CHECK(map_part(vm, self, hole, mt_page, VM_FLAGS_PURGABLE, entry, 0,
		     FALSE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
}
