/*
 * The program as a user runs it, for its tests.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_TEST_COMMAND_H
#define REPORT_TEST_COMMAND_H

#include <atf-c.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const atf_tc_t *current;

/* Runs mach-vm-report with these arguments; its exit status. */
static inline int
report(const char *format, ...)
{
	char arguments[1024], command[2048];
	va_list list;
	int status;

	va_start(list, format);
	vsnprintf(arguments, sizeof(arguments), format, list);
	va_end(list);
	snprintf(command, sizeof(command), "%s/../mach-vm-report %s >out 2>err",
	    atf_tc_get_config_var(current, "srcdir"), arguments);
	status = system(command);
	ATF_REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static inline bool
in_file(const char *path, const char *text)
{
	static char buffer[1 << 20];
	FILE *f = fopen(path, "r");
	size_t size;

	ATF_REQUIRE(f != NULL);
	size = fread(buffer, 1, sizeof(buffer) - 1, f);
	buffer[size] = '\0';
	fclose(f);
	return strstr(buffer, text) != NULL;
}

static inline unsigned
lines(const char *path)
{
	FILE *f = fopen(path, "r");
	unsigned count = 0;
	int c;

	ATF_REQUIRE(f != NULL);
	while ((c = getc(f)) != EOF)
		count += c == '\n';
	fclose(f);
	return count;
}

/* A case that needs no more than report(). */
#define CASE(name)                     \
	static void body_##name(void); \
	ATF_TC_WITHOUT_HEAD(name);     \
	ATF_TC_BODY(name, tc)          \
	{                              \
		current = tc;          \
		body_##name();         \
	}                              \
	static void body_##name(void)

#endif
