/*
 * Memory of small malloc blocks: an object from the start since macOS 14.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

/* MALLOC, SMALL, TINY, NANO, MEDIUM */
static const unsigned tags[] = { 1, 2, 7, 11, 12 };
#define NTAGS (sizeof(tags) / sizeof(tags[0]))

/* So many pages as malloc has them, written. */
static mach_vm_address_t
malloc_memory(mach_port_name_t self, unsigned n)
{
	mach_vm_address_t hole = mt_hole(n);

	MT_REQUIRE(allocate_at(stage, self, hole, n * mt_page,
		       TAG(VM_MEMORY_MALLOC)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, n, 0x11);
	return hole;
}

MT_CASE(allocate, small_malloc_memory_has_an_object, "nocow-eager-object",
    VM_MAP_C "vm_map_enter()",
    "Since macOS 14 memory of tags 1, 2, 7, 11 and 12 has a VM object "
    "before it is touched.")
{
	mach_vm_address_t hole = mt_hole(1);

	for (unsigned i = 0; i < NTAGS; i++) {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(tags[i])),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .pages_resident = 0,
		    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(13, SM_EMPTY)),
		    .ref_count = MT_VALUE(1, MT_UNTIL(13, 0)));
		MT_REQUIRE(vm->deallocate(self, hole, mt_page), KERN_SUCCESS);
	}
}

MT_CASE(allocate, no_other_memory_has_an_object, "nocow-eager-object-others",
    VM_MAP_C "vm_map_enter()",
    "Memory of every tag but 1, 2, 7, 11 and 12 has no VM object before it "
    "is touched.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);
	unsigned empty = 0;

	for (unsigned tag = 0; tag < 256; tag++) {
		struct mt_region region;

		empty += allocate_at(vm, self, hole, mt_page, TAG(tag)) ==
			KERN_SUCCESS &&
		    mt_region_at(hole, &region) &&
		    region.share_mode == SM_EMPTY;
		if (vm->deallocate(self, hole, mt_page) != KERN_SUCCESS)
			break;
	}

	MT_CHECK_NUMBER(empty, 251, MT_UNTIL(13, 256));
}

MT_CASE(allocate, small_malloc_blocks_do_not_coalesce, "nocow-no-coalesce",
    VM_MAP_C "vm_map_enter()",
    "Since macOS 14 memory of tags 1, 2, 7, 11 and 12 never extends the "
    "region below.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_TINY)),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
		     TAG(VM_MEMORY_MALLOC_TINY)),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, MT_PICTURE("ab", MT_UNTIL(13, "aa")));
}

MT_CASE(allocate, realloc_does_not_extend_a_small_block,
    "nocow-realloc-not-merged", VM_OBJECT_C "vm_object_coalesce()",
    "Since macOS 14 VM_MEMORY_REALLOC does not extend memory of tags 1, 2, "
    "7, 11 and 12 and is a region of its own tag.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(VM_MEMORY_MALLOC)),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, MT_PICTURE("ab", MT_UNTIL(13, "aa")));
	MT_CHECK_REGION(hole + mt_page,
	    .user_tag = MT_VALUE(VM_MEMORY_REALLOC,
		MT_UNTIL(13, VM_MEMORY_MALLOC)));
}

MT_CASE(allocate, new_memory_of_another_tag_does_not_join_it,
    "nocow-no-coalesce-above", VM_MAP_C "vm_map_enter()",
    "Since macOS 14 memory of tags 1, 2, 7, 11 and 12 is not extended, "
    "whatever tag the new memory has.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
		     TAG(VM_MEMORY_MALLOC_SMALL)),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(copy, small_malloc_memory_is_copied_physically, "nocow-vmcopy-eager",
    VM_OBJECT_C "vm_object_copy_strategically()",
    "Since macOS 14 mach_vm_copy() from memory of tags 1, 2, 7, 11 and 12 "
    "copies the bytes and leaves the source private.",
    .since = "14")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t source = malloc_memory(self, n), copy = mt_pages(n);

	MT_CHECK(vm->copy(self, source, n * mt_page, copy), KERN_SUCCESS);

	MT_CHECK_REGION(source, .share_mode = SM_PRIVATE);
	MT_CHECK_REGION(copy, .share_mode = SM_PRIVATE, .shadow_depth = 0,
	    .pages_resident = n);
	MT_CHECK_BYTE(copy, 0x11);
	TOUCH(source, 0x22);
	MT_CHECK_BYTE(copy, 0x11);
}

MT_CASE(map, copy_of_an_entry_of_small_malloc_memory_may_be_copied_again,
    "nocow-entry-copy", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() with copy of a MAP_MEM_VM_SHARE entry of memory that is "
    "copied physically maps the copy as one that is yet to be copied, until "
    "macOS 26.3.",
    .since = "14")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t source = malloc_memory(self, n), at = mt_hole(n);
	mach_port_name_t entry;

	entry = entry_for(self, n * mt_page, source, MAP_MEM_VM_SHARE | RW,
	    MACH_PORT_NULL);

	MT_CHECK(map_at(vm, self, at, n * mt_page, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(at,
	    .share_mode = MT_VALUE(SM_PRIVATE, MT_UNTIL(26.3, SM_COW)));
	TOUCH(at, 0x22);
	MT_CHECK_BYTE(source, 0x11);
	MT_CHECK_BYTE(at + mt_page, 0x11);
}

MT_CASE(remap, small_malloc_memory_is_remapped_as_a_physical_copy,
    "nocow-remap-copy", VM_OBJECT_C "vm_object_copy_strategically()",
    "Since macOS 14 mach_vm_remap() with copy of memory of tags 1, 2, 7, 11 "
    "and 12 copies the bytes: both sides are private, and all pages of the "
    "copy are there.",
    .since = "14")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t source = malloc_memory(self, n), copy = 0;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_CHECK(vm->remap(self, &copy, n * mt_page, 0, VM_FLAGS_ANYWHERE, self,
		     source, TRUE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_REGION(source, .share_mode = SM_PRIVATE);
	MT_CHECK_REGION(copy, .share_mode = SM_PRIVATE, .ref_count = 1,
	    .shadow_depth = 0, .pages_resident = n);
	TOUCH(source, 0x22);
	MT_CHECK_BYTE(copy, 0x11);
}

MT_CASE(inherit, small_malloc_memory_is_private_to_a_child, "nocow-fork-cow",
    VM_MAP_C "vm_map_fork()",
    "A child's copy of memory of tags 1, 2, 7, 11 and 12 is independent as "
    "any other.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_SMALL)),
	    KERN_SUCCESS);
	TOUCH(hole, 0x11);
	MT_CHECK(vm->inherit(self, hole, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(hole, 0x11);
		TOUCH(hole, 0x22);
		MT_CHECK_BYTE(hole, 0x22);
	}

	MT_CHECK_BYTE(hole, 0x11);
}

MT_CASE(inherit, child_shadows_small_malloc_memory, "nocow-fork-shadow",
    VM_OBJECT_C "vm_object_copy_strategically()",
    "A child's copy of memory of tags 1, 2, 7, 11 and 12 is copy-on-write, as "
    "no other copy is of it: since macOS 14 by a VM object that shadows the "
    "parent's, which the parent's stores are pushed into.",
    .needs = "native")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t source = malloc_memory(self, n), signal = mt_pages(1);

	MT_REQUIRE(stage->inherit(self, signal, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, source, n * mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_REGION(source, .share_mode = SM_COW,
		    .shadow_depth = MT_VALUE(1, MT_UNTIL(13, 0)),
		    .pages_resident = n);
		TOUCH(signal, 1);
		AWAIT(stored_byte(signal) == 2);
		MT_CHECK_BYTE(source + mt_page, 0x11);
	}
	else
	{
		AWAIT(stored_byte(signal) == 1);
		TOUCH(source + mt_page, 0x22);
		TOUCH(signal, 2);
	}
}

MT_CASE(remap, small_malloc_memory_is_shared_by_remapping, "nocow-remap-ok",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() of memory of tags 1, 2, 7, 11 and 12 shares it.")
{
	mach_vm_address_t hole = mt_hole(1), alias = 0;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_TINY)),
	    KERN_SUCCESS);

	MT_CHECK(vm->remap(self, &alias, mt_page, 0, VM_FLAGS_ANYWHERE, self,
		     hole, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	TOUCH(alias, 0x22);
	MT_CHECK_BYTE(hole, 0x22);
	MT_CHECK_REGION(hole,
	    .share_mode = MT_VALUE(SM_TRUESHARED,
		MT_UNTIL(11.2, SM_PRIVATE_ALIASED)));
}

MT_CASE(inherit, untouched_page_is_zero_in_a_child_for_good, "nocow-fork-page",
    VM_FAULT_C "vm_fault_page()",
    "A page that the parent touches first after a fork is zero in the child, "
    "and what it stores to others is not seen there: of memory of tags 1, 2, "
    "7, 11 and 12 and of any other.")
{
	for (unsigned i = 0; i <= NTAGS; i++) {
		mach_vm_address_t hole = mt_hole(4), signal = signal_page(self);

		MT_REQUIRE(allocate_at(stage, self, hole, 4 * mt_page,
			       TAG(i < NTAGS ? tags[i] : MT_TAG)),
		    KERN_SUCCESS);
		TOUCH(hole + mt_page, 0x11);
		TOUCH(hole + 3 * mt_page, 0x11);
		MT_CHECK(vm->inherit(self, hole, 4 * mt_page, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHILD {
			AWAIT(stored_byte(signal) == 1);
			for (unsigned j = 0; j < 4; j++)
				MT_CHECK_BYTE(hole + j * mt_page,
				    j & 1 ? 0x11 : 0);
			TOUCH_PAGES(hole, 4, 0x33);
		}
		else
		{
			MT_CHECK_BYTE(hole, 0);
			TOUCH_PAGES(hole, 4, 0x22);
			tell(signal, 1);
		}
		for (unsigned j = 0; j < 4; j++)
			MT_CHECK_BYTE(hole + j * mt_page, 0x22);
	}
}
