/*
 * The trap entry: how the instruction is caught, and what each number does.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_MACH_TRAP_H
#define MODEL_CALLS_MACH_TRAP_H

#include "types.h"

struct task;

/* Catch the trap instructions of the stubs, once a process; NULL, or why they
 * cannot be caught here. */
const char *trap_catch(void);
/* Before that: a program elsewhere, whose instructions count instead of the
 * stubs'.  [start, end) lies between two multiples of 4 GiB. */
void trap_watch(uint64_t start, uint64_t end);
/* In a child and in a new thread: what the host gives to neither. */
void trap_begins(void);

/* What the machine has in its registers at a trap. */
struct trap {
	int number; /* Mach: positive as in the table */
	uint64_t arguments[8];
	uint64_t stack; /* x86_64: address of argument 7, else 0 */
	uint64_t result;
	uint64_t result2; /* BSD: the second value */
};
enum trap_outcome {
	TRAP_DONE,    /* result is the answer */
	TRAP_UNKNOWN, /* EXC_SYSCALL */
};

/* A Mach trap of the current task. */
enum trap_outcome trap_mach(struct trap *);

/* The first `count` arguments of a trap, those of the stack read from there;
 * false: cannot be read. */
bool trap_arguments(const struct trap *, uint64_t *arguments, unsigned count);

/* A BSD call: errno in Darwin's numbers, 0 with result and result2 set when
 * it went through (unix.c). */
int unix_call(struct task *, struct trap *);

#endif
