/*
 * The BSD calls that the bare image makes, on the host, and its signals.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include "calls_linux.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "darwin_errno.h"
#include "model/calls/boot.h"
#include "model/calls/file.h"
#include "model/calls/unix.h"
#include "model/host/access.h"
#include "model/host/signal.h"
#include "numbers.h"
#include "system.h"

#define ARGUMENTS 8 /* of a program, at most */

static const char *image_path, *release;

/* ---- processes and files ----------------------------------------------------- */

static int
call_exit(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	(void)value;
	model_end();
	_exit((int)a[0]);
}

/* The child is told by the second value, which unix_call() takes from
 * value[1]. */
static int
call_fork(struct task *task, const uint64_t *a, uint64_t *value)
{
	int pid = model_fork();

	(void)task;
	(void)a;
	if (pid == -1)
		return DARWIN_EAGAIN;
	value[0] = pid == 0 ? (uint64_t)getppid() : (uint64_t)pid;
	value[1] = pid == 0;
	return 0;
}

static int
call_write(struct task *task, const uint64_t *a, uint64_t *value)
{
	char piece[4096];
	size_t size = a[2] < sizeof(piece) ? a[2] : sizeof(piece);
	ssize_t n;

	(void)task;
	if (!host_copyin(a[1], piece, size))
		return DARWIN_EFAULT;
	if ((n = write((int)a[0], piece, size)) == -1)
		return mt_errno_to_darwin(errno);
	*value = (uint64_t)n;
	return 0;
}

/* The root has /dev alone, as that of a kernel which is booted with the image
 * has; the console is standard output. */
static int
call_open(struct task *task, const uint64_t *a, uint64_t *value)
{
	char path[16];
	int fd;

	if (file_name(a[0], path, sizeof(path)) != 0 ||
	    strncmp(path, "/dev", 4) != 0)
		return 2; /* ENOENT */
	if (strcmp(path, "/dev/console") != 0)
		return file_open(task, a, value);
	if ((fd = dup(STDOUT_FILENO)) == -1)
		return mt_errno_to_darwin(errno);
	*value = (uint64_t)fd;
	return 0;
}

static int
call_wait4(struct task *task, const uint64_t *a, uint64_t *value)
{
	int status = 0, pid;

	(void)task;
	pid = waitpid((pid_t)(int)a[0], &status, (a[2] & 1) != 0 ? WNOHANG : 0);
	if (pid == -1)
		return mt_errno_to_darwin(errno);
	*value = (uint64_t)pid;
	if (pid == 0)
		return 0;
	model_reaped(pid);
	status = mt_status_to_darwin(status);
	return a[1] == 0 || host_copyout(&status, a[1], sizeof(status)) ?
	    0 :
	    DARWIN_EFAULT;
}

static int
call_kill(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	model_kill((int)a[0]);
	*value = 0;
	return 0;
}

/* This program again, with the image and its arguments: the image is the only
 * file that there is. */
static int
call_execve(struct task *task, const uint64_t *a, uint64_t *value)
{
	char *argv[ARGUMENTS + 8];
	static char text[ARGUMENTS][256];
	uint64_t at[ARGUMENTS + 1];
	sigset_t none;
	unsigned n = 0;

	(void)task;
	(void)value;
	argv[n++] = (char *)(uintptr_t) "mach-vm-bare-run";
	if (release != NULL) {
		argv[n++] = (char *)(uintptr_t) "--release";
		argv[n++] = (char *)(uintptr_t)release;
	}
	argv[n++] = (char *)(uintptr_t) "--";
	argv[n++] = (char *)(uintptr_t)image_path;
	for (unsigned i = 0;; i++) {
		if (!host_copyin(a[1] + i * sizeof(*at), &at[i], sizeof(*at)))
			return DARWIN_EFAULT;
		if (at[i] == 0)
			break;
		if (i == ARGUMENTS)
			return 7; /* E2BIG */
		if (i == 0)
			continue; /* its name */
		for (size_t k = 0; k < sizeof(*text); k++) {
			if (!host_copyin(at[i] + k, &text[i - 1][k], 1))
				return DARWIN_EFAULT;
			if (text[i - 1][k] == '\0')
				break;
		}
		text[i - 1][sizeof(*text) - 1] = '\0';
		argv[n++] = text[i - 1];
	}
	argv[n] = NULL;
	model_end();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", argv);
	_exit(127);
}

/* struct sigaltstack: address, size, flags. */
static struct {
	uint64_t address, size;
	uint32_t flags, pad;
} signal_stack;
static bool on_signal_stack;

static int
call_sigaltstack(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	*value = 0;
	return a[0] == 0 ||
		host_copyin(a[0], &signal_stack, sizeof(signal_stack)) ?
	    0 :
	    DARWIN_EFAULT;
}

/* struct __sigaction: handler, trampoline, mask, flags. */
struct darwin_action {
	uint64_t handler, trampoline;
	uint32_t mask, flags;
};
static struct darwin_action actions[32];

static int
call_sigaction(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	*value = 0;
	if (a[0] == 0 || a[0] >= 32)
		return DARWIN_EINVAL;
	return a[1] == 0 ||
		host_copyin(a[1], &actions[a[0]], sizeof(*actions)) ?
	    0 :
	    DARWIN_EFAULT;
}

/* Either to say that the handler's stack is left, or after the action has
 * become the default one: the instruction faults again and the process ends by
 * it. */
#define RESET_ALT_STACK 0x80000000u
static int last_signal;

static int
call_sigreturn(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	*value = 0;
	if ((uint32_t)a[1] == RESET_ALT_STACK) {
		on_signal_stack = false;
		return 0;
	}
	host_die(mt_signal_to_host(last_signal));
}

/* To sleep, as the image uses it: no descriptors. */
static int
call_select(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct {
		int64_t seconds;
		int32_t microseconds, pad;
	} t;
	struct timespec pause;

	(void)task;
	*value = 0;
	if (!host_copyin(a[4], &t, sizeof(t)))
		return DARWIN_EFAULT;
	pause.tv_sec = t.seconds;
	pause.tv_nsec = t.microseconds * 1000L;
	nanosleep(&pause, NULL);
	return 0;
}

static int
call_gettimeofday(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct timeval now;
	struct {
		int64_t seconds;
		int32_t microseconds, pad;
	} t = { 0, 0, 0 };

	(void)task;
	*value = 0;
	gettimeofday(&now, NULL);
	t.seconds = now.tv_sec;
	t.microseconds = (int32_t)now.tv_usec;
	return host_copyout(&t, a[0], sizeof(t)) ? 0 : DARWIN_EFAULT;
}

/* ---- sysctl ------------------------------------------------------------------ */

static char names[8][64]; /* asked by name; their number is 100 + i */

static int
give(const uint64_t *a, const void *from, size_t size)
{
	uint64_t room;

	if (a[3] == 0 || !host_copyin(a[3], &room, sizeof(room)))
		return DARWIN_EFAULT;
	if (room < size)
		return DARWIN_ENOMEM;
	room = size;
	return host_copyout(from, a[2], size) &&
		host_copyout(&room, a[3], sizeof(room)) ?
	    0 :
	    DARWIN_EFAULT;
}

static int
name_to_number(const uint64_t *a)
{
	static unsigned next;
	char *name = names[next % 8];
	int mib[2] = { 100, (int)(next % 8) };
	size_t size = a[5] < sizeof(names[0]) - 1 ? a[5] : sizeof(names[0]) - 1;
	uint64_t value;

	memset(name, 0, sizeof(names[0]));
	if (!host_copyin(a[4], name, size))
		return DARWIN_EFAULT;
	if (!mt_sysctl(name, &value))
		return 2; /* ENOENT */
	next++;
	return give(a, mib, sizeof(mib));
}

static int
call_sysctl(struct task *task, const uint64_t *a, uint64_t *value)
{
	/* bare/system.c reads the release back from it */
	const char *darwin = mt_release_darwin(mt_system()->release);
	int mib[2];
	uint64_t number = 0;
	uint32_t small;

	(void)task;
	*value = 0;
	if (a[1] < 2 || !host_copyin(a[0], mib, sizeof(mib)))
		return DARWIN_EFAULT;
	if (mib[0] == 0 && mib[1] == 3)
		return name_to_number(a);
	if (mib[0] == 1 && mib[1] == 2)
		return give(a, darwin, strlen(darwin) + 1);
	if (mib[0] == 1 && mib[1] == 4)
		return give(a, mt_system()->kernel,
		    strlen(mt_system()->kernel) + 1);
	if (mib[0] == 1 && mib[1] == 65)
		return give(a, "", 1);
	if (mib[0] == 6 && mib[1] == 7) {
		small = (uint32_t)mt_system()->page;
		return give(a, &small, sizeof(small));
	}
	if (mib[0] == 100 && mib[1] >= 0 && mib[1] < 8 &&
	    mt_sysctl(names[mib[1]], &number))
		return give(a, &number, sizeof(number));
	return 2;
}

const struct unix_entry calls_of_image[UNIX_CALLS] = {
	[1] = { call_exit, 1 },
	[2] = { call_fork, 0 },
	[4] = { call_write, 3 },
	[5] = { call_open, 3 },
	[7] = { call_wait4, 4 },
	[37] = { call_kill, 3 },
	[46] = { call_sigaction, 3 },
	[53] = { call_sigaltstack, 2 },
	[59] = { call_execve, 3 },
	[93] = { call_select, 5 },
	[116] = { call_gettimeofday, 3 },
	[184] = { call_sigreturn, 3 },
	[202] = { call_sysctl, 6 },
};

/* ---- signals ----------------------------------------------------------------- */

/* Where the program goes on after a signal, with what in its registers. */
struct landing {
	uint64_t handler, style, signal, info, context, token;
	uint64_t stack, trampoline;
};

static void
enter(ucontext_t *context, const struct landing *e)
{
#if defined(__x86_64__)
	greg_t *r = context->uc_mcontext.gregs;

	r[REG_RDI] = (greg_t)e->handler;
	r[REG_RSI] = (greg_t)e->style;
	r[REG_RDX] = (greg_t)e->signal;
	r[REG_RCX] = (greg_t)e->info;
	r[REG_R8] = (greg_t)e->context;
	r[REG_R9] = (greg_t)e->token;
	r[REG_RSP] = (greg_t)(e->stack - 8);
	r[REG_RIP] = (greg_t)e->trampoline;
#else
	mcontext_t *m = &context->uc_mcontext;

	memcpy(m->regs, e, 6 * sizeof(uint64_t));
	m->sp = e->stack;
	m->pc = e->trampoline;
#endif
}

bool
calls_deliver(ucontext_t *context, int signal, int si_code, uint64_t address)
{
	const struct darwin_action *action = &actions[signal];
	/* siginfo_t has the code third: number, errno, code */
	struct {
		int32_t number, error, code, pid, uid, status;
		uint64_t address;
		uint64_t rest[8];
	} info = { .number = signal, .code = si_code, .address = address };
	uint64_t top = (uint64_t)CONTEXT_SP(context), stack;
	bool alternate = (action->flags & 1) != 0 && signal_stack.size != 0 &&
	    !on_signal_stack;

	if (alternate)
		top = signal_stack.address + signal_stack.size;
	stack = (top - 128 - sizeof(info)) & ~UINT64_C(15);
	last_signal = signal;
	if (action->handler <= 1 || !host_copyout(&info, stack, sizeof(info)))
		return false;
	on_signal_stack |= alternate;
	enter(context,
	    &(struct landing){ action->handler, 1, (uint64_t)signal, stack,
		stack, 0, stack, action->trampoline });
	return true;
}
void
calls_executed_as(const char *path, const char *as_release)
{
	image_path = path;
	release = as_release;
}
