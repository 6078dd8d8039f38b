/*
 * Which pages VM_BEHAVIOR_FREE and VM_SYNC_KILLPAGES let go: those that nobody
 * else sees, which are clean from then on.  A page that stays dirty is kept.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

static kern_return_t
free_pages(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages, unsigned count)
{
	return vm->behavior_set(self, pages, count * mt_page, VM_BEHAVIOR_FREE);
}

MT_CASE(behavior_set, free_leaves_what_a_copy_sees_dirty,
    "behavior-free-copied", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of memory whose VM object a copy has, too, lets no page "
    "go: on both sides they stay dirty.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	MT_CHECK(free_pages(vm, self, from, LARGE_PAGES), KERN_SUCCESS);
	MT_CHECK_REGION(from, .pages_dirtied = LARGE_PAGES);
	MT_CHECK(free_pages(vm, self, to, LARGE_PAGES), KERN_SUCCESS);
	MT_CHECK_REGION(to, .pages_dirtied = LARGE_PAGES);
}

MT_CASE(behavior_set, free_leaves_what_a_child_sees_dirty,
    "behavior-free-forked", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of memory that a child got a copy of lets no page go as "
    "long as neither has stored to it: parent and child see them dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2);

	NUMBER_PAGES(pages, 2, 1);
	MT_CHILD {
		MT_CHECK(free_pages(vm, self, pages, 2), KERN_SUCCESS);
		MT_CHECK_REGION(pages, .pages_dirtied = 2);
		MT_CHECK_BYTE(pages + mt_page, 2);
	}
	MT_CHECK_REGION(pages, .pages_dirtied = 2);
}

MT_CASE(behavior_set, free_leaves_what_shadows_another_object_dirty,
    "behavior-free-shadow", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of memory that was stored to after a copy lets no page "
    "go as long as its VM object shadows another one: an old page would show "
    "in its place.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	NUMBER_PAGES(from, 4, 0x81);
	NUMBER_PAGES(to, 4, 0xc1);
	MT_CHECK(free_pages(vm, self, from, 4), KERN_SUCCESS);
	MT_CHECK_REGION(from, .pages_dirtied = LARGE_PAGES, .shadow_depth = 1);
	MT_CHECK(free_pages(vm, self, to, 4), KERN_SUCCESS);
	MT_CHECK_REGION(to, .pages_dirtied = LARGE_PAGES);
	for (unsigned i = 0; i < 4; i++) {
		MT_CHECK_BYTE(from + i * mt_page, (uint8_t)(0x81 + i));
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0xc1 + i));
	}
}

MT_CASE(behavior_set, free_of_a_part_of_a_split_region_lets_nothing_go,
    "behavior-free-split", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of a region that shares its VM object with the one it "
    "was split from lets no page go; since macOS 26.4 it does.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages();

	PROTECT(pages + 2 * mt_page, 2, VM_PROT_READ);
	MT_CHECK(free_pages(vm, self, pages, 2), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = 2 * mt_page,
	    .pages_dirtied = MT_VALUE(0, MT_UNTIL(26.3, 2)));
	MT_CHECK_REGION(pages + 2 * mt_page, .pages_dirtied = 2);
}

MT_CASE(behavior_set, free_lets_shared_pages_go_unless_they_were_copied,
    "behavior-free-shared-copied", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of memory that is mapped twice lets its pages go; not "
    "while a copy of it is there, which is to keep what they hold.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), alias = 0;
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_CHECK(free_pages(vm, self, pages, 2), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = LARGE_PAGES - 2);
	MT_CHECK_REGION(alias, .pages_dirtied = LARGE_PAGES - 2);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, pages, LARGE, copy), KERN_SUCCESS);
	MT_CHECK(free_pages(vm, self, pages, LARGE_PAGES), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = LARGE_PAGES);
	MT_CHECK(free_pages(vm, self, alias, LARGE_PAGES), KERN_SUCCESS);
	MT_CHECK_REGION(copy, .pages_dirtied = LARGE_PAGES);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(copy + i * mt_page, (uint8_t)(1 + i));
}

MT_CASE(behavior_set, free_leaves_shared_memory_with_a_shadow_dirty,
    "behavior-free-shared-shadow", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of memory that was stored to after a copy and is mapped "
    "twice lets no page go as long as its VM object shadows another one.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES), alias = 0;
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, from, LARGE, to), KERN_SUCCESS);
	NUMBER_PAGES(to, 4, 0xc1);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, to, FALSE);
	MT_CHECK(free_pages(vm, self, to, LARGE_PAGES), KERN_SUCCESS);
	MT_CHECK(free_pages(vm, self, alias, LARGE_PAGES), KERN_SUCCESS);
	MT_CHECK_REGION(to, .pages_dirtied = LARGE_PAGES, .shadow_depth = 1);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(alias + i * mt_page,
		    (uint8_t)(i < 4 ? 0xc1 + i : 1 + i));
}

MT_CASE(behavior_set, free_leaves_wired_pages_dirty, "behavior-free-wired",
    VM_OBJECT_C "deactivate_pages_in_object()",
    "VM_BEHAVIOR_FREE lets no wired page go; once the page is unlocked it "
    "does.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage_bsd->mlock(&error, page, mt_page), 0);
	MT_CHECK(free_pages(vm, self, page, 1), KERN_SUCCESS);
	MT_CHECK_REGION(page, .pages_dirtied = 1, .pages_resident = 1);
	MT_CHECK_BYTE(page, 0x51);
	MT_REQUIRE(stage_bsd->munlock(&error, page, mt_page), 0);
	MT_CHECK(free_pages(vm, self, page, 1), KERN_SUCCESS);
	MT_CHECK_REGION(page, .pages_dirtied = 0);
}

MT_CASE(behavior_set, pages_written_after_free_are_dirty_again,
    "behavior-free-written", VM_OBJECT_C "deactivate_pages_in_object()",
    "After VM_BEHAVIOR_FREE a page that is stored to is dirty again, and the "
    "others are not.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages();

	MT_CHECK(free_pages(vm, self, pages, 4), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
	TOUCH(pages + mt_page, 0x52);
	MT_CHECK_REGION(pages, .pages_dirtied = 1);
	MT_CHECK_BYTE(pages + mt_page, 0x52);
	TOUCH(pages + 3 * mt_page, 0x54);
	MT_CHECK_REGION(pages, .pages_dirtied = 2);
}

MT_CASE(msync, pages_above_a_hole_are_not_killed, "msync-killpages-hole-above",
    VM_MAP_C "vm_map_msync()",
    "VM_SYNC_KILLPAGES lets the pages below a hole go and leaves those above "
    "it dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(5);

	PUNCH(pages + 2 * mt_page, 1);
	TOUCH_PAGES(pages, 2, 0x51);
	TOUCH_PAGES(pages + 3 * mt_page, 2, 0x51);
	MT_CHECK(vm->msync(self, pages, 5 * mt_page, VM_SYNC_KILLPAGES),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
	MT_CHECK_REGION(pages + 3 * mt_page, .pages_dirtied = 2);

	TOUCH_PAGES(pages, 2, 0x52);
	MT_CHECK(vm->msync(self, pages, 5 * mt_page,
		     VM_SYNC_KILLPAGES | VM_SYNC_CONTIGUOUS),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
	MT_CHECK_REGION(pages + 3 * mt_page, .pages_dirtied = 2);
}

MT_CASE(behavior_set, free_stops_at_a_hole, "behavior-free-hole-above",
    VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE over a hole is KERN_INVALID_ADDRESS: pages below the "
    "hole are let go, those above stay dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(5);

	PUNCH(pages + 2 * mt_page, 1);
	TOUCH_PAGES(pages, 2, 0x51);
	TOUCH_PAGES(pages + 3 * mt_page, 2, 0x51);
	MT_CHECK(free_pages(vm, self, pages, 5), KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0);
	MT_CHECK_REGION(pages + 3 * mt_page, .pages_dirtied = 2);
}

MT_CASE(behavior_set, free_lets_nothing_of_a_shadowed_object_go,
    "behavior-free-shadowed", VM_MAP_C "vm_map_msync()",
    "VM_BEHAVIOR_FREE of a region whose VM object has a shadow for another "
    "region, which is mapped twice, lets no page go.",
    .needs = "native")
{
	mach_vm_address_t pages = four_pages(), alias = mt_hole(1);

	MT_REQUIRE(stage->inherit(self, pages + 3 * mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	REMAP(alias, mt_page, VM_FLAGS_FIXED, pages + 3 * mt_page, FALSE);
	MT_CHECK(free_pages(vm, self, pages, 3), KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 3);
}

MT_CASE(behavior_set, reusable_page_is_not_dirty, "behavior-reusable-clean",
    VM_OBJECT_C "deactivate_pages_in_object()",
    "VM_BEHAVIOR_REUSABLE takes VM_PAGE_QUERY_PAGE_DIRTY from a page; a store "
    "gives it back.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(!page_is(self, page, VM_PAGE_QUERY_PAGE_DIRTY));
	TOUCH(page, 0x52);
	MT_CHECK_TRUE(page_is(self, page, VM_PAGE_QUERY_PAGE_DIRTY));
}
