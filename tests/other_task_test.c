/*
 * Another task's memory: the traps act on the caller alone, messages on any
 * task whose port the caller holds.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "others.h"

/* The protection of a page in another task. */
static vm_prot_t
protection_in(const struct mt_route *vm, mach_port_name_t task,
    mach_vm_address_t page)
{
	mach_vm_address_t address = page;
	mach_vm_size_t size = 0;
	vm_region_basic_info_data_64_t info = { .protection = -1 };
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t object = MACH_PORT_NULL;

	MT_CHECK(vm->region(task, &address, &size, VM_REGION_BASIC_INFO_64,
		     (vm_region_info_t)&info, &count, &object),
	    KERN_SUCCESS);
	return address <= page ? info.protection : -1;
}

MT_CASE(allocate, memory_is_allocated_in_the_other_task,
    "trap-target-must-be-self", IPC_TT_C "port_name_to_current_task_noref()",
    "mach_vm_allocate() on another task's port allocates there by message; "
    "the trap accepts only the caller's own task.",
    .needs = "traps privileged")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_VIA(trap, ".")));
	}
	else
	{
		MT_CHECK(vm->allocate(child_task(t, self), &address, mt_page,
			     VM_FLAGS_FIXED | PLAIN),
		    KERN_SUCCESS, MT_VIA(trap, MACH_SEND_INVALID_DEST));
		t->done = 1;
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(protect, memory_is_protected_in_the_other_task, "protect-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_protect() on another task's port changes that task's memory "
    "and leaves the caller's alone.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct talk *t = talk(self);

	TOUCH(page, 0x51);
	MT_CHILD {
		stay(t, self);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);

		MT_CHECK(vm->protect(task, page, mt_page, FALSE, VM_PROT_READ),
		    KERN_SUCCESS, MT_VIA(trap, MACH_SEND_INVALID_DEST));
		MT_CHECK_PROTECTION(protection_in(stage, task, page),
		    VM_PROT_READ, MT_VIA(trap, VM_PROT_DEFAULT));
		t->done = 1;
	}
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(deallocate, memory_is_deallocated_in_the_other_task,
    "trap-target-must-be-self-deallocate",
    IPC_TT_C "port_name_to_current_task_noref()",
    "mach_vm_deallocate() on another task's port removes memory there by "
    "message; the trap accepts only the caller's own task.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(2);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_LAYOUT(pages, MT_PICTURE("a.", MT_VIA(trap, "aa")));
	}
	else
	{
		MT_CHECK(vm->deallocate(child_task(t, self), pages + mt_page,
			     mt_page),
		    KERN_SUCCESS, MT_VIA(trap, MACH_SEND_INVALID_DEST));
		t->done = 1;
	}
	MT_CHECK_LAYOUT(pages, "aa");
}

MT_CASE(map_anonymous, memory_is_mapped_in_the_other_task,
    "trap-target-must-be-self-map",
    IPC_TT_C "port_name_to_current_task_noref()",
    "mach_vm_map() on another task's port maps memory there by message; the "
    "trap accepts only the caller's own task.",
    .needs = "traps privileged")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_VIA(trap, ".")));
	}
	else
	{
		MT_CHECK(vm->map_anonymous(child_task(t, self), &address,
			     mt_page, 0, VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
		    KERN_SUCCESS, MT_VIA(trap, MACH_SEND_INVALID_DEST));
		t->done = 1;
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(inherit, inheritance_is_set_in_the_other_task, "inherit-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_inherit() on another task's port changes that task's memory.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_REGION(page, .inheritance = VM_INHERIT_NONE);
	}
	else
	{
		MT_CHECK(vm->inherit(child_task(t, self), page, mt_page,
			     VM_INHERIT_NONE),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(region, memory_of_the_other_task_is_reported, "region-other-task",
    VM_MAP_C "convert_port_entry_to_map()",
    "mach_vm_region() on another task's port reports that task's memory.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct talk *t = talk(self);

	MT_CHILD {
		MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
			       VM_PROT_NONE),
		    KERN_SUCCESS);
		stay(t, self);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);

		MT_CHECK_PROTECTION(protection_in(vm, task, page),
		    VM_PROT_NONE);
		MT_CHECK_PROTECTION(protection_in(vm, self, page),
		    VM_PROT_DEFAULT);
		t->done = 1;
	}
}

MT_CASE(allocate, task_that_has_ended_is_an_invalid_destination,
    "trap-target-bogus-name-ended", IPC_KMSG_C "ipc_kmsg_copyin_header()",
    "MACH_SEND_INVALID_DEST is the answer for the name of a task that has "
    "ended.",
    .needs = "traps privileged")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	mach_port_name_t task = MACH_PORT_NULL;
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK_HOLE(hole);
	}
	else
	{
		task = child_task(t, self);
		t->done = 1;
	}

	MT_CHECK(vm->allocate(task, &address, mt_page, VM_FLAGS_FIXED),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK_ADDRESS(address, hole);
}

/* pid_for_task of a name. */
static kern_return_t
pid_for(mach_port_name_t task, int *pid)
{
	const uint64_t arguments[] = { task, (uintptr_t)pid };
	struct mt_registers r;

	*pid = 0x51;
	mt_registers_mach(&r, 46, arguments, 2);
	mt_trap_raw(&r);
	return (kern_return_t)mt_registers_result(&r);
}

MT_CASE(raw, other_task_has_its_own_process_number, "trap-pid-for-other-task",
    XNU "bsd/kern/kern_proc.c, pid_for_task()",
    "The trap pid_for_task, 46, gives the number of another task's process, and "
    "-1 with KERN_FAILURE once that has ended.",
    .needs = "traps privileged")
{
	mach_port_name_t task = MACH_PORT_NULL;
	struct talk *t = talk(self);
	int pid, own;

	MT_CHILD {
		stay(t, self);
	}
	else
	{
		task = child_task(t, self);
		MT_CHECK(pid_for(task, &pid), KERN_SUCCESS);
		MT_CHECK_TRUE(pid == t->pid);
		MT_CHECK(pid_for(self, &own), KERN_SUCCESS);
		MT_CHECK_TRUE(own != pid);
		t->done = 1;
	}
	MT_CHECK(pid_for(task, &pid), KERN_FAILURE);
	MT_CHECK_NUMBER(pid, -1);
}
