/*
 * The BSD calls that the suite makes, once: the members of struct mt_route,
 * and the stubs of the route unix.
 *
 *	UNIX(member, number, parameters)
 *
 * The parameters are a sequence of (kind, type, name) as in routines.h.  In
 * order of number.  Included many times: no include guard.
 *
 * xnu: bsd/kern/syscalls.master.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
UNIX(open, 5, (IN64, uint64_t, path) (IN32, int, flags) (IN32, int, mode))
UNIX(close, 6, (IN32, int, fd))
UNIX(unlink, 10, (IN64, uint64_t, path))
UNIX(bsd_msync, 65,
    (IN64, uint64_t, address) (IN64, uint64_t, size) (IN32, int, flags))
UNIX(munmap, 73, (IN64, uint64_t, address) (IN64, uint64_t, size))
UNIX(mprotect, 74,
    (IN64, uint64_t, address) (IN64, uint64_t, size) (IN32, int, protection))
UNIX(madvise, 75,
    (IN64, uint64_t, address) (IN64, uint64_t, size) (IN32, int, advice))
UNIX(mincore, 78,
    (IN64, uint64_t, address) (IN64, uint64_t, size)
    (IN64, uint64_t, vector))
UNIX(pread, 153,
    (IN32, int, fd) (IN64, uint64_t, bytes) (IN64, uint64_t, size)
    (IN64, int64_t, offset))
UNIX(pwrite, 154,
    (IN32, int, fd) (IN64, uint64_t, bytes) (IN64, uint64_t, size)
    (IN64, int64_t, offset))
UNIX(mmap, 197,
    (IN64, uint64_t, address) (IN64, uint64_t, size) (IN32, int, protection)
    (IN32, int, flags) (IN32, int, fd) (IN64, int64_t, offset))
UNIX(ftruncate, 201, (IN32, int, fd) (IN64, int64_t, size))
UNIX(mlock, 203, (IN64, uint64_t, address) (IN64, uint64_t, size))
UNIX(munlock, 204, (IN64, uint64_t, address) (IN64, uint64_t, size))
UNIX(minherit, 250,
    (IN64, uint64_t, address) (IN64, uint64_t, size) (IN32, int, inheritance))
UNIX(shm_open, 266, (IN64, uint64_t, name) (IN32, int, flags) (IN32, int, mode))
UNIX(shm_unlink, 267, (IN64, uint64_t, name))
UNIX(mlockall, 324, (IN32, int, flags))
UNIX(munlockall, 325,)
/* What it fills is as large and laid out as struct mt_stat. */
UNIX(fstat64, 339, (IN32, int, fd) (IN64, uint64_t, status))

#undef UNIX
