/*
 * How the answers of a behaviour (a row of a table) group: who answers alike
 * is one variant, whatever the release, the processor and the size of a page.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_VARIANTS_H
#define REPORT_VARIANTS_H

#include "table.h"

/* What a column says of a row: nothing (it was not asked), that its release
 * has no such thing, answers that are not judged, or answers. */
enum standing { SILENT, ABSENT, UNJUDGED, JUDGED };

struct member {
	size_t column;
	enum standing standing;
	/* Its results in the row, and which of them shows the answers. */
	const struct result *first, *shown;
};

struct variant {
	enum standing standing;
	const struct member *shown; /* whose answers stand for all: a kernel's
				     * where there is one */
	bool kernel;		    /* a kernel is among its members */
	bool model;
};

struct variants {
	const struct table *table;
	struct member *members; /* one a column */
	int *of;		/* variant of a column, -1: none */
	struct variant *list;	/* in order of the oldest release */
	size_t count;
	const char **of_machine; /* calls whose answer the machine decides */
	size_t of_machine_count;
};

/*
 * Columns group by their answers: those to one call are the same as they stand
 * or with sizes in pages.  Where a kernel and the model of its release (else of
 * the nearest before it in the same major release) both passed and differ, the
 * call's answer is the machine's, like the name of a port: it is not compared.
 * Nor are routes that only one column has.
 */
void variants_make(struct variants *, const struct table *,
    const struct result *row);
void variants_free(struct variants *);

/* The answer to the call number i of shown in the variant; NULL: not asked. */
const char *variant_answer(const struct variants *, size_t variant,
    const struct result *shown, size_t i);

/* Is the answer to the call the machine's? */
bool variant_of_machine(const struct variants *, const char *call);

/* Was it skipped because the release has no such behaviour? */
bool result_absent(const struct result *);

/* Do routes of the member disagree? */
bool member_routes_differ(const struct variants *, const struct member *);

/* "size=0x8000" as "size=2 pages"; malloc()ed. */
char *answer_in_pages(const char *answer, const char *page);

#endif
