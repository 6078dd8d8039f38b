/*
 * vm_map_copy_overwrite(): writing a copy over mapped memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_OVERWRITE_H
#define MODEL_VM_OVERWRITE_H

#include "types.h"

struct copy;
struct map;

kern_return_t map_copy_overwrite(struct map *, uint64_t address, struct copy *);

#endif
