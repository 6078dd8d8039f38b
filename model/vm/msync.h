/*
 * vm_map_msync() and the behaviors that act on pages.
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

/* The whole of vm_map_behavior_set() for WILLNEED, DONTNEED, FREE, REUSABLE,
 * REUSE, CAN_REUSE, PAGEOUT and ZERO over [start, end), page aligned. */
kern_return_t map_behavior_pages(struct map *, uint64_t start, uint64_t end,
    vm_behavior_t);
kern_return_t map_msync(struct map *, uint64_t address, uint64_t size,
    vm_sync_t);

#endif
