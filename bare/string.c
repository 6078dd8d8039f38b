/*
 * The functions that a compiler takes for granted, and the two of <string.h>
 * that the library uses.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

void *
memcpy(void *restrict to, const void *restrict from, size_t size)
{
	char *t = to;
	const char *f = from;

	while (size-- > 0)
		*t++ = *f++;
	return to;
}

void *
memmove(void *to, const void *from, size_t size)
{
	char *t = to;
	const char *f = from;

	if (t < f)
		return memcpy(to, from, size);
	while (size-- > 0)
		t[size] = f[size];
	return to;
}

void *
memset(void *to, int byte, size_t size)
{
	char *t = to;

	while (size-- > 0)
		*t++ = (char)byte;
	return to;
}

int
memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *x = a, *y = b;

	for (; size > 0; size--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t
strlen(const char *s)
{
	size_t length = 0;

	while (s[length] != '\0')
		length++;
	return length;
}

int
strcmp(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}
