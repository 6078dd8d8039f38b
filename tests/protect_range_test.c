/*
 * The range of mach_vm_protect: rounding, holes, limits, and all or nothing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(protect, current_protection_becomes_what_is_asked, "protect-basic",
    "vm_protect.html", "mach_vm_protect() sets exactly the protection given.")
{
	static const vm_prot_t protections[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_WRITE, VM_PROT_DEFAULT, VM_PROT_EXECUTE,
		VM_PROT_READ | VM_PROT_EXECUTE };
	mach_vm_address_t pages = mt_pages(2);

	for (unsigned i = 0; i < 6; i++) {
		MT_CHECK(vm->protect(self, pages, 2 * mt_page, FALSE,
			     protections[i]),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages, .address = pages, .size = 2 * mt_page,
		    .protection = protections[i]);
	}
}

MT_CASE(protect, protection_is_enforced, "protect-basic-fault",
    "vm_protect.html",
    "VM_PROT_READ refuses a store; VM_PROT_NONE refuses a load too.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0x51);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
}

MT_CASE(protect, protection_failure_is_a_bus_error, "fault-signals",
    UX_EXCEPTION_C "ux_exception()",
    "KERN_PROTECTION_FAILURE of a mapped page is delivered as SIGBUS, "
    "KERN_INVALID_ADDRESS of a hole as SIGSEGV.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(vm->protect(self, pages, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(mt_read(pages).signal, 10);
	MT_CHECK_NUMBER(mt_write(pages, 1).signal, 10);
	MT_CHECK_NUMBER(mt_read(pages + mt_page).signal, 11);
	MT_CHECK_FAULT(mt_read(pages + mt_page), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, write_alone_is_reported_as_given,
    "fault-write-implies-nothing", VM_MAP_C "vm_map_protect()",
    "VM_PROT_WRITE alone is stored and reported without VM_PROT_READ.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_WRITE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_WRITE,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(protect, unaligned_range_covers_whole_pages, "protect-unaligned-start",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() truncates the start and rounds the end up: a page's "
    "size from the second byte of a page changes two pages.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->protect(self, pages + mt_page + 1, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abbc");
	MT_CHECK_REGION(pages + mt_page, .size = 2 * mt_page,
	    .protection = VM_PROT_READ);
}

MT_CASE(protect, size_zero_changes_nothing_anywhere, "protect-zero-size",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() of size 0 succeeds at any address, mapped or not, "
    "and changes nothing.")
{
	mach_vm_address_t page = mt_pages(1);
	const mach_vm_address_t addresses[] = { 0, 1, page, page + 1,
		page + mt_page, mt_system()->maximum, UINT64_MAX };

	for (unsigned i = 0; i < 7; i++)
		MT_CHECK(vm->protect(self, addresses[i], 0, FALSE,
			     VM_PROT_NONE),
		    KERN_SUCCESS);
	MT_CHECK_REGION(page, .address = page, .size = mt_page,
	    .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, size_zero_is_accepted_before_a_bad_protection,
    "protect-zero-size-bad-prot", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() accepts a size of 0 before it checks the protection; "
    "until macOS 15.1 it was the other way round.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, 0, FALSE, 0x400), KERN_SUCCESS,
	    MT_UNTIL(15.1, KERN_INVALID_ARGUMENT));
	MT_CHECK(vm->protect(self, 0, 0, FALSE, VM_PROT_IS_MASK), KERN_SUCCESS,
	    MT_UNTIL(15.1, KERN_INVALID_ARGUMENT));
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, range_that_wraps_is_an_invalid_argument, "protect-overflow",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, UINT64_MAX, 2, FALSE, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->protect(self, page, UINT64_MAX, FALSE, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->protect(self, LAST_PAGE, 2 * mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, end_that_rounds_past_2_64_is_refused, "protect-round-overflow",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() of a range whose end rounds up to 2^64 is "
    "KERN_INVALID_ARGUMENT; until macOS 13.4 it was KERN_INVALID_ADDRESS.")
{
	MT_CHECK(vm->protect(self, LAST_PAGE, mt_page - 1, FALSE, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(13.4, KERN_INVALID_ADDRESS));
}

MT_CASE(protect, end_that_rounds_past_2_64_from_a_mapped_page_is_refused,
    "protect-round-overflow-mapped", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_protect() from a mapped page to an end that rounds up to 2^64 "
    "is refused; until macOS 13.4 it succeeded without effect.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, UINT64_MAX - page, FALSE,
		     VM_PROT_READ),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(13.4, KERN_SUCCESS));
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, whole_address_space_is_an_invalid_address,
    "protect-round-overflow-whole",
    VM_SANITIZE_COMPAT_C "vm_sanitize_err_compat_addr_size_vm_protect()",
    "mach_vm_protect() from 0 to 2^64 - 1 is KERN_INVALID_ADDRESS, not "
    "KERN_INVALID_ARGUMENT, in every release.")
{
	MT_CHECK(vm->protect(self, 0, UINT64_MAX, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, address_above_the_maximum_is_an_invalid_address,
    "protect-above-max", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() from the map's maximum on is KERN_INVALID_ADDRESS.")
{
	MT_CHECK(vm->protect(self, mt_system()->maximum, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->protect(self, UINT64_C(0xffffff8000200000), mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, address_below_the_minimum_is_an_invalid_address,
    "protect-start-unmapped-zero", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of page zero is KERN_INVALID_ADDRESS.")
{
	MT_CHECK(vm->protect(self, 0, mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->protect(self, mt_page, 1, FALSE, VM_PROT_NONE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, unmapped_start_is_an_invalid_address, "protect-start-unmapped",
    "vm_protect.html",
    "mach_vm_protect() of a range that begins in a hole is "
    "KERN_INVALID_ADDRESS and changes nothing.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, ".aa");
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, hole_in_the_middle_changes_nothing, "protect-hole-middle",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of a range with a hole is KERN_INVALID_ADDRESS and "
    "changes no page, not even before the hole.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_REQUIRE(stage->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 4 * mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "aa.b");
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(pages + 3 * mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, hole_at_the_end_changes_nothing, "protect-hole-tail",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of a range that ends in a hole is "
    "KERN_INVALID_ADDRESS and changes no page.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "aa.");
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, hole_of_one_byte_suffices, "protect-hole-tail-byte",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() of a range of which one byte lies in a hole is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, mt_page + 1, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, bad_protection_is_reported_before_a_hole,
    "no-partial-check-mix", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() checks its arguments before the map: an invalid bit "
    "is reported before a hole.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(vm->protect(self, hole, mt_page, FALSE, 0x400),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(stage->inherit(self, hole, mt_page, 7), KERN_INVALID_ARGUMENT);
}

MT_CASE(protect, several_regions_change_at_once, "protect-several",
    "vm_protect.html", "mach_vm_protect() changes all regions of its range.")
{
	mach_vm_address_t hole = mt_hole(3);

	for (unsigned i = 0; i < 3; i++)
		MT_REQUIRE(allocate_at(stage, self, hole + i * mt_page, mt_page,
			       TAG(241 + (int)i)),
		    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, hole, 3 * mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "abc");
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_REGION(hole + i * mt_page, .protection = VM_PROT_READ,
		    .user_tag = 241 + (int)i);
}

MT_CASE(protect, contents_survive_protection_none, "protect-none-restore",
    "vm_protect.html",
    "VM_PROT_NONE keeps the contents: VM_PROT_DEFAULT makes them visible "
    "again.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(page, 0x51);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(protect, untouched_start_of_a_range_hides_nothing,
    "protect-sparse-range",
    XNU "osfmk/{x86_64,arm/pmap}/pmap.c, pmap_protect_options()",
    "mach_vm_protect() of a range of 40 MiB takes the access from its last page, "
    "the only one in it that was touched, and none from the touched page right "
    "below the range.")
{
	mach_vm_address_t pages = mt_pages(TABLES_PAGES);
	mach_vm_address_t last = pages + TABLES - mt_page;

	TOUCH(pages, 0x51);
	TOUCH(last, 0x52);
	MT_CHECK(vm->protect(self, pages + mt_page, TABLES - mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_write(last, 0x53), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, pages + mt_page, TABLES - mt_page, FALSE,
		     VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(last), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);

	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_WRITABLE(pages);
}

MT_CASE(protect, wired_memory_can_be_protected, "protect-wired",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() works on wired memory, which stays wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .user_wired_count = 1);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 1);
	MT_CHECK_BYTE(page, 0x51);
}
