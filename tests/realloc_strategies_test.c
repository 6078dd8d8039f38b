/*
 * What ways to make a block larger depend on, beyond realloc_in_place_test and
 * realloc_move_test: the BSD calls, after a fork, and growing once more.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

/* Move the block to other pages, as mremap does. */
static kern_return_t
move(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t from,
    mach_vm_size_t size, mach_vm_address_t to)
{
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	return vm->remap(self, &to, size, 0,
	    VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, from, FALSE, &current,
	    &maximum, VM_INHERIT_COPY);
}

/* ---- in place -------------------------------------------------------------- */

MT_CASE(allocate, child_grows_its_copy_in_place, "s1-extend-in-child",
    VM_MAP_C "vm_map_fork(), vm_map_enter()",
    "VM_FLAGS_FIXED lets a child grow its copy of a block in place: the bytes "
    "are kept, and the parent's block is as small as before.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x11);

	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, 2 * mt_page,
			     PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(hole + mt_page, 0x11);
		MT_CHECK_BYTE(hole + 2 * mt_page, 0);
		TOUCH_PAGES(hole, 4, 0x22);
	}

	MT_CHECK_BYTE(hole + mt_page, 0x11);
	MT_CHECK_LAYOUT(hole, "aa..");
}

MT_CASE(allocate, block_that_was_forked_grows_in_place, "s1-extend-after-fork",
    VM_MAP_C "vm_map_fork(), vm_map_enter()",
    "VM_FLAGS_FIXED grows a block in place that a child has a copy of: the "
    "bytes are kept, what is added is zero.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x11);
	MT_CHILD {
		TOUCH_PAGES(hole, 2, 0x33);
		MT_CHECK_BYTE(hole, 0x33);
	}

	MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0x11);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0);
	MT_CHECK_BYTE(hole + 4 * mt_page - 1, 0);
}

/* ---- mmap with a hint ------------------------------------------------------ */

MT_CASE(munmap, block_grown_at_a_hint_is_released_in_one_call, "s2-dealloc-all",
    "munmap(2)",
    "munmap(2) of a block and of what mmap(2) added behind it at a hint "
    "releases both in one call.")
{
	mach_vm_address_t hole = mt_hole(4);
	int error = 0;

	mapped_at(vm, hole, 2);
	TOUCH(hole, 0x11);
	MT_REQUIRE_TRUE(mapped(vm, hole + 2 * mt_page, 2 * mt_page, READ_WRITE,
			    PRIVATE_ANON) == hole + 2 * mt_page);
	TOUCH(hole + 2 * mt_page, 0x22);

	MT_CHECK_ERRNO(vm->munmap(&error, hole, 4 * mt_page), error, 0);

	MT_CHECK_LAYOUT(hole, "....");
}

MT_CASE(mmap, hint_behind_a_block_keeps_its_bytes, "s2-data-kept", "mmap(2)",
    "mmap(2) with a hint behind a block keeps the block's bytes and adds "
    "zeros.")
{
	mach_vm_address_t hole = mt_hole(4);

	mapped_at(vm, hole, 2);
	TOUCH_PAGES(hole, 2, 0x11);

	MT_CHECK_ADDRESS(mapped(vm, hole + 2 * mt_page, 2 * mt_page, READ_WRITE,
			     PRIVATE_ANON),
	    hole + 2 * mt_page);

	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + 2 * mt_page - 1, 0);
	MT_CHECK_BYTE(hole + mt_page, 0x11);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0);
	MT_CHECK_BYTE(hole + 4 * mt_page - 1, 0);
}

/* ---- elsewhere ---------------------------------------------------------------- */

MT_CASE(copy, tail_of_a_larger_copy_is_zero, "s1-vmcopy-tail-zero",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_copy() into the head of a larger block leaves the tail zero; the "
    "block is released in one call.")
{
	mach_vm_address_t old = mt_pages(4), hole = mt_hole(8);

	TOUCH_PAGES(old, 4, 0x11);
	MT_REQUIRE(allocate_at(stage, self, hole, 8 * mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->copy(self, old, 4 * mt_page, hole), KERN_SUCCESS);

	MT_CHECK_BYTE(hole + 3 * mt_page, 0x11);
	MT_CHECK_BYTE(hole + 4 * mt_page, 0);
	MT_CHECK_BYTE(hole + 8 * mt_page - 1, 0);
	MT_CHECK(stage->deallocate(self, hole, 8 * mt_page), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "........");
	MT_CHECK_BYTE(old, 0x11);
}

MT_CASE(remap, moved_block_grows_in_place, "s4-extend-after",
    VM_MAP_C "vm_map_remap(), vm_map_enter()",
    "mach_vm_remap() moves a block that then grows in place, where it is "
    "now.")
{
	mach_vm_address_t old = mt_pages(2), hole = mt_hole(4);

	TOUCH_PAGES(old, 2, 0x11);
	MT_CHECK(move(vm, self, old, 2 * mt_page, hole), KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, old, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK(allocate_at(stage, self, hole + 2 * mt_page, 2 * mt_page,
		     PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(hole + mt_page, 0x11);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0);
	MT_CHECK_BYTE(hole + 4 * mt_page - 1, 0);
}

MT_CASE(remap, moved_block_shrinks_and_grows_again, "s4-shrink-regrow",
    VM_MAP_C "vm_map_remap(), vm_map_enter()",
    "mach_vm_remap() moves a block whose tail, given back and asked for "
    "again, is zero.")
{
	mach_vm_address_t old = mt_pages(2), hole = mt_hole(2);

	TOUCH_PAGES(old, 2, 0x11);
	MT_CHECK(move(vm, self, old, 2 * mt_page, hole), KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, old, 2 * mt_page), KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, hole + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0);
}

/* ---- reserve and commit --------------------------------------------------------- */

MT_CASE(mprotect, decommitted_pages_are_zero_when_committed_again,
    "s3-recommit", "mmap(2), mprotect(2)",
    "mprotect(2) commits pages of a reservation; once MAP_FIXED has put "
    "PROT_NONE there again, they are committed as zeros.")
{
	mach_vm_address_t hole = mt_hole(4);
	int error = 0;

	MT_REQUIRE_TRUE(mapped(vm, hole, 4 * mt_page, PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == hole);
	MT_CHECK_ERRNO(vm->mprotect(&error, hole, 2 * mt_page, READ_WRITE),
	    error, 0);
	TOUCH_PAGES(hole, 2, 0x11);
	MT_REQUIRE_TRUE(mapped(vm, hole + mt_page, mt_page, PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == hole + mt_page);

	MT_CHECK_ERRNO(vm->mprotect(&error, hole, 4 * mt_page, READ_WRITE),
	    error, 0);

	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0);
	MT_CHECK_BYTE(hole + 3 * mt_page, 0);
}

MT_CASE(mprotect, commit_beyond_the_reservation_is_enomem, "s3-commit-beyond",
    VM_MAP_C "vm_map_protect()",
    "mprotect(2) past the end of a reservation, into a hole, is ENOMEM, and "
    "none of it is committed.")
{
	mach_vm_address_t hole = mt_hole(4);
	int error = 0;

	MT_REQUIRE_TRUE(mapped(vm, hole, 2 * mt_page, PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == hole);

	MT_CHECK_ERRNO(vm->mprotect(&error, hole, 3 * mt_page, READ_WRITE),
	    error, DARWIN_ENOMEM);

	MT_CHECK_REGION(hole, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_HOLE(hole + 2 * mt_page);
}

MT_CASE(mprotect, child_commits_its_own_reservation, "s3-fork",
    VM_MAP_C "vm_map_fork()",
    "mprotect(2) in a child commits pages of a reservation that parent and "
    "child had before the fork, in the child only.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;

	MT_REQUIRE_TRUE(mapped(vm, hole, 2 * mt_page, PROT_NONE,
			    PRIVATE_ANON | MAP_FIXED) == hole);

	MT_CHILD {
		MT_CHECK_ERRNO(vm->mprotect(&error, hole, mt_page, READ_WRITE),
		    error, 0);
		TOUCH(hole, 0x11);
		MT_CHECK_BYTE(hole, 0x11);
	}

	MT_CHECK_REGION(hole, .protection = VM_PROT_NONE);
}
