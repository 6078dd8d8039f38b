/*
 * vm_map_msync(), which DONTNEED and FREE are, too.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_MSYNC_H
#define MODEL_VM_MSYNC_H

#include "types.h"

struct map;
struct task;

kern_return_t kernel_msync(struct task *, uint64_t address, uint64_t size,
    vm_sync_t);
kern_return_t map_msync(struct map *, uint64_t address, uint64_t size,
    vm_sync_t);

#endif
