/*
 * What a behaviour rests on: kernels that were asked, recorded calls, a
 * document, or the reading of source alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "table.h"

/* The best first. */
enum support { KERNEL, RECORDED, DOCUMENT, SOURCE, SUPPORTS };

/* "kernel"..., as evidence --format tsv has it. */
const char *support_name(enum support);

/* Recorded behaviours: a file with lines of an id, a tab, and which kernels;
 * # is a comment. */
struct recorded {
	char *text;
	const char **ids, **kernels; /* in order of ids */
	size_t count;
};

/* path NULL: none.  False with *problem. */
bool recorded_read(struct recorded *, const char *path, const char **problem);
void recorded_free(struct recorded *);
/* The kernels of that id, NULL: none. */
const char *recorded_find(const struct recorded *, const char *id);

/* The kernels of the table on which the row passed, through any route:
 * "booted x86_64 10.13.6, 10.14.6; hardware arm64 15.5".  malloc()ed, "" none.
 */
char *evidence_kernels(const struct table *, const struct result *row);

enum support evidence_support(const struct table *, const struct result *row,
    const struct recorded *);

#endif
