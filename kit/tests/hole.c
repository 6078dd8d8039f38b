/*
 * Giving back what was never mapped.
 *
 * Behaviours: dealloc-hole, munmap-hole, protect-hole-middle, mprotect-hole,
 * msync-bsd-hole, munmap-unaligned, munmap-len-zero.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <stdio.h>
#include <sys/mman.h>

int
main(void)
{
	vm_address_t a = 0;
	kern_return_t kr;

	vm_allocate(mach_task_self(), &a, 3 * PAGE_SIZE, VM_FLAGS_ANYWHERE);
	vm_deallocate(mach_task_self(), a, 3 * PAGE_SIZE);
	kr = vm_deallocate(mach_task_self(), a, 3 * PAGE_SIZE);
	printf("vm_deallocate: %s\n", mach_error_string(kr));
	printf("munmap: %d\n", munmap((void *)a, 3 * PAGE_SIZE));
	kr = vm_protect(mach_task_self(), a, PAGE_SIZE, FALSE, VM_PROT_READ);
	printf("vm_protect: %s\n", mach_error_string(kr));
	if (mprotect((void *)a, PAGE_SIZE, PROT_READ) == -1)
		perror("mprotect");
	if (msync((void *)a, PAGE_SIZE, MS_SYNC) == -1)
		perror("msync");
	if (munmap((void *)(a + 1), PAGE_SIZE) == -1)
		perror("munmap unaligned");
	if (munmap((void *)a, 0) == -1)
		perror("munmap of nothing");
	return 0;
}
