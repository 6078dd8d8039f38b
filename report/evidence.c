/*
 * evidence: what nothing but reading supports, or all of it as a table.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "evidence.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "file_text.h"
#include "site.h"

static const char *const names[SUPPORTS] = {
	[KERNEL] = "kernel",
	[RECORDED] = "recorded",
	[DOCUMENT] = "document",
	[SOURCE] = "source",
};

static const char *const titles[SUPPORTS] = {
	[KERNEL] = "a kernel gave the required answer",
	[RECORDED] = "recorded calls show it, no kernel was asked by the suite",
	[DOCUMENT] = "a document states it, seen nowhere",
	[SOURCE] = "read in the source, seen nowhere",
};

const char *
support_name(enum support s)
{
	return names[s];
}

/* ---- recorded calls -------------------------------------------------------- */

bool
recorded_read(struct recorded *r, const char *path, const char **problem)
{
	static char said[64];
	size_t size, lines = 1, number = 0;
	char *next, *tab;

	*r = (struct recorded){ 0 };
	if (path == NULL)
		return true;
	if ((r->text = file_text(path, &size, problem)) == NULL)
		return false;
	for (size_t i = 0; i < size; i++)
		lines += r->text[i] == '\n';
	r->ids = calloc(lines, sizeof(*r->ids));
	r->kernels = calloc(lines, sizeof(*r->kernels));
	if (r->ids == NULL || r->kernels == NULL)
		err(2, "memory");
	for (char *line = r->text; line != NULL && *line != '\0'; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		number++;
		if (*line == '#' || *line == '\0')
			continue;
		tab = strchr(line, '\t');
		if (tab == NULL || tab == line || tab[1] == '\0' ||
		    (r->count > 0 && strcmp(r->ids[r->count - 1], line) >= 0)) {
			snprintf(said, sizeof(said),
			    "line %zu: no id, tab and kernels, in order of ids",
			    number);
			*problem = said;
			return false;
		}
		*tab = '\0';
		r->ids[r->count] = line;
		r->kernels[r->count++] = tab + 1;
	}
	return true;
}

void
recorded_free(struct recorded *r)
{
	free(r->text);
	free(r->ids);
	free(r->kernels);
}

const char *
recorded_find(const struct recorded *r, const char *id)
{
	size_t low = 0, high = r->count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(r->ids[middle], id);
		if (order == 0)
			return r->kernels[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* ---- kernels --------------------------------------------------------------- */

static bool
passed(const struct run *run, const struct result *row)
{
	for (const struct result *r = run_find_row(run, row); r != NULL;
	     r = table_next(run, r))
		if (r->verdict == PASSED)
			return true;
	return false;
}

/* A run of macOS itself is one on hardware, or in a virtual machine of it. */
static const char *
how_of(const struct run *run)
{
	const char *how = run_key(run, "how");

	if (*how != '\0')
		return how;
	return strcmp(run_key(run, "system"), "macos") == 0 ? "hardware" :
							      "booted";
}

char *
evidence_kernels(const struct table *t, const struct result *row)
{
	char *text;
	size_t size;
	const struct run *last = NULL;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	for (size_t i = 0; i < t->run_count; i++) {
		const struct run *run = t->runs[i];

		if (run_is_model(run) || !passed(run, row))
			continue;
		if (last != NULL && strcmp(how_of(last), how_of(run)) == 0 &&
		    strcmp(run_processor(last), run_processor(run)) == 0)
			fprintf(f, ", %s", run_key(run, "release"));
		else
			fprintf(f, "%s%s %s %s", last != NULL ? "; " : "",
			    how_of(run), run_processor(run),
			    run_key(run, "release"));
		last = run;
	}
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

enum support
evidence_support(const struct table *t, const struct result *row,
    const struct recorded *recorded)
{
	for (size_t i = 0; i < t->run_count; i++)
		if (!run_is_model(t->runs[i]) && passed(t->runs[i], row))
			return KERNEL;
	if (recorded_find(recorded, row->id) != NULL)
		return RECORDED;
	return strncmp(row->source, "xnu-", 4) == 0 || *row->source == '\0' ?
	    SOURCE :
	    DOCUMENT;
}

/* ---- the command ----------------------------------------------------------- */

static void
print_tsv(const struct table *t, const struct recorded *recorded)
{
	puts("# id, case, support, kernels that gave the required answer, "
	     "recorded kernels");
	for (size_t i = 0; i < t->row_count; i++) {
		const struct result *r = t->rows[i];
		const char *calls = recorded_find(recorded, r->id);
		char *kernels = evidence_kernels(t, r);

		printf("%s\t%s.%.*s\t%s\t%s\t%s\n", r->id, r->routine,
		    (int)result_name_length(r), r->name,
		    support_name(evidence_support(t, r, recorded)), kernels,
		    calls != NULL ? calls : "");
		free(kernels);
	}
}

static void
print_text(const struct table *t, const struct recorded *recorded)
{
	size_t count[SUPPORTS] = { 0 };
	const char *routine = "";

	for (size_t i = 0; i < t->row_count; i++)
		count[evidence_support(t, t->rows[i], recorded)]++;
	for (int s = 0; s < SUPPORTS; s++)
		printf("%6zu  %-9s %s\n", count[s], names[s], titles[s]);
	if (count[SOURCE] > 0)
		puts("\nNothing but reading supports:");
	for (size_t i = 0; i < t->row_count; i++) {
		const struct result *r = t->rows[i];

		if (evidence_support(t, r, recorded) != SOURCE)
			continue;
		if (strcmp(routine, r->routine) != 0)
			printf("\n%s\n", r->routine);
		routine = r->routine;
		printf("  %.*s  [%s]\n    %s\n    %s\n",
		    (int)result_name_length(r), r->name, r->id, r->sentence,
		    r->source);
	}
}

/* Releases whose answers no kernel gave, though one gave those of others:
 * malloc()ed, "" none. */
static char *
unseen_releases(const struct table *t, const struct result *row)
{
	struct variants v;
	char *text, *releases;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (f == NULL)
		err(2, "memory");
	variants_make(&v, t, row);
	for (size_t n = 0; n < v.count; n++) {
		if (v.list[n].kernel)
			continue;
		releases = releases_of(&v, n);
		fprintf(f, "%s%s", ftell(f) > 0 ? "; " : "", releases);
		free(releases);
	}
	variants_free(&v);
	if (fclose(f) != 0)
		err(2, "memory");
	return text;
}

static void
print_unseen(const struct table *t, const struct recorded *recorded)
{
	bool any = false;
	char *releases;

	for (size_t i = 0; i < t->row_count; i++) {
		const struct result *r = t->rows[i];

		if (evidence_support(t, r, recorded) != KERNEL)
			continue;
		releases = unseen_releases(t, r);
		if (*releases != '\0') {
			if (!any)
				puts(
				    "\nSeen on kernels, but for these releases "
				    "the model alone answers so:\n");
			any = true;
			printf("  %s.%.*s  [%s]  %s\n", r->routine,
			    (int)result_name_length(r), r->name, r->id,
			    releases);
		}
		free(releases);
	}
}

int
evidence(struct run *const *runs, size_t count, enum format format,
    const char *path)
{
	struct recorded recorded;
	const char *problem = NULL;
	struct table t;

	if (!recorded_read(&recorded, path, &problem))
		errx(2, "%s: %s", path, problem);
	table_make(&t, runs, count);
	if (format == TSV)
		print_tsv(&t, &recorded);
	else
		print_text(&t, &recorded);
	if (format == TEXT)
		print_unseen(&t, &recorded);
	table_free(&t);
	recorded_free(&recorded);
	return 0;
}
