/*
 * Entries taken out of a map, shared or copied: what remap and memory entries
 * have in common.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_EXTRACT_H
#define MODEL_VM_EXTRACT_H

#include "model/vm/enter.h"

struct copy;
struct entry;
struct map;

#define REMAP_COPY	   1
#define REMAP_LEGACY	   2  /* *current, *maximum: only answers */
#define REMAP_DATA_ADDRESS 4  /* cover every page, keep the offset */
#define REMAP_ONE_OBJECT   8  /* stop after the first entry */
#define REMAP_NESTS	   16 /* of a submap take the submap */
kern_return_t map_extract(struct map *, uint64_t source, uint64_t size,
    unsigned how, struct map_flags, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t, struct copy **);

/* Gives an entry an object that can be shared, or none if it is a mere
 * reservation; with entry locks it is marked as shared. */
void entry_make_shareable(struct map *, struct entry *);

#endif
