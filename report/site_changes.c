/*
 * What changed in which release: for each processor the releases in order,
 * kernels before models, and where the answers of two neighbours differ.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "site.h"

/* A behaviour that is another in a release than in the one before. */
struct change {
	const char *release, *before;
	const struct behaviour *behaviour;
	int was, is;
	bool seen; /* by kernels on both sides */
	unsigned processors;
};

struct changes {
	struct change *list;
	size_t count, room;
};

static const char *const processors[] = { "x86_64", "arm64", "rosetta" };
enum { PROCESSORS = 3 };

static void
add(struct changes *c, struct change one)
{
	for (size_t i = c->count; i-- > 0;) {
		struct change *other = &c->list[i];

		if (other->behaviour != one.behaviour)
			break;
		if (strcmp(other->release, one.release) == 0 &&
		    other->was == one.was && other->is == one.is) {
			other->processors |= one.processors;
			other->seen |= one.seen;
			return;
		}
	}
	if (c->count == c->room) {
		c->room = c->room == 0 ? 256 : 2 * c->room;
		c->list = realloc(c->list, c->room * sizeof(*c->list));
		if (c->list == NULL)
			err(2, "memory");
	}
	c->list[c->count++] = one;
}

/* An answer that was not judged is a change only where its release is known by
 * this kernel alone and no other kernel's answer was found wanting, too: else
 * it was the question that was wrong. */
static bool
is_doubtful(const struct variants *v, size_t column)
{
	const struct table *t = v->table;
	bool doubtful = false;

	if (v->members[column].standing != UNJUDGED)
		return false;
	for (size_t i = 0; i < t->run_count && !doubtful; i++) {
		if (i == column)
			continue;
		doubtful = run_is_model(t->runs[i]) ?
		    v->members[i].standing != SILENT &&
			release_same_major(run_key(t->runs[i], "release"),
			    run_key(t->runs[column], "release")) :
		    v->members[i].standing == UNJUDGED;
	}
	return doubtful;
}

/* The column of the processor that speaks for the release after that of last,
 * -1: there is none. */
static int
next_column(const struct variants *v, size_t p, int last)
{
	const struct table *t = v->table;
	const char *release, *best = NULL;
	int found = -1;

	for (size_t i = 0; i < t->run_count; i++) {
		release = run_key(t->runs[i], "release");
		if (v->of[i] < 0 || is_doubtful(v, i) ||
		    strcmp(run_processor(t->runs[i]), processors[p]) != 0 ||
		    (last >= 0 &&
			release_compare(release,
			    run_key(t->runs[last], "release")) <= 0) ||
		    (best != NULL && release_compare(release, best) >= 0))
			continue;
		best = release; /* kernels come before models */
		found = (int)i;
	}
	return found;
}

/* Did a kernel of that release or beyond (side 1: newer) answer so? */
static bool
is_seen(const struct variants *v, size_t p, int variant, int column, int side)
{
	const struct table *t = v->table;
	const char *release = run_key(t->runs[column], "release");

	for (size_t i = 0; i < t->run_count; i++)
		if (v->of[i] == variant && !run_is_model(t->runs[i]) &&
		    strcmp(run_processor(t->runs[i]), processors[p]) == 0 &&
		    side *
			    release_compare(run_key(t->runs[i], "release"),
				release) >=
			0)
			return true;
	return false;
}

static void
find_changes(struct changes *c, const struct behaviour *b, size_t p)
{
	const struct variants *v = &b->variants;
	int last = next_column(v, p, -1), next;

	for (; last >= 0; last = next) {
		if ((next = next_column(v, p, last)) < 0)
			return;
		if (v->of[last] == v->of[next])
			continue;
		add(c,
		    (struct change){ run_key(v->table->runs[next], "release"),
			run_key(v->table->runs[last], "release"), b,
			v->of[last], v->of[next],
			is_seen(v, p, v->of[last], last, -1) &&
			    is_seen(v, p, v->of[next], next, 1),
			1u << p });
	}
}

static int
newest_first(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	int order = release_compare(y->release, x->release);

	if (order == 0)
		order = y->seen - x->seen;
	return order != 0 ?
	    order :
	    (x->behaviour > y->behaviour) - (x->behaviour < y->behaviour);
}

static void
gather(struct changes *c, const struct site *s)
{
	*c = (struct changes){ 0 };
	for (size_t i = 0; i < s->table.row_count; i++)
		for (size_t p = 0; p < PROCESSORS; p++)
			find_changes(c, &s->all[i], p);
	if (c->count > 1)
		qsort(c->list, c->count, sizeof(*c->list), newest_first);
}

static size_t
end_of_release(const struct changes *c, size_t i)
{
	size_t end = i + 1;

	while (end < c->count &&
	    strcmp(c->list[i].release, c->list[end].release) == 0)
		end++;
	return end;
}

static size_t
count_seen(const struct changes *c, size_t from, size_t to)
{
	size_t count = 0;

	for (; from < to; from++)
		count += c->list[from].seen;
	return count;
}

void
put_changes(FILE *f, struct site *s)
{
	struct changes c;
	size_t end;

	gather(&c, s);
	fputs("<ul class=changes>\n", f);
	for (size_t i = 0; i < c.count; i = end) {
		end = end_of_release(&c, i);
		fputs("<li><a href=\"changes.html#", f);
		put_html(f, c.list[i].release);
		fputs("\"><b>", f);
		put_html(f, c.list[i].release);
		fprintf(f, "</b> %zu behaviour%s</a>", end - i,
		    end - i == 1 ? "" : "s");
		if (count_seen(&c, i, end) > 0)
			fprintf(f, " <small>%zu seen on kernels</small>",
			    count_seen(&c, i, end));
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
	free(c.list);
}

static void
put_answer(FILE *f, const struct variants *v, int variant, int other)
{
	const char *call;
	char *text = answer_apart(v, (size_t)variant, other, &call);

	if (strlen(text) > 100)
		strcpy(text + 97, "...");
	put_html(f, text);
	free(text);
}

static void
put_change(FILE *f, const struct change *c)
{
	const struct variants *v = &c->behaviour->variants;
	const char *call;

	free(answer_apart(v, (size_t)c->is, c->was, &call));
	fputs("<li><a href=\"", f);
	put_link(f, c->behaviour);
	fputs("\">", f);
	put_html(f, c->behaviour->row->routine);
	fputs(": ", f);
	put_html(f, c->behaviour->name);
	fputs("</a> ", f);
	for (size_t p = 0; p < PROCESSORS; p++)
		if (c->processors & 1u << p)
			fprintf(f, "<small>%s</small> ", processors[p]);
	fputs(c->seen ? "<b class=s0>seen on kernels</b>" :
			"<b class=s3>model only</b>",
	    f);
	fputs("<br>", f);
	put_html(f, c->behaviour->row->sentence);
	fputs("<br><code>", f);
	put_html_n(f, call, 120);
	fputs("</code> <span>", f);
	put_html(f, c->before);
	fputs(": ", f);
	put_answer(f, v, c->was, c->is);
	fputs(" \xe2\x86\x92 ", f);
	put_html(f, c->release);
	fputs(": ", f);
	put_answer(f, v, c->is, c->was);
	fputs("</span></li>\n", f);
}

void
write_changes(struct site *s)
{
	FILE *f = site_open(s, "changes.html", "What changed in which release");
	struct changes c;
	size_t end;

	gather(&c, s);
	fputs("<h1>What changed in which release</h1>\n<p>Newest first: where "
	      "a release answers otherwise than the one before it that was "
	      "asked. <b class=s0>seen on kernels</b>: real kernels on both "
	      "sides of the change gave these answers. <b class=s3>model "
	      "only</b>: the reference model says so for the release, a "
	      "candidate, never the oracle; the source of the behaviour names "
	      "the code that was read.</p>\n",
	    f);
	put_changes(f, s);
	for (size_t i = 0; i < c.count; i = end) {
		end = end_of_release(&c, i);
		fputs("<h2 id=\"", f);
		put_html(f, c.list[i].release);
		fputs("\"><a href=\"#", f);
		put_html(f, c.list[i].release);
		fputs("\">", f);
		put_html(f, c.list[i].release);
		fprintf(f,
		    "</a> <small>%zu behaviours, %zu seen on kernels</small>"
		    "</h2>\n<ul class=list>\n",
		    end - i, count_seen(&c, i, end));
		for (size_t k = i; k < end; k++)
			put_change(f, &c.list[k]);
		fputs("</ul>\n", f);
	}
	free(c.list);
	site_close(s, f, true);
}
