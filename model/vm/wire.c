/*
 * Wiring of a range: vm_map_wire_nested(), vm_map_unwire_nested() of
 * osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/wire.h"
#include "model/vm/fault_wire.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/vm.h"

#define MAX_WIRE_COUNT 65535

static kern_return_t
add_wire_counts(struct map *map, struct entry *e, bool user_wire)
{
	uint64_t size = e->end - e->start;

	if (!user_wire) {
		e->wired_count++;
		return KERN_SUCCESS;
	}
	if (e->user_wired_count == 0) {
		if (size + map->user_wire_size > map->user_wire_limit)
			return KERN_RESOURCE_SHORTAGE;
		if (e->wired_count >= MAX_WIRE_COUNT)
			return KERN_FAILURE;
		e->wired_count++;
		map->user_wire_size += size;
	}
	if (e->user_wired_count >= MAX_WIRE_COUNT)
		return KERN_FAILURE;
	e->user_wired_count++;
	return KERN_SUCCESS;
}

static void
subtract_wire_counts(struct map *map, struct entry *e, bool user_wire)
{
	if (!user_wire) {
		e->wired_count--;
		return;
	}
	if (e->user_wired_count == 1) {
		e->wired_count--;
		map->user_wire_size -= e->end - e->start;
	}
	e->user_wired_count--;
}

/* Gives the entry an object that can be wired. */
static void
prepare_object(struct map *map, struct entry *e, uint64_t start, uint64_t end)
{
	struct object *before = e->object;
	uint64_t offset = e->offset, size = e->end - e->start;

	if (e->needs_copy) {
		entry_shadow(e, size);
		e->needs_copy = false;
	} else if (e->object == NULL) {
		e->object = object_allocate(size);
		e->offset = 0;
	} else if (map->rules->wire_shares_object &&
	    e->object->copy_strategy == COPY_SYMMETRIC) {
		/* An object of its own for just this part. */
		map_clip_start(map, e, start);
		map_clip_end(map, e, end);
		size = e->end - e->start;
		offset = e->offset;
		entry_shadow(e, size);
		if (e->object != before)
			object_pmap_protect(before, offset, size, map->pmap,
			    e->start, e->protection & ~VM_PROT_WRITE);
	}
	if (map->rules->wire_shares_object &&
	    e->object->copy_strategy == COPY_SYMMETRIC) {
		e->object->copy_strategy = COPY_DELAY;
		e->object->true_share = true;
	}
}

/* One entry from start on; *next: where to go on. */
static kern_return_t
wire_entry(struct map *map, struct entry *e, uint64_t start, uint64_t end,
    vm_prot_t access, bool user_wire)
{
	struct entry *next;
	kern_return_t kr;

	if (e->wired_count > 0) {
		map_clip_start(map, e, start);
		map_clip_end(map, e, end);
		return add_wire_counts(map, e, user_wire);
	}
	if (map->wx_denied && (e->protection & VM_PROT_EXECUTE) != 0)
		return KERN_PROTECTION_FAILURE;
	prepare_object(map, e, start, end);
	map_clip_start(map, e, start);
	map_clip_end(map, e, end);
	next = entry_next(e);
	if (e->end < end && (next == NULL || next->start > e->end))
		return KERN_INVALID_ADDRESS;
	if ((e->protection & access) != access)
		return KERN_PROTECTION_FAILURE;
	kr = add_wire_counts(map, e, user_wire);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = fault_wire(map, e, access);
	if (kr != KERN_SUCCESS)
		subtract_wire_counts(map, e, user_wire);
	return kr;
}

/*
 * Wiring part of the shared region takes it out of sharing: the submap is
 * copied where its entry is writable or wired.  Only the entries are counted
 * here: user space sees user_wired_count of the submap's entry.
 */
static kern_return_t
wire_submap(struct map *map, struct entry *e, uint64_t start, uint64_t end,
    vm_prot_t access, bool user_wire)
{
	struct entry *part;
	kern_return_t kr;

	map_clip_start(map, e, start);
	map_clip_end(map, e, end);
	if (e->wired_count == 0 &&
	    (!map_lookup_entry(e->submap, e->offset, &part) ||
		(part->protection & access) != access))
		return !map->rules->wire_tells_submap_fault ?
		    KERN_FAILURE :
		    part == NULL || part->end <= e->offset ?
		    KERN_INVALID_ADDRESS :
		    KERN_PROTECTION_FAILURE;
	kr = add_wire_counts(map, e, user_wire);
	if (kr != KERN_SUCCESS || e->wired_count > 1)
		return kr;
	kr = map_wire(e->submap, e->offset, e->offset + (e->end - e->start),
	    access, user_wire);
	if (kr != KERN_SUCCESS)
		subtract_wire_counts(map, e, user_wire);
	return kr;
}

kern_return_t
map_wire(struct map *map, uint64_t start, uint64_t end, vm_prot_t access,
    bool user_wire)
{
	struct entry *e;
	kern_return_t kr;
	uint64_t at;

	access &= VM_PROT_ALL;
	map_clamp(map, &start, &end);
	if (start == end)
		return KERN_SUCCESS;
	at = start;
	kr = KERN_INVALID_ADDRESS;
	if (map_lookup_entry(map, start, &e)) {
		/* A hole after an entry that was wired before goes unseen
		 * until the next one: at is where that starts. */
		do {
			kr = e->is_sub_map ?
			    wire_submap(map, e, at, end, access, user_wire) :
			    wire_entry(map, e, at, end, access, user_wire);
			if (kr != KERN_SUCCESS)
				break;
			e = entry_next(e);
			at = e == NULL ? end : e->start;
		} while (e != NULL && at < end);
	}
	if (kr == KERN_SUCCESS)
		map_simplify_range(map, start, end);
	else
		map_unwire(map, start, at, user_wire);
	return kr;
}

kern_return_t
map_unwire(struct map *map, uint64_t start, uint64_t end, bool user_wire)
{
	struct entry *e, *next;

	map_clamp(map, &start, &end);
	if (start == end)
		return KERN_SUCCESS;
	if (!map_lookup_entry(map, start, &e) || e->superpage)
		return KERN_INVALID_ADDRESS;
	for (; e != NULL && e->start < end; e = entry_next(e)) {
		if (e->is_sub_map) {
			map_clip_start(map, e, start);
			map_clip_end(map, e, end);
		}
		if (e->wired_count == 0 ||
		    (user_wire && e->user_wired_count == 0))
			continue;
		map_clip_start(map, e, start);
		map_clip_end(map, e, end);
		next = entry_next(e);
		if (map->rules->unwire_skips_before_hole && !e->is_sub_map &&
		    e->end < end && (next == NULL || next->start > e->end))
			continue;
		subtract_wire_counts(map, e, user_wire);
		if (e->wired_count > 0)
			continue;
		if (e->is_sub_map) {
			map_unwire(e->submap, e->offset,
			    e->offset + (e->end - e->start), user_wire);
			continue;
		}
		e->zero_wired_pages = false;
		fault_unwire(map, e, false);
	}
	map_simplify_range(map, start, end);
	return KERN_SUCCESS;
}
