/*
 * Memory entries: mach_make_memory_entry_64() in all the kinds that a user
 * may make.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/sanitize.h"
#include "model/vm/memory_entry.h"
#include "model/host/heap.h"
#include "model/vm/copy.h"
#include "model/vm/enter.h"
#include "model/vm/extract.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#define FLAGS_MASK 0x00ffff00 /* MAP_MEM_FLAGS_MASK */
#define FLAGS_USER                                                             \
	(MAP_MEM_PURGABLE_KERNEL_ONLY | MAP_MEM_GRAB_SECLUDED | MAP_MEM_ONLY | \
	    MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | MAP_MEM_NAMED_REUSE |    \
	    MAP_MEM_USE_DATA_ADDR | MAP_MEM_VM_COPY | MAP_MEM_VM_SHARE |       \
	    MAP_MEM_4K_DATA_ADDR)
#define DATA_ADDR (MAP_MEM_USE_DATA_ADDR | MAP_MEM_4K_DATA_ADDR)

#define SMALL_HEAP (2048 * 4096) /* of malloc's small zone */

/* A request, taken apart. */
struct request {
	struct map *map;
	uint64_t offset, start, size; /* start, size: whole pages */
	uint64_t data_offset;	      /* of the first byte in its page */
	vm_prot_t permission, protection;
	bool is_mask;
	struct memory_entry *parent;
};

struct memory_entry *
memory_entry_make(uint64_t size, vm_prot_t protection)
{
	struct memory_entry *entry = heap_alloc(sizeof(*entry));

	entry->references = 1;
	entry->size = size;
	entry->protection = protection;
	return entry;
}

void
kernel_memory_entry_release(struct memory_entry *entry)
{
	if (--entry->references > 0)
		return;
	if (entry->is_copy)
		copy_discard(entry->copy);
	else
		object_deallocate(entry->object);
	heap_free(entry, sizeof(*entry));
}

static unsigned
cache_mode(vm_prot_t permission)
{
	return ((unsigned)permission >> 24) & 0xff;
}

static uint64_t
data_offset(vm_prot_t permission, uint64_t offset, uint64_t start)
{
	if (!(permission & DATA_ADDR))
		return 0;
	offset -= start;
	if (permission & MAP_MEM_4K_DATA_ADDR)
		offset &= ~UINT64_C(0xfff);
	return offset;
}

/* Does the range describe nothing?  An unaligned address with size 0 is a
 * page until 15. */
static bool
is_nothing(const struct request *r, uint64_t size)
{
	return kernel->rules->entry_judges_size ? size == 0 : r->size == 0;
}

/* ---- an object of its own -------------------------------------------------- */

static kern_return_t
make_new(struct request *r, uint64_t size, struct memory_entry **result)
{
	const struct rules *rules = kernel->rules;
	bool has_data_offset = (r->permission & DATA_ADDR) != 0;
	struct object *object;
	struct memory_entry *entry;
	uint64_t limit;

	if (!rules->entry_judges_size_first && has_data_offset)
		return KERN_INVALID_ARGUMENT;
	if (rules->entry_refuses_nothing && is_nothing(r, size))
		return KERN_SUCCESS; /* with a null port and size 0 */
	if (has_data_offset)
		return KERN_INVALID_ARGUMENT;
	limit = rules->entry_has_4g_limit ?
	    (UINT64_C(1) << 32) - kernel->page_size :
	    UINT64_C(0xffffffff) * kernel->page_size;
	if (r->size > limit)
		return KERN_FAILURE;
	if ((r->permission & MAP_MEM_PURGABLE) &&
	    !(r->permission & VM_PROT_WRITE))
		return KERN_INVALID_ARGUMENT;
	object = object_allocate(r->size);
	object->copy_strategy = COPY_NONE;
	object->true_share = true;
	object->shared_for_good = true;
	if (r->permission & MAP_MEM_PURGABLE)
		object->purgable = VM_PURGABLE_NONVOLATILE;
	if ((r->permission & MAP_MEM_LEDGER_TAGGED) &&
	    rules->entry_takes_ledger_tag)
		object->ledger_tag = 1; /* VM_LEDGER_TAG_DEFAULT */
	entry = memory_entry_make(r->size, r->protection);
	entry->object = object;
	entry->access = cache_mode(r->permission);
	*result = entry;
	return KERN_SUCCESS;
}

/* ---- a list of entries ----------------------------------------------------- */

static void
make_of_copy(struct request *r, struct copy *copy, struct memory_entry **result)
{
	struct memory_entry *entry = memory_entry_make(r->size, r->protection);

	entry->is_copy = true;
	entry->copy = copy;
	entry->data_offset = r->data_offset;
	*result = entry;
}

static kern_return_t
make_snapshot(struct request *r, uint64_t size, struct memory_entry **result)
{
	struct copy *copy;
	kern_return_t kr;

	if (kernel->rules->entry_refuses_nothing && is_nothing(r, size))
		return KERN_INVALID_ARGUMENT;
	kr = map_copyin(r->map, r->start, r->size, COPYIN_ENTRY_LIST, &copy);
	if (kr != KERN_SUCCESS)
		return kr;
	make_of_copy(r, copy, result);
	return KERN_SUCCESS;
}

/* ---- existing memory, shared ----------------------------------------------- */

/* The parent describes just this: hand out its port again. */
static kern_return_t
reuse(struct memory_entry *parent, struct memory_entry **result)
{
	parent->references++;
	*result = parent;
	return KERN_SUCCESS;
}

static kern_return_t
make_of_object(struct request *r, struct object *object, uint64_t offset,
    struct memory_entry **result)
{
	struct memory_entry *entry = memory_entry_make(r->size, r->protection);

	object->shared_for_good = true;
	entry->object = object;
	entry->offset = offset;
	entry->data_offset = r->data_offset;
	entry->access = cache_mode(r->permission);
	*result = entry;
	return KERN_SUCCESS;
}

/* Since 11 all sharing goes through vm_map_copy_extract(). */
static kern_return_t
make_extracted(struct request *r, struct memory_entry **result)
{
	bool is_list = (r->permission & MAP_MEM_VM_SHARE) != 0;
	vm_prot_t current = r->protection, maximum = r->protection, prot;
	struct memory_entry *parent = r->parent;
	struct map_flags flags = { 0 };
	unsigned how = r->is_mask ? REMAP_LEGACY : 0;
	struct object *object;
	struct entry *first;
	struct copy *copy;
	uint64_t offset;
	kern_return_t kr;

	if (!is_list) {
		/* a copy that is due is made first */
		if (r->protection & VM_PROT_WRITE)
			(void)fault_lookup(r->map, r->start, r->protection,
			    r->is_mask, &object, &offset, &prot);
		how |= REMAP_ONE_OBJECT;
	}
	if (kernel->rules->remap_new_none_is_legacy &&
	    r->protection == VM_PROT_NONE)
		how |= REMAP_LEGACY;
	kr = map_extract(r->map, r->start, r->size, how, flags, &current,
	    &maximum, VM_INHERIT_SHARE, &copy);
	if (kr != KERN_SUCCESS)
		return kr;
	if (r->is_mask) {
		r->protection &= current;
		if (r->protection == VM_PROT_NONE) {
			copy_discard(copy);
			return KERN_PROTECTION_FAILURE;
		}
	}
	if (is_list) {
		make_of_copy(r, copy, result);
		return KERN_SUCCESS;
	}
	first = TAILQ_FIRST(&copy->entries);
	object = first->object;
	if (object == NULL && kernel->rules->entry_refuses_reservation) {
		copy_discard(copy);
		return KERN_PROTECTION_FAILURE;
	}
	offset = first->offset;
	r->size = first->end - first->start;
	object_reference(object);
	copy_discard(copy);
	if ((r->permission & MAP_MEM_NAMED_REUSE) && parent != NULL &&
	    !parent->is_copy && parent->object == object && offset == 0 &&
	    parent->offset == 0 && parent->size == r->size &&
	    parent->data_offset == r->data_offset) {
		object_deallocate(object);
		return reuse(parent, result);
	}
	return make_of_object(r, object, offset, result);
}

/* May next follow previous in one plain entry (until 10.15)? */
static bool
continues(const struct request *r, const struct entry *first,
    const struct entry *previous, const struct entry *next)
{
	return next != NULL && next->object == first->object &&
	    next->start == previous->end &&
	    next->offset ==
	    previous->offset + (previous->end - previous->start) &&
	    !(next->wired_count > 0 && first->wired_count == 0) &&
	    (next->max_protection & r->protection) == r->protection &&
	    next->needs_copy == first->needs_copy;
}

/* A heap's large object is not shared as a whole for a part of it:
 * vm_map_entry_should_cow_for_true_share(). */
static bool
is_large_heap(const struct entry *entry)
{
	const struct object *object = entry->object;

	return !entry->needs_copy && entry->wired_count == 0 &&
	    object->internal && object->copy_strategy == COPY_SYMMETRIC &&
	    !object->true_share &&
	    ((entry->tag == VM_MEMORY_MALLOC &&
		 object->size == ANON_CHUNK_SIZE) ||
		(entry->tag == VM_MEMORY_MALLOC_SMALL &&
		    object->size == SMALL_HEAP));
}

/* A shadow above what total bytes of entries from entry on show; it takes
 * over the extra reference on their object. */
static struct object *
shadow_entries(struct map *map, struct entry *entry, uint64_t total)
{
	struct object *object = entry->object, *shadow;
	struct entry *previous = entry, *next;
	uint64_t left = total - (entry->end - entry->start);

	entry_shadow(entry, total);
	shadow = entry->object;
	object_pmap_protect(object, entry->offset, total,
	    entry->is_shared ? NULL : map->pmap, entry->start,
	    entry->protection & ~VM_PROT_WRITE);
	entry->needs_copy = false;
	for (; left > 0; previous = next) {
		next = entry_next(previous);
		object_reference(shadow);
		object_deallocate(next->object);
		next->object = shadow;
		next->offset = previous->offset +
		    (previous->end - previous->start);
		next->use_pmap = true;
		next->needs_copy = false;
		left -= next->end - next->start;
	}
	object_reference(shadow);
	object_deallocate(object);
	return shadow;
}

/* Until 10.15: the object found at start, as far as entries continue it. */
static kern_return_t
make_plain(struct request *r, struct memory_entry **result)
{
	uint64_t mappable, total, offset, size = r->size, start = r->start;
	struct memory_entry *parent = r->parent;
	struct entry *entry, *last, *next;
	struct map *map = r->map;
	bool force_shadow = false;
	struct object *object;
	vm_prot_t prot;
	kern_return_t kr;

	kr = fault_lookup(map, r->start, r->protection, r->is_mask, &object,
	    &offset, &prot);
	if (kr != KERN_SUCCESS)
		return kr;
	if (r->is_mask)
		r->protection &= prot;
	if ((prot & r->protection) != r->protection)
		return KERN_INVALID_RIGHT;
	map_lookup_entry(map, start, &entry);
	while (entry->is_sub_map) {
		start = start - entry->start + entry->offset;
		map = entry->submap;
		map_lookup_entry(map, start, &entry);
	}
	object_reference(object);
	if (entry->wired_count > 0)
		object->true_share = true;
	if (r->is_mask)
		r->protection &= entry->max_protection;
	if ((entry->max_protection & r->protection) != r->protection) {
		object_deallocate(object);
		return KERN_INVALID_RIGHT;
	}
	mappable = entry->end - start;
	total = entry->end - entry->start;
	for (last = entry; size > mappable; last = next) {
		next = entry_next(last);
		if (r->is_mask && next != NULL && next->object == object)
			r->protection &= next->max_protection;
		if (!continues(r, entry, last, next))
			break;
		mappable += next->end - next->start;
		total += next->end - next->start;
	}
	if (is_large_heap(entry) && object->size > size && size != 0) {
		map_clip_start(map, entry, start);
		map_clip_end(map, entry, start + size);
		force_shadow = true;
		if (entry->end - start < size)
			size = entry->end - start;
		total = entry->end - entry->start;
	}
	if (object->internal &&
	    (force_shadow ||
		(!object->true_share &&
		    (entry->needs_copy || object->shadowed ||
			(object->size > total &&
			    (entry->offset != 0 ||
				object->size > round_page_in(map, total))))))) {
		object = shadow_entries(map, entry, total);
		offset = entry->offset + (start - entry->start);
	}
	object->true_share = true;
	if (object->copy_strategy == COPY_SYMMETRIC)
		object->copy_strategy = COPY_DELAY;
	r->size = size > mappable ? mappable : size;
	if ((r->permission & MAP_MEM_NAMED_REUSE) && parent != NULL &&
	    parent->object == object && parent->offset == offset &&
	    parent->protection == r->protection && parent->size == r->size &&
	    parent->data_offset == r->data_offset) {
		object_deallocate(object);
		return reuse(parent, result);
	}
	return make_of_object(r, object, offset, result);
}

static kern_return_t
make_shared(struct request *r, uint64_t size, struct memory_entry **result)
{
	if (kernel->rules->entry_refuses_nothing && is_nothing(r, size))
		return KERN_INVALID_ARGUMENT;
	if (!kernel->rules->entry_extracts) {
		if (!(r->permission & MAP_MEM_VM_SHARE))
			return make_plain(r, result);
		if (r->size == 0) {
			make_of_copy(r, NULL, result);
			return KERN_SUCCESS;
		}
		/* judged after the extraction, which shares all the same */
		vm_prot_t protection = r->protection;
		bool is_mask = r->is_mask;
		kern_return_t kr;

		r->is_mask = is_mask || protection != VM_PROT_NONE;
		kr = make_extracted(r, result);
		if (kr == KERN_SUCCESS && !is_mask &&
		    r->protection != protection) {
			kernel_memory_entry_release(*result);
			*result = NULL;
			kr = KERN_PROTECTION_FAILURE;
		}
		return kr;
	}
	return make_extracted(r, result);
}

/* To whole pages of the kernel's, which may be larger than the map's. */
static uint64_t
trunc_kernel(uint64_t a)
{
	return a & ~((UINT64_C(1) << kernel->rules->kernel_page_shift) - 1);
}

static uint64_t
round_kernel(uint64_t a)
{
	return trunc_kernel(
	    a + (UINT64_C(1) << kernel->rules->kernel_page_shift) - 1);
}

/* ---- part of another entry ------------------------------------------------- */

static kern_return_t
make_child(struct request *r, uint64_t size, struct memory_entry **result)
{
	struct memory_entry *parent = r->parent, *entry;
	uint64_t offset = r->offset, start, end;

	/* Where data is addressed, the kernel's pages count. */
	start = r->permission & DATA_ADDR ?
	    trunc_kernel(offset + parent->data_offset) :
	    trunc_page_in(r->map, offset);
	if (r->permission & DATA_ADDR) {
		if (__builtin_add_overflow(offset, parent->data_offset,
			&offset) ||
		    offset + size < offset ||
		    (!kernel->rules->entry_child_limits_end &&
			offset + size > parent->size))
			return KERN_INVALID_ARGUMENT;
	} else if (!kernel->rules->entry_child_limits_end &&
	    offset + (round_kernel(offset + size) - start) > parent->size)
		return KERN_INVALID_ARGUMENT;
	end = round_kernel(offset + size);
	/* Under Rosetta an end within 4K pages may round to 2^64 in 16K ones. */
	if (offset + size < offset || end < start ||
	    (kernel->rules->entry_refuses_overflow && size != 0 && end == 0) ||
	    (kernel->rules->entry_child_limits_end &&
		(end > parent->size ||
		    (size != 0 && end <= trunc_kernel(offset)))) ||
	    (kernel->rules->entry_child_refuses_nothing && end == start))
		return KERN_INVALID_ARGUMENT;
	if (r->is_mask)
		r->protection &= parent->protection;
	if ((r->protection & parent->protection) != r->protection)
		return KERN_PROTECTION_FAILURE;
	entry = memory_entry_make(end - start, r->protection);
	entry->object = parent->object;
	entry->offset = parent->offset + start;
	entry->is_child = true;
	entry->data_offset = data_offset(r->permission, offset, start);
	if (cache_mode(r->permission) != MAP_MEM_NOOP)
		entry->access = cache_mode(r->permission);
	object_reference(entry->object);
	entry->object->true_share = true;
	entry->object->shared_for_good = true;
	if (entry->object->copy_strategy == COPY_SYMMETRIC)
		entry->object->copy_strategy = COPY_DELAY;
	*result = entry;
	return KERN_SUCCESS;
}

/* ---- cache mode only ------------------------------------------------------- */

static kern_return_t
change_access(struct request *r)
{
	const unsigned access = cache_mode(r->permission);
	unsigned kept;

	if ((r->permission & DATA_ADDR) || r->parent == NULL)
		return KERN_INVALID_ARGUMENT;
	kept = kernel->rules->forgets_cache_modes ? MAP_MEM_NOOP :
						    r->parent->access;
	if (access != kept && !(r->parent->protection & VM_PROT_WRITE))
		return KERN_INVALID_RIGHT;
	if (access != MAP_MEM_NOOP)
		r->parent->access = access;
	return KERN_SUCCESS;
}

/* The port was no task's: there is no map to look into.  Kernels before 15
 * look all the same. */
static kern_return_t
no_map(const struct request *r, uint64_t size)
{
	return kernel->rules->entry_judges_size && size != 0 && r->size != 0 ?
	    KERN_INVALID_TASK :
	    KERN_INVALID_ARGUMENT;
}

kern_return_t
kernel_make_memory_entry(struct task *task, uint64_t *size, uint64_t offset,
    vm_prot_t permission, struct memory_entry **result,
    struct memory_entry *parent)
{
	const struct rules *rules = kernel->rules;
	const bool is_no_task = task == NULL;
	struct map none = { .page_shift = (uint8_t)rules->kernel_page_shift };
	struct map *map = is_no_task ? &none : task->map;
	uint64_t length = *size;
	struct request r = {
		.map = map,
		.offset = offset,
		.permission = permission,
		.protection = permission & VM_PROT_ALL,
		.is_mask = (permission & VM_PROT_IS_MASK) != 0,
		.parent = parent,
	};
	vm_prot_t user = FLAGS_USER |
	    (rules->entry_takes_ledger_tag ? MAP_MEM_LEDGER_TAGGED : 0);
	bool from_parent;
	kern_return_t kr;

	*result = NULL;
	if ((permission & FLAGS_MASK) & ~user)
		return KERN_INVALID_VALUE;
	if (parent != NULL && parent->is_copy)
		return KERN_INVALID_ARGUMENT;
	from_parent = parent != NULL &&
	    !(permission &
		(MAP_MEM_ONLY | MAP_MEM_NAMED_CREATE | MAP_MEM_VM_COPY |
		    MAP_MEM_VM_SHARE | MAP_MEM_NAMED_REUSE));
	if (rules->entry_judges_task_first && is_no_task && length != 0 &&
	    !from_parent &&
	    !(permission &
		(MAP_MEM_ONLY | MAP_MEM_NAMED_CREATE | MAP_MEM_VM_COPY)))
		return KERN_INVALID_TASK;
	/* Nothing wraps; 15 looks at the kind first. */
	if (rules->entry_refuses_overflow && length != 0 &&
	    !(rules->entry_judges_size && from_parent) &&
	    range_overflows(offset, length, page_mask(map)))
		return rules->entry_overflow_is_address ? KERN_INVALID_ADDRESS :
							  KERN_INVALID_ARGUMENT;
	r.start = trunc_page_in(map, offset);
	r.size = round_page_in(map, offset + length) - r.start;
	r.data_offset = data_offset(permission, offset, r.start);

	if (permission & MAP_MEM_ONLY)
		return change_access(&r);
	/* Size 0 at the last bytes, which is no overflow but ends at 0. */
	if (rules->entry_refuses_overflow && !rules->entry_judges_size &&
	    !from_parent && r.size != 0 && r.start + r.size == 0)
		return KERN_INVALID_ARGUMENT;
	if (permission & MAP_MEM_NAMED_CREATE)
		kr = make_new(&r, length, result);
	else if (is_no_task && !from_parent)
		kr = no_map(&r, length);
	else if (permission & MAP_MEM_VM_COPY)
		kr = make_snapshot(&r, length, result);
	else if (from_parent)
		kr = make_child(&r, length, result);
	else
		kr = make_shared(&r, length, result);
	if (kr == KERN_SUCCESS)
		*size = *result == NULL ?
		    0 :
		    (*result)->size - (*result)->data_offset;
	return kr;
}

kern_return_t
kernel_entry_page_counts(const struct memory_entry *entry, uint64_t *resident,
    uint64_t *dirty, uint64_t *swapped)
{
	const uint64_t end = entry == NULL ? 0 : entry->offset + entry->size;
	struct page *page;

	*resident = *dirty = *swapped = 0; /* nothing ever leaves */
	if (entry == NULL || entry->is_copy || entry->object == NULL)
		return KERN_INVALID_ARGUMENT;
	for (page = page_first(entry->object, trunc_object(entry->offset));
	     page != NULL && page->offset < end; page = page_next(page)) {
		++*resident;
		if (page->dirty)
			++*dirty;
	}
	return KERN_SUCCESS;
}
