/*
 * Who has the pages of an external object that are not resident
 * (memory_object).  An object with a pager has a reference of the pager's own,
 * XNU's "named".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_PAGER_H
#define MODEL_VM_PAGER_H

#include "types.h"

struct object;
struct page;

struct pager;
struct pager_ops {
	/* Fill the zeroed page at offset; false: there is none, or it cannot
	 * be had. */
	bool (*request)(struct pager *, uint64_t offset, void *data);
	/* Keep what a page holds now. */
	bool (*give_back)(struct pager *, uint64_t offset, const void *data);
	/* Nobody but the pager refers to the object any more: both may go. */
	void (*last_unmap)(struct pager *);
};

struct pager {
	const struct pager_ops *ops;
	struct object *object;
};

/* The page of an object with a pager that is not resident yet; hint: where it
 * will show, 0: unknown.  NULL: KERN_MEMORY_ERROR. */
struct page *pager_page(struct object *, uint64_t offset, uint64_t hint);

/* The same for all of [start, end); until the first that cannot be had. */
void pager_pages(struct object *, uint64_t start, uint64_t end);

/* vm_object_sync() over [start, end): give back what is dirty, then forget what
 * is not wired; either may be left out. */
void pager_sync(struct object *, uint64_t start, uint64_t end, bool give_back,
    bool forget);

#endif
