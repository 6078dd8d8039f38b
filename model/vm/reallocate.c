/*
 * Growing a range without copying it: vm_map_reallocate_sanitize() and
 * vm_map_relocate() of osfmk/vm/vm_map.c, xnu-12377.121.6.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/reallocate.h"
#include "model/host/pmap.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/range.h"
#include "model/vm/release.h"
#include "model/vm/sanitize.h"
#include "model/vm/vm.h"

/* A request whose parameters were taken. */
struct request {
	struct map *map;
	uint64_t source, source_size;
	uint64_t destination, size; /* of the destination */
	uint64_t mask;		    /* with the page's */
	bool anywhere, overwrite, zero_fills;
	uint8_t tag;
};

/* What of the source's first entry the memory behind it gets, too. */
struct attributes {
	vm_prot_t current, maximum;
	vm_inherit_t inheritance;
};

static uint64_t
source_end(const struct request *r)
{
	return r->source + r->source_size;
}

static bool
is_aligned(const struct request *r)
{
	return (r->source & r->mask) == 0;
}

/* ---- parameters ---------------------------------------------------------- */

/* Whole pages, and not none; the start may be anywhere only if it is a hint. */
static bool
is_whole(const struct map *map, uint64_t start, uint64_t size, bool is_hint)
{
	const uint64_t mask = page_mask(map);

	return (is_hint || (start & mask) == 0) && (size & mask) == 0 &&
	    size != 0 && !range_overflows(start, size, mask);
}

static kern_return_t
take(struct request *r, uint64_t destination, uint64_t size, uint64_t mask,
    int options, int flags)
{
	const int known = VM_FLAGS_ANYWHERE | VM_FLAGS_OVERWRITE |
	    (int)VM_FLAGS_ALIAS_MASK;
	uint64_t end;

	if ((flags & ~known) != 0 ||
	    (options & ~VM_REALLOCATE_ZERO_FILL_SOURCE) != 0)
		return KERN_INVALID_ARGUMENT;
	r->anywhere = (flags & VM_FLAGS_ANYWHERE) != 0;
	r->overwrite = (flags & VM_FLAGS_OVERWRITE) != 0;
	r->zero_fills = (options & VM_REALLOCATE_ZERO_FILL_SOURCE) != 0;
	r->tag = (uint8_t)((uint32_t)flags >> 24);
	/* The pages of an unaligned hint are one more. */
	if (!is_whole(r->map, destination, size, r->anywhere) ||
	    !sanitize_range(destination, size, page_mask(r->map),
		&r->destination, &end))
		return KERN_INVALID_ARGUMENT;
	r->size = end - r->destination;
	if (!r->anywhere && (r->destination & mask) != 0)
		return KERN_INVALID_ADDRESS;
	if (!is_whole(r->map, r->source, r->source_size, false))
		return KERN_INVALID_ARGUMENT;
	r->mask = mask | page_mask(r->map);
	return KERN_SUCCESS;
}

/* ---- the source ---------------------------------------------------------- */

static kern_return_t
judge_source(const struct range *r, const struct entry *e)
{
	(void)r;
	return e->is_sub_map || e->permanent || e->tpro || e->used_for_jit ?
	    KERN_INVALID_ADDRESS :
	    KERN_SUCCESS;
}

/* Leaves the range with an entry that starts and one that ends with it. */
static kern_return_t
take_source(const struct request *r, struct attributes *attributes)
{
	struct range range = {
		.map = r->map,
		.start = r->source,
		.end = source_end(r),
		.how = RANGE_ATOMIC | RANGE_CLIPS,
		.judge = judge_source,
	};
	kern_return_t kr = range_begin(&range);
	struct entry *first;

	if (kr != KERN_SUCCESS)
		return kr;
	first = range_next(&range);
	attributes->current = first->protection;
	attributes->maximum = first->max_protection;
	attributes->inheritance = first->inheritance;
	return KERN_SUCCESS;
}

/* New memory in the place of an entry that goes. */
static void
put_zeroes(struct map *map, const struct entry *gone)
{
	struct entry *e = entry_new();

	e->start = gone->start;
	e->end = gone->end;
	e->protection = gone->protection;
	e->max_protection = gone->max_protection;
	e->inheritance = gone->inheritance;
	e->use_pmap = true;
	map_link(map, e);
}

static void
take_out(const struct request *r, struct entry_list *moved)
{
	struct map *map = r->map;
	struct entry *e, *next;

	map_lookup_entry(map, r->source, &e);
	for (; e != NULL && e->start < source_end(r); e = next) {
		next = entry_next(e);
		entry_drop_wiring(map, e);
		if (map->pmap != NULL && e->object != NULL)
			pmap_remove(map->pmap, e->start, e->end);
		map_unlink(map, e);
		if (r->zero_fills)
			put_zeroes(map, e);
		TAILQ_INSERT_TAIL(moved, e, order);
	}
}

/* ---- the destination ----------------------------------------------------- */

/* What the entry behind the source may be: never one with it. */
static kern_return_t
grow_in_place(const struct request *r, const struct attributes *attributes)
{
	const struct map_flags flags = { .tag = r->tag, .keeps_apart = true };
	uint64_t address = source_end(r);

	return map_enter(r->map, &address, r->size - r->source_size,
	    page_mask(r->map), flags, NULL, 0, false, attributes->current,
	    attributes->maximum, attributes->inheritance);
}

/* Without any access, which is why it is one entry however large. */
static kern_return_t
reserve(struct request *r)
{
	const struct map_flags flags = {
		.anywhere = r->anywhere,
		.overwrite = r->overwrite,
		.tag = r->tag,
		.keeps_apart = true,
	};
	kern_return_t kr;

	kr = map_enter(r->map, &r->destination, r->size, r->mask, flags, NULL,
	    0, false, VM_PROT_NONE, VM_PROT_NONE, VM_INHERIT_NONE);
	return kr == KERN_SUCCESS || kr == KERN_NO_SPACE ? kr :
							   KERN_NOT_SUPPORTED;
}

/* The source takes the place of the reservation's lower part; what is left of
 * that is the memory behind it. */
static void
move(const struct request *r, const struct attributes *attributes)
{
	struct entry_list moved = TAILQ_HEAD_INITIALIZER(moved);
	struct map *map = r->map;
	struct entry *e;

	take_out(r, &moved);
	map_lookup_entry(map, r->destination, &e);
	e->protection = attributes->current;
	e->max_protection = attributes->maximum;
	e->inheritance = attributes->inheritance;
	map_clip_end(map, e, r->destination + r->source_size);
	map_unlink(map, e);
	object_deallocate(e->object);
	entry_free(e);
	while ((e = TAILQ_FIRST(&moved)) != NULL) {
		TAILQ_REMOVE(&moved, e, order);
		e->start += r->destination - r->source;
		e->end += r->destination - r->source;
		e->tag = r->tag;
		map_link(map, e);
	}
}

/* -------------------------------------------------------------------------- */

static kern_return_t
relocate(struct request *r)
{
	const bool replaces = !r->anywhere && r->overwrite;
	const bool replaces_first = replaces && r->destination < r->source;
	struct attributes attributes;
	kern_return_t kr;

	if (r->map->page_shift != r->map->rules->kernel_page_shift)
		return KERN_NOT_SUPPORTED;
	if (r->size < r->source_size)
		return KERN_INVALID_ARGUMENT;
	if (replaces && r->destination + r->size > r->source &&
	    source_end(r) > r->destination)
		return KERN_INVALID_ADDRESS;
	if (r->anywhere && r->size == r->source_size && is_aligned(r)) {
		r->destination = r->source; /* nothing to do or to look at */
		return KERN_SUCCESS;
	}
	/* Ranges are taken in order of address. */
	if (replaces_first && (kr = reserve(r)) != KERN_SUCCESS)
		return kr;
	kr = take_source(r, &attributes);
	if (kr != KERN_SUCCESS)
		return kr;
	if (r->anywhere && is_aligned(r) &&
	    grow_in_place(r, &attributes) == KERN_SUCCESS) {
		r->destination = r->source;
		return KERN_SUCCESS;
	}
	if (!replaces_first && (kr = reserve(r)) != KERN_SUCCESS)
		return kr;
	move(r, &attributes);
	return KERN_SUCCESS;
}

kern_return_t
kernel_reallocate(struct task *task, uint64_t source, uint64_t source_size,
    uint64_t *destination, uint64_t destination_size, uint64_t mask,
    int options, int flags)
{
	struct request r = {
		.map = task->map,
		.source = source,
		.source_size = source_size,
	};
	kern_return_t kr;

	kr = take(&r, *destination, destination_size, mask, options, flags);
	if (kr == KERN_SUCCESS)
		kr = relocate(&r);
	if (kr == KERN_SUCCESS)
		*destination = r.destination;
	return kr;
}
