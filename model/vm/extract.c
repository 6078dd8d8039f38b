/*
 * Entries taken out of a map, shared or copied: vm_map_remap_extract().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/extract.h"
#include "model/host/pmap.h"
#include "model/vm/copy.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
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

void
entry_make_shareable(struct map *map, struct entry *source)
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
		    (source->protection & VM_PROT_WRITE) && map->pmap != NULL)
			pmap_protect(map->pmap, source->start, source->end,
			    source->protection & ~VM_PROT_WRITE);
		object = source->object;
		source->needs_copy = false;
	}
	object->shared_for_good = true;
	if (object->copy_strategy == COPY_SYMMETRIC) {
		object->copy_strategy = COPY_DELAY;
		if (kernel->rules->remap_sets_true_share)
			object->true_share = true;
	}
	if (kernel->rules->locks_entries)
		source->is_shared = true;
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
		} else {
			needs_copy = new_entry->needs_copy;
			kr = object_copy_strategically(object, offset, size,
			    false, &copy, &new_entry->offset, &needs_copy);
			new_entry->needs_copy = needs_copy;
		}
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

/* The entry that shows size bytes of source from start on, at address at. */
static struct entry *
describe(struct extraction *x, const struct entry *source, uint64_t start,
    uint64_t size, uint64_t at, bool is_copy)
{
	struct entry *new_entry = entry_new_like(source);

	entry_reset_copied(new_entry);
	if (is_copy)
		new_entry->use_pmap = true;
	new_entry->start = at;
	new_entry->end = at + size;
	new_entry->offset = source->object == NULL && !source->is_sub_map ?
	    0 :
	    source->offset + (start - source->start);
	if (is_copy && x->flags.remap_prot_copy) {
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
	return new_entry;
}

/* One entry, from start on, size bytes; they will be at address at. */
static kern_return_t
extract_entry(struct extraction *x, struct entry *source, uint64_t start,
    uint64_t size, uint64_t at)
{
	struct entry *new_entry;
	kern_return_t kr = KERN_SUCCESS;

	entry_make_shareable(x->map, source);
	object_reference(source->object);
	new_entry = describe(x, source, start, size, at,
	    (x->how & REMAP_COPY) != 0);
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

/* The submap itself, which is copied when it is written. */
static void
extract_nested(struct extraction *x, struct entry *source, uint64_t start,
    uint64_t size, uint64_t at)
{
	const bool is_copy = (x->how & REMAP_COPY) != 0;
	struct entry *new_entry = describe(x, source, start, size, at, is_copy);

	map_reference(source->submap);
	new_entry->use_pmap = false;
	if (is_copy)
		new_entry->needs_copy = true;
	else {
		share_extracted(source);
		share_extracted(new_entry);
	}
	TAILQ_INSERT_TAIL(&x->copy->entries, new_entry, order);
	if (x->how & REMAP_LEGACY) {
		*x->current &= source->protection;
		*x->maximum &= source->max_protection;
	}
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
		kr = KERN_SUCCESS;
		if (source->is_sub_map && (x->how & REMAP_NESTS) != 0)
			extract_nested(x, source, start, part, at);
		else if (source->is_sub_map)
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

/* ---- with a lock for each entry -------------------------------------------- */

/* Is a copy made of what the range shows?  So it is for the caller, and where
 * a submap is to be copied. */
static bool
is_copied(const struct extraction *x, const struct range *r)
{
	return (x->how & REMAP_COPY) != 0 || r->is_copied;
}

/* Memory is shared by one object, which then stays, or copied: what is
 * symmetric becomes copy-on-write as a whole. */
static kern_return_t
judge_extract(const struct range *r, const struct entry *e)
{
	if (r->in->is_sealed)
		return KERN_SUCCESS;
	if (!is_copied(r->request, r))
		return RANGE_SHARE;
	if (e->object == NULL ||
	    (e->object->copy_strategy == COPY_SYMMETRIC && !e->needs_copy))
		return RANGE_COPY_WHOLE;
	return KERN_SUCCESS;
}

static bool
is_denied(const struct extraction *x, const struct entry *source, bool is_copy)
{
	vm_prot_t current = *x->current, maximum = *x->maximum;

	if (x->how & REMAP_LEGACY)
		return false;
	if (is_copy) {
		current = VM_PROT_NONE;
		maximum = VM_PROT_READ;
	}
	return (source->protection & current) != current ||
	    (source->max_protection & maximum) != maximum;
}

static kern_return_t
extract_taken(struct extraction *x, const struct range *r, struct entry *source,
    uint64_t at)
{
	const bool is_copy = is_copied(x, r);
	struct extraction inner = *x;
	struct entry *new_entry;
	kern_return_t kr = KERN_SUCCESS;

	if (is_denied(x, source, is_copy))
		return KERN_PROTECTION_FAILURE;
	object_reference(source->object);
	new_entry = describe(x, source, r->from, r->to - r->from, at, is_copy);
	if (is_copy) {
		inner.map = r->in;
		kr = copy_extracted(&inner, source, new_entry);
	} else
		share_extracted(new_entry);
	if (kr != KERN_SUCCESS) {
		entry_free(new_entry);
		return kr;
	}
	if (is_copy && (x->how & REMAP_COPY) == 0) {
		entry_make_shareable(r->in, new_entry);
		new_entry->is_shared = false;
	}
	TAILQ_INSERT_TAIL(&x->copy->entries, new_entry, order);
	if (x->how & REMAP_LEGACY) {
		*x->current &= new_entry->protection;
		*x->maximum &= new_entry->max_protection;
	}
	return KERN_SUCCESS;
}

static kern_return_t
extract_range(struct extraction *x, uint64_t start, uint64_t size)
{
	struct range r = {
		.map = x->map,
		.start = start,
		.end = start + size,
		.how = RANGE_STREAM | RANGE_DESCENDS | RANGE_ANYWHERE |
		    RANGE_ALLOCATES,
		.judge = judge_extract,
		.request = x,
	};
	struct entry *source;
	uint64_t at = 0;
	kern_return_t kr;

	if (x->map->page_shift < kernel->rules->kernel_page_shift)
		map_simplify_range(x->map, r.start, r.end);
	kr = range_begin(&r);
	if (kr != KERN_SUCCESS)
		return kr;
	while ((source = range_next(&r)) != NULL) {
		kr = extract_taken(x, &r, source, at);
		if (kr != KERN_SUCCESS || (x->how & REMAP_ONE_OBJECT) != 0)
			return kr;
		at += r.to - r.from;
	}
	return r.error;
}

/* -------------------------------------------------------------------------- */

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
		if (kernel->rules->extract_judges_maximum)
			x.required_maximum = *maximum;
	}
	x.copy = copy_allocate(0, size);
	source = trunc_page_in(map, source);
	kr = kernel->rules->locks_entries ? extract_range(&x, source, size) :
					    extract(&x, map, source, size, 0);
	if (kr != KERN_SUCCESS) {
		copy_discard(x.copy);
		return kr;
	}
	*result = x.copy;
	return KERN_SUCCESS;
}
