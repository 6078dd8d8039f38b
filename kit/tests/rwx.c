/*
 * mmap of memory that is writable and executable at once, with MAP_JIT and
 * without; and mprotect to it.
 *
 * Behaviours: mmap-wx-intel, mmap-wx-arm64, mmap-jit, protect-wx-x86-plain,
 * mprotect-wx-arm64, protect-wx-rosetta.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)

static void
attempt(const char *what, int prot, int flags)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANON | flags, -1, 0);

	if (p == MAP_FAILED) {
		printf("%s: mmap: %s (%d)\n", what, strerror(errno), errno);
		return;
	}
	printf("%s: mapped", what);
	if (prot != RWX) {
		if (mprotect(p, size, RWX) == 0)
			printf(", mprotect rwx ok");
		else
			printf(", mprotect rwx: %s", strerror(errno));
	}
	printf("\n");
	munmap(p, size);
}

int
main()
{
	attempt("rwx", RWX, 0);
	attempt("rwx MAP_JIT", RWX, MAP_JIT);
	attempt("rw", PROT_READ | PROT_WRITE, 0);
	return 0;
}
