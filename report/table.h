/*
 * Runs side by side: columns in the order in which a reader compares them, and
 * the rows (behaviours) that any of them has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "run.h"

struct table {
	const struct run **runs; /* kernels, then the model; each in order of
				  * system, arch, release */
	size_t run_count;
	const struct result **rows; /* the first result of each row, that with
				     * the most words */
	size_t row_count;
};

/* The runs must live as long as the table. */
void table_make(struct table *, struct run *const *runs, size_t count);
void table_free(struct table *);

/* The next result of the run in r's row, NULL when r is the last. */
const struct result *table_next(const struct run *, const struct result *r);

/* "10.9" before "10.15": numbers by value. */
int release_compare(const char *, const char *);

/* Of one major release: "11.5" and "11.6", "10.13" and "10.13.6"? */
bool release_same_major(const char *, const char *);

/* Is the run the reference model's?  All others are kernels. */
bool run_is_model(const struct run *);
/* "arm64", "x86_64", "rosetta": what decides beside the release. */
const char *run_processor(const struct run *);

#endif
