/*
 * malloc'd memory moved by vm_copy; a read-only page made writable by
 * VM_PROT_COPY, which a maximum does not stop.
 *
 * Behaviours: s1-vmcopy-ok, protect-beyond-max, protect-copy-raises-max,
 * remap-copy, remap-cur-max-out.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(void)
{
	size_t size = 4 << 20;
	char *from = malloc(size), *to = valloc(size);
	vm_address_t shared = 0;
	vm_prot_t cur, max;
	kern_return_t kr;

	memset(from, 'x', size);
	kr = vm_copy(mach_task_self(), (vm_address_t)from, size,
	    (vm_address_t)to);
	free(from);
	printf("vm_copy: %s, %c%c\n", mach_error_string(kr), to[0],
	    to[size - 1]);
	vm_protect(mach_task_self(), (vm_address_t)to, vm_page_size, TRUE,
	    VM_PROT_READ);
	kr = vm_protect(mach_task_self(), (vm_address_t)to, vm_page_size, FALSE,
	    VM_PROT_READ | VM_PROT_WRITE);
	printf("above the maximum: %s\n", mach_error_string(kr));
	kr = vm_protect(mach_task_self(), (vm_address_t)to, vm_page_size, FALSE,
	    VM_PROT_READ | VM_PROT_WRITE | VM_PROT_COPY);
	printf("with VM_PROT_COPY: %s\n", mach_error_string(kr));
	if (kr == KERN_SUCCESS)
		to[0] = 'y';
	kr = vm_remap(mach_task_self(), &shared, vm_page_size, 0, TRUE,
	    mach_task_self(), (vm_address_t)to, FALSE, &cur, &max,
	    VM_INHERIT_SHARE);
	printf("vm_remap: %s, %d/%d, %c\n", mach_error_string(kr), cur, max,
	    *(char *)shared);
	return 0;
}
