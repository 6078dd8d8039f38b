/*
 * Tasks: the first, those that fork, and their end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_TASK_H
#define MODEL_VM_TASK_H

struct rules;
struct task;

/* The task that this process is; NULL before it booted. */
extern struct task *current_task;

/* A second task that inherits from the first (fork); its pmap is empty. */
struct task *kernel_fork(struct task *parent);
void kernel_task_terminate(struct task *);

/* The first task: map of this flavour, with its image, stack, shared region,
 * comm page and reserved ranges. */
struct task *kernel_bootstrap(const struct rules *);

#endif
