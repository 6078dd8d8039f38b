/*
 * Memory that is still to be copied when a call shares it, copies it again or
 * writes into it: whose it is from then on.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

#define PAGES (LARGE_PAGES + 8)

/* Two places with the same memory, which none of them has stored into. */
struct copied {
	mach_vm_address_t source, copy;
};

static struct copied
copied(mach_port_name_t self)
{
	struct copied c = { mt_pages(PAGES), mt_pages(PAGES) };

	NUMBER_PAGES(c.source, PAGES, 1);
	MT_REQUIRE(stage->copy(self, c.source, PAGES * mt_page, c.copy),
	    KERN_SUCCESS);
	return c;
}

MT_CASE(remap, copy_that_is_shared_leaves_its_source_alone,
    "remap-pending-copy", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of memory that is still to be copied copies it first: "
    "stores through either mapping reach the other and not the source.")
{
	struct copied c = copied(self);
	mach_vm_address_t alias = 0;
	vm_prot_t current = 0, maximum = 0;

	MT_CHECK(vm->remap(self, &alias, 2 * mt_page, 0, VM_FLAGS_ANYWHERE,
		     self, c.copy + 3 * mt_page, FALSE, &current, &maximum,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);
	TOUCH(alias, 0x71);
	TOUCH(c.copy + 4 * mt_page, 0x72);

	MT_CHECK_BYTE(c.copy + 3 * mt_page, 0x71);
	MT_CHECK_BYTE(alias + mt_page, 0x72);
	MT_CHECK_BYTE(c.source + 3 * mt_page, 4);
	MT_CHECK_BYTE(c.source + 4 * mt_page, 5);
	MT_CHECK_BYTE(c.copy + 5 * mt_page, 6);
}

MT_CASE(remap, source_that_is_shared_leaves_its_copy_alone,
    "remap-pending-copy-source", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of memory that was copied and not stored into since: "
    "stores through either mapping reach the other and not the copy.")
{
	struct copied c = copied(self);
	mach_vm_address_t alias = 0;
	vm_prot_t current = 0, maximum = 0;

	MT_CHECK(vm->remap(self, &alias, 2 * mt_page, 0, VM_FLAGS_ANYWHERE,
		     self, c.source + 3 * mt_page, FALSE, &current, &maximum,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);
	TOUCH(alias, 0x71);

	MT_CHECK_BYTE(c.source + 3 * mt_page, 0x71);
	MT_CHECK_BYTE(c.copy + 3 * mt_page, 4);
	MT_CHECK_BYTE(alias + mt_page, 5);
}

MT_CASE(inherit, child_shares_a_copy_and_not_its_source, "fork-share-pending",
    VM_MAP_C "vm_map_fork_share()",
    "VM_INHERIT_SHARE of memory that is still to be copied: what the child "
    "stores reaches its parent and not the memory that it is a copy of.")
{
	struct copied c = copied(self);

	MT_CHECK(vm->inherit(self, c.copy, PAGES * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		TOUCH(c.copy + 2 * mt_page, 0x71);
		MT_CHECK_BYTE(c.source + 2 * mt_page, 3);
	}
	MT_CHECK_BYTE(c.copy + 2 * mt_page, 0x71);
	MT_CHECK_BYTE(c.source + 2 * mt_page, 3);
	MT_CHECK_BYTE(c.copy + 3 * mt_page, 4);
}

/* Pages that are numbered and can only be read. */
static mach_vm_address_t
read_only(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_pages(PAGES);

	NUMBER_PAGES(pages, PAGES, 1);
	PROTECT(pages, PAGES, VM_PROT_READ);
	return pages;
}

/* Make them writable, and store to one. */
static void
store_into(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t pages)
{
	MT_CHECK(vm->protect(self, pages, PAGES * mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	TOUCH(pages + mt_page, 0x71);
}

MT_CASE(protect, read_only_source_is_copied_before_a_store,
    "protect-pending-source", VM_MAP_C "vm_map_copyin_internal()",
    "A copy by mach_vm_copy() or mach_vm_remap() of memory that was not writable "
    "then keeps its bytes when mach_vm_protect() makes the memory writable and "
    "it is stored to.")
{
	mach_vm_address_t first = read_only(self), second = read_only(self);
	mach_vm_address_t copy = mt_pages(PAGES), again = 0;

	MT_REQUIRE(stage->copy(self, first, PAGES * mt_page, copy),
	    KERN_SUCCESS);
	REMAP(again, PAGES * mt_page, VM_FLAGS_ANYWHERE, second, TRUE);
	store_into(vm, self, first);
	store_into(vm, self, second);
	MT_CHECK_BYTE(copy + mt_page, 2);
	MT_CHECK_BYTE(again + mt_page, 2);
}

MT_CASE(protect, read_only_memory_is_copied_before_either_task_stores,
    "protect-pending-fork", VM_MAP_C "vm_map_fork()",
    "Memory that was not writable when the process forked is copied before "
    "parent or child, whose mach_vm_protect() makes it writable, stores to it.")
{
	mach_vm_address_t ours = read_only(self), theirs = read_only(self);
	mach_vm_address_t signal = signal_page(self);

	MT_CHILD {
		AWAIT(stored_byte(signal) == 1);
		MT_CHECK_BYTE(ours + mt_page, 2);
		store_into(vm, self, theirs);
	}
	else
	{
		store_into(vm, self, ours);
		tell(signal, 1);
	}
	MT_CHECK_BYTE(theirs + mt_page, 2);
}

MT_CASE(copy, unaligned_copy_into_a_copy_leaves_its_source_alone,
    "copy-into-pending", VM_MAP_C "vm_map_copy_overwrite_unaligned()",
    "mach_vm_copy() that does not fall on pages into memory that is still to "
    "be copied writes that memory and not the one it is a copy of.")
{
	struct copied c = copied(self);
	mach_vm_address_t from = mt_pages(PAGES);

	TOUCH_PAGES(from, PAGES, 0x71);
	TOUCH(from + 0x40, 0x72);
	MT_CHECK(vm->copy(self, from + 0x40, PAGES * mt_page - 0x80,
		     c.copy + 0x80),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(c.copy + 0x80, 0x72);
	MT_CHECK_BYTE(c.copy, 1);
	MT_CHECK_BYTE(c.copy + mt_page + 0x40, 0x71);
	MT_CHECK_BYTE(c.source + 0x80, 0);
	MT_CHECK_BYTE(c.source + mt_page + 0x40, 0);
	MT_CHECK_BYTE(c.source + mt_page, 2);
	/* Each page is its own now, and nothing is still to be copied. */
	MT_CHECK_REGION(c.copy, .shadow_depth = 0, .share_mode = SM_PRIVATE);
}

MT_CASE(copy, source_that_was_copied_before_stays_one_region,
    "copy-source-merges", VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of the middle of a region that was copied as a whole "
    "before leaves it one region.")
{
	struct copied c = copied(self);
	mach_vm_address_t to = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, c.source + 4 * mt_page, LARGE, to),
	    KERN_SUCCESS);
	MT_CHECK_REGION(c.source, .address = (int64_t)c.source,
	    .size = PAGES * (int64_t)mt_page);
	MT_CHECK_BYTE(to, 5);
}

MT_CASE(copy, unaligned_copy_reads_on_in_the_next_region,
    "copy-unaligned-regions", VM_MAP_C "vm_map_copy_overwrite_unaligned()",
    "mach_vm_copy() that does not fall on pages, from two regions into three "
    "that end elsewhere, has the bytes of both.")
{
	mach_vm_address_t from = mt_pages(2 * LARGE_PAGES);
	mach_vm_address_t to = mt_pages(2 * LARGE_PAGES);

	NUMBER_PAGES(from, 2 * LARGE_PAGES, 1);
	NUMBER_PAGES(from + 0x40, 2 * LARGE_PAGES, 0x81);
	MT_REQUIRE(stage->inherit(self, from, LARGE, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, to + LARGE / 2, LARGE, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from + 0x40, 2 * LARGE - 0x80, to),
	    KERN_SUCCESS);

	for (unsigned i = 0; i < 2 * LARGE_PAGES - 1; i++) {
		MT_CHECK_BYTE(to + i * mt_page, (uint8_t)(0x81 + i));
		MT_CHECK_BYTE(to + (i + 1) * mt_page - 0x40, (uint8_t)(2 + i));
	}
}

MT_CASE(read, what_is_read_of_shared_memory_is_private, "read-large-private",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read() of much memory that is shared: stores into it and into "
    "what was read do not reach each other, and what was read is no shared "
    "region.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES), alias = 0;
	mach_msg_type_number_t count = 0;
	mach_vm_size_t size;
	vm_offset_t data = 0;
	struct vm_region_basic_info_64 info = { 0 };
	mach_msg_type_number_t words = VM_REGION_BASIC_INFO_COUNT_64;
	mach_vm_address_t at;
	mach_port_name_t object = MACH_PORT_NULL;

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	REMAP(alias, LARGE, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_CHECK(vm->read(self, pages, LARGE, &data, &count), KERN_SUCCESS);
	TOUCH(alias + mt_page, 0x71);
	TOUCH(data + 2 * mt_page, 0x72);
	MT_CHECK_BYTE(data + mt_page, 2);
	MT_CHECK_BYTE(pages + mt_page, 0x71);
	MT_CHECK_BYTE(pages + 2 * mt_page, 3);
	at = data;
	MT_REQUIRE(stage->region(self, &at, &size, VM_REGION_BASIC_INFO_64,
		       (vm_region_info_t)&info, &words, &object),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(info.shared, FALSE);
}

MT_CASE(read, attributes_of_what_was_read_are_the_defaults,
    "read-attributes-default", VM_MAP_C "vm_map_copyout_internal()",
    "What mach_vm_read() returns of much memory has the default behavior and "
    "inheritance, whatever the source has, and the maximum VM_PROT_ALL, as "
    "what it returns of little.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_msg_type_number_t count = 0;
	vm_offset_t data = 0;

	TOUCH_PAGES(pages, LARGE_PAGES, 0x71);
	MT_REQUIRE(stage->behavior_set(self, pages, LARGE, VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages, LARGE, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->read(self, pages, LARGE, &data, &count), KERN_SUCCESS);
	MT_CHECK_REGION(data, .behavior = VM_BEHAVIOR_DEFAULT,
	    .inheritance = VM_INHERIT_COPY, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK(vm->read(self, pages, SMALL, &data, &count), KERN_SUCCESS);
	MT_CHECK_REGION(data, .behavior = VM_BEHAVIOR_DEFAULT,
	    .inheritance = VM_INHERIT_COPY, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(remap, protections_returned_are_those_of_every_region,
    "remap-protections-all", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() over regions of different protections returns what all of "
    "them allow, whichever region allows the least.")
{
	mach_vm_address_t pages = mt_pages(3), alias = 0;
	vm_prot_t current = 0x77, maximum = 0x77;

	TOUCH_PAGES(pages, 3, 0x71);
	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->remap(self, &alias, 3 * mt_page, 0, VM_FLAGS_ANYWHERE,
		     self, pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_READ);
	MT_CHECK_PROTECTION(maximum, VM_PROT_DEFAULT);
}

MT_CASE(remap, any_number_but_zero_makes_a_copy, "remap-copy-boolean",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() makes a copy whenever its argument is not 0.")
{
	mach_vm_address_t page = mt_pages(1), copy = 0;
	vm_prot_t current = 0, maximum = 0;

	TOUCH(page, 0x71);
	MT_CHECK(vm->remap(self, &copy, mt_page, 0, VM_FLAGS_ANYWHERE, self,
		     page, 2, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	TOUCH(copy, 0x72);
	MT_CHECK_BYTE(page, 0x71);
}

MT_CASE(copy, destination_that_wraps_is_an_invalid_address,
    "copy-destination-wraps", VM_MAP_C "vm_map_copy_overwrite()",
    "KERN_INVALID_ADDRESS: mach_vm_copy() to pages that pass the end of the "
    "address space.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH_PAGES(pages, 2, 0x71);
	MT_CHECK(vm->copy(self, pages, 2 * mt_page, LAST_PAGE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(protect, split_region_keeps_its_inheritance, "clip-inheritance",
    VM_MAP_C "_vm_map_clip_end()",
    "mach_vm_protect() of the middle of a region leaves the inheritance of "
    "what is below and above.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->inherit(self, pages, 3 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, FALSE,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(pages + mt_page, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(pages + 2 * mt_page, .inheritance = VM_INHERIT_NONE);
}

MT_CASE(allocate, memory_that_is_zeroed_when_unwired_stays_apart,
    "coalesce-zero-wired", VM_MAP_C "vm_map_enter()",
    "Memory right above memory with VM_BEHAVIOR_ZERO_WIRED_PAGES is a region "
    "of its own.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, hole, mt_page,
		       VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(protect, child_may_not_write_and_execute_either, "fork-write-execute",
    VM_MAP_C "vm_map_fork()",
    "KERN_PROTECTION_FAILURE: memory of a forked native child of arm64 is not "
    "made writable and executable.",
    .arch = "arm64", .needs = "native")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_ALL),
		    KERN_PROTECTION_FAILURE);
	}
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}
