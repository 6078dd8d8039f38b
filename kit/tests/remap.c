/*
 * mach_vm_remap: size 0, the same memory twice, a copy, and in the place of
 * mremap.
 *
 * Behaviours: remap-zero-size, remap-share, remap-cur-max-out, remap-copy,
 * remap-fixed-overwrite, s4-grow.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>
#include <string.h>

int
main(void)
{
	task_t self = mach_task_self();
	mach_vm_address_t from = 0, to = 0;
	vm_prot_t cur, max;
	kern_return_t kr;
	char *a, *b;

	mach_vm_allocate(self, &from, PAGE_SIZE, VM_FLAGS_ANYWHERE);
	a = (char *)from;
	strcpy(a, "hello");

	kr = mach_vm_remap(self, &to, 0, 0, VM_FLAGS_ANYWHERE, self, from,
	    FALSE, &cur, &max, VM_INHERIT_DEFAULT);
	printf("size 0: %d %s\n", kr, mach_error_string(kr));

	to = 0;
	kr = mach_vm_remap(self, &to, PAGE_SIZE, 0, VM_FLAGS_ANYWHERE, self,
	    from, FALSE, &cur, &max, VM_INHERIT_DEFAULT);
	b = (char *)to;
	b[0] = 'J';
	printf("shared: %d, prot %d/%d: '%s' '%s'\n", kr, cur, max, a, b);

	to = 0;
	kr = mach_vm_remap(self, &to, PAGE_SIZE, 0, VM_FLAGS_ANYWHERE, self,
	    from, TRUE, &cur, &max, VM_INHERIT_DEFAULT);
	b = (char *)to;
	b[0] = 'h';
	printf("copy: %d, prot %d/%d: '%s' '%s'\n", kr, cur, max, a, b);

	/* Move into the head of a larger block. */
	mach_vm_address_t big = 0;
	mach_vm_allocate(self, &big, 4 * PAGE_SIZE, VM_FLAGS_ANYWHERE);
	kr = mach_vm_remap(self, &big, PAGE_SIZE, 0,
	    VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, from, FALSE, &cur, &max,
	    VM_INHERIT_COPY);
	mach_vm_deallocate(self, from, PAGE_SIZE);
	printf("moved: %d: '%s', behind it %d\n", kr, (char *)big,
	    *(char *)(big + PAGE_SIZE));
	return 0;
}
