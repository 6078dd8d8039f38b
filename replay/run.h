/*
 * An arena of this process's memory in which the calls of a trace are made on
 * the kernel that is there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_RUN_H
#define REPLAY_RUN_H

#include "route.h"
#include "trace.h"

struct span {
	uint64_t start, size;
};

struct run {
	uint64_t base; /* of the arena */
	uint64_t page, arena, guard;
	mach_port_name_t self, host;
	const struct mt_route *via[OP_CODES]; /* NULL: no route has it */

	struct {
		bool live;
		struct span span;
	} slot[SLOTS];
	struct span *placed; /* whatever a slot has named, to be freed */
	int placements, placement_room;

	bool timed;
	uint64_t calls;			     /* made */
	uint64_t nanoseconds;		     /* spent in them, when timed */
	uint64_t touches, touch_nanoseconds; /* of them loads and stores */
};

/*
 * Finds a place for the arena.  route: asked first for every call, NULL for
 * libsystem; a routine that it lacks is called through the stage's.  False
 * with *problem.
 */
bool run_open(struct run *, const struct header *, const char *route,
    const char **problem);
void run_close(struct run *);

/* The state before a sequence: nothing in the arena, new guards around it. */
bool run_start(struct run *, const char **problem);
/* Frees what the slots of a sequence left. */
void run_end(struct run *);

/* NULL, or why this call cannot be made here ("needs the privileged ..."). */
const char *run_cannot(const struct run *, const struct op *);
void run_op(struct run *, const struct op *, struct result *found);
/* The first region at *address or above it; false at the end of the map, and
 * when the kernel's answer would make a walk endless. */
bool run_region_from(mach_vm_address_t *address, mach_vm_size_t *size,
    vm_region_submap_info_data_64_t *, mach_msg_type_number_t *count);
/* The regions of the arena, or of the slots, as an M line has them. */
void run_walk(struct run *, bool anywhere, struct layout *);

#endif
