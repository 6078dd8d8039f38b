/*
 * A trace replayed: sequence by sequence, counted and reported.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PLAY_H
#define REPLAY_PLAY_H

#include "compare.h"
#include "run.h"

struct play_options {
	struct compare_options compare;
	bool brief;    /* one line a difference */
	uint64_t only; /* this sequence; 0: all */
};

/* Lives in memory that the parent reads while the child counts. */
struct tally {
	volatile uint64_t started; /* sequences, the unfinished one too */
	volatile uint64_t sequences, calls, differ;
	uint64_t plain;		   /* of them in what level 1 compares */
	uint64_t cut;		   /* sequences ended before their end */
	uint64_t gave_up;	   /* of them by an X line */
	uint64_t cannot[OP_CODES]; /* of them by a call not possible here */
	struct agreement agreement;
	uint64_t disagreeing[FIELDS];	     /* sequences, by structure field */
	uint64_t made, nanoseconds;	     /* calls with their time */
	uint64_t touches, touch_nanoseconds; /* of them loads and stores */
	volatile int line;		     /* that is being replayed */
	volatile uint64_t id;
	volatile bool done; /* the file was read to its end */
};

void tally_add(struct tally *, const struct tally *);

/*
 * Replays one sequence up to its first difference of level 1 and reports its
 * first difference.  False with *problem when the arena cannot be had.
 */
bool play_sequence(struct run *, const char *name, const struct sequence *,
    const struct play_options *, struct tally *, FILE *, const char **problem);

#endif
