/*
 * Reusable memory: which memory of malloc is as malloc made it, which pages
 * become reusable, how they count, and what takes that away again.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "entries.h"
#include "shared_region.h"
#include "queries.h"

static const vm_behavior_t behaviors[] = { VM_BEHAVIOR_REUSABLE,
	VM_BEHAVIOR_REUSE, VM_BEHAVIOR_CAN_REUSE };

/* Two pages of a tag, touched. */
static mach_vm_address_t
tagged(mach_port_name_t self, int flags)
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page, flags),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 2, 0x51);
	return pages;
}

static mach_vm_address_t
of_malloc(mach_port_name_t self)
{
	return tagged(self, TAG(VM_MEMORY_MALLOC_LARGE));
}

/* It is refused whatever is asked, and nothing of it changes. */
static void
check_refused(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages)
{
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
			     behaviors[i]),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE,
	    .pages_dirtied = 2);
}

static void
check_taken(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages)
{
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE_REUSABLE,
	    .pages_dirtied = 0);
}

/* How many pages of the region are reusable, and how many are not. */
#define REUSABLE_PAGES(address_) \
	extended(stage, self, (address_)).pages_reusable
#define OTHER_PAGES(vm_, address_) \
	top((vm_), self, (address_)).private_pages_resident

/* ---- memory of malloc's tags ---------------------------------------------- */

MT_CASE(behavior_set, seven_tags_of_malloc_must_be_as_they_were_made,
    "behavior-reusable-tags", VM_MAP_C "vm_map_entry_is_reusable()",
    "Of memory that is not inherited VM_BEHAVIOR_CAN_REUSE refuses the tags "
    "VM_MEMORY_MALLOC, MALLOC_SMALL, MALLOC_LARGE, REALLOC, MALLOC_TINY, "
    "MALLOC_LARGE_REUSABLE and MALLOC_LARGE_REUSED, and takes all others.",
    .needs = "native")
{
	static const int refused[] = { VM_MEMORY_MALLOC, VM_MEMORY_MALLOC_SMALL,
		VM_MEMORY_MALLOC_LARGE, VM_MEMORY_REALLOC,
		VM_MEMORY_MALLOC_TINY, VM_MEMORY_MALLOC_LARGE_REUSABLE,
		VM_MEMORY_MALLOC_LARGE_REUSED };
	mach_vm_address_t page = mt_hole(1);

	for (int tag = 0; tag < 32; tag++) {
		bool is_refused = false;

		for (unsigned i = 0; i < 7; i++)
			is_refused |= tag == refused[i];
		MT_REQUIRE(allocate_at(stage, self, page, mt_page, TAG(tag)),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(vm->behavior_set(self, page, mt_page,
			     VM_BEHAVIOR_CAN_REUSE),
		    is_refused ? KERN_INVALID_ADDRESS : KERN_SUCCESS);
		PUNCH(page, 1);
	}
}

MT_CASE(behavior_set, only_large_memory_of_malloc_changes_its_tag,
    "behavior-reusable-retag", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE gives VM_MEMORY_MALLOC_LARGE and _LARGE_REUSED the "
    "tag VM_MEMORY_MALLOC_LARGE_REUSABLE, VM_BEHAVIOR_REUSE gives that the tag "
    "VM_MEMORY_MALLOC_LARGE_REUSED; every other tag stays.",
    .needs = "native")
{
	static const struct {
		uint8_t tag, after[3]; /* of the behaviors, in their order */
	} rows[] = {
		{ VM_MEMORY_MALLOC_LARGE,
		    { VM_MEMORY_MALLOC_LARGE_REUSABLE, VM_MEMORY_MALLOC_LARGE,
			VM_MEMORY_MALLOC_LARGE } },
		{ VM_MEMORY_MALLOC_LARGE_REUSABLE,
		    { VM_MEMORY_MALLOC_LARGE_REUSABLE,
			VM_MEMORY_MALLOC_LARGE_REUSED,
			VM_MEMORY_MALLOC_LARGE_REUSABLE } },
		{ VM_MEMORY_MALLOC_LARGE_REUSED,
		    { VM_MEMORY_MALLOC_LARGE_REUSABLE,
			VM_MEMORY_MALLOC_LARGE_REUSED,
			VM_MEMORY_MALLOC_LARGE_REUSED } },
		{ VM_MEMORY_MALLOC_HUGE,
		    { VM_MEMORY_MALLOC_HUGE, VM_MEMORY_MALLOC_HUGE,
			VM_MEMORY_MALLOC_HUGE } },
		{ VM_MEMORY_REALLOC,
		    { VM_MEMORY_REALLOC, VM_MEMORY_REALLOC,
			VM_MEMORY_REALLOC } },
		{ 0, { 0, 0, 0 } },
		{ MT_TAG, { MT_TAG, MT_TAG, MT_TAG } },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned b = 0; b < 3; b++) {
			mach_vm_address_t pages = tagged(self,
			    TAG(rows[i].tag));

			MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
				     behaviors[b]),
			    KERN_SUCCESS);
			MT_CHECK_REGION(pages, .address = (int64_t)pages,
			    .size = 2 * (int64_t)mt_page,
			    .user_tag = rows[i].after[b]);
		}
}

MT_CASE(behavior_set, protected_malloc_memory_is_not_reusable,
    "behavior-reusable-protection", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is refused by the reusable behaviors while its "
    "protection is not VM_PROT_DEFAULT.",
    .needs = "native")
{
	static const vm_prot_t others[] = { VM_PROT_READ, VM_PROT_NONE,
		VM_PROT_READ | VM_PROT_EXECUTE };
	mach_vm_address_t pages = of_malloc(self);

	for (unsigned i = 0; i < 3; i++) {
		PROTECT(pages, 2, others[i]);
		check_refused(vm, self, pages);
	}
	PROTECT(pages, 2, VM_PROT_DEFAULT);
	/* in the page tables again: behavior-reusable-unmapped */
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0x51);
	check_taken(vm, self, pages);
}

MT_CASE(behavior_set, malloc_memory_of_another_maximum_is_not_reusable,
    "behavior-reusable-maximum", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is refused by the reusable behaviors when its "
    "maximum protection is not VM_PROT_ALL.",
    .needs = "native")
{
	mach_vm_address_t pages = of_malloc(self);

	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	check_refused(vm, self, pages);
}

MT_CASE(behavior_set, malloc_memory_without_cache_is_not_reusable,
    "behavior-reusable-no-cache", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is refused by the reusable behaviors when it was "
    "made with VM_FLAGS_NO_CACHE.",
    .needs = "native")
{
	check_refused(vm, self,
	    tagged(self, VM_FLAGS_NO_CACHE | TAG(VM_MEMORY_MALLOC_LARGE)));
}

MT_CASE(behavior_set, permanent_malloc_memory_is_not_reusable,
    "behavior-reusable-permanent", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is refused by the reusable behaviors when it was "
    "made with VM_FLAGS_PERMANENT.",
    .since = "11.3", .needs = "native")
{
	check_refused(vm, self,
	    tagged(self, VM_FLAGS_PERMANENT | TAG(VM_MEMORY_MALLOC_LARGE)));
}

MT_CASE(behavior_set, malloc_memory_that_is_to_be_zeroed_is_not_reusable,
    "behavior-reusable-zero-wired", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is refused by the reusable behaviors after "
    "VM_BEHAVIOR_ZERO_WIRED_PAGES.",
    .needs = "native")
{
	mach_vm_address_t pages = of_malloc(self);

	MT_REQUIRE(stage->behavior_set(self, pages, 2 * mt_page,
		       VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	check_refused(vm, self, pages);
}

MT_CASE(behavior_set, malloc_memory_is_reusable_unless_it_is_locked,
    "behavior-reusable-wired", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is refused by the reusable behaviors while it is "
    "wired, and taken again when it no longer is.",
    .needs = "native")
{
	mach_vm_address_t pages = of_malloc(self);
	int error = 0;

	MT_REQUIRE(stage_bsd->mlock(&error, pages, 2 * mt_page), 0);
	check_refused(vm, self, pages);
	MT_REQUIRE(stage_bsd->munlock(&error, pages, 2 * mt_page), 0);
	check_taken(vm, self, pages);
}

MT_CASE(behavior_set, malloc_memory_beside_locked_memory_is_reusable,
    "behavior-reusable-wired-part", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag is taken by the reusable behaviors while other "
    "memory of its VM object is wired; until macOS 13 it was refused.",
    .needs = "native")
{
	mach_vm_address_t pages = of_malloc(self);
	int error = 0;

	/* All of it, so that what stays locked keeps the object. */
	MT_REQUIRE(stage_bsd->mlock(&error, pages, 2 * mt_page), 0);
	MT_REQUIRE(stage_bsd->munlock(&error, pages, mt_page), 0);
	MT_REQUIRE_LAYOUT(pages, "ab");

	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, pages, mt_page, behaviors[i]),
		    KERN_SUCCESS, MT_UNTIL(13, KERN_INVALID_ADDRESS));
}

MT_CASE(behavior_set, malloc_memory_of_a_memory_entry_is_reusable,
    "behavior-reusable-entry", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag that a memory entry refers to is taken by the "
    "reusable behaviors since macOS 11.3; before it was refused.",
    .needs = "native")
{
	mach_vm_address_t pages = of_malloc(self);

	MT_REQUIRE_TRUE(
	    entry_for(self, 2 * mt_page, pages, RW, MACH_PORT_NULL) != 0);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
			     behaviors[i]),
		    KERN_SUCCESS, MT_UNTIL(11.2, KERN_INVALID_ADDRESS));
}

MT_CASE(behavior_set, shared_malloc_memory_is_reusable,
    "behavior-reusable-shared", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag that is shared and copied at once, as what "
    "mach_vm_remap() gives of MAP_JIT memory, is taken by the reusable "
    "behaviors; until macOS 10.14.0 it was refused.",
    .arch = "x86_64", .needs = "native jit")
{
	mach_vm_address_t to = mt_hole(2);
	int error = 0;
	int64_t at = stage_bsd->mmap(&error, 0, 2 * mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT, (int)TAG(VM_MEMORY_MALLOC_LARGE), 0);

	MT_REQUIRE_TRUE(error == 0);
	REMAP(to, 2 * mt_page, VM_FLAGS_FIXED, (mach_vm_address_t)at, FALSE);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, to, 2 * mt_page, behaviors[i]),
		    KERN_SUCCESS, MT_UNTIL(10.14.0, KERN_INVALID_ADDRESS));
}

MT_CASE(behavior_set, shared_malloc_memory_that_was_copied_is_not_reusable,
    "behavior-reusable-copied", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of a malloc tag that a memory entry refers to is refused by the "
    "reusable behaviors while a copy of it is there that takes its pages when "
    "they are stored to.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_hole(LARGE_PAGES);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	MT_REQUIRE(allocate_at(stage, self, pages, LARGE,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_REQUIRE_TRUE(entry_for(self, LARGE, pages, RW, MACH_PORT_NULL) != 0);
	MT_REQUIRE(stage->copy(self, pages, LARGE, copy), KERN_SUCCESS);

	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, pages, LARGE, behaviors[i]),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE,
	    .pages_dirtied = LARGE_PAGES);
	MT_CHECK_BYTE(copy + mt_page, 2);
}

MT_CASE(behavior_set, shared_region_is_not_reusable, "behavior-reusable-submap",
    VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_CAN_REUSE of a page of the shared region, which is a submap, "
    "is KERN_INVALID_ADDRESS.",
    .needs = "native")
{
	MT_CHECK(vm->behavior_set(self, shared_region().address, mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_INVALID_ADDRESS);
}

/* ---- pages ------------------------------------------------------------------ */

MT_CASE(region, reusable_pages_are_not_counted_as_resident,
    "region-top-reusable", VM_MAP_C "vm_map_region_top_walk()",
    "VM_REGION_TOP_INFO does not count reusable pages as resident; those that "
    "VM_BEHAVIOR_REUSE takes back it does.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_CHECK_NUMBER(OTHER_PAGES(vm, pages), 4);
	MT_REQUIRE(stage->behavior_set(self, pages + mt_page, 2 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(OTHER_PAGES(vm, pages), 2);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 2);

	MT_REQUIRE(stage->behavior_set(self, pages, 4 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(OTHER_PAGES(vm, pages), 0);
	MT_REQUIRE(stage->behavior_set(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(OTHER_PAGES(vm, pages), 2);
}

MT_CASE(region, reusable_pages_that_are_gone_are_not_counted,
    "region-top-reusable-gone", VM_OBJECT_C "vm_object_page_remove()",
    "VM_REGION_TOP_INFO counts the pages of memory right again when reusable "
    "ones above it were deallocated and allocated anew.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	PUNCH(pages + 2 * mt_page, 2);
	MT_REQUIRE(allocate_at(stage, self, pages + 2 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "aaaa");
	MT_CHECK_NUMBER(OTHER_PAGES(vm, pages), 2);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 0);
	TOUCH(pages + 3 * mt_page, 0x52);
	MT_CHECK_NUMBER(OTHER_PAGES(vm, pages), 3);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0);
}

MT_CASE(behavior_set, reused_pages_are_not_reusable, "behavior-reuse-pages",
    VM_OBJECT_C "vm_object_reuse_pages()",
    "VM_BEHAVIOR_REUSE takes the mark from the reusable pages of its range "
    "and from no others.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 4);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 3);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page, VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 0);
	MT_CHECK_REGION(pages, .pages_resident = 4);
}

MT_CASE(behavior_set, reusable_range_may_cross_regions,
    "behavior-reusable-regions",
    VM_MAP_C "vm_map_reusable_pages(), vm_map_reuse_pages()",
    "VM_BEHAVIOR_REUSABLE and VM_BEHAVIOR_REUSE over three regions take of each "
    "the pages that are in the range and no others.",
    .needs = "native")
{
	mach_vm_address_t first = mt_hole(9), second = first + 4 * mt_page;
	mach_vm_address_t third = second + 4 * mt_page;

	MT_REQUIRE(allocate_at(stage, self, first, 4 * mt_page,
		       TAG(VM_MEMORY_MALLOC_TINY)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, second, 4 * mt_page,
		       TAG(VM_MEMORY_MALLOC_SMALL)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, third, mt_page,
		       TAG(VM_MEMORY_MALLOC)),
	    KERN_SUCCESS);
	TOUCH_PAGES(first, 9, 0x51);
	MT_REQUIRE_LAYOUT(first, "aaaabbbbc");

	MT_CHECK(vm->behavior_set(self, first + 3 * mt_page, 6 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(first), 1);
	MT_CHECK_NUMBER(REUSABLE_PAGES(second), 4);
	MT_CHECK_NUMBER(REUSABLE_PAGES(third), 1);
	MT_CHECK(vm->behavior_set(self, first + 2 * mt_page, 4 * mt_page,
		     VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(first), 0);
	MT_CHECK_NUMBER(REUSABLE_PAGES(second), 2);
	MT_CHECK_NUMBER(REUSABLE_PAGES(third), 1);
	MT_CHECK_LAYOUT(first, "aaaabbbbc");
}

MT_CASE(mlock, locked_page_is_no_longer_reusable, "mlock-reusable",
    XNU "osfmk/vm/vm_resident.c, vm_page_wire()",
    "mlock() of a page that is reusable takes the mark from it, for good.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->behavior_set(self, page, mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(OTHER_PAGES(stage, page) == 0);
	PROTECT(page, 1, VM_PROT_READ);
	MT_CHECK_ERRNO(vm->mlock(&error, page, mt_page), error, 0);
	MT_CHECK_NUMBER(REUSABLE_PAGES(page), 0);
	MT_CHECK_NUMBER(OTHER_PAGES(stage, page), 1);
	MT_CHECK_ERRNO(vm->munlock(&error, page, mt_page), error, 0);
	MT_CHECK_NUMBER(REUSABLE_PAGES(page), 0);
	MT_CHECK_NUMBER(OTHER_PAGES(stage, page), 1);
}

MT_CASE(behavior_set, locked_page_does_not_become_reusable,
    "behavior-reusable-locked-page", VM_OBJECT_C "deactivate_pages_in_object()",
    "VM_BEHAVIOR_REUSABLE of memory without a malloc tag leaves a wired page "
    "as it is: dirty, and resident.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage_bsd->mlock(&error, page, mt_page), 0);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(page), 0);
	MT_CHECK_NUMBER(OTHER_PAGES(vm, page), 1);
	MT_CHECK_REGION(page, .pages_dirtied = 1);
}

/* Four touched pages of purgeable memory, and what mach_vm_remap() maps of them
 * at alias. */
static mach_vm_address_t
purgeable_twice(mach_port_name_t self, mach_vm_address_t alias, boolean_t copy)
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, pages, 4 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 4, 0x51);
	REMAP(alias, 4 * mt_page, VM_FLAGS_FIXED, pages, copy);
	return pages;
}

MT_CASE(behavior_set, purgeable_pages_do_not_become_reusable,
    "behavior-reusable-purgeable-pages", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE of purgeable memory without a malloc tag succeeds "
    "and leaves its pages as they are: dirty, with their bytes, none reusable.",
    .needs = "native")
{
	mach_vm_address_t alias = mt_hole(4);
	mach_vm_address_t pages = purgeable_twice(self, alias, FALSE);

	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, alias + mt_page, mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 0);
	MT_CHECK_NUMBER(REUSABLE_PAGES(alias), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 4, .pages_resident = 4);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0x51);

	PUNCH(alias, 4);
	MT_CHECK(vm->behavior_set(self, pages + mt_page, 2 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(pages), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 4);
}

MT_CASE(behavior_set, copy_of_purgeable_memory_is_reusable,
    "behavior-reusable-purgeable-copy", VM_MAP_C "vm_map_remap_extract()",
    "VM_BEHAVIOR_REUSABLE takes the pages of what mach_vm_remap() copied of "
    "purgeable memory, which is not purgeable.",
    .needs = "native")
{
	mach_vm_address_t copy = mt_hole(4);

	purgeable_twice(self, copy, TRUE);
	TOUCH_PAGES(copy, 4, 0x52);
	MT_CHECK(vm->behavior_set(self, copy, 4 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(REUSABLE_PAGES(copy), 4);
}

/* Read pages of MAP_JIT memory or others, as they stand in the two. */
static mach_vm_address_t
read_pages(int flags, vm_prot_t protection)
{
	mach_vm_address_t pages = mapped(stage_bsd, 0, 2 * mt_page, protection,
	    PRIVATE_ANON | flags);

	MT_REQUIRE_TRUE(pages != 0);
	MT_REQUIRE(mt_read(pages).exception, 0);
	MT_REQUIRE(mt_read(pages + mt_page).exception, 0);
	return pages;
}

MT_CASE(behavior_set, jit_memory_is_reusable_without_write_permission,
    "behavior-reusable-read-only", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE of memory that may not be written is "
    "KERN_PROTECTION_FAILURE, but for MAP_JIT memory, whose pages become "
    "reusable; VM_BEHAVIOR_REUSE and VM_BEHAVIOR_CAN_REUSE take either.",
    .since = "10.14", .needs = "native jit")
{
	static const vm_prot_t protections[] = { VM_PROT_READ,
		VM_PROT_READ | VM_PROT_EXECUTE };

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t jit = read_pages(MAP_JIT, protections[i]);
		mach_vm_address_t other = read_pages(0, protections[i]);

		MT_CHECK(vm->behavior_set(self, other, mt_page,
			     VM_BEHAVIOR_REUSABLE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_NUMBER(REUSABLE_PAGES(other), 0);
		MT_CHECK(vm->behavior_set(self, jit + mt_page, mt_page,
			     VM_BEHAVIOR_REUSABLE),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(REUSABLE_PAGES(jit), 1);
		MT_CHECK(vm->behavior_set(self, jit, 2 * mt_page,
			     VM_BEHAVIOR_REUSE),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(REUSABLE_PAGES(jit), 0);
		MT_CHECK(vm->behavior_set(self, other, 2 * mt_page,
			     VM_BEHAVIOR_REUSE),
		    KERN_SUCCESS);
		MT_CHECK(vm->behavior_set(self, other, 2 * mt_page,
			     VM_BEHAVIOR_CAN_REUSE),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->deallocate(self, jit, 2 * mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(behavior_set, untouched_large_memory_of_malloc_keeps_its_tag,
    "behavior-reusable-untouched", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE of memory of VM_MEMORY_MALLOC_LARGE that was never "
    "touched, and has no VM object, leaves the tag.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_MALLOC_LARGE);
}
