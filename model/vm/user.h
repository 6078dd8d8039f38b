/*
 * The routines as user space calls them (osfmk/vm/vm_user.c): parameter
 * checks in the kernel's order for the release and architecture of
 * task->rules, then operations on the map.  Out parameters point into kernel
 * memory and are valid on KERN_SUCCESS only.  Called with the lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_USER_H
#define MODEL_VM_USER_H

#include "types.h"

struct memory_entry;
struct task;

kern_return_t kernel_allocate(struct task *, uint64_t *address, uint64_t size,
    int flags);
/* The image that exec mapped is still there. */
bool task_has_text(const struct task *);
kern_return_t kernel_deallocate(struct task *, uint64_t address, uint64_t size);
kern_return_t kernel_protect(struct task *, uint64_t address, uint64_t size,
    boolean_t set_maximum, vm_prot_t);
kern_return_t kernel_inherit(struct task *, uint64_t address, uint64_t size,
    vm_inherit_t);

/* entry: NULL for no object; wrong_object: the port named something that is
 * neither a memory entry nor a pager */
kern_return_t kernel_map(struct task *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct memory_entry *entry, bool wrong_object,
    uint64_t offset, boolean_t copy, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t);
kern_return_t kernel_wire(struct task *, uint64_t address, uint64_t size,
    vm_prot_t);
int kernel_mlock(struct task *, uint64_t address, uint64_t size);
int kernel_munlock(struct task *, uint64_t address, uint64_t size);
kern_return_t kernel_range_create(struct task *, int flavor,
    const void *recipes, uint32_t size);

#endif
