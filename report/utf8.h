/*
 * UTF-8, as far as writing XML and HTML needs it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The character at text and its length in bytes; a byte that begins none is
 * U+FFFD, length 1. */
size_t utf8_next(const char *text, unsigned *point);
/* XML 1.0 may hold this character. */
bool utf8_is_xml(unsigned point);

#endif
