/*
 * Console logs of the bare image: the program's lines between PROBE BEGIN and
 * PROBE END, among whatever else the console shows.
 *
 *	mt-case ID ROUTINE.NAME ROUTE VERDICT REASON
 *
 * ends each case, fields separated by one tab and escaped as records are; its
 * records stand before it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

static void
replace(char **to, const char *text)
{
	free(*to);
	*to = copy_string(text);
}

/* Images of 2026-11 and before recorded a code that they had worked out of the
 * signal, which is all that they saw. */
static void
tell_signals(struct result *r)
{
	static const char segv[] = "EXC_BAD_ACCESS (1) with "
				   "KERN_INVALID_ADDRESS (1)";
	static const char bus[] = "EXC_BAD_ACCESS (1) with "
				  "KERN_PROTECTION_FAILURE (2)";

	for (size_t i = 0; i < r->answer_count; i++) {
		char **answer = &r->answers[i].answer;

		if (strcmp(*answer, segv) == 0)
			replace(answer, "EXC_BAD_ACCESS (1) by SIGSEGV (11)");
		else if (strcmp(*answer, bus) == 0)
			replace(answer, "EXC_BAD_ACCESS (1) by SIGBUS (10)");
	}
}

/* The records so far belong to the case that this line ends. */
static bool
take_verdict(struct result *r, char *line)
{
	char *fields[6] = { 0 }, *dot;
	size_t count = 0;

	for (char *next = line; next != NULL && count < 6; count++) {
		fields[count] = next;
		if ((next = strchr(next, '\t')) != NULL)
			*next++ = '\0';
	}
	if (count < 5 || (dot = strchr(fields[2], '.')) == NULL)
		return false;
	*dot = '\0';
	replace(&r->id, fields[1]);
	replace(&r->routine, fields[2]);
	free(r->name);
	if ((r->name = malloc(strlen(dot + 1) + strlen(fields[3]) + 3)) == NULL)
		return false;
	sprintf(r->name, "%s__%s", dot + 1, fields[3]);
	replace(&r->route, fields[3]);
	r->verdict = verdict_parse(fields[4]);
	if (r->verdict == VERDICTS)
		r->verdict = BROKEN;
	replace(&r->reason, count == 6 ? fields[5] : "");
	return true;
}

/* Where our words begin in a line: a kernel may have said something in front of
 * them without ending its line.  NULL: none of ours. */
static char *
our_words(char *line)
{
	static const char *const words[] = { "mt\t", "mt-system\t",
		"mt-case\t" };
	char *first = NULL, *at;

	if (strncmp(line, "mt", 2) == 0)
		return line;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if ((at = strstr(line, words[i])) != NULL &&
		    (first == NULL || at < first))
			first = at;
	return first;
}

bool
run_read_console(struct run *run, const char *text, size_t size,
    const char **problem)
{
	char *copy = malloc(size + 1), *line, *next;
	struct result *r = NULL;
	bool seen = false, ended = false;

	if (copy == NULL)
		err(2, "memory");
	memcpy(copy, text, size);
	copy[size] = '\0';
	for (line = copy; line < copy + size; line = next) {
		next = memchr(line, '\n', (size_t)(copy + size - line));
		next = next != NULL ? next + 1 : copy + size;
		next[-1] = next[-1] == '\n' ? '\0' : next[-1];
		/* Until 10.15 a console ends its lines by "\n\r". */
		line += strspn(line, "\r");
		line[strcspn(line, "\r")] = '\0';
		ended |= strcmp(line, "PROBE END") == 0;
		if ((line = our_words(line)) == NULL)
			continue;
		if (r == NULL)
			r = run_add(run);
		if (run_take_line(run, r, line)) {
			seen = true;
		} else if (strncmp(line, "mt-case\t", 8) == 0 &&
		    take_verdict(r, line)) {
			tell_signals(r);
			seen = true;
			r = NULL;
		}
	}
	free(copy);
	if (r != NULL) { /* records of a case that never ended */
		r->verdict = BROKEN;
		if (r->answer_count == 0)
			run_drop_last(run);
		else
			replace(&r->reason, "the log ends within the case");
	}
	if (seen && !ended)
		*problem = "a console log that ends before PROBE END";
	return seen && ended;
}
