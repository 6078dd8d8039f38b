/*
 * Files replayed in child processes: each has a kernel state of its own, so
 * each can be another release of the model, several can run at a time, and
 * one that dies is one difference instead of the end.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_JOBS_H
#define REPLAY_JOBS_H

#include "play.h"

enum { STATUS_SAME = 0, STATUS_DIFFERS = 1, STATUS_BAD = 2 };

struct jobs_options {
	int at_a_time;
	int seconds;   /* without a call before a child is ended */
	bool progress; /* on the standard error */
};

/*
 * Calls replay(path, tally, stdout) in a child for each file, tally->started
 * sequences being done already, and adds the tallies up.  What the children
 * print appears in the order of the files.  The worst status.
 */
int jobs_run(const char *const *paths, int count, const struct jobs_options *,
    int (*replay)(const char *path, struct tally *, FILE *),
    struct tally *total);

#endif
