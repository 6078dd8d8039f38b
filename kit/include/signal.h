/*
 * <signal.h> of the reproducer kit: the host's, with Darwin's numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_SIGNAL_H
#define KIT_SIGNAL_H

#include_next <signal.h>

#undef SIGEMT
#undef SIGBUS
#undef SIGSYS
#undef SIGURG
#undef SIGSTOP
#undef SIGTSTP
#undef SIGCONT
#undef SIGCHLD
#undef SIGIO
#undef SIGINFO
#undef SIGUSR1
#undef SIGUSR2
#define SIGEMT	7
#define SIGBUS	10
#define SIGSYS	12
#define SIGURG	16
#define SIGSTOP 17
#define SIGTSTP 18
#define SIGCONT 19
#define SIGCHLD 20
#define SIGIO	23
#define SIGINFO 29
#define SIGUSR1 30
#define SIGUSR2 31
#undef NSIG
#define NSIG 32

#undef SIGSTKSZ
#undef MINSIGSTKSZ
#define SIGSTKSZ    131072
#define MINSIGSTKSZ 32768

#endif
