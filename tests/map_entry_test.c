/*
 * Mapping memory entries: which part, with which protections, shared or
 * copied.  What vm_map refuses of any object: map_object_test.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

/* Four numbered pages and an entry for them. */
struct mapped {
	mach_vm_address_t pages, hole;
	mach_port_name_t entry;
};

static struct mapped
mapped(mach_port_name_t self, vm_prot_t permission)
{
	struct mapped m = { four_pages(), mt_hole(4), MACH_PORT_NULL };

	m.entry = entry_for(self, 4 * mt_page, m.pages, permission,
	    MACH_PORT_NULL);
	return m;
}

MT_CASE(map, mapping_of_an_entry_is_shared, "map-entry-basic",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry without copy maps the memory itself, "
    "with the protections and inheritance asked for and no tag.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page, 0, m.entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);

	MT_CHECK_REGION(m.hole, .size = 4 * (int64_t)mt_page, .protection = RW,
	    .max_protection = RW, .user_tag = 0, .ref_count = 3,
	    .inheritance = VM_INHERIT_COPY,
	    .share_mode = MT_VALUE(SM_TRUESHARED,
		MT_UNTIL(11.2, SM_SHARED_ALIASED),
		MT_UNTIL(10.15, SM_TRUESHARED)));
	TOUCH(m.hole, 0x71);
	MT_CHECK_BYTE(m.pages, 0x71);
}

MT_CASE(map, read_only_mapping_of_an_entry_is_shared, "map-entry-alias-protect",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry without copy shares memory that may only "
    "be read at first: what is stored when it may be written is seen in every "
    "mapping.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page, 0, m.entry, 0, FALSE, RO,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(m.hole, 1);
	TOUCH(m.pages, 0x71);
	MT_CHECK_BYTE(m.hole, 0x71);
	PROTECT(m.hole, 4, RW);
	TOUCH(m.hole + mt_page, 0x72);
	MT_CHECK_BYTE(m.pages + mt_page, 0x72);
}

MT_CASE(map, copy_of_an_entry_is_private, "map-entry-copy",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry with copy, any number but 0, maps a "
    "snapshot.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page, 0, m.entry, 0, 2, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(m.hole, .share_mode = SM_COW);
	TOUCH(m.pages, 0x71);
	TOUCH(m.hole + mt_page, 0x72);
	MT_CHECK_BYTE(m.hole, 1);
	MT_CHECK_BYTE(m.pages + mt_page, 2);
	PUNCH(m.hole, 4);
	MT_CHECK_REGION(m.pages, .ref_count = 2);
}

MT_CASE(map, copies_of_an_entry_are_separate, "map-entry-copy-twice",
    VM_MAP_C "vm_map_enter_mem_object()",
    "Two mappings of a memory entry by mach_vm_map() with copy are separate, "
    "though nothing was stored between: a store to one is not seen in the "
    "other.")
{
	struct mapped m = mapped(self, RW);
	mach_vm_address_t other = mt_hole(4);

	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page, 0, m.entry, 0, TRUE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, other, 4 * mt_page, 0, m.entry, 0, TRUE, RW,
		     RW),
	    KERN_SUCCESS);
	TOUCH(m.hole, 0x71);
	TOUCH(other + mt_page, 0x72);
	TOUCH(m.pages + 2 * mt_page, 0x73);
	for (unsigned i = 0; i < 4; i++) {
		MT_CHECK_BYTE(m.hole + i * mt_page,
		    i == 0 ? 0x71 : (uint8_t)(1 + i));
		MT_CHECK_BYTE(other + i * mt_page,
		    i == 1 ? 0x72 : (uint8_t)(1 + i));
	}
}

MT_CASE(map, entry_mapped_twice_is_an_alias, "map-entry-alias",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry twice gives two mappings of the same "
    "memory.")
{
	struct mapped m = mapped(self, RW);
	mach_vm_address_t other = mt_hole(4);

	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page, 0, m.entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, other, 4 * mt_page, 0, m.entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	TOUCH(m.hole, 0x71);
	MT_CHECK_BYTE(other, 0x71);
	MT_CHECK_REGION(other, .ref_count = 4);
}

MT_CASE(map, copy_cannot_exceed_the_rights_of_the_entry, "map-entry-prot",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() with copy refuses a maximum protection that the memory "
    "entry lacks.")
{
	struct mapped m = mapped(self, RO);

	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 0, FALSE, RW,
		     RW),
	    KERN_INVALID_RIGHT);
	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 0, TRUE, RW, RW),
	    KERN_INVALID_RIGHT);
	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 0, TRUE, RO,
		     VM_PROT_ALL),
	    KERN_INVALID_RIGHT);
	MT_CHECK_HOLE(m.hole);
}

MT_CASE(map, mask_in_the_maximum_alone_suffices, "map-entry-ismask-maximum",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_PROT_IS_MASK in the maximum alone reduces the maximum to what the "
    "memory entry has.")
{
	struct mapped m = mapped(self, RO);

	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 0, FALSE, RO,
		     RW | VM_PROT_IS_MASK),
	    KERN_SUCCESS);
	MT_CHECK_REGION(m.hole, .protection = RO, .max_protection = RO);
}

MT_CASE(map, size_beyond_the_entry_is_refused, "map-entry-beyond",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of more than the memory entry is KERN_INVALID_ARGUMENT.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page + 1, 0, m.entry, 0, FALSE,
		     RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 4 * mt_page,
		     TRUE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry,
		     0 - (uint64_t)mt_page, FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, m.hole, 0, 0, m.entry, 0, FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(m.hole);
}

MT_CASE(map, tag_of_the_mapping_is_kept, "map-entry-tag",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry gives the mapping the tag in the "
    "flags.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, mt_page, TAG(MT_TAG + 3), m.entry, 0,
		     FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(m.hole, .user_tag = MT_TAG + 3);
}

MT_CASE(map, mapping_without_access_is_made, "map-entry-none",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry accepts VM_PROT_NONE as both current "
    "and maximum protection.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 0, FALSE,
		     VM_PROT_NONE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(m.hole, .protection = 0, .max_protection = 0);
	MT_CHECK_FAULT(mt_read(m.hole), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(map, part_of_a_shared_entry_must_lie_within, "map-copy-entry-beyond",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of an entry made with MAP_MEM_VM_SHARE refuses an offset "
    "and size beyond the entry.",
    .since = "11")
{
	struct mapped m = mapped(self, RW | MAP_MEM_VM_SHARE);

	MT_CHECK(map_at(vm, self, m.hole, 5 * mt_page, 0, m.entry, 0, FALSE, RW,
		     RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, m.hole, 2 * mt_page, 0, m.entry, 3 * mt_page,
		     FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, m.hole, 2 * mt_page, 0, m.entry, 1, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(m.hole, MT_PICTURE("aaa.", MT_UNTIL(26.3, "aaaa")));
}

MT_CASE(map, mapping_of_an_entry_is_not_extended, "map-entry-no-coalesce",
    VM_MAP_C "vm_map_enter()",
    "Memory allocated above the mapping of a memory entry is a region of "
    "its own.")
{
	struct mapped m = mapped(self, RW);

	MT_CHECK(map_at(vm, self, m.hole, 2 * mt_page, PLAIN, m.entry, 0, FALSE,
		     RW, RW),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, m.hole + 2 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(m.hole, "aabb");
	MT_CHECK_BYTE(m.hole + 2 * mt_page, 0);
}

MT_CASE(map, entry_is_mapped_where_the_mask_allows, "map-entry-mask",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "mach_vm_map() of a memory entry anywhere chooses an address in which no "
    "bit of the mask is set.")
{
	const mach_vm_offset_t mask = 32 * MIB - 1;
	mach_port_name_t entry = entry_for(self, mt_page, mt_pages(1), RW,
	    MACH_PORT_NULL);
	mach_vm_address_t first = 0, second = 0;

	MT_CHECK(vm->map(self, &first, mt_page, mask, VM_FLAGS_ANYWHERE, entry,
		     0, FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK(vm->map(self, &second, mt_page, mask, VM_FLAGS_ANYWHERE, entry,
		     0, FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(first & mask, 0);
	MT_CHECK_NUMBER(second & mask, 0);
	MT_CHECK_TRUE(first != second);
}

MT_CASE(map, entry_of_a_copy_takes_few_flags, "map-entry-copy-flags",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "KERN_INVALID_ARGUMENT: mach_vm_map() of a memory entry that holds a copy "
    "with VM_FLAGS_NO_CACHE or VM_FLAGS_PURGABLE.")
{
	mach_vm_address_t hole = mt_hole(1);
	mach_port_name_t entry = entry_for(self, mt_page, mt_pages(1),
	    MAP_MEM_VM_COPY | RW, MACH_PORT_NULL);

	MT_CHECK(map_at(vm, self, hole, mt_page, VM_FLAGS_NO_CACHE, entry, 0,
		     FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, hole, mt_page, VM_FLAGS_PURGABLE, entry, 0,
		     FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, mappings_of_a_snapshot_share_stores, "map-entry-copy-shared",
    VM_MAP_C "vm_map_enter_mem_object()",
    "Mappings of one MAP_MEM_VM_COPY entry by mach_vm_map() without copy are "
    "SM_TRUESHARED and share the snapshot: a store is seen by both, and not by "
    "the memory that the entry was made of.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_vm_address_t a = mt_hole(LARGE_PAGES), b = mt_hole(LARGE_PAGES);
	mach_port_name_t entry;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	entry = entry_for(self, LARGE, pages, MAP_MEM_VM_COPY | RW,
	    MACH_PORT_NULL);
	MT_CHECK(map_at(vm, self, a, LARGE, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(a, 0x71);
	MT_CHECK(map_at(vm, self, b, LARGE, 0, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(b + mt_page, 0x72);
	TOUCH_PAGES(a + 2 * mt_page, LARGE_PAGES - 2, 0x73);

	MT_CHECK_BYTE(b, 0x71);
	MT_CHECK_BYTE(a + mt_page, 0x72);
	MT_CHECK_BYTE(b + 2 * mt_page, 0x73);
	MT_CHECK_REGION(a, .share_mode = SM_TRUESHARED, .shadow_depth = 0,
	    .pages_resident = LARGE_PAGES);
	MT_CHECK_REGION(b, .share_mode = SM_TRUESHARED, .shadow_depth = 0,
	    .pages_resident = LARGE_PAGES);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(map, copies_of_a_shared_entry_are_separate, "map-entry-share-copies",
    VM_MAP_C "vm_map_enter_mem_object()",
    "Mappings of one MAP_MEM_VM_SHARE entry by mach_vm_map() with copy are "
    "copies of their own: a store into one is not seen by another or by the "
    "memory that the entry was made of; until macOS 12.3 they see what is "
    "stored into that memory.")
{
	const uint8_t third = (uint8_t)MT_VALUE(3, MT_UNTIL(12.3, 0x73));
	mach_vm_address_t pages = four_pages(), a = mt_hole(4), b = mt_hole(4);
	mach_port_name_t entry = entry_for(self, 4 * mt_page, pages,
	    MAP_MEM_VM_SHARE | RW, MACH_PORT_NULL);

	MT_CHECK(map_at(vm, self, a, 4 * mt_page, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK(map_at(vm, self, b, 4 * mt_page, 0, entry, 0, TRUE, RW, RW),
	    KERN_SUCCESS);
	TOUCH(a, 0x71);
	TOUCH(b + mt_page, 0x72);
	TOUCH(pages + 2 * mt_page, 0x73);

	MT_CHECK_BYTE(b, 1);
	MT_CHECK_BYTE(a + mt_page, 2);
	MT_CHECK_BYTE(a + 2 * mt_page, third);
	MT_CHECK_BYTE(b + 2 * mt_page, third);
	MT_CHECK_BYTE(pages, 1);
	MT_CHECK_BYTE(pages + mt_page, 2);
}

MT_CASE(map, part_of_a_snapshot_is_mapped_anywhere_only, "map-entry-copy-part",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "Until macOS 10.15 mach_vm_map() of a part of a MAP_MEM_VM_COPY entry is "
    "KERN_INVALID_ARGUMENT at a fixed address; anywhere the rest of the entry "
    "does not stay mapped.",
    .until = "10.15")
{
	struct mapped m = mapped(self, RW | MAP_MEM_VM_COPY);
	mach_vm_address_t address = 0;

	MT_CHECK(map_at(vm, self, m.hole, mt_page, 0, m.entry, 2 * mt_page,
		     FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_LAYOUT(m.hole, "....");
	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_ANYWHERE, m.entry,
		     2 * mt_page, FALSE, RW, RW, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(address, .address = (int64_t)address,
	    .size = (int64_t)mt_page);
	MT_CHECK_HOLE(address + mt_page);
	MT_CHECK_BYTE(address, 3);
}

MT_CASE(map, wrapping_offset_is_judged_before_the_rights,
    "map-entry-offset-first", VM_SANITIZE_C "vm_sanitize_offset()",
    "mach_vm_map() of a memory entry with an offset that wraps is "
    "KERN_INVALID_ARGUMENT since macOS 15 even if the entry lacks a right, "
    "KERN_INVALID_RIGHT before.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);
	mach_port_name_t entry = entry_for(self, 2 * mt_page, four_pages(), RO,
	    MACH_PORT_NULL);

	for (unsigned i = 1; i < 3; i++) {
		MT_CHECK(map_at(vm, self, hole, 2 * mt_page, PLAIN, entry,
			     0 - i * mt_page, FALSE, RW, RW),
		    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_INVALID_RIGHT));
		MT_CHECK(map_at(vm, self, hole, 2 * mt_page, PLAIN, entry,
			     0 - i * mt_page, FALSE, RO, RO),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK_LAYOUT(hole, "..");
	}
	MT_CHECK(map_at(vm, self, hole, 2 * mt_page, PLAIN, entry, mt_page,
		     FALSE, RW, RW),
	    KERN_INVALID_RIGHT);
}

MT_CASE(map, memory_entry_cannot_be_mapped_in_superpages, "map-entry-superpage",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of a memory entry with VM_FLAGS_SUPERPAGE_SIZE_2MB is "
    "KERN_INVALID_ARGUMENT since macOS 15: superpages have VM objects of their "
    "own.",
    .since = "15")
{
	mach_vm_address_t hole = mt_hole_aligned((unsigned)(2 * MIB / mt_page),
	    2 * MIB);
	mach_port_name_t entry = entry_for(self, 2 * MIB, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_CHECK(map_at(vm, self, hole, 2 * MIB, VM_FLAGS_SUPERPAGE_SIZE_2MB,
		     entry, 0, FALSE, RW, RW),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, snapshot_outside_the_map_is_an_invalid_address,
    "map-copy-entry-place", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a MAP_MEM_VM_COPY or MAP_MEM_VM_SHARE entry at a fixed "
    "address beyond the map is KERN_INVALID_ADDRESS, at one that is taken "
    "KERN_NO_SPACE.",
    .since = "11")
{
	static const vm_prot_t kinds[] = { MAP_MEM_VM_COPY, MAP_MEM_VM_SHARE };

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t pages = four_pages();
		mach_port_name_t entry = entry_for(self, 4 * mt_page, pages,
		    RW | kinds[i], MACH_PORT_NULL);

		MT_CHECK(map_at(vm, self, UINT64_C(3) << 60, 4 * mt_page, PLAIN,
			     entry, 0, FALSE, RW, RW),
		    KERN_INVALID_ADDRESS);
		MT_CHECK(map_at(vm, self, pages, 4 * mt_page, PLAIN, entry, 0,
			     FALSE, RW, RW),
		    KERN_NO_SPACE);
	}
}

MT_CASE(map, superpage_of_a_memory_entry_begins_at_offset_zero,
    "map-entry-superpage-offset", VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of a memory entry with VM_FLAGS_SUPERPAGE_SIZE_2MB maps "
    "superpages until macOS 14, at offset 0, whatever offset was asked for.",
    .until = "14", .arch = "x86_64", .needs = "disposable")
{
	mach_vm_address_t hole = mt_hole_aligned((unsigned)(2 * MIB / mt_page),
	    2 * MIB);
	mach_port_name_t entry = entry_for(self, 4 * MIB, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_CHECK(map_at(vm, self, hole, 2 * MIB, VM_FLAGS_SUPERPAGE_SIZE_2MB,
		     entry, 2 * MIB, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .offset = 0);
}

MT_CASE(map, snapshot_whose_source_is_gone_gets_a_shadow,
    "map-copy-entry-alone", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a MAP_MEM_VM_COPY entry shares a new VM object in front "
    "of what was copied, a shadow_depth of 1, even if nobody else has that any "
    "more; until macOS 11.2 it then shared that itself.")
{
	struct mapped m = mapped(self, RW | MAP_MEM_VM_COPY);
	mach_vm_address_t other = mt_hole(4);

	PUNCH(m.pages, 4);
	MT_CHECK(map_at(vm, self, m.hole, 4 * mt_page, 0, m.entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_REGION(m.hole, .shadow_depth = MT_VALUE(1, MT_UNTIL(11.2, 0)));
	MT_REQUIRE(map_at(stage, self, other, 4 * mt_page, 0, m.entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	TOUCH(m.hole + mt_page, 0x72);
	MT_CHECK_BYTE(other + mt_page, 0x72);
	MT_CHECK_BYTE(other + 3 * mt_page, 4);
}

MT_CASE(map, each_kind_of_mapping_has_its_inheritance, "map-entry-inheritance",
    VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() of a memory entry, plain, of MAP_MEM_VM_COPY or of "
    "MAP_MEM_VM_SHARE, shared or with copy, gives the mapping the inheritance "
    "asked for and an address in which no bit of the mask is set.")
{
	static const vm_prot_t kinds[] = { 0, MAP_MEM_VM_COPY,
		MAP_MEM_VM_SHARE };
	static const vm_inherit_t inheritances[] = { VM_INHERIT_NONE,
		VM_INHERIT_COPY, VM_INHERIT_SHARE };
	const mach_vm_offset_t mask = 4 * MIB - 1;

	for (unsigned i = 0; i < 18; i++) {
		mach_port_name_t entry = entry_for(self, 4 * mt_page,
		    four_pages(), RW | kinds[i % 3], MACH_PORT_NULL);
		mach_vm_address_t address = 0;

		MT_CHECK(vm->map(self, &address, 4 * mt_page, mask,
			     VM_FLAGS_ANYWHERE, entry, 0, i < 9 ? FALSE : TRUE,
			     RW, RW, inheritances[i / 3 % 3]),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(address & mask, 0);
		MT_CHECK_REGION(address, .inheritance = inheritances[i / 3 % 3],
		    .protection = RW, .max_protection = RW);
	}
}
