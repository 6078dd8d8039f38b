/*
 * Resource limits that the VM enforces; errno in Darwin's numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_LIMITS_H
#define MODEL_VM_LIMITS_H

#include "types.h"

struct task;

/* getrlimit, setrlimit (limits.c): errno; limits are { soft, hard }. */
int kernel_getrlimit(struct task *, unsigned which, uint64_t limits[2]);
int kernel_setrlimit(struct task *, unsigned which, const uint64_t limits[2]);
void kernel_limits_init(struct task *);

#endif
