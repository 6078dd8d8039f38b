/*
 * Numbers that the host has and Darwin's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>

#include "numbers.h"

/* What no host but Darwin has. */
#ifndef SIGEMT
#define SIGEMT (-1)
#endif
#ifndef SIGINFO
#define SIGINFO (-1)
#endif

struct number {
	int host, darwin;
};

/* Of two with one number of the host's the first is taken: ENOTSUP. */
static const struct number errors[] = {
#define ERROR(name_, number_) { name_, number_ },
#include "errnos.h"
#undef ERROR
};

static const struct number signals[] = {
#define SIGNAL(name_, number_) { name_, number_ },
#include "signals.h"
#undef SIGNAL
};

static const struct number open_flags[] = {
#define OPEN_FLAG(name_, number_) { name_, number_ },
#include "open_flags.h"
#undef OPEN_FLAG
};
#define COUNT(table_) (sizeof(table_) / sizeof((table_)[0]))

static int
to_darwin(const struct number *table, size_t count, int host)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].host == host)
			return table[i].darwin;
	return host;
}

/* -1: the host has none. */
static int
to_host(const struct number *table, size_t count, int darwin)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].darwin == darwin)
			return table[i].host;
	return -1;
}

int
mt_signal_to_darwin(int host)
{
	return to_darwin(signals, COUNT(signals), host);
}

int
mt_signal_to_host(int darwin)
{
	const int host = to_host(signals, COUNT(signals), darwin);

	return host == -1 ? darwin : host;
}

int
mt_status_to_darwin(int host)
{
	if (WIFSIGNALED(host))
		return (host & ~0x7f) | mt_signal_to_darwin(WTERMSIG(host));
	if (WIFSTOPPED(host))
		return mt_signal_to_darwin(WSTOPSIG(host)) << 8 | 0x7f;
	return host;
}

int
mt_errno_to_darwin(int host)
{
	return to_darwin(errors, COUNT(errors), host);
}

int
mt_errno_to_host(int darwin)
{
	return darwin == 0 ? 0 : to_host(errors, COUNT(errors), darwin);
}

int
mt_open_flags_to_host(int darwin)
{
	int host = darwin & O_ACCMODE;

	for (size_t i = 0; i < COUNT(open_flags); i++)
		if ((darwin & open_flags[i].darwin) != 0)
			host |= open_flags[i].host;
	return host;
}
