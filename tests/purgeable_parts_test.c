/*
 * Purgeable memory of which a part is wired, copied or in an entry of its own.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

static mach_vm_address_t
purgeable(mach_port_name_t self, unsigned count)
{
	mach_vm_address_t hole = mt_hole(count);

	MT_REQUIRE(allocate_at(stage, self, hole, count * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(hole, count, 1);
	return hole;
}

/* Empty it, and make it ordinary again. */
static void
empty(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address)
{
	int state = VM_PURGABLE_EMPTY;

	MT_CHECK(vm->purgable_control(self, address, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_SUCCESS);
	state = VM_PURGABLE_NONVOLATILE;
	MT_CHECK(vm->purgable_control(self, address, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_EMPTY);
}

MT_CASE(purgable_control, wired_page_survives_emptying, "purge-half-wired",
    VM_OBJECT_C "vm_object_reap_pages()",
    "VM_PURGABLE_EMPTY keeps the pages of purgeable memory that are wired and "
    "discards the others.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = purgeable(self, 4);

	MT_REQUIRE(stage->wire(mach_host_self(), self, pages + mt_page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	empty(vm, self, pages);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 2);
	MT_CHECK_BYTE(pages + 2 * mt_page, 0);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0);
}

MT_CASE(purgable_control, parts_have_one_state, "purge-parts-state",
    VM_MAP_C "vm_map_purgable_control()",
    "Purgeable memory whose region was split keeps one state: what is set on "
    "one part is read on the other, and emptying it empties both.")
{
	mach_vm_address_t pages = purgeable(self, 4);
	int state = VM_PURGABLE_VOLATILE;

	MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->purgable_control(self, pages + 3 * mt_page,
		     VM_PURGABLE_SET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK(vm->purgable_control(self, pages, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
	empty(vm, self, pages + 2 * mt_page);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0);
}

MT_CASE(copy, copies_of_copies_of_purgeable_memory_stay, "purge-copy-of-copy",
    VM_OBJECT_C "vm_object_copy_slowly()",
    "Copies of purgeable memory and copies of those keep their bytes when the "
    "memory is emptied, and have no purgeable state.")
{
	mach_vm_address_t pages = purgeable(self, LARGE_PAGES);
	mach_vm_address_t one = mt_pages(LARGE_PAGES);
	mach_vm_address_t two = mt_pages(LARGE_PAGES);
	int state = 0x7777;

	MT_CHECK(vm->copy(self, pages, LARGE, one), KERN_SUCCESS);
	MT_CHECK(vm->copy(self, one, LARGE, two), KERN_SUCCESS);
	TOUCH(one + mt_page, 0xb1);
	empty(stage, self, pages);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(one, 1);
	MT_CHECK_BYTE(two, 1);
	MT_CHECK_BYTE(two + mt_page, 2);
	MT_CHECK_BYTE(two + LARGE - mt_page, LARGE_PAGES);
	MT_CHECK(stage->purgable_control(self, two, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(purgable_control, mapping_of_a_child_has_the_state, "purge-entry-child",
    VM_MAP_C "vm_map_purgable_control()",
    "The mapping of a part of a purgeable memory entry has the state of all of "
    "its memory: emptying through it empties the rest.")
{
	mach_port_name_t entry = entry_for(self, 4 * mt_page, 0,
	    MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | RW, MACH_PORT_NULL);
	mach_port_name_t child = entry_for(self, 2 * mt_page, 2 * mt_page, RW,
	    entry);
	mach_vm_address_t whole = mt_hole(4), part = mt_hole(2);
	int state = 0x7777;

	MT_REQUIRE(map_at(stage, self, whole, 4 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, part, 2 * mt_page, 0, child, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	NUMBER_PAGES(whole, 4, 1);
	MT_CHECK_BYTE(part, 3);
	MT_CHECK(vm->purgable_control(self, part, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
	empty(vm, self, part);
	MT_CHECK_BYTE(whole, 0);
	MT_CHECK_BYTE(whole + 3 * mt_page, 0);
	TOUCH(part + mt_page, 0x61);
	MT_CHECK_BYTE(whole + 3 * mt_page, 0x61);
}

MT_CASE(behavior_set, reusable_memory_stays_shared, "behavior-reusable-alias",
    VM_MAP_C "vm_map_reusable_pages()",
    "After VM_BEHAVIOR_REUSABLE of memory that is mapped twice both mappings "
    "read the same, the old bytes or zero, and share later stores.",
    .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2), alias = mt_hole(2);
	uint8_t byte;

	NUMBER_PAGES(pages, 2, 0x51);
	REMAP(alias, 2 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	MT_CHECK(vm->behavior_set(self, pages, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	byte = mt_read(alias).value;
	MT_CHECK_TRUE(byte == 0x51 || byte == 0);
	MT_CHECK_BYTE(pages, byte);
	MT_CHECK_BYTE(alias + mt_page, 0x52);
	TOUCH(alias, 0x61);
	MT_CHECK_BYTE(pages, 0x61);
}

MT_CASE(behavior_set, executable_memory_is_not_zeroed, "behavior-zero-exec",
    VM_MAP_C "vm_map_zero_entry_preflight()",
    "VM_BEHAVIOR_ZERO of memory that can be executed is "
    "KERN_PROTECTION_FAILURE, though it can be written, and its bytes stay.",
    .since = "14.4", .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(2);

	NUMBER_PAGES(pages, 2, 0x51);
	PROTECT(pages, 1, VM_PROT_ALL);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_BYTE(pages, 0x51);
	MT_CHECK_BYTE(pages + mt_page, 0x52);
}

MT_CASE(map, purgeable_mapping_shows_the_whole_entry, "map-purgable-flag-part",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE maps a purgeable entry as a whole only: each part of it "
    "is KERN_INVALID_ARGUMENT, which without the flag is mapped.",
    .needs = "native")
{
	mach_port_name_t entry = entry_for(self, 4 * mt_page, 0,
	    MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | RW, MACH_PORT_NULL);
	mach_vm_address_t hole = mt_hole(4);

	for (unsigned first = 0; first < 4; first++)
		for (unsigned n = 1; n <= 4 - first; n++) {
			MT_CHECK(map_at(vm, self, hole, n * mt_page,
				     VM_FLAGS_PURGABLE | PLAIN, entry,
				     first * mt_page, FALSE, RW, RW),
			    n == 4 ? KERN_SUCCESS : KERN_INVALID_ARGUMENT);
			MT_CHECK_LAYOUT(hole, n == 4 ? "aaaa" : "....");
			if (n == 4)
				MT_REQUIRE(stage->deallocate(self, hole,
					       4 * mt_page),
				    KERN_SUCCESS);
			MT_CHECK(map_at(vm, self, hole, n * mt_page, PLAIN,
				     entry, first * mt_page, FALSE, RW, RW),
			    KERN_SUCCESS);
			MT_REQUIRE(stage->deallocate(self, hole, n * mt_page),
			    KERN_SUCCESS);
		}
}
