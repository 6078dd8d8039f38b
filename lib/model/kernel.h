/*
 * The kernel's side of each routine: what the trap, the libsystem and the
 * message entry call once the target is known to be this task.  Parameter
 * checks in the kernel's order, for the release and architecture of
 * task->rules.  Addresses are the task's; out parameters point into kernel
 * memory and are valid on KERN_SUCCESS only.  Called with the lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_KERNEL_H
#define MODEL_KERNEL_H

#include "vm.h"

struct memory_entry; /* entry.c: what a memory entry port names */

/* -- user.c, attributes.c, region.c (the "map" half) ------------------------ */
kern_return_t kernel_allocate(struct task *, uint64_t *address, uint64_t size,
    int flags);
kern_return_t kernel_deallocate(struct task *, uint64_t address, uint64_t size);
kern_return_t kernel_protect(struct task *, uint64_t address, uint64_t size,
    boolean_t set_maximum, vm_prot_t);
kern_return_t kernel_inherit(struct task *, uint64_t address, uint64_t size,
    vm_inherit_t);
kern_return_t kernel_behavior_set(struct task *, uint64_t address,
    uint64_t size, vm_behavior_t);
/* entry: NULL for no object; wrong_object: the port named something that is
 * neither a memory entry nor a pager */
kern_return_t kernel_map(struct task *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct memory_entry *entry, bool wrong_object,
    uint64_t offset, boolean_t copy, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t);
kern_return_t kernel_region(struct task *, uint64_t *address, uint64_t *size,
    vm_region_flavor_t, int *info, mach_msg_type_number_t *count);
kern_return_t kernel_region_recurse(struct task *, uint64_t *address,
    uint64_t *size, natural_t *depth, int *info, mach_msg_type_number_t *count);
kern_return_t kernel_wire(struct task *, uint64_t address, uint64_t size,
    vm_prot_t);
int kernel_mlock(struct task *, uint64_t address, uint64_t size);
/* getrlimit, setrlimit (limits.c): errno; limits are { soft, hard }. */
int kernel_getrlimit(struct task *, unsigned which, uint64_t limits[2]);
int kernel_setrlimit(struct task *, unsigned which, const uint64_t limits[2]);
void kernel_limits_init(struct task *);
int kernel_munlock(struct task *, uint64_t address, uint64_t size);
kern_return_t kernel_range_create(struct task *, int flavor,
    const void *recipes, uint32_t size);

/* -- the "object" half ------------------------------------------------------- */
kern_return_t kernel_read(struct task *, uint64_t address, uint64_t size,
    uint64_t *data); /* copies out into the same task */
kern_return_t kernel_read_overwrite(struct task *, uint64_t address,
    uint64_t size, uint64_t data, uint64_t *out_size);
/* out of line data in the caller's own memory, virtually copied */
kern_return_t kernel_write(struct task *, uint64_t address, uint64_t data,
    uint32_t size);
kern_return_t kernel_copy(struct task *, uint64_t source, uint64_t size,
    uint64_t destination);
kern_return_t kernel_msync(struct task *, uint64_t address, uint64_t size,
    vm_sync_t);
kern_return_t kernel_machine_attribute(struct task *, uint64_t address,
    uint64_t size, vm_machine_attribute_t, vm_machine_attribute_val_t *);
kern_return_t kernel_remap(struct task *, uint64_t *address, uint64_t size,
    uint64_t mask, int flags, struct task *source_task, uint64_t source,
    boolean_t copy, vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t,
    bool is_new);
kern_return_t kernel_page_query(struct task *, uint64_t address,
    int *disposition, int *ref_count);
kern_return_t kernel_page_info(struct task *, uint64_t address,
    vm_page_info_flavor_t, int *info, mach_msg_type_number_t *count);
kern_return_t kernel_page_range_query(struct task *, uint64_t address,
    uint64_t size, uint64_t dispositions, uint64_t *count);
kern_return_t kernel_make_memory_entry(struct task *, uint64_t *size,
    uint64_t offset, vm_prot_t permission, struct memory_entry **,
    struct memory_entry *parent);
void kernel_memory_entry_release(struct memory_entry *);
/* On a whole object, through its memory entry: message 4900. */
kern_return_t kernel_entry_purgable_control(struct memory_entry *,
    vm_purgable_t control, int *state);
kern_return_t kernel_purgable_control(struct task *, uint64_t address,
    vm_purgable_t control, int *state);

/* A touch of address by user code: shows the page or gives the code of the
 * EXC_BAD_ACCESS. */
kern_return_t kernel_fault(struct task *, uint64_t address, vm_prot_t);

/* A second task that inherits from the first (fork); its pmap is empty. */
struct task *kernel_fork(struct task *parent);
void kernel_task_terminate(struct task *);
/* The first task: map of this flavour, with its image, stack, shared region,
 * comm page and reserved ranges. */
struct task *kernel_bootstrap(const struct rules *);

/* One Darwin-ABI lock over all of the above (shared between processes). */
void kernel_lock(void);
void kernel_unlock(void);

#endif
