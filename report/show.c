/*
 * show: one run, what is wrong first.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"

enum { SLOWEST = 5 };

static void wrong(const struct result *r)
{
	printf("%s %s.%s\n", r->verdict == BROKEN ? "broken" : "failed",
	    r->routine, r->name);
	printf("    id        %s\n", r->id);
	if (*r->sentence != '\0')
		printf("    sentence  %s\n", r->sentence);
	if (*r->source != '\0')
		printf("    source    %s\n", r->source);
	for (size_t i = 0; i < r->answer_count; i++) {
		const struct answer *a = &r->answers[i];

		if (strcmp(a->verdict, "fail") == 0)
			printf("    call      %s\n    answer    %s\n",
			    a->call, a->answer);
	}
	if (*r->reason != '\0')
		printf("    reason    %s\n", r->reason);
	for (const char *line = r->output; *line != '\0';
	    line += strspn(line, "\n")) {
		size_t length = strcspn(line, "\n");

		printf("    | %.*s\n", (int)length, line);
		line += length;
	}
	putchar('\n');
}

static void listed(const struct run *run, enum verdict v, const char *title)
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

static void print_row(const char *routine, const size_t *count)
{
	printf("%-22s", routine);
	for (int v = 0; v < VERDICTS; v++) {
		if (count[v] == 0)
			printf(" %9s", ".");
		else
			printf(" %9zu", count[v]);
	}
	putchar('\n');
}

/* Results are in order of routine. */
static void table(const struct run *run)
{
	struct tally total = { "all", { 0 } }, row = { "", { 0 } };

	printf("%-22s %9s %9s %9s %9s %9s %9s\n", "routine", "passed",
	    "failed", "expected", "undecided", "skipped", "broken");
	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		if (strcmp(r->routine, row.routine) != 0) {
			if (i > 0)
				print_row(row.routine, row.count);
			row = (struct tally){ r->routine, { 0 } };
		}
		row.count[r->verdict]++;
		total.count[r->verdict]++;
	}
	if (run->result_count > 0)
		print_row(row.routine, row.count);
	print_row(total.routine, total.count);
	putchar('\n');
}

static int slower(const void *a, const void *b)
{
	const struct result *const *x = a, *const *y = b;

	return ((*y)->seconds > (*x)->seconds) -
	    ((*y)->seconds < (*x)->seconds);
}

static void slowest(const struct run *run)
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

static bool extrapolated(const struct run *run)
{
	return strcmp(run_key(run, "extrapolated"), "yes") == 0;
}

void show_counts(const struct run *run)
{
	size_t undecided = run_count(run, UNDECIDED);
	size_t expected = run_count(run, EXPECTED_FAILURE);

	if (undecided > 0)
		printf("undecided: %zu, recorded and not judged\n", undecided);
	if (expected > 0)
		printf("expected failures: %zu, known gaps of the model\n",
		    expected);
	if (extrapolated(run))
		printf("extrapolated: %s is newer than the newest known "
		    "release, whose answers were required\n",
		    run_key(run, "release"));
	printf("conformance: %zu passed, %zu failed, %zu skipped\n",
	    run_count(run, PASSED),
	    run_count(run, FAILED) + run_count(run, BROKEN),
	    run_count(run, SKIPPED) + undecided + expected);
}

static int status(const struct run *run)
{
	return run_count(run, FAILED) + run_count(run, BROKEN) > 0;
}

static int show_json(const struct run *run)
{
	json_t *counts = json_object(), *bad = json_array(), *root;

	for (int v = 0; v < VERDICTS; v++)
		json_object_set_new(counts, verdict_name((enum verdict)v),
		    json_integer((json_int_t)run_count(run, (enum verdict)v)));
	for (size_t i = 0; i < run->result_count; i++)
		if (verdict_wrong(run->results[i].verdict))
			json_array_append_new(bad,
			    result_to_json(&run->results[i], true));
	root = json_pack("{ss si so so so sb}", "format",
	    "mach-vm-tests show", "version", 1,
	    "label", text_to_json(run_label(run)), "counts", counts, "wrong",
	    bad, "extrapolated", extrapolated(run));
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
	return status(run);
}

int show(const struct run *run, enum format format)
{
	if (format == JSON)
		return show_json(run);
	for (size_t i = 0; i < run->result_count; i++)
		if (verdict_wrong(run->results[i].verdict))
			wrong(&run->results[i]);
	printf("%s\n", run_label(run));
	for (size_t i = 0; i < run->key_count; i++)
		printf("    %-16s %s\n", run->keys[i].name,
		    run->keys[i].value);
	putchar('\n');
	listed(run, EXPECTED_FAILURE, "expected failures");
	listed(run, UNDECIDED, "undecided");
	table(run);
	slowest(run);
	show_counts(run);
	return status(run);
}
