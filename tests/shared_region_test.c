/*
 * The shared region, a submap that each process copies when it writes: what
 * calls on it answer, and what of it they make the process's own.  Nothing
 * here changes a byte, and all of it happens in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "shared_region.h"

MT_CASE(protect, page_of_the_shared_region_is_split_off, "protect-submap",
    VM_MAP_C "vm_map_clip_unnest()",
    "mach_vm_protect() of a page of the shared region splits it off and "
    "unnests its part: tag VM_MEMORY_UNSHARED_PMAP, SM_PRIVATE. On arm64 the "
    "maximum protection of the region is VM_PROT_READ.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .size = (int64_t)mt_page, .protection = VM_PROT_NONE,
		    .max_protection = MT_VALUE(VM_PROT_ALL,
			MT_ON(arm64, VM_PROT_READ)),
		    .is_submap = TRUE, .inheritance = VM_INHERIT_SHARE,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP,
		    .share_mode = SM_PRIVATE);
		MT_CHECK_REGION(page - mt_page, .protection = VM_PROT_READ,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP, .is_submap = TRUE);

		MT_CHECK(vm->protect(self, page, mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS, MT_ON(arm64, KERN_PROTECTION_FAILURE));
		MT_CHECK_REGION(page, .size = (int64_t)mt_page,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_ON(arm64, VM_PROT_NONE)),
		    .is_submap = TRUE);
	}
}

MT_CASE(region, shared_region_is_read_only, "region-submap-protection",
    VM_SHARED_REGION_C "vm_shared_region_enter()",
    "The shared region's protection is VM_PROT_READ; its maximum is that, "
    "too, on arm64 and VM_PROT_ALL for x86_64 processes.")
{
	MT_CHECK_REGION(shared_region().address, .protection = VM_PROT_READ,
	    .max_protection = MT_VALUE(VM_PROT_ALL, MT_ON(arm64, VM_PROT_READ)),
	    .is_submap = TRUE, .inheritance = VM_INHERIT_SHARE);
}

MT_CASE(protect, maximum_of_the_shared_region_can_be_lowered,
    "protect-submap-maximum", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() lowers the maximum of a page of the shared region, "
    "and the current protection with it.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_ALL),
		    KERN_SUCCESS, MT_ON(arm64, KERN_PROTECTION_FAILURE));
		MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
		    .max_protection = VM_PROT_NONE, .is_submap = TRUE);
	}
}

MT_CASE(protect, x86_64_unnests_a_whole_gigabyte, "protect-submap-subtree",
    XNU "osfmk/i386/pmap_x86_common.c, pmap_adjust_unnest_parameters()",
    "On x86_64 mach_vm_protect() in the shared region unnests the whole "
    "GiB, if the shared region covers it.",
    .arch = "x86_64", .needs = "native")
{
	const struct part all = shared_region();
	const mach_vm_address_t last = all.address +
	    (all.size & ~(mach_vm_size_t)(GIB - 1)) - GIB;

	MT_REQUIRE_TRUE(all.size >= 3 * GIB && all.size % GIB != 0);
	for (mach_vm_address_t at = all.address; at <= last;
	     at += last - all.address)
		MT_CHILD {
			MT_CHECK(vm->protect(self, at + GIB / 2, mt_page, FALSE,
				     VM_PROT_READ),
			    KERN_SUCCESS);
			MT_CHECK_REGION(at,
			    .user_tag = VM_MEMORY_UNSHARED_PMAP);
			MT_CHECK_REGION(at + GIB - mt_page,
			    .user_tag = VM_MEMORY_UNSHARED_PMAP);
			MT_CHECK_REGION(at + GIB,
			    .address = (int64_t)(at + GIB),
			    .user_tag = VM_MEMORY_SHARED_PMAP,
			    .share_mode = SM_TRUESHARED);
		}
}

/* What it answers is another case's. */
MT_CASE(machine_attribute, page_of_the_shared_region_is_not_split_off,
    "attr-submap-whole", VM_MAP_C "vm_map_machine_attribute()",
    "mach_vm_machine_attribute() of a page of the shared region looks into it "
    "and splits nothing.",
    .needs = "native")
{
	const struct part all = shared_region();
	const struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL);
	vm_machine_attribute_val_t value = MATTR_VAL_CACHE_FLUSH;

	(void)vm->machine_attribute(self, part.address + mt_page, mt_page,
	    MATTR_CACHE, &value);
	MT_CHECK_REGION(all.address, .address = (int64_t)all.address,
	    .size = (int64_t)all.size, .is_submap = TRUE,
	    .user_tag = VM_MEMORY_SHARED_PMAP);
}

MT_CASE(inherit, shared_region_cannot_be_inherited_as_a_copy,
    "inherit-submap-copy", VM_MAP_C "vm_map_inherit()",
    "VM_INHERIT_COPY is refused for a submap before anything is split; "
    "other values are accepted.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(page, &before));
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .address = before.address, .size = before.size,
	    .user_tag = before.user_tag, .inheritance = VM_INHERIT_SHARE);

	MT_CHILD {
		MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .size = (int64_t)mt_page,
		    .inheritance = VM_INHERIT_NONE, .is_submap = TRUE,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP);
	}
}

MT_CASE(inherit, memory_below_the_shared_region_is_inherited_first,
    "inherit-submap-partial", XNU26 "osfmk/vm/vm_map.c, vm_map_inherit()",
    "VM_INHERIT_COPY over ordinary memory and the shared region above it is "
    "KERN_INVALID_ARGUMENT; since macOS 26.4 the ordinary memory has the new "
    "inheritance all the same.",
    .needs = "native")
{
	mach_vm_address_t page = shared_region().address - mt_page;

	MT_SKIP_UNLESS(allocate_at(stage, self, page, mt_page, PLAIN) ==
		KERN_SUCCESS,
	    "there is no room below the shared region");
	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK(vm->inherit(self, page, 2 * mt_page, VM_INHERIT_COPY),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK_REGION(page,
		    .inheritance = MT_VALUE(VM_INHERIT_COPY,
			MT_UNTIL(26.3, VM_INHERIT_SHARE)));
	}
	MT_REQUIRE(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(behavior_set, page_of_the_shared_region_takes_a_behavior,
    "behavior-submap", VM_MAP_C "vm_map_clip_unnest()",
    "mach_vm_behavior_set() on a page of the shared region is stored in "
    "that part of it.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_CHECK(vm->behavior_set(self, page, mt_page,
			     VM_BEHAVIOR_SEQUENTIAL),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .size = (int64_t)mt_page,
		    .behavior = VM_BEHAVIOR_SEQUENTIAL, .is_submap = TRUE,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP);
	}
}

MT_CASE(msync, hole_in_the_shared_region_is_a_hole, "msync-submap-hole",
    VM_MAP_C "vm_map_msync()",
    "VM_SYNC_CONTIGUOUS looks for holes in the submap from the start of its "
    "map entry: a hole in the shared region is found only after its page "
    "was split off.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	if (page - mt_page > shared_region_base())
		MT_CHECK(vm->msync(self, page, mt_page,
			     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
		    KERN_SUCCESS);
	MT_CHILD {
		MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
			       VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(vm->msync(self, page, mt_page,
			     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
		    KERN_INVALID_ADDRESS);
	}
}

MT_CASE(wire, hole_in_the_shared_region_fails, "wire-submap-hole",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a hole in the shared region fails.",
    .needs = "native privileged")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_CHECK(vm->wire(mach_host_self(), self, page, mt_page,
			     VM_PROT_READ),
		    KERN_INVALID_ADDRESS, MT_UNTIL(10.15, KERN_FAILURE));
	}
}

MT_CASE(purgable_control, shared_region_is_not_purgeable,
    "purge-unmapped-submap", VM_MAP_C "vm_map_purgable_control()",
    "mach_vm_purgable_control() of the shared region is "
    "KERN_INVALID_ADDRESS, as of a hole.",
    .needs = "native")
{
	int state = VM_PURGABLE_NONVOLATILE;

	MT_CHECK(vm->purgable_control(self, shared_region().address,
		     VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(make_memory_entry, hole_in_the_shared_region_has_no_entry,
    "entry-hole-submap", VM_MEMORY_ENTRY_C "mach_make_memory_entry_share()",
    "mach_make_memory_entry_64() of a hole in the shared region fails.",
    .needs = "native")
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = 0x7777;

	MT_CHECK(vm->make_memory_entry(self, &size, hole_page(self),
		     VM_PROT_READ, &entry, MACH_PORT_NULL),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(entry, 0x7777);
}

MT_CASE(deallocate, hole_of_the_shared_region_is_removed,
    "fork-shared-region-unnest", VM_MAP_C "vm_map_clip_unnest()",
    "mach_vm_deallocate() of an unmapped page of the shared region removes "
    "it from the process and unnests its part.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
		MT_CHECK_HOLE(page);
		MT_CHECK_REGION(page + mt_page,
		    .address = (int64_t)(page + mt_page), .is_submap = TRUE,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP);
		MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

MT_CASE(allocate, hole_of_the_shared_region_is_overwritten,
    "fork-shared-region-unnest-overwrite", VM_MAP_C "vm_map_clip_unnest()",
    "VM_FLAGS_OVERWRITE puts memory of the process into the shared region.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, page, mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .size = (int64_t)mt_page, .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL, .is_submap = FALSE,
		    .inheritance = VM_INHERIT_COPY, .user_tag = MT_TAG,
		    .share_mode = SM_EMPTY);
	}
}

MT_CASE(deallocate, hole_is_not_permanent, "dealloc-shared-region-hole",
    VM_MAP_C "vm_map_delete_submap_recurse()",
    "The shared region's map entry is permanent on arm64 since macOS 13, yet "
    "mach_vm_deallocate() removes a part of it in which nothing is "
    "permanent.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
	MT_CHECK_HOLE(page);
}

/* These two ask the process itself: a child's submap is permanent no more. */
MT_CASE(deallocate, constant_part_of_the_shared_region_stays,
    "dealloc-shared-region",
    VM_SHARED_REGION_C "shared_region_make_permanent()",
    "On arm64 the part of the shared region that nobody can write or "
    "execute is permanent: mach_vm_deallocate() fails and splits nothing.",
    .since = "13", .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(part.address, &before));
	MT_CHECK(vm->deallocate(self, part.address, mt_page),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(part.address, .address = before.address,
	    .size = before.size, .user_tag = before.user_tag,
	    .is_submap = TRUE);
	(void)byte_at(self, part.address);
}

MT_CASE(allocate, constant_part_of_the_shared_region_is_not_overwritten,
    "dealloc-shared-region-overwrite", VM_MAP_C "vm_map_delete()",
    "On arm64 VM_FLAGS_OVERWRITE over the permanent part of the shared "
    "region returns the error of the removal.",
    .since = "13", .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);

	MT_CHECK(allocate_at(vm, self, part.address, mt_page,
		     VM_FLAGS_OVERWRITE | PLAIN),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(part.address, .is_submap = TRUE);
}

MT_CASE(deallocate, child_can_remove_a_constant_part,
    "dealloc-shared-region-child", VM_MAP_C "vm_map_entry_copy()",
    "On arm64 the constant part of the shared region is no longer permanent "
    "in a forked child: mach_vm_deallocate() removes it.",
    .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, part.address, mt_page),
		    KERN_SUCCESS);
		MT_CHECK_HOLE(part.address);
	}
	MT_CHECK_REGION(part.address, .is_submap = TRUE);
}

MT_CASE(write, small_write_to_a_constant_part_faults, "write-submap-readonly",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mach_vm_write() of a small size to a constant part of the shared "
    "region fails as a store would.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL);
	mach_vm_address_t data = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->write(self, part.address, (vm_offset_t)data, 1),
		    KERN_INVALID_ADDRESS);
		MT_CHECK(vm->write(self, hole_page(self), (vm_offset_t)data, 1),
		    KERN_INVALID_ADDRESS);
	}
}

MT_CASE(write, large_write_needs_the_permission_of_the_map,
    "write-submap-large", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_write() of whole pages to the shared region checks the map's "
    "own entry, which is read-only; by then the part has been split off.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self), data = mt_pages(LARGE_PAGES);

	MT_CHILD {
		MT_CHECK(vm->write(self, page, (vm_offset_t)data, LARGE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP, .is_submap = TRUE,
		    .protection = VM_PROT_READ);
	}
}

MT_CASE(copy, large_copy_needs_the_permission_of_the_map, "copy-submap-large",
    VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of whole pages to the shared region checks the map's "
    "own entry, which is read-only; by then the part has been split off.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self), data = mt_pages(LARGE_PAGES);

	MT_CHILD {
		MT_CHECK(vm->copy(self, data, LARGE, page),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP, .is_submap = TRUE);
	}
}

MT_CASE(copy, large_copy_into_a_writable_submap_is_denied,
    "copy-submap-writable", VM_MAP_C "vm_map_copy_overwrite_aligned()",
    "mach_vm_copy() of whole pages to a writable part of the shared region "
    "is refused since macOS 15.2; before that it replaced the part.",
    .arch = "x86_64", .needs = "native disposable")
{
	mach_vm_address_t page = hole_page(self), data = mt_pages(LARGE_PAGES);
	bool replaced = MT_VALUE(FALSE, MT_UNTIL(15.1, TRUE));

	NUMBER_PAGES(data, LARGE_PAGES, 1);
	MT_CHILD {
		MT_REQUIRE(stage->protect(self, page, LARGE, FALSE,
			       VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK(vm->copy(self, data, LARGE, page),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(15.1, KERN_SUCCESS));
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .size = (int64_t)LARGE, .is_submap = !replaced,
		    .protection = VM_PROT_DEFAULT,
		    .inheritance = VM_INHERIT_SHARE);
		if (replaced)
			MT_CHECK_NUMBER(byte_at(self, page + mt_page), 2);
	}
}

MT_CASE(region_recurse, written_part_belongs_to_the_process,
    "recurse-submap-written", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "A store to the shared region's data gives the process a copy of that "
    "part, which mach_vm_region_recurse() shows in its own map; others keep "
    "the shared one.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t last = part.address + part.size - 1;
	uint8_t byte = (uint8_t)byte_at(self, last);

	MT_SKIP_UNLESS(mt_read(last).exception == 0,
	    "the shared region cannot be touched here");
	MT_CHILD {
		MT_CHECK_FAULT(mt_write(last, byte), 0, 0);
		MT_CHECK_REGION(last, .is_submap = FALSE,
		    .protection = VM_PROT_DEFAULT,
		    .inheritance = VM_INHERIT_COPY,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP);
		MT_CHECK_NUMBER(byte_at(self, last), byte);
	}
	MT_CHECK_REGION(last, .is_submap = TRUE);
}

MT_CASE(write, write_to_shared_data_makes_a_copy, "write-submap-data",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mach_vm_write() of a small size to the shared region's data makes a "
    "private copy as a store does.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t last = part.address + part.size - 1;
	mach_vm_address_t data = mt_pages(1);
	uint8_t byte = (uint8_t)byte_at(self, last);

	TOUCH(data, byte);
	MT_CHILD {
		MT_CHECK(vm->write(self, last, (vm_offset_t)data, 1),
		    KERN_SUCCESS);
		MT_CHECK_REGION(last, .is_submap = FALSE,
		    .inheritance = VM_INHERIT_COPY);
		MT_CHECK_NUMBER(byte_at(self, last), byte);
	}
	MT_CHECK_REGION(last, .is_submap = TRUE);
}

MT_CASE(page_query, page_of_the_shared_region_is_found, "pagequery-submap",
    VM_MAP_C "vm_map_page_range_info_internal()",
    "VM_PAGE_QUERY_PAGE_PRESENT is set for a page of the shared region that "
    "was read: the query looks into the submap.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	integer_t bits = 0, references = 0;

	/* Others may take the page away again. */
	for (unsigned i = 0; i < 8 && bits == 0; i++) {
		(void)byte_at(self, part.address);
		MT_CHECK(vm->page_query(self, part.address, &bits, &references),
		    KERN_SUCCESS);
	}
	MT_CHECK_NUMBER(bits & VM_PAGE_QUERY_PAGE_PRESENT,
	    VM_PAGE_QUERY_PAGE_PRESENT);
	MT_CHECK_TRUE(references > 0);
}

MT_CASE(read, shared_region_can_be_read_by_reference, "read-submap",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of a large range of the shared region leaves the map as "
    "it is, and the shared region's own entry whole.",
    .until = "26.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL), after;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t size = 0;
	struct mt_region before;
	vm_offset_t data = 0;

	MT_REQUIRE_TRUE(mt_region_at(part.address, &before));
	MT_CHECK(vm->read(self, part.address, LARGE, &data, &size),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, LARGE);
	MT_CHECK_BYTE(data + LARGE - 1,
	    (uint8_t)byte_at(self, part.address + LARGE - 1));
	MT_CHECK_REGION(data, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .is_submap = FALSE);
	MT_CHECK_REGION(part.address, .address = before.address,
	    .size = before.size, .is_submap = TRUE);
	MT_CHECK_TRUE(next_leaf(self, part.address, &after, &info) &&
	    after.size == part.size);
}

MT_CASE(remap, remapped_shared_region_shows_its_parts, "remap-submap",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of a part of the shared region maps the submap's "
    "entry: no submap, with the entry's protection; until macOS 11.2 it maps "
    "the submap, with the shared region's.",
    .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	const vm_prot_t most = (vm_prot_t)MT_VALUE(VM_PROT_READ,
	    MT_ON_UNTIL(x86_64, 11.2, VM_PROT_ALL));
	mach_vm_address_t at = mt_hole(LARGE_PAGES);
	vm_prot_t current, maximum;

	MT_CHECK(vm->remap(self, &at, LARGE, 0, VM_FLAGS_FIXED, self,
		     part.address, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_READ);
	MT_CHECK_PROTECTION(maximum, most);
	MT_CHECK_REGION(at, .is_submap = MT_VALUE(FALSE, MT_UNTIL(11.2, TRUE)),
	    .protection = VM_PROT_READ, .max_protection = most,
	    .share_mode = MT_VALUE(MT_ANY, MT_UNTIL(11.2, SM_PRIVATE)));
	MT_CHECK_BYTE(at, (uint8_t)byte_at(self, part.address));
	MT_CHECK_REGION(part.address, .is_submap = TRUE);
}

MT_CASE(region_recurse, shared_data_is_copy_on_write, "recurse-submap-cow",
    VM_MAP_C "vm_map_region_recurse_64()",
    "SM_COW is the share mode that mach_vm_region_recurse() shows for data "
    "of the shared region, which is copied when it is written, in its long "
    "form and in its short one.",
    .since = "11.3", .needs = "native")
{
	mach_msg_type_number_t count = VM_REGION_SUBMAP_SHORT_INFO_COUNT_64;
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL), found;
	vm_region_submap_short_info_data_64_t brief;
	vm_region_submap_info_data_64_t info;
	natural_t depth = 1;

	MT_REQUIRE_TRUE(next_leaf(self, part.address, &found, &info));
	MT_CHECK_NUMBER(info.share_mode, SM_COW);
	MT_CHECK_NUMBER(info.is_submap, FALSE);
	MT_CHECK(vm->region_recurse(self, &found.address, &found.size, &depth,
		     (vm_region_recurse_info_t)&brief, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(brief.share_mode, SM_COW);
	MT_CHECK_NUMBER(brief.is_submap, FALSE);
}
