/*
 * madvise(2): what each advice does to entries and pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(madvise, normal_after_random_leaves_the_region_split, "madvise-clips",
    VM_MAP_C "vm_map_behavior_set()",
    "MADV_RANDOM and MADV_NORMAL of one page leave the regions around it "
    "split for good.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH(pages, 1);
	CHECK(madvise, (PAGE(1), mt_page, MADV_RANDOM), 0);
	CHECK(madvise, (PAGE(1), mt_page, MADV_NORMAL), 0);
	MT_CHECK_LAYOUT(pages, "abcc");
	MT_CHECK_REGION(PAGE(1), .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(madvise, advice_about_pages_splits_nothing, "madvise-clips-never",
    VM_MAP_C "vm_map_willneed(), vm_map_msync()",
    "MADV_WILLNEED, MADV_DONTNEED and MADV_FREE of one page split no "
    "region.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 1);
	CHECK(madvise, (PAGE(1), mt_page, MADV_WILLNEED), 0);
	CHECK(madvise, (PAGE(1), mt_page, MADV_DONTNEED), 0);
	CHECK(madvise, (PAGE(1), mt_page, MADV_FREE), 0);
	MT_CHECK_LAYOUT(pages, "aaaa");
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
	mach_vm_address_t pages = mt_pages(1);

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(madvise, (pages, mt_page, rows[i].advice), 0);
		MT_CHECK_REGION(pages, .behavior = rows[i].behavior);
	}
}

MT_CASE(madvise, willneed_is_not_stored, "madvise-willneed-not-stored",
    KERN_MMAN_C "madvise()",
    "MADV_WILLNEED and MADV_FREE leave the region's behavior as it is.")
{
	mach_vm_address_t pages = mt_pages(1);

	DO(madvise, (pages, mt_page, MADV_RANDOM));
	CHECK(madvise, (pages, mt_page, MADV_WILLNEED), 0);
	CHECK(madvise, (pages, mt_page, MADV_FREE), 0);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_RANDOM);
}

MT_CASE(madvise, willneed_brings_anonymous_pages_in, "madvise-willneed-anon",
    VM_MAP_C "vm_map_willneed()",
    "MADV_WILLNEED makes untouched anonymous pages resident since macOS 10.15.")
{
	mach_vm_address_t pages = mt_pages(2);

	CHECK(madvise, (pages, PAGES(2), MADV_WILLNEED), 0);
	MT_CHECK_REGION(pages,
	    .pages_resident = MT_VALUE(2, MT_UNTIL(10.14, 0)));
	MT_CHECK_BYTE(pages, 0);
}

MT_CASE(madvise, willneed_without_access_is_eperm, "madvise-willneed-none",
    VM_MAP_C "vm_map_willneed()",
    "MADV_WILLNEED of memory without access is EPERM since macOS 15.4, 0 "
    "before.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);

	DO(mprotect, (pages, mt_page, PROT_NONE));
	CHECK(madvise, (pages, mt_page, MADV_WILLNEED), DARWIN_EPERM,
	    MT_UNTIL(15.3, 0));
}

MT_CASE(madvise, willneed_of_read_only_memory_succeeds, "madvise-willneed-ro",
    VM_MAP_C "vm_map_willneed()",
    "MADV_WILLNEED of memory that may be read alone is 0.")
{
	mach_vm_address_t pages = mt_pages(1);

	DO(mprotect, (pages, mt_page, PROT_READ));
	CHECK(madvise, (pages, mt_page, MADV_WILLNEED), 0);
}

MT_CASE(madvise, willneed_of_execute_only_memory_succeeds,
    "madvise-willneed-execute", VM_MAP_C "vm_pre_fault_with_info()",
    "MADV_WILLNEED of a page that was stored to and may only be executed is 0: "
    "the page is there.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_EXECUTE),
	    KERN_SUCCESS);
	CHECK(madvise, (pages, mt_page, MADV_WILLNEED), 0);
}

MT_CASE(madvise, zero_wired_pages_of_read_only_memory_is_eperm,
    "madvise-zero-wired-ro", VM_MAP_C "vm_map_behavior_set()",
    "MADV_ZERO_WIRED_PAGES of read-only memory is EPERM since macOS 15.4, 0 "
    "before.")
{
	mach_vm_address_t pages = mt_pages(1);

	CHECK(madvise, (pages, mt_page, MADV_ZERO_WIRED_PAGES), 0);
	DO(mprotect, (pages, mt_page, PROT_READ));
	CHECK(madvise, (pages, mt_page, MADV_ZERO_WIRED_PAGES), DARWIN_EPERM,
	    MT_UNTIL(15.3, 0));
}

MT_CASE(madvise, reuse_of_read_only_memory_succeeds, "madvise-reusable-ro",
    VM_MAP_C "vm_map_reuse_pages()",
    "MADV_FREE_REUSE and MADV_CAN_REUSE of read-only memory are 0.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 1);
	DO(mprotect, (pages, mt_page, PROT_READ));
	CHECK(madvise, (pages, mt_page, MADV_FREE_REUSE), 0);
	CHECK(madvise, (pages, mt_page, MADV_CAN_REUSE), 0);
}

MT_CASE(madvise, stored_advice_keeps_the_contents, "madvise-contents-kept",
    VM_MAP_C "vm_map_behavior_set()",
    "MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED "
    "and MADV_FREE_REUSE keep what was stored.")
{
	static const int advice[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL,
		MADV_WILLNEED, MADV_DONTNEED, MADV_FREE_REUSE };
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 0x31);
	for (unsigned i = 0; i < sizeof(advice) / sizeof(advice[0]); i++) {
		CHECK(madvise, (pages, mt_page, advice[i]), 0);
		MT_CHECK_BYTE(pages, 0x31);
	}
}

MT_CASE(madvise, free_pages_are_clean_and_unneeded_pages_are_not,
    "madvise-free-dirty", VM_MAP_C "vm_map_msync()",
    "MADV_FREE makes written pages clean, so that the kernel may drop them; "
    "MADV_DONTNEED leaves them dirty.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	CHECK(madvise, (pages, PAGES(4), MADV_DONTNEED), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 4);
	CHECK(madvise, (pages, PAGES(4), MADV_FREE), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
}

MT_CASE(madvise, values_above_zero_are_einval, "madvise-high",
    KERN_MMAN_C "madvise()",
    "madvise(2) with advice of 12 and above is EINVAL.")
{
	mach_vm_address_t pages = mt_pages(1);

	for (int advice = 12; advice < 24; advice++)
		CHECK(madvise, (pages, mt_page, advice), DARWIN_EINVAL);
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(madvise, pageout_of_a_range_that_wraps_is_einval,
    "madvise-pageout-first", KERN_MMAN_C "madvise()",
    "MADV_PAGEOUT of a range that wraps is EINVAL; up to macOS 15.1, which "
    "checks the advice first, ENOTSUP.")
{
	CHECK(madvise, (LAST_PAGE, PAGES(2), MADV_PAGEOUT), DARWIN_EINVAL,
	    MT_UNTIL(15.1, DARWIN_ENOTSUP));
	CHECK(madvise, (0, mt_page, MADV_PAGEOUT), DARWIN_ENOTSUP);
}

MT_CASE(madvise, end_that_wraps_by_rounding_is_einval,
    "madvise-overflow-rounded", KERN_MMAN_C "madvise()",
    "madvise(2) of a range whose rounded end alone passes 2^64 is EINVAL since "
    "macOS 13.5, ENOMEM before.")
{
	mach_vm_address_t pages = mt_pages(1);

	CHECK(madvise, (pages, TO_THE_END(pages), MADV_NORMAL), DARWIN_EINVAL,
	    MT_UNTIL(13.4, DARWIN_ENOMEM));
}

MT_CASE(madvise, holes_at_either_end_are_einval, "madvise-hole-ends",
    KERN_MMAN_C "madvise()",
    "madvise(2) of a range that begins or ends in a hole is EINVAL, and no "
    "page takes the advice.")
{
	mach_vm_address_t pages = mt_hole(4);

	mapped_at(vm, PAGE(1), 2);
	CHECK(madvise, (pages, PAGES(2), MADV_RANDOM), DARWIN_EINVAL);
	CHECK(madvise, (PAGE(2), PAGES(2), MADV_RANDOM), DARWIN_EINVAL);
	MT_CHECK_REGION(PAGE(1), .behavior = VM_BEHAVIOR_DEFAULT);
	MT_CHECK_REGION(PAGE(2), .behavior = VM_BEHAVIOR_DEFAULT);
}

/* ---- MADV_ZERO ----------------------------------------------------------- */

MT_CASE(madvise, zero_of_untouched_memory_succeeds, "madvise-zero-untouched",
    VM_MAP_C "vm_map_zero()",
    "MADV_ZERO of memory that was never touched is 0.", .since = "14.4",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);

	CHECK(madvise, (pages, mt_page, MADV_ZERO), 0);
	MT_CHECK_BYTE(pages, 0);
}

MT_CASE(madvise, zero_without_write_is_eperm, "madvise-zero-ro",
    VM_MAP_C "vm_map_zero()",
    "MADV_ZERO of memory that may be read alone, or not at all, is EPERM.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 7);
	DO(mprotect, (pages, mt_page, PROT_READ));
	CHECK(madvise, (pages, mt_page, MADV_ZERO), DARWIN_EPERM);
	MT_CHECK_BYTE(pages, 7);
	DO(mprotect, (pages, mt_page, PROT_NONE));
	CHECK(madvise, (pages, mt_page, MADV_ZERO), DARWIN_EPERM);
}

MT_CASE(madvise, zero_up_to_read_only_memory_is_done, "madvise-zero-ro-middle",
    VM_MAP_C "vm_map_zero()",
    "MADV_ZERO that meets read-only memory is EPERM, and what lies below is "
    "zeroed.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x38);
	DO(mprotect, (PAGE(1), mt_page, PROT_READ));
	CHECK(madvise, (pages, PAGES(3), MADV_ZERO), DARWIN_EPERM);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(PAGE(1), 0x38);
	MT_CHECK_BYTE(PAGE(2), 0x38);
}

MT_CASE(madvise, zero_stops_at_a_hole, "madvise-zero-hole",
    VM_MAP_C "vm_map_zero()",
    "MADV_ZERO that meets a hole is EINVAL; what lies below is zeroed since "
    "macOS 26.4, kept before.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x36);
	DO(munmap, (PAGE(1), mt_page));
	CHECK(madvise, (pages, PAGES(3), MADV_ZERO), DARWIN_EINVAL);
	MT_CHECK_BYTE(pages, (uint8_t)MT_VALUE(0, MT_UNTIL(26.3, 0x36)));
	MT_CHECK_BYTE(PAGE(2), 0x36);
}

MT_CASE(madvise, zero_reaches_locked_and_shared_memory, "madvise-zero-wired",
    VM_MAP_C "vm_map_zero()",
    "MADV_ZERO zeroes memory that mlock(2) holds, and MAP_SHARED memory.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_hole(3);

	mapped_at(vm, pages, 1);
	MT_REQUIRE_TRUE(mapped(vm, PAGE(2), mt_page, READ_WRITE,
			    MAP_SHARED | MAP_ANON | MAP_FIXED) == PAGE(2));
	TOUCH(pages, 0x37);
	TOUCH(PAGE(2), 0x37);
	DO(mlock, (pages, mt_page));
	CHECK(madvise, (pages, mt_page, MADV_ZERO), 0);
	CHECK(madvise, (PAGE(2), mt_page, MADV_ZERO), 0);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(PAGE(2), 0);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
}

MT_CASE(madvise, zero_shows_through_an_alias, "madvise-zero-aliased",
    VM_MAP_C "vm_map_zero()",
    "MADV_ZERO of memory that is mapped twice shows at the other mapping.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1), alias = mt_hole(1);

	TOUCH(pages, 0x34);
	REMAP(alias, mt_page, VM_FLAGS_FIXED, pages, FALSE);
	CHECK(madvise, (pages, mt_page, MADV_ZERO), 0);
	MT_CHECK_BYTE(alias, 0);
}

MT_CASE(madvise, zero_of_copied_memory_is_enotsup, "madvise-zero-cow",
    KERN_MMAN_C "madvise()",
    "MADV_ZERO of memory of which a copy was mapped, and of that copy, is "
    "ENOTSUP and changes no byte.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1), copy = mt_hole(1);

	TOUCH(pages, 0x35);
	REMAP(copy, mt_page, VM_FLAGS_FIXED, pages, TRUE);
	CHECK(madvise, (pages, mt_page, MADV_ZERO), DARWIN_ENOTSUP);
	CHECK(madvise, (copy, mt_page, MADV_ZERO), DARWIN_ENOTSUP);
	MT_CHECK_BYTE(pages, 0x35);
	MT_CHECK_BYTE(copy, 0x35);
}

/* ---- FREE_REUSABLE, FREE_REUSE ------------------------------------------- */

MT_CASE(madvise, reusable_changes_the_tag_of_large_memory,
    "madvise-reusable-tag", VM_MAP_C "vm_map_reusable_pages()",
    "MADV_FREE_REUSABLE turns the tag VM_MEMORY_MALLOC_LARGE into "
    "VM_MEMORY_MALLOC_LARGE_REUSABLE, MADV_FREE_REUSE into "
    "VM_MEMORY_MALLOC_LARGE_REUSED.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES(2), TAG(3)),
	    KERN_SUCCESS);
	TOUCH(pages, 1);
	CHECK(madvise, (pages, PAGES(2), MADV_CAN_REUSE), 0);
	MT_CHECK_REGION(pages, .user_tag = 3);
	CHECK(madvise, (pages, PAGES(2), MADV_FREE_REUSABLE), 0);
	MT_CHECK_REGION(pages, .user_tag = 8);
	CHECK(madvise, (pages, PAGES(2), MADV_FREE_REUSE), 0);
	MT_CHECK_REGION(pages, .user_tag = 9);
}

MT_CASE(madvise, reusable_of_locked_malloc_memory_is_einval,
    "madvise-reusable-wired", VM_MAP_C "vm_map_reusable_pages()",
    "MADV_FREE_REUSABLE of malloc's memory that is locked, or whose "
    "inheritance is not the default, is EINVAL.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, pages, mt_page, TAG(3)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, PAGE(2), mt_page, TAG(3)),
	    KERN_SUCCESS);
	TOUCH(pages, 1);
	TOUCH(PAGE(2), 1);
	DO(mlock, (pages, mt_page));
	DO(minherit, (PAGE(2), mt_page, VM_INHERIT_NONE));
	CHECK(madvise, (pages, mt_page, MADV_FREE_REUSABLE), DARWIN_EINVAL);
	CHECK(madvise, (PAGE(2), mt_page, MADV_FREE_REUSABLE), DARWIN_EINVAL);
	CHECK(madvise, (PAGE(2), mt_page, MADV_CAN_REUSE), DARWIN_EINVAL);
}

MT_CASE(madvise, reusable_twice_succeeds, "madvise-reusable-twice",
    VM_MAP_C "vm_map_reusable_pages()",
    "MADV_FREE_REUSABLE, and MADV_FREE_REUSE, may be said twice; memory that "
    "is reused can be written.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 0x61);
	for (int i = 0; i < 2; i++)
		CHECK(madvise, (pages, PAGES(2), MADV_FREE_REUSABLE), 0);
	for (int i = 0; i < 2; i++)
		CHECK(madvise, (pages, PAGES(2), MADV_FREE_REUSE), 0);
	MT_CHECK_WRITABLE(pages);
}

MT_CASE(posix_madvise, failure_is_told_by_errno, "posix-madvise",
    XNU "libsyscall/Platforms/syscall.map",
    "posix_madvise(2) is another name of madvise(2): what fails is -1 with "
    "errno, where POSIX says that it is the number.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(1);
	int error = 0;

	TOUCH(pages, 0x42);
	CHECK(posix_madvise, (pages, PAGES(2), MADV_WILLNEED), 0);
	CHECK(posix_madvise, (pages, PAGES(2), MADV_DONTNEED), 0);
	MT_CHECK_BYTE(pages, 0x42);
	MT_CHECK_NUMBER(vm->posix_madvise(&error, hole, mt_page, MADV_NORMAL),
	    -1);
	MT_CHECK_NUMBER(error, DARWIN_EINVAL);
	CHECK(posix_madvise, (pages, mt_page, 99), DARWIN_EINVAL);
	CHECK(posix_madvise, (0, mt_page, MADV_NORMAL), DARWIN_ENOMEM);
}

MT_CASE(posix_madvise, advice_beyond_posix_is_taken, "posix-madvise-more",
    XNU "libsyscall/Platforms/syscall.map",
    "posix_madvise(2) takes what madvise(2) takes: MADV_FREE and MADV_RANDOM.")
{
	mach_vm_address_t page = mt_pages(1);

	CHECK(posix_madvise, (page, mt_page, MADV_RANDOM), 0);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_RANDOM);
	CHECK(posix_madvise, (page, mt_page, MADV_FREE), 0);
}
