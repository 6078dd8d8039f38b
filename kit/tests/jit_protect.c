/*
 * May the protection of MAP_JIT memory change?  Not on Apple silicon since 11.2;
 * what decides for a translated process is not in the published source.
 *
 * Behaviours: reported-11, mprotect-jit, protect-jit-entry.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
attempt(const char *what, char *p, int protection)
{
	if (mprotect(p, (size_t)getpagesize(), protection) == -1)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: 0\n", what);
}

int
main(void)
{
	char *p = mmap(NULL, (size_t)getpagesize(),
	    PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_ANON | MAP_PRIVATE | MAP_JIT, -1, 0);

	if (p == MAP_FAILED)
		return perror("mmap"), 1;
	attempt("r-x", p, PROT_READ | PROT_EXEC);
	attempt("rwx", p, PROT_READ | PROT_WRITE | PROT_EXEC);
	return 0;
}
