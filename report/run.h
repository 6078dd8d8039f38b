/*
 * A run of the suite as every command sees it, wherever it was read from: a
 * results file of Kyua (schema 3), a console log of the bare image, or our own
 * JSON.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_RUN_H
#define REPORT_RUN_H

#include <stdbool.h>
#include <stddef.h>

enum verdict {
	PASSED,
	FAILED,
	EXPECTED_FAILURE,
	UNDECIDED,
	SKIPPED,
	BROKEN,
	VERDICTS
};

/* "passed"...; verdict_parse: VERDICTS when there is no such word. */
const char *verdict_name(enum verdict);
enum verdict verdict_parse(const char *);
/* Failed or broken. */
bool verdict_wrong(enum verdict);

/* A judged call: a record line. */
struct answer {
	char *call, *answer, *verdict;
};

/* A case through one route. */
struct result {
	char *program; /* "tests/allocate_size_test"; "" unknown */
	char *name;    /* of the atf case: name__route */
	char *id, *routine, *route, *source, *sentence;
	char *seen; /* what it rests on beside its source (X-seen) */
	enum verdict verdict;
	char *reason; /* "" none */
	double seconds;
	struct answer *answers;
	size_t answer_count;
	char *output; /* what it printed besides records, "" none */
};

/* The fingerprint: the keys of an mt-system line (lib/record.h). */
struct key {
	char *name, *value;
};

struct run {
	char *path;
	struct key *keys;
	size_t key_count;
	struct result *results; /* in order of rows, then route */
	size_t result_count;
	long long start; /* of the first case, microseconds since 1970; 0 */
	char **secrets;	 /* what a bundle must not tell: values of the
				 * environment, folders */
	size_t secret_count;
};

/* Value of a fingerprint key, "" when the run has none. */
const char *run_key(const struct run *, const char *name);
/* "macos 15.5 arm64": what a column is called. */
const char *run_label(const struct run *);
size_t run_count(const struct run *, enum verdict);
/* The result with that name and id in the run, NULL when there is none. */
const struct result *run_find(const struct run *, const struct result *like);
/* Order of results without regard to their route: routine, id, name.  What is
 * equal is one row of a matrix. */
int result_compare_rows(const struct result *, const struct result *);
/* Of the name without its route. */
size_t result_name_length(const struct result *);
/* The first result of the run that is in the row of like, NULL: none; the
 * others of the row follow it. */
const struct result *run_find_row(const struct run *,
    const struct result *like);
/* Everything that a reader judged an answer by, in one string: the answers in
 * order, "; " between them, repeated ones once.  Static storage, or NULL when
 * the case judged nothing. */
char *result_answers(const struct result *);

/*
 * Are two answers the same, as far as both tell?  A system that shows a fault
 * as a signal ("EXC_BAD_ACCESS (1) by SIGBUS (10)") does not tell its code.
 */
bool answer_same(const char *, const char *);

/* What r was answered where the case like was asked its call number i: the same
 * text, as often before it.  NULL: r was not asked that. */
const struct answer *result_answer_like(const struct result *r,
    const struct result *like, size_t i);

/* printable.c: no control characters but line ends and tabs in outputs.  The
 * run stays sorted as it was. */
void run_make_printable(struct run *);

/*
 * Read the file, whatever kind it is.  On failure NULL, after one line on
 * standard error.
 */
struct run *run_read(const char *path);

/* What run_read() tries; false with *problem when the file is of this kind but
 * cannot be read.  run is empty and stays usable for run_free(). */
bool run_read_kyua(struct run *, const char *path, const char **problem);
bool run_read_console(struct run *, const char *text, size_t size,
    const char **problem);
bool run_read_json(struct run *, const char *text, size_t size,
    const char **problem);

void run_free(struct run *);

/* -- for the readers ------------------------------------------------------- */

struct result *run_add(struct run *); /* zeroed but for empty strings */
void run_drop_last(struct run *);     /* what that gave */
void run_set_key(struct run *, const char *name, const char *value);
void run_add_secret(struct run *, const char *);
/* A line of a program's output: true when it was a record or a fingerprint
 * and has been taken (result may be NULL for a fingerprint). */
bool run_take_line(struct run *, struct result *, const char *line);
void run_sort(struct run *);
char *copy_string(const char *); /* never NULL; NULL gives "" */

#endif
