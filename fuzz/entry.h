/*
 * What libFuzzer calls, for the targets that enter the model: entry.c looks the
 * flavours up once and gives each input to a child of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_ENTRY_H
#define FUZZ_ENTRY_H

#include "input.h"

/* Each target's program defines one. */
extern const struct target {
	/* Once, before the first child; or NULL. */
	void (*prepare)(void);
	/* In the fuzzer's own process: is it worth a child?  NULL: each is. */
	bool (*accepts)(const uint8_t *, size_t);
	/* In the child (child_run()). */
	void (*run)(struct input *);
} target;

#endif
