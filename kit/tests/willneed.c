/*
 * Does MADV_WILLNEED copy the pages of a private mapping of a file that may be
 * written?  It faults them for writing since 10.15.  Shared, they stay the
 * file's.
 *
 * Behaviours: reported-49, madvise-willneed-file-private,
 * madvise-willneed-file.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void
attempt(const char *what, int fd, int flags)
{
	size_t page = (size_t)getpagesize();
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE, flags, fd, 0);
	char core = 0;

	if (p == MAP_FAILED || madvise(p, page, MADV_WILLNEED) != 0 ||
	    mincore(p, page, &core) != 0) {
		perror(what);
		return;
	}
	printf("%s: %s, first byte %c\n", what,
	    (core & MINCORE_ANONYMOUS) != 0 ? "copied" : "the file's", p[0]);
}

int
main(void)
{
	char path[] = "/tmp/reproducer.XXXXXX";
	int fd = mkstemp(path);

	if (write(fd, "hello\n", 6) != 6)
		return perror("write"), 1;
	attempt("private", fd, MAP_PRIVATE);
	attempt("shared", fd, MAP_SHARED);
	unlink(path);
	return 0;
}
