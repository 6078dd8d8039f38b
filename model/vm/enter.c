/*
 * Placement and coalescing: vm_map_enter() of osfmk/vm/vm_map.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/enter.h"
#include "model/host/frame.h"
#include "model/vm/delete.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/space.h"
#include "model/vm/vm.h"
#include "model/vm/wire.h"

#define MEDIUM_CHUNK_SIZE (UINT64_C(8) << 20)
#define BIG_CHUNK_SIZE	  (UINT64_C(4) << 30)
#define NO_COALESCE_LIMIT (UINT64_C(128 * 1024) - 1)
#define RANDOM_TRIES	  1000

struct map_flags
map_flags_from_user(int flags)
{
	return (struct map_flags){
		.anywhere = (flags & VM_FLAGS_ANYWHERE) != 0,
		.purgable = (flags & VM_FLAGS_PURGABLE) != 0,
		.overwrite = (flags & VM_FLAGS_OVERWRITE) != 0,
		.random_address = (flags & VM_FLAGS_RANDOM_ADDR) != 0,
		.no_cache = (flags & VM_FLAGS_NO_CACHE) != 0,
		.chunk_4g = (flags & VM_FLAGS_4GB_CHUNK) != 0,
		.resilient_codesign = (flags & VM_FLAGS_RESILIENT_CODESIGN) !=
		    0,
		.resilient_media = (flags & VM_FLAGS_RESILIENT_MEDIA) != 0,
		.permanent = (flags & VM_FLAGS_PERMANENT) != 0,
		.tpro = (flags & VM_FLAGS_TPRO) != 0,
		.superpage = (uint8_t)((flags & VM_FLAGS_SUPERPAGE_MASK) >>
		    VM_FLAGS_SUPERPAGE_SHIFT),
		.tag = (uint8_t)((uint32_t)flags >> 24),
	};
}

/* ---- where --------------------------------------------------------------- */

/* random(3) of the kernel gives 31 bits; any sequence will do. */
static uint64_t
random31(struct map *map)
{
	uint64_t z = map->random += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) & 0x7fffffff;
}

/* *address: the hint, then the place. */
static kern_return_t
random_address(struct map *map, uint64_t *address, uint64_t size)
{
	struct entry *e;
	uint64_t a, low, high, end, room;
	int i;

	/* 31 bits of pages may not reach to where the host has room. */
	host_window(&low, &high);
	if (low < map->min_offset)
		low = map->min_offset;
	if (map->rules->random_ignores_mask && low < *address)
		low = *address;
	if (low >= map->max_offset)
		return KERN_NO_SPACE;
	room = map->max_offset - low;
	if (size >= room)
		return KERN_NO_SPACE;
	room -= size;
	for (i = 0; i < RANDOM_TRIES; i++) {
		a = low + (random31(map) << map->page_shift) % room;
		a = trunc_page_in(map, a);
		if (map_lookup_entry(map, a, &e))
			continue;
		e = e == NULL ? map_first(map) : entry_next(e);
		end = e == NULL ? map->max_offset : e->start;
		if (end >= a && end - a >= size) {
			*address = a;
			return KERN_SUCCESS;
		}
	}
	return KERN_NO_SPACE;
}

static kern_return_t
locate_anywhere(struct map *map, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags flags)
{
	kern_return_t kr;
	uint64_t hint = *address, limit = map->max_offset, min;

	if (flags.random_address &&
	    (kr = random_address(map, &hint, size)) != KERN_SUCCESS)
		return kr;
	if (flags.random_address && map->rules->random_ignores_mask)
		mask = 0;
	if (flags.below_4g && limit > UINT64_C(0xfffff000))
		limit = UINT64_C(0xfffff000);
	min = map->min_offset == 0 ? page_size(map) : map->min_offset;
	if (hint < min)
		hint = min;
	if (hint >= limit ||
	    !map_find_space(map, hint, limit, size, mask, address))
		return KERN_NO_SPACE;
	return KERN_SUCCESS;
}

static kern_return_t
locate_fixed(struct map *map, uint64_t start, uint64_t size, uint64_t mask,
    struct map_flags flags, struct entry_list *zap)
{
	const struct rules *rules = map->rules;
	struct entry *e;
	uint64_t end = start + size, limit = map->max_offset;
	unsigned remove = MAP_REMOVE_TO_OVERWRITE;
	kern_return_t kr;

	if (rules->page_shift < rules->kernel_page_shift && !flags.overwrite &&
	    rules->subpage_denies_realloc && flags.tag == VM_MEMORY_REALLOC)
		return KERN_NO_SPACE;
	if ((start & mask) != 0)
		return KERN_NO_SPACE;
	if (flags.beyond_max)
		limit = UINT64_C(0xfffffffffffff000);
	else if (flags.below_4g && limit > UINT64_C(0xfffff000))
		limit = UINT64_C(0xfffff000);
	if (start < map->min_offset || end > limit || start >= end)
		return KERN_INVALID_ADDRESS;
	if (flags.overwrite) {
		if (flags.overwrite_immutable)
			remove |= MAP_REMOVE_IMMUTABLE;
		if (flags.remap_prot_copy)
			remove |= MAP_REMOVE_IMMUTABLE_CODE;
		kr = map_delete(map, start, end, remove, zap);
		if (kr != KERN_SUCCESS && rules->enter_heeds_delete)
			return kr;
	}
	if (map_lookup_entry(map, start, &e))
		return KERN_MEMORY_PRESENT;
	e = e == NULL ? map_first(map) : entry_next(e);
	return e != NULL && e->start < end ? KERN_NO_SPACE : KERN_SUCCESS;
}

kern_return_t
map_locate_space(struct map *map, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags flags, struct entry_list *zap)
{
	if (flags.anywhere)
		return locate_anywhere(map, address, size, mask, flags);
	return locate_fixed(map, *address, size, mask, flags, zap);
}

/* ---- what ---------------------------------------------------------------- */

/* malloc's tags without copy-on-write; the boot argument's default. */
static bool
is_malloc_no_cow(const struct map *map, uint8_t tag)
{
	return map->rules->malloc_no_cow &&
	    (tag == VM_MEMORY_MALLOC || tag == VM_MEMORY_MALLOC_SMALL ||
		tag == VM_MEMORY_MALLOC_TINY || tag == VM_MEMORY_MALLOC_NANO ||
		tag == VM_MEMORY_MALLOC_MEDIUM);
}

/* An object made before the first touch. */
static struct object *
eager_object(struct map *map, uint64_t size, struct map_flags flags)
{
	struct object *object = object_allocate(size);

	object->copy_strategy = COPY_NONE;
	object->true_share = map->rules->purgable_is_true_share;
	if (!flags.purgable && !flags.is_jit && !flags.tpro &&
	    is_malloc_no_cow(map, flags.tag)) {
		object->copy_strategy = COPY_DELAY_FORK;
		object->true_share = true;
	}
	if (flags.is_jit)
		object->inherit_copy_none =
		    map->rules->jit_copy_is_copied_at_once;
	if (flags.purgable)
		object->purgable = VM_PURGABLE_NONVOLATILE;
	return object;
}

static bool
extends(const struct entry *e, uint64_t start, uint64_t size,
    const struct map_flags *flags, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t inheritance)
{
	const bool realloc = flags->tag == VM_MEMORY_REALLOC;

	return e != NULL && e->end == start && !e->is_shared &&
	    !e->is_sub_map && e->behavior == VM_BEHAVIOR_DEFAULT &&
	    e->protection == current && e->max_protection == maximum &&
	    e->inheritance == inheritance &&
	    (realloc || e->tag == flags->tag) &&
	    e->no_cache == flags->no_cache &&
	    e->permanent == flags->permanent &&
	    !((e->protection & VM_PROT_EXECUTE) != 0 && e->permanent) &&
	    !e->superpage && flags->superpage == 0 && !e->zero_wired_pages &&
	    !e->used_for_jit && !flags->is_jit && !e->tpro &&
	    !e->iokit_accounted && !e->resilient_codesign &&
	    !e->resilient_media && !e->reserved &&
	    e->no_copy_on_read == flags->no_copy_on_read &&
	    e->end - e->start + size <=
	    (realloc ? ANON_CHUNK_SIZE : NO_COALESCE_LIMIT) &&
	    e->wired_count == 0 &&
	    object_coalesce(e->object, e->offset, e->end - e->start, size);
}

static struct entry *
insert(struct map *map, uint64_t start, uint64_t end, struct object *object,
    uint64_t offset, const struct map_flags *flags, bool needs_copy,
    vm_prot_t current, vm_prot_t maximum, vm_inherit_t inheritance)
{
	struct entry *e = entry_new();

	e->start = start;
	e->end = end;
	if (flags->is_submap) {
		e->is_sub_map = true;
		e->submap = (struct map *)object;
	} else
		e->object = object;
	e->offset = offset;
	e->tag = flags->tag;
	e->needs_copy = needs_copy;
	e->inheritance = inheritance;
	e->protection = current;
	e->max_protection = maximum;
	/* Nested, for a submap; else counted by the pmap, which objects with
	 * ledgers of their own are not. */
	e->use_pmap = flags->is_submap ?
	    flags->nested :
	    object == NULL || object->purgable == VM_PURGABLE_DENY;
	e->no_cache = flags->no_cache;
	e->permanent = flags->permanent;
	e->no_copy_on_read = flags->no_copy_on_read;
	e->superpage = flags->superpage != 0;
	e->used_for_jit = flags->is_jit;
	e->resilient_codesign = flags->resilient_codesign;
	e->resilient_media = flags->resilient_media && !flags->is_submap &&
	    (object == NULL || object->internal);
	map_link(map, e);
	return e;
}

/* A superpage is backed at once by pages that are wired for good. */
static void
back_superpage(struct map *map, struct entry *e)
{
	struct object *object = object_allocate(e->end - e->start);
	struct page *page;
	uint64_t offset;

	object->copy_strategy = COPY_NONE;
	object->phys_contiguous = true;
	for (offset = 0; offset < e->end - e->start; offset += page_size(map)) {
		page = page_alloc(object, offset, e->start + offset);
		page_zero(page);
		page_wire(page);
	}
	e->object = object;
	e->offset = 0;
}

static bool
is_valid_superpage(struct map *map, struct object *object, uint64_t *size,
    uint64_t *mask, struct map_flags flags)
{
	const uint64_t low = SUPERPAGE_SIZE - 1;

	if (object != NULL && map->rules->superpage_denies_object)
		return false;
	if (!map->rules->has_superpages || flags.superpage > SUPERPAGE_SIZE_2MB)
		return false;
	if (flags.superpage == SUPERPAGE_SIZE_ANY)
		*size = (*size + low) & ~low;
	*mask = low;
	return (*size & low) == 0;
}

/* Put removed entries back when nothing came in their place. */
static void
restore(struct map *map, struct entry_list *zap)
{
	struct entry *below, *last, *e;

	if (TAILQ_EMPTY(zap) ||
	    map_lookup_entry(map, TAILQ_FIRST(zap)->start, &below))
		return;
	/* Until 26.3 what is mapped right behind is in the way, too. */
	if (map_lookup_entry(map,
		TAILQ_LAST(zap, entry_list)->end -
		    (map->rules->locks_entries ? 1 : 0),
		&last) ||
	    below != last)
		return;
	while ((e = TAILQ_FIRST(zap)) != NULL) {
		TAILQ_REMOVE(zap, e, order);
		map_link(map, e);
	}
}

static kern_return_t
check_flags(struct map *map, struct object *object, bool needs_copy,
    const struct map_flags *flags, vm_prot_t *current, vm_prot_t maximum)
{
	const struct rules *rules = map->rules;
	vm_prot_t rejected;

	if (map->disallow_new_exec && (*current & VM_PROT_EXECUTE) != 0)
		return KERN_PROTECTION_FAILURE;
	if (map->wx_denied && !flags->is_jit &&
	    (*current & VM_PROT_WRITE) != 0 &&
	    (*current & VM_PROT_EXECUTE) != 0)
		return KERN_PROTECTION_FAILURE;
	rejected = VM_PROT_EXECUTE;
	if (!needs_copy || !rules->resilient_codesign_copy_may_write)
		rejected |= VM_PROT_WRITE;
	if ((flags->resilient_codesign ||
		(flags->resilient_media &&
		    !rules->resilient_media_may_write)) &&
	    ((*current | maximum) & rejected) != 0)
		return KERN_PROTECTION_FAILURE;
	if (flags->resilient_media && rules->resilient_media_may_write &&
	    object != NULL && !object->internal)
		return KERN_INVALID_ARGUMENT;
	if (flags->tpro && rules->tpro_reads_only) {
		if ((maximum & VM_PROT_DEFAULT) != VM_PROT_DEFAULT ||
		    (*current & VM_PROT_READ) == 0)
			return KERN_PROTECTION_FAILURE;
		*current = VM_PROT_READ;
	}
	if (flags->is_submap && (flags->purgable || object == NULL))
		return KERN_INVALID_ARGUMENT;
	return KERN_SUCCESS;
}

/* Chunks, so that no anonymous object grows beyond them. */
static uint64_t
chunk_size(const struct map *map, const struct map_flags *flags)
{
	if (flags->tag == VM_MEMORY_MALLOC_MEDIUM &&
	    map->rules->medium_has_small_chunks)
		return MEDIUM_CHUNK_SIZE;
	return flags->chunk_4g ? BIG_CHUNK_SIZE : ANON_CHUNK_SIZE;
}

static void
create(struct map *map, uint64_t start, uint64_t end, struct object *object,
    uint64_t offset, const struct map_flags *flags, bool needs_copy,
    vm_prot_t current, vm_prot_t maximum, vm_inherit_t inheritance)
{
	struct entry *e;
	uint64_t step = end - start, chunk = chunk_size(map, flags), next;

	if (flags->superpage != 0)
		step = SUPERPAGE_SIZE;
	else if (!flags->is_submap && object == NULL && step > chunk &&
	    maximum != VM_PROT_NONE)
		step = chunk;
	for (; start < end; start = next) {
		next = end - start > step ? start + step : end;
		e = insert(map, start, next, object, offset, flags, needs_copy,
		    current, maximum, inheritance);
		if (flags->superpage != 0)
			back_superpage(map, e);
	}
}

kern_return_t
map_enter(struct map *map, uint64_t *address, uint64_t size, uint64_t mask,
    struct map_flags flags, struct object *object, uint64_t offset,
    bool needs_copy, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t inheritance)
{
	struct entry_list old = TAILQ_HEAD_INITIALIZER(old);
	const struct rules *rules = map->rules;
	struct object *const given = object;
	struct entry *e;
	uint64_t start, end;
	kern_return_t kr;

	if (flags.superpage != 0) {
		if (!is_valid_superpage(map, object, &size, &mask, flags))
			return KERN_INVALID_ARGUMENT;
		inheritance = VM_INHERIT_NONE;
	}
	if (flags.is_jit && rules->jit_is_not_inherited)
		inheritance = VM_INHERIT_NONE;
	kr = check_flags(map, object, needs_copy, &flags, &current, maximum);
	if (kr != KERN_SUCCESS)
		return kr;
	if (size == 0 || (offset & page_mask(map)) != 0)
		return KERN_INVALID_ARGUMENT;
	if (flags.purgable &&
	    (offset != 0 || size > rules->purgable_max ||
		(object != NULL &&
		    (object->size != size ||
			object->purgable == VM_PURGABLE_DENY))))
		return KERN_INVALID_ARGUMENT;

	if (flags.is_jit && flags.anywhere && rules->jit_is_once_at_random) {
		if (map->jit_exists)
			return KERN_INVALID_ARGUMENT;
		flags.random_address = true;
	}
	if (rules->places_have_63_bits)
		*address = (uint64_t)((int64_t)(*address << 1) >> 1);
	kr = map_locate_space(map, address, size, mask, flags, &old);
	start = *address;
	end = start + size;
	if (kr == KERN_MEMORY_PRESENT)
		kr = KERN_NO_SPACE;
	if (kr != KERN_SUCCESS)
		goto failed;

	if (flags.purgable || flags.is_jit || flags.tpro ||
	    is_malloc_no_cow(map, flags.tag)) {
		if (flags.superpage != 0 && rules->superpage_denies_object) {
			kr = KERN_INVALID_ARGUMENT;
			goto failed;
		}
		if (object == NULL) {
			object = eager_object(map, size, flags);
			offset = 0;
		}
	} else if (rules->page_shift < rules->kernel_page_shift) {
		/* A map of smaller pages never coalesces. */
	} else if (!flags.is_submap && object == NULL && !flags.keeps_apart) {
		map_lookup_entry(map, start, &e);
		if (extends(e, start, size, &flags, current, maximum,
			inheritance)) {
			map_resize(map, e, e->start, end);
			goto entered;
		}
	}
	create(map, start, end, object, offset, &flags, needs_copy, current,
	    maximum, inheritance);
	map->jit_exists |= flags.is_jit;

entered:
	if (rules->enforces_size_limit &&
	    (map->size > map->size_limit || map->size > map->data_limit))
		kr = KERN_NO_SPACE;
	else if (flags.superpage != 0)
		kr = map_wire(map, start, end, current, true);
	if (kr != KERN_SUCCESS) {
		/* The caller keeps its reference. */
		if (flags.is_submap)
			map_reference((struct map *)given);
		else
			object_reference(given);
		map_delete(map, start, end,
		    flags.permanent && rules->undoes_permanent ?
			MAP_REMOVE_IMMUTABLE :
			0,
		    NULL);
		goto failed;
	}
	map_dispose(&old);
	return KERN_SUCCESS;

failed:
	restore(map, &old);
	map_dispose(&old);
	return kr;
}
