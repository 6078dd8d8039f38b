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
libc_posix_madvise(int *error, uint64_t address, uint64_t size, int advice)
{
	return result(error,
	    MT_LIBC(posix_madvise)(POINTER(address), size, advice));
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

static int64_t
libc_open(int *error, uint64_t path, int flags, int mode)
{
	return result(error, MT_LIBC(open)(POINTER(path), flags, mode));
}

static int64_t
libc_close(int *error, int fd)
{
	return result(error, MT_LIBC(close)(fd));
}

static int64_t
libc_unlink(int *error, uint64_t path)
{
	return result(error, MT_LIBC(unlink)(POINTER(path)));
}

static int64_t
libc_pread(int *error, int fd, uint64_t bytes, uint64_t size, int64_t offset)
{
	return result(error, MT_LIBC(pread)(fd, POINTER(bytes), size, offset));
}

static int64_t
libc_pwrite(int *error, int fd, uint64_t bytes, uint64_t size, int64_t offset)
{
	return result(error, MT_LIBC(pwrite)(fd, POINTER(bytes), size, offset));
}

static int64_t
libc_ftruncate(int *error, int fd, int64_t size)
{
	return result(error, MT_LIBC(ftruncate)(fd, size));
}

static int64_t
libc_shm_open(int *error, uint64_t name, int flags, int mode)
{
	return result(error, MT_LIBC(shm_open)(POINTER(name), flags, mode));
}

static int64_t
libc_shm_unlink(int *error, uint64_t name)
{
	return result(error, MT_LIBC(shm_unlink)(POINTER(name)));
}

const struct mt_route mt_route_libc = {
	.name = "libc",
	.open = libc_open,
	.close = libc_close,
	.unlink = libc_unlink,
	.pread = libc_pread,
	.pwrite = libc_pwrite,
	.ftruncate = libc_ftruncate,
	.shm_open = libc_shm_open,
	.shm_unlink = libc_shm_unlink,
	.mmap = libc_mmap,
	.munmap = libc_munmap,
	.mprotect = libc_mprotect,
	.minherit = libc_minherit,
	.madvise = libc_madvise,
	.posix_madvise = libc_posix_madvise,
	.mincore = libc_mincore,
	.bsd_msync = libc_msync,
	.mlock = libc_mlock,
	.munlock = libc_munlock,
	.mlockall = libc_mlockall,
	.munlockall = libc_munlockall,
};
