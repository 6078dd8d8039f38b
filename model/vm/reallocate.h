/*
 * mach_vm_reallocate(): a range grows where it is, or its entries move.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_REALLOCATE_H
#define MODEL_VM_REALLOCATE_H

#include "types.h"

struct task;

/* Everything as the caller gave it; *destination is written on success only. */
kern_return_t kernel_reallocate(struct task *, uint64_t source,
    uint64_t source_size, uint64_t *destination, uint64_t destination_size,
    uint64_t mask, int options, int flags);

#endif
