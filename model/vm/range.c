/*
 * Ranges taken entry by entry: __vmrl_atomic_lock_and_iunlock(),
 * __vmrl_stream_next_and_iunlock() and __vmrl_entry_prepare_ilocked() of
 * osfmk/vm/vm_map_lock.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/range.h"
#include "model/vm/extract.h"
#include "model/vm/fault.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/vm.h"

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void
clip(struct map *map, struct entry *e, uint64_t start, uint64_t end)
{
	map_clip_start(map, e, start);
	map_clip_end(map, e, end);
}

/* vm_map_entry_setup_symmetric_cow() */
static void
set_up_copy(struct map *map, struct entry *e)
{
	object_pmap_protect(e->object, e->offset, e->end - e->start,
	    e->is_shared ? NULL : map->pmap, e->start,
	    e->protection & ~VM_PROT_WRITE);
	e->needs_copy = true;
	e->object->shadowed = true;
}

static bool
needs_unnesting(const struct range *r, const struct entry *e)
{
	const bool splits = (r->how & (RANGE_CLIPS | RANGE_DESCENDS)) ==
	    RANGE_CLIPS;

	return e->is_sub_map && e->use_pmap &&
	    (splits || (r->how & RANGE_RESOLVES) != 0) &&
	    ((r->how & RANGE_NESTED) == 0 || r->at > e->start ||
		r->end < e->end);
}

/* Make an entry ready that was judged. */
static kern_return_t
prepare(struct range *r, struct entry *e, kern_return_t verdict)
{
	struct map *map = r->map;
	const uint64_t end = least(r->end, e->end);
	const bool resolves = (r->how & RANGE_RESOLVES) != 0;
	const bool copies = verdict == RANGE_COPY ||
	    verdict == RANGE_COPY_WHOLE;
	kern_return_t kr;

	if (needs_unnesting(r, e))
		map_unnest(map, e, r->at, end);
	if (verdict == RANGE_COPY)
		clip(map, e, r->at, end);
	if ((resolves || (r->how & RANGE_ALLOCATES) != 0) && !e->is_sub_map &&
	    e->object == NULL && e->max_protection != VM_PROT_NONE) {
		e->object = object_allocate(e->end - e->start);
		e->offset = 0;
	}
	if (copies && e->object != NULL)
		set_up_copy(map, e);
	if (resolves && e->needs_copy && e->is_sub_map) {
		kr = fault_copy_submap(map, e, r->at);
		if (kr != KERN_SUCCESS)
			return kr;
	}
	if (resolves && e->needs_copy)
		entry_resolve_copy(e);
	if (verdict == RANGE_SHARE)
		entry_make_shareable(map, e);
	/* What is descended into stays as it is. */
	if ((r->how & RANGE_CLIPS) != 0 && r->in == map)
		clip(map, e, r->at, least(r->end, e->end));
	return KERN_SUCCESS;
}

/* What of e, at r->at, is in the range; false: a submap has nothing there. */
static bool
look(struct range *r, struct entry *e)
{
	r->in = r->map;
	r->entry = e;
	r->from = r->at;
	r->to = least(r->end, e->end);
	r->shift = 0;
	r->is_copied = false;
	if ((r->how & RANGE_DESCENDS) == 0 || !e->is_sub_map)
		return true;
	r->shift = e->start - e->offset;
	r->is_copied = e->needs_copy;
	r->in = e->submap;
	r->from -= r->shift;
	r->to -= r->shift;
	if (!map_lookup_entry(r->in, r->from, &r->entry))
		return false;
	r->to = least(r->to, r->entry->end);
	return true;
}

/* Take the entry at r->at. */
static kern_return_t
take(struct range *r, struct entry *e)
{
	kern_return_t kr = KERN_SUCCESS;

	if (!look(r, e))
		return KERN_INVALID_ADDRESS;
	if (r->judge != NULL)
		kr = r->judge(r, r->entry);
	if (kr > 0)
		return kr;
	kr = prepare(r, e, kr);
	if (kr == KERN_SUCCESS && !look(r, e))
		kr = KERN_INVALID_ADDRESS;
	return kr;
}

/* The entry at r->at or, over a hole, the next; NULL: none, with error. */
static struct entry *
find(struct range *r)
{
	struct entry *e = NULL;

	r->error = KERN_SUCCESS;
	if (r->at < r->end)
		e = map_lookup_or_next(r->map, r->at);
	if (e != NULL && e->start >= r->end)
		e = NULL;
	if ((r->how & RANGE_HOLES) == 0 && r->at < r->end &&
	    (e == NULL || e->start > r->at)) {
		r->error = KERN_INVALID_ADDRESS;
		return NULL;
	}
	if (e != NULL && e->start > r->at)
		r->at = e->start;
	return e;
}

kern_return_t
range_begin(struct range *r)
{
	struct entry *e;
	kern_return_t kr;

	r->at = r->start;
	r->error = KERN_SUCCESS;
	if ((r->how & RANGE_ANYWHERE) == 0 &&
	    (r->start < r->map->min_offset || r->end > r->map->max_offset))
		return KERN_INVALID_ADDRESS;
	if (r->start >= r->end)
		return KERN_INVALID_ADDRESS;
	if ((r->how & RANGE_ATOMIC) == 0)
		return KERN_SUCCESS;
	while ((e = find(r)) != NULL) {
		kr = take(r, e);
		if (kr != KERN_SUCCESS)
			return kr;
		r->at = r->to + r->shift;
	}
	r->at = r->start;
	return r->error;
}

struct entry *
range_next(struct range *r)
{
	struct entry *e = find(r);

	if (e == NULL)
		return NULL;
	if ((r->how & RANGE_ATOMIC) != 0)
		(void)look(r, e);
	else
		r->error = take(r, e);
	if (r->error != KERN_SUCCESS)
		return NULL;
	r->at = r->to + r->shift;
	return r->entry;
}

uint64_t
range_offset(const struct range *r)
{
	return r->entry->offset + (r->from - r->entry->start);
}

/* __vmrl_simplify_atomic_range_ilocked(): every entry with the one below it,
 * and the one behind the range. */
void
range_end(struct range *r)
{
	struct entry *e;

	if ((r->how & RANGE_MERGES) == 0)
		return;
	for (e = map_lookup_or_next(r->map, r->start);
	     e != NULL && e->start <= r->end; e = entry_next(e))
		map_simplify_entry(r->map, e);
}
