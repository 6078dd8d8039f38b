/*
 * The reference pages: between the files that write them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_SITE_H
#define REPORT_SITE_H

#include <stdio.h>

#include "evidence.h"
#include "variants.h"

/* A behaviour, in the order of the table's rows. */
struct behaviour {
	const struct result *row;
	struct variants variants;
	char *anchor; /* unique on the page of its routine */
	char *name;   /* of the case, words apart */
	enum support support;
	const char *recorded; /* kernels, NULL: none */
};

struct site {
	struct table table;
	struct recorded recorded;
	struct behaviour *all; /* one a row of the table */
	const char *folder;
	size_t bytes; /* written so far */
};

/* site.c: the file of the folder, opened for writing; with a title, the head
 * of a page is in it and site_close() writes its end. */
FILE *site_open(struct site *, const char *name, const char *title);
void site_close(struct site *, FILE *, bool page);

/* site_text.c: text as HTML; a name as words; code in which constants are
 * links. */
void put_html(FILE *, const char *);
void put_html_n(FILE *, const char *, size_t);
void put_words(FILE *, const char *);
/* "allocate.html#id". */
void put_link(FILE *, const struct behaviour *);
/* An address that a reader can open, for a source that has one. */
void put_source(FILE *, const char *source);
/* The next constant's name (KERN_NO_SPACE) at or after *text, moved behind it;
 * its length, 0 when there is none. */
size_t next_constant(const char **text, const char **name);

/* site_behaviour.c */
void put_behaviour(FILE *, const struct behaviour *);
/* Without the source; for the front page. */
void put_behaviour_briefly(FILE *, const struct behaviour *);
/* "x86_64 10.13.6, 10.14.6; arm64 11.6": the kernels whose answers were judged
 * and are in the variant; -1: in any.  malloc()ed, "" none. */
char *kernels_of(const struct variants *, int variant);
/* "10.13.6 to 13.5" and what else says which columns are in the variant. */
char *releases_of(const struct variants *, size_t variant);
/* What the variant answers to the first call that the two tell apart, and that
 * call; other < 0: to the first call. */
char *answer_apart(const struct variants *, size_t variant, int other,
    const char **call);

/* site_changes.c: the page, and links to its parts for the front page. */
void write_changes(struct site *);
void put_changes(FILE *, struct site *);

/* site_search.c: the page of constants and what the search box looks through. */
void write_search(struct site *);

#endif
