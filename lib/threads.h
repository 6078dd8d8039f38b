/*
 * Several threads at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_THREADS_H
#define MT_THREADS_H

#include "types.h"

#define MT_THREADS 8 /* at most */

/*
 * Runs body(argument, 0) to body(argument, n - 1), each in a thread of its own.
 * None begins before all are there; returns when all have ended.  A body must
 * not judge: it keeps its answers, and who called judges them.  Once a process:
 * the bare image's threads stay.  False: a thread could not be made, and no body
 * ran.
 */
bool mt_threads(unsigned n, void (*body)(void *argument, unsigned i),
    void *argument);

#endif
