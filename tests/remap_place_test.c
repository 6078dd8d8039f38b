/*
 * mach_vm_remap: arguments, flags, and where the new mapping goes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Remap size bytes; *to is in and out. */
static kern_return_t
remap(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t *to,
    mach_vm_address_t from, mach_vm_size_t size, int flags)
{
	vm_prot_t current = 0, maximum = 0;

	return vm->remap(self, to, size, 0, flags, self, from, FALSE, &current,
	    &maximum, VM_INHERIT_DEFAULT);
}

MT_CASE(remap, size_zero_is_an_invalid_argument, "remap-zero-size",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() of size 0 is KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), to = 0;

	MT_CHECK(remap(vm, self, &to, page, 0, VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(to, 0);
}

MT_CASE(remap, bad_inheritance_is_an_invalid_argument, "remap-bad-inherit",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() with an inheritance above VM_INHERIT_NONE is "
    "KERN_INVALID_ARGUMENT.")
{
	static const vm_inherit_t bad[] = { VM_INHERIT_DONATE_COPY, 4, 99 };
	mach_vm_address_t page = mt_pages(1), to = 0;
	vm_prot_t current = 0, maximum = 0;

	for (int i = 0; i < 3; i++)
		MT_CHECK(vm->remap(self, &to, mt_page, 0, VM_FLAGS_ANYWHERE,
			     self, page, FALSE, &current, &maximum, bad[i]),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(to, 0);
}

MT_CASE(remap, unknown_flag_is_an_invalid_argument, "remap-bad-flags",
    VM_USER_C "mach_vm_remap()",
    "VM_FLAGS_PURGABLE, VM_FLAGS_4GB_CHUNK, VM_FLAGS_NO_CACHE, "
    "VM_FLAGS_PERMANENT and the superpage flags are KERN_INVALID_ARGUMENT "
    "in mach_vm_remap().")
{
	static const int bad[] = { VM_FLAGS_PURGABLE, VM_FLAGS_4GB_CHUNK,
		VM_FLAGS_NO_CACHE, VM_FLAGS_PERMANENT, VM_FLAGS_TPRO,
		VM_FLAGS_SUPERPAGE_SIZE_ANY, 0x100, 0x2000, 0x8000,
		VM_FLAGS_RETURN_4K_DATA_ADDR };
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		mach_vm_address_t to = hole;

		MT_CHECK(remap(vm, self, &to, page, mt_page, bad[i]),
		    KERN_INVALID_ARGUMENT);
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(remap, tag_is_an_invalid_argument, "remap-tag-rejected",
    VM_USER_C "mach_vm_remap()",
    "VM_MAKE_TAG() is not accepted by mach_vm_remap(): a tag in the flags "
    "is KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), to = mt_hole(1);

	MT_CHECK(remap(vm, self, &to, page, mt_page, TAG(250)),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(remap(vm, self, &to, page, mt_page, TAG(1)),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(remap, resilient_codesign_makes_the_mapping_read_only,
    "remap-resilient-codesign", VM_MAP_C "vm_map_remap()",
    "VM_FLAGS_RESILIENT_CODESIGN makes the mapping of mach_vm_remap() "
    "read-only for good.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1), to = hole;
	vm_prot_t current = 0, maximum = 0;

	MT_CHECK(vm->remap(self, &to, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_RESILIENT_CODESIGN, self, page,
		     FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_READ);
	MT_CHECK_PROTECTION(maximum, VM_PROT_READ);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
}

MT_CASE(remap, resilient_media_refuses_sharing, "remap-resilient-media-share",
    VM_MAP_C "vm_map_remap()",
    "VM_FLAGS_RESILIENT_MEDIA is refused by mach_vm_remap() without copy.")
{
	mach_vm_address_t page = mt_pages(1), to = mt_hole(1);

	MT_CHECK(remap(vm, self, &to, page, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_RESILIENT_MEDIA),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(remap, hint_is_where_the_search_begins, "remap-anywhere-hint",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "mach_vm_remap() with VM_FLAGS_ANYWHERE searches from the address given "
    "upwards and may find no space.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(4);
	mach_vm_address_t to = hole + 2 * mt_page + 5;

	MT_CHECK(remap(vm, self, &to, page, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(to, hole + 2 * mt_page);
	to = mt_system()->maximum;
	MT_CHECK(remap(vm, self, &to, page, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);
}

MT_CASE(remap, fixed_address_is_used, "remap-fixed-free",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "mach_vm_remap() with VM_FLAGS_FIXED maps at a free address.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(3);
	mach_vm_address_t to = hole + mt_page;

	MT_CHECK(remap(vm, self, &to, page, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(to, hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".a.");
}

MT_CASE(remap, unaligned_fixed_address_is_truncated, "remap-fixed-unaligned",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() with VM_FLAGS_FIXED truncates the address to its page.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(2);
	mach_vm_address_t to = hole + mt_page + 0x10;

	MT_CHECK(remap(vm, self, &to, page, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(to, hole + mt_page);
}

MT_CASE(remap, occupied_address_has_no_space, "remap-fixed-occupied",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "mach_vm_remap() with VM_FLAGS_FIXED over a region is KERN_NO_SPACE, "
    "and the region stays.")
{
	mach_vm_address_t page = mt_pages(1), taken = mt_pages(2);
	mach_vm_address_t to = taken;

	TOUCH(taken, 0x61);
	MT_CHECK(remap(vm, self, &to, page, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(to, taken);
	MT_CHECK_LAYOUT(taken, "aa");
	MT_CHECK_BYTE(taken, 0x61);
}

MT_CASE(remap, overwrite_replaces_what_was_there, "remap-fixed-overwrite",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "VM_FLAGS_OVERWRITE makes mach_vm_remap() replace what was mapped.")
{
	mach_vm_address_t page = mt_pages(1), taken = mt_pages(3);
	mach_vm_address_t to = taken + mt_page;

	TOUCH(page, 0x51);
	TOUCH_PAGES(taken, 3, 0x61);
	MT_CHECK(remap(vm, self, &to, page, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(taken, "abc");
	MT_CHECK_BYTE(taken, 0x61);
	MT_CHECK_BYTE(taken + mt_page, 0x51);
	MT_CHECK_BYTE(taken + 2 * mt_page, 0x61);
}

MT_CASE(remap, overwrite_may_replace_its_own_source, "remap-overwrite-self",
    VM_MAP_C "vm_map_remap()",
    "VM_FLAGS_OVERWRITE in mach_vm_remap() removes the target after the "
    "source was taken: a region can be moved up over itself.")
{
	mach_vm_address_t pages = mt_pages(4), to = pages + mt_page;

	for (int i = 0; i < 4; i++)
		TOUCH(pages + i * mt_page, (uint8_t)(0x51 + i));
	MT_CHECK(remap(vm, self, &to, pages, 3 * mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0x51);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x52);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0x53);
}

MT_CASE(remap, permanent_memory_is_not_overwritten, "perm-remap-over",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "VM_FLAGS_OVERWRITE in mach_vm_remap() over permanent memory is "
    "KERN_PROTECTION_FAILURE; until macOS 26.3 it was KERN_NO_SPACE, and "
    "the memory lost its access.",
    .since = "11.3")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	MT_CHILD {
		mach_vm_address_t to = hole;

		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(remap(vm, self, &to, page, mt_page,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));
		MT_CHECK_REGION(hole,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(26.3, VM_PROT_NONE)),
		    .max_protection = MT_VALUE(VM_PROT_ALL,
			MT_UNTIL(26.3, VM_PROT_NONE)));
	}
}

MT_CASE(remap, memory_below_permanent_memory_survives,
    "remap-overwrite-fail-restores", VM_MAP_C "vm_map_remap()",
    "VM_FLAGS_OVERWRITE in mach_vm_remap() over ordinary and then permanent "
    "memory fails and leaves the ordinary memory as it was; until macOS 26.3 "
    "that was removed and not restored.",
    .since = "11.3")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);

	MT_CHILD {
		mach_vm_address_t to = hole;

		MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(remap(vm, self, &to, pages, 2 * mt_page,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));
		MT_CHECK_LAYOUT(hole, MT_PICTURE("ab", MT_UNTIL(26.3, ".a")));
	}
}

MT_CASE(remap, fixed_address_against_the_mask_has_no_space, "remap-fixed-mask",
    VM_MAP_C "vm_map_locate_space_fixed()",
    "mach_vm_remap() at a fixed address with a bit of the mask is "
    "KERN_NO_SPACE.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page);
	mach_vm_address_t to = hole + mt_page;
	vm_prot_t current = 0, maximum = 0;

	MT_CHECK(vm->remap(self, &to, mt_page, 4 * mt_page - 1, VM_FLAGS_FIXED,
		     self, page, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_NO_SPACE);
	MT_CHECK_LAYOUT(hole, "....");
}

MT_CASE(remap, fixed_address_outside_the_map_is_an_invalid_address,
    "remap-fixed-range", VM_MAP_C "vm_map_locate_space_fixed()",
    "mach_vm_remap() to a fixed range outside the map is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t page = mt_pages(1);
	mach_vm_address_t zero = 0, end = mt_system()->maximum;

	MT_CHECK(remap(vm, self, &zero, page, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(remap(vm, self, &end, page, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(remap, source_that_wraps_is_refused, "remap-overflow",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() from a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT; from macOS 11 to 13.4 it was "
    "KERN_INVALID_ADDRESS.",
    .since = "11")
{
	mach_vm_address_t to = 0;

	MT_CHECK(remap(vm, self, &to, LAST_PAGE, 2 * mt_page,
		     VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(13.4, KERN_INVALID_ADDRESS));
	MT_CHECK_ADDRESS(to, 0);
}

MT_CASE(remap, unaligned_source_is_rounded_before_its_end_is_known,
    "remap-overflow-unaligned", VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() of a page from the last byte but a page of 2^64 is "
    "KERN_INVALID_ADDRESS, as the page that it begins in ends in time; until "
    "macOS 14 it was KERN_INVALID_ARGUMENT.",
    .since = "13.5")
{
	mach_vm_address_t to = 0;

	MT_CHECK(remap(vm, self, &to, LAST_PAGE - 1, mt_page,
		     VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ADDRESS, MT_UNTIL(14, KERN_INVALID_ARGUMENT));
	MT_CHECK_ADDRESS(to, 0);
}

MT_CASE(remap, unaligned_source_may_lose_its_last_page,
    "remap-unaligned-legacy", VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() rounds address and size of the source separately: a "
    "range across a page boundary maps its first page alone; from macOS "
    "13.3 to 14.3 it mapped both and returned the address of the data.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2), to = hole;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(remap(vm, self, &to, pages + mt_page - 0x10, 0x20,
		     VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(to,
	    hole +
		MT_VALUE(0, MT_UNTIL(14.3, mt_page - 0x10), MT_UNTIL(13.2, 0)));
	MT_CHECK_LAYOUT(hole,
	    MT_PICTURE("a.", MT_UNTIL(14.3, "aa"), MT_UNTIL(13.2, "a.")));
}

MT_CASE(remap, data_address_is_returned, "remap-return-data-addr",
    VM_MAP_C "vm_map_remap_sanitize()",
    "VM_FLAGS_RETURN_DATA_ADDR makes mach_vm_remap() map every page that "
    "the range touches and return the address of the data.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2), to = hole;

	TOUCH(pages + mt_page - 0x10, 0x51);
	MT_CHECK(remap(vm, self, &to, pages + mt_page - 0x10, 0x20,
		     VM_FLAGS_FIXED | VM_FLAGS_RETURN_DATA_ADDR),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(to, hole + mt_page - 0x10);
	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_BYTE(to, 0x51);
}
