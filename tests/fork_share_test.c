/*
 * Memory that a child shares with its parent, and memory it does not get.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

static void
await(mach_vm_address_t page, uint8_t step)
{
	while (*(volatile uint8_t *)(uintptr_t)page != step)
		continue;
}

MT_CASE(inherit, stores_of_the_child_are_seen, "fork-share", "vm_inherit.html",
    "Allows child tasks to share the region.")
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

MT_CASE(inherit, stores_of_the_parent_are_seen, "fork-share-parent-writes",
    "vm_inherit.html", "Allows child tasks to share the region.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	/* One page does for both directions: 1 from the parent, 2 back. */
	MT_CHILD {
		await(page, 1);
		TOUCH(page, 2);
	}
	else
	{
		TOUCH(page, 1);
		await(page, 2);
	}

	MT_CHECK_BYTE(page, 2);
}

MT_CASE(inherit, untouched_memory_is_shared_too, "fork-share-untouched",
    VM_MAP_C "vm_map_fork_share()",
    "Memory that was never touched gets an object at the fork and is "
    "shared.")
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

MT_CASE(inherit, grandchild_shares_too, "fork-grandchild",
    VM_MAP_C "vm_map_fork()",
    "The inheritance is inherited: a grandchild shares what the child "
    "shares.")
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
    "Tasks share the memory, not its protection.")
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
    "A region that was shared with a child is not extended, also when the "
    "child is gone.")
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
    "Provides no access to the region for child tasks.")
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

MT_CASE(inherit, place_not_inherited_is_free, "fork-none-free",
    "vm_inherit.html", "Provides no access to the region for child tasks.")
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

MT_CASE(inherit, pages_are_inherited_one_by_one, "fork-none-page",
    "vm_inherit.html",
    "Because inheritance applies to virtual pages, the specified address "
    "and size are rounded to page boundaries")
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
    "What counts is the inheritance at the time of the fork.")
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
    "A child's copy of purgeable memory is not purgeable.")
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
    "A child that shares purgeable memory controls the same object.")
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
