/*
 * Writing a copy over mapped memory: vm_map_copy_overwrite().  Whole pages
 * replace the object of the destination where nobody can tell; everything
 * else is copied physically.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/sanitize.h"
#include "model/vm/overwrite.h"
#include "model/host/pmap.h"
#include "model/vm/copy.h"
#include "model/vm/fault_wire.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#define LARGE_OBJECT (64 * 1024 * 1024) /* __TRADEOFF1_OBJ_SIZE */
#define SMALL_PART   (128 * 1024)	/* __TRADEOFF1_COPY_SIZE */

static bool
is_overwritable(const struct entry *entry)
{
	if ((entry->protection & VM_PROT_WRITE) == 0)
		return false;
	if (entry->is_sub_map)
		return !kernel->rules->overwrite_denies_submap;
	return !(
	    kernel->rules->permanent_is_not_overwritten && entry->permanent);
}

/* Somebody besides this entry, or policy, depends on the object. */
static bool
must_keep_object(const struct entry *entry)
{
	const struct object *object = entry->object;

	if (entry->needs_copy)
		return false;
	if (entry->is_shared ||
	    (object != NULL && (!object->internal || object->true_share)))
		return true;
	return kernel->rules->overwrite_keeps_special_objects &&
	    (entry->permanent || entry->used_for_jit ||
		(entry->protection & VM_PROT_EXECUTE) ||
		(object != NULL && object->copy_strategy == COPY_NONE));
}

/* Would this memory make a poor heap?  Then the heap gets a copy of it. */
static bool
is_unfit_for_malloc(const struct entry *destination,
    const struct object *object)
{
	uint8_t last = kernel->rules->malloc_medium_is_malloc ?
	    VM_MEMORY_MALLOC_MEDIUM :
	    VM_MEMORY_MALLOC_LARGE_REUSED;

	if (destination->tag < VM_MEMORY_MALLOC || destination->tag > last)
		return false;
	for (; object != NULL; object = object->shadow) {
		if (!object->internal || object->true_share ||
		    object->copy_strategy != COPY_SYMMETRIC)
			return true;
	}
	return false;
}

/* The destination must have an object that it need not copy. */
static void
prepare_object(struct entry *entry)
{
	uint64_t size = entry->end - entry->start;

	if (entry->needs_copy) {
		entry_shadow(entry, size);
		entry->needs_copy = false;
	}
	if (entry->object == NULL) {
		entry->object = object_allocate(size);
		entry->offset = 0;
	}
}

/* The entry shows from now on what source does, with its reference. */
static void
substitute(struct map *map, struct entry *entry, const struct entry *source)
{
	if (map->pmap != NULL && (entry->object != NULL || entry->is_sub_map))
		pmap_remove(map->pmap, entry->start, entry->end);
	if (entry->is_sub_map)
		map_deallocate(entry->submap);
	else
		object_deallocate(entry->object);
	entry->is_sub_map = false;
	entry->submap = NULL;
	entry->use_pmap = !entry->iokit_accounted;
	entry->object = source->object;
	entry->offset = source->offset;
	entry->needs_copy = source->needs_copy;
	entry->wired_count = entry->user_wired_count = 0;
}

/* The copy needs it no more. */
static void
drop(struct copy *copy, struct entry *source)
{
	TAILQ_REMOVE(&copy->entries, source, order);
	object_deallocate(source->object);
	entry_free(source);
}

static kern_return_t
overwrite_aligned(struct map *map, struct entry *entry, struct copy *copy,
    uint64_t start)
{
	struct object *object;
	struct entry *source;
	kern_return_t kr;
	uint64_t size;

	while ((source = TAILQ_FIRST(&copy->entries)) != NULL) {
		size = source->end - source->start;
		if (entry == NULL || entry->start != start)
			return KERN_INVALID_ADDRESS;
		if (!is_overwritable(entry))
			return KERN_PROTECTION_FAILURE;
		map_clip_end(map, entry, entry->start + size);
		if (entry->end - entry->start < size) {
			size = entry->end - entry->start;
			copy_clip_end(copy, source, source->start + size);
		}
		start = entry->end;

		if (!must_keep_object(entry)) {
			if (!entry->is_sub_map &&
			    entry->object == source->object &&
			    entry->offset == source->offset) {
				drop(copy, source);
				entry = entry_next(entry);
				continue;
			}
			if (entry->is_sub_map ||
			    (!(source->object != NULL &&
				 source->object->size >= LARGE_OBJECT &&
				 size <= SMALL_PART) &&
				!is_unfit_for_malloc(entry, source->object))) {
				substitute(map, entry, source);
				TAILQ_REMOVE(&copy->entries, source, order);
				entry_free(source);
				entry = entry_next(entry);
				continue;
			}
		}

		prepare_object(entry);
		object = entry->object;
		object_reference(object);
		kr = fault_copy(source->object, source->offset, size, object,
		    entry->offset);
		object_deallocate(object);
		if (kr != KERN_SUCCESS)
			return kr;
		drop(copy, source);
		entry = entry_next(entry);
	}
	return KERN_SUCCESS;
}

static kern_return_t
overwrite_unaligned(struct map *map, struct entry *entry, struct copy *copy,
    uint64_t start, bool consume)
{
	uint64_t left = copy->size, part, into;
	struct entry *source = TAILQ_FIRST(&copy->entries), *next;
	struct object *object;
	kern_return_t kr;

	into = copy->offset - trunc_page_in(map, copy->offset);
	while (left > 0) {
		if (entry == NULL)
			return KERN_INVALID_ADDRESS;
		/* For a submap the object field is a vm_map_t; kernels without
		 * this check panic. */
		if ((kernel->rules->unaligned_copy_checks_again ||
			entry->is_sub_map) &&
		    (entry->protection & VM_PROT_WRITE) == 0)
			return KERN_PROTECTION_FAILURE;
		if (entry->is_sub_map)
			return KERN_INVALID_ARGUMENT;
		if (kernel->rules->unaligned_copy_checks_again &&
		    !is_overwritable(entry))
			return KERN_PROTECTION_FAILURE;
		part = source->end - (source->start + into);
		if (part > entry->end - start)
			part = entry->end - start;
		if (part > left)
			part = left;
		prepare_object(entry);
		object = entry->object;
		object_reference(object);
		kr = fault_copy(source->object, source->offset + into, part,
		    object, entry->offset + (start - entry->start));
		object_deallocate(object);
		if (kr != KERN_SUCCESS)
			return kr;
		start += part;
		into += part;
		left -= part;
		if (source->start + into == source->end || left == 0) {
			next = TAILQ_NEXT(source, order);
			if (consume)
				drop(copy, source);
			if (next == NULL && left > 0)
				return KERN_INVALID_ADDRESS;
			source = next;
			into = 0;
		}
		if (left > 0 && start == entry->end) {
			entry = entry_next(entry);
			if (entry == NULL || entry->start != start)
				return KERN_INVALID_ADDRESS;
		}
	}
	return KERN_SUCCESS;
}

/* Every page of the destination must be there and writable, before any is
 * changed; its first entry is clipped even if it is not. */
static kern_return_t
check_destination(struct map *map, uint64_t address, uint64_t end,
    struct entry **first)
{
	struct entry *entry, *next;

	if (address >= map->max_offset ||
	    !map_lookup_entry(map, address, first))
		return KERN_INVALID_ADDRESS;
	entry = *first;
	map_clip_start(map, entry, trunc_page_in(map, address));
	for (;; entry = next) {
		/* a submap that is to be copied is judged when written */
		if (!entry->is_sub_map && !is_overwritable(entry))
			return KERN_PROTECTION_FAILURE;
		if (end <= entry->end)
			return KERN_SUCCESS;
		next = entry_next(entry);
		if (next == NULL || next->start != entry->end)
			return KERN_INVALID_ADDRESS;
	}
}

/* ---- with a lock for each entry -------------------------------------------- */

static kern_return_t
judge_overwrite(const struct range *r, const struct entry *e)
{
	(void)r;
	return e->is_sub_map || !is_overwritable(e) ? KERN_PROTECTION_FAILURE :
						      KERN_SUCCESS;
}

/* The destination's object can be thrown away for the copy's. */
static bool
may_replace_object(const struct entry *e)
{
	return !e->is_shared && e->wired_count == 0 && !e->permanent &&
	    !e->used_for_jit && (e->protection & VM_PROT_EXECUTE) == 0 &&
	    (e->object == NULL || e->object->copy_strategy == COPY_SYMMETRIC);
}

static bool
is_worth_replacing(const struct entry *e, const struct entry *source)
{
	return !(source->object != NULL &&
		   source->object->size >= LARGE_OBJECT &&
		   source->end - source->start <= SMALL_PART) &&
	    !is_unfit_for_malloc(e, source->object);
}

static kern_return_t
copy_physically(struct entry *e, uint64_t address, const struct entry *source,
    uint64_t source_offset, uint64_t size)
{
	struct object *object;
	kern_return_t kr;

	if (e->needs_copy)
		entry_resolve_copy(e);
	prepare_object(e);
	object = e->object;
	object_reference(object);
	kr = fault_copy(source->object, source_offset, size, object,
	    e->offset + (address - e->start));
	object_deallocate(object);
	return kr;
}

/* As much of source as e has room for; both whole pages. */
static kern_return_t
overwrite_entry_aligned(struct map *map, struct entry *e, uint64_t address,
    struct copy *copy, struct entry *source, uint64_t *size)
{
	map_clip_start(map, e, address);
	copy_clip_start(source, copy->offset);
	if (source->end - source->start < e->end - e->start)
		map_clip_end(map, e, e->start + (source->end - source->start));
	*size = e->end - e->start;
	copy_clip_end(copy, source, source->start + *size);
	if (may_replace_object(e)) {
		if (e->object == source->object && e->offset == source->offset)
			return KERN_SUCCESS;
		if (is_worth_replacing(e, source)) {
			object_reference(source->object);
			substitute(map, e, source);
			return KERN_SUCCESS;
		}
	}
	return copy_physically(e, e->start, source, source->offset, *size);
}

/* Whatever e and source have in common from address on. */
static kern_return_t
overwrite_entry(struct entry *e, uint64_t address, const struct copy *copy,
    const struct entry *source, uint64_t *size)
{
	*size = source->end - copy->offset;
	if (*size > e->end - address)
		*size = e->end - address;
	if (*size > copy->size)
		*size = copy->size;
	return copy_physically(e, address, source,
	    source->offset + (copy->offset - source->start), *size);
}

/* What lies below a hole or a refusal is overwritten.  The copy's list stays,
 * its offset and size are of what is left. */
static kern_return_t
overwrite_range(struct map *map, uint64_t address, struct copy *copy)
{
	const bool aligned = ((copy->size | copy->offset | address) &
				 page_mask(map)) == 0;
	const uint64_t stop = address + copy->size;
	struct range r = {
		.map = map,
		.start = trunc_page_in(map, address),
		.end = round_page_in(map, stop),
		.how = RANGE_STREAM | RANGE_CLIPS,
		.judge = judge_overwrite,
	};
	struct entry *source = TAILQ_FIRST(&copy->entries), *e;
	uint64_t size;
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	while (address != stop && (e = range_next(&r)) != NULL) {
		while (address != stop && address < e->end) {
			kr = aligned ?
			    overwrite_entry_aligned(map, e, address, copy,
				source, &size) :
			    overwrite_entry(e, address, copy, source, &size);
			if (kr != KERN_SUCCESS)
				return kr;
			if (copy->offset + size == source->end)
				source = TAILQ_NEXT(source, order);
			address += size;
			copy->offset += size;
			copy->size -= size;
			r.at = e->end;
		}
	}
	return r.error;
}

/* -------------------------------------------------------------------------- */

/* vm_map_copy_overwrite_nested(); consume: the copy goes with its data. */
static kern_return_t
overwrite(struct map *map, uint64_t address, struct copy *copy, bool consume)
{
	bool aligned = ((copy->size | copy->offset | address) &
			   page_mask(map)) == 0;
	struct entry *entry;
	kern_return_t kr;

	if (copy->data != NULL) {
		if (!map_write_bytes(map, address, copy->data, copy->size))
			return KERN_INVALID_ADDRESS;
	} else if (copy->size > 0 && map->rules->locks_entries) {
		kr = overwrite_range(map, address, copy);
		if (kr != KERN_SUCCESS)
			return kr;
	} else if (copy->size > 0) {
		kr = check_destination(map, address,
		    aligned ? address + copy->size :
			      round_page_in(map, address + copy->size),
		    &entry);
		if (kr != KERN_SUCCESS)
			return kr;
		if (aligned)
			kr = overwrite_aligned(map, entry, copy, address);
		else
			kr = overwrite_unaligned(map, entry, copy, address,
			    consume);
		if (kr != KERN_SUCCESS)
			return kr;
	}
	if (consume)
		copy_discard(copy);
	return KERN_SUCCESS;
}

/* Moves the part of copy below (above) a page boundary into one of its own. */
static struct copy *
take_head(struct copy *copy, uint64_t size)
{
	struct entry *entry = TAILQ_FIRST(&copy->entries);
	struct copy *head = copy_allocate(copy->offset, size);

	copy->offset += size;
	copy->size -= size;
	copy_clip_end(copy, entry, copy->offset);
	TAILQ_REMOVE(&copy->entries, entry, order);
	TAILQ_INSERT_HEAD(&head->entries, entry, order);
	return head;
}

static struct copy *
take_tail(struct copy *copy, uint64_t size)
{
	struct entry *entry = TAILQ_LAST(&copy->entries, entry_list);
	struct copy *tail;

	tail = copy_allocate(copy->offset + copy->size - size, size);
	copy->size -= size;
	copy_clip_start(entry, tail->offset);
	TAILQ_REMOVE(&copy->entries, entry, order);
	TAILQ_INSERT_TAIL(&tail->entries, entry, order);
	return tail;
}

static bool
has_submap(const struct entry *entry, uint64_t end)
{
	for (; entry != NULL && entry->start < end; entry = entry_next(entry))
		if (entry->is_sub_map)
			return true;
	return false;
}

kern_return_t
map_copy_overwrite(struct map *map, uint64_t address, struct copy *copy)
{
	struct copy *head = NULL, *tail = NULL;
	uint64_t mask = page_mask(map), head_size = 0, tail_size = 0;
	uint64_t tail_address;
	struct entry *entry;
	kern_return_t kr = KERN_SUCCESS;

	if (copy == NULL)
		return KERN_SUCCESS;
	if (range_overflows(address, copy->size, page_mask(map)))
		return KERN_INVALID_ADDRESS;
	if (copy->data != NULL || copy->size < 3 * page_size(map) ||
	    (address & mask) != (copy->offset & mask))
		return overwrite(map, address, copy, true);
	if ((address & mask) != 0)
		head_size = page_size(map) - (address & mask);
	tail_size = (copy->offset + copy->size) & mask;
	if (head_size + tail_size == copy->size ||
	    (!map->rules->locks_entries &&
		(!map_lookup_entry(map, address, &entry) ||
		    has_submap(entry, address + copy->size))))
		return overwrite(map, address, copy, true);

	/* The middle can be copied by pages: edges apart. */
	if (head_size > 0) {
		entry = TAILQ_FIRST(&copy->entries);
		if (entry->end < copy->offset + head_size)
			head_size = entry->end - copy->offset;
		head = take_head(copy, head_size);
		kr = overwrite(map, address, head, false);
	}
	if (kr == KERN_SUCCESS && tail_size > 0)
		tail = take_tail(copy, tail_size);
	tail_address = address + head_size + copy->size;
	if (kr == KERN_SUCCESS)
		kr = overwrite(map, address + head_size, copy, false);
	if (kr == KERN_SUCCESS && tail != NULL)
		kr = overwrite(map, tail_address, tail, false);
	if (kr == KERN_SUCCESS)
		copy_discard(copy);
	/* The caller discards what is left of a failed copy. */
	copy_discard(head);
	copy_discard(tail);
	return kr;
}
