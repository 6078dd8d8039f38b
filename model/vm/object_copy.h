/*
 * Copies of objects: symmetric, delayed (asymmetric) and immediate.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_OBJECT_COPY_H
#define MODEL_VM_OBJECT_COPY_H

#include "types.h"

struct object;

/* A symmetric copy: false when the strategy forbids it.  Takes a reference
 * and says on whom the obligation to copy lies.  NULL object: true. */
bool object_copy_quickly(struct object *, bool *source_needs_copy,
    bool *copy_needs_copy);

/* NULL when pages are wired. */
struct object *object_copy_delayed(struct object *, uint64_t offset,
    uint64_t size);
kern_return_t object_copy_slowly(struct object *, uint64_t offset,
    uint64_t size, struct object **);

/* KERN_MEMORY_RESTART_COPY: symmetric, use object_copy_quickly() */
kern_return_t object_copy_strategically(struct object *, uint64_t offset,
    uint64_t size, bool forking, struct object **, uint64_t *new_offset,
    bool *needs_copy);

#endif
