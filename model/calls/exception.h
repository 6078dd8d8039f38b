/*
 * Exceptions of user code: faults that its map does not resolve.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_EXCEPTION_H
#define MODEL_CALLS_EXCEPTION_H

#include <ucontext.h>

#include "types.h"

/* From now on faults of this process are those of current_task. */
void exception_catch(void);

/* An EXC_BAD_ACCESS of this code becomes SIGSEGV, else SIGBUS: as
 * bsd/uxkern/ux_exception.c and machine_exception() have it. */
bool exception_is_segv(int64_t code);
/* The same for a process's access to address: in the window of its stack a
 * protection failure is SIGSEGV, too. */
bool exception_is_segv_at(int64_t code, uint64_t address);
/* What a handler with SA_SIGINFO finds in si_code, whose numbers are the
 * host's, too. */
int exception_si_code(int64_t code, uint64_t address);

/* A program that the model runs catches its own signals (bare/, kit/): called
 * for what would end the process.  Darwin's numbers of the signal and of its
 * si_code; true: the context goes on elsewhere.  NULL: nobody. */
extern bool (*exception_program)(ucontext_t *, int signal, int si_code,
    uint64_t address);

#endif
