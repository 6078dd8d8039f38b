/*
 * The ordered entries of a map: a tree by start that knows the holes, and a
 * list in the same order.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/map.h"
#include "model/host/heap.h"
#include "model/vm/delete.h"
#include "model/vm/object.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/space.h"
#include "model/vm/vm.h"

#include <string.h>

/* ---- holes --------------------------------------------------------------- */

static uint64_t
hole_below(const struct map *map, const struct entry *e)
{
	const uint64_t start = hole_start(map, entry_prev(e));

	return e->start > start ? e->start - start : 0;
}

/* The hole below e has changed. */
static void
remeasure(struct map *map, const struct entry *e)
{
	if (e != NULL)
		entry_tree_change(&map->entries, e->start, e->start,
		    hole_below(map, e));
}

/* ---- maps ---------------------------------------------------------------- */

struct map *
map_create(uint64_t min, uint64_t max, const struct rules *rules,
    struct pmap *pmap)
{
	struct map *map = heap_alloc(sizeof(*map));

	TAILQ_INIT(&map->order);
	map->min_offset = min;
	map->max_offset = max;
	map->rules = rules;
	map->page_shift = (uint8_t)rules->page_shift;
	map->ref_count = 1;
	map->size_limit = map->data_limit = TASK_NO_LIMIT;
	map->user_wire_limit = TASK_NO_LIMIT;
	map->pmap = pmap;
	return map;
}

void
map_reference(struct map *map)
{
	map->ref_count++;
}

void
map_deallocate(struct map *map)
{
	if (map == NULL || --map->ref_count > 0)
		return;
	map->terminated = true;
	map_delete(map, 0, UINT64_MAX, MAP_REMOVE_IMMUTABLE, NULL);
	heap_free(map, sizeof(*map));
}

/* ---- find ---------------------------------------------------------------- */

bool
map_lookup_entry(struct map *map, uint64_t address, struct entry **entry)
{
	struct entry *e = map->hint;

	if (e == NULL || e->start > address || address >= e->end)
		e = entry_tree_find(&map->entries, address);
	*entry = e;
	if (e == NULL || address >= e->end)
		return false;
	map->hint = e;
	return true;
}

struct entry *
map_lookup_or_next(struct map *map, uint64_t address)
{
	struct entry *e;

	if (map_lookup_entry(map, address, &e))
		return e;
	return e == NULL ? map_first(map) : entry_next(e);
}

bool
map_range_check(struct map *map, uint64_t start, uint64_t end,
    struct entry **first)
{
	struct entry *e;
	uint64_t reached;

	if (start < map->min_offset || end > map->max_offset || start > end ||
	    !map_lookup_entry(map, start, &e))
		return false;
	if (first != NULL)
		*first = e;
	for (reached = e->end; reached < end; reached = e->end) {
		e = entry_next(e);
		if (e == NULL || e->start != reached)
			return false;
	}
	return true;
}

/* ---- insert, remove, resize ---------------------------------------------- */

/* Whole cache lines, as the heap begins with one: with many entries a search
 * costs its cache misses. */
#define ENTRY_SIZE ((sizeof(struct entry) + 63) & ~(size_t)63)

struct entry *
entry_new(void)
{
	return heap_alloc(ENTRY_SIZE);
}

struct entry *
entry_new_like(const struct entry *model)
{
	struct entry *e = entry_new();

	*e = *model;
	return e;
}

void
entry_free(struct entry *e)
{
	heap_free(e, ENTRY_SIZE);
}

void
map_link(struct map *map, struct entry *e)
{
	struct entry *below;

	map_lookup_entry(map, e->start, &below);
	if (below == NULL)
		TAILQ_INSERT_HEAD(&map->order, e, order);
	else
		TAILQ_INSERT_AFTER(&map->order, below, e, order);
	entry_tree_insert(&map->entries, e, hole_below(map, e));
	remeasure(map, entry_next(e));
	map->entry_count++;
	if (!e->reserved)
		map->size += e->end - e->start;
}

void
map_unlink(struct map *map, struct entry *e)
{
	struct entry *next = entry_next(e);

	entry_tree_remove(&map->entries, e);
	TAILQ_REMOVE(&map->order, e, order);
	remeasure(map, next);
	if (map->hint == e)
		map->hint = NULL;
	map->entry_count--;
	if (!e->reserved)
		map->size -= e->end - e->start;
}

void
map_resize(struct map *map, struct entry *e, uint64_t start, uint64_t end)
{
	const uint64_t old_start = e->start;

	if (!e->reserved)
		map->size += (end - start) - (e->end - e->start);
	e->start = start;
	e->end = end;
	entry_tree_change(&map->entries, old_start, start, hole_below(map, e));
	remeasure(map, entry_next(e));
}

/* ---- clip ---------------------------------------------------------------- */

static void
share_object(struct entry *e)
{
	if (e->is_sub_map)
		map_reference(e->submap);
	else if (e->object != NULL) {
		object_reference(e->object);
		e->object->clipped = true;
	}
}

/* Is the subtree of page tables around address shared as a whole? */
static bool
is_nested_subtree(const struct map *map, const struct entry *e,
    uint64_t address)
{
	const uint64_t unit = map->rules->nesting_subtree;
	const uint64_t start = address & ~(unit - 1);

	return unit != 0 && start >= e->start && start + unit <= e->end;
}

/*
 * A nested submap (the shared region) stops being nested where it is clipped,
 * in units of nesting_size or whole subtrees, and its tag tells.
 * osfmk/vm/vm_map.c vm_map_clip_unnest(), osfmk/i386/pmap_x86_common.c
 * pmap_adjust_unnest_parameters().
 */
void
map_unnest(struct map *map, struct entry *e, uint64_t start, uint64_t end)
{
	const uint64_t unit = map->rules->nesting_size - 1;
	const uint64_t tree = map->rules->nesting_subtree;
	struct entry *part;

	start &= ~unit;
	end = (end + unit) & ~unit;
	if (is_nested_subtree(map, e, start))
		start &= ~(tree - 1);
	if (is_nested_subtree(map, e, end))
		end = (end + tree) & ~(tree - 1);
	if (start < e->start)
		start = e->start;
	if (end > e->end)
		end = e->end;
	if (start > e->start) {
		part = entry_new_like(e);
		e->offset += start - e->start;
		map_resize(map, e, start, e->end);
		part->end = start;
		map_link(map, part);
		share_object(part);
	}
	if (end < e->end) {
		part = entry_new_like(e);
		part->offset += end - e->start;
		part->start = end;
		map_resize(map, e, e->start, end);
		map_link(map, part);
		share_object(part);
	}
	e->use_pmap = false;
	if (e->tag == VM_MEMORY_SHARED_PMAP)
		e->tag = VM_MEMORY_UNSHARED_PMAP;
}

void
map_clip_start(struct map *map, struct entry *e, uint64_t start)
{
	const uint64_t unit = map->rules->nesting_size - 1;
	struct entry *lower;

	if (e->is_sub_map && e->use_pmap && start >= e->start)
		map_unnest(map, e, start, (start & ~unit) + unit + 1);
	if (start <= e->start)
		return;
	lower = entry_new_like(e);
	lower->end = start;
	e->offset += start - e->start;
	map_resize(map, e, start, e->end);
	map_link(map, lower);
	share_object(lower);
}

void
map_clip_end(struct map *map, struct entry *e, uint64_t end)
{
	struct entry *upper;

	if (end > e->end)
		end = e->end;
	if (e->is_sub_map && e->use_pmap)
		map_unnest(map, e, e->start, end);
	if (end >= e->end)
		return;
	upper = entry_new_like(e);
	upper->start = end;
	upper->offset += end - e->start;
	map_resize(map, e, e->start, end);
	map_link(map, upper);
	share_object(upper);
}

/* ---- simplify ------------------------------------------------------------ */

static bool
continues(const struct map *map, const struct entry *a, const struct entry *b)
{
	if (a->end != b->start || a->is_sub_map != b->is_sub_map ||
	    a->object != b->object || a->submap != b->submap ||
	    a->offset + (a->end - a->start) != b->offset)
		return false;
	if (a->is_shared != b->is_shared ||
	    (a->is_shared && !map->rules->simplifies_shared_entries))
		return false;
	return a->behavior == b->behavior && a->needs_copy == b->needs_copy &&
	    a->protection == b->protection &&
	    a->max_protection == b->max_protection &&
	    a->inheritance == b->inheritance && a->use_pmap == b->use_pmap &&
	    a->tag == b->tag && a->no_cache == b->no_cache &&
	    a->permanent == b->permanent &&
	    a->zero_wired_pages == b->zero_wired_pages &&
	    a->used_for_jit == b->used_for_jit && a->tpro == b->tpro &&
	    a->iokit_accounted == b->iokit_accounted &&
	    a->resilient_codesign == b->resilient_codesign &&
	    a->resilient_media == b->resilient_media &&
	    a->no_copy_on_read == b->no_copy_on_read &&
	    a->reserved == b->reserved && a->wired_count == b->wired_count &&
	    a->user_wired_count == b->user_wired_count && !a->superpage &&
	    !b->superpage;
}

void
map_simplify_entry(struct map *map, struct entry *e)
{
	struct entry *lower;
	uint64_t start, offset;

	lower = entry_prev(e);
	if (lower == NULL || !continues(map, lower, e))
		return;
	start = lower->start;
	offset = lower->offset;
	map_unlink(map, lower);
	map_resize(map, e, start, e->end);
	e->offset = offset;
	if (lower->is_sub_map)
		map_deallocate(lower->submap);
	else
		object_deallocate(lower->object);
	entry_free(lower);
}

/* vm_map_simplify_range() with a lock for each entry. */
static void
simplify_taken(struct map *map, uint64_t start, uint64_t end)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS | RANGE_MERGES | RANGE_NESTED,
	};

	if (range_begin(&r) == KERN_SUCCESS)
		range_end(&r);
}

void
map_simplify_range(struct map *map, uint64_t start, uint64_t end)
{
	struct entry *e;

	if (start >= end)
		return;
	start = trunc_page_in(map, start);
	end = round_page_in(map, end);
	if (map->rules->locks_entries) {
		simplify_taken(map, start, end);
		return;
	}
	for (e = map_lookup_or_next(map, start); e != NULL && e->start <= end;
	     e = entry_next(e))
		map_simplify_entry(map, e);
}
