/*
 * What the kernel keeps outside any task: one instance in the kernel heap,
 * made by kernel_bootstrap() and inherited by forked processes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_KERNEL_H
#define MODEL_VM_KERNEL_H

#include "model/vm/vm.h"

struct kernel_state {
	const struct rules *rules;
	uint64_t page_size; /* of objects, bytes */
	uint64_t next_object_id;
	LIST_HEAD(, object) volatile_objects;
	LIST_HEAD(, task) tasks;
	LIST_HEAD(, vnode) vnodes; /* files that are mapped, vnode.c */
	void *shared_memory;	   /* model/calls/shm.c */
	/* for tests: what exists now */
	uint64_t object_count, page_count;
};

extern struct kernel_state *kernel;

/* Makes it, or prepares it for another flavour when nothing lives in it. */
void kernel_state_init(const struct rules *);

static inline uint64_t
trunc_object(uint64_t a)
{
	return a & ~(kernel->page_size - 1);
}
static inline uint64_t
round_object(uint64_t a)
{
	return (a + kernel->page_size - 1) & ~(kernel->page_size - 1);
}

#endif
