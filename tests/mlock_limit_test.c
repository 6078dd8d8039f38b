/*
 * How much memory may be locked: RLIMIT_MEMLOCK over several regions, and what
 * the machine has.  The limit is set by the trap instruction, in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"
#include "limits.h"
#include "queries.h"

/* Three regions of two, one and one page. */
static mach_vm_address_t
three_regions(mach_port_name_t self)
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, mt_page,
		       TAG(242)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 3 * mt_page, mt_page,
		       TAG(243)),
	    KERN_SUCCESS);
	return hole;
}

MT_CASE(mlock, regions_count_together_towards_rlimit_memlock,
    "mlock-limit-regions", XNU26 "osfmk/vm/vm_map.c, vm_map_wire_impl()",
    "RLIMIT_MEMLOCK: mlock(2) of regions that exceed it together locks none; "
    "since macOS 26.4 it does not even make the first of them resident.",
    .needs = "traps")
{
	mach_vm_address_t pages = three_regions(self);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 3 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, 4 * mt_page), error,
		    DARWIN_EAGAIN);
		for (unsigned i = 0; i < 4; i++) {
			MT_CHECK_REGION(pages + i * mt_page,
			    .user_wired_count = 0);
			MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
					    VM_PAGE_QUERY_PAGE_PRESENT),
			    i == 3 ? 0 :
				     MT_VALUE(0,
					 MT_UNTIL(26.3,
					     VM_PAGE_QUERY_PAGE_PRESENT)));
		}
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 4 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, 4 * mt_page), error, 0);
	}
}

MT_CASE(mlock, locked_region_counts_only_once_among_others,
    "mlock-limit-regions-locked", VM_MAP_C "add_wire_counts()",
    "RLIMIT_MEMLOCK: a region in the range that is locked already does not "
    "count again; mlock(2) that fails leaves it locked once.",
    .needs = "traps")
{
	mach_vm_address_t pages = three_regions(self);
	int error = 0;

	for (unsigned i = 0; i < 4; i++)
		MT_CHILD {
			const mach_vm_address_t locked = pages + i * mt_page;

			MT_REQUIRE_TRUE(
			    vm->mlock(&error, locked, mt_page) == 0);
			MT_REQUIRE_TRUE(set_limit(MEMLOCK, 3 * mt_page) == 0);
			MT_CHECK_ERRNO(vm->mlock(&error, pages, 4 * mt_page),
			    error, DARWIN_EAGAIN);
			for (unsigned j = 0; j < 4; j++)
				MT_CHECK_REGION(pages + j * mt_page,
				    .user_wired_count = j == i ? 1 : 0);
			MT_REQUIRE_TRUE(set_limit(MEMLOCK, 4 * mt_page) == 0);
			MT_CHECK_ERRNO(vm->mlock(&error, pages, 4 * mt_page),
			    error, 0);
			for (unsigned j = 0; j < 4; j++)
				MT_CHECK_REGION(pages + j * mt_page,
				    .user_wired_count = j == i ? 2 : 1);
			MT_CHECK_ERRNO(vm->munlock(&error, pages, 4 * mt_page),
			    error, 0);
			for (unsigned j = 0; j < 4; j++)
				MT_CHECK_REGION(pages + j * mt_page,
				    .user_wired_count = j == i ? 1 : 0);
			MT_CHECK_ERRNO(vm->mlock(&error, pages + 3 * mt_page,
					   mt_page),
			    error, 0);
		}
}

/* Nothing of the mapping lies in the file, so that no page of it can be
 * locked, whatever the limit.  The region is not queried: kernels walk its
 * pages for that, one by one. */
MT_CASE(mlock, more_than_the_machine_has_is_eagain, "mlock-limit-memory",
    VM_MAP_C "add_wire_counts()",
    "EAGAIN: mlock(2) of one region that is larger than the machine's memory, "
    "even without RLIMIT_MEMLOCK, before any page of it is looked at.")
{
	const mach_vm_size_t size = UINT64_C(16) << 40;
	const int fd = file_of(stage_bsd, 1);
	int error = 0;
	int64_t at;

	MT_SKIP_UNLESS(map_has_room(size), "the map has no hole of 16 TiB");
	at = stage_bsd->mmap(&error, 0, size, PROT_READ, MAP_SHARED, fd,
	    4 * (int64_t)mt_page);
	MT_REQUIRE_TRUE(at != -1);
	MT_CHECK_ERRNO(vm->mlock(&error, (mach_vm_address_t)at, size), error,
	    DARWIN_EAGAIN);
	MT_CHECK_ERRNO(vm->mlock(&error, (mach_vm_address_t)at, mt_page), error,
	    DARWIN_ENOMEM);
}

MT_CASE(munlock, memory_that_stays_locked_counts, "munlock-limit-twice",
    VM_MAP_C "subtract_wire_counts()",
    "RLIMIT_MEMLOCK: memory that mlock(2) locked twice and munlock(2) unlocked "
    "once is locked still and counts; unlocked once more it does not.",
    .needs = "traps")
{
	mach_vm_address_t pages = three_regions(self);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 2 * mt_page) == 0);
		for (unsigned i = 0; i < 2; i++)
			MT_REQUIRE_TRUE(
			    stage_bsd->mlock(&error, pages, 2 * mt_page) == 0);
		for (unsigned i = 0; i < 2; i++) {
			MT_CHECK_ERRNO(vm->munlock(&error, pages, 2 * mt_page),
			    error, 0);
			error = 0;
			(void)stage_bsd->mlock(&error, pages + 2 * mt_page,
			    mt_page);
			MT_CHECK_NUMBER(error, i == 0 ? DARWIN_EAGAIN : 0);
		}
	}
}

MT_CASE(deallocate, memory_locked_twice_counts_once, "dealloc-limit-twice",
    VM_MAP_C "subtract_wire_counts()",
    "RLIMIT_MEMLOCK: memory that mlock(2) locked twice counts once, and so "
    "does what mach_vm_deallocate() gives back of it.",
    .needs = "traps")
{
	mach_vm_address_t pages = three_regions(self);
	mach_vm_address_t third = pages + 2 * mt_page, page = mt_pages(1);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 3 * mt_page) == 0);
		MT_REQUIRE(stage_bsd->mlock(&error, third, 2 * mt_page), 0);
		MT_REQUIRE(stage_bsd->mlock(&error, third, mt_page), 0);
		MT_CHECK(vm->deallocate(self, third, mt_page), KERN_SUCCESS);
		MT_CHECK_ERRNO(stage_bsd->mlock(&error, pages, 2 * mt_page),
		    error, 0);
		MT_CHECK_ERRNO(stage_bsd->mlock(&error, page, mt_page), error,
		    DARWIN_EAGAIN);
	}
}

MT_CASE(deallocate, each_locked_region_is_given_back, "dealloc-limit-regions",
    VM_MAP_C "vm_map_delete()",
    "RLIMIT_MEMLOCK: mach_vm_deallocate() of several locked regions gives "
    "back each of them.",
    .needs = "traps")
{
	mach_vm_address_t locked = three_regions(self), pages = mt_pages(5);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 4 * mt_page) == 0);
		MT_REQUIRE(stage_bsd->mlock(&error, locked, 4 * mt_page), 0);
		MT_CHECK(vm->deallocate(self, locked, 4 * mt_page),
		    KERN_SUCCESS);
		MT_CHECK_ERRNO(stage_bsd->mlock(&error, pages, 5 * mt_page),
		    error, DARWIN_EAGAIN);
		MT_CHECK_ERRNO(stage_bsd->mlock(&error, pages, 4 * mt_page),
		    error, 0);
	}
}
