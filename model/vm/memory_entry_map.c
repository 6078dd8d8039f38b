/*
 * Mapping a memory entry: the part of vm_map_enter_mem_object() that deals
 * with named entries.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/memory_entry_map.h"
#include "model/vm/delete.h"
#include "model/vm/enter.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/memory_entry.h"
#include "model/vm/copy.h"
#include "model/vm/object.h"
#include "model/vm/object_copy.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

#define DATA_ADDR (VM_FLAGS_RETURN_DATA_ADDR | VM_FLAGS_RETURN_4K_DATA_ADDR)

/* How an entry is to be mapped. */
struct mapping {
	struct map *map;
	uint64_t address, size, mask;
	uint64_t offset;      /* in the object or the list */
	uint64_t data_offset; /* what the address returned adds */
	int flags;
	bool copy;
	vm_prot_t current, maximum;
	vm_inherit_t inheritance;
};

/* The object to map instead of object when a copy was asked for; consumes the
 * reference on object. */
static kern_return_t
copy_object(struct object **object, uint64_t *offset, uint64_t size,
    bool *needs_copy)
{
	struct object *source = *object, *copy = NULL;
	uint64_t copy_offset = *offset;
	bool ignored;
	kern_return_t kr;

	kr = object_copy_strategically(source, *offset, size, false, &copy,
	    &copy_offset, needs_copy);
	if (kr == KERN_MEMORY_RESTART_COPY) {
		/* The source's own obligation is forgotten here. */
		object_copy_quickly(source, &ignored, needs_copy);
		copy = source;
		copy_offset = *offset;
		kr = KERN_SUCCESS;
	}
	object_deallocate(source);
	*object = copy;
	*offset = copy_offset;
	return kr;
}

static kern_return_t
map_object(struct mapping *m, struct memory_entry *entry)
{
	struct object *object = entry->object;
	uint64_t address = m->address, offset = m->offset;
	bool needs_copy = false;
	kern_return_t kr;

	if (m->flags & DATA_ADDR) {
		m->data_offset = offset & page_mask(m->map);
		if (kernel->rules->map_truncates_data_offset)
			offset -= m->data_offset;
		if (m->flags & VM_FLAGS_RETURN_4K_DATA_ADDR)
			m->data_offset &= ~UINT64_C(0xfff);
		if (!kernel->rules->map_truncates_data_offset)
			offset -= m->data_offset;
		m->size = round_page_in(m->map, m->size + m->data_offset);
	} else
		m->size = round_page_in(m->map, m->size);
	if ((offset & page_mask(m->map)) != 0)
		return KERN_INVALID_ARGUMENT;
	object_reference(object);
	if (m->copy) {
		kr = copy_object(&object, &offset, m->size, &needs_copy);
		if (kr != KERN_SUCCESS)
			return kr;
	}
	kr = map_enter(m->map, &address, m->size, m->mask,
	    map_flags_from_user(m->flags), object, offset, needs_copy,
	    m->current, m->maximum, m->inheritance);
	if (kr != KERN_SUCCESS)
		object_deallocate(object);
	m->address = address;
	return kr;
}

/* ---- lists ----------------------------------------------------------------- */

/* A list may hold symmetric copies, which cannot be shared as they are. */
static void
resolve(struct entry *entry)
{
	uint64_t size = entry->end - entry->start, offset = entry->offset;
	struct object *object = entry->object;

	if (kernel->rules->list_is_always_shadowed)
		entry_shadow_always(entry, size);
	else
		entry_shadow(entry, size);
	if (!entry->needs_copy && (entry->protection & VM_PROT_WRITE))
		object_pmap_protect(object, offset, size, NULL, 0,
		    entry->protection & ~VM_PROT_WRITE);
	entry->needs_copy = false;
	entry->is_shared = true;
	if (entry->object->copy_strategy == COPY_SYMMETRIC) {
		entry->object->copy_strategy = COPY_DELAY;
		entry->object->true_share = true;
	}
}

static bool
must_resolve(const struct entry *entry)
{
	const struct object *object = entry->object;

	if (object == NULL)
		return false;
	if (kernel->rules->entry_copy_copies)
		return object->copy_strategy == COPY_SYMMETRIC;
	return entry->needs_copy || object->shadowed ||
	    (!object->true_share && !entry->is_shared &&
		object->size > entry->end - entry->start);
}

/* Puts one entry of a list over what was reserved for it. */
static kern_return_t
map_list_entry(struct mapping *m, struct entry *entry, uint64_t address)
{
	struct map_flags flags = map_flags_from_user(m->flags);
	uint64_t size = entry->end - entry->start, offset;
	bool needs_copy = m->copy;
	struct object *object;
	kern_return_t kr;

	flags.anywhere = false;
	flags.overwrite = true;
	if (flags.tag == 0)
		flags.tag = entry->tag;
	flags.is_jit = entry->used_for_jit;
	if (!m->copy && must_resolve(entry))
		resolve(entry);
	object = entry->object;
	offset = entry->offset;
	object_reference(object);
	if (!m->copy && object != NULL)
		object->shared_for_good = true;
	if (m->copy && object != NULL && kernel->rules->entry_copy_copies) {
		kr = copy_object(&object, &offset, size, &needs_copy);
		if (kr != KERN_SUCCESS)
			return kr;
		needs_copy |= !kernel->rules->locks_entries;
	}
	if (object == NULL)
		needs_copy = false;
	else if (!kernel->rules->entry_copy_is_trimmed &&
	    !kernel->rules->locks_entries)
		needs_copy |= entry->needs_copy;
	kr = map_enter(m->map, &address, size, 0, flags, object, offset,
	    needs_copy, m->current, m->maximum, m->inheritance);
	if (kr != KERN_SUCCESS)
		object_deallocate(object);
	return kr;
}

/* Until 10.15 only the part that was asked for stays. */
static void
trim(struct mapping *m, const struct memory_entry *entry, uint64_t size)
{
	uint64_t offset = m->offset;

	m->data_offset = 0;
	if (m->flags & DATA_ADDR) {
		m->data_offset = offset & page_mask(m->map);
		if (m->flags & VM_FLAGS_RETURN_4K_DATA_ADDR)
			m->data_offset &= ~UINT64_C(0xfff);
		offset = trunc_page_in(m->map, offset);
		size += m->data_offset;
	}
	size = round_page_in(m->map, offset + size) - offset;
	if (offset > 0)
		map_delete(m->map, m->address,
		    m->address + round_page_in(m->map, offset), 0, NULL);
	if (offset + size < entry->size)
		map_delete(m->map, m->address + offset + size,
		    m->address + entry->size, 0, NULL);
	m->address += offset;
}

/* The part of the list that holds [offset, offset + size); NULL: that is all
 * of it.  vm_map_copy_adjust_to_target(). */
static struct copy *
part_of_list(struct mapping *m, const struct memory_entry *entry)
{
	const uint64_t first = trunc_page_in(m->map, entry->copy->offset);
	const uint64_t start = first + trunc_page_in(m->map, m->offset);
	const uint64_t end = first + round_page_in(m->map, m->offset + m->size);
	struct entry *old, *new_entry;
	struct copy *part;

	if (start == first && end >= first + entry->size)
		return NULL;
	part = copy_allocate(start, end - start);
	TAILQ_FOREACH (old, &entry->copy->entries, order) {
		if (old->end <= start || old->start >= end)
			continue;
		new_entry = entry_new_like(old);
		object_reference(new_entry->object);
		TAILQ_INSERT_TAIL(&part->entries, new_entry, order);
		if (new_entry->start < start) {
			new_entry->offset += start - new_entry->start;
			new_entry->start = start;
		}
		if (new_entry->end > end)
			new_entry->end = end;
		if (new_entry->object != NULL &&
		    new_entry->end - new_entry->start != old->end - old->start)
			new_entry->object->clipped = true;
	}
	return part;
}

static kern_return_t
map_list(struct mapping *m, struct memory_entry *entry)
{
	const int allowed = VM_FLAGS_ANYWHERE | VM_FLAGS_OVERWRITE | DATA_ADDR |
	    (int)VM_FLAGS_ALIAS_MASK;
	uint64_t address = m->address, at, size, total = entry->size;
	struct copy *trimmed = NULL;
	struct entry *part;
	kern_return_t kr;

	if (m->flags & ~allowed)
		return KERN_INVALID_ARGUMENT;
	if (m->flags & DATA_ADDR) {
		m->data_offset = m->offset & page_mask(m->map);
		if (m->flags & VM_FLAGS_RETURN_4K_DATA_ADDR)
			m->data_offset &= ~UINT64_C(0xfff);
	}
	if (kernel->rules->maps_part_of_copy_entry)
		trimmed = part_of_list(m, entry);
	if (trimmed != NULL)
		total = trimmed->size;
	kr = map_enter(m->map, &address, total, m->mask,
	    map_flags_from_user(m->flags), NULL, 0, false, m->current,
	    m->maximum, m->inheritance);
	if (kr != KERN_SUCCESS) {
		copy_discard(trimmed);
		return kr;
	}
	at = address;
	TAILQ_FOREACH (part,
	    &(trimmed != NULL ? trimmed : entry->copy)->entries, order) {
		size = part->end - part->start;
		if (at + size > address + total)
			kr = KERN_INVALID_ARGUMENT;
		else
			kr = map_list_entry(m, part, at);
		if (kr != KERN_SUCCESS)
			break;
		at += size;
	}
	m->address = address;
	copy_discard(trimmed);
	if (kr != KERN_SUCCESS) {
		if (!(m->flags & VM_FLAGS_OVERWRITE))
			map_delete(m->map, address,
			    address + round_page_in(m->map, m->size), 0, NULL);
	} else if (kernel->rules->entry_copy_is_trimmed)
		trim(m, entry, m->size);
	return kr;
}

kern_return_t
memory_entry_map(struct map *map, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct memory_entry *entry, uint64_t offset,
    bool copy, vm_prot_t current, vm_prot_t maximum, vm_inherit_t inheritance)
{
	const struct rules *rules = kernel->rules;
	struct mapping m = {
		.map = map,
		.address = *address,
		.size = size,
		.mask = mask,
		.flags = flags,
		.copy = copy,
		.inheritance = inheritance,
	};
	kern_return_t kr;

	/* Since 15 an offset that this could wrap has been refused. */
	if ((flags & DATA_ADDR) != 0 ||
	    (rules->maps_part_of_copy_entry && entry->is_copy))
		offset += entry->data_offset;
	if (maximum & VM_PROT_IS_MASK)
		maximum &= entry->protection;
	if (current & VM_PROT_IS_MASK)
		current &= entry->protection;
	m.current = current & ~VM_PROT_IS_MASK;
	m.maximum = maximum & ~VM_PROT_IS_MASK;
	if ((entry->protection & m.maximum) != m.maximum ||
	    (entry->protection & m.current) != m.current)
		return KERN_INVALID_RIGHT;
	if (offset + round_object(size) < offset || entry->size < offset + size)
		return KERN_INVALID_ARGUMENT;
	if (entry->is_copy && rules->entry_copy_is_trimmed &&
	    !(flags & VM_FLAGS_ANYWHERE) &&
	    (offset != 0 || round_object(size) != entry->size))
		return KERN_INVALID_ARGUMENT;
	m.offset = offset + entry->offset;
	kr = entry->is_copy ? map_list(&m, entry) : map_object(&m, entry);
	if (kr == KERN_SUCCESS)
		*address = m.address + m.data_offset;
	return kr;
}
