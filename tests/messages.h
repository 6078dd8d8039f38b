/*
 * Messages of our own to the kernel's servers, and their replies.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_MESSAGES_H
#define TESTS_MESSAGES_H

#include <string.h>

#include "mig.h"
#include "stage.h"
#include "trap.h"

/* Offsets in a message of the number of its descriptors, of the first one, and
 * of that one's type. */
#define COUNT	   24
#define DESCRIPTOR 28
#define TYPE	   39

/* What came of a message: the trap's answer, and of a reply that is not
 * complex the code, else KERN_SUCCESS. */
struct answer {
	mach_msg_return_t error;
	mach_msg_id_t id;
	mach_msg_size_t size;
	kern_return_t code;
};

static inline struct answer
exchange(const struct mt_route *vm, struct mt_message *m, mach_msg_size_t size)
{
	struct answer a = { .error = vm->send(m, size), .code = 0x7777 };

	if (a.error != MACH_MSG_SUCCESS)
		return a;
	a.id = m->header.msgh_id;
	a.size = m->header.msgh_size;
	a.code = KERN_SUCCESS;
	if ((m->header.msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0)
		memcpy(&a.code, m->bytes + 32, sizeof(a.code));
	return a;
}

/* A message of a header alone. */
static inline struct answer
header_only(const struct mt_route *vm, mach_port_name_t target,
    mach_msg_id_t id)
{
	struct mt_message m = { 0 };

	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
	    MACH_MSG_TYPE_MAKE_SEND_ONCE);
	m.header.msgh_remote_port = target;
	m.header.msgh_id = id;
	m.header.msgh_size = sizeof(m.header);
	return exchange(vm, &m, sizeof(m.header));
}

/* A receive right that may be moved, unlike one for replies. */
static inline mach_port_name_t
allocated_port(mach_port_name_t self)
{
	mach_port_name_t name = MACH_PORT_NULL;
	const uint64_t arguments[] = { self, MACH_PORT_RIGHT_RECEIVE,
		(uintptr_t)&name };
	struct mt_registers r;

	mt_registers_mach(&r, 16, arguments, 3);
	mt_trap_raw(&r);
	MT_REQUIRE((kern_return_t)mt_registers_result(&r), KERN_SUCCESS);
	return name;
}

/* A message of 40 bytes to a port of user space. */
static inline mach_msg_return_t
send_to_port(struct mt_message *m)
{
	const mach_msg_header_t *h = &m->header;

	if (!mt_has_message2(mt_system()))
		return mt_trap_msg(&m->header, MACH_SEND_MSG, 40, 0,
		    MACH_PORT_NULL, 0, MACH_PORT_NULL);
	return mt_trap_msg2(&m->header, MT_MSG2_SEND | MT_MSG2_TO_USER,
	    UINT64_C(40) << 32 | h->msgh_bits,
	    (uint64_t)h->msgh_local_port << 32 | h->msgh_remote_port,
	    (uint64_t)(uint32_t)h->msgh_id << 32, 0, 0, 0);
}

static inline mach_msg_return_t
receive_from(mach_port_name_t port, struct mt_message *m)
{
	return mt_trap_msg(&m->header, MACH_RCV_MSG | MACH_RCV_TIMEOUT, 0,
	    sizeof(*m), port, 0, MACH_PORT_NULL);
}

/* A port of the process's own in which a message waits, with this id. */
static inline mach_port_name_t
port_with_message(mach_msg_id_t id)
{
	mach_port_name_t port = mt_trap_reply_port();
	struct mt_message m = { 0 };

	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND, 0);
	m.header.msgh_remote_port = port;
	m.header.msgh_id = id;
	MT_REQUIRE(send_to_port(&m), MACH_MSG_SUCCESS);
	return port;
}

/* The right that a message brings whose reply port is one of ours, made as
 * disposition says. */
static inline mach_port_name_t
received_right(mach_port_name_t self, mach_port_name_t reply,
    uint32_t disposition)
{
	mach_port_name_t port = allocated_port(self);
	struct mt_message m = { 0 };

	m.header.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_MAKE_SEND,
	    disposition);
	m.header.msgh_remote_port = port;
	m.header.msgh_local_port = reply;
	MT_REQUIRE(send_to_port(&m), MACH_MSG_SUCCESS);
	MT_REQUIRE(receive_from(port, &m), MACH_MSG_SUCCESS);
	MT_CHECK_NUMBER(m.header.msgh_bits,
	    MACH_MSGH_BITS(disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE ||
			disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE ?
		    MACH_MSG_TYPE_MOVE_SEND_ONCE :
		    MACH_MSG_TYPE_MOVE_SEND,
		MACH_MSG_TYPE_MOVE_SEND));
	return m.header.msgh_remote_port;
}

#endif
