/*
 * The memory of another task: what moves it, and what shares it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "others.h"
#include "transfer.h"

/* Parent and child have the pages with other bytes: the child's are numbered
 * from 0x40. */
#define BYTE 0x40

MT_CASE(read, memory_of_the_other_task_is_read_into_the_callers,
    "read-other-task", VM_USER_C "mach_vm_read()",
    "mach_vm_read() on another task's port reads that task's memory into "
    "the caller's map, small sizes and large ones.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_msg_type_number_t size = 0;
	struct talk *t = talk(self);
	vm_offset_t data = 0;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_CHILD {
		NUMBER_PAGES(pages, LARGE_PAGES, BYTE);
		stay(t, self);
		MT_CHECK_BYTE(pages, BYTE);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);

		MT_CHECK(vm->read(task, pages, SMALL, &data, &size),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(size, SMALL);
		MT_CHECK_BYTE(data, BYTE);
		MT_CHECK(vm->read(task, pages, LARGE, &data, &size),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(data + mt_page, BYTE + 1);
		t->done = 1;
	}
	MT_CHECK_BYTE(pages, 1);
}

MT_CASE(read_list, ranges_of_the_other_task_are_read, "readlist-other-task",
    VM_USER_C "mach_vm_read_list()",
    "mach_vm_read_list() on another task's port reads that task's memory, and "
    "the copies are in the caller's map.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(2);
	mach_vm_read_entry_t list = { { .address = pages, .size = 16 },
		{ .address = pages + mt_page, .size = mt_page } };
	struct talk *t = talk(self);

	TOUCH_PAGES(pages, 2, 0x11);
	MT_CHILD {
		NUMBER_PAGES(pages, 2, 0x21);
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->read_list(child_task(t, self), list, 2),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(list[0].address, 0x21);
		MT_CHECK_BYTE(list[1].address, 0x22);
		MT_CHECK_BYTE(pages, 0x11);
		t->done = 1;
	}
}

MT_CASE(read_overwrite, destination_is_in_the_callers_map,
    "overwrite-into-caller", VM_USER_C "mach_vm_read_overwrite()",
    "mach_vm_read_overwrite() on another task's port reads that task's "
    "memory; the destination is in the caller's map.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(2), to = mt_pages(2);
	mach_vm_address_t only_there = mt_pages(2);
	mach_vm_size_t size = 0x7777;
	struct talk *t = talk(self);

	MT_CHILD {
		NUMBER_PAGES(pages, 2, BYTE);
		stay(t, self);
		MT_CHECK_BYTE(to + mt_page, 0);
		MT_CHECK_BYTE(only_there, 0);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);

		MT_CHECK(vm->read_overwrite(task, pages, 2 * mt_page, to,
			     &size),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(size, 2 * mt_page);
		MT_CHECK_BYTE(to + mt_page, BYTE + 1);

		PUNCH(only_there, 2);
		MT_CHECK(vm->read_overwrite(task, pages, 2 * mt_page,
			     only_there, &size),
		    KERN_INVALID_ADDRESS);
		t->done = 1;
	}
}

MT_CASE(write, other_task_is_written_as_its_protection_allows,
    "write-other-task-prot", VM_USER_C "mach_vm_write()",
    "mach_vm_write() on another task's port obeys the protection there: "
    "read-only memory is KERN_INVALID_ADDRESS for a small size, "
    "KERN_PROTECTION_FAILURE for a large one.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t data = mt_pages(LARGE_PAGES);
	struct talk *t = talk(self);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	NUMBER_PAGES(data, LARGE_PAGES, BYTE);
	MT_CHILD {
		MT_REQUIRE(stage->protect(self, pages, LARGE, FALSE,
			       VM_PROT_READ),
		    KERN_SUCCESS);
		stay(t, self);
		MT_CHECK_BYTE(pages + mt_page, BYTE);
		MT_CHECK_BYTE(pages + 2 * mt_page, 3);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);
		mach_vm_address_t page = pages + mt_page;

		MT_CHECK(vm->write(task, page, (vm_offset_t)data, 16),
		    KERN_INVALID_ADDRESS);
		MT_CHECK(vm->write(task, pages, (vm_offset_t)data, LARGE),
		    KERN_PROTECTION_FAILURE);
		MT_REQUIRE(stage->protect(task, page, mt_page, FALSE,
			       VM_PROT_COPY | VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK(vm->write(task, page, (vm_offset_t)data, 16),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(copy, both_ranges_are_in_the_other_task, "copy-self-task-only",
    VM_USER_C "mach_vm_copy()",
    "mach_vm_copy() on another task's port copies within that task.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(2);
	struct talk *t = talk(self);

	NUMBER_PAGES(pages, 2, 1);
	MT_CHILD {
		NUMBER_PAGES(pages, 2, BYTE);
		stay(t, self);
		MT_CHECK_BYTE(pages + mt_page, BYTE);
	}
	else
	{
		MT_CHECK(vm->copy(child_task(t, self), pages, mt_page,
			     pages + mt_page),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(remap, memory_of_the_other_task_is_shared, "remap-cross-task",
    VM_USER_C "mach_vm_remap_external()",
    "mach_vm_remap() from another task without copy shares that task's "
    "memory.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(2), at = mt_hole(2);
	vm_prot_t current, maximum;
	struct talk *t = talk(self);

	NUMBER_PAGES(pages, 2, 1);
	MT_CHILD {
		NUMBER_PAGES(pages, 2, BYTE);
		stay(t, self);
		MT_CHECK_BYTE(pages + mt_page, 0x66);
	}
	else
	{
		MT_CHECK(vm->remap(self, &at, 2 * mt_page, 0, VM_FLAGS_FIXED,
			     child_task(t, self), pages, FALSE, &current,
			     &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(at, BYTE);
		MT_CHECK_FAULT(mt_write(at + mt_page, 0x66), 0, 0);
		t->done = 1;
	}
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(remap, memory_is_remapped_into_the_other_task,
    "remap-cross-task-target", VM_USER_C "mach_vm_remap_external()",
    "mach_vm_remap() into another task maps the caller's memory there.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1), at = hole;
	vm_prot_t current, maximum;
	struct talk *t = talk(self);

	TOUCH(page, 1);
	MT_CHILD {
		stay(t, self);
		MT_CHECK_BYTE(hole, 0x33);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);

		MT_CHECK(vm->remap(task, &at, mt_page, 0, VM_FLAGS_FIXED, self,
			     page, FALSE, &current, &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_FAULT(mt_write(page, 0x33), 0, 0);
		t->done = 1;
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(remap_new, memory_of_the_other_task_is_copied, "remap-cross-task-new",
    VM_USER_C "mach_vm_remap_external()",
    "mach_vm_remap_new() from another task with copy leaves that task's "
    "memory private.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1), at = mt_hole(1);
	vm_prot_t current = VM_PROT_DEFAULT, maximum = VM_PROT_DEFAULT;
	struct talk *t = talk(self);

	MT_CHILD {
		TOUCH(page, BYTE);
		stay(t, self);
		MT_CHECK_BYTE(page, BYTE);
	}
	else
	{
		MT_CHECK(vm->remap_new(self, &at, mt_page, 0, VM_FLAGS_FIXED,
			     child_task(t, self), page, TRUE, &current,
			     &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(at, BYTE);
		MT_CHECK_FAULT(mt_write(at, 1), 0, 0);
		t->done = 1;
	}
}

MT_CASE(make_memory_entry, entry_refers_to_the_other_tasks_memory,
    "entry-other-task", VM_MEMORY_ENTRY_C "mach_make_memory_entry_64()",
    "mach_make_memory_entry_64() on another task's port makes an entry of "
    "that task's memory.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1), at = mt_hole(1);
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	struct talk *t = talk(self);

	TOUCH(page, 1);
	MT_CHILD {
		TOUCH(page, BYTE);
		stay(t, self);
		MT_CHECK_BYTE(page, 0x44);
	}
	else
	{
		MT_CHECK(vm->make_memory_entry(child_task(t, self), &size, page,
			     VM_PROT_DEFAULT, &entry, MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->map(self, &at, mt_page, 0, VM_FLAGS_FIXED,
			       entry, 0, FALSE, VM_PROT_DEFAULT,
			       VM_PROT_DEFAULT, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(at, BYTE);
		TOUCH(at, 0x44);
		t->done = 1;
	}
	MT_CHECK_BYTE(page, 1);
}

MT_CASE(map, entry_is_mapped_into_the_other_task, "map-other-task",
    VM_USER_C "mach_vm_map_external()",
    "mach_vm_map() on another task's port maps a memory entry into that "
    "task.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1), at = hole;
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	struct talk *t = talk(self);

	TOUCH(page, 0x21);
	MT_REQUIRE(stage->make_memory_entry(self, &size, page, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHILD {
		stay(t, self);
		MT_CHECK_BYTE(hole, 0x21);
		MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
		    .inheritance = VM_INHERIT_NONE);
	}
	else
	{
		MT_CHECK(vm->map(child_task(t, self), &at, mt_page, 0,
			     VM_FLAGS_FIXED, entry, 0, FALSE, VM_PROT_READ,
			     VM_PROT_READ, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_HOLE(hole);
}
