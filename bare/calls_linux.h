/*
 * The BSD calls that the bare image makes, on the host, and its signals.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BARE_CALLS_LINUX_H
#define BARE_CALLS_LINUX_H

#include <stdbool.h>
#include <stdint.h>
#include <ucontext.h>

#include "model/calls/unix.h"

/* For unix_program. */
extern const struct unix_entry calls_of_image[UNIX_CALLS];

/* What execve() starts: this program with that image and release, NULL: the
 * default. */
void calls_executed_as(const char *image_path, const char *release);

/* For exception_program.  As sendsig() enters the program: its trampoline with
 * handler, style, signal, siginfo, context and token, on the alternate stack if
 * it wants that.  False: it does not catch the signal. */
bool calls_deliver(ucontext_t *, int signal, int si_code, uint64_t address);

#endif
