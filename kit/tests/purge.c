/*
 * Purgeable memory: made, given up, taken back.
 *
 * Behaviours: purge-alloc, purge-set-returns-old, purge-empty,
 * purge-empty-to-nonvolatile, purge-not-purgeable.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <stdio.h>

int
main(void)
{
	vm_address_t a = 0, b = 0;
	int state = VM_PURGABLE_VOLATILE;
	kern_return_t kr;

	kr = vm_allocate(mach_task_self(), &a, PAGE_SIZE,
	    VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE);
	printf("allocate: %s\n", mach_error_string(kr));
	*(int *)a = 42;
	kr = vm_purgable_control(mach_task_self(), a, VM_PURGABLE_SET_STATE,
	    &state);
	printf("volatile: %s, it was %d\n", mach_error_string(kr), state);
	state = VM_PURGABLE_EMPTY;
	vm_purgable_control(mach_task_self(), a, VM_PURGABLE_SET_STATE, &state);
	state = VM_PURGABLE_NONVOLATILE;
	kr = vm_purgable_control(mach_task_self(), a, VM_PURGABLE_SET_STATE,
	    &state);
	printf("nonvolatile: %s, it was %d, value %d\n", mach_error_string(kr),
	    state, *(int *)a);
	vm_allocate(mach_task_self(), &b, PAGE_SIZE, VM_FLAGS_ANYWHERE);
	kr = vm_purgable_control(mach_task_self(), b, VM_PURGABLE_GET_STATE,
	    &state);
	printf("of ordinary memory: %s\n", mach_error_string(kr));
	return 0;
}
