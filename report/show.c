/*
 * show: one run, what is wrong first.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "merge_routes.h"

enum { SLOWEST = 5, BRIEF_LIMIT = 40 };

/* ---- what is wrong --------------------------------------------------------- */

static char *
wrong_text(const struct result *r)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	put_wrong(f, r);
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

struct shown {
	size_t count, limit;
};

static void
put_case(void *to, const struct result *r, const char *routes, const char *text)
{
	struct shown *shown = to;
	int name = (int)result_name_length(r);

	if (shown->count++ >= shown->limit)
		return;
	printf("%s: %s.%.*s\n", verdict_name(r->verdict), r->routine, name,
	    r->name);
	if (*r->program != '\0')
		printf("    case: %s:%s\n", r->program, r->name);
	if (*routes != '\0')
		printf("    through: %s\n", routes);
	if ((size_t)name != strlen(r->id) ||
	    strncmp(r->id, r->name, (size_t)name) != 0)
		printf("    id: %s\n", r->id);
	if (*r->sentence != '\0')
		printf("    sentence: %s\n", r->sentence);
	if (*r->source != '\0')
		printf("    source: %s\n", r->source);
	if (*r->seen != '\0')
		printf("    seen: %s\n", r->seen);
	printf("%s\n", text);
}

/* limit: this many are told of in full. */
static void
wrong(const struct run *run, size_t limit)
{
	struct route_text *texts = calloc(run->result_count + 1,
	    sizeof(*texts));
	struct shown shown = { 0, limit };
	size_t count = 0;

	if (texts == NULL)
		err(2, "memory");
	for (size_t i = 0; i < run->result_count; i++)
		if (verdict_wrong(run->results[i].verdict))
			texts[count++] = (struct route_text){ &run->results[i],
				wrong_text(&run->results[i]) };
	merge_routes(texts, count, put_case, &shown);
	if (shown.count > limit)
		printf("%zu more are wrong\n\n", shown.count - limit);
	free(texts);
}

/* ---- the rest -------------------------------------------------------------- */

static void
listed(const struct run *run, enum verdict v, const char *title)
{
	size_t count = run_count(run, v);

	if (count == 0)
		return;
	printf("%s (%zu)\n", title, count);
	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		if (r->verdict == v)
			printf("    %s.%s: %s\n", r->routine, r->name,
			    r->reason);
	}
	putchar('\n');
}

struct tally {
	const char *routine;
	size_t count[VERDICTS];
};

/* A column of the table: broken cases have one only when there are some. */
static const struct {
	const char *title;
	enum verdict verdict;
} columns[] = {
	{ "passed", PASSED },
	{ "failed", FAILED },
	{ "broken", BROKEN },
	{ "known gap", EXPECTED_FAILURE },
	{ "undecided", UNDECIDED },
	{ "skipped", SKIPPED },
};
enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

static void
print_row(const struct tally *t, bool broken)
{
	printf("%-24s", t->routine);
	for (size_t i = 0; i < COLUMNS; i++) {
		size_t count = t->count[columns[i].verdict];

		if (columns[i].verdict == BROKEN && !broken)
			continue;
		if (count == 0)
			printf("%10s", "-");
		else
			printf("%10zu", count);
	}
	putchar('\n');
}

/* Results are in order of routine. */
static void
table(const struct run *run)
{
	struct tally total = { "all", { 0 } }, row = { "", { 0 } };
	bool broken = run_count(run, BROKEN) > 0;

	printf("%-24s", "routine");
	for (size_t i = 0; i < COLUMNS; i++)
		if (columns[i].verdict != BROKEN || broken)
			printf("%10s", columns[i].title);
	putchar('\n');
	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		if (strcmp(r->routine, row.routine) != 0) {
			if (i > 0)
				print_row(&row, broken);
			row = (struct tally){ r->routine, { 0 } };
		}
		row.count[r->verdict]++;
		total.count[r->verdict]++;
	}
	if (run->result_count > 0)
		print_row(&row, broken);
	print_row(&total, broken);
	putchar('\n');
}

static int
slower(const void *a, const void *b)
{
	const struct result *const *x = a, *const *y = b;

	return ((*y)->seconds > (*x)->seconds) -
	    ((*y)->seconds < (*x)->seconds);
}

static void
slowest(const struct run *run)
{
	const struct result **by = calloc(run->result_count + 1, sizeof(*by));

	if (by == NULL)
		return;
	for (size_t i = 0; i < run->result_count; i++)
		by[i] = &run->results[i];
	qsort(by, run->result_count, sizeof(*by), slower);
	if (run->result_count > 0 && by[0]->seconds > 0) {
		puts("slowest");
		for (size_t i = 0; i < SLOWEST && i < run->result_count; i++)
			printf("    %7.3f s  %s.%s\n", by[i]->seconds,
			    by[i]->routine, by[i]->name);
		putchar('\n');
	}
	free(by);
}

static bool
extrapolated(const struct run *run)
{
	return strcmp(run_key(run, "extrapolated"), "yes") == 0;
}

static void
show_counts(const struct run *run)
{
	size_t undecided = run_count(run, UNDECIDED);
	size_t expected = run_count(run, EXPECTED_FAILURE);

	if (expected > 0)
		printf("%zu known gap%s of the model (counted as skipped)\n",
		    expected, expected > 1 ? "s" : "");
	if (undecided > 0)
		printf("%zu undecided: observed, not judged (counted as "
		       "skipped)\n",
		    undecided);
	if (extrapolated(run))
		printf("extrapolated: %s is newer than the newest known "
		       "release, whose answers were required\n",
		    run_key(run, "release"));
	printf("conformance: %zu passed, %zu failed, %zu skipped\n",
	    run_count(run, PASSED),
	    run_count(run, FAILED) + run_count(run, BROKEN),
	    run_count(run, SKIPPED) + undecided + expected);
}

static int
status(const struct run *run)
{
	return run_count(run, FAILED) + run_count(run, BROKEN) > 0;
}

static int
show_json(const struct run *run)
{
	json_t *counts = json_object(), *bad = json_array(), *root;

	for (int v = 0; v < VERDICTS; v++)
		json_object_set_new(counts, verdict_name((enum verdict)v),
		    json_integer((json_int_t)run_count(run, (enum verdict)v)));
	for (size_t i = 0; i < run->result_count; i++)
		if (verdict_wrong(run->results[i].verdict))
			json_array_append_new(bad,
			    result_to_json(&run->results[i], true));
	root = json_pack("{ss si so so so sb}", "format", "mach-vm-tests show",
	    "version", 1, "label", text_to_json(run_label(run)), "counts",
	    counts, "wrong", bad, "extrapolated", extrapolated(run));
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
	return status(run);
}

static void
fingerprint(const struct run *run)
{
	printf("%s\n", run_label(run));
	for (size_t i = 0; i < run->key_count; i++)
		if (*run->keys[i].value != '\0')
			printf("    %-16s %s\n", run->keys[i].name,
			    run->keys[i].value);
	putchar('\n');
}

int
show(const struct run *run, enum format format, enum part part)
{
	if (format == JSON)
		return show_json(run);
	if (part != COUNTS)
		wrong(run, part == ALL ? SIZE_MAX : BRIEF_LIMIT);
	if (part == ALL) {
		fingerprint(run);
		listed(run, EXPECTED_FAILURE, "known gaps of the model");
		listed(run, UNDECIDED, "undecided");
	}
	if (part == ALL || part == BRIEF)
		table(run);
	if (part == ALL)
		slowest(run);
	if (part == BRIEF)
		printf("results: %s\n", run->path);
	if (part != WRONG)
		show_counts(run);
	return status(run);
}
