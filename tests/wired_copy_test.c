/*
 * Copies of wired memory: its pages stay where they are, so what is stored
 * there must have gone into the copy before.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

static mach_vm_address_t
wired(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, LARGE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	return pages;
}

/* Stores on both sides; each keeps what it had elsewhere. */
static void
check_separate(mach_vm_address_t source, mach_vm_address_t copy)
{
	TOUCH(source + 2 * mt_page, 0xa2);
	TOUCH(copy + 3 * mt_page, 0xb3);
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(source + i * mt_page,
		    i == 2 ? 0xa2 : (uint8_t)(1 + i));
		MT_CHECK_BYTE(copy + i * mt_page,
		    i == 3 ? 0xb3 : (uint8_t)(1 + i));
	}
}

MT_CASE(copy, copy_of_wired_memory_is_separate, "copy-wired-source",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of wired memory: the source stays wired, the copy is made "
    "at once, and stores on either side are not seen on the other.",
    .needs = "privileged")
{
	mach_vm_address_t pages = wired(self), to = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, pages, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(to, .user_wired_count = 0, .share_mode = SM_PRIVATE);
	check_separate(pages, to);
}

MT_CASE(read, data_read_from_wired_memory_is_separate, "read-wired-source",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of wired memory: the source stays wired, the copy is made "
    "at once, and stores on either side are not seen on the other.",
    .needs = "privileged")
{
	mach_vm_address_t pages = wired(self);
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	MT_CHECK(vm->read(self, pages, LARGE, &data, &count), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(data, .user_wired_count = 0, .share_mode = SM_PRIVATE);
	check_separate(pages, data);
}

MT_CASE(remap, copying_remap_of_wired_memory_is_separate, "remap-wired-copy",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() with copy of wired memory: the source stays wired, the "
    "copy is made at once, and stores on either side are not seen on the "
    "other.",
    .needs = "privileged")
{
	mach_vm_address_t pages = wired(self), to = mt_hole(LARGE_PAGES);
	vm_prot_t current, maximum;

	MT_CHECK(vm->remap(self, &to, LARGE, 0, VM_FLAGS_FIXED, self, pages,
		     TRUE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(to, .user_wired_count = 0, .share_mode = SM_PRIVATE);
	check_separate(pages, to);
}

MT_CASE(copy, copy_onto_wired_memory_changes_its_pages, "copy-wired-target",
    VM_MAP_C "vm_map_copy_overwrite_unaligned()",
    "mach_vm_copy() onto wired memory stores the bytes into the wired pages, "
    "which another mapping shows.",
    .needs = "privileged")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES), to = wired(self);
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	REMAP(alias, LARGE, VM_FLAGS_FIXED, to, FALSE);
	NUMBER_PAGES(from, LARGE_PAGES, 0x81);
	MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(to, .user_wired_count = 1);
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0x81 + i));
		MT_CHECK_BYTE(alias + i * mt_page, (uint8_t)(0x81 + i));
	}
	TOUCH(from, 0x71);
	MT_CHECK_BYTE(to, 0x81);
}

MT_CASE(inherit, child_of_wired_memory_is_separate, "fork-wired-separate",
    VM_MAP_C "vm_map_fork()",
    "A child's copy of wired memory is separate, and made at the fork: what "
    "the parent stores later is not in it.",
    .needs = "privileged")
{
	mach_vm_address_t pages = wired(self);
	volatile uint8_t *told;

	told = (volatile uint8_t *)(uintptr_t)mt_pages(1);
	TOUCH((uintptr_t)told, 0);
	MT_REQUIRE(stage->inherit(self, (uintptr_t)told, mt_page,
		       VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, pages, LARGE, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHILD {
		AWAIT(*told != 0);
		MT_CHECK_REGION(pages, .user_wired_count = 0,
		    .share_mode = SM_PRIVATE);
		MT_CHECK_BYTE(pages + 2 * mt_page, 3);
		TOUCH(pages + 3 * mt_page, 0xb3);
	}
	else
	{
		TOUCH(pages + 2 * mt_page, 0xa2);
		*told = 1;
	}
	MT_CHECK_BYTE(pages + 3 * mt_page, 4);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
}

MT_CASE(wire, copied_source_is_wired_as_it_is, "wire-copied-source",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() for writing of memory that was copied before keeps the "
    "bytes of both sides apart.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, to), KERN_SUCCESS);
	MT_CHECK(vm->wire(mach_host_self(), self, pages + mt_page, 2 * mt_page,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	check_separate(pages, to);
}

MT_CASE(wire, shared_source_of_a_copy_is_wired_as_it_is, "wire-shared-copied",
    VM_FAULT_C "vm_fault_wire_fast()",
    "mach_vm_wire() for writing of shared memory that was copied before keeps "
    "for the copy what the wired pages held.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	REMAP(alias, LARGE, VM_FLAGS_FIXED, pages, FALSE);
	MT_REQUIRE(stage->copy(self, pages, LARGE, to), KERN_SUCCESS);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, LARGE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	check_separate(pages, to);
	MT_CHECK_BYTE(alias + 2 * mt_page, 0xa2);
}

MT_CASE(mlock, locked_memory_that_was_copied_cannot_be_read_again,
    "mlock-copied-read-only", XNU26 "osfmk/vm/vm_fault.c, vm_fault_internal()",
    "Memory that was copied before it was locked by mlock(2) and that may only "
    "be read cannot be read any more once its page left the address space: a "
    "fault in locked memory needs VM_PROT_WRITE since macOS 26.4.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	int error = 0;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE_TRUE(entry_for(self, LARGE, pages, RW, MACH_PORT_NULL) != 0);
	MT_REQUIRE(stage->copy(self, pages, LARGE, to), KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->mlock(&error, pages, LARGE), error, 0);
	PROTECT(pages, 1, VM_PROT_NONE);
	PROTECT(pages, 1, VM_PROT_READ);

	MT_CHECK_NUMBER(mt_read(pages).exception, EXC_BAD_ACCESS,
	    MT_UNTIL(26.3, 0));
	PROTECT(pages, 1, VM_PROT_DEFAULT);
	MT_CHECK_BYTE(pages, 1);
	MT_CHECK_BYTE(to, 1);
}

/* LARGE_PAGES numbered pages amid more that the child locked. */
#define LOCKED 3
static mach_vm_address_t
locked(void)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 2 * LOCKED);
	int error = 0;

	NUMBER_PAGES(pages, LARGE_PAGES + 2 * LOCKED, 1);
	MT_REQUIRE(stage_bsd->mlock(&error, pages + mt_page,
		       LARGE + 2 * mt_page * (LOCKED - 1)),
	    0);
	return pages + LOCKED * mt_page;
}

static void
check_copy(mach_vm_address_t source, mach_vm_address_t copy)
{
	TOUCH(source, 0xa1);
	TOUCH(copy + mt_page, 0xb2);
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(source + i * mt_page,
		    i == 0 ? 0xa1 : (uint8_t)(1 + LOCKED + i));
		MT_CHECK_BYTE(copy + i * mt_page,
		    i == 1 ? 0xb2 : (uint8_t)(1 + LOCKED + i));
	}
	MT_CHECK_REGION(source, .user_wired_count = 1);
	MT_CHECK_REGION(copy, .user_wired_count = 0, .share_mode = SM_PRIVATE);
}

MT_CASE(copy, copy_of_a_locked_part_has_its_bytes, "copy-wired-part",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of locked pages that do not begin their VM object copies "
    "the bytes of those pages.")
{
	MT_CHILD {
		mach_vm_address_t from = locked(), to = mt_pages(LARGE_PAGES);

		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
		check_copy(from, to);
	}
}

MT_CASE(read, data_of_a_locked_part_has_its_bytes, "read-wired-part",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of locked pages that do not begin their VM object copies "
    "the bytes of those pages.")
{
	MT_CHILD {
		mach_vm_address_t from = locked();
		mach_msg_type_number_t count = 0;
		vm_offset_t data = 0;

		MT_CHECK(vm->read(self, from, LARGE, &data, &count),
		    KERN_SUCCESS);
		check_copy(from, data);
	}
}

MT_CASE(remap, copying_remap_of_a_locked_part_has_its_bytes,
    "remap-wired-copy-part", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() with copy of locked pages that do not begin their VM "
    "object copies the bytes of those pages.")
{
	MT_CHILD {
		mach_vm_address_t from = locked(), to = mt_hole(LARGE_PAGES);
		vm_prot_t current, maximum;

		MT_CHECK(vm->remap(self, &to, LARGE, 0, VM_FLAGS_FIXED, self,
			     from, TRUE, &current, &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		check_copy(from, to);
	}
}

MT_CASE(copy, copy_onto_locked_memory_leaves_it_locked, "copy-wired-target-own",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of many pages onto locked memory that nobody shares "
    "stores the bytes there: it stays locked and private; until macOS 12 the "
    "source's VM object takes its place, which is not locked.")
{
	MT_CHILD {
		mach_vm_address_t from = mt_pages(LARGE_PAGES), to = locked();

		NUMBER_PAGES(from, LARGE_PAGES, 0x81);
		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
		MT_CHECK_REGION(to,
		    .user_wired_count = MT_VALUE(1, MT_UNTIL(12, 0)));
		TOUCH(from, 0x71);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0x81 + i));
		MT_CHECK_BYTE(to - mt_page, LOCKED);
	}
}

MT_CASE(copy, locked_memory_is_copied_over_several_regions,
    "copy-wired-targets", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of locked memory over memory of several regions gives each "
    "page its bytes.")
{
	static const unsigned starts[] = { 1, 4 };

	MT_CHILD {
		mach_vm_address_t from = locked();

		for (unsigned i = 0; i < 2; i++) {
			mach_vm_address_t to = mt_pages(LARGE_PAGES);

			MT_REQUIRE(stage->inherit(self,
				       to + starts[i] * mt_page, 2 * mt_page,
				       VM_INHERIT_NONE),
			    KERN_SUCCESS);
			MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
			for (unsigned j = 0; j < LARGE_PAGES; j++)
				MT_CHECK_BYTE(to + j * mt_page,
				    (uint8_t)(1 + LOCKED + j));
			MT_CHECK_REGION(to + starts[i] * mt_page,
			    .inheritance = VM_INHERIT_NONE);
		}
	}
}

MT_CASE(read_overwrite, locked_memory_without_access_is_not_read,
    "read-overwrite-wired-none", VM_MAP_C "vm_map_copyin_kernel_buffer()",
    "mach_vm_read_overwrite() of a few bytes of locked memory that may not be "
    "accessed is KERN_INVALID_ADDRESS, as of memory that is not locked.")
{
	mach_vm_address_t pages = mt_pages(2), to = mt_pages(1);
	mach_vm_size_t size = 0x51;
	int error = 0;

	NUMBER_PAGES(pages, 2, 1);
	TOUCH(to, 0x61);
	MT_REQUIRE(stage_bsd->mlock(&error, pages, mt_page), 0);
	PROTECT(pages, 2, VM_PROT_NONE);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK(vm->read_overwrite(self, pages + i * mt_page, 16, to,
			     &size),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(to, 0x61);
	MT_REQUIRE(stage_bsd->munlock(&error, pages, mt_page), 0);
}

MT_CASE(wire, copy_that_may_be_read_gets_its_own_pages, "wire-read-only-copy",
    VM_FAULT_C "vm_fault_internal()",
    "mach_vm_wire() for reading of a copy that may only be read copies its "
    "pages all the same: none of a VM object below is wired.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, to), KERN_SUCCESS);
	PROTECT(to, LARGE_PAGES, VM_PROT_READ);
	MT_CHECK(vm->wire(mach_host_self(), self, to, LARGE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(to, .user_wired_count = 1, .shadow_depth = 0);
	MT_CHECK_REGION(pages, .ref_count = 1);
	MT_CHECK_BYTE(to + LARGE - mt_page, (uint8_t)LARGE_PAGES);
}

MT_CASE(wire, copied_memory_that_may_be_read_is_not_wired,
    "wire-copied-read-only", XNU26 "osfmk/vm/vm_fault.c, vm_fault_internal()",
    "mach_vm_wire() for reading of memory with a memory entry that was copied "
    "and may only be read is KERN_PROTECTION_FAILURE since macOS 26.4, and "
    "leaves nothing wired, no page either: VM_BEHAVIOR_REUSABLE takes them "
    "when the copy is gone.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE_TRUE(entry_for(self, LARGE, pages, RW, MACH_PORT_NULL) != 0);
	MT_REQUIRE(stage->copy(self, pages, LARGE, to), KERN_SUCCESS);
	PROTECT(pages, LARGE_PAGES, VM_PROT_READ);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, LARGE, VM_PROT_READ),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_SUCCESS));
	MT_CHECK_REGION(pages,
	    .user_wired_count = MT_VALUE(0, MT_UNTIL(26.3, 1)));
	PROTECT(pages, LARGE_PAGES, VM_PROT_DEFAULT);
	PUNCH(to, LARGE_PAGES);
	/* in the page tables: behavior-reusable-unmapped */
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(1 + i));
	MT_REQUIRE(stage->behavior_set(self, pages, LARGE,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable,
	    LARGE_PAGES, MT_UNTIL(26.3, 0));
}

MT_CASE(copy, memory_that_was_wired_is_copied_lazily, "copy-was-wired",
    VM_OBJECT_C "vm_object_copy_strategically()",
    "mach_vm_copy() of memory that was wired and is not any more makes a copy "
    "object since macOS 13: the source is not copy-on-write, but shared with "
    "the copy.",
    .needs = "privileged")
{
	mach_vm_address_t pages = wired(self), to = mt_pages(LARGE_PAGES);

	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, LARGE,
		       VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, pages, LARGE, to), KERN_SUCCESS);
	MT_CHECK_REGION(pages,
	    .share_mode = MT_VALUE(SM_TRUESHARED, MT_UNTIL(12, SM_COW)));
	MT_CHECK_REGION(to, .share_mode = SM_COW);
	check_separate(pages, to);
}

MT_CASE(wire, part_that_was_never_touched_begins_its_object,
    "wire-untouched-offset", VM_FAULT_C "vm_fault_internal()",
    "mach_vm_wire() of untouched memory that was split gives it a VM object "
    "that begins with it, as mach_vm_copy() onto such memory does: the offset "
    "of the region is 0.",
    .needs = "privileged")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES + 1);
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 2), at;

	NUMBER_PAGES(from, LARGE_PAGES + 1, 1);
	MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page, LARGE,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->wire(mach_host_self(), self, pages + 2 * mt_page, LARGE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages + 2 * mt_page, .offset = 0);

	pages = mt_pages(LARGE_PAGES + 2);
	at = pages + 2 * mt_page;
	MT_REQUIRE(stage->inherit(self, at, LARGE, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(stage->copy(self, from + 64, LARGE, at), KERN_SUCCESS);
	MT_CHECK_REGION(at, .offset = 0);
	MT_CHECK_BYTE(at + mt_page - 64, 2);
}

MT_CASE(wire, regions_beside_what_is_wired_are_not_shared, "wire-part-beside",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a page of a region leaves the pages beside it in "
    "memory that nobody else has: they are SM_PRIVATE_ALIASED, as the region "
    "was split, and not SM_TRUESHARED.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(4);

	NUMBER_PAGES(pages, 4, 1);
	MT_CHECK(vm->wire(mach_host_self(), self, pages + 2 * mt_page, mt_page,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE_ALIASED);
	MT_CHECK_REGION(pages + 3 * mt_page, .share_mode = SM_PRIVATE_ALIASED);
}
