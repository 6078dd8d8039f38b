/*
 * flaky: several runs of one machine, and the cases that did not always end
 * the same way.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"

/* What must be equal for two runs to be of one machine. */
static const char *const identity[] = { "system", "release", "build", "arch",
	"page", "translated" };

static void
require_same_machine(struct run *const *runs, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = 0; k < sizeof(identity) / sizeof(*identity);
		     k++)
			if (strcmp(run_key(runs[0], identity[k]),
				run_key(runs[i], identity[k])) != 0)
				warnx("%s: %s differs from %s's: not the same "
				      "machine",
				    runs[i]->path, identity[k], runs[0]->path);
}

struct tally {
	size_t seen, of[VERDICTS], answers;
};

/* answers: how many runs gave other answers than the first that has it. */
static struct tally
tally(struct run *const *runs, size_t count, const struct result *like)
{
	struct tally t = { 0 };
	char *first = result_answers(like), *here;
	const struct result *r;

	for (size_t i = 0; i < count; i++) {
		if ((r = run_find(runs[i], like)) == NULL)
			continue;
		here = result_answers(r);
		t.seen++;
		t.of[r->verdict]++;
		t.answers += (here == NULL) != (first == NULL) ||
		    (here != NULL && strcmp(here, first) != 0);
		free(here);
	}
	free(first);
	return t;
}

static bool
steady(const struct tally *t, size_t runs)
{
	for (int v = 0; v < VERDICTS; v++)
		if (t->of[v] == t->seen)
			return t->seen == runs && t->answers == 0;
	return false;
}

static void
print_case(const struct result *r, const struct tally *t, size_t runs)
{
	printf("%s.%s\n   ", r->routine, r->name);
	for (int v = 0; v < VERDICTS; v++)
		if (t->of[v] > 0)
			printf(" %s %zu of %zu,", verdict_name((enum verdict)v),
			    t->of[v], runs);
	if (t->seen < runs)
		printf(" absent %zu of %zu,", runs - t->seen, runs);
	printf(" other answers %zu\n", t->answers);
}

static json_t *
json_case(const struct result *r, const struct tally *t, size_t runs)
{
	json_t *verdicts = json_object();

	for (int v = 0; v < VERDICTS; v++)
		json_object_set_new(verdicts, verdict_name((enum verdict)v),
		    json_integer((json_int_t)t->of[v]));
	return json_pack("{so so so sI sI sI so}", "routine",
	    text_to_json(r->routine), "id", text_to_json(r->id), "name",
	    text_to_json(r->name), "runs", (json_int_t)runs, "seen",
	    (json_int_t)t->seen, "other_answers", (json_int_t)t->answers,
	    "verdicts", verdicts);
}

/* The case is taken with the first run that has it. */
static bool
earlier(struct run *const *runs, size_t run, const struct result *r)
{
	for (size_t i = 0; i < run; i++)
		if (run_find(runs[i], r) != NULL)
			return true;
	return false;
}

int
flaky(struct run *const *runs, size_t count, enum format format)
{
	json_t *list = json_array(), *root;
	size_t unsteady = 0;

	require_same_machine(runs, count);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < runs[i]->result_count; k++) {
			const struct result *r = &runs[i]->results[k];
			struct tally t;

			if (earlier(runs, i, r))
				continue;
			t = tally(runs, count, r);
			if (steady(&t, count))
				continue;
			unsteady++;
			if (format == JSON)
				json_array_append_new(list,
				    json_case(r, &t, count));
			else
				print_case(r, &t, count);
		}
	}
	if (format == JSON) {
		root = json_pack("{ss si sI sO}", "format",
		    "mach-vm-tests flaky", "version", 1, "runs",
		    (json_int_t)count, "cases", list);
		json_dumpf(root, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(root);
	} else {
		printf("flaky: %zu cases did not always end the same way in "
		       "%zu runs\n",
		    unsteady, count);
	}
	json_decref(list);
	return unsteady > 0;
}
