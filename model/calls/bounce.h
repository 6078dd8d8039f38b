/*
 * Buffers of the caller's that the host keeps outside the model's map: its
 * stack and its variables.  A routine that works on the map gets a copy of
 * them in the map instead.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_BOUNCE_H
#define MODEL_CALLS_BOUNCE_H

#include "types.h"

struct task;

struct stage {
	struct task *task;
	uint64_t original, size;
	uint64_t address; /* to be given to the routine */
	uint64_t unit;	  /* bytes allocated; 0: none, as given */
};

/* With the lock held, the map in order.  What is neither in the window nor
 * readable host memory is given as it is. */
void stage_begin(struct stage *, struct task *, uint64_t address,
    uint64_t size);
/* wrote: bytes from the start that the routine wrote; false: they cannot be
 * written where they belong. */
bool stage_end(struct stage *, uint64_t wrote);

#endif
