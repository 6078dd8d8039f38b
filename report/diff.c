/*
 * diff: what changed between two runs, regressions first.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "merge_routes.h"
#include "variants.h"

enum change { REGRESSED, FIXED, ANSWER, VERDICT, NEW, GONE, CHANGES };

static const struct {
	const char *key, *title;
} kinds[CHANGES] = {
	[REGRESSED] = { "regressions", "not wrong before, wrong now" },
	[FIXED] = { "fixes", "wrong before, right now" },
	[ANSWER] = { "answers", "another answer, right both times" },
	[VERDICT] = { "verdicts",
	    "judged in one run only (skipped, undecided, a known gap)" },
	[NEW] = { "new", "only the new run, or its release, has it" },
	[GONE] = { "gone", "only the old run, or its release, has it" },
};

struct difference {
	enum change change;
	const struct result *old, *new;
};

struct comparison {
	const struct run *old, *new;
	struct difference *all;
	size_t count, of[CHANGES], rows[CHANGES];
	size_t elsewhere; /* cases of rows that the other run has through other
			   * routes only */
};

static bool
same_answers(const struct result *a, const struct result *b)
{
	char *x = result_answers(a), *y = result_answers(b);
	bool same = x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);

	free(x);
	free(y);
	if (same || a->answer_count != b->answer_count)
		return same;
	for (size_t i = 0; i < a->answer_count; i++)
		if (!answer_same(a->answers[i].answer, b->answers[i].answer))
			return false;
	return a->answer_count > 0;
}

/* CHANGES: nothing changed. */
static enum change
change_of(const struct result *old, const struct result *new)
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

static void
add(struct comparison *c, const struct result *old, const struct result *new)
{
	enum change change;

	/* A case that passes where the release of the other run has no such
	 * behaviour is new or gone. */
	if (old != NULL && new != NULL && result_absent(old) &&
	    new->verdict == PASSED)
		old = NULL;
	else if (old != NULL && new != NULL && result_absent(new) &&
	    old->verdict == PASSED)
		new = NULL;
	change = change_of(old, new);
	if (change == CHANGES)
		return;
	c->all[c->count++] = (struct difference){ change, old, new };
	c->of[change]++;
}

/* The same messages: which of the two traps sends them depends on the release
 * (lib/routes.h). */
static const struct result *
find_by_message(const struct run *run, const struct result *r)
{
	static const char *const routes[] = { "mig", "mig2" };
	struct result like = *r;
	const struct result *found = NULL;
	size_t stem = result_name_length(r);
	char name[256];

	if (strcmp(r->route, "mig") != 0 && strcmp(r->route, "mig2") != 0)
		return NULL;
	for (size_t i = 0; i < 2 && found == NULL; i++) {
		like.route = (char *)routes[i];
		snprintf(name, sizeof(name), "%.*s__%s", (int)stem, r->name,
		    like.route);
		like.name = name;
		found = run_find(run, &like);
	}
	return found;
}

static const struct result *
counterpart(const struct run *run, const struct result *r)
{
	const struct result *found = run_find(run, r);

	return found != NULL ? found : find_by_message(run, r);
}

static const struct result *
of_either(const struct difference *d)
{
	return d->new != NULL ? d->new : d->old;
}

static void
count_rows(struct comparison *c)
{
	const struct result *last[CHANGES] = { NULL };

	for (size_t i = 0; i < c->count; i++) {
		enum change k = c->all[i].change;
		const struct result *r = of_either(&c->all[i]);

		c->rows[k] += last[k] == NULL ||
		    result_compare_rows(last[k], r) != 0;
		last[k] = r;
	}
}

static void
compare(struct comparison *c)
{
	c->all = calloc(c->old->result_count + c->new->result_count + 1,
	    sizeof(*c->all));
	if (c->all == NULL)
		err(2, "memory");
	for (size_t i = 0; i < c->new->result_count; i++) {
		const struct result *r = &c->new->results[i];
		const struct result *old = counterpart(c->old, r);

		if (old == NULL && run_find_row(c->old, r) != NULL)
			c->elsewhere++;
		else
			add(c, old, r);
	}
	for (size_t i = 0; i < c->old->result_count; i++) {
		const struct result *r = &c->old->results[i];

		if (counterpart(c->new, r) != NULL)
			continue;
		if (run_find_row(c->new, r) != NULL)
			c->elsewhere++;
		else
			add(c, r, NULL);
	}
	count_rows(c);
}

/* ---- the fingerprint ----------------------------------------------------- */

static bool
has_key(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->key_count; i++)
		if (strcmp(run->keys[i].name, name) == 0)
			return true;
	return false;
}

/* Calls f(key, old, new) for each key whose value differs. */
static void
each_key(const struct comparison *c,
    void (*f)(void *, const char *, const char *, const char *), void *to)
{
	const struct run *o = c->old, *n = c->new;

	for (size_t i = 0; i < n->key_count; i++)
		if (strcmp(run_key(o, n->keys[i].name), n->keys[i].value) != 0)
			f(to, n->keys[i].name, run_key(o, n->keys[i].name),
			    n->keys[i].value);
	for (size_t i = 0; i < o->key_count; i++)
		if (!has_key(n, o->keys[i].name) && *o->keys[i].value != '\0')
			f(to, o->keys[i].name, o->keys[i].value, "");
}

/* Text, or what a table of Markdown may hold of it. */
static void
put(FILE *f, const char *text, bool markdown)
{
	for (; *text != '\0'; text++) {
		if (markdown && *text == '<')
			fputs("&lt;", f);
		else if (markdown && *text == '&')
			fputs("&amp;", f);
		else if (markdown && strchr("\\`*_[]|~", *text) != NULL)
			fprintf(f, "\\%c", *text);
		else
			putc(*text, f);
	}
}

struct print_key {
	bool markdown, *same;
};

static void
print_key(void *to, const char *key, const char *old, const char *new)
{
	const struct print_key *how = to;

	*how->same = false;
	if (!how->markdown) {
		printf("    %-16s %s -> %s\n", key, *old != '\0' ? old : "-",
		    *new != '\0' ? new : "-");
		return;
	}
	fputs("| ", stdout);
	put(stdout, key, true);
	fputs(" | ", stdout);
	put(stdout, old, true);
	fputs(" | ", stdout);
	put(stdout, new, true);
	puts(" |");
}

static void
json_key(void *object, const char *key, const char *old, const char *new)
{
	json_object_set_new(object, key,
	    json_pack("{so so}", "old", text_to_json(old), "new",
		text_to_json(new)));
}

/* ---- what of a case changed ---------------------------------------------- */

/* answers: told here, as the other run was asked nothing. */
static void
put_verdict(FILE *f, const struct result *r, bool answers, bool markdown)
{
	char *text = answers ? result_answers(r) : NULL;

	put(f, verdict_name(r->verdict), markdown);
	if (*r->reason != '\0')
		fputs(": ", f);
	put(f, r->reason, markdown);
	if (text != NULL)
		fputs(", answered ", f);
	put(f, text != NULL ? text : "", markdown);
	free(text);
}

/* A call and what it was answered in the two runs; NULL: not asked. */
struct asked {
	const char *call, *old, *new;
	bool told;
};

static bool
same_string(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
same_asked(const struct asked *a, const struct asked *b)
{
	return same_string(a->call, b->call) && same_string(a->old, b->old) &&
	    same_string(a->new, b->new);
}

/* The calls whose answer changed; how many there are. */
static size_t
list_asked(const struct difference *d, struct asked *list)
{
	const struct answer *a, *old;
	size_t count = 0;

	for (size_t i = 0; i < d->new->answer_count; i++) {
		a = &d->new->answers[i];
		old = result_answer_like(d->old, d->new, i);
		if (old == NULL || !answer_same(old->answer, a->answer))
			list[count++] = (struct asked){ a->call,
				old != NULL ? old->answer : NULL, a->answer,
				false };
	}
	for (size_t i = 0; i < d->old->answer_count; i++) {
		a = &d->old->answers[i];
		if (result_answer_like(d->new, d->old, i) == NULL)
			list[count++] = (struct asked){ a->call, a->answer,
				NULL, false };
	}
	return count;
}

/* Those of the list, the same ones (loops of a case) once. */
static void
each_asked(FILE *f, const struct difference *d,
    void (*one)(FILE *, const struct asked *, size_t times))
{
	struct asked *list;
	size_t count, times;

	if (d->old->answer_count == 0 || d->new->answer_count == 0)
		return;
	list = calloc(d->old->answer_count + d->new->answer_count,
	    sizeof(*list));
	if (list == NULL)
		err(2, "memory");
	count = list_asked(d, list);
	for (size_t i = 0; i < count; i++) {
		if (list[i].told)
			continue;
		times = 0;
		for (size_t k = i; k < count; k++) {
			if (!same_asked(&list[i], &list[k]))
				continue;
			list[k].told = true;
			times++;
		}
		one(f, &list[i], times);
	}
	free(list);
}

static const char *
or_not(const char *answer)
{
	return answer != NULL ? answer : "(not asked)";
}

static void
text_asked(FILE *f, const struct asked *a, size_t times)
{
	fprintf(f, "    %s", a->call);
	if (times > 1)
		fprintf(f, " (%zu times)", times);
	fprintf(f, "\n        %s -> %s\n", or_not(a->old), or_not(a->new));
}

static bool
nothing_asked(const struct difference *d)
{
	return d->old->answer_count == 0 || d->new->answer_count == 0;
}

static void
text_change(FILE *f, const struct difference *d)
{
	if (d->change != ANSWER)
		fputs("    ", f);
	if (d->change == NEW || d->change == GONE) {
		put_verdict(f, of_either(d), true, false);
	} else if (d->change != ANSWER) {
		fputs("old: ", f);
		put_verdict(f, d->old, nothing_asked(d), false);
		fputs("\n    new: ", f);
		put_verdict(f, d->new, nothing_asked(d), false);
	}
	if (d->change != ANSWER)
		putc('\n', f);
	if (d->old != NULL && d->new != NULL)
		each_asked(f, d, text_asked);
	if (d->change == REGRESSED)
		put_wrong(f, d->new);
}

static void
put_text(void *to, const struct result *r, const char *routes, const char *text)
{
	(void)to;
	printf("\n  %s.%.*s  [%s]\n", r->routine, (int)result_name_length(r),
	    r->name, r->id);
	if (*r->sentence != '\0')
		printf("    %s\n", r->sentence);
	if (*r->source != '\0')
		printf("    source: %s\n", r->source);
	if (*routes != '\0')
		printf("    through: %s\n", routes);
	fputs(text, stdout);
}

/* ---- the same in Markdown -------------------------------------------------- */

static void
markdown_asked(FILE *f, const struct asked *a, size_t times)
{
	put(f, a->call, true);
	if (times > 1)
		fprintf(f, " (%zu times)", times);
	fputs(": ", f);
	put(f, or_not(a->old), true);
	fputs(" \xe2\x86\x92 **", f);
	put(f, or_not(a->new), true);
	fputs("**<br>", f);
}

static void
markdown_change(FILE *f, const struct difference *d)
{
	if (d->change == NEW || d->change == GONE) {
		put_verdict(f, of_either(d), true, true);
		return;
	}
	if (d->change != ANSWER) {
		fputs("was ", f);
		put_verdict(f, d->old, nothing_asked(d), true);
		fputs("<br>is ", f);
		put_verdict(f, d->new, nothing_asked(d), true);
		fputs("<br>", f);
	}
	each_asked(f, d, markdown_asked);
}

static void
put_markdown(void *to, const struct result *r, const char *routes,
    const char *text)
{
	(void)to;
	fputs("| ", stdout);
	put(stdout, r->routine, true);
	putchar('.');
	for (size_t i = 0; i < result_name_length(r); i++)
		put(stdout, (const char[]){ r->name[i], '\0' }, true);
	fputs(" | ", stdout);
	put(stdout, r->sentence, true);
	fputs(" (", stdout);
	put(stdout, r->source, true);
	printf(") | %s | ", text);
	put(stdout, routes, true);
	puts(" |");
}

/* ---- both ------------------------------------------------------------------ */

static void
print_counts(const struct comparison *c, bool markdown)
{
	puts(markdown ? "| change | behaviours | cases | |\n|---|--:|--:|---|" :
			"             behaviours  cases");
	for (int k = 0; k < CHANGES; k++)
		printf(markdown ? "| %s | %zu | %zu | %s |\n" :
				  "%-12s %10zu %6zu  %s\n",
		    kinds[k].key, c->rows[k], c->of[k], kinds[k].title);
	if (c->elsewhere > 0)
		printf("%s%zu cases through routes that only one of the runs "
		       "has are not compared\n",
		    markdown ? "\n" : "", c->elsewhere);
}

static char *
change_text(const struct difference *d, bool markdown)
{
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	(markdown ? markdown_change : text_change)(f, d);
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

static void
print_kind(const struct comparison *c, enum change kind, bool markdown)
{
	struct route_text *texts = calloc(c->of[kind] + 1, sizeof(*texts));
	size_t count = 0;

	if (texts == NULL)
		err(2, "memory");
	for (size_t i = 0; i < c->count; i++)
		if (c->all[i].change == kind)
			texts[count++] = (struct route_text){ of_either(
								  &c->all[i]),
				change_text(&c->all[i], markdown) };
	printf(markdown ?
		"\n## %s: %s\n\n| behaviour | what it says (source) | "
		"change | routes |\n|---|---|---|---|\n" :
		"\n%s: %s\n",
	    kinds[kind].key, kinds[kind].title);
	merge_routes(texts, count, markdown ? put_markdown : put_text, NULL);
	free(texts);
}

static void
print(const struct comparison *c, bool markdown)
{
	const char *was = run_label(c->old), *is = run_label(c->new);
	bool same = true;

	if (markdown)
		fputs("# ", stdout);
	put(stdout, was, markdown);
	fputs(" -> ", stdout);
	put(stdout, is, markdown);
	fputs("\n\n", stdout);
	print_counts(c, markdown);
	puts(markdown ? "\n## The system\n\n| | old | new |\n|---|---|---|" :
			"\nthe system");
	each_key(c, print_key, (struct print_key[]){ { markdown, &same } });
	if (same)
		puts(markdown ? "| the same | | |" : "    the same");
	for (int k = 0; k < CHANGES; k++)
		if (c->of[k] > 0)
			print_kind(c, (enum change)k, markdown);
}

/* ---- JSON ---------------------------------------------------------------- */

static json_t *
side(const struct result *r)
{
	return r != NULL ? result_to_json(r, false) : json_null();
}

static void
print_json(const struct comparison *c)
{
	json_t *keys = json_object(), *counts = json_object(), *root, *list;

	each_key(c, json_key, keys);
	for (int k = 0; k < CHANGES; k++)
		json_object_set_new(counts, kinds[k].key,
		    json_pack("{sI sI}", "behaviours", (json_int_t)c->rows[k],
			"cases", (json_int_t)c->of[k]));
	root = json_pack("{ss si so so so so}", "format", "mach-vm-tests diff",
	    "version", 1, "old", text_to_json(run_label(c->old)), "new",
	    text_to_json(run_label(c->new)), "counts", counts, "fingerprint",
	    keys);
	for (int k = 0; k < CHANGES; k++) {
		list = json_array();
		for (size_t i = 0; i < c->count; i++)
			if ((int)c->all[i].change == k)
				json_array_append_new(list,
				    json_pack("{so so}", "old",
					side(c->all[i].old), "new",
					side(c->all[i].new)));
		json_object_set_new(root, kinds[k].key, list);
	}
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

int
diff(const struct run *old, const struct run *new, enum format format)
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
