/*
 * Cases of atf-c that do nothing: what a case costs at least.  Their number is
 * behind the last _ of the program's name; or there is a file PROGRAM.list, what
 * another program said to -l: then they have that one's names and properties.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <atf-c.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 1000, PROPERTIES = 16, LINE = 1024 }; /* at most */

int atf_tp_main(int, char **, atf_error_t (*)(atf_tp_t *));

/* The only case that a run needs, or NULL. */
static const char *wanted;

static struct empty {
	atf_tc_t tc;
	char *name;
	char *property[PROPERTIES]; /* "NAME: VALUE" */
	unsigned properties;
} cases[CASES];

static void
head(atf_tc_t *tc)
{
	const struct empty *e = (const struct empty *)tc;

	for (unsigned i = 0; i < e->properties; i++) {
		char *line = e->property[i], *colon = strstr(line, ": ");

		*colon = '\0';
		(void)atf_tc_set_md_var(tc, line, "%s", colon + 2);
	}
}

static void
body(const atf_tc_t *tc)
{
	(void)tc;
}

/* The cases of a list; how many. */
static int
read_list(FILE *f)
{
	char line[LINE];
	struct empty *e = NULL;
	int count = 0;

	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "ident: ", 7) == 0 && count < CASES) {
			e = &cases[count++];
			e->name = strdup(line + 7);
		} else if (e != NULL && strstr(line, ": ") != NULL &&
		    e->properties < PROPERTIES)
			e->property[e->properties++] = strdup(line);
	}
	return count;
}

static int
name_all(void)
{
	const char *number = strrchr(program_invocation_short_name, '_');
	const int count = number != NULL ? atoi(number + 1) : 0;
	char path[LINE];
	FILE *list;
	int n = 0;

	if (wanted != NULL) {
		cases[0].name = strdup(wanted);
		return 1;
	}
	snprintf(path, sizeof(path), "%s.list", program_invocation_name);
	if ((list = fopen(path, "r")) != NULL) {
		n = read_list(list);
		fclose(list);
		return n;
	}
	for (; n < count && n < CASES; n++)
		if (asprintf(&cases[n].name, "empty_%d", n) == -1)
			abort();
	return n;
}

static atf_error_t
add(atf_tp_t *tp)
{
	atf_error_t error = atf_no_error();
	const int count = name_all();

	for (int i = 0; i < count && !atf_is_error(error); i++) {
		atf_tc_pack_t pack = { .m_ident = cases[i].name,
			.m_head = head,
			.m_body = body };
		char **config = atf_tp_get_config(tp);

		error = atf_tc_init_pack(&cases[i].tc, &pack,
		    (const char *const *)config);
		atf_utils_free_charpp(config);
		if (!atf_is_error(error))
			error = atf_tp_add_tc(tp, &cases[i].tc);
	}
	return error;
}

int
main(int argc, char **argv)
{
	if (argc > 1 && argv[argc - 1][0] != '-')
		wanted = argv[argc - 1];
	return atf_tp_main(argc, argv, add);
}
