/*
 * Synchronizing: vm_map_msync().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/sanitize.h"
#include "model/vm/msync.h"
#include "model/vm/copy.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/pager.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* ---- msync ----------------------------------------------------------------- */

static void
msync_object(const struct map *map, uint64_t address, struct object *object,
    uint64_t offset, uint64_t size, vm_sync_t flags)
{
	const uint64_t kernel_page = UINT64_C(1)
	    << kernel->rules->kernel_page_shift;
	bool kill = (flags & VM_SYNC_KILLPAGES) != 0;
	uint64_t first, end;

	if (object == NULL)
		return;
	if (!(flags & (VM_SYNC_KILLPAGES | VM_SYNC_DEACTIVATE))) {
		/* anonymous memory: nowhere to write it */
		if (object->pager != NULL)
			pager_sync(object, offset, offset + size,
			    (flags &
				(VM_SYNC_SYNCHRONOUS | VM_SYNC_ASYNCHRONOUS)) !=
				0,
			    (flags & VM_SYNC_INVALIDATE) != 0);
		return;
	}
	if (kernel->page_size < kernel_page) {
		/* of the kernel's pages only whole ones */
		end = (offset + size) & ~(kernel_page - 1);
		first = (offset + kernel_page - 1) & ~(kernel_page - 1);
		if (end <= first)
			return;
		size = end - first;
		address += first - offset;
		offset = first;
	}
	if (!kill || object_may_lose_pages(object))
		object_deactivate_pages(object, offset, size, map->pmap,
		    address, kill, false);
}

/* With a lock for each entry: a hole that matters ends it, what is above is
 * not synchronized.  Sealed submaps are left alone. */
static kern_return_t
msync_range(struct map *map, uint64_t start, uint64_t end, vm_sync_t flags)
{
	const bool contiguous = (flags & VM_SYNC_CONTIGUOUS) != 0;
	struct range r = {
		.map = map,
		.start = start,
		.end = end,
		.how = RANGE_STREAM | RANGE_ANYWHERE |
		    (contiguous || (flags & VM_SYNC_KILLPAGES) ? 0 :
								 RANGE_HOLES),
	};
	struct entry *e;
	kern_return_t kr = range_begin(&r);

	if (kr == KERN_SUCCESS) {
		while ((e = range_next(&r)) != NULL)
			if (!e->is_sub_map)
				msync_object(map, r.from, e->object,
				    range_offset(&r), r.to - r.from, flags);
		kr = r.error;
	}
	return contiguous ? kr : KERN_SUCCESS;
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
	if (kernel->rules->locks_entries)
		return msync_range(map, address, address + left, flags);

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
			msync_object(map, address, entry->object,
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
