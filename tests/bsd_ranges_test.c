/*
 * munmap(2), mprotect(2), minherit(2): ranges that are partly there, order of
 * mistakes, what becomes of regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

/* ---- munmap -------------------------------------------------------------- */

MT_CASE(munmap, range_over_holes_goes_whole, "munmap-hole-span",
    KERN_MMAN_C "munmap()",
    "munmap(2) of a range with holes at either end and inside removes every "
    "page in it.")
{
	mach_vm_address_t pages = mt_hole(6);

	mapped_at(vm, PAGE(1), 1);
	mapped_at(vm, PAGE(3), 3);
	CHECK(munmap, (pages, PAGES(5)), 0);
	MT_CHECK_LAYOUT(pages, ".....a");
}

MT_CASE(munmap, addresses_outside_the_map_are_allowed, "munmap-out-of-map",
    KERN_MMAN_C "munmap()", "munmap(2) below and above the map is 0.")
{
	CHECK(munmap, (mt_page, mt_page), 0);
	CHECK(munmap, (UINT64_C(1) << 47, mt_page), 0);
	CHECK(munmap, (UINT64_C(1) << 63, mt_page), 0);
}

MT_CASE(munmap, purgeable_memory_goes_in_part, "munmap-purgeable",
    KERN_MMAN_C "munmap()",
    "munmap(2) removes the middle of purgeable memory; the rest keeps its "
    "contents.")
{
	mach_vm_address_t pages = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, pages, PAGES(3),
		       PLAIN | VM_FLAGS_PURGABLE),
	    KERN_SUCCESS);
	TOUCH(PAGE(2), 0x53);
	CHECK(munmap, (PAGE(1), mt_page), 0);
	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_BYTE(PAGE(2), 0x53);
}

MT_CASE(munmap, permanent_memory_stays_without_access, "munmap-permanent",
    VM_MAP_C "vm_map_delete()",
    "munmap(2) of permanent memory is 0; the region stays, with no access and "
    "maximum protection none.",
    .since = "11.3")
{
	mach_vm_address_t pages = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, pages, mt_page,
			       PLAIN | VM_FLAGS_PERMANENT),
		    KERN_SUCCESS);
		TOUCH(pages, 1);
		CHECK(munmap, (pages, mt_page), 0);
		MT_CHECK_REGION(pages, .protection = VM_PROT_NONE,
		    .max_protection = VM_PROT_NONE);
		CHECK(mprotect, (pages, mt_page, PROT_READ), DARWIN_EACCES);
		MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
	}
}

MT_CASE(munmap, permanent_memory_of_a_child_is_permanent,
    "munmap-permanent-child", VM_MAP_C "vm_map_fork()",
    "Permanent memory is permanent in a forked child, too, since macOS 12; on "
    "11 the child's munmap(2) removes it.",
    .since = "11.3")
{
	mach_vm_address_t pages = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, pages, mt_page,
			       PLAIN | VM_FLAGS_PERMANENT),
		    KERN_SUCCESS);
		TOUCH(pages, 1);
		MT_CHILD {
			CHECK(munmap, (pages, mt_page), 0);
			MT_CHECK_LAYOUT(pages,
			    MT_PICTURE("a", MT_UNTIL(11, ".")));
		}
	}
}

/* ---- mprotect ------------------------------------------------------------ */

MT_CASE(mprotect, first_error_in_the_range_decides, "mprotect-max-before-hole",
    VM_MAP_C "vm_map_protect()",
    "mprotect(2) meets the pages in their order: beyond the maximum, then a "
    "hole, is EACCES; a hole first is ENOMEM.")
{
	mach_vm_address_t pages = mt_hole(4);

	mapped_at(vm, PAGE(1), 2);
	MT_REQUIRE(stage->protect(self, PAGE(2), mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	CHECK(mprotect, (PAGE(1), PAGES(3), READ_WRITE), DARWIN_EACCES);
	CHECK(mprotect, (pages, PAGES(4), READ_WRITE), DARWIN_ENOMEM);
	MT_CHECK_REGION(PAGE(1), .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(PAGE(2), .protection = VM_PROT_READ);
}

MT_CASE(mprotect, no_access_and_back_keeps_the_contents, "mprotect-none-keeps",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) with PROT_NONE takes access away; with PROT_READ the contents "
    "can be read again.")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 0x21);
	CHECK(mprotect, (pages, mt_page, PROT_NONE), 0);
	MT_CHECK_FAULT(mt_read(pages), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	CHECK(mprotect, (pages, mt_page, PROT_READ), 0);
	MT_CHECK_BYTE(pages, 0x21);
	MT_CHECK_FAULT(mt_write(pages, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(mprotect, restored_pages_are_one_region_again, "mprotect-restore",
    VM_MAP_C "vm_map_simplify_range()",
    "mprotect(2) splits a region, and joins it again where the protections "
    "are the same again.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x21);
	CHECK(mprotect, (PAGE(1), mt_page, PROT_READ), 0);
	MT_CHECK_LAYOUT(pages, "abcc");
	CHECK(mprotect, (pages, PAGES(4), READ_WRITE), 0);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(mprotect, maximum_none_allows_none, "mprotect-max-none",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) of memory whose maximum protection is none is EACCES with "
    "PROT_READ, 0 with PROT_NONE.")
{
	mach_vm_address_t pages = mt_pages(1);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	CHECK(mprotect, (pages, mt_page, PROT_READ), DARWIN_EACCES);
	CHECK(mprotect, (pages, mt_page, PROT_NONE), 0);
}

MT_CASE(mprotect, write_needs_read_in_the_maximum, "mprotect-w-implies-r-max",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) with PROT_WRITE is EACCES where the maximum protection has "
    "write without read: the call adds read.")
{
	mach_vm_address_t pages = mt_pages(1);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_WRITE),
	    KERN_SUCCESS);
	CHECK(mprotect, (pages, mt_page, PROT_WRITE), DARWIN_EACCES);
}

MT_CASE(mprotect, failure_splits_where_the_range_begins, "mprotect-hole-clips",
    VM_MAP_C "vm_map_protect()",
    "mprotect(2) that meets a hole leaves the region split where the range "
    "begins since macOS 26.4; before, it is whole.")
{
	mach_vm_address_t pages = mt_hole(5);

	mapped_at(vm, pages, 4);
	CHECK(mprotect, (PAGE(2), PAGES(3), PROT_READ), DARWIN_ENOMEM);
	MT_CHECK_LAYOUT(pages, MT_PICTURE("aabb.", MT_UNTIL(26.3, "aaaa.")));
	MT_CHECK_REGION(PAGE(3), .protection = VM_PROT_DEFAULT);
}

MT_CASE(mprotect, end_that_wraps_by_rounding_is_einval,
    "mprotect-overflow-rounded", KERN_MMAN_C "mprotect()",
    "mprotect(2) of a range whose rounded end alone passes 2^64 is EINVAL "
    "since macOS 13.5; before it is 0 and without effect, or ENOMEM from a "
    "hole.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);

	CHECK(mprotect, (pages, TO_THE_END(pages), PROT_READ), DARWIN_EINVAL,
	    MT_UNTIL(13.4, 0));
	CHECK(mprotect, (hole, TO_THE_END(hole), PROT_READ), DARWIN_EINVAL,
	    MT_UNTIL(13.4, DARWIN_ENOMEM));
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(mprotect, length_zero_in_a_hole_succeeds, "mprotect-len-zero-hole",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) of length 0 is 0 in a hole, and EINVAL at an address that is "
    "no multiple of the page.")
{
	mach_vm_address_t hole = mt_hole(1);

	CHECK(mprotect, (hole, 0, PROT_READ), 0);
	CHECK(mprotect, (hole + 1, 0, PROT_READ), DARWIN_EINVAL);
}

/* ---- minherit ------------------------------------------------------------ */

MT_CASE(minherit, unknown_value_is_einval_for_nothing_too,
    "minherit-bad-nothing", KERN_MMAN_C "minherit()",
    "minherit(2) of length 0 is EINVAL with an unknown inheritance, 0 with a "
    "known one.")
{
	mach_vm_address_t pages = mt_pages(1);

	CHECK(minherit, (pages, 0, 3), DARWIN_EINVAL);
	CHECK(minherit, (pages, mt_page, -1), DARWIN_EINVAL);
	CHECK(minherit, (pages, 0, VM_INHERIT_NONE), 0);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(minherit, range_that_wraps_is_einval, "minherit-overflow",
    KERN_MMAN_C "minherit()",
    "minherit(2) of a range that passes the end of the address space is "
    "EINVAL.")
{
	CHECK(minherit, (LAST_PAGE, PAGES(2), VM_INHERIT_COPY), DARWIN_EINVAL);
	CHECK(minherit, (LAST_PAGE, mt_page, VM_INHERIT_COPY), DARWIN_EINVAL);
}

MT_CASE(minherit, end_that_rounds_to_zero_is_einval,
    "minherit-overflow-rounded", KERN_MMAN_C "minherit()",
    "minherit(2) of a range whose rounded end alone passes 2^64 is EINVAL "
    "since macOS 13.5, 0 and without effect before.")
{
	mach_vm_address_t pages = mt_pages(1);

	CHECK(minherit, (pages, TO_THE_END(pages), VM_INHERIT_NONE),
	    DARWIN_EINVAL, MT_UNTIL(13.4, 0));
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(minherit, restored_pages_stay_apart, "minherit-splits",
    VM_MAP_C "vm_map_inherit()",
    "minherit(2) splits a region; giving back the old inheritance joins "
    "nothing.")
{
	mach_vm_address_t pages = mt_pages(3);

	CHECK(minherit, (PAGE(1), mt_page, VM_INHERIT_NONE), 0);
	CHECK(minherit, (PAGE(1), mt_page, VM_INHERIT_COPY), 0);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(PAGE(1), .inheritance = VM_INHERIT_COPY);
}

MT_CASE(minherit, both_sides_of_a_hole_are_set, "minherit-hole-middle",
    VM_MAP_C "vm_map_inherit()",
    "minherit(2) of a range with a hole is 0 and sets what lies on both "
    "sides.")
{
	mach_vm_address_t pages = mt_pages(3);

	DO(munmap, (PAGE(1), mt_page));
	CHECK(minherit, (pages, PAGES(3), VM_INHERIT_NONE), 0);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(PAGE(2), .inheritance = VM_INHERIT_NONE);
}

MT_CASE(minherit, addresses_outside_the_map_are_passed_over,
    "minherit-out-of-map", KERN_MMAN_C "minherit()",
    "minherit(2) below and above the map is 0.")
{
	CHECK(minherit, (0, mt_page, VM_INHERIT_COPY), 0);
	CHECK(minherit, (UINT64_C(1) << 47, mt_page, VM_INHERIT_COPY), 0);
}

/* ---- lengths of 4 GiB and more ------------------------------------------- */

#define WIDE ((UINT64_C(1) << 32) + mt_page)

/* Nothing but addresses: 4 GiB and a page. */
static mach_vm_address_t
wide(const struct mt_route *vm)
{
	mach_vm_address_t at = mapped(vm, 0, WIDE, PROT_NONE, PRIVATE_ANON);

	MT_REQUIRE_TRUE(at != 0);
	return at;
}

MT_CASE(minherit, length_has_64_bits, "minherit-length-64",
    KERN_MMAN_C "minherit()",
    "minherit(2) of 4 GiB and a page sets the inheritance of every page.")
{
	mach_vm_address_t at = wide(vm);

	CHECK(minherit, (at, WIDE, VM_INHERIT_NONE), 0);
	MT_CHECK_REGION(at + WIDE - mt_page, .inheritance = VM_INHERIT_NONE);
	DO(munmap, (at, WIDE));
}

MT_CASE(madvise, length_has_64_bits_for_madvise, "madvise-length-64",
    KERN_MMAN_C "madvise()",
    "madvise(2) of 4 GiB and a page sets the behavior of every page.")
{
	mach_vm_address_t at = wide(vm);

	CHECK(madvise, (at, WIDE, MADV_RANDOM), 0);
	MT_CHECK_REGION(at + WIDE - mt_page, .behavior = VM_BEHAVIOR_RANDOM);
	DO(munmap, (at, WIDE));
}

MT_CASE(munmap, length_has_64_bits_for_munmap, "munmap-length-64",
    KERN_MMAN_C "munmap()", "munmap(2) of 4 GiB and a page removes every page.")
{
	mach_vm_address_t at = wide(vm);

	CHECK(munmap, (at, WIDE), 0);
	MT_CHECK_HOLE(at);
	MT_CHECK_HOLE(at + mt_page);
	MT_CHECK_HOLE(at + WIDE - mt_page);
}

MT_CASE(mincore, length_has_64_bits_for_mincore, "mincore-length-64",
    KERN_MMAN_C "mincore()",
    "mincore(2) of 4 GiB is not one of nothing: it is EFAULT without a vector.")
{
	mach_vm_address_t at = wide(vm);

	CHECK(mincore, (at, UINT64_C(1) << 32, mt_hole(1)), DARWIN_EFAULT);
	DO(munmap, (at, WIDE));
}
