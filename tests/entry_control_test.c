/*
 * The subsystem memory_entry beside purgeable_entry_test: who owns the memory,
 * how much of it is resident.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "others.h"

#define PURGEABLE (MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | RW)
#define TAGGED	  (MAP_MEM_NAMED_CREATE | MAP_MEM_LEDGER_TAGGED | RW)

/* osfmk/mach/vm_statistics.h: VM_LEDGER_TAG_, VM_LEDGER_FLAG_ */
enum {
	UNCHANGED = -1,
	NONE,
	DEFAULT,
	NETWORK,
	MEDIA,
	GRAPHICS,
	NEURAL,
	BEYOND
};
enum { NO_FOOTPRINT = 1, NO_FOOTPRINT_FOR_DEBUG = 2, UNKNOWN = 8 };

static mach_port_name_t
created(mach_port_name_t self, vm_prot_t permission)
{
	return entry_for(self, 4 * mt_page, 0, permission, MACH_PORT_NULL);
}

MT_CASE(entry_access_tracking, tracking_is_of_development_kernels,
    "entry-tracking",
    VM_MEMORY_ENTRY_C "memory_entry_access_tracking_internal()",
    "mach_memory_entry_access_tracking() is KERN_NOT_SUPPORTED in a kernel "
    "that is not made for development.",
    .since = "10.14")
{
	int tracking = 1;
	uint32_t reads = 0x51, writes = 0x52;

	MT_CHECK(vm->entry_access_tracking(created(self, PURGEABLE), &tracking,
		     &reads, &writes),
	    KERN_NOT_SUPPORTED);
	MT_CHECK_NUMBER(reads, 0x51);
	MT_CHECK_NUMBER(writes, 0x52);
}

MT_CASE(entry_access_tracking, copies_cannot_be_tracked, "entry-tracking-copy",
    VM_MEMORY_ENTRY_C "memory_entry_access_tracking_internal()",
    "mach_memory_entry_access_tracking() is KERN_INVALID_ARGUMENT for an entry "
    "made with MAP_MEM_VM_COPY and for a port that is no entry.",
    .since = "10.14")
{
	mach_port_name_t copied = entry_for(self, 4 * mt_page, four_pages(),
	    RW | MAP_MEM_VM_COPY, MACH_PORT_NULL);
	int tracking = 1;
	uint32_t reads = 0, writes = 0;

	MT_CHECK(vm->entry_access_tracking(copied, &tracking, &reads, &writes),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->entry_access_tracking(self, &tracking, &reads, &writes),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(make_memory_entry, tagged_memory_is_made, "entry-create-tagged",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_named_create()",
    "mach_make_memory_entry_64() takes MAP_MEM_LEDGER_TAGGED since macOS "
    "10.15; before that it was an unknown bit, KERN_INVALID_VALUE.")
{
	MT_CHECK(try_make(vm, self, 4 * mt_page, 0, TAGGED, MACH_PORT_NULL),
	    KERN_SUCCESS, MT_UNTIL(10.14, KERN_INVALID_VALUE));
}

MT_CASE(make_memory_entry, parent_is_a_name_of_the_caller,
    "entry-parent-caller", VM_MEMORY_ENTRY_C "mach_make_memory_entry_64()",
    "mach_make_memory_entry_64() for another task looks the parent up among the "
    "caller's names.")
{
	const mach_port_name_t parent = entry_for(self, 4 * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	mach_vm_address_t pages = mt_hole(4), hole = mt_hole(1);
	memory_object_size_t size = mt_page;
	struct talk *child = talk(self);
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(map_at(stage, self, pages, 4 * mt_page, PLAIN, parent, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 4, 1);
	MT_CHILD {
		stay(child, self);
	}
	else
	{
		const mach_port_name_t task = child_task(child, self);

		MT_CHECK(vm->make_memory_entry(task, &size, 0, RW, &entry,
			     parent),
		    KERN_SUCCESS);
		child->done = 1;
	}
	MT_CHECK(map_at(stage, self, hole, mt_page, PLAIN, entry, 0, FALSE, RW,
		     RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 1);
}

MT_CASE(entry_ownership, own_memory_may_change_its_ledger, "entry-ownership",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() of new memory that is purgeable or "
    "MAP_MEM_LEDGER_TAGGED sets another ledger for the caller.",
    .since = "10.15")
{
	const vm_prot_t kinds[] = { PURGEABLE, TAGGED };

	for (unsigned i = 0; i < 2; i++) {
		mach_port_name_t entry = created(self, kinds[i]);

		MT_CHECK(vm->entry_ownership(entry, self, DEFAULT, 0),
		    KERN_SUCCESS);
		MT_CHECK(vm->entry_ownership(entry, self, GRAPHICS, 0),
		    KERN_SUCCESS);
		MT_CHECK(vm->entry_ownership(entry, self, NEURAL, 0),
		    KERN_SUCCESS);
	}
}

MT_CASE(entry_ownership, volatile_memory_may_change_its_ledger,
    "entry-ownership-volatile",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() takes purgeable memory in any state, "
    "volatile, too.",
    .since = "10.15")
{
	const mach_port_name_t entry = created(self, PURGEABLE);
	mach_vm_address_t at = mt_hole(1);
	int state = VM_PURGABLE_VOLATILE;

	MT_REQUIRE(map_at(stage, self, at, mt_page, PLAIN, entry, 0, FALSE, RW,
		       RW),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->purgable_control(self, at, VM_PURGABLE_SET_STATE,
		       &state),
	    KERN_SUCCESS);
	MT_CHECK(vm->entry_ownership(entry, self, GRAPHICS, 0), KERN_SUCCESS);
	MT_CHECK(vm->entry_ownership(entry, self, DEFAULT, 0), KERN_SUCCESS);
}

MT_CASE(entry_ownership, memory_in_use_may_change_its_ledger,
    "entry-ownership-used", VM_OBJECT_C "vm_object_ownership_change()",
    "mach_memory_entry_ownership() of memory that has a ledger sets another one "
    "also when the memory is mapped and has pages.",
    .since = "10.15")
{
	const vm_prot_t kinds[] = { PURGEABLE, TAGGED };

	for (unsigned i = 0; i < 2; i++) {
		mach_port_name_t entry = created(self, kinds[i]);
		mach_vm_address_t hole = mt_hole(4);

		MT_CHECK(vm->entry_ownership(entry, self, DEFAULT, 0),
		    KERN_SUCCESS);
		MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, 0, entry, 0,
			       FALSE, RW, RW),
		    KERN_SUCCESS);
		NUMBER_PAGES(hole, 4, 1);
		MT_CHECK(vm->entry_ownership(entry, self, GRAPHICS, 0),
		    KERN_SUCCESS);
		MT_CHECK(vm->entry_ownership(entry, MACH_PORT_NULL, MEDIA, 0),
		    KERN_SUCCESS, MT_UNTIL(12, KERN_NO_ACCESS));
		MT_CHECK_BYTE(hole + 3 * mt_page, 4);
	}
}

MT_CASE(entry_ownership, part_has_no_ledger_of_its_own, "entry-ownership-part",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() of an entry for a part of purgeable memory "
    "is KERN_INVALID_ARGUMENT.",
    .since = "10.15")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(stage->allocate(self, &pages, 4 * mt_page,
		       VM_FLAGS_FIXED | VM_FLAGS_PURGABLE),
	    KERN_SUCCESS);
	NUMBER_PAGES(pages, 4, 1);
	for (unsigned i = 0; i < 4; i += 3)
		MT_CHECK(vm->entry_ownership(entry_for(self, mt_page,
						 pages + i * mt_page, RW,
						 MACH_PORT_NULL),
			     self, GRAPHICS, 0),
		    KERN_INVALID_ARGUMENT);
}

MT_CASE(entry_ownership, ledgers_without_footprint_are_denied,
    "entry-ownership-entitlement",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() with VM_LEDGER_TAG_NETWORK or without "
    "footprint is KERN_NO_ACCESS for a process without the entitlement.",
    .since = "10.15")
{
	mach_port_name_t entry = created(self, PURGEABLE);

	MT_CHECK(vm->entry_ownership(entry, self, NETWORK, 0), KERN_NO_ACCESS);
	MT_CHECK(vm->entry_ownership(entry, self, DEFAULT, NO_FOOTPRINT),
	    KERN_NO_ACCESS);
	MT_CHECK(vm->entry_ownership(entry, self, DEFAULT,
		     NO_FOOTPRINT_FOR_DEBUG),
	    KERN_NO_ACCESS, MT_UNTIL(11, KERN_INVALID_ARGUMENT));
}

MT_CASE(entry_ownership, unknown_flags_are_refused, "entry-ownership-flags",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() refuses unknown flags, since macOS 15 "
    "before it looks for the entitlement.",
    .since = "10.15")
{
	mach_port_name_t entry = created(self, PURGEABLE);

	MT_CHECK(vm->entry_ownership(entry, self, DEFAULT, UNKNOWN),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->entry_ownership(entry, self, NETWORK, UNKNOWN),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_NO_ACCESS));
}

MT_CASE(entry_ownership, ledger_must_be_known, "entry-ownership-tag",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() is KERN_INVALID_ARGUMENT for a ledger above "
    "VM_LEDGER_TAG_MAX or below VM_LEDGER_TAG_UNCHANGED; that one and "
    "VM_LEDGER_TAG_NONE are accepted since macOS 13.",
    .since = "10.15")
{
	mach_port_name_t entry = created(self, PURGEABLE);

	MT_CHECK(vm->entry_ownership(entry, self, BEYOND, 0),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->entry_ownership(entry, self, UNCHANGED - 1, 0),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->entry_ownership(entry, self, NONE, 0), KERN_SUCCESS,
	    MT_UNTIL(12, KERN_INVALID_ARGUMENT));
	MT_CHECK(vm->entry_ownership(entry, self, UNCHANGED, 0), KERN_SUCCESS,
	    MT_UNTIL(12, KERN_INVALID_ARGUMENT));
}

MT_CASE(entry_ownership, tagged_memory_keeps_a_ledger,
    "entry-ownership-tag-none", VM_OBJECT_C "vm_object_ownership_change()",
    "mach_memory_entry_ownership() with VM_LEDGER_TAG_NONE is "
    "KERN_INVALID_ARGUMENT for MAP_MEM_LEDGER_TAGGED memory, which is not "
    "purgeable: it has a ledger always.",
    .since = "10.15")
{
	mach_port_name_t entry = created(self, TAGGED);

	MT_CHECK(vm->entry_ownership(entry, self, NONE, 0),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->entry_ownership(entry, self, GRAPHICS, 0), KERN_SUCCESS);
}

MT_CASE(entry_ownership, null_owner_leaves_the_owner, "entry-ownership-null",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() with no task as the owner leaves the owner "
    "since macOS 13 and is KERN_NO_ACCESS before.",
    .since = "10.15")
{
	mach_port_name_t entry = created(self, PURGEABLE);

	MT_CHECK(vm->entry_ownership(entry, MACH_PORT_NULL, DEFAULT, 0),
	    KERN_SUCCESS, MT_UNTIL(12, KERN_NO_ACCESS));
}

MT_CASE(entry_ownership, memory_is_not_given_away, "entry-ownership-other",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() with another task as the owner is "
    "KERN_NO_ACCESS without an entitlement.",
    .since = "10.15", .needs = "traps privileged")
{
	mach_port_name_t entry = created(self, PURGEABLE);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
	}
	else
	{
		MT_CHECK(vm->entry_ownership(entry, child_task(t, self),
			     DEFAULT, 0),
		    KERN_NO_ACCESS);
		t->done = 1;
	}
}

MT_CASE(entry_ownership, ordinary_memory_has_no_ledger, "entry-ownership-plain",
    VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() of memory that is in use and neither "
    "purgeable nor tagged is KERN_INVALID_ARGUMENT, KERN_FAILURE until macOS "
    "12.",
    .since = "10.15")
{
	mach_port_name_t plain = entry_for(self, 4 * mt_page, four_pages(), RW,
	    MACH_PORT_NULL);

	MT_CHECK(vm->entry_ownership(plain, self, DEFAULT, 0),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(12, KERN_FAILURE));
}

/* Whether it was mapped, whether a page of it is resident, whether it still is
 * mapped. */
MT_CASE(entry_ownership, new_memory_can_be_given_until_it_is_used,
    "entry-ownership-new", VM_OBJECT_C "vm_object_ownership_change()",
    "Until macOS 12 mach_memory_entry_ownership() takes memory of "
    "MAP_MEM_NAMED_CREATE that is neither purgeable nor tagged while nothing "
    "maps it and no page of it is resident; else it is KERN_FAILURE. Since "
    "macOS 13 it is KERN_INVALID_ARGUMENT.",
    .since = "10.15")
{
	for (unsigned i = 0; i < 5; i++) {
		mach_port_name_t entry = created(self,
		    MAP_MEM_NAMED_CREATE | RW);
		mach_vm_address_t hole = mt_hole(4);
		const bool maps = i > 0, touches = i > 2;
		const bool unmaps = i == 2 || i == 4;

		if (maps)
			MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, PLAIN,
				       entry, 0, FALSE, RW, RW),
			    KERN_SUCCESS);
		if (touches)
			TOUCH(hole + 2 * mt_page, 0x51);
		if (unmaps)
			MT_REQUIRE(stage->deallocate(self, hole, 4 * mt_page),
			    KERN_SUCCESS);
		MT_CHECK(vm->entry_ownership(entry, self, DEFAULT, 0),
		    KERN_INVALID_ARGUMENT,
		    MT_UNTIL(12,
			i == 0 || i == 2 ? KERN_SUCCESS : KERN_FAILURE));
	}
}

MT_CASE(entry_ownership, part_of_an_object_cannot_be_given,
    "entry-ownership-part", VM_MEMORY_ENTRY_C "mach_memory_entry_ownership()",
    "mach_memory_entry_ownership() is KERN_INVALID_ARGUMENT for an entry of a "
    "part of an object, of a copy, and for a port that is no entry.",
    .since = "10.15")
{
	const mach_vm_size_t quarter = 4 * mt_page;
	mach_port_name_t whole = entry_for(self, 4 * quarter, 0, PURGEABLE,
	    MACH_PORT_NULL);
	mach_port_name_t copied = entry_for(self, 4 * mt_page, four_pages(),
	    RW | MAP_MEM_VM_COPY, MACH_PORT_NULL);

	for (unsigned first = 0; first < 4; first++)
		for (unsigned n = 1; n <= 4 - first && n < 4; n++) {
			mach_port_name_t part = entry_for(self, n * quarter,
			    first * quarter, RW, whole);

			MT_CHECK(vm->entry_ownership(part, self, DEFAULT, 0),
			    KERN_INVALID_ARGUMENT);
		}
	MT_CHECK(vm->entry_ownership(whole, self, DEFAULT, 0), KERN_SUCCESS);
	MT_CHECK(vm->entry_ownership(copied, self, DEFAULT, 0),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->entry_ownership(self, self, DEFAULT, 0),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(entry_ownership, entry_of_an_entry_owns_nothing,
    "entry-ownership-child",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_from_parent_entry()",
    "mach_memory_entry_ownership() is KERN_INVALID_ARGUMENT since macOS 13 for "
    "an entry that was made of an entry, be it of all of it.",
    .since = "10.15")
{
	mach_port_name_t whole = entry_for(self, 4 * mt_page, 0, PURGEABLE,
	    MACH_PORT_NULL);
	mach_port_name_t child = entry_for(self, 4 * mt_page, 0, RW, whole);

	MT_CHECK(vm->entry_ownership(child, self, DEFAULT, 0),
	    KERN_INVALID_ARGUMENT, MT_UNTIL(12, KERN_SUCCESS));
	MT_CHECK(vm->entry_ownership(whole, self, DEFAULT, 0), KERN_SUCCESS);
}

MT_CASE(entry_get_page_counts, written_pages_are_resident_and_dirty,
    "entry-page-counts",
    VM_MEMORY_ENTRY26_C "mach_memory_entry_get_page_counts()",
    "mach_memory_entry_get_page_counts() counts the resident pages of the "
    "entry's memory, and those that were written.",
    .since = "26", .needs = "native")
{
	mach_port_name_t entry = created(self, MAP_MEM_NAMED_CREATE | RW);
	mach_vm_address_t hole = mt_hole(4);
	uint64_t resident = 9, dirty = 9, swapped = 9;

	MT_CHECK(vm->entry_get_page_counts(entry, &resident, &dirty, &swapped),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(resident, 0);
	MT_CHECK_NUMBER(dirty, 0);
	MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole + mt_page, 2, 0x31);
	MT_CHECK(vm->entry_get_page_counts(entry, &resident, &dirty, &swapped),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(resident, 2);
	MT_CHECK_NUMBER(dirty, 2);
	MT_CHECK_NUMBER(swapped, 0);
}

MT_CASE(entry_get_page_counts, child_counts_its_part, "entry-page-counts-child",
    VM_MEMORY_ENTRY26_C "mach_memory_entry_get_page_counts()",
    "mach_memory_entry_get_page_counts() of a child counts the pages of its "
    "part alone; an entry of a copy is KERN_INVALID_ARGUMENT.",
    .since = "26", .needs = "native")
{
	mach_port_name_t entry = created(self, MAP_MEM_NAMED_CREATE | RW);
	mach_port_name_t child = entry_for(self, 2 * mt_page, 2 * mt_page, RW,
	    entry);
	mach_port_name_t copied = entry_for(self, 4 * mt_page, four_pages(),
	    RW | MAP_MEM_VM_COPY, MACH_PORT_NULL);
	mach_vm_address_t hole = mt_hole(4);
	uint64_t resident = 9, dirty = 9, swapped = 9;

	MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 3, 0x31);
	MT_CHECK(vm->entry_get_page_counts(child, &resident, &dirty, &swapped),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(resident, 1);
	MT_CHECK_NUMBER(dirty, 1);
	MT_CHECK(vm->entry_get_page_counts(copied, &resident, &dirty, &swapped),
	    KERN_INVALID_ARGUMENT);
}
