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

/* The one case of that behaviour, when there is but one name for it. */
static const struct result *
only_case_of(const struct run *run, const char *id)
{
	const struct result *found = NULL;

	for (size_t i = 0; i < run->result_count; i++) {
		const struct result *r = &run->results[i];

		if (strcmp(r->id, id) != 0)
			continue;
		if (found != NULL && result_compare_rows(found, r) != 0)
			return NULL;
		found = r;
	}
	return found;
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

/* Has the run no third case of that id, beside r's and the one that like is? */
static bool
is_only_case(const struct run *run, const struct result *r,
    const struct result *like)
{
	for (size_t i = 0; i < run->result_count; i++)
		if (strcmp(run->results[i].id, r->id) == 0 &&
		    result_compare_rows(&run->results[i], r) != 0 &&
		    result_compare_rows(&run->results[i], like) != 0)
			return false;
	return true;
}

/* What from has of the case, which gets that name; NULL: nothing. */
static const struct result *
find_case(struct result *r, const struct run *run, const struct run *from)
{
	const struct result *like = run_find_row(from, r);

	if (like == NULL && (like = only_case_of(from, r->id)) != NULL) {
		/* Of two cases of an id one may be new: nobody knows which. */
		if (!is_only_case(run, r, like))
			return NULL;
		rename_as(r, like);
	}
	return like;
}

size_t
annotate_cases(struct run *run, const struct run *from)
{
	size_t without = 0;

	for (size_t i = 0; i < run->result_count; i++) {
		struct result *r = &run->results[i];
		const struct result *like = find_case(r, run, from);

		if (like == NULL) {
			without++;
			continue;
		}
		replace(&r->sentence, like->sentence);
		replace(&r->source, like->source);
		replace(&r->program, like->program);
	}
	run_sort(run);
	return without;
}

void
annotate_names(struct run *run, const struct run *from)
{
	for (size_t i = 0; i < run->result_count; i++)
		find_case(&run->results[i], run, from);
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
