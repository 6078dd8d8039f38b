/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "area.h"

#include <string.h>

#include "route.h"
#include "system.h"

#define RECORDED_A UINT64_C(0x200000000)

uint64_t A, page;
mach_port_name_t self;

bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool
next(mach_vm_address_t *a, mach_vm_size_t *size,
    vm_region_submap_info_data_64_t *info)
{
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	natural_t depth = 0;

	return stage->region_recurse(self, a, size, &depth,
		   (vm_region_recurse_info_t)info, &count) == KERN_SUCCESS &&
	    *size != 0;
}

void
clear(void)
{
	mach_vm_address_t a = A;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	while (next(&a, &size, &info) && a < A + SPAN) {
		(void)stage->deallocate(self, a, size);
		a += size;
	}
}

void
show_protection(char to[4], int p)
{
	to[0] = p & VM_PROT_READ ? 'r' : '-';
	to[1] = p & VM_PROT_WRITE ? 'w' : '-';
	to[2] = p & VM_PROT_EXECUTE ? 'x' : '-';
	to[3] = '\0';
}

bool
area_choose(const char *release, const char *arch, const char **problem)
{
	mach_vm_address_t a;
	mach_vm_size_t size;
	vm_region_submap_info_data_64_t info;

	if (!mt_system_choose(release, arch, problem))
		return false;
	page = mt_system()->page;
	self = mach_task_self();
	for (A = RECORDED_A; A + SPAN < mt_system()->maximum; A += SPAN) {
		a = A;
		if (!next(&a, &size, &info) || a >= A + SPAN)
			return true;
	}
	*problem = "no hole in the map is large enough";
	return false;
}
