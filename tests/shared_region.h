/*
 * Parts of the shared region to ask about.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_SHARED_REGION_H
#define TESTS_SHARED_REGION_H

#include "transfer.h"

#define MT_NO_CACHE "nothing is mapped in the shared region"

/* A range of the shared region. */
struct part {
	mach_vm_address_t address;
	mach_vm_size_t size;
};

static inline mach_vm_address_t
shared_region_base(void)
{
	return (mach_vm_address_t)MT_VALUE(0x7ff800000000,
	    MT_ON_UNTIL(x86_64, 11, 0x7fff00000000), MT_ON(arm64, 0x180000000));
}

/*
 * Whether the shared region has only its placeholder: since 26.1 a process has
 * the submap when dyld maps the cache, and until then nothing may be there.
 */
static inline bool
has_placeholder(void)
{
	struct mt_region region;

	return MT_VALUE(1, MT_UNTIL(26.0, 0)) &&
	    mt_region_at(shared_region_base(), &region) &&
	    region.is_submap == 0 && region.max_protection == VM_PROT_NONE;
}

/* The shared region as far as the map shows it whole. */
static inline struct part
shared_region(void)
{
	mach_vm_address_t base = shared_region_base();
	struct mt_region region;

	MT_SKIP_UNLESS(!has_placeholder(), MT_NO_CACHE);
	if (!mt_region_at(base, &region) || !region.is_submap)
		mt_skip("there is no shared region");
	return (struct part){ base, (mach_vm_size_t)region.size };
}

/* What lies at address or above it, submaps looked into. */
static inline bool
next_leaf(mach_port_name_t self, mach_vm_address_t address, struct part *part,
    vm_region_submap_info_data_64_t *info)
{
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V0_COUNT_64;
	natural_t depth = 1;

	part->address = address;
	return stage->region_recurse(self, &part->address, &part->size, &depth,
		   (vm_region_recurse_info_t)info, &count) == KERN_SUCCESS;
}

/* Whether the process has not written there: its copy is no submap any more. */
static inline bool
is_shared_still(mach_vm_address_t address)
{
	struct mt_region region;

	return mt_region_at(address, &region) && region.is_submap;
}

/* The first part of the shared region with these protections. */
static inline struct part
leaf(mach_port_name_t self, vm_prot_t protection, vm_prot_t maximum)
{
	struct part all = shared_region(), part = all;
	vm_region_submap_info_data_64_t info;

	while (next_leaf(self, part.address, &part, &info) &&
	    part.address < all.address + all.size) {
		if (info.protection == protection && part.size >= LARGE &&
		    (info.max_protection & maximum) == info.max_protection &&
		    is_shared_still(part.address))
			return part;
		part.address += part.size;
	}
	mt_skip("the shared region has no such part");
}

/* Pages of the shared region with nothing in them, at least LARGE. */
static inline struct part
hole(mach_port_name_t self)
{
	struct part all = shared_region(), part, found = { all.address, 0 };
	mach_vm_address_t end = all.address + all.size, next;
	vm_region_submap_info_data_64_t info;

	while (found.address < end) {
		next = next_leaf(self, found.address, &part, &info) &&
			part.address < end ?
		    part.address :
		    end;
		found.size = next - found.address;
		if (found.size >= LARGE + mt_page)
			return found;
		found.address = part.address + part.size;
	}
	mt_skip("the shared region has no hole");
}

/* A byte as the kernel reads it: x86_64 hosts of the model have memory of
 * their own where the shared region is, and cannot show it. */
static inline int
byte_at(mach_port_name_t self, mach_vm_address_t address)
{
	mach_vm_size_t size = 0;
	uint8_t byte = 0;

	MT_REQUIRE(stage->read_overwrite(self, address, 1,
		       (mach_vm_address_t)(uintptr_t)&byte, &size),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(size == 1);
	return byte;
}

/* A page of it, with another below. */
static inline mach_vm_address_t
hole_page(mach_port_name_t self)
{
	return hole(self).address + mt_page;
}

#endif
