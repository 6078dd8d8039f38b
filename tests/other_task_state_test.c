/*
 * The memory of another task: what is reported about it, and what is asked of its
 * pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "others.h"
#include "transfer.h"

MT_CASE(page_query, page_of_the_other_task_is_reported, "pagequery-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_page_query() on another task's port reports that task's page.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t there = 0x7777, here = 0x7777, references;
	struct talk *t = talk(self);

	MT_CHILD {
		TOUCH(page, 1);
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->page_query(child_task(t, self), page, &there,
			     &references),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(there & VM_PAGE_QUERY_PAGE_PRESENT,
		    VM_PAGE_QUERY_PAGE_PRESENT);
		MT_CHECK(vm->page_query(self, page, &here, &references),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(here, 0);
		t->done = 1;
	}
}

MT_CASE(page_range_query, pages_of_the_other_task_are_reported,
    "pagerange-other-task", VM_USER_C "mach_vm_page_range_query()",
    "mach_vm_page_range_query() on another task's port stores the dispositions "
    "of that task's pages into the caller's memory.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(3);
	integer_t there[3] = { 0x7777, 0x7777, 0x7777 };
	mach_vm_size_t count = 3;
	struct talk *t = talk(self);

	TOUCH(pages, 1);
	MT_CHILD {
		TOUCH(pages + 2 * mt_page, 1);
		stay(t, self);
	}
	else
	{
		TOUCH(pages + mt_page, 1);
		MT_CHECK(vm->page_range_query(child_task(t, self), pages,
			     3 * mt_page, (mach_vm_address_t)(uintptr_t)there,
			     &count),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(count, 3);
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_NUMBER(there[i] & VM_PAGE_QUERY_PAGE_PRESENT,
			    i == 1 ? 0 : VM_PAGE_QUERY_PAGE_PRESENT);
		t->done = 1;
	}
}

MT_CASE(page_info, page_of_the_other_task_is_reported_by_page_info,
    "pageinfo-other-task", VM_MAP_C "vm_map_page_info()",
    "mach_vm_page_info() on another task's port reports that task's page.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	vm_page_info_basic_data_t there = { .disposition = 0x7777 };
	mach_msg_type_number_t count = VM_PAGE_INFO_BASIC_COUNT;
	struct talk *t = talk(self);

	MT_CHILD {
		TOUCH(page, 1);
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->page_info(child_task(t, self), page,
			     VM_PAGE_INFO_BASIC, (vm_page_info_t)&there,
			     &count),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(there.disposition & VM_PAGE_QUERY_PAGE_PRESENT,
		    VM_PAGE_QUERY_PAGE_PRESENT);
		t->done = 1;
	}
}

MT_CASE(region_recurse, map_of_the_other_task_is_walked, "recurse-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_region_recurse() on another task's port walks that task's map.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(2), address = pages + mt_page;
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V0_COUNT_64;
	vm_region_submap_info_data_64_t info;
	mach_vm_size_t size = 0;
	struct talk *t = talk(self);
	natural_t depth = 0;

	MT_CHILD {
		PROTECT(pages + mt_page, 1, VM_PROT_NONE);
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->region_recurse(child_task(t, self), &address,
			     &size, &depth, (vm_region_recurse_info_t)&info,
			     &count),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(address, pages + mt_page);
		MT_CHECK_NUMBER(size, mt_page);
		MT_CHECK_PROTECTION(info.protection, VM_PROT_NONE);
		t->done = 1;
	}
	MT_CHECK_LAYOUT(pages, "aa");
}

MT_CASE(behavior_set, behavior_is_set_in_the_other_task, "behavior-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_behavior_set() on another task's port changes that task's map.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_SEQUENTIAL);
	}
	else
	{
		MT_CHECK(vm->behavior_set(child_task(t, self), page, mt_page,
			     VM_BEHAVIOR_SEQUENTIAL),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(msync, hole_in_the_other_task_is_found, "msync-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_msync() on another task's port finds a hole that only that "
    "task has.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(3);
	struct talk *t = talk(self);

	MT_CHILD {
		PUNCH(pages + mt_page, 1);
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->msync(child_task(t, self), pages, 3 * mt_page,
			     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
		    KERN_INVALID_ADDRESS);
		MT_CHECK(vm->msync(self, pages, 3 * mt_page,
			     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
		    KERN_SUCCESS);
		t->done = 1;
	}
}

MT_CASE(purgable_control, purgeable_memory_of_the_other_task_is_controlled,
    "purge-other-task",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_purgable_control_trap()",
    "mach_vm_purgable_control() on another task's port controls that task's "
    "memory by message; the trap accepts only the caller's own task.",
    .needs = "traps privileged")
{
	mach_vm_address_t hole = mt_hole(1), at = hole;
	int state = 0x7777;
	struct talk *t = talk(self);

	MT_CHILD {
		MT_REQUIRE(stage->allocate(self, &at, mt_page,
			       VM_FLAGS_FIXED | VM_FLAGS_PURGABLE | PLAIN),
		    KERN_SUCCESS);
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->purgable_control(child_task(t, self), hole,
			     VM_PURGABLE_GET_STATE, &state),
		    KERN_SUCCESS, MT_VIA(trap, MACH_SEND_INVALID_DEST));
		MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE,
		    MT_VIA(trap, 0x7777));
		t->done = 1;
	}
}

MT_CASE(wire, memory_of_the_other_task_is_wired, "wire-other-task",
    VM_USER_C "mach_vm_wire_external()",
    "mach_vm_wire() with the host port and another task's port wires that "
    "task's memory.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_REGION(page, .user_wired_count = 1,
		    .pages_resident = 1);
	}
	else
	{
		MT_CHECK(vm->wire(mach_host_self(), child_task(t, self), page,
			     mt_page, VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_REGION(page, .user_wired_count = 0);
}
