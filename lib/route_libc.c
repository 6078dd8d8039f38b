/*
 * The route "libc": BSD calls as programs make them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>

#include "routes.h"

static int64_t
result(int *error, int64_t value)
{
	if (value == -1)
		*error = errno;
	return value;
}

#define POINTER(address_) ((void *)(uintptr_t)(address_))

static int64_t
libc_mmap(int *error, uint64_t address, uint64_t size, int protection,
    int flags, int fd, int64_t offset)
{
	return result(error,
	    (int64_t)(intptr_t)MT_LIBC(
		mmap)(POINTER(address), size, protection, flags, fd, offset));
}

static int64_t
libc_munmap(int *error, uint64_t address, uint64_t size)
{
	return result(error, MT_LIBC(munmap)(POINTER(address), size));
}

static int64_t
libc_mprotect(int *error, uint64_t address, uint64_t size, int protection)
{
	return result(error,
	    MT_LIBC(mprotect)(POINTER(address), size, protection));
}

static int64_t
libc_minherit(int *error, uint64_t address, uint64_t size, int inheritance)
{
	return result(error,
	    MT_LIBC(minherit)(POINTER(address), size, inheritance));
}

static int64_t
libc_madvise(int *error, uint64_t address, uint64_t size, int advice)
{
	return result(error, MT_LIBC(madvise)(POINTER(address), size, advice));
}

static int64_t
libc_mincore(int *error, uint64_t address, uint64_t size, uint64_t vector)
{
	return result(error,
	    MT_LIBC(mincore)(POINTER(address), size, POINTER(vector)));
}

static int64_t
libc_msync(int *error, uint64_t address, uint64_t size, int flags)
{
	return result(error, MT_LIBC(msync)(POINTER(address), size, flags));
}

static int64_t
libc_mlock(int *error, uint64_t address, uint64_t size)
{
	return result(error, MT_LIBC(mlock)(POINTER(address), size));
}

static int64_t
libc_munlock(int *error, uint64_t address, uint64_t size)
{
	return result(error, MT_LIBC(munlock)(POINTER(address), size));
}

static int64_t
libc_mlockall(int *error, int flags)
{
	return result(error, MT_LIBC(mlockall)(flags));
}

static int64_t
libc_munlockall(int *error)
{
	return result(error, MT_LIBC(munlockall)());
}

const struct mt_route mt_route_libc = {
	.name = "libc",
	.mmap = libc_mmap,
	.munmap = libc_munmap,
	.mprotect = libc_mprotect,
	.minherit = libc_minherit,
	.madvise = libc_madvise,
	.mincore = libc_mincore,
	.bsd_msync = libc_msync,
	.mlock = libc_mlock,
	.munlock = libc_munlock,
	.mlockall = libc_mlockall,
	.munlockall = libc_munlockall,
};
