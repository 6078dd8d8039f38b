/*
 * The kernel heap: shared between forked processes; called with the lock
 * held.  Running out aborts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_HEAP_H
#define MODEL_HOST_HEAP_H

#include "types.h"

/* -- the kernel heap (heap.c) ------------------------------------------------
 * Shared between forked processes; called with the lock held; never NULL:
 * aborts. */
void *heap_alloc(size_t); /* zeroed */
void heap_free(void *, size_t);
uint64_t heap_used(void); /* bytes */

#endif
