/*
 * Darwin's <sys/mman.h>, as far as the suite names it: constants of the BSD
 * memory calls, whatever the host.  Where <sys/mman.h> is included already it
 * is taken for Darwin's.
 *
 * xnu: bsd/sys/mman.h, bsd/sys/fcntl.h.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_DARWIN_MMAN_H
#define MT_DARWIN_MMAN_H

#ifndef PROT_NONE

#define PROT_NONE  0x00
#define PROT_READ  0x01
#define PROT_WRITE 0x02
#define PROT_EXEC  0x04

#define MAP_SHARED			0x0001
#define MAP_PRIVATE			0x0002
#define MAP_FILE			0x0000
#define MAP_FIXED			0x0010
#define MAP_RENAME			0x0020
#define MAP_NORESERVE			0x0040
#define MAP_NOEXTEND			0x0100
#define MAP_HASSEMAPHORE		0x0200
#define MAP_NOCACHE			0x0400
#define MAP_JIT				0x0800
#define MAP_ANON			0x1000
#define MAP_ANONYMOUS			MAP_ANON
#define MAP_RESILIENT_CODESIGN		0x2000
#define MAP_RESILIENT_MEDIA		0x4000
#define MAP_32BIT			0x8000
#define MAP_TRANSLATED_ALLOW_EXECUTE	0x20000
#define MAP_FAILED			((void *)-1)

#define MS_ASYNC	0x0001
#define MS_INVALIDATE	0x0002
#define MS_KILLPAGES	0x0004
#define MS_DEACTIVATE	0x0008
#define MS_SYNC		0x0010

#define MADV_NORMAL		0
#define MADV_RANDOM		1
#define MADV_SEQUENTIAL		2
#define MADV_WILLNEED		3
#define MADV_DONTNEED		4
#define MADV_FREE		5
#define MADV_ZERO_WIRED_PAGES	6
#define MADV_FREE_REUSABLE	7
#define MADV_FREE_REUSE		8
#define MADV_CAN_REUSE		9
#define MADV_PAGEOUT		10

#define MINCORE_INCORE		 0x01
#define MINCORE_REFERENCED	 0x02
#define MINCORE_MODIFIED	 0x04
#define MINCORE_REFERENCED_OTHER 0x08
#define MINCORE_MODIFIED_OTHER	 0x10
#define MINCORE_PAGED_OUT	 0x20
#define MINCORE_COPIED		 0x40
#define MINCORE_ANONYMOUS	 0x80

#define O_RDONLY 0x0000
#define O_WRONLY 0x0001
#define O_RDWR	 0x0002
#define O_CREAT	 0x0200
#define O_TRUNC	 0x0400
#define O_EXCL	 0x0800

#endif

/* What older SDKs lack. */
#ifndef MAP_JIT
#define MAP_JIT 0x0800
#endif
#ifndef MAP_RESILIENT_CODESIGN
#define MAP_RESILIENT_CODESIGN 0x2000
#endif
#ifndef MAP_RESILIENT_MEDIA
#define MAP_RESILIENT_MEDIA 0x4000
#endif
#ifndef MAP_32BIT
#define MAP_32BIT 0x8000
#endif
#ifndef MAP_TRANSLATED_ALLOW_EXECUTE
#define MAP_TRANSLATED_ALLOW_EXECUTE 0x20000
#endif
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 10
#endif
#ifndef MAP_UNIX03
#define MAP_UNIX03 0x40000 /* what libc adds, 11+ */
#endif
#ifndef MAP_TPRO
#define MAP_TPRO 0x80000 /* 13.3+ */
#endif
#ifndef MADV_ZERO
#define MADV_ZERO 11 /* 14.4+ */
#endif

#endif
