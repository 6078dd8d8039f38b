/*
 * Protection of a range: vm_map_protect() of osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/protect.h"
#include "model/host/pmap.h"
#include "model/vm/enter.h"
#include "model/vm/map.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/remap.h"
#include "model/vm/vm.h"

/* A private copy takes the place of the range before it is protected, and
 * stays when protecting fails. */
static kern_return_t
copy_range(struct map *map, uint64_t start, uint64_t end, vm_prot_t protection)
{
	vm_prot_t current = VM_PROT_NONE, maximum = protection & VM_PROT_ALL;
	const struct map_flags flags = {
		.overwrite = true,
		.remap_prot_copy = true,
		.overwrite_immutable =
		    map->rules->protect_copy_overwrites_permanent,
	};
	uint64_t address = start;

	if (start >= map->max_offset)
		return KERN_INVALID_ADDRESS;
	if (map->wx_denied && (protection & VM_PROT_EXECUTE) != 0)
		return KERN_PROTECTION_FAILURE;
	return map_remap(map, &address, end - start, 0, flags, REMAP_COPY, map,
	    start, &current, &maximum, VM_INHERIT_DEFAULT);
}

/* What is asked of each entry. */
struct change {
	vm_prot_t protection;
	bool set_maximum;
};

static kern_return_t
may_change(const struct map *map, const struct entry *e,
    const struct change *change)
{
	const vm_prot_t protection = change->protection;
	vm_prot_t maximum = e->max_protection;

	if (change->set_maximum && map->rules->maximum_may_gain_execute &&
	    (protection & VM_PROT_EXECUTE) != 0)
		maximum |= VM_PROT_EXECUTE;
	if ((protection & maximum) != protection)
		return KERN_PROTECTION_FAILURE;
	if (map->wx_denied && e->used_for_jit &&
	    map->rules->jit_keeps_protection)
		return KERN_PROTECTION_FAILURE;
	if (!e->used_for_jit && map->wx_denied &&
	    (protection & VM_PROT_WRITE) != 0 &&
	    (protection & VM_PROT_EXECUTE) != 0)
		return KERN_PROTECTION_FAILURE;
	if (map->disallow_new_exec &&
	    ((protection & VM_PROT_EXECUTE) != 0 ||
		((protection & VM_PROT_WRITE) != 0 &&
		    (e->protection & VM_PROT_EXECUTE) != 0)))
		return KERN_PROTECTION_FAILURE;
	return KERN_SUCCESS;
}

/* The first pass: every entry must allow it before any is changed. */
static kern_return_t
may_change_all(struct map *map, struct entry *e, uint64_t end,
    const struct change *change)
{
	kern_return_t kr;
	uint64_t reached;

	for (reached = e->start; e != NULL && e->start < end;
	     e = entry_next(e)) {
		if (e->start != reached)
			return KERN_INVALID_ADDRESS;
		kr = may_change(map, e, change);
		if (kr != KERN_SUCCESS)
			return kr;
		reached = e->end;
	}
	return end > reached ? KERN_INVALID_ADDRESS : KERN_SUCCESS;
}

static void
change_entry(struct map *map, struct entry *e, const struct change *change)
{
	const vm_prot_t old = e->protection;

	if (change->set_maximum) {
		e->max_protection = change->protection;
		e->protection = change->protection & old;
	} else
		e->protection = change->protection;
	/* Writing is never allowed here, or pages that are to be copied would
	 * be written: the next touch allows it. */
	if (e->protection != old && map->pmap != NULL)
		pmap_protect(map->pmap, e->start, e->end,
		    (e->protection & VM_PROT_EXECUTE) &&
			    map->rules->execute_only_stays_readable ?
			VM_PROT_READ | VM_PROT_EXECUTE :
			e->protection & ~VM_PROT_WRITE);
}

static kern_return_t
judge(const struct range *r, const struct entry *e)
{
	return may_change(r->map, e, r->request);
}

/* With a lock for each entry. */
static kern_return_t
change_range(struct map *map, uint64_t start, uint64_t end,
    const struct change *change)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS | RANGE_MERGES |
		    RANGE_ANYWHERE,
		.judge = judge,
		.request = change,
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	while ((e = range_next(&r)) != NULL)
		change_entry(map, e, change);
	range_end(&r);
	return KERN_SUCCESS;
}

kern_return_t
map_protect(struct map *map, uint64_t start, uint64_t end, vm_prot_t protection,
    bool set_maximum)
{
	const uint64_t superpage = SUPERPAGE_SIZE - 1;
	struct change change = { .set_maximum = set_maximum };
	struct entry *e, *first;
	kern_return_t kr;

	if ((protection & VM_PROT_COPY) != 0) {
		kr = copy_range(map, start, end, protection);
		if (kr != KERN_SUCCESS)
			return kr;
		protection &= ~VM_PROT_COPY;
	}
	if (start >= map->max_offset || !map_lookup_entry(map, start, &first))
		return KERN_INVALID_ADDRESS;
	if (first->superpage) {
		start &= ~superpage;
		end = (end + superpage) & ~superpage;
		map_lookup_entry(map, start, &first);
	}
	change.protection = protection;
	if (map->rules->locks_entries)
		return change_range(map, start, end, &change);
	kr = may_change_all(map, first, end, &change);
	if (kr != KERN_SUCCESS)
		return kr;
	map_clip_start(map, first, start);
	for (e = first; e != NULL && e->start < end; e = entry_next(e)) {
		map_clip_end(map, e, end);
		change_entry(map, e, &change);
	}
	for (e = first; e != NULL && e->start <= end; e = entry_next(e))
		map_simplify_entry(map, e);
	return KERN_SUCCESS;
}
