/*
 * mach_vm_behavior_set: the behaviours that act on pages at once.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"

#define LARGE 16 /* pages that are copied by reference */

/* A fixed allocation with a tag. */
static mach_vm_address_t
tagged(mach_port_name_t self, unsigned n, int tag)
{
	mach_vm_address_t hole = mt_hole(n);

	MT_REQUIRE(allocate_at(stage, self, hole, n * mt_page, TAG(tag)),
	    KERN_SUCCESS);
	return hole;
}

MT_CASE(behavior_set, willneed_makes_anonymous_pages_resident,
    "behavior-willneed-anon", VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED makes the pages of anonymous memory resident, each of "
    "600, since macOS 10.15; before that it had no effect on them.")
{
	const unsigned n = 600;
	mach_vm_address_t pages = mt_pages(n);

	MT_CHECK(vm->behavior_set(self, pages, n * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages,
	    .pages_resident = MT_VALUE(n, MT_UNTIL(10.14, 0)));
	MT_CHECK_BYTE(pages + (n - 1) * mt_page, 0);
}

MT_CASE(behavior_set, willneed_touches_its_range_alone,
    "behavior-willneed-part", VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED of a part makes the pages of that part resident, in "
    "every region of it, and none beside it.",
    .since = "10.15", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(6);

	MT_REQUIRE(stage->inherit(self, pages, 3 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, 4 * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 6; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_PRESENT),
		    i == 0 || i == 5 ? 0 : VM_PAGE_QUERY_PAGE_PRESENT);
}

MT_CASE(behavior_set, willneed_keeps_the_contents,
    "behavior-willneed-anon-keeps", VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED does not change the contents of memory.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH(pages, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(behavior_set, willneed_without_permission_is_refused,
    "behavior-willneed-none", VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED on memory without access returns the error of the "
    "fault since macOS 15.4; before that it succeeded without effect.",
    .since = "10.15")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_WILLNEED),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(15.3, KERN_SUCCESS));
}

MT_CASE(behavior_set, willneed_over_a_hole_is_an_invalid_address,
    "behavior-willneed-hole", VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED over a hole is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(behavior_set, willneed_looks_for_holes_first,
    "behavior-willneed-hole-first", VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED over a hole makes no page resident; since macOS "
    "26.4 it does those below the hole.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_REQUIRE(stage->deallocate(self, pages + 2 * mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages,
	    .pages_resident = MT_VALUE(2, MT_UNTIL(26.3, 0)));
	MT_CHECK_REGION(pages + 3 * mt_page, .pages_resident = 0);
}

MT_CASE(behavior_set, dontneed_keeps_the_contents, "behavior-dontneed-keeps",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_DONTNEED lets pages be paged out sooner; their contents "
    "stay.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_DONTNEED),
	    KERN_SUCCESS);
	for (int i = 0; i < 4; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0x51);
}

MT_CASE(behavior_set, dontneed_over_a_hole_is_an_invalid_address,
    "behavior-dontneed-hole", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_DONTNEED over a hole is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page,
		     VM_BEHAVIOR_DONTNEED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x51);
}

MT_CASE(behavior_set, free_pages_are_old_or_zero, "behavior-free-semantics",
    "madvise(2), MADV_FREE",
    "After VM_BEHAVIOR_FREE a page reads as before or as zero until it is "
    "written; what is written then stays.")
{
	mach_vm_address_t page = mt_pages(1);
	uint8_t byte;

	TOUCH(page, 0x51);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	byte = mt_read(page).value;
	MT_CHECK_TRUE(byte == 0x51 || byte == 0);

	TOUCH(page, 0x52);
	MT_CHECK_BYTE(page, 0x52);
}

MT_CASE(behavior_set, free_pages_are_no_longer_dirty, "behavior-free-dirty",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_FREE leaves its pages resident until the kernel takes "
    "them, but no longer dirty.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE_TRUE(mt_read(pages).exception == 0);
	MT_CHECK_REGION(pages, .pages_resident = 4, .pages_dirtied = 4);

	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0, .size = 4 * mt_page);
}

MT_CASE(behavior_set, free_has_no_effect_on_copied_memory,
    "behavior-free-shared-noop", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_FREE has no effect on memory that a copy still depends on: "
    "both sides keep their contents.")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);

	MT_CHECK(vm->behavior_set(self, from, LARGE * mt_page,
		     VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	for (int i = 0; i < LARGE; i++) {
		MT_CHECK_BYTE(to + i * mt_page, 0x51);
		MT_CHECK_BYTE(from + i * mt_page, 0x51);
	}
}

MT_CASE(behavior_set, free_over_a_hole_is_an_invalid_address,
    "behavior-free-hole", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_FREE is KERN_INVALID_ADDRESS at the first hole.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page, VM_BEHAVIOR_FREE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x51);
}

MT_CASE(behavior_set, reusable_needs_write_permission,
    "behavior-reusable-readonly", VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_REUSABLE needs write permission.", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(behavior_set, reusable_memory_of_malloc_must_be_pristine,
    "behavior-reusable-not-pristine", VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_REUSABLE refuses memory with a malloc tag that is not as "
    "it was allocated: another inheritance suffices.",
    .needs = "native")
{
	mach_vm_address_t page = tagged(self, 1, VM_MEMORY_MALLOC_LARGE);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_CAN_REUSE),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(page, .user_tag = VM_MEMORY_MALLOC_LARGE);
}

MT_CASE(behavior_set, reusable_memory_with_other_tags_may_be_changed,
    "behavior-reusable-nonmalloc", VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_REUSABLE accepts memory without a malloc tag in any state.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
}

MT_CASE(behavior_set, reusable_pages_are_no_longer_dirty,
    "behavior-reusable-ok", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE leaves its pages resident, but no longer dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .pages_dirtied = 0, .user_tag = MT_TAG,
	    .protection = VM_PROT_DEFAULT, .size = 4 * mt_page);
}

MT_CASE(behavior_set, reusable_changes_the_tag_of_large_memory,
    "behavior-reusable-tag-flip", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE changes the tag VM_MEMORY_MALLOC_LARGE of the "
    "whole region to VM_MEMORY_MALLOC_LARGE_REUSABLE.",
    .needs = "native")
{
	mach_vm_address_t pages = tagged(self, 4, VM_MEMORY_MALLOC_LARGE);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "aaaa");
	MT_CHECK_REGION(pages + 3 * mt_page,
	    .user_tag = VM_MEMORY_MALLOC_LARGE_REUSABLE);
}

MT_CASE(behavior_set, reuse_changes_the_tag_of_large_memory,
    "behavior-reuse-tag-flip", VM_MAP_C "vm_map_reuse_pages()",
    "VM_BEHAVIOR_REUSE changes the tag VM_MEMORY_MALLOC_LARGE_REUSABLE to "
    "VM_MEMORY_MALLOC_LARGE_REUSED, the whole region's also when the range is a "
    "part of it.",
    .needs = "native")
{
	mach_vm_address_t pages = tagged(self, 2, VM_MEMORY_MALLOC_LARGE);

	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(vm->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE_REUSED);

	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE_REUSABLE);

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .size = 2 * (int64_t)mt_page,
	    .user_tag = VM_MEMORY_MALLOC_LARGE_REUSED);
}

MT_CASE(behavior_set, can_reuse_changes_nothing, "behavior-can-reuse",
    VM_MAP_C "vm_map_can_reuse()",
    "VM_BEHAVIOR_CAN_REUSE asks whether memory can be reused and changes "
    "nothing.",
    .needs = "native")
{
	mach_vm_address_t pages = tagged(self, 2, VM_MEMORY_MALLOC_LARGE);

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE,
	    .pages_dirtied = 2);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(behavior_set, reusable_over_a_hole_is_an_invalid_address,
    "behavior-reusable-hole", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE, VM_BEHAVIOR_REUSE and VM_BEHAVIOR_CAN_REUSE over "
    "a hole are KERN_INVALID_ADDRESS.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	for (vm_behavior_t behavior = VM_BEHAVIOR_REUSABLE;
	     behavior <= VM_BEHAVIOR_CAN_REUSE; behavior++)
		MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page, behavior),
		    KERN_INVALID_ADDRESS);
}

MT_CASE(behavior_set, zero_wired_pages_needs_write_permission,
    "behavior-zero-wired", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES needs write permission since macOS 15.4; "
    "before that it accepted read-only memory.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(self, page, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(15.3, KERN_SUCCESS));
}

MT_CASE(behavior_set, zeroed_pages_read_as_zero, "behavior-zero",
    XNU "bsd/sys/mman.h, MADV_ZERO",
    "VM_BEHAVIOR_ZERO makes the range read as zero at once.", .since = "14.4",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	TOUCH(pages + 3 * mt_page - 1, 0x52);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, 2 * mt_page,
		     VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + 3 * mt_page - 1, 0);
	MT_CHECK_BYTE(pages + mt_page, 0);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0x51);
	MT_CHECK_LAYOUT(pages, "aaaa");
	MT_CHECK_REGION(pages, .ref_count = 1);
	MT_CHECK_WRITABLE(pages + mt_page);
}

MT_CASE(behavior_set, read_only_memory_is_not_zeroed,
    "behavior-zero-not-writable", VM_MAP_C "vm_map_zero()",
    "VM_BEHAVIOR_ZERO needs write permission and refuses memory that can be "
    "executed.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(behavior_set, copy_on_write_memory_is_not_zeroed, "behavior-zero-cow",
    VM_MAP_C "vm_map_zero()",
    "VM_BEHAVIOR_ZERO refuses memory that is copy-on-write.", .since = "14.4",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, from, LARGE * mt_page,
		     VM_BEHAVIOR_ZERO),
	    KERN_NO_ACCESS);
	MT_CHECK_BYTE(from, 0x51);
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(behavior_set, regions_are_zeroed_one_after_the_other,
    "behavior-zero-regions", VM_MAP_C "vm_map_zero()",
    "VM_BEHAVIOR_ZERO over several regions zeroes its part of each; one that "
    "may not be written ends it, what lies below is zeroed.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(6);

	TOUCH_PAGES(pages, 6, 0x51);
	MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, 4 * mt_page,
		     VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 6; i++)
		MT_CHECK_BYTE(pages + i * mt_page, i == 0 || i == 5 ? 0x51 : 0);

	TOUCH_PAGES(pages, 6, 0x52);
	MT_REQUIRE(stage->protect(self, pages + 4 * mt_page, 2 * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages + 3 * mt_page, 3 * mt_page,
		     VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0x52);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0);
	MT_CHECK_BYTE(pages + 4 * mt_page, 0x52);
}

MT_CASE(behavior_set, memory_with_a_shadow_is_not_zeroed,
    "behavior-zero-shadow", VM_OBJECT_C "vm_object_zero_preflight()",
    "VM_BEHAVIOR_ZERO refuses memory that was stored to after a copy while "
    "its VM object shadows another, and changes no byte.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	TOUCH_PAGES(from, 2, 0x52);
	MT_CHECK(vm->behavior_set(self, from, 2 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_NO_ACCESS);
	MT_CHECK_BYTE(from, 0x52);
	MT_CHECK_BYTE(from + mt_page, 0x52);
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(behavior_set, shared_memory_with_a_copy_is_not_zeroed,
    "behavior-zero-copied", VM_OBJECT_C "vm_object_zero_preflight()",
    "VM_BEHAVIOR_ZERO refuses memory that a memory entry refers to while a "
    "copy of it is there, which keeps its bytes.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE), to = mt_pages(LARGE);
	memory_object_size_t size = LARGE * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	TOUCH_PAGES(from, LARGE, 0x51);
	MT_REQUIRE(stage->make_memory_entry(self, &size, from, VM_PROT_DEFAULT,
		       &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->copy(self, from, LARGE * mt_page, to), KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, from, LARGE * mt_page,
		     VM_BEHAVIOR_ZERO),
	    KERN_NO_ACCESS);
	MT_CHECK_BYTE(from, 0x51);
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(behavior_set, executable_memory_is_not_zeroed,
    "behavior-zero-executable", VM_MAP_C "vm_map_zero_entry_preflight()",
    "VM_BEHAVIOR_ZERO refuses memory that can be written and executed, which "
    "an x86_64 process can have.",
    .since = "14.4", .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_ALL),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(behavior_set, untouched_memory_may_be_zeroed, "behavior-zero-untouched",
    VM_MAP_C "vm_map_zero()",
    "VM_BEHAVIOR_ZERO succeeds on memory that was never touched.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .share_mode = SM_EMPTY, .pages_resident = 0);
	MT_CHECK_BYTE(page, 0);
}
