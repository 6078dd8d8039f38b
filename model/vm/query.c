/*
 * What regions and page queries tell about objects and pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/sanitize.h"
#include "model/vm/query.h"
#include "darwin_errno.h"
#include "model/host/heap.h"
#include "model/vm/copy.h"
#include "model/vm/fault_wire.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* ---- regions --------------------------------------------------------------- */

/* vm_map_region_look_for_page() */
static void
look_for_page(struct object *object, uint64_t offset, uint32_t max_ref_count,
    struct region_sums *sums)
{
	uint32_t depth = 0;
	struct page *page;

	for (;;) {
		if (!object->internal)
			sums->external_pager = 1;
		page = page_lookup(object, offset);
		if (page != NULL) {
			if (object->shadow != NULL && max_ref_count == 1)
				sums->shared_now_private++;
			if (page->dirty)
				sums->dirtied++;
			else if (page->reusable || object->all_reusable)
				sums->reusable++;
			sums->resident++;
			return;
		}
		if (object->shadow == NULL)
			return;
		if (++depth > sums->shadow_depth)
			sums->shadow_depth = depth;
		offset += object->shadow_offset;
		object = object->shadow;
		if ((uint32_t)object->ref_count > max_ref_count)
			max_ref_count = object->ref_count;
	}
}

static bool
has_reference(const struct entry *entry, const struct object *object)
{
	const struct object *o;

	if (entry->is_sub_map)
		return false;
	for (o = entry->object; o != NULL; o = o->shadow)
		if (o == object)
			return true;
	return false;
}

/* Are all who share an object in this map?  Since 26.4: was it ever shared
 * for good, was it ever split? */
static uint8_t
alias_mode(struct map *map, const struct object *object)
{
	struct entry *entry;
	int mine = 0;

	if (map->rules->aliases_by_history) {
		if (!object->shared_for_good && object->internal)
			return SM_PRIVATE_ALIASED;
		return object->clipped ? SM_SHARED_ALIASED : SM_SHARED;
	}
	for (entry = map_first(map); entry != NULL; entry = entry_next(entry))
		mine += has_reference(entry, object);
	if (mine == object->ref_count)
		return SM_PRIVATE_ALIASED;
	return mine > 1 ? SM_SHARED_ALIASED : SM_SHARED;
}

void
region_walk(struct map *map, struct entry *entry, uint64_t offset,
    uint64_t range, bool look_for_pages, struct region_sums *sums)
{
	struct object *object, *o;
	uint64_t end = offset + range;
	uint32_t i;

	memset(sums, 0, sizeof(*sums));
	sums->share_mode = SM_EMPTY;
	if (entry->is_sub_map || entry->object == NULL)
		return;
	if (entry->superpage) {
		sums->share_mode = SM_LARGE_PAGE;
		sums->ref_count = 1;
		sums->resident = range / kernel->page_size;
		return;
	}
	object = entry->object;
	if (look_for_pages && object->resident_page_count == 0 &&
	    object->shadow == NULL) {
		/* nothing to find: no need to look page by page */
		sums->external_pager = !object->internal;
	} else if (look_for_pages) {
		for (; offset < end; offset += kernel->page_size)
			look_for_page(object, offset, object->ref_count, sums);
	} else {
		sums->external_pager = !object->internal;
		for (o = object->shadow; o != NULL; o = o->shadow) {
			sums->external_pager |= !o->internal;
			sums->shadow_depth++;
		}
	}
	if (sums->shadow_depth > 0 || entry->needs_copy)
		sums->share_mode = SM_COW;
	else if (object->ref_count == 1)
		sums->share_mode = SM_PRIVATE;
	else
		sums->share_mode = object->true_share ? SM_TRUESHARED :
							SM_SHARED;
	sums->ref_count = object->ref_count - sums->shadow_depth;
	for (o = object, i = 0; i < sums->shadow_depth && o->shadow != NULL;
	     i++) {
		o = o->shadow;
		sums->ref_count += o->ref_count;
	}
	/* the pager's reference is nobody who shares */
	if (sums->share_mode == SM_SHARED && sums->external_pager &&
	    sums->ref_count == 2)
		sums->share_mode = SM_PRIVATE;
	else if (sums->share_mode == SM_SHARED)
		sums->share_mode = alias_mode(map, object);
}

static uint32_t
resident_count(const struct object *object, uint32_t pages)
{
	uint32_t count = object->all_reusable ?
	    object->wired_page_count :
	    object->resident_page_count - object->reusable_page_count;

	return count < pages ? count : pages;
}

void
region_top_walk(struct entry *entry, struct region_top *top)
{
	struct object *object = entry->object;
	uint32_t pages, count;

	memset(top, 0, sizeof(*top));
	top->share_mode = SM_EMPTY;
	if (entry->is_sub_map || object == NULL)
		return;
	pages = (entry->end - entry->start) / kernel->page_size;
	count = resident_count(object, pages);
	top->ref_count = object->ref_count;
	if (object->shadow != NULL) {
		top->share_mode = SM_COW;
		if (object->ref_count == 1)
			top->private_resident = count;
		else
			top->shared_resident = count;
		while ((object = object->shadow) != NULL) {
			top->shared_resident += resident_count(object, pages);
			top->ref_count += object->ref_count - 1;
			top->object_id = (uint32_t)object_id(object);
		}
		return;
	}
	top->object_id = (uint32_t)object_id(object);
	if (entry->superpage) {
		top->share_mode = SM_LARGE_PAGE;
		top->private_resident = pages;
	} else if (entry->needs_copy) {
		top->share_mode = SM_COW;
		top->shared_resident = count;
	} else if (object->ref_count == 1 ||
	    (object->ref_count == 2 && object->pager != NULL)) {
		top->share_mode = SM_PRIVATE;
		top->private_resident = count;
	} else {
		top->share_mode = SM_SHARED;
		top->shared_resident = count;
	}
}

/* ---- pages ----------------------------------------------------------------- */

static void
query_page(struct map *map, struct object *top, uint64_t offset, int *depth,
    struct vm_page_info_basic *info)
{
	struct object *object = top;
	struct page *page;

	while ((page = page_lookup(object, trunc_object(offset))) == NULL &&
	    object->shadow != NULL) {
		offset += object->shadow_offset;
		object = object->shadow;
		(*depth)++;
	}
	if (page != NULL) {
		info->disposition |= VM_PAGE_QUERY_PAGE_PRESENT;
		if (page->dirty)
			info->disposition |= VM_PAGE_QUERY_PAGE_DIRTY;
		if (page->referenced)
			info->disposition |= VM_PAGE_QUERY_PAGE_REF;
		if (map->rules->page_query_tells_reusable &&
		    (page->reusable || object->all_reusable))
			info->disposition |= VM_PAGE_QUERY_PAGE_REUSABLE;
	}
	if (object == top && object->shadow != NULL)
		info->disposition |= VM_PAGE_QUERY_PAGE_COPIED;
	if (!object->internal)
		info->disposition |= VM_PAGE_QUERY_PAGE_EXTERNAL;
	info->ref_count = top->ref_count;
	info->object_id = (vm_object_id_t)object_id(object);
	info->offset = offset;
	info->depth = *depth;
}

/* vm_map_page_range_info_internal(): one page of info for each of [start,
 * end). */
static void
query_range(struct map *map, uint64_t start, uint64_t end,
    struct vm_page_info_basic *info)
{
	struct object *object;
	struct entry *entry;
	uint64_t stop, offset;
	int depth;

	memset(info, 0, (end - start) / page_size(map) * sizeof(*info));
	while (start < end) {
		if (!map_lookup_entry(map, start, &entry)) {
			entry = map_lookup_or_next(map, start);
			if (entry == NULL || entry->start >= end)
				return;
			info += (entry->start - start) / page_size(map);
			start = entry->start;
			continue;
		}
		stop = entry->end < end ? entry->end : end;
		offset = entry->offset + (start - entry->start);
		object = entry->object;
		if (entry->is_sub_map)
			query_range(entry->submap, offset,
			    offset + (stop - start), info);
		if (entry->is_sub_map || object == NULL) {
			info += (stop - start) / page_size(map);
			start = stop;
			continue;
		}
		/* The kernel's reference, when it is given back, may collapse
		 * the chain: a query has an effect. */
		object->ref_count++;
		depth = 0;
		for (; start < stop; start += page_size(map),
		     offset += page_size(map), info++) {
			query_page(map, object, offset, &depth, info);
			info->ref_count--;
		}
		object_deallocate(object);
	}
}

kern_return_t
kernel_page_info(struct task *task, uint64_t address,
    vm_page_info_flavor_t flavor, int *info, mach_msg_type_number_t *count)
{
	struct map *map = task->map;
	struct vm_page_info_basic basic;
	uint64_t start = trunc_page_in(map, address);

	if (flavor != VM_PAGE_INFO_BASIC ||
	    (*count != VM_PAGE_INFO_BASIC_COUNT &&
		*count != VM_PAGE_INFO_BASIC_COUNT - 1))
		return KERN_INVALID_ARGUMENT;
	memset(&basic, 0, sizeof(basic));
	if (start + page_size(map) < start) {
		if (!kernel->rules->page_query_tells_garbage)
			return kernel->rules->page_query_refuses_overflow ?
			    KERN_INVALID_ADDRESS :
			    KERN_INVALID_ARGUMENT;
		/* as two boots of 10.13.6 had it */
		basic.disposition = VM_PAGE_QUERY_PAGE_PRESENT |
		    VM_PAGE_QUERY_PAGE_FICTITIOUS;
	} else {
		query_range(map, start, start + page_size(map), &basic);
		if (basic.object_id != 0)
			basic.offset += address - start;
	}
	memcpy(info, &basic,
	    *count * sizeof(int) < sizeof(basic) ? *count * sizeof(int) :
						   sizeof(basic));
	return KERN_SUCCESS;
}

kern_return_t
kernel_page_query(struct task *task, uint64_t address, int *disposition,
    int *ref_count)
{
	mach_msg_type_number_t count = VM_PAGE_INFO_BASIC_COUNT;
	struct vm_page_info_basic info;
	kern_return_t kr;

	kr = kernel_page_info(task, address, VM_PAGE_INFO_BASIC, (int *)&info,
	    &count);
	if (kr == KERN_SUCCESS) {
		*disposition = info.disposition;
		*ref_count = info.ref_count;
	}
	return kr;
}

#define QUERY_PAGES 256 /* at a time */

kern_return_t
kernel_page_range_query(struct task *task, uint64_t address, uint64_t size,
    struct map *to, uint64_t dispositions, uint64_t *count)
{
	struct vm_page_info_basic *info;
	struct map *map = task->map;
	uint64_t start, end, wanted = *count, bytes, done = 0, pages, i;
	int disposition[QUERY_PAGES];
	kern_return_t kr = KERN_SUCCESS;

	if (__builtin_mul_overflow(wanted, sizeof(int), &bytes) &&
	    kernel->rules->page_range_query_checks_count)
		return KERN_INVALID_ARGUMENT;
	wanted = bytes / sizeof(int);
	if (kernel->rules->page_range_query_checks_buffer &&
	    dispositions + bytes < dispositions)
		return KERN_INVALID_ARGUMENT;
	start = trunc_page_in(map, address);
	end = round_page_in(map, address + size);
	if (size != 0 &&
	    (range_overflows(address, size, page_mask(map)) ||
		end - start < size))
		return KERN_INVALID_ARGUMENT;
	if (wanted == 0 ||
	    (size == 0 && kernel->rules->page_range_query_nothing_succeeds) ||
	    end == start)
		return KERN_SUCCESS;
	info = heap_alloc(QUERY_PAGES * sizeof(*info));
	while (size != 0 && start < end && done < wanted) {
		pages = (end - start) / page_size(map);
		if (pages > QUERY_PAGES)
			pages = QUERY_PAGES;
		query_range(map, start, start + pages * page_size(map), info);
		start += pages * page_size(map);
		if (pages > wanted - done)
			pages = wanted - done;
		for (i = 0; i < pages; i++)
			disposition[i] = info[i].disposition;
		if (!map_write_bytes(to, dispositions + done * sizeof(int),
			disposition, pages * sizeof(int))) {
			kr = DARWIN_EFAULT; /* copyout()'s, as it is */
			break;
		}
		done += pages;
	}
	heap_free(info, QUERY_PAGES * sizeof(*info));
	*count = done;
	return kr;
}
