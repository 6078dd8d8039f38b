/*
 * libc's memory calls as Darwin's libsyscall has them: since 10.5 mmap and
 * msync are the UNIX03 variants (wrappers/unix03).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdarg.h>

#include "darwin_errno.h"
#include "darwin_mman.h"
#include "model/calls/file.h"
#include "model/calls/mman.h"
#include "model/calls/shm.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"

int darwin_errno_mark;

static int64_t
finish(int error, uint64_t value)
{
	if (error == 0)
		return (int64_t)value;
	errno = darwin_errno_mark + error;
	return -1;
}

#define CALL(function_, ...)                                     \
	__extension__({                                          \
		uint64_t value_[2] = { 0 };                      \
		int error_ = function_(current_task,             \
		    (const uint64_t[6]){ __VA_ARGS__ }, value_); \
                                                                 \
		finish(error_, value_[0]);                       \
	})

/* Until 10.15 libc looked at what the kernel does with MAP_UNIX03. */
void *
darwin_mmap(void *address, size_t size, int protection, int flags, int fd,
    int64_t offset)
{
	const struct map *map = current_task->map;

	if (map->rules->mmap_knows_unix03)
		flags |= MAP_UNIX03;
	else if ((offset & (int64_t)page_mask(map)) != 0 || size == 0 ||
	    (flags & (MAP_PRIVATE | MAP_SHARED)) == 0)
		return (void *)finish(DARWIN_EINVAL, 0);
	return (void *)CALL(mman_mmap, (uintptr_t)address, size,
	    (uint32_t)protection, (uint32_t)flags, (uint32_t)fd,
	    (uint64_t)offset);
}

int
darwin_munmap(void *address, size_t size)
{
	return (int)CALL(mman_munmap, (uintptr_t)address, size);
}

int
darwin_mprotect(void *address, size_t size, int protection)
{
	return (int)CALL(mman_mprotect, (uintptr_t)address, size,
	    (uint32_t)protection);
}

int
darwin_minherit(void *address, size_t size, int inheritance)
{
	return (int)CALL(mman_minherit, (uintptr_t)address, size,
	    (uint32_t)inheritance);
}

int
darwin_madvise(void *address, size_t size, int advice)
{
	return (
	    int)CALL(mman_madvise, (uintptr_t)address, size, (uint32_t)advice);
}

/* libsyscall/Platforms/syscall.map: another name of madvise(). */
int
darwin_posix_madvise(void *address, size_t size, int advice)
{
	return darwin_madvise(address, size, advice);
}

int
darwin_mincore(const void *address, size_t size, char *vector)
{
	return (
	    int)CALL(mman_mincore, (uintptr_t)address, size, (uintptr_t)vector);
}

int
darwin_msync(void *address, size_t size, int flags)
{
	return (int)CALL(mman_msync, (uintptr_t)address, size, (uint32_t)flags);
}

int
darwin_mlock(const void *address, size_t size)
{
	return (int)CALL(mman_mlock, (uintptr_t)address, size);
}

int
darwin_munlock(const void *address, size_t size)
{
	return (int)CALL(mman_munlock, (uintptr_t)address, size);
}

int
darwin_mlockall(int flags)
{
	return (int)CALL(mman_no_call, (uint32_t)flags);
}

int
darwin_munlockall(void)
{
	return (int)CALL(mman_no_call, 0);
}

/* ---- files and shared memory ----------------------------------------------- */

/* The mode, which is given only where a file may be made. */
#define MODE(after_)                                     \
	__extension__({                                  \
		va_list arguments_;                      \
		int mode_ = 0;                           \
                                                         \
		va_start(arguments_, after_);            \
		if ((flags & O_CREAT) != 0)              \
			mode_ = va_arg(arguments_, int); \
		va_end(arguments_);                      \
		mode_;                                   \
	})

int
darwin_open(const char *path, int flags, ...)
{
	const int mode = MODE(flags);

	return (int)CALL(file_open, (uintptr_t)path, (uint32_t)flags,
	    (uint32_t)mode);
}

int
darwin_close(int fd)
{
	return (int)CALL(file_close, (uint32_t)fd);
}

int
darwin_unlink(const char *path)
{
	return (int)CALL(file_unlink, (uintptr_t)path);
}

int64_t
darwin_pread(int fd, void *bytes, size_t size, int64_t offset)
{
	return CALL(file_pread, (uint32_t)fd, (uintptr_t)bytes, size,
	    (uint64_t)offset);
}

int64_t
darwin_pwrite(int fd, const void *bytes, size_t size, int64_t offset)
{
	return CALL(file_pwrite, (uint32_t)fd, (uintptr_t)bytes, size,
	    (uint64_t)offset);
}

int
darwin_ftruncate(int fd, int64_t size)
{
	return (int)CALL(file_ftruncate, (uint32_t)fd, (uint64_t)size);
}

int
darwin_shm_open(const char *name, int flags, ...)
{
	const int mode = MODE(flags);

	return (int)CALL(shm_call_open, (uintptr_t)name, (uint32_t)flags,
	    (uint32_t)mode);
}

int
darwin_shm_unlink(const char *name)
{
	return (int)CALL(shm_call_unlink, (uintptr_t)name);
}
