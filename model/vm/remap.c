/*
 * Mapping memory that is mapped already: vm_map_remap(), and the extraction
 * of entries that memory entries use too.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/sanitize.h"
#include "model/vm/remap.h"
#include "model/host/pmap.h"
#include "model/vm/copy.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

struct extraction {
	struct map *map;
	unsigned how;
	struct map_flags flags;
	vm_prot_t required_current, required_maximum;
	vm_prot_t *current, *maximum;
	vm_prot_t copy_maximum; /* of remap_prot_copy */
	vm_inherit_t inheritance;
	struct copy *copy;
};

/*
 * Gives a source entry an object that can be shared, with a reference more,
 * or none if it describes a mere reservation.
 */
static void
make_shareable(struct extraction *x, struct entry *source)
{
	uint64_t size = source->end - source->start;
	struct object *object = source->object;

	if (object == NULL) {
		if (kernel->rules->remap_keeps_reservations &&
		    source->max_protection == VM_PROT_NONE)
			return;
		object = source->object = object_allocate(size);
		source->offset = 0;
	} else if ((kernel->rules->remap_wired_keeps_object &&
		       source->wired_count > 0) ||
	    object->copy_strategy != COPY_SYMMETRIC) {
		/* is the right object already */
	} else if (source->needs_copy || object->shadowed ||
	    (object->internal && !object->true_share && !source->is_shared &&
		object->size > size)) {
		entry_shadow(source, size);
		if (!source->needs_copy &&
		    (source->protection & VM_PROT_WRITE) &&
		    x->map->pmap != NULL)
			pmap_protect(x->map->pmap, source->start, source->end,
			    source->protection & ~VM_PROT_WRITE);
		object = source->object;
		source->needs_copy = false;
	}
	object_reference(object);
	if (object->copy_strategy == COPY_SYMMETRIC) {
		object->copy_strategy = COPY_DELAY;
		if (kernel->rules->remap_sets_true_share)
			object->true_share = true;
	}
}

/* new_entry becomes a copy of what source shows from new_entry->offset on;
 * its reference on the object is consumed. */
static kern_return_t
copy_extracted(struct extraction *x, struct entry *source,
    struct entry *new_entry)
{
	uint64_t size = new_entry->end - new_entry->start;
	struct object *object = source->object, *copy = NULL;
	bool source_needs_copy, needs_copy;
	uint64_t offset = new_entry->offset;
	kern_return_t kr;

	new_entry->is_shared = false;
	for (;;) {
		if (source->wired_count == 0 &&
		    object_copy_quickly(new_entry->object, &source_needs_copy,
			&needs_copy)) {
			new_entry->needs_copy = needs_copy;
			if (source_needs_copy && !source->needs_copy) {
				object_pmap_protect(object, offset,
				    source->end - source->start,
				    source->is_shared ? NULL : x->map->pmap,
				    source->start,
				    source->protection & ~VM_PROT_WRITE);
				source->needs_copy = true;
			}
			object_deallocate(object);
			return KERN_SUCCESS;
		}
		if (source->wired_count > 0) {
			kr = object_copy_slowly(object, offset, size, &copy);
			new_entry->offset = offset - trunc_object(offset);
			new_entry->needs_copy = false;
		} else
			kr = object_copy_strategically(object, offset, size,
			    false, &copy, &new_entry->offset,
			    &new_entry->needs_copy);
		new_entry->object = copy;
		object_deallocate(object);
		if (kr != KERN_MEMORY_RESTART_COPY)
			return kr;
		new_entry->object = object;
		object_reference(object);
	}
}

static void
share_extracted(struct entry *entry)
{
	entry->is_shared = entry->object != NULL ||
	    !kernel->rules->remap_reservations_unshared;
	entry->needs_copy = entry->needs_copy && entry->is_sub_map;
}

/* One entry, from start on, size bytes; they will be at address at. */
static kern_return_t
extract_entry(struct extraction *x, struct entry *source, uint64_t start,
    uint64_t size, uint64_t at)
{
	struct entry *new_entry;
	kern_return_t kr = KERN_SUCCESS;

	make_shareable(x, source);
	new_entry = entry_new_like(source);
	entry_reset_copied(new_entry);
	if (x->how & REMAP_COPY)
		new_entry->use_pmap = true;
	new_entry->start = at;
	new_entry->end = at + size;
	new_entry->offset = source->object == NULL ?
	    0 :
	    source->offset + (start - source->start);
	if ((x->how & REMAP_COPY) && x->flags.remap_prot_copy) {
		if (kernel->rules->prot_copy_keeps_permanent)
			new_entry->permanent = source->permanent;
		new_entry->inheritance = source->inheritance;
		if (kernel->rules->prot_copy_limits_protection)
			new_entry->protection &= x->copy_maximum;
		if (!kernel->rules->prot_copy_keeps_permanent)
			new_entry->max_protection |= VM_PROT_WRITE;
	} else {
		new_entry->inheritance = x->inheritance;
		if (!(x->how & REMAP_LEGACY)) {
			new_entry->protection = *x->current;
			new_entry->max_protection = *x->maximum;
		}
	}
	if (x->how & REMAP_COPY) {
		kr = copy_extracted(x, source, new_entry);
	} else {
		share_extracted(source);
		share_extracted(new_entry);
	}
	if (kr != KERN_SUCCESS) {
		entry_free(new_entry);
		return kr;
	}
	TAILQ_INSERT_TAIL(&x->copy->entries, new_entry, order);
	if (x->how & REMAP_LEGACY) {
		*x->current &= source->protection;
		*x->maximum &= source->max_protection;
	}
	return KERN_SUCCESS;
}

static kern_return_t extract(struct extraction *, struct map *, uint64_t start,
    uint64_t size, uint64_t at);

/* The part of a submap that an entry shows. */
static kern_return_t
extract_submap(struct extraction *x, struct entry *source, uint64_t start,
    uint64_t size, uint64_t at)
{
	struct extraction inner = *x;
	vm_prot_t current = *x->current, maximum = *x->maximum;
	kern_return_t kr;

	if (source->needs_copy)
		inner.how |= REMAP_COPY;
	inner.map = source->submap;
	inner.current = &current;
	inner.maximum = &maximum;
	kr = extract(&inner, source->submap,
	    source->offset + (start - source->start), size, at);
	if (kr == KERN_SUCCESS && (x->how & REMAP_LEGACY)) {
		*x->current &= current;
		*x->maximum &= maximum;
	}
	return kr;
}

static kern_return_t
extract(struct extraction *x, struct map *map, uint64_t start, uint64_t size,
    uint64_t at)
{
	uint64_t end = start + size, done = 0, part;
	struct entry *source;
	kern_return_t kr;

	while (done != size) {
		if (!map_lookup_entry(map, start, &source) ||
		    (done != 0 && start != source->start))
			return KERN_INVALID_ADDRESS;
		part = size - done;
		/* a range that wraps is taken for all of the last entry */
		if (end > source->end)
			part -= end - source->end;
		if (!source->is_sub_map &&
		    ((source->protection & x->required_current) !=
			    x->required_current ||
			(source->max_protection & x->required_maximum) !=
			    x->required_maximum))
			return (x->how & REMAP_ONE_OBJECT) && done != 0 ?
			    KERN_SUCCESS :
			    KERN_PROTECTION_FAILURE;
		if (source->is_sub_map)
			kr = extract_submap(x, source, start, part, at);
		else
			kr = extract_entry(x, source, start, part, at);
		if (kr != KERN_SUCCESS)
			return kr;
		at += part;
		done += part;
		start += part;
		if ((x->how & REMAP_ONE_OBJECT))
			break;
	}
	return KERN_SUCCESS;
}

kern_return_t
map_extract(struct map *map, uint64_t source, uint64_t size, unsigned how,
    struct map_flags flags, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t inheritance, struct copy **result)
{
	struct extraction x = {
		.map = map,
		.how = how,
		.flags = flags,
		.current = current,
		.maximum = maximum,
		.inheritance = inheritance,
	};
	kern_return_t kr;

	if (kernel->rules->extract_refuses_overflow &&
	    range_overflows(source, size, page_mask(map)))
		return KERN_INVALID_ADDRESS;
	if ((how & REMAP_COPY) && flags.remap_prot_copy) {
		x.copy_maximum = *maximum & VM_PROT_ALL;
		x.how |= REMAP_LEGACY;
	}
	if (x.how & REMAP_LEGACY) {
		*current = *maximum = VM_PROT_ALL;
	} else if (how & REMAP_COPY) {
		x.required_maximum = VM_PROT_READ;
	} else {
		x.required_current = *current;
		x.required_maximum = *maximum;
	}
	x.copy = copy_allocate(0, size);
	kr = extract(&x, map, trunc_page_in(map, source), size, 0);
	if (kr != KERN_SUCCESS) {
		copy_discard(x.copy);
		return kr;
	}
	*result = x.copy;
	return KERN_SUCCESS;
}

/* Put extracted entries at address. */
static void
link_extracted(struct map *map, uint64_t address, struct copy *copy,
    struct map_flags flags)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&copy->entries)) != NULL) {
		TAILQ_REMOVE(&copy->entries, entry, order);
		if (flags.remap_prot_copy &&
		    kernel->rules->prot_copy_keeps_permanent &&
		    (!entry->permanent ||
			(entry->max_protection & VM_PROT_EXECUTE)))
			entry->max_protection |= VM_PROT_WRITE;
		if (flags.resilient_codesign) {
			entry->protection = entry->max_protection =
			    VM_PROT_READ;
			entry->resilient_codesign = true;
		}
		if (flags.resilient_media &&
		    (entry->object == NULL || entry->object->internal))
			entry->resilient_media = true;
		entry->start += address;
		entry->end += address;
		map_link(map, entry);
	}
}

kern_return_t
map_remap(struct map *map, uint64_t *address, uint64_t size, uint64_t mask,
    struct map_flags flags, unsigned how, struct map *source_map,
    uint64_t source, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t inheritance)
{
	uint64_t offset = 0, at = trunc_page_in(map, *address);
	struct entry_list zap;
	struct copy *copy;
	kern_return_t kr;

	if (inheritance > VM_INHERIT_LAST_VALID || size == 0)
		return KERN_INVALID_ARGUMENT;
	if (kernel->rules->remap_refuses_overflow) {
		uint64_t from = source;

		if (kernel->rules->remap_truncates_first &&
		    !(how & REMAP_DATA_ADDRESS))
			from = trunc_page_in(source_map, source);
		if (range_overflows(from, size, page_mask(source_map)))
			return KERN_INVALID_ARGUMENT;
	}
	if (how & REMAP_DATA_ADDRESS) {
		offset = source & page_mask(source_map);
		size = round_page_in(source_map, size + offset);
	} else
		size = round_page_in(source_map, size);
	source = trunc_page_in(source_map, source);
	if (size == 0)
		return KERN_INVALID_ARGUMENT;
	if (flags.resilient_media && !(how & REMAP_COPY))
		return KERN_INVALID_ARGUMENT;

	kr = map_extract(source_map, source, size, how, flags, current, maximum,
	    inheritance, &copy);
	if (kr != KERN_SUCCESS)
		return kr;
	TAILQ_INIT(&zap);
	kr = map_locate_space(map, &at, size, mask, flags, &zap);
	if (kr == KERN_MEMORY_PRESENT)
		kr = KERN_NO_SPACE;
	if (kr == KERN_SUCCESS) {
		link_extracted(map, at, copy, flags);
		if (flags.resilient_codesign)
			*current = *maximum = VM_PROT_READ;
		*address = at + offset;
	}
	map_dispose(&zap);
	copy_discard(copy);
	return kr;
}

kern_return_t
kernel_remap(struct task *task, uint64_t *address, uint64_t size, uint64_t mask,
    int flags, struct task *source_task, uint64_t source, boolean_t copy,
    vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t inheritance,
    bool is_new)
{
	const struct rules *rules = kernel->rules;
	unsigned how = copy ? REMAP_COPY : 0;
	vm_prot_t new_current = *current, new_maximum = *maximum;
	uint64_t at = *address;
	kern_return_t kr;

	if ((uint32_t)flags & ~rules->flags_remap)
		return KERN_INVALID_ARGUMENT;
	if (is_new) {
		if (((new_current | new_maximum) & ~VM_PROT_ALL) != 0 ||
		    (new_current & new_maximum) != new_current)
			return KERN_INVALID_ARGUMENT;
		if ((new_maximum & (VM_PROT_WRITE | VM_PROT_EXECUTE)) ==
		    (VM_PROT_WRITE | VM_PROT_EXECUTE))
			return KERN_PROTECTION_FAILURE;
		if (rules->remap_new_none_is_legacy &&
		    new_current == VM_PROT_NONE && new_maximum == VM_PROT_NONE)
			how |= REMAP_LEGACY;
	} else
		how |= REMAP_LEGACY;
	if (is_new || (flags & VM_FLAGS_RETURN_DATA_ADDR) ||
	    rules->remap_returns_data_address)
		how |= REMAP_DATA_ADDRESS;
	kr = map_remap(task->map, &at, size, mask, map_flags_from_user(flags),
	    how, source_task->map, source, &new_current, &new_maximum,
	    inheritance);
	if (kr == KERN_SUCCESS) {
		*address = at;
		*current = new_current;
		*maximum = new_maximum;
	}
	return kr;
}
