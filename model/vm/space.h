/*
 * First fit in the holes of a map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_SPACE_H
#define MODEL_VM_SPACE_H

#include "model/vm/vm.h"

/* Where the hole above an entry starts; NULL: the lowest hole. */
static inline uint64_t
hole_start(const struct map *map, const struct entry *below)
{
	if (below == NULL || below->end < map->min_offset)
		return map->min_offset;
	return below->end;
}

/*
 * The lowest address at or above hint, below limit, of size free bytes that
 * is a multiple of the page and has no bit of mask.  *before: the entry below
 * it, may be NULL.  O(log n) for mask within the page, else linear in the
 * holes that are large enough but cannot be aligned.
 */
bool map_find_space(struct map *, uint64_t hint, uint64_t limit, uint64_t size,
    uint64_t mask, uint64_t *address);

#endif
