/*
 * What a run is given before it is kept: facts about its system that it could
 * not know, the present names and words of its cases, and why an answer of it
 * is not judged.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate.h"
#include "file_text.h"
#include "table.h"

static void
replace(char **to, const char *text)
{
	char *copy = copy_string(text);

	free(*to);
	*to = copy;
}

bool
annotate_key(struct run *run, const char *assignment)
{
	const char *value = strchr(assignment, '=');
	char *name;

	if (value == NULL || value == assignment)
		return false;
	if ((name = strndup(assignment, (size_t)(value - assignment))) == NULL)
		err(2, "memory");
	run_set_key(run, name, "");
	for (size_t i = 0; i < run->key_count; i++)
		if (strcmp(run->keys[i].name, name) == 0)
			replace(&run->keys[i].value, value + 1);
	free(name);
	return true;
}

static void
rename_as(struct result *r, const struct result *like)
{
	int length = (int)result_name_length(like);
	size_t size = (size_t)length + strlen(r->route) + 3;
	char *name = malloc(size);

	if (name == NULL)
		err(2, "memory");
	snprintf(name, size, "%.*s%s%s", length, like->name,
	    *r->route != '\0' ? "__" : "", r->route);
	free(r->name);
	r->name = name;
	replace(&r->routine, like->routine);
}

/* A case of r's behaviour that from has and run has not, when there is one such
 * and r is the one that run has and from has not: it was renamed. */
static const struct result *
renamed_to(const struct run *run, const struct result *r,
    const struct run *from)
{
	const struct result *like = NULL, *other;

	for (size_t i = 0; i < from->result_count; i++) {
		other = &from->results[i];
		if (strcmp(other->id, r->id) != 0 ||
		    run_find_row(run, other) != NULL)
			continue;
		if (like != NULL && result_compare_rows(like, other) != 0)
			return NULL;
		like = other;
	}
	for (size_t i = 0; i < run->result_count && like != NULL; i++) {
		other = &run->results[i];
		if (strcmp(other->id, r->id) == 0 &&
		    result_compare_rows(other, r) != 0 &&
		    run_find_row(from, other) == NULL)
			return NULL;
	}
	return like;
}

/* What from has of each case of the run, which gets its name: found before any
 * is renamed, as names are what is searched for.  free() it. */
static const struct result **
find_cases(struct run *run, const struct run *from)
{
	const struct result **like = calloc(run->result_count + 1,
	    sizeof(*like));

	if (like == NULL)
		err(2, "memory");
	for (size_t i = 0; i < run->result_count; i++) {
		like[i] = run_find_row(from, &run->results[i]);
		if (like[i] == NULL)
			like[i] = renamed_to(run, &run->results[i], from);
	}
	for (size_t i = 0; i < run->result_count; i++)
		if (like[i] != NULL &&
		    result_compare_rows(like[i], &run->results[i]) != 0)
			rename_as(&run->results[i], like[i]);
	return like;
}

size_t
annotate_cases(struct run *run, const struct run *from)
{
	const struct result **like = find_cases(run, from);
	size_t without = 0;

	for (size_t i = 0; i < run->result_count; i++) {
		struct result *r = &run->results[i];

		if (like[i] == NULL) {
			without++;
			continue;
		}
		replace(&r->sentence, like[i]->sentence);
		replace(&r->source, like[i]->source);
		replace(&r->program, like[i]->program);
	}
	free(like);
	run_sort(run);
	return without;
}

void
annotate_names(struct run *run, const struct run *from)
{
	free(find_cases(run, from));
	run_sort(run);
}

void
annotate_kernels(struct run *const *runs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (run_is_model(runs[i]))
			continue;
		for (size_t k = 0; k < count; k++)
			if (run_is_model(runs[k]) &&
			    annotate_cases(runs[i], runs[k]) == 0)
				break;
	}
}

/* Of a line: which system, which case, the verdict, and why. */
enum { SYSTEM, CASE, VERDICT, WHY, FIELDS };

static bool
cut(char *line, char **fields)
{
	size_t count = 0;

	for (char *next = line; next != NULL && count < FIELDS; count++) {
		fields[count] = next;
		if ((next = strchr(next, '\t')) != NULL)
			*next++ = '\0';
	}
	return count == FIELDS && verdict_parse(fields[VERDICT]) != VERDICTS;
}

static bool
fits(const struct run *run, const struct result *r, char **fields)
{
	char system[128], name[256];

	snprintf(system, sizeof(system), "%s-%s", run_key(run, "xnu"),
	    run_key(run, "arch"));
	snprintf(name, sizeof(name), "%s.%.*s", r->routine,
	    (int)result_name_length(r), r->name);
	return verdict_wrong(r->verdict) &&
	    fnmatch(fields[SYSTEM], system, 0) == 0 &&
	    (fnmatch(fields[CASE], r->id, 0) == 0 ||
		fnmatch(fields[CASE], name, 0) == 0);
}

static void
apply(struct run *run, char **fields)
{
	for (size_t i = 0; i < run->result_count; i++) {
		struct result *r = &run->results[i];

		if (!fits(run, r, fields) ||
		    strncmp(r->reason, "not judged: ", 12) == 0)
			continue;
		r->verdict = verdict_parse(fields[VERDICT]);
		free(r->reason);
		if (asprintf(&r->reason, "not judged: %s", fields[WHY]) < 0)
			err(2, "memory");
	}
}

bool
annotate_notes(struct run *run, const char *path, const char **problem)
{
	static char said[64];
	size_t size, number = 0;
	char *text = file_text(path, &size, problem), *next, *fields[FIELDS];

	if (text == NULL)
		return false;
	for (char *line = text; line != NULL && *line != '\0'; line = next) {
		if ((next = strchr(line, '\n')) != NULL)
			*next++ = '\0';
		number++;
		if (*line == '#' || *line == '\0')
			continue;
		if (!cut(line, fields)) {
			snprintf(said, sizeof(said),
			    "line %zu: no system, case, verdict and why",
			    number);
			*problem = said;
			free(text);
			return false;
		}
		apply(run, fields);
	}
	free(text);
	return true;
}
