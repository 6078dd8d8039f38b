/*
 * What several cases of one row (a behaviour through its routes) have in
 * common is printed once, with the routes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_MERGE_ROUTES_H
#define REPORT_MERGE_ROUTES_H

#include <stdio.h>

#include "run.h"

struct route_text {
	const struct result *result;
	char *text; /* malloc()ed; freed by merge_routes() */
};

/*
 * Calls put(to, first, routes, text) for each different text of a row: first
 * is the first case that has it, routes names the routes of all that do
 * ("mig, trap"; "" when they have none).  The cases of a row stand together.
 * Texts that differ in addresses alone (0x and more than 8 digits) are the
 * same.  Returns how many rows there were.
 */
size_t merge_routes(struct route_text *, size_t count,
    void (*put)(void *to, const struct result *first, const char *routes,
	const char *text),
    void *to);

/* wrong.c: why a case failed, in lines that four spaces begin: the place, the
 * call, the answer and the required one, as the case printed them; else from
 * its records. */
void put_wrong(FILE *, const struct result *);

#endif
