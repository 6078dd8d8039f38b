/*
 * mmap(2) of anonymous memory: what the region looks like, and where it is.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(mmap, private_anonymous_memory_is_like_allocated,
    "mmap-rw-equals-allocate", KERN_MMAN_C "mmap()",
    "Private anonymous memory has the attributes of mach_vm_allocate(): read "
    "and write, maximum VM_PROT_ALL, inheritance VM_INHERIT_COPY, tag 0.")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_COPY,
	    .user_tag = 0);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, anonymous_memory_is_zero, "mmap-anon-zero", "mmap(2)",
    "The pages that mmap(2) gives with MAP_ANON are filled with zeros.")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_BYTE(page, 0);
	MT_CHECK_BYTE(page + mt_page - 1, 0);
	MT_CHECK_WRITABLE(page);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, shared_anonymous_memory_is_inherited_shared,
    "mmap-anon-shared-inherit", KERN_MMAN_C "mmap()",
    "MAP_SHARED gives anonymous memory VM_INHERIT_SHARE.")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, READ_WRITE,
	    MAP_SHARED | MAP_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_SHARE);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, private_and_shared_together_are_shared, "mmap-private-and-shared",
    KERN_MMAN_C "mmap()",
    "MAP_PRIVATE and MAP_SHARED together are accepted and mean MAP_SHARED.")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, READ_WRITE,
	    MAP_SHARED | MAP_PRIVATE | MAP_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_SHARE);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, prot_none_has_no_access_and_the_full_maximum, "mmap-prot-none",
    KERN_MMAN_C "mmap()",
    "PROT_NONE reserves memory without access whose maximum is VM_PROT_ALL.")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, PROT_NONE,
	    PRIVATE_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, write_implies_read, "mmap-w-implies-r", KERN_MMAN_C "mmap()",
    "PROT_WRITE or PROT_EXEC alone adds PROT_READ.")
{
	mach_vm_address_t write = mapped(vm, 0, mt_page, PROT_WRITE,
	    PRIVATE_ANON);
	mach_vm_address_t execute = mapped(vm, 0, mt_page, PROT_EXEC,
	    PRIVATE_ANON);

	MT_REQUIRE_TRUE(write != 0 && execute != 0);
	MT_CHECK_REGION(write, .protection = VM_PROT_READ | VM_PROT_WRITE);
	MT_CHECK_REGION(execute, .protection = VM_PROT_READ | VM_PROT_EXECUTE);
	MT_CHECK(stage->deallocate(self, write, mt_page), KERN_SUCCESS);
	MT_CHECK(stage->deallocate(self, execute, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, unknown_protection_bits_are_dropped, "mmap-prot-mask",
    KERN_MMAN_C "mmap()",
    "mmap(2) drops bits of the protection beyond PROT_READ, PROT_WRITE and "
    "PROT_EXEC.")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, PROT_READ | 0x80,
	    PRIVATE_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, length_is_rounded_up_to_pages, "mmap-result-size-rounded",
    KERN_MMAN_C "mmap()",
    "mmap(2) rounds the length up to pages, and all of the last page can be "
    "used.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE_TRUE(mapped(vm, hole, mt_page + 1, READ_WRITE,
			    PRIVATE_ANON | MAP_FIXED) == hole);
	MT_CHECK_LAYOUT(hole, "aa..");
	MT_CHECK_WRITABLE(hole + 2 * mt_page - 1);
}

MT_CASE(mmap, write_and_execute_together_need_jit_on_arm64, "mmap-wx-arm64",
    VM_MAP_C "vm_map_enter()",
    "PROT_WRITE with PROT_EXEC and without MAP_JIT is EACCES in a native "
    "process of arm64; x86_64 allows it.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;

	mapped_at(vm, hole, 1);
	MT_CHECK_ERRNO(vm->mmap(&error, hole, mt_page, READ_WRITE | PROT_EXEC,
			   PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, 0, MT_ON(arm64, DARWIN_EACCES));
	MT_CHECK_LAYOUT(hole, "a.");
}

/* ---- where --------------------------------------------------------------- */

MT_CASE(mmap, hint_is_taken_where_it_is_free, "mmap-hint-honoured",
    KERN_MMAN_C "mmap()",
    "Without MAP_FIXED the address is a hint: rounded up to a page, it is "
    "where the memory goes when the place is free.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_CHECK_ADDRESS(mapped(vm, hole, mt_page, READ_WRITE, PRIVATE_ANON),
	    hole);
	MT_CHECK_ADDRESS(mapped(vm, hole + mt_page + 1, mt_page, READ_WRITE,
			     PRIVATE_ANON),
	    hole + 2 * mt_page);
	MT_CHECK_LAYOUT(hole, "a.b.");
}

MT_CASE(mmap, hint_that_is_taken_replaces_nothing, "mmap-hint-occupied",
    KERN_MMAN_C "mmap()",
    "A hint of mmap(2) whose place is taken replaces nothing: the memory "
    "goes to the first hole above that is large enough.")
{
	mach_vm_address_t hole = mt_hole(8);

	mapped_at(vm, hole, 3);
	TOUCH(hole + mt_page, 0x42);
	MT_CHECK_ADDRESS(mapped(vm, hole + mt_page, mt_page, READ_WRITE,
			     PRIVATE_ANON),
	    hole + 3 * mt_page);
	MT_CHECK_BYTE(hole + mt_page, 0x42);
}

MT_CASE(mmap, hint_passes_holes_that_are_too_small, "mmap-hint-occupied-needs",
    KERN_MMAN_C "mmap()",
    "Above a hint of mmap(2) whose place is taken, a hole that is too small "
    "is passed over.")
{
	mach_vm_address_t hole = mt_hole(8);

	mapped_at(vm, hole, 1);
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(mapped(vm, hole, 2 * mt_page, READ_WRITE,
			     PRIVATE_ANON),
	    hole + 3 * mt_page);
	MT_CHECK_HOLE(hole + mt_page);
}

MT_CASE(mmap, hint_below_the_map_is_moved_up, "mmap-hint-below-min",
    KERN_MMAN_C "mmap()",
    "A hint of mmap(2) in the page zero is moved up to where the map "
    "begins.")
{
	mach_vm_address_t page = mapped(vm, 0x10000, mt_page, READ_WRITE,
	    PRIVATE_ANON);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_TRUE(page >= UINT64_C(0x100000000));
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, hint_without_room_above_starts_from_the_bottom,
    "mmap-hint-no-space-above", KERN_MMAN_C "mmap()",
    "Where no hole above the hint of mmap(2) is large enough, the search "
    "starts once more at the bottom of the map, for the same memory: with its "
    "tag, protection and inheritance.")
{
	const mach_vm_address_t hint = UINT64_C(0x7ffffffff000) &
	    ~(mt_page - 1);
	int error = 0;
	int64_t page = vm->mmap(&error, hint, mt_page, PROT_READ,
	    MAP_SHARED | MAP_ANON, (int)VM_MAKE_TAG(MT_TAG), 0);

	MT_REQUIRE_TRUE(page > 0);
	MT_CHECK_TRUE((mach_vm_address_t)page < hint);
	MT_CHECK_REGION((mach_vm_address_t)page, .user_tag = MT_TAG,
	    .protection = VM_PROT_READ, .max_protection = VM_PROT_ALL,
	    .inheritance = VM_INHERIT_SHARE);
	MT_CHECK(stage->deallocate(self, (mach_vm_address_t)page, mt_page),
	    KERN_SUCCESS);
}

MT_CASE(mmap, hint_that_wraps_is_ignored, "mmap-hint-overflow",
    KERN_MMAN_C "mmap_sanitize()",
    "A hint of mmap(2) whose range passes the end of the address space is "
    "EINVAL from macOS 10.15 to 14; before and after, the hint is ignored.")
{
	int error = 0;
	int64_t at;

	MT_CHECK_ERRNO((at = vm->mmap(&error, LAST_PAGE, 2 * mt_page,
			    READ_WRITE, PRIVATE_ANON, -1, 0)),
	    error, 0, MT_UNTIL(10.14, 0), MT_UNTIL(14, DARWIN_EINVAL));
	if (error == 0)
		MT_CHECK(stage->deallocate(self, (mach_vm_address_t)at,
			     2 * mt_page),
		    KERN_SUCCESS);
}

/* ---- MAP_FIXED ----------------------------------------------------------- */

MT_CASE(mmap, fixed_replaces_what_is_there, "mmap-fixed-replaces", "mmap(2)",
    "MAP_FIXED unmaps whatever is in the range; the new memory is zero.")
{
	mach_vm_address_t hole = mt_hole(4);

	mapped_at(vm, hole, 4);
	TOUCH(hole, 1);
	TOUCH(hole + mt_page, 2);
	TOUCH(hole + 3 * mt_page, 4);
	MT_CHECK_ADDRESS(mapped(vm, hole + mt_page, 2 * mt_page, PROT_READ,
			     PRIVATE_ANON | MAP_FIXED),
	    hole + mt_page);
	MT_CHECK_LAYOUT(hole, "abbc");
	MT_CHECK_BYTE(hole, 1);
	MT_CHECK_BYTE(hole + mt_page, 0);
	MT_CHECK_BYTE(hole + 3 * mt_page, 4);
}

MT_CASE(mmap, fixed_replaces_memory_of_mach, "mmap-fixed-over-mach",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED replaces memory of mach_vm_allocate(), purgeable and wired "
    "memory too.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       PLAIN | VM_FLAGS_PURGABLE),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(ERRNO(vm->mlock(&error, hole + mt_page, mt_page)) == 0);
	MT_CHECK_ADDRESS(mapped(vm, hole, 2 * mt_page, READ_WRITE,
			     PRIVATE_ANON | MAP_FIXED),
	    hole);
	MT_CHECK_LAYOUT(hole, "aa.");
	MT_CHECK_REGION(hole, .user_wired_count = 0);
}

MT_CASE(mmap, fixed_at_an_unaligned_address_is_einval, "mmap-fixed-unaligned",
    "mmap(2)",
    "MAP_FIXED with an address that is no multiple of the page is EINVAL.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, hole + 1, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, DARWIN_EINVAL);
	MT_CHECK_LAYOUT(hole, "..");
}

MT_CASE(mmap, fixed_in_the_page_zero_is_enomem, "mmap-fixed-pagezero",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED below the map is ENOMEM, where the manual page says EINVAL.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, DARWIN_ENOMEM);
	MT_CHECK_ERRNO(vm->mmap(&error, UINT64_C(0xffff0000), mt_page,
			   READ_WRITE, PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, DARWIN_ENOMEM);
}

MT_CASE(mmap, fixed_above_the_map_is_enomem, "mmap-fixed-above-max",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED above the map is ENOMEM, where the manual page says EINVAL.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, UINT64_C(1) << 48, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, DARWIN_ENOMEM);
}

MT_CASE(mmap, fixed_range_that_wraps_is_einval, "mmap-fixed-wrap",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED with a range that passes the end of the address space is EINVAL "
    "since macOS 10.15, ENOMEM before.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, LAST_PAGE, 2 * mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, -1, 0),
	    error, DARWIN_EINVAL, MT_UNTIL(10.14, DARWIN_ENOMEM));
}

MT_CASE(mmap, fixed_that_fails_keeps_the_memory, "mmap-fixed-failure-keeps",
    KERN_MMAN_C "mmap()",
    "MAP_FIXED that fails for its descriptor keeps what was in the range.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;

	mapped_at(vm, hole, 1);
	TOUCH(hole, 0x17);
	MT_CHECK_ERRNO(vm->mmap(&error, hole, mt_page, READ_WRITE,
			   MAP_PRIVATE | MAP_FIXED, 999, 0),
	    error, DARWIN_EBADF);
	MT_CHECK_BYTE(hole, 0x17);
	MT_CHECK_LAYOUT(hole, "a.");
}

/* ---- neighbours ---------------------------------------------------------- */

MT_CASE(mmap, mapping_joins_the_memory_below, "mmap-coalesce-mach",
    VM_MAP_C "vm_map_enter()",
    "Anonymous memory that continues a region of the same attributes and tag "
    "extends it, whichever family of calls made that.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, TAG(0)),
	    KERN_SUCCESS);
	mapped_at(vm, hole + mt_page, 1);
	MT_CHECK_LAYOUT(hole, "aa..");
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, mt_page,
		       TAG(0)),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aaa.");
}

MT_CASE(mmap, mapping_without_cache_stands_alone, "mmap-nocache",
    VM_MAP_C "vm_map_enter()",
    "MAP_NOCACHE keeps anonymous memory from joining its neighbour.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	mapped_at(vm, hole, 1);
	MT_REQUIRE_TRUE(
	    mapped(vm, hole + mt_page, mt_page, READ_WRITE,
		PRIVATE_ANON | MAP_FIXED | MAP_NOCACHE) == hole + mt_page);
	MT_CHECK_LAYOUT(hole, "ab.");
}

MT_CASE(mmap, shared_and_private_memory_stay_apart, "mmap-coalesce-inheritance",
    VM_MAP_C "vm_map_enter()",
    "MAP_SHARED anonymous memory does not join private memory below it.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);

	mapped_at(vm, hole, 1);
	MT_REQUIRE_TRUE(
	    mapped(vm, hole + mt_page, mt_page, READ_WRITE,
		MAP_SHARED | MAP_ANON | MAP_FIXED) == hole + mt_page);
	MT_CHECK_LAYOUT(hole, "ab.");
}
