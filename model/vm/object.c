/*
 * Objects: their life, their chains of shadows, and the ways to copy them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/object.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/pmap.h"
#include "model/vm/kernel.h"
#include "model/vm/page.h"
#include "model/vm/pager.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

struct kernel_state *kernel;

void
kernel_state_init(const struct rules *rules)
{
	if (kernel == NULL) {
		kernel = heap_alloc(sizeof(*kernel));
		kernel->next_object_id = 1;
		LIST_INIT(&kernel->volatile_objects);
		LIST_INIT(&kernel->tasks);
		LIST_INIT(&kernel->vnodes);
	}
	kernel->rules = rules;
	kernel->page_size = UINT64_C(1) << rules->page_shift;
}

struct object *
object_allocate(uint64_t size)
{
	struct object *object = heap_alloc(sizeof(*object));

	RB_INIT(&object->pages);
	object->ref_count = 1;
	object->size = round_object(size);
	object->copy_strategy = COPY_SYMMETRIC;
	object->internal = true;
	object->temporary = true;
	object->purgable = VM_PURGABLE_DENY;
	object->id = kernel->next_object_id++;
	kernel->object_count++;
	return object;
}

void
object_reference(struct object *object)
{
	if (object != NULL)
		object->ref_count++;
}

static void
object_free(struct object *object)
{
	if (object->purgable == VM_PURGABLE_VOLATILE)
		LIST_REMOVE(object, volatile_link);
	heap_free(object, sizeof(*object));
	kernel->object_count--;
}

/* Frees an object without references; gives its reference on the shadow. */
static struct object *
object_terminate(struct object *object)
{
	struct object *shadow = object->shadow;

	object_page_remove(object, 0, UINT64_MAX);
	if (shadow != NULL && shadow->copy == object)
		shadow->copy = NULL;
	object_free(object);
	return shadow;
}

void
object_deallocate(struct object *object)
{
	while (object != NULL) {
		if (object->ref_count > 1) {
			/* The one left may be the shadow's parent, which
			 * cannot be reached from here: only collapse. */
			if (--object->ref_count > 1)
				return;
			if (object->pager != NULL)
				object->pager->ops->last_unmap(object->pager);
			else if (object->shadow != NULL)
				object_collapse(object, false);
			return;
		}
		object = object_terminate(object);
	}
}

void
object_page_remove(struct object *object, uint64_t start, uint64_t end)
{
	struct page *page, *next;

	for (page = page_first(object, start);
	     page != NULL && page->offset < end; page = next) {
		next = page_next(page);
		page_free(page);
	}
}

void
object_pmap_protect(struct object *object, uint64_t offset, uint64_t size,
    struct pmap *pmap, uint64_t start, vm_prot_t prot)
{
	struct page *page;

	if (object == NULL)
		return;
	if (pmap != NULL) {
		pmap_protect(pmap, start, start + size, prot);
		return;
	}
	/* Only pages of the top object can be writable; all of the chain can
	 * be readable. */
	for (; object != NULL; object = object->shadow) {
		for (page = page_first(object, offset);
		     page != NULL && page->offset < offset + size;
		     page = page_next(page))
			pmap_page_protect(page->frame, prot);
		if (prot != VM_PROT_NONE)
			break;
		offset += object->shadow_offset;
	}
}

/* ---- chains ---------------------------------------------------------------- */

/* Puts a shadow above *object. */
static void
put_shadow(struct object **object, uint64_t *offset, uint64_t length)
{
	struct object *source = *object, *result = object_allocate(length);

	result->shadow = source; /* the caller's reference moves here */
	if (kernel->rules->locks_entries)
		source->shadowed = true;
	result->shadow_offset = *offset;
	*offset = 0;
	*object = result;
}

bool
object_shadow(struct object **object, uint64_t *offset, uint64_t length)
{
	struct object *source = *object;

	if (!kernel->rules->shadow_is_never_spared && source->size == length &&
	    source->ref_count == 1 &&
	    (source->shadow == NULL || source->shadow->copy == NULL)) {
		source->shadowed = false;
		return false;
	}
	put_shadow(object, offset, length);
	return true;
}

void
entry_shadow(struct entry *entry, uint64_t length)
{
	object_shadow(&entry->object, &entry->offset, length);
}

void
entry_shadow_always(struct entry *entry, uint64_t length)
{
	put_shadow(&entry->object, &entry->offset, length);
}

void
entry_resolve_copy(struct entry *entry)
{
	entry->object->shadowed = true;
	entry_shadow(entry, entry->end - entry->start);
	entry->needs_copy = false;
}

/* vm_object_no_shadowing(): of a symmetric object not who refers to it but
 * whether it was ever copied, until a write makes a new one. */
static bool
is_not_shadowed(const struct object *object)
{
	switch (object->copy_strategy) {
	case COPY_NONE:
		return true;
	case COPY_SYMMETRIC:
		return object->shadow == NULL && !object->shadowed;
	default:
		return object->copy == NULL && object->shadow == NULL;
	}
}

bool
object_may_lose_pages(const struct object *object)
{
	if (kernel->rules->kills_if_not_shadowed)
		return is_not_shadowed(object);
	return (object->ref_count == 1 ||
		   (object->copy_strategy != COPY_SYMMETRIC &&
		       object->copy == NULL)) &&
	    object->shadow == NULL;
}

void
object_deactivate_pages(struct object *object, uint64_t offset, uint64_t size,
    const struct pmap *pmap, uint64_t start, bool kill, bool reusable)
{
	/* Several at once: of what no translation shows the bits stay.  Of a
	 * submap, whose translations are not kept, all count as shown. */
	const bool by_translations = kernel->rules->refmod_by_translations &&
	    pmap != NULL && size > kernel->page_size &&
	    (!kill || object->shadow == NULL);
	struct page *page;
	bool shown;

	if (reusable && object->all_reusable)
		return;
	for (page = page_first(object, offset);
	     page != NULL && page->offset < offset + size;
	     page = page_next(page)) {
		if (page->wire_count > 0)
			continue;
		shown = !by_translations ||
		    pmap_frame(pmap, start + (page->offset - offset), NULL) !=
			HOST_NO_FRAME;
		if (shown)
			page->referenced = false;
		if (!kill || !object->internal)
			continue;
		if (shown)
			page->dirty = false;
		/* the next write must be noticed */
		pmap_page_protect(page->frame, VM_PROT_READ | VM_PROT_EXECUTE);
		if (reusable && !page->reusable) {
			page->reusable = true;
			object->reusable_page_count++;
		}
	}
}

/* Moves the only parent's view of backing into object and drops backing. */
static void
do_collapse(struct object *object, struct object *backing)
{
	uint64_t backing_offset = object->shadow_offset, offset;
	struct page *page;

	while ((page = page_first(backing, 0)) != NULL) {
		offset = page->offset - backing_offset;
		if (page->offset < backing_offset || offset >= object->size ||
		    page_lookup(object, offset) != NULL)
			page_free(page);
		else
			page_rename(page, object, offset);
	}
	object->shadow = backing->shadow;
	if (object->shadow != NULL)
		object->shadow_offset += backing->shadow_offset;
	else
		object->shadow_offset = 0;
	object_free(backing);
}

/* Makes object shadow what backing shadows. */
static void
do_bypass(struct object *object, struct object *backing)
{
	object_reference(backing->shadow);
	object->shadow = backing->shadow;
	if (object->shadow != NULL)
		object->shadow_offset += backing->shadow_offset;
	else
		object->shadow_offset = 0;
	if (backing->copy == object)
		backing->copy = NULL;
	if (backing->ref_count > 1)
		backing->ref_count--;
	else
		object_deallocate(backing);
}

/* No page of backing can be seen through object. */
static bool
is_covered(struct object *object, struct object *backing)
{
	uint64_t backing_offset = object->shadow_offset;
	struct page *page;

	if (object->resident_page_count == object->size / kernel->page_size)
		return true;
	for (page = page_first(backing, backing_offset);
	     page != NULL && page->offset - backing_offset < object->size;
	     page = page_next(page)) {
		if (page_lookup(object, page->offset - backing_offset) == NULL)
			return false;
	}
	return true;
}

void
object_collapse(struct object *object, bool can_bypass)
{
	struct object *backing;

	while ((backing = object->shadow) != NULL) {
		if (!backing->internal ||
		    /* a copy object keeps shadow offset 0 and its pages */
		    (backing->shadow != NULL &&
			backing->shadow->copy == backing)) {
			object = backing;
			continue;
		}
		if (backing->ref_count == 1) {
			do_collapse(object, backing);
			continue;
		}
		if (can_bypass && is_covered(object, backing)) {
			do_bypass(object, backing);
			continue;
		}
		object = backing;
	}
}

bool
object_coalesce(struct object *previous, uint64_t offset, uint64_t size,
    uint64_t next_size)
{
	uint64_t end;

	if (previous == NULL)
		return true;
	object_collapse(previous, true);
	if (previous->ref_count > 1 || previous->shadow != NULL ||
	    previous->copy != NULL || previous->true_share ||
	    previous->purgable != VM_PURGABLE_DENY)
		return false;
	if (__builtin_add_overflow(offset, size, &end) ||
	    __builtin_add_overflow(end, next_size, &end))
		return false;
	object_page_remove(previous, offset + size, end);
	if (end > previous->size)
		previous->size = end;
	return true;
}

uint64_t
object_id(struct object *object)
{
	return object == NULL ? 0 : object->id;
}
