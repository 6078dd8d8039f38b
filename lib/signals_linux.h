/*
 * Numbers of signals, the host's and Darwin's.
 *
 * xnu: bsd/sys/signal.h.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_SIGNALS_LINUX_H
#define MT_SIGNALS_LINUX_H

/* A number that the other does not have stays as it is. */
int mt_signal_to_darwin(int host);
int mt_signal_to_host(int darwin);

#endif
