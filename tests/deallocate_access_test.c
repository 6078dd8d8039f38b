/*
 * Touching memory that is gone, was never there, or may not be touched.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

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

/* Ways to have a copy of memory that shares its pages. */
enum copies { READ, COPIED, REMAPPED, SNAPSHOT, COPIES };

static void
copy_somehow(mach_port_name_t self, mach_vm_address_t pages, enum copies way)
{
	mach_vm_address_t to = mt_hole(LARGE_PAGES);
	memory_object_size_t size = LARGE;
	mach_msg_type_number_t count = 0;
	mach_port_name_t entry;
	vm_offset_t data = 0;

	switch (way) {
	case READ:
		MT_REQUIRE(stage->read(self, pages, LARGE, &data, &count),
		    KERN_SUCCESS);
		break;
	case COPIED:
		MT_REQUIRE(stage->copy(self, pages, LARGE,
			       mt_pages(LARGE_PAGES)),
		    KERN_SUCCESS);
		break;
	case REMAPPED:
		REMAP(to, LARGE, VM_FLAGS_FIXED, pages, TRUE);
		break;
	default:
		MT_REQUIRE(stage->make_memory_entry(self, &size, pages,
			       MAP_MEM_VM_COPY | VM_PROT_DEFAULT, &entry,
			       MACH_PORT_NULL),
		    KERN_SUCCESS);
	}
}

MT_CASE(deallocate, memory_that_was_copied_cannot_be_touched,
    "fault-unmapped-copied", VM_MAP_C "vm_map_delete()",
    "Memory of which there is a copy (mach_vm_read(), mach_vm_copy(), "
    "mach_vm_remap(), MAP_MEM_VM_COPY), not stored to since, is gone when it "
    "is deallocated: KERN_INVALID_ADDRESS.")
{
	for (enum copies way = 0; way < COPIES; way++) {
		mach_vm_address_t pages = mt_pages(LARGE_PAGES);

		TOUCH_PAGES(pages, LARGE_PAGES, 0x11);
		copy_somehow(self, pages, way);
		MT_CHECK_BYTE(pages, 0x11);
		MT_CHECK(vm->deallocate(self, pages, LARGE), KERN_SUCCESS);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			MT_CHECK_FAULT(mt_read(pages + i * mt_page),
			    EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
	}
}

MT_CASE(deallocate, memory_that_a_child_had_cannot_be_touched,
    "fault-unmapped-forked", VM_MAP_C "vm_map_delete()",
    "Memory that was copied into a child, not stored to since, is gone when "
    "it is deallocated, in the child and in the parent.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x11);
	MT_CHILD {
		MT_CHECK_BYTE(pages, 0x11);
		MT_CHECK(vm->deallocate(self, pages, 4 * mt_page),
		    KERN_SUCCESS);
		MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
	}
	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK(vm->deallocate(self, pages, 4 * mt_page), KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_FAULT(mt_read(pages + i * mt_page), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
}

MT_CASE(allocate, memory_that_was_copied_is_replaced_by_zeros,
    "alloc-over-copied", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE over memory of which there is a copy, not stored to "
    "since, gives memory that reads as zero.")
{
	for (enum copies way = 0; way < COPIES; way++) {
		mach_vm_address_t pages = mt_pages(LARGE_PAGES);

		TOUCH_PAGES(pages, LARGE_PAGES, 0x11);
		copy_somehow(self, pages, way);
		MT_CHECK_BYTE(pages, 0x11);
		MT_CHECK(allocate_at(vm, self, pages, LARGE,
			     PLAIN | VM_FLAGS_OVERWRITE),
		    KERN_SUCCESS);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			MT_CHECK_BYTE(pages + i * mt_page, 0);
	}
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
