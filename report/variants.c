/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "variants.h"

/* The first of these that a case has shows its answers: the ways into the
 * kernel that nothing is in between. */
static const char *const preferred[] = { "trap", "mig", "mig2", "unix" };

static const struct run *
run_of(const struct variants *v, const struct member *m)
{
	return v->table->runs[m->column];
}

/* A number of bytes that is whole pages. */
static bool
whole_pages(unsigned long long n, unsigned long long page)
{
	return page > 0 && n >= page && n % page == 0;
}

static void
put_pages(FILE *f, unsigned long long pages)
{
	fprintf(f, "%llu page%s", pages, pages == 1 ? "" : "s");
}

/* "16384 (1 page)", as numbers of bytes are written: the length, and the
 * pages; 0: it is none. */
static size_t
counted_pages(const char *text, unsigned long long *pages)
{
	char *end;

	strtoull(text, &end, 10);
	if (strncmp(end, " (", 2) != 0 || !isdigit((unsigned char)end[2]))
		return 0;
	*pages = strtoull(end + 2, &end, 10);
	if (strncmp(end, " page", 5) != 0)
		return 0;
	end += strcspn(end, ")");
	return *end == ')' ? (size_t)(end + 1 - text) : 0;
}

/* A number at the start of text in pages; how many characters were taken. */
static size_t
put_number(FILE *f, const char *text, unsigned long long page, bool address)
{
	unsigned long long n;
	size_t length;
	char *end;

	if (text[0] == '0' && text[1] == 'x') {
		n = strtoull(text, &end, 16);
	} else {
		if ((length = counted_pages(text, &n)) > 0) {
			put_pages(f, n);
			return length;
		}
		n = strtoull(text, &end, 10);
		if (!address) /* as likely a count of something else */
			n = 0;
	}
	if (whole_pages(n, page))
		put_pages(f, n / page);
	else
		fwrite(text, 1, (size_t)(end - text), f);
	return (size_t)(end - text);
}

char *
answer_in_pages(const char *answer, const char *page)
{
	unsigned long long size = strtoull(page, NULL, 10);
	const char *start = answer;
	char *text;
	size_t length;
	FILE *f = open_memstream(&text, &length);

	if (f == NULL)
		err(2, "memory");
	while (*answer != '\0') {
		bool inside = answer > start &&
		    (isalnum((unsigned char)answer[-1]) || answer[-1] == '_');

		if (!isdigit((unsigned char)*answer) || inside)
			putc(*answer++, f);
		else
			answer += put_number(f, answer, size,
			    answer - start >= 9 &&
				strncmp(answer - 9, "address=-", 9) == 0);
	}
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

static bool
same_answer(const char *a, const char *page_a, const char *b,
    const char *page_b)
{
	char *x, *y;
	bool same;

	if (answer_same(a, b))
		return true;
	if (strcmp(page_a, page_b) == 0)
		return false;
	x = answer_in_pages(a, page_a);
	y = answer_in_pages(b, page_b);
	same = strcmp(x, y) == 0;
	free(x);
	free(y);
	return same;
}

bool
variant_of_machine(const struct variants *v, const char *call)
{
	for (size_t i = 0; i < v->of_machine_count; i++)
		if (strcmp(v->of_machine[i], call) == 0)
			return true;
	return false;
}

/* By the calls that both were asked: a case may have gained one since.  When it
 * was written anew they have none in common, and its answers must be the same
 * in order. */
static bool
same_result(const struct variants *v, const struct member *a,
    const struct result *x, const struct member *b, const struct result *y)
{
	const char *p = run_key(run_of(v, a), "page");
	const char *q = run_key(run_of(v, b), "page");
	const struct answer *old;
	size_t shared = 0;

	for (size_t i = 0; i < x->answer_count; i++) {
		if ((old = result_answer_like(y, x, i)) == NULL)
			continue;
		shared++;
		if (!same_answer(x->answers[i].answer, p, old->answer, q) &&
		    !variant_of_machine(v, old->call))
			return false;
	}
	if (shared > 0)
		return true;
	if (x->answer_count != y->answer_count)
		return false;
	for (size_t i = 0; i < x->answer_count; i++)
		if (!same_answer(x->answers[i].answer, p, y->answers[i].answer,
			q))
			return false;
	return true;
}

static bool
same_route(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ||
	    (strncmp(a, "mig", 3) == 0 && strncmp(b, "mig", 3) == 0);
}

/* Through all routes that both have. */
static bool
same_member(const struct variants *v, const struct member *a,
    const struct member *b)
{
	bool compared = false;

	if (a->standing == ABSENT || b->standing == ABSENT)
		return a->standing == b->standing;
	for (const struct result *x = a->first; x != NULL;
	     x = table_next(run_of(v, a), x)) {
		for (const struct result *y = b->first; y != NULL;
		     y = table_next(run_of(v, b), y)) {
			if (!same_route(x->route, y->route) ||
			    x->answer_count == 0 || y->answer_count == 0)
				continue;
			if (!same_result(v, a, x, b, y))
				return false;
			compared = true;
		}
	}
	return compared || same_result(v, a, a->shown, b, b->shown);
}

bool
member_routes_differ(const struct variants *v, const struct member *m)
{
	for (const struct result *r = m->first; r != NULL;
	     r = table_next(run_of(v, m), r))
		if (r->answer_count > 0 && !same_result(v, m, m->shown, m, r))
			return true;
	return false;
}

/* ---- members --------------------------------------------------------------- */

bool
result_absent(const struct result *r)
{
	return r->verdict == SKIPPED &&
	    (strncmp(r->reason, "needs macOS ", 12) == 0 ||
		strncmp(r->reason, "gone after macOS ", 17) == 0);
}

static enum standing
standing_of(const struct result *r)
{
	if (result_absent(r))
		return ABSENT;
	if (r->verdict == SKIPPED || r->answer_count == 0)
		return SILENT;
	return r->verdict == PASSED ? JUDGED : UNJUDGED;
}

static size_t
rank(const char *route)
{
	size_t i, count = sizeof(preferred) / sizeof(*preferred);

	for (i = 0; i < count; i++)
		if (strcmp(preferred[i], route) == 0)
			break;
	return i;
}

/* What is not judged counts before what is: it must not be hidden by another
 * route. */
static void
make_member(struct variants *v, size_t column, const struct result *row)
{
	static const int weight
	    [] = { [SILENT] = 0, [ABSENT] = 1, [JUDGED] = 2, [UNJUDGED] = 3 };
	struct member *m = &v->members[column];
	const struct run *run = v->table->runs[column];
	enum standing s;

	m->column = column;
	m->first = run_find_row(run, row);
	for (const struct result *r = m->first; r != NULL;
	     r = table_next(run, r)) {
		s = standing_of(r);
		if (m->shown == NULL || weight[s] > weight[m->standing] ||
		    (s == m->standing &&
			rank(r->route) < rank(m->shown->route))) {
			m->standing = s;
			m->shown = r;
		}
	}
}

/* ---- grouping -------------------------------------------------------------- */

static void
join(struct variants *v, struct member *m, int variant)
{
	bool model = run_is_model(run_of(v, m));
	struct variant *to;

	if (variant < 0) {
		variant = (int)v->count++;
		v->list[variant] = (struct variant){ .standing = m->standing,
			.shown = m };
	}
	to = &v->list[variant];
	if (!model && !to->kernel) {
		to->shown = m;
		to->standing = m->standing;
	}
	if (!model && m->standing == JUDGED && to->standing == UNJUDGED) {
		to->shown = m;
		to->standing = JUDGED;
	}
	to->model |= model;
	to->kernel |= !model;
	v->of[m->column] = variant;
}

/* The variant that answers as m does.  Models of one variant have the same
 * routes: one stands for all; kernels may have others. */
static int
find_alike(const struct variants *v, const struct member *m)
{
	const struct table *t = v->table;
	bool tried[64] = { false };
	int n;

	for (size_t i = 0; i < t->run_count; i++) {
		if ((n = v->of[i]) < 0)
			continue;
		if (run_is_model(t->runs[i]) && n < 64) {
			if (tried[n])
				continue;
			tried[n] = true;
		}
		if (same_member(v, &v->members[i], m))
			return n;
	}
	return -1;
}

/* The model of the release, else of the nearest before it. */
static const struct member *
model_of(const struct variants *v, const struct member *m)
{
	const struct run *run = run_of(v, m), *other, *best = NULL;
	const struct member *found = NULL;
	const char *release = run_key(run, "release");

	for (size_t i = 0; i < v->table->run_count; i++) {
		other = v->table->runs[i];
		if (!run_is_model(other) || v->members[i].standing == SILENT ||
		    strcmp(run_processor(other), run_processor(run)) != 0 ||
		    release_compare(run_key(other, "release"), release) > 0)
			continue;
		if (best != NULL &&
		    release_compare(run_key(other, "release"),
			run_key(best, "release")) < 0)
			continue;
		best = other;
		found = &v->members[i];
	}
	return found;
}

/* The calls that a kernel and its model were answered otherwise, though both
 * answers were right. */
static void
note_machine(struct variants *v, const struct member *kernel,
    const struct member *model)
{
	const char *p = run_key(run_of(v, kernel), "page");
	const char *q = run_key(run_of(v, model), "page");
	const struct result *x = kernel->shown, *y = model->shown;
	const struct answer *a;

	v->of_machine = realloc(v->of_machine,
	    (v->of_machine_count + x->answer_count + 1) *
		sizeof(*v->of_machine));
	if (v->of_machine == NULL)
		err(2, "memory");
	for (size_t i = 0; i < x->answer_count; i++) {
		a = result_answer_like(y, x, i);
		if (a != NULL &&
		    !same_answer(x->answers[i].answer, p, a->answer, q) &&
		    !variant_of_machine(v, a->call))
			v->of_machine[v->of_machine_count++] = a->call;
	}
}

static void
note_machines(struct variants *v)
{
	const struct member *model;

	for (size_t i = 0; i < v->table->run_count; i++) {
		struct member *m = &v->members[i];

		if (run_is_model(v->table->runs[i]) || m->standing != JUDGED)
			continue;
		model = model_of(v, m);
		if (model != NULL && model->standing == JUDGED &&
		    release_same_major(run_key(run_of(v, model), "release"),
			run_key(run_of(v, m), "release")))
			note_machine(v, m, model);
	}
}

static int
older_first(const struct variants *v, size_t a, size_t b)
{
	const char *x = NULL, *y = NULL, *release;

	for (size_t i = 0; i < v->table->run_count; i++) {
		release = run_key(v->table->runs[i], "release");
		if (v->of[i] == (int)a &&
		    (x == NULL || release_compare(release, x) < 0))
			x = release;
		if (v->of[i] == (int)b &&
		    (y == NULL || release_compare(release, y) < 0))
			y = release;
	}
	return release_compare(x, y);
}

static void
swap(struct variants *v, size_t a, size_t b)
{
	struct variant other = v->list[a];

	v->list[a] = v->list[b];
	v->list[b] = other;
	for (size_t i = 0; i < v->table->run_count; i++)
		v->of[i] = v->of[i] == (int)a ? (int)b :
		    v->of[i] == (int)b	      ? (int)a :
						v->of[i];
}

void
variants_make(struct variants *v, const struct table *t,
    const struct result *row)
{
	*v = (struct variants){ .table = t };
	v->members = calloc(t->run_count + 1, sizeof(*v->members));
	v->of = calloc(t->run_count + 1, sizeof(*v->of));
	v->list = calloc(t->run_count + 1, sizeof(*v->list));
	if (v->members == NULL || v->of == NULL || v->list == NULL)
		err(2, "memory");
	for (size_t i = 0; i < t->run_count; i++) {
		v->of[i] = -1;
		make_member(v, i, row);
	}
	note_machines(v);
	for (size_t i = 0; i < t->run_count; i++)
		if (v->members[i].standing != SILENT)
			join(v, &v->members[i], find_alike(v, &v->members[i]));
	for (size_t i = 1; i < v->count; i++)
		for (size_t k = i; k > 0 && older_first(v, k - 1, k) > 0; k--)
			swap(v, k - 1, k);
}

void
variants_free(struct variants *v)
{
	free(v->members);
	free(v->of);
	free(v->list);
	free(v->of_machine);
}

const char *
variant_answer(const struct variants *v, size_t variant,
    const struct result *shown, size_t i)
{
	const struct answer *a =
	    result_answer_like(v->list[variant].shown->shown, shown, i);

	return a != NULL ? a->answer : NULL;
}
