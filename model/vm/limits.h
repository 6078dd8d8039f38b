/*
 * Resource limits that the VM enforces; errno in Darwin's numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_LIMITS_H
#define MODEL_VM_LIMITS_H

#include "types.h"

struct task;

/* bsd/sys/resource.h */
enum { LIMIT_DATA = 2, LIMIT_STACK = 3, LIMIT_AS = 5, LIMIT_MEMLOCK = 6 };

/* getrlimit, setrlimit (limits.c): errno; limits are { soft, hard }. */
int kernel_getrlimit(struct task *, unsigned which, uint64_t limits[2]);
int kernel_setrlimit(struct task *, unsigned which, const uint64_t limits[2]);
void kernel_limits_init(struct task *);

#endif
