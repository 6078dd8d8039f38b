/*
 * The traps that hand out port names, and the message trap beside them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

MT_CASE(raw, task_self_trap_returns_the_same_name_each_time,
    "trap-self-names-task", IPC_TT_C "task_self_trap()",
    "The trap task_self_trap returns the same name each time.")
{
	MT_CHECK_NUMBER(mt_trap_task_self(), self);
	MT_CHECK_NUMBER(mt_trap_task_self(), self);
	MT_CHECK_TRUE(self != MACH_PORT_NULL && self != MACH_PORT_DEAD);
}

MT_CASE(raw, thread_self_trap_returns_the_same_name_each_time,
    "trap-self-names-thread", IPC_TT_C "thread_self_trap()",
    "The trap thread_self_trap returns the same name each time.")
{
	mach_port_name_t thread = mt_trap_thread_self();

	MT_CHECK_TRUE(thread != MACH_PORT_NULL);
	MT_CHECK_NUMBER(mt_trap_thread_self(), thread);
	MT_CHECK_TRUE(thread != self);
}

MT_CASE(raw, host_self_trap_returns_the_same_name_each_time,
    "trap-self-names-host", XNU "osfmk/kern/ipc_host.c, host_self_trap()",
    "The trap host_self_trap returns the same name each time.")
{
	mach_port_name_t host = mt_trap_host_self();

	MT_CHECK_TRUE(host != MACH_PORT_NULL);
	MT_CHECK_NUMBER(mt_trap_host_self(), host);
	MT_CHECK_TRUE(host != self && host != mt_trap_thread_self());
}

MT_CASE(raw, reply_port_trap_makes_a_new_port_each_time,
    "trap-self-names-reply", IPC_TT_C "mach_reply_port()",
    "The trap mach_reply_port makes a new port each time and returns its "
    "receive right.")
{
	mach_port_name_t one = mt_trap_reply_port();
	mach_port_name_t two = mt_trap_reply_port();

	MT_CHECK_TRUE(one != MACH_PORT_NULL && two != MACH_PORT_NULL);
	MT_CHECK_TRUE(one != two);
	MT_CHECK_TRUE(one != self && two != self);
}

MT_CASE(raw, each_self_trap_adds_a_reference_to_the_name,
    "trap-self-names-references", IPC_TT_C "task_self_trap()",
    "Each trap that returns a task, thread or host name adds a user "
    "reference: dropping as many leaves the name as it was.")
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

MT_CASE(raw, each_reference_can_be_dropped, "trap-self-names-count",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "thread_self_trap and host_self_trap count a user reference each time: "
    "mach_port_mod_refs() takes as many send rights from the name at once, "
    "and more than there are is KERN_INVALID_VALUE.")
{
	const mach_port_delta_t many = 200;
	mach_port_name_t thread = MACH_PORT_NULL, host = MACH_PORT_NULL;

	/* One more than is dropped: the thread's last must not go. */
	for (mach_port_delta_t i = 0; i <= many; i++) {
		thread = mt_trap_thread_self();
		host = mt_trap_host_self();
	}
	MT_CHECK(mt_trap_port_mod_refs(self, thread, MACH_PORT_RIGHT_SEND,
		     -many),
	    KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, host, MACH_PORT_RIGHT_SEND, -many),
	    KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, host, MACH_PORT_RIGHT_SEND,
		     -60000),
	    KERN_INVALID_VALUE);
	MT_CHECK_NUMBER(mt_trap_host_self(), host);
	MT_CHECK_NUMBER(mt_trap_thread_self(), thread);
}

MT_CASE(raw, reply_port_is_a_receive_right, "trap-self-names-reply-right",
    XNU "osfmk/ipc/mach_port.c, mach_port_mod_refs()",
    "The right that mach_reply_port returns is a receive right with one "
    "reference.")
{
	mach_port_name_t port = mt_trap_reply_port();

	MT_CHECK(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1),
	    KERN_SUCCESS);
}

MT_CASE(raw, child_has_none_of_its_parents_names, "trap-self-names-fork",
    IPC_TT_C "ipc_task_init()",
    "A forked child begins with a port space of its own: a name that its "
    "parent took before is KERN_INVALID_NAME there.")
{
	mach_port_name_t port = MACH_PORT_NULL;

	/* Beyond the few names that a child has of its own. */
	for (int i = 0; i < 128; i++)
		port = mt_trap_reply_port();

	MT_CHILD {
		MT_CHECK(mt_trap_port_mod_refs(self, port,
			     MACH_PORT_RIGHT_RECEIVE, -1),
		    KERN_INVALID_NAME);
	}
	MT_CHECK(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1),
	    KERN_SUCCESS);
}

MT_CASE(raw, message_trap_receives_nothing_from_an_empty_port,
    "trap-msg-old-and-new-receive", MACH_MSG_C "mach_msg_trap()",
    "The trap mach_msg_trap, 31, receives in every release: from an empty "
    "port it is MACH_RCV_TIMED_OUT.")
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

MT_CASE(raw, name_without_a_receive_right_receives_nothing,
    "trap-msg-old-and-new-receive-name",
    XNU "osfmk/ipc/ipc_mqueue.c, ipc_mqueue_copyin()",
    "MACH_RCV_INVALID_NAME: the trap mach_msg_trap, 31, is to receive from a "
    "name that denotes nothing, a send right or MACH_PORT_NULL.")
{
	const mach_port_name_t names[] = { 0x00fade03, self, MACH_PORT_NULL,
		MACH_PORT_DEAD };
	struct mt_message m;

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		MT_CHECK(mt_trap_msg(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT,
			     0, sizeof(m), names[i], 0, MACH_PORT_NULL),
		    MACH_RCV_INVALID_NAME);
}

/* A reply to a deallocation that waits in a port.  From 14.6 on
 * mach_msg2 kills who sends to the kernel and does not receive. */
static mach_port_name_t
port_with_reply(mach_port_name_t self, struct mt_message *request)
{
	const uint64_t in[] = { mt_pages(1), mt_page };
	mach_port_name_t reply = mt_trap_reply_port();

	MT_REQUIRE(mt_mig_post(request,
		       mt_mig_request(&mt_migs[MT_MIG_deallocate], self, in,
			   request),
		       reply),
	    MACH_MSG_SUCCESS);
	return reply;
}

MT_CASE(raw, overwrite_trap_receives_elsewhere, "trap-msg-overwrite",
    MACH_MSG_C "mach_msg_overwrite_trap()",
    "The trap mach_msg_overwrite_trap, 32, receives into the buffer of its "
    "last argument and leaves that of its first; if the last is null, into "
    "the first.")
{
	const mach_msg_option_t now = MACH_RCV_MSG | MACH_RCV_TIMEOUT;
	struct mt_message first = { 0 }, last = { 0 };
	mach_port_name_t port = port_with_message(0x515255);

	MT_CHECK(mt_trap_msg_overwrite(&first.header, now, 0, sizeof(last),
		     port, 0, MACH_PORT_NULL, &last.header),
	    MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(last.header.msgh_id, 0x515255);
	MT_CHECK_NUMBER(first.header.msgh_id, 0);

	port = port_with_message(0x515256);
	MT_CHECK(mt_trap_msg_overwrite(&first.header, now, 0, sizeof(first),
		     port, 0, MACH_PORT_NULL, NULL),
	    MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(first.header.msgh_id, 0x515256);
	MT_CHECK_NUMBER(last.header.msgh_id, 0x515255);
}

MT_CASE(raw, replies_are_received_in_order, "trap-msg-order",
    XNU "osfmk/ipc/ipc_mqueue.c, ipc_mqueue_select_on_thread()",
    "Replies that wait in one port are received in the order of their "
    "messages; a reply names the port that it came through, and no other.",
    .until = "14.5")
{
	static const enum mt_mig_index routines[] = { MT_MIG_deallocate,
		MT_MIG_protect };
	mach_port_name_t reply = mt_trap_reply_port();
	struct mt_message m;

	for (unsigned i = 0; i < 2; i++) {
		const uint64_t in[] = { mt_pages(1), mt_page, FALSE,
			VM_PROT_READ };
		mach_msg_size_t size = mt_mig_request(&mt_migs[routines[i]],
		    self, in, &m);

		MT_REQUIRE(mt_mig_post(&m, size, reply), MACH_MSG_SUCCESS);
	}
	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK(mt_trap_msg(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT,
			     0, sizeof(m), reply, 0, MACH_PORT_NULL),
		    MACH_MSG_SUCCESS);
		MT_CHECK_NUMBER(m.header.msgh_id,
		    mt_migs[routines[i]].id + 100);
		MT_CHECK_NUMBER(m.header.msgh_local_port, reply);
		MT_CHECK_NUMBER(m.header.msgh_remote_port, MACH_PORT_NULL);
		MT_CHECK_NUMBER(m.header.msgh_bits,
		    MACH_MSGH_BITS(0, MACH_MSG_TYPE_MOVE_SEND_ONCE));
	}
	MT_CHECK(mt_trap_msg(&m.header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
		     sizeof(m), reply, 0, MACH_PORT_NULL),
	    MACH_RCV_TIMED_OUT);
}

static void
post_and_die(void *request)
{
	(void)port_with_reply(mach_task_self(), request);
}

MT_CASE(raw, sending_alone_to_the_kernel_kills_the_process,
    "trap-msg2-send-alone",
    XNU "osfmk/ipc/ipc_policy.c, ipc_validate_kmsg_dest_from_user()",
    "Since macOS 14.6 a process that sends a message with a reply port to the "
    "kernel through the trap mach_msg2, 47, and does not receive in the same "
    "call is killed by EXC_GUARD; before, the message is sent.",
    .since = "13", .needs = "native")
{
	struct mt_message request;

	MT_CHECK_NUMBER(mt_child_signal(post_and_die, &request), 9,
	    MT_UNTIL(14.5, 0));
}

/* A deallocation that wants no reply. */
static void
post_without_reply(void *request)
{
	const uint64_t in[] = { mt_pages(1), mt_page };
	struct mt_message *m = request;

	(void)mt_mig_post(m,
	    mt_mig_request(&mt_migs[MT_MIG_deallocate], mach_task_self(), in,
		m),
	    MACH_PORT_NULL);
}

MT_CASE(raw, newer_programs_may_not_send_alone_without_a_reply_port,
    "trap-msg2-send-alone-no-reply",
    XNU "osfmk/ipc/ipc_policy.c, ipc_policy_allow_send_only_kobject_calls()",
    "Since macOS 14.6 a process whose program was built with an SDK of 15 or "
    "later is killed when it sends a message without a reply port to the kernel "
    "through the trap mach_msg2, 47, and does not receive.",
    .since = "13", .needs = "native")
{
	struct mt_message request;

	MT_SKIP_UNLESS(mt_system()->sdk >= 15 << 16,
	    "the program was built with an older SDK");
	MT_CHECK_NUMBER(mt_child_signal(post_without_reply, &request), 9,
	    MT_UNTIL(14.5, 0));
}

MT_CASE(raw, older_programs_may_send_alone_without_a_reply_port,
    "trap-msg2-send-alone-no-reply-older",
    XNU "osfmk/ipc/ipc_policy.c, ipc_policy_allow_send_only_kobject_calls()",
    "A process whose program was built with an SDK before 15 may send a message "
    "without a reply port to the kernel through the trap mach_msg2, 47, and not "
    "receive.",
    .since = "13", .needs = "native")
{
	struct mt_message request;

	MT_SKIP_UNLESS(mt_system()->sdk != 0 && mt_system()->sdk < 15 << 16,
	    "the program was built with a newer SDK");
	MT_CHECK_NUMBER(mt_child_signal(post_without_reply, &request), 0);
}

MT_CASE(raw, message_to_a_port_of_its_own_arrives_as_it_is, "trap-msg-own-port",
    IPC_KMSG_C "ipc_kmsg_copyout_header()",
    "A message that a process sends to a port of its own by trap 31, since macOS "
    "13 by mach_msg2, 47, arrives with its id, its size, its bytes and its kind, "
    "complex or not; what was the destination is the local port, what was the "
    "reply port a send-once right, which goes when it is deallocated.")
{
	for (unsigned i = 0; i < 2; i++) {
		mach_port_name_t port = mt_trap_reply_port();
		mach_port_name_t reply = mt_trap_reply_port();
		const uint32_t complex = i == 0 ? 0 : MACH_MSGH_BITS_COMPLEX;
		struct mt_message m = { 0 };

		m.header.msgh_bits = complex |
		    MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND,
			MACH_MSG_TYPE_MAKE_SEND_ONCE);
		m.header.msgh_remote_port = port;
		m.header.msgh_local_port = reply;
		m.header.msgh_id = 0x515253;
		m.bytes[32] = 0x54;
		m.bytes[39] = 0x55;
		MT_CHECK(send_to_port(&m), MACH_MSG_SUCCESS);
		memset(&m, 0x5a, sizeof(m));
		MT_CHECK(receive_from(port, &m), MACH_MSG_SUCCESS);
		MT_CHECK_NUMBER(m.header.msgh_bits,
		    complex |
			MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE,
			    MACH_MSG_TYPE_MOVE_SEND));
		MT_CHECK_NUMBER(m.header.msgh_size, 40);
		MT_CHECK_NUMBER(m.header.msgh_id, 0x515253);
		MT_CHECK_NUMBER(m.header.msgh_local_port, port);
		MT_CHECK_TRUE(m.header.msgh_remote_port != MACH_PORT_NULL &&
		    m.header.msgh_remote_port != reply);
		MT_CHECK(mt_trap_port_deallocate(self,
			     m.header.msgh_remote_port),
		    KERN_SUCCESS);
		MT_CHECK(mt_trap_port_deallocate(self,
			     m.header.msgh_remote_port),
		    KERN_INVALID_NAME);
		MT_CHECK_NUMBER(m.bytes[32], 0x54);
		MT_CHECK_NUMBER(m.bytes[39], 0x55);
		/* the trailer */
		MT_CHECK_NUMBER(m.bytes[44], 8);
	}
}

MT_CASE(raw, messages_of_a_port_arrive_in_order, "trap-msg-own-port-order",
    IPC_KMSG_C "ipc_kmsg_enqueue_qos()",
    "Messages that wait in a port are received one by one in the order in which "
    "they were sent, and without a reply port name none; then there is none, "
    "MACH_RCV_TIMED_OUT.")
{
	const mach_port_name_t port = mt_trap_reply_port();
	struct mt_message m = { 0 };

	for (int i = 0; i < 3; i++) {
		m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0);
		m.header.msgh_remote_port = port;
		m.header.msgh_local_port = MACH_PORT_NULL;
		m.header.msgh_id = 0x515250 + i;
		MT_CHECK(send_to_port(&m), MACH_MSG_SUCCESS);
	}
	for (int i = 0; i < 3; i++) {
		MT_CHECK(receive_from(port, &m), MACH_MSG_SUCCESS);
		MT_CHECK_NUMBER(m.header.msgh_id, 0x515250 + i);
		MT_CHECK_NUMBER(m.header.msgh_bits,
		    MACH_MSGH_BITS(0, MACH_MSG_TYPE_MOVE_SEND));
		MT_CHECK_NUMBER(m.header.msgh_remote_port, MACH_PORT_NULL);
		MT_CHECK_NUMBER(m.header.msgh_local_port, port);
	}
	MT_CHECK(receive_from(port, &m), MACH_RCV_TIMED_OUT);
}

MT_CASE(raw, right_to_send_once_does_nothing_else, "trap-msg-own-port-once",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "The send-once right that a message brings is no send right "
    "(KERN_INVALID_RIGHT of mach_port_mod_refs()) and receives nothing "
    "(MACH_RCV_INVALID_NAME); a change of -1 removes it, and so does a message "
    "that it is moved with. MACH_PORT_DEAD as the reply port arrives as it is.")
{
	const mach_port_right_t once = MACH_PORT_RIGHT_SEND_ONCE;
	const mach_port_name_t port = allocated_port(self);
	const mach_port_name_t moved = received_right(self,
	    mt_trap_reply_port(), MACH_MSG_TYPE_MAKE_SEND_ONCE);
	const mach_port_name_t name = received_right(self, moved,
	    MACH_MSG_TYPE_MOVE_SEND_ONCE);
	struct mt_message m = { 0 }, received;

	MT_CHECK(mt_trap_port_mod_refs(self, moved, once, 0),
	    KERN_INVALID_NAME);
	MT_CHECK(mt_trap_port_mod_refs(self, name, MACH_PORT_RIGHT_SEND, 0),
	    KERN_INVALID_RIGHT);
	MT_CHECK(receive_from(name, &received), MACH_RCV_INVALID_NAME);
	MT_CHECK(mt_trap_port_mod_refs(self, name, once, 1),
	    KERN_INVALID_VALUE);
	MT_CHECK(mt_trap_port_mod_refs(self, name, once, 0), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, name, once, -1), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, name, once, 0), KERN_INVALID_NAME);

	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);
	m.header.msgh_remote_port = port;
	m.header.msgh_local_port = MACH_PORT_DEAD;
	MT_CHECK(send_to_port(&m), MACH_MSG_SUCCESS);
	MT_CHECK(receive_from(port, &received), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(received.header.msgh_remote_port, MACH_PORT_DEAD);
	MT_CHECK_NUMBER(received.header.msgh_bits,
	    MACH_MSGH_BITS(MACH_MSG_TYPE_MOVE_SEND_ONCE,
		MACH_MSG_TYPE_MOVE_SEND));
}

MT_CASE(raw, right_to_send_joins_the_receive_right, "trap-msg-own-port-send",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyout()",
    "A send right that a message brings for a port whose receive right the "
    "process has comes under that name, one reference more each time; when "
    "mach_port_deallocate() has removed the last, the receive right is still "
    "there.")
{
	static const uint32_t ways[] = { MACH_MSG_TYPE_MAKE_SEND,
		MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MOVE_SEND };
	const mach_port_right_t send = MACH_PORT_RIGHT_SEND;
	mach_port_name_t port = allocated_port(self);

	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_NUMBER(received_right(self, port, ways[i]), port);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, -3),
	    KERN_INVALID_VALUE);
	MT_CHECK(mt_trap_port_deallocate(self, port), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, 0), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, port), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_deallocate(self, port), KERN_INVALID_RIGHT);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, 0),
	    KERN_INVALID_RIGHT);
	/* and begins again */
	MT_CHECK_NUMBER(received_right(self, port, ways[0]), port);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, -2),
	    KERN_INVALID_VALUE);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, -1), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE, -1),
	    KERN_SUCCESS);
}

/* A message to the null port by trap 31. */
static mach_msg_return_t
send_to_null(void)
{
	mach_msg_header_t message = {
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND, 0),
		.msgh_size = sizeof(message),
		.msgh_remote_port = MACH_PORT_NULL,
	};

	return mt_trap_msg(&message, MACH_SEND_MSG, sizeof(message), 0,
	    MACH_PORT_NULL, 0, MACH_PORT_NULL);
}

static void
send_and_die(void *sent)
{
	*(volatile mach_msg_return_t *)sent = send_to_null();
}

MT_CASE(raw, message_to_a_null_port_has_no_destination,
    "trap-msg-old-and-new-send",
    "xnu-8020.140.41 osfmk/ipc/mach_msg.c, mach_msg_trap()",
    "The trap mach_msg_trap, 31, sends until macOS 12: a message to "
    "MACH_PORT_NULL is MACH_SEND_INVALID_DEST.",
    .until = "12")
{
	MT_CHECK(send_to_null(), MACH_SEND_INVALID_DEST);
}

MT_CASE(raw, sending_by_the_old_trap_kills_the_process,
    "trap-msg-old-and-new-kill",
    XNU "osfmk/ipc/ipc_policy.c, ipc_policy_allow_legacy_send_trap()",
    "Since macOS 13 a native process that sends a message through trap 31 is "
    "killed by EXC_GUARD, before the destination is checked.",
    .since = "13", .needs = "native")
{
	mach_msg_return_t sent;

	MT_CHECK_NUMBER(mt_child_signal(send_and_die, &sent), 9);
}

MT_CASE(raw, translated_process_can_send_by_the_old_trap,
    "trap-msg-old-and-new-translated",
    XNU "osfmk/ipc/ipc_policy.c, ipc_policy_allow_legacy_send_trap()",
    "The trap mach_msg_trap, 31, sends in a translated process of any "
    "release: a message to MACH_PORT_NULL is MACH_SEND_INVALID_DEST.",
    .since = "13", .needs = "translated")
{
	MT_CHECK(send_to_null(), MACH_SEND_INVALID_DEST);
}

MT_CASE(raw, size_is_checked_before_the_old_trap_kills,
    "trap-msg-old-and-new-size", MACH_MSG_C "mach_msg_copyin_user_header()",
    "The trap mach_msg_trap, 31, refuses a message that is shorter than a "
    "header or cannot be read in every release, and kills nobody.")
{
	mach_vm_address_t hole = mt_hole(1);
	mach_msg_header_t message = { .msgh_size = sizeof(message) };

	MT_CHECK(mt_trap_msg(&message, MACH_SEND_MSG, sizeof(message) - 4, 0,
		     MACH_PORT_NULL, 0, MACH_PORT_NULL),
	    MACH_SEND_MSG_TOO_SMALL);
	MT_CHECK(mt_trap_msg((mach_msg_header_t *)(uintptr_t)hole,
		     MACH_SEND_MSG, sizeof(message), 0, MACH_PORT_NULL, 0,
		     MACH_PORT_NULL),
	    MACH_SEND_INVALID_DATA);
}
