/*
 * mach_vm_region: which region is found, and its basic information.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shared_region.h"

struct basic {
	mach_vm_address_t address;
	mach_vm_size_t size;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count;
	mach_port_name_t object;
};

/* What the region at address, or the next one above, answers. */
static kern_return_t
basic(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, struct basic *out)
{
	*out = (struct basic){ .address = address,
		.size = 0x51,
		.count = VM_REGION_BASIC_INFO_COUNT_64,
		.object = 0x51 };
	return vm->region(self, &out->address, &out->size,
	    VM_REGION_BASIC_INFO_64, (vm_region_info_t)&out->info, &out->count,
	    &out->object);
}

MT_CASE(region, address_within_a_region_finds_its_start, "region-contains",
    "vm_region.html",
    "mach_vm_region() returns the region that contains the address, from "
    "its start.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct basic out;

	MT_CHECK(basic(vm, self, pages + mt_page + mt_page / 2, &out),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, pages);
	MT_CHECK_NUMBER(out.size, 3 * mt_page);
}

MT_CASE(region, unaligned_address_finds_the_region_of_its_page,
    "region-unaligned-addr", VM_MAP_C "vm_map_region()",
    "mach_vm_region() finds a region by its last byte.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct basic out;

	MT_CHECK(basic(vm, self, pages + 3 * mt_page - 1, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, pages);
	MT_CHECK_NUMBER(out.size, 3 * mt_page);
}

MT_CASE(region, address_in_a_hole_finds_the_next_region, "region-next",
    "vm_region.html",
    "mach_vm_region() of an address in a hole returns the next region "
    "above.")
{
	mach_vm_address_t pages = mt_pages(4);
	struct basic out;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, 2 * mt_page),
	    KERN_SUCCESS);

	MT_CHECK(basic(vm, self, pages + mt_page + 5, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, pages + 3 * mt_page);
	MT_CHECK_NUMBER(out.size, mt_page);
}

MT_CASE(region, address_beyond_the_last_region_is_an_invalid_address,
    "region-past-last", VM_MAP_C "vm_map_region()",
    "mach_vm_region() of an address above all regions is "
    "KERN_INVALID_ADDRESS and leaves the out parameters; mach_vm.defs "
    "promises KERN_NO_SPACE.")
{
	struct basic out;

	MT_CHECK(basic(vm, self, LAST_PAGE, &out), KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(out.address, LAST_PAGE);
	MT_CHECK_NUMBER(out.size, 0x51);
	MT_CHECK_NUMBER(out.count, VM_REGION_BASIC_INFO_COUNT_64);
	MT_CHECK(basic(vm, self, UINT64_MAX, &out), KERN_INVALID_ADDRESS);
}

MT_CASE(region, highest_addresses_have_no_region, "doc-region-nospace",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() of an address above the map is KERN_INVALID_ADDRESS, "
    "not KERN_INVALID_ARGUMENT.")
{
	struct basic out;

	MT_CHECK(basic(vm, self, UINT64_C(1) << 63, &out),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(basic(vm, self, UINT64_C(0xffffff8000200000), &out),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(region, page_zero_is_not_a_region, "region-pagezero-absent",
    XNU "bsd/kern/mach_loader.c, load_segment()",
    "mach_vm_region() from address 0 finds a first region at or above 4 "
    "GiB: page zero is outside the map, not a region.")
{
	struct basic out;

	MT_CHECK(basic(vm, self, 0, &out), KERN_SUCCESS);
	MT_CHECK_TRUE(out.address >= 4 * GIB);
	MT_CHECK_TRUE(out.address >= mt_system()->minimum);
}

MT_CASE(region, object_name_is_null, "region-object-name",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() returns MACH_PORT_NULL as the object's name, whatever "
    "the region.")
{
	mach_vm_address_t pages = mt_pages(1);
	struct basic out;

	MT_CHECK(basic(vm, self, pages, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.object, MACH_PORT_NULL);
}

MT_CASE(region, object_name_of_touched_memory_is_null, "doc-object-name",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() returns MACH_PORT_NULL as the object's name even for "
    "touched memory, although mach_vm.defs has the parameter.")
{
	mach_vm_address_t pages = mt_pages(1);
	struct basic out;

	TOUCH(pages, 0x51);
	MT_CHECK(basic(vm, self, pages, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.object, MACH_PORT_NULL);
}

MT_CASE(region, basic_information_counts_the_wirings, "region-basic-wired",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 shows how often the user has wired the region.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct basic out;

	for (int i = 0; i <= 3; i++) {
		MT_CHECK(basic(vm, self, page, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.user_wired_count, i);
		MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
			       VM_PROT_READ),
		    KERN_SUCCESS);
	}
}

MT_CASE(region, basic_information_counts_wirings_of_shared_memory,
    "region-basic-wired-shared", VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 shows of memory that is mapped twice how often "
    "the user has wired the region, which another one of it is not.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1), alias = mt_hole(1);
	struct basic out;

	TOUCH(page, 0x51);
	REMAP(alias, mt_page, VM_FLAGS_FIXED, page, FALSE);
	for (int i = 0; i <= 2; i++) {
		MT_CHECK(basic(vm, self, alias, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.shared, TRUE);
		MT_CHECK_NUMBER(out.info.user_wired_count, i);
		MT_CHECK(basic(vm, self, page, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.user_wired_count, 0);
		MT_REQUIRE(stage->wire(mach_host_self(), self, alias, mt_page,
			       VM_PROT_READ),
		    KERN_SUCCESS);
	}
}

MT_CASE(region, basic_information_tells_a_submap, "region-basic-submap",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 says of the shared region that it is reserved, "
    "a submap, and not that it is shared; ordinary memory is not reserved.")
{
	mach_vm_address_t page = mt_pages(1), base = shared_region().address;
	struct basic out;

	MT_CHECK(basic(vm, self, base, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, base);
	MT_CHECK_NUMBER(out.info.reserved, TRUE);
	MT_CHECK_NUMBER(out.info.shared, FALSE);
	MT_CHECK(basic(vm, self, page, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.reserved, FALSE);
}

MT_CASE(region, basic_information_shows_the_attributes, "region-basic-fields",
    "vm_region.html",
    "VM_REGION_BASIC_INFO_64 shows the protections, the inheritance and the "
    "behaviour of the region.")
{
	mach_vm_address_t pages = mt_pages(2);
	struct basic out;

	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages, 2 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);

	MT_CHECK(basic(vm, self, pages, &out), KERN_SUCCESS);
	MT_CHECK_PROTECTION(out.info.protection, VM_PROT_READ);
	MT_CHECK_PROTECTION(out.info.max_protection, VM_PROT_DEFAULT);
	MT_CHECK_NUMBER(out.info.inheritance, VM_INHERIT_NONE);
	MT_CHECK_NUMBER(out.info.behavior, VM_BEHAVIOR_SEQUENTIAL);
	MT_CHECK_NUMBER(out.info.user_wired_count, 0);
	MT_CHECK_NUMBER(out.info.offset, 0);
}

MT_CASE(region, offset_of_a_part_is_where_it_was_split,
    "region-basic-fields-offset", VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 shows the offset in the VM object of a part "
    "that was split off.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct basic out;

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->protect(self, pages + 2 * mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(basic(vm, self, pages + 2 * mt_page, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.offset, 2 * mt_page);
}

MT_CASE(region, ordinary_memory_is_not_reserved, "region-reserved",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 has \"reserved\" set for submaps only, not for "
    "ordinary memory.")
{
	mach_vm_address_t pages = mt_pages(1);
	struct basic out;

	MT_CHECK(basic(vm, self, pages, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.reserved, FALSE);
}

MT_CASE(region, shared_region_is_reserved, "region-reserved-submap",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 has \"reserved\" set for the shared region, "
    "which is a submap.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t base = shared_region_base();
	struct basic out;

	MT_SKIP_UNLESS(!has_placeholder(), MT_NO_CACHE);
	MT_CHECK(basic(vm, self, base, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, base);
	MT_CHECK_NUMBER(out.info.reserved, TRUE);
	MT_CHECK_NUMBER(out.info.inheritance, VM_INHERIT_SHARE);
}

MT_CASE(region, ordinary_memory_is_not_shared, "region-shared-flag-plain",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 has \"shared\" clear for ordinary memory, "
    "touched or not.")
{
	mach_vm_address_t pages = mt_pages(1);
	struct basic out;

	MT_CHECK(basic(vm, self, pages, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.shared, FALSE);
	TOUCH(pages, 0x51);
	MT_CHECK(basic(vm, self, pages, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.shared, FALSE);
}

MT_CASE(region, remapped_memory_is_shared_on_both_sides, "region-shared-flag",
    VM_MAP_C "vm_map_remap_extract()",
    "VM_REGION_BASIC_INFO_64 has \"shared\" set for both mappings after "
    "mach_vm_remap() without copy.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_vm_address_t target = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;
	struct basic out;

	MT_REQUIRE(stage->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		       page, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(basic(vm, self, page, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.shared, TRUE);
	MT_CHECK(basic(vm, self, hole, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.shared, TRUE);

	/* It stays when the other side goes away. */
	MT_REQUIRE(stage->deallocate(self, hole, mt_page), KERN_SUCCESS);
	MT_CHECK(basic(vm, self, page, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.info.shared, TRUE);
}

MT_CASE(region, size_is_that_of_the_whole_entry, "region-size-is-entry",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() returns the size of the map entry, which may be "
    "larger than an allocation that was joined to another, or smaller than "
    "one that was split.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(3);
	struct basic out;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, 2 * mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(basic(vm, self, hole + mt_page, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, hole);
	MT_CHECK_NUMBER(out.size, 3 * mt_page);

	MT_REQUIRE(stage->inherit(self, hole + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(basic(vm, self, hole + mt_page, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, hole + mt_page);
	MT_CHECK_NUMBER(out.size, mt_page);
}

MT_CASE(region, equal_neighbours_are_reported_apart,
    "region-adjacent-not-merged", VM_MAP_C "vm_map_region()",
    "mach_vm_region() reports two adjacent map entries with equal "
    "attributes as two regions.")
{
	mach_vm_address_t pages = mt_pages(2);
	struct basic low, high;

	MT_REQUIRE(stage->inherit(self, pages, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK(basic(vm, self, pages, &low), KERN_SUCCESS);
	MT_CHECK(basic(vm, self, pages + mt_page, &high), KERN_SUCCESS);
	MT_CHECK_NUMBER(low.size, mt_page);
	MT_CHECK_ADDRESS(high.address, pages + mt_page);
	MT_CHECK_NUMBER(high.info.inheritance, low.info.inheritance);
	MT_CHECK_NUMBER(high.info.protection, low.info.protection);
}

MT_CASE(region, large_allocation_is_several_regions, "region-chunking",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_region() reports an allocation of 300 MiB as regions of 128, "
    "128 and 44 MiB.")
{
	mach_vm_address_t address = 0;
	struct basic out;

	MT_REQUIRE(stage->allocate(self, &address, 300 * MIB,
		       VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(basic(vm, self, address, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, address);
	MT_CHECK_NUMBER(out.size, CHUNK);
	MT_CHECK(basic(vm, self, address + CHUNK, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.address, address + CHUNK);
	MT_CHECK_NUMBER(out.size, CHUNK);
	MT_CHECK(basic(vm, self, address + 2 * CHUNK, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.size, 44 * MIB);
}

MT_CASE(region, shared_region_is_not_told_as_shared, "region-submap-shared",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 of the shared region says reserved, which a "
    "submap is, and not shared, before a fork, in the child and after it.",
    .needs = "native")
{
	const mach_vm_address_t base = shared_region().address;
	struct basic out;

	for (int i = 0; i < 2; i++) {
		MT_CHECK(basic(vm, self, base, &out), KERN_SUCCESS);
		MT_CHECK_NUMBER(out.info.shared, FALSE);
		MT_CHECK_NUMBER(out.info.reserved, TRUE);
		MT_CHILD {
			MT_CHECK(basic(vm, self, base, &out), KERN_SUCCESS);
			MT_CHECK_NUMBER(out.info.shared, FALSE);
			MT_CHECK_NUMBER(out.info.reserved, TRUE);
		}
	}
}
