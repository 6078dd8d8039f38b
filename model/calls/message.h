/*
 * The message traps: what the kernel does with a message to one of its ports.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_MESSAGE_H
#define MODEL_CALLS_MESSAGE_H

#include "types.h"

struct mt_message;
struct port;
struct task;

/*
 * mach_msg_trap (31): message, option, send size, receive size, receive name,
 * time-out, notify; mach_msg_overwrite_trap (32) has the receive buffer as
 * eighth.  overwrite: it has.  Called without the lock; messages are user
 * addresses.
 */
mach_msg_return_t message_trap(struct task *, const uint64_t *arguments,
    bool overwrite);

/* mach_msg2_trap (47), eight arguments of 64 bits; 13+. */
mach_msg_return_t message2_trap(struct task *, const uint64_t *arguments);

/* What libSystem's stubs do: send the first size bytes and receive the reply
 * over them, by whatever trap the release has for it. */
mach_msg_return_t message_call(struct task *, struct mt_message *,
    mach_msg_size_t size);

/* The last reference on a port with messages goes. */
void message_port_free(struct port *);

#endif
