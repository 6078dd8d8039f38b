/*
 * mach-vm-bare-watch: runs a machine and follows its console until the bare
 * image's end, a panic, silence, or the machine's own end.  A kernel that talks
 * without getting on is as good as silent after three times as long.
 *
 *	mach-vm-bare-watch [--idle SECONDS] LOG COMMAND...
 *
 * The command's standard output is the console: appended to LOG as it is.
 * Progress goes to standard error.  Then one line on standard output:
 *
 *	HOW NUMBER ID ROUTINE.NAME ROUTE REASON...
 *
 * HOW is end, panic, wedge or gone; the rest is the case that had begun and not
 * ended, "-" each if there is none.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define IDLE_SECONDS  100
#define PANIC_SECONDS 5	  /* of text after the first word of one */
#define STEP	      200 /* cases from one line of progress to the next */
#define SLOW_SECONDS  5	  /* a case that takes longer is reported */

enum how { RUNNING, END, PANIC, WEDGE, GONE };
static const char *const words[] = { "", "end", "panic", "wedge", "gone" };

static struct {
	bool begun;
	char number[16], id[128], name[256], route[32];
} now;
static enum how how;
static char reason[200];
static unsigned all, done, wrong;
static time_t panic_ends, got_on;

static bool
starts(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

static void
tell_progress(void)
{
	fprintf(stderr, "%u of %u cases, %u wrong\n", done, all, wrong);
}

static void
take_case(const char *line)
{
	char verdict[16];

	if (now.begun && time(NULL) - got_on > SLOW_SECONDS)
		fprintf(stderr, "%s through %s took %ld seconds\n", now.name,
		    now.route, (long)(time(NULL) - got_on));
	now.begun = false;
	done++;
	if (sscanf(line, "mt-case\t%*[^\t]\t%*[^\t]\t%*[^\t]\t%15[^\t]",
		verdict) == 1 &&
	    (strcmp(verdict, "failed") == 0 || strcmp(verdict, "broken") == 0))
		wrong++;
	if (done % STEP == 0)
		tell_progress();
}

static bool
is_panic(const char *line)
{
	return !starts(line, "mt") && !starts(line, "***") &&
	    (strstr(line, "panic(") != NULL ||
		strstr(line, "Debugger called") != NULL ||
		strstr(line, "MACH Reboot") != NULL);
}

/* A line of the console, without its end or the carriage returns that consoles
 * put before and behind it.  A kernel's own words may stand in
 * front of ours in it. */
static void
take_line(char *line)
{
	const char *at;
	unsigned planned, from;

	if ((at = strstr(line, "mt-begin\t")) != NULL) {
		got_on = time(NULL);
		now.begun = sscanf(at,
				"mt-begin\t%15[^\t]\t%127[^\t]\t%255[^\t]\t"
				"%31[^\t]",
				now.number, now.id, now.name, now.route) == 4;
	} else if ((at = strstr(line, "mt-case\t")) != NULL) {
		take_case(at);
		got_on = time(NULL);
	} else if (sscanf(line, "bare: %u cases from number %u on", &planned,
		       &from) == 2) {
		all = planned;
		done = from;
	} else if (strcmp(line, "PROBE END") == 0) {
		how = END;
	} else if (panic_ends == 0 && is_panic(line)) {
		panic_ends = time(NULL) + PANIC_SECONDS;
		snprintf(reason, sizeof(reason), "%.190s", line);
	} else if (panic_ends != 0 && strstr(line, "panic(") != NULL &&
	    strstr(reason, "panic(") == NULL) {
		snprintf(reason, sizeof(reason), "%.190s", line);
	}
}

static void
take(const char *bytes, size_t size)
{
	static char line[16384];
	static size_t length;

	for (size_t i = 0; i < size; i++) {
		if (bytes[i] != '\n') {
			if (length < sizeof(line) - 1 && bytes[i] != '\0' &&
			    bytes[i] != '\r')
				line[length++] = bytes[i];
			continue;
		}
		line[length] = '\0';
		take_line(line);
		length = 0;
	}
}

/* Until something is known; what stands in the pipe is read first. */
static void
follow(int console, int log, int idle)
{
	struct pollfd p = { .fd = console, .events = POLLIN };
	char bytes[4096];
	ssize_t n;

	got_on = time(NULL);
	while (how == RUNNING) {
		n = poll(&p, 1, panic_ends != 0 ? 1000 : idle * 1000);
		if (n == -1 && errno == EINTR)
			continue;
		if (panic_ends != 0 && time(NULL) >= panic_ends)
			how = PANIC;
		else if (n == 0 && panic_ends == 0)
			snprintf(reason, sizeof(reason),
			    "silent for %d seconds", idle);
		else if (panic_ends == 0 && time(NULL) - got_on > 3 * idle)
			snprintf(reason, sizeof(reason),
			    "no case began or ended for %d seconds", 3 * idle);
		if (panic_ends == 0 && reason[0] != '\0')
			how = WEDGE;
		if (n <= 0)
			continue;
		n = read(console, bytes, sizeof(bytes));
		if (n <= 0) {
			how = panic_ends != 0 ? PANIC : GONE;
			break;
		}
		if (write(log, bytes, (size_t)n) != n)
			err(2, "the log");
		take(bytes, (size_t)n);
	}
}

static pid_t
start(char **command, int *console)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) == -1 || (child = fork()) == -1)
		err(2, "%s", command[0]);
	if (child == 0) {
		int nothing = open("/dev/null", O_RDONLY);

		dup2(nothing, STDIN_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	close(ends[1]);
	*console = ends[0];
	return child;
}

static pid_t machine;

static void
stop(int signal)
{
	kill(machine, SIGKILL);
	_exit(128 + signal);
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "idle", required_argument, NULL, 'i' },
		{ NULL, 0, NULL, 0 },
	};
	int idle = IDLE_SECONDS, console, log, status, c;

	while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		if (c != 'i' || (idle = atoi(optarg)) < 1)
			return 2;
	}
	if (argc - optind < 2)
		errx(2,
		    "usage: mach-vm-bare-watch [--idle SECONDS] LOG "
		    "COMMAND...");
	log = open(argv[optind], O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (log == -1)
		err(2, "%s", argv[optind]);
	machine = start(argv + optind + 1, &console);
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	signal(SIGHUP, stop);
	follow(console, log, idle);
	kill(machine, SIGKILL);
	waitpid(machine, &status, 0);
	if (done % STEP != 0)
		tell_progress();
	if (how == GONE && WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return 2;
	if (how == GONE)
		snprintf(reason, sizeof(reason), "the machine ended");
	if (now.begun && how != END)
		printf("%s %s %s %s %s %s\n", words[how], now.number, now.id,
		    now.name, now.route, reason);
	else
		printf("%s - - - - %s\n", words[how], reason);
	return 0;
}
