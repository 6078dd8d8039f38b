/*
 * What the behaviors that act at once do to purgeable, shared, wired and
 * reusable memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "queries.h"
#include "transfer.h"
#include "trap.h"

static mach_vm_address_t
purgeable(mach_port_name_t self, int tag)
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
		       VM_FLAGS_PURGABLE | TAG(tag)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x51);
	return hole;
}

MT_CASE(behavior_set, purgeable_malloc_memory_is_not_reusable,
    "behavior-reusable-purgeable", VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_REUSABLE, VM_BEHAVIOR_REUSE and VM_BEHAVIOR_CAN_REUSE are "
    "KERN_INVALID_ADDRESS for purgeable memory with a tag of malloc's and "
    "change nothing.",
    .needs = "native")
{
	mach_vm_address_t pages = purgeable(self, VM_MEMORY_MALLOC_LARGE);
	static const vm_behavior_t behaviors[] = { VM_BEHAVIOR_REUSABLE,
		VM_BEHAVIOR_REUSE, VM_BEHAVIOR_CAN_REUSE };

	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
			     behaviors[i]),
		    KERN_INVALID_ADDRESS);
	MT_CHECK_REGION(pages, .user_tag = VM_MEMORY_MALLOC_LARGE,
	    .pages_dirtied = 2);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(behavior_set, purgeable_memory_of_another_tag_can_be_reused,
    "behavior-can-reuse-purgeable", VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_CAN_REUSE succeeds for purgeable memory whose tag is none "
    "of malloc's.",
    .needs = "native")
{
	mach_vm_address_t pages = purgeable(self, MT_TAG);

	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages + mt_page, 0x51);
}

MT_CASE(behavior_set, free_pages_of_purgeable_memory_are_clean,
    "behavior-free-purgeable", VM_OBJECT_C "vm_object_deactivate_pages()",
    "VM_BEHAVIOR_FREE of a page of purgeable memory leaves it there and no "
    "longer dirty; the other page stays dirty.",
    .needs = "native")
{
	mach_vm_address_t pages = purgeable(self, MT_TAG);
	const integer_t both = VM_PAGE_QUERY_PAGE_PRESENT |
	    VM_PAGE_QUERY_PAGE_DIRTY;

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(page_is(self, pages, both), both);
	MT_CHECK_NUMBER(page_is(self, pages + mt_page, both),
	    VM_PAGE_QUERY_PAGE_PRESENT);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(behavior_set, reusable_pages_can_be_zeroed, "behavior-zero-reusable",
    VM_MAP_C "vm_map_zero()",
    "VM_BEHAVIOR_ZERO over pages that VM_BEHAVIOR_REUSABLE gave away makes "
    "them read as zero; pages beside them keep their bytes.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	MT_REQUIRE(stage->behavior_set(self, pages + mt_page, mt_page,
		       VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(pages + i * mt_page, 0);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0x51);
	TOUCH(pages + mt_page, 0x61);
	MT_CHECK_BYTE(pages + mt_page, 0x61);
}

MT_CASE(behavior_set, jit_memory_is_not_zeroed, "behavior-zero-jit",
    VM_MAP_C "vm_map_zero_entry_preflight()",
    "VM_BEHAVIOR_ZERO refuses MAP_JIT memory though it is writable and not "
    "executable.",
    .since = "14.4", .needs = "native jit")
{
	mach_vm_address_t pages = mapped(stage_bsd, 0, 2 * mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(pages != 0);
	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0x51);
}

MT_CASE(behavior_set, zero_reaches_every_mapping, "behavior-zero-shared",
    VM_MAP_C "vm_map_zero()",
    "VM_BEHAVIOR_ZERO of memory that is mapped twice is seen through both "
    "mappings.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2), alias = mt_hole(2);

	TOUCH_PAGES(pages, 2, 0x51);
	REMAP(alias, 2 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	MT_CHECK_BYTE(alias, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(alias, 0);
	MT_CHECK_BYTE(alias + mt_page, 0x51);
}

MT_CASE(behavior_set, free_pages_of_shared_memory_stay_the_same,
    "behavior-free-alias", VM_MAP_C "vm_map_msync()",
    "After VM_BEHAVIOR_FREE of memory that is mapped twice both mappings "
    "read the same, the old bytes or zero, and share later stores.")
{
	mach_vm_address_t page = mt_pages(1), alias = mt_hole(1);
	uint8_t byte;

	TOUCH(page, 0x51);
	REMAP(alias, mt_page, VM_FLAGS_FIXED, page, FALSE);
	MT_CHECK_BYTE(alias, 0x51);
	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);
	byte = mt_read(alias).value;
	MT_CHECK_TRUE(byte == 0x51 || byte == 0);
	MT_CHECK_BYTE(page, byte);
	TOUCH(page, 0x52);
	MT_CHECK_BYTE(alias, 0x52);
}

MT_CASE(behavior_set, needed_part_of_a_copy_is_copied, "behavior-willneed-copy",
    VM_MAP_C "vm_map_willneed()",
    "VM_BEHAVIOR_WILLNEED of a part of copied memory faults that part's pages "
    "for writing, which copies them; until macOS 10.14 it brought in a file's "
    "pages only. All pages keep their bytes.",
    .needs = "native")
{
	mach_vm_address_t from = mt_pages(LARGE_PAGES + 1);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(from, LARGE_PAGES + 1, 1);
	MT_REQUIRE(stage->copy(self, from + mt_page, LARGE, to), KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, to + 2 * mt_page, 3 * mt_page,
		     VM_BEHAVIOR_WILLNEED),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, to).pages_shared_now_private, 3,
	    MT_UNTIL(10.14, 0));
	for (unsigned i = 0; i < LARGE_PAGES; i++) {
		MT_CHECK_NUMBER(page_is(self, to + i * mt_page,
				    VM_PAGE_QUERY_PAGE_COPIED) != 0,
		    MT_VALUE(i >= 2 && i < 5, MT_UNTIL(10.14, 0)));
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(2 + i));
		TOUCH(to + i * mt_page, 0x51);
		MT_CHECK_BYTE(from + (1 + i) * mt_page, (uint8_t)(2 + i));
	}
}

/* Two pages that are to be zeroed, wired, and mapped a second time. */
static mach_vm_address_t
wired_twice(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *alias)
{
	mach_vm_address_t pages = mt_pages(2);
	vm_prot_t current, maximum;

	*alias = mt_hole(2);
	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(stage->remap(self, alias, 2 * mt_page, 0, VM_FLAGS_FIXED,
		       self, pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, 2 * mt_page,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(*alias, 0x51);
	return pages;
}

MT_CASE(behavior_set, unwired_pages_keep_their_bytes,
    "behavior-zero-wired-unwire", VM_MAP_C "vm_map_unwire_nested()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is dropped when mach_vm_wire() unwires the "
    "memory: its bytes stay.",
    .needs = "native privileged")
{
	mach_vm_address_t alias, pages = wired_twice(vm, self, &alias);

	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, 2 * mt_page,
		       VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages, 2 * mt_page), KERN_SUCCESS);
	MT_CHECK_BYTE(alias, 0x51);
}

MT_CASE(behavior_set, each_unwired_region_keeps_its_bytes,
    "behavior-zero-wired-unwire-regions", VM_MAP_C "vm_map_unwire_nested()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is dropped in every region of the range that "
    "mach_vm_wire() unwires.",
    .needs = "native privileged")
{
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < 2; i++)
		MT_REQUIRE(allocate_at(stage, self, hole + i * mt_page, mt_page,
			       TAG(241 + i)),
		    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x51);
	MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 2; i++)
		MT_REQUIRE(stage->wire(mach_host_self(), self, hole,
			       2 * mt_page,
			       i == 0 ? VM_PROT_READ : VM_PROT_NONE),
		    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}

MT_CASE(behavior_set, wired_pages_are_zeroed_when_they_are_deallocated,
    "behavior-zero-wired-effect", VM_MAP_C "vm_map_delete()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES zeroes writable pages that are wired when "
    "their region is deallocated, which another mapping shows; pages that "
    "are read-only by then keep their bytes since macOS 15.4.",
    .needs = "native privileged")
{
	mach_vm_address_t alias, pages = wired_twice(vm, self, &alias);

	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages, 2 * mt_page), KERN_SUCCESS);
	MT_CHECK_BYTE(alias, 0);
	MT_CHECK_BYTE(alias + mt_page,
	    (uint8_t)MT_VALUE(0x51, MT_UNTIL(15.3, 0)));
}

MT_CASE(behavior_set, page_that_is_wired_elsewhere_is_zeroed_all_the_same,
    "behavior-zero-wired-alias", VM_FAULT_C "vm_fault_unwire()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES zeroes a page when its region is "
    "deallocated, though another mapping has it wired, too.",
    .needs = "native privileged")
{
	mach_vm_address_t alias, pages = wired_twice(vm, self, &alias);

	MT_REQUIRE(stage->wire(mach_host_self(), self, alias, mt_page,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages, 2 * mt_page), KERN_SUCCESS);
	MT_CHECK_REGION(alias, .user_wired_count = 1);
	MT_CHECK_BYTE(alias, 0);
}

MT_CASE(behavior_set, every_wired_page_is_zeroed, "behavior-zero-wired-each",
    VM_FAULT_C "vm_fault_unwire()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES zeroes every wired page of the region that "
    "is deallocated; until macOS 15.3 only the first.",
    .needs = "native privileged")
{
	mach_vm_address_t alias, pages = wired_twice(vm, self, &alias);

	MT_REQUIRE(stage->deallocate(self, pages, 2 * mt_page), KERN_SUCCESS);
	MT_CHECK_BYTE(alias, 0);
	MT_CHECK_BYTE(alias + mt_page,
	    (uint8_t)MT_VALUE(0, MT_UNTIL(15.3, 0x51)));
}

MT_CASE(behavior_set, refused_zeroing_is_in_force_nowhere,
    "behavior-zero-wired-refused", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES that a read-only region refuses is not in "
    "force for the regions before it.",
    .since = "15.4", .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(3), alias = mt_hole(3);

	TOUCH_PAGES(pages, 3, 0x51);
	REMAP(alias, 3 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	PROTECT(pages + 2 * mt_page, 1, VM_PROT_READ);
	MT_CHECK(vm->behavior_set(self, pages, 3 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_PROTECTION_FAILURE);
	MT_REQUIRE(stage->wire(mach_host_self(), self, pages, 2 * mt_page,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	PUNCH(pages, 2);
	MT_CHECK_BYTE(alias, 0x51);
	MT_CHECK_BYTE(alias + mt_page, 0x51);
}

MT_CASE(behavior_set, pages_to_be_zeroed_must_all_be_writable,
    "behavior-zero-wired-parts", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is KERN_PROTECTION_FAILURE since macOS 15.4 "
    "for a range with a read-only region, wherever that is.")
{
	for (unsigned k = 0; k < 4; k++) {
		mach_vm_address_t pages = mt_pages(4);

		MT_REQUIRE(stage->protect(self, pages + k * mt_page, mt_page,
			       FALSE, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
			     VM_BEHAVIOR_ZERO_WIRED_PAGES),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(15.3, KERN_SUCCESS));
		if (k > 0)
			MT_CHECK(vm->behavior_set(self, pages, k * mt_page,
				     VM_BEHAVIOR_ZERO_WIRED_PAGES),
			    KERN_SUCCESS);
	}
}

MT_CASE(behavior_set, pages_to_be_zeroed_may_be_part_of_a_read_only_region,
    "behavior-zero-wired-part", VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is KERN_PROTECTION_FAILURE since macOS 15.4 "
    "for any page of a read-only region.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->protect(self, pages, 3 * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	for (unsigned k = 0; k < 3; k++)
		MT_CHECK(vm->behavior_set(self, pages + k * mt_page, mt_page,
			     VM_BEHAVIOR_ZERO_WIRED_PAGES),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(15.3, KERN_SUCCESS));
}

MT_CASE(behavior_set, jit_memory_is_not_to_be_zeroed, "behavior-zero-wired-jit",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_ZERO_WIRED_PAGES is KERN_PROTECTION_FAILURE for MAP_JIT memory "
    "since macOS 15.4, though that may be written.",
    .needs = "native jit")
{
	mach_vm_address_t page = mapped(stage_bsd, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK(vm->behavior_set(self, page, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(15.3, KERN_SUCCESS));
}

MT_CASE(behavior_set, jit_memory_of_an_entry_is_not_zeroed,
    "behavior-zero-jit-entry", VM_MAP_C "vm_map_enter_mem_object()",
    "MAP_JIT memory that is mapped by a MAP_MEM_VM_SHARE entry is JIT memory "
    "there, too: VM_BEHAVIOR_ZERO refuses it.",
    .since = "14.4", .needs = "native jit")
{
	mach_vm_address_t pages = mapped(stage_bsd, 0, 2 * mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);
	mach_vm_address_t hole = mt_hole(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE_TRUE(pages != 0);
	TOUCH_PAGES(pages, 2, 0x51);
	MT_REQUIRE(stage->make_memory_entry(self, &size, pages,
		       MAP_MEM_VM_SHARE | VM_PROT_DEFAULT, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->map(self, &hole, 2 * mt_page, 0, VM_FLAGS_FIXED,
		       entry, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
	MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}
