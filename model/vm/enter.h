/*
 * Placement and coalescing: vm_map_enter().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_ENTER_H
#define MODEL_VM_ENTER_H

#include "types.h"

struct entry_list;
struct map;
struct object;

/* The most that an anonymous entry without a chunk size of its own holds. */
#define ANON_CHUNK_SIZE	   (UINT64_C(128) << 20)
#define SUPERPAGE_SIZE	   (UINT64_C(2) << 20)
#define SUPERPAGE_SIZE_ANY 1
#define SUPERPAGE_SIZE_2MB 2

/* What VM_FLAGS_* and vm_map_kernel_flags say; zero is FIXED, tag 0. */
struct map_flags {
	bool anywhere, purgable, overwrite, random_address, no_cache;
	bool chunk_4g, resilient_codesign, resilient_media, permanent, tpro;
	uint8_t superpage; /* 0: none; SUPERPAGE_SIZE_ANY, _2MB */
	uint8_t tag;
	/* internal */
	bool is_submap; /* object is a struct map */
	bool nested;	/* submap: shares its page tables */
	bool is_jit, no_copy_on_read, remap_prot_copy;
	bool beyond_max, overwrite_immutable;
	bool below_4g;	  /* MAP_32BIT */
	bool keeps_apart; /* never one with the entry below */
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

#endif
