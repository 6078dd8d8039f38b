/*
 * The one lock over the state of the model, shared between the processes that
 * forked from the first.  Taking it twice aborts, and so does taking it from an
 * owner that died.  Signals other than those of faults and traps wait until
 * it is given back.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_LOCK_H
#define MODEL_HOST_LOCK_H

#include "types.h"

void kernel_lock(void);
void kernel_unlock(void);
bool kernel_lock_held(void); /* by this thread */
/* Before the first fork, with the lock held: others may want it from here on. */
void kernel_lock_forks(void);
/* Once around a fork: the child does not own what its parent owned. */
void kernel_lock_forked(void);

/* This thread's id, without a system call. */
uint32_t host_thread_id(void);

/* The letter that /proc/<id>/stat has, of a process or thread: Z zombie, T
 * stopped...; '\0': nobody. */
char host_process_state(int id);

#endif
