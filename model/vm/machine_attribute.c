/*
 * Machine attributes: a walk over resident pages that flushes caches.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/machine_attribute.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/page.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* Is any page of the range in memory, in whichever object of the chain? */
static bool
any_resident(struct object *top, uint64_t offset, uint64_t size)
{
	struct object *object;
	uint64_t end = offset + size, at;

	for (; offset < end; offset += kernel->page_size) {
		at = offset;
		for (object = top; object != NULL; object = object->shadow) {
			if (page_lookup(object, at) != NULL)
				return true;
			at += object->shadow_offset;
		}
	}
	return false;
}

static kern_return_t
flush_caches(struct map *map, uint64_t start, uint64_t end)
{
	kern_return_t kr = KERN_SUCCESS;
	struct entry *entry;
	uint64_t part;

	/* The end may be 0, of a range that wraps: still up to there. */
	for (; start != end; start += part) {
		if (!map_lookup_entry(map, start, &entry))
			return KERN_FAILURE;
		part = entry->end - start;
		if (part > end - start)
			part = end - start;
		/* what a submap answers is dropped, and so is the walk */
		if (!entry->is_sub_map &&
		    any_resident(entry->object,
			entry->offset + (start - entry->start), part) &&
		    !kernel->rules->caches_flush)
			kr = KERN_INVALID_ADDRESS;
	}
	return kr;
}

/* The same, entry by entry: the last one with an object decides. */
static kern_return_t
flush_entries(struct map *map, uint64_t start, uint64_t end)
{
	struct range range = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS | RANGE_MERGES |
		    RANGE_DESCENDS,
	};
	kern_return_t kr = KERN_SUCCESS;
	struct entry *entry;

	if (range_begin(&range) != KERN_SUCCESS)
		return KERN_FAILURE;
	while ((entry = range_next(&range)) != NULL)
		if (entry->object != NULL)
			kr = any_resident(entry->object, range_offset(&range),
				 range.to - range.from) &&
				!kernel->rules->caches_flush ?
			    KERN_INVALID_ADDRESS :
			    KERN_SUCCESS;
	range_end(&range);
	return kr;
}

/* vm_map_machine_attribute() */
kern_return_t
kernel_machine_attribute(struct task *task, uint64_t address, uint64_t size,
    vm_machine_attribute_t attribute, vm_machine_attribute_val_t *value)
{
	struct map *map = task->map;
	uint64_t start, end;

	(void)value; /* every pmap leaves it alone */
	if (address + size < address)
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	start = trunc_page_in(map, address);
	end = round_page_in(map, address + size);
	if (kernel->rules->attributes_check_overflow && end <= start)
		return KERN_INVALID_ADDRESS;
	if (start < map->min_offset || end > map->max_offset)
		return KERN_INVALID_ADDRESS;
	if (attribute != MATTR_CACHE)
		return KERN_INVALID_ADDRESS; /* pmap_attribute() */
	return kernel->rules->locks_entries ? flush_entries(map, start, end) :
					      flush_caches(map, start, end);
}
