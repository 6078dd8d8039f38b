/*
 * Purgeable objects: volatile, nonvolatile, empty.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_PURGEABLE_H
#define MODEL_VM_PURGEABLE_H

#include "types.h"

struct memory_entry;
struct object;
struct task;

/* On a whole object, through its memory entry: message 4900. */
kern_return_t kernel_entry_purgable_control(struct memory_entry *,
    vm_purgable_t control, int *state);
kern_return_t kernel_purgable_control(struct task *, uint64_t address,
    vm_purgable_t control, int *state);

/* vm_object_purgable_control(): control GET_STATE, SET_STATE, PURGE_ALL... */
kern_return_t object_purgable_control(struct object *, vm_purgable_t control,
    int *state);

#endif
