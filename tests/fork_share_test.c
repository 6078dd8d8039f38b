/*
 * Memory that a child shares with its parent, and memory it does not get.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"
#include "transfer.h"

MT_CASE(inherit, stores_of_the_child_reach_the_parent, "fork-share",
    "vm_inherit.html",
    "VM_INHERIT_SHARE: Allows child tasks to share the region.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(page, 0x11);
		TOUCH(page, 0x22);
	}

	MT_CHECK_BYTE(page, 0x22);
}

MT_CASE(inherit, stores_of_the_parent_reach_the_child,
    "fork-share-parent-writes", "vm_inherit.html",
    "VM_INHERIT_SHARE: Allows child tasks to share the region.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	/* One page does for both directions: 1 from the parent, 2 back. */
	MT_CHILD {
		AWAIT(stored_byte(page) == 1);
		TOUCH(page, 2);
	}
	else
	{
		TOUCH(page, 1);
		AWAIT(stored_byte(page) == 2);
	}

	MT_CHECK_BYTE(page, 2);
}

MT_CASE(inherit, untouched_memory_is_shared_too, "fork-share-untouched",
    VM_MAP_C "vm_map_fork_share()",
    "VM_INHERIT_SHARE of memory that was never touched gives it a VM object "
    "at the fork, which both share.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(page, 0);
		TOUCH(page, 0x22);
	}

	MT_CHECK_BYTE(page, 0x22);
}

MT_CASE(inherit, locked_memory_is_shared_unlocked, "fork-share-locked",
    VM_MAP_C "vm_map_fork_share()",
    "VM_INHERIT_SHARE of locked memory: the child shares it and has not locked "
    "it; what it does leaves the parent's lock.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage_bsd->mlock(&error, page, mt_page), 0);

	MT_CHILD {
		MT_CHECK_REGION(page, .user_wired_count = 0);
		TOUCH(page, 0x22);
		MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
	}

	MT_CHECK_REGION(page, .user_wired_count = 1);
	MT_CHECK_BYTE(page, 0x22);
	MT_REQUIRE(stage_bsd->munlock(&error, page, mt_page), 0);
}

MT_CASE(inherit, untouched_part_is_shared_from_offset_0,
    "fork-share-untouched-part", VM_MAP_C "vm_map_fork_share()",
    "A part of a region that was never touched, which VM_INHERIT_SHARE shares "
    "with a child, gets a VM object of its own that begins with it: offset 0 "
    "on both sides.")
{
	mach_vm_address_t pages = mt_pages(2), high = pages + mt_page;

	MT_CHECK(vm->inherit(self, high, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(high, .offset = mt_page);
	MT_CHILD {
		MT_CHECK_REGION(high, .offset = 0);
		TOUCH(high, 0x22);
	}
	MT_CHECK_REGION(high, .offset = 0, .pages_resident = 1);
	MT_CHECK_BYTE(high, 0x22);
}

MT_CASE(copy, copied_pages_reach_a_task_that_shares_them,
    "copy-onto-fork-shared", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of many pages onto memory that VM_INHERIT_SHARE shares "
    "writes them for both tasks: the parent's reach the child, the child's the "
    "parent.")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);
	mach_vm_address_t signal = signal_page(self);

	NUMBER_PAGES(from, LARGE_PAGES, 0x41);
	TOUCH_PAGES(to, LARGE_PAGES, 1);
	MT_REQUIRE(stage->inherit(self, to, LARGE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(to, 1);
		tell(signal, 1);
		AWAIT(stored_byte(signal) == 2);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0x41 + i));
		NUMBER_PAGES(from, LARGE_PAGES, 0x81);
		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
	}
	else
	{
		AWAIT(stored_byte(signal) == 1);
		MT_CHECK(vm->copy(self, from, LARGE, to), KERN_SUCCESS);
		tell(signal, 2);
	}
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0x81 + i));
		MT_CHECK_BYTE(from + i * mt_page, (uint8_t)(0x41 + i));
	}
}

MT_CASE(inherit, grandchild_shares_too, "fork-grandchild",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_SHARE applies to the child in turn: a grandchild shares the "
    "same memory.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_REGION(page, .inheritance = VM_INHERIT_SHARE);
		MT_CHILD {
			TOUCH(page, 0x33);
		}
		MT_CHECK_BYTE(page, 0x33);
	}

	MT_CHECK_BYTE(page, 0x33);
}

MT_CASE(inherit, shared_memory_survives_the_child, "fork-share-deallocate",
    "vm_deallocate.html",
    "vm_deallocate affects only target_task.  Other tasks that have access "
    "to the deallocated memory can continue to reference it.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		TOUCH(page, 0x22);
		MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
		MT_CHECK_HOLE(page);
	}

	MT_CHECK_BYTE(page, 0x22);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(inherit, protection_of_shared_memory_is_each_tasks_own,
    "fork-share-protect", VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_SHARE shares the memory, not its protection: each task has "
    "its own.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK(stage->protect(self, page, mt_page, FALSE,
			     VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_FAULT(mt_write(page, 0x22), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
	}

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(inherit, shared_memory_is_never_extended, "fork-share-no-coalesce",
    VM_MAP_C "vm_map_enter()",
    "A region that VM_INHERIT_SHARE shared with a child is never extended, "
    "even after the child has ended.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->inherit(self, hole, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		TOUCH(hole, 0x22);
	}
	MT_REQUIRE(vm->inherit(self, hole, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(inherit, memory_not_inherited_is_absent, "fork-none", "vm_inherit.html",
    "VM_INHERIT_NONE: Provides no access to the region for child tasks.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_HOLE(page);
		MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
	}

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(inherit, addresses_not_inherited_are_free, "fork-none-free",
    "vm_inherit.html",
    "VM_INHERIT_NONE: Provides no access to the region for child tasks.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK(allocate_at(stage, self, page, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(page, 0);
	}
}

MT_CASE(inherit, inheritance_applies_page_by_page, "fork-none-page",
    "vm_inherit.html",
    "Because inheritance applies to virtual pages, the specified address "
    "and size are rounded to page boundaries, as follows: the region starts "
    "at the beginning of the virtual page containing address; it ends at "
    "the end of the virtual page containing address + size - 1.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);
	MT_CHECK(vm->inherit(self, pages + mt_page + 1, 1, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_LAYOUT(pages, "a.b");
		MT_CHECK_BYTE(pages, 0x11);
		MT_CHECK_BYTE(pages + 2 * mt_page, 0x11);
	}
}

MT_CASE(inherit, last_inheritance_counts, "fork-copy-last",
    VM_MAP_C "vm_map_fork()",
    "The inheritance that mach_vm_inherit() set last before a fork applies.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(page, 0x11);
		TOUCH(page, 0x22);
	}

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(inherit, copied_purgeable_memory_is_ordinary, "purge-fork",
    VM_MAP_C "vm_map_fork_copy()",
    "A child's copy of memory of VM_FLAGS_PURGABLE is not purgeable.")
{
	mach_vm_address_t hole = mt_hole(1);
	int state = -1;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH(hole, 0x11);
	MT_CHECK(vm->inherit(self, hole, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(hole, 0x11);
		MT_CHECK(stage->purgable_control(self, hole,
			     VM_PURGABLE_GET_STATE, &state),
		    KERN_INVALID_ARGUMENT);
	}

	MT_CHECK(stage->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(inherit, shared_purgeable_memory_has_one_state, "fork-share-purgeable",
    VM_MAP_C "vm_map_fork_share()",
    "VM_INHERIT_SHARE of purgeable memory shares the VM object and its "
    "state.")
{
	mach_vm_address_t hole = mt_hole(1);
	int state = VM_PURGABLE_VOLATILE;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, hole, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK(stage->purgable_control(self, hole,
			     VM_PURGABLE_SET_STATE, &state),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
	}

	MT_CHECK(stage->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
}

/* One of three numbered pages is shared.  Whoever stores first, the other has
 * not looked at the page since the fork, and answers. */
static void
check_shared_part(mach_port_name_t self, mach_vm_address_t pages,
    unsigned shared, bool child_first)
{
	mach_vm_address_t signal = signal_page(self);

	MT_CHILD {
		AWAIT(stored_byte(signal) == (child_first ? 0 : 1));
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_BYTE(pages + i * mt_page,
			    (uint8_t)(i == shared && !child_first ? 0xa0 + i :
								    1 + i));
		for (unsigned i = 0; i < 3; i++)
			TOUCH(pages + i * mt_page, (uint8_t)(0xc0 + i));
		tell(signal, 2);
		AWAIT(stored_byte(signal) == 3);
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_BYTE(pages + i * mt_page,
			    (uint8_t)(i == shared ? 0xb0 + i : 0xc0 + i));
	}
	else
	{
		for (unsigned i = 0; i < 3 && !child_first; i++)
			TOUCH(pages + i * mt_page, (uint8_t)(0xa0 + i));
		if (!child_first)
			tell(signal, 1);
		AWAIT(stored_byte(signal) == 2);
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_BYTE(pages + i * mt_page,
			    (uint8_t)(i == shared ? 0xc0 + i :
				    child_first	  ? 1 + i :
						    0xa0 + i));
		for (unsigned i = 0; i < 3; i++)
			TOUCH(pages + i * mt_page, (uint8_t)(0xb0 + i));
		tell(signal, 3);
	}
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(0xb0 + i));
}

MT_CASE(inherit, part_of_an_object_is_shared, "fork-share-part",
    VM_MAP_C "vm_map_fork_share()",
    "VM_INHERIT_SHARE of one page of touched memory shares that page, the "
    "first, the middle or the last, whether the parent stores to it first or "
    "the child; the others are copied.")
{
	for (unsigned shared = 0; shared < 3; shared++)
		for (unsigned child = 0; child < 2; child++) {
			mach_vm_address_t pages = mt_pages(3);

			NUMBER_PAGES(pages, 3, 1);
			MT_CHECK(vm->inherit(self, pages + shared * mt_page,
				     mt_page, VM_INHERIT_SHARE),
			    KERN_SUCCESS);
			check_shared_part(self, pages, shared, child == 1);
		}
}

MT_CASE(inherit, copy_of_a_shared_part_keeps_its_bytes, "fork-share-part-copy",
    VM_MAP_C "vm_map_fork_share()",
    "A copy of memory of whose VM object a part is shared with a child keeps "
    "the bytes when they are stored to, though nobody stored there between the "
    "fork and the copy.")
{
	const unsigned stored[] = { 0, LARGE_PAGES / 2, LARGE_PAGES - 1 };
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 2);
	mach_vm_address_t part = pages + mt_page, copy = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES + 2, 1);
	MT_CHECK(vm->inherit(self, part, LARGE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(part, 2);
	}
	MT_REQUIRE(stage->copy(self, part, LARGE, copy), KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		TOUCH(part + stored[i] * mt_page, 0xa1);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(copy + i * mt_page, (uint8_t)(2 + i));
	MT_CHILD {
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_BYTE(part + stored[i] * mt_page, 0xa1);
		MT_CHECK_BYTE(part + mt_page, 3);
		MT_CHECK_BYTE(pages, 1);
		MT_CHECK_BYTE(part + LARGE, (uint8_t)(LARGE_PAGES + 2));
	}
}

MT_CASE(inherit, shared_part_has_an_object_of_its_own, "fork-share-part-object",
    VM_MAP_C "vm_map_fork_share()",
    "VM_INHERIT_SHARE of a page of touched memory whose other pages are not "
    "inherited gives it a VM object of its own at the fork, as large as it is, "
    "which shadows the old one.",
    .needs = "native")
{
	for (unsigned shared = 0; shared < 3; shared++) {
		mach_vm_address_t pages = mt_pages(3);
		mach_vm_address_t page = pages + shared * mt_page;

		NUMBER_PAGES(pages, 3, 1);
		MT_REQUIRE(stage->inherit(self, pages, 3 * mt_page,
			       VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .offset = (int64_t)(page - pages),
		    .shadow_depth = 0);
		MT_CHILD {
			MT_CHECK_REGION(page, .offset = 0, .shadow_depth = 1,
			    .size = (int64_t)mt_page);
			MT_CHECK_BYTE(page, (uint8_t)(1 + shared));
		}
		MT_CHECK_REGION(page, .offset = 0, .shadow_depth = 1);
	}
}

MT_CASE(inherit, memory_shared_with_a_child_is_told_as_shared,
    "fork-share-mode", VM_MAP_C "vm_map_region_walk()",
    "Memory that a child has by VM_INHERIT_SHARE is SM_SHARED while the child "
    "lives; split, it is SM_SHARED_ALIASED. When the child is gone it stays so "
    "since macOS 26.4; until then it was SM_PRIVATE_ALIASED.")
{
	mach_vm_address_t pages = mt_pages(2), signal = signal_page(self);

	TOUCH_PAGES(pages, 2, 0x11);
	MT_CHECK(vm->inherit(self, pages, 2 * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHILD {
		AWAIT(stored_byte(signal) == 1);
	}
	else
	{
		MT_CHECK_REGION(pages, .share_mode = SM_SHARED, .ref_count = 2);
		MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE,
			       VM_PROT_READ),
		    KERN_SUCCESS);
		for (unsigned i = 0; i < 2; i++)
			MT_CHECK_REGION(pages + i * mt_page,
			    .share_mode = SM_SHARED_ALIASED, .ref_count = 3);
		tell(signal, 1);
	}
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_REGION(pages + i * mt_page,
		    .share_mode = MT_VALUE(SM_SHARED_ALIASED,
			MT_UNTIL(26.3, SM_PRIVATE_ALIASED)),
		    .ref_count = 2);
}

MT_CASE(inherit, part_of_written_memory_is_shared_as_it_is,
    "fork-share-part-object", VM_MAP_C "vm_map_fork_share()",
    "A written page of a region that VM_INHERIT_SHARE sets apart is shared by "
    "a fork in a VM object of its own, which a store gives the page: "
    "shadow_depth 0.")
{
	mach_vm_address_t pages = mt_pages(4);
	vm_region_extended_info_data_t info;

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->inherit(self, pages, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		AWAIT(stored_byte(pages) == 0x53);
	}
	else
	{
		TOUCH(pages, 0x52);
		info = extended(vm, self, pages);
		MT_CHECK_NUMBER(info.shadow_depth, 0);
		TOUCH(pages, 0x53);
	}
}
