/*
 * <fcntl.h> of the reproducer kit: the host's, with Darwin's flags of open().
 *
 * xnu: bsd/sys/fcntl.h.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_FCNTL_H
#define KIT_FCNTL_H

#include_next <fcntl.h>

#undef O_NONBLOCK
#undef O_APPEND
#undef O_SYNC
#undef O_NOFOLLOW
#undef O_CREAT
#undef O_TRUNC
#undef O_EXCL
#undef O_DIRECTORY
#undef O_CLOEXEC
#define O_NONBLOCK  0x4
#define O_APPEND    0x8
#define O_SYNC	    0x80
#define O_NOFOLLOW  0x100
#define O_CREAT	    0x200
#define O_TRUNC	    0x400
#define O_EXCL	    0x800
#define O_DIRECTORY 0x100000
#define O_CLOEXEC   0x1000000

#endif
