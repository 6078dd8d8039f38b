/*
 * Ranges as user space gives them: rounding and what wraps around.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_SANITIZE_H
#define MODEL_VM_SANITIZE_H

#include "model/vm/vm.h"

/* Does [address, + size), rounded to pages of this mask, pass the end of the
 * address space?  Never when size is 0.  vm_map_range_overflows(). */
static inline bool
range_overflows(uint64_t address, uint64_t size, uint64_t mask)
{
	if (size == 0)
		return false;
	return address + size < address ||
	    ((address + size + mask) & ~mask) <= (address & ~mask);
}

/* The pages of a range; false when it wraps.  vm_sanitize_addr_size(). */
static inline bool
sanitize_range(uint64_t address, uint64_t size, uint64_t mask, uint64_t *start,
    uint64_t *end)
{
	if (range_overflows(address, size, mask))
		return false;
	*start = address & ~mask;
	*end = (address + size + mask) & ~mask;
	return true;
}

/* VM_MAP_RANGE_CHECK(): what of the range lies in the map. */
static inline void
map_clamp(const struct map *map, uint64_t *start, uint64_t *end)
{
	if (*start < map->min_offset)
		*start = map->min_offset;
	if (*end > map->max_offset)
		*end = map->max_offset;
	if (*start > *end)
		*start = *end;
}

#endif
