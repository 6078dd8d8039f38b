/*
 * mach_vm_region() and mach_vm_region_recurse().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_REGION_H
#define MODEL_VM_REGION_H

#include "types.h"

struct task;

kern_return_t kernel_region(struct task *, uint64_t *address, uint64_t *size,
    vm_region_flavor_t, int *info, mach_msg_type_number_t *count);
kern_return_t kernel_region_recurse(struct task *, uint64_t *address,
    uint64_t *size, natural_t *depth, int *info, mach_msg_type_number_t *count);

#endif
