/*
 * The fields of MIG messages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_MIG_FIELDS_H
#define MODEL_CALLS_MIG_FIELDS_H

#include "types.h"

struct copy;
struct message;
struct mt_mig;

/* A field of a request or a reply: what it holds depends on its letter. */
union value {
	uint64_t number;       /* q i */
	mach_port_name_t name; /* P p */
	struct {	       /* O o L v b */
		void *data;
		struct copy *copy;
		uint64_t address;
		uint32_t count;
	};
};

/* MIG's checks in MIG's order: size and shape, then each descriptor. */
kern_return_t mig_check_shape(const struct mt_mig *, const struct message *);
/* One element of in for each field. */
void mig_take_fields(const struct mt_mig *, struct message *, union value *in);
/* The reply to id: the code alone unless it is KERN_SUCCESS. */
void mig_lay_out(struct message *reply, mach_msg_id_t id, const char *layout,
    kern_return_t answer, const union value *out);

#endif
