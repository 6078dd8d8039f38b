/*
 * The text of a sweep: which trials there are, and what each must answer.
 *
 * A sweep is the product of its axes, the last one fastest.  Its text:
 *
 *	sweep protect
 *	stage .aaa.bccd.
 *	axis address 0 page-1 a a+1 hole
 *	axis size 0 page -address-1
 *	answers
 *	0..page-1: INVALID_ADDRESS
 *	a
 *	 0 page: SUCCESS; [until 14.6] INVALID_ARGUMENT
 *	 -address-1: INVALID_ARGUMENT
 *	a+1..hole / 0: SUCCESS
 *
 * A value's name is its meaning: terms with + and - between, each a number, a
 * constant (sweep_names.h), `page` or a letter of the stage, with a number and
 * * before it; `address` is the trial's own address.  So it is the same trial
 * at 4 KiB and at 16 KiB.
 *
 * Answers are a tree.  A line that begins behind n spaces names values of axis
 * n, `/` those of the next axis; * are all; x..y are those from x to y as the
 * axis lists them.  Lines further in are below the line before them.  Behind
 * a colon stands the answer to every trial of that part, deeper axes not named
 * being all.  It is the first of the alternatives whose conditions hold, the
 * one without conditions last: [until 14.6], and [x86_64], [arm64] and
 * [rosetta], the process and the kernel.  The answer "-" is no answer: the
 * trial is not made.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_SWEEP_TEXT_H
#define MT_SWEEP_TEXT_H

#include "text.h"
#include "types.h"

enum {
	MT_SWEEP_AXES = 8,
	MT_SWEEP_VALUES = 64,
	MT_SWEEP_STAGE = 32,
	MT_SWEEP_TRIALS = 1 << 18,
	MT_SWEEP_ANSWERS = 1 << 12
};

/* A piece of the text, not terminated. */
struct mt_piece {
	const char *start;
	size_t length;
};
bool mt_piece_equal(struct mt_piece, struct mt_piece);
void mt_put_piece(struct mt_text *, struct mt_piece);

/* bytes + pages * page + address * the trial's address + window, where the
 * stage begins, if it is a place in the stage */
struct mt_sweep_value {
	struct mt_piece name;
	uint64_t bytes;
	int64_t pages, addresses;
	bool in_stage;
};

struct mt_sweep_axis {
	struct mt_piece name;
	unsigned count;
	struct mt_sweep_value value[MT_SWEEP_VALUES];
};

struct mt_sweep_text {
	struct mt_piece name, stage, answers;
	unsigned axes;
	struct mt_sweep_axis axis[MT_SWEEP_AXES];
	uint32_t trials; /* the product */
};

/* Reads the sweep of that name; NULL, or what is wrong, one line. */
const char *mt_sweep_read(struct mt_sweep_text *, const char *text,
    const char *name);

/* The system under test. */
struct mt_sweep_flavour {
	const char *release;
	const char *arch; /* "x86_64", "arm64", "rosetta" */
};

/*
 * What each trial must answer: answer[i] of trial i is an index into pieces;
 * `pieces` and `answer` have room for MT_SWEEP_ANSWERS and text->trials.
 * NULL, or what is wrong; a trial without an answer is wrong.
 */
const char *mt_sweep_answers(const struct mt_sweep_text *,
    const struct mt_sweep_flavour *, struct mt_piece *pieces, unsigned *count,
    uint16_t *answer);

/* The values of a trial, in the order of the axes. */
void mt_sweep_values(const struct mt_sweep_text *, uint32_t trial,
    mach_vm_address_t window, mach_vm_size_t page, uint64_t *values);
/* "address=a+1 size=page" */
void mt_put_trial(struct mt_text *, const struct mt_sweep_text *,
    uint32_t trial);

#endif
