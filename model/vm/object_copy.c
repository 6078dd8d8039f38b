/*
 * Copies of objects: symmetric, delayed (asymmetric) and at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/object_copy.h"
#include "model/host/pmap.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/vm.h"

bool
object_copy_quickly(struct object *object, bool *source_needs_copy,
    bool *copy_needs_copy)
{
	if (object == NULL) {
		*source_needs_copy = *copy_needs_copy = false;
		return true;
	}
	if (object->copy_strategy != COPY_SYMMETRIC)
		return false;
	object_reference(object);
	object->shadowed = true;
	*source_needs_copy = *copy_needs_copy = true;
	return true;
}

/* Write-protects the pages of [from, to); false when one is wired. */
static bool
protect_for_copy(struct object *object, uint64_t from, uint64_t to)
{
	struct page *page;

	for (page = page_first(object, from); page != NULL && page->offset < to;
	     page = page_next(page)) {
		if (page->wire_count > 0)
			return false;
		pmap_page_protect(page->frame, VM_PROT_READ | VM_PROT_EXECUTE);
	}
	return true;
}

struct object *
object_copy_delayed(struct object *source, uint64_t offset, uint64_t size)
{
	uint64_t copy_size = round_object(offset + size);
	struct object *old = source->copy, *copy;

	if (old != NULL && old->resident_page_count == 0) {
		/* Nothing was pushed since the last copy: use that again. */
		if (old->size < copy_size) {
			if (!protect_for_copy(source, old->size, copy_size))
				return NULL;
			old->size = copy_size;
		}
		object_reference(old);
		return old;
	}
	if (old != NULL && old->size > copy_size)
		copy_size = old->size;
	if (!protect_for_copy(source, 0, copy_size))
		return NULL;
	copy = object_allocate(copy_size);
	if (old != NULL) {
		/* The old copy sees the source through the new one. */
		source->ref_count--;
		old->shadow = copy;
		copy->ref_count++;
	}
	copy->shadow = source;
	copy->shadow_offset = 0;
	copy->shadowed = true; /* the caller sets needs_copy */
	source->ref_count++;
	source->copy = copy;
	return copy;
}

kern_return_t
object_copy_slowly(struct object *source, uint64_t offset, uint64_t size,
    struct object **result)
{
	struct object *copy;
	struct page *page, *new_page;
	uint64_t start, to = 0;
	vm_prot_t prot;
	kern_return_t error;

	*result = NULL;
	if (size == 0)
		return KERN_INVALID_ARGUMENT;
	object_reference(source);
	start = trunc_object(offset);
	size = round_object(offset + size) - start;
	copy = object_allocate(size);
	if (source->copy_strategy == COPY_NONE && source->inherit_copy_none) {
		copy->copy_strategy = COPY_NONE;
		copy->inherit_copy_none = true;
	}
	for (; to < size; to += kernel->page_size) {
		/* What is nowhere is left out of the copy, but only if no
		 * shadow has to be searched. */
		if (source->shadow == NULL && source->pager == NULL &&
		    page_lookup(source, start + to) == NULL)
			continue;
		prot = VM_PROT_READ;
		page = fault_page(source, start + to, VM_PROT_READ, false,
		    &prot, &error, 0);
		if (page == NULL) {
			object_deallocate(copy);
			object_deallocate(source);
			return error;
		}
		new_page = page_alloc(copy, to, 0);
		page_copy(page, new_page);
		new_page->dirty = true;
	}
	object_deallocate(source);
	*result = copy;
	return KERN_SUCCESS;
}

kern_return_t
object_copy_strategically(struct object *source, uint64_t offset, uint64_t size,
    bool forking, struct object **result, uint64_t *new_offset,
    bool *needs_copy)
{
	enum copy_strategy strategy = source->copy_strategy;
	kern_return_t kr;

	if (strategy == COPY_DELAY_FORK)
		strategy = forking ? COPY_DELAY : COPY_NONE;
	*result = NULL;
	if (strategy == COPY_SYMMETRIC)
		return KERN_MEMORY_RESTART_COPY;
	if (strategy == COPY_DELAY) {
		*result = object_copy_delayed(source, offset, size);
		if (*result != NULL) {
			*new_offset = offset;
			*needs_copy = true;
			return KERN_SUCCESS;
		}
	}
	kr = object_copy_slowly(source, offset, size, result);
	if (kr == KERN_SUCCESS) {
		*new_offset = offset - trunc_object(offset);
		*needs_copy = false;
	}
	return kr;
}
