/*
 * Inheritance and behaviour of a range of a map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/attributes.h"
#include "model/vm/advice.h"
#include "model/vm/map.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/vm.h"

static kern_return_t
judge_inherit(const struct range *r, const struct entry *e)
{
	const vm_inherit_t *inheritance = r->request;

	return e->is_sub_map && *inheritance == VM_INHERIT_COPY ?
	    KERN_INVALID_ARGUMENT :
	    KERN_SUCCESS;
}

/* With a lock for each entry: a submap ends it, what is below has changed. */
static kern_return_t
inherit_range(struct map *map, uint64_t start, uint64_t end,
    vm_inherit_t inheritance)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_STREAM | RANGE_CLIPS | RANGE_HOLES,
		.judge = judge_inherit,
		.request = &inheritance,
	};
	struct entry *e;

	if (range_begin(&r) != KERN_SUCCESS)
		return KERN_SUCCESS; /* nothing there */
	while ((e = range_next(&r)) != NULL)
		e->inheritance = inheritance;
	return r.error;
}

kern_return_t
map_inherit(struct map *map, uint64_t start, uint64_t end,
    vm_inherit_t inheritance)
{
	struct entry *e, *first;

	map_clamp(map, &start, &end);
	if (map->rules->locks_entries)
		return inherit_range(map, start, end, inheritance);
	first = map_lookup_or_next(map, start);
	for (e = first; e != NULL && e->start < end; e = entry_next(e))
		if (e->is_sub_map && inheritance == VM_INHERIT_COPY)
			return KERN_INVALID_ARGUMENT;
	/* Clips even when the range is empty or ends below the entry. */
	if (first != NULL)
		map_clip_start(map, first, start);
	for (e = first; e != NULL && e->start < end; e = entry_next(e)) {
		map_clip_end(map, e, end);
		e->inheritance = inheritance;
	}
	return KERN_SUCCESS;
}

static kern_return_t
judge_zero_wired(const struct range *r, const struct entry *e)
{
	(void)r;
	return (e->protection & VM_PROT_WRITE) == 0 || e->used_for_jit ?
	    KERN_PROTECTION_FAILURE :
	    KERN_SUCCESS;
}

/* With a lock for each entry: a hole and a refusal in order of address. */
static kern_return_t
remember_range(struct map *map, uint64_t start, uint64_t end,
    vm_behavior_t behavior)
{
	const bool zeroes = behavior == VM_BEHAVIOR_ZERO_WIRED_PAGES;
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC | RANGE_CLIPS,
		.judge = zeroes ? judge_zero_wired : NULL,
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	while ((e = range_next(&r)) != NULL)
		if (zeroes)
			e->zero_wired_pages = true;
		else
			e->behavior = behavior;
	return KERN_SUCCESS;
}

/* The behaviours that an entry remembers. */
static kern_return_t
remember_behavior(struct map *map, uint64_t start, uint64_t end,
    vm_behavior_t behavior)
{
	const bool zeroes = behavior == VM_BEHAVIOR_ZERO_WIRED_PAGES;
	struct entry *e, *first;

	if (map->rules->locks_entries)
		return remember_range(map, start, end, behavior);

	if (!map_range_check(map, start, end, &first))
		return KERN_INVALID_ADDRESS;
	map_clip_start(map, first, start);
	for (e = first; zeroes && map->rules->zero_wired_needs_write &&
	     e != NULL && e->start < end;
	     e = entry_next(e))
		if ((e->protection & VM_PROT_WRITE) == 0 || e->used_for_jit)
			return KERN_PROTECTION_FAILURE;
	for (e = first; e != NULL && e->start < end; e = entry_next(e)) {
		map_clip_end(map, e, end);
		if (zeroes)
			e->zero_wired_pages = true;
		else
			e->behavior = behavior;
	}
	return KERN_SUCCESS;
}

/* vm_map_behavior_set() */
static kern_return_t
behavior_set(struct map *map, uint64_t start, uint64_t end,
    vm_behavior_t behavior)
{
	if (start > end || start < map->min_offset || end > map->max_offset)
		return KERN_NO_SPACE;
	if (map->rules->attributes_check_overflow &&
	    range_overflows(start, end - start, page_mask(map)))
		return KERN_INVALID_ADDRESS;
	switch (behavior) {
	case VM_BEHAVIOR_DEFAULT:
	case VM_BEHAVIOR_RANDOM:
	case VM_BEHAVIOR_SEQUENTIAL:
	case VM_BEHAVIOR_RSEQNTL:
	case VM_BEHAVIOR_ZERO_WIRED_PAGES:
		return remember_behavior(map, start, end, behavior);
	default:
		return map_behavior_pages(map, start, end, behavior);
	}
}

/* Some act on pages of the hardware, whatever the map's. */
static uint64_t
behavior_mask(const struct map *map, vm_behavior_t behavior)
{
	const struct rules *rules = map->rules;

	switch (behavior) {
	case VM_BEHAVIOR_ZERO:
		if (!rules->has_behavior_zero)
			return page_mask(map);
		/* FALLTHROUGH */
	case VM_BEHAVIOR_REUSABLE:
	case VM_BEHAVIOR_REUSE:
	case VM_BEHAVIOR_CAN_REUSE:
		return (UINT64_C(1) << rules->kernel_page_shift) - 1;
	default:
		return page_mask(map);
	}
}

/* What older releases answered; osfmk/vm/vm_sanitize_error_compat.c
 * vm_sanitize_err_compat_addr_size_vm_behavior_set(). */
static kern_return_t
behavior_error(const struct map *map, uint64_t address, uint64_t size,
    uint64_t mask)
{
	uint64_t start = address & ~mask, end = (address + size + mask) & ~mask;

	if (address + size < address)
		return KERN_INVALID_ARGUMENT;
	if (start > end || start < map->min_offset || end > map->max_offset)
		return KERN_NO_SPACE;
	return KERN_INVALID_ADDRESS;
}

kern_return_t
kernel_behavior_set(struct task *task, uint64_t address, uint64_t size,
    vm_behavior_t behavior)
{
	struct map *map = task->map;
	uint64_t mask, start, end;

	if (task->rules->sanitizes_attributes) {
		if (behavior < 0 || behavior > VM_BEHAVIOR_ZERO)
			return KERN_INVALID_ARGUMENT;
		mask = behavior_mask(map, behavior);
		if (size == 0)
			return KERN_SUCCESS;
		if (!sanitize_range(address, size, mask, &start, &end))
			return behavior_error(map, address, size, mask);
		return behavior_set(map, start, end, behavior);
	}
	if (address + size < address)
		return KERN_INVALID_ARGUMENT;
	if (size == 0)
		return KERN_SUCCESS;
	mask = behavior_mask(map, behavior);
	return behavior_set(map, address & ~mask,
	    (address + size + mask) & ~mask, behavior);
}
