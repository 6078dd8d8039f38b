/*
 * vm_map_remap().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_REMAP_H
#define MODEL_VM_REMAP_H

#include "model/vm/extract.h"

struct map;
struct task;

/*
 * vm_map_remap(): source and size as the caller gave them.  The flags are
 * those of VM_FLAGS_USER_REMAP; remap_prot_copy is protect with VM_PROT_COPY
 * (copy, onto itself: *maximum is what the entries may have at most, and
 * WRITE is added to it).
 */
kern_return_t kernel_remap(struct task *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct task *source_task, uint64_t source,
    boolean_t copy, vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t,
    bool is_new);
kern_return_t map_remap(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, struct map_flags, unsigned how, struct map *source_map,
    uint64_t source, vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t);

#endif
