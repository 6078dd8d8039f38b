/*
 * Pages that come from a pager and go back to it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "model/vm/pager.h"
#include "model/host/frame.h"
#include "model/host/pmap.h"
#include "model/vm/kernel.h"
#include "model/vm/page.h"
#include "model/vm/vm.h"

struct page *
pager_page(struct object *object, uint64_t offset, uint64_t hint)
{
	struct pager *pager = object->pager;
	struct page *page = page_alloc(object, offset, hint);

	if (pager->ops->request(pager, offset, host_frame_data(page->frame)))
		return page;
	page_free(page);
	return NULL;
}

void
pager_pages(struct object *object, uint64_t start, uint64_t end)
{
	for (; start < end; start += kernel->page_size)
		if (page_lookup(object, start) == NULL &&
		    pager_page(object, start, 0) == NULL)
			return;
}

void
pager_sync(struct object *object, uint64_t start, uint64_t end, bool give_back,
    bool forget)
{
	struct pager *pager = object->pager;
	struct page *page, *next;

	for (page = page_first(object, start);
	     page != NULL && page->offset < end; page = next) {
		next = page_next(page);
		/* a UPL of UPL_COPYOUT_FROM has no wired pages:
		 * vm_object_upl_request() */
		if (give_back && page->dirty && page->wire_count == 0) {
			/* the next write must be noticed */
			pmap_page_protect(page->frame,
			    VM_PROT_READ | VM_PROT_EXECUTE);
			if (pager->ops->give_back(pager, page->offset,
				host_frame_data(page->frame)))
				page->dirty = false;
		}
		if (forget && page->wire_count == 0)
			page_free(page);
	}
}
