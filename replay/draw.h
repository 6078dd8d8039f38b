/*
 * A difference, drawn: the calls that led there, both answers, both maps.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_DRAW_H
#define REPLAY_DRAW_H

#include <stdio.h>

#include "compare.h"

struct drawing {
	const char *name; /* of the trace */
	const struct sequence *sequence;
	int op; /* the call that differs */
	const struct difference *difference;
	const struct result *found;
	const struct layout *regions; /* found; NULL: the result differs */
	const struct compare_options *options;
	uint64_t page;
};

/* One line: where and what. */
void draw_line(FILE *, const struct drawing *);
/* That line, the last calls, the answers and the maps. */
void draw_difference(FILE *, const struct drawing *);

/* "3e7000 +1000 rw-/rwx copy ..." */
void draw_entry(FILE *, const struct entry *);

#endif
