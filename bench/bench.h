/*
 * Ways to make a block larger, as mach-vm-realloc-bench measures them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

struct strategy {
	const char *name;
	/* A block of size bytes that may become largest; NULL: it cannot. */
	void *(*make)(size_t size, size_t largest);
	/* Where it is then; NULL: it did not grow and is as it was. */
	void *(*grow)(void *, size_t from, size_t to);
	void (*release)(void *, size_t size, size_t largest);
};

/* What is measured on: a kernel, or the model. */
struct target {
	const char *name; /* of the kernel, one line */
	bool model;	  /* times are the model's own, no kernel's */
	size_t page;
	const struct strategy *strategies; /* ended by a name of NULL */
	/* Take the pages there, when nobody has them: true. */
	bool (*occupy)(void *, size_t);
	/* Page faults of this process until now; -1: not counted. */
	long (*faults)(void);
};

struct target target_mach(void);
/* Off macOS: the host's own kernel. */
struct target target_native(void);

#endif
