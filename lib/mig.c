/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdatomic.h>
#include <string.h>

#include "mig.h"
#include "route.h"
#include "routine_lists.h"
#include "system.h"
#include "text.h"
#include "trap.h"

#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_)  \
	[MT_MIG_##name_] = { #name_, id_, since_, before_, request_, reply_, \
		"" MT_KINDS(parameters_) },
const struct mt_mig mt_migs[MT_MIG_COUNT] = {
#include "routines.h"
};

const struct mt_mig *
mt_mig_named(const char *member)
{
	for (int i = 0; i < MT_MIG_COUNT; i++)
		if (mt_equal(mt_migs[i].name, member))
			return &mt_migs[i];
	return NULL;
}

const uint8_t mt_mig_ndr[8] = { 0, 0, 0, 0, 1, 0, 0, 0 };

/* A place in a message. */
struct cursor {
	uint8_t *at;
	const uint8_t *end;
	bool short_; /* something was asked beyond the end */
};

static void
put(struct cursor *c, const void *from, size_t size)
{
	memcpy(c->at, from, size);
	c->at += size;
}

static void
put32(struct cursor *c, uint32_t value)
{
	put(c, &value, sizeof(value));
}

static void
put64(struct cursor *c, uint64_t value)
{
	put(c, &value, sizeof(value));
}

static void
get(struct cursor *c, void *to, size_t size)
{
	if ((size_t)(c->end - c->at) < size) {
		c->short_ = true;
		memset(to, 0, size);
		return;
	}
	memcpy(to, c->at, size);
	c->at += size;
}

static uint32_t
get32(struct cursor *c)
{
	uint32_t value;

	get(c, &value, sizeof(value));
	return value;
}

static uint64_t
get64(struct cursor *c)
{
	uint64_t value;

	get(c, &value, sizeof(value));
	return value;
}

static bool
is_descriptor(char field)
{
	return field == 'P' || field == 'O' || field == 'p' || field == 'o';
}

static uint32_t
descriptors(const char *layout)
{
	uint32_t count = 0;

	while (is_descriptor(layout[count]))
		count++;
	return count;
}

/* Port: name, 4 bytes, disposition and type in the last word.  Memory:
 * address, then flags and type, size.  xnu: osfmk/mach/message.h. */
static void
put_port(struct cursor *c, uint64_t name)
{
	put32(c, (uint32_t)name);
	put32(c, 0);
	put32(c,
	    MACH_MSG_TYPE_COPY_SEND << 16 | MACH_MSG_PORT_DESCRIPTOR << 24);
}

static void
put_memory(struct cursor *c, uint64_t address, uint64_t size)
{
	put64(c, address);
	put32(c,
	    MACH_MSG_VIRTUAL_COPY << 8 |
		(uint32_t)MACH_MSG_OOL_DESCRIPTOR << 24);
	put32(c, (uint32_t)size);
}

static void
put_bytes(struct cursor *c, uint64_t address, uint64_t count)
{
	uint32_t size = count < MT_MIG_BYTES ? (uint32_t)count : MT_MIG_BYTES;

	put32(c, (uint32_t)count);
	put(c, (const void *)(uintptr_t)address, size);
	while (size++ % 4 != 0)
		*c->at++ = 0;
}

mach_msg_size_t
mt_mig_request(const struct mt_mig *routine, mach_port_name_t target,
    const uint64_t *values, struct mt_message *m)
{
	uint32_t count = descriptors(routine->request);
	struct cursor c = { .at = m->bytes + sizeof(m->header) };

	if (count > 0)
		put32(&c, count);
	else if (*routine->request != '\0')
		put(&c, mt_mig_ndr, sizeof(mt_mig_ndr));
	for (const char *field = routine->request; *field != '\0'; field++) {
		switch (*field) {
		case 'P':
			put_port(&c, *values++);
			break;
		case 'O':
			put_memory(&c, values[0], values[1]);
			values += 2;
			break;
		case 'q':
			put64(&c, *values++);
			break;
		case 'i':
			put32(&c, (uint32_t)*values++);
			break;
		case 'L':
			put(&c, (const void *)(uintptr_t)*values++,
			    MT_MIG_LIST);
			break;
		case 'b':
			put_bytes(&c, values[0], values[1]);
			values += 2;
			break;
		}
		if (is_descriptor(field[0]) && !is_descriptor(field[1]))
			put(&c, mt_mig_ndr, sizeof(mt_mig_ndr));
	}

	m->header = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
				 MACH_MSG_TYPE_MAKE_SEND_ONCE) |
		    (count > 0 ? MACH_MSGH_BITS_COMPLEX : 0),
		.msgh_size = (mach_msg_size_t)(c.at - m->bytes),
		.msgh_remote_port = target,
		.msgh_id = routine->id,
	};
	return m->header.msgh_size;
}

/* limit 0: nothing is received. */
static mach_msg_return_t
transfer(struct mt_message *m, mach_msg_size_t size, mach_msg_size_t limit,
    mach_port_name_t reply, bool trap2)
{
	mach_msg_header_t *h = &m->header;

	h->msgh_local_port = reply;
	if (!trap2)
		return mt_trap_msg(h,
		    MACH_SEND_MSG | (limit > 0 ? MACH_RCV_MSG : 0), size, limit,
		    limit > 0 ? reply : MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE,
		    MACH_PORT_NULL);
	return mt_trap_msg2(h,
	    MT_MSG2_SEND | MT_MSG2_TO_KERNEL |
		(limit > 0 ? MT_MSG2_RECEIVE : 0),
	    (uint64_t)size << 32 | h->msgh_bits,
	    (uint64_t)reply << 32 | h->msgh_remote_port,
	    (uint64_t)(uint32_t)h->msgh_id << 32 | h->msgh_voucher_port,
	    (uint64_t)(limit > 0 ? reply : MACH_PORT_NULL) << 32 |
		(h->msgh_bits & MACH_MSGH_BITS_COMPLEX ?
			*(const uint32_t *)(const void *)(h + 1) :
			0),
	    limit, 0);
}

/* The reply port that the next call takes: three traps less than one for each.
 * It is back when its reply came, so that none is left in it. */
static _Atomic mach_port_name_t spare_reply;

void
mt_mig_forked(void)
{
	atomic_store(&spare_reply, MACH_PORT_NULL);
}

static mach_msg_return_t
send(struct mt_message *m, mach_msg_size_t size, mach_msg_size_t limit,
    bool trap2)
{
	mach_port_name_t none = MACH_PORT_NULL;
	mach_port_name_t reply = atomic_exchange(&spare_reply, none);
	mach_msg_return_t error;

	if (reply == MACH_PORT_NULL)
		reply = mt_trap_reply_port();
	error = transfer(m, size, limit, reply, trap2);
	if (error != MACH_MSG_SUCCESS || limit == 0 ||
	    !atomic_compare_exchange_strong(&spare_reply, &none, reply))
		mt_trap_port_mod_refs(mt_trap_task_self(), reply,
		    MACH_PORT_RIGHT_RECEIVE, -1);
	return error;
}

mach_msg_return_t
mt_mig_post(struct mt_message *m, mach_msg_size_t size, mach_port_name_t reply)
{
	return transfer(m, size, 0, reply, mt_has_message2(mt_system()));
}

mach_msg_return_t
mt_mig_ask(struct mt_message *m, mach_msg_size_t size, mach_port_name_t reply)
{
	return transfer(m, size, sizeof(*m), reply,
	    mt_has_message2(mt_system()));
}

mach_msg_return_t
mt_mig_trap(struct mt_message *m, mach_msg_size_t size)
{
	return send(m, size, sizeof(*m), false);
}

mach_msg_return_t
mt_mig_trap2(struct mt_message *m, mach_msg_size_t size)
{
	return send(m, size, sizeof(*m), true);
}

mach_msg_return_t
mt_mig_any(struct mt_message *m, mach_msg_size_t size)
{
	return send(m, size, sizeof(*m), mt_has_message2(mt_system()));
}

mach_msg_return_t
mt_mig_exchange_trap(struct mt_message *m, mach_msg_size_t size,
    mach_msg_size_t limit)
{
	return send(m, size, limit, false);
}

mach_msg_return_t
mt_mig_exchange_trap2(struct mt_message *m, mach_msg_size_t size,
    mach_msg_size_t limit)
{
	return send(m, size, limit, true);
}

/* Read the fields of a reply; with store == NULL only to see that they fit. */
static bool
reply_fields(const char *layout, struct cursor c, uint64_t *store)
{
	uint64_t ignored[24], *v = store != NULL ? store : ignored;
	uint32_t words[MT_MIG_WORDS], count;

	for (const char *field = layout; *field != '\0'; field++) {
		switch (*field) {
		case 'p':
			*v++ = get32(&c);
			get64(&c);
			break;
		case 'o':
			*v++ = get64(&c);
			get32(&c);
			*v++ = get32(&c);
			break;
		case 'q':
			*v++ = get64(&c);
			break;
		case 'i':
			*v++ = get32(&c);
			break;
		case 'L':
			if ((size_t)(c.end - c.at) < MT_MIG_LIST)
				return false;
			if (store != NULL)
				memcpy((void *)(uintptr_t)*v, c.at,
				    MT_MIG_LIST);
			v++;
			c.at += MT_MIG_LIST;
			break;
		case 'v':
			count = get32(&c);
			if (count > MT_MIG_WORDS)
				return false;
			get(&c, words, count * sizeof(*words));
			if (store != NULL) {
				count = count < v[1] ? count : (uint32_t)v[1];
				memcpy((void *)(uintptr_t)v[0], words,
				    count * sizeof(*words));
				v[1] = count;
			}
			v += 2;
			break;
		}
		if (is_descriptor(field[0]) && field[1] != '\0' &&
		    !is_descriptor(field[1]))
			get64(&c); /* the NDR record */
	}
	return !c.short_ && c.at == c.end;
}

kern_return_t
mt_mig_reply(const struct mt_mig *routine, const struct mt_message *m,
    uint64_t *values)
{
	const mach_msg_header_t *h = &m->header;
	uint32_t count = descriptors(routine->reply);
	struct cursor c = { .at = (uint8_t *)(uintptr_t)m->bytes + sizeof(*h) };
	kern_return_t answer;

	if (h->msgh_id != routine->id + 100)
		return MIG_REPLY_MISMATCH;
	if (h->msgh_size < sizeof(*h) || h->msgh_size > sizeof(*m))
		return MIG_TYPE_ERROR;
	c.end = m->bytes + h->msgh_size;
	if ((h->msgh_bits & MACH_MSGH_BITS_COMPLEX) == 0) {
		get64(&c);
		answer = (kern_return_t)get32(&c);
		if (c.short_)
			return MIG_TYPE_ERROR;
		if (answer != KERN_SUCCESS)
			return answer;
		if (count > 0)
			return MIG_TYPE_ERROR;
	} else if (get32(&c) != count || count == 0) {
		return MIG_TYPE_ERROR;
	}
	if (!reply_fields(routine->reply, c, NULL))
		return MIG_TYPE_ERROR;
	reply_fields(routine->reply, c, values);
	return KERN_SUCCESS;
}

/* ---- whole calls --------------------------------------------------------- */

static uint64_t
load(char kind, uint64_t argument)
{
	uint64_t wide = 0;
	uint32_t narrow;

	switch (kind) {
	case 'Q':
		memcpy(&wide, (const void *)(uintptr_t)argument, sizeof(wide));
		return wide;
	case 'I':
		memcpy(&narrow, (const void *)(uintptr_t)argument,
		    sizeof(narrow));
		return narrow;
	case 'q':
		return argument;
	default:
		return (uint32_t)argument;
	}
}

static void
store(char kind, uint64_t argument, uint64_t value)
{
	uint32_t narrow = (uint32_t)value;

	if (kind == 'Q' || kind == 'y' || kind == 'o')
		memcpy((void *)(uintptr_t)argument, &value, sizeof(value));
	else
		memcpy((void *)(uintptr_t)argument, &narrow, sizeof(narrow));
}

/* Elements that a parameter takes of the arguments. */
static unsigned
width(char kind)
{
	return kind == 'O' || kind == 'o' || kind == 'v' || kind == 'b' ? 2 : 1;
}

/* The values of a request: descriptors, then fields. */
static void
take_in(const char *parameters, const uint64_t *arguments, uint64_t *values)
{
	const uint64_t *a = arguments;

	for (const char *p = parameters; *p != '\0'; a += width(*p++))
		if (*p == 'P') {
			*values++ = (uint32_t)a[0];
		} else if (*p == 'O') {
			*values++ = a[0];
			*values++ = (uint32_t)a[1];
		}
	a = arguments;
	for (const char *p = parameters; *p != '\0'; a += width(*p++)) {
		switch (*p) {
		case 'O':
			*values++ = (uint32_t)a[1];
			break;
		case 'v':
			*values++ = load('I', a[1]);
			break;
		case 'b':
			*values++ = a[0];
			*values++ = (uint32_t)a[1];
			break;
		case 'L':
			*values++ = a[0];
			break;
		case 'q':
		case 'i':
		case 'Q':
		case 'I':
			*values++ = load(*p, a[0]);
			break;
		}
	}
}

/* Where the reply's values go; with done only after it was read. */
static void
give_out(const char *parameters, const uint64_t *arguments, uint64_t *values,
    bool done)
{
	const uint64_t *a = arguments;

	for (const char *p = parameters; *p != '\0'; a += width(*p++)) {
		if (*p != 'p' && *p != 'o')
			continue;
		if (done)
			store(*p, a[0], *values);
		values += *p == 'o' ? 2 : 1;
	}
	a = arguments;
	for (const char *p = parameters; *p != '\0'; a += width(*p++)) {
		switch (*p) {
		case 'o':
			if (done)
				store('n', a[1], *values);
			values++;
			break;
		case 'v':
			if (!done) {
				values[0] = a[0];
				values[1] = load('I', a[1]);
			} else {
				store('n', a[1], values[1]);
			}
			values += 2;
			break;
		case 'L':
			*values++ = a[0];
			break;
		case 'Q':
		case 'I':
		case 'y':
		case 'n':
			if (done)
				store(*p, a[0], *values);
			values++;
			break;
		}
	}
}

kern_return_t
mt_mig_call(mt_mig_send *via, enum mt_mig_index index, mach_port_name_t target,
    const uint64_t *arguments)
{
	const struct mt_mig *routine = &mt_migs[index];
	uint64_t values[16] = { 0 };
	struct mt_message m;
	mach_msg_size_t size;
	kern_return_t answer;

	take_in(routine->parameters, arguments, values);
	size = mt_mig_request(routine, target, values, &m);
	answer = via(&m, size);
	if (answer != MACH_MSG_SUCCESS)
		return answer;
	give_out(routine->parameters, arguments, values, false);
	answer = mt_mig_reply(routine, &m, values);
	if (answer == KERN_SUCCESS)
		give_out(routine->parameters, arguments, values, true);
	return answer;
}
