/*
 * What a child sees of memory with each inheritance.
 *
 * Behaviours: mmap-private-fork, minherit-copy-fork, minherit-share-fork,
 * minherit-none-fork, fault-unmapped.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/vm_inherit.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void
attempt(const char *what, int inheritance)
{
	char *p = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE,
	    MAP_ANON | MAP_PRIVATE, -1, 0);
	int status;
	pid_t child;

	p[0] = 1;
	if (inheritance >= 0 && minherit(p, getpagesize(), inheritance) != 0)
		perror("minherit");
	fflush(stdout);
	child = fork();
	if (child == 0) {
		p[0] += 1;
		_exit(p[0]);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		printf("%s: child killed by signal %d\n", what,
		    WTERMSIG(status));
	else
		printf("%s: child has %d, parent %d\n", what,
		    WEXITSTATUS(status), p[0]);
}

int
main(void)
{
	attempt("default", -1);
	attempt("VM_INHERIT_COPY", VM_INHERIT_COPY);
	attempt("VM_INHERIT_SHARE", VM_INHERIT_SHARE);
	attempt("VM_INHERIT_NONE", VM_INHERIT_NONE);
	return 0;
}
