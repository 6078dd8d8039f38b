/*
 * To be preloaded: the allocation number FAIL_MALLOC and all after it fail.
 * FAIL_MALLOC_SAYS: a file that is made when one did.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own, behind the names that are replaced here. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static atomic_ulong count;
static unsigned long first;
static const char *says;

__attribute__((constructor)) static void
begin(void)
{
	const char *text = getenv("FAIL_MALLOC");

	says = getenv("FAIL_MALLOC_SAYS");
	atomic_store(&count, 0);
	first = text == NULL ? 0 : strtoul(text, NULL, 10);
}

static int
fails(void)
{
	int fd;

	if (first == 0 || atomic_fetch_add(&count, 1) + 1 < first)
		return 0;
	if (says != NULL && (fd = open(says, O_WRONLY | O_CREAT, 0600)) != -1)
		close(fd);
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t size)
{
	return fails() ? NULL : __libc_realloc(p, size);
}
