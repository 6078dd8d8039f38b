/*
 * Numbers of signals.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>

#include "signals_linux.h"

/* Those that differ: the host's, Darwin's. */
static const signed char differ[][2] = {
	{ SIGBUS, 10 },
	{ SIGUSR1, 30 },
	{ SIGUSR2, 31 },
	{ SIGCHLD, 20 },
	{ SIGCONT, 19 },
	{ SIGSTOP, 17 },
	{ SIGTSTP, 18 },
	{ SIGURG, 16 },
	{ SIGIO, 23 },
	{ SIGSYS, 12 },
};

static int
translate(int signal, int from)
{
	for (unsigned i = 0; i < sizeof(differ) / sizeof(differ[0]); i++)
		if (signal == differ[i][from])
			return differ[i][1 - from];
	return signal;
}

int
mt_signal_to_darwin(int host)
{
	return translate(host, 0);
}

int
mt_signal_to_host(int darwin)
{
	return translate(darwin, 1);
}
