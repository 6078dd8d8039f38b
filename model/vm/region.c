/*
 * What region and region_recurse tell: vm_map_region() and
 * vm_map_region_recurse_64() of osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/region.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/query.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#include <string.h>

#define EXTENDED_INFO_LEGACY	   11
#define EXTENDED_INFO_COUNT_LEGACY (VM_REGION_EXTENDED_INFO_COUNT - 1)

static void
basic_info(const struct entry *e, int *info)
{
	struct vm_region_basic_info_64 basic = {
		.protection = e->protection,
		.max_protection = e->max_protection,
		.inheritance = e->inheritance,
		.shared = !e->is_sub_map && e->is_shared,
		.reserved = e->is_sub_map,
		.offset = e->offset,
		.behavior = e->behavior,
		.user_wired_count = e->user_wired_count,
	};

	memcpy(info, &basic, sizeof(basic));
}

static void
walk(struct map *map, struct entry *e, uint64_t start, uint64_t end,
    bool look_for_pages, struct region_sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	sums->share_mode = SM_EMPTY;
	region_walk(map, e, e->offset + (start - e->start), end - start,
	    look_for_pages, sums);
}

static void
extended_info(struct map *map, struct entry *e, int *info, unsigned count)
{
	struct vm_region_extended_info extended;
	struct region_sums sums;

	walk(map, e, e->start, e->end, true, &sums);
	memset(&extended, 0, sizeof(extended));
	extended.protection = e->protection;
	extended.user_tag = e->tag;
	extended.pages_resident = sums.resident;
	extended.pages_shared_now_private = sums.shared_now_private;
	extended.pages_swapped_out = sums.swapped_out;
	extended.pages_dirtied = sums.dirtied;
	extended.ref_count = sums.ref_count;
	extended.shadow_depth = (unsigned short)sums.shadow_depth;
	extended.external_pager = sums.external_pager;
	extended.share_mode = sums.share_mode;
	extended.pages_reusable = sums.reusable;
	memcpy(info, &extended, count * sizeof(int));
}

static void
top_info(struct entry *e, int *info)
{
	struct vm_region_top_info top;
	struct region_top sums;

	memset(&sums, 0, sizeof(sums));
	region_top_walk(e, &sums);
	memset(&top, 0, sizeof(top));
	top.obj_id = sums.object_id;
	top.ref_count = sums.ref_count;
	top.private_pages_resident = sums.private_resident;
	top.shared_pages_resident = sums.shared_resident;
	top.share_mode = sums.share_mode;
	memcpy(info, &top, sizeof(top));
}

/* How many ints a flavour takes; 0: there is no such flavour. */
static mach_msg_type_number_t
flavor_count(vm_region_flavor_t flavor)
{
	switch (flavor) {
	case VM_REGION_BASIC_INFO_64:
		return VM_REGION_BASIC_INFO_COUNT_64;
	case VM_REGION_EXTENDED_INFO:
		return VM_REGION_EXTENDED_INFO_COUNT;
	case EXTENDED_INFO_LEGACY:
		return EXTENDED_INFO_COUNT_LEGACY;
	case VM_REGION_TOP_INFO:
		return VM_REGION_TOP_INFO_COUNT;
	default:
		return 0;
	}
}

kern_return_t
kernel_region(struct task *task, uint64_t *address, uint64_t *size,
    vm_region_flavor_t flavor, int *info, mach_msg_type_number_t *count)
{
	struct map *map = task->map;
	mach_msg_type_number_t needed;
	struct entry *e;

	/* A process of 64 bits never sees the structure of 32. */
	if (flavor == VM_REGION_BASIC_INFO)
		flavor = VM_REGION_BASIC_INFO_64;
	needed = flavor_count(flavor);
	if (needed == 0 || *count < needed)
		return KERN_INVALID_ARGUMENT;
	*count = needed;
	e = map_lookup_or_next(map, trunc_page_in(map, *address));
	if (e == NULL)
		return KERN_INVALID_ADDRESS;
	switch (flavor) {
	case VM_REGION_BASIC_INFO_64:
		basic_info(e, info);
		break;
	case VM_REGION_TOP_INFO:
		top_info(e, info);
		break;
	default:
		extended_info(map, e, info, needed);
		break;
	}
	*address = e->start;
	*size = e->end - e->start;
	return KERN_SUCCESS;
}

/* ---- recurse ------------------------------------------------------------- */

struct found {
	struct map *map;
	struct entry *entry;
	uint64_t start, end; /* what the levels above show, in this map */
	natural_t depth;
	bool is_copied; /* a submap on the way here needs a copy */
};

/* The first region at or above address in the window [low, high), no deeper
 * than max_depth; *shift: what to add to its addresses. */
static bool
find(struct map *map, uint64_t address, uint64_t low, uint64_t high,
    natural_t max_depth, struct found *found, uint64_t *shift)
{
	struct entry *e;
	uint64_t start, end, sub, inner;

	e = map_lookup_or_next(map, address);
	for (; e != NULL && e->start < high; e = entry_next(e)) {
		start = e->start < low ? low : e->start;
		end = e->end > high ? high : e->end;
		if (address < start)
			address = start;
		if (!e->is_sub_map || found->depth >= max_depth) {
			found->map = map;
			found->entry = e;
			found->start = start;
			found->end = end;
			*shift = 0;
			return true;
		}
		sub = e->offset - e->start;
		found->depth++;
		found->is_copied |= e->needs_copy;
		if (find(e->submap, address + sub, start + sub, end + sub,
			max_depth, found, &inner)) {
			*shift = inner - sub;
			return true;
		}
		/* What follows a submap is told as copied if that was. */
		found->depth--;
	}
	return false;
}

static void
submap_sums(const struct entry *e, struct region_sums *sums)
{
	memset(sums, 0, sizeof(*sums));
	sums->share_mode = e->use_pmap ? SM_TRUESHARED : SM_PRIVATE;
	sums->ref_count = (uint32_t)e->submap->ref_count;
}

static uint64_t
identity(const struct entry *e)
{
	if (e->is_sub_map)
		return (uint64_t)(uintptr_t)e->submap;
	return e->object == NULL ? 0 : object_id(e->object);
}

/* Of no use for a submap. */
static unsigned short
flags_of(const struct map *map, const struct entry *e)
{
	if (!map->rules->region_tells_flags || e->is_sub_map)
		return 0;
	return (e->used_for_jit ? VM_REGION_FLAG_JIT_ENABLED : 0) |
	    (e->tpro ? VM_REGION_FLAG_TPRO_ENABLED : 0);
}

static void
short_info(const struct map *map, const struct entry *e,
    const struct region_sums *sums, int *info)
{
	struct vm_region_submap_short_info_64 s;

	memset(&s, 0, sizeof(s));
	s.protection = e->protection;
	s.max_protection = e->max_protection;
	s.inheritance = e->inheritance;
	s.offset = e->offset;
	s.user_tag = e->tag;
	s.ref_count = sums->ref_count;
	s.shadow_depth = (unsigned short)sums->shadow_depth;
	s.external_pager = sums->external_pager;
	s.share_mode = sums->share_mode;
	s.is_submap = e->is_sub_map;
	s.behavior = e->behavior;
	s.object_id = (vm32_object_id_t)identity(e);
	s.user_wired_count = e->user_wired_count;
	s.flags = flags_of(map, e);
	memcpy(info, &s, sizeof(s));
}

static void
long_info(const struct map *map, const struct entry *e,
    const struct region_sums *sums, int *info, mach_msg_type_number_t count)
{
	struct vm_region_submap_info_64 s;

	memset(&s, 0, sizeof(s));
	s.protection = e->protection;
	s.max_protection = e->max_protection;
	s.inheritance = e->inheritance;
	s.offset = e->offset;
	s.user_tag = e->tag;
	s.pages_resident = sums->resident;
	s.pages_shared_now_private = sums->shared_now_private;
	s.pages_swapped_out = sums->swapped_out;
	s.pages_dirtied = sums->dirtied;
	s.ref_count = sums->ref_count;
	s.shadow_depth = (unsigned short)sums->shadow_depth;
	s.external_pager = sums->external_pager;
	s.share_mode = sums->share_mode;
	s.is_submap = e->is_sub_map;
	s.behavior = e->behavior;
	s.object_id = (vm32_object_id_t)identity(e);
	s.user_wired_count = e->user_wired_count;
	s.flags = flags_of(map, e);
	s.pages_reusable = sums->reusable;
	s.object_id_full = identity(e);
	memcpy(info, &s, count * sizeof(int));
}

/* The longest form that fits. */
static mach_msg_type_number_t
recurse_count(const struct rules *rules, mach_msg_type_number_t count)
{
	if (count >= VM_REGION_SUBMAP_INFO_V2_COUNT_64 &&
	    rules->region_tells_full_identity)
		return VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	if (count >= VM_REGION_SUBMAP_INFO_V1_COUNT_64)
		return VM_REGION_SUBMAP_INFO_V1_COUNT_64;
	if (count >= VM_REGION_SUBMAP_INFO_V0_COUNT_64)
		return VM_REGION_SUBMAP_INFO_V0_COUNT_64;
	return VM_REGION_SUBMAP_SHORT_INFO_COUNT_64;
}

kern_return_t
kernel_region_recurse(struct task *task, uint64_t *address, uint64_t *size,
    natural_t *depth, int *info, mach_msg_type_number_t *count)
{
	struct map *map = task->map;
	struct found found;
	struct region_sums sums;
	uint64_t shift, start;
	bool is_short;

	if (*count < VM_REGION_SUBMAP_SHORT_INFO_COUNT_64)
		return KERN_INVALID_ARGUMENT;
	*count = recurse_count(task->rules, *count);
	is_short = *count == VM_REGION_SUBMAP_SHORT_INFO_COUNT_64;
	start = trunc_page_in(map, *address);
	memset(&found, 0, sizeof(found));
	if (!find(map, start, 0, UINT64_MAX, *depth, &found, &shift))
		return KERN_INVALID_ADDRESS;
	if (found.entry->is_sub_map)
		submap_sums(found.entry, &sums);
	else {
		walk(found.map, found.entry, found.start, found.end, !is_short,
		    &sums);
		if (found.is_copied && task->rules->region_tells_submap_copy)
			sums.share_mode = SM_COW;
	}
	if (is_short)
		short_info(found.map, found.entry, &sums, info);
	else
		long_info(found.map, found.entry, &sums, info, *count);
	*depth = found.depth;
	*address = found.start + shift;
	*size = found.end - found.start;
	return KERN_SUCCESS;
}
