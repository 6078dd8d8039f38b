/*
 * Allocation over what is there: VM_FLAGS_FIXED with VM_FLAGS_OVERWRITE.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

#define OVER (VM_FLAGS_OVERWRITE | PLAIN)

/* Pages of the same memory elsewhere. */
static mach_vm_address_t
alias_of(mach_port_name_t self, mach_vm_address_t pages, unsigned n)
{
	mach_vm_address_t alias = mt_hole(n);

	REMAP(alias, n * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	MT_CHECK_REGION(pages, .ref_count = 2);
	return alias;
}

MT_CASE(allocate, overwrite_gives_zero_filled_memory, "alloc-overwrite-fixed",
    "vm_statistics.h",
    "VM_FLAGS_OVERWRITE removes what is mapped in the range before it maps "
    "the new memory.")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	TOUCH(page, 0x11);

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED | OVER),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, page);
	MT_CHECK_BYTE(page, 0);
	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}

MT_CASE(allocate, overwrite_replaces_wired_memory,
    "alloc-overwrite-fixed-wired", VM_MAP_C "vm_map_delete()",
    "VM_FLAGS_OVERWRITE replaces memory that the process has wired, however "
    "often; the new memory is not wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	for (unsigned i = 0; i < 2; i++)
		MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
			       VM_PROT_READ),
		    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, page, mt_page, OVER), KERN_SUCCESS);

	MT_CHECK_BYTE(page, 0);
	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(allocate, overwrite_of_a_touched_middle_leaves_three_regions,
    "alloc-overwrite-fixed-middle", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE in the middle of a touched region leaves both ends, "
    "and the new memory is a region of its own: a touched region that was "
    "split is not extended.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x11);

	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, OVER),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + mt_page, 0);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x11);
	MT_CHECK_LAYOUT(pages, "abc");
}

MT_CASE(allocate, overwrite_of_an_untouched_middle_extends_the_lower_part,
    "overwrite-coalesces-down", VM_MAP_C "vm_map_enter()",
    "Memory allocated with VM_FLAGS_OVERWRITE in the middle of an untouched "
    "region extends the part below it.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(allocate_at(vm, self, pages + mt_page, mt_page, OVER),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "aabb");
}

MT_CASE(allocate, overwrite_replaces_regions_and_holes,
    "alloc-overwrite-fixed-several", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE removes everything in the range: several regions "
    "with holes between them.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page, TAG(242)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + 3 * mt_page, mt_page, TAG(243)),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(hole, "ab.c");

	MT_CHECK(allocate_at(vm, self, hole, 4 * mt_page, OVER), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aaaa");
	MT_CHECK_REGION(hole, .user_tag = MT_TAG);
}

MT_CASE(allocate, overwrite_of_parts_clips_both_neighbours,
    "alloc-overwrite-fixed-clips", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE clips the regions at the ends of the range: what "
    "lies outside of it stays.")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(vm, self, hole, 2 * mt_page, TAG(241)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, 2 * mt_page,
		       TAG(242)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x11);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, 2 * mt_page, OVER),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abbc");
	MT_CHECK_BYTE(hole, 0x11);
	MT_CHECK_BYTE(hole + mt_page, 0);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0);
	MT_CHECK_BYTE(hole + 3 * mt_page, 0x11);
}

MT_CASE(allocate, overwrite_of_a_hole_is_an_allocation,
    "alloc-overwrite-fixed-hole", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE over a hole allocates as without it.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, OVER), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "a.");
}

MT_CASE(allocate, overwrite_resets_every_attribute,
    "alloc-overwrite-fixed-attributes", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE gives new memory the default attributes, whatever "
    "was mapped before.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, page, mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->protect(self, page, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, page, mt_page,
		     VM_FLAGS_OVERWRITE | TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_DEFAULT,
	    .behavior = VM_BEHAVIOR_DEFAULT, .user_tag = 241);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(allocate, overwrite_outside_the_map_removes_nothing,
    "alloc-overwrite-fixed-bounds", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE checks the map's bounds before it removes anything.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);

	MT_CHECK(allocate_at(vm, self, page,
		     mt_system()->maximum - page + mt_page, OVER),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(allocate, overwrite_with_an_unknown_flag_removes_nothing,
    "alloc-overwrite-fixed-flags", VM_USER_C "mach_vm_allocate_external()",
    "VM_FLAGS_OVERWRITE with an unknown flag fails before anything is "
    "removed.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);

	MT_CHECK(allocate_at(vm, self, page, mt_page, OVER | 0x100),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(allocate, overwrite_truncates_the_address,
    "alloc-overwrite-fixed-truncates", "vm_allocate.html",
    "If anywhere is TRUE, the returned address will be at a page boundary; "
    "otherwise, the region starts at the beginning of the virtual page "
    "containing address.")
{
	mach_vm_address_t pages = mt_pages(2);
	mach_vm_address_t address = pages + mt_page - 1;

	TOUCH_PAGES(pages, 2, 0x11);

	MT_CHECK(vm->allocate(self, &address, 2, VM_FLAGS_FIXED | OVER),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, pages);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 0x11);
}

MT_CASE(allocate, overwrite_cannot_remove_permanent_memory,
    "alloc-overwrite-permanent", VM_MAP_C "vm_map_delete()",
    "VM_FLAGS_OVERWRITE over a region of VM_FLAGS_PERMANENT is "
    "KERN_PROTECTION_FAILURE and leaves it alone; until macOS 26.3 it was "
    "KERN_NO_SPACE, and the region lost its protections.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole, mt_page, OVER),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));

		MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(26.3, VM_PROT_NONE)),
		    .max_protection = MT_VALUE(VM_PROT_ALL,
			MT_UNTIL(26.3, VM_PROT_NONE)),
		    .user_tag = MT_TAG);
	}
}

/*	[permanent][a] .	the range ends in a hole */
MT_CASE(allocate, failed_overwrite_restores_other_regions,
    "alloc-overwrite-permanent-restores", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE that fails leaves other regions of the range as "
    "they were; until macOS 26.3 they were removed and put back.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page,
			       TAG(241)),
		    KERN_SUCCESS);
		TOUCH_PAGES(hole, 2, 0x11);

		MT_CHECK(allocate_at(vm, self, hole, 2 * mt_page, OVER),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));

		MT_CHECK_LAYOUT(hole, "ab.");
		MT_CHECK_REGION(hole,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(26.3, VM_PROT_NONE)));
		MT_CHECK_BYTE(hole + mt_page, 0x11);
		MT_CHECK_REGION(hole + mt_page, .user_tag = 241);
	}
}

/*	[a][permanent][b]	until 26.3 a and b were saved, and what is
 *				between them stood in the way of putting them
 *				back */
MT_CASE(allocate, failed_overwrite_loses_regions_around_permanent_memory,
    "alloc-overwrite-permanent-loses", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE that fails removes nothing; until macOS 26.3 it put "
    "removed regions back only into a single hole: those on both sides of "
    "permanent memory were lost.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(4), alias;

	MT_CHILD {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page, TAG(241)),
		    KERN_SUCCESS);
		TOUCH(hole, 0x11);
		alias = alias_of(self, hole, 1);
		MT_REQUIRE(allocate_at(vm, self, hole + mt_page, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, mt_page,
			       TAG(242)),
		    KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole, 3 * mt_page, OVER),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));

		MT_CHECK_LAYOUT(hole,
		    MT_PICTURE("abc.", MT_UNTIL(26.3, ".a..")));
		MT_CHECK_REGION(alias,
		    .ref_count = MT_VALUE(2, MT_UNTIL(26.3, 1)));
	}
}

MT_CASE(allocate, overwritten_memory_gives_its_reference_back,
    "alloc-overwrite-references", VM_MAP_C "vm_map_enter()",
    "When VM_FLAGS_OVERWRITE takes the place of one of two mappings of the same "
    "memory, the other has one reference again and its bytes.")
{
	mach_vm_address_t pages = mt_pages(2), alias;

	TOUCH_PAGES(pages, 2, 0x11);
	alias = alias_of(self, pages, 2);

	MT_CHECK(allocate_at(vm, self, alias, 2 * mt_page, OVER), KERN_SUCCESS);

	MT_CHECK_REGION(pages, .ref_count = 1);
	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(alias, 0);
}
