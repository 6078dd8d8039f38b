/*
 * Which page a load, store or jump shows, and what it leaves in the page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"
#include "queries.h"

MT_CASE(fault, store_is_seen_through_a_mapping_that_showed_the_original,
    "fault-shared-copied", VM_FAULT_C "vm_fault_page()",
    "A store to shared memory whose page is still that of an older copy is "
    "seen through another mapping that has read the page, and by no copy.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t older = mt_pages(LARGE_PAGES);
	mach_vm_address_t newer = mt_pages(LARGE_PAGES);
	mach_vm_address_t alias = mt_hole(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, older), KERN_SUCCESS);
	REMAP(alias, LARGE, VM_FLAGS_FIXED, pages, FALSE);
	MT_REQUIRE(stage->copy(self, pages, LARGE, newer), KERN_SUCCESS);
	MT_CHECK_BYTE(alias, 1);
	MT_CHECK_BYTE(newer + mt_page, 2);

	MT_CHECK_BYTE(alias + 2 * mt_page, 3);

	TOUCH(pages, 0xa1);
	TOUCH(alias + mt_page, 0xa2);
	TOUCH(alias + 2 * mt_page, 0xa3);

	MT_CHECK_BYTE(alias, 0xa1);
	MT_CHECK_BYTE(pages + mt_page, 0xa2);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0xa3);
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(older + i * mt_page, (uint8_t)(1 + i));
		MT_CHECK_BYTE(newer + i * mt_page, (uint8_t)(1 + i));
	}
}

MT_CASE(fault, store_after_a_load_is_not_seen_in_a_copy, "fault-load-store",
    VM_FAULT_C "vm_fault_internal()",
    "A store to a page that was loaded before, of memory that was copied and "
    "has stored to another page since, is not seen in the copy, nor the other "
    "way round.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, copy), KERN_SUCCESS);
	/* Each has an object of its own from here on, above the common one. */
	TOUCH(pages, 0xa1);
	TOUCH(copy, 0xb1);

	MT_CHECK_BYTE(pages + mt_page, 2);
	TOUCH(pages + mt_page, 0xa2);
	MT_CHECK_BYTE(copy + 2 * mt_page, 3);
	TOUCH(copy + 2 * mt_page, 0xb3);

	MT_CHECK_BYTE(copy + mt_page, 2);
	MT_CHECK_BYTE(pages + 2 * mt_page, 3);
	MT_CHECK_BYTE(pages, 0xa1);
	MT_CHECK_BYTE(copy, 0xb1);
}

MT_CASE(fault, touched_page_is_referenced, "fault-referenced",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "A load or store sets VM_PAGE_QUERY_PAGE_REF of its page.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_WRITABLE(pages + mt_page);
	MT_CHECK_TRUE(page_is(self, pages, VM_PAGE_QUERY_PAGE_REF));
	MT_CHECK_TRUE(page_is(self, pages + mt_page, VM_PAGE_QUERY_PAGE_REF));
}

MT_CASE(fault, load_does_not_make_a_page_dirty, "fault-load-clean",
    VM_FAULT_C "vm_fault_enter()",
    "A load from a page that VM_BEHAVIOR_FREE made clean does not set "
    "VM_PAGE_QUERY_PAGE_DIRTY; a store does.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->behavior_set(self, page, mt_page, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	/* Take it out of the page table, so that the load faults. */
	PROTECT(page, 1, VM_PROT_NONE);
	PROTECT(page, 1, VM_PROT_DEFAULT);

	MT_SKIP_UNLESS(mt_read(page).value == 0x51,
	    "the kernel has taken the page");
	MT_CHECK_TRUE(!page_is(self, page, VM_PAGE_QUERY_PAGE_DIRTY));
	MT_CHECK_WRITABLE(page);
	MT_CHECK_TRUE(page_is(self, page, VM_PAGE_QUERY_PAGE_DIRTY));
}

/* A page with the machine's return instruction, out of the page table so that a
 * jump there faults. */
static mach_vm_address_t
returning_page(mach_port_name_t self)
{
	static const uint8_t arm64[] = { 0xc0, 0x03, 0x5f, 0xd6 };
	const bool is_x86 = mt_system()->machine[0] == 'x';
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_SYNC;
	mach_vm_address_t page = mt_pages(1);

	for (unsigned i = 0; i < sizeof(arm64); i++)
		TOUCH(page + i, is_x86 ? 0xc3 : arm64[i]);
	/* x86_64 has nothing to do and says so. */
	(void)stage->machine_attribute(self, page, mt_page, MATTR_CACHE,
	    &value);
	PROTECT(page, 1, VM_PROT_NONE);
	return page;
}

MT_CASE(fault, execute_only_page_can_be_executed, "fault-execute-only",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "On arm64 a jump to a page with VM_PROT_EXECUTE alone passes, though the "
    "fault of an instruction fetch asks for VM_PROT_READ, too.",
    .arch = "arm64", .needs = "native")
{
	mach_vm_address_t page = returning_page(self);

	MT_CHILD {
		PROTECT(page, 1, VM_PROT_EXECUTE);
		MT_CHECK_FAULT(mt_execute(page), 0, 0);
	}
}

MT_CASE(fault, execute_only_page_that_is_shown_can_be_read,
    "fault-execute-only-x86", XNU "osfmk/x86_64/pmap.c, pmap_protect_options()",
    "On x86_64 a page that was stored to can be loaded from when it may only be "
    "executed, not stored to: page tables that can be executed can be read. A "
    "page that was never touched cannot: KERN_PROTECTION_FAILURE.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH(pages, 0x51);
	PROTECT(pages, 2, VM_PROT_EXECUTE);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_FAULT(mt_read(pages + mt_page), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_FAULT(mt_write(pages, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(fault, fetch_from_an_execute_only_page_needs_read, "fault-execute-read",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "On x86_64 a jump to a page with VM_PROT_EXECUTE alone is "
    "KERN_PROTECTION_FAILURE: the fault of an instruction fetch asks for "
    "VM_PROT_READ, too.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t page = returning_page(self);

	MT_CHILD {
		PROTECT(page, 1, VM_PROT_EXECUTE);
		MT_CHECK_FAULT(mt_execute(page), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
		PROTECT(page, 1, VM_PROT_READ | VM_PROT_EXECUTE);
		MT_CHECK_FAULT(mt_execute(page), 0, 0);
	}
}

MT_CASE(fault, page_that_is_shown_cannot_be_executed, "fault-execute-data",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A jump to a page without VM_PROT_EXECUTE that was loaded from or stored "
    "to before is KERN_PROTECTION_FAILURE.",
    .needs = "native")
{
	mach_vm_address_t page = returning_page(self);

	MT_CHILD {
		PROTECT(page, 1, VM_PROT_READ);
		MT_CHECK_READABLE(page);
		MT_CHECK_FAULT(mt_execute(page), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
		PROTECT(page, 1, VM_PROT_DEFAULT);
		MT_CHECK_WRITABLE(page + mt_page - 1);
		MT_CHECK_FAULT(mt_execute(page), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
	}
}

MT_CASE(fault, signal_tells_the_address_and_why, "fault-sicode",
    XNU "bsd/dev/{i386,arm}/unix_signal.c, sendsig()",
    "The signal of a refused load or store has its address in si_addr, and in "
    "si_code SEGV_MAPERR without memory and BUS_ADRERR without permission on "
    "x86_64, SEGV_ACCERR and BUS_ADRALN on arm64.",
    .needs = "native")
{
	enum { MAPERR = 1, ACCERR, ADRALN = 1, ADRERR };
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	struct mt_fault load, store;

	PROTECT(page, 1, VM_PROT_READ);

	load = mt_read(hole + 0x123);
	store = mt_write(page + mt_page - 1, 0x5a);

	MT_CHECK_ADDRESS(load.signal_address, hole + 0x123);
	MT_CHECK_NUMBER(load.signal_code, MAPERR, MT_ON(arm64, ACCERR));
	MT_CHECK_ADDRESS(store.signal_address, page + mt_page - 1);
	MT_CHECK_NUMBER(store.signal_code, ADRERR, MT_ON(arm64, ADRALN));
}

MT_CASE(fault, signal_of_a_general_protection_fault_tells_nothing,
    "fault-noncanonical-x86", XNU "bsd/dev/i386/unix_signal.c, sendsig()",
    "The SIGSEGV of a load from a non-canonical address has 0 in si_addr and "
    "in si_code.",
    .arch = "x86_64", .needs = "native")
{
	const struct mt_fault fault = mt_read(UINT64_C(1) << 63);

	MT_CHECK_ADDRESS(fault.signal_address, 0);
	MT_CHECK_NUMBER(fault.signal_code, 0);
}

MT_CASE(fault, store_to_a_write_only_page_needs_read, "fault-write-only",
    XNU
    "osfmk/{i386/trap.c, arm64/sleh.c}, user_trap() and handle_user_abort()",
    "A store to memory with VM_PROT_WRITE alone is KERN_PROTECTION_FAILURE: "
    "the fault of a store asks for VM_PROT_READ, too.")
{
	mach_vm_address_t page = mt_pages(1);

	PROTECT(page, 1, VM_PROT_WRITE);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	PROTECT(page, 1, VM_PROT_READ | VM_PROT_WRITE);
	MT_CHECK_BYTE(page, 0);
}
