/*
 * Rows of systematic tables that recorded kernels filled: one case each, with
 * its result, its outputs and the regions afterwards.  They are compared with
 * the kernel that is there.
 *
 * A row is a line of tab-separated columns: "case | arguments", the result,
 * outputs, entries.  The entries are the kernel's own, so of them only what
 * regions show can be compared.  The families (rows_*.c) know what each case
 * did; a row that none knows is not compared, with a reason.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_ROWS_H
#define REPLAY_ROWS_H

#include "route.h"

/*
 * The recorded test area begins at 0x300000000, with nothing below it down to
 * RECORDED_AREA.  Here it is moved by rows_moved to where the map is empty.
 */
#define RECORDED_BASE UINT64_C(0x300000000)
#define RECORDED_AREA UINT64_C(0x2ff000000)
#define RECORDED_END  UINT64_C(0x700000000)
extern uint64_t rows_moved;
#define ROWS_BASE (RECORDED_BASE + rows_moved)

struct row {
	const char *file;
	int line;
	char *what; /* before the bar */
	char *args; /* behind it */
	int64_t kr;
	char *outs, *entries;
};

struct rows {
	uint64_t page;
	mach_port_name_t self, host;
	const struct mt_route *vm;  /* a route with every routine */
	const struct mt_route *bsd; /* one with mlock */

	const struct row *row;
	int64_t shift;	   /* added to addresses below the area: where
				 * the kernel put what it recorded there */
	const char *wrong; /* what differs in this row; NULL: nothing */
	char found[600];

	int agree, differ, skipped;
};

/* NULL: compared; else why it cannot be. */
typedef const char *(*row_family)(struct rows *);
extern const struct row_family_entry {
	const char *file; /* of the table, without .tsv */
	row_family compare;
} row_families[];

/* ---- arguments ---------------------------------------------------------- */

/*
 * The expression behind key in the arguments: numbers in hex, P the page, B
 * base occ the area, max the map's end, 2^40, ~0, sums and differences.
 */
bool row_value(struct rows *, const char *key, uint64_t *);
/* The expression at text, up to where it makes no sense. */
bool row_expression(struct rows *, const char *text, uint64_t *,
    const char **end);
bool row_says(const struct rows *, const char *words); /* in the arguments */
bool row_starts(const struct rows *, const char *words);

/* ---- the stage ---------------------------------------------------------- */

/* Finds the place for the test area; false when there is none. */
bool stage_find(struct rows *);
/* Nothing in the test area. */
void stage_clear(struct rows *);
/* FIXED, with this tag; what cannot be set makes the row differ. */
void stage_allocate(struct rows *, uint64_t address, uint64_t size,
    unsigned tag);
void stage_touch(struct rows *, uint64_t address, uint64_t size);
/* Marks the row as different: the stage could not be set. */
void stage_require(struct rows *, kern_return_t, const char *what);

/*
 * The system has memory in the range, outside of the test area, where the
 * recorded map had none: the row cannot be compared (row_occupied).
 */
bool stage_occupied(struct rows *, uint64_t address, uint64_t size);
#define row_occupied  "the system has memory of its own in the range"
#define row_first_fit "first fit meets what the process has"

/* ---- judgement ---------------------------------------------------------- */

void row_kr(struct rows *, kern_return_t);
/* An output by name ("addr", "state"), which the row has in hex or, when
 * negative, decimal. */
void row_out(struct rows *, const char *name, uint64_t);
/* "regions={...}", when the row has it, and the entries. */
void row_regions(struct rows *);

#endif
