/*
 * Resident pages of an object.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_PAGE_H
#define MODEL_VM_PAGE_H

#include "types.h"

struct object;
struct page;

struct page *page_lookup(struct object *, uint64_t offset);

struct page *page_first(struct object *, uint64_t offset); /* >= offset */

struct page *page_next(struct page *);

/* A new page with a frame (content undefined unless zero); hint: address. */
struct page *page_alloc(struct object *, uint64_t offset, uint64_t hint);
void page_free(struct page *); /* unmaps it everywhere */
void page_rename(struct page *, struct object *, uint64_t offset);
void page_wire(struct page *);
void page_unwire(struct page *);
void page_zero(struct page *);
void page_copy(struct page *from, struct page *to);

#endif
