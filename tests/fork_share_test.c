/*
 * Memory that a child shares with its parent, and memory it does not get.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

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
