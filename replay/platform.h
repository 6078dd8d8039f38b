/*
 * What only one of the systems needs.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PLATFORM_H
#define REPLAY_PLATFORM_H

/* Before the first call of a trace. */
void platform_prepare(void);

#endif
