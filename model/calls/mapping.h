/*
 * A mapping that mmap is asked for, once its arguments have been judged: what
 * the kinds of it share.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_MAPPING_H
#define MODEL_CALLS_MAPPING_H

#include "types.h"

struct host_file;
struct map_flags;
struct object;
struct task;

struct mapping {
	uint64_t address, size; /* of pages */
	uint64_t given;		/* the address as it was given */
	uint64_t position;	/* in the file, of the first page */
	uint64_t skipped;	/* what comes before it in that page */
	vm_prot_t protection;
	int flags, fd;
};

/* errno of a routine's answer. */
int mapping_error(kern_return_t);

/* What the flags of mmap say to map_enter(). */
void mapping_add_flags(const struct task *, const struct mapping *,
    struct map_flags *);

/* map_enter(); a hint that leaves no room above it is tried once more from the
 * bottom.  With the lock held.  Takes the reference on object if it succeeds. */
kern_return_t mapping_enter(struct task *, const struct mapping *,
    uint64_t *address, const struct map_flags *, struct object *,
    uint64_t offset, bool needs_copy, vm_prot_t maximum);

/* The kinds: errno, *value is the address.  Without the lock. */
int mapping_file(struct task *, struct mapping *, uint64_t *value);
int mapping_shm(struct task *, const struct mapping *, const struct host_file *,
    uint64_t *value);

#endif
