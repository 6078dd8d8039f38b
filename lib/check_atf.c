/*
 * The cases as an atf-c program: one atf case for each case and route.
 *
 * Variables (prog -v NAME=VALUE; kyua -v test_suites.mach-vm.NAME=VALUE):
 * release, arch: what the model is; sdk: what the program on it was built
 * with; route: only this one; disposable: "yes" allows what a machine may not
 * survive; commit: the suite's, for the records.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_backend.h"
#include "seen.h"

int atf_tp_main(int, char **, atf_error_t (*)(atf_tp_t *));

/* A case on a route.  tc stands first: atf hands back its address. */
struct atf_case {
	atf_tc_t tc;
	const struct mt_case *c;
	const struct mt_route *route;
	char *ident;
};

/* The run's variables: name, value, name, value, NULL. */
static char **config;
/* The only case that this run needs, or NULL: all of them. */
static const char *wanted;

void
mt_backend_write(enum mt_stream stream, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write((int)stream, text, length);

		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

void
mt_backend_fail(const char *file, int line, const char *summary,
    const char *detail)
{
	int length = (int)strlen(detail);

	/* atf ends it with a newline */
	if (length > 0)
		length--;
	atf_tc_fail_check(file, (size_t)line, "%s\n%.*s", summary, length,
	    detail);
}

void
mt_backend_stop(const char *file, int line, const char *summary,
    const char *detail)
{
	/* atf's reason is one line, so the rest goes ahead of it */
	fprintf(stderr, "*** Requirement failed: %s:%d: %s\n%s", file, line,
	    summary, detail);
	atf_tc_fail_requirement(file, (size_t)line, "%s", summary);
}

void
mt_backend_skip(const char *reason)
{
	atf_tc_skip("%s", reason);
}

void
mt_backend_expect_fail(const char *reason)
{
	atf_tc_expect_fail("the model lacks: %s", reason);
}

const char *
mt_backend_variable(const char *name)
{
	for (char **v = config; *v != NULL; v += 2)
		if (strcmp(v[0], name) == 0)
			return v[1];
	return NULL;
}

static void __attribute__((noreturn, format(printf, 1, 2)))
refuse(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

/* atf lists one property a line. */
static void
set_line(atf_tc_t *tc, const char *name, const char *value)
{
	char *line = strdup(value);

	if (line == NULL)
		refuse("no memory");
	for (char *s = line; *s != '\0'; s++)
		if (*s == '\n')
			*s = ' ';
	if (atf_is_error(atf_tc_set_md_var(tc, name, "%s", line)))
		refuse("no memory");
	free(line);
}

static void
head(atf_tc_t *tc)
{
	const struct atf_case *a = (const struct atf_case *)tc;
	const struct mt_case *c = a->c;

	set_line(tc, "descr", c->sentence);
	/* No time-out but that of Kyua, 300 s: with two cases at a time Kyua 0.13
	 * is sent SIGALRM when the time of its first case would be over, though
	 * that has ended, and twice it died of SIGSEGV about then, so a run
	 * should end before.  What may hang runs in a child, which has 10 s. */
	set_line(tc, "X-id", c->id);
	set_line(tc, "X-routine", c->routine);
	set_line(tc, "X-route", a->route->name);
	set_line(tc, "X-source", c->source);
	if (mt_seen(c->id) != NULL)
		set_line(tc, "X-seen", mt_seen(c->id));
	if (c->needs != NULL)
		set_line(tc, "X-needs", c->needs);
	if (mt_case_since(c) != NULL)
		set_line(tc, "X-since", mt_case_since(c));
	if (c->until != NULL)
		set_line(tc, "X-until", c->until);
	if (mt_system()->extrapolated)
		set_line(tc, "X-extrapolated", "yes");
}

static void
body(const atf_tc_t *tc)
{
	const struct atf_case *a = (const struct atf_case *)tc;

	mt_case_run(a->c, a->route);
}

static void
empty_head(atf_tc_t *tc)
{
	set_line(tc, "descr", "This program has no case for the chosen route.");
}

static void
empty_body(const atf_tc_t *tc)
{
	(void)tc;
	atf_tc_skip("no case here for the route %s",
	    mt_backend_variable("route"));
}

static bool
is_ident(const char *ident, const struct mt_case *c, const char *route)
{
	size_t n = strlen(c->name);

	return strncmp(ident, c->name, n) == 0 &&
	    strncmp(ident + n, "__", 2) == 0 &&
	    strcmp(ident + n + 2, route) == 0;
}

static int
compare_idents(const void *a, const void *b)
{
	return strcmp((*(struct atf_case *const *)a)->ident,
	    (*(struct atf_case *const *)b)->ident);
}

static void
refuse_duplicates(struct atf_case **cases, size_t n)
{
	struct atf_case **sorted = calloc(n + 1, sizeof(*sorted));

	if (sorted == NULL)
		refuse("no memory");
	memcpy(sorted, cases, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_idents);
	for (size_t i = 1; i < n; i++)
		if (compare_idents(&sorted[i - 1], &sorted[i]) == 0)
			refuse("%s: two cases of this name", sorted[i]->ident);
	free(sorted);
}

static atf_error_t
add(atf_tp_t *tp, atf_tc_t *tc, const char *ident, atf_tc_head_t h,
    atf_tc_body_t b)
{
	const atf_tc_pack_t pack = {
		.m_ident = ident,
		.m_head = h,
		.m_body = b,
	};
	atf_error_t error;

	error = atf_tc_init_pack(tc, &pack, (const char *const *)config);
	return atf_is_error(error) ? error : atf_tp_add_tc(tp, tc);
}

/* The length of the first name of a list, "trap,libsystem". */
static size_t
first_name(const char *list)
{
	return strcspn(list, ",");
}

static bool
is_first(const char *list, const char *name)
{
	return strlen(name) == first_name(list) &&
	    strncmp(list, name, first_name(list)) == 0;
}

static const char *
next_name(const char *list)
{
	list += first_name(list);
	return *list == ',' ? list + 1 : NULL;
}

/* Whether the list names it; no list names all. */
static bool
is_listed(const char *list, const char *name)
{
	if (list == NULL)
		return true;
	for (; list != NULL; list = next_name(list))
		if (is_first(list, name))
			return true;
	return false;
}

static void
check_routes(const char *list)
{
	int r;

	for (; list != NULL; list = next_name(list)) {
		for (r = 0; mt_routes[r] != NULL; r++)
			if (is_first(list, mt_routes[r]->name))
				break;
		if (mt_routes[r] == NULL)
			refuse("route %.*s: there is no such route",
			    (int)first_name(list), list);
	}
}

static void
choose_system(void)
{
	const char *release = mt_backend_variable("release");
	const char *arch = mt_backend_variable("arch");
	const char *sdk = mt_backend_variable("sdk");
	const char *problem = NULL;

	if (!mt_system_choose(release, arch, &problem))
		refuse("release %s, arch %s: %s",
		    release != NULL ? release : "not given",
		    arch != NULL ? arch : "not given",
		    problem != NULL ? problem : "there is no such system");
	if (sdk != NULL && !mt_system_choose_sdk(sdk))
		refuse("sdk %s: no release, or no model that could say so",
		    sdk);
	check_routes(mt_backend_variable("route"));
}

static struct atf_case *
new_case(const struct mt_case *c, const struct mt_route *route)
{
	struct atf_case *a = calloc(1, sizeof(*a));
	size_t size = strlen(c->name) + strlen(route->name) + 3;

	if (a == NULL || (a->ident = malloc(size)) == NULL)
		refuse("no memory");
	snprintf(a->ident, size, "%s__%s", c->name, route->name);
	a->c = c;
	a->route = route;
	return a;
}

/* The cases of the program on the routes of this run, ended by NULL. */
static struct atf_case **
list_cases(size_t *count)
{
	const char *only = mt_backend_variable("route");
	struct atf_case **cases;
	size_t n = 0, routes = 0, most = 0;

	while (mt_routes[routes] != NULL)
		routes++;
	for (const struct mt_case *c = mt_cases(); c != NULL; c = c->next)
		most += routes;
	cases = calloc(most + 1, sizeof(*cases));
	if (cases == NULL)
		refuse("no memory");
	for (const struct mt_case *c = mt_cases(); c != NULL; c = c->next) {
		const char *problem = mt_case_problem(c);

		if (problem != NULL)
			refuse("case %s: %s", c->name, problem);
		for (size_t r = 0; r < routes; r++) {
			const struct mt_route *route = mt_routes[r];

			if (!mt_case_has_route(c, route))
				continue;
			if (!is_listed(only, route->name))
				continue;
			if (wanted != NULL && !is_ident(wanted, c, route->name))
				continue;
			cases[n++] = new_case(c, route);
		}
	}
	*count = n;
	return cases;
}

static atf_error_t
add_cases(atf_tp_t *tp)
{
	static atf_tc_t empty;
	struct atf_case **cases;
	atf_error_t error = atf_no_error();
	size_t n;

	config = atf_tp_get_config(tp); /* kept while the case runs */
	if (config == NULL)
		return atf_no_memory_error();
	choose_system();
	cases = list_cases(&n);
	if (n == 0 && wanted != NULL) {
		wanted = NULL; /* atf says what is wrong with it */
		cases = list_cases(&n);
	}
	refuse_duplicates(cases, n);

	for (size_t i = 0; i < n && !atf_is_error(error); i++)
		error = add(tp, &cases[i]->tc, cases[i]->ident, head, body);
	/* Kyua takes a program that lists nothing for a broken one. */
	if (n == 0 && mt_backend_variable("route") != NULL)
		error = add(tp, &empty, "no_case_for_the_route", empty_head,
		    empty_body);
	return error;
}

/*
 * Of a run of one case, its name: registering hundreds to run one is most of
 * what an empty case costs.
 */
static const char *
only_case(int argc, char **argv)
{
	char *ident, *colon;

	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], "-l", 2) == 0)
			return NULL;
	if (argc < 2 || argv[argc - 1][0] == '-')
		return NULL;
	ident = strdup(argv[argc - 1]);
	if (ident == NULL)
		refuse("no memory");
	colon = strchr(ident, ':');
	if (colon != NULL)
		*colon = '\0';
	return ident;
}

int
main(int argc, char **argv)
{
	wanted = only_case(argc, argv);
	return atf_tp_main(argc, argv, add_cases);
}
