/*
 * mincore(2): a byte for each page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"

#define UNTOUCHED 0xee
/* REFERENCED and MODIFIED may stand from the frame's earlier life. */
#define CERTAIN ~(MINCORE_REFERENCED | MINCORE_MODIFIED)

/* Bytes that nobody wrote, in memory of their own. */
static mach_vm_address_t
vector(void)
{
	mach_vm_address_t at = mt_pages(1);

	for (unsigned i = 0; i < 16; i++)
		TOUCH(at + i, UNTOUCHED);
	return at;
}
#define CORE(n_) (stored_byte(at + (n_)) & CERTAIN)

MT_CASE(mincore, page_that_was_read_is_in_core, "mincore-read",
    KERN_MMAN_C "mincore()",
    "mincore(2) reports MINCORE_INCORE and MINCORE_ANONYMOUS for an anonymous "
    "page that was only read.")
{
	mach_vm_address_t pages = mt_pages(1), at = vector();

	MT_CHECK_BYTE(pages, 0);
	CHECK(mincore, (pages, mt_page, at), 0);
	MT_CHECK_NUMBER(CORE(0), MINCORE_INCORE | MINCORE_ANONYMOUS);
}

MT_CASE(mincore, range_that_wraps_is_einval, "mincore-wrap",
    KERN_MMAN_C "mincore()",
    "mincore(2) of a range that passes the end of the address space is "
    "EINVAL, and nothing is written.")
{
	mach_vm_address_t at = vector();

	CHECK(mincore, (LAST_PAGE, PAGES(2), at), DARWIN_EINVAL);
	CHECK(mincore, (LAST_PAGE, mt_page, at), DARWIN_EINVAL);
	MT_CHECK_BYTE(at, UNTOUCHED);
}

MT_CASE(mincore, end_that_wraps_by_rounding_is_einval, "mincore-wrap-low",
    KERN_MMAN_C "mincore_sanitize()",
    "mincore(2) from the first page to an end that rounds to 0 is EINVAL since "
    "macOS 15.2, 0 before; nothing is written.")
{
	mach_vm_address_t at = vector();

	CHECK(mincore, (5, UINT64_MAX - 10, at), DARWIN_EINVAL,
	    MT_UNTIL(15.1, 0));
	MT_CHECK_BYTE(at, UNTOUCHED);
}

MT_CASE(mincore, holes_have_bytes_too, "mincore-hole-span",
    KERN_MMAN_C "mincore()",
    "mincore(2) over mapped pages and holes is 0; a hole's byte is "
    "MINCORE_ANONYMOUS.")
{
	mach_vm_address_t pages = mt_pages(3), at = vector();

	TOUCH(pages, 1);
	TOUCH(PAGE(2), 1);
	DO(munmap, (PAGE(1), mt_page));
	CHECK(mincore, (pages, PAGES(3), at), 0);
	MT_CHECK_NUMBER(CORE(0), MINCORE_INCORE | MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(CORE(1), MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(CORE(2), MINCORE_INCORE | MINCORE_ANONYMOUS);
}

MT_CASE(mincore, each_touched_page_has_a_byte, "mincore-astride",
    KERN_MMAN_C "mincore()",
    "mincore(2) of two bytes astride two pages writes two bytes; that of a page "
    "that was stored to has MINCORE_REFERENCED and MINCORE_MODIFIED.")
{
	mach_vm_address_t pages = mt_pages(2), at = vector();

	TOUCH(pages, 1);
	CHECK(mincore, (PAGE(1) - 1, 2, at), 0);
	MT_CHECK_NUMBER(CORE(0), MINCORE_INCORE | MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(stored_byte(at) & ~CERTAIN,
	    MINCORE_REFERENCED | MINCORE_MODIFIED);
	MT_CHECK_NUMBER(CORE(1), MINCORE_ANONYMOUS);
	MT_CHECK_BYTE(at + 2, UNTOUCHED);
}

MT_CASE(mincore, no_byte_behind_the_last_is_written, "mincore-page-size",
    KERN_MMAN_C "mincore()",
    "mincore(2) writes one byte for each page of the process's own size, and "
    "none behind.")
{
	mach_vm_address_t pages = mt_pages(3), at = vector();

	CHECK(mincore, (pages, PAGES(3), at), 0);
	MT_CHECK_BYTE(at + 2, MINCORE_ANONYMOUS);
	MT_CHECK_BYTE(at + 3, UNTOUCHED);
}

MT_CASE(mincore, many_pages_have_a_byte_each, "mincore-many",
    KERN_MMAN_C "mincore()",
    "mincore(2) of more than 512 pages fills a byte for each.")
{
	mach_vm_address_t pages = mt_pages(1024), at = mt_pages(1);

	TOUCH(pages, 1);
	TOUCH(PAGE(1000), 1);
	CHECK(mincore, (pages, PAGES(1024), at), 0);
	MT_CHECK_NUMBER(CORE(0) & MINCORE_INCORE, MINCORE_INCORE);
	MT_CHECK_NUMBER(CORE(488) & MINCORE_INCORE, 0);
	MT_CHECK_NUMBER(CORE(512) & MINCORE_INCORE, 0);
	MT_CHECK_NUMBER(CORE(1000) & MINCORE_INCORE, MINCORE_INCORE);
}

MT_CASE(mincore, addresses_outside_the_map_are_answered, "mincore-out-of-map",
    KERN_MMAN_C "mincore()",
    "mincore(2) below and above the map is 0 with MINCORE_ANONYMOUS, where "
    "the manual page says EINVAL.")
{
	mach_vm_address_t at = vector();

	CHECK(mincore, (0, mt_page, at), 0);
	CHECK(mincore, (UINT64_C(1) << 47, mt_page, at + 1), 0);
	MT_CHECK_BYTE(at, MINCORE_ANONYMOUS);
	MT_CHECK_BYTE(at + 1, MINCORE_ANONYMOUS);
}

MT_CASE(mincore, copied_marks_a_page_that_a_write_copied, "mincore-copied",
    KERN_MMAN_C "mincore()",
    "MINCORE_COPIED: the process wrote the page after a fork, and has a copy "
    "of its own.")
{
	mach_vm_address_t pages = mt_pages(2), at = vector();

	TOUCH_PAGES(pages, 2, 1);
	MT_CHILD {
		CHECK(mincore, (pages, PAGES(2), at), 0);
		MT_CHECK_NUMBER(CORE(0), MINCORE_INCORE | MINCORE_ANONYMOUS);
		TOUCH(pages, 2);
		CHECK(mincore, (pages, PAGES(2), at), 0);
		MT_CHECK_NUMBER(CORE(0),
		    MINCORE_INCORE | MINCORE_ANONYMOUS | MINCORE_COPIED);
		MT_CHECK_NUMBER(CORE(1), MINCORE_INCORE | MINCORE_ANONYMOUS);
	}
}

MT_CASE(mincore, copied_page_is_reported, "mincore-copied",
    KERN_MMAN_C "mincore()",
    "mincore(2) reports MINCORE_COPIED for a page that a store into a copy by "
    "mach_vm_copy() made.")
{
	const unsigned count = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t from = mt_pages(count), pages = mt_pages(count);
	mach_vm_address_t at = vector();

	TOUCH_PAGES(from, count, 1);
	MT_REQUIRE(stage->copy(self, from, PAGES(count), pages), KERN_SUCCESS);
	TOUCH(pages, 2);
	CHECK(mincore, (pages, PAGES(2), at), 0);
	MT_CHECK_NUMBER(CORE(0) & MINCORE_COPIED, MINCORE_COPIED);
	MT_CHECK_NUMBER(CORE(1) & MINCORE_COPIED, 0);
}

MT_CASE(mincore, locked_page_is_in_core, "mincore-wired",
    KERN_MMAN_C "mincore()",
    "mincore(2) reports MINCORE_INCORE for a page that mlock(2) brought in.")
{
	mach_vm_address_t pages = mt_pages(2), at = vector();

	DO(mlock, (pages, PAGES(2)));
	CHECK(mincore, (pages, PAGES(2), at), 0);
	MT_CHECK_NUMBER(CORE(0), MINCORE_INCORE | MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(CORE(1), MINCORE_INCORE | MINCORE_ANONYMOUS);
}

MT_CASE(mincore, read_only_vector_is_efault, "mincore-bad-vec-ro", "mincore(2)",
    "mincore(2) with a vector that cannot be written is EFAULT.")
{
	mach_vm_address_t pages = mt_pages(1), at = vector();

	DO(mprotect, (at, mt_page, PROT_READ));
	CHECK(mincore, (pages, mt_page, at), DARWIN_EFAULT);
	MT_CHECK_BYTE(at, UNTOUCHED);
}

MT_CASE(mincore, vector_for_length_zero_is_ignored, "mincore-bad-vec-zero",
    KERN_MMAN_C "mincore()",
    "mincore(2) of length 0 at the start of a page ignores the vector.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);

	CHECK(mincore, (pages, 0, hole), 0);
	CHECK(mincore, (pages, mt_page, hole), DARWIN_EFAULT);
}

MT_CASE(mincore, unmapped_page_is_out_of_core, "mincore-munmap",
    KERN_MMAN_C "mincore()",
    "mincore(2) reports MINCORE_ANONYMOUS alone for a page that munmap(2) "
    "removed, and for what MAP_FIXED put in its place.")
{
	mach_vm_address_t pages = mt_pages(1), at = vector();

	TOUCH(pages, 1);
	DO(munmap, (pages, mt_page));
	CHECK(mincore, (pages, mt_page, at), 0);
	MT_CHECK_BYTE(at, MINCORE_ANONYMOUS);
	mapped_at(vm, pages, 1);
	CHECK(mincore, (pages, mt_page, at), 0);
	MT_CHECK_BYTE(at, MINCORE_ANONYMOUS);
}

/* A page of each kind, none of which is in memory: of a shared mapping, a
 * private one, and one behind the end of the file. */
MT_CASE(mincore, page_of_a_file_in_every_state, "mincore-file-states",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "mincore(2) of a page of a file is 0 until it is brought in, then "
    "MINCORE_INCORE, for a private mapping too; one that a private mapping "
    "stored to has MINCORE_ANONYMOUS, MINCORE_COPIED and MINCORE_MODIFIED "
    "besides, one that a shared mapping stored to MINCORE_MODIFIED alone.",
    .needs = "native")
{
	const int all = MINCORE_INCORE | MINCORE_ANONYMOUS | MINCORE_COPIED |
	    MINCORE_PAGED_OUT;
	int fd = file_of(vm, 3);
	mach_vm_address_t shared = map_file(vm, fd, 4, READ_WRITE, MAP_SHARED);
	mach_vm_address_t pages = map_file(vm, fd, 4, READ_WRITE, MAP_PRIVATE);
	uint8_t cores[8];

	MT_REQUIRE(stage->msync(self, shared, PAGES(3),
		       VM_SYNC_SYNCHRONOUS | VM_SYNC_INVALIDATE),
	    KERN_SUCCESS);
	CHECK(mincore, (shared, PAGES(4), ADDRESS_OF(cores)), 0);
	CHECK(mincore, (pages, PAGES(4), ADDRESS_OF(cores + 4)), 0);
	for (unsigned i = 0; i < 8; i++)
		MT_CHECK_NUMBER(cores[i] & all, 0);

	MT_REQUIRE(mt_read(pages).exception, 0);
	TOUCH(PAGE(1), 1);
	TOUCH(shared + PAGES(2), 1);
	CHECK(mincore, (shared, PAGES(4), ADDRESS_OF(cores)), 0);
	CHECK(mincore, (pages, PAGES(4), ADDRESS_OF(cores + 4)), 0);
	MT_CHECK_NUMBER(cores[0] & all, MINCORE_INCORE);
	MT_CHECK_NUMBER(cores[2] & (all | MINCORE_MODIFIED),
	    MINCORE_INCORE | MINCORE_MODIFIED);
	MT_CHECK_NUMBER(cores[3] & all, 0);
	MT_CHECK_NUMBER(cores[4] & all, MINCORE_INCORE);
	MT_CHECK_NUMBER(cores[5] & (all | MINCORE_MODIFIED),
	    MINCORE_INCORE | MINCORE_ANONYMOUS | MINCORE_COPIED |
		MINCORE_MODIFIED);
	MT_CHECK_NUMBER(cores[7] & all, 0);
}
