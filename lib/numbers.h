/*
 * Numbers that the host has and Darwin's: signals, errors, flags of open(2).
 * The rows are in signals.h, errnos.h and open_flags.h.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_NUMBERS_H
#define MT_NUMBERS_H

enum {
#define SIGNAL(name_, number_) DARWIN_##name_ = (number_),
#include "signals.h"
#undef SIGNAL
};

/* A number that the other does not have stays as it is. */
int mt_signal_to_darwin(int host);
int mt_signal_to_host(int darwin);
/* What wait(2) stores. */
int mt_status_to_darwin(int host);
int mt_errno_to_darwin(int host);
/* -1: the host has none. */
int mt_errno_to_host(int darwin);
/* A flag that the host does not have is dropped. */
int mt_open_flags_to_host(int darwin);

#endif
