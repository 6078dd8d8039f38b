/*
 * Host memory: what is reserved at start, the window of the address space in
 * which the model can show memory, and frames, the pages of one sparse memfd.
 *
 * host_frame_alloc() prefers the frame whose place in the memfd mirrors the
 * virtual address at which it will be shown, so that neighbours make one host
 * mapping.  Running out of host memory or mappings aborts loudly.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_FRAME_H
#define MODEL_HOST_FRAME_H

#include "types.h"

#define HOST_NO_FRAME UINT64_MAX

/*
 * Everything that forked processes share lies at one address in all of them:
 * the kernel's view of the frames, what is known of each frame, the heap.
 * host_boot() reserves it and the window; once, before any of the rest and
 * before any fork.  The place is free wherever the host has 47 bits or more:
 * above programs and the allocator of AddressSanitizer, below libraries.
 *
 * ThreadSanitizer lets a program have memory in a few places alone: below
 * 0x8000000000, and above 0x7e8000000000, where libraries and stacks take the
 * upper part.
 */
#if defined(__SANITIZE_THREAD__)
#define HOST_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HOST_THREAD_SANITIZER
#endif
#endif

#ifdef HOST_THREAD_SANITIZER
#define HOST_VIEW      UINT64_C(0x7e8000000000)
#define HOST_VIEW_SIZE (UINT64_C(256) << 30)
#else
#define HOST_VIEW      UINT64_C(0x680000000000)
#define HOST_VIEW_SIZE (UINT64_C(2) << 40)
#endif
#define HOST_TABLE	(HOST_VIEW + HOST_VIEW_SIZE)
#define HOST_TABLE_SIZE (UINT64_C(32) << 30)
#define HOST_HEAP	(HOST_TABLE + HOST_TABLE_SIZE)
#define HOST_HEAP_SIZE	(UINT64_C(64) << 30)

extern unsigned host_page_shift; /* of the model */
#define HOST_PAGE (UINT64_C(1) << host_page_shift)

void host_boot(unsigned page_shift);

/* The model cannot go on: one line on stderr, then abort(). */
void host_abort(const char *what, ...)
    __attribute__((noreturn, format(printf, 1, 2)));

/* A zeroed frame of the model's page size; hint: address it will show at. */
uint64_t host_frame_alloc(uint64_t hint);
void host_frame_free(uint64_t frame);

/* The kernel's own view of a frame, readable and writable until it is freed. */
void *host_frame_data(uint64_t frame);

/* Every byte of a frame, as soon as somebody looks: most that a process begins
 * with nobody ever does. */
void host_frame_fill(uint64_t frame, uint8_t byte);

/* The same with a page that stays where it is, in every process that shows the
 * frame. */
void host_frame_load(uint64_t frame, const void *page);

/* Part of the address space in which host memory can be had: the rest of
 * [min, max) is covered by reserved entries at start.  [*start, *end). */
void host_window(uint64_t *start, uint64_t *end);

/* Reserve [start, end), so that the host's stack cannot grow into it and answer
 * there for the model.  What is there already stays. */
void host_keep_out(uint64_t start, uint64_t end);

/* All of [address, + size) lies in the window. */
bool host_in_window(uint64_t address, uint64_t size);

/* Show frame at [address, + page) of this process for good, read-only or
 * executable (PROT_*).  replace: whatever is there; else false when the place
 * is taken. */
bool host_frame_show(uint64_t address, uint64_t frame, int protection,
    bool replace);

#endif
