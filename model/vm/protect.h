/*
 * vm_map_protect().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_PROTECT_H
#define MODEL_VM_PROTECT_H

#include "types.h"

struct map;

kern_return_t map_protect(struct map *, uint64_t start, uint64_t end, vm_prot_t,
    bool set_maximum);

#endif
