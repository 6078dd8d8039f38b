/*
 * What the files of the kit's library share.  Its functions are those of
 * include/names.h, as libSystem's manual pages have them, on the host: errno of
 * the host's calls is translated when the program asks for it, numbers of
 * signals when they pass.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_LINUX_H
#define KIT_LINUX_H

#include <stdbool.h>
#include <stddef.h>

/* The exit status of a program for which there is no such macOS: sysexits(3)
 * EX_CONFIG. */
enum { KIT_NO_SYSTEM = 78 };

/* Above it errno is of Darwin's numbers, below of the host's. */
enum { KIT_ERRNO = 1 << 20 };

/* Take the faults that the model has no answer to. */
void kit_signals_start(void);

/* The program's next look at errno finds this, a number of Darwin's; -1. */
int kit_fail(int darwin);

/* The host is going to read or write these bytes, which may be memory of the
 * model that no fault has shown yet; false: it must not. */
bool kit_touch(const void *, size_t, bool write);

#endif
