/*
 * Memory entries over regions of different rights, and what a child has of a
 * mapped entry.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

/* Four numbered pages, the last two with another protection. */
static mach_vm_address_t
two_and_two(mach_port_name_t self, vm_prot_t protection)
{
	mach_vm_address_t pages = four_pages();

	PROTECT(pages + 2 * mt_page, 2, protection);
	return pages;
}

MT_CASE(make_memory_entry, mask_is_of_the_memory_alone, "entry-mask-neighbours",
    VM_USER_C "mach_make_memory_entry_64()",
    "An entry of VM_PROT_IS_MASK keeps what its memory allows, whatever the "
    "next region, of another VM object, allows.")
{
	mach_vm_address_t pages = mt_hole(4), at = pages + 2 * mt_page;
	memory_object_size_t size = 4 * mt_page;
	mach_vm_address_t hole = mt_hole(2);
	mach_port_name_t entry;

	MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(stage->map(self, &at, 2 * mt_page, 0, VM_FLAGS_FIXED,
		       MACH_PORT_NULL, 0, FALSE, RO, RO, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RW | VM_PROT_IS_MASK, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_CHECK(map_at(stage, self, hole, 2 * mt_page, PLAIN, entry, 0, FALSE,
		     RW, RW),
	    KERN_SUCCESS);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(pages, 0x52);
}

MT_CASE(make_memory_entry, entry_ends_where_memory_is_to_be_copied,
    "entry-continues-uncopied", VM_USER_C "mach_make_memory_entry_64()",
    "An entry that begins in memory of which a copy is due ends with it; since "
    "macOS 11 it ends with the region.")
{
	mach_vm_address_t pages = four_pages(), copy = mt_hole(2);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_REQUIRE(allocate_at(stage, self, copy, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->copy(self, pages, 2 * mt_page, copy), KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RO, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
}

MT_CASE(make_memory_entry, mask_is_cut_by_maximum_protections,
    "entry-mask-maximum", VM_USER_C "mach_make_memory_entry_64()",
    "An entry of VM_PROT_IS_MASK over two regions of one VM object may write "
    "where the second is only protected for the moment, until macOS 10.15 to "
    "all of it.")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_REQUIRE(stage->protect(self, pages + 2 * mt_page, 2 * mt_page, FALSE,
		       RO),
	    KERN_SUCCESS);
	MT_CHECK(make(vm, self, &size, pages, RW | VM_PROT_IS_MASK, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size,
	    MT_VALUE(2 * mt_page, MT_UNTIL(10.15, 4 * mt_page)));
	MT_CHECK(map_at(stage, self, hole, size, PLAIN, entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 1);
	MT_CHECK_WRITABLE(hole + size - mt_page);
}

MT_CASE(make_memory_entry, mask_is_what_all_regions_allow,
    "entry-mask-share-mixed",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "VM_PROT_IS_MASK with MAP_MEM_VM_SHARE over regions of different rights "
    "gives an entry of the rights that all of them have.",
    .since = "11", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4);
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, two_and_two(self, RO),
		     RW | VM_PROT_IS_MASK | MAP_MEM_VM_SHARE, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 4 * mt_page);
	MT_CHECK(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RW, RW),
	    KERN_INVALID_RIGHT);
	MT_CHECK(map_at(stage, self, hole, size, 0, entry, 0, FALSE, RO, RO),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_BYTE(hole + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(make_memory_entry, maximum_limits_the_rights_of_an_entry,
    "entry-prot-too-much-maximum",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "An entry of more rights than the maximum of its memory is "
    "KERN_PROTECTION_FAILURE and holds no memory; until macOS 11.2 the current "
    "protection decides, which may exceed the maximum, and until macOS 10.15 it "
    "is KERN_INVALID_RIGHT.",
    .needs = "native")
{
	mach_vm_address_t page = mt_hole(1);

	MT_REQUIRE(map_at(stage, self, page, mt_page, PLAIN, MACH_PORT_NULL, 0,
		       FALSE, RW, RO),
	    KERN_SUCCESS);
	MT_CHECK(try_make(vm, self, mt_page, page, RW, MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(11.2, KERN_SUCCESS),
	    MT_UNTIL(10.15, KERN_INVALID_RIGHT));
	MT_CHECK_BYTE(page, 0);
	MT_CHECK_REGION(page,
	    .ref_count = MT_VALUE(1, MT_UNTIL(11.2, 2), MT_UNTIL(10.15, 1)));
}

MT_CASE(make_memory_entry, rights_that_a_region_lacks_fail, "entry-share-mixed",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "MAP_MEM_VM_SHARE without VM_PROT_IS_MASK is KERN_PROTECTION_FAILURE "
    "where one of the regions lacks a right that is asked for.",
    .since = "11", .needs = "native")
{
	mach_vm_address_t pages = two_and_two(self, RO);

	MT_CHECK(try_make(vm, self, 4 * mt_page, pages, RW | MAP_MEM_VM_SHARE,
		     MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(try_make(vm, self, 4 * mt_page, pages, RO | MAP_MEM_VM_SHARE,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
}

MT_CASE(make_memory_entry, mask_without_a_common_right_fails,
    "entry-mask-share-none", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "VM_PROT_IS_MASK with MAP_MEM_VM_SHARE is KERN_PROTECTION_FAILURE where "
    "the regions have no right in common.",
    .since = "11", .needs = "native")
{
	mach_vm_address_t pages = two_and_two(self, VM_PROT_NONE);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(pages, &before));
	MT_CHECK(try_make(vm, self, 4 * mt_page, pages,
		     RW | VM_PROT_IS_MASK | MAP_MEM_VM_SHARE, MACH_PORT_NULL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(pages, .ref_count = before.ref_count);
}

MT_CASE(make_memory_entry, mask_is_cut_to_the_parent, "entry-mask-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "VM_PROT_IS_MASK for a part of a read-only entry gives a read-only "
    "entry; without it a right that the parent lacks is "
    "KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t hole = mt_hole(1);
	mach_port_name_t parent = entry_for(self, 64 * KIB, 0,
	    RO | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	memory_object_size_t size = 32 * KIB;
	mach_port_name_t child;

	MT_CHECK(try_make(vm, self, 32 * KIB, 0, RW, parent),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(make(vm, self, &size, 0, RW | VM_PROT_IS_MASK, &child, parent),
	    KERN_SUCCESS);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, child, 0, FALSE, RW, RW),
	    KERN_INVALID_RIGHT);
	MT_CHECK(map_at(stage, self, hole, mt_page, 0, child, 0, FALSE, RO, RO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0);
}

/* New memory of an entry at a hole, numbered. */
static mach_vm_address_t
mapped_entry(mach_port_name_t self)
{
	mach_vm_address_t hole = mt_hole(4);
	mach_port_name_t entry = entry_for(self, 4 * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, PLAIN, entry, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	NUMBER_PAGES(hole, 4, 1);
	return hole;
}

MT_CASE(inherit, child_copies_a_mapped_entry, "fork-copy-entry",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_COPY of a mapped memory entry gives the child a copy: its "
    "stores do not reach the parent.",
    .needs = "native")
{
	mach_vm_address_t pages = mapped_entry(self);

	MT_CHECK(vm->inherit(self, pages, 4 * mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHILD {
		for (unsigned i = 0; i < 4; i++)
			MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(1 + i));
		TOUCH(pages + mt_page, 0xc1);
		MT_CHECK_BYTE(pages + mt_page, 0xc1);
		MT_CHECK_BYTE(pages + 2 * mt_page, 3);
	}
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(inherit, child_shares_a_mapped_entry, "fork-share-entry",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_SHARE of a mapped memory entry shares it: the child's "
    "stores reach the parent.",
    .needs = "native")
{
	mach_vm_address_t pages = mapped_entry(self);

	MT_CHECK(vm->inherit(self, pages + mt_page, 2 * mt_page,
		     VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		TOUCH(pages + mt_page, 0xc1);
		TOUCH(pages, 0xc0);
	}
	MT_CHECK_BYTE(pages + mt_page, 0xc1);
	MT_CHECK_BYTE(pages, 1);
}
