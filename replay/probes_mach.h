/*
 * What the families of the second probes' rows share: the row's text, the test
 * area, and what differs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PROBES_MACH_H
#define REPLAY_PROBES_MACH_H

#include "area.h"

#define PAGES (A + 0x10000) /* where most stages are */

extern char wrong[300]; /* what differs in this row; "": nothing */

/* The number behind key: decimal, hex, or A+hex; -1 without it. */
int64_t get(const char *text, const char *key);
bool number(const char *text, const char *key, int64_t *);
void expect(const char *what, int64_t found, int64_t recorded);

/* The regions that a row lists are those from `from` on, up to `end`. */
void expect_regions(const char *row, uint64_t from, uint64_t end);
/* The same where a list has each address `moved` bytes away. */
void expect_moved(const char *row, uint64_t from, uint64_t end, int64_t moved);
/* "bytes 1 -1 3": the first of the pages at address; -1, -2: they fault. */
void expect_bytes(const char *row, uint64_t address);
/* Pages of a tag with contents first, first + 1, ...; -1: untouched. */
void put(uint64_t address, unsigned pages, unsigned tag, int first);

/* compare gets what stands behind the name: NULL, or why the row is not
 * compared. */
struct family {
	const char *name;
	const char *(*compare)(const char *row);
};
extern const struct family families[]; /* ended by NULL */

#endif
