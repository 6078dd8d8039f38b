/*
 * Objects, pages, faults and copies: what the object half of the model offers
 * to the map half (map.c, enter.c, attributes.c, region.c).
 *
 * The words and the conditions are those of osfmk/vm/vm_object.c, vm_fault.c
 * and the copy half of vm_map.c.  A reference is owned by whoever holds the
 * pointer: an entry owns one on its object, an object one on its shadow; the
 * copy pointer owns none.  Offsets and sizes are bytes, multiples of the
 * page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_OBJECT_H
#define MODEL_OBJECT_H

#include "kernel.h"
#include "map.h"
#include "vm.h"

/* -- objects (object.c) ---------------------------------------------------- */

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

/* Frees the pages in [start, end). */
void object_page_remove(struct object *, uint64_t start, uint64_t end);
/* Takes permissions not in prot from the pages of [offset, + size): in the
 * one pmap at start, or everywhere when task is NULL. */
void object_pmap_protect(struct object *, uint64_t offset, uint64_t size,
    struct task *, uint64_t start, vm_prot_t);

/* A symmetric copy: false when the strategy forbids it.  Takes a reference
 * and says on whom the obligation to copy lies.  NULL object: true. */
bool object_copy_quickly(struct object *, bool *source_needs_copy,
    bool *copy_needs_copy);
/* NULL when pages are wired. */
struct object *object_copy_delayed(struct object *, uint64_t offset,
    uint64_t size);
kern_return_t object_copy_slowly(struct object *, uint64_t offset,
    uint64_t size, struct object **);
/* KERN_MEMORY_RESTART_COPY: symmetric, use object_copy_quickly() */
kern_return_t object_copy_strategically(struct object *, uint64_t offset,
    uint64_t size, bool forking, struct object **, uint64_t *new_offset,
    bool *needs_copy);

/* Prepares an object for sharing by more than one entry. */
void object_set_true_share(struct object *);

/* -- pages (page.c) ---------------------------------------------------------- */

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

/* -- faults (fault.c) -------------------------------------------------------- */

/* Wires, unwires every page of an entry that already has its object and its
 * wired_count raised; vm_fault_wire(), vm_fault_unwire(). */
kern_return_t fault_wire(struct map *, struct entry *, vm_prot_t);
/* deallocate: the entry is going away, pages need not stay. */
void fault_unwire(struct map *, struct entry *, bool deallocate);
/* One fault of a map: vm_fault_internal(). */
kern_return_t fault(struct map *, uint64_t address, vm_prot_t,
    bool change_wiring);

/* -- behaviours that act on pages, msync (msync.c) --------------------------- */

/* The whole of vm_map_behavior_set() for WILLNEED, DONTNEED, FREE, REUSABLE,
 * REUSE, CAN_REUSE, PAGEOUT and ZERO over [start, end), page aligned. */
kern_return_t map_behavior_pages(struct map *, uint64_t start, uint64_t end,
    vm_behavior_t);
kern_return_t map_msync(struct map *, uint64_t address, uint64_t size,
    vm_sync_t);

/* -- copies and remap (copy.c, remap.c) -------------------------------------- */

/* A range taken out of a map: a list of entries, or a kernel buffer. */
struct copy;
#define COPYIN_DESTROY	  1 /* remove the source */
#define COPYIN_MAXPROT	  2 /* judge by the maximum protection */
#define COPYIN_ENTRY_LIST 4 /* never a kernel buffer */
#define COPYIN_PURGEABLE  8 /* keep the purgeable state */
#define COPYIN_FORK	  16
kern_return_t map_copyin(struct map *, uint64_t address, uint64_t size,
    int flags, struct copy **);
kern_return_t map_copyout(struct map *, uint64_t *address, struct copy *);
kern_return_t map_copy_overwrite(struct map *, uint64_t address, struct copy *);
void copy_discard(struct copy *);

/*
 * vm_map_remap(): source and size as the caller gave them.  The flags are
 * those of VM_FLAGS_USER_REMAP; remap_prot_copy is protect with VM_PROT_COPY
 * (copy, onto itself: *maximum is what the entries may have at most, and
 * WRITE is added to it).
 */
#define REMAP_COPY	   1
#define REMAP_LEGACY	   2 /* *current, *maximum: only answers */
#define REMAP_DATA_ADDRESS 4 /* cover every page, keep the offset */
#define REMAP_ONE_OBJECT   8 /* stop after the first entry */
kern_return_t map_remap(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags, unsigned how, struct map *source_map,
    uint64_t source, vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t);
/* vm_map_copy_extract(): the entries of a range, shared or copied, from 0. */

kern_return_t map_extract(struct map *, uint64_t source, uint64_t size,
    unsigned how, struct map_flags, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t, struct copy **);

/* -- memory entries (entry.c) ------------------------------------------------ */

/* vm_map_enter_mem_object() for a memory entry, parameters as kernel_map's
 * after its own checks; enter.c does the null object itself. */
kern_return_t memory_entry_map(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct memory_entry *, uint64_t offset, bool copy,
    vm_prot_t current, vm_prot_t maximum, vm_inherit_t);

/* -- purgeable (purgeable.c) ------------------------------------------------- */

/* vm_object_purgable_control(): control GET_STATE, SET_STATE, PURGE_ALL... */
kern_return_t object_purgable_control(struct object *, vm_purgable_t control,
    int *state);

/* -- what regions report (query.c) ------------------------------------------- */

struct region_sums { /* vm_region_extended_info and friends */
	uint32_t resident, swapped_out, shared_now_private, dirtied, reusable;
	uint32_t ref_count, shadow_depth;
	uint8_t external_pager, share_mode;
};
/* vm_map_region_walk(): look_for_pages false leaves the page counts 0. */
void region_walk(struct map *, struct entry *, uint64_t offset, uint64_t range,
    bool look_for_pages, struct region_sums *);
struct region_top { /* vm_region_top_info */
	uint32_t object_id, ref_count, private_resident, shared_resident;
	uint8_t share_mode;
};
void region_top_walk(struct entry *, struct region_top *);

/* Is this object's address space identity: what user space sees as its id. */
uint64_t object_id(struct object *);

#endif
