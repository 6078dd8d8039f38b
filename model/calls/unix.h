/*
 * BSD calls: the dispatch table.
 *
 * Arguments are the registers' (trap_arguments() has those of the stack).
 * Called without the lock.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_UNIX_H
#define MODEL_CALLS_UNIX_H

#include "types.h"

struct task;

/* errno in Darwin's numbers; 0: the two values are what the call returns. */
typedef int unix_function(struct task *, const uint64_t *arguments,
    uint64_t *value);

struct unix_entry {
	unix_function *function; /* NULL: there is no such call */
	unsigned arguments;
};

/* By number, as bsd/kern/syscalls.master has them. */
#define UNIX_CALLS 560
extern const struct unix_entry unix_table[UNIX_CALLS];

/* nosys() of bsd/kern/subr_xxx.c: such a number raises SIGSYS besides; enosys(),
 * of calls that are no more, does not. */
bool unix_raises_sigsys(int number);

/* The calls of a program that the model runs (bare/), asked before the table;
 * NULL: none.  UNIX_CALLS entries. */
extern const struct unix_entry *unix_program;

#endif
