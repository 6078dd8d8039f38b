/*
 * One input in a process of its own: what it does to the model and to the host
 * ends with it, so that every input begins from the same state.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef FUZZ_CHILD_H
#define FUZZ_CHILD_H

#include "input.h"

/*
 * Calls body in a child, in an empty folder, without other descriptors than the
 * first three, and adds what it covered to what libFuzzer sees.  body returns,
 * or the model ends the process by a signal (host_die()); at anything else,
 * and after ten seconds of the processor or sixty of the clock, this process
 * aborts too and libFuzzer keeps the input.
 */
void child_run(const uint8_t *data, size_t size, void (*body)(struct input *));

/* Files that a body may make in its folder; nothing else is removed. */
extern const char *const child_files[3];

#endif
