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

#endif
