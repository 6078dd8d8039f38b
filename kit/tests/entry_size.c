/*
 * A memory entry for 200 MB of fresh memory, which is two regions: how much does
 * it cover?
 *
 * Behaviours: alloc-chunk-128m, entry-size-truncated, entry-vm-share.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>

static void
entry(vm_address_t address, const char *what, vm_prot_t flags)
{
	memory_object_size_t size = 200 << 20;
	mem_entry_name_port_t port = MACH_PORT_NULL;
	kern_return_t kr = mach_make_memory_entry_64(mach_task_self(), &size,
	    address, VM_PROT_READ | VM_PROT_WRITE | flags, &port,
	    MEMORY_OBJECT_NULL);

	printf("%s: %s, %llu MB\n", what, mach_error_string(kr),
	    (unsigned long long)size >> 20);
	if (kr == KERN_SUCCESS)
		mach_port_deallocate(mach_task_self(), port);
}

int
main(void)
{
	vm_address_t address = 0;
	kern_return_t kr = vm_allocate(mach_task_self(), &address, 200 << 20,
	    VM_FLAGS_ANYWHERE);

	if (kr != KERN_SUCCESS) {
		mach_error("vm_allocate", kr);
		return 1;
	}
	entry(address, "plain", 0);
	entry(address, "MAP_MEM_VM_SHARE", MAP_MEM_VM_SHARE);
	return 0;
}
