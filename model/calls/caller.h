/*
 * The routines that move bytes between a target's map and its caller's, as
 * libSystem and the MIG servers share them.  What the caller keeps outside
 * the model's map is staged (stage.h).  Called with the lock held; caller is
 * the task of this process.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_CALLER_H
#define MODEL_CALLS_CALLER_H

#include "types.h"

struct mach_vm_read_entry;
struct task;

struct copy;

/* MACH_RCV_BODY_ERROR with MACH_MSG_VM_SPACE: no room for what was read. */
kern_return_t caller_read(struct task *target, struct task *caller,
    uint64_t address, uint64_t size, uint64_t *data);
/* Every range is tried; the last one's answer is the routine's.  A range that
 * fails, or is empty, becomes address 0, size 0.  osfmk/vm/vm_user.c. */
kern_return_t caller_read_list(struct task *target, struct task *caller,
    struct mach_vm_read_entry *list, natural_t count);
kern_return_t caller_read_overwrite(struct task *target, struct task *caller,
    uint64_t address, uint64_t size, uint64_t data, uint64_t *out_size);
/* What a message takes out of its sender's memory, NULL for no bytes. */
mach_msg_return_t caller_copyin(struct task *caller, uint64_t address,
    uint64_t size, bool deallocate, struct copy **);
/* The copy is used up when this succeeds, else it is left as it was. */
kern_return_t caller_write(struct task *target, struct task *caller,
    uint64_t address, struct copy *, uint32_t size);
kern_return_t caller_copy(struct task *target, struct task *caller,
    uint64_t source, uint64_t size, uint64_t destination);
kern_return_t caller_page_range_query(struct task *target, struct task *caller,
    uint64_t address, uint64_t size, uint64_t dispositions, uint64_t *count);
/*
 * Unmapping the running text is fatal: the next instruction fetch faults.  The
 * program that runs here lies outside the map, so the process ends at once.
 */
kern_return_t caller_deallocate(struct task *target, struct task *caller,
    uint64_t address, uint64_t size);

#endif
