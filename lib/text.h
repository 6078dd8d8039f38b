/*
 * Text built piece by piece into a buffer of fixed size, without libc.
 *
 * A text never overruns: what does not fit is dropped, `truncated` says so and
 * the last three characters become "...".  data is always terminated.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_TEXT_H
#define MT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mt_text {
	char *data;
	size_t size;   /* of the buffer, at least 4 */
	size_t length; /* without the terminator */
	bool truncated;
};

/* An empty text in an array of characters. */
#define MT_TEXT(array_) mt_text_begin((array_), sizeof(array_))
struct mt_text mt_text_begin(char *data, size_t size);

void mt_put(struct mt_text *, const char *);
void mt_put_bytes(struct mt_text *, const char *, size_t);
void mt_put_char(struct mt_text *, char);
void mt_put_decimal(struct mt_text *, int64_t);
void mt_put_unsigned(struct mt_text *, uint64_t);
void mt_put_hex(struct mt_text *, uint64_t); /* with 0x */
/* Fills with spaces until `column` characters stand after the last newline. */
void mt_put_column(struct mt_text *, size_t column);

/* What string.h would give. */
size_t mt_length(const char *);
bool mt_equal(const char *, const char *);

#endif
