/*
 * diff: what changed between two runs, regressions first.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"

enum change { REGRESSED, FIXED, ANSWER, VERDICT, NEW, GONE, CHANGES };

static const struct {
	const char *key, *title;
} kinds[CHANGES] = {
	[REGRESSED] = { "regressions", "regressions: right before, wrong now" },
	[FIXED] = { "fixes", "fixes: wrong before, right now" },
	[ANSWER] = { "answers", "answers that changed, right both times" },
	[VERDICT] = { "verdicts", "other verdicts that changed" },
	[NEW] = { "new", "new cases" },
	[GONE] = { "gone", "cases that are gone" },
};

struct difference {
	enum change change;
	const struct result *old, *new;
};

struct comparison {
	const struct run *old, *new;
	struct difference *all;
	size_t count, of[CHANGES];
};

static bool same_answers(const struct result *a, const struct result *b)
{
	char *x = result_answers(a), *y = result_answers(b);
	bool same = x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);

	free(x);
	free(y);
	return same;
}

/* CHANGES: nothing changed. */
static enum change change_of(const struct result *old,
    const struct result *new)
{
	if (old == NULL)
		return NEW;
	if (new == NULL)
		return GONE;
	if (!verdict_wrong(old->verdict) && verdict_wrong(new->verdict))
		return REGRESSED;
	if (verdict_wrong(old->verdict) && new->verdict == PASSED)
		return FIXED;
	if (old->verdict != new->verdict)
		return VERDICT;
	return same_answers(old, new) ? CHANGES : ANSWER;
}

static void add(struct comparison *c, const struct result *old,
    const struct result *new)
{
	enum change change = change_of(old, new);

	if (change == CHANGES)
		return;
	c->all[c->count++] = (struct difference){ change, old, new };
	c->of[change]++;
}

static void compare(struct comparison *c)
{
	c->all = calloc(c->old->result_count + c->new->result_count + 1,
	    sizeof(*c->all));
	if (c->all == NULL)
		abort();
	for (size_t i = 0; i < c->new->result_count; i++)
		add(c, run_find(c->old, &c->new->results[i]),
		    &c->new->results[i]);
	for (size_t i = 0; i < c->old->result_count; i++)
		if (run_find(c->new, &c->old->results[i]) == NULL)
			add(c, &c->old->results[i], NULL);
}

/* ---- the fingerprint ----------------------------------------------------- */

/* Calls f(key, old, new) for each key whose value differs. */
static void each_key(const struct comparison *c,
    void (*f)(void *, const char *, const char *, const char *), void *to)
{
	const struct run *o = c->old, *n = c->new;

	for (size_t i = 0; i < n->key_count; i++)
		if (strcmp(run_key(o, n->keys[i].name),
		    n->keys[i].value) != 0)
			f(to, n->keys[i].name, run_key(o, n->keys[i].name),
			    n->keys[i].value);
	for (size_t i = 0; i < o->key_count; i++)
		if (*run_key(n, o->keys[i].name) == '\0' &&
		    *o->keys[i].value != '\0')
			f(to, o->keys[i].name, o->keys[i].value, "");
}

static void print_key(void *markdown, const char *key, const char *old,
    const char *new)
{
	if (markdown != NULL)
		printf("| %s | `%s` | `%s` |\n", key, old, new);
	else
		printf("    %-16s %s -> %s\n", key, *old != '\0' ? old : "-",
		    *new != '\0' ? new : "-");
}

static void json_key(void *object, const char *key, const char *old,
    const char *new)
{
	json_object_set_new(object, key, json_pack("{so so}", "old",
	    text_to_json(old), "new", text_to_json(new)));
}

/* ---- text and Markdown --------------------------------------------------- */

static void print_counts(const struct comparison *c, bool markdown)
{
	for (int k = 0; k < CHANGES; k++)
		printf(markdown ? "| %s | %zu |\n" : "%-10s %zu\n",
		    kinds[k].key, c->of[k]);
}

/* The answer that a reader wants to see beside the verdict. */
static void print_side(const char *side, const struct result *r)
{
	char *answers;

	if (r == NULL)
		return;
	answers = result_answers(r);
	printf("    %s  %s%s%s%s%s\n", side, verdict_name(r->verdict),
	    answers != NULL ? ", " : "", answers != NULL ? answers : "",
	    *r->reason != '\0' ? ": " : "", r->reason);
	free(answers);
}

static void print_text(const struct difference *d)
{
	const struct result *r = d->new != NULL ? d->new : d->old;

	printf("  %s.%s  [%s]\n", r->routine, r->name, r->id);
	if (d->change == NEW || d->change == GONE)
		return;
	if (*r->sentence != '\0')
		printf("    %s\n", r->sentence);
	if (*r->source != '\0')
		printf("    (%s)\n", r->source);
	print_side("old", d->old);
	print_side("new", d->new);
}

/* A cell of a Markdown table: no bar, no line end, no tag. */
static void print_cell(const char *text)
{
	printf("| ");
	for (; *text != '\0'; text++) {
		if (*text == '|')
			fputs("\\|", stdout);
		else if (*text == '<')
			fputs("&lt;", stdout);
		else
			putchar(*text == '\n' ? ' ' : *text);
	}
	putchar(' ');
}

static void print_side_cell(const struct result *r)
{
	char *answers = r != NULL ? result_answers(r) : NULL;

	print_cell(r != NULL ? verdict_name(r->verdict) : "");
	print_cell(answers != NULL ? answers : "");
	free(answers);
}

static void print_markdown(const struct difference *d)
{
	const struct result *r = d->new != NULL ? d->new : d->old;

	printf("| %s.%s ", r->routine, r->name);
	print_cell(r->sentence);
	print_side_cell(d->old);
	print_side_cell(d->new);
	puts("|");
}

static void print(const struct comparison *c, bool markdown)
{
	char *was = copy_string(run_label(c->old));

	printf(markdown ? "# %s -> %s\n\n| change | cases |\n|---|---|\n" :
	    "%s -> %s\n\n", was, run_label(c->new));
	print_counts(c, markdown);
	puts(markdown ? "\n## fingerprint\n\n| | old | new |\n|---|---|---|" :
	    "\nfingerprint");
	each_key(c, print_key, markdown ? was : NULL);
	for (int k = 0; k < CHANGES; k++) {
		if (c->of[k] == 0)
			continue;
		printf(markdown ? "\n## %s\n\n| case | sentence | old | answer "
		    "| new | answer |\n|---|---|---|---|---|---|\n" : "\n%s\n",
		    kinds[k].title);
		for (size_t i = 0; i < c->count; i++) {
			if ((int)c->all[i].change != k)
				continue;
			if (markdown)
				print_markdown(&c->all[i]);
			else
				print_text(&c->all[i]);
		}
	}
	free(was);
}

/* ---- JSON ---------------------------------------------------------------- */

static json_t *side(const struct result *r)
{
	return r != NULL ? result_to_json(r, false) : json_null();
}

static void print_json(const struct comparison *c)
{
	json_t *keys = json_object(), *root, *list;

	each_key(c, json_key, keys);
	root = json_pack("{ss si so so so}", "format", "mach-vm-tests diff",
	    "version", 1, "old", text_to_json(run_label(c->old)),
	    "new", text_to_json(run_label(c->new)), "fingerprint", keys);
	for (int k = 0; k < CHANGES; k++) {
		list = json_array();
		for (size_t i = 0; i < c->count; i++)
			if ((int)c->all[i].change == k)
				json_array_append_new(list, json_pack(
				    "{so so}", "old", side(c->all[i].old),
				    "new", side(c->all[i].new)));
		json_object_set_new(root, kinds[k].key, list);
	}
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

int diff(const struct run *old, const struct run *new, enum format format)
{
	struct comparison c = { .old = old, .new = new };

	compare(&c);
	if (format == JSON)
		print_json(&c);
	else
		print(&c, format == MARKDOWN);
	free(c.all);
	return c.of[REGRESSED] > 0;
}
