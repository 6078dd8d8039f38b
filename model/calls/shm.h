/*
 * Shared memory objects: bsd/kern/posix_shm.c.
 *
 * Arguments are the registers', results errno in Darwin's numbers; 0: *value
 * is what the call returns.  Called without the lock.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_SHM_H
#define MODEL_CALLS_SHM_H

#include "model/calls/unix.h"

struct host_file;
struct shm_file;

unix_function shm_call_open, shm_call_unlink;

/* The open shared memory object that a descriptor's file stands for; NULL: it
 * is a file. */
const struct shm_file *shm_of(const struct host_file *);

/* ftruncate(2): once in the life of an object. */
int shm_truncate(struct task *, const struct shm_file *, uint64_t size);

#endif
