/*
 * The descriptors of a message's body.  Called with the lock held, but for the
 * first.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_DESCRIPTOR_H
#define MODEL_CALLS_DESCRIPTOR_H

#include "types.h"

struct message;
struct rules;
struct task;

/* Could a complex message hold as many descriptors as its body counts?  As its
 * bytes are copied in. */
bool message_has_room(const struct rules *, const struct message *);

/* Does it hold all that its body counts?  judge: as they are counted, see
 * whether each is well formed.  kernel_call: as MACH64_SEND_KOBJECT_CALL says. */
mach_msg_return_t message_measure(const struct rules *, const struct message *,
    bool kernel_call, bool judge);

/* Of a message that was measured: take the rights and the memory. */
mach_msg_return_t message_copyin(struct task *, struct message *,
    bool kernel_call);

/* What a request moved to the kernel is gone, whatever came of it. */
void message_take_rights(struct task *, const struct message *request);

#endif
