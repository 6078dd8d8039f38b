/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "load_linux.h"
#include "macho.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/vm/delete.h"
#include "model/vm/kernel.h"
#include "model/vm/map.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/region.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"

#include <string.h>

/* Pages as if size bytes had been stored, but shown only when they are touched:
 * of more than a thousand a case needs a few.  False: they are no region of
 * their own. */
static bool
fill(uint64_t address, const uint8_t *bytes, uint64_t size)
{
	const uint64_t unit = kernel->page_size;
	struct entry *e;
	struct page *page;

	if (size == 0)
		return true;
	if (!map_lookup_entry(current_task->map, address, &e) ||
	    e->object != NULL || e->start != address || e->end - address < size)
		return false;
	e->object = object_allocate(e->end - e->start);
	e->offset = 0;
	for (uint64_t at = 0; at < size; at += unit) {
		page = page_alloc(e->object, at, address + at);
		page->referenced = page->dirty = true;
		if (size - at >= unit)
			host_frame_load(page->frame, bytes + at);
		else
			memcpy(host_frame_data(page->frame), bytes + at,
			    size - at);
	}
	return true;
}

static kern_return_t
place(const uint8_t *image, const struct macho_segment *s)
{
	uint64_t at = s->address;
	kern_return_t kr;

	if (!host_in_window(at, s->memory_size))
		return KERN_MEMORY_ERROR; /* the host has no room there */
	kr = kernel_allocate(current_task, &at, s->memory_size, VM_FLAGS_FIXED);
	if (kr != KERN_SUCCESS)
		return kr;
	if (!fill(s->address, image + s->offset, s->file_size))
		return KERN_INVALID_ADDRESS;
	kr = kernel_protect(current_task, at, s->memory_size, FALSE,
	    (vm_prot_t)s->initial);
	if (kr == KERN_SUCCESS)
		kr = kernel_protect(current_task, at, s->memory_size, TRUE,
		    (vm_prot_t)s->maximum);
	return kr;
}

/* The first of the model's regions are an image of its own: it goes. */
static void
clear_place(uint64_t start)
{
	uint64_t at = start, size;
	int info[VM_REGION_INFO_MAX];
	mach_msg_type_number_t count;
	kern_return_t kr;

	for (;;) {
		count = VM_REGION_BASIC_INFO_COUNT_64;
		kernel_lock();
		kr = kernel_region(current_task, &at, &size,
		    VM_REGION_BASIC_INFO_64, info, &count);
		if (kr != KERN_SUCCESS || at >= start + (1 << 24)) {
			kernel_unlock();
			return;
		}
		/* not by a call, which unmaps the running text: fatal */
		(void)map_delete(current_task->map, at, at + size, 0, NULL);
		kernel_unlock();
		at += size;
	}
}

bool
load_image(const uint8_t *image, size_t size, uint64_t *entry,
    const char **problem)
{
	struct macho_segment s;
	kern_return_t kr;

	clear_place(MACHO_BASE);
	for (unsigned i = 0; macho_segment(image, size, i, &s); i++) {
		if (s.address < MACHO_BASE)
			continue; /* the page zero */
		kernel_lock();
		kr = place(image, &s);
		kernel_unlock();
		if (kr != KERN_SUCCESS) {
			*problem = "a segment that cannot be placed";
			return false;
		}
	}
	*problem = "no LC_UNIXTHREAD";
	return macho_entry(image, size, entry);
}
