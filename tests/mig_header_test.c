/*
 * Messages to the kernel's servers whose header asks for rights that there are
 * not, and which of several mistakes in a message counts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"
#include "names.h"
#include "others.h"

/* Offsets in a message with two descriptors, of a port and of what follows. */
#define SECOND	     40
#define SECOND_TYPE  51
#define MEMORY_SIZE  12 /* of a descriptor of memory, within it */
#define COPY_SEND_AT 10 /* the disposition of a port, within it */

/* A deallocation, by these dispositions of destination and reply port. */
static mach_msg_return_t
send_by(const struct mt_route *vm, mach_port_name_t target, uint32_t to,
    uint32_t from)
{
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], target,
	    (const uint64_t[]){ mt_pages(1), mt_page }, &m);
	m.header.msgh_bits = MACH_MSGH_BITS(to, from);
	return exchange(vm, &m, size).error;
}

MT_CASE(send, header_without_a_disposition_is_invalid, "mig-header-bits",
    IPC_KMSG_C "ipc_kmsg_copyin_header_validate()",
    "MACH_SEND_INVALID_HEADER: a message whose header takes anything but a "
    "right to send, MACH_MSG_TYPE_MOVE_SEND to MACH_MSG_TYPE_MAKE_SEND_ONCE, to "
    "its destination or to its reply port.")
{
	static const uint32_t others[] = { 0, 1, 15, MACH_MSG_TYPE_MOVE_RECEIVE,
		22, 31 };
	const uint32_t once = MACH_MSG_TYPE_MAKE_SEND_ONCE;
	const uint32_t copy = MACH_MSG_TYPE_COPY_SEND;
	const mach_port_name_t targets[] = { self, NOTHING };

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		for (unsigned j = 0; j < 2; j++) {
			MT_CHECK(send_by(vm, targets[j], others[i], once),
			    MACH_SEND_INVALID_HEADER);
			MT_CHECK(send_by(vm, targets[j], copy, others[i]),
			    MACH_SEND_INVALID_HEADER);
		}
	MT_CHECK(send_by(vm, self, copy, once), MACH_MSG_SUCCESS);
}

MT_CASE(send, other_bits_of_a_header_are_ignored, "mig-header-bits-other",
    XNU "osfmk/mach/message.h, MACH_MSGH_BITS_USER",
    "A message whose header has bits that are none of the dispositions and not "
    "MACH_MSGH_BITS_COMPLEX is sent as one without them.")
{
	static const uint32_t others[] = { 0xe0, 0xe000, 0xe00000, 0x7f000000 };
	const uint32_t once = MACH_MSG_TYPE_MAKE_SEND_ONCE;

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		MT_CHECK(send_by(vm, self, MACH_MSG_TYPE_COPY_SEND | others[i],
			     once),
		    MACH_MSG_SUCCESS);
}

MT_CASE(send, destination_must_have_the_right_that_is_taken, "mig-header-right",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyin()",
    "MACH_SEND_INVALID_DEST: a message whose header copies or moves a send "
    "right from a name that is a receive right alone, or makes or moves another "
    "right from a name that is a send right alone.")
{
	static const uint32_t of_receive[] = { MACH_MSG_TYPE_COPY_SEND,
		MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE };
	static const uint32_t of_send[] = { MACH_MSG_TYPE_MAKE_SEND,
		MACH_MSG_TYPE_MAKE_SEND_ONCE, MACH_MSG_TYPE_MOVE_SEND_ONCE };
	const uint32_t once = MACH_MSG_TYPE_MAKE_SEND_ONCE;

	/* A message that is taken has no reply: who waits for it is a child. */
	MT_CHILD {
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK(send_by(vm, mt_trap_reply_port(),
				     of_receive[i], once),
			    MACH_SEND_INVALID_DEST);
	}
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(send_by(vm, send_right(self), of_send[i], once),
		    MACH_SEND_INVALID_DEST);
}

MT_CASE(send, right_to_send_that_a_header_moves_is_gone, "mig-header-move",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyin()",
    "MACH_MSG_TYPE_MOVE_SEND in a message's header takes a reference of the right "
    "to the destination, the last one with the name; a message that is refused "
    "takes none.")
{
	const mach_port_right_t send = MACH_PORT_RIGHT_SEND;
	const uint32_t move = MACH_MSG_TYPE_MOVE_SEND;
	const uint32_t once = MACH_MSG_TYPE_MAKE_SEND_ONCE;
	mach_port_name_t port = send_right(self);

	MT_REQUIRE(mt_trap_port_mod_refs(self, port, send, 1), KERN_SUCCESS);
	MT_CHECK(send_by(vm, port, move, once), MACH_MSG_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, -2),
	    KERN_INVALID_VALUE);
	MT_CHECK(send_by(vm, port, move, move), MACH_SEND_INVALID_REPLY);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, 0), KERN_SUCCESS);
	MT_CHECK(send_by(vm, port, move, once), MACH_MSG_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, 0), KERN_INVALID_NAME);
}

/* A deallocation whose reply comes to a port by this right to it. */
static mach_msg_return_t
answer_to(mach_port_name_t self, mach_port_name_t port, uint32_t disposition)
{
	struct mt_message m;
	mach_msg_size_t size;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self,
	    (const uint64_t[]){ mt_pages(1), mt_page }, &m);
	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
	    disposition);
	return mt_mig_ask(&m, size, port);
}

MT_CASE(raw, right_to_reply_that_a_header_moves_is_gone,
    "mig-header-move-reply", XNU "osfmk/ipc/ipc_right.c, ipc_right_copyin()",
    "MACH_MSG_TYPE_MOVE_SEND in a message's header takes a reference of the "
    "right to the reply port, the last one with the right, but not the right "
    "to receive; MACH_MSG_TYPE_COPY_SEND takes none.")
{
	const mach_port_right_t send = MACH_PORT_RIGHT_SEND;
	const uint32_t move = MACH_MSG_TYPE_MOVE_SEND;
	mach_port_name_t port = allocated_port(self);

	for (unsigned i = 0; i < 2; i++)
		received_right(self, port, MACH_MSG_TYPE_MAKE_SEND);
	MT_CHECK(answer_to(self, port, MACH_MSG_TYPE_COPY_SEND),
	    MACH_MSG_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, -3),
	    KERN_INVALID_VALUE);
	MT_CHECK(answer_to(self, port, move), MACH_MSG_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, -2),
	    KERN_INVALID_VALUE);
	MT_CHECK(answer_to(self, port, move), MACH_MSG_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, port, send, 0),
	    KERN_INVALID_RIGHT);
	MT_CHECK(answer_to(self, port, move), MACH_SEND_INVALID_REPLY);
	MT_CHECK(answer_to(self, port, MACH_MSG_TYPE_MAKE_SEND),
	    MACH_MSG_SUCCESS);
}

MT_CASE(send, reply_port_must_have_the_right_that_is_taken,
    "mig-header-reply-right",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyin_check_reply()",
    "MACH_SEND_INVALID_REPLY: a message whose header takes a send or a "
    "send-once right from a reply port of which there is the receive right "
    "alone, also when there is no right to the destination either.")
{
	static const uint32_t missing[] = { MACH_MSG_TYPE_COPY_SEND,
		MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE };
	const uint32_t copy = MACH_MSG_TYPE_COPY_SEND;
	const uint32_t once = MACH_MSG_TYPE_MAKE_SEND_ONCE;

	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK(send_by(vm, self, copy, missing[i]),
		    MACH_SEND_INVALID_REPLY);
		MT_CHECK(send_by(vm, send_right(self), once, missing[i]),
		    MACH_SEND_INVALID_REPLY);
		MT_CHECK(send_by(vm, NOTHING, copy, missing[i]),
		    MACH_SEND_INVALID_DEST);
	}
}

MT_CASE(raw, null_and_dead_are_reply_ports, "mig-header-reply-none",
    IPC_KMSG_C "ipc_kmsg_copyin_header()",
    "A message with MACH_PORT_NULL or MACH_PORT_DEAD for its reply port, with "
    "a disposition or without one for MACH_PORT_NULL, is sent and served.",
    .until = "14.5")
{
	const mach_port_name_t replies[] = { MACH_PORT_NULL, MACH_PORT_NULL,
		MACH_PORT_DEAD };
	static const uint32_t from[] = { 0, MACH_MSG_TYPE_MAKE_SEND_ONCE,
		MACH_MSG_TYPE_MAKE_SEND_ONCE };

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t page = mt_pages(1);
		struct mt_message m;
		mach_msg_size_t size;

		size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self,
		    (const uint64_t[]){ page, mt_page }, &m);
		m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
		    from[i]);
		MT_CHECK(mt_mig_post(&m, size, replies[i]), MACH_MSG_SUCCESS);
		MT_CHECK_HOLE(page);
	}
}

MT_CASE(raw, header_of_mach_msg2_is_in_its_registers, "mig-msg2-header",
    MACH_MSG_C "mach_msg2_trap()",
    "mach_msg2, trap 47, takes bits, size, ports and id of a message from its "
    "registers: the header in memory may say anything.",
    .since = "13")
{
	const mach_port_name_t reply = mt_trap_reply_port();
	mach_vm_address_t page = mt_pages(1);
	mach_msg_size_t size;
	struct mt_message m;
	uint64_t bits;

	size = mt_mig_request(&mt_migs[MT_MIG_deallocate], self,
	    (const uint64_t[]){ page, mt_page }, &m);
	bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);
	memset(&m.header, 0x5a, sizeof(m.header));
	MT_CHECK(mt_trap_msg2(&m.header,
		     MT_MSG2_SEND | MT_MSG2_TO_KERNEL | MT_MSG2_RECEIVE,
		     (uint64_t)size << 32 | bits, (uint64_t)reply << 32 | self,
		     (uint64_t)mt_migs[MT_MIG_deallocate].id << 32,
		     (uint64_t)reply << 32, sizeof(m), 0),
	    MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_id, mt_migs[MT_MIG_deallocate].id + 100);
	MT_CHECK_HOLE(page);
}

/* A complex message to deallocate that counts two descriptors, still empty. */
static struct mt_message
message_of_two(mach_port_name_t target)
{
	const uint32_t two = 2;
	struct mt_message m = { 0 };

	m.header.msgh_bits = MACH_MSGH_BITS_COMPLEX |
	    MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
		MACH_MSG_TYPE_MAKE_SEND_ONCE);
	m.header.msgh_remote_port = target;
	m.header.msgh_id = mt_migs[MT_MIG_deallocate].id;
	memcpy(m.bytes + COUNT, &two, sizeof(two));
	return m;
}

/* A complex message to deallocate with the descriptor of a port of that name
 * and one of another type, with that address, to be copied that way. */
static mach_msg_return_t
send_two_by(uint8_t way, const struct mt_route *vm, mach_port_name_t target,
    mach_port_name_t first, uint8_t type, mach_vm_address_t second,
    mach_msg_size_t size)
{
	const uint32_t bytes = 64;
	struct mt_message m = message_of_two(target);

	memcpy(m.bytes + DESCRIPTOR, &first, sizeof(first));
	m.bytes[DESCRIPTOR + COPY_SEND_AT] = MACH_MSG_TYPE_COPY_SEND;
	m.bytes[TYPE] = MACH_MSG_PORT_DESCRIPTOR;
	memcpy(m.bytes + SECOND, &second, sizeof(second));
	m.bytes[SECOND + 9] = way;
	m.bytes[SECOND_TYPE] = type;
	memcpy(m.bytes + SECOND + MEMORY_SIZE, &bytes, sizeof(bytes));
	return exchange(vm, &m, size).error;
}

static mach_msg_return_t
send_two(const struct mt_route *vm, mach_port_name_t target,
    mach_port_name_t first, uint8_t type, mach_vm_address_t second,
    mach_msg_size_t size)
{
	return send_two_by(MACH_MSG_VIRTUAL_COPY, vm, target, first, type,
	    second, size);
}

MT_CASE(send, descriptors_are_taken_in_order, "mig-descriptor-order",
    IPC_KMSG_C "ipc_kmsg_copyin_body()",
    "Of two descriptors that are wrong, a port's and memory's, the first "
    "decides; a body that is too short for the second is "
    "MACH_SEND_MSG_TOO_SMALL whatever the first is, and since macOS 12 an "
    "unknown type of the second is MACH_SEND_INVALID_TYPE.")
{
	const uint8_t memory = MACH_MSG_OOL_DESCRIPTOR, unknown = 0x7f;
	const mach_msg_size_t size = SECOND + 16;
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(send_two(vm, self, NOTHING, memory, hole, size),
	    MACH_SEND_INVALID_RIGHT);
	MT_CHECK(send_two(vm, self, self, memory, hole, size),
	    MACH_SEND_INVALID_MEMORY);
	MT_CHECK(send_two(vm, self, NOTHING, unknown, hole, size),
	    MACH_SEND_INVALID_TYPE, MT_UNTIL(11, MACH_SEND_INVALID_RIGHT));
	MT_CHECK(send_two(vm, self, self, unknown, hole, size),
	    MACH_SEND_INVALID_TYPE);
	for (mach_msg_size_t less = 4; less <= 16; less += 4) {
		MT_CHECK(send_two(vm, self, NOTHING, memory, hole, size - less),
		    MACH_SEND_MSG_TOO_SMALL);
		MT_CHECK(send_two(vm, self, self, memory, hole, size - less),
		    MACH_SEND_MSG_TOO_SMALL);
	}
}

MT_CASE(send, way_to_copy_is_judged_before_rights_are_taken,
    "mig-descriptor-way", IPC_KMSG_C "ipc_kmsg_copyin_body(), its first pass",
    "Memory of a message that is to be copied in an unknown way is "
    "MACH_SEND_INVALID_TYPE before a wrong right ahead of it is seen; a body "
    "that ends within what follows is seen before that since macOS 13, one "
    "without it since macOS 12.")
{
	const uint8_t memory = MACH_MSG_OOL_DESCRIPTOR, unknown = 2;
	const mach_vm_address_t page = mt_pages(1);
	struct mt_message m = message_of_two(self);
	const uint32_t bytes = 64;

	MT_CHECK(send_two_by(unknown, vm, self, NOTHING, memory, page,
		     SECOND + 16),
	    MACH_SEND_INVALID_TYPE);
	MT_CHECK(send_two_by(unknown, vm, self, self, memory, page,
		     SECOND + 16),
	    MACH_SEND_INVALID_TYPE);
	MT_CHECK(send_two_by(unknown, vm, self, self, memory, page,
		     SECOND + 12),
	    MACH_SEND_MSG_TOO_SMALL);

	memcpy(m.bytes + DESCRIPTOR, &page, sizeof(page));
	m.bytes[DESCRIPTOR + 9] = unknown;
	m.bytes[TYPE] = memory;
	memcpy(m.bytes + DESCRIPTOR + MEMORY_SIZE, &bytes, sizeof(bytes));
	m.bytes[DESCRIPTOR + 16 + 11] = memory;
	MT_CHECK(exchange(vm, &m, DESCRIPTOR + 16 + 12).error,
	    MACH_SEND_MSG_TOO_SMALL, MT_UNTIL(12, MACH_SEND_INVALID_TYPE));
	MT_CHECK(exchange(vm, &m, DESCRIPTOR + 16).error,
	    MACH_SEND_MSG_TOO_SMALL, MT_UNTIL(11, MACH_SEND_INVALID_TYPE));
}

MT_CASE(send, each_right_of_a_refused_request_is_gone,
    "mig-descriptor-moved-each", IPC_KMSG_C "ipc_kmsg_copyin_body()",
    "The rights that two port descriptors of a message move are gone, though no "
    "routine has so many: MIG_BAD_ARGUMENTS.")
{
	const mach_port_name_t names[] = { send_right(self), send_right(self) };
	struct mt_message m = message_of_two(self);

	for (unsigned i = 0; i < 2; i++) {
		uint8_t *at = m.bytes + (i == 0 ? DESCRIPTOR : SECOND);

		memcpy(at, &names[i], sizeof(names[i]));
		at[COPY_SEND_AT] = MACH_MSG_TYPE_MOVE_SEND;
		at[TYPE - DESCRIPTOR] = MACH_MSG_PORT_DESCRIPTOR;
	}
	MT_CHECK(exchange(vm, &m, SECOND + 12).code, MIG_BAD_ARGUMENTS);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK(mt_trap_port_mod_refs(self, names[i],
			     MACH_PORT_RIGHT_SEND, 0),
		    KERN_INVALID_NAME);
}

MT_CASE(send, body_is_measured_before_rights_are_taken, "mig-body-first",
    IPC_KMSG_C "ipc_kmsg_measure_descriptors_from_user()",
    "Since macOS 13 a body that is too short or has a descriptor of an unknown "
    "type is refused as such before a destination that there is not, "
    "MACH_SEND_INVALID_DEST; rights and memory of the body are looked at after "
    "it.")
{
	const uint8_t memory = MACH_MSG_OOL_DESCRIPTOR, unknown = 0x7f;
	const mach_msg_size_t size = SECOND + 16;
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(send_two(vm, NOTHING, NOTHING, memory, hole, size),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK(send_two(vm, NOTHING, self, memory, hole, size - 4),
	    MACH_SEND_MSG_TOO_SMALL, MT_UNTIL(12, MACH_SEND_INVALID_DEST));
	MT_CHECK(send_two(vm, NOTHING, self, unknown, hole, size),
	    MACH_SEND_INVALID_TYPE, MT_UNTIL(12, MACH_SEND_INVALID_DEST));
}

/* The name of a task that is gone. */
static mach_port_name_t
dead_name(mach_port_name_t self)
{
	mach_port_name_t name = MACH_PORT_NULL;
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
	}
	else
	{
		name = child_task(t, self);
		t->done = 1;
	}
	return name;
}

MT_CASE(send, dead_name_in_a_descriptor_is_taken, "mig-descriptor-dead",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyin()",
    "A message with the port descriptor of a dead name is sent as one of "
    "MACH_PORT_DEAD is: mach_vm_map() with it maps new memory. A message to a "
    "dead name is MACH_SEND_INVALID_DEST.",
    .needs = "traps privileged")
{
	mach_port_name_t name = dead_name(self);
	mach_vm_address_t hole = mt_hole(1);
	const mach_port_name_t names[] = { name, MACH_PORT_DEAD };
	struct mt_message m;

	for (unsigned i = 0; i < 2; i++) {
		mach_msg_size_t size = mt_mig_request(&mt_migs[MT_MIG_map],
		    self,
		    (const uint64_t[]){ names[i], hole, mt_page, 0, PLAIN, 0,
			FALSE, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_COPY },
		    &m);
		struct answer a = exchange(vm, &m, size);

		MT_CHECK(a.error, MACH_MSG_SUCCESS);
		MT_CHECK(a.code, KERN_SUCCESS);
		MT_CHECK_REGION(hole, .size = (int64_t)mt_page,
		    .protection = VM_PROT_DEFAULT);
		MT_CHECK_BYTE(hole, 0);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
	MT_CHECK(send_by(vm, name, MACH_MSG_TYPE_COPY_SEND,
		     MACH_MSG_TYPE_MAKE_SEND_ONCE),
	    MACH_SEND_INVALID_DEST);
}

/* The dead name of a send-once right. */
static mach_port_name_t
dead_once(mach_port_name_t self)
{
	mach_port_name_t port = allocated_port(self);
	mach_port_name_t name = received_right(self, port,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);

	MT_REQUIRE(mt_trap_port_mod_refs(self, port, MACH_PORT_RIGHT_RECEIVE,
		       -1),
	    KERN_SUCCESS);
	return name;
}

MT_CASE(raw, send_once_right_of_a_port_that_goes_is_a_dead_name,
    "port-once-dead", XNU "osfmk/ipc/ipc_right.c, ipc_right_delta()",
    "mach_port_mod_refs: a send-once right becomes a dead name when its port "
    "goes, which has one reference; there is no right to send any more.")
{
	const mach_port_right_t dead = MACH_PORT_RIGHT_DEAD_NAME;
	mach_port_name_t name = dead_once(self);

	MT_CHECK(mt_trap_port_mod_refs(self, name, MACH_PORT_RIGHT_SEND_ONCE,
		     0),
	    KERN_INVALID_RIGHT);
	MT_CHECK(mt_trap_port_mod_refs(self, name, dead, -2),
	    KERN_INVALID_VALUE);
	MT_CHECK(mt_trap_port_mod_refs(self, name, dead, -1), KERN_SUCCESS);
	MT_CHECK(mt_trap_port_mod_refs(self, name, dead, 0), KERN_INVALID_NAME);
}

MT_CASE(raw, dead_name_is_a_reply_port, "mig-header-reply-dead",
    XNU "osfmk/ipc/ipc_right.c, ipc_right_copyin_check_reply()",
    "A message whose reply port is a dead name, copied or moved, is sent and "
    "arrives with MACH_PORT_DEAD; what is moved is gone. To make a right of a "
    "dead name is MACH_SEND_INVALID_REPLY.")
{
	static const uint32_t ways[] = { MACH_MSG_TYPE_MAKE_SEND,
		MACH_MSG_TYPE_MAKE_SEND_ONCE, MACH_MSG_TYPE_COPY_SEND,
		MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE };
	const mach_port_right_t dead = MACH_PORT_RIGHT_DEAD_NAME;
	mach_port_name_t name, port = allocated_port(self);

	for (unsigned i = 0; i < 5; i++) {
		struct mt_message m = { 0 };
		mach_msg_return_t error;

		name = dead_once(self);
		m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND,
		    ways[i]);
		m.header.msgh_remote_port = port;
		m.header.msgh_local_port = name;
		error = send_to_port(&m);
		MT_CHECK(error,
		    i < 2 ? MACH_SEND_INVALID_REPLY : MACH_MSG_SUCCESS);
		MT_CHECK(mt_trap_port_mod_refs(self, name, dead, 0),
		    i < 3 ? KERN_SUCCESS : KERN_INVALID_NAME);
		if (error != MACH_MSG_SUCCESS)
			continue;
		MT_CHECK(receive_from(port, &m), MACH_MSG_SUCCESS);
		MT_CHECK_NUMBER(m.header.msgh_remote_port, MACH_PORT_DEAD);
	}
}
