/*
 * madvise(2), mincore(2), msync(2), mlock(2): what they answer, and what
 * becomes of pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

/* ---- madvise ------------------------------------------------------------- */

MT_CASE(madvise, unknown_advice_is_einval, "madvise-bad-advice", "madvise(2)",
    "madvise(2) with an unknown advice is EINVAL.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, 99), error,
	    DARWIN_EINVAL);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, -1), error,
	    DARWIN_EINVAL);
}

MT_CASE(madvise, unknown_advice_about_nothing_is_einval, "madvise-len-zero-bad",
    KERN_MMAN_C "madvise()",
    "madvise(2) of length 0 is EINVAL with an unknown advice, and 0 with a "
    "known one.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, page, 0, 99), error, DARWIN_EINVAL);
	MT_CHECK_ERRNO(vm->madvise(&error, page, 0, MADV_FREE), error, 0);
}

MT_CASE(madvise, hole_is_einval, "madvise-hole", KERN_MMAN_C "madvise()",
    "madvise(2) of a range with an unmapped page is EINVAL, where Linux "
    "says ENOMEM.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->madvise(&error, pages, 3 * mt_page, MADV_DONTNEED),
	    error, DARWIN_EINVAL);
}

MT_CASE(madvise, read_only_memory_is_noticed_before_a_hole, "madvise-zero-hole",
    XNU26 "osfmk/vm/vm_map.c, vm_map_zero()",
    "madvise(2) with MADV_ZERO or MADV_FREE_REUSABLE over read-only memory "
    "and a hole above it is EPERM since macOS 26.4, as what lies lower "
    "decides; EINVAL before.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->madvise(&error, pages, 2 * mt_page, MADV_ZERO),
	    error, DARWIN_EINVAL);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->madvise(&error, pages, 2 * mt_page, MADV_ZERO),
	    error, DARWIN_EPERM, MT_UNTIL(26.3, DARWIN_EINVAL));
	MT_CHECK_ERRNO(vm->madvise(&error, pages, 2 * mt_page,
			   MADV_FREE_REUSABLE),
	    error, DARWIN_EPERM, MT_UNTIL(26.3, DARWIN_EINVAL));
}

MT_CASE(madvise, range_outside_the_map_is_enomem, "madvise-out-of-map",
    KERN_MMAN_C "madvise()",
    "madvise(2) of a range below or above the map is ENOMEM.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, mt_page, mt_page, MADV_NORMAL),
	    error, DARWIN_ENOMEM);
	MT_CHECK_ERRNO(vm->madvise(&error, UINT64_C(1) << 48, mt_page,
			   MADV_NORMAL),
	    error, DARWIN_ENOMEM);
}

MT_CASE(madvise, unaligned_address_is_truncated, "madvise-unaligned",
    KERN_MMAN_C "madvise()",
    "madvise(2) truncates an address within a page to the page.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, pages + 1, 1, MADV_RANDOM), error,
	    0);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_RANDOM);
	MT_CHECK_REGION(pages + mt_page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(madvise, dontneed_keeps_the_contents, "madvise-dontneed",
    KERN_MMAN_C "madvise()",
    "MADV_DONTNEED does not zero: what was stored is there.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x6d);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_DONTNEED), error,
	    0);
	MT_CHECK_BYTE(page, 0x6d);
}

MT_CASE(madvise, pageout_is_of_development_kernels, "madvise-pageout",
    KERN_MMAN_C "madvise()",
    "MADV_PAGEOUT is ENOTSUP on the kernels that users have.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_PAGEOUT), error,
	    DARWIN_ENOTSUP);
}

MT_CASE(madvise, zero_makes_the_range_zeros, "madvise-zero",
    KERN_MMAN_C "madvise()",
    "MADV_ZERO makes the range read as zeros; up to macOS 14.3 it is EINVAL, "
    "and pages smaller than the kernel's are ENOTSUP.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x7a);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_ZERO), error, 0,
	    MT_UNTIL(14.3, DARWIN_EINVAL),
	    MT_PAGES("4K on 16K", DARWIN_ENOTSUP),
	    MT_PAGES_UNTIL("4K on 16K", 14.3, DARWIN_EINVAL));
	MT_CHECK_BYTE(page,
	    (uint8_t)MT_VALUE(0, MT_UNTIL(14.3, 0x7a),
		MT_PAGES("4K on 16K", 0x7a)));
}

MT_CASE(madvise, reusable_of_read_only_memory_is_eperm, "madvise-errno-14",
    KERN_MMAN_C "madvise()",
    "MADV_FREE_REUSABLE of memory that cannot be written is EPERM since macOS "
    "14.4, EINVAL before.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 1);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_FREE_REUSABLE),
	    error, DARWIN_EPERM, MT_UNTIL(14.3, DARWIN_EINVAL),
	    MT_PAGES("4K on 16K", 0), MT_PAGES_UNTIL("4K on 16K", 14.3, 0));
}

MT_CASE(madvise, free_at_address_0_is_einval_on_arm64,
    "madvise-null-free-arm64", KERN_MMAN_C "madvise()",
    "MADV_FREE and MADV_FREE_REUSABLE at address 0 are EINVAL on a kernel of "
    "arm64, ENOMEM on one of x86_64.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, 0, mt_page, MADV_FREE), error,
	    DARWIN_ENOMEM, MT_ON(arm64, DARWIN_EINVAL),
	    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_EINVAL));
	MT_CHECK_ERRNO(vm->madvise(&error, 0, mt_page, MADV_FREE_REUSABLE),
	    error, DARWIN_ENOMEM, MT_ON(arm64, DARWIN_EINVAL),
	    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_EINVAL));
}

MT_CASE(madvise, other_advice_at_address_0_is_enomem, "madvise-null-other",
    KERN_MMAN_C "madvise()",
    "Advice at address 0 other than MADV_FREE and MADV_FREE_REUSABLE is ENOMEM "
    "on every kernel, and any of length 0 is 0.")
{
	static const int all[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL,
		MADV_WILLNEED, MADV_DONTNEED, MADV_FREE, MADV_FREE_REUSABLE,
		MADV_FREE_REUSE, MADV_CAN_REUSE, MADV_ZERO_WIRED_PAGES };

	for (unsigned i = 0; i < sizeof(all) / sizeof(*all); i++) {
		CHECK(madvise, (0, 0, all[i]), 0);
		if (all[i] != MADV_FREE && all[i] != MADV_FREE_REUSABLE)
			CHECK(madvise, (0, mt_page, all[i]), DARWIN_ENOMEM);
	}
}

MT_CASE(madvise, range_that_wraps_is_einval, "madvise-overflow",
    KERN_MMAN_C "madvise()",
    "madvise(2) of a range that passes the end of the address space is "
    "EINVAL.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, LAST_PAGE, 2 * mt_page, MADV_NORMAL),
	    error, DARWIN_EINVAL);
}

/* ---- mincore ------------------------------------------------------------- */

MT_CASE(mincore, hole_is_allowed, "mincore-unmapped", KERN_MMAN_C "mincore()",
    "mincore(2) reports an unmapped page as MINCORE_ANONYMOUS alone, where "
    "other systems answer ENOMEM.")
{
	mach_vm_address_t pages = mt_pages(2);
	uint8_t vector[2] = { 0xee, 0xee };
	int error = 0;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->mincore(&error, pages + mt_page, mt_page,
			   (uintptr_t)vector),
	    error, 0);
	MT_CHECK_NUMBER(vector[0], MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(vector[1], 0xee);
}

MT_CASE(mincore, untouched_memory_is_anonymous_only, "mincore-untouched",
    KERN_MMAN_C "mincore()",
    "Anonymous memory that nobody touched is MINCORE_ANONYMOUS alone.")
{
	mach_vm_address_t page = mt_pages(1);
	uint8_t vector = 0xee;
	int error = 0;

	MT_CHECK_ERRNO(vm->mincore(&error, page, mt_page, (uintptr_t)&vector),
	    error, 0);
	MT_CHECK_NUMBER(vector, MINCORE_ANONYMOUS);
}

MT_CASE(mincore, written_memory_is_in_core_and_modified, "mincore-touched",
    KERN_MMAN_C "mincore()",
    "Anonymous memory that was written is in core, modified and anonymous.")
{
	mach_vm_address_t page = mt_pages(1);
	uint8_t vector = 0;
	int error = 0;

	TOUCH(page, 1);
	MT_CHECK_ERRNO(vm->mincore(&error, page, mt_page, (uintptr_t)&vector),
	    error, 0);
	MT_CHECK_NUMBER(vector & ~MINCORE_REFERENCED,
	    MINCORE_INCORE | MINCORE_MODIFIED | MINCORE_ANONYMOUS);
}

MT_CASE(mincore, each_touched_page_has_a_byte, "mincore-unaligned",
    KERN_MMAN_C "mincore()",
    "mincore(2) extends the range to whole pages, and the vector has one "
    "byte for each.")
{
	mach_vm_address_t pages = mt_pages(3);
	uint8_t vector[4] = { 0xee, 0xee, 0xee, 0xee };
	int error = 0;

	MT_CHECK_ERRNO(vm->mincore(&error, pages + mt_page - 1, 2,
			   (uintptr_t)vector),
	    error, 0);
	MT_CHECK_NUMBER(vector[0], MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(vector[1], MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(vector[2], 0xee);
}

MT_CASE(mincore, length_zero_writes_nothing, "mincore-len-zero",
    "xnu-10063.141.1 bsd/kern/kern_mman.c, mincore()",
    "mincore(2) of length 0 writes nothing; up to macOS 15.1 it wrote one byte "
    "where the address is within a page.")
{
	mach_vm_address_t page = mt_pages(1);
	uint8_t vector = 0xee;
	int error = 0;

	MT_CHECK_ERRNO(vm->mincore(&error, page, 0, (uintptr_t)&vector), error,
	    0);
	MT_CHECK_NUMBER(vector, 0xee);
	MT_CHECK_ERRNO(vm->mincore(&error, page + 1, 0, (uintptr_t)&vector),
	    error, 0);
	MT_CHECK_NUMBER(vector, 0xee, MT_UNTIL(15.1, MINCORE_ANONYMOUS));
}

MT_CASE(mincore, vector_that_cannot_be_written_is_efault, "mincore-bad-vec",
    KERN_MMAN_C "mincore()", "A vector that cannot be written is EFAULT.")
{
	mach_vm_address_t page = mt_pages(2);
	int error = 0;

	MT_REQUIRE(stage->protect(self, page + mt_page, mt_page, FALSE,
		       VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->mincore(&error, page, mt_page, page + mt_page),
	    error, DARWIN_EFAULT);
}

/* ---- msync --------------------------------------------------------------- */

MT_CASE(bsd_msync, unaligned_address_is_einval, "msync-bsd-unaligned",
    "msync(2)",
    "msync(2) of an address that is no multiple of the page is EINVAL.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->bsd_msync(&error, page + 1, mt_page, MS_SYNC), error,
	    DARWIN_EINVAL);
}

MT_CASE(bsd_msync, length_zero_is_einval, "msync-bsd-len-zero", "msync(2)",
    "msync(2) of length 0 is EINVAL, whatever its flags.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, 0, MS_SYNC), error,
	    DARWIN_EINVAL);
}

MT_CASE(bsd_msync, synchronous_and_asynchronous_is_einval, "msync-bsd-both",
    KERN_MMAN_C "msync_nocancel()",
    "MS_SYNC and MS_ASYNC together are EINVAL; neither means MS_SYNC.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, MS_SYNC | MS_ASYNC),
	    error, DARWIN_EINVAL);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, 0), error, 0);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page,
			   MS_ASYNC | MS_INVALIDATE),
	    error, 0);
}

MT_CASE(bsd_msync, hole_is_enomem, "msync-bsd-hole",
    KERN_MMAN_C "msync_nocancel()",
    "msync(2) of a range with an unmapped page is ENOMEM.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, pages, 3 * mt_page, MS_SYNC),
	    error, DARWIN_ENOMEM);
}

MT_CASE(bsd_msync, anonymous_memory_is_allowed, "msync-bsd-anon",
    KERN_MMAN_C "msync_nocancel()",
    "msync(2) of anonymous memory is 0 and changes nothing; MS_KILLPAGES and "
    "MS_DEACTIVATE are taken.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x33);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, MS_SYNC), error, 0);
	MT_CHECK_BYTE(page, 0x33);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, MS_DEACTIVATE),
	    error, 0);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, MS_KILLPAGES),
	    error, 0);
}

/* ---- mlock --------------------------------------------------------------- */

MT_CASE(mlock, locked_page_is_wired, "mlock-basic", "mlock(2)",
    "mlock(2) wires the pages of a range, munlock(2) takes one wiring back.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 0);
	MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 2);
	MT_CHECK_ERRNO(vm->munlock(&error, pages, mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_ERRNO(vm->munlock(&error, pages, mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 0);
}

MT_CASE(mlock, length_zero_succeeds, "mlock-len-zero", KERN_MMAN_C "mlock()",
    "mlock(2) of length 0 is 0 and wires nothing.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mlock(&error, page, 0), error, 0);
	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(mlock, address_within_a_page_is_truncated, "mlock-unaligned",
    KERN_MMAN_C "mlock()",
    "mlock(2) truncates an address within a page to the page, where the "
    "manual page says EINVAL.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mlock(&error, page + 1, 1), error, 0);
	MT_CHECK_REGION(page, .user_wired_count = 1);
	MT_CHECK_ERRNO(vm->munlock(&error, page, 1), error, 0);
}

MT_CASE(mlock, memory_that_is_not_locked_is_unlocked, "munlock-not-locked",
    KERN_MMAN_C "munlock()",
    "munlock(2) of memory that is mapped and not locked is 0.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->munlock(&error, page, mt_page), error, 0);
}

MT_CASE(mlock, everything_cannot_be_locked, "mlockall",
    KERN_MMAN_C "mlockall()", "mlockall(2) and munlockall(2) are ENOSYS.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->mlockall(&error, 1), error, DARWIN_ENOSYS);
	MT_CHECK_ERRNO(vm->munlockall(&error), error, DARWIN_ENOSYS);
}
