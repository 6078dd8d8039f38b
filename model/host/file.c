/*
 * Files of the host: which descriptor each process uses for them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "model/host/file.h"

/* Out of the way of programs that count on small descriptors. */
#define KEPT_FROM 200

/* What this process keeps; a forked child begins with its parent's. */
enum { KEPT = 64 };
static struct kept {
	uint64_t device, inode;
	int descriptor; /* 0: free */
	bool may_write;
} kept[KEPT];

static bool
may_write(int descriptor)
{
	const int mode = fcntl(descriptor, F_GETFL) & O_ACCMODE;

	return mode == O_RDWR || mode == O_WRONLY;
}

static bool
is_of(int descriptor, const struct host_file *file)
{
	struct stat status;

	return fstat(descriptor, &status) == 0 &&
	    status.st_dev == file->device && status.st_ino == file->inode;
}

enum host_file_kind
host_file_of(int descriptor, struct host_file *file, bool *reads, bool *writes)
{
	struct stat status;
	int mode;

	if (fstat(descriptor, &status) == -1 ||
	    (mode = fcntl(descriptor, F_GETFL)) == -1)
		return HOST_FILE_NONE;
	*reads = (mode & O_ACCMODE) != O_WRONLY;
	*writes = (mode & O_ACCMODE) != O_RDONLY;
	file->device = status.st_dev;
	file->inode = status.st_ino;
	file->pid = getpid();
	file->descriptor = descriptor;
	file->path[0] = '\0';
	return S_ISREG(status.st_mode) ? HOST_FILE_REGULAR :
	    S_ISCHR(status.st_mode)    ? HOST_FILE_DEVICE :
					 HOST_FILE_OTHER;
}

static struct kept *
kept_of(const struct host_file *file)
{
	for (struct kept *k = kept; k < kept + KEPT; k++)
		if (k->descriptor != 0 && k->device == file->device &&
		    k->inode == file->inode)
			return k;
	return NULL;
}

static void
let_go(struct kept *k)
{
	/* The program may have closed it and opened something else. */
	const struct host_file file = { k->device, k->inode, 0, 0, "" };

	if (is_of(k->descriptor, &file))
		close(k->descriptor);
	k->descriptor = 0;
}

/* Takes the descriptor over. */
static void
keep(const struct host_file *file, int descriptor)
{
	static unsigned next;
	struct kept *k = kept_of(file);

	for (unsigned i = 0; k == NULL && i < KEPT; i++)
		if (kept[i].descriptor == 0)
			k = &kept[i];
	if (k == NULL)
		k = &kept[next++ % KEPT];
	if (k->descriptor != 0)
		let_go(k);
	k->device = file->device;
	k->inode = file->inode;
	k->descriptor = descriptor;
	k->may_write = may_write(descriptor);
}

bool
host_file_keep(struct host_file *file, int descriptor)
{
	const struct kept *k = kept_of(file);
	char link[64];
	ssize_t n;
	int high;

	if (k != NULL && is_of(k->descriptor, file) &&
	    (k->may_write || !may_write(descriptor)))
		return true;
	if ((high = fcntl(descriptor, F_DUPFD_CLOEXEC, KEPT_FROM)) == -1)
		return false;
	keep(file, high);
	file->pid = getpid();
	file->descriptor = high;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", high);
	n = readlink(link, file->path, sizeof(file->path) - 1);
	file->path[n < 0 ? 0 : n] = '\0';
	return true;
}

void
host_file_sweep(bool (*is_needed)(const struct host_file *))
{
	for (struct kept *k = kept; k < kept + KEPT; k++) {
		const struct host_file file = { k->device, k->inode, 0, 0, "" };

		if (k->descriptor != 0 && !is_needed(&file))
			let_go(k);
	}
}

/* By name; only if it still is that file. */
static int
open_again(const struct host_file *file, const char *name, bool writes)
{
	int descriptor = open(name, (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);

	if (descriptor != -1 && !is_of(descriptor, file)) {
		close(descriptor);
		return -1;
	}
	return descriptor;
}

/* A descriptor for the file, -1: it is out of reach. */
static int
reach(const struct host_file *file, bool writes)
{
	const struct kept *k = kept_of(file);
	char name[64];
	int descriptor, high;

	if (k != NULL && is_of(k->descriptor, file) &&
	    (k->may_write || !writes))
		return k->descriptor;
	snprintf(name, sizeof(name), "/proc/%d/fd/%d", file->pid,
	    file->descriptor);
	descriptor = open_again(file, name, writes);
	if (descriptor == -1 && file->path[0] != '\0')
		descriptor = open_again(file, file->path, writes);
	if (descriptor == -1)
		return -1;
	if ((high = fcntl(descriptor, F_DUPFD_CLOEXEC, KEPT_FROM)) != -1) {
		close(descriptor);
		descriptor = high;
	}
	keep(file, descriptor);
	return descriptor;
}

int64_t
host_file_read(const struct host_file *file, void *to, uint64_t size,
    uint64_t offset)
{
	const int descriptor = reach(file, false);
	uint64_t done = 0;
	ssize_t n;

	if (descriptor == -1)
		return -1;
	for (; done < size; done += (uint64_t)n) {
		n = pread(descriptor, (char *)to + done, size - done,
		    (off_t)(offset + done));
		if (n == -1)
			return -1;
		if (n == 0)
			break;
	}
	return (int64_t)done;
}

bool
host_file_write(const struct host_file *file, const void *from, uint64_t size,
    uint64_t offset)
{
	const int descriptor = reach(file, true);
	ssize_t n;

	if (descriptor == -1)
		return false;
	for (uint64_t done = 0; done < size; done += (uint64_t)n) {
		n = pwrite(descriptor, (const char *)from + done, size - done,
		    (off_t)(offset + done));
		if (n <= 0)
			return false;
	}
	return true;
}

int64_t
host_file_size(const struct host_file *file)
{
	const int descriptor = reach(file, false);
	struct stat status;

	return descriptor == -1 || fstat(descriptor, &status) == -1 ?
	    -1 :
	    (int64_t)status.st_size;
}

/* ---- tokens ----------------------------------------------------------------- */

/* A socket's name that is no file's goes with its last descriptor. */
int
host_file_token(struct host_file *file)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const size_t path = offsetof(struct sockaddr_un, sun_path) + 1;
	const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(name);
	bool ignored;

	if (descriptor == -1)
		return -1;
	/* without a name: the host finds one */
	if (bind(descriptor, (const struct sockaddr *)&name,
		sizeof(name.sun_family)) == -1 ||
	    getsockname(descriptor, (struct sockaddr *)&name, &size) == -1) {
		close(descriptor);
		return -1;
	}
	(void)host_file_of(descriptor, file, &ignored, &ignored);
	memcpy(file->path, name.sun_path + 1, size - path);
	file->path[size - path] = '\0';
	return descriptor;
}

bool
host_file_token_is_open(const struct host_file *file)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	const size_t length = strlen(file->path);
	const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_refused;

	if (descriptor == -1)
		return true; /* nobody knows */
	memcpy(name.sun_path + 1, file->path, length);
	is_refused = connect(descriptor, (const struct sockaddr *)&name,
			 (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			     1 + length)) == -1 &&
	    errno == ECONNREFUSED;
	close(descriptor);
	return !is_refused;
}
