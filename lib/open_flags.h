/*
 * Darwin's flags of open(2), which the host's headers would number as the host
 * does; the access mode is the same everywhere:
 *
 *	OPEN_FLAG(name, number)
 *
 * xnu: bsd/sys/fcntl.h.  Included for its rows: no include guard.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
OPEN_FLAG(O_NONBLOCK, 0x4)
OPEN_FLAG(O_APPEND, 0x8)
OPEN_FLAG(O_SYNC, 0x80)
OPEN_FLAG(O_NOFOLLOW, 0x100)
OPEN_FLAG(O_CREAT, 0x200)
OPEN_FLAG(O_TRUNC, 0x400)
OPEN_FLAG(O_EXCL, 0x800)
OPEN_FLAG(O_DIRECTORY, 0x100000)
OPEN_FLAG(O_CLOEXEC, 0x1000000)
