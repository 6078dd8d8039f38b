/*
 * Memory entries: what mach_make_memory_entry_64 makes and refuses.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* An entry; *size is in and out. */
static kern_return_t
make(const struct mt_route *vm, mach_port_name_t self,
    memory_object_size_t *size, memory_object_offset_t offset,
    vm_prot_t permission, mach_port_name_t *entry)
{
	return vm->make_memory_entry(self, size, offset, permission, entry,
	    MACH_PORT_NULL);
}

/* Map a whole entry shared at a fixed address. */
static void
map_entry(mach_port_name_t self, mach_vm_address_t address, mach_vm_size_t size,
    mach_port_name_t entry, vm_prot_t protection)
{
	MT_REQUIRE(stage->map(self, &address, size, 0, VM_FLAGS_FIXED | PLAIN,
		       entry, 0, FALSE, protection, protection,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, entry_denotes_the_memory_itself, "entry-plain",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() without a flag makes an entry of the "
    "memory itself: what is stored through a mapping of the entry is seen "
    "there.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(pages, 0x51);
	MT_CHECK(make(vm, self, &size, pages, VM_PROT_DEFAULT, &entry),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(entry != MACH_PORT_NULL && entry != MACH_PORT_DEAD);
	MT_CHECK_NUMBER(size, 2 * mt_page);

	map_entry(self, hole, 2 * mt_page, entry, VM_PROT_DEFAULT);
	MT_CHECK_BYTE(hole, 0x51);
	TOUCH(hole + mt_page, 0x52);
	MT_CHECK_BYTE(pages + mt_page, 0x52);
}

MT_CASE(make_memory_entry, untouched_memory_gets_an_object, "entry-untouched",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of memory that was never touched gives it "
    "a VM object.")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(make(vm, self, &size, page, VM_PROT_DEFAULT, &entry),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .pages_resident = 0, .ref_count = 2);
	MT_CHECK_BYTE(page, 0);
}

MT_CASE(make_memory_entry, memory_of_an_entry_is_truly_shared,
    "entry-makes-true-share",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() makes the memory SM_TRUESHARED, SM_SHARED "
    "from macOS 11 to 11.2: the entry holds the second reference to its VM "
    "object.")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_DEFAULT, &entry),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .ref_count = 2,
	    .share_mode = MT_VALUE(SM_TRUESHARED, MT_UNTIL(11.2, SM_SHARED),
		MT_UNTIL(10.15, SM_TRUESHARED)));
}

MT_CASE(make_memory_entry, entry_keeps_the_memory_alive,
    "entry-survives-dealloc",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "A memory entry keeps the memory after its own mapping is deallocated.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_DEFAULT, &entry),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, page, mt_page), KERN_SUCCESS);

	map_entry(self, hole, mt_page, entry, VM_PROT_DEFAULT);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(make_memory_entry, size_is_rounded_to_pages, "entry-size-rounded",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() returns the size of all pages that the "
    "range touches.")
{
	mach_vm_address_t pages = mt_pages(4);
	memory_object_size_t size = mt_page + 1;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(make(vm, self, &size, pages, VM_PROT_READ, &entry),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);

	size = 2 * mt_page + 1;
	MT_CHECK(make(vm, self, &size, pages + mt_page + 1, VM_PROT_READ,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 3 * mt_page);
}

MT_CASE(make_memory_entry, data_address_keeps_the_offset_in_the_page,
    "entry-use-data-addr-size",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_USE_DATA_ADDR makes the size returned that of the pages less "
    "the offset in the first.")
{
	mach_vm_address_t pages = mt_pages(4);
	memory_object_size_t size = 2 * mt_page + 1;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_CHECK(make(vm, self, &size, pages + mt_page + 1,
		     MAP_MEM_USE_DATA_ADDR | VM_PROT_READ, &entry),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 3 * mt_page - 1);
}

MT_CASE(make_memory_entry, plain_entry_ends_with_its_region,
    "entry-size-truncated", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() without a flag makes an entry of one VM "
    "object: its size is reduced to the first region, and the reduced size "
    "is returned.")
{
	mach_vm_address_t hole = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, 2 * mt_page,
		       TAG(242)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x51);

	MT_CHECK(make(vm, self, &size, hole, VM_PROT_DEFAULT, &entry),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
}

MT_CASE(make_memory_entry, shared_entry_takes_several_regions, "entry-vm-share",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_VM_SHARE makes an entry of the whole range, whatever its "
    "regions.")
{
	mach_vm_address_t hole = mt_hole(4), target = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, 2 * mt_page,
		       TAG(242)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x51);

	MT_CHECK(make(vm, self, &size, hole, MAP_MEM_VM_SHARE | VM_PROT_DEFAULT,
		     &entry),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 4 * mt_page);
	map_entry(self, target, 4 * mt_page, entry, VM_PROT_DEFAULT);
	TOUCH(target + 3 * mt_page, 0x52);
	MT_CHECK_BYTE(hole + 3 * mt_page, 0x52);
}

MT_CASE(make_memory_entry, unmapped_memory_is_an_invalid_address, "entry-hole",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of an unmapped address is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51;

	MT_CHECK(make(vm, self, &size, hole, VM_PROT_READ, &entry),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, later_hole_cuts_a_plain_entry, "entry-hole-later",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "A hole after the first region shortens an entry without a flag; with "
    "MAP_MEM_VM_SHARE it is refused.")
{
	mach_vm_address_t pages = mt_pages(3);
	memory_object_size_t size = 3 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(make(vm, self, &size, pages, VM_PROT_DEFAULT, &entry),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);

	size = 3 * mt_page;
	MT_CHECK(make(vm, self, &size, pages,
		     MAP_MEM_VM_SHARE | VM_PROT_DEFAULT, &entry),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(make(vm, self, &size, pages, MAP_MEM_VM_COPY | VM_PROT_DEFAULT,
		     &entry),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(make_memory_entry, size_zero_is_an_invalid_argument,
    "entry-plain-zero-size", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of size 0 is KERN_INVALID_ARGUMENT since "
    "macOS 11; before that it made an entry without memory.")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = 0;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_READ, &entry),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(10.15, KERN_SUCCESS));
	MT_CHECK_NUMBER(size, 0);
}

MT_CASE(make_memory_entry, permission_that_the_memory_lacks_is_refused,
    "entry-prot-too-much", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() refuses a permission that the memory's "
    "current protection lacks.")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_DEFAULT, &entry),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_READ, &entry),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, mask_takes_the_permissions_the_memory_has,
    "entry-is-mask", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "VM_PROT_IS_MASK makes an entry with those of the permissions that the "
    "memory has.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	mach_vm_address_t address = hole;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_DEFAULT | VM_PROT_IS_MASK,
		     &entry),
	    KERN_SUCCESS);

	MT_CHECK(stage->map(self, &address, mt_page, 0, VM_FLAGS_FIXED, entry,
		     0, FALSE, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
		     VM_INHERIT_DEFAULT),
	    KERN_INVALID_RIGHT);
	map_entry(self, hole, mt_page, entry, VM_PROT_READ);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(make_memory_entry, entry_without_permission_cannot_be_mapped,
    "entry-perm-none", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "A memory entry can have no permission; then it cannot be mapped with "
    "any.")
{
	mach_vm_address_t page = mt_pages(1), address = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_CHECK(make(vm, self, &size, page, VM_PROT_NONE, &entry),
	    KERN_SUCCESS);
	MT_CHECK(stage->map(self, &address, mt_page, 0, VM_FLAGS_FIXED, entry,
		     0, FALSE, VM_PROT_READ, VM_PROT_READ, VM_INHERIT_DEFAULT),
	    KERN_INVALID_RIGHT);
}

MT_CASE(make_memory_entry, unknown_flag_is_an_invalid_value,
    "entry-flag-unknown",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_sanitize_perm()",
    "mach_make_memory_entry_64() of any kind with an undefined flag is "
    "KERN_INVALID_VALUE.")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_NAMED_CREATE,
		MAP_MEM_VM_COPY, MAP_MEM_VM_SHARE, MAP_MEM_NAMED_REUSE };
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x51;

	TOUCH(page, 0x51);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		for (int bit = 8; bit < 13; bit++)
			MT_CHECK(make(vm, self, &size, page,
				     kinds[i] | 1 << bit | VM_PROT_READ,
				     &entry),
			    KERN_INVALID_VALUE);
	MT_CHECK_NUMBER(size, mt_page);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, port_that_is_no_entry_is_no_parent,
    "entry-parent-wrong-kind",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() treats a parent that is no memory entry as "
    "none.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_CHECK(vm->make_memory_entry(self, &size, page, VM_PROT_DEFAULT,
		     &entry, mach_host_self()),
	    KERN_SUCCESS);
	map_entry(self, hole, mt_page, entry, VM_PROT_DEFAULT);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(make_memory_entry, child_is_a_part_of_its_parent, "entry-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_make_memory_entry_64() with a parent takes offset and size "
    "relative to it.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4), hole = mt_hole(1);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t parent = MACH_PORT_NULL, entry = MACH_PORT_NULL;

	TOUCH(pages + 2 * mt_page, 0x52);
	MT_REQUIRE(make(vm, self, &size, pages, VM_PROT_DEFAULT, &parent),
	    KERN_SUCCESS);
	size = mt_page;
	MT_CHECK(vm->make_memory_entry(self, &size, 2 * mt_page,
		     VM_PROT_DEFAULT, &entry, parent),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, mt_page);
	map_entry(self, hole, mt_page, entry, VM_PROT_DEFAULT);
	MT_CHECK_BYTE(hole, 0x52);
}

MT_CASE(make_memory_entry, child_beyond_its_parent_is_refused,
    "entry-child-beyond",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_make_memory_entry_64() refuses a child that is not within its "
    "parent, be it memory of the same object.")
{
	const mach_vm_size_t unit = 4 * mt_page; /* the kernel's, at least */
	mach_vm_address_t pages = mt_pages(8);
	memory_object_size_t size = unit;
	mach_port_name_t parent = MACH_PORT_NULL, entry = 0x51;

	TOUCH(pages, 0x51);
	TOUCH(pages + unit, 0x52);
	MT_REQUIRE(make(vm, self, &size, pages, VM_PROT_READ, &parent),
	    KERN_SUCCESS);
	for (unsigned at = 1; at <= 2; at++) {
		size = mt_page;
		MT_CHECK(vm->make_memory_entry(self, &size, at * unit,
			     VM_PROT_READ, &entry, parent),
		    KERN_INVALID_ARGUMENT);
	}
	size = 2 * unit;
	MT_CHECK(vm->make_memory_entry(self, &size, 0, VM_PROT_READ, &entry,
		     parent),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(entry, 0x51);
}

MT_CASE(make_memory_entry, child_with_more_permission_is_refused,
    "entry-child-prot",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_make_memory_entry_64() refuses a child with a permission that its "
    "parent lacks.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t parent = MACH_PORT_NULL, entry = 0x51;

	TOUCH(pages, 0x51);
	MT_REQUIRE(make(vm, self, &size, pages, VM_PROT_READ, &parent),
	    KERN_SUCCESS);
	size = mt_page;
	MT_CHECK(vm->make_memory_entry(self, &size, 0, VM_PROT_DEFAULT, &entry,
		     parent),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->make_memory_entry(self, &size, 0, VM_PROT_READ, &entry,
		     parent),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, size_zero_within_a_page_is_an_invalid_argument,
    "entry-plain-zero-size-unaligned",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of size 0 at an address within a page is "
    "KERN_INVALID_ARGUMENT since macOS 15; before that it made an entry for "
    "the page.")
{
	mach_vm_address_t page = mt_pages(1);
	memory_object_size_t size = 0;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH(page, 0x51);
	MT_CHECK(make(vm, self, &size, page + 8, VM_PROT_READ, &entry),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_SUCCESS));
	MT_CHECK_NUMBER(size != 0, FALSE, MT_UNTIL(14, TRUE));
}
