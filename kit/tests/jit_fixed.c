/*
 * MAP_JIT over a reservation with MAP_FIXED, as a JIT would like it.
 *
 * Behaviours: mmap-jit-invalid.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <sys/mman.h>

int
main(void)
{
	size_t size = 1 << 20;
	char *reserved = mmap(0, size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1,
	    0);
	if (reserved == MAP_FAILED)
		return perror("reserve"), 1;
	fflush(stdout);
	if (mmap(reserved, size, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANON | MAP_FIXED | MAP_JIT, -1,
		0) == MAP_FAILED)
		perror("mmap");
	else
		fprintf(stderr, "mapped\n");
	return 0;
}
