/*
 * What is said of several cases of one row (a behaviour through its routes)
 * and is the same for them is said once, with the routes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_SAID_H
#define REPORT_SAID_H

#include <stdio.h>

#include "run.h"

struct said {
	const struct result *result;
	char *text; /* malloc()ed; freed by say_once() */
};

/*
 * Calls put(to, first, routes, text) for each different text of a row, where
 * first is the first case that says it and routes names the routes of all that
 * do ("mig, trap"; "" when they have none).  The cases of a row stand together.
 * Texts that differ in addresses alone (0x and more than 8 digits) are the
 * same.  Returns how many rows there were.
 */
size_t say_once(struct said *, size_t count,
    void (*put)(void *to, const struct result *first, const char *routes,
	const char *text),
    void *to);

/* wrong.c: why a case failed, in lines that four spaces begin: the place, the
 * call, the answer and the required one, as the case printed them; else from
 * its records. */
void put_wrong(FILE *, const struct result *);

#endif
