/*
 * What macOS 26.4 changed when it gave each region a lock of its own: when
 * memory gets a VM object or a copy of one, and what regions say of that.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

MT_CASE(fault, refused_access_gives_memory_an_object, "fault-denied-object",
    XNU26 "osfmk/vm/vm_map.c, vm_map_lookup_object_and_lock_entry()",
    "A load that the protection of untouched memory refuses gives the memory "
    "a VM object since macOS 26.4; the exception is the same.")
{
	mach_vm_address_t pages = mt_pages(2);

	PROTECT(pages, 1, VM_PROT_NONE);
	PROTECT(pages + mt_page, 1, VM_PROT_READ);
	MT_CHECK_REGION(pages, .share_mode = SM_EMPTY);

	MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK_FAULT(mt_write(pages + mt_page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_REGION(pages,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(26.3, SM_EMPTY)));
	MT_CHECK_REGION(pages + mt_page,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(26.3, SM_EMPTY)));
}

MT_CASE(fault, refused_store_makes_the_copy_that_is_due,
    "fault-denied-resolves-cow",
    XNU26 "osfmk/vm/vm_map.c, vm_map_lookup_object_and_lock_entry()",
    "A store that the protection of copy-on-write memory refuses gives the "
    "memory a shadow object since macOS 26.4, without a page.",
    .since = "26.4")
{
	mach_vm_address_t pages = four_pages(), copy = 0;

	REMAP(copy, 4 * mt_page, VM_FLAGS_ANYWHERE, pages, TRUE);
	PROTECT(copy, 4, VM_PROT_READ);
	MT_CHECK_REGION(copy, .share_mode = SM_COW, .shadow_depth = 0);

	MT_CHECK_FAULT(mt_write(copy, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_REGION(copy, .share_mode = SM_COW, .shadow_depth = 1);
	MT_CHECK_BYTE(copy, 1);
}

MT_CASE(remap, source_of_a_copy_is_copy_on_write_too, "remap-copy-source-cow",
    XNU26 "osfmk/vm/vm_map.c, vm_map_remap_extract()",
    "mach_vm_remap() with copy makes the whole source region copy-on-write "
    "since macOS 26.4, however small the part, and does not split it.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = four_pages(), copy = 0;
	vm_prot_t current = 0, maximum = 0;

	MT_CHECK(vm->remap(self, &copy, mt_page, 0, VM_FLAGS_ANYWHERE, self,
		     pages + mt_page, TRUE, &current, &maximum,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaaa");
	MT_CHECK_REGION(pages, .share_mode = SM_COW, .shadow_depth = 0);
	TOUCH(pages + mt_page, 0x77);
	MT_CHECK_REGION(pages, .shadow_depth = 1);
	MT_CHECK_BYTE(copy, 2);
}

MT_CASE(remap, sharing_after_a_copy_makes_the_copy, "remap-copy-then-share",
    XNU26 "osfmk/vm/vm_map.c, vm_map_remap_extract()",
    "mach_vm_remap() without copy of memory that an earlier one copied gives "
    "source and result an object of their own that shadows the copied one, "
    "since macOS 26.4.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = four_pages(), copy = 0, shared = 0;
	vm_prot_t current = 0, maximum = 0;

	REMAP(copy, 4 * mt_page, VM_FLAGS_ANYWHERE, pages, TRUE);
	MT_CHECK(vm->remap(self, &shared, 4 * mt_page, 0, VM_FLAGS_ANYWHERE,
		     self, pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .shadow_depth = 1);
	MT_CHECK_REGION(shared, .shadow_depth = 1);
	TOUCH(shared, 0x77);
	MT_CHECK_BYTE(pages, 0x77);
	MT_CHECK_BYTE(copy, 1);
}

MT_CASE(behavior_set, freed_part_of_a_split_region_is_killed,
    "behavior-free-after-clip", XNU26 "osfmk/vm/vm_map.c, vm_map_reuse_pages()",
    "VM_BEHAVIOR_FREE of private memory whose region was split kills its "
    "pages since macOS 26.4: they are no longer dirty.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = four_pages();
	integer_t disposition = 0, references = 0;

	PROTECT(pages, 2, VM_PROT_READ);
	MT_CHECK(vm->behavior_set(self, pages + 2 * mt_page, 2 * mt_page,
		     VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);

	MT_REQUIRE(stage->page_query(self, pages + 2 * mt_page, &disposition,
		       &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & VM_PAGE_QUERY_PAGE_DIRTY, 0);
	MT_CHECK_BYTE(pages, 1);
}

MT_CASE(protect, split_memory_that_was_wired_is_shared_aliased,
    "region-alias-wired", XNU26 "osfmk/vm/vm_map.c, vm_map_region_walk()",
    "SM_SHARED_ALIASED is the share mode of purgeable memory that was wired "
    "once and is split, since macOS 26.4; SM_PRIVATE_ALIASED when it never "
    "was.",
    .since = "26.4", .needs = "native privileged")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, pages, 4 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 4, 1);
	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, 4 * mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, 4 * mt_page,
		       VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_REQUIRE(vm->protect(self, pages, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .share_mode = SM_SHARED_ALIASED, .ref_count = 2);
}

MT_CASE(protect, split_memory_that_was_not_shared_is_private_aliased,
    "region-alias-clipped-private", VM_MAP_C "vm_map_region_walk()",
    "SM_PRIVATE_ALIASED is the share mode of touched private memory that is "
    "split.")
{
	mach_vm_address_t pages = four_pages();

	MT_REQUIRE(vm->protect(self, pages, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE_ALIASED);
	MT_CHECK_REGION(pages + 2 * mt_page, .share_mode = SM_PRIVATE_ALIASED);
}

MT_CASE(inherit, memory_shared_with_a_child_that_is_gone,
    "region-alias-fork-gone", XNU26 "osfmk/vm/vm_map.c, vm_map_region_walk()",
    "SM_SHARED_ALIASED is the share mode of memory, touched or not, that is "
    "split after a child with which it was shared has exited, since macOS "
    "26.4.",
    .since = "26.4", .needs = "native")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t pages = mt_pages(4);

		if (i == 0)
			NUMBER_PAGES(pages, 4, 1);
		MT_REQUIRE(vm->inherit(self, pages, 4 * mt_page,
			       VM_INHERIT_SHARE),
		    KERN_SUCCESS);
		MT_CHILD {
			MT_CHECK_REGION(pages, .size = 4 * mt_page);
		}
		PROTECT(pages, 2, VM_PROT_READ);

		MT_CHECK_REGION(pages, .share_mode = SM_SHARED_ALIASED);
	}
}

MT_CASE(map, part_of_a_copy_entry_is_mapped, "map-copy-entry-partial",
    XNU26 "osfmk/vm/vm_map.c, vm_map_enter_mem_object()",
    "mach_vm_map() of one page of a memory entry of MAP_MEM_VM_COPY maps "
    "that page since macOS 26.4, and no other.",
    .since = "26.4", .needs = "native")
{
	mach_vm_address_t pages = four_pages(), hole = mt_hole(4), address;
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, pages,
		       MAP_MEM_VM_COPY | RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	address = hole + mt_page;

	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
		     entry, 2 * mt_page, FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, ".a..");
	MT_CHECK_BYTE(hole + mt_page, 3);
}

MT_CASE(map, each_part_of_a_copy_entry_is_mapped, "map-copy-entry-parts",
    XNU26 "osfmk/vm/vm_map.c, vm_map_enter_mem_object()",
    "mach_vm_map() of some pages of a memory entry of MAP_MEM_VM_COPY or "
    "MAP_MEM_VM_SHARE over two regions maps those pages since macOS 26.4.",
    .since = "26.4", .needs = "native")
{
	for (unsigned i = 0; i < 32; i++) {
		const unsigned at = i / 2 % 4, n = 1 + i / 8;
		mach_vm_address_t pages = four_pages(), hole = mt_hole(4);
		memory_object_size_t size = 4 * mt_page;
		mach_port_name_t entry = MACH_PORT_NULL;

		if (at + n > 4)
			continue;
		MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page,
			       2 * mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->make_memory_entry(self, &size, pages,
			       (i % 2 != 0 ? MAP_MEM_VM_SHARE :
					     MAP_MEM_VM_COPY) |
				   RW,
			       &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_CHECK(map_at(vm, self, hole, n * mt_page, PLAIN, entry,
			     at * mt_page, FALSE, RW, RW),
		    KERN_SUCCESS);
		for (unsigned k = 0; k < n; k++)
			MT_CHECK_BYTE(hole + k * mt_page,
			    (uint8_t)(1 + at + k));
		MT_CHECK_NUMBER(count_regions(hole, hole + 4 * mt_page),
		    at < 2 && at + n > 2 ? 2 : 1);
		MT_CHECK_NUMBER(mt_read(hole + (n - 1) * mt_page).exception, 0);
		if (n < 4)
			MT_CHECK_HOLE(hole + n * mt_page);
	}
}

MT_CASE(make_memory_entry, part_of_an_entry_is_not_empty,
    "entry-child-size-zero",
    XNU26 "osfmk/vm/vm_memory_entry.c, mach_make_memory_entry_64()",
    "KERN_INVALID_ARGUMENT: mach_make_memory_entry_64() of size 0 from a "
    "parent entry, at each page of the kernel, since macOS 26.0.",
    .since = "26.0")
{
	mach_port_name_t parent = MACH_PORT_NULL, child = MACH_PORT_NULL;
	const memory_object_size_t whole = 4 * mt_page;
	memory_object_size_t size = whole;
	mach_vm_address_t pages = four_pages();

	MT_REQUIRE(stage->make_memory_entry(self, &size, pages, RW, &parent,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	size = 0;
	for (memory_object_offset_t offset = 0; offset <= whole;
	     offset += mt_system()->kernel_page) {
		MT_CHECK(make(vm, self, &size, offset, RW, &child, parent),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK(make(vm, self, &size, offset,
			     RW | MAP_MEM_USE_DATA_ADDR, &child, parent),
		    KERN_INVALID_ARGUMENT);
	}
}

MT_CASE(allocate, flag_of_guard_objects_is_known, "allocate-flag-optout",
    XNU26 "osfmk/mach/vm_statistics.h, VM_FLAGS_GUARD_OBJECT_OPTOUT",
    "mach_vm_allocate() accepts VM_FLAGS_GUARD_OBJECT_OPTOUT, 0x400000, "
    "since macOS 26.4.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_ANYWHERE | 0x400000 | PLAIN),
	    KERN_SUCCESS, MT_UNTIL(26.3, KERN_INVALID_ARGUMENT));
}
