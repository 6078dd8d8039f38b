/*
 * errno in Darwin's numbers.
 *
 * A look at errno takes what the host left there, translates it, and leaves a
 * mark, so that the next look knows whether a call has failed since; calls of
 * the kit leave their number above the mark.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "darwin_errno.h"
#include "kit/kit_linux.h"
#include "numbers.h"

/* libc/string/FreeBSD/strerror.c, gen/errlst.c: where the words differ. */
static const struct {
	int darwin;
	const char *words;
} words[] = {
	{ 6, "Device not configured" },
	{ 16, "Resource busy" },
	{ 18, "Cross-device link" },
	{ 19, "Operation not supported by device" },
	{ 34, "Result too large" },
	{ 60, "Operation timed out" },
	{ 84, "Value too large to be stored in data type" },
	{ 89, "Operation canceled" },
	{ 102, "Operation not supported on socket" },
};

int *
darwin_errno(void)
{
	static __thread int value;
	int host = errno;

	errno = KIT_ERRNO;
	if (host == KIT_ERRNO)
		return &value;
	value = host > KIT_ERRNO ? host - KIT_ERRNO : mt_errno_to_darwin(host);
	return &value;
}

int
kit_fail(int darwin)
{
	errno = KIT_ERRNO + darwin;
	return -1;
}

int
darwin_strerror_r(int number, char *text, size_t size)
{
	const int host = mt_errno_to_host(number);
	const char *found = host > 0 ? strerrordesc_np(host) : NULL;
	int error = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].darwin == number)
			found = words[i].words;
	if (found != NULL)
		snprintf(text, size, "%s", found);
	else if (number == 0)
		snprintf(text, size, "Undefined error: 0");
	else
		snprintf(text, size, "Unknown error: %d", number);
	if (found == NULL)
		error = DARWIN_EINVAL;
	return error;
}

char *
darwin_strerror(int number)
{
	static char texts[128][64];
	static __thread char unknown[64];
	char *text = number >= 0 && number < 128 ? texts[number] : unknown;

	darwin_strerror_r(number, text, sizeof(unknown));
	return text;
}

void
darwin_perror(const char *what)
{
	const char *why = darwin_strerror(*darwin_errno());

	if (what != NULL && *what != '\0')
		fprintf(stderr, "%s: %s\n", what, why);
	else
		fprintf(stderr, "%s\n", why);
}

static void
warning(const char *format, va_list arguments)
{
	const char *why = darwin_strerror(*darwin_errno());

	fprintf(stderr, "%s: ", program_invocation_short_name);
	if (format != NULL) {
		vfprintf(stderr, format, arguments);
		fprintf(stderr, ": ");
	}
	fprintf(stderr, "%s\n", why);
}

void
darwin_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	warning(format, arguments);
	va_end(arguments);
}

void
darwin_err(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	warning(format, arguments);
	va_end(arguments);
	exit(status);
}
