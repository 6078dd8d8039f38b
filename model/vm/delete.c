/*
 * Removal of a range: vm_map_delete() of osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/delete.h"
#include "model/host/pmap.h"
#include "model/vm/enter.h"
#include "model/vm/fault_wire.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

static void
dispose(struct entry *e)
{
	if (e->is_sub_map)
		map_deallocate(e->submap);
	else
		object_deallocate(e->object);
	entry_free(e);
}

void
map_dispose(struct entry_list *zap)
{
	struct entry *e;

	while ((e = TAILQ_FIRST(zap)) != NULL) {
		TAILQ_REMOVE(zap, e, order);
		dispose(e);
	}
}

/* Does the submap hold a permanent entry there? */
static bool
submap_is_permanent(struct map *submap, uint64_t start, uint64_t end)
{
	struct entry *e;

	for (e = map_lookup_or_next(submap, start); e != NULL && e->start < end;
	     e = entry_next(e))
		if (e->permanent)
			return true;
	return false;
}

/* Releases since 12 test the limits of the map; *kr when that ends it. */
static bool
is_outside(struct map *map, uint64_t start, uint64_t end, kern_return_t *kr)
{
	*kr = KERN_SUCCESS;
	if (map->terminated)
		return end < start;
	/* End may be 0: the size was rounded up past the last page. */
	if (end == 0 || end > map->max_offset)
		return true;
	if (end < start) {
		*kr = KERN_INVALID_ARGUMENT;
		return true;
	}
	return start < map->min_offset;
}

/* The permanent submap entry may not be removed here. */
static bool
is_denied(struct map *map, const struct entry *e, uint64_t start, uint64_t end,
    unsigned flags)
{
	if (!map->rules->denies_permanent_submap || !e->permanent ||
	    !e->is_sub_map || map->terminated ||
	    (flags & (MAP_REMOVE_IMMUTABLE | MAP_REMOVE_IMMUTABLE_CODE)) != 0)
		return false;
	return submap_is_permanent(e->submap, start - e->start + e->offset,
	    end - e->start + e->offset);
}

void
entry_drop_wiring(struct map *map, struct entry *e)
{
	if (e->wired_count == 0)
		return;
	if (e->user_wired_count > 0) {
		map->user_wire_size -= e->end - e->start;
		e->wired_count--;
	}
	e->user_wired_count = 0;
	e->wired_count = 0;
	if (!e->is_sub_map)
		fault_unwire(e);
}

static bool
stays(const struct map *map, const struct entry *e, unsigned flags)
{
	if (!e->permanent)
		return false;
	if (map->terminated || (flags & MAP_REMOVE_IMMUTABLE) != 0 ||
	    ((flags & MAP_REMOVE_IMMUTABLE_CODE) != 0 &&
		(e->protection & VM_PROT_EXECUTE) != 0))
		return false;
	/* is_denied() let it pass. */
	if (map->rules->denies_permanent_submap && e->is_sub_map)
		return false;
	return true;
}

/* ---- with a lock for each entry -------------------------------------------- */

static kern_return_t
judge_delete(const struct range *r, const struct entry *e)
{
	const unsigned flags = *(const unsigned *)r->request;

	if (is_denied(r->map, e, r->from, r->to, flags))
		return KERN_PROTECTION_FAILURE;
	/* Nothing can come in the place of what stays. */
	if ((flags & MAP_REMOVE_TO_OVERWRITE) != 0 && stays(r->map, e, flags))
		return KERN_PROTECTION_FAILURE;
	return KERN_SUCCESS;
}

/* Everything is judged and split before anything is removed. */
static kern_return_t
take_range(struct map *map, uint64_t start, uint64_t end, unsigned flags)
{
	const bool gaps_fail = (flags & MAP_REMOVE_GAPS_FAIL) != 0;
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS | RANGE_NESTED |
		    (gaps_fail ? 0 : RANGE_HOLES),
		.judge = judge_delete,
		.request = &flags,
	};
	kern_return_t kr;

	if (start >= end)
		return KERN_SUCCESS;
	kr = range_begin(&r);
	return kr == KERN_INVALID_ADDRESS && gaps_fail ? KERN_INVALID_VALUE :
							 kr;
}

/* -------------------------------------------------------------------------- */

kern_return_t
map_delete(struct map *map, uint64_t start, uint64_t end, unsigned flags,
    struct entry_list *zap)
{
	const uint64_t superpage = SUPERPAGE_SIZE - 1;
	struct entry_list dead = TAILQ_HEAD_INITIALIZER(dead);
	struct entry *e, *next;
	kern_return_t kr = KERN_SUCCESS;
	bool at_once, gap = false;
	uint64_t at;

	if (map->rules->delete_checks_limits &&
	    is_outside(map, start, end, &kr))
		return kr == KERN_SUCCESS && !map->terminated &&
			(flags & MAP_REMOVE_GAPS_FAIL) != 0 ?
		    KERN_INVALID_VALUE :
		    kr;
	at_once = zap == NULL && !map->rules->defers_disposal;
	if (zap == NULL)
		zap = &dead;

	if ((e = map_lookup_or_next(map, start)) != NULL && e->superpage) {
		if (start > e->start)
			start &= ~superpage;
		end = (end + superpage) & ~superpage;
		e = map_lookup_or_next(map, start);
	}
	if (map->rules->locks_entries && !map->terminated) {
		kr = take_range(map, start, end, flags);
		if (kr != KERN_SUCCESS)
			return kr;
		e = map_lookup_or_next(map, start);
	}
	if (e != NULL && !is_denied(map, e, start, end, flags))
		map_clip_start(map, e, start);
	at = start;
	for (; e != NULL && e->start < end; e = next) {
		if (at != e->start)
			gap = true;
		if (is_denied(map, e, e->start < start ? start : e->start, end,
			flags)) {
			kr = KERN_PROTECTION_FAILURE;
			break;
		}
		map_clip_end(map, e, end);
		entry_drop_wiring(map, e);
		/* Without an object nothing is shown, but for the comm page
		 * of arm64, which stays. */
		if (map->pmap != NULL && (e->object != NULL || e->is_sub_map))
			pmap_remove(map->pmap, e->start, e->end);
		at = e->end;
		next = entry_next(e);
		if (stays(map, e, flags)) {
			e->protection = e->max_protection = VM_PROT_NONE;
			continue;
		}
		map_unlink(map, e);
		e->permanent = false;
		if (at_once)
			dispose(e);
		else
			TAILQ_INSERT_TAIL(zap, e, order);
	}
	if (zap == &dead)
		map_dispose(&dead);
	if (kr == KERN_SUCCESS && (gap || at < end) &&
	    (flags & MAP_REMOVE_GAPS_FAIL) != 0)
		kr = KERN_INVALID_VALUE;
	return kr;
}
