/*
 * Ways to make a block of pages larger by virtual memory, to copy from.
 *
 * Each takes the block's address and size and the size that it is to have,
 * both multiples of the page size, and returns where it is then, NULL when it
 * could not grow; it is as it was then.  The bytes are kept; what is added is
 * zero.  A block is released as one by vm_deallocate() or munmap(), whichever
 * made it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef EXAMPLES_REALLOC_STRATEGIES_H
#define EXAMPLES_REALLOC_STRATEGIES_H

#include <stddef.h>

/* In place, or not at all. */
void *grow_in_place(void *old, size_t from, size_t to);
/* mmap() with a hint, looked at afterwards; by memcpy() where it is taken. */
void *grow_by_hint(void *old, size_t from, size_t to);
/* Elsewhere, by mach_vm_copy(): no byte is copied until one is written. */
void *grow_by_vm_copy(void *old, size_t from, size_t to);
/* Elsewhere, the same pages: what mremap does. */
void *grow_by_remap(void *old, size_t from, size_t to);
/* Elsewhere, by memcpy(). */
void *grow_by_memcpy(void *old, size_t from, size_t to);
/* mach_vm_reallocate, in place or not: macOS 26.4. */
void *grow_by_reallocate(void *old, size_t from, size_t to);

/* Address space for the largest size that the block may ever have, of which
 * `size` bytes can be used; growing is mprotect() alone.  Released as one. */
void *reserve(size_t largest, size_t size);
void *grow_by_commit(void *old, size_t from, size_t to);

#endif
