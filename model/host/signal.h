/*
 * Signals of the host's process: the stack of handlers, which signals may wait
 * until a kernel call is over, and faults, which go to the kernel above.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_SIGNAL_H
#define MODEL_HOST_SIGNAL_H

#include <signal.h>
#include <ucontext.h>

#include "types.h"

/* Signals that may wait until a kernel call is over. */
extern sigset_t host_async_signals;
/* The program has handlers for some of them, which may enter the kernel. */
extern bool host_handlers_enter;
/* This thread runs a signal handler of ours, which blocks those. */
extern __thread bool host_in_handler;

/* Fills host_async_signals; once a process. */
void host_signals_boot(void);

/*
 * Before a program has a handler for any of host_async_signals: from now on
 * they wait while a thread is inside the kernel.  Without, they end the process
 * wherever it is, and a call costs two of the host's less.
 */
void host_signals_have_handlers(void);

/* What a handler of ours blocks. */
sigset_t host_handler_mask(void);

/* Give the calling thread a stack for signal handlers unless it has one. */
void host_signal_stack(void);

/* End the process by this signal of the host's. */
void host_die(int signal) __attribute__((noreturn));

/* How memory was touched. */
enum host_touch {
	TOUCH_PROGRAM, /* by an instruction of the program's */
	TOUCH_ACCESS,  /* by one of access.h, which fails instead of dying */
	TOUCH_EXECUTE, /* by host_execute() */
};

/* The code that stands for an exception without an address. */
#define EXC_I386_GPFLT 13

/* What a fault means, as the kernel above has it. */
struct host_fault {
	/*
	 * Make address accessible: KERN_SUCCESS, else the code of the
	 * EXC_BAD_ACCESS.  *ours: the address is one that the model answers
	 * for.  Not asked for exceptions without an address.
	 */
	int64_t (*resolve)(uint64_t address, vm_prot_t access, enum host_touch,
	    bool *ours);
	/*
	 * The signal of the host's that the program gets for it; 0: the
	 * context goes on elsewhere.
	 */
	int (*deliver)(ucontext_t *, int64_t code, uint64_t address);
};

/* Catch SIGSEGV and SIGBUS for this kernel; NULL: it has ended. */
void host_fault_catch(const struct host_fault *);
/* In a child: nobody is to see more of its death than the signal. */
void host_fault_forked(void);

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
