/*
 * mach_vm_copy between memory that is shared, copied, purgeable, malloc's or
 * large already.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

static mach_vm_address_t
numbered(void)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	return pages;
}

MT_CASE(copy, source_behind_a_memory_entry_gives_a_snapshot,
    "copy-of-shared-src-entry", VM_MAP_C "vm_map_copyin_internal()",
    "A memory entry for the source changes nothing: the destination is a "
    "snapshot.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);
	memory_object_size_t size = LARGE;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, from, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	TOUCH(from, 0x71);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + mt_page, 2);
	TOUCH(to + mt_page, 0x72);
	MT_CHECK_BYTE(from + mt_page, 2);
}

MT_CASE(copy, two_copies_of_one_source_are_independent, "copy-of-copy-twice",
    VM_MAP_C "vm_map_copyin_internal()",
    "A source can be copied again: the copies are independent.")
{
	mach_vm_address_t a = numbered(), b = mt_pages(LARGE_PAGES);
	mach_vm_address_t c = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, a, LARGE, b), KERN_SUCCESS);
	TOUCH(a, 0x71);
	MT_CHECK(vm->copy(self, a, LARGE, c), KERN_SUCCESS);
	TOUCH(a, 0x72);

	MT_CHECK_BYTE(b, 1);
	MT_CHECK_BYTE(c, 0x71);
	MT_CHECK_BYTE(a, 0x72);
	PUNCH(a, LARGE_PAGES);
	MT_CHECK_BYTE(b + mt_page, 2);
	MT_CHECK_BYTE(c + mt_page, 2);
}

MT_CASE(copy, destination_of_another_object_takes_the_sources,
    "copy-dst-object", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "An ordinary destination is given the source's object: both show as "
    "copy-on-write.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(to, LARGE_PAGES, 0x7f);
	MT_REQUIRE(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(to, .share_mode = SM_COW, .ref_count = 2,
	    .pages_resident = LARGE_PAGES);
}

MT_CASE(copy, malloc_memory_takes_no_object_by_pieces, "copy-dst-exec",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "A destination of a malloc tag without copy-on-write gets the bytes and "
    "stays private; until macOS 13 it got the object.")
{
	mach_vm_address_t from = numbered(), to = mt_hole(LARGE_PAGES);

	MT_REQUIRE(allocate_at(stage, self, to, LARGE,
		       TAG(VM_MEMORY_MALLOC_TINY)),
	    KERN_SUCCESS);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_REGION(to,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(13, SM_COW)));
}

MT_CASE(copy, malloc_memory_stays_plain, "copy-malloc-dst",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "From memory with a memory entry, which is no symmetric object, memory "
    "of malloc's gets the bytes.")
{
	mach_vm_address_t from = numbered(), to = mt_hole(LARGE_PAGES);
	memory_object_size_t size = LARGE;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, from, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, to, LARGE,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	MT_CHECK_REGION(to, .share_mode = SM_PRIVATE, .shadow_depth = 0);
}

MT_CASE(copy, piece_of_a_large_object_is_moved, "copy-large-object-small-range",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "At most 128 KiB out of an object of 64 MiB are moved.")
{
	mach_vm_address_t from = mt_pages((unsigned)(64 * MIB / mt_page));
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	MT_CHECK_REGION(to, .share_mode = SM_PRIVATE);
}

MT_CASE(copy, large_piece_of_a_large_object_is_copy_on_write,
    "copy-large-object-large-range", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "More than 128 KiB out of an object of 64 MiB are copy-on-write.")
{
	mach_vm_address_t from = mt_pages((unsigned)(64 * MIB / mt_page));
	mach_vm_address_t to = mt_pages(2 * LARGE_PAGES);

	NUMBER_PAGES(from, 2 * LARGE_PAGES, 1);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, 2 * LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_REGION(to, .share_mode = SM_COW);
}
