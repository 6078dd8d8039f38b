/*
 * vm_fault: which page answers a touch of an address, and with what
 * permission it may be shown.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/fault.h"
#include "model/host/pmap.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/page.h"
#include "model/vm/pager.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* Purgeable memory whose owner asked to be told about touches. */
static bool
is_fault_error(const struct object *object)
{
	return object->volatile_fault &&
	    (object->purgable == VM_PURGABLE_VOLATILE ||
		object->purgable == VM_PURGABLE_EMPTY);
}

static struct page *
zero_fill(struct object *object, uint64_t offset, uint64_t hint)
{
	return page_alloc(object, offset, hint); /* frames come zeroed */
}

/* A copy of page in object at offset; the original shows no more. */
static struct page *
copy_up(struct page *page, struct object *object, uint64_t offset,
    uint64_t hint)
{
	struct page *copy = page_alloc(object, offset, hint);

	page_copy(page, copy);
	copy->dirty = true;
	return copy;
}

/* Before page, of object at offset, is written: its copy object keeps the
 * old content. */
static void
push_to_copy(struct object *object, uint64_t offset, struct page *page)
{
	struct object *copy = object->copy;
	uint64_t copy_offset = offset - copy->shadow_offset;

	if (copy->size <= copy_offset || page_lookup(copy, copy_offset) != NULL)
		return;
	copy_up(page, copy, copy_offset, 0);
	pmap_page_protect(page->frame, VM_PROT_NONE);
}

struct page *
fault_page(struct object *first, uint64_t first_offset, vm_prot_t access,
    bool must_be_resident, vm_prot_t *prot, kern_return_t *error, uint64_t hint)
{
	struct object *object = first;
	uint64_t offset = first_offset;
	struct page *page;

	*error = KERN_SUCCESS;
	while ((page = page_lookup(object, offset)) == NULL) {
		if (object->shadow == NULL)
			break;
		offset += object->shadow_offset;
		object = object->shadow;
	}
	if (page == NULL && object->pager != NULL && !must_be_resident) {
		page = pager_page(object, offset, object == first ? hint : 0);
		if (page == NULL) {
			*error = KERN_MEMORY_ERROR;
			return NULL;
		}
	}
	if (page == NULL) {
		if (must_be_resident || is_fault_error(first)) {
			*error = KERN_MEMORY_ERROR;
			return NULL;
		}
		page = zero_fill(first, first_offset, hint);
		object = first;
	}
	if (object != first) {
		if (access & VM_PROT_WRITE) {
			struct page *original = page;

			page = copy_up(original, first, first_offset, hint);
			pmap_page_protect(original->frame, VM_PROT_NONE);
			object_collapse(first, true);
		} else
			*prot &= ~VM_PROT_WRITE;
	}
	if (first->copy != NULL) {
		if ((access & VM_PROT_WRITE) == 0)
			*prot &= ~VM_PROT_WRITE;
		else if (!must_be_resident)
			push_to_copy(first, first_offset, page);
	}
	return page;
}

/* ---- lookup ---------------------------------------------------------------- */

struct lookup {
	struct object *object;
	uint64_t offset;
	vm_prot_t prot, entry_prot;
	bool is_wired;
	bool is_resilient;
	bool copied_up; /* from a shadow: time to collapse */
	bool may_write; /* though the access only reads */
};

/* The object for a private copy of a submap's entry. */
static kern_return_t
copy_leaf(struct entry *leaf, struct object **copy, uint64_t *offset,
    bool *needs_copy)
{
	const struct rules *rules = kernel->rules;
	uint64_t size = leaf->end - leaf->start;
	struct object *object;

	if (leaf->object == NULL) {
		leaf->object = object_allocate(size);
		leaf->offset = 0;
	}
	object = leaf->object;
	*offset = leaf->offset;
	*needs_copy = false;
	if (leaf->wired_count > 0 ||
	    (!rules->submap_copies_by_strategy &&
		object->copy_strategy == COPY_NONE)) {
		*offset = 0;
		return object_copy_slowly(object, leaf->offset, size, copy);
	}
	if (rules->submap_copies_by_strategy &&
	    object->copy_strategy != COPY_SYMMETRIC)
		return object_copy_strategically(object, leaf->offset, size,
		    false, copy, offset, needs_copy);
	object_reference(object);
	object->shadowed = true;
	leaf->needs_copy = *needs_copy = true;
	object_pmap_protect(object, leaf->offset, size, NULL, leaf->start,
	    leaf->protection & ~VM_PROT_WRITE);
	*copy = object;
	return KERN_SUCCESS;
}

kern_return_t
fault_copy_submap(struct map *map, struct entry *entry, uint64_t address)
{
	uint64_t unit = map->rules->nesting_size, start, end, from, to, offset;
	struct map *submap = entry->submap;
	struct entry *leaf, part;
	struct object *object = NULL;
	bool needs_copy, is_shadow;
	kern_return_t kr;

	if (!map_lookup_entry(submap, address - entry->start + entry->offset,
		&leaf))
		return KERN_INVALID_ADDRESS;
	/* what of the leaf shows, here */
	start = entry->start +
	    (leaf->start > entry->offset ? leaf->start - entry->offset : 0);
	end = entry->start + (leaf->end - entry->offset);
	if (end > entry->end)
		end = entry->end;
	if (submap->is_sealed) {
		if (leaf->object == NULL)
			return KERN_INVALID_ADDRESS;
		/* its entries stay as they are */
		part = *leaf;
		part.start = start - entry->start + entry->offset;
		part.end = end - entry->start + entry->offset;
		part.offset += part.start - leaf->start;
		leaf = &part;
	} else {
		map_clip_start(submap, leaf,
		    start - entry->start + entry->offset);
		map_clip_end(submap, leaf, end - entry->start + entry->offset);
	}
	kr = copy_leaf(leaf, &object, &offset, &needs_copy);
	if (kr != KERN_SUCCESS)
		return kr;
	is_shadow = object == leaf->object;
	from = address & ~(unit - 1);
	to = from + unit;
	from = from < start ? start : from;
	to = to > end ? end : to;
	map_clip_start(map, entry, from);
	map_clip_end(map, entry, to);
	if (map->pmap != NULL)
		pmap_remove(map->pmap, from, to);

	entry->is_sub_map = false;
	entry->submap = NULL;
	entry->object = object;
	entry->offset = offset + (from - start);
	entry->needs_copy = needs_copy;
	entry->use_pmap = true;
	if (!is_shadow)
		entry->is_shared = false;
	if (!map->rules->submap_copy_keeps_protection ||
	    entry->protection == VM_PROT_READ)
		entry->protection |= leaf->protection;
	entry->max_protection |= leaf->max_protection;
	entry->permanent = leaf->permanent;
	if (map->wx_denied && (entry->protection & VM_PROT_WRITE))
		entry->protection &= ~VM_PROT_EXECUTE;
	if (entry->inheritance == VM_INHERIT_SHARE)
		entry->inheritance = VM_INHERIT_COPY;
	map_deallocate(submap);
	return KERN_SUCCESS;
}

/* The entry that shows address, in a submap or not, which is left to be copied
 * unless the access writes.  *is_copied becomes true if one on the way is. */
static kern_return_t
find_entry(struct map *map, uint64_t *address, bool writes,
    struct entry **entry, bool *is_copied)
{
	for (;;) {
		if (!map_lookup_entry(map, *address, entry))
			return KERN_INVALID_ADDRESS;
		if (!(*entry)->is_sub_map)
			return KERN_SUCCESS;
		if ((*entry)->needs_copy && writes)
			return fault_copy_submap(map, *entry, *address);
		*is_copied |= (*entry)->needs_copy;
		*address += (*entry)->offset - (*entry)->start;
		map = (*entry)->submap;
	}
}

/* The same, with the entry made ready before it is judged: even if the access
 * is refused, it has its object then, or its copy. */
static kern_return_t
take_entry(struct map *map, uint64_t *address, bool writes,
    struct entry **entry, bool *is_copied)
{
	struct range r = {
		.map = map,
		.start = *address,
		.end = *address + page_size(map),
		.how = RANGE_DESCENDS | RANGE_ANYWHERE |
		    (writes ? RANGE_RESOLVES : RANGE_ALLOCATES),
	};
	kern_return_t kr = range_begin(&r);

	if (kr != KERN_SUCCESS)
		return kr;
	*entry = range_next(&r);
	if (*entry == NULL)
		return KERN_INVALID_ADDRESS;
	*address = r.from;
	*is_copied = r.is_copied;
	return KERN_SUCCESS;
}

/* vm_map_lookup_and_lock_object(): finds the object of an address, gives the
 * entry the object or the shadow that this access needs. */
static kern_return_t
lookup_object(struct map *map, uint64_t address, vm_prot_t access,
    bool force_copy, struct lookup *found)
{
	const bool writes = (access & VM_PROT_WRITE) != 0 || force_copy;
	bool is_copied = false;
	struct entry *entry;
	kern_return_t kr;
	vm_prot_t prot;

	kr = kernel->rules->locks_entries ?
	    take_entry(map, &address, writes, &entry, &is_copied) :
	    find_entry(map, &address, writes, &entry, &is_copied);
	if (kr != KERN_SUCCESS)
		return kr;
	prot = entry->protection;
	/* arm64: an instruction fetch from an execute-only page asks for both */
	if ((access & prot) != access &&
	    !(kernel->rules->fetch_from_execute_only &&
		prot == VM_PROT_EXECUTE &&
		access == (VM_PROT_READ | VM_PROT_EXECUTE)))
		return KERN_PROTECTION_FAILURE;
	found->entry_prot = prot;
	found->is_wired = entry->wired_count != 0;
	found->is_resilient = entry->resilient_media;
	if (found->is_wired)
		access = prot;
	if (entry->needs_copy) {
		if ((access & VM_PROT_WRITE) || found->is_wired || force_copy)
			entry_resolve_copy(entry);
		if ((access & VM_PROT_WRITE) == 0 && !found->is_wired)
			prot &= ~VM_PROT_WRITE;
	}
	if (is_copied)
		prot &= ~VM_PROT_WRITE;
	if (entry->object == NULL) {
		entry->object = object_allocate(entry->end - entry->start);
		entry->offset = 0;
	}
	found->object = entry->object;
	found->offset = address - entry->start + entry->offset;
	found->prot = prot;
	return KERN_SUCCESS;
}

/*
 * Show a page.  Write permission is given to the access that writes only: the
 * next write faults again and finds the page here, which is how the model
 * knows that a page is dirty.
 */
static void
enter(struct map *map, uint64_t address, struct page *page, vm_prot_t prot,
    vm_prot_t access, bool may_write)
{
	if ((access & VM_PROT_WRITE) || may_write) {
		if (prot & VM_PROT_WRITE)
			page->dirty = true;
	} else
		prot &= ~VM_PROT_WRITE;
	page->referenced = true;
	/* No page table entry denies reading what it shows. */
	if (map->pmap != NULL)
		pmap_enter(map->pmap, address, page->frame,
		    prot | VM_PROT_READ);
}

/* The common cases, without a push into a copy object.  NULL with *error
 * KERN_SUCCESS: needs fault_page(). */
static struct page *
fault_fast(struct lookup *found, vm_prot_t access, uint64_t address,
    kern_return_t *error)
{
	struct object *top = found->object, *object = top;
	uint64_t offset = found->offset;
	struct page *page, *copy;

	*error = KERN_SUCCESS;
	if ((top->copy_strategy == COPY_DELAY ||
		top->copy_strategy == COPY_DELAY_FORK) &&
	    top->copy != NULL && (access & VM_PROT_WRITE))
		return NULL;
	while ((page = page_lookup(object, offset)) == NULL &&
	    object->shadow != NULL) {
		offset += object->shadow_offset;
		object = object->shadow;
	}
	if (is_fault_error(object)) {
		*error = KERN_MEMORY_ERROR;
		return NULL;
	}
	if (page == NULL && object->pager != NULL) {
		page = pager_page(object, offset, object == top ? address : 0);
		if (page == NULL) {
			*error = KERN_MEMORY_ERROR;
			return NULL;
		}
	}
	if (page == NULL) {
		page = zero_fill(top, found->offset, address);
		if (!(access & VM_PROT_WRITE) && top->copy != NULL) {
			if (kernel->rules->read_zero_fill_may_write)
				found->may_write = true;
			else
				found->prot &= ~VM_PROT_WRITE;
		}
		return page;
	}
	if (object == top && top->copy == NULL)
		return page;
	if (!(access & VM_PROT_WRITE)) {
		found->prot &= ~VM_PROT_WRITE;
		return page;
	}
	if (object == top)
		return NULL;
	copy = copy_up(page, top, found->offset, address);
	found->copied_up = true;
	if (top->ref_count > 1)
		pmap_page_protect(page->frame, VM_PROT_NONE);
	return copy;
}

/* What a file cannot give to MAP_RESILIENT_MEDIA is a page of zeroes of the
 * mapping's own; KERN_MEMORY_ERROR unless that is it.  Before 10.15, whose
 * vm_fault() is the first that knows this, no entry has the mark. */
static kern_return_t
recover(struct map *map, uint64_t address, vm_prot_t access, bool change_wiring,
    const struct lookup *failed)
{
	const struct object *object = failed->object;
	struct lookup found = { 0 };
	struct page *page;
	kern_return_t kr;

	while (object->shadow != NULL)
		object = object->shadow;
	if (!failed->is_resilient || object->pager == NULL)
		return KERN_MEMORY_ERROR;
	kr = lookup_object(map, address, access, true, &found);
	if (kr != KERN_SUCCESS)
		return kr;
	page = zero_fill(found.object, found.offset, address);
	if (change_wiring && found.is_wired)
		page_wire(page);
	enter(map, address, page, found.prot, access, found.is_wired);
	return KERN_SUCCESS;
}

kern_return_t
fault(struct map *map, uint64_t address, vm_prot_t caller_prot,
    bool change_wiring)
{
	vm_prot_t access = change_wiring ? VM_PROT_NONE : caller_prot;
	bool need_copy = (access & VM_PROT_WRITE) != 0;
	struct object *object;
	struct lookup found = { 0 };
	struct page *page;
	kern_return_t kr;

	address = trunc_page_in(map, address);
	kr = lookup_object(map, address, access, need_copy, &found);
	if (kr != KERN_SUCCESS)
		return kr;
	object = found.object;
	if (found.is_wired)
		access = found.prot | VM_PROT_WRITE;

	page = fault_fast(&found, access, address, &kr);
	if (kr == KERN_MEMORY_ERROR)
		return recover(map, address, access, change_wiring, &found);
	if (kr != KERN_SUCCESS)
		return kr;
	if (page != NULL) {
		if (change_wiring && found.is_wired)
			page_wire(page);
		enter(map, address, page, found.prot, access,
		    found.is_wired || found.may_write);
		if (found.copied_up)
			object_collapse(object, true);
		return KERN_SUCCESS;
	}

	object_reference(object);
	page = fault_page(object, found.offset, access,
	    change_wiring && !found.is_wired, &found.prot, &kr, address);
	if (page != NULL && found.is_wired &&
	    kernel->rules->wired_fault_needs_write &&
	    (found.entry_prot & VM_PROT_WRITE) == 0)
		kr = KERN_PROTECTION_FAILURE;
	else if (page != NULL) {
		if (change_wiring) {
			if (found.is_wired)
				page_wire(page);
			else if (page->wire_count > 0)
				page_unwire(page);
		}
		enter(map, address, page, found.prot, access, found.is_wired);
	}
	if (page == NULL && kr == KERN_MEMORY_ERROR)
		kr = recover(map, address, access, change_wiring, &found);
	object_deallocate(object);
	return kr;
}

kern_return_t
fault_lookup(struct map *map, uint64_t address, vm_prot_t access, bool is_mask,
    struct object **object, uint64_t *offset, vm_prot_t *prot)
{
	struct lookup found = { 0 };
	struct entry *entry;
	kern_return_t kr;

	if (is_mask) {
		if (!map_lookup_entry(map, address, &entry))
			return KERN_INVALID_ADDRESS;
		access &= entry->protection;
		if (access == VM_PROT_NONE)
			return KERN_PROTECTION_FAILURE;
	}
	kr = lookup_object(map, trunc_page_in(map, address), access, false,
	    &found);
	if (kr == KERN_SUCCESS) {
		*object = found.object;
		*offset = found.offset;
		*prot = found.prot;
	}
	return kr;
}

kern_return_t
kernel_fault(struct task *task, uint64_t address, vm_prot_t prot)
{
	/* Hardware cannot tell a write from a read and a write. */
	if (prot & (VM_PROT_WRITE | VM_PROT_EXECUTE))
		prot |= VM_PROT_READ;
	return fault(task->map, address, prot, false);
}
