/*
 * Reading, showing and comparing what sweeps answered.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "record.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

static void *
room(size_t count, size_t size)
{
	void *p = calloc(count + 1, size);

	if (p == NULL)
		errx(1, "no memory");
	return p;
}

static char *
copy(const char *s)
{
	char *p = strdup(s);

	if (p == NULL)
		errx(1, "no memory");
	return p;
}

static void
append(char **text, const char *line)
{
	size_t n = *text != NULL ? strlen(*text) : 0;

	*text = realloc(*text, n + strlen(line) + 2);
	if (*text == NULL)
		errx(1, "no memory");
	sprintf(*text + n, "%s\n", line);
}

struct reader {
	const char *path;
	struct names *names;
	struct record *first, **end, *now;
	uint32_t from, answer; /* the run that has begun */
	char *route;
};

/* The trials up to that one answer as the run that has begun. */
static void
end_run(struct reader *r, uint32_t trial)
{
	if (trial > r->now->text.trials || trial < r->from)
		errx(1, "%s: sweep %s has no trial %u", r->path, r->now->name,
		    trial);
	while (r->from < trial)
		r->now->answer[r->from++] = r->answer;
}

static void
end_sweep(struct reader *r)
{
	if (r->now == NULL)
		return;
	if (r->now->answer == NULL)
		errx(1, "%s: sweep %s has no answers", r->path, r->now->name);
	end_run(r, r->now->text.trials);
	r->now = NULL;
}

static void
begin_sweep(struct reader *r, const char *name)
{
	end_sweep(r);
	r->now = room(1, sizeof(*r->now));
	r->now->name = copy(name);
	r->now->route = copy(r->route != NULL ? r->route : "?");
	*r->end = r->now;
	r->end = &r->now->next;
	r->from = 0;
	r->answer = UINT32_MAX;
}

static void
read_answer(struct reader *r, char *line)
{
	struct record *now = r->now;
	const char *problem;
	char *rest;
	uint32_t trial = (uint32_t)strtoul(line, &rest, 10);

	if (now == NULL || *rest != ' ')
		errx(1, "%s: not the record of a sweep: %.40s", r->path, line);
	if (now->answer == NULL) {
		append(&now->head, "answers");
		problem = mt_sweep_read(&now->text, now->head, now->name);
		if (problem != NULL)
			errx(1, "%s: sweep %s: %s", r->path, now->name,
			    problem);
		now->answer = room(now->text.trials, sizeof(*now->answer));
	}
	end_run(r, trial);
	r->answer = names_add(r->names, rest + 1);
}

struct record *
record_read(const char *path, struct names *names)
{
	struct reader r = { .path = path, .names = names, .end = &r.first };
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (in == NULL)
		err(1, "%s", path);
	while ((n = getline(&line, &size, in)) > 0) {
		char *text = line + 6;

		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (strncmp(line, "sweep\t", 6) != 0)
			continue;
		if (strncmp(text, "route ", 6) == 0) {
			free(r.route);
			r.route = copy(text + 6);
			continue;
		}
		if (strncmp(text, "sweep ", 6) == 0)
			begin_sweep(&r, text + 6);
		if (text[0] >= '0' && text[0] <= '9')
			read_answer(&r, text);
		else if (r.now != NULL)
			append(&r.now->head, text);
	}
	if (ferror(in) || r.first == NULL)
		errx(1, "%s: no record of a sweep", path);
	end_sweep(&r);
	fclose(in);
	free(line);
	free(r.route);
	return r.first;
}

/* ---- showing --------------------------------------------------------------- */

struct part {
	const struct record *r;
	const uint32_t *answer;
	bool shown;
};

static bool
alike(const struct part *a, const struct part *b)
{
	return strcmp(a->r->head, b->r->head) == 0 &&
	    memcmp(a->answer, b->answer,
		a->r->text.trials * sizeof(*a->answer)) == 0;
}

/* Each part's tree under a line; parts of one sweep that are equal, once. */
static void
show(struct part *parts, size_t n, const struct names *names, uint32_t skip)
{
	for (size_t i = 0; i < n; i++) {
		if (parts[i].shown)
			continue;
		printf("%s through %s", parts[i].r->name, parts[i].r->route);
		for (size_t j = i + 1; j < n; j++)
			if (!parts[j].shown && alike(&parts[i], &parts[j])) {
				parts[j].shown = true;
				printf(", %s", parts[j].r->route);
			}
		putchar('\n');
		fold(stdout, &parts[i].r->text, parts[i].answer, names, skip);
		putchar('\n');
	}
}

void
record_show(const struct record *first, const struct names *names)
{
	struct part *parts;
	size_t n = 0;

	for (const struct record *r = first; r != NULL; r = r->next)
		n++;
	parts = room(n, sizeof(*parts));
	n = 0;
	for (const struct record *r = first; r != NULL; r = r->next)
		parts[n++] = (struct part){ r, r->answer, false };
	show(parts, n, names, UINT32_MAX);
	free(parts);
}

/* ---- comparing ------------------------------------------------------------- */

static const struct record *
find(const struct record *list, const struct record *like)
{
	for (; list != NULL; list = list->next)
		if (strcmp(list->name, like->name) == 0 &&
		    strcmp(list->route, like->route) == 0)
			return list;
	return NULL;
}

/* What is only in the list. */
static uint32_t
missing(const struct record *list, const struct record *other,
    const char *which)
{
	uint32_t n = 0;

	for (const struct record *r = list; r != NULL; r = r->next)
		if (find(other, r) == NULL) {
			printf("%s through %s: only in the %s file\n\n",
			    r->name, r->route, which);
			n++;
		}
	return n;
}

/* Of each trial its change; the number of those that did. */
static uint32_t
compare(const struct record *a, const struct record *b, struct names *names,
    uint32_t same, uint32_t *change)
{
	char line[1100];
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->text.trials; i++) {
		change[i] = same;
		if (a->answer[i] == b->answer[i])
			continue;
		snprintf(line, sizeof(line), "%s -> %s",
		    names->name[a->answer[i]], names->name[b->answer[i]]);
		change[i] = names_add(names, line);
		n++;
	}
	return n;
}

uint32_t
record_diff(const struct record *before, const struct record *after,
    struct names *names)
{
	const uint32_t same = names_add(names, "the same");
	uint32_t changed = 0, n;
	struct part *parts;
	size_t count = 0;

	for (const struct record *r = before; r != NULL; r = r->next)
		count++;
	parts = room(count, sizeof(*parts));
	count = 0;
	for (const struct record *a = before; a != NULL; a = a->next) {
		const struct record *b = find(after, a);
		uint32_t *change;

		if (b == NULL)
			continue;
		if (strcmp(a->head, b->head) != 0) {
			printf("%s through %s: other axes\n\n", a->name,
			    a->route);
			changed++;
			continue;
		}
		change = room(a->text.trials, sizeof(*change));
		n = compare(a, b, names, same, change);
		if (n > 0)
			parts[count++] = (struct part){ a, change, false };
		else
			free(change);
		changed += n;
	}
	show(parts, count, names, same);
	changed += missing(before, after, "first");
	changed += missing(after, before, "second");
	for (size_t i = 0; i < count; i++)
		free((void *)(uintptr_t)parts[i].answer);
	free(parts);
	return changed;
}
