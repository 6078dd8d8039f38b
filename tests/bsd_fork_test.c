/*
 * What a forked child has of memory of mmap(2), by minherit(2) and flags.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(mmap, shared_memory_is_one_after_fork, "mmap-shared-fork", "mmap(2)",
    "What a child stores in MAP_SHARED anonymous memory its parent sees, in "
    "pages that nobody had touched, too.")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE_TRUE(mapped(vm, pages, PAGES(2), READ_WRITE,
			    MAP_SHARED | MAP_ANON | MAP_FIXED) == pages);
	TOUCH(pages, 1);
	MT_CHILD {
		MT_CHECK_BYTE(pages, 1);
		TOUCH(pages, 0x33);
		TOUCH(PAGE(1), 0x34);
	}
	MT_CHECK_BYTE(pages, 0x33);
	MT_CHECK_BYTE(PAGE(1), 0x34);
}

MT_CASE(mmap, private_memory_is_copied_by_fork, "mmap-private-fork", "mmap(2)",
    "What a child stores in MAP_PRIVATE anonymous memory its parent does not "
    "see.")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 2);
	TOUCH(pages, 1);
	MT_CHILD {
		MT_CHECK_BYTE(pages, 1);
		TOUCH(pages, 0x33);
		TOUCH(PAGE(1), 0x34);
	}
	MT_CHECK_BYTE(pages, 1);
	MT_CHECK_BYTE(PAGE(1), 0);
}

MT_CASE(minherit, share_shows_the_childs_stores, "minherit-share-fork",
    "minherit(2)",
    "Private memory that minherit(2) gave VM_INHERIT_SHARE is shared with a "
    "child.")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 1);
	CHECK(minherit, (pages, mt_page, VM_INHERIT_SHARE), 0);
	MT_CHILD {
		TOUCH(pages, 0x44);
	}
	MT_CHECK_BYTE(pages, 0x44);
}

MT_CASE(minherit, none_is_a_hole_in_the_child, "minherit-none-fork",
    "minherit(2)",
    "Memory that minherit(2) gave VM_INHERIT_NONE is not there in a child; "
    "its neighbours are.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 1);
	CHECK(minherit, (PAGE(1), mt_page, VM_INHERIT_NONE), 0);
	MT_CHILD {
		MT_CHECK_LAYOUT(pages, "a.b");
		MT_CHECK_FAULT(mt_read(PAGE(1)), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
		MT_CHECK_BYTE(PAGE(2), 1);
	}
	MT_CHECK_BYTE(PAGE(1), 1);
}

MT_CASE(minherit, copy_separates_shared_memory, "minherit-copy-fork",
    "minherit(2)",
    "MAP_SHARED anonymous memory that minherit(2) gave VM_INHERIT_COPY is "
    "copied by fork.")
{
	mach_vm_address_t pages = mt_hole(1);

	MT_REQUIRE_TRUE(mapped(vm, pages, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_ANON | MAP_FIXED) == pages);
	TOUCH(pages, 1);
	CHECK(minherit, (pages, mt_page, VM_INHERIT_COPY), 0);
	MT_CHILD {
		TOUCH(pages, 0x45);
	}
	MT_CHECK_BYTE(pages, 1);
}

MT_CASE(minherit, grandchild_shares_too, "minherit-grandchild",
    VM_MAP_C "vm_map_fork()",
    "A child has the inheritance of its parent's memory: what a grandchild "
    "stores in shared memory everybody sees.")
{
	mach_vm_address_t pages = mt_pages(1);

	DO(minherit, (pages, mt_page, VM_INHERIT_SHARE));
	MT_CHILD {
		MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_SHARE);
		MT_CHILD {
			TOUCH(pages, 0x66);
		}
		MT_CHECK_BYTE(pages, 0x66);
	}
	MT_CHECK_BYTE(pages, 0x66);
}

MT_CASE(mmap, reservation_is_inherited, "mmap-none-fork",
    VM_MAP_C "vm_map_fork()",
    "A child inherits memory without access, whose contents it can read after "
    "mprotect(2).")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 2);
	TOUCH(pages, 0x21);
	DO(mprotect, (pages, PAGES(2), PROT_NONE));
	MT_CHILD {
		CHECK(mprotect, (pages, PAGES(2), PROT_READ), 0);
		MT_CHECK_BYTE(pages, 0x21);
		MT_CHECK_BYTE(PAGE(1), 0);
	}
	MT_CHECK_REGION(pages, .protection = VM_PROT_NONE);
}

MT_CASE(mlock, lock_is_not_inherited, "mlock-fork", "mlock(2)",
    "Locked memory is copied to a child, where it is not locked.")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 0x47);
	DO(mlock, (pages, mt_page));
	MT_CHILD {
		MT_CHECK_REGION(pages, .user_wired_count = 0);
		MT_CHECK_BYTE(pages, 0x47);
		CHECK(munlock, (pages, mt_page), 0);
	}
	MT_CHECK_REGION(pages, .user_wired_count = 1);
}

MT_CASE(mprotect, childs_protection_is_its_own, "mprotect-fork-shared",
    VM_MAP_C "vm_map_fork()",
    "mprotect(2) and munmap(2) of shared memory in a child leave the parent's "
    "mapping as it was.")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE_TRUE(mapped(vm, pages, PAGES(2), READ_WRITE,
			    MAP_SHARED | MAP_ANON | MAP_FIXED) == pages);
	TOUCH(pages, 1);
	MT_CHILD {
		CHECK(mprotect, (pages, mt_page, PROT_READ), 0);
		MT_CHECK_REGION(pages, .protection = VM_PROT_READ);
		DO(munmap, (PAGE(1), mt_page));
	}
	MT_CHECK_LAYOUT(pages, "aa");
	MT_CHECK_WRITABLE(pages);
}

MT_CASE(madvise, advice_is_inherited, "madvise-fork",
    VM_MAP_C "vm_map_entry_copy()",
    "A child's memory has the advice of its parent's.")
{
	mach_vm_address_t pages = mt_pages(1);

	DO(madvise, (pages, mt_page, MADV_SEQUENTIAL));
	MT_CHILD {
		MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_SEQUENTIAL);
		CHECK(madvise, (pages, mt_page, MADV_NORMAL), 0);
	}
	MT_CHECK_REGION(pages, .behavior = VM_BEHAVIOR_SEQUENTIAL);
}

MT_CASE(mmap, jit_memory_is_in_the_child, "fork-jit", VM_MAP_C "vm_map_fork()",
    "A forked child has its parent's MAP_JIT memory since macOS 11.",
    .since = "11", .needs = "jit")
{
	mach_vm_address_t at = mapped(vm, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(at != 0);
	MT_CHILD {
		MT_CHECK_REGION(at, .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL);
	}
	DO(munmap, (at, mt_page));
}

MT_CASE(mmap, child_may_have_jit_memory_of_its_own, "fork-jit-own",
    VM_MAP_C "vm_map_create_options()",
    "A forked child may map MAP_JIT memory though its parent has some, of "
    "which there could be only one region until macOS 10.14.0.",
    .needs = "jit")
{
	mach_vm_address_t at = mapped(vm, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(at != 0);
	MT_CHILD {
		MT_CHECK_TRUE(mapped(vm, 0, mt_page, READ_WRITE,
				  PRIVATE_ANON | MAP_JIT) != 0);
	}
	DO(munmap, (at, mt_page));
}

MT_CASE(mmap, shared_memory_is_empty_until_it_is_touched,
    "region-shared-untouched", VM_MAP_C "vm_map_region_walk()",
    "Untouched MAP_SHARED anonymous memory is shown as empty, touched as "
    "private, until a child shares it.")
{
	mach_vm_address_t pages = mt_hole(1);

	MT_REQUIRE_TRUE(mapped(vm, pages, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_ANON | MAP_FIXED) == pages);
	MT_CHECK_REGION(pages, .share_mode = SM_EMPTY);
	TOUCH(pages, 1);
	MT_CHECK_REGION(pages, .share_mode = SM_PRIVATE);
}
