/*
 * mach_vm_machine_attribute().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_MACHINE_ATTRIBUTE_H
#define MODEL_VM_MACHINE_ATTRIBUTE_H

#include "types.h"

struct task;

kern_return_t kernel_machine_attribute(struct task *, uint64_t address,
    uint64_t size, vm_machine_attribute_t, vm_machine_attribute_val_t *);

#endif
