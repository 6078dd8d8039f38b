/*
 * Faults that no access causes: wiring, unwiring, physical copies, and the
 * kernel's own reads and writes of user memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/fault_wire.h"
#include "model/host/frame.h"
#include "model/host/pmap.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

/* Wires the page if it is in the top object and may stay there. */
static bool
wire_fast(struct map *map, struct entry *entry, uint64_t address)
{
	struct object *object = entry->object;
	struct page *page;
	bool done = false;

	object_reference(object);
	page = page_lookup(object, address - entry->start + entry->offset);
	if (page != NULL && !page->absent &&
	    (object->copy == NULL || !(entry->protection & VM_PROT_WRITE))) {
		page_wire(page);
		page->dirty |= (entry->protection & VM_PROT_WRITE) != 0;
		if (map->pmap != NULL)
			pmap_enter(map->pmap, address, page->frame,
			    entry->protection | VM_PROT_READ);
		done = true;
	}
	object_deallocate(object);
	return done;
}

static void
unwire_range(struct entry *entry, uint64_t end)
{
	struct page *page;
	kern_return_t error;
	vm_prot_t prot;
	uint64_t address;

	if (entry->object == NULL || entry->object->phys_contiguous)
		return;
	for (address = entry->start; address < end;
	     address += kernel->page_size) {
		prot = VM_PROT_NONE;
		page = fault_page(entry->object,
		    entry->offset + (address - entry->start), VM_PROT_NONE,
		    true, &prot, &error, address);
		if (page == NULL)
			continue;
		if (page->wire_count > 0)
			page_unwire(page);
		if (entry->zero_wired_pages &&
		    (!kernel->rules->zero_wired_needs_write ||
			((entry->protection & VM_PROT_WRITE) &&
			    !entry->used_for_jit))) {
			page_zero(page);
			if (kernel->rules->zero_wired_ends_at_first)
				entry->zero_wired_pages = false;
		}
	}
}

kern_return_t
fault_wire(struct map *map, struct entry *entry, vm_prot_t prot)
{
	uint64_t address;
	kern_return_t kr;

	if (!entry->is_sub_map && entry->object != NULL &&
	    entry->object->phys_contiguous)
		return KERN_SUCCESS;
	for (address = entry->start; address < entry->end;
	     address += kernel->page_size) {
		if (!entry->is_sub_map && entry->object != NULL &&
		    wire_fast(map, entry, address))
			continue;
		kr = fault(map, address, prot, true);
		if (kr != KERN_SUCCESS) {
			unwire_range(entry, address);
			return kr;
		}
	}
	return KERN_SUCCESS;
}

void
fault_unwire_pages(struct object *object, uint64_t offset, uint64_t size)
{
	const uint64_t end = offset + size;
	struct page *page;
	kern_return_t error;
	vm_prot_t prot;

	if (object->phys_contiguous)
		return;
	for (; offset < end; offset += kernel->page_size) {
		prot = VM_PROT_NONE;
		page = fault_page(object, offset, VM_PROT_NONE, true, &prot,
		    &error, 0);
		if (page != NULL && page->wire_count > 0)
			page_unwire(page);
	}
}

kern_return_t
fault_wire_pages(struct object *object, uint64_t offset, uint64_t size,
    uint64_t address)
{
	uint64_t done;
	struct page *page;
	kern_return_t error;
	vm_prot_t prot;

	if (object->phys_contiguous)
		return KERN_SUCCESS;
	for (done = 0; done < size; done += kernel->page_size) {
		prot = VM_PROT_READ | VM_PROT_WRITE;
		page = fault_page(object, offset + done,
		    VM_PROT_READ | VM_PROT_WRITE, false, &prot, &error,
		    address + done);
		if (page == NULL) {
			fault_unwire_pages(object, offset, done);
			return error;
		}
		page_wire(page);
	}
	return KERN_SUCCESS;
}

/* Shows a wired page if no copy object is in the way. */
static bool
show_fast(struct map *map, struct entry *entry, uint64_t address)
{
	struct object *object = entry->object;
	struct page *page;

	if (object->copy != NULL)
		return false;
	page = page_lookup(object, address - entry->start + entry->offset);
	if (page == NULL || page->absent)
		return false;
	page->dirty |= (entry->protection & VM_PROT_WRITE) != 0;
	if (map->pmap != NULL)
		pmap_enter(map->pmap, address, page->frame,
		    entry->protection | VM_PROT_READ);
	return true;
}

kern_return_t
fault_wire_resident(struct map *map, struct entry *entry, vm_prot_t access)
{
	struct object *object = entry->object;
	uint64_t address, offset;
	kern_return_t kr;

	if (object->phys_contiguous)
		return KERN_SUCCESS;
	for (address = entry->start; address < entry->end;
	     address += kernel->page_size) {
		if (show_fast(map, entry, address))
			continue;
		offset = address - entry->start + entry->offset;
		kr = fault(map, address, access, true);
		if (kr != KERN_SUCCESS) {
			unwire_range(entry, address);
			fault_unwire_pages(object, offset,
			    entry->end - address);
			return kr;
		}
		/* it was wired once more */
		fault_unwire_pages(object, offset, kernel->page_size);
	}
	return KERN_SUCCESS;
}

void
fault_unwire(struct entry *entry)
{
	unwire_range(entry, entry->end);
}

kern_return_t
fault_copy(struct object *source, uint64_t source_offset, uint64_t size,
    struct object *destination, uint64_t destination_offset)
{
	uint64_t mask = kernel->page_size - 1, from, to, part;
	struct page *to_page, *from_page;
	kern_return_t error;
	vm_prot_t prot;
	char *data;

	while (size > 0) {
		prot = VM_PROT_READ | VM_PROT_WRITE;
		to_page = fault_page(destination,
		    trunc_object(destination_offset),
		    VM_PROT_READ | VM_PROT_WRITE, false, &prot, &error, 0);
		if (to_page == NULL)
			return error;
		from_page = NULL;
		if (source != NULL &&
		    page_lookup(source, trunc_object(source_offset)) !=
			to_page) {
			prot = VM_PROT_READ;
			page_wire(to_page);
			from_page = fault_page(source,
			    trunc_object(source_offset), VM_PROT_READ, false,
			    &prot, &error, 0);
			page_unwire(to_page);
			if (from_page == NULL)
				return error;
		}
		from = source_offset & mask;
		to = destination_offset & mask;
		part = kernel->page_size - (to > from ? to : from);
		if (part > size)
			part = size;
		data = (char *)host_frame_data(to_page->frame) + to;
		/* Without a source, or onto itself, the kernel writes zeros. */
		if (from_page == NULL)
			memset(data, 0, part);
		else
			memcpy(data,
			    (char *)host_frame_data(from_page->frame) + from,
			    part);
		to_page->dirty = true;
		size -= part;
		source_offset += part;
		destination_offset += part;
	}
	return KERN_SUCCESS;
}

/*
 * arm64: a wired page that the user may only execute is still in the page
 * table, readable by the kernel (osfmk/arm/pmap/pmap.c
 * pmap_protect_options(): leaf_rona).
 */
static bool
is_privileged_read(struct map *map, uint64_t address, vm_prot_t access)
{
	struct entry *entry;

	return kernel->rules->fetch_from_execute_only &&
	    access == VM_PROT_READ && map_lookup_entry(map, address, &entry) &&
	    entry->wired_count != 0 && entry->protection == VM_PROT_EXECUTE;
}

/* The frame of an address after the fault that its access may take. */
static struct page *
user_page(struct map *map, uint64_t address, vm_prot_t access)
{
	struct object *object;
	struct entry *entry;
	struct page *page;
	vm_prot_t prot;
	uint64_t offset;

	if (address < map->min_offset || address >= map->max_offset)
		return NULL;
	/* What is shown already is touched without a fault. */
	if ((map->pmap == NULL ||
		pmap_frame(map->pmap, trunc_page_in(map, address), &prot) ==
		    HOST_NO_FRAME ||
		(access & ~prot) != 0) &&
	    !is_privileged_read(map, address, access) &&
	    fault(map, address, access, false) != KERN_SUCCESS)
		return NULL;
	while (map_lookup_entry(map, address, &entry) && entry->is_sub_map) {
		address = address - entry->start + entry->offset;
		map = entry->submap;
	}
	object = entry->object;
	offset = trunc_object(address - entry->start + entry->offset);
	while ((page = page_lookup(object, offset)) == NULL) {
		offset += object->shadow_offset;
		object = object->shadow;
	}
	return page;
}

bool
map_read_bytes(struct map *map, uint64_t address, void *to, uint64_t size)
{
	uint64_t mask = kernel->page_size - 1, part;
	struct page *page;
	char *data = to;

	for (; size > 0; size -= part, address += part, data += part) {
		part = kernel->page_size - (address & mask);
		if (part > size)
			part = size;
		page = user_page(map, address, VM_PROT_READ);
		if (page == NULL)
			return false;
		memcpy(data,
		    (char *)host_frame_data(page->frame) + (address & mask),
		    part);
	}
	return true;
}

bool
map_write_bytes(struct map *map, uint64_t address, const void *from,
    uint64_t size)
{
	uint64_t mask = kernel->page_size - 1, part;
	const char *data = from;
	struct page *page;

	for (; size > 0; size -= part, address += part, data += part) {
		part = kernel->page_size - (address & mask);
		if (part > size)
			part = size;
		page = user_page(map, address, VM_PROT_READ | VM_PROT_WRITE);
		if (page == NULL)
			return false;
		memcpy((char *)host_frame_data(page->frame) + (address & mask),
		    data, part);
	}
	return true;
}
