/*
 * Wiring of a range: vm_map_wire_nested(), vm_map_unwire_nested() of
 * osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/wire.h"
#include "model/host/heap.h"
#include "model/vm/commpage.h"
#include "model/vm/fault.h"
#include "model/vm/fault_wire.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/vm.h"

#define MAX_WIRE_COUNT 65535

/* The task's own, and no more than the machine has: a part of it less, which
 * depends on the machine (osfmk/vm/vm_kern.c kmem_set_user_wire_limits()). */
static uint64_t
wire_limit(const struct map *map)
{
	const uint64_t memory = commpage_machine()->memory;

	return map->user_wire_limit < memory ? map->user_wire_limit : memory;
}

static kern_return_t
add_wire_counts(struct map *map, struct entry *e, bool user_wire)
{
	uint64_t size = e->end - e->start;

	if (!user_wire) {
		e->wired_count++;
		return KERN_SUCCESS;
	}
	if (e->user_wired_count == 0) {
		if (size + map->user_wire_size > wire_limit(map))
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

/* Executable code in a submap is not copied where code is signed. */
static bool
may_not_copy(const struct map *map, const struct entry *e)
{
	struct entry *leaf;

	return map->wx_denied &&
	    map_lookup_entry(e->submap, e->offset, &leaf) &&
	    (leaf->protection & VM_PROT_EXECUTE) != 0;
}

/*
 * Wiring part of the shared region makes it the process's own, as a store
 * would; what takes its place is wired like other memory.
 */
static kern_return_t
wire_submap(struct map *map, struct entry *e, uint64_t start, uint64_t end,
    vm_prot_t access, bool user_wire)
{
	kern_return_t kr;

	map_clip_start(map, e, start);
	map_clip_end(map, e, end);
	kr = may_not_copy(map, e) ? KERN_PROTECTION_FAILURE :
				    fault_copy_submap(map, e, e->start);
	if (kr == KERN_SUCCESS && (e->protection & access) != access)
		kr = KERN_PROTECTION_FAILURE;
	if (kr != KERN_SUCCESS)
		return map->rules->wire_tells_submap_fault ? kr : KERN_FAILURE;
	return wire_entry(map, e, e->start, end, access, user_wire);
}

/* ---- with a lock for each entry ------------------------------------------ */

/* What the submap's entries would allow once they are copied. */
static kern_return_t
judge_wire_submap(const struct range *r, const struct entry *e,
    vm_prot_t access)
{
	const uint64_t shift = e->offset - e->start;
	struct entry *leaf;
	vm_prot_t allowed;

	for (leaf = map_lookup_or_next(e->submap, r->from + shift);
	     leaf != NULL && leaf->start < r->to + shift;
	     leaf = entry_next(leaf)) {
		if (r->map->wx_denied &&
		    (leaf->protection & VM_PROT_EXECUTE) != 0)
			return KERN_PROTECTION_FAILURE;
		allowed = e->protection;
		if (allowed == VM_PROT_READ)
			allowed |= leaf->protection;
		if ((allowed & access) != access)
			return KERN_PROTECTION_FAILURE;
	}
	return KERN_SUCCESS;
}

static kern_return_t
judge_wire(const struct range *r, const struct entry *e)
{
	const vm_prot_t access = *(const vm_prot_t *)r->request;

	if (r->map->wx_denied && (e->protection & VM_PROT_EXECUTE) != 0)
		return KERN_PROTECTION_FAILURE;
	if (e->is_sub_map && e->needs_copy)
		return judge_wire_submap(r, e, access);
	if ((e->protection & access) != access && e->wired_count == 0)
		return KERN_PROTECTION_FAILURE;
	return KERN_SUCCESS;
}

/* vm_map_wire_stabilize_entry_object(): an object that stays, for just what
 * is wired, even if it has only just been made. */
static void
stabilize(struct map *map, struct entry *e)
{
	struct object *before;
	uint64_t offset, size = e->end - e->start;

	if (e->object == NULL) { /* maximum NONE */
		e->object = object_allocate(size);
		e->offset = 0;
	}
	if (e->object->copy_strategy == COPY_SYMMETRIC) {
		before = e->object;
		offset = e->offset;
		before->shadowed = true;
		entry_shadow(e, size);
		if (e->object != before)
			object_pmap_protect(before, offset, size, map->pmap,
			    e->start, e->protection & ~VM_PROT_WRITE);
		e->object->copy_strategy = COPY_DELAY;
		e->object->true_share = true;
	}
	e->object->shared_for_good = true;
}

enum wire_state { NOT_WIRED, PAGES_WIRED, COUNTED };

/* An entry of the range as the first pass has left it: later ones may find it
 * merged. */
struct wiring {
	TAILQ_ENTRY(wiring) link;
	uint64_t start, end, offset;
	struct object *object;
	enum wire_state state;
};
TAILQ_HEAD(wirings, wiring);

static void
remember(struct wirings *all, const struct entry *e, enum wire_state state)
{
	struct wiring *w = heap_alloc(sizeof(*w));

	w->start = e->start;
	w->end = e->end;
	w->offset = e->offset;
	w->object = e->object;
	w->state = state;
	object_reference(w->object);
	TAILQ_INSERT_TAIL(all, w, link);
}

/* undo: nothing of it stays wired. */
static void
forget(struct map *map, struct wirings *all, bool undo, bool user_wire)
{
	struct wiring *w;

	TAILQ_FOREACH (w, all, link) {
		if (undo && w->state == COUNTED)
			(void)map_unwire(map, w->start, w->end, user_wire);
		else if (undo && w->state == PAGES_WIRED)
			fault_unwire_pages(w->object, w->offset,
			    w->end - w->start);
	}
	while ((w = TAILQ_FIRST(all)) != NULL) {
		TAILQ_REMOVE(all, w, link);
		object_deallocate(w->object);
		heap_free(w, sizeof(*w));
	}
}

/* First pass: objects that stay, and whether there is room. */
static kern_return_t
prepare_all(struct range *r, struct wirings *all, bool user_wire)
{
	struct map *map = r->map;
	uint64_t total = 0, size;
	struct entry *e;
	kern_return_t kr;

	while ((e = range_next(r)) != NULL) {
		if (e->is_sub_map)
			continue; /* one that is not to be copied */
		stabilize(map, e);
		if (e->wired_count > 0) {
			kr = add_wire_counts(map, e, user_wire);
			if (kr != KERN_SUCCESS)
				return kr;
			remember(all, e, COUNTED);
			continue;
		}
		size = e->end - e->start;
		if (user_wire &&
		    map->user_wire_size + total + size > wire_limit(map))
			return KERN_RESOURCE_SHORTAGE;
		total += size;
		remember(all, e, NOT_WIRED);
	}
	return KERN_SUCCESS;
}

/* Last pass: the entries count, the pages show. */
static kern_return_t
count_all(struct range *r, struct wirings *all, vm_prot_t access,
    bool user_wire)
{
	struct wiring *w = TAILQ_FIRST(all);
	struct entry *e;
	kern_return_t kr;

	while ((e = range_next(r)) != NULL) {
		if (e->is_sub_map)
			continue;
		if (w->state == PAGES_WIRED) {
			w->state = NOT_WIRED;
			kr = add_wire_counts(r->map, e, user_wire);
			if (kr != KERN_SUCCESS)
				return kr;
			kr = fault_wire_resident(r->map, e, access);
			if (kr != KERN_SUCCESS) {
				subtract_wire_counts(r->map, e, user_wire);
				return kr;
			}
			w->state = COUNTED;
		}
		w = TAILQ_NEXT(w, link);
	}
	return KERN_SUCCESS;
}

/* vm_map_wire_impl(): every entry is taken, then every page wired, then every
 * entry counted. */
static kern_return_t
wire_range(struct map *map, uint64_t start, uint64_t end, vm_prot_t access,
    bool user_wire)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS | RANGE_RESOLVES,
		.judge = judge_wire,
		.request = &access,
	};
	struct wirings all = TAILQ_HEAD_INITIALIZER(all);
	struct wiring *w;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	kr = prepare_all(&r, &all, user_wire);
	TAILQ_FOREACH (w, &all, link) {
		if (kr != KERN_SUCCESS)
			break;
		if (w->state == COUNTED)
			continue;
		kr = fault_wire_pages(w->object, w->offset, w->end - w->start,
		    w->start);
		if (kr == KERN_SUCCESS)
			w->state = PAGES_WIRED;
	}
	r.how |= RANGE_MERGES;
	if (kr == KERN_SUCCESS && (kr = range_begin(&r)) == KERN_SUCCESS) {
		kr = count_all(&r, &all, access, user_wire);
		range_end(&r);
	}
	forget(map, &all, kr != KERN_SUCCESS, user_wire);
	return kr;
}

static kern_return_t
judge_unwire(const struct range *r, const struct entry *e)
{
	(void)r;
	return e->superpage ? KERN_INVALID_ADDRESS : KERN_SUCCESS;
}

/* vm_map_unwire_impl(): a hole anywhere, and nothing is unwired. */
static kern_return_t
unwire_range(struct map *map, uint64_t start, uint64_t end, bool user_wire)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS | RANGE_MERGES,
		.judge = judge_unwire,
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	while ((e = range_next(&r)) != NULL) {
		if (user_wire ? e->user_wired_count == 0 : e->wired_count == 0)
			continue;
		subtract_wire_counts(map, e, user_wire);
		if (e->wired_count > 0)
			continue;
		e->zero_wired_pages = false;
		fault_unwire(e);
	}
	range_end(&r);
	return KERN_SUCCESS;
}

/* -------------------------------------------------------------------------- */

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
	if (map->rules->locks_entries)
		return wire_range(map, start, end, access, user_wire);
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
	if (map->rules->locks_entries)
		return unwire_range(map, start, end, user_wire);
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
		if (map->rules->unwire_skips_before_hole && e->end < end &&
		    (next == NULL || next->start > e->end))
			continue;
		subtract_wire_counts(map, e, user_wire);
		if (e->wired_count > 0)
			continue;
		e->zero_wired_pages = false;
		fault_unwire(e);
	}
	map_simplify_range(map, start, end);
	return KERN_SUCCESS;
}
