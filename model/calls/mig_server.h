/*
 * The kernel's MIG servers: a request that has been copied in, and its reply.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_MIG_SERVER_H
#define MODEL_CALLS_MIG_SERVER_H

#include "mig.h"
#include "types.h"

struct port_right;
struct task;

struct copy;

enum { MESSAGE_DESCRIPTORS = 4 };

/* A message in the kernel: as user space sees it, and what its descriptors
 * stand for. */
struct message {
	struct message *next;
	uint32_t room;				  /* bytes of all of this */
	mach_msg_size_t size;			  /* of bytes in use */
	uint32_t descriptors;			  /* of the body; 0: none */
	mach_msg_return_t body_error;		  /* for its receiver */
	struct copy *copies[MESSAGE_DESCRIPTORS]; /* memory taken out */
	struct mt_message user; /* as much of it as there is room for */
};

/*
 * Serve a request to target, a port of the kernel's.  The reply's header is
 * complete but for its ports.  Copies that the server used are taken from the
 * request.  Called with the lock held.
 */
void mig_serve(struct task *, const struct port_right *target,
    struct message *request, struct message *reply);

#endif
