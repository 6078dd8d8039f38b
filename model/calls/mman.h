/*
 * The BSD calls on memory: bsd/kern/kern_mman.c and posix_shm.c.
 *
 * Arguments are the registers', results errno in Darwin's numbers; 0: *value
 * is what the call returns.  Called without the lock.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_MMAN_H
#define MODEL_CALLS_MMAN_H

#include "model/calls/unix.h"

unix_function mman_mmap, mman_munmap, mman_mprotect, mman_minherit;
unix_function mman_madvise, mman_mincore, mman_msync;
unix_function mman_mlock, mman_munlock, mman_no_call;

#endif
