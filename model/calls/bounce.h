/*
 * Buffers of the caller's that the host keeps outside the model's map: its
 * stack and its variables.  A routine that works on a map gets a copy of them
 * in a map of its own instead: nothing of the model's may appear in the map
 * that is asked about.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_BOUNCE_H
#define MODEL_CALLS_BOUNCE_H

#include "types.h"

struct map;
struct task;

struct stage {
	struct task *task;
	uint64_t original, size;
	/* To be given to the routine: the task's map and address as they are,
	 * or those of the copy. */
	struct map *map;
	uint64_t address;
};

/* With the lock held, the map in order.  What is neither in the window nor
 * readable host memory is given as it is. */
void stage_begin(struct stage *, struct task *, uint64_t address,
    uint64_t size);
/* wrote: bytes from the start that the routine wrote; false: they cannot be
 * written where they belong. */
bool stage_end(struct stage *, uint64_t wrote);

#endif
