/*
 * Has this system mach_vm_reallocate, and does it keep the bytes when it has
 * to move?
 *
 * Behaviours: reallocate-absent, reallocate-moves, reallocate-contents,
 * reallocate-tail-zero, reallocate-rosetta.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <dlfcn.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>

typedef kern_return_t reallocate_t(task_t, mach_vm_address_t, mach_vm_size_t,
    mach_vm_address_t *, mach_vm_size_t, mach_vm_offset_t, int, int);

int
main(void)
{
	reallocate_t *reallocate = (reallocate_t *)dlsym(RTLD_DEFAULT,
	    "mach_vm_reallocate");
	mach_vm_address_t a = 0, block, b = 0;
	kern_return_t kr;

	if (reallocate == NULL)
		return printf("no mach_vm_reallocate\n"), 0;
	mach_vm_allocate(mach_task_self(), &a, PAGE_SIZE, VM_FLAGS_ANYWHERE);
	block = a + PAGE_SIZE;
	mach_vm_allocate(mach_task_self(), &block, PAGE_SIZE, VM_FLAGS_FIXED);
	*(char *)a = 'k';
	kr = reallocate(mach_task_self(), a, PAGE_SIZE, &b, 4 * PAGE_SIZE, 0, 0,
	    VM_FLAGS_ANYWHERE);
	if (kr != KERN_SUCCESS)
		return mach_error("mach_vm_reallocate", kr), 1;
	printf("%s, %s, byte '%c', last %d\n", mach_error_string(kr),
	    a == b ? "in place" : "moved", *(char *)b,
	    ((char *)b)[4 * PAGE_SIZE - 1]);
	return 0;
}
