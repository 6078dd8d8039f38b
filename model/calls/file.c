/*
 * Opening, reading, writing and cutting files.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/calls/file.h"
#include "darwin_errno.h"
#include "model/calls/shm.h"
#include "model/host/access.h"
#include "model/host/file.h"
#include "model/host/lock.h"
#include "model/vm/vnode.h"
#include "numbers.h"
#include "route.h"

#define PATH_SIZE 1024 /* MAXPATHLEN */

int
file_name(uint64_t from, char *to, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++) {
		if (!host_copyin(from + i, to + i, 1))
			return DARWIN_EFAULT;
		if (to[i] == '\0')
			return 0;
	}
	return DARWIN_ENAMETOOLONG;
}

/* ---- the pages of a file that is mapped ------------------------------------ */

/* With the lock held: the vnode of a descriptor, NULL: nobody maps it. */
static struct vnode *
vnode_of(int fd, int64_t *size)
{
	struct host_file file;
	struct stat status;
	bool reads, writes;

	if (host_file_of(fd, &file, &reads, &writes) != HOST_FILE_REGULAR ||
	    fstat(fd, &status) == -1)
		return NULL;
	*size = (int64_t)status.st_size;
	return vnode_find(&file);
}

static int
resize(int fd, int64_t size)
{
	struct vnode *vnode;
	int64_t old = 0;
	int error = 0;

	kernel_lock();
	vnode = vnode_of(fd, &old);
	if (vnode != NULL && size < old)
		vnode_will_shrink(vnode, (uint64_t)size);
	else if (vnode != NULL)
		vnode_sync(vnode, (uint64_t)old, (uint64_t)size);
	if (ftruncate(fd, (off_t)size) == -1)
		error = mt_errno_to_darwin(errno);
	else if (vnode != NULL)
		vnode_resized(vnode, (uint64_t)old, (uint64_t)size);
	kernel_unlock();
	return error;
}

/* O_TRUNC: a file is cut to nothing, whatever it is opened for. */
static int
empty(const char *path)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error;

	if (fd == -1)
		return mt_errno_to_darwin(errno);
	error = resize(fd, 0);
	close(fd);
	return error == DARWIN_EINVAL ? 0 : error;
}

/* ---- calls ----------------------------------------------------------------- */

int
file_open(struct task *task, const uint64_t *a, uint64_t *value)
{
	const int flags = mt_open_flags_to_host((int)a[1]);
	char path[PATH_SIZE];
	int fd, error;

	(void)task;
	if ((error = file_name(a[0], path, sizeof(path))) != 0)
		return error;
	if ((flags & O_ACCMODE) == O_ACCMODE)
		return DARWIN_EINVAL;
	fd = open(path, flags & ~O_TRUNC, (mode_t)a[2] & 06777);
	if (fd == -1)
		return mt_errno_to_darwin(errno);
	if ((flags & O_TRUNC) != 0 && (error = empty(path)) != 0) {
		close(fd);
		return error;
	}
	*value = (uint64_t)fd;
	return 0;
}

int
file_close(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct host_file file;
	bool reads, writes, is_shm;

	*value = 0;
	is_shm = host_file_of((int)a[0], &file, &reads, &writes) ==
		HOST_FILE_OTHER &&
	    shm_is_open(&file);
	if (close((int)a[0]) == -1)
		return mt_errno_to_darwin(errno);
	return is_shm ? shm_closed(task, &file) : 0;
}

int
file_unlink(struct task *task, const uint64_t *a, uint64_t *value)
{
	char path[PATH_SIZE];
	struct stat status;
	int error;

	(void)task;
	*value = 0;
	if ((error = file_name(a[0], path, sizeof(path))) != 0)
		return error;
	if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return DARWIN_EPERM;
	return unlink(path) == -1 ? mt_errno_to_darwin(errno) : 0;
}

/* Is this a file at all, opened for what is asked? */
static int
check_file(int fd, bool writes)
{
	struct host_file file;
	bool may_read, may_write;
	enum host_file_kind kind = host_file_of(fd, &file, &may_read,
	    &may_write);

	if (kind == HOST_FILE_NONE || (writes ? !may_write : !may_read))
		return DARWIN_EBADF;
	return shm_is_open(&file) ? DARWIN_ESPIPE : 0;
}

int
file_pread(struct task *task, const uint64_t *a, uint64_t *value)
{
	const int fd = (int)a[0];
	uint64_t done = 0, part;
	struct vnode *vnode;
	char bytes[4096];
	int64_t size;
	ssize_t n = 0;
	int error;

	(void)task;
	if ((error = check_file(fd, false)) != 0)
		return error;
	if ((int64_t)a[3] < 0)
		return DARWIN_EINVAL;
	for (*value = 0; done < a[2]; done += (uint64_t)n) {
		part = a[2] - done < sizeof(bytes) ? a[2] - done :
						     sizeof(bytes);
		kernel_lock();
		if ((vnode = vnode_of(fd, &size)) != NULL)
			vnode_sync(vnode, a[3] + done, a[3] + done + part);
		n = pread(fd, bytes, part, (off_t)(a[3] + done));
		error = n == -1 ? mt_errno_to_darwin(errno) : 0;
		kernel_unlock();
		if (n == -1)
			return error;
		if (n == 0)
			break;
		if (!host_copyout(bytes, a[1] + done, (size_t)n))
			return DARWIN_EFAULT;
	}
	*value = done;
	return 0;
}

int
file_pwrite(struct task *task, const uint64_t *a, uint64_t *value)
{
	const int fd = (int)a[0];
	uint64_t done = 0, part, at, from = 0;
	struct vnode *vnode;
	char bytes[4096];
	int64_t size = 0;
	ssize_t n = 0;
	int error;

	(void)task;
	if ((error = check_file(fd, true)) != 0)
		return error;
	if ((int64_t)a[3] < 0)
		return DARWIN_EINVAL;
	for (*value = 0; done < a[2]; done += (uint64_t)n) {
		at = a[3] + done;
		part = a[2] - done < sizeof(bytes) ? a[2] - done :
						     sizeof(bytes);
		if (!host_copyin(a[1] + done, bytes, part))
			return DARWIN_EFAULT;
		kernel_lock();
		if ((vnode = vnode_of(fd, &size)) != NULL) {
			/* zeros from the file's end on, if it ends before */
			from = at < (uint64_t)size ? at : (uint64_t)size;
			vnode_will_change(vnode, from, at + part);
		}
		n = pwrite(fd, bytes, part, (off_t)at);
		error = n == -1 ? mt_errno_to_darwin(errno) : 0;
		if (vnode != NULL && n > 0)
			vnode_changed(vnode, from, at + (uint64_t)n);
		kernel_unlock();
		if (n == -1)
			return error;
	}
	*value = done;
	return 0;
}

int
file_ftruncate(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct host_file file;
	enum host_file_kind kind;
	bool reads, writes;

	*value = 0;
	if ((int64_t)a[1] < 0)
		return DARWIN_EINVAL;
	kind = host_file_of((int)a[0], &file, &reads, &writes);
	if (kind == HOST_FILE_NONE)
		return DARWIN_EBADF;
	if (shm_is_open(&file))
		return shm_truncate(task, &file, a[1]);
	if (kind != HOST_FILE_REGULAR || !writes)
		return DARWIN_EINVAL;
	return resize((int)a[0], (int64_t)a[1]);
}

/* The type and permission bits of a mode are Darwin's on the host, too. */
int
file_fstat(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct mt_stat its = { .block_size = 0 };
	struct shm_status shm;
	struct host_file file;
	struct stat found;
	bool reads, writes;

	(void)task;
	*value = 0;
	if (fstat((int)a[0], &found) == -1)
		return mt_errno_to_darwin(errno);
	if (host_file_of((int)a[0], &file, &reads, &writes) ==
		HOST_FILE_OTHER &&
	    shm_stat(&file, &shm)) {
		its.mode = (uint16_t)shm.mode;
		its.uid = shm.uid;
		its.gid = shm.gid;
		its.size = (int64_t)shm.size;
	} else {
		its.device = (int32_t)found.st_dev;
		its.mode = (uint16_t)found.st_mode;
		its.links = (uint16_t)found.st_nlink;
		its.file = found.st_ino;
		its.uid = found.st_uid;
		its.gid = found.st_gid;
		its.special = (int32_t)found.st_rdev;
		its.size = found.st_size;
		its.blocks = found.st_blocks;
		its.block_size = (int32_t)found.st_blksize;
	}
	return host_copyout(&its, a[1], sizeof(its)) ? 0 : DARWIN_EFAULT;
}
