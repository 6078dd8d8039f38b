/*
 * The tag that an allocation carries.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define TAGS 256

/* The tag of the region at address, -1 where nothing is mapped. */
static int64_t
tag_at(mach_vm_address_t address)
{
	struct mt_region region;

	return mt_region_at(address, &region) ? region.user_tag : -1;
}

MT_CASE(allocate, every_tag_is_kept, "alloc-tag-encoding",
    VM_STATISTICS_H "VM_MAKE_TAG()",
    "VM_MAKE_TAG() puts the tag into the top eight bits of the flags; the "
    "region shows each of the 256.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);
	unsigned tag = 0;

	for (; tag < TAGS; tag++) {
		if (allocate_at(vm, self, hole, mt_page, TAG(tag)) !=
			KERN_SUCCESS ||
		    tag_at(hole) != tag ||
		    vm->deallocate(self, hole, mt_page) != KERN_SUCCESS)
			break;
	}

	MT_CHECK_NUMBER(tag, TAGS);
}

MT_CASE(allocate, every_tag_is_kept_anywhere, "alloc-tag-encoding-anywhere",
    VM_STATISTICS_H "VM_MAKE_TAG()",
    "VM_MAKE_TAG() puts the tag into the top eight bits of the flags, with "
    "VM_FLAGS_ANYWHERE too.")
{
	unsigned tag = 0;

	/* Of 256 KiB, so that it is never merged with what lies below. */
	for (; tag < TAGS; tag++) {
		mach_vm_address_t address = 0;

		if (vm->allocate(self, &address, 2 * MERGE_LIMIT,
			VM_FLAGS_ANYWHERE | TAG(tag)) != KERN_SUCCESS ||
		    tag_at(address) != tag ||
		    vm->deallocate(self, address, 2 * MERGE_LIMIT) !=
			KERN_SUCCESS)
			break;
	}

	MT_CHECK_NUMBER(tag, TAGS);
}

MT_CASE(allocate, extended_info_shows_the_tag,
    "alloc-tag-encoding-extended-info", VM_MAP_C "vm_map_region()",
    "VM_REGION_EXTENDED_INFO shows the tag in user_tag.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	mach_vm_size_t size = 0;
	vm_region_extended_info_data_t info;
	mach_msg_type_number_t count = VM_REGION_EXTENDED_INFO_COUNT;
	mach_port_name_t name = MACH_PORT_NULL;

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(199)),
	    KERN_SUCCESS);

	MT_CHECK(stage->region(self, &address, &size, VM_REGION_EXTENDED_INFO,
		     (vm_region_info_t)&info, &count, &name),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_NUMBER(info.user_tag, 199);
}

MT_CASE(allocate, touching_keeps_the_tag, "alloc-tag-encoding-touched",
    VM_MAP_C "vm_map_enter()",
    "The tag of VM_MAKE_TAG() belongs to the region, whether it is touched "
    "or not.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_WRITABLE(hole);

	MT_CHECK_REGION(hole, .user_tag = 241);
}

MT_CASE(deallocate, both_parts_of_a_clipped_region_keep_the_tag,
    "alloc-tag-encoding-split", VM_MAP_C "vm_map_clip_start()",
    "mach_vm_deallocate() in the middle of a region leaves both parts with "
    "its tag.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages + mt_page, mt_page), KERN_SUCCESS);

	MT_CHECK_REGION(pages, .user_tag = MT_TAG);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_tag = MT_TAG);
}

MT_CASE(protect, protecting_keeps_the_tag, "alloc-tag-encoding-protect",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() leaves the tag of a region alone.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ, .user_tag = MT_TAG);
}

MT_CASE(map_anonymous, mapped_memory_carries_its_tag, "alloc-tag-encoding-map",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() takes the tag from the same flag bits as "
    "mach_vm_allocate().")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | TAG(200), VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .user_tag = 200);
}

MT_CASE(allocate, tag_changes_nothing_else, "alloc-tag-encoding-attributes",
    VM_MAP_C "vm_map_enter()",
    "The tag of VM_MAKE_TAG() affects no other attribute of the region.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(0)), KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, TAG(255)),
	    KERN_SUCCESS);

	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_REGION(hole + i * mt_page, .size = mt_page,
		    .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL,
		    .inheritance = VM_INHERIT_DEFAULT,
		    .behavior = VM_BEHAVIOR_DEFAULT);
}
