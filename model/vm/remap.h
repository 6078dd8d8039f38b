/*
 * vm_map_remap(), and the extraction of entries that memory entries use too.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_REMAP_H
#define MODEL_VM_REMAP_H

#include "model/vm/enter.h"

struct copy;
struct map;
struct task;

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
kern_return_t kernel_remap(struct task *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct task *source_task, uint64_t source,
    boolean_t copy, vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t,
    bool is_new);
kern_return_t map_remap(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags, unsigned how, struct map *source_map,
    uint64_t source, vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t);
kern_return_t map_extract(struct map *, uint64_t source, uint64_t size,
    unsigned how, struct map_flags, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t, struct copy **);

#endif
