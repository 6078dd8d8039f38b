/*
 * malloc of a program of the kit.  What is large or aligned to pages is memory
 * of the model, a region each as libmalloc's large zone has it; the rest is the
 * host's.  And the host's calls on memory of the model, which it can only touch
 * after a fault has shown it.
 *
 * libmalloc: src/magazine_large.c, src/malloc.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "darwin_errno.h"
#include "fault.h"
#include "kit/kit_linux.h"
#include "model/calls/shm.h"
#include "model/host/file.h"
#include "system.h"
#include "types.h"

/* Above: the large zone of libmalloc until 10.15, a medium one since. */
enum { LARGE = 127 * 1024 };

struct block {
	struct block *next;
	mach_vm_address_t address;
	mach_vm_size_t size;
};

static struct block *blocks;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *
large(size_t size, size_t alignment)
{
	struct block *block = malloc(sizeof(*block));
	mach_vm_address_t address = 0;
	kern_return_t kr;

	if (size == 0)
		size = 1;
	size = (size + vm_page_mask) & ~vm_page_mask;
	kr = block == NULL || size == 0 ?
	    KERN_NO_SPACE :
	    mach_vm_map(mach_task_self(), &address, size,
		alignment <= vm_page_size ? 0 : alignment - 1,
		VM_FLAGS_ANYWHERE | (int)VM_MAKE_TAG(VM_MEMORY_MALLOC_LARGE),
		MACH_PORT_NULL, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
		VM_INHERIT_DEFAULT);
	if (kr != KERN_SUCCESS) {
		free(block);
		errno = ENOMEM;
		return NULL;
	}
	block->address = address;
	block->size = size;
	pthread_mutex_lock(&lock);
	block->next = blocks;
	blocks = block;
	pthread_mutex_unlock(&lock);
	return (void *)address;
}

/* The size of a large block, 0: none; taken out of the list when remove. */
static size_t
block_size(const void *address, bool remove)
{
	struct block **link, *block;
	size_t size = 0;

	pthread_mutex_lock(&lock);
	for (link = &blocks; (block = *link) != NULL; link = &block->next)
		if (block->address == (mach_vm_address_t)address) {
			size = block->size;
			if (remove) {
				*link = block->next;
				free(block);
			}
			break;
		}
	pthread_mutex_unlock(&lock);
	return size;
}

void *
darwin_malloc(size_t size)
{
	return size > LARGE ? large(size, 0) : malloc(size);
}

void *
darwin_calloc(size_t count, size_t size)
{
	size_t bytes;

	if (!__builtin_mul_overflow(count, size, &bytes) && bytes > LARGE)
		return large(bytes, 0);
	return calloc(count, size);
}

void
darwin_free(void *address)
{
	size_t size = block_size(address, true);
	int saved = errno;

	if (size == 0)
		free(address);
	else
		mach_vm_deallocate(mach_task_self(), (mach_vm_address_t)address,
		    size);
	errno = saved;
}

size_t
darwin_malloc_size(const void *address)
{
	size_t size = block_size(address, false);

	return size != 0 ? size : malloc_usable_size((void *)address);
}

size_t
malloc_good_size(size_t size)
{
	return size > LARGE ? (size + vm_page_mask) & ~vm_page_mask :
	    size == 0	    ? 16 :
			      (size + 15) & ~(size_t)15;
}

void *
darwin_realloc(void *old, size_t size)
{
	size_t had = old == NULL ? 0 : block_size(old, false);
	void *moved;

	if (had == 0 && size <= LARGE)
		return realloc(old, size);
	if (old == NULL)
		return large(size, 0);
	if (size <= had && size > had / 2)
		return old;
	moved = darwin_malloc(size == 0 ? 1 : size);
	if (moved == NULL)
		return NULL;
	if (had == 0)
		had = malloc_usable_size(old);
	memcpy(moved, old, had < size ? had : size);
	darwin_free(old);
	return moved;
}

void *
darwin_reallocf(void *old, size_t size)
{
	void *moved = darwin_realloc(old, size);

	if (moved == NULL && old != NULL)
		darwin_free(old);
	return moved;
}

void *
darwin_valloc(size_t size)
{
	return large(size, 0);
}

int
darwin_posix_memalign(void **address, size_t alignment, size_t size)
{
	void *found;

	if (alignment < 4096)
		return posix_memalign(address, alignment, size) == 0 ?
		    0 :
		    DARWIN_EINVAL;
	if ((alignment & (alignment - 1)) != 0)
		return DARWIN_EINVAL;
	found = large(size, alignment);
	if (found == NULL)
		return DARWIN_ENOMEM;
	*address = found;
	return 0;
}

void *
darwin_aligned_alloc(size_t alignment, size_t size)
{
	void *found = NULL;

	if (alignment < 4096)
		return aligned_alloc(alignment, size);
	return darwin_posix_memalign(&found, alignment, size) == 0 ? found :
								     NULL;
}

/* ---- the host's calls ------------------------------------------------------- */

bool
kit_touch(const void *start, size_t size, bool write)
{
	mach_vm_address_t at = (mach_vm_address_t)start;
	const mach_vm_address_t end = at + size;
	struct mt_fault fault;

	while (at < end) {
		fault = mt_read(at);
		if (fault.exception == 0 && write)
			fault = mt_write(at, fault.value);
		if (fault.exception != 0)
			return false;
		at = (at | 4095) + 1;
	}
	return true;
}

/* A file that may be mapped, and where the next byte is; -1: none. */
static off_t
position(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == -1 || !S_ISREG(status.st_mode) ||
	    (fcntl(fd, F_GETFL) & O_APPEND) != 0)
		return -1;
	return lseek(fd, 0, SEEK_CUR);
}

/* Shared memory has neither read(2) nor write(2): bsd/kern/posix_shm.c, pshmops.
 * Its errno; 0: the descriptor is none of it. */
static int
shm_error(int fd)
{
	struct host_file file;
	bool reads, writes;

	if (host_file_of(fd, &file, &reads, &writes) != HOST_FILE_OTHER ||
	    !shm_is_open(&file))
		return 0;
	return mt_release_since(mt_system()->release, "10.15.0") ?
	    DARWIN_ENXIO :
	    DARWIN_ENOTSUP;
}

ssize_t
darwin_read(int fd, void *bytes, size_t size)
{
	const off_t at = position(fd);
	const int error = at == -1 ? shm_error(fd) : 0;
	ssize_t n;

	if (error != 0)
		return kit_fail(error);
	if (at == -1)
		return kit_touch(bytes, size, true) ? read(fd, bytes, size) :
						      kit_fail(DARWIN_EFAULT);
	n = darwin_pread(fd, bytes, size, at);
	if (n > 0)
		lseek(fd, at + n, SEEK_SET);
	return n;
}

ssize_t
darwin_write(int fd, const void *bytes, size_t size)
{
	const off_t at = position(fd);
	const int error = at == -1 ? shm_error(fd) : 0;
	ssize_t n;

	if (error != 0)
		return kit_fail(error);
	if (at == -1)
		return kit_touch(bytes, size, false) ? write(fd, bytes, size) :
						       kit_fail(DARWIN_EFAULT);
	n = darwin_pwrite(fd, bytes, size, at);
	if (n > 0)
		lseek(fd, at + n, SEEK_SET);
	return n;
}

/* bsd/kern/posix_shm.c, pshm_stat(). */
int
darwin_fstat(int fd, struct stat *status)
{
	struct host_file file;
	struct shm_status its;
	struct stat found;
	bool reads, writes;

	if (fstat(fd, &found) == -1)
		return -1;
	if (host_file_of(fd, &file, &reads, &writes) == HOST_FILE_OTHER &&
	    shm_stat(&file, &its))
		found = (struct stat){ .st_mode = its.mode,
			.st_uid = its.uid,
			.st_gid = its.gid,
			.st_size = (off_t)its.size };
	if (!kit_touch(status, sizeof(*status), true))
		return kit_fail(DARWIN_EFAULT);
	*status = found;
	return 0;
}

size_t
darwin_fread(void *bytes, size_t size, size_t count, FILE *file)
{
	kit_touch(bytes, size * count, true);
	return fread(bytes, size, count, file);
}

size_t
darwin_fwrite(const void *bytes, size_t size, size_t count, FILE *file)
{
	kit_touch(bytes, size * count, false);
	return fwrite(bytes, size, count, file);
}
