/*
 * The ordered entries of a map: find, insert, clip, simplify.  The words and
 * the rules are those of osfmk/vm/vm_map.c.  Addresses and sizes are bytes,
 * multiples of the map's page unless a function says otherwise.  Called with
 * the kernel lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_MAP_H
#define MODEL_VM_MAP_H

#include "model/vm/vm.h"

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

/* An empty map of [min, max); pmap: what follows it, NULL: nothing. */
struct map *map_create(uint64_t min, uint64_t max, const struct rules *,
    struct pmap *);
void map_reference(struct map *);

/* Drops a reference; the last one deletes every entry, permanent too. */
void map_deallocate(struct map *);

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

/* Take a nested submap's entry out of nesting in the units that cover
 * [start, end), which lies in it; the entry keeps those units. */
void map_unnest(struct map *, struct entry *, uint64_t start, uint64_t end);

/* True when [start, end) has no hole; *first is the entry at start. */
bool map_range_check(struct map *, uint64_t start, uint64_t end,
    struct entry **first);

/* Merge entry into the one before it if they continue each other in every
 * respect; entry stays, the one before goes. */
void map_simplify_entry(struct map *, struct entry *);

/* Every entry of [start, end), and the one that starts at end; with entry
 * locks only if there is no hole, and the range's ends are split first. */
void map_simplify_range(struct map *, uint64_t start, uint64_t end);

#endif
