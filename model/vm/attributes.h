/*
 * Inheritance and behavior of a range of a map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_ATTRIBUTES_H
#define MODEL_VM_ATTRIBUTES_H

#include "types.h"

struct map;
struct task;

kern_return_t kernel_behavior_set(struct task *, uint64_t address,
    uint64_t size, vm_behavior_t);
kern_return_t map_inherit(struct map *, uint64_t start, uint64_t end,
    vm_inherit_t);

#endif
