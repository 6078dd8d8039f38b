/*
 * Files replayed in child processes.
 *
 * A child holds the writing end of a pipe and never writes: its end is how
 * the parent learns of the child's.  The tally is in shared memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "jobs.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct job {
	const char *path;
	struct tally *tally;
	FILE *out; /* what it prints; NULL: not started */
	pid_t pid; /* 0: not running */
	int pipe;
	uint64_t seen; /* progress when last looked at */
	int64_t since; /* and when that was, in seconds */
	bool ended, printed;
	int status;
};

struct state {
	struct job *job;
	int count, running, next, printed;
	const struct jobs_options *options;
	int (*replay)(const char *, struct tally *, FILE *);
	int64_t reported; /* progress, in seconds */
	bool on_terminal, shown;
};

static int64_t
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void
fatal(const char *what)
{
	fprintf(stderr, "mach-vm-replay: %s: %s\n", what, strerror(errno));
	exit(STATUS_BAD);
}

/* ---- one child ---------------------------------------------------------- */

static void
start(struct state *s, struct job *j)
{
	int ends[2];

	if (pipe(ends) != 0)
		fatal("pipe");
	if (j->out == NULL) {
		/* the only one that runs prints for itself */
		j->out = s->options->at_a_time == 1 ? stdout : tmpfile();
		if (j->out == NULL)
			fatal("temporary file");
	}
	fflush(NULL);
	j->pid = fork();
	if (j->pid == -1)
		fatal("fork");
	if (j->pid == 0) {
		close(ends[0]);
		for (int i = 0; i < s->count; i++)
			if (s->job[i].pid > 0)
				close(s->job[i].pipe);
		int status = s->replay(j->path, j->tally, j->out);
		fflush(NULL);
		_exit(status);
	}
	close(ends[1]);
	j->pipe = ends[0];
	j->seen = 0;
	j->since = seconds_now();
	s->running++;
}

static void
died(struct job *j, int status)
{
	if (j->tally->started == 0) {
		fprintf(j->out,
		    "%s: the replay died before its first call "
		    "(signal %d)\n",
		    j->path, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
		j->status = STATUS_BAD;
		return;
	}
	fprintf(j->out,
	    "%s:%d: sequence %" PRIu64 ": the replay died of "
	    "signal %d%s\n",
	    j->path, j->tally->line, j->tally->id,
	    WIFSIGNALED(status) ? WTERMSIG(status) : 0,
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ?
		": the call did not return" :
		"");
	j->tally->differ++;
	j->tally->plain++;
	j->status = STATUS_DIFFERS;
}

/* The child of j has ended: collect it, and go on behind a deadly sequence. */
static void
collect(struct state *s, struct job *j)
{
	int status;

	close(j->pipe);
	while (waitpid(j->pid, &status, 0) == -1)
		if (errno != EINTR)
			fatal("wait");
	j->pid = 0;
	s->running--;
	if (WIFEXITED(status) && WEXITSTATUS(status) <= STATUS_BAD) {
		if (WEXITSTATUS(status) > j->status)
			j->status = WEXITSTATUS(status);
		j->ended = true;
		return;
	}
	died(j, status);
	if (j->status == STATUS_BAD)
		j->ended = true;
	else
		start(s, j);
}

/* ---- progress ----------------------------------------------------------- */

static void
show_progress(struct state *s)
{
	struct tally total = { .sequences = 0 };
	int ended = 0;
	int64_t now = seconds_now();

	if (!s->options->progress ||
	    (!s->on_terminal && now - s->reported < 10))
		return;
	s->reported = now;
	for (int i = 0; i < s->count; i++) {
		tally_add(&total, s->job[i].tally);
		ended += s->job[i].ended;
	}
	fprintf(stderr,
	    "%s%d of %d files, %" PRIu64 " sequences, %" PRIu64
	    " calls, %" PRIu64 " differ%s",
	    s->on_terminal ? "\r" : "", ended, s->count, total.sequences,
	    total.calls, total.differ, s->on_terminal ? "\033[K" : "\n");
	fflush(stderr);
	s->shown = true;
}

static void
hide_progress(struct state *s)
{
	if (s->shown && s->on_terminal)
		fputs("\r\033[K", stderr);
	s->shown = false;
}

/* ---- all of them -------------------------------------------------------- */

static void
print_ended(struct state *s)
{
	for (; s->printed < s->count && s->job[s->printed].ended;
	     s->printed++) {
		struct job *j = &s->job[s->printed];
		char buffer[4096];
		size_t n;

		if (j->out == stdout)
			continue;
		hide_progress(s);
		rewind(j->out);
		while ((n = fread(buffer, 1, sizeof(buffer), j->out)) > 0)
			fwrite(buffer, 1, n, stdout);
		fclose(j->out);
		fflush(stdout);
	}
}

static void
end_hung(const struct state *s, struct job *j)
{
	uint64_t seen = j->tally->calls + j->tally->started;

	if (seen != j->seen) {
		j->seen = seen;
		j->since = seconds_now();
	} else if (seconds_now() - j->since > s->options->seconds) {
		kill(j->pid, SIGKILL);
	}
}

static void
wait_for_some(struct state *s)
{
	struct pollfd *p = calloc((size_t)s->count, sizeof(*p));
	int *of = calloc((size_t)s->count, sizeof(*of)), n = 0;

	if (p == NULL || of == NULL)
		fatal("memory");
	for (int i = 0; i < s->count; i++) {
		if (s->job[i].pid == 0)
			continue;
		p[n].fd = s->job[i].pipe;
		p[n].events = POLLIN;
		of[n++] = i;
	}
	if (poll(p, (nfds_t)n, 250) > 0)
		for (int i = 0; i < n; i++)
			if (p[i].revents != 0)
				collect(s, &s->job[of[i]]);
	for (int i = 0; i < n; i++)
		if (s->job[of[i]].pid != 0)
			end_hung(s, &s->job[of[i]]);
	free(p);
	free(of);
}

int
jobs_run(const char *const *paths, int count,
    const struct jobs_options *options,
    int (*replay)(const char *, struct tally *, FILE *), struct tally *total)
{
	struct state s = { .count = count,
		.options = options,
		.replay = replay,
		.reported = seconds_now(),
		.on_terminal = isatty(STDERR_FILENO) };
	size_t size = (size_t)count * sizeof(struct tally);
	struct tally *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	int worst = STATUS_SAME;

	s.job = calloc((size_t)count, sizeof(*s.job));
	if (shared == MAP_FAILED || s.job == NULL)
		fatal("memory");
	for (int i = 0; i < count; i++) {
		s.job[i].path = paths[i];
		s.job[i].tally = &shared[i];
	}
	while (s.printed < count) {
		while (s.next < count && s.running < options->at_a_time)
			start(&s, &s.job[s.next++]);
		wait_for_some(&s);
		show_progress(&s);
		print_ended(&s);
	}
	hide_progress(&s);
	for (int i = 0; i < count; i++) {
		tally_add(total, &shared[i]);
		if (s.job[i].status > worst)
			worst = s.job[i].status;
	}
	munmap(shared, size);
	free(s.job);
	return worst;
}
