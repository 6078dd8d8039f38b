/*
 * Objects, as osfmk/vm/vm_object.c has them.  A reference is owned by whoever
 * holds the pointer: an entry owns one on its object, an object one on its
 * shadow; the copy pointer owns none.  Offsets and sizes are bytes, multiples
 * of the page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_OBJECT_H
#define MODEL_VM_OBJECT_H

#include "types.h"

struct entry;
struct object;
struct pmap;

/* A new internal object: symmetric copy strategy, one reference. */
struct object *object_allocate(uint64_t size);
void object_reference(struct object *); /* NULL: nothing */

/* Drops one reference; the last one frees the object and its pages, the last
 * but one tries to collapse it with its shadows.  NULL: nothing. */
void object_deallocate(struct object *);

/* May [offset + size, + next_size) be appended to the range of previous?
 * Collapses first, then drops left-over pages there and grows the object.
 * previous NULL: true.  vm_object_coalesce(). */
bool object_coalesce(struct object *previous, uint64_t offset, uint64_t size,
    uint64_t next_size);

/* Collapse and bypass down the chain of shadows.  vm_object_collapse(). */
void object_collapse(struct object *, bool can_bypass);

/* Puts a shadow above *object unless nobody else can see it; false: left as
 * it was.  vm_object_shadow(). */
bool object_shadow(struct object **object, uint64_t *offset, uint64_t length);

/* The same for an entry that needs a copy: VME_OBJECT_SHADOW(). */
void entry_shadow(struct entry *, uint64_t length);

/* Even if nobody else can see the object. */
void entry_shadow_always(struct entry *, uint64_t length);

/* Makes the copy that an entry needs, now. */
void entry_resolve_copy(struct entry *);

/* May the pages be discarded without anybody else seeing it? */
bool object_may_lose_pages(const struct object *);

/*
 * vm_object_deactivate_pages(): an idle machine keeps the content.  kill:
 * pages of the top object are clean from now on; reusable: and counted apart.
 * The pmap has them at start; NULL: a submap.
 */
void object_deactivate_pages(struct object *, uint64_t offset, uint64_t size,
    const struct pmap *, uint64_t start, bool kill, bool reusable);

/* Frees the pages in [start, end). */
void object_page_remove(struct object *, uint64_t start, uint64_t end);

/* Takes permissions not in prot from the pages of [offset, + size): in the
 * one pmap at start, or everywhere when it is NULL. */
void object_pmap_protect(struct object *, uint64_t offset, uint64_t size,
    struct pmap *, uint64_t start, vm_prot_t);

/* Is this object's address space identity: what user space sees as its id. */
uint64_t object_id(struct object *);

#endif
