/*
 * Advice that acts on pages: reusable pages, prefaulting and zeroing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/advice.h"
#include "model/host/frame.h"
#include "model/host/pmap.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/msync.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/pager.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* ---- reusable -------------------------------------------------------------- */

/* Malloc's memory only while it looks as malloc made it. */
static bool
is_reusable(const struct entry *entry)
{
	const struct object *object = entry->object;

	if (entry->is_sub_map)
		return false;
	switch (entry->tag) {
	case VM_MEMORY_MALLOC:
	case VM_MEMORY_MALLOC_SMALL:
	case VM_MEMORY_MALLOC_LARGE:
	case VM_MEMORY_REALLOC:
	case VM_MEMORY_MALLOC_TINY:
	case VM_MEMORY_MALLOC_LARGE_REUSABLE:
	case VM_MEMORY_MALLOC_LARGE_REUSED:
		break;
	default:
		return true;
	}
	if ((kernel->rules->reusable_not_shared && entry->is_shared) ||
	    entry->protection != VM_PROT_DEFAULT ||
	    entry->max_protection != VM_PROT_ALL ||
	    entry->inheritance != VM_INHERIT_DEFAULT || entry->no_cache ||
	    entry->permanent || entry->superpage || entry->zero_wired_pages ||
	    entry->wired_count != 0 || entry->user_wired_count != 0)
		return false;
	if (object == NULL)
		return true;
	if ((kernel->rules->reusable_not_shared &&
		object->copy_strategy != COPY_SYMMETRIC) ||
	    (kernel->rules->reusable_not_true_share &&
		(object->true_share || object->copy_strategy == COPY_DELAY)))
		return false;
	if (kernel->rules->reusable_not_wired && object->wired_page_count > 0)
		return false;
	return object->copy == NULL && object->shadow == NULL &&
	    object->internal && object->purgable == VM_PURGABLE_DENY;
}

/* The part of an entry's object that [start, end) covers. */
static void
bounds_in_object(const struct entry *entry, uint64_t start, uint64_t end,
    uint64_t *from, uint64_t *to)
{
	*from = entry->offset +
	    (entry->start < start ? start - entry->start : 0);
	*to = entry->offset +
	    ((end < entry->end ? end : entry->end) - entry->start);
}

static kern_return_t
may_reuse(const struct entry *entry, vm_behavior_t behavior)
{
	if (!is_reusable(entry))
		return KERN_INVALID_ADDRESS;
	if (behavior == VM_BEHAVIOR_REUSABLE &&
	    !(entry->protection & VM_PROT_WRITE) && !entry->used_for_jit)
		return KERN_PROTECTION_FAILURE;
	return KERN_SUCCESS;
}

static void
reusable_entry(const struct map *map, struct entry *entry, uint64_t start,
    uint64_t end)
{
	struct object *object = entry->object;
	uint64_t from, to;

	if (object == NULL)
		return;
	bounds_in_object(entry, start, end, &from, &to);
	if (object_may_lose_pages(object) && !entry->iokit_accounted &&
	    entry->use_pmap)
		object_deactivate_pages(object, from, to - from, map->pmap,
		    entry->start + (from - entry->offset), true, true);
	if (entry->tag == VM_MEMORY_MALLOC_LARGE ||
	    entry->tag == VM_MEMORY_MALLOC_LARGE_REUSED)
		entry->tag = VM_MEMORY_MALLOC_LARGE_REUSABLE;
}

static void
reuse_entry(struct entry *entry, uint64_t start, uint64_t end)
{
	struct object *object = entry->object;
	struct page *page;
	uint64_t from, to;

	bounds_in_object(entry, start, end, &from, &to);
	for (page = object == NULL ? NULL : page_first(object, from);
	     page != NULL && page->offset < to; page = page_next(page)) {
		if (page->reusable) {
			page->reusable = false;
			object->reusable_page_count--;
		}
	}
	if (entry->tag == VM_MEMORY_MALLOC_LARGE_REUSABLE)
		entry->tag = VM_MEMORY_MALLOC_LARGE_REUSED;
}

static void
act_on_entry(const struct map *map, struct entry *entry, uint64_t start,
    uint64_t end, vm_behavior_t behavior)
{
	if (behavior == VM_BEHAVIOR_REUSABLE)
		reusable_entry(map, entry, start, end);
	else if (behavior == VM_BEHAVIOR_REUSE)
		reuse_entry(entry, start, end);
}

static kern_return_t
judge_reuse(const struct range *r, const struct entry *e)
{
	const vm_behavior_t *behavior = r->request;

	return may_reuse(e, *behavior);
}

static kern_return_t
reusable_range(struct map *map, uint64_t start, uint64_t end,
    vm_behavior_t behavior)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_ATOMIC,
		.judge = judge_reuse,
		.request = &behavior,
	};
	struct entry *entry;
	kern_return_t kr;

	if (behavior != VM_BEHAVIOR_CAN_REUSE &&
	    map->page_shift < kernel->rules->kernel_page_shift)
		return KERN_SUCCESS;
	if (kernel->rules->locks_entries) {
		kr = range_begin(&r);
		while (kr == KERN_SUCCESS && (entry = range_next(&r)) != NULL)
			act_on_entry(map, entry, start, end, behavior);
		return kr;
	}
	if (!map_range_check(map, start, end, &entry))
		return KERN_INVALID_ADDRESS;
	for (; entry != NULL && entry->start < end; entry = entry_next(entry)) {
		kr = may_reuse(entry, behavior);
		if (kr != KERN_SUCCESS)
			return kr;
		act_on_entry(map, entry, start, end, behavior);
	}
	return KERN_SUCCESS;
}

/* ---- willneed, zero -------------------------------------------------------- */

/* vm_pre_fault(): only what the pmap does not show yet. */
static kern_return_t
prefault(struct map *map, uint64_t address, vm_prot_t access)
{
	struct entry *entry;

	if (map->pmap != NULL &&
	    pmap_frame(map->pmap, address, NULL) != HOST_NO_FRAME)
		return KERN_SUCCESS;
	/* An execute-only page stays in the page table, which the host's
	 * cannot say; what is in the object was touched before. */
	if (kernel->rules->fetch_from_execute_only &&
	    map_lookup_entry(map, address, &entry) &&
	    entry->protection == VM_PROT_EXECUTE && entry->object != NULL &&
	    page_lookup(entry->object,
		entry->offset + (address - entry->start)) != NULL)
		return KERN_SUCCESS;
	return fault(map, address, access, false);
}

/* Since 15.4: what the entry allows, and the first error ends it. */
static kern_return_t
prefault_part(struct map *map, const struct entry *entry, uint64_t start,
    uint64_t end)
{
	const vm_prot_t access = (entry->protection & VM_PROT_WRITE) ?
	    VM_PROT_WRITE :
	    VM_PROT_READ;
	kern_return_t kr = KERN_SUCCESS;

	for (; start < end && kr == KERN_SUCCESS; start += kernel->page_size)
		kr = prefault(map, start, access);
	return kr;
}

/* With a lock for each entry: what lies below a hole is there then. */
static kern_return_t
willneed_range(struct map *map, uint64_t start, uint64_t end)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_STREAM,
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	while ((e = range_next(&r)) != NULL) {
		kr = prefault_part(map, e, r.from, r.to);
		if (kr != KERN_SUCCESS)
			return kr;
	}
	return r.error;
}

/* Until 15.3 a file is asked for its pages, which are not shown, whatever
 * comes of it. */
static void
page_in(const struct entry *entry, uint64_t start, uint64_t end)
{
	struct object *object = entry->object;
	uint64_t from, to;

	bounds_in_object(entry, start, end, &from, &to);
	while (object->pager == NULL && object->shadow != NULL) {
		from += object->shadow_offset;
		to += object->shadow_offset;
		object = object->shadow;
	}
	if (object->pager != NULL)
		pager_pages(object, from, to);
}

static kern_return_t
willneed(struct map *map, uint64_t start, uint64_t end)
{
	struct entry *entry;
	kern_return_t kr;
	uint64_t stop;

	if (kernel->rules->locks_entries)
		return willneed_range(map, start, end);
	if (!map_range_check(map, start, end, &entry))
		return KERN_INVALID_ADDRESS;
	if (!kernel->rules->willneed_prefaults) {
		for (; entry != NULL && entry->start < end;
		     entry = entry_next(entry))
			if (!entry->is_sub_map && entry->object != NULL &&
			    (entry->protection & VM_PROT_READ))
				page_in(entry, start, end);
		return KERN_SUCCESS;
	}
	for (; entry != NULL && start < end; entry = entry_next(entry)) {
		stop = end < entry->end ? end : entry->end;
		if (kernel->rules->willneed_reports_faults) {
			kr = prefault_part(map, entry, start, stop);
			if (kr != KERN_SUCCESS)
				return kr;
			start = stop;
			continue;
		}
		if (entry->is_sub_map ||
		    (entry->protection & VM_PROT_READ) == 0)
			start = stop;
		else if (entry->object != NULL && !entry->object->internal) {
			page_in(entry, start, stop);
			start = stop;
		}
		for (; start < stop; start += kernel->page_size)
			(void)prefault(map, start,
			    VM_PROT_READ | VM_PROT_WRITE);
	}
	return KERN_SUCCESS;
}

static kern_return_t
zero_object(struct object *object, uint64_t from, uint64_t to)
{
	struct page *page;

	if (!object->internal)
		return KERN_PROTECTION_FAILURE;
	if (object->shadow != NULL || object->copy != NULL)
		return KERN_NO_ACCESS;
	if (to - from > object->size)
		return KERN_INVALID_ADDRESS;
	for (page = page_first(object, from); page != NULL && page->offset < to;
	     page = page_next(page))
		page_zero(page);
	return KERN_SUCCESS;
}

static kern_return_t
may_zero(const struct entry *entry)
{
	if (!(entry->protection & VM_PROT_WRITE) ||
	    (entry->protection & VM_PROT_EXECUTE) || entry->used_for_jit)
		return KERN_PROTECTION_FAILURE;
	return entry->needs_copy || entry->is_sub_map ? KERN_NO_ACCESS :
							KERN_SUCCESS;
}

static kern_return_t
judge_zero(const struct range *r, const struct entry *e)
{
	(void)r;
	return may_zero(e);
}

static kern_return_t
zero_held(struct object *object, uint64_t from, uint64_t to)
{
	kern_return_t kr;

	object_reference(object);
	kr = zero_object(object, from, to);
	object_deallocate(object);
	return kr;
}

/* With a lock for each entry: what lies below a hole is zeroed. */
static kern_return_t
zero_taken(struct map *map, uint64_t start, uint64_t end)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_STREAM,
		.judge = judge_zero,
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);
	uint64_t from;

	if (kr != KERN_SUCCESS)
		return kr;
	while ((e = range_next(&r)) != NULL) {
		if (e->object == NULL)
			continue;
		from = range_offset(&r);
		kr = zero_held(e->object, from, from + (r.to - r.from));
		if (kr != KERN_SUCCESS)
			return kr;
	}
	return r.error;
}

static kern_return_t
zero_range(struct map *map, uint64_t start, uint64_t end)
{
	uint64_t current = start, from, to;
	struct entry *entry;
	kern_return_t kr;

	if (map->page_shift < kernel->rules->kernel_page_shift)
		return KERN_NO_ACCESS;
	if (kernel->rules->locks_entries)
		return zero_taken(map, start, end);
	if (!map_range_check(map, start, end, &entry))
		return KERN_INVALID_ADDRESS;
	for (; entry != NULL && entry->start < end; entry = entry_next(entry)) {
		kr = may_zero(entry);
		if (kr != KERN_SUCCESS)
			return kr;
		if (entry->object == NULL)
			continue; /* and current stays behind */
		bounds_in_object(entry, current, end, &from, &to);
		kr = zero_held(entry->object, from, to);
		if (kr != KERN_SUCCESS)
			return kr;
		current += to - from;
		if (current == end)
			break;
	}
	return KERN_SUCCESS;
}

kern_return_t
map_behavior_pages(struct map *map, uint64_t start, uint64_t end,
    vm_behavior_t behavior)
{
	switch (behavior) {
	case VM_BEHAVIOR_WILLNEED:
		return willneed(map, start, end);
	case VM_BEHAVIOR_DONTNEED:
		return map_msync(map, start, end - start,
		    VM_SYNC_DEACTIVATE | VM_SYNC_CONTIGUOUS);
	case VM_BEHAVIOR_FREE:
		return map_msync(map, start, end - start,
		    VM_SYNC_KILLPAGES | VM_SYNC_CONTIGUOUS);
	case VM_BEHAVIOR_REUSABLE:
	case VM_BEHAVIOR_REUSE:
	case VM_BEHAVIOR_CAN_REUSE:
		return reusable_range(map, start, end, behavior);
	case VM_BEHAVIOR_ZERO:
		if (kernel->rules->has_behavior_zero)
			return zero_range(map, start, end);
		return KERN_INVALID_ARGUMENT;
	default:
		/* PAGEOUT is there in development kernels only */
		return KERN_INVALID_ARGUMENT;
	}
}
