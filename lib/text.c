/* SPDX-License-Identifier: BSD-2-Clause */
#include "text.h"

struct mt_text
mt_text_begin(char *data, size_t size)
{
	data[0] = '\0';
	return (struct mt_text){ .data = data, .size = size };
}

void
mt_put_char(struct mt_text *t, char c)
{
	if (t->truncated)
		return;
	if (t->length + 1 >= t->size) {
		t->truncated = true;
		for (size_t i = 0; i < 3 && i < t->length; i++)
			t->data[t->length - 1 - i] = '.';
		return;
	}
	t->data[t->length++] = c;
	t->data[t->length] = '\0';
}

void
mt_put_bytes(struct mt_text *t, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mt_put_char(t, bytes[i]);
}

void
mt_put(struct mt_text *t, const char *s)
{
	while (*s != '\0')
		mt_put_char(t, *s++);
}

static void
put_digits(struct mt_text *t, uint64_t value, unsigned base)
{
	char digits[20];
	int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value != 0);
	while (n > 0)
		mt_put_char(t, digits[--n]);
}

void
mt_put_unsigned(struct mt_text *t, uint64_t value)
{
	put_digits(t, value, 10);
}

void
mt_put_decimal(struct mt_text *t, int64_t value)
{
	if (value < 0) {
		mt_put_char(t, '-');
		put_digits(t, -(uint64_t)value, 10);
	} else
		put_digits(t, (uint64_t)value, 10);
}

void
mt_put_hex(struct mt_text *t, uint64_t value)
{
	mt_put(t, "0x");
	put_digits(t, value, 16);
}

void
mt_put_column(struct mt_text *t, size_t column)
{
	size_t start = t->length;

	while (start > 0 && t->data[start - 1] != '\n')
		start--;
	while (!t->truncated && t->length - start < column)
		mt_put_char(t, ' ');
}

size_t
mt_length(const char *s)
{
	size_t n = 0;

	while (s[n] != '\0')
		n++;
	return n;
}

bool
mt_equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}
