/*
 * The parts of the bare image.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BARE_BARE_H
#define BARE_BARE_H

#include "check_backend.h"
#include "text.h"

/* How the process of a case ends; it has told the rest itself. */
enum {
	BARE_PASSED = 40,
	BARE_FAILED,
	BARE_SKIPPED,
	BARE_UNDECIDED,
};

/* Where everything is written to. */
extern int bare_console;
void bare_say(const char *);

/* In the process of a case: run it and end. */
void bare_run_case(const struct mt_case *, const struct mt_route *)
    __attribute__((noreturn));

/* The line that ends a case: "mt-case ID ROUTINE.NAME ROUTE VERDICT REASON". */
void bare_tell_verdict(const struct mt_case *, const struct mt_route *,
    const char *verdict, const char *reason);

#endif
