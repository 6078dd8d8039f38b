/*
 * Advice that acts on pages: vm_map_msync(), reusable pages, prefaulting and
 * zeroing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/sanitize.h"
#include "model/vm/msync.h"
#include "model/host/frame.h"
#include "model/host/pmap.h"
#include "model/vm/copy.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/*
 * vm_object_deactivate_pages(): an idle machine keeps the content.  kill:
 * pages of the top object are clean from now on; reusable: and counted apart.
 */
static void
deactivate_pages(struct object *object, uint64_t offset, uint64_t size,
    bool kill, bool reusable)
{
	struct page *page;

	if (reusable && object->all_reusable)
		return;
	for (page = page_first(object, offset);
	     page != NULL && page->offset < offset + size;
	     page = page_next(page)) {
		if (page->wire_count > 0)
			continue;
		page->referenced = false;
		if (!kill || !object->internal)
			continue;
		page->dirty = false;
		/* the next write must be noticed */
		pmap_page_protect(page->frame, VM_PROT_READ | VM_PROT_EXECUTE);
		if (reusable && !page->reusable) {
			page->reusable = true;
			object->reusable_page_count++;
		}
	}
}

/* Nobody but this object's own entries would miss the pages. */
static bool
may_kill(const struct object *object)
{
	return (object->ref_count == 1 ||
		   (object->copy_strategy != COPY_SYMMETRIC &&
		       object->copy == NULL)) &&
	    object->shadow == NULL;
}

/* ---- msync ----------------------------------------------------------------- */

static void
msync_object(struct object *object, uint64_t offset, uint64_t size,
    vm_sync_t flags)
{
	const uint64_t kernel_page = UINT64_C(1)
	    << kernel->rules->kernel_page_shift;
	bool kill = (flags & VM_SYNC_KILLPAGES) != 0;
	uint64_t end;

	if (object == NULL ||
	    !(flags & (VM_SYNC_KILLPAGES | VM_SYNC_DEACTIVATE)))
		return; /* anonymous memory: nowhere to write it */
	if (kernel->page_size < kernel_page) {
		/* of the kernel's pages only whole ones */
		end = (offset + size) & ~(kernel_page - 1);
		offset = (offset + kernel_page - 1) & ~(kernel_page - 1);
		if (end <= offset)
			return;
		size = end - offset;
	}
	if (!kill || may_kill(object))
		deactivate_pages(object, offset, size, kill, false);
}

kern_return_t
map_msync(struct map *map, uint64_t address, uint64_t size, vm_sync_t flags)
{
	uint64_t left, skip, part;
	struct entry *entry, *next;
	bool had_hole = false;

	if ((flags & VM_SYNC_ASYNCHRONOUS) && (flags & VM_SYNC_SYNCHRONOUS))
		return KERN_INVALID_ARGUMENT;
	if (kernel->rules->msync_refuses_overflow &&
	    range_overflows(address, size, page_mask(map)))
		return KERN_INVALID_ADDRESS;
	left = round_page_in(map, address + size) - trunc_page_in(map, address);
	address = trunc_page_in(map, address);

	while (left > 0) {
		if (!map_lookup_entry(map, address, &entry)) {
			had_hole = true;
			if (flags & VM_SYNC_KILLPAGES)
				break;
			next = entry == NULL ? map_first(map) :
					       entry_next(entry);
			if (next == NULL)
				break;
			skip = next->start - address;
			left = skip >= left ? 0 : left - skip;
			address = next->start;
			continue;
		}
		part = entry->end - address;
		/* as the kernel adds it up: wraps for huge ranges */
		if (left + address <= entry->end)
			part = left;
		if (entry->is_sub_map) {
			if (map_msync(entry->submap, entry->offset, part,
				flags) == KERN_INVALID_ADDRESS)
				had_hole = true;
		} else
			msync_object(entry->object,
			    entry->offset + (address - entry->start), part,
			    flags);
		left -= part;
		address += part;
	}
	if (had_hole && (flags & VM_SYNC_CONTIGUOUS))
		return KERN_INVALID_ADDRESS;
	return KERN_SUCCESS;
}

kern_return_t
kernel_msync(struct task *task, uint64_t address, uint64_t size,
    vm_sync_t flags)
{
	if (kernel->rules->msync_nothing_succeeds && size == 0)
		return KERN_SUCCESS;
	return map_msync(task->map, address, size, flags);
}

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
reusable_entry(struct entry *entry, uint64_t start, uint64_t end)
{
	struct object *object = entry->object;
	uint64_t from, to;

	if (!(entry->protection & VM_PROT_WRITE) && !entry->used_for_jit)
		return KERN_PROTECTION_FAILURE;
	if (object == NULL)
		return KERN_SUCCESS;
	bounds_in_object(entry, start, end, &from, &to);
	if (may_kill(object) && !entry->iokit_accounted && entry->use_pmap)
		deactivate_pages(object, from, to - from, true, true);
	if (entry->tag == VM_MEMORY_MALLOC_LARGE ||
	    entry->tag == VM_MEMORY_MALLOC_LARGE_REUSED)
		entry->tag = VM_MEMORY_MALLOC_LARGE_REUSABLE;
	return KERN_SUCCESS;
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

static kern_return_t
reusable_range(struct map *map, uint64_t start, uint64_t end,
    vm_behavior_t behavior)
{
	struct entry *entry;
	kern_return_t kr;

	if (behavior != VM_BEHAVIOR_CAN_REUSE &&
	    map->page_shift < kernel->rules->kernel_page_shift)
		return KERN_SUCCESS;
	if (!map_range_check(map, start, end, &entry))
		return KERN_INVALID_ADDRESS;
	for (; entry != NULL && entry->start < end; entry = entry_next(entry)) {
		if (!is_reusable(entry))
			return KERN_INVALID_ADDRESS;
		if (behavior == VM_BEHAVIOR_REUSABLE) {
			kr = reusable_entry(entry, start, end);
			if (kr != KERN_SUCCESS)
				return kr;
		} else if (behavior == VM_BEHAVIOR_REUSE)
			reuse_entry(entry, start, end);
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

static kern_return_t
willneed(struct map *map, uint64_t start, uint64_t end)
{
	struct entry *entry;
	vm_prot_t access;
	kern_return_t kr;
	uint64_t stop;

	if (!map_range_check(map, start, end, &entry))
		return KERN_INVALID_ADDRESS;
	if (!kernel->rules->willneed_prefaults)
		return KERN_SUCCESS;
	for (; entry != NULL && start < end; entry = entry_next(entry)) {
		stop = end < entry->end ? end : entry->end;
		access = VM_PROT_READ | VM_PROT_WRITE;
		if (kernel->rules->willneed_reports_faults)
			access = (entry->protection & VM_PROT_WRITE) ?
			    VM_PROT_WRITE :
			    VM_PROT_READ;
		else if (entry->is_sub_map ||
		    (entry->protection & VM_PROT_READ) == 0)
			start = stop;
		for (; start < stop; start += kernel->page_size) {
			kr = prefault(map, start, access);
			if (kr != KERN_SUCCESS &&
			    kernel->rules->willneed_reports_faults)
				return kr;
		}
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
zero_range(struct map *map, uint64_t start, uint64_t end)
{
	uint64_t current = start, from, to;
	struct object *object;
	struct entry *entry;
	kern_return_t kr;

	if (map->page_shift < kernel->rules->kernel_page_shift)
		return KERN_NO_ACCESS;
	if (!map_range_check(map, start, end, &entry))
		return KERN_INVALID_ADDRESS;
	for (; entry != NULL && entry->start < end; entry = entry_next(entry)) {
		if (!(entry->protection & VM_PROT_WRITE) ||
		    (entry->protection & VM_PROT_EXECUTE) ||
		    entry->used_for_jit)
			return KERN_PROTECTION_FAILURE;
		if (entry->needs_copy || entry->is_sub_map)
			return KERN_NO_ACCESS;
		object = entry->object;
		if (object == NULL)
			continue; /* and current stays behind */
		bounds_in_object(entry, current, end, &from, &to);
		object_reference(object);
		kr = zero_object(object, from, to);
		object_deallocate(object);
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
