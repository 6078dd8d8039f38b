/*
 * How a region is split at the ends of a range.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(protect, upper_part_has_the_offset_of_its_split, "clip-offset",
    VM_MAP_C "vm_map_clip_start()",
    "When mach_vm_protect() splits a region, the upper part's offset is the "
    "lower part's size, even without a VM object.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .offset = 0);
	MT_CHECK_REGION(pages + mt_page, .offset = mt_page);
	MT_CHECK_REGION(pages + 2 * mt_page, .offset = 2 * mt_page);
}

MT_CASE(protect, parts_of_touched_memory_share_an_object, "clip-offset-touched",
    VM_MAP_C "vm_map_clip_start()",
    "When mach_vm_protect() splits touched memory, the parts refer to one "
    "VM object, whose reference count is their number.")
{
	mach_vm_address_t pages = mt_pages(3);
	struct mt_region low, high;

	TOUCH_PAGES(pages, 3, 0x11);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .ref_count = 3, .offset = 0,
	    .share_mode = SM_PRIVATE_ALIASED);
	MT_CHECK_REGION(pages + 2 * mt_page, .offset = 2 * mt_page);
	MT_REQUIRE_TRUE(mt_region_at(pages, &low) &&
	    mt_region_at(pages + 2 * mt_page, &high));
	MT_CHECK_TRUE(low.object_id == high.object_id && low.object_id != 0);
}

/* The upper page is touched after the split, its object begins with it. */
MT_CASE(protect, part_touched_later_begins_at_offset_0,
    "clip-offset-touched-later", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A part that is first touched after mach_vm_protect() split the region "
    "gets a VM object of its own size, at offset 0.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(vm->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages + mt_page, .offset = mt_page);

	TOUCH(pages + mt_page, 0x11);

	MT_CHECK_REGION(pages + mt_page, .offset = 0, .pages_resident = 1);
}

MT_CASE(deallocate, rest_of_a_region_keeps_its_offset, "clip-offset-deallocate",
    VM_MAP_C "vm_map_clip_start()",
    "mach_vm_deallocate() of the start of a region leaves the rest at its "
    "offset in the VM object.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK_REGION(pages + mt_page, .address = pages + mt_page,
	    .size = 2 * mt_page, .offset = mt_page);
}

MT_CASE(inherit, range_is_clipped_at_page_boundaries, "clip-subrange-ops",
    VM_MAP_C "vm_map_clip_start()",
    "mach_vm_inherit() on a part of a region splits it at page boundaries.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->inherit(self, pages + 2 * mt_page - 1, 2, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abbc");
}

MT_CASE(region_recurse, query_splits_nothing, "clip-subrange-ops-region",
    VM_MAP_C "vm_map_region_recurse_64()",
    "mach_vm_region_recurse() for an address inside a region does not split "
    "it.")
{
	mach_vm_address_t pages = mt_pages(3), address = pages + mt_page;
	mach_vm_size_t size = 0;
	natural_t depth = 0;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_COUNT_64;

	MT_CHECK(vm->region_recurse(self, &address, &size, &depth,
		     (vm_region_recurse_info_t)&info, &count),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(msync, msync_splits_nothing, "clip-subrange-ops-msync",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() of a part of a region does not split it.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->msync(self, pages + mt_page, mt_page, VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(protect, failure_at_a_hole_splits_nothing,
    "clip-failed-protect-no-split", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() checks the whole range for holes before it splits a "
    "region.",
    .until = "26.3")
{
	mach_vm_address_t pages = mt_pages(3);

	/* One page of hole lies above the three. */
	MT_CHECK(vm->protect(self, pages + mt_page, 3 * mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_LAYOUT(pages, "aaa");
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, failure_beyond_the_maximum_splits_nothing,
    "clip-failed-protect-no-split-maximum", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() checks every maximum protection in the range before "
    "it splits a region.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->protect(self, pages, 3 * mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_LAYOUT(pages, "aaa");
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ);
}

/* Three pages with one attribute that parts must have in common to be joined. */
enum {
	NO_CACHE,
	PERMANENT,
	PURGEABLE,
	RANDOM,
	ZERO_WIRED,
	NOT_INHERITED,
	KINDS
};
static mach_vm_address_t
three_pages(mach_port_name_t self, int kind)
{
	const int flags[KINDS] = { [NO_CACHE] = VM_FLAGS_NO_CACHE,
		[PERMANENT] = (int)MT_VALUE(VM_FLAGS_PERMANENT,
		    MT_UNTIL(11.2, 0)),
		[PURGEABLE] = VM_FLAGS_PURGABLE };
	const mach_vm_size_t size = 3 * mt_page;
	mach_vm_address_t pages = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, pages, size, PLAIN | flags[kind]),
	    KERN_SUCCESS);
	if (kind == RANDOM)
		MT_REQUIRE(stage->behavior_set(self, pages, size,
			       VM_BEHAVIOR_RANDOM),
		    KERN_SUCCESS);
	if (kind == ZERO_WIRED)
		MT_REQUIRE(stage->behavior_set(self, pages, size,
			       VM_BEHAVIOR_ZERO_WIRED_PAGES),
		    KERN_SUCCESS);
	if (kind == NOT_INHERITED)
		MT_REQUIRE(stage->inherit(self, pages, size, VM_INHERIT_NONE),
		    KERN_SUCCESS);
	return pages;
}

MT_CASE(protect, parts_agree_in_what_the_region_had, "clip-keeps-attributes",
    VM_MAP_C "vm_map_clip_start()",
    "The parts into which mach_vm_protect() splits a region have all of its "
    "attributes, reported by a query or not: when the protection is restored "
    "they are one region again.")
{
	MT_CHILD {
		for (int kind = 0; kind < KINDS; kind++) {
			mach_vm_address_t pages = three_pages(self, kind);

			MT_CHECK(vm->protect(self, pages + mt_page, mt_page,
				     FALSE, VM_PROT_READ),
			    KERN_SUCCESS);
			MT_CHECK_LAYOUT(pages, "abc");
			MT_CHECK(vm->protect(self, pages + mt_page, mt_page,
				     FALSE, VM_PROT_DEFAULT),
			    KERN_SUCCESS);
			MT_CHECK_LAYOUT(pages, "aaa");
		}
	}
}

MT_CASE(protect, parts_of_locked_memory_have_its_attributes,
    "clip-keeps-attributes-wired", VM_MAP_C "vm_map_clip_start()",
    "The parts into which mach_vm_protect() splits locked memory are locked "
    "and have its inheritance, its behaviour and its tag, whichever part it "
    "is given.")
{
	const int flags = PLAIN | VM_MAKE_TAG(VM_MEMORY_APPLICATION_SPECIFIC_1);

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t pages = mt_hole(3);

		MT_REQUIRE(allocate_at(stage, self, pages, PAGES(3), flags),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->inherit(self, pages, PAGES(3),
			       VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->behavior_set(self, pages, PAGES(3),
			       VM_BEHAVIOR_RANDOM),
		    KERN_SUCCESS);
		REQUIRE_ERRNO(ERRNO(stage_bsd->mlock(&error, pages, PAGES(3))),
		    0);
		MT_CHECK(vm->protect(self, PAGE(i), mt_page, FALSE,
			     VM_PROT_READ),
		    KERN_SUCCESS);
		for (unsigned j = 0; j < 3; j++)
			MT_CHECK_REGION(PAGE(j), .user_wired_count = 1,
			    .inheritance = VM_INHERIT_NONE,
			    .behavior = VM_BEHAVIOR_RANDOM,
			    .user_tag = VM_MEMORY_APPLICATION_SPECIFIC_1,
			    .protection = j == i ? VM_PROT_READ :
						   VM_PROT_DEFAULT);
		REQUIRE_ERRNO(ERRNO(
				  stage_bsd->munlock(&error, pages, PAGES(3))),
		    0);
	}
}
