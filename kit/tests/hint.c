/*
 * A hint that is free, one that is not, and MAP_FIXED: who replaces?
 *
 * Behaviours: s2-hint-exact, s2-hint-moved, alloc-fixed-occupied,
 * mmap-fixed-replaces, mmap-fixed-unaligned.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stdio.h>
#include <sys/mman.h>
#include <mach/mach.h>

#define N (8 * PAGE_SIZE)

int
main(void)
{
	int rw = PROT_READ | PROT_WRITE, flags = MAP_ANON | MAP_PRIVATE;
	char *p = mmap(NULL, N, rw, flags, -1, 0);
	char *q;
	vm_address_t fixed = (vm_address_t)p;
	kern_return_t kr;

	p[0] = 'a';
	munmap(p + N / 2, N / 2);
	q = mmap(p + N / 2, N / 2, rw, flags, -1, 0);
	printf("free hint: %s\n", q == p + N / 2 ? "taken" : "elsewhere");
	q = mmap(p, PAGE_SIZE, rw, flags, -1, 0);
	printf("used hint: %s, old byte %c\n", q == p ? "taken" : "elsewhere",
	    p[0]);
	kr = vm_allocate(mach_task_self(), &fixed, PAGE_SIZE, VM_FLAGS_FIXED);
	printf("vm_allocate fixed: %s, old byte %c\n", mach_error_string(kr),
	    p[0]);
	q = mmap(p, PAGE_SIZE, rw, flags | MAP_FIXED, -1, 0);
	printf("MAP_FIXED: %s, byte %d\n", q == p ? "replaced" : "elsewhere",
	    p[0]);
	q = mmap(p + 4096, 4096, rw, flags | MAP_FIXED, -1, 0);
	if (q == MAP_FAILED)
		perror("MAP_FIXED at 4096");
	return 0;
}
