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

#define HOST_NO_FRAME UINT64_MAX

/*
 * Everything that forked processes share lies at one address in all of them:
 * the kernel's view of the frames, what is known of each frame, the heap.
 * host_boot() reserves it and the window; once, before any of the rest and
 * before any fork.  The place is free wherever the host has 47 bits or more:
 * above programs and the allocator of AddressSanitizer, below libraries.
 */
#define HOST_VIEW	UINT64_C(0x680000000000)
#define HOST_VIEW_SIZE	(UINT64_C(2) << 40)
#define HOST_TABLE	(HOST_VIEW + HOST_VIEW_SIZE)
#define HOST_TABLE_SIZE (UINT64_C(32) << 30)
#define HOST_HEAP	(HOST_TABLE + HOST_TABLE_SIZE)
#define HOST_HEAP_SIZE	(UINT64_C(64) << 30)

void host_boot(unsigned page_shift);

/* The model cannot go on: one line on stderr, then abort(). */
void host_abort(const char *what, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* The task that this process is; NULL before it booted. */
extern struct task *host_task;

/* -- frames (host.c) --------------------------------------------------------- */

/* A zeroed frame of the model's page size; hint: address it will show at. */
uint64_t host_frame_alloc(uint64_t hint);
void host_frame_free(uint64_t frame);
/* The kernel's own view of a frame, readable and writable, always valid. */
static inline void *
host_frame_data(uint64_t frame)
{
	extern unsigned host_page_shift;

	return (void *)(HOST_VIEW + (frame << host_page_shift));
}

/* -- the pmap (pmap.c) -------------------------------------------------------
 *
 * The pmap is a cache: what is not shown faults and is shown again, so the
 * model may drop any of it (and does, all at once, when the host has no more
 * mappings).  Only the process that is the task can change what it shows:
 *
 *  - pmap_enter() for the task of another process shows nothing: that process
 *    will fault when it touches the page.
 *  - The others take effect in another process before they return: it gets a
 *    real-time signal, whose handler shows nothing in the ranges and
 *    acknowledges.  A process that has died is not waited for.
 */

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
/* Forget what the task shows: it ends, or its process has ended. */
void pmap_destroy(struct task *);
/* The process has just been forked and is this task now: show nothing. */
void pmap_adopt(struct task *);
/* The frame that the page at address shows, with its permission; HOST_NO_FRAME
 * when none (or forgotten). */
uint64_t pmap_frame(const struct task *, uint64_t address, vm_prot_t *);
/* How many pages the task shows. */
uint64_t pmap_shown(const struct task *);

/* Part of the address space in which host memory can be had: the rest of
 * [min, max) is covered by reserved entries at start.  [*start, *end). */
void host_window(uint64_t *start, uint64_t *end);
/* Nothing of the host's comes to lie at address, which would answer there for
 * the model: its stack grows by a touch.  What is there already stays. */
void host_keep_out(uint64_t address);
/* All of [address, + size) lies in the window. */
bool host_in_window(uint64_t address, uint64_t size);

/* -- the kernel heap (heap.c) ------------------------------------------------
 * Shared between forked processes; called with the lock held; never NULL:
 * aborts. */
void *heap_alloc(size_t); /* zeroed */
void heap_free(void *, size_t);
uint64_t heap_used(void); /* bytes */

/* -- the lock (lock.c) -------------------------------------------------------
 * kernel_lock() and kernel_unlock() are in kernel.h.  Taking it twice aborts,
 * and so does taking it from an owner that died.  Signals other than those of
 * faults and traps wait until it is given back. */
bool kernel_lock_held(void); /* by this thread */
/* Once around a fork: the child does not own what its parent owned. */
void kernel_lock_forked(void);

/* -- user memory (exception.c) -----------------------------------------------
 * Copy between user and kernel memory; false when user memory faults.  User
 * memory is the window and the host's own memory alike.  May be called with
 * the lock held when the map is in order: a fault in the window then runs
 * under the caller's lock. */
bool host_copyin(uint64_t user, void *kernel, size_t);
bool host_copyout(const void *kernel, uint64_t user, size_t);

#endif
