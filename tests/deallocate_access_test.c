/*
 * Touching memory that is gone, was never there, or may not be touched.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define SIG_BUS	 10
#define SIG_SEGV 11

MT_CASE(deallocate, freed_page_cannot_be_touched, "fault-unmapped",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A load or store at an address where nothing is mapped raises "
    "EXC_BAD_ACCESS with code KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
}

MT_CASE(deallocate, touching_a_freed_page_is_sigsegv, "fault-signals",
    UX_EXCEPTION_C "ux_exception()",
    "EXC_BAD_ACCESS with code KERN_INVALID_ADDRESS becomes SIGSEGV.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_NUMBER(mt_read(page).signal, SIG_SEGV);
	MT_CHECK_NUMBER(mt_write(page, 1).signal, SIG_SEGV);
}

MT_CASE(deallocate, neighbours_of_a_freed_page_stay_accessible,
    "fault-unmapped-neighbours", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mach_vm_deallocate() removes exactly the pages of its range: the bytes "
    "on both sides can be loaded and stored.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	MT_CHECK(vm->deallocate(self, pages + mt_page, mt_page), KERN_SUCCESS);

	MT_CHECK_READABLE(pages + mt_page - 1);
	MT_CHECK_FAULT(mt_read(pages + mt_page), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
	MT_CHECK_FAULT(mt_read(pages + 2 * mt_page - 1), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
	MT_CHECK_READABLE(pages + 2 * mt_page);
}

MT_CASE(deallocate, page_that_was_never_mapped_cannot_be_touched,
    "fault-unmapped-hole", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "KERN_INVALID_ADDRESS is the code of a fault in a hole that was never "
    "mapped, as in one that was deallocated.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	MT_CHECK_FAULT(mt_write(hole, 1), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
}

MT_CASE(protect, inaccessible_page_cannot_be_touched, "fault-protected",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A load or store that the protection forbids raises EXC_BAD_ACCESS with "
    "code KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(protect, untouched_inaccessible_page_faults_too,
    "fault-protected-untouched", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "KERN_PROTECTION_FAILURE is the code of a fault in untouched memory of "
    "VM_PROT_NONE: the permission is checked before the page is filled.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .pages_resident = 0);
}

MT_CASE(protect, read_only_page_can_be_read, "fault-protected-read-only",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "VM_PROT_READ suffices for a load; a store needs VM_PROT_WRITE.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(page, 0x11);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(protect, touching_a_protected_page_is_sigbus, "fault-signals-protected",
    UX_EXCEPTION_C "ux_exception()",
    "EXC_BAD_ACCESS with code KERN_PROTECTION_FAILURE becomes SIGBUS.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(mt_read(page).signal, SIG_BUS);
	MT_CHECK_NUMBER(mt_write(page, 1).signal, SIG_BUS);
}

static void
touch(void *argument)
{
	*(volatile uint8_t *)argument = 1;
}

MT_CASE(deallocate, process_that_touches_freed_memory_dies,
    "fault-unmapped-dies", UX_EXCEPTION_C "ux_exception()",
    "EXC_BAD_ACCESS with code KERN_INVALID_ADDRESS that nobody handles "
    "kills the process with SIGSEGV.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_NUMBER(mt_child_signal(touch, (void *)(uintptr_t)page),
	    SIG_SEGV);
}

MT_CASE(protect, process_that_touches_protected_memory_dies,
    "fault-protected-dies", UX_EXCEPTION_C "ux_exception()",
    "EXC_BAD_ACCESS with code KERN_PROTECTION_FAILURE that nobody handles "
    "kills the process with SIGBUS.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(mt_child_signal(touch, (void *)(uintptr_t)page),
	    SIG_BUS);
}

MT_CASE(deallocate, address_beyond_the_map_cannot_be_touched,
    "fault-beyond-max", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A load or store above the map's maximum raises EXC_BAD_ACCESS with "
    "code KERN_INVALID_ADDRESS.",
    .arch = "arm64")
{
	MT_CHECK_FAULT(mt_read(mt_system()->maximum), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
}

MT_CASE(deallocate, page_zero_cannot_be_touched, "fault-unmapped-page-zero",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A load or store in page zero raises EXC_BAD_ACCESS with code "
    "KERN_INVALID_ADDRESS.")
{
	MT_CHECK_FAULT(mt_read(8), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	MT_CHECK_FAULT(mt_write(8, 1), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, page_allocated_again_can_be_touched,
    "fault-unmapped-refilled", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A load and a store succeed in a page that was deallocated and "
    "allocated again.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);

	MT_CHECK(allocate_at(vm, self, page, mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_BYTE(page, 0);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(deallocate, noncanonical_address_is_a_general_protection_fault,
    "fault-noncanonical-x86", UX_EXCEPTION_C "ux_exception()",
    "EXC_I386_GPFLT, 13, is the code of EXC_BAD_ACCESS at a non-canonical "
    "address; it becomes SIGSEGV.",
    .machine = "x86_64")
{
	struct mt_fault fault = mt_read(UINT64_C(1) << 63);

	MT_CHECK_FAULT(fault, EXC_BAD_ACCESS, 13);
	MT_CHECK_NUMBER(fault.signal, SIG_SEGV);
}
