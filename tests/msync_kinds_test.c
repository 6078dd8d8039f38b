/*
 * msync(2): flags and ranges.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "queries.h"

MT_CASE(bsd_msync, no_flag_is_synchronous, "msync-bsd-flags-zero",
    KERN_MMAN_C "msync()",
    "msync(2) without a flag is 0 for mapped memory, ENOMEM for a hole.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);

	CHECK(bsd_msync, (pages, mt_page, 0), 0);
	CHECK(bsd_msync, (hole, mt_page, 0), DARWIN_ENOMEM);
}

MT_CASE(bsd_msync, async_goes_with_invalidate, "msync-bsd-async-combos",
    KERN_MMAN_C "msync()",
    "msync(2) takes MS_ASYNC with MS_INVALIDATE, where the manual page says "
    "that it goes with no other flag.")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 0x71);
	CHECK(bsd_msync, (pages, mt_page, MS_ASYNC), 0);
	CHECK(bsd_msync, (pages, mt_page, MS_ASYNC | MS_INVALIDATE), 0);
	CHECK(bsd_msync, (pages, mt_page, MS_SYNC | MS_INVALIDATE), 0);
	MT_CHECK_BYTE(pages, 0x71);
}

MT_CASE(bsd_msync, sync_with_async_is_einval_whatever_else,
    "msync-bsd-both-more", KERN_MMAN_C "msync()",
    "msync(2) with MS_SYNC and MS_ASYNC is EINVAL with any other flag, too.")
{
	mach_vm_address_t pages = mt_pages(1);
	const int both = MS_SYNC | MS_ASYNC;

	CHECK(bsd_msync, (pages, mt_page, both | MS_INVALIDATE), DARWIN_EINVAL);
	CHECK(bsd_msync, (pages, mt_page, both | MS_KILLPAGES), DARWIN_EINVAL);
	CHECK(bsd_msync, (pages, mt_page, both | MS_DEACTIVATE), DARWIN_EINVAL);
}

MT_CASE(bsd_msync, killpages_and_deactivate_are_taken, "msync-bsd-killpages",
    "msync(2)", "msync(2) takes MS_KILLPAGES and MS_DEACTIVATE.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 1);
	CHECK(bsd_msync, (pages, mt_page, MS_KILLPAGES), 0);
	CHECK(bsd_msync, (PAGE(1), mt_page, MS_DEACTIVATE), 0);
	MT_CHECK_WRITABLE(pages);
	MT_CHECK_LAYOUT(pages, "aa");
}

MT_CASE(bsd_msync, killed_pages_are_clean, "msync-bsd-killpages-dirty",
    VM_MAP_C "vm_map_msync()",
    "msync(2) with MS_KILLPAGES makes written pages clean, with MS_DEACTIVATE "
    "besides, too; with that alone they stay dirty.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	CHECK(bsd_msync, (pages, PAGES(4), MS_DEACTIVATE), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 4);
	CHECK(bsd_msync, (pages, PAGES(4), MS_KILLPAGES), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
	TOUCH_PAGES(pages, 4, 0x52);
	CHECK(bsd_msync, (pages, PAGES(4), MS_KILLPAGES | MS_DEACTIVATE), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
}

MT_CASE(bsd_msync, killpages_over_a_hole_is_enomem, "msync-bsd-killpages-hole",
    KERN_MMAN_C "msync()",
    "msync(2) with MS_KILLPAGES or MS_DEACTIVATE over a hole is ENOMEM.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 1);
	CHECK(bsd_msync, (pages, PAGES(2), MS_KILLPAGES), DARWIN_ENOMEM);
	CHECK(bsd_msync, (pages, PAGES(2), MS_DEACTIVATE), DARWIN_ENOMEM);
	CHECK(bsd_msync, (PAGE(1), mt_page, MS_KILLPAGES), DARWIN_ENOMEM);
}

MT_CASE(bsd_msync, unknown_flags_are_taken, "msync-bsd-unknown-flags",
    KERN_MMAN_C "msync()",
    "msync(2) ignores flags that it does not know, beside others, too.")
{
	mach_vm_address_t pages = mt_pages(2);
	const int unknown[] = { 0x20, 0x40, 0x10000, INT32_MIN };

	DO(munmap, (PAGE(1), mt_page));
	for (unsigned i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		CHECK(bsd_msync, (pages, mt_page, unknown[i]), 0);
		CHECK(bsd_msync, (pages, mt_page, unknown[i] | MS_ASYNC), 0);
		CHECK(bsd_msync, (pages, PAGES(2), unknown[i]), DARWIN_ENOMEM);
		CHECK(bsd_msync, (pages, PAGES(2), unknown[i] | MS_KILLPAGES),
		    DARWIN_ENOMEM);
		CHECK(bsd_msync, (pages, PAGES(2), unknown[i] | MS_DEACTIVATE),
		    DARWIN_ENOMEM);
	}
}

MT_CASE(bsd_msync, memory_without_access_succeeds, "msync-bsd-none",
    KERN_MMAN_C "msync()",
    "msync(2) of memory without access, or that may be read alone, is 0.")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 1);
	DO(mprotect, (pages, mt_page, PROT_READ));
	CHECK(bsd_msync, (pages, mt_page, MS_INVALIDATE), 0);
	DO(mprotect, (pages, mt_page, PROT_NONE));
	CHECK(bsd_msync, (pages, mt_page, MS_SYNC), 0);
}

MT_CASE(bsd_msync, range_that_wraps_is_einval, "msync-bsd-overflow",
    KERN_MMAN_C "msync()",
    "msync(2) of a range that passes the end of the address space is EINVAL "
    "since macOS 10.15, ENOMEM before.")
{
	CHECK(bsd_msync, (LAST_PAGE, PAGES(2), MS_SYNC), DARWIN_EINVAL,
	    MT_UNTIL(10.14, DARWIN_ENOMEM));
}

MT_CASE(bsd_msync, end_that_wraps_by_rounding_is_einval,
    "msync-bsd-overflow-rounded", KERN_MMAN_C "msync()",
    "msync(2) of a range whose rounded end alone passes 2^64 is EINVAL since "
    "macOS 13.5; before it is 0, or ENOMEM from a hole.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);

	CHECK(bsd_msync, (pages, TO_THE_END(pages), MS_SYNC), DARWIN_EINVAL,
	    MT_UNTIL(13.4, 0));
	CHECK(bsd_msync, (hole, TO_THE_END(hole), MS_SYNC), DARWIN_EINVAL,
	    MT_UNTIL(13.4, DARWIN_ENOMEM));
}

MT_CASE(bsd_msync, addresses_outside_the_map_are_enomem, "msync-bsd-out-of-map",
    KERN_MMAN_C "msync()", "msync(2) below and above the map is ENOMEM.")
{
	CHECK(bsd_msync, (0, mt_page, MS_SYNC), DARWIN_ENOMEM);
	CHECK(bsd_msync, (UINT64_C(1) << 47, mt_page, MS_SYNC), DARWIN_ENOMEM);
}

MT_CASE(bsd_msync, hole_in_the_middle_is_enomem, "msync-bsd-hole-middle",
    "msync(2)",
    "msync(2) of a range with a hole in the middle is ENOMEM, and the pages "
    "around keep what was stored.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x61);
	DO(munmap, (PAGE(1), mt_page));
	CHECK(bsd_msync, (pages, PAGES(3), MS_SYNC), DARWIN_ENOMEM);
	CHECK(bsd_msync, (pages, PAGES(3), MS_ASYNC), DARWIN_ENOMEM);
	MT_CHECK_BYTE(pages, 0x61);
	MT_CHECK_BYTE(PAGE(2), 0x61);
}

MT_CASE(bsd_msync, one_byte_is_a_page, "msync-bsd-part", KERN_MMAN_C "msync()",
    "msync(2) of one byte at a page's begin is 0.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 1);
	CHECK(bsd_msync, (pages, 1, MS_SYNC), 0);
	CHECK(bsd_msync, (pages, mt_page + 1, MS_SYNC), DARWIN_ENOMEM);
}

MT_CASE(msync, range_ends_where_it_does_behind_a_hole, "msync-hole-end",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() with VM_SYNC_DEACTIVATE of a range with a hole takes the "
    "reference of the pages on both sides and of none above the range.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 1);
	MT_REQUIRE(stage->deallocate(self, PAGE(1), mt_page), KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 3 * mt_page, VM_SYNC_DEACTIVATE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		if (i != 1)
			MT_CHECK_NUMBER(page_is(self, PAGE(i),
					    VM_PAGE_QUERY_PAGE_REF) != 0,
			    i == 3);
}

MT_CASE(bsd_msync, deactivated_page_is_not_referenced, "msync-bsd-deactivate",
    KERN_MMAN_C "msync()",
    "msync(2) with MS_DEACTIVATE leaves a page that was touched unreferenced, "
    "VM_PAGE_QUERY_PAGE_REF.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);
	integer_t bits = 0, references = 0;

	TOUCH(pages, 1);
	CHECK(bsd_msync, (pages, mt_page, MS_DEACTIVATE), 0);
	MT_CHECK(stage->page_query(self, pages, &bits, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(bits & VM_PAGE_QUERY_PAGE_REF, 0);
	MT_CHECK_NUMBER(bits & VM_PAGE_QUERY_PAGE_PRESENT,
	    VM_PAGE_QUERY_PAGE_PRESENT);
}
