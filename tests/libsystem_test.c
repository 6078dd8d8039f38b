/*
 * libSystem's functions around the traps: what becomes of pointers and ports
 * that the trap refuses.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "darwin_errno.h"
#include "names.h"
#include "others.h"

/* The three functions that take a variable in and out. */
static kern_return_t
call_with(mach_port_name_t task, unsigned which, mach_vm_address_t variable)
{
	mach_vm_address_t *address = (mach_vm_address_t *)(uintptr_t)variable;

	switch (which) {
	case 0:
		return mach_vm_allocate(task, address, mt_page,
		    VM_FLAGS_FIXED | MT_FLAGS_TAG);
	case 1:
		return mach_vm_map(task, address, mt_page, 0,
		    VM_FLAGS_FIXED | MT_FLAGS_TAG, MACH_PORT_NULL, 0, FALSE,
		    VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	default:
		return mach_vm_purgable_control(task, mt_page,
		    VM_PURGABLE_GET_STATE, (int *)(uintptr_t)variable);
	}
}

/* One such call in a child: for its own task, or its parent's. */
struct call {
	unsigned which;
	int parent; /* 0: its own */
	mach_vm_address_t variable;
};

static void
make_call(void *argument)
{
	const struct call *c = argument;
	mach_port_name_t task = mach_task_self();

	if (c->parent != 0)
		task = task_of(task, c->parent);
	(void)call_with(task, c->which, c->variable);
}

MT_CASE(libsystem, variable_that_cannot_be_read_is_a_memory_error,
    "libsystem-variable-in", MACH_VM_C "mach_vm_allocate()",
    "KERN_MEMORY_ERROR: mach_vm_allocate(), mach_vm_map() and "
    "mach_vm_purgable_control() of libSystem with a variable that cannot be "
    "read. Until macOS 11 the trap says that the task is none, and the message "
    "that libSystem sends then reads the variable itself: SIGSEGV.")
{
	for (unsigned i = 0; i < 3; i++) {
		struct call c = { .which = i, .variable = mt_hole(1) };

		MT_CHECK_NUMBER(mt_child_signal(make_call, &c), 0,
		    MT_UNTIL(11, 11));
		if (MT_VALUE(TRUE, MT_UNTIL(11, FALSE)))
			MT_CHECK(call_with(self, i, c.variable),
			    KERN_MEMORY_ERROR);
	}
}

MT_CASE(libsystem, variable_that_cannot_be_written_is_a_memory_error,
    "libsystem-variable-out", MACH_VM_C "mach_vm_map()",
    "KERN_MEMORY_ERROR: mach_vm_allocate() and mach_vm_map() of libSystem with "
    "an address that cannot be written back, until macOS 11 EFAULT; the memory "
    "is there all the same.")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

		*(mach_vm_address_t *)(uintptr_t)page = hole;
		MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
			       VM_PROT_READ),
		    KERN_SUCCESS);
		if (!MT_CHECK_NUMBER(mt_child_signal(make_call,
					 &(struct call){ .which = i,
					     .variable = page }),
			0))
			continue;
		MT_CHECK(call_with(self, i, page), KERN_MEMORY_ERROR,
		    MT_UNTIL(11, DARWIN_EFAULT));
		MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
		    .user_tag = MT_TAG);
	}
}

MT_CASE(libsystem, variable_is_read_for_another_task,
    "libsystem-variable-other-task", MACH_VM_C "mach_vm_allocate()",
    "mach_vm_allocate(), mach_vm_map() and mach_vm_purgable_control() of "
    "libSystem send a message where the task is another one, and read the "
    "variable themselves: one that cannot be read ends the process by SIGSEGV.",
    .needs = "traps privileged")
{
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
	}
	else
	{
		(void)child_task(t, self);
		for (unsigned i = 0; i < 3; i++) {
			struct call c = { i, t->pid, mt_hole(1) };

			MT_CHECK_NUMBER(mt_child_signal(make_call, &c), 11);
		}
		t->done = 1;
	}
}

MT_CASE(libsystem, rights_are_of_the_task_that_is_named,
    "libsystem-port-target", MACH_PORT_C "mach_port_mod_refs()",
    "mach_port_mod_refs() and mach_port_deallocate() of libSystem change rights "
    "of the task that they are given, another one too; KERN_INVALID_TASK: they "
    "are given a port that is no task's.",
    .needs = "traps privileged")
{
	mach_port_name_t host = mach_host_self(), reply = mt_trap_reply_port();
	const mach_port_right_t receive = MACH_PORT_RIGHT_RECEIVE;
	volatile mach_port_name_t *names;
	struct talk *t = talk(self);

	names = (volatile mach_port_name_t *)(t + 1);
	MT_CHECK(mach_port_deallocate(host, host), KERN_INVALID_TASK);
	MT_CHECK(mach_port_mod_refs(host, reply, receive, -1),
	    KERN_INVALID_TASK);
	MT_CHILD {
		names[0] = mt_trap_reply_port();
		names[1] = send_right(self);
		stay(t, self);
		MT_CHECK(mach_port_mod_refs(self, names[0], receive, 0),
		    KERN_INVALID_NAME);
		MT_CHECK(mach_port_deallocate(self, names[1]),
		    KERN_INVALID_NAME);
	}
	else
	{
		mach_port_name_t task = child_task(t, self);

		MT_CHECK(mach_port_mod_refs(task, names[0], receive, -1),
		    KERN_SUCCESS);
		MT_CHECK(mach_port_deallocate(task, names[1]), KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK(mach_port_mod_refs(self, reply, receive, -1), KERN_SUCCESS);
}
