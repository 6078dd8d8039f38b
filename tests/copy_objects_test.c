/*
 * mach_vm_copy between memory that is shared, copied, purgeable, malloc's or
 * large already.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "transfer.h"
#include "queries.h"

static mach_vm_address_t
numbered(void)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	return pages;
}

MT_CASE(copy, source_behind_a_memory_entry_gives_a_snapshot,
    "copy-of-shared-src-entry", VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of memory that a memory entry refers to makes a "
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
    "mach_vm_copy() of one source twice gives independent copies.")
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

MT_CASE(copy, destination_takes_the_object_of_the_source, "copy-dst-object",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of many pages gives an ordinary destination the VM "
    "object of the source: both show SM_COW.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(to, LARGE_PAGES, 0x7f);
	MT_REQUIRE(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(to, .share_mode = SM_COW, .ref_count = 2,
	    .pages_resident = LARGE_PAGES);
}

MT_CASE(copy, destination_gives_its_object_up, "copy-dst-object-again",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of many pages onto a copy of other memory gives up that "
    "one's VM object: its source is the only one that refers to it.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);
	mach_vm_address_t next = numbered();

	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK(vm->copy(self, next, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(from, .ref_count = 1);
	MT_CHECK_REGION(next, .ref_count = 2);
}

MT_CASE(copy, malloc_destination_keeps_its_object, "copy-dst-exec",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() to memory of a malloc tag that is never copy-on-write "
    "copies the bytes, and the memory stays private; until macOS 13 it took "
    "the source's VM object.")
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
    "mach_vm_copy() from memory with a memory entry, whose VM object is not "
    "symmetric, to memory of a malloc tag copies the bytes.")
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

MT_CASE(copy, medium_malloc_memory_stays_plain, "copy-malloc-dst-medium",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() from memory with a memory entry to memory of the tag "
    "VM_MEMORY_MALLOC_MEDIUM copies the bytes; until macOS 10.14.5 the memory "
    "became copy-on-write.")
{
	mach_vm_address_t from = numbered(), to = mt_hole(LARGE_PAGES);
	memory_object_size_t size = LARGE;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, from, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, to, LARGE,
		       TAG(VM_MEMORY_MALLOC_MEDIUM)),
	    KERN_SUCCESS);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	MT_CHECK_REGION(to,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(10.14.5, SM_COW)));
}

/* Numbered memory with a memory entry. */
static mach_vm_address_t
numbered_entry(mach_port_name_t self)
{
	mach_vm_address_t pages = numbered();
	memory_object_size_t size = LARGE;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, pages, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	return pages;
}

/* What numbered memory is copied to stays plain if its tag is malloc's. */
static void
check_copy_to_tag(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_address_t to, unsigned tag)
{
	const unsigned last = (unsigned)MT_VALUE(VM_MEMORY_MALLOC_MEDIUM,
	    MT_UNTIL(10.14.5, VM_MEMORY_MALLOC_LARGE_REUSED));

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(to, .user_tag = tag,
	    .share_mode = tag >= VM_MEMORY_MALLOC && tag <= last ? SM_PRIVATE :
								   SM_COW);
	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
}

MT_CASE(copy, each_malloc_tag_stays_plain, "copy-malloc-dst-tags",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() from memory with a memory entry copies the bytes to "
    "memory of each tag from VM_MEMORY_MALLOC to VM_MEMORY_MALLOC_MEDIUM; "
    "memory of the tags below and above becomes copy-on-write.")
{
	mach_vm_address_t from = numbered_entry(self);

	for (unsigned tag = 0; tag <= VM_MEMORY_MALLOC_MEDIUM + 1; tag++) {
		mach_vm_address_t to = mt_hole(LARGE_PAGES);

		/* which Rosetta refuses at a fixed address */
		if (tag == VM_MEMORY_REALLOC &&
		    mt_page < mt_system()->kernel_page)
			continue;
		MT_REQUIRE(allocate_at(stage, self, to, LARGE, TAG(tag)),
		    KERN_SUCCESS);
		TOUCH(to, 0x7f);
		check_copy_to_tag(vm, self, from, to, tag);
	}
}

MT_CASE(copy, each_malloc_tag_of_a_mapped_copy_stays_plain,
    "copy-malloc-dst-mapped", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() from memory with a memory entry copies the bytes to what "
    "mach_vm_map() mapped as a copy of new memory, with each tag from "
    "VM_MEMORY_MALLOC to VM_MEMORY_MALLOC_MEDIUM; memory of the tags below and "
    "above becomes copy-on-write.")
{
	mach_vm_address_t from = numbered_entry(self);
	memory_object_size_t size = LARGE;
	mach_port_name_t created = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
		       MAP_MEM_NAMED_CREATE | VM_PROT_ALL, &created,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	for (unsigned tag = 0; tag <= VM_MEMORY_MALLOC_MEDIUM + 1; tag++) {
		mach_vm_address_t to = 0;

		MT_REQUIRE(stage->map(self, &to, LARGE, 0,
			       VM_FLAGS_ANYWHERE | TAG(tag), created, 0, TRUE,
			       VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		check_copy_to_tag(vm, self, from, to, tag);
	}
}

/* MAP_JIT memory is copied, the copy numbered and copied in turn, so many copies
 * in all: the last. */
static mach_vm_address_t
copy_of_jit(const struct mt_route *vm, mach_port_name_t self, unsigned times)
{
	mach_vm_address_t from = mapped(stage_bsd, 0, LARGE, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);
	mach_vm_address_t to = 0;

	MT_REQUIRE_TRUE(from != 0);
	for (unsigned i = 0; i < times; i++, from = to) {
		to = mt_pages(LARGE_PAGES);
		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
		if (i == 0)
			NUMBER_PAGES(to, LARGE_PAGES, 1);
	}
	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	return to;
}

MT_CASE(copy, copy_of_jit_memory_is_copied_at_once, "copy-jit-again",
    VM_MAP_C "vm_map_copyin_internal()",
    "What mach_vm_copy() makes of MAP_JIT memory has the bytes copied when "
    "it is copied again; until macOS 10.15 it was copy-on-write.",
    .needs = "jit")
{
	MT_CHECK_REGION(copy_of_jit(vm, self, 2),
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(10.15, SM_COW)));
}

MT_CASE(copy, third_copy_of_jit_memory_is_copied_at_once, "copy-jit-third",
    VM_OBJECT_C "vm_object_copy_slowly()",
    "What mach_vm_copy() makes of a copy of MAP_JIT memory has the bytes "
    "copied when it is copied again; until macOS 14 it was copy-on-write.",
    .needs = "jit")
{
	MT_CHECK_REGION(copy_of_jit(vm, self, 3),
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(14, SM_COW)));
}

MT_CASE(copy, executable_destination_keeps_its_object, "copy-dst-executable",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() to memory that may be executed copies the bytes, and the "
    "memory stays private; until macOS 14.2 it took the source's VM object, "
    "as what may be written alone does.",
    .arch = "x86_64")
{
	mach_vm_address_t from = numbered(), pages = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(pages, LARGE_PAGES, 0x7f);
	PROTECT(pages, LARGE_PAGES / 2, VM_PROT_ALL);

	MT_CHECK(vm->copy(self, from, LARGE, pages), KERN_SUCCESS);

	MT_CHECK_REGION(pages, .protection = VM_PROT_ALL,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(14.2, SM_COW)));
	MT_CHECK_REGION(PAGE(LARGE_PAGES / 2), .protection = VM_PROT_DEFAULT,
	    .share_mode = SM_COW);
	TOUCH(from, 0x71);
	TOUCH(PAGE(LARGE_PAGES - 1), 0x72);
	for (unsigned i = 0; i < LARGE_PAGES - 1; i++)
		MT_CHECK_BYTE(PAGE(i), (uint8_t)(1 + i));
	MT_CHECK_BYTE(from + LARGE - mt_page, (uint8_t)LARGE_PAGES);
}

MT_CASE(copy, jit_destination_keeps_its_object, "copy-dst-jit",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() to MAP_JIT memory copies the bytes, and the memory stays "
    "private; from macOS 10.14 to 14.2 it took the source's VM object.",
    .needs = "jit")
{
	mach_vm_address_t from = numbered();
	mach_vm_address_t to = mapped(stage_bsd, 0, LARGE, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(to != 0);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(to, .protection = VM_PROT_DEFAULT,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(14.2, SM_COW),
		MT_UNTIL(10.13, SM_PRIVATE)));
	TOUCH(from, 0x71);
	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
}

MT_CASE(copy, small_part_of_a_large_object_is_copied_physically,
    "copy-large-object-small-range", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of at most 128 KiB from a VM object of 64 MiB copies "
    "the bytes.")
{
	mach_vm_address_t from = mt_pages((unsigned)(64 * MIB / mt_page));
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	MT_CHECK_REGION(to, .share_mode = SM_PRIVATE);
	/* The source is two regions now. */
	MT_CHECK_REGION(from, .ref_count = 2);
}

MT_CASE(copy, large_part_of_a_large_object_is_copy_on_write,
    "copy-large-object-large-range", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of more than 128 KiB from a VM object of 64 MiB is "
    "copy-on-write.")
{
	mach_vm_address_t from = mt_pages((unsigned)(64 * MIB / mt_page));
	mach_vm_address_t to = mt_pages(2 * LARGE_PAGES);

	NUMBER_PAGES(from, 2 * LARGE_PAGES, 1);
	TOUCH(to, 0x7f);

	MT_CHECK(vm->copy(self, from, 2 * LARGE, to), KERN_SUCCESS);

	MT_CHECK_BYTE(to, 1);
	MT_CHECK_REGION(to, .share_mode = SM_COW);
}

MT_CASE(copy, untouched_memory_is_copied_as_zeroes, "copy-empty-onto-shared",
    VM_FAULT_C "vm_fault_copy()",
    "mach_vm_copy() of memory that was never touched zeroes shared memory, for "
    "each mapping of it.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES), to = numbered();
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	REMAP(alias, LARGE, VM_FLAGS_FIXED, to, FALSE);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(to + i * mt_page, 0);
		MT_CHECK_BYTE(alias + i * mt_page, 0);
	}
}

MT_CASE(copy, pages_that_are_copied_onto_are_dirty, "copy-onto-shared-dirty",
    VM_FAULT_C "vm_fault_copy()",
    "mach_vm_copy() sets VM_PAGE_QUERY_PAGE_DIRTY of the pages of shared "
    "memory that it copies onto.")
{
	mach_vm_address_t from = numbered(), to = mt_pages(LARGE_PAGES);
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	REMAP(alias, LARGE, VM_FLAGS_FIXED, to, FALSE);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_TRUE(
		    page_is(self, to + i * mt_page, VM_PAGE_QUERY_PAGE_DIRTY));
}

MT_CASE(copy, malloc_memory_takes_no_object_that_a_child_shares,
    "copy-malloc-dst-child", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() from memory that a child shares, whose VM object is not "
    "symmetric, to memory of a malloc tag copies the bytes.")
{
	mach_vm_address_t from = numbered(), to = mt_hole(LARGE_PAGES);

	MT_REQUIRE(stage->inherit(self, from, LARGE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, to, LARGE,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(from, 1);
	}
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
	MT_CHECK_REGION(to, .share_mode = SM_PRIVATE, .shadow_depth = 0);
}

MT_CASE(copy, copied_executable_destination_gives_its_object_up,
    "copy-dst-executable-copied", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() to memory that may be executed and is to be copied takes "
    "the source's VM object until macOS 26.3; since 26.4 the bytes are copied.",
    .arch = "x86_64")
{
	mach_vm_address_t from = numbered(), pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t other = mt_pages(LARGE_PAGES);

	TOUCH_PAGES(pages, LARGE_PAGES, 0x7f);
	PROTECT(pages, LARGE_PAGES, VM_PROT_ALL);
	MT_REQUIRE(stage->copy(self, pages, LARGE, other), KERN_SUCCESS);

	MT_CHECK(vm->copy(self, from, LARGE, pages), KERN_SUCCESS);
	MT_CHECK_REGION(from, .ref_count = MT_VALUE(1, MT_UNTIL(26.3, 2)));
	MT_CHECK_REGION(pages, .protection = VM_PROT_ALL);
	TOUCH(from, 0x71);
	MT_CHECK_BYTE(pages, 1);
	MT_CHECK_BYTE(other, 0x7f);
}
