/*
 * Host memory that follows the model: frames (pages of host memory) and the
 * pmap (which frame each page of a task shows, with what permission).
 *
 * Frames are pages of one sparse memfd.  host_frame_alloc() prefers the frame
 * whose place in the memfd mirrors the virtual address at which it will be
 * shown, so that neighbours make one host mapping.  A page that is not shown
 * is PROT_NONE: the next touch faults into the model (fault.c), which shows
 * it.  So allocating and freeing untouched memory costs no host call.
 *
 * Errors: running out of host memory or of host mappings aborts loudly, or
 * makes the routine answer KERN_RESOURCE_SHORTAGE where nothing was changed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include "vm.h"

#define HOST_NO_FRAME	UINT64_MAX

/* A zeroed frame of the model's page size; hint: address it will show at. */
uint64_t host_frame_alloc(uint64_t hint);
void host_frame_free(uint64_t frame);
/* The kernel's own view of a frame, readable and writable, always valid. */
void *host_frame_data(uint64_t frame);

/* Show frame at [address, +page) of the task with this permission; replaces
 * what was shown there.  address is page aligned. */
void pmap_enter(struct task *, uint64_t address, uint64_t frame, vm_prot_t);
/* Show nothing in [start, end). */
void pmap_remove(struct task *, uint64_t start, uint64_t end);
/* Take permissions that are not in prot from what is shown in [start, end);
 * never adds any.  VM_PROT_NONE removes. */
void pmap_protect(struct task *, uint64_t start, uint64_t end, vm_prot_t);
/* The same for every place in every task that shows frame (reverse map). */
void pmap_page_protect(uint64_t frame, vm_prot_t);

/* Part of the address space in which host memory can be had: the rest of
 * [min, max) is covered by reserved entries at start.  [*start, *end). */
void host_window(uint64_t *start, uint64_t *end);

/* The kernel heap (shared between forked processes; never NULL: aborts). */
void *heap_alloc(size_t);		/* zeroed */
void heap_free(void *, size_t);

/* Copy between user and kernel memory; false when user memory faults.  Called
 * without the lock. */
bool host_copyin(uint64_t user, void *kernel, size_t);
bool host_copyout(const void *kernel, uint64_t user, size_t);

#endif
