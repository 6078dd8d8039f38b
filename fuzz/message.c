/*
 * The message decoder of the model: requests of every routine, whole and
 * damaged, to every kind of port, by each of the three traps.
 *
 * An input is the flavour's byte, one for the program's age, and then, for each
 * message: how it is sent (224 and above: a load, a store, a value), the
 * routine, its fields or any descriptors, which bytes to change, size and limit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "entry.h"
#include "mig.h"
#include "model/calls/mach_trap.h"
#include "model/calls/message.h"
#include "model/calls/program.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "stage.h"
#include "trap.h"
#include "system.h"

enum {
	REPLY_PORT = 26,
	MSG = 31,
	MSG_OVERWRITE = 32,
	MSG2 = 47,
	FIELDS = 16,
	DESCRIPTORS = 64
};

/* A whole request of a routine, its fields from the input. */
static mach_msg_size_t
build(struct input *in, struct mt_message *m)
{
	static uint8_t list[MT_MIG_LIST], bytes[MT_MIG_BYTES];
	const struct mt_mig *routine = &mt_migs[take8(in) % MT_MIG_COUNT];
	mach_port_name_t target = (mach_port_name_t)stage_value(in);
	uint64_t values[2 * FIELDS];
	unsigned n = 0;

	for (const char *f = routine->request; *f != '\0'; f++) {
		switch (*f) {
		case 'L':
			for (unsigned i = 0; i < 16; i++)
				list[take(in, 2) % sizeof(list)] = take8(in);
			values[n++] = (uintptr_t)list;
			break;
		case 'b':
			values[n++] = (uintptr_t)bytes;
			values[n++] = take(in, 2);
			break;
		case 'O':
			values[n++] = stage_value(in);
			/* FALLTHROUGH */
		default:
			values[n++] = stage_value(in);
		}
	}
	return mt_mig_request(routine, target, values, m);
}

/* Descriptors of any kind and number, of a routine that has others. */
static mach_msg_size_t
build_body(struct input *in, struct mt_message *m)
{
	const mach_port_name_t target = (mach_port_name_t)stage_value(in);
	const uint32_t count = take8(in) % DESCRIPTORS;
	uint8_t *at = m->bytes + sizeof(m->header);
	uint32_t words[4];

	memcpy(at, &count, sizeof(count));
	at += sizeof(count);
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t type = take8(in);
		const uint64_t value = stage_value(in);
		const size_t size = (type & 3) == MACH_MSG_PORT_DESCRIPTOR ?
		    12 :
		    16;

		words[0] = (uint32_t)value;
		words[1] = (uint32_t)(value >> 32);
		/* a disposition, or how to copy and whether to deallocate */
		words[2] = (uint32_t)(type & 3) << 24 |
		    ((type & 3) == MACH_MSG_PORT_DESCRIPTOR ?
			    (uint32_t)(16 + (type >> 2 & 7)) << 16 :
			    (uint32_t)(type >> 3 & 3) << 8 | (type >> 2 & 1));
		words[3] = size == 12 ? 0 : (uint32_t)stage_value(in);
		memcpy(at, words, size);
		at += size;
	}
	m->header = (mach_msg_header_t){
		.msgh_bits = MACH_MSGH_BITS_COMPLEX |
		    MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
			MACH_MSG_TYPE_MAKE_SEND_ONCE),
		.msgh_remote_port = target,
		.msgh_id = mt_migs[take8(in) % MT_MIG_COUNT].id,
	};
	return (mach_msg_size_t)(at - m->bytes);
}

/* Bytes of the first 256 changed: header, body, descriptors, most fields. */
static void
damage(struct input *in, struct mt_message *m)
{
	unsigned count = take8(in);

	if (count < 64)
		return;
	for (count %= 8; count > 0; count--) {
		uint8_t at = take8(in);

		m->bytes[at] = take8(in);
	}
}

static mach_msg_size_t
damage_size(struct input *in, mach_msg_size_t size)
{
	uint8_t how = take8(in);

	if (how < 160)
		return size;
	if (how < 250)
		return size + 4 * (how - 205);
	return (mach_msg_size_t)take(in, 4);
}

static void
look(const struct mt_message *m)
{
	uint32_t name;
	uint64_t word;

	memcpy(&name, m->bytes + sizeof(m->header) + 4, sizeof(name));
	memcpy(&word, m->bytes + sizeof(m->header) + 12, sizeof(word));
	stage_saw(
	    (m->header.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0 ? name : word);
}

static void
exchange(struct input *in, uint8_t how)
{
	struct mt_message *m = (struct mt_message *)stage_buffer;
	const mach_msg_header_t *h = &m->header;
	struct trap trap = { .number = REPLY_PORT };
	uint64_t *a = trap.arguments;
	mach_msg_size_t size;
	mach_port_name_t reply;

	memset(m, 0, sizeof(*m));
	size = (how & 32) != 0 ? build_body(in, m) : build(in, m);
	(void)trap_mach(&trap);
	reply = (how & 8) != 0 ? (mach_port_name_t)stage_value(in) :
				 (mach_port_name_t)trap.result;
	m->header.msgh_local_port = reply;
	damage(in, m);
	size = damage_size(in, size);
	trap.number = (how & 3) == 0 ? MSG :
	    (how & 3) == 1	     ? MSG_OVERWRITE :
				       MSG2;
	a[0] = (uintptr_t)m;
	trap.stack = 0; /* all eight are registers, as on arm64 */
	if (trap.number == MSG2) {
		a[1] = MT_MSG2_SEND | MT_MSG2_RECEIVE | MT_MSG2_TO_KERNEL;
		a[2] = (uint64_t)size << 32 | h->msgh_bits;
		a[3] = (uint64_t)h->msgh_local_port << 32 | h->msgh_remote_port;
		a[4] = (uint64_t)(uint32_t)h->msgh_id << 32 |
		    h->msgh_voucher_port;
		a[5] = (uint64_t)reply << 32 | m->bytes[sizeof(*h)];
		a[6] = (how & 4) != 0 ? stage_value(in) : sizeof(*m);
	} else {
		a[1] = MACH_SEND_MSG | MACH_RCV_MSG;
		a[2] = size;
		a[3] = (how & 4) != 0 ? stage_value(in) : sizeof(*m);
		a[4] = reply;
		a[7] = (how & 16) != 0 ? stage_pointer(in) : 0;
	}
	a[1] |= MACH_RCV_TIMEOUT;
	if (trap_mach(&trap) == TRAP_DONE && trap.result == 0)
		look(m);
}

static void
run(struct input *in)
{
	stage_set(in);
	if (take8(in) < 128)
		program_sdk = 0x0c0300; /* who may send by the old traps */
	for (unsigned n = 0; n < STAGE_CALLS && !input_ended(in); n++) {
		uint8_t how = take8(in);

		if (how < 224)
			exchange(in, how);
		else
			stage_touch(in);
	}
	stage_judge();
}

const struct target target = { .run = run };
