/*
 * Copies of a part of a VM object: its pages are found at other offsets than
 * they have in the region, and a store on either side moves one page only.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

/* Twice what is copied by map entries, numbered from 1; the copies are of the
 * second half. */
#define PAGES (2 * LARGE_PAGES)
#define HALF  (LARGE_PAGES * mt_page)

static mach_vm_address_t
numbered(void)
{
	mach_vm_address_t pages = mt_pages(PAGES);

	NUMBER_PAGES(pages, PAGES, 1);
	return pages;
}

/* The second half's pages but one are as numbered, which has byte. */
static void
check_half(mach_vm_address_t half, unsigned page, uint8_t byte)
{
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(half + i * mt_page,
		    i == page ? byte : (uint8_t)(LARGE_PAGES + 1 + i));
}

/* Stores into one page on each side, and what both have then. */
static void
check_separate(mach_vm_address_t half, mach_vm_address_t copy)
{
	TOUCH(half + 3 * mt_page, 0xa1);
	TOUCH(copy + 5 * mt_page, 0xb1);
	check_half(half, 3, 0xa1);
	check_half(copy, 5, 0xb1);
	/* and the first half is untouched by either */
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(half - HALF + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(copy, copied_half_is_separate, "copy-part", "vm_copy.html",
    "The vm_copy function copies a portion of the virtual memory of a task; "
    "here the second half of a VM object.")
{
	mach_vm_address_t pages = numbered(), to = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, pages + HALF, LARGE, to), KERN_SUCCESS);
	check_separate(pages + HALF, to);
}

MT_CASE(copy, half_that_alone_is_there_is_copied, "copy-part-alone",
    VM_OBJECT_C "vm_object_copy_slowly()",
    "mach_vm_copy() of the second half of a VM object of which that half alone "
    "was touched has its bytes, though purgeable or locked memory is copied at "
    "once and pages that are nowhere are left out; a half that was not touched "
    "is zero.")
{
	for (unsigned locked = 0; locked < 2; locked++) {
		mach_vm_address_t pages = mt_hole(PAGES);
		mach_vm_address_t to = mt_pages(PAGES);
		int error = 0;

		MT_REQUIRE(allocate_at(stage, self, pages, 2 * HALF,
			       PLAIN | (locked ? 0 : VM_FLAGS_PURGABLE)),
		    KERN_SUCCESS);
		NUMBER_PAGES(pages + HALF, LARGE_PAGES, LARGE_PAGES + 1);
		if (locked)
			MT_REQUIRE_TRUE(
			    stage_bsd->mlock(&error, pages + HALF + mt_page,
				mt_page) == 0);
		MT_CHECK(vm->copy(self, pages + HALF, LARGE, to), KERN_SUCCESS);
		check_half(to, 0, LARGE_PAGES + 1);
		MT_CHECK(vm->copy(self, pages, LARGE, to + HALF), KERN_SUCCESS);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			MT_CHECK_BYTE(to + HALF + i * mt_page, 0);
		check_half(pages + HALF, 0, LARGE_PAGES + 1);
	}
}

MT_CASE(read, half_that_was_read_is_separate, "read-part", "vm_read.html",
    "The data returned by vm_read is a copy: stores on either side are not "
    "seen on the other, for the second half of a VM object too.")
{
	mach_vm_address_t pages = numbered();
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	MT_CHECK(vm->read(self, pages + HALF, LARGE, &data, &count),
	    KERN_SUCCESS);
	check_separate(pages + HALF, data);
}

MT_CASE(read, parts_of_two_shared_regions_are_read, "read-part-regions",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() from within one region of shared memory to within the next "
    "gives the bytes of both, in order.")
{
	mach_vm_address_t pages = numbered(), alias = 0;
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	MT_REQUIRE(stage->inherit(self, pages + HALF, HALF, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	REMAP(alias, 2 * HALF, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_CHECK(vm->read(self, pages + 2 * mt_page, 2 * HALF - 4 * mt_page,
		     &data, &count),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < PAGES - 4; i++)
		MT_CHECK_BYTE(data + i * mt_page, (uint8_t)(3 + i));
	MT_CHECK_BYTE(alias, 1);
}

MT_CASE(write, half_that_was_written_is_separate, "write-part", "vm_write.html",
    "mach_vm_write() of the second half of a VM object copies it.")
{
	mach_vm_address_t pages = numbered(), to = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->write(self, to, pages + HALF,
		     (mach_msg_type_number_t)LARGE),
	    KERN_SUCCESS);
	check_separate(pages + HALF, to);
}

MT_CASE(read_overwrite, half_that_was_read_over_is_separate,
    "read-overwrite-part", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() of the second half of a VM object copies it.")
{
	mach_vm_address_t pages = numbered(), to = mt_pages(LARGE_PAGES);
	mach_vm_size_t size = 0;

	MT_CHECK(vm->read_overwrite(self, pages + HALF, LARGE, to, &size),
	    KERN_SUCCESS);
	check_separate(pages + HALF, to);
}

MT_CASE(remap, remapped_half_is_separate, "remap-copy-part",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() with copy of the second half of a VM object gives a "
    "separate copy.")
{
	mach_vm_address_t pages = numbered(), to = mt_hole(LARGE_PAGES);
	vm_prot_t current, maximum;

	MT_CHECK(vm->remap(self, &to, LARGE, 0, VM_FLAGS_FIXED, self,
		     pages + HALF, TRUE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	check_separate(pages + HALF, to);
}

MT_CASE(make_memory_entry, snapshot_of_a_half_is_separate, "entry-vm-copy-part",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "MAP_MEM_VM_COPY of the second half of a VM object is a snapshot of "
    "it.")
{
	mach_vm_address_t pages = numbered(), to = mt_hole(LARGE_PAGES);
	memory_object_size_t size = LARGE;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages + HALF, RW | MAP_MEM_VM_COPY,
		     &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, to, LARGE, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	check_separate(pages + HALF, to);
}

MT_CASE(map, copy_of_a_part_of_an_entry_is_separate, "map-entry-copy-part",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() with copy at an offset of a memory entry gives a separate "
    "copy of that part.")
{
	mach_vm_address_t pages = mt_hole(PAGES), to = mt_hole(LARGE_PAGES);
	mach_port_name_t entry = entry_for(self, PAGES * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_REQUIRE(map_at(stage, self, pages, PAGES * mt_page, 0, entry, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, PAGES, 1);
	MT_CHECK(map_at(vm, self, to, LARGE, 0, entry, HALF, TRUE, RW, RW),
	    KERN_SUCCESS);
	check_separate(pages + HALF, to);
}

MT_CASE(inherit, forked_half_is_separate, "fork-copy-part",
    VM_MAP_C "vm_map_fork()",
    "A child's copy of a region that begins inside its VM object is "
    "separate.")
{
	mach_vm_address_t pages = numbered();

	PUNCH(pages, LARGE_PAGES / 2);
	MT_CHECK(vm->inherit(self, pages + HALF, HALF, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHILD {
		TOUCH(pages + HALF + 2 * mt_page, 0xc1);
		check_half(pages + HALF, 2, 0xc1);
	}
	check_half(pages + HALF, PAGES, 0);
	TOUCH(pages + HALF + 3 * mt_page, 0xa1);
	check_half(pages + HALF, 3, 0xa1);
}

MT_CASE(copy, copies_of_two_parts_keep_their_offsets, "copy-part-chain",
    VM_OBJECT_C "vm_object_shadow()",
    "mach_vm_copy() of a part that was copied and stored to before finds its "
    "pages in two VM objects, each at its own offset.")
{
	mach_vm_address_t pages = numbered(), half = pages + HALF;
	mach_vm_address_t one = mt_pages(LARGE_PAGES);
	mach_vm_address_t two = mt_pages(LARGE_PAGES);

	MT_REQUIRE(stage->copy(self, half, LARGE, one), KERN_SUCCESS);
	TOUCH(half + mt_page, 0xa1);
	/* this one begins in the first half */
	MT_CHECK(vm->copy(self, half - 2 * mt_page, LARGE, two), KERN_SUCCESS);
	TOUCH(half + mt_page, 0xa2);
	TOUCH(half, 0xa3);

	check_half(one, PAGES, 0);
	MT_CHECK_BYTE(two, (uint8_t)(LARGE_PAGES - 1));
	MT_CHECK_BYTE(two + 2 * mt_page, (uint8_t)(LARGE_PAGES + 1));
	MT_CHECK_BYTE(two + 3 * mt_page, 0xa1);
	MT_CHECK_BYTE(half + mt_page, 0xa2);
	MT_CHECK_BYTE(half, 0xa3);
}

MT_CASE(remap, chain_that_loses_its_middle_keeps_the_bytes,
    "copy-part-collapse", VM_OBJECT_C "vm_object_collapse()",
    "When the copies below a copy are deallocated, its pages move up with "
    "the offset of their VM object.")
{
	mach_vm_address_t pages = numbered(), half = pages + HALF;
	mach_vm_address_t one = mt_hole(LARGE_PAGES), two;
	vm_prot_t current, maximum;

	REMAP(one, LARGE, VM_FLAGS_FIXED, half, TRUE);
	TOUCH(one + mt_page, 0xb1);
	two = mt_hole(LARGE_PAGES / 2);
	MT_REQUIRE(vm->remap(self, &two, LARGE / 2, 0, VM_FLAGS_FIXED, self,
		       one + mt_page, TRUE, &current, &maximum,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	TOUCH(two + mt_page, 0xc1);
	PUNCH(pages, PAGES);
	PUNCH(one, LARGE_PAGES);
	TOUCH(two + 3 * mt_page, 0xc3);

	MT_CHECK_BYTE(two, 0xb1);
	MT_CHECK_BYTE(two + mt_page, 0xc1);
	MT_CHECK_BYTE(two + 2 * mt_page, (uint8_t)(LARGE_PAGES + 4));
	MT_CHECK_BYTE(two + 3 * mt_page, 0xc3);
}
