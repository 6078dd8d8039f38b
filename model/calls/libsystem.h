/*
 * What the files of our libSystem share.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_LIBSYSTEM_H
#define MODEL_CALLS_LIBSYSTEM_H

#include "types.h"

struct rules;
struct task;

/*
 * Take the lock and find the task that a name denotes, as the MIG route does.
 * A name without a send right: MACH_SEND_INVALID_DEST; a port of another
 * kind: wrong, which is what the routine answers to a null map.  Anything but
 * KERN_SUCCESS has given the lock back.
 */
kern_return_t libsystem_enter(mach_port_name_t, kern_return_t wrong,
    struct task **);

/* Set vm_page_size and its like. */
void libsystem_boot(const struct rules *);

#endif
