/*
 * The life of a process under the model: start, fork, end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_BOOT_H
#define MODEL_CALLS_BOOT_H

struct rules;

/* This process becomes the first task of a kernel with these rules; once. */
void model_boot(const struct rules *);
/* Why the trap instruction cannot be used here; NULL: it can. */
const char *model_no_traps(void);

/* fork(): 0 in the child, its pid, -1.  A plain fork() makes a task, too; only
 * the end of that one goes unnoticed. */
int model_fork(void);
/* A new thread, before it enters the model. */
void model_thread_begins(void);
/* End a process, but not while it is in the kernel. */
void model_kill(int pid);
/* The process with this pid has ended: so does its task. */
void model_reaped(int pid);
/* The calling process's task ends; nothing of the model may be used then. */
void model_end(void);

#endif
