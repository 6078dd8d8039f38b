/*
 * Copies of memory that is shared: it is not copy-on-write itself; what is
 * stored there goes first into the object of its last copy, and older copies
 * see it through that one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

/* Numbered memory that is mapped a second time. */
struct shared {
	mach_vm_address_t pages, alias;
};

static struct shared
share(mach_port_name_t self, mach_vm_address_t pages)
{
	struct shared s = { pages, 0 };

	REMAP(s.alias, LARGE, VM_FLAGS_ANYWHERE, pages, FALSE);
	return s;
}

static struct shared
shared_pages(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	return share(self, pages);
}

/* The first pages are 0xa0, 0xa1 ..., the others have their numbers. */
static void
check_copy(mach_vm_address_t copy, unsigned stored)
{
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(copy + i * mt_page,
		    (uint8_t)(i < stored ? 0xa0 + i : 1 + i));
}

MT_CASE(copy, each_copy_of_shared_memory_keeps_its_time, "copy-delayed-each",
    VM_OBJECT_C "vm_object_copy_delayed()",
    "Copies that mach_vm_copy() makes of shared memory between stores each "
    "hold what was there then, whichever copies go.")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t copies[4];

	for (unsigned i = 0; i < 4; i++) {
		copies[i] = mt_pages(LARGE_PAGES);
		MT_CHECK(vm->copy(self, s.pages, LARGE, copies[i]),
		    KERN_SUCCESS);
		TOUCH((i & 1 ? s.alias : s.pages) + i * mt_page,
		    (uint8_t)(0xa0 + i));
	}
	for (unsigned i = 0; i < 4; i++)
		check_copy(copies[i], i);
	check_copy(s.pages, 4);
	TOUCH(s.pages + 4 * mt_page, 0xa4);
	PUNCH(copies[2], LARGE_PAGES);
	TOUCH(s.alias + 5 * mt_page, 0xa5);
	check_copy(copies[0], 0);
	check_copy(copies[1], 1);
	check_copy(copies[3], 3);
	PUNCH(copies[3], LARGE_PAGES);
	check_copy(copies[1], 1);
	check_copy(s.alias, 6);
}

MT_CASE(copy, copy_is_not_seen_through_any_mapping, "copy-delayed-mappings",
    VM_OBJECT_C "vm_object_copy_delayed()",
    "A copy of memory that is mapped three times, and was stored to through "
    "each mapping, keeps its bytes whichever of them is stored to next; so does "
    "the next copy, though the first store went through another.")
{
	struct shared s = shared_pages(self), t = share(self, s.pages);
	const mach_vm_address_t maps[] = { s.pages, s.alias, t.alias };

	for (unsigned round = 0; round < 3; round++) {
		mach_vm_address_t copy = mt_pages(LARGE_PAGES);

		/* every mapping shows every page, to be written */
		for (unsigned i = 0; i < 3; i++)
			NUMBER_PAGES(maps[i], LARGE_PAGES, 1);
		MT_CHECK(vm->copy(self, maps[round], LARGE, copy),
		    KERN_SUCCESS);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			TOUCH(maps[(i + round) % 3] + i * mt_page, 0x71);
		check_copy(copy, 0);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			TOUCH(maps[(i + round + 1) % 3] + i * mt_page, 0x72);
		check_copy(copy, 0);
		for (unsigned i = 0; i < LARGE_PAGES; i++)
			MT_CHECK_BYTE(maps[i % 3] + i * mt_page, 0x72);
	}
}

MT_CASE(copy, copy_is_not_seen_through_a_childs_mapping,
    "copy-delayed-mappings-child", VM_OBJECT_C "vm_object_copy_delayed()",
    "A copy of memory that a child shares keeps its bytes when the child stores "
    "to pages that both have written before.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES),
			  step = signal_page(self);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	MT_REQUIRE(stage->inherit(self, pages, LARGE, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, LARGE_PAGES, 1);
	MT_CHILD {
		NUMBER_PAGES(pages, LARGE_PAGES, 1);
		tell(step, 1);
		AWAIT(stored_byte(step) == 2);
		TOUCH_PAGES(pages, LARGE_PAGES, 0x71);
	}
	else
	{
		AWAIT(stored_byte(step) == 1);
		NUMBER_PAGES(pages, LARGE_PAGES, 1);
		MT_CHECK(vm->copy(self, pages, LARGE, copy), KERN_SUCCESS);
		tell(step, 2);
	}
	check_copy(copy, 0);
	MT_CHECK_BYTE(pages + LARGE - mt_page, 0x71);
}

MT_CASE(copy, copy_of_shared_memory_without_stores_is_used_again,
    "copy-delayed-again", VM_OBJECT_C "vm_object_copy_delayed()",
    "Two copies of shared memory between which nothing was stored, the "
    "second of more of it, both keep what was there.")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t one = mt_pages(LARGE_PAGES - 2);
	mach_vm_address_t two = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, s.pages, LARGE - 2 * mt_page, one),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, s.pages, LARGE, two), KERN_SUCCESS);
	TOUCH(s.pages + mt_page, 0x71);
	TOUCH(s.alias + LARGE - mt_page, 0x72);
	TOUCH(s.pages + LARGE - 2 * mt_page, 0x74);
	check_copy(two, 0);
	for (unsigned i = 0; i < LARGE_PAGES - 2; i++)
		MT_CHECK_BYTE(one + i * mt_page, (uint8_t)(1 + i));
	TOUCH(one + 2 * mt_page, 0x73);
	check_copy(two, 0);
	MT_CHECK_BYTE(s.pages + 2 * mt_page, 3);
}

MT_CASE(copy, copy_keeps_the_page_from_before_the_first_store,
    "copy-delayed-stored-twice", VM_FAULT_C "vm_fault_page()",
    "A copy of shared memory keeps a page as it was before the first store, "
    "however often it is stored to later: through either mapping, or after "
    "its protection was changed and changed back.")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, s.pages, LARGE, copy), KERN_SUCCESS);
	TOUCH(s.pages + mt_page, 0x71);
	TOUCH(s.alias + mt_page, 0x72);
	PROTECT(s.pages, LARGE_PAGES, VM_PROT_READ);
	PROTECT(s.pages, LARGE_PAGES, VM_PROT_DEFAULT);
	TOUCH(s.pages + mt_page, 0x73);
	check_copy(copy, 0);
	MT_CHECK_BYTE(s.alias + mt_page, 0x73);
}

MT_CASE(copy, smaller_copy_leaves_the_older_one_its_pages,
    "copy-delayed-smaller", VM_OBJECT_C "vm_object_copy_delayed()",
    "A copy of shared memory keeps all of its pages when a smaller copy is "
    "made after a store: what is stored above the smaller one is pushed, "
    "too.")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t one = mt_pages(LARGE_PAGES);
	mach_vm_address_t two = mt_pages(LARGE_PAGES - 2);

	MT_CHECK(vm->copy(self, s.pages, LARGE, one), KERN_SUCCESS);
	TOUCH(s.pages, 0xa0);
	MT_CHECK(vm->copy(self, s.pages, LARGE - 2 * mt_page, two),
	    KERN_SUCCESS);
	TOUCH(s.pages + mt_page, 0xa1);
	TOUCH(s.alias + LARGE - mt_page, 0x72);
	check_copy(one, 0);
	for (unsigned i = 0; i < LARGE_PAGES - 2; i++)
		MT_CHECK_BYTE(two + i * mt_page,
		    i == 0 ? 0xa0 : (uint8_t)(1 + i));
	MT_CHECK_BYTE(s.pages + LARGE - mt_page, 0x72);
}

MT_CASE(copy, copy_of_a_part_of_shared_memory_keeps_that_part,
    "copy-delayed-part", VM_OBJECT_C "vm_object_copy_delayed()",
    "mach_vm_copy() of a part of shared memory holds the pages of that part, "
    "whatever is stored to below, in and above it.")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 4), alias = 0;
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	NUMBER_PAGES(pages, LARGE_PAGES + 4, 1);
	REMAP(alias, LARGE + 4 * mt_page, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_CHECK(vm->copy(self, pages + 2 * mt_page, LARGE, copy),
	    KERN_SUCCESS);
	TOUCH(pages, 0x71);
	TOUCH(alias + 2 * mt_page, 0x72);
	TOUCH(pages + 5 * mt_page, 0x73);
	TOUCH(alias + LARGE + mt_page, 0x74);
	TOUCH(pages + LARGE + 3 * mt_page, 0x75);
	for (unsigned i = 0; i < LARGE_PAGES; i++)
		MT_CHECK_BYTE(copy + i * mt_page, (uint8_t)(3 + i));
	TOUCH(copy + mt_page, 0x76);
	MT_CHECK_BYTE(pages + 3 * mt_page, 4);
}

MT_CASE(region, copy_of_shared_memory_shadows_it, "region-delayed-depth",
    VM_OBJECT_C "vm_object_shadow()",
    "A copy of shared memory shows shadow_depth 1, and 2 once it was stored "
    "to: the object that takes what is pushed is never written itself. The "
    "shared memory shows 0.",
    .needs = "native")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);

	MT_REQUIRE(stage->copy(self, s.pages, LARGE, copy), KERN_SUCCESS);
	MT_CHECK_REGION(copy, .shadow_depth = 1, .share_mode = SM_COW,
	    .pages_resident = LARGE_PAGES);
	TOUCH(copy, 0x71);
	MT_CHECK_REGION(copy, .shadow_depth = 2, .share_mode = SM_COW,
	    .pages_resident = LARGE_PAGES);
	MT_CHECK_REGION(s.pages, .shadow_depth = 0);
}

/* How many pages were pushed into the object of a copy. */
static uint32_t
pushed(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t copy)
{
	return top(vm, self, copy).private_pages_resident;
}

MT_CASE(region, pages_beyond_the_copy_are_not_kept, "copy-delayed-beyond",
    VM_FAULT_C "vm_fault_page()",
    "What is stored into shared memory is kept for its copy once for each page "
    "up to the copy's last; the page above the last is not, nor are those "
    "further up.",
    .needs = "native")
{
	const unsigned last = LARGE_PAGES - 3;
	/* In this order: how many are kept then. */
	const struct {
		unsigned page, kept;
	} stores[] = { { last + 2, 0 }, { last + 1, 0 }, { last, 1 },
		{ last, 1 }, { last + 1, 1 }, { 0, 2 }, { last - 1, 3 } };

	for (unsigned skipped = 0; skipped < 2; skipped++) {
		struct shared s = shared_pages(self);
		mach_vm_address_t copy = mt_pages(last + 1 - skipped);

		/* The object of a copy of pages 1 to last has page 0, too. */
		MT_REQUIRE(stage->copy(self, s.pages + skipped * mt_page,
			       (last + 1 - skipped) * mt_page, copy),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(pushed(vm, self, copy), 0);
		for (unsigned i = 0; i < sizeof(stores) / sizeof(stores[0]);
		     i++) {
			TOUCH((i & 1 ? s.alias : s.pages) +
				stores[i].page * mt_page,
			    0x71);
			MT_CHECK_NUMBER(pushed(vm, self, copy), stores[i].kept);
		}
		for (unsigned i = skipped; i <= last; i++)
			MT_CHECK_BYTE(copy + (i - skipped) * mt_page,
			    (uint8_t)(1 + i));
	}
}

/* Memory with a copy of its own, stored to and shared; a page of the second
 * mapping is locked. */
static struct shared
shared_copy(mach_port_name_t self, mach_vm_address_t *from)
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	struct shared s;
	int error = 0;

	*from = mt_pages(LARGE_PAGES);
	NUMBER_PAGES(*from, LARGE_PAGES, 1);
	MT_REQUIRE(stage->copy(self, *from, LARGE, pages), KERN_SUCCESS);
	TOUCH(pages, 0xa0);
	s = share(self, pages);
	MT_REQUIRE(stage_bsd->mlock(&error, s.alias + mt_page, mt_page), 0);
	return s;
}

MT_CASE(copy, copy_of_memory_with_a_locked_page_is_made_at_once,
    "copy-delayed-locked", VM_OBJECT_C "vm_object_copy_slowly()",
    "mach_vm_copy() of shared memory of which a page is wired elsewhere "
    "copies the bytes at once, those in the VM objects below, too.",
    .needs = "native")
{
	mach_vm_address_t from, copy = mt_pages(LARGE_PAGES);
	struct shared s = shared_copy(self, &from);

	MT_CHECK(vm->copy(self, s.pages, LARGE, copy), KERN_SUCCESS);
	check_copy(copy, 1);
	MT_CHECK_REGION(copy, .share_mode = SM_PRIVATE, .shadow_depth = 0,
	    .pages_resident = LARGE_PAGES);
	TOUCH(s.alias + mt_page, 0x71);
	TOUCH(s.pages + 2 * mt_page, 0x72);
	TOUCH(from + 3 * mt_page, 0x73);
	check_copy(copy, 1);
}

MT_CASE(copy, copy_of_a_part_with_a_locked_page_has_that_part,
    "copy-delayed-locked-part", VM_OBJECT_C "vm_object_copy_slowly()",
    "mach_vm_copy() of a part of shared memory of which a page is wired "
    "elsewhere copies the bytes of that part, and its pages are dirty.",
    .needs = "native")
{
	mach_vm_address_t from, copy = mt_pages(LARGE_PAGES - 2);
	struct shared s = shared_copy(self, &from);

	MT_CHECK(vm->copy(self, s.pages + 2 * mt_page, LARGE - 2 * mt_page,
		     copy),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < LARGE_PAGES - 2; i++)
		MT_CHECK_BYTE(copy + i * mt_page, (uint8_t)(3 + i));
	MT_CHECK_REGION(copy, .share_mode = SM_PRIVATE,
	    .pages_dirtied = LARGE_PAGES - 2);
}

MT_CASE(inherit, child_has_the_pages_of_memory_with_a_locked_page,
    "fork-delayed-locked", VM_OBJECT_C "vm_object_copy_slowly()",
    "A child's copy of shared memory of which a page is wired elsewhere has "
    "all of its pages, those in the VM objects below, too.",
    .needs = "native")
{
	mach_vm_address_t from;
	struct shared s = shared_copy(self, &from);

	MT_CHECK(vm->inherit(self, s.pages, LARGE, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHILD {
		check_copy(s.pages, 1);
		TOUCH(s.pages + 2 * mt_page, 0x72);
		MT_CHECK_BYTE(from + 2 * mt_page, 3);
	}
	check_copy(s.pages, 1);
}

MT_CASE(copy, each_reference_to_shared_memory_goes_with_its_copy,
    "copy-delayed-references", VM_OBJECT_C "vm_object_copy_delayed()",
    "Shared memory that mach_vm_copy() copies, stores to and copies again has "
    "one reference for its copies, the newest one's: with that and the other "
    "mapping gone one is left.")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t first = mt_pages(LARGE_PAGES);
	mach_vm_address_t second = mt_pages(LARGE_PAGES);

	MT_CHECK(vm->copy(self, s.pages, LARGE, first), KERN_SUCCESS);
	TOUCH(s.pages, 0xa0);
	MT_CHECK(vm->copy(self, s.pages, LARGE, second), KERN_SUCCESS);
	MT_CHECK_REGION(s.pages, .ref_count = 3);
	check_copy(first, 0);
	check_copy(second, 1);
	/* What is kept for a copy has never been written anywhere. */
	MT_CHECK_TRUE(page_is(self, first, VM_PAGE_QUERY_PAGE_DIRTY));

	PUNCH(first, LARGE_PAGES);
	PUNCH(second, LARGE_PAGES);
	PUNCH(s.alias, LARGE_PAGES);
	MT_CHECK_REGION(s.pages, .ref_count = 1);
}

MT_CASE(copy, smaller_copy_keeps_its_time_below_a_larger_one,
    "copy-delayed-smaller-first", VM_OBJECT_C "vm_object_copy_delayed()",
    "A copy by mach_vm_copy() of the first pages of shared memory holds what "
    "was there, also of stores after a later copy of all pages.")
{
	mach_vm_address_t pages = mt_pages(2 * LARGE_PAGES), alias = 0;
	mach_vm_address_t first = mt_pages(LARGE_PAGES);
	mach_vm_address_t second = mt_pages(2 * LARGE_PAGES);

	NUMBER_PAGES(pages, 2 * LARGE_PAGES, 1);
	REMAP(alias, 2 * LARGE, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_CHECK(vm->copy(self, pages, LARGE, first), KERN_SUCCESS);
	TOUCH(pages, 0xa0);
	MT_CHECK(vm->copy(self, pages, 2 * LARGE, second), KERN_SUCCESS);
	TOUCH(pages + mt_page, 0xa1);
	TOUCH(pages + 2 * LARGE - mt_page, 0xa2);
	check_copy(first, 0);
	check_copy(second, 1);
	MT_CHECK_BYTE(second + LARGE, (uint8_t)(1 + LARGE_PAGES));
	MT_CHECK_BYTE(second + 2 * LARGE - mt_page, (uint8_t)(2 * LARGE_PAGES));
}

MT_CASE(copy, locked_page_beyond_the_copy_does_not_matter,
    "copy-delayed-locked-beyond", VM_OBJECT_C "vm_object_copy_delayed()",
    "mach_vm_copy() of shared memory copies no byte at once though a page "
    "behind what is copied is wired elsewhere.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 1), alias = 0;
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);
	int error = 0;

	NUMBER_PAGES(pages, LARGE_PAGES + 1, 1);
	REMAP(alias, LARGE + mt_page, VM_FLAGS_ANYWHERE, pages, FALSE);
	MT_REQUIRE(stage_bsd->mlock(&error, alias + LARGE, mt_page), 0);

	MT_CHECK(vm->copy(self, pages, LARGE, copy), KERN_SUCCESS);
	MT_CHECK_REGION(copy, .share_mode = SM_COW, .shadow_depth = 1);
	TOUCH(pages, 0xa0);
	check_copy(copy, 0);
	MT_REQUIRE(stage_bsd->munlock(&error, alias + LARGE, mt_page), 0);
}

MT_CASE(copy, copy_of_a_copy_of_shared_memory_is_copy_on_write,
    "copy-delayed-copied", VM_OBJECT_C "vm_object_copy_delayed()",
    "A copy by mach_vm_copy() of a copy of shared memory is copy-on-write, and "
    "so is that of a copy of wired memory: it has the first one's VM object.")
{
	struct shared s = shared_pages(self);
	mach_vm_address_t copy = mt_pages(LARGE_PAGES);
	mach_vm_address_t next = mt_pages(LARGE_PAGES);
	int error = 0;

	for (unsigned i = 0; i < 2; i++) {
		if (i == 1)
			MT_REQUIRE(stage_bsd->mlock(&error, s.pages, LARGE), 0);
		MT_REQUIRE(stage->copy(self, s.pages, LARGE, copy),
		    KERN_SUCCESS);
		MT_CHECK(vm->copy(self, copy, LARGE, next), KERN_SUCCESS);
		MT_CHECK_REGION(next, .share_mode = SM_COW,
		    .shadow_depth = i == 0, .ref_count = i == 0 ? 4 : 2);
	}
	MT_REQUIRE(stage_bsd->munlock(&error, s.pages, LARGE), 0);
	check_copy(next, 0);
}
