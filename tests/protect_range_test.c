/*
 * The range of mach_vm_protect: rounding, holes, limits, and all or nothing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(protect, current_protection_becomes_what_is_asked, "protect-basic",
    "vm_protect.html",
    "Each of the protections is set exactly: nothing is added.")
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
    "A page that may only be read refuses a store; one without permission "
    "refuses a load too.")
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
    "A mapped page without the permission gives SIGBUS, an unmapped address "
    "SIGSEGV.")
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

MT_CASE(protect, write_alone_is_shown_as_asked, "fault-write-implies-nothing",
    VM_MAP_C "vm_map_protect()",
    "WRITE alone is recorded as it is asked, without READ.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_WRITE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_WRITE,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(protect, unaligned_range_covers_whole_pages, "protect-unaligned-start",
    VM_MAP_C "vm_map_protect()",
    "The start is truncated, the end rounded up: a page's worth from one "
    "byte on changes two pages.")
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
    "A size of 0 succeeds at any address, mapped or not, and changes "
    "nothing.")
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

MT_CASE(protect, size_zero_wins_over_a_bad_protection,
    "protect-zero-size-bad-prot", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "A size of 0 is found before the protection is tested; until macOS 14 "
    "the protection came first.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, 0, FALSE, 0x400), KERN_SUCCESS,
	    MT_UNTIL(14, KERN_INVALID_ARGUMENT));
	MT_CHECK(vm->protect(self, 0, 0, FALSE, VM_PROT_IS_MASK), KERN_SUCCESS,
	    MT_UNTIL(14, KERN_INVALID_ARGUMENT));
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, range_that_wraps_is_an_invalid_argument, "protect-overflow",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "A range whose end wraps past 2^64 is an invalid argument.")
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
    "A range that wraps in rounding alone is an invalid argument, until "
    "macOS 13.4 an invalid address.")
{
	MT_CHECK(vm->protect(self, LAST_PAGE, mt_page - 1, FALSE, VM_PROT_READ),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(13.4, KERN_INVALID_ADDRESS));
}

MT_CASE(protect, end_that_rounds_past_2_64_from_a_mapped_page_is_refused,
    "protect-round-overflow-mapped", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "From a mapped page on such a range is refused too; until macOS 13.4 it "
    "succeeded without effect.")
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
    "From 0 to 2^64 - 1 is an invalid address, not an invalid argument, in "
    "every release.")
{
	MT_CHECK(vm->protect(self, 0, UINT64_MAX, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, address_above_the_maximum_is_an_invalid_address,
    "protect-above-max", VM_MAP_C "vm_map_protect()",
    "From the map's maximum on there is nothing to protect.")
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
    "Page zero is not mapped.")
{
	MT_CHECK(vm->protect(self, 0, mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->protect(self, mt_page, 1, FALSE, VM_PROT_NONE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, unmapped_start_is_an_invalid_address, "protect-start-unmapped",
    "vm_protect.html",
    "A range that begins in a hole is an invalid address, and what is "
    "mapped in it does not change.")
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
    "A hole anywhere in the range is an invalid address, and no page "
    "changes, not even those before it.")
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
    "A range that ends in a hole is an invalid address, and no page "
    "changes.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "aa.");
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, hole_of_one_byte_counts, "protect-hole-tail-byte",
    VM_MAP_C "vm_map_protect()", "One byte of the range in a hole is enough.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, mt_page + 1, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, bad_protection_wins_over_a_hole, "no-partial-check-mix",
    VM_MAP_C "vm_map_protect()",
    "Arguments are tested before the map: an invalid bit wins over a hole.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(vm->protect(self, hole, mt_page, FALSE, 0x400),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(stage->inherit(self, hole, mt_page, 7), KERN_INVALID_ARGUMENT);
}

MT_CASE(protect, several_regions_change_at_once, "protect-several",
    "vm_protect.html", "A range may cover several regions, which all change.")
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

MT_CASE(protect, contents_survive_a_time_without_permission,
    "protect-none-restore", "vm_protect.html",
    "NONE hides the contents; DEFAULT shows them again.")
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

MT_CASE(protect, wired_memory_may_be_protected, "protect-wired",
    VM_MAP_C "vm_map_protect()",
    "Wired memory takes any protection and stays wired.", .needs = "privileged")
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
