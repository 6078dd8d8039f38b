/*
 * What a run is given before it is kept (bundle).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_ANNOTATE_H
#define REPORT_ANNOTATE_H

#include "run.h"

/* "KEY=VALUE" into the fingerprint, over what is there; false: no such form. */
bool annotate_key(struct run *, const char *assignment);

/*
 * Sentence, source and program of each case as from has them.  A case that
 * from knows by its id alone, and by one name only, gets that name: it was
 * renamed.  Returns how many cases from does not know.
 */
size_t annotate_cases(struct run *, const struct run *from);

/* The names alone, so that two runs can be compared. */
void annotate_names(struct run *, const struct run *from);

/* The names and words of the kernels' cases as the models among the runs have
 * them: cases are renamed, kernels are not asked again. */
void annotate_kernels(struct run *const *runs, size_t count);

/*
 * The file's lines are SYSTEM, CASE, VERDICT and WHY, a tab between them; # is
 * a comment.  SYSTEM is a pattern for "XNU-ARCH" (fingerprint keys), CASE one
 * for an id or "routine.name".  A case that fits, and failed or was broken,
 * gets that verdict and "not judged: WHY"; the first line that fits counts.
 */
bool annotate_notes(struct run *, const char *path, const char **problem);

#endif
