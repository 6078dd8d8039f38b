/*
 * Mapping a memory entry: vm_map_enter_mem_object().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_MEMORY_ENTRY_MAP_H
#define MODEL_VM_MEMORY_ENTRY_MAP_H

#include "types.h"

struct map;
struct memory_entry;

/* vm_map_enter_mem_object() for a memory entry, parameters as kernel_map's
 * after its own checks; enter.c does the null object itself. */
kern_return_t memory_entry_map(struct map *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct memory_entry *, uint64_t offset, bool copy,
    vm_prot_t current, vm_prot_t maximum, vm_inherit_t);

#endif
