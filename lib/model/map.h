/*
 * The ordered entries of a map: find, insert, clip, simplify, delete, enter.
 *
 * The words and the rules are those of osfmk/vm/vm_map.c.  Addresses and
 * sizes are bytes; starts, ends and sizes must be multiples of the map's page
 * unless a function says otherwise.  Called with the kernel lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_MAP_H
#define MODEL_MAP_H

#include "vm.h"

#define SUPERPAGE_SIZE	   (UINT64_C(2) << 20)
#define SUPERPAGE_SIZE_ANY 1
#define SUPERPAGE_SIZE_2MB 2

/* ---- maps (map.c) -------------------------------------------------------- */

/* An empty map of [min, max); task: whose pmap follows it, NULL: none. */
struct map *map_create(uint64_t min, uint64_t max, const struct rules *,
    struct task *);
/* The map of a process as exec leaves it (bootstrap.c). */
struct map *map_create_for(const struct rules *, struct task *);
void map_reference(struct map *);
/* Drops a reference; the last one deletes every entry, permanent too. */
void map_deallocate(struct map *);

/* ---- entries (map.c) ----------------------------------------------------- */

static inline struct entry *
map_first(const struct map *m)
{
	return TAILQ_FIRST(&m->order);
}
static inline struct entry *
entry_next(const struct entry *e)
{
	return TAILQ_NEXT(e, order);
}
static inline struct entry *
entry_prev(const struct entry *e)
{
	return TAILQ_PREV(e, entry_list, order);
}

/*
 * True: *entry contains address.  False: *entry is the last entry below it,
 * NULL when there is none (the kernel's map header).
 */
bool map_lookup_entry(struct map *, uint64_t address, struct entry **entry);
/* The entry that contains address or else the next above it; NULL: none. */
struct entry *map_lookup_or_next(struct map *, uint64_t address);

/* A zeroed entry that no map has; entry_new_like copies every attribute,
 * extent and object (no reference is taken). */
struct entry *entry_new(void);
struct entry *entry_new_like(const struct entry *);
void entry_free(struct entry *);
/* Put an entry in its place, whose range must be free; counts map->size. */
void map_link(struct map *, struct entry *);
void map_unlink(struct map *, struct entry *);
/* Move a bound of a linked entry within the free space around it; counts
 * map->size. */
void map_resize(struct map *, struct entry *, uint64_t start, uint64_t end);

/* Split so that entry starts (ends) at address, when address is inside it.
 * The given entry keeps the upper (the lower) part.  The other part takes a
 * reference on the object. */
void map_clip_start(struct map *, struct entry *, uint64_t start);
void map_clip_end(struct map *, struct entry *, uint64_t end);

/* True when [start, end) has no hole; *first is the entry at start. */
bool map_range_check(struct map *, uint64_t start, uint64_t end,
    struct entry **first);

/* Merge entry into the one before it if they continue each other in every
 * respect; entry stays, the one before goes. */
void map_simplify_entry(struct map *, struct entry *);
/* Entry with both its neighbours. */
void map_simplify(struct map *, uint64_t start);
/* Every entry of [start, end), and the one that starts at end. */
void map_simplify_range(struct map *, uint64_t start, uint64_t end);

/* ---- placement (space.c) ------------------------------------------------- */

/* Where the hole above an entry starts; NULL: the lowest hole. */
static inline uint64_t
hole_start(const struct map *map, const struct entry *below)
{
	if (below == NULL || below->end < map->min_offset)
		return map->min_offset;
	return below->end;
}

/*
 * The lowest address at or above hint, below limit, of size free bytes that
 * is a multiple of the page and has no bit of mask.  *before: the entry below
 * it, may be NULL.  O(log n) for mask within the page, else linear in the
 * holes that are large enough but cannot be aligned.
 */
bool map_find_space(struct map *, uint64_t hint, uint64_t limit, uint64_t size,
    uint64_t mask, uint64_t *address);

/* ---- deletion (delete.c) --------------------------------------------------*/

enum map_remove {
	MAP_REMOVE_IMMUTABLE = 1,      /* permanent entries go too */
	MAP_REMOVE_IMMUTABLE_CODE = 2, /* a permanent executable goes */
	MAP_REMOVE_GAPS_FAIL = 4,      /* a hole: KERN_INVALID_VALUE */
	MAP_REMOVE_TO_OVERWRITE = 8,   /* something else comes there */
};

/*
 * Remove [start, end), clipping at both ends, dropping wiring.  zap: the
 * entries with their objects are kept there for the caller to dispose of or
 * to put back; NULL: disposed of.
 */
kern_return_t map_delete(struct map *, uint64_t start, uint64_t end,
    unsigned flags, struct entry_list *zap);
/* Drop the entries' references on objects and submaps, and the entries. */
void map_dispose(struct entry_list *);

/* ---- entering (enter.c) -------------------------------------------------- */

/* What VM_FLAGS_* and vm_map_kernel_flags say; zero is FIXED, tag 0. */
struct map_flags {
	bool anywhere, purgable, overwrite, random_address, no_cache;
	bool chunk_4g, resilient_codesign, resilient_media, permanent, tpro;
	uint8_t superpage; /* 0: none; SUPERPAGE_SIZE_ANY, _2MB */
	uint8_t tag;
	/* internal */
	bool is_submap; /* object is a struct map */
	bool nested;	/* submap: shares its page tables */
	bool is_jit, already, no_copy_on_read, remap_prot_copy;
	bool beyond_max, overwrite_immutable;
	bool below_4g; /* MAP_32BIT */
};
/* flags must have been checked against the accepted mask. */
struct map_flags map_flags_from_user(int flags);

/*
 * vm_map_enter(): place, coalesce or create.  object may be NULL (anonymous);
 * on success the caller's reference goes to the map, on failure it stays with
 * the caller.  size and offset are page aligned.
 */
kern_return_t map_enter(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags, struct object *, uint64_t offset,
    bool needs_copy, vm_prot_t current, vm_prot_t maximum, vm_inherit_t);
/* Where size bytes would go: FIXED or ANYWHERE, bounds, OVERWRITE (removed
 * entries go to zap).  Links nothing.  KERN_MEMORY_PRESENT: FIXED, taken. */
kern_return_t map_locate_space(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags, struct entry_list *zap);

/* ---- attributes (attributes.c, protect.c, wire.c) ------------------------ */

kern_return_t map_protect(struct map *, uint64_t start, uint64_t end, vm_prot_t,
    bool set_maximum);
kern_return_t map_inherit(struct map *, uint64_t start, uint64_t end,
    vm_inherit_t);
kern_return_t map_wire(struct map *, uint64_t start, uint64_t end,
    vm_prot_t access, bool user_wire);
kern_return_t map_unwire(struct map *, uint64_t start, uint64_t end,
    bool user_wire);
/* Every page of the range may be accessed so. */
bool map_check_protection(struct map *, uint64_t start, uint64_t end,
    vm_prot_t);

#endif
