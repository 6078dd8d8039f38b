/*
 * Removal of a range: vm_map_delete().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_DELETE_H
#define MODEL_VM_DELETE_H

#include "types.h"

struct entry;
struct entry_list;
struct map;

enum map_remove {
	MAP_REMOVE_IMMUTABLE = 1,      /* permanent entries go too */
	MAP_REMOVE_IMMUTABLE_CODE = 2, /* a permanent executable goes */
	MAP_REMOVE_GAPS_FAIL = 4,      /* a hole: KERN_INVALID_VALUE */
	MAP_REMOVE_TO_OVERWRITE = 8,   /* something else comes there */
};

/*
 * Remove [start, end), clipping at both ends, dropping wiring.  zap: the
 * entries with their objects are kept there for the caller to dispose of or
 * to put back; NULL: disposed of.
 */
kern_return_t map_delete(struct map *, uint64_t start, uint64_t end,
    unsigned flags, struct entry_list *zap);

/* Nothing of the entry stays wired, however often it was. */
void entry_drop_wiring(struct map *, struct entry *);

/* Drop the entries' references on objects and submaps, and the entries. */
void map_dispose(struct entry_list *);

#endif
