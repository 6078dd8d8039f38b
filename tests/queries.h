/*
 * What queries tell of a page or region that is there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_QUERIES_H
#define TESTS_QUERIES_H

#include "stage.h"

/* VM_PAGE_QUERY_PAGE_* of the page at address. */
static inline integer_t
disposition(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address)
{
	integer_t bits = 0, references = 0;

	MT_REQUIRE(vm->page_query(self, address, &bits, &references),
	    KERN_SUCCESS);
	return bits;
}

/* These of them, as the stage tells. */
static inline integer_t
page_is(mach_port_name_t self, mach_vm_address_t address, integer_t bits)
{
	return disposition(stage, self, address) & bits;
}

/* Information about the region that has address: `words` of them at info. */
static inline void
region_info(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, vm_region_flavor_t flavor, void *info,
    mach_msg_type_number_t words)
{
	mach_vm_address_t start = address;
	mach_vm_size_t size = 0;
	mach_port_name_t object = MACH_PORT_NULL;

	MT_REQUIRE(vm->region(self, &start, &size, flavor,
		       (vm_region_info_t)info, &words, &object),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(start <= address && address < start + size);
}

static inline vm_region_extended_info_data_t
extended(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address)
{
	vm_region_extended_info_data_t info = { .share_mode = 0 };

	region_info(vm, self, address, VM_REGION_EXTENDED_INFO, &info,
	    VM_REGION_EXTENDED_INFO_COUNT);
	return info;
}

static inline vm_region_top_info_data_t
top(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t address)
{
	vm_region_top_info_data_t info = { .share_mode = 0 };

	region_info(vm, self, address, VM_REGION_TOP_INFO, &info,
	    VM_REGION_TOP_INFO_COUNT);
	return info;
}

/* The short form of region_recurse. */
static inline vm_region_submap_short_info_data_64_t
brief(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address)
{
	mach_msg_type_number_t count = VM_REGION_SUBMAP_SHORT_INFO_COUNT_64;
	vm_region_submap_short_info_data_64_t info = { .share_mode = 0 };
	mach_vm_size_t size = 0;
	natural_t depth = 0;

	MT_REQUIRE(vm->region_recurse(self, &address, &size, &depth,
		       (vm_region_recurse_info_t)&info, &count),
	    KERN_SUCCESS);
	return info;
}

#endif
