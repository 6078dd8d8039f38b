/*
 * The descriptors of a message's body: ports and memory that it takes along.
 *
 * The order of checks is that of osfmk/ipc/ipc_kmsg.c, ipc_kmsg_copyin_body().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/calls/descriptor.h"
#include "model/calls/caller.h"
#include "model/calls/mig_server.h"
#include "model/calls/ports.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

static bool
is_port_type(uint32_t type)
{
	return type >= MACH_MSG_TYPE_MOVE_RECEIVE &&
	    type <= MACH_MSG_TYPE_MAKE_SEND_ONCE;
}

/* A descriptor's last word but one has its type in the top byte. */
struct descriptor {
	uint32_t size, type;
};

static struct descriptor
descriptor_at(const uint8_t *at)
{
	uint32_t word;

	memcpy(&word, at + 8, sizeof(word));
	return (struct descriptor){
		.type = word >> 24,
		.size = word >> 24 == MACH_MSG_PORT_DESCRIPTOR ? 12 : 16,
	};
}

static mach_msg_return_t
copyin_port(struct task *task, const uint8_t *at)
{
	mach_port_name_t name;
	struct port_right right;
	uint32_t type = at[10];

	memcpy(&name, at, sizeof(name));
	if (name == MACH_PORT_NULL || name == MACH_PORT_DEAD)
		return MACH_MSG_SUCCESS;
	right = port_lookup(task, name);
	return is_port_type(type) && right.kind != PORT_NONE &&
		port_has_right(&right, type) ?
	    MACH_MSG_SUCCESS :
	    MACH_SEND_INVALID_RIGHT;
}

static mach_msg_return_t
copyin_memory(struct task *task, const uint8_t *at, struct copy **copy)
{
	uint64_t address;
	uint32_t size;

	memcpy(&address, at, sizeof(address));
	memcpy(&size, at + 12, sizeof(size));
	return caller_copyin(task, address, size, at[8] != 0, copy);
}

#define GUARDED_PORT_DESCRIPTOR 4 /* osfmk/mach/message.h */

/* kernel_call: as MACH64_SEND_KOBJECT_CALL says. */
static bool
is_descriptor_type(const struct rules *rules, uint32_t type, bool kernel_call)
{
	return type <=
	    (kernel_call && rules->kernel_calls_take_few_descriptors ?
		    MACH_MSG_OOL_PORTS_DESCRIPTOR :
		    GUARDED_PORT_DESCRIPTOR);
}

/* As the first pass of ipc_kmsg_copyin_body() sees it. */
static bool
is_well_formed(const struct rules *rules, const uint8_t *at, uint32_t type,
    bool kernel_call)
{
	return type == MACH_MSG_OOL_DESCRIPTOR ?
	    at[9] == MACH_MSG_PHYSICAL_COPY || at[9] == MACH_MSG_VIRTUAL_COPY :
	    !rules->judges_descriptors_first ||
		is_descriptor_type(rules, type, kernel_call);
}

bool
message_has_room(const struct rules *rules, const struct message *m)
{
	const size_t base = sizeof(mach_msg_header_t) + sizeof(uint32_t);
	uint32_t count;

	if (m->size < base)
		return false;
	memcpy(&count, m->user.bytes + sizeof(mach_msg_header_t),
	    sizeof(count));
	return !rules->judges_descriptors_first ||
	    count <= (m->size - base) / 12;
}

mach_msg_return_t
message_measure(const struct rules *rules, const struct message *m,
    bool kernel_call, bool judge)
{
	const uint8_t *at = m->user.bytes + sizeof(mach_msg_header_t);
	const uint8_t *end = m->user.bytes + m->size;
	struct descriptor d;
	uint32_t count;

	if (m->size < sizeof(mach_msg_header_t) + sizeof(count))
		return MACH_SEND_MSG_TOO_SMALL;
	memcpy(&count, at, sizeof(count));
	for (at += sizeof(count); count > 0; count--) {
		if (end - at < 12)
			return MACH_SEND_MSG_TOO_SMALL;
		d = descriptor_at(at);
		if (rules->measures_messages_first &&
		    !is_descriptor_type(rules, d.type, kernel_call))
			return MACH_SEND_INVALID_TYPE;
		if ((size_t)(end - at) < d.size)
			return MACH_SEND_MSG_TOO_SMALL;
		if (judge && !is_well_formed(rules, at, d.type, kernel_call))
			return MACH_SEND_INVALID_TYPE;
		at += d.size;
	}
	return MACH_MSG_SUCCESS;
}

mach_msg_return_t
message_copyin(struct task *task, struct message *m, bool kernel_call)
{
	const uint8_t *at = m->user.bytes + sizeof(mach_msg_header_t);
	mach_msg_return_t error = MACH_MSG_SUCCESS;
	struct descriptor d;

	memcpy(&m->descriptors, at, sizeof(m->descriptors));
	at += sizeof(m->descriptors);
	for (uint32_t i = 0; i < m->descriptors && error == MACH_MSG_SUCCESS;
	     i++) {
		d = descriptor_at(at);
		if (!is_descriptor_type(task->rules, d.type, kernel_call))
			error = MACH_SEND_INVALID_TYPE;
		else if (d.type == MACH_MSG_PORT_DESCRIPTOR)
			error = copyin_port(task, at);
		else if (d.type == MACH_MSG_OOL_DESCRIPTOR &&
		    i < MESSAGE_DESCRIPTORS)
			error = copyin_memory(task, at, &m->copies[i]);
		at += d.size;
	}
	return error;
}

void
message_take_rights(struct task *task, const struct message *request)
{
	const uint8_t *at = request->user.bytes + sizeof(mach_msg_header_t) +
	    sizeof(request->descriptors);
	mach_port_name_t name;
	struct descriptor d;

	for (uint32_t i = 0; i < request->descriptors; i++, at += d.size) {
		d = descriptor_at(at);
		if (d.type != MACH_MSG_PORT_DESCRIPTOR)
			continue;
		memcpy(&name, at, sizeof(name));
		port_take_right(task, name, at[10]);
	}
}
