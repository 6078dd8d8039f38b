/*
 * What BSD calls on memory answer to ranges that wrap, to holes and to buffers
 * that are not there, and what they do beyond one page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"
#include "trap.h"

/* Above every map. */
#define OUTSIDE (UINT64_C(1) << 62)

MT_CASE(mlock, range_that_wraps_is_einval, "mlock-wraps", KERN_MMAN_C "mlock()",
    "mlock(2) of a range that passes the end of the address space is EINVAL.")
{
	int error;

	MT_CHECK_ERRNO(vm->mlock(&error, LAST_PAGE, 2 * mt_page), error,
	    DARWIN_EINVAL);
}

MT_CASE(mlock, hole_is_enomem, "mlock-hole", KERN_MMAN_C "mlock()",
    "mlock(2) and munlock(2) of addresses in which nothing is mapped are "
    "ENOMEM.")
{
	mach_vm_address_t hole = mt_hole(1);
	int error;

	MT_CHECK_ERRNO(vm->mlock(&error, hole, mt_page), error, DARWIN_ENOMEM);
	MT_CHECK_ERRNO(vm->munlock(&error, hole, mt_page), error,
	    DARWIN_ENOMEM);
}

MT_CASE(mlock, page_in_which_the_range_ends_is_locked, "mlock-unaligned-end",
    KERN_MMAN_C "mlock()",
    "mlock(2) of a page's size from within a page locks the page in which "
    "that ends, too.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error;

	MT_CHECK_ERRNO(vm->mlock(&error, pages + 1, mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 1);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_wired_count = 0);
	MT_CHECK_ERRNO(vm->munlock(&error, pages, 2 * mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 0);
}

MT_CASE(minherit, range_that_wraps_is_einval_for_minherit, "minherit-wraps",
    KERN_MMAN_C "minherit()",
    "minherit(2) of a range that passes the end of the address space is "
    "EINVAL.")
{
	int error;

	MT_CHECK_ERRNO(vm->minherit(&error, LAST_PAGE, 2 * mt_page,
			   VM_INHERIT_NONE),
	    error, DARWIN_EINVAL);
}

MT_CASE(madvise, advice_is_remembered_as_behavior, "madvise-behavior",
    KERN_MMAN_C "madvise()",
    "madvise(2) with MADV_RANDOM, MADV_SEQUENTIAL and MADV_NORMAL gives the "
    "region the behavior of that name.")
{
	static const struct {
		int advice;
		vm_behavior_t behavior;
	} rows[] = {
		{ MADV_SEQUENTIAL, VM_BEHAVIOR_SEQUENTIAL },
		{ MADV_RANDOM, VM_BEHAVIOR_RANDOM },
		{ MADV_NORMAL, VM_BEHAVIOR_DEFAULT },
	};
	mach_vm_address_t page = mt_pages(1);
	int error;

	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page,
				   rows[i].advice),
		    error, 0);
		MT_CHECK_REGION(page, .behavior = rows[i].behavior);
	}
}

MT_CASE(madvise, range_outside_of_the_map_is_enomem, "madvise-outside",
    KERN_MMAN_C "madvise()",
    "madvise(2) of addresses above all that can be mapped is ENOMEM.")
{
	int error;

	MT_CHECK_ERRNO(vm->madvise(&error, OUTSIDE, mt_page, MADV_RANDOM),
	    error, DARWIN_ENOMEM);
}

MT_CASE(mincore, many_pages_have_a_byte_each, "mincore-many",
    KERN_MMAN_C "mincore()",
    "mincore(2) of more than 512 pages fills a byte for each.")
{
	mach_vm_address_t pages = mt_pages(1024), vector = mt_pages(1);
	int error;

	TOUCH(pages, 1);
	TOUCH(pages + 1000 * mt_page, 1);
	MT_CHECK_ERRNO(vm->mincore(&error, pages, 1024 * mt_page, vector),
	    error, 0);
	MT_CHECK_NUMBER(stored_byte(vector) & 1, 1);
	MT_CHECK_NUMBER(stored_byte(vector + 512) & 1, 0);
	MT_CHECK_NUMBER(stored_byte(vector + 1000) & 1, 1);
	MT_CHECK_NUMBER(stored_byte(vector + 488) & 1, 0);
}

MT_CASE(mincore, copied_page_is_reported, "mincore-copied",
    KERN_MMAN_C "mincore()",
    "mincore(2) reports MINCORE_COPIED for a page that a store into a copy "
    "made.")
{
	mach_vm_address_t pages = mt_pages(64), copy = mt_pages(64);
	mach_vm_address_t vector = mt_pages(1);
	int error;

	TOUCH_PAGES(pages, 64, 1);
	MT_REQUIRE(stage->copy(self, pages, 64 * mt_page, copy), KERN_SUCCESS);
	TOUCH(copy, 2);
	MT_CHECK_ERRNO(vm->mincore(&error, copy, 2 * mt_page, vector), error,
	    0);
	MT_CHECK_NUMBER(stored_byte(vector) & MINCORE_COPIED, MINCORE_COPIED);
	MT_CHECK_NUMBER(stored_byte(vector + 1) & MINCORE_COPIED, 0);
}

MT_CASE(munmap, value_is_zero, "munmap-value", KERN_MMAN_C "munmap()",
    "munmap(2) that succeeds has the value 0.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_NUMBER(vm->munmap(&error, page, mt_page), 0);
	MT_CHECK_HOLE(page);
}

MT_CASE(mmap, jit_memory_is_written_and_executed, "mmap-jit-all",
    KERN_MMAN_C "mmap()",
    "mmap(2) with MAP_JIT maps anonymous memory writable and executable at "
    "once.",
    .since = "11")
{
	int64_t at;
	int error = 0;

	at = vm->mmap(&error, 0, mt_page, VM_PROT_ALL,
	    MAP_ANON | MAP_PRIVATE | MAP_JIT, -1, 0);
	MT_CHECK_NUMBER(error, 0);
	MT_CHECK_REGION((mach_vm_address_t)at, .protection = VM_PROT_ALL);
}
