/*
 * What lies where in every map: the shared region, reserved ranges.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shared_region.h"

/* Where no memory can be had on arm64: the graphics processor's. */
#define GPU_START UINT64_C(0x1000000000)
#define GPU_END	  UINT64_C(0x7000000000)

MT_CASE(region_recurse, x86_64_shared_region_is_a_submap, "layout-x86-shared",
    XNU "osfmk/mach/shared_region.h",
    "On x86_64 the shared region is a submap that begins at 0x7ff800000000; "
    "until macOS 11 it began at 0x7fff00000000.",
    .arch = "x86_64", .needs = "native")
{
	MT_SKIP_UNLESS(!has_placeholder(), MT_NO_CACHE);

	MT_CHECK_REGION(shared_region_base(),
	    .address = (int64_t)shared_region_base(), .is_submap = 1);
}

MT_CASE(region_recurse, arm64_shared_region_is_a_submap, "layout-arm64-shared",
    XNU "osfmk/mach/shared_region.h",
    "On arm64 the shared region is a submap that begins at 0x180000000.",
    .arch = "arm64")
{
	MT_SKIP_UNLESS(!has_placeholder(), MT_NO_CACHE);

	MT_CHECK_REGION(shared_region_base(), .is_submap = 1);
}

MT_CASE(region_recurse, shared_region_is_reserved_before_its_cache_is_mapped,
    "layout-shared-region-placeholder",
    XNU26 "osfmk/vm/vm_shared_region.c, vm_shared_region_insert_placeholder()",
    "Before dyld maps its cache the shared region is one region without "
    "access and without tag, inherited as a copy; no submap, since macOS 26.4.",
    .since = "26.4", .needs = "native")
{
	MT_SKIP_UNLESS(has_placeholder(), "the shared region has its cache");

	MT_CHECK_REGION(shared_region_base(),
	    .address = (int64_t)shared_region_base(), .is_submap = 0,
	    .protection = VM_PROT_NONE, .inheritance = VM_INHERIT_COPY,
	    .user_tag = 0, .share_mode = SM_EMPTY);
}

#define PIECE (256 * MIB)

/* The end of the shared region, whose size is to be that: submaps, and between
 * them what the process has written, as dyld does, which is its own.  crosses:
 * a submap lies on both sides of a multiple of PIECE.  The comm page of x86_64,
 * a submap, too, is above the maximum. */
static mach_vm_address_t
end_of_shared_region(mach_vm_size_t size, bool *crosses)
{
	const mach_vm_address_t base = shared_region().address;
	mach_vm_address_t at = base, end;
	struct mt_region region;

	*crosses = false;
	while (at < mt_system()->maximum && mt_region_at(at, &region) &&
	    (mach_vm_address_t)region.address == at &&
	    (region.is_submap || at < base + size)) {
		end = at + (mach_vm_size_t)region.size;
		if (region.is_submap && at / PIECE != (end - 1) / PIECE)
			*crosses = true;
		at = end;
	}
	return at;
}

static mach_vm_size_t
size_of_shared_region(void)
{
	return (mach_vm_size_t)MT_VALUE(0x7fe000000,
	    MT_ON_UNTIL(x86_64, 11, 0xffe00000), MT_ON(arm64, 0x180000000),
	    MT_ON_UNTIL(arm64, 14.3, 0x100000000));
}

MT_CASE(region, shared_region_has_the_size_of_its_release,
    "layout-shared-region-size", XNU "osfmk/mach/shared_region.h",
    "The regions of the shared region add up to 0x7fe000000 bytes on x86_64, "
    "until macOS 11 to 0xffe00000; on arm64 to 0x180000000, until macOS 14.3 "
    "to 0x100000000.",
    .needs = "native")
{
	const mach_vm_size_t size = size_of_shared_region();
	bool crosses;

	MT_CHECK_NUMBER(end_of_shared_region(size, &crosses) -
		shared_region_base(),
	    size);
}

MT_CASE(region, arm64_shared_region_is_one, "layout-arm64-shared-pieces",
    VM_SHARED_REGION_C "vm_shared_region_enter()",
    "On arm64 the shared region is one region, but for what the process has "
    "written of it; until macOS 11 it was made of regions of 256 MiB, the most "
    "that the page tables could share.",
    .arch = "arm64", .needs = "native")
{
	bool crosses;

	(void)end_of_shared_region(size_of_shared_region(), &crosses);
	MT_CHECK_NUMBER(crosses, TRUE, MT_UNTIL(11, FALSE));
}

MT_CASE(region, shared_region_shows_its_submap_in_order,
    "layout-shared-region-offset",
    VM_SHARED_REGION_C "vm_shared_region_enter()",
    "The offset of each region of the shared region in its submap is its "
    "distance from the beginning of the shared region.",
    .needs = "native")
{
	const mach_vm_address_t base = shared_region().address;
	const mach_vm_size_t size = size_of_shared_region();
	mach_vm_address_t at = base;
	struct mt_region region;

	while (at < base + size && mt_region_at(at, &region)) {
		if (region.is_submap)
			MT_CHECK_NUMBER(region.offset,
			    region.address - (int64_t)base);
		at = (mach_vm_address_t)(region.address + region.size);
	}
	MT_CHECK_TRUE(at >= base + size);
}

MT_CASE(region_recurse, sealed_submap_has_no_holes,
    "layout-shared-region-sealed", XNU26 "osfmk/vm/vm_map.c, vm_map_seal()",
    "Since macOS 26.4 what is empty in the shared region's submap is memory "
    "without access, inherited shared: at depth 1 its regions follow one another "
    "to its end.",
    .since = "26.4", .needs = "native")
{
	const struct part all = shared_region();
	struct part part = { all.address, 0 };
	vm_region_submap_info_data_64_t info;
	mach_vm_address_t at = all.address;

	while (at < all.address + all.size &&
	    next_leaf(self, at, &part, &info) && part.address == at) {
		if (info.max_protection == VM_PROT_NONE)
			MT_CHECK_NUMBER(info.inheritance, VM_INHERIT_SHARE);
		at += part.size;
	}
	MT_CHECK_ADDRESS(at, all.address + all.size);
}

MT_CASE(region, x86_64_stack_ends_below_its_top, "layout-x86-stack",
    XNU "osfmk/mach/i386/vm_param.h, VM_USRSTACK64",
    "VM_USRSTACK64 is 0x7ff7bff00000 on x86_64, until macOS 11 0x7ffeefc00000: "
    "the main thread's stack ends there or less than 2^16 pages below.",
    .arch = "x86_64", .needs = "native")
{
	const mach_vm_address_t top = (mach_vm_address_t)
	    MT_VALUE(0x7ff7bff00000, MT_UNTIL(11, 0x7ffeefc00000));
	mach_vm_address_t address = 0, end = 0;
	struct mt_region region;
	const char *problem;

	while (mt_region_next(address, &region, &problem)) {
		address = (mach_vm_address_t)(region.address + region.size);
		if (region.user_tag == VM_MEMORY_STACK &&
		    region.protection == VM_PROT_DEFAULT)
			end = address;
	}
	MT_CHECK_TRUE(end <= top && end > top - (mt_page << 16));
}

MT_CASE(allocate, x86_64_shared_region_is_occupied,
    "layout-x86-shared-occupied", XNU "osfmk/mach/shared_region.h",
    "On x86_64 mach_vm_allocate() with VM_FLAGS_FIXED in the shared region "
    "is KERN_NO_SPACE.",
    .arch = "x86_64", .needs = "native")
{
	MT_CHECK(allocate_at(vm, self, shared_region_base(), mt_page, 0),
	    KERN_NO_SPACE);
}

MT_CASE(allocate, arm64_shared_region_is_occupied,
    "layout-arm64-shared-occupied", XNU "osfmk/mach/shared_region.h",
    "On arm64 mach_vm_allocate() with VM_FLAGS_FIXED in the shared region "
    "is KERN_NO_SPACE.",
    .arch = "arm64")
{
	MT_CHECK(allocate_at(vm, self, shared_region_base(), mt_page, 0),
	    KERN_NO_SPACE);
}

MT_CASE(allocate, arm64_reserves_a_range_for_the_gpu, "layout-arm64-gpu",
    XNU "osfmk/arm64/machine_routines.c, vm_reserved_regions",
    "On arm64 the range from 0x1000000000 to 0x7000000000 is mapped without "
    "access, and nothing can be allocated in it.",
    .arch = "arm64")
{
	MT_CHECK(allocate_at(vm, self, GPU_START, mt_page, 0), KERN_NO_SPACE);
	MT_CHECK(allocate_at(vm, self, GPU_END - mt_page, mt_page, 0),
	    KERN_NO_SPACE);

	MT_CHECK_REGION(GPU_START, .address = (int64_t)GPU_START,
	    .size = (int64_t)(GPU_END - GPU_START), .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
}

MT_CASE(region_recurse, child_has_the_shared_region_at_the_same_address,
    "fork-submap", VM_MAP_C "vm_map_fork()",
    "A forked child has the shared region at the address where its parent "
    "has it.",
    .needs = "native")
{
	mach_vm_address_t start = shared_region_base();
	struct mt_region region;

	MT_SKIP_UNLESS(!has_placeholder(), MT_NO_CACHE);
	MT_REQUIRE_TRUE(mt_region_at(start, &region));

	MT_CHILD {
		MT_CHECK_REGION(start, .address = region.address,
		    .size = region.size, .is_submap = 1);
	}
}
