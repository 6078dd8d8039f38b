/*
 * The numbers of this host, whatever it is, against Darwin's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "numbers.h"

ATF_TC_WITHOUT_HEAD(errors);
ATF_TC_BODY(errors, tc)
{
	ATF_CHECK_EQ(0, mt_errno_to_darwin(0));
	ATF_CHECK_EQ(12, mt_errno_to_darwin(ENOMEM));
	ATF_CHECK_EQ(11, mt_errno_to_darwin(EDEADLK));
	ATF_CHECK_EQ(35, mt_errno_to_darwin(EAGAIN));
	ATF_CHECK_EQ(45, mt_errno_to_darwin(ENOTSUP));
	ATF_CHECK_EQ(63, mt_errno_to_darwin(ENAMETOOLONG));
	ATF_CHECK_EQ(84, mt_errno_to_darwin(EOVERFLOW));
	ATF_CHECK_EQ(EAGAIN, mt_errno_to_host(35));
	ATF_CHECK_EQ(EDEADLK, mt_errno_to_host(11));
	/* what nobody has */
	ATF_CHECK_EQ(9999, mt_errno_to_darwin(9999));
	ATF_CHECK_EQ(-1, mt_errno_to_host(9999));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(signals);
ATF_TC_BODY(signals, tc)
{
	ATF_CHECK_EQ(9, mt_signal_to_darwin(SIGKILL));
	ATF_CHECK_EQ(10, mt_signal_to_darwin(SIGBUS));
	ATF_CHECK_EQ(12, mt_signal_to_darwin(SIGSYS));
	ATF_CHECK_EQ(20, mt_signal_to_darwin(SIGCHLD));
	ATF_CHECK_EQ(30, mt_signal_to_darwin(SIGUSR1));
	ATF_CHECK_EQ(SIGBUS, mt_signal_to_host(10));
	ATF_CHECK_EQ(SIGUSR1, mt_signal_to_host(30));
	ATF_CHECK_EQ(99, mt_signal_to_host(99));
	(void)tc;
}

/* The status of a child that does what is asked. */
static int
status_of(int signal, int options)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		raise(signal);
		_exit(3);
	}
	ATF_REQUIRE_EQ(child, waitpid(child, &status, options));
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return mt_status_to_darwin(status);
}

ATF_TC_WITHOUT_HEAD(status);
ATF_TC_BODY(status, tc)
{
	ATF_CHECK_EQ(3 << 8, status_of(0, 0));
	ATF_CHECK_EQ(30, status_of(SIGUSR1, 0));
	ATF_CHECK_EQ(17 << 8 | 0x7f, status_of(SIGSTOP, WUNTRACED));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(flags_of_open);
ATF_TC_BODY(flags_of_open, tc)
{
	ATF_CHECK_EQ(O_RDONLY, mt_open_flags_to_host(0));
	ATF_CHECK_EQ(O_WRONLY, mt_open_flags_to_host(1));
	ATF_CHECK_EQ(O_RDWR | O_CREAT | O_EXCL | O_TRUNC,
	    mt_open_flags_to_host(2 | 0x200 | 0x800 | 0x400));
	ATF_CHECK_EQ(O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_APPEND,
	    mt_open_flags_to_host(0x1000000 | 0x4 | 0x8));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, errors);
	ATF_TP_ADD_TC(tp, signals);
	ATF_TP_ADD_TC(tp, status);
	ATF_TP_ADD_TC(tp, flags_of_open);
	return atf_no_error();
}
