/*
 * mach_vm_page_range_query: the dispositions of many pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define COMPARED (~VM_PAGE_QUERY_PAGE_REF)
/* A page that was only read is DIRTY or not by what its frame held before. */
#define COMPARED_OF_READ (COMPARED & ~VM_PAGE_QUERY_PAGE_DIRTY)
#define WRITTEN		 (VM_PAGE_QUERY_PAGE_PRESENT | VM_PAGE_QUERY_PAGE_DIRTY)
#define SENTINEL	 0x5a5a5a5a
#define ROOM		 8

struct answer {
	int disposition[ROOM];
	mach_vm_size_t count;
};

/* Ask for the pages of a range with room for so many. */
static kern_return_t
ask(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t address,
    mach_vm_size_t size, mach_vm_size_t count, struct answer *out)
{
	for (int i = 0; i < ROOM; i++)
		out->disposition[i] = SENTINEL;
	out->count = count;
	return vm->page_range_query(self, address, size,
	    (uintptr_t)out->disposition, &out->count);
}

MT_CASE(page_range_query, each_page_has_its_disposition, "pagerange-basic",
    VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() writes one disposition for each page of the "
    "range and returns their number.")
{
	mach_vm_address_t pages = mt_pages(4);
	struct answer out;

	TOUCH(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0);
	TOUCH(pages + 3 * mt_page, 0x51);

	MT_CHECK(ask(vm, self, pages, 4 * mt_page, 4, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 4);
	MT_CHECK_NUMBER(out.disposition[0] & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(out.disposition[1] & COMPARED_OF_READ,
	    VM_PAGE_QUERY_PAGE_PRESENT);
	MT_CHECK_NUMBER(out.disposition[2], 0);
	MT_CHECK_NUMBER(out.disposition[3] & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(out.disposition[4], SENTINEL);
}

MT_CASE(page_range_query, count_zero_writes_nothing, "pagerange-zero-count",
    VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() with a count of 0 succeeds and writes "
    "nothing.")
{
	mach_vm_address_t pages = mt_pages(2);
	struct answer out;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(ask(vm, self, pages, 2 * mt_page, 0, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 0);
	MT_CHECK_NUMBER(out.disposition[0], SENTINEL);
}

MT_CASE(page_range_query, count_smaller_than_the_range_is_filled,
    "pagerange-short-count", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() with a count smaller than the range writes "
    "that many dispositions.")
{
	mach_vm_address_t pages = mt_pages(4);
	struct answer out;

	TOUCH_PAGES(pages, 4, 0x51);
	MT_CHECK(ask(vm, self, pages, 4 * mt_page, 2, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 2);
	MT_CHECK_NUMBER(out.disposition[1] & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(out.disposition[2], SENTINEL);
}

MT_CASE(page_range_query, each_of_many_pages_has_its_disposition,
    "pagerange-many", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() of many pages writes for each its own, 0 for "
    "those that are not mapped, and no more than asked for.",
    .needs = "native")
{
	enum { MANY = 600, ASKED = MANY - 100 };
	mach_vm_address_t pages = mt_pages(MANY);
	mach_vm_size_t count = ASKED;
	static int told[MANY];
	unsigned right = 0;

	TOUCH_PAGES(pages, MANY / 2, 0x51);
	TOUCH_PAGES(pages + (ASKED - 1) * mt_page, 2, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + MANY / 2 * mt_page, mt_page),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < MANY; i++)
		told[i] = SENTINEL;
	MT_CHECK(vm->page_range_query(self, pages, MANY * mt_page,
		     (uintptr_t)told, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(count, ASKED);
	for (unsigned i = 0; i < MANY; i++)
		right += (told[i] & COMPARED) ==
		    (i >= ASKED ? SENTINEL & COMPARED :
			    i < MANY / 2 || i == ASKED - 1 ? WRITTEN :
							     0);
	MT_CHECK_NUMBER(right, MANY);
}

MT_CASE(page_range_query, count_larger_than_the_range_is_reduced,
    "pagerange-long-count", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() with a count larger than the range returns "
    "the number of pages.")
{
	mach_vm_address_t pages = mt_pages(4);
	struct answer out;

	TOUCH_PAGES(pages, 4, 0x51);
	MT_CHECK(ask(vm, self, pages, 2 * mt_page, ROOM, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 2);
	MT_CHECK_NUMBER(out.disposition[1] & COMPARED, WRITTEN);
}

MT_CASE(page_range_query, unmapped_pages_have_no_disposition,
    "pagerange-unmapped", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() succeeds over pages that are not mapped and "
    "writes 0 for them.")
{
	mach_vm_address_t pages = mt_pages(4);
	struct answer out;

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, 2 * mt_page),
	    KERN_SUCCESS);
	MT_CHECK(ask(vm, self, pages, 4 * mt_page, 4, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 4);
	MT_CHECK_NUMBER(out.disposition[0] & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(out.disposition[1], 0);
	MT_CHECK_NUMBER(out.disposition[2], 0);
	MT_CHECK_NUMBER(out.disposition[3] & COMPARED, WRITTEN);
}

MT_CASE(page_range_query, size_zero_asks_for_no_page, "pagerange-zero-size",
    VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() of size 0 succeeds at an aligned address.")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	TOUCH(page, 0x51);
	MT_CHECK(ask(vm, self, page, 0, 0, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.disposition[0], SENTINEL);
}

MT_CASE(page_range_query, size_zero_may_tell_that_no_page_was_asked_for,
    "pagerange-zero-size-unaligned",
    VM_USER_C "mach_vm_page_range_query_sanitize()",
    "mach_vm_page_range_query() of size 0 at an unaligned address succeeds and "
    "leaves the count alone; until macOS 15.1 it became 0.")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	TOUCH(page, 0x51);
	MT_CHECK(ask(vm, self, page + 1, 0, 4, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, MT_VALUE(4, MT_UNTIL(15.1, 0)));
	MT_CHECK_NUMBER(out.disposition[0], SENTINEL);
}

MT_CASE(page_range_query, buffer_that_wraps_is_an_invalid_argument,
    "pagerange-buffer-overflow",
    VM_USER_C "mach_vm_page_range_query_sanitize()",
    "mach_vm_page_range_query() of a count whose buffer wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT; until macOS 15.1 it was the BSD error 14, EFAULT.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_size_t count = 4;

	TOUCH(page, 0x51);
	MT_CHECK(vm->page_range_query(self, page, mt_page, UINT64_MAX - 7,
		     &count),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(15.1, 14));
}

MT_CASE(page_range_query, count_has_64_bits, "pagerange-count-wide",
    VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() takes a count beyond 2^32 and returns the "
    "number of pages; one whose buffer has 2^64 bytes or more is "
    "KERN_INVALID_ARGUMENT, until macOS 11.2 the rest of that number counted.")
{
	static const mach_vm_size_t wide[] = { UINT64_C(1) << 32,
		(UINT64_C(1) << 32) + 1, UINT64_C(1) << 40 };
	mach_vm_address_t pages = mt_pages(3), buffer = mt_pages(1);
	mach_vm_size_t count;

	TOUCH_PAGES(pages, 3, 0x51);
	for (unsigned i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		TOUCH(buffer + 8, 0x5a);
		count = wide[i];
		MT_CHECK(vm->page_range_query(self, pages, 3 * mt_page, buffer,
			     &count),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(count, 3);
		MT_CHECK_BYTE(buffer + 8, (uint8_t)(mt_read(buffer).value));
	}
	count = (UINT64_C(1) << 62) + 2;
	MT_CHECK(vm->page_range_query(self, pages, 3 * mt_page, buffer, &count),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(11.2, KERN_SUCCESS));
	MT_CHECK_NUMBER(count, (UINT64_C(1) << 62) + 2, MT_UNTIL(11.2, 2));
}

MT_CASE(page_range_query, unaligned_range_covers_its_pages,
    "pagerange-unaligned", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() of an unaligned range covers each page that "
    "the range touches.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct answer out;

	TOUCH(pages + mt_page, 0x51);
	MT_CHECK(ask(vm, self, pages + mt_page - 1, 2, 4, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 2);
	MT_CHECK_NUMBER(out.disposition[0], 0);
	MT_CHECK_NUMBER(out.disposition[1] & COMPARED, WRITTEN);
}

MT_CASE(page_range_query, range_that_wraps_is_an_invalid_argument,
    "pagerange-overflow", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT.",
    .since = "11")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	MT_CHECK(ask(vm, self, page, UINT64_MAX, 1, &out),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(out.disposition[0], SENTINEL);
	MT_CHECK_NUMBER(out.count, 1);
}

MT_CASE(page_range_query, unwritable_buffer_returns_a_bsd_error,
    "pagerange-bad-buffer", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() with a buffer that cannot be written "
    "returns the BSD error 14, EFAULT.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_size_t count = 1;

	TOUCH(page, 0x51);
	MT_CHECK(vm->page_range_query(self, page, mt_page, 8, &count), 14);
	MT_CHECK_NUMBER(count, 1);
}

MT_CASE(page_range_query, several_regions_are_covered, "pagerange-regions",
    VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() accepts a range of several regions.")
{
	mach_vm_address_t hole = mt_hole(2);
	struct answer out;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, TAG(242)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x51);

	MT_CHECK(ask(vm, self, hole, 2 * mt_page, 2, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.disposition[0] & COMPARED, WRITTEN);
	MT_CHECK_NUMBER(out.disposition[1] & COMPARED, WRITTEN);
}

MT_CASE(page_range_query, more_than_256_pages_are_asked_in_turn,
    "pagerange-long", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() returns each disposition of more than 256 "
    "pages, which the kernel looks up 256 at a time.")
{
	static int dispositions[600];
	static const unsigned touched[] = { 0, 255, 256, 511, 512, 598 };
	mach_vm_address_t pages = mt_pages(600);
	mach_vm_size_t count = 599;
	unsigned present = 0;

	for (unsigned i = 0; i < 6; i++)
		TOUCH(pages + touched[i] * mt_page, 0x51);
	dispositions[599] = SENTINEL;
	MT_CHECK(vm->page_range_query(self, pages, 600 * mt_page,
		     (uintptr_t)dispositions, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(count, 599);
	for (unsigned i = 0; i < 6; i++)
		MT_CHECK_NUMBER(dispositions[touched[i]] & COMPARED, WRITTEN);
	for (unsigned i = 0; i < 599; i++)
		present += dispositions[i] != 0;
	MT_CHECK_NUMBER(present, 6);
	MT_CHECK_NUMBER(dispositions[599], SENTINEL);
}
