/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

#define CPU_SECONDS 10
#define SECONDS	    60 /* asleep, or the machine is busy */

const char *const child_files[3] = { "a", "b", "c" };

/* ---- what was covered -------------------------------------------------------- */

/* The counters that clang puts beside the code: one byte an edge. */
extern uint8_t __start___sancov_cntrs[] __attribute__((visibility("hidden")));
extern uint8_t __stop___sancov_cntrs[] __attribute__((visibility("hidden")));

/* What a child leaves for its parent. */
static struct left {
	int signal;	    /* by which it is about to end; 0: by none */
	uint8_t counters[]; /* as many as above */
} * left;

static size_t
counters(void)
{
	return (size_t)(__stop___sancov_cntrs - __start___sancov_cntrs);
}

static void
leave(int signal)
{
	left->signal = signal;
	memcpy(left->counters, __start___sancov_cntrs, counters());
}

static void
collect(void)
{
	for (size_t i = 0; i < counters(); i++)
		__start___sancov_cntrs[i] |= left->counters[i];
}

/* The model ends its process: linked with --wrap=host_die. */
void __real_host_die(int signal) __attribute__((noreturn));
void __wrap_host_die(int signal) __attribute__((noreturn));

void
__wrap_host_die(int signal)
{
	if (left != NULL)
		leave(signal);
	__real_host_die(signal);
}

/* What a child has not freed is nobody's leak. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_leaks=0:allocator_may_return_null=1";
}

/* ---- the child ------------------------------------------------------------------ */

static char folder[256];

static void
prepare(void)
{
	const char *tmp = getenv("TMPDIR");
	size_t size = sizeof(*left) + counters();

	left = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (left == MAP_FAILED)
		err(2, "mmap");
	if (snprintf(folder, sizeof(folder), "%s/fuzz.%d",
		tmp != NULL ? tmp : "/tmp", getpid()) >= (int)sizeof(folder))
		errx(2, "TMPDIR is too long");
}

static void
clean(void)
{
	char path[sizeof(folder) + 8];

	for (unsigned i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, child_files[i]);
		(void)unlink(path);
	}
	(void)rmdir(folder);
}

/* host_abort() and the like: libFuzzer's handler is the parent's, too. */
static void
on_abort(int signal)
{
	(void)signal;
	__sanitizer_print_stack_trace();
	_exit(1);
}

static void __attribute__((noreturn))
child(struct input *in, void (*body)(struct input *))
{
	const struct rlimit cpu = { CPU_SECONDS, CPU_SECONDS };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	__sanitizer_set_death_callback(NULL); /* libFuzzer's is the parent's */
	signal(SIGABRT, on_abort);
	signal(SIGALRM, SIG_DFL);
	alarm(SECONDS);
	setrlimit(RLIMIT_CPU, &cpu); /* the lock holds signals back */
	syscall(SYS_close_range, 3, ~0U, 0);
	if (chdir(folder) == -1)
		err(2, "%s", folder);
	body(in);
	leave(0);
	_exit(0);
}

static void
judge(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	if (WIFSIGNALED(status) && WTERMSIG(status) == left->signal)
		return;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		warnx("the input took longer than %d seconds", SECONDS);
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		warnx("the input took %d seconds of the processor",
		    CPU_SECONDS);
	else if (WIFSIGNALED(status))
		warnx("the child died of signal %d", WTERMSIG(status));
	else
		warnx("the child exited with %d", WEXITSTATUS(status));
	abort();
}

void
child_run(const uint8_t *data, size_t size, void (*body)(struct input *))
{
	struct input in = { data, data + size };
	int pid, status;

	if (left == NULL)
		prepare();
	left->signal = 0;
	if (mkdir(folder, 0700) == -1)
		err(2, "%s", folder);
	if ((pid = fork()) == -1)
		err(2, "fork");
	if (pid == 0)
		child(&in, body);
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			err(2, "waitpid");
	clean();
	if (left->signal != 0 || status == 0)
		collect();
	judge(status);
}
