/*
 * Taking a range out of a map and putting it into another: vm_map_copyin()
 * and vm_map_copyout(), and the routines that read.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/sanitize.h"
#include "model/vm/copy.h"
#include "model/host/heap.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/fault_wire.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/overwrite.h"
#include "model/vm/purgeable.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

struct copy *
copy_allocate(uint64_t offset, uint64_t size)
{
	struct copy *copy = heap_alloc(sizeof(*copy));

	copy->offset = offset;
	copy->size = size;
	TAILQ_INIT(&copy->entries);
	return copy;
}

void
copy_discard(struct copy *copy)
{
	struct entry *entry;

	if (copy == NULL)
		return;
	while ((entry = TAILQ_FIRST(&copy->entries)) != NULL) {
		TAILQ_REMOVE(&copy->entries, entry, order);
		if (entry->is_sub_map)
			map_deallocate(entry->submap);
		else
			object_deallocate(entry->object);
		entry_free(entry);
	}
	if (copy->data != NULL)
		heap_free(copy->data, copy->size);
	heap_free(copy, sizeof(*copy));
}

void
copy_clip_end(struct copy *copy, struct entry *entry, uint64_t end)
{
	struct entry *upper;

	if (end >= entry->end)
		return;
	upper = entry_new_like(entry);
	upper->offset += end - entry->start;
	upper->start = entry->end = end;
	object_reference(upper->object);
	if (upper->object != NULL)
		upper->object->clipped = true;
	TAILQ_INSERT_AFTER(&copy->entries, entry, upper, order);
}

void
copy_clip_start(struct entry *entry, uint64_t start)
{
	struct entry *lower;

	if (start <= entry->start)
		return;
	lower = entry_new_like(entry);
	entry->offset += start - entry->start;
	lower->end = entry->start = start;
	object_reference(lower->object);
	if (lower->object != NULL)
		lower->object->clipped = true;
	TAILQ_INSERT_BEFORE(entry, lower, order);
}

void
entry_reset_copied(struct entry *entry)
{
	entry->is_shared = false;
	entry->wired_count = entry->user_wired_count = 0;
	entry->permanent = false;
	entry->resilient_codesign = entry->resilient_media = false;
	entry->no_copy_on_read = false;
	if (entry->iokit_accounted) {
		entry->iokit_accounted = false;
		entry->use_pmap = true;
	}
}

/* ---- copyin ---------------------------------------------------------------- */

static kern_return_t
copyin_buffer(struct map *map, uint64_t address, uint64_t size, bool destroy,
    struct copy **result)
{
	struct copy *copy = copy_allocate(0, size);

	copy->data = heap_alloc(size);
	if (!map_read_bytes(map, address, copy->data, size)) {
		copy_discard(copy);
		return KERN_INVALID_ADDRESS;
	}
	if (destroy)
		map_delete(map, trunc_page_in(map, address),
		    round_page_in(map, address + size), 0, NULL);
	*result = copy;
	return KERN_SUCCESS;
}

/*
 * Give new_entry, which describes source from offset on, an object of its own
 * or the obligation to copy.
 */
static kern_return_t
copyin_object(struct map *map, struct entry *source, struct entry *new_entry,
    uint64_t offset, uint64_t size, bool is_submap, int flags)
{
	struct object *object = source->object, *copy = NULL;
	bool source_needs_copy, needs_copy;
	kern_return_t kr;

again:
	if ((object == NULL ||
		(source->wired_count == 0 && !is_submap &&
		    !source->is_shared)) &&
	    object_copy_quickly(object, &source_needs_copy, &needs_copy)) {
		new_entry->needs_copy = needs_copy;
		if (source_needs_copy && !source->needs_copy) {
			object_pmap_protect(object, offset, size,
			    source->is_shared ? NULL : map->pmap, source->start,
			    source->protection & ~VM_PROT_WRITE);
			source->needs_copy = true;
		}
		return KERN_SUCCESS;
	}

	object_reference(object);
	kr = KERN_SUCCESS;
	if (source->wired_count == 0 &&
	    object->copy_strategy == COPY_SYMMETRIC &&
	    (source->is_shared || is_submap)) {
		copy = object_copy_delayed(object, offset, size);
		new_entry->needs_copy = true;
	} else if (source->wired_count == 0 &&
	    (object->copy_strategy != COPY_DELAY_FORK ||
		(flags & COPYIN_FORK))) {
		needs_copy = new_entry->needs_copy;
		kr = object_copy_strategically(object, offset, size,
		    (flags & COPYIN_FORK) != 0, &copy, &new_entry->offset,
		    &needs_copy);
		new_entry->needs_copy = needs_copy;
	}
	if (copy == NULL && kr == KERN_SUCCESS) {
		kr = object_copy_slowly(object, offset, size, &copy);
		new_entry->offset = offset - trunc_object(offset);
		new_entry->needs_copy = false;
	}
	new_entry->object = copy;
	if (kr == KERN_SUCCESS && source->used_for_jit &&
	    map->rules->jit_copyin_is_copied_at_once)
		copy->copy_strategy = COPY_NONE;
	object_deallocate(object);
	if (kr == KERN_MEMORY_RESTART_COPY) {
		new_entry->object = object;
		goto again;
	}
	return kr;
}

/* ---- copyin with a lock for each entry ------------------------------------- */

/* Symmetric memory becomes copy-on-write before anything else is judged; only
 * that splits an entry. */
static kern_return_t
judge_copyin(const struct range *r, const struct entry *e)
{
	(void)r;
	return e->object != NULL &&
		e->object->copy_strategy == COPY_SYMMETRIC && !e->needs_copy ?
	    RANGE_COPY :
	    KERN_SUCCESS;
}

/* vm_map_copyin_internal_for_entry(): what of an entry is in the range, at
 * start in the copy. */
static kern_return_t
copyin_entry(const struct range *r, struct entry *e, uint64_t start, int flags,
    struct copy *copy)
{
	const uint64_t size = r->to - r->from;
	struct entry *new_entry;
	kern_return_t kr;

	if (e->object != NULL && e->object->phys_contiguous)
		return KERN_PROTECTION_FAILURE;
	if (((e->protection & VM_PROT_READ) == 0 &&
		!(flags & COPYIN_MAXPROT)) ||
	    (e->max_protection & VM_PROT_READ) == 0)
		return KERN_PROTECTION_FAILURE;
	new_entry = entry_new_like(e);
	entry_reset_copied(new_entry);
	new_entry->use_pmap = true;
	new_entry->start = start;
	new_entry->end = start + size;
	new_entry->offset = range_offset(r);
	kr = copyin_object(r->in, e, new_entry, new_entry->offset, size,
	    r->in != r->map, flags);
	if (kr != KERN_SUCCESS) {
		entry_free(new_entry);
		return kr;
	}
	TAILQ_INSERT_TAIL(&copy->entries, new_entry, order);
	return KERN_SUCCESS;
}

static kern_return_t
copyin_range(struct map *map, uint64_t start, uint64_t end, int flags,
    struct copy *copy)
{
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_STREAM | RANGE_DESCENDS | RANGE_ANYWHERE,
		.judge = judge_copyin,
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	while ((e = range_next(&r)) != NULL) {
		kr = copyin_entry(&r, e, start, flags, copy);
		if (kr != KERN_SUCCESS)
			return kr;
		start += r.to - r.from;
	}
	return r.error;
}

/* One entry of a map that forks. */
kern_return_t
map_copyin_entry(struct map *map, struct entry *e, int flags,
    struct copy **result)
{
	struct range r = {
		.map = map,
		.in = map,
		.from = e->start,
		.to = e->end,
		.entry = e,
	};
	struct copy *copy = copy_allocate(e->start, e->end - e->start);
	kern_return_t kr = copyin_entry(&r, e, e->start, flags, copy);

	if (kr == KERN_SUCCESS)
		*result = copy;
	else
		copy_discard(copy);
	return kr;
}

/* -------------------------------------------------------------------------- */

kern_return_t
map_copyin(struct map *map, uint64_t address, uint64_t size, int flags,
    struct copy **result)
{
	uint64_t start, end, leaf_start, leaf_end, part;
	struct entry *entry, *leaf, *new_entry;
	struct map *leaf_map;
	struct copy *copy;
	kern_return_t kr = KERN_INVALID_ADDRESS;

	*result = NULL;
	if (size == 0)
		return KERN_SUCCESS;
	if (range_overflows(address, size, page_mask(map)))
		return KERN_INVALID_ADDRESS;
	start = trunc_page_in(map, address);
	end = round_page_in(map, address + size);
	if (size <= kernel->rules->small_copy_max && /* msg_ool_size_small */
	    !(flags & (COPYIN_MAXPROT | COPYIN_ENTRY_LIST)) &&
	    start >= map->min_offset && start < map->max_offset &&
	    end >= map->min_offset && end < map->max_offset)
		return copyin_buffer(map, address, size,
		    (flags & COPYIN_DESTROY) != 0, result);

	copy = copy_allocate(address, size);
	if (kernel->rules->locks_entries) {
		kr = copyin_range(map, start, end, flags, copy);
		if (kr != KERN_SUCCESS)
			goto fail;
		goto copied;
	}
	if (!map_lookup_entry(map, address, &entry))
		goto fail;
	if (!entry->is_sub_map)
		map_clip_start(map, entry, start);
	for (;;) {
		leaf = entry;
		leaf_map = map;
		leaf_start = start;
		leaf_end = end;
		while (leaf->is_sub_map) {
			if (leaf_end > leaf_start + (leaf->end - leaf_start))
				leaf_end = leaf->end;
			leaf_start += leaf->offset - leaf->start;
			leaf_end += leaf->offset - leaf->start;
			leaf_map = leaf->submap;
			if (!map_lookup_entry(leaf_map, leaf_start, &leaf))
				goto fail;
			if (!leaf->is_sub_map)
				map_clip_start(leaf_map, leaf, leaf_start);
		}
		if (((leaf->protection & VM_PROT_READ) == 0 &&
			!(flags & COPYIN_MAXPROT)) ||
		    (leaf->object != NULL && !leaf->is_sub_map &&
			leaf->object->phys_contiguous) ||
		    (leaf->max_protection & VM_PROT_READ) == 0) {
			kr = KERN_PROTECTION_FAILURE;
			goto fail;
		}
		map_clip_end(leaf_map, leaf, leaf_end);
		part = leaf->end - leaf_start;
		new_entry = entry_new_like(leaf);
		entry_reset_copied(new_entry);
		new_entry->use_pmap = true;
		new_entry->start = start;
		new_entry->end = start + part;
		kr = copyin_object(leaf_map, leaf, new_entry, leaf->offset,
		    part, leaf_map != map, flags);
		if (kr != KERN_SUCCESS) {
			entry_free(new_entry);
			goto fail;
		}
		TAILQ_INSERT_TAIL(&copy->entries, new_entry, order);
		if (leaf_map != map)
			map_simplify_range(leaf_map, leaf_start,
			    leaf_start + part);
		start += part;
		if (start >= end)
			break;
		kr = KERN_INVALID_ADDRESS;
		if (start < entry->end)
			continue; /* more of the submap */
		entry = entry_next(entry);
		if (entry == NULL || entry->start != start)
			goto fail;
	}
copied:
	if (flags & COPYIN_DESTROY)
		map_delete(map, trunc_page_in(map, address), end, 0, NULL);
	else
		map_simplify_range(map, trunc_page_in(map, address), end);
	*result = copy;
	return KERN_SUCCESS;

fail:
	copy_discard(copy);
	return kr;
}

/* ---- copyout --------------------------------------------------------------- */

static kern_return_t
copyout_buffer(struct map *map, uint64_t *address, struct copy *copy)
{
	struct map_flags flags = { .anywhere = true };
	kern_return_t kr;

	*address = 0;
	kr = map_enter(map, address, round_page_in(map, copy->size), 0, flags,
	    NULL, 0, false, VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT);
	if (kr != KERN_SUCCESS)
		return kr;
	if (!map_write_bytes(map, *address, copy->data, copy->size)) {
		map_delete(map, *address,
		    *address + round_page_in(map, copy->size), 0, NULL);
		return KERN_INVALID_ADDRESS;
	}
	copy_discard(copy);
	return KERN_SUCCESS;
}

kern_return_t
map_copyout(struct map *map, uint64_t *address, struct copy *copy)
{
	struct map_flags flags = { .anywhere = true };
	uint64_t first, size, start = 0;
	struct entry *entry;
	kern_return_t kr;

	if (copy == NULL) {
		*address = 0;
		return KERN_SUCCESS;
	}
	if (copy->data != NULL)
		return copyout_buffer(map, address, copy);
	first = trunc_page_in(map, copy->offset);
	size = round_page_in(map, copy->offset + copy->size) - first;
	kr = map_locate_space(map, &start, size, 0, flags, NULL);
	if (kr != KERN_SUCCESS)
		return kr;
	*address = start + (copy->offset - first);
	while ((entry = TAILQ_FIRST(&copy->entries)) != NULL) {
		TAILQ_REMOVE(&copy->entries, entry, order);
		entry->start += start - first;
		entry->end += start - first;
		entry->inheritance = VM_INHERIT_DEFAULT;
		entry->protection = VM_PROT_DEFAULT;
		entry->max_protection = VM_PROT_ALL;
		entry->behavior = VM_BEHAVIOR_DEFAULT;
		map_link(map, entry);
	}
	copy_discard(copy);
	return KERN_SUCCESS;
}

kern_return_t
kernel_copy(struct task *task, uint64_t source, uint64_t size,
    uint64_t destination)
{
	struct copy *copy;
	kern_return_t kr;

	kr = map_copyin(task->map, source, size, 0, &copy);
	if (kr != KERN_SUCCESS)
		return kr;
	kr = map_copy_overwrite(task->map, destination, copy);
	if (kr != KERN_SUCCESS)
		copy_discard(copy);
	return kr;
}
