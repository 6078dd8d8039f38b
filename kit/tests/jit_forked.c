/*
 * Is MAP_JIT memory usable in the child after fork?  It was not inherited until
 * 10.15; since then the child has a copy.  What a thread of Apple silicon may do
 * to it there, the published source does not say.
 *
 * Behaviours: reported-43, mmap-jit-inherit, fork-jit, fault-unmapped.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(void)
{
	char *p = mmap(NULL, (size_t)getpagesize(), PROT_READ | PROT_WRITE,
	    MAP_ANON | MAP_PRIVATE | MAP_JIT, -1, 0);
	int status;
	pid_t child;

	if (p == MAP_FAILED)
		return perror("mmap"), 1;
	if (__builtin_available(macOS 11.0, *))
		pthread_jit_write_protect_np(0);
	p[0] = 1;
	child = fork();
	if (child == 0) {
		p[0] += 1;
		_exit(p[0]);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		printf("child killed by signal %d\n", WTERMSIG(status));
	else
		printf("child has %d, parent %d\n", WEXITSTATUS(status), p[0]);
	return 0;
}
