/*
 * The whole of a file in memory, plain or compressed by xz.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPORT_FILE_TEXT_H
#define REPORT_FILE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* No file that is read may have more bytes, before or after xz.  A run of
 * 5,000 cases has 12 MiB. */
enum { FILE_LIMIT = 512 << 20 };

/* malloc()ed, *size bytes and a NUL behind them; NULL with *problem, a static
 * string, on failure. */
char *file_text(const char *path, size_t *size, const char **problem);

/* Is this what a compressed file is called ("....xz")? */
bool file_is_xz(const char *path);

/* The text compressed, into a file; errno-style message or NULL when done. */
const char *file_write_xz(const char *path, const char *text, size_t size);

#endif
