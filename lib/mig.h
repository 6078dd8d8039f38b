/*
 * Mach messages to the kernel's MIG servers, built from the layouts of
 * routines.h and sent with our own traps.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_MIG_H
#define MT_MIG_H

#include "types.h"

struct mt_mig {
	const char *name;
	mach_msg_id_t id;
	const char *since, *before;  /* first kernel with it, first without */
	const char *request, *reply; /* layouts, routines.h */
	/*
	 * The parameters in C's order, one character each: q i Q I y n for
	 * IN64 IN32 IO64 IO32 OUT64 OUT32, P p O o v b L for PORT OUT_PORT
	 * MEMORY OUT_MEMORY WORDS BYTES LIST.
	 */
	const char *parameters;
};

enum mt_mig_index {
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_) \
	MT_MIG_##name_,
#include "routines.h"
	MT_MIG_COUNT,
};

extern const struct mt_mig mt_migs[MT_MIG_COUNT];

/* The routine of that member of struct mt_route; NULL: no routine of the
 * table, as a subject, a BSD call or a message of one's own. */
const struct mt_mig *mt_mig_named(const char *member);

/* What every message with an NDR record carries: little endian, ASCII, IEEE.
 * xnu: osfmk/mach/ndr.h. */
extern const uint8_t mt_mig_ndr[8];

enum {
	MT_MIG_LIST = VM_MAP_ENTRY_MAX * 16, /* bytes of an L field */
	MT_MIG_WORDS = 32,		     /* most words of a v field */
	MT_MIG_BYTES = 1024,		     /* most bytes of a b field */
	MT_MIG_LIMIT = 4608,		     /* any message with a trailer */
};

struct mt_message {
	union {
		mach_msg_header_t header;
		uint8_t bytes[MT_MIG_LIMIT];
		uint64_t align;
	};
};

/*
 * Lay out a request.  values has one element for each field, but two for O
 * (address, size) and b (address, count); L takes the array's address.
 * Returns the message's size in bytes; header.msgh_size says the same.
 */
mach_msg_size_t mt_mig_request(const struct mt_mig *, mach_port_name_t target,
    const uint64_t *values, struct mt_message *);

/*
 * Send the first `size` bytes of message to the port in its header and
 * receive the reply over it.  via: mt_mig_trap (31) or mt_mig_trap2 (47, 13+).
 * Returns what the trap returned, MACH_MSG_SUCCESS when there is a reply.
 */
typedef mach_msg_return_t mt_mig_send(struct mt_message *, mach_msg_size_t);
mt_mig_send mt_mig_trap, mt_mig_trap2;
/* By the trap that this system has for it: mach_msg2 where there is one, as
 * the older one kills (system.h). */
mt_mig_send mt_mig_any;

/* The same, receiving at most `limit` bytes. */
typedef mach_msg_return_t mt_mig_exchange(struct mt_message *, mach_msg_size_t,
    mach_msg_size_t limit);
mt_mig_exchange mt_mig_exchange_trap, mt_mig_exchange_trap2;

/* mt_fork() in the child: its parent's reply port is none of its own. */
void mt_mig_forked(void);

/* Send and receive as mt_mig_any() does, the reply by the port named reply,
 * which the header's bits dispose of; or receive nothing: it stays there. */
mach_msg_return_t mt_mig_ask(struct mt_message *, mach_msg_size_t,
    mach_port_name_t reply);
mach_msg_return_t mt_mig_post(struct mt_message *, mach_msg_size_t,
    mach_port_name_t reply);

/*
 * The return code of a reply to routine, and its fields when that is
 * KERN_SUCCESS: one element each, two for o (address, size).  For L an element
 * holds the address of the array to fill.  v takes two elements: the address
 * of the words, and the room there, which becomes their count.  A reply of
 * another shape is MIG_TYPE_ERROR or MIG_REPLY_MISMATCH and fills nothing.
 */
kern_return_t mt_mig_reply(const struct mt_mig *, const struct mt_message *,
    uint64_t *values);

/*
 * One call of a routine: request, exchange, reply.  arguments has one element
 * for each parameter, the value or the address of what is passed by reference,
 * and two for MEMORY, OUT_MEMORY, WORDS and BYTES.  What is out is stored when
 * the call succeeds.  Returns what the exchange or the reply says.
 */
kern_return_t mt_mig_call(mt_mig_send *via, enum mt_mig_index,
    mach_port_name_t target, const uint64_t *arguments);

#endif
