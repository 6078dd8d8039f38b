/*
 * Signals of a program of the kit.
 *
 * The model needs SIGSEGV, SIGBUS and SIGSYS itself, so the program's handlers
 * of these are only remembered here, and called for the faults that have no
 * answer but a signal.  That one of them is blocked is kept in the mask of the
 * thread as a real-time signal in its place, so that sigsetjmp() keeps it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "darwin_errno.h"
#include "kit/kit_linux.h"
#include "kit/context_linux.h"
#include "model/calls/exception.h"
#include "model/host/signal.h"
#include "numbers.h"

enum { SIGNALS = 32 };

/* By Darwin's number. */
static struct sigaction actions[SIGNALS];
static stack_t alternate = { .ss_flags = SS_DISABLE };

/* Signals of the model, and what stands for them in a mask; 0: none. */
static int
stand_in(int host)
{
	return host == SIGSEGV ? SIGRTMIN + 4 :
	    host == SIGBUS     ? SIGRTMIN + 5 :
	    host == SIGSYS     ? SIGRTMIN + 6 :
				 0;
}

static const int held[] = { SIGSEGV, SIGBUS, SIGSYS };
#define HELD (sizeof(held) / sizeof(held[0]))

/* A program's mask as the host may have it, and back. */
static sigset_t
to_host(const sigset_t *set)
{
	sigset_t mask = *set;

	for (size_t i = 0; i < HELD; i++)
		if (sigismember(&mask, held[i]) == 1) {
			sigdelset(&mask, held[i]);
			sigaddset(&mask, stand_in(held[i]));
		}
	return mask;
}

static void
to_program(sigset_t *mask)
{
	for (size_t i = 0; i < HELD; i++)
		if (sigismember(mask, stand_in(held[i])) == 1) {
			sigdelset(mask, stand_in(held[i]));
			sigaddset(mask, held[i]);
		}
}

static bool
is_fault(int darwin)
{
	return stand_in(mt_signal_to_host(darwin)) != 0;
}

static bool
has_handler(int darwin)
{
	return (actions[darwin].sa_flags & SA_SIGINFO) != 0 ||
	    (actions[darwin].sa_handler != SIG_DFL &&
		actions[darwin].sa_handler != SIG_IGN);
}

static void
call(int darwin, siginfo_t *info, void *context)
{
	const struct sigaction action = actions[darwin];

	if ((action.sa_flags & (int)SA_RESETHAND) != 0)
		actions[darwin].sa_handler = SIG_DFL;
	if ((action.sa_flags & SA_SIGINFO) != 0)
		action.sa_sigaction(darwin, info, context);
	else
		action.sa_handler(darwin);
}

/* ---- faults ------------------------------------------------------------------- */

/*
 * A fault of the program's; the handler runs on the stack of the model's.  It
 * may end by a jump.  False: the default is to happen.
 */
static bool
deliver(ucontext_t *context, int darwin, int si_code, uint64_t address)
{
	const int host = mt_signal_to_host(darwin);
	struct darwin_context given;
	siginfo_t info = { .si_signo = darwin, .si_code = si_code };
	sigset_t mask, added;

	if (!has_handler(darwin) ||
	    sigismember(&context->uc_sigmask, stand_in(host)) == 1)
		return false;
	info.si_addr = (void *)address;
	context_to_program(&given, context, address);
	mask = context->uc_sigmask;
	added = to_host(&actions[darwin].sa_mask);
	sigorset(&mask, &mask, &added);
	if ((actions[darwin].sa_flags & SA_NODEFER) == 0)
		sigaddset(&mask, stand_in(host));
	given.uc.uc_sigmask = context->uc_sigmask;
	to_program(&given.uc.uc_sigmask);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	call(darwin, &info, &given.uc);
	context_to_host(context, &given);
	return true;
}

void
kit_signals_start(void)
{
	exception_program = deliver;
}

/* ---- the others ---------------------------------------------------------------- */

static void
on_signal(int host, siginfo_t *info, void *context)
{
	const int darwin = mt_signal_to_darwin(host);
	struct darwin_context given;
	int saved = errno;

	info->si_signo = darwin;
	context_to_program(&given, context, 0);
	call(darwin, info, &given.uc);
	errno = saved;
}

int
darwin_sigaction(int darwin, const struct sigaction *new, struct sigaction *old)
{
	struct sigaction action;

	if (darwin <= 0 || darwin >= SIGNALS ||
	    (new != NULL &&
		(darwin == DARWIN_SIGKILL || darwin == DARWIN_SIGSTOP)))
		return kit_fail(DARWIN_EINVAL);
	if (old != NULL)
		*old = actions[darwin];
	if (new == NULL)
		return 0;
	actions[darwin] = *new;
	if (is_fault(darwin))
		return 0;
	action = *new;
	action.sa_mask = to_host(&new->sa_mask);
	if (has_handler(darwin)) {
		host_signals_have_handlers();
		action.sa_sigaction = on_signal;
		action.sa_flags |= SA_SIGINFO;
	}
	return sigaction(mt_signal_to_host(darwin), &action, NULL);
}

/* As BSD's, whose calls go on after it. */
void (*darwin_signal(int darwin, void (*handler)(int)))(int)
{
	struct sigaction new = { .sa_handler = handler,
		.sa_flags = SA_RESTART },
			 old;

	sigemptyset(&new.sa_mask);
	return darwin_sigaction(darwin, &new, &old) == -1 ? SIG_ERR :
							    old.sa_handler;
}

/* Handlers run on the model's stack, whatever the program asks for. */
int
darwin_sigaltstack(const stack_t *new, stack_t *old)
{
	if (old != NULL)
		*old = alternate;
	if (new == NULL)
		return 0;
	if ((new->ss_flags & ~SS_DISABLE) != 0)
		return kit_fail(DARWIN_EINVAL);
	if ((new->ss_flags &SS_DISABLE) == 0 && new->ss_size < 32768)
		return kit_fail(DARWIN_ENOMEM);
	alternate = *new;
	return 0;
}

int
darwin_pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	sigset_t mask, *given = NULL;
	int error;

	if (set != NULL) {
		mask = to_host(set);
		given = &mask;
	}
	error = pthread_sigmask(how, given, old);
	if (error == 0 && old != NULL)
		to_program(old);
	return error;
}

int
darwin_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return darwin_pthread_sigmask(how, set, old) == 0 ?
	    0 :
	    kit_fail(DARWIN_EINVAL);
}

int
darwin_sigaddset(sigset_t *set, int darwin)
{
	return sigaddset(set, mt_signal_to_host(darwin));
}

int
darwin_sigdelset(sigset_t *set, int darwin)
{
	return sigdelset(set, mt_signal_to_host(darwin));
}

int
darwin_sigismember(const sigset_t *set, int darwin)
{
	return sigismember(set, mt_signal_to_host(darwin));
}

/* The faults' signals, sent: the handler is called here. */
int
darwin_raise(int darwin)
{
	siginfo_t info = { .si_signo = darwin };
	struct darwin_context none;

	if (darwin <= 0 || darwin >= SIGNALS || !is_fault(darwin))
		return raise(mt_signal_to_host(darwin));
	if (has_handler(darwin)) {
		memset(&none, 0, sizeof(none));
		none.uc.uc_mcontext = &none.registers;
		call(darwin, &info, &none.uc);
		return 0;
	}
	if ((actions[darwin].sa_flags & SA_SIGINFO) == 0 &&
	    actions[darwin].sa_handler == SIG_IGN)
		return 0;
	host_die(mt_signal_to_host(darwin));
}

int
darwin_kill(pid_t process, int darwin)
{
	return process == getpid() ? darwin_raise(darwin) :
				     kill(process, mt_signal_to_host(darwin));
}

int
darwin_pthread_kill(pthread_t thread, int darwin)
{
	return pthread_equal(thread, pthread_self()) ?
	    darwin_raise(darwin) :
	    pthread_kill(thread, mt_signal_to_host(darwin));
}

/* libc/gen/siglist.c. */
char *
darwin_strsignal(int darwin)
{
	static const char *const names[SIGNALS] = {
		[1] = "Hangup",
		"Interrupt",
		"Quit",
		"Illegal instruction",
		"Trace/BPT trap",
		"Abort trap",
		"EMT trap",
		"Floating point exception",
		"Killed",
		"Bus error",
		"Segmentation fault",
		"Bad system call",
		"Broken pipe",
		"Alarm clock",
		"Terminated",
		"Urgent I/O condition",
		"Suspended (signal)",
		"Suspended",
		"Continued",
		"Child exited",
		"Stopped (tty input)",
		"Stopped (tty output)",
		"I/O possible",
		"Cputime limit exceeded",
		"Filesize limit exceeded",
		"Virtual timer expired",
		"Profiling timer expired",
		"Window size changes",
		"Information request",
		"User defined signal 1",
		"User defined signal 2",
	};
	static char texts[SIGNALS][64];
	static __thread char unknown[64];
	const bool known = darwin > 0 && darwin < SIGNALS;
	char *text = known ? texts[darwin] : unknown;

	if (known)
		snprintf(text, sizeof(unknown), "%s: %d", names[darwin],
		    darwin);
	else
		snprintf(text, sizeof(unknown), "Unknown signal: %d", darwin);
	return text;
}

void
darwin_psignal(int darwin, const char *what)
{
	if (what != NULL && *what != '\0')
		fprintf(stderr, "%s: ", what);
	fprintf(stderr, "%s\n", darwin_strsignal(darwin));
}
