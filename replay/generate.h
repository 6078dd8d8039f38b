/*
 * Sequences of calls from a seed.  A sequence is a pure function of profile,
 * seed, number of calls, page size and arena, never of what a kernel answers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_GENERATE_H
#define REPLAY_GENERATE_H

#include "trace.h"

struct generator {
	const char *profile;
	uint64_t first, last; /* seeds, one sequence each */
	unsigned ops;	      /* calls in each */
};

bool generator_knows(const char *profile);
/* What does not depend on the system that answers. */
struct header generator_header(const struct generator *);
/* page, arena and guard as the header has them. */
void generate(const struct generator *, const struct header *, uint64_t seed,
    struct sequence *);

#endif
