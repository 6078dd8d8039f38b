/*
 * vm_map_wire() and vm_map_unwire().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_WIRE_H
#define MODEL_VM_WIRE_H

#include "types.h"

struct map;

kern_return_t map_wire(struct map *, uint64_t start, uint64_t end,
    vm_prot_t access, bool user_wire);
kern_return_t map_unwire(struct map *, uint64_t start, uint64_t end,
    bool user_wire);

#endif
