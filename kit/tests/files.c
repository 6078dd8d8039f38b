/*
 * A file mapped shared and private: who sees which write, and what lies behind
 * its end; a shm object is sized once and neither read nor written.  Under
 * Rosetta the page behind the end is in the kernel's page that has it.
 *
 * Behaviours: mmap-file-shared-write, mmap-file-private-write,
 * mmap-file-store-read, mmap-file-eof-zero, mmap-file-past-eof,
 * mmap-file-eof-kernel-page, mmap-unaligned-offset, shm-truncate-once.
 * read() and write(): bsd/kern/posix_shm.c, pshm_read() until 10.14, fo_no_read()
 * since.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static jmp_buf back;

static void
caught(int sig)
{
	longjmp(back, sig);
}

int
main(void)
{
	char path[] = "/tmp/reproducer.XXXXXX", text[8] = "";
	size_t page = (size_t)getpagesize();
	int fd = mkstemp(path), shm, sig;
	char *shared, *private;

	if (write(fd, "hello\n", 6) != 6)
		return perror("write"), 1;
	shared = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
	    0);
	private = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (shared == MAP_FAILED || private == MAP_FAILED)
		return perror("mmap"), 1;
	private[0] = 'y';
	shared[0] = 'J';
	pread(fd, text, 5, 0);
	printf("shared %.5s, private %.5s, file %.5s\n", shared, private, text);
	printf("behind the end, same page: %d\n", shared[page - 1]);
	signal(SIGBUS, caught);
	signal(SIGSEGV, caught);
	if ((sig = setjmp(back)) == 0)
		printf("next page: %d\n", shared[page]);
	else
		printf("next page: %s\n", strsignal(sig));
	if (mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 512) == MAP_FAILED)
		printf("offset 512: %s\n", strerror(errno));
	close(fd);
	unlink(path);

	shm_unlink("/reproducer");
	shm = shm_open("/reproducer", O_CREAT | O_RDWR | O_EXCL, 0600);
	if (shm == -1)
		return perror("shm_open"), 1;
	printf("ftruncate: %d\n", ftruncate(shm, (off_t)page));
	if (ftruncate(shm, (off_t)(2 * page)) == -1)
		printf("again: %s\n", strerror(errno));
	if (write(shm, "x", 1) == -1)
		printf("write: %s\n", strerror(errno));
	if (read(shm, text, 1) == -1)
		printf("read: %s\n", strerror(errno));
	shm_unlink("/reproducer");
	return 0;
}
