/*
 * What sweeps answered, as `admin/sweeps run` keeps it: the lines that begin
 * with "sweep TAB" of each program's output (lib/sweep.c).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SWEEPS_RECORD_H
#define SWEEPS_RECORD_H

#include "fold.h"

struct record {
	char *route, *name;
	char *head; /* of a text: sweep, stage, axes */
	struct mt_sweep_text text;
	uint32_t *answer; /* of each trial */
	struct record *next;
};

/* All sweeps of a file in its order.  Ends the program with one line when it
 * cannot be read or makes no sense. */
struct record *record_read(const char *path, struct names *);

/* Prints the answers as trees; an equal one of several routes once. */
void record_show(const struct record *, const struct names *);

/*
 * Prints which trials answer otherwise in the second file, grouped by their
 * values, "old -> new".  The number of them; sweeps that only one of the two
 * has, or with other axes, are named and count as one.
 */
uint32_t record_diff(const struct record *, const struct record *,
    struct names *);

#endif
