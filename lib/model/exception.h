/*
 * Faults and other exceptions of user code.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_EXCEPTION_H
#define MODEL_EXCEPTION_H

#include <ucontext.h>

#include "vm.h"

/* Catch SIGSEGV and SIGBUS; once a process. */
void exception_catch(void);
/* In a child. */
void exception_forked(void);

/* Give the calling thread a stack for signal handlers unless it has one. */
void exception_stack(void);

/* End the process by this signal of the host's. */
void exception_die(int signal) __attribute__((noreturn));

/* An EXC_BAD_ACCESS of this code becomes SIGSEGV, else SIGBUS: as
 * bsd/uxkern/ux_exception.c and machine_exception() have it. */
bool exception_is_segv(int64_t code);
/* The same for a process's access to address: in the window of its stack a
 * protection failure is SIGSEGV, too. */
bool exception_is_segv_at(int64_t code, uint64_t address);
#define EXC_I386_GPFLT 13

/* A program that the model runs catches its own signals (bare/): called for
 * what would end the process.  Darwin's number of the signal; true: the context
 * goes on elsewhere.  NULL: nobody. */
extern bool (*exception_program)(ucontext_t *, int signal, uint64_t address);

/* Touch one byte; the negated code of the EXC_BAD_ACCESS, else 0 or the byte
 * (load).  execute calls the address.  Never dies. */
long exception_load(uint64_t address);
long exception_store(uint64_t address, uint8_t value);
long exception_execute(uint64_t address);

/* Registers of an interrupted context. */
#if defined(__x86_64__)
#define CONTEXT_PC(uc_)	    ((uc_)->uc_mcontext.gregs[REG_RIP])
#define CONTEXT_SP(uc_)	    ((uc_)->uc_mcontext.gregs[REG_RSP])
#define CONTEXT_RESULT(uc_) ((uc_)->uc_mcontext.gregs[REG_RAX])
#else
#define CONTEXT_PC(uc_)	    ((uc_)->uc_mcontext.pc)
#define CONTEXT_SP(uc_)	    ((uc_)->uc_mcontext.sp)
#define CONTEXT_RESULT(uc_) ((uc_)->uc_mcontext.regs[0])
#endif

#endif
