/*
 * The traps beside those of memory: rights of ports, processes and their
 * tasks, the time base.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "messages.h"
#include "names.h"

enum {
	DYLD_NOTIFY = 13,
	PORT_ALLOCATE = 16,
	PORT_DESTROY = 17,
	PORT_INSERT_RIGHT = 21,
	TASK_FOR_PID = 45,
	PID_FOR_TASK = 46,
	TIMEBASE = 89,
	GETPID = 20
};

static kern_return_t
trap(int number, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t arguments[] = { a, b, c };
	struct mt_registers r;

	mt_registers_mach(&r, number, arguments, 3);
	mt_trap_raw(&r);
	return (kern_return_t)mt_registers_result(&r);
}

static int
own_pid(void)
{
	struct mt_registers r;

	mt_registers_unix(&r, GETPID, NULL, 0);
	mt_trap_raw(&r);
	MT_REQUIRE_TRUE(!mt_registers_failed(&r));
	return (int)mt_registers_result(&r);
}

/* ---- rights -------------------------------------------------------------- */

static kern_return_t
change(mach_port_name_t self, mach_port_name_t name, mach_port_right_t right,
    mach_port_delta_t delta)
{
	return mt_trap_port_mod_refs(self, name, right, delta);
}

MT_CASE(raw, receive_right_goes_by_minus_one_alone, "port-refs-receive",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "mach_port_mod_refs() of MACH_PORT_RIGHT_RECEIVE: a change of 0 does "
    "nothing, -1 removes the name, any other is KERN_INVALID_VALUE.")
{
	mach_port_name_t port = mt_trap_reply_port();
	const mach_port_right_t right = MACH_PORT_RIGHT_RECEIVE;

	MT_CHECK(change(self, port, right, 0), KERN_SUCCESS);
	MT_CHECK(change(self, port, right, 1), KERN_INVALID_VALUE);
	MT_CHECK(change(self, port, right, -2), KERN_INVALID_VALUE);
	MT_CHECK(change(self, port, right, 0), KERN_SUCCESS);
	MT_CHECK(change(self, port, right, -1), KERN_SUCCESS);
	MT_CHECK(change(self, port, right, 0), KERN_INVALID_NAME);
	MT_CHECK(change(self, port, right, -1), KERN_INVALID_NAME);
}

MT_CASE(raw, right_that_the_name_lacks_is_an_invalid_right, "port-refs-right",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "KERN_INVALID_RIGHT: mach_port_mod_refs() of another right than the name "
    "denotes; the one that it has stays.")
{
	static const mach_port_right_t not_received[] = { MACH_PORT_RIGHT_SEND,
		MACH_PORT_RIGHT_SEND_ONCE, MACH_PORT_RIGHT_PORT_SET,
		MACH_PORT_RIGHT_DEAD_NAME };
	static const mach_port_right_t not_sent[] = { MACH_PORT_RIGHT_RECEIVE,
		MACH_PORT_RIGHT_SEND_ONCE, MACH_PORT_RIGHT_PORT_SET,
		MACH_PORT_RIGHT_DEAD_NAME };
	mach_port_name_t port = mt_trap_reply_port(), host;

	host = mt_trap_host_self();
	for (unsigned i = 0; i < 4; i++) {
		MT_CHECK(change(self, port, not_received[i], -1),
		    KERN_INVALID_RIGHT);
		MT_CHECK(change(self, host, not_sent[i], -1),
		    KERN_INVALID_RIGHT);
	}
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_RECEIVE, 0), KERN_SUCCESS);
	MT_CHECK(change(self, host, MACH_PORT_RIGHT_SEND, 0), KERN_SUCCESS);
}

MT_CASE(raw, unknown_right_is_an_invalid_value, "port-refs-unknown",
    XNU "osfmk/ipc/mach_port.c, mach_port_mod_refs()",
    "KERN_INVALID_VALUE: mach_port_mod_refs() of a right from "
    "MACH_PORT_RIGHT_NUMBER, 6, on, whatever the name.")
{
	MT_CHECK(change(self, self, 6, 0), KERN_INVALID_VALUE);
	MT_CHECK(change(self, self, 0x100, 0), KERN_INVALID_VALUE);
	MT_CHECK(change(self, self, UINT32_MAX, -1), KERN_INVALID_VALUE);
	MT_CHECK(change(self, MACH_PORT_NULL, 6, 0), KERN_INVALID_VALUE);
	MT_CHECK(change(self, NOTHING, 6, 0), KERN_INVALID_VALUE);
}

MT_CASE(raw, null_and_dead_have_send_rights, "port-refs-null",
    XNU "osfmk/ipc/mach_port.c, mach_port_mod_refs()",
    "MACH_PORT_NULL and MACH_PORT_DEAD: mach_port_mod_refs() of their send "
    "and send-once rights succeeds, of other rights it is KERN_INVALID_NAME.")
{
	const mach_port_name_t names[] = { MACH_PORT_NULL, MACH_PORT_DEAD };

	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK(change(self, names[i], MACH_PORT_RIGHT_SEND, -1),
		    KERN_SUCCESS);
		MT_CHECK(change(self, names[i], MACH_PORT_RIGHT_SEND_ONCE, 7),
		    KERN_SUCCESS);
		MT_CHECK(change(self, names[i], MACH_PORT_RIGHT_RECEIVE, -1),
		    KERN_INVALID_NAME);
		MT_CHECK(change(self, names[i], MACH_PORT_RIGHT_DEAD_NAME, -1),
		    KERN_INVALID_NAME);
		MT_CHECK(mt_trap_port_deallocate(self, names[i]), KERN_SUCCESS);
	}
	MT_CHECK(change(self, NOTHING, MACH_PORT_RIGHT_SEND, -1),
	    KERN_INVALID_NAME);
}

MT_CASE(raw, references_are_bounded, "port-refs-bounds",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "KERN_INVALID_VALUE: mach_port_mod_refs() by more than 65,535 references "
    "in either direction, or to fewer than none; the count stays.")
{
	const mach_port_right_t right = MACH_PORT_RIGHT_SEND;
	mach_port_name_t host = mt_trap_host_self();

	MT_CHECK(change(self, host, right, 65536), KERN_INVALID_VALUE);
	MT_CHECK(change(self, host, right, -65536), KERN_INVALID_VALUE);
	MT_CHECK(change(self, host, right, -60000), KERN_INVALID_VALUE);
	MT_CHECK(change(self, host, right, 100), KERN_SUCCESS);
	MT_CHECK(change(self, host, right, -100), KERN_SUCCESS);
	MT_CHECK_TRUE(mt_trap_host_self() == host);
}

MT_CASE(raw, last_reference_removes_the_name, "port-deallocate",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_dealloc()",
    "mach_port_deallocate() and mach_port_mod_refs() remove a send right's "
    "name with its last reference: KERN_INVALID_NAME then.")
{
	mach_port_name_t one = send_right(self), two = send_right(self);

	MT_CHECK(change(self, one, MACH_PORT_RIGHT_SEND, 2), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, one), KERN_SUCCESS);
	MT_CHECK(change(self, one, MACH_PORT_RIGHT_SEND, -3),
	    KERN_INVALID_VALUE);
	MT_CHECK(mt_trap_port_deallocate(self, one), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, one), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, one), KERN_INVALID_NAME);
	MT_CHECK(change(self, one, MACH_PORT_RIGHT_SEND, 0), KERN_INVALID_NAME);

	MT_CHECK(change(self, two, MACH_PORT_RIGHT_SEND, -2),
	    KERN_INVALID_VALUE);
	MT_CHECK(change(self, two, MACH_PORT_RIGHT_SEND, -1), KERN_SUCCESS);
	MT_CHECK(change(self, two, MACH_PORT_RIGHT_SEND, -1),
	    KERN_INVALID_NAME);
}

MT_CASE(raw, full_count_of_references_stays, "port-refs-full",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "A send right with 65,535 references keeps them: neither "
    "mach_port_deallocate() nor mach_port_mod_refs() changes the number, but for "
    "-65,535, which removes the name.")
{
	const mach_port_right_t right = MACH_PORT_RIGHT_SEND;
	mach_port_name_t entry = send_right(self);

	MT_CHECK(change(self, entry, right, 65533), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, -65534), KERN_INVALID_VALUE);
	MT_CHECK(change(self, entry, right, 2), KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(mt_trap_port_deallocate(self, entry), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, -65534), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, 1), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, -1), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, 0), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, -65535), KERN_SUCCESS);
	MT_CHECK(change(self, entry, right, 0), KERN_INVALID_NAME);
}

MT_CASE(raw, full_count_of_references_takes_no_more, "port-refs-full-more",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyout()",
    "A send right that mach_port_mod_refs() would give more than 65,535 "
    "references has 65,535, and another right to the port by the trap "
    "host_self_trap is not counted: -65,535 removes the name.")
{
	const mach_port_right_t right = MACH_PORT_RIGHT_SEND;

	MT_CHILD {
		mach_port_name_t host = mt_trap_host_self();

		MT_CHECK(change(self, host, right, 65535), KERN_SUCCESS);
		MT_CHECK_TRUE(mt_trap_host_self() == host);
		MT_CHECK(change(self, host, right, -65535), KERN_SUCCESS);
		MT_CHECK(change(self, host, right, 0), KERN_INVALID_NAME);
	}
}

MT_CASE(raw, each_call_for_an_own_port_adds_a_reference, "port-refs-self",
    IPC_TT_C "task_self_trap(), thread_self_trap()",
    "The traps task_self_trap, 28, thread_self_trap, 27, and host_self_trap, 29, "
    "give one reference more each time: as many can be taken away, and the name "
    "serves on.")
{
	const mach_port_right_t send = MACH_PORT_RIGHT_SEND;

	MT_CHILD {
		mach_port_name_t task = mt_trap_task_self();
		mach_port_name_t thread = mt_trap_thread_self();
		mach_port_name_t host = mt_trap_host_self();

		for (int i = 0; i < 9; i++) {
			MT_CHECK_TRUE(mt_trap_task_self() == task);
			MT_CHECK_TRUE(mt_trap_thread_self() == thread);
			MT_CHECK_TRUE(mt_trap_host_self() == host);
		}
		MT_CHECK(change(task, task, send, -9), KERN_SUCCESS);
		MT_CHECK(change(task, thread, send, -9), KERN_SUCCESS);
		MT_CHECK(change(task, host, send, -9), KERN_SUCCESS);
		MT_CHECK(change(task, task, send, 0), KERN_SUCCESS);
		MT_CHECK(change(task, thread, send, 0), KERN_SUCCESS);
		MT_CHECK(change(task, host, send, 0), KERN_SUCCESS);
	}
}

MT_CASE(raw, receive_right_is_not_deallocated, "port-deallocate-receive",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_dealloc()",
    "KERN_INVALID_RIGHT: mach_port_deallocate() of a receive right, which "
    "stays; KERN_INVALID_NAME of a name that denotes nothing.")
{
	mach_port_name_t port = mt_trap_reply_port();

	MT_CHECK(mt_trap_port_deallocate(self, port), KERN_INVALID_RIGHT);
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_RECEIVE, 0), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, NOTHING), KERN_INVALID_NAME);
}

/* A right to send for the name itself. */
static kern_return_t
insert(mach_port_name_t task, mach_port_name_t name, uint32_t type)
{
	const uint64_t arguments[] = { task, name, name, type };
	struct mt_registers r;

	mt_registers_mach(&r, PORT_INSERT_RIGHT, arguments, 4);
	mt_trap_raw(&r);
	return (kern_return_t)mt_registers_result(&r);
}

MT_CASE(raw, name_may_have_a_send_and_the_receive_right, "port-insert-right",
    MACH_KERNELRPC_C "_kernelrpc_mach_port_insert_right_trap()",
    "The trap mach_port_insert_right, 21, makes or copies a right to send under "
    "the name of the receive right, which stays when the last of them goes. "
    "KERN_INVALID_RIGHT: there is none to make or to copy it from; "
    "KERN_INVALID_NAME of a name that denotes nothing.")
{
	const mach_port_right_t right = MACH_PORT_RIGHT_SEND;
	mach_port_name_t port = mt_trap_reply_port();

	MT_CHECK(insert(self, port, MACH_MSG_TYPE_COPY_SEND),
	    KERN_INVALID_RIGHT);
	MT_CHECK(insert(self, port, MACH_MSG_TYPE_MAKE_SEND), KERN_SUCCESS);
	MT_CHECK(insert(self, port, MACH_MSG_TYPE_MAKE_SEND), KERN_SUCCESS);
	MT_CHECK(insert(self, port, MACH_MSG_TYPE_COPY_SEND), KERN_SUCCESS);
	MT_CHECK(change(self, port, right, -4), KERN_INVALID_VALUE);
	MT_CHECK(change(self, port, right, -3), KERN_SUCCESS);
	MT_CHECK(change(self, port, right, 0), KERN_INVALID_RIGHT);
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_RECEIVE, 0), KERN_SUCCESS);

	MT_CHECK(insert(self, port, MACH_MSG_TYPE_MAKE_SEND), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, port), KERN_SUCCESS);
	MT_CHECK(change(self, port, right, 0), KERN_INVALID_RIGHT);
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_RECEIVE, 0), KERN_SUCCESS);

	MT_CHECK(insert(self, send_right(self), MACH_MSG_TYPE_MAKE_SEND),
	    KERN_INVALID_RIGHT);
	MT_CHECK(insert(self, NOTHING, MACH_MSG_TYPE_MAKE_SEND),
	    KERN_INVALID_NAME);
	MT_CHECK(insert(mt_trap_host_self(), port, MACH_MSG_TYPE_MAKE_SEND),
	    MACH_SEND_INVALID_DEST);
}

MT_CASE(raw, send_right_of_a_port_that_goes_is_a_dead_name, "port-both-dead",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "With the receive right the rights to send of the same name become a dead "
    "name, with as many references; nothing can be made or copied from it: "
    "KERN_INVALID_CAPABILITY.")
{
	const mach_port_right_t dead = MACH_PORT_RIGHT_DEAD_NAME;
	mach_port_name_t port = mt_trap_reply_port();

	MT_REQUIRE(insert(self, port, MACH_MSG_TYPE_MAKE_SEND), KERN_SUCCESS);
	MT_REQUIRE(insert(self, port, MACH_MSG_TYPE_MAKE_SEND), KERN_SUCCESS);
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_RECEIVE, -1), KERN_SUCCESS);
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_SEND, 0),
	    KERN_INVALID_RIGHT);
	MT_CHECK(insert(self, port, MACH_MSG_TYPE_COPY_SEND),
	    KERN_INVALID_CAPABILITY);
	MT_CHECK(change(self, port, dead, -3), KERN_INVALID_VALUE);
	MT_CHECK(change(self, port, dead, -2), KERN_SUCCESS);
	MT_CHECK(change(self, port, dead, 0), KERN_INVALID_NAME);
}

MT_CASE(raw, name_that_is_gone_does_not_come_back_at_once, "port-generation",
    XNU "osfmk/ipc/ipc_entry.h, IE_BITS_GEN()",
    "The trap mach_reply_port gives another name after the last one is gone, "
    "though the place in the table may be the same.")
{
	mach_port_name_t last = mt_trap_reply_port(), next;

	for (int i = 0; i < 8; i++) {
		MT_REQUIRE(change(self, last, MACH_PORT_RIGHT_RECEIVE, -1),
		    KERN_SUCCESS);
		next = mt_trap_reply_port();
		MT_CHECK_TRUE(next != last);
		MT_CHECK(change(self, last, MACH_PORT_RIGHT_RECEIVE, 0),
		    KERN_INVALID_NAME);
		last = next;
	}
}

MT_CASE(raw, receive_right_is_allocated, "port-allocate",
    MACH_KERNELRPC_C "_kernelrpc_mach_port_allocate_trap()",
    "The trap mach_port_allocate, 16, gives a name for a new receive right; it "
    "is KERN_MEMORY_ERROR where the name cannot be written, EFAULT until macOS "
    "11, and MACH_SEND_INVALID_DEST with a name that denotes no task.")
{
	const uint64_t right = MACH_PORT_RIGHT_RECEIVE;
	mach_port_name_t port = MACH_PORT_NULL;

	MT_CHECK(trap(PORT_ALLOCATE, self, right, (uintptr_t)&port),
	    KERN_SUCCESS);
	MT_CHECK(change(self, port, MACH_PORT_RIGHT_RECEIVE, -1), KERN_SUCCESS);
	MT_CHECK(trap(PORT_ALLOCATE, self, right, mt_hole(1)),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, DARWIN_EFAULT));
	port = 0x51;
	MT_CHECK(trap(PORT_ALLOCATE, mt_trap_host_self(), right,
		     (uintptr_t)&port),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK_NUMBER(port, 0x51);
}

MT_CASE(raw, dead_name_is_allocated, "port-allocate-dead",
    XNU "osfmk/ipc/mach_port.c, mach_port_allocate_full()",
    "The trap mach_port_allocate, 16, gives a dead name with one reference for "
    "MACH_PORT_RIGHT_DEAD_NAME; for a send or a send-once right and for those "
    "that there are not it is KERN_INVALID_VALUE.")
{
	static const mach_port_right_t others[] = { MACH_PORT_RIGHT_SEND,
		MACH_PORT_RIGHT_SEND_ONCE, 5, 6, 0x101, UINT32_MAX };
	const mach_port_right_t dead = MACH_PORT_RIGHT_DEAD_NAME;
	mach_port_name_t name = MACH_PORT_NULL;

	MT_CHECK(trap(PORT_ALLOCATE, self, dead, (uintptr_t)&name),
	    KERN_SUCCESS);
	MT_CHECK(change(self, name, MACH_PORT_RIGHT_SEND, 0),
	    KERN_INVALID_RIGHT);
	MT_CHECK(change(self, name, dead, -2), KERN_INVALID_VALUE);
	MT_CHECK(change(self, name, dead, 2), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, name), KERN_SUCCESS);
	MT_CHECK(mt_trap_deallocate(name, mt_pages(1), mt_page),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK(change(self, name, dead, -2), KERN_SUCCESS);
	MT_CHECK(change(self, name, dead, 0), KERN_INVALID_NAME);
	name = 0x51;
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		MT_CHECK(trap(PORT_ALLOCATE, self, others[i], (uintptr_t)&name),
		    KERN_INVALID_VALUE);
	MT_CHECK_NUMBER(name, 0x51);
}

MT_CASE(raw, name_is_destroyed_whole, "port-destroy",
    XNU "osfmk/ipc/mach_port.c, mach_port_destroy()",
    "The trap mach_port_destroy, 17, removes a name with all its references: a "
    "send right, a receive right, after which a right to send is a dead name; "
    "of MACH_PORT_NULL and MACH_PORT_DEAD it succeeds, and of a name that "
    "denotes nothing it is KERN_INVALID_NAME.",
    .until = "10.15")
{
	mach_port_name_t entry = send_right(self), port = mt_trap_reply_port();
	mach_port_name_t once = received_right(self, port,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);

	MT_CHECK(change(self, entry, MACH_PORT_RIGHT_SEND, 2), KERN_SUCCESS);
	MT_CHECK(trap(PORT_DESTROY, self, entry, 0), KERN_SUCCESS);
	MT_CHECK(change(self, entry, MACH_PORT_RIGHT_SEND, 0),
	    KERN_INVALID_NAME);
	MT_CHECK(trap(PORT_DESTROY, self, port, 0), KERN_SUCCESS);
	MT_CHECK(trap(PORT_DESTROY, self, port, 0), KERN_INVALID_NAME);
	MT_CHECK(change(self, once, MACH_PORT_RIGHT_SEND_ONCE, 0),
	    KERN_INVALID_RIGHT);
	MT_CHECK(change(self, once, MACH_PORT_RIGHT_DEAD_NAME, 0),
	    KERN_SUCCESS);
	MT_CHECK(trap(PORT_DESTROY, self, MACH_PORT_NULL, 0), KERN_SUCCESS);
	MT_CHECK(trap(PORT_DESTROY, self, MACH_PORT_DEAD, 0), KERN_SUCCESS);
}

MT_CASE(raw, own_task_without_a_name_is_no_destination, "trap-self-name-gone",
    IPC_TT_C "port_name_to_task()",
    "MACH_SEND_INVALID_DEST: the traps of memory with the name that the task "
    "had, once its last reference is gone; the trap task_self_trap gives one "
    "that serves again. From macOS 11 on the last reference is pinned.",
    .until = "10.15")
{
	MT_CHILD {
		mach_vm_address_t page = mt_pages(1), address = page;

		for (int i = 0; i < 100; i++)
			if (change(self, self, MACH_PORT_RIGHT_SEND, -1) !=
			    KERN_SUCCESS)
				break;
		MT_CHECK(mt_trap_allocate(self, &address, mt_page,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_deallocate(self, page, mt_page),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_port_deallocate(self, MACH_PORT_NULL),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_deallocate(mt_trap_task_self(), page, mt_page),
		    KERN_SUCCESS);
	}
}

/* ---- processes ----------------------------------------------------------- */

MT_CASE(raw, task_has_its_process_number, "trap-pid-for-task",
    XNU "bsd/kern/kern_proc.c, pid_for_task()",
    "The trap pid_for_task, 46, gives the process's number for its task, and "
    "-1 with KERN_FAILURE for a name that denotes no task.")
{
	const mach_port_name_t others[] = { MACH_PORT_NULL, MACH_PORT_DEAD,
		NOTHING, mt_trap_host_self(), mt_trap_reply_port() };
	int pid = 0x51;

	MT_CHECK(trap(PID_FOR_TASK, self, (uintptr_t)&pid, 0), KERN_SUCCESS);
	MT_CHECK_TRUE(pid == own_pid());
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		pid = 0x51;
		MT_CHECK(trap(PID_FOR_TASK, others[i], (uintptr_t)&pid, 0),
		    KERN_FAILURE);
		MT_CHECK_NUMBER(pid, -1);
	}
}

MT_CASE(raw, process_number_has_its_task, "trap-task-for-pid",
    XNU "bsd/kern/kern_proc.c, task_for_pid()",
    "The trap task_for_pid, 45, gives the process its own task, and "
    "MACH_PORT_NULL with KERN_FAILURE for process 0 or with a name that "
    "denotes no task.")
{
	mach_port_name_t name = 0x51;
	const uint64_t pid = (uint64_t)own_pid(), out = (uintptr_t)&name;

	MT_CHECK(trap(TASK_FOR_PID, self, pid, out), KERN_SUCCESS);
	MT_CHECK_NUMBER(name, self);
	MT_CHECK(trap(TASK_FOR_PID, self, 0, out), KERN_FAILURE);
	MT_CHECK_NUMBER(name, MACH_PORT_NULL);
	name = 0x51;
	MT_CHECK(trap(TASK_FOR_PID, MACH_PORT_NULL, pid, out), KERN_FAILURE);
	MT_CHECK_NUMBER(name, MACH_PORT_NULL);
	name = 0x51;
	MT_CHECK(trap(TASK_FOR_PID, mt_trap_reply_port(), pid, out),
	    KERN_FAILURE);
	MT_CHECK_NUMBER(name, MACH_PORT_NULL);
}

MT_CASE(raw, time_base_is_a_fraction, "trap-timebase",
    XNU "osfmk/kern/clock.c, mach_timebase_info_trap()",
    "The trap mach_timebase_info, 89, gives the two numbers of the time base, "
    "neither of them 0.")
{
	uint32_t info[3] = { 0, 0, 0x5a5a };

	MT_CHECK(trap(TIMEBASE, (uintptr_t)info, 0, 0), KERN_SUCCESS);
	MT_CHECK_TRUE(info[0] != 0 && info[1] != 0);
	MT_CHECK_NUMBER(info[2], 0x5a5a);
}

MT_CASE(raw, answers_that_cannot_be_written_are_lost, "trap-copyout-ignored",
    XNU "bsd/kern/kern_proc.c, pid_for_task()",
    "The traps pid_for_task, task_for_pid and mach_timebase_info succeed even "
    "if their results cannot be written.")
{
	const uint64_t hole = mt_hole(1);

	MT_CHECK(trap(PID_FOR_TASK, self, hole, 0), KERN_SUCCESS);
	MT_CHECK(trap(TASK_FOR_PID, self, (uint64_t)own_pid(), hole),
	    KERN_SUCCESS);
	MT_CHECK(trap(TIMEBASE, hole, 0, 0), KERN_SUCCESS);
	MT_CHECK_HOLE(hole);
}

MT_CASE(raw, list_of_dyld_needs_two_places, "trap-dyld-notify",
    MACH_KERNELRPC_C "task_dyld_process_info_notify_get_trap()",
    "The trap task_dyld_process_info_notify_get, 13, is KERN_INVALID_ARGUMENT "
    "without a place for the names or for their number, and KERN_NO_SPACE for "
    "no name.",
    .since = "11.3")
{
	mach_port_name_t names[2] = { 0x51, 0x51 };
	uint32_t count = 0;
	const uint64_t list = (uintptr_t)names, number = (uintptr_t)&count;

	MT_CHECK(trap(DYLD_NOTIFY, 0, 0, 0), KERN_INVALID_ARGUMENT);
	MT_CHECK(trap(DYLD_NOTIFY, list, 0, 0), KERN_INVALID_ARGUMENT);
	MT_CHECK(trap(DYLD_NOTIFY, 0, number, 0), KERN_INVALID_ARGUMENT);
	MT_CHECK(trap(DYLD_NOTIFY, list, number, 0), KERN_NO_SPACE);
	MT_CHECK_NUMBER(names[0], 0x51);
	MT_CHECK_NUMBER(count, 0);
}
