/*
 * Lines of a file, plain or .xz, read as a stream.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_INPUT_H
#define REPLAY_INPUT_H

#include <stddef.h>

struct input;

/* NULL with *problem (which stays valid) when the file cannot be read.
 * "-" is the standard input. */
struct input *input_open(const char *path, const char **problem);

/*
 * The next line without its LF, ended by NUL; NULL at the end of the file
 * (*problem NULL) and when it is damaged or a line is longer than INPUT_LINE
 * bytes (*problem says what).  The line may be changed and is valid until the
 * next call.
 */
char *input_line(struct input *, const char **problem);
void input_close(struct input *);

enum { INPUT_LINE = 1 << 18 };

#endif
