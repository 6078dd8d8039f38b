/*
 * What a descriptor of shared memory is: closed by exec, of the size in whole
 * pages, and nothing that can be read or written at a position.
 *
 * Behaviours: reported-58, reported-59, shm-truncate-rounds, shm-pread,
 * shm-pwrite.
 * fstat(): bsd/kern/posix_shm.c, pshm_stat(); the descriptor's flag: shm_open().
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(void)
{
	struct stat status;
	char byte = 0;
	int fd;

	shm_unlink("/reproducer");
	fd = shm_open("/reproducer", O_CREAT | O_RDWR | O_EXCL, 0600);
	if (fd == -1)
		return perror("shm_open"), 1;
	shm_unlink("/reproducer");
	printf("FD_CLOEXEC: %d\n", (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	if (fstat(fd, &status) == 0)
		printf("new: %lld bytes, mode %o\n", (long long)status.st_size,
		    (unsigned)status.st_mode);
	if (ftruncate(fd, 100) == -1)
		perror("ftruncate");
	if (fstat(fd, &status) == 0)
		printf("sized to 100: %lld bytes\n", (long long)status.st_size);
	if (pread(fd, &byte, 1, 0) == -1)
		printf("pread: %s\n", strerror(errno));
	if (pwrite(fd, &byte, 1, 0) == -1)
		printf("pwrite: %s\n", strerror(errno));
	return 0;
}
