/*
 * Between the judgement (check.c) and whatever runs the cases: check_atf.c
 * here, one without libc for bare kernels.  A back end owns main(), chooses
 * the cases, calls mt_case_run() for one of them in a process of its own, and
 * supplies the mt_backend_* functions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_CHECK_BACKEND_H
#define MT_CHECK_BACKEND_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"

/* ---- what a back end supplies -------------------------------------------- */

/* One write; MT_RECORDS is standard output, MT_PEOPLE standard error. */
enum mt_stream { MT_RECORDS = 1, MT_PEOPLE = 2 };
void mt_backend_write(enum mt_stream, const char *, size_t);

/*
 * The case failed at file:line.  summary is one line, detail further lines,
 * each ended by a newline.  fail: the case goes on; stop: it ends here.
 */
void mt_backend_fail(const char *file, int line, const char *summary,
    const char *detail);
void mt_backend_stop(const char *file, int line, const char *summary,
    const char *detail) __attribute__((noreturn));
/* The case ends as skipped; reason is one line. */
void mt_backend_skip(const char *reason) __attribute__((noreturn));
/* From here on a failure is expected, and no failure fails. */
void mt_backend_expect_fail(const char *reason);
/* The value of a variable of the run's configuration; NULL: not set. */
const char *mt_backend_variable(const char *name);

/* ---- what check.c offers a back end -------------------------------------- */

/* All cases of the program in the order of the source. */
struct mt_case *mt_cases(void);
/* What is wrong with how a case is written, for people; NULL: nothing.  A
 * back end refuses to run a program that has such a case. */
const char *mt_case_problem(const struct mt_case *);
/* The release has the route, and the route the routine of the case. */
bool mt_case_has_route(const struct mt_case *, const struct mt_route *);
/* Runs the body here and now.  Returns when it came to its end; failures were
 * reported to the back end. */
void mt_case_run(const struct mt_case *, const struct mt_route *);

/* The first release that the case needs: its own .since, else that of its
 * routine; NULL: all have it. */
const char *mt_case_since(const struct mt_case *);

#endif
