/*
 * Protection of a range: vm_map_protect() of osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/protect.h"
#include "model/host/pmap.h"
#include "model/vm/enter.h"
#include "model/vm/map.h"
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

/* The first pass: every entry must allow it before any is changed. */
static kern_return_t
may_protect(struct map *map, struct entry *e, uint64_t end,
    vm_prot_t protection, bool set_maximum)
{
	vm_prot_t maximum;
	uint64_t reached;

	for (reached = e->start; e != NULL && e->start < end;
	     e = entry_next(e)) {
		if (e->start != reached)
			return KERN_INVALID_ADDRESS;
		maximum = e->max_protection;
		if (set_maximum && map->rules->maximum_may_gain_execute &&
		    (protection & VM_PROT_EXECUTE) != 0)
			maximum |= VM_PROT_EXECUTE;
		if ((protection & maximum) != protection)
			return KERN_PROTECTION_FAILURE;
		if (map->wx_denied && e->used_for_jit)
			return KERN_PROTECTION_FAILURE;
		if (map->wx_denied && (protection & VM_PROT_WRITE) != 0 &&
		    (protection & VM_PROT_EXECUTE) != 0)
			return KERN_PROTECTION_FAILURE;
		if (map->disallow_new_exec &&
		    ((protection & VM_PROT_EXECUTE) != 0 ||
			((protection & VM_PROT_WRITE) != 0 &&
			    (e->protection & VM_PROT_EXECUTE) != 0)))
			return KERN_PROTECTION_FAILURE;
		reached = e->end;
	}
	return end > reached ? KERN_INVALID_ADDRESS : KERN_SUCCESS;
}

kern_return_t
map_protect(struct map *map, uint64_t start, uint64_t end, vm_prot_t protection,
    bool set_maximum)
{
	const uint64_t superpage = SUPERPAGE_SIZE - 1;
	struct entry *e, *first;
	kern_return_t kr;
	vm_prot_t old;

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
	kr = may_protect(map, first, end, protection, set_maximum);
	if (kr != KERN_SUCCESS)
		return kr;
	map_clip_start(map, first, start);
	for (e = first; e != NULL && e->start < end; e = entry_next(e)) {
		map_clip_end(map, e, end);
		old = e->protection;
		if (set_maximum) {
			e->max_protection = protection;
			e->protection = protection & old;
		} else
			e->protection = protection;
		/* Writing is never allowed here, or pages that are to be
		 * copied would be written: the next touch allows it. */
		if (e->protection != old && map->pmap != NULL)
			pmap_protect(map->pmap, e->start, e->end,
			    (e->protection & VM_PROT_EXECUTE) &&
				    map->rules->execute_only_stays_readable ?
				VM_PROT_READ | VM_PROT_EXECUTE :
				e->protection & ~VM_PROT_WRITE);
	}
	for (e = first; e != NULL && e->start <= end; e = entry_next(e))
		map_simplify_entry(map, e);
	return KERN_SUCCESS;
}
