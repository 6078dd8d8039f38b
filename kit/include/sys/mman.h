/*
 * <sys/mman.h> of the reproducer kit: Darwin's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_SYS_MMAN_H
#define KIT_SYS_MMAN_H

#include <stddef.h>
#include <sys/types.h>

#include "../../../lib/darwin_mman.h"

#define MCL_CURRENT 1
#define MCL_FUTURE  2

#define POSIX_MADV_NORMAL     MADV_NORMAL
#define POSIX_MADV_RANDOM     MADV_RANDOM
#define POSIX_MADV_SEQUENTIAL MADV_SEQUENTIAL
#define POSIX_MADV_WILLNEED   MADV_WILLNEED
#define POSIX_MADV_DONTNEED   MADV_DONTNEED

#ifdef __cplusplus
extern "C" {
#endif

void *mmap(void *, size_t, int protection, int flags, int fd, off_t);
int munmap(void *, size_t);
int mprotect(void *, size_t, int protection);
int minherit(void *, size_t, int inheritance);
int madvise(void *, size_t, int advice);
int posix_madvise(void *, size_t, int advice);
int mincore(const void *, size_t, char *vector);
int msync(void *, size_t, int flags);
int mlock(const void *, size_t);
int munlock(const void *, size_t);
int mlockall(int flags);
int munlockall(void);
int shm_open(const char *, int flags, ...);
int shm_unlink(const char *);

#ifdef __cplusplus
}
#endif

#endif
