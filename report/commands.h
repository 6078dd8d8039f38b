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

/* show.c: what is wrong, then a table by routine, then the counts. */
int show(const struct run *, enum format);
/* The counts alone, as the last line of ./run says them. */
void show_counts(const struct run *);
/* diff.c */
int diff(const struct run *old, const struct run *new, enum format);
/* matrix.c */
int matrix(struct run *const *runs, size_t count, enum format);
/* flaky.c */
int flaky(struct run *const *runs, size_t count, enum format);
/* export.c */
int export(const struct run *, enum format);
/* bundle.c: a scrubbed copy of the run at path. */
int bundle(struct run *, const char *path);

#endif
