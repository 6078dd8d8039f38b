/*
 * The shared region when it is split: each part still shows what lies there,
 * is as permanent as before, and what is wired becomes the process's own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "queries.h"
#include "shared_region.h"

/* Each part of the submap begins where the one below it ends; their number. */
static unsigned
count_parts(struct part all, int64_t offset)
{
	const mach_vm_address_t end = all.address + all.size;
	mach_vm_address_t address = all.address;
	struct mt_region region;
	unsigned n = 0;

	for (; address < end; n++) {
		MT_REQUIRE_TRUE(mt_region_at(address, &region));
		MT_CHECK_TRUE(region.is_submap == TRUE);
		MT_CHECK_NUMBER(region.address - (int64_t)address, 0);
		MT_CHECK_NUMBER(region.offset - offset -
			(int64_t)(address - all.address),
		    0);
		address = (mach_vm_address_t)(region.address + region.size);
	}
	MT_CHECK_NUMBER(address - end, 0);
	return n;
}

MT_CASE(protect, parts_of_the_shared_region_keep_their_offsets,
    "protect-submap-offsets", VM_MAP_C "vm_map_clip_unnest()",
    "mach_vm_protect() of a page of the shared region splits it in three or "
    "more, each with the offset that its addresses had in the submap.",
    .needs = "native")
{
	const struct part all = shared_region();
	mach_vm_address_t page = hole_page(self);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(all.address, &before));
	MT_CHILD {
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_TRUE(count_parts(all, before.offset) >= 3);
	}
	MT_CHECK_NUMBER(count_parts(all, before.offset), 1);
}

/* [from, to) is one part of the submap, with this tag. */
static void
check_part(mach_vm_address_t from, mach_vm_address_t to, uint8_t tag)
{
	MT_CHECK_REGION(from, .address = (int64_t)from,
	    .size = (int64_t)(to - from), .is_submap = TRUE, .user_tag = tag);
}

MT_CASE(inherit, pages_of_the_shared_region_keep_their_offsets,
    "inherit-submap-offsets", VM_MAP_C "vm_map_clip_unnest()",
    "mach_vm_inherit() splits off the first, the second, the middle and the "
    "last page of the shared region, each with its offset in the submap.",
    .needs = "native")
{
	const struct part all = shared_region();
	const mach_vm_address_t pages[] = { all.address, all.address + mt_page,
		all.address + (all.size / 2 & ~(mt_page - 1)),
		all.address + all.size - mt_page };
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(all.address, &before));
	for (int i = 0; i < 4; i++)
		MT_CHILD {
			MT_CHECK(vm->inherit(self, pages[i], mt_page,
				     VM_INHERIT_NONE),
			    KERN_SUCCESS);
			MT_CHECK_REGION(pages[i], .address = (int64_t)pages[i],
			    .size = (int64_t)mt_page,
			    .inheritance = VM_INHERIT_NONE,
			    .user_tag = VM_MEMORY_UNSHARED_PMAP);
			MT_CHECK_TRUE(count_parts(all, before.offset) >= 2);
		}
}

/* A range across the end of a unit of shared page tables, where the last
 * gigabyte of the region is not full: x86_64 shares whole ones. */
MT_CASE(inherit, units_that_a_range_touches_are_split_off,
    "inherit-submap-units", VM_MAP_C "vm_map_clip_end()",
    "mach_vm_inherit() of a range of the shared region that ends in a unit of "
    "page tables (2 MiB, on arm64 32 MiB) takes all of that unit from those "
    "that are shared, and no more.",
    .needs = "native")
{
	const struct part all = shared_region();
	const mach_vm_size_t unit = MT_VALUE(2 * MIB, MT_ON(arm64, 32 * MIB));
	const mach_vm_size_t above[] = { mt_page, 2 * mt_page, unit + mt_page };
	const mach_vm_address_t edge = all.address + all.size - 3 * unit;

	for (unsigned i = 0; i < 8; i++) {
		mach_vm_address_t from = edge - (2 - i % 3) * mt_page;
		mach_vm_address_t to = edge + above[i / 3];
		mach_vm_address_t end = edge + (i / 3 == 2 ? 2 : 1) * unit;
		/* 26.4: taken whole */
		mach_vm_address_t middle = MT_VALUE(from, MT_UNTIL(26.3, edge));

		MT_CHILD {
			MT_CHECK(vm->inherit(self, from, to - from,
				     VM_INHERIT_NONE),
			    KERN_SUCCESS);
			check_part(to, end, VM_MEMORY_UNSHARED_PMAP);
			check_part(end, all.address + all.size,
			    VM_MEMORY_SHARED_PMAP);
			check_part(middle, to, VM_MEMORY_UNSHARED_PMAP);
			if (from < middle)
				check_part(from, middle,
				    VM_MEMORY_UNSHARED_PMAP);
			MT_CHECK_REGION(edge - unit - mt_page,
			    .user_tag = VM_MEMORY_SHARED_PMAP);
		}
	}
}

MT_CASE(inherit, gigabytes_at_the_end_of_a_range_are_split_off,
    "inherit-submap-gigabyte",
    "xnu-4570.71.2 osfmk/i386/pmap_x86_common.c, "
    "pmap_adjust_unnest_parameters()",
    "mach_vm_inherit() of the last page of a gigabyte of the shared region "
    "takes all of it from the page tables that are shared; the next one, too, "
    "if the region has all of that.",
    .arch = "x86_64", .needs = "native")
{
	const struct part all = shared_region();
	const mach_vm_size_t whole = UINT64_C(1) << 30;
	const mach_vm_address_t end = all.address + all.size;
	mach_vm_address_t edge = (all.address + whole) & ~(whole - 1);

	for (; edge < end; edge += whole)
		MT_CHILD {
			MT_CHECK(vm->inherit(self, edge - mt_page, mt_page,
				     VM_INHERIT_NONE),
			    KERN_SUCCESS);
			MT_CHECK_REGION(edge - mt_page,
			    .user_tag = VM_MEMORY_UNSHARED_PMAP);
			MT_CHECK_REGION(edge, .address = (int64_t)edge,
			    .user_tag = edge + whole <= end ?
				VM_MEMORY_UNSHARED_PMAP :
				VM_MEMORY_SHARED_PMAP);
		}
}

MT_CASE(munlock, units_of_unlocked_pages_are_split_off, "munlock-submap-units",
    VM_MAP_C "vm_map_unwire_nested()",
    "munlock(2) of pages of the shared region on both sides of the end of a "
    "unit of page tables takes both units from those that are shared, and no "
    "other.",
    .until = "26.3", .needs = "native")
{
	const struct part all = shared_region();
	const mach_vm_size_t unit = MT_VALUE(2 * MIB, MT_ON(arm64, 32 * MIB));
	const mach_vm_address_t edge = all.address + all.size - 2 * unit;

	MT_CHILD {
		CHECK(munlock, (edge - mt_page, 2 * mt_page), 0);
		for (unsigned i = 0; i < 2; i++) {
			MT_CHECK_REGION(edge - unit + i * unit,
			    .is_submap = TRUE,
			    .user_tag = VM_MEMORY_UNSHARED_PMAP);
			MT_CHECK_REGION(edge + i * unit - mt_page,
			    .user_tag = VM_MEMORY_UNSHARED_PMAP);
		}
		MT_CHECK_REGION(edge - unit - mt_page,
		    .user_tag = VM_MEMORY_SHARED_PMAP);
		MT_CHECK_REGION(edge + unit, .user_tag = VM_MEMORY_SHARED_PMAP);
	}
}

MT_CASE(inherit, memory_above_a_split_page_is_still_there,
    "inherit-submap-above", VM_MAP_C "vm_map_clip_unnest()",
    "mach_vm_inherit() of a page of the shared region leaves what lies above "
    "it where it was: the same regions with the same bytes.",
    .needs = "native")
{
	const mach_vm_address_t page = shared_region().address + mt_page;
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_ALL), found;
	int byte = byte_at(self, part.address);
	vm_region_submap_info_data_64_t info;

	MT_SKIP_UNLESS(part.address > page, "nothing lies below it");
	MT_CHILD {
		MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_REQUIRE_TRUE(next_leaf(self, part.address, &found, &info));
		MT_CHECK_NUMBER(found.address - part.address, 0);
		MT_CHECK_PROTECTION(info.protection, VM_PROT_READ);
		MT_CHECK_NUMBER(byte_at(self, part.address), byte);
	}
}

/* In the process itself: a child's submap is permanent no more.  The value
 * that is set is the one that it has. */
MT_CASE(deallocate, constant_part_stays_when_the_region_is_split,
    "dealloc-shared-region-split", VM_MAP_C "vm_map_delete_submap_recurse()",
    "On arm64 the constant part of the shared region is permanent when the "
    "region has been split below it, too.",
    .since = "13", .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t last = part.address + part.size - mt_page;

	MT_REQUIRE(stage->inherit(self, part.address - mt_page, mt_page,
		       VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(part.address, .address = (int64_t)part.address,
	    .is_submap = TRUE);
	MT_CHECK(vm->deallocate(self, part.address, mt_page),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->deallocate(self, last, mt_page), KERN_PROTECTION_FAILURE);
	(void)byte_at(self, part.address);
	(void)byte_at(self, last);
}

MT_CASE(deallocate, range_that_reaches_a_constant_part_is_refused,
    "dealloc-shared-region-reaches", VM_MAP_C "vm_map_delete_submap_recurse()",
    "On arm64 mach_vm_deallocate() of a range of the shared region that begins "
    "below a constant part and ends in it removes nothing.",
    .since = "13", .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	struct mt_region before;

	MT_SKIP_UNLESS(part.address > shared_region_base(),
	    "nothing lies below it");
	MT_REQUIRE_TRUE(mt_region_at(part.address, &before));
	MT_CHECK(vm->deallocate(self, part.address - mt_page, 2 * mt_page),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(part.address - mt_page, .address = before.address,
	    .size = before.size, .is_submap = TRUE);
	(void)byte_at(self, part.address);
}

/* The first page above a part that nothing uses. */
static mach_vm_address_t
hole_above(mach_port_name_t self, struct part part)
{
	const struct part all = shared_region();
	mach_vm_address_t end = part.address + part.size;
	vm_region_submap_info_data_64_t info;
	struct part next;

	while (next_leaf(self, end, &next, &info) && next.address == end)
		end = next.address + next.size;
	MT_SKIP_UNLESS(end + mt_page <= all.address + all.size,
	    "nothing above it is free");
	return end;
}

MT_CASE(deallocate, hole_above_a_constant_part_can_be_removed,
    "dealloc-shared-region-above", VM_MAP_C "vm_map_delete_submap_recurse()",
    "mach_vm_deallocate() removes a free page of the shared region that has "
    "been split right below it, though a part below is permanent on arm64.",
    .until = "26.3", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t page = hole_above(self, part);

	MT_REQUIRE(stage->inherit(self, page - mt_page, mt_page,
		       VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
	MT_CHECK_HOLE(page);
	MT_CHECK_REGION(page - mt_page, .is_submap = TRUE);
}

/* ---- wiring -------------------------------------------------------------- */

MT_CASE(mlock, locked_data_belongs_to_the_process, "mlock-submap-data",
    VM_MAP_C "vm_map_wire_nested()",
    "mlock(2) of the shared region's data makes the page the process's own, "
    "as a store does, and locks that; others keep the shared one.",
    .needs = "native disposable")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = part.address + part.size - mt_page;
	int byte = byte_at(self, page);

	MT_CHILD {
		/* The entry above begins inside of the submap. */
		CHECK(mlock, (part.address, mt_page), 0);
		MT_CHECK_REGION(part.address, .is_submap = FALSE,
		    .user_wired_count = 1);
		CHECK(mlock, (page, mt_page), 0);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .size = (int64_t)mt_page, .is_submap = FALSE,
		    .protection = VM_PROT_DEFAULT, .user_wired_count = 1,
		    .inheritance = VM_INHERIT_COPY,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP);
		MT_CHECK_REGION(page - mt_page, .user_wired_count = 0);
		MT_CHECK_NUMBER(byte_at(self, page), byte);
		CHECK(munlock, (page, mt_page), 0);
		MT_CHECK_REGION(page, .is_submap = FALSE,
		    .user_wired_count = 0);
		MT_CHECK_NUMBER(byte_at(self, page), byte);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

MT_CASE(wire, wired_data_belongs_to_the_process, "wire-submap-data",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of the shared region's data, even for reading, makes the "
    "page the process's own and wires that.",
    .needs = "native privileged disposable")
{
	static const vm_prot_t access[] = { VM_PROT_READ, VM_PROT_DEFAULT };
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = part.address + part.size - mt_page;
	int byte = byte_at(self, page);

	for (unsigned i = 0; i < 2; i++) {
		MT_CHILD {
			MT_CHECK(vm->wire(mach_host_self(), self, page, mt_page,
				     access[i]),
			    KERN_SUCCESS);
			MT_CHECK_REGION(page, .address = (int64_t)page,
			    .size = (int64_t)mt_page, .is_submap = FALSE,
			    .protection = VM_PROT_DEFAULT,
			    .user_wired_count = 1);
			MT_CHECK_NUMBER(byte_at(self, page), byte);
		}
		MT_CHECK_REGION(page, .is_submap = TRUE);
	}
}

MT_CASE(wire, permission_of_the_map_lets_constants_be_wired,
    "wire-submap-permitted", XNU26 "osfmk/vm/vm_map.c, vm_map_wire_preflight()",
    "A constant page of the shared region that mach_vm_protect() has made "
    "writable is wired for writing, since macOS 26.4 by what the map says, not "
    "the submap.",
    .since = "26.4", .arch = "x86_64", .needs = "native privileged disposable")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t page = part.address + mt_page;

	MT_CHILD {
		MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
			       VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK(vm->wire(mach_host_self(), self, page, mt_page,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .is_submap = FALSE,
		    .user_wired_count = 1);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

MT_CASE(wire, constants_are_not_wired_for_writing, "wire-submap-denied",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() for writing of a part of the shared region that can only "
    "be read is KERN_PROTECTION_FAILURE, KERN_FAILURE until macOS 10.15, and "
    "wires nothing.",
    .needs = "native privileged disposable")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t page = part.address + mt_page;

	MT_CHILD {
		MT_CHECK(vm->wire(mach_host_self(), self, page, mt_page,
			     VM_PROT_READ | VM_PROT_WRITE),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(10.15, KERN_FAILURE));
		MT_CHECK_REGION(page, .user_wired_count = 0);
	}
}

MT_CASE(mlock, code_of_the_shared_region_is_refused_on_arm64,
    "mlock-submap-code", VM_MAP_C "vm_map_lookup_and_lock_object()",
    "mlock(2) of the shared region's code is EPERM on arm64, EACCES up to "
    "macOS 14, and leaves it shared; x86_64 locks a copy.",
    .needs = "native disposable")
{
	struct part part = leaf(self, VM_PROT_READ | VM_PROT_EXECUTE,
	    VM_PROT_ALL);
	mach_vm_address_t page = part.address + part.size - mt_page;
	const bool is_refused = MT_VALUE(0, MT_ON(arm64, 1));

	MT_CHILD {
		CHECK(mlock, (page, mt_page), 0, MT_ON(arm64, DARWIN_EPERM),
		    MT_ON_UNTIL(arm64, 14, DARWIN_EACCES));
		MT_CHECK_REGION(page, .is_submap = is_refused ? TRUE : FALSE,
		    .user_wired_count = is_refused ? 0 : 1);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

MT_CASE(mlock, locked_constants_stay_permanent, "mlock-submap-constant",
    VM_MAP_C "vm_map_lookup_and_lock_object()",
    "On arm64 a page of the constant part of the shared region that mlock(2) "
    "made the process's own is as permanent as it was: mach_vm_deallocate() "
    "leaves it, without access.",
    .since = "13", .until = "26.3", .arch = "arm64",
    .needs = "native disposable")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t page = part.address + mt_page;

	MT_CHILD {
		CHECK(mlock, (page, mt_page), 0);
		MT_CHECK_REGION(page, .is_submap = FALSE,
		    .protection = VM_PROT_READ, .user_wired_count = 1);
		CHECK(munlock, (page, mt_page), 0);
		MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .is_submap = FALSE, .protection = VM_PROT_NONE,
		    .max_protection = VM_PROT_NONE);
	}
}

MT_CASE(wire, each_part_of_the_region_is_judged, "wire-submap-parts",
    XNU26 "osfmk/vm/vm_map.c, vm_map_wire_preflight()",
    "mach_vm_wire() for writing of a page of the shared region's data and of a "
    "page above it that can only be read is KERN_PROTECTION_FAILURE, and leaves "
    "both in the submap, since macOS 26.4.",
    .since = "26.4", .needs = "native privileged disposable")
{
	const struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = part.address + part.size - mt_page;
	vm_region_submap_info_data_64_t info;
	struct part next;

	MT_SKIP_UNLESS(next_leaf(self, page + mt_page, &next, &info) &&
		next.address == page + mt_page &&
		info.protection == VM_PROT_READ,
	    "nothing that can only be read follows the data");
	MT_CHILD {
		MT_CHECK(vm->wire(mach_host_self(), self, page, 2 * mt_page,
			     VM_PROT_WRITE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_REGION(page, .is_submap = TRUE);
		MT_CHECK_REGION(page + mt_page, .is_submap = TRUE);
	}
}

MT_CASE(fault, shared_region_cannot_be_stored_to_where_it_is_read_only,
    "fault-submap", VM_MAP_C "vm_map_lookup_locked()",
    "A store to a part of the shared region that can only be read is "
    "KERN_PROTECTION_FAILURE, SIGBUS; where nothing is mapped in it a load and "
    "a store are KERN_INVALID_ADDRESS.",
    .needs = "native")
{
	const struct part text = leaf(self, VM_PROT_READ, VM_PROT_READ);
	mach_vm_address_t nothing = hole_page(self);

	MT_CHILD {
		MT_CHECK_FAULT(mt_write(text.address, 1), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_NUMBER(mt_write(text.address, 1).signal,
		    DARWIN_SIGBUS);
		MT_CHECK_FAULT(mt_read(nothing), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
		MT_CHECK_FAULT(mt_write(nothing, 1), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
	}
}

MT_CASE(fault, nothing_of_the_shared_region_has_no_access,
    "fault-submap-sealed",
    XNU26 "osfmk/vm/vm_map_lock.c, vm_map_entry_resolve_submap_cow()",
    "Where nothing is mapped in the shared region a load is "
    "KERN_PROTECTION_FAILURE since macOS 26.4, because a region without access "
    "is there; a store is KERN_INVALID_ADDRESS, because it is to be copied and "
    "has no VM object.",
    .since = "26.4", .needs = "native")
{
	const struct part nothing = leaf(self, VM_PROT_NONE, VM_PROT_NONE);

	MT_CHILD {
		MT_CHECK_FAULT(mt_read(nothing.address), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_FAULT(mt_write(nothing.address, 1), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
		MT_CHECK_REGION(nothing.address, .is_submap = TRUE);
	}
}

MT_CASE(inherit, whole_region_is_taken_from_what_is_shared,
    "inherit-submap-whole", VM_MAP_C "vm_map_clip_end()",
    "mach_vm_inherit() of all of the shared region takes all of it from the "
    "page tables that are shared, with tag VM_MEMORY_UNSHARED_PMAP; since macOS "
    "26.4 as one region.",
    .needs = "native")
{
	const struct part all = shared_region();

	MT_CHILD {
		MT_CHECK(vm->inherit(self, all.address, all.size,
			     VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(all.address, .is_submap = TRUE,
		    .size = MT_VALUE(all.size, MT_UNTIL(26.3, MT_ANY)),
		    .user_tag = VM_MEMORY_UNSHARED_PMAP,
		    .inheritance = VM_INHERIT_NONE);
		MT_CHECK_REGION(all.address + all.size - mt_page,
		    .is_submap = TRUE, .user_tag = VM_MEMORY_UNSHARED_PMAP,
		    .inheritance = VM_INHERIT_NONE);
	}
}

MT_CASE(region_recurse, short_answer_knows_a_part_that_was_split_off,
    "recurse-short-submap-split", VM_MAP_C "vm_map_region_recurse_64()",
    "The short form of mach_vm_region_recurse() has is_submap 1 for a page of "
    "the shared region that was split off, and for its neighbours.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
			       VM_PROT_NONE),
		    KERN_SUCCESS);
		for (unsigned i = 0; i < 3; i++) {
			const vm_region_submap_short_info_data_64_t info =
			    brief(vm, self, page + i * mt_page - mt_page);

			MT_CHECK_NUMBER(info.is_submap, TRUE);
			MT_CHECK_NUMBER(info.user_tag, VM_MEMORY_UNSHARED_PMAP);
		}
	}
}

MT_CASE(page_range_query, page_behind_the_shared_region_is_told_behind_it,
    "pagerange-submap-own", VM_MAP_C "vm_map_page_range_info_internal()",
    "The dispositions of a range stand in its order, those of the shared "
    "region's pages, too: one of its data that was written, alone, is the last "
    "of two, and dirty.",
    .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_DEFAULT, VM_PROT_ALL);
	mach_vm_address_t page = part.address + part.size - mt_page;
	mach_vm_size_t count = 2;
	int told[2] = { 0x5a, 0x5a };

	MT_SKIP_UNLESS(mt_read(page).exception == 0,
	    "the shared region cannot be touched here");
	MT_CHILD {
		MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		TOUCH(page, 0x51);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .is_submap = FALSE);
		MT_CHECK(vm->page_range_query(self, page - mt_page, 2 * mt_page,
			     (uintptr_t)told, &count),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(told[1] & VM_PAGE_QUERY_PAGE_DIRTY,
		    VM_PAGE_QUERY_PAGE_DIRTY);
	}
}
