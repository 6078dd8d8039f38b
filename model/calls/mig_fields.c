/*
 * The fields of MIG messages by the table of lib/routines.h: requests are checked
 * and taken apart, replies laid out.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/calls/mig_fields.h"
#include "model/calls/mig_server.h"

/* ---- taking a request apart ------------------------------------------------ */

static bool
is_descriptor(char c)
{
	return c == 'P' || c == 'O' || c == 'p' || c == 'o';
}

static uint32_t
count_descriptors(const char *layout)
{
	uint32_t count = 0;

	while (is_descriptor(layout[count]))
		count++;
	return count;
}

static uint32_t
field_size(char c)
{
	switch (c) {
	case 'P':
	case 'p':
		return 12;
	case 'O':
	case 'o':
		return 16;
	case 'q':
		return 8;
	case 'L':
		return MT_MIG_LIST;
	default:
		return 4; /* i, and the counts of v and b */
	}
}

/* Without the elements of v and b. */
static uint32_t
request_size(const char *layout)
{
	uint32_t size = sizeof(mach_msg_header_t) + (*layout ? 8 : 0);

	if (is_descriptor(*layout))
		size += sizeof(mach_msg_body_t);
	for (; *layout != '\0'; layout++)
		size += field_size(*layout);
	return size;
}

static bool
size_fits(const struct mt_mig *r, const struct message *m)
{
	uint32_t fixed = request_size(r->request), count;
	uint32_t size = m->user.header.msgh_size;

	if (*r->request == '\0' || r->request[strlen(r->request) - 1] != 'b')
		return size == fixed;
	if (size < fixed || size > fixed + MT_MIG_BYTES)
		return false;
	memcpy(&count, m->user.bytes + fixed - sizeof(count), sizeof(count));
	return count <= MT_MIG_BYTES && size == fixed + ((count + 3) & ~3u);
}

/* What arrives is a right to send. */
static bool
brings_send(uint8_t disposition)
{
	return disposition == MACH_MSG_TYPE_MOVE_SEND ||
	    disposition == MACH_MSG_TYPE_COPY_SEND ||
	    disposition == MACH_MSG_TYPE_MAKE_SEND;
}

/* MIG's checks in MIG's order: size and shape, then each descriptor. */
kern_return_t
mig_check_shape(const struct mt_mig *r, const struct message *m)
{
	const uint8_t *at = m->user.bytes + sizeof(mach_msg_header_t) + 4;
	uint32_t count = count_descriptors(r->request);
	bool complex;

	complex = (m->user.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0;
	if (complex != (count > 0) || m->descriptors != count ||
	    !size_fits(r, m))
		return MIG_BAD_ARGUMENTS;
	for (uint32_t i = 0; i < count; i++) {
		char c = r->request[i];

		if (at[11] !=
			(c == 'P' ? MACH_MSG_PORT_DESCRIPTOR :
				    MACH_MSG_OOL_DESCRIPTOR) ||
		    (c == 'P' && !brings_send(at[10])))
			return MIG_TYPE_ERROR;
		at += field_size(c);
	}
	return KERN_SUCCESS;
}

void
mig_take_fields(const struct mt_mig *r, struct message *m, union value *in)
{
	uint8_t *at = m->user.bytes + sizeof(mach_msg_header_t);
	uint32_t word;

	at += is_descriptor(*r->request) ? sizeof(mach_msg_body_t) : 8;
	for (const char *c = r->request; *c != '\0'; c++, in++) {
		memcpy(&word, at, sizeof(word));
		switch (*c) {
		case 'P':
			in->name = word;
			break;
		case 'O':
			in->copy = m->copies[c - r->request];
			memcpy(&in->address, at, sizeof(in->address));
			memcpy(&in->count, at + 12, sizeof(in->count));
			break;
		case 'q':
			memcpy(&in->number, at, sizeof(in->number));
			break;
		case 'L':
			in->data = at;
			break;
		case 'b':
			in->count = word;
			in->data = at + sizeof(word);
			break;
		default:
			in->number = word;
		}
		at += field_size(*c);
		if (is_descriptor(c[0]) && !is_descriptor(c[1]))
			at += 8;
	}
}

/* ---- laying out a reply ---------------------------------------------------- */

static uint8_t *
put(uint8_t *at, const void *from, size_t size)
{
	memcpy(at, from, size);
	return at + size;
}

static uint8_t *
put32(uint8_t *at, uint32_t value)
{
	return put(at, &value, sizeof(value));
}

static uint8_t *
put_field(uint8_t *at, char c, const union value *v)
{
	switch (c) {
	case 'p':
		at = put32(put32(at, v->name), 0);
		return put32(at,
		    MACH_MSG_TYPE_MOVE_SEND << 16 |
			MACH_MSG_PORT_DESCRIPTOR << 24);
	case 'o':
		at = put(at, &v->address, sizeof(v->address));
		at = put32(at,
		    1 | MACH_MSG_VIRTUAL_COPY << 8 | /* to be deallocated */
			(uint32_t)MACH_MSG_OOL_DESCRIPTOR << 24);
		return put32(at, v->count);
	case 'q':
		return put(at, &v->number, sizeof(v->number));
	case 'L':
		return put(at, v->data, MT_MIG_LIST);
	case 'v':
		at = put32(at, v->count);
		return put(at, v->data, v->count * sizeof(uint32_t));
	default:
		return put32(at, (uint32_t)v->number);
	}
}

void
mig_lay_out(struct message *reply, mach_msg_id_t id, const char *layout,
    kern_return_t answer, const union value *out)
{
	uint8_t *at = reply->user.bytes + sizeof(mach_msg_header_t);
	uint32_t count = answer == KERN_SUCCESS ? count_descriptors(layout) : 0;

	if (count > 0) {
		at = put32(at, count);
	} else {
		at = put(at, mt_mig_ndr, sizeof(mt_mig_ndr));
		at = put32(at, (uint32_t)answer);
	}
	for (const char *c = layout; answer == KERN_SUCCESS && *c != '\0';
	     c++) {
		at = put_field(at, *c, out++);
		if (is_descriptor(c[0]) && c[1] != '\0' && !is_descriptor(c[1]))
			at = put(at, mt_mig_ndr, sizeof(mt_mig_ndr));
	}
	reply->user.header = (mach_msg_header_t){
		.msgh_bits = count > 0 ? MACH_MSGH_BITS_COMPLEX : 0,
		.msgh_size = (mach_msg_size_t)(at - reply->user.bytes),
		.msgh_id = (mach_msg_id_t)((uint32_t)id + 100),
	};
}
