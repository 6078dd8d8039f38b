/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "merge_routes.h"

enum { ADDRESS_DIGITS = 8 };

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789abcdefABCDEF");
}

static bool
same_text(const char *a, const char *b)
{
	size_t x, y;

	for (; *a != '\0' && *a == *b; a++, b++) {
		if (a[0] != '0' || a[1] != 'x' || b[1] != 'x')
			continue;
		x = digits(a + 2);
		y = digits(b + 2);
		if (x > ADDRESS_DIGITS && y > ADDRESS_DIGITS) {
			a += 1 + x;
			b += 1 + y;
		}
	}
	return *a == *b;
}

/* The routes of the cases from..to that have the text of the first; their
 * texts are taken away. */
static char *
take_routes(struct route_text *s, size_t from, size_t to)
{
	size_t size = 1;
	char *routes;

	for (size_t i = from; i < to; i++)
		size += strlen(s[i].result->route) + 2;
	if ((routes = calloc(1, size)) == NULL)
		err(2, "memory");
	strcat(routes, s[from].result->route);
	for (size_t i = from + 1; i < to; i++) {
		if (s[i].text == NULL || !same_text(s[from].text, s[i].text))
			continue;
		strcat(strcat(routes, ", "), s[i].result->route);
		free(s[i].text);
		s[i].text = NULL;
	}
	return routes;
}

size_t
merge_routes(struct route_text *s, size_t count,
    void (*put)(void *, const struct result *, const char *, const char *),
    void *to)
{
	size_t rows = 0, end;
	char *routes;

	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count &&
		     result_compare_rows(s[i].result, s[end].result) == 0;
		     end++)
			;
		rows++;
		for (size_t k = i; k < end; k++) {
			if (s[k].text == NULL)
				continue;
			routes = take_routes(s, k, end);
			put(to, s[k].result, routes, s[k].text);
			free(routes);
			free(s[k].text);
			s[k].text = NULL;
		}
	}
	return rows;
}
