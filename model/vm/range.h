/*
 * A range of a map taken entry by entry: what macOS 26.4 has instead of one
 * lock for the whole map.  Taking an entry means to judge it, then to make it
 * ready (un-nested, with an object, its copy made or prepared, split at the
 * range's ends), in this order; what was made ready stays so, whatever is
 * found later.  Two kinds of operation come of it:
 *
 * atomic: all entries are taken before any is given.  A hole or a refused
 * entry ends it before anything was done to any, but the splits and objects of
 * those below it are there.
 * streaming: an entry is given as soon as it is taken.  A hole or a refused
 * entry ends it when all that lies below is done.
 *
 * osfmk/vm/vm_map_lock.c.  One lock covers all of the model, so that nothing
 * else changes while a range is held and nothing has to be locked here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_RANGE_H
#define MODEL_VM_RANGE_H

#include "types.h"

struct entry;
struct map;

enum range_how {
	RANGE_STREAM = 0,
	RANGE_ATOMIC = 1,
	RANGE_CLIPS = 2,    /* entries are split at the range's ends */
	RANGE_HOLES = 4,    /* holes are passed over */
	RANGE_RESOLVES = 8, /* an object of its own, a copy that is due made */
	RANGE_ALLOCATES = 16, /* an object, unless the maximum is NONE */
	RANGE_MERGES = 32,    /* in the end equal neighbours become one */
	RANGE_ANYWHERE = 64,  /* the limits of the map are not judged */
	RANGE_DESCENDS = 128, /* entries of a submap instead of the submap */
	RANGE_NESTED = 256,   /* submaps are un-nested only to split them */
};

/* What a judge may answer besides KERN_SUCCESS and errors. */
#define RANGE_COPY	 (-1) /* make it copy-on-write, what is in the range */
#define RANGE_COPY_WHOLE (-2) /* all of the entry */
#define RANGE_SHARE	 (-3) /* an object that others can map, too */

struct range {
	struct map *map;
	uint64_t start, end; /* page aligned */
	unsigned how;
	/* Sees entry, from, to.  NULL: nothing is refused. */
	kern_return_t (*judge)(const struct range *, const struct entry *);
	const void *request; /* the judge's */

	/* What range_next() has given: */
	struct map *in;	     /* its map: a submap where descended */
	uint64_t from, to;   /* what of it is in the range, in that map */
	bool is_copied;	     /* of a submap that is to be copied */
	kern_return_t error; /* why it gave NULL; KERN_SUCCESS: the end */

	uint64_t at, shift; /* range.c's */
	struct entry *entry;
};

/* An error ends it: nothing is held.  For a streaming range only the limits of
 * the map and an empty range. */
kern_return_t range_begin(struct range *);

/* The next entry or NULL with error. */
struct entry *range_next(struct range *);

/* Offset in the entry's object of from. */
uint64_t range_offset(const struct range *);

/* After the last entry of a range that has begun. */
void range_end(struct range *);

#endif
