/*
 * The commands of mach-vm-report.  Each returns the program's exit status:
 * 0, 1 (something is wrong, or regressed) or 2.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_COMMANDS_H
#define REPORT_COMMANDS_H

#include "run.h"

enum format { TEXT, MARKDOWN, JSON, HTML, TSV, JUNIT, CTRF, TAP, CSV, FORMATS };

/* What of a run is shown, as text: everything; what is wrong, a table by
 * routine, the file and the counts, as ./run ends; what is wrong alone; the counts
 * alone. */
enum part { ALL, BRIEF, WRONG, COUNTS };

/* show.c */
int show(const struct run *, enum format, enum part);
/* diff.c */
int diff(const struct run *old, const struct run *new, enum format);
/* matrix.c */
int matrix(struct run *const *runs, size_t count, enum format);
/* As a page of the reference pages, its data as the script matrix.js beside it:
 * const matrixData. */
void matrix_page(struct run *const *runs, size_t count, FILE *page, FILE *data);
/* site.c: the reference pages, into a folder that is made. */
int site(struct run *const *runs, size_t count, const char *folder,
    const char *recorded);
/* evidence.c; recorded: a file (evidence.h), NULL: none. */
int evidence(struct run *const *runs, size_t count, enum format,
    const char *recorded);
/* flaky.c */
int flaky(struct run *const *runs, size_t count, enum format);
/* export.c */
int export(const struct run *, enum format);
/* bundle.c: a scrubbed copy of the run at path, annotated (annotate.h). */
struct bundle {
	const char *path; /* NULL: standard output; compressed when it is .xz */
	char **keys;	  /* "KEY=VALUE" */
	size_t key_count;
	const struct run *cases; /* NULL: none */
	const char *notes;	 /* NULL: none */
};
int bundle(struct run *, const struct bundle *);

#endif
