/*
 * The host's own ways, beside which a kernel's are read: mremap, a hint of
 * mmap, memcpy.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench/bench.h"

static void *
map(void *hint, size_t size)
{
	void *block = mmap(hint, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* A kernel of 2 MiB pages would measure something else. */
	if (block != MAP_FAILED)
		madvise(block, size, MADV_NOHUGEPAGE);
	return block == MAP_FAILED ? NULL : block;
}

static void *
make(size_t size, size_t largest)
{
	(void)largest;
	return map(NULL, size);
}

static void
release(void *block, size_t size, size_t largest)
{
	(void)largest;
	munmap(block, size);
}

static void *
by_memcpy(void *old, size_t from, size_t to)
{
	void *new = map(NULL, to);

	if (new == NULL)
		return NULL;
	memcpy(new, old, from);
	munmap(old, from);
	return new;
}

static void *
by_mremap(void *old, size_t from, size_t to)
{
	void *new = mremap(old, from, to, MREMAP_MAYMOVE);

	return new == MAP_FAILED ? NULL : new;
}

static void *
by_hint(void *old, size_t from, size_t to)
{
	char *above = (char *)old + from;
	char *got = map(above, to - from);

	if (got == above)
		return old;
	if (got != NULL)
		munmap(got, to - from);
	return by_memcpy(old, from, to);
}

static const struct strategy strategies[] = {
	{ "mremap", make, by_mremap, release },
	{ "mmap hint, else memcpy", make, by_hint, release },
	{ "memcpy", make, by_memcpy, release },
	{ NULL, NULL, NULL, NULL },
};

static bool
occupy(void *at, size_t size)
{
	return mmap(at, size, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		   0) == at;
}

static long
faults(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) != 0 ?
	    -1 :
	    usage.ru_minflt + usage.ru_majflt;
}

struct target
target_native(void)
{
	static char name[160];
	struct utsname system;

	uname(&system);
	snprintf(name, sizeof(name), "%.40s %.60s, %.20s", system.sysname,
	    system.release, system.machine);
	return (struct target){ name, false, (size_t)sysconf(_SC_PAGESIZE),
		strategies, occupy, faults };
}
