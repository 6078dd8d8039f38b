/*
 * The traps that hand out port names, and the message trap beside them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

MT_CASE(raw, task_self_trap_gives_the_same_name_each_time,
    "trap-self-names-task", IPC_TT_C "task_self_trap()",
    "The task's name is one name, however often it is asked for.")
{
	MT_CHECK_NUMBER(mt_trap_task_self(), self);
	MT_CHECK_NUMBER(mt_trap_task_self(), self);
	MT_CHECK_TRUE(self != MACH_PORT_NULL && self != MACH_PORT_DEAD);
}

MT_CASE(raw, thread_self_trap_gives_the_same_name_each_time,
    "trap-self-names-thread", IPC_TT_C "thread_self_trap()",
    "The thread's name is one name, however often it is asked for.")
{
	mach_port_name_t thread = mt_trap_thread_self();

	MT_CHECK_TRUE(thread != MACH_PORT_NULL);
	MT_CHECK_NUMBER(mt_trap_thread_self(), thread);
	MT_CHECK_TRUE(thread != self);
}

MT_CASE(raw, host_self_trap_gives_the_same_name_each_time,
    "trap-self-names-host", XNU "osfmk/kern/ipc_host.c, host_self_trap()",
    "The host's name is one name, however often it is asked for.")
{
	mach_port_name_t host = mt_trap_host_self();

	MT_CHECK_TRUE(host != MACH_PORT_NULL);
	MT_CHECK_NUMBER(mt_trap_host_self(), host);
	MT_CHECK_TRUE(host != self && host != mt_trap_thread_self());
}

MT_CASE(raw, reply_port_trap_makes_a_new_port_each_time,
    "trap-self-names-reply", IPC_TT_C "mach_reply_port()",
    "Each call makes a new port and gives its receive right.")
{
	mach_port_name_t one = mt_trap_reply_port();
	mach_port_name_t two = mt_trap_reply_port();

	MT_CHECK_TRUE(one != MACH_PORT_NULL && two != MACH_PORT_NULL);
	MT_CHECK_TRUE(one != two);
	MT_CHECK_TRUE(one != self && two != self);
}

MT_CASE(raw, each_self_trap_adds_a_reference_to_the_name,
    "trap-self-names-references", IPC_TT_C "task_self_trap()",
    "Each call adds a user reference, so that dropping as many leaves the "
    "name as it was.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	for (int i = 0; i < 3; i++)
		MT_REQUIRE_TRUE(mt_trap_task_self() == self);
	for (int i = 0; i < 3; i++)
		MT_CHECK(mt_trap_port_deallocate(self, self), KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
}

MT_CASE(raw, reply_port_is_a_receive_right, "trap-self-names-reply-right",
    XNU "osfmk/ipc/mach_port.c, mach_port_mod_refs()",
    "The right that the trap gives is a receive right, whose one reference "
    "can be taken away.")
{
	mach_port_name_t port = mt_trap_reply_port();

	MT_CHECK(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1),
	    KERN_SUCCESS);
}

MT_CASE(raw, message_trap_receives_nothing_from_an_empty_port,
    "trap-msg-old-and-new-receive", MACH_MSG_C "mach_msg_trap()",
    "Trap 31 exists in every release: a receive without a message ends at "
    "its time limit.")
{
	struct {
		mach_msg_header_t header;
		char trailer[64];
	} message = { .header = { .msgh_id = 0x51 } };

	MT_CHECK(mt_trap_msg(&message.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT,
		     0, sizeof(message), mt_trap_reply_port(), 0,
		     MACH_PORT_NULL),
	    MACH_RCV_TIMED_OUT);

	MT_CHECK_NUMBER(message.header.msgh_id, 0x51);
}

MT_CASE(raw, message_to_a_null_port_has_no_destination,
    "trap-msg-old-and-new-send", MACH_MSG_C "mach_msg_trap()",
    "Trap 31 exists in every release: a message to the null port fails in "
    "sending.")
{
	mach_msg_header_t message = {
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
		.msgh_size = sizeof(message),
		.msgh_remote_port = MACH_PORT_NULL,
	};

	MT_CHECK(mt_trap_msg(&message, MACH_SEND_MSG, sizeof(message), 0,
		     MACH_PORT_NULL, 0, MACH_PORT_NULL),
	    MACH_SEND_INVALID_DEST);
}
