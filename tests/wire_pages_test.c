/*
 * What becomes of pages that mach_vm_wire() wires, or would have wired.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"
#include "queries.h"
#include "transfer.h"

/* Empties purgeable memory, as far as its pages are not wired. */
static void
empty(mach_port_name_t self, mach_vm_address_t address)
{
	int state = VM_PURGABLE_EMPTY;

	MT_REQUIRE(stage->purgable_control(self, address, VM_PURGABLE_SET_STATE,
		       &state),
	    KERN_SUCCESS);
	state = VM_PURGABLE_NONVOLATILE;
	MT_REQUIRE(stage->purgable_control(self, address, VM_PURGABLE_SET_STATE,
		       &state),
	    KERN_SUCCESS);
}

MT_CASE(wire, unwired_pages_can_be_emptied, "unwire-purge",
    VM_FAULT_C "vm_fault_unwire()",
    "Purgeable memory that mach_vm_wire() wired twice and unwired twice can be "
    "emptied: no page of it stays wired.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, pages, 3 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 3, 0x51);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK(vm->wire(mach_host_self(), self, pages, 3 * mt_page,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK(vm->wire(mach_host_self(), self, pages, 3 * mt_page,
			     VM_PROT_NONE),
		    KERN_SUCCESS);
	empty(self, pages);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0);
}

MT_CASE(munlock, unlocked_pages_can_be_emptied, "munlock-purge",
    VM_FAULT_C "vm_fault_unwire()",
    "Purgeable memory that mlock(2) locked and munlock(2) unlocked can be "
    "emptied: no page of it stays wired.")
{
	mach_vm_address_t pages = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, pages, 3 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 3, 0x51);
	DO(mlock, (pages, PAGES(3)));
	CHECK(munlock, (pages, PAGES(3)), 0);
	empty(self, pages);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0);
}

MT_CASE(munlock, unlocked_pages_of_copied_memory_are_not_wired,
    "munlock-copied", VM_FAULT_C "vm_fault_unwire()",
    "Shared memory that was copied, locked by mlock(2) and unlocked has no "
    "wired page: VM_BEHAVIOR_REUSABLE takes them all when the copy is gone.",
    .needs = "native")
{
	const unsigned n = LARGE_PAGES;
	mach_vm_address_t pages = mt_pages(n), copy = mt_pages(n), alias = 0;
	int error = 0;

	TOUCH_PAGES(pages, n, 0x51);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_REQUIRE(stage->copy(self, pages, LARGE, copy), KERN_SUCCESS);
	for (unsigned i = 0; i < 2; i++) {
		MT_REQUIRE_TRUE(stage_bsd->mlock(&error, pages, LARGE) == 0);
		MT_CHECK_ERRNO(vm->munlock(&error, pages, LARGE), error, 0);
	}
	MT_CHECK_BYTE(copy + LARGE - mt_page, 0x51);
	MT_REQUIRE(stage->deallocate(self, copy, LARGE), KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, pages, LARGE,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable, n);
}

MT_CASE(wire, store_to_a_wired_page_makes_it_dirty, "wire-dirty",
    VM_FAULT_C "vm_fault_wire_fast()",
    "A store to a page that mach_vm_wire() wired while it was clean sets "
    "VM_PAGE_QUERY_PAGE_DIRTY.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, 2 * mt_page,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 2, 0x52);
	MT_CHECK_TRUE(page_is(self, pages, VM_PAGE_QUERY_PAGE_DIRTY));
	MT_CHECK_TRUE(page_is(self, pages + mt_page, VM_PAGE_QUERY_PAGE_DIRTY));
}

MT_CASE(wire, failed_wiring_wires_no_page, "wire-failed-pages",
    VM_FAULT_C "vm_fault_wire()",
    "mach_vm_wire() that meets KERN_MEMORY_ERROR behind the end of a file "
    "leaves no page wired: VM_BEHAVIOR_DONTNEED takes the reference of those "
    "before.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = map_file(stage_bsd, file_of(stage_bsd, 2), 4,
	    READ_WRITE, MAP_PRIVATE);

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, 4 * mt_page,
		     VM_PROT_DEFAULT),
	    KERN_MEMORY_ERROR);
	MT_CHECK_REGION(pages, .user_wired_count = 0);
	MT_REQUIRE(stage->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_DONTNEED),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(!page_is(self, pages, VM_PAGE_QUERY_PAGE_REF));
	MT_CHECK_TRUE(!page_is(self, pages + mt_page, VM_PAGE_QUERY_PAGE_REF));
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(wire, superpage_is_not_unwired, "unwire-superpage",
    VM_MAP_C "vm_map_unwire_nested()",
    "mach_vm_wire() without access, which unwires, is KERN_INVALID_ADDRESS for "
    "a superpage: that is wired as long as it is there.",
    .arch = "x86_64", .needs = "native privileged")
{
	mach_vm_address_t page = superpages(stage, self, 1);

	MT_CHECK(vm->wire(mach_host_self(), self, page, mt_page, VM_PROT_NONE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(page, .address = (int64_t)page, .size = 2 * MIB);
}

MT_CASE(wire, failed_wiring_of_regions_wires_no_page, "wire-failed-regions",
    VM_FAULT_C "vm_fault_wire()",
    "mach_vm_wire() of two regions that meets KERN_MEMORY_ERROR in the second, "
    "behind the end of a file, leaves no page of the first wired: "
    "VM_BEHAVIOR_DONTNEED takes its reference.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = mt_hole(3);
	int error = 0, fd = file_of(stage_bsd, 1);

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(
	    stage_bsd->mmap(&error, PAGE(1), PAGES(2), READ_WRITE,
		MAP_PRIVATE | MAP_FIXED, fd, 0) == (int64_t)PAGE(1));
	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(vm->wire(mach_host_self(), self, pages, 3 * mt_page,
		     VM_PROT_DEFAULT),
	    KERN_MEMORY_ERROR);
	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK_REGION(PAGE(i), .user_wired_count = 0);
		MT_REQUIRE(stage->behavior_set(self, PAGE(i), mt_page,
			       VM_BEHAVIOR_DONTNEED),
		    KERN_SUCCESS);
		MT_CHECK_TRUE(!page_is(self, PAGE(i), VM_PAGE_QUERY_PAGE_REF));
	}
	MT_CHECK_BYTE(pages, 0x51);
}
