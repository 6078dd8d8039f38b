/*
 * Does a call that fails leave the memory as it was?  MAP_FIXED over a page, with
 * a descriptor that is none, and at an address that is none; mprotect to what
 * arm64 does not allow.
 *
 * Behaviours: reported-32, reported-07, mmap-fixed-failure-keeps,
 * mmap-fixed-unaligned, mprotect-wx-arm64, protect-wx-x86-plain,
 * protect-wx-rosetta.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <errno.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
protection(const void *p)
{
	mach_vm_address_t at = (mach_vm_address_t)p;
	mach_vm_size_t size;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_t name;

	mach_vm_region(mach_task_self(), &at, &size, VM_REGION_BASIC_INFO_64,
	    (vm_region_info_t)&info, &count, &name);
	printf(", now %c%c%c\n", info.protection & VM_PROT_READ ? 'r' : '-',
	    info.protection & VM_PROT_WRITE ? 'w' : '-',
	    info.protection & VM_PROT_EXECUTE ? 'x' : '-');
}

int
main(void)
{
	size_t page = (size_t)getpagesize();
	char *p = mmap(NULL, page, PROT_READ | PROT_WRITE,
	    MAP_ANON | MAP_PRIVATE, -1, 0);

	p[0] = 'x';
	if (mmap(p, page, PROT_READ, MAP_PRIVATE | MAP_FIXED, 999, 0) ==
	    MAP_FAILED)
		printf("descriptor 999: %s, byte %c", strerror(errno), p[0]);
	protection(p);
	if (mmap(p + 1, page, PROT_READ, MAP_ANON | MAP_PRIVATE | MAP_FIXED, -1,
		0) == MAP_FAILED)
		printf("unaligned: %s, byte %c", strerror(errno), p[0]);
	protection(p);
	mprotect(p, page, PROT_NONE);
	if (mprotect(p, page, PROT_READ | PROT_WRITE | PROT_EXEC) == -1)
		printf("mprotect: %s", strerror(errno));
	else
		printf("mprotect: 0");
	protection(p);
	return 0;
}
