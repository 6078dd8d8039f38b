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

unix_function shm_call_open, shm_call_unlink;

/* A descriptor's file stands for an open shared memory object. */
bool shm_is_open(const struct host_file *);
/* After a descriptor of that one was closed: what close(2) answers. */
int shm_closed(const struct task *, const struct host_file *);

/* fstat(2): what it fills, the rest is 0.  False: the file is no open one. */
struct shm_status {
	uint32_t mode, uid, gid;
	uint64_t size; /* of whole pages */
};
bool shm_stat(const struct host_file *, struct shm_status *);
/* ftruncate(2) of an open one: once in the life of an object. */
int shm_truncate(struct task *, const struct host_file *, uint64_t size);

#endif
