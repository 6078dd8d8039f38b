/*
 * Which calls of a sequence can have to do with its last one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_SLICE_H
#define REPLAY_SLICE_H

#include "trace.h"

/* Pages of the arena, [start, end); everything: slots too. */
struct window {
	int64_t start, end;
	bool everything;
};

bool window_has(const struct window *, const struct entry *);

/*
 * The pages that call `last` names and those whose regions differ after it,
 * grown to whole regions of all three layouts.  level: whether a difference in
 * structure counts.
 */
struct window window_around(const struct sequence *, const struct header *,
    int last, int level, const struct layout *before,
    const struct layout *after, const struct entry *found, int found_count);

/*
 * sliced[i]: call i touches pages that reach the window through later calls.
 * must[i]: it filled such pages, or read from them, and what `last` tells
 * depends on contents, which no region shows; and `last` itself.
 */
void slice(const struct sequence *, const struct header *, int last,
    const struct window *, bool *sliced, bool *must);

#endif
