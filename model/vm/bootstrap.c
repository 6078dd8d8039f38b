/*
 * The address space of a process as exec leaves it: image, stack, shared
 * region, comm page, reserved ranges, and what this host cannot give.
 *
 * The x86_64 layout is what region walks of booted kernels show; the arm64
 * ranges are constants of osfmk/mach/arm/vm_param.h and of
 * osfmk/arm64/machine_routines.c vm_reserved_regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/bootstrap.h"
#include "model/host/frame.h"
#include "model/vm/extract.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#include <string.h>

#define MIB(n) ((uint64_t)(n) << 20)

static struct entry *
add(struct map *map, uint64_t start, uint64_t size, vm_prot_t current,
    vm_prot_t maximum, uint8_t tag)
{
	struct entry *e = entry_new();

	e->start = start;
	e->end = start + size;
	e->protection = current;
	e->max_protection = maximum;
	e->inheritance = VM_INHERIT_COPY;
	e->tag = tag;
	e->use_pmap = true;
	map_link(map, e);
	return e;
}

/* A mapping of the image's file; nobody maps it a second time. */
static void
add_segment(struct map *map, uint64_t start, uint64_t size, vm_prot_t current,
    vm_prot_t maximum, uint64_t offset, bool is_copied)
{
	struct entry *e = add(map, start, size, current, maximum, 0);

	e->object = object_allocate(offset + size);
	e->offset = offset;
	e->needs_copy = is_copied;
}

static void
add_image(struct map *map)
{
	const uint64_t unit = page_size(map);
	const uint64_t text = unit < 0x4000 ? 0x18000 : 0x4000;
	uint64_t at = map->min_offset;

	add_segment(map, at, text, VM_PROT_READ | VM_PROT_EXECUTE,
	    VM_PROT_READ | VM_PROT_EXECUTE, 0, true);
	at += text;
	add_segment(map, at, unit, VM_PROT_DEFAULT, VM_PROT_DEFAULT, 0, false);
	at += unit;
	add_segment(map, at, 2 * unit, VM_PROT_DEFAULT, VM_PROT_DEFAULT, 0,
	    false);
	at += 2 * unit;
	add_segment(map, at, 2 * unit, VM_PROT_READ, VM_PROT_READ, text + unit,
	    true);
}

/* 8 MiB, below it the room that a larger limit would take. */
static void
add_stack(struct map *map, uint64_t top)
{
	struct entry *e;

	add(map, top - MIB(64), MIB(56), VM_PROT_NONE, VM_PROT_ALL,
	    VM_MEMORY_STACK);
	e = add(map, top - MIB(8), MIB(8), VM_PROT_DEFAULT, VM_PROT_ALL,
	    VM_MEMORY_STACK);
	e->object = object_allocate(MIB(8));
}

static struct entry *
add_submap(struct map *map, uint64_t start, uint64_t size, vm_prot_t current,
    vm_prot_t maximum, uint8_t tag, struct map *submap)
{
	struct entry *e = add(map, start, size, current, maximum, tag);

	e->is_sub_map = true;
	e->submap = submap;
	e->inheritance = VM_INHERIT_SHARE;
	e->use_pmap = false;
	return e;
}

/* A file's pages: what is copied from them is asymmetric.  The bytes of its
 * places, as far from each other as can be, begin with value and differ. */
static struct entry *
add_leaf(struct map *submap, uint64_t start, uint64_t size,
    vm_prot_t protection, int places, int value)
{
	struct entry *e = add(submap, start, size, protection, protection, 0);
	const uint64_t step = trunc_object(size / (uint64_t)places);

	e->object = object_allocate(size);
	e->object->copy_strategy = COPY_DELAY;
	e->object->internal = false;
	/* Frames side by side, though the pages are not: each program begins
	 * with this, and a host page of the table of frames knows many. */
	for (int i = 0; i < places; i++)
		host_frame_fill(page_alloc(e->object, (uint64_t)i * step,
				    (uint64_t)(value % 64 + i) *
					kernel->page_size)
				    ->frame,
		    value + i);
	return e;
}

/* Since 26.4 nothing of a submap changes any more: what is not there is memory
 * without access, what is there is shared for good.  vm_map_seal(). */
static void
seal(struct map *submap)
{
	uint64_t at = submap->min_offset;
	struct entry *e;

	for (e = map_first(submap); e != NULL; at = e->end, e = entry_next(e)) {
		if (at < e->start)
			add(submap, at, e->start - at, VM_PROT_NONE,
			    VM_PROT_NONE, 0)
			    ->inheritance = VM_INHERIT_SHARE;
		entry_make_shareable(submap, e);
	}
	if (at < submap->max_offset)
		add(submap, at, submap->max_offset - at, VM_PROT_NONE,
		    VM_PROT_NONE, 0)
		    ->inheritance = VM_INHERIT_SHARE;
	submap->is_sealed = true;
}

/* Text, data and link edit of a library, which is enough to look into. */
static void
add_shared_region(struct map *map)
{
	const struct rules *rules = map->rules;
	struct map *submap = map_create(0, rules->shared_region_size, rules,
	    NULL);
	const uint64_t part = rules->nesting_size;
	const uint64_t piece = rules->shared_region_piece != 0 ?
	    rules->shared_region_piece :
	    rules->shared_region_size;
	struct entry *e;
	uint64_t size;

	submap->is_submap = true;
	add_leaf(submap, 0, 2 * part, VM_PROT_READ | VM_PROT_EXECUTE, 2, 0x91);
	/* Of two units of nesting. */
	add_leaf(submap, 4 * part + part / 2, 2 * part - part / 2,
	    VM_PROT_DEFAULT, 8, 1);
	e = add_leaf(submap, 6 * part, part, VM_PROT_READ, 2, 0xa1);
	e->permanent = rules->shared_data_is_permanent && !rules->is_translated;
	if (rules->locks_entries)
		seal(submap);
	for (uint64_t at = 0; at < rules->shared_region_size; at += piece) {
		if (at != 0)
			map_reference(submap);
		size = rules->shared_region_size - at;
		e = add_submap(map, rules->shared_region + at,
		    size < piece ? size : piece, VM_PROT_READ,
		    rules->shared_region_never_writable &&
			    !rules->is_translated ?
			VM_PROT_READ :
			VM_PROT_ALL,
		    VM_MEMORY_SHARED_PMAP, submap);
		e->offset = at;
		e->use_pmap = true;
		e->needs_copy = true;
		e->permanent = rules->shared_region_is_permanent &&
		    !rules->is_translated;
	}
}

/* The comm page of x86_64 lies above the map's maximum. */
static void
add_comm_page(struct map *map, uint64_t start, vm_prot_t protection)
{
	const uint64_t size = map->rules->comm_page_size;
	struct map *submap = map_create(0, size, map->rules, NULL);
	struct entry *e;

	submap->is_submap = true;
	e = add(submap, 0, size, protection, protection, 0);
	e->inheritance = VM_INHERIT_SHARE;
	e->object = object_allocate(size);
	if (map->rules->locks_entries)
		seal(submap);
	add_submap(map, start, size, protection, protection, 0, submap);
}

static void
reserve(struct map *map, uint64_t start, uint64_t end)
{
	struct entry *e;

	e = add(map, start, end - start, VM_PROT_NONE, VM_PROT_NONE, 0);
	e->permanent = true;
	if (!map->rules->reserved_is_inherited)
		e->inheritance = VM_INHERIT_NONE;
}

/* Of the host's process: no part of the map's size. */
static void
cover(struct map *map, uint64_t start, uint64_t size)
{
	add(map, start, size, VM_PROT_NONE, VM_PROT_NONE, 0)->reserved = true;
	map->size -= size;
}

/* Holes below start and above end are the rest of the host's process. */
static void
reserve_outside(struct map *map, uint64_t start, uint64_t end)
{
	struct entry *e = map_first(map);
	uint64_t low = map->min_offset, high;

	while (low < map->max_offset) {
		high = e == NULL || e->start > map->max_offset ?
		    map->max_offset :
		    e->start;
		if (low < start && low < high)
			cover(map, low, (high < start ? high : start) - low);
		if (low < end)
			low = end;
		if (low < high)
			cover(map, low, high - low);
		if (e == NULL)
			break;
		low = e->end;
		e = entry_next(e);
	}
	for (e = map_first(map); e != NULL; e = entry_next(e))
		if (e->reserved)
			e->permanent = true;
}

struct map *
map_create_for(const struct rules *rules, struct pmap *pmap)
{
	struct map *map = map_create(rules->min, rules->max, rules, pmap);
	uint64_t start, end;

	map->wx_denied = rules->denies_write_execute;
	add_image(map);
	add_stack(map, rules->stack_top);
	add_shared_region(map);
	if (strcmp(rules->arch, "arm64") == 0) {
		reserve(map, UINT64_C(0xfc0000000), UINT64_C(0x1000000000));
		reserve(map, UINT64_C(0x1000000000), UINT64_C(0x7000000000));
	} else {
		add_comm_page(map, rules->comm_page, VM_PROT_READ);
		add_comm_page(map, rules->comm_page_text,
		    VM_PROT_READ | VM_PROT_EXECUTE);
	}
	host_window(&start, &end);
	reserve_outside(map, start, end);
	return map;
}
