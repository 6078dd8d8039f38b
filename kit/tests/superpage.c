/*
 * Superpages, by mmap's descriptor and by mach_vm_allocate.
 *
 * Behaviours: mmap-anon-fd-flags, alloc-superpage-2mb-size,
 * alloc-superpage-arm64.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int
main(void)
{
	size_t size = 2 << 20;
	mach_vm_address_t a = 0;
	kern_return_t kr;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_ANON | MAP_PRIVATE, VM_FLAGS_SUPERPAGE_SIZE_2MB, 0);

	if (p == MAP_FAILED)
		printf("mmap: %s\n", strerror(errno));
	else
		printf("mmap: %s\n",
		    (size_t)p % size ? "unaligned" : "aligned");
	kr = mach_vm_allocate(mach_task_self(), &a, size,
	    VM_FLAGS_ANYWHERE | VM_FLAGS_SUPERPAGE_SIZE_2MB);
	printf("mach_vm_allocate: %s\n", mach_error_string(kr));
	return 0;
}
