/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

static int
compare_rows(const void *a, const void *b)
{
	return result_compare_rows(*(const struct result *const *)a,
	    *(const struct result *const *)b);
}

static void
gather_rows(struct table *t)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < t->run_count; i++)
		count += t->runs[i]->result_count;
	if ((t->rows = calloc(count + 1, sizeof(*t->rows))) == NULL)
		err(2, "memory");
	count = 0;
	for (size_t i = 0; i < t->run_count; i++)
		for (size_t k = 0; k < t->runs[i]->result_count; k++)
			t->rows[count++] = &t->runs[i]->results[k];
	qsort(t->rows, count, sizeof(*t->rows), compare_rows);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 ||
		    compare_rows(&t->rows[kept - 1], &t->rows[i]) != 0)
			t->rows[kept++] = t->rows[i];
		else if (*t->rows[kept - 1]->sentence == '\0')
			t->rows[kept - 1] = t->rows[i];
	}
	t->row_count = kept;
}

int
release_compare(const char *a, const char *b)
{
	long x, y;
	char *p, *q;

	while (*a != '\0' && *b != '\0') {
		x = strtol(a, &p, 10);
		y = strtol(b, &q, 10);
		if (p == a || q == b)
			return strcmp(a, b);
		if (x != y)
			return x < y ? -1 : 1;
		a = *p == '.' ? p + 1 : p;
		b = *q == '.' ? q + 1 : q;
	}
	return (*a != '\0') - (*b != '\0');
}

bool
release_same_major(const char *a, const char *b)
{
	int n = strncmp(a, "10.", 3) == 0 ? 2 : 1;

	for (; *a == *b && *a != '\0'; a++, b++)
		if (*a == '.' && --n == 0)
			return true;
	return (*a == '\0' || (*a == '.' && n == 1)) &&
	    (*b == '\0' || (*b == '.' && n == 1));
}

bool
run_is_model(const struct run *run)
{
	return strcmp(run_key(run, "system"), "model") == 0;
}

const char *
run_processor(const struct run *run)
{
	return strcmp(run_key(run, "translated"), "yes") == 0 ?
	    "rosetta" :
	    run_key(run, "arch");
}

static int
compare_runs(const void *a, const void *b)
{
	const struct run *x = *(struct run *const *)a;
	const struct run *y = *(struct run *const *)b;
	int order = run_is_model(x) - run_is_model(y);

	if (order == 0)
		order = strcmp(run_key(x, "system"), run_key(y, "system"));
	if (order == 0)
		order = strcmp(run_key(x, "arch"), run_key(y, "arch"));
	if (order == 0)
		order = strcmp(run_key(x, "translated"),
		    run_key(y, "translated"));
	return order != 0 ?
	    order :
	    release_compare(run_key(x, "release"), run_key(y, "release"));
}

void
table_make(struct table *t, struct run *const *runs, size_t count)
{
	if ((t->runs = calloc(count + 1, sizeof(*t->runs))) == NULL)
		err(2, "memory");
	for (size_t i = 0; i < count; i++)
		t->runs[i] = runs[i];
	t->run_count = count;
	qsort(t->runs, count, sizeof(*t->runs), compare_runs);
	gather_rows(t);
}

void
table_free(struct table *t)
{
	free(t->runs);
	free(t->rows);
}

const struct result *
table_next(const struct run *run, const struct result *r)
{
	const struct result *next = r + 1;

	if (next == run->results + run->result_count ||
	    result_compare_rows(next, r) != 0)
		return NULL;
	return next;
}
