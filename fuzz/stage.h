/*
 * A fresh task of the model for one input: some memory in its arena, a buffer
 * outside of its map, and values to call it with.
 *
 * An argument is a byte that says what it is and what that takes of the input
 * (stage_value()), so that a small change of the input is a small change of the
 * call, and few bytes are a sensible one.  What is called with it may not reach
 * the fuzzer's own memory, in which the model runs: the model's copies from and
 * to user memory there fail (stage.c).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_STAGE_H
#define FUZZ_STAGE_H

#include "input.h"
#include "types.h"

enum {
	STAGE_PAGES = 64,	 /* of the arena */
	STAGE_BUFFER = 64 << 10, /* bytes; nothing on either side */
	STAGE_CALLS = 64,	 /* of one input, at most */
	STAGE_WIRED = 16 << 20,	 /* bytes: all of its pages are looked at */
};

extern uint64_t stage_page, stage_arena, stage_buffer;

/* Looks up the flavours, which takes long: once, before the first child. */
void stage_prepare(void);
/* This process becomes a task of the kernel that the first byte chooses. */
void stage_set(struct input *);
/* The task wires no more than STAGE_WIRED, whatever limit a call gave it. */
void stage_limit(void);

/* An argument of any kind; the address of bytes, mostly of the buffer. */
uint64_t stage_value(struct input *);
uint64_t stage_pointer(struct input *);
/* The last eight of these are among the values. */
void stage_saw(uint64_t);
/* A load or a store in the arena, or a value put into the buffer. */
void stage_touch(struct input *);

/* After the calls: is the map in order, does everything go with the task?
 * Aborts if not. */
void stage_judge(void);

#endif
