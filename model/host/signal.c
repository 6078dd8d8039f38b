/*
 * Signals of the host: a load, store or jump that it refuses goes to the kernel
 * above, which resolves it or says how the process ends.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/host/signal.h"
#include "model/host/access.h"
#include "model/host/frame.h"

#define STACK_SIZE   (256 * 1024)
#define STACK_ENOUGH (16 * 1024)
#define TRIES_MAX    100000 /* of one access that stays refused */

/* access_*.S */
extern const char host_access_begin[], host_access_end[];
extern const char host_access_fixup[], host_access_execute_fixup[];
long host_access_copy(void *, const void *, size_t);
long host_access_load(uint64_t);
long host_access_store(uint64_t, uint8_t);
long host_access_execute(uint64_t, uint64_t *);

sigset_t host_async_signals;
bool host_handlers_enter;
__thread bool host_in_handler;

static const struct host_fault *kernel_above; /* NULL: none */
static struct sigaction old_segv, old_bus;
static bool is_child;
static __thread bool has_stack;
static __thread volatile uint64_t execute_sp; /* 0: not executing */
static __thread volatile uint64_t refused;    /* host_refused() */
static __thread struct {
	uint64_t pc, address;
	unsigned tries;
} last;

void
host_signal_stack(void)
{
	stack_t stack;

	if (has_stack)
		return;
	has_stack = true;
	if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE) &&
	    stack.ss_size >= STACK_ENOUGH)
		return; /* AddressSanitizer's */
	stack.ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stack.ss_sp == MAP_FAILED)
		host_abort("no signal stack: %s", strerror(errno));
	stack.ss_size = STACK_SIZE;
	stack.ss_flags = 0;
	sigaltstack(&stack, NULL); /* refused while on the old one */
}

void
host_die(int signal)
{
	const struct rlimit none = { 0, 0 };
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t set;

	/* The reservations would make an endless core. */
	setrlimit(RLIMIT_CORE, &none);
	sigaction(signal, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, signal);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), signal);
	host_abort("signal %d did not end the process", signal);
}

/* What the interrupted instruction wanted; false: no page fault. */
static bool
wanted(const ucontext_t *context, vm_prot_t *access)
{
#if defined(__x86_64__)
	uint64_t error = context->uc_mcontext.gregs[REG_ERR];

	*access = error & 16 ? VM_PROT_EXECUTE :
	    error & 2	     ? VM_PROT_READ | VM_PROT_WRITE :
			       VM_PROT_READ;
	return context->uc_mcontext.gregs[REG_TRAPNO] == 14;
#else
	const struct _aarch64_ctx *record = (const void *)
						context->uc_mcontext.__reserved;
	uint64_t esr;

	*access = VM_PROT_READ;
	for (; record->magic != 0;
	     record = (const void *)((const char *)record + record->size))
		if (record->magic == ESR_MAGIC) {
			esr = ((const struct esr_context *)record)->esr;
			if (esr >> 26 == 0x20 || esr >> 26 == 0x21)
				*access = VM_PROT_EXECUTE;
			else if (esr & 1 << 6)
				*access = VM_PROT_READ | VM_PROT_WRITE;
		}
	return true;
#endif
}

/*
 * Nobody here wants it: as if we did not catch it.  A child of the model's is
 * there to die, so its parent sees the signal and no report of a sanitizer.
 */
static void
pass_on(int signal, siginfo_t *info, void *context)
{
	struct sigaction *old = signal == SIGBUS ? &old_bus : &old_segv;
	struct sigaction action = { .sa_handler = SIG_DFL };

	if (is_child && info->si_code > 0)
		host_die(signal);
	if (old->sa_flags & SA_SIGINFO)
		old->sa_sigaction(signal, info, context);
	else if (old->sa_handler != SIG_DFL && old->sa_handler != SIG_IGN)
		old->sa_handler(signal);
	else if (info->si_code <= 0) /* sent: not a fault */
		host_die(signal);
	else
		sigaction(signal, &action, NULL); /* faults again */
}

static void
on_fault(int signal, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	uint64_t pc = CONTEXT_PC(context), address = (uint64_t)info->si_addr;
	enum host_touch touch = TOUCH_PROGRAM;
	bool ours = false, nested = host_in_handler;
	vm_prot_t access;
	int64_t code;
	int saved = errno, delivered;

	if (info->si_code <= 0 || kernel_above == NULL) {
		pass_on(signal, info, context);
		return;
	}
	if (pc >= (uint64_t)host_access_begin && pc < (uint64_t)host_access_end)
		touch = TOUCH_ACCESS;
	else if (execute_sp != 0)
		touch = TOUCH_EXECUTE;
	host_in_handler = true;
	if (!wanted(context, &access) || info->si_code == SI_KERNEL) {
		code = EXC_I386_GPFLT;
		address = 0;
	} else {
		code = kernel_above->resolve(address, access, touch, &ours);
	}
	refused = address;
	host_in_handler = nested;
	errno = saved;

	if (code == KERN_SUCCESS) {
		if (last.pc != pc || last.address != address) {
			last.pc = pc;
			last.address = address;
			last.tries = 0;
		} else if (++last.tries == TRIES_MAX) {
			host_abort("the access to %#lx at %#lx stays refused",
			    address, pc);
		}
	} else if (touch == TOUCH_ACCESS) {
		CONTEXT_RESULT(context) = -code;
		CONTEXT_PC(context) = (uint64_t)host_access_fixup;
	} else if (touch == TOUCH_EXECUTE) {
		CONTEXT_RESULT(context) = -code;
		CONTEXT_PC(context) = (uint64_t)host_access_execute_fixup;
		CONTEXT_SP(context) = execute_sp;
	} else {
		delivered = kernel_above->deliver(context, code, address);
		if (delivered != 0 && ours)
			host_die(delivered);
		if (delivered != 0)
			pass_on(signal, info, context);
	}
}

void
host_fault_catch(const struct host_fault *kernel)
{
	static bool caught;
	struct sigaction action = { .sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK };

	kernel_above = kernel;
	if (caught)
		return;
	caught = true;
	action.sa_mask = host_handler_mask();
	host_signal_stack();
	if (sigaction(SIGSEGV, &action, &old_segv) == -1 ||
	    sigaction(SIGBUS, &action, &old_bus) == -1)
		host_abort("sigaction: %s", strerror(errno));
}

void
host_fault_forked(void)
{
	is_child = true;
}

void
host_signals_boot(void)
{
	sigfillset(&host_async_signals);
	sigdelset(&host_async_signals, SIGSEGV);
	sigdelset(&host_async_signals, SIGBUS);
	sigdelset(&host_async_signals, SIGSYS);
	sigdelset(&host_async_signals, SIGILL);
	sigdelset(&host_async_signals, SIGFPE);
	sigdelset(&host_async_signals, SIGTRAP);
	sigdelset(&host_async_signals, SIGABRT);
}

sigset_t
host_handler_mask(void)
{
	sigset_t none;

	sigemptyset(&none);
	return host_handlers_enter ? host_async_signals : none;
}

void
host_signals_have_handlers(void)
{
	static const int ours[] = { SIGSEGV, SIGBUS, SIGSYS };
	struct sigaction action;

	if (host_handlers_enter)
		return;
	host_handlers_enter = true;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		if (sigaction(ours[i], NULL, &action) == -1)
			host_abort("sigaction: %s", strerror(errno));
		if (!(action.sa_flags & SA_SIGINFO))
			continue; /* not caught yet */
		action.sa_mask = host_async_signals;
		sigaction(ours[i], &action, NULL);
	}
}

/* ---- accesses that do not die -------------------------------------------------- */

bool
host_copyin(uint64_t user, void *kernel, size_t size)
{
	return host_access_copy(kernel, (const void *)user, size) == 0;
}

bool
host_copyout(const void *kernel, uint64_t user, size_t size)
{
	return host_access_copy((void *)user, kernel, size) == 0;
}

long
host_load(uint64_t address)
{
	return host_access_load(address);
}

long
host_store(uint64_t address, uint8_t value)
{
	return host_access_store(address, value);
}

long
host_execute(uint64_t address)
{
	long result;

	/* The stub stores its stack pointer before it jumps. */
	result = host_access_execute(address, (uint64_t *)&execute_sp);
	execute_sp = 0;
	return result;
}

uint64_t
host_refused(void)
{
	return refused;
}
