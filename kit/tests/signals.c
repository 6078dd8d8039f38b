/*
 * SIGBUS or SIGSEGV?  No permission, nothing mapped, NULL; the handler of the
 * first gives the permission and the write goes on.  Under Rosetta these are the
 * kernel's; what its runtime makes of them is not in the published source.
 *
 * Behaviours: fault-signals, fault-protected, fault-unmapped, fault-sicode.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;
static char *page;
static int unlock;

static void
handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	printf("  %s (%d), si_code %d\n",
	    sig == SIGBUS      ? "SIGBUS" :
		sig == SIGSEGV ? "SIGSEGV" :
				 "?",
	    sig, info->si_code);
	if (unlock) {
		mprotect(page, getpagesize(), PROT_READ | PROT_WRITE);
		return;
	}
	siglongjmp(back, 1);
}

static void
poke(const char *what, volatile char *where)
{
	printf("%s\n", what);
	if (sigsetjmp(back, 1) == 0) {
		*where = 1;
		printf("  written\n");
	}
}

int
main(void)
{
	struct sigaction sa = { .sa_sigaction = handler,
		.sa_flags = SA_SIGINFO };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
	page = mmap(NULL, getpagesize(), PROT_NONE, MAP_ANON | MAP_PRIVATE, -1,
	    0);
	poke("PROT_NONE", page);
	mprotect(page, getpagesize(), PROT_READ);
	poke("PROT_READ", page);
	unlock = 1;
	poke("PROT_READ, and the handler unlocks", page);
	unlock = 0;
	munmap(page, getpagesize());
	poke("unmapped", page);
	poke("NULL", NULL);
	return 0;
}
