/*
 * Resident pages: which frame holds the content of which offset of an object.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/page.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/pmap.h"
#include "model/vm/kernel.h"
#include "model/vm/vm.h"

static int
page_compare(struct page *a, struct page *b)
{
	return (a->offset > b->offset) - (a->offset < b->offset);
}

RB_GENERATE_STATIC(page_tree, page, link, page_compare)

struct page *
page_lookup(struct object *object, uint64_t offset)
{
	struct page key = { .offset = offset };

	if (object->resident_page_count == 0)
		return NULL;
	return RB_FIND(page_tree, &object->pages, &key);
}

struct page *
page_first(struct object *object, uint64_t offset)
{
	struct page key = { .offset = offset };

	return RB_NFIND(page_tree, &object->pages, &key);
}

struct page *
page_next(struct page *page)
{
	return RB_NEXT(page_tree, NULL, page);
}

static void
page_insert(struct page *page, struct object *object, uint64_t offset)
{
	page->object = object;
	page->offset = offset;
	RB_INSERT(page_tree, &object->pages, page);
	object->resident_page_count++;
	if (page->wire_count > 0)
		object->wired_page_count++;
}

static void
page_remove(struct page *page)
{
	struct object *object = page->object;

	RB_REMOVE(page_tree, &object->pages, page);
	object->resident_page_count--;
	if (page->wire_count > 0)
		object->wired_page_count--;
	if (page->reusable)
		object->reusable_page_count--;
	page->reusable = false; /* wherever it goes */
	page->object = NULL;
}

struct page *
page_alloc(struct object *object, uint64_t offset, uint64_t hint)
{
	struct page *page = heap_alloc(sizeof(*page));

	page->frame = host_frame_alloc(hint);
	page_insert(page, object, offset);
	kernel->page_count++;
	return page;
}

void
page_free(struct page *page)
{
	pmap_page_protect(page->frame, VM_PROT_NONE);
	page_remove(page);
	host_frame_free(page->frame);
	heap_free(page, sizeof(*page));
	kernel->page_count--;
}

/* Its mappings stay: the content is the same seen from either object. */
void
page_rename(struct page *page, struct object *object, uint64_t offset)
{
	page_remove(page);
	page_insert(page, object, offset);
}

void
page_wire(struct page *page)
{
	if (page->wire_count++ == 0) {
		page->object->wired_page_count++;
		if (page->reusable) {
			page->reusable = false;
			page->object->reusable_page_count--;
		}
	}
}

void
page_unwire(struct page *page)
{
	if (--page->wire_count == 0)
		page->object->wired_page_count--;
}

void
page_zero(struct page *page)
{
	memset(host_frame_data(page->frame), 0, kernel->page_size);
}

void
page_copy(struct page *from, struct page *to)
{
	memcpy(host_frame_data(to->frame), host_frame_data(from->frame),
	    kernel->page_size);
}
