/*
 * Memory below 4 GB for a 32-bit pointer: MAP_32BIT, and a hint.
 *
 * Behaviours: mmap-hint-below-min, mmap-32bit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_32BIT
#define MAP_32BIT 0x8000
#endif

int
main(void)
{
	void *p = mmap((void *)0x10000000, 1 << 20, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	printf("hint: %s\n",
	    p == MAP_FAILED	   ? strerror(errno) :
		(uintptr_t)p >> 32 ? "above 4 GB" :
				     "below 4 GB");
	p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON | MAP_32BIT, -1, 0);
	printf("MAP_32BIT: %s\n",
	    p == MAP_FAILED	   ? strerror(errno) :
		(uintptr_t)p >> 32 ? "above 4 GB" :
				     "below 4 GB");
	return 0;
}
