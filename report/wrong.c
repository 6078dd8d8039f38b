/*
 * What a failed case printed, made readable.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <string.h>

#include "merge_routes.h"

/* Lines of a failure that say again what stands above it. */
static bool
is_repeated(const char *line)
{
	static const char *const begin[] = { "\tbehavior  ", "\tsource    ",
		"\tsystem    " };

	for (size_t i = 0; i < sizeof(begin) / sizeof(*begin); i++)
		if (strncmp(line, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

/* The place, the call, the answer and the required one, as atf printed them. */
static void
put_output(FILE *f, const char *output)
{
	static const char failed[] = "*** Check failed: ";
	size_t length;

	for (const char *line = output; *line != '\0';
	     line += length + strspn(line + length, "\n")) {
		length = strcspn(line, "\n");
		if (is_repeated(line))
			continue;
		if (strncmp(line, failed, sizeof(failed) - 1) == 0) {
			line += sizeof(failed) - 1;
			length -= sizeof(failed) - 1;
		}
		if (length > 0)
			fprintf(f, "    %.*s\n", (int)length, line);
	}
}

static void
put_records(FILE *f, const struct result *r)
{
	for (size_t i = 0; i < r->answer_count; i++) {
		const struct answer *a = &r->answers[i];

		if (strcmp(a->verdict, "fail") == 0)
			fprintf(f,
			    "    %s: %s, which is not the required "
			    "answer\n",
			    a->call, a->answer);
	}
}

void
put_wrong(FILE *f, const struct result *r)
{
	static const char counted[] = "checks failed; see output";

	if (*r->reason != '\0' &&
	    (*r->output == '\0' || strstr(r->reason, counted) == NULL))
		fprintf(f, "    %s: %s\n", verdict_name(r->verdict), r->reason);
	put_output(f, r->output);
	if (strstr(r->output, "must be") == NULL)
		put_records(f, r);
}
