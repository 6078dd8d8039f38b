/*
 * The vnode pager.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "model/vm/vnode.h"
#include "model/host/file.h"
#include "model/host/frame.h"
#include "model/host/heap.h"
#include "model/host/pmap.h"
#include "model/vm/fault.h"
#include "model/vm/kernel.h"
#include "model/vm/object.h"
#include "model/vm/page.h"
#include "model/vm/pager.h"
#include "model/vm/release.h"
#include "model/vm/vm.h"

struct vnode {
	struct pager pager;
	struct host_file file;
	LIST_ENTRY(vnode) link;
};

static struct vnode *
vnode_of(struct pager *pager)
{
	return (struct vnode *)pager; /* its first member */
}

/* A page of the kernel's that begins beyond the end of the file is none; the
 * rest of the last one is zero. */
static bool
vnode_request(struct pager *pager, uint64_t offset, void *data)
{
	const struct host_file *file = &vnode_of(pager)->file;
	const uint64_t kernel_page = UINT64_C(1)
	    << kernel->rules->kernel_page_shift;
	const int64_t size = host_file_size(file);

	if (size < 0 || (offset & ~(kernel_page - 1)) >= (uint64_t)size)
		return false;
	return host_file_read(file, data, kernel->page_size, offset) >= 0;
}

/* Nothing is written beyond the end of the file. */
static bool
vnode_give_back(struct pager *pager, uint64_t offset, const void *data)
{
	const struct host_file *file = &vnode_of(pager)->file;
	const int64_t size = host_file_size(file);
	uint64_t n = kernel->page_size;

	if (size < 0)
		return false;
	if (offset >= (uint64_t)size)
		return true;
	if (n > (uint64_t)size - offset)
		n = (uint64_t)size - offset;
	return host_file_write(file, data, n, offset);
}

/* XNU keeps the pages as long as the vnode; here the file has them again. */
static void
vnode_last_unmap(struct pager *pager)
{
	struct vnode *vnode = vnode_of(pager);
	struct object *object = pager->object;

	pager_sync(object, 0, UINT64_MAX, true, false);
	object->pager = NULL;
	LIST_REMOVE(vnode, link);
	heap_free(vnode, sizeof(*vnode));
	object_deallocate(object);
}

static const struct pager_ops vnode_ops = {
	.request = vnode_request,
	.give_back = vnode_give_back,
	.last_unmap = vnode_last_unmap,
};

struct vnode *
vnode_find(const struct host_file *file)
{
	struct vnode *vnode;

	LIST_FOREACH (vnode, &kernel->vnodes, link)
		if (host_file_equal(&vnode->file, file))
			return vnode;
	return NULL;
}

struct vnode *
vnode_get(const struct host_file *file)
{
	struct vnode *vnode = vnode_find(file);
	struct object *object;
	int64_t size;

	if (vnode != NULL)
		return vnode;
	vnode = heap_alloc(sizeof(*vnode));
	vnode->file = *file;
	size = host_file_size(file);
	object = object_allocate(size < 0 ? 0 : (uint64_t)size);
	object->internal = false;
	object->temporary = false;
	object->copy_strategy = COPY_DELAY;
	object->pager = &vnode->pager;
	vnode->pager.ops = &vnode_ops;
	vnode->pager.object = object;
	LIST_INSERT_HEAD(&kernel->vnodes, vnode, link);
	return vnode;
}

void
vnode_put(struct vnode *vnode)
{
	if (vnode->pager.object->ref_count == 1)
		vnode_last_unmap(&vnode->pager);
}

struct host_file *
vnode_file(struct vnode *vnode)
{
	return &vnode->file;
}

struct object *
vnode_object(struct vnode *vnode)
{
	return vnode->pager.object;
}

/* ---- the file changes ------------------------------------------------------ */

void
vnode_sync(struct vnode *vnode, uint64_t start, uint64_t end)
{
	struct page *page;

	/* Whether a page is dirty is seen; so it stays. */
	for (page = page_first(vnode->pager.object, trunc_object(start));
	     page != NULL && page->offset < end; page = page_next(page))
		if (page->dirty)
			(void)vnode_give_back(&vnode->pager, page->offset,
			    host_frame_data(page->frame));
}

/* The copy object gets its page; false: it cannot be had. */
static bool
push(struct object *object, uint64_t offset)
{
	struct object *copy = object->copy;
	vm_prot_t prot = VM_PROT_DEFAULT;
	kern_return_t error;

	return fault_page(copy, offset - copy->shadow_offset, VM_PROT_DEFAULT,
		   false, &prot, &error, 0) != NULL;
}

/* vm_object_update(), MEMORY_OBJECT_COPY_SYNC: until the first page that the
 * file does not have. */
void
vnode_will_change(struct vnode *vnode, uint64_t start, uint64_t end)
{
	struct object *object = vnode->pager.object;

	vnode_sync(vnode, start, end);
	if (object->copy == NULL)
		return;
	if (end > object->copy->size)
		end = object->copy->size;
	for (start = trunc_object(start); start < end;
	     start += kernel->page_size)
		if (!push(object, start))
			return;
}

void
vnode_changed(struct vnode *vnode, uint64_t start, uint64_t end)
{
	struct page *page;
	void *data;

	for (page = page_first(vnode->pager.object, trunc_object(start));
	     page != NULL && page->offset < end; page = page_next(page)) {
		data = host_frame_data(page->frame);
		memset(data, 0, kernel->page_size);
		(void)vnode_request(&vnode->pager, page->offset, data);
		page->dirty = true;
	}
}

/* The page in which the file will end is written to, so private mappings get
 * theirs; of those beyond only what is resident, until the first that is not. */
void
vnode_will_shrink(struct vnode *vnode, uint64_t size)
{
	struct object *object = vnode->pager.object;
	uint64_t offset = trunc_object(size);

	vnode_sync(vnode, offset, UINT64_MAX);
	if (object->copy == NULL)
		return;
	if (kernel->rules->truncation_pushes_last_page && offset < size &&
	    offset < object->copy->size)
		(void)push(object, offset);
	for (offset = round_object(size);
	     offset < object->copy->size && page_lookup(object, offset) != NULL;
	     offset += kernel->page_size)
		(void)push(object, offset);
}

void
vnode_resized(struct vnode *vnode, uint64_t old_size, uint64_t size)
{
	struct object *object = vnode->pager.object;
	struct page *page;

	if (size >= old_size) {
		vnode_changed(vnode, old_size, size);
		return;
	}
	/* but not what is wired, which stays as it is */
	pager_sync(object, round_object(size), UINT64_MAX, false, true);
	page = page_lookup(object, trunc_object(size));
	if (page != NULL && trunc_object(size) < size)
		memset((char *)host_frame_data(page->frame) +
			(size - page->offset),
		    0, kernel->page_size - (size - page->offset));
}
