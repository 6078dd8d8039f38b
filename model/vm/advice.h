/*
 * The behaviors that act on pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_ADVICE_H
#define MODEL_VM_ADVICE_H

#include "types.h"

struct map;

/* The whole of vm_map_behavior_set() for WILLNEED, DONTNEED, FREE, REUSABLE,
 * REUSE, CAN_REUSE, PAGEOUT and ZERO over [start, end), page aligned. */
kern_return_t map_behavior_pages(struct map *, uint64_t start, uint64_t end,
    vm_behavior_t);

#endif
