/*
 * Reducing a sequence that differs to the shortest that still differs.
 *
 * No kernel is there to say what the shorter sequence should answer, so the
 * recording must still say it: a candidate counts only when
 *
 *	- each call that remains is answered as recorded,
 *	- before the last one the regions around the difference are as recorded
 *	  (in every field in which the whole sequence agreed there),
 *	- the last one differs as it did.
 *
 * Contents of memory do not show in regions: where a load, a page query or a
 * copy differs, the successful calls that filled the pages involved stay.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_SHRINK_H
#define REPLAY_SHRINK_H

#include "play.h"
#include "slice.h"

struct shrink_options {
	struct play_options play;
	const char *route;
	int seconds; /* that a candidate may take */
	bool (*choose)(const struct header *, struct play_options *,
	    const char **problem);
};

/*
 * Writes a trace of one sequence: the recorded answers for the last call, and
 * what this kernel answers, which is what was recorded, for those before it.
 * 0: nothing differs, nothing written; 1: written; 2: bad file.
 */
int shrink_file(FILE *, const char *path, const struct shrink_options *);

/*
 * The same for a sequence in memory, the runs made in children.  keep[i] tells
 * which calls remain; the last of them is the one that differs; the window is
 * where.  Returns how many, 0 when nothing differs, -1 with *problem.
 */
int shrink_sequence(const struct sequence *, const struct header *,
    const struct shrink_options *, bool *keep, struct window *,
    const char **problem);

#endif
