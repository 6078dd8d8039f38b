/*
 * What vm_purgable_control refuses, and allocations of purgeable memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* A page of purgeable memory. */
static mach_vm_address_t
purgeable(mach_port_name_t self)
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	return hole;
}

MT_CASE(purgable_control, unknown_controls_are_refused, "purge-control-bad",
    VM_USER_C "mach_vm_purgable_control()",
    "mach_vm_purgable_control() knows the controls 0, 1 and 2; others are "
    "KERN_INVALID_ARGUMENT.")
{
	static const vm_purgable_t bad[] = { 3, 4, 5, 0x10000, -1 };
	mach_vm_address_t page = purgeable(self);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int state = VM_PURGABLE_VOLATILE;

		MT_CHECK(vm->purgable_control(self, page, bad[i], &state),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
	}
}

MT_CASE(purgable_control, each_bit_of_a_state_is_accepted_or_refused,
    "purge-state-bad-bits", VM_MAP_C "vm_map_purgable_control()",
    "VM_PURGABLE_ALL_MASKS: mach_vm_purgable_control() refuses a state with "
    "any other bit.")
{
	uint32_t accepted = 0, refused = 0;

	for (unsigned bit = 0; bit < 32; bit++) {
		mach_vm_address_t page = purgeable(self);
		int state = (int)(UINT32_C(1) << bit);
		kern_return_t kr = vm->purgable_control(self, page,
		    VM_PURGABLE_SET_STATE, &state);

		accepted |= kr == KERN_SUCCESS ? UINT32_C(1) << bit : 0;
		refused |= kr == KERN_INVALID_ARGUMENT ? UINT32_C(1) << bit : 0;
	}

	MT_CHECK_ADDRESS(accepted, VM_PURGABLE_ALL_MASKS);
	MT_CHECK_ADDRESS(accepted | refused, UINT32_MAX);
}

MT_CASE(purgable_control, state_bits_are_ignored_when_asking,
    "purge-state-bad-bits-get", VM_MAP_C "vm_map_purgable_control()",
    "VM_PURGABLE_GET_STATE ignores the state it is given.")
{
	mach_vm_address_t page = purgeable(self);
	int state = -1;

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(purgable_control, deny_cannot_be_set, "purge-deny",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_DENY cannot be set as a state.")
{
	mach_vm_address_t page = purgeable(self);
	int state = VM_PURGABLE_DENY;

	TOUCH(page, 0x11);

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_NUMBER(state, VM_PURGABLE_DENY);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(purgable_control, unmapped_address_is_an_invalid_address,
    "purge-unmapped", VM_MAP_C "vm_map_purgable_control()",
    "mach_vm_purgable_control() of an unmapped address is "
    "KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t hole = mt_hole(1);
	int state = VM_PURGABLE_VOLATILE;

	MT_CHECK(vm->purgable_control(self, hole, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
}

MT_CASE(purgable_control, address_outside_the_map_is_an_invalid_address,
    "purge-unmapped-outside", VM_MAP_C "vm_map_purgable_control()",
    "mach_vm_purgable_control() of an address outside the map is "
    "KERN_INVALID_ADDRESS.")
{
	int state = 0;

	MT_CHECK(vm->purgable_control(self, 0, VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->purgable_control(self, mt_system()->maximum,
		     VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->purgable_control(self, UINT64_MAX, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(purgable_control, ordinary_memory_has_no_state, "purge-not-purgeable",
    VM_MAP_C "vm_map_purgable_control()",
    "mach_vm_purgable_control() refuses memory that was not allocated with "
    "VM_FLAGS_PURGABLE, touched or not.")
{
	mach_vm_address_t page = mt_pages(1);
	int state = VM_PURGABLE_VOLATILE;

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);
	TOUCH(page, 0x11);
	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(purgable_control, state_of_read_only_memory_cannot_be_set,
    "purge-readonly-set", VM_MAP_C "vm_map_purgable_control()",
    "VM_PURGABLE_SET_STATE needs write permission.")
{
	mach_vm_address_t page = purgeable(self);
	int state = VM_PURGABLE_EMPTY;

	TOUCH(page, 0x11);
	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_SET_STATE,
		     &state),
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_NUMBER(state, VM_PURGABLE_EMPTY);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(purgable_control, state_of_read_only_memory_can_be_read,
    "purge-readonly-get", VM_MAP_C "vm_map_purgable_control()",
    "VM_PURGABLE_GET_STATE needs no write permission since macOS 12.")
{
	mach_vm_address_t page = purgeable(self);
	int state = -1;

	MT_REQUIRE(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS, MT_UNTIL(11, KERN_PROTECTION_FAILURE));

	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE, MT_UNTIL(11, -1));
}

MT_CASE(purgable_control, control_is_checked_before_the_address,
    "purge-control-bad-first", VM_USER_C "mach_vm_purgable_control()",
    "mach_vm_purgable_control() checks the control before the address.")
{
	mach_vm_address_t hole = mt_hole(1);
	int state = 0;

	MT_CHECK(vm->purgable_control(self, hole, 3, &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->purgable_control(self, hole, 4, &state),
	    KERN_INVALID_ARGUMENT);
}

/* 4 GiB is the first size that was too large until 12. */
MT_CASE(allocate, purgeable_memory_may_be_4_gib, "purge-alloc-too-big",
    XNU "osfmk/mach/vm_param.h, ANON_MAX_SIZE",
    "VM_FLAGS_PURGABLE accepts up to 2^32 - 1 pages since macOS 13; before "
    "that not quite 4 GiB.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 4 * GIB,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS, MT_UNTIL(12, KERN_INVALID_ARGUMENT));
}

MT_CASE(allocate, purgeable_memory_just_below_4_gib_is_allowed,
    "alloc-purgable-limit", XNU "osfmk/mach/vm_param.h, ANON_MAX_SIZE",
    "VM_FLAGS_PURGABLE makes a page less than 4 GiB one region.",
    .needs = "native")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 4 * GIB - mt_page,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = 4 * GIB - mt_page);
}

/* One VM object, of which nothing is touched.  The region is not queried:
 * kernels walk its pages for that, one by one. */
MT_CASE(allocate, purgeable_memory_of_2_to_the_32_pages_less_one_is_allowed,
    "alloc-purgable-limit-pages", XNU "osfmk/mach/vm_param.h, ANON_MAX_PAGES",
    "VM_FLAGS_PURGABLE makes 2^32 - 1 pages one region since macOS 13.",
    .since = "13", .needs = "native")
{
	const mach_vm_size_t most = ((UINT64_C(1) << 32) - 1) * mt_page;
	mach_vm_address_t address = 0;
	int state = 0x51;

	MT_SKIP_UNLESS(map_has_room(most), "the map has no hole of 2^32 pages");
	MT_CHECK(vm->allocate(self, &address, most,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE_TRUE(address != 0); /* else all of the map would go */
	MT_CHECK(allocate_at(stage, self, address + most - mt_page, mt_page,
		     PLAIN),
	    KERN_NO_SPACE);
	MT_CHECK(stage->purgable_control(self, address + most - mt_page,
		     VM_PURGABLE_GET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
	MT_CHECK(stage->deallocate(self, address, most), KERN_SUCCESS);
}

MT_CASE(allocate, purgeable_limit_lacks_one_of_the_kernels_pages,
    "alloc-purgable-limit-rosetta", XNU "osfmk/mach/vm_param.h, ANON_MAX_SIZE",
    "VM_FLAGS_PURGABLE of 4 GiB less 4 KiB is refused under Rosetta from macOS "
    "11.3 to 12, where the limit is 4 GiB less one of the kernel's pages.",
    .needs = "translated")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, 4 * GIB - 0x1000,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS, MT_UNTIL(12, KERN_INVALID_ARGUMENT),
	    MT_UNTIL(11.2, KERN_SUCCESS));
}

MT_CASE(allocate, purgeable_memory_of_2_to_the_32_pages_fails,
    "alloc-purgable-limit-pages", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE refuses 2^32 pages: a VM object has at most 2^32 - "
    "1.",
    .needs = "native")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, mt_page << 32,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(allocate, purgeable_memory_has_an_object, "alloc-purgable-object",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE gives memory its VM object before it is touched.")
{
	mach_vm_address_t page = purgeable(self);

	MT_CHECK_REGION(page, .share_mode = SM_PRIVATE, .ref_count = 1,
	    .pages_resident = 0);
}

MT_CASE(map_anonymous, mapped_memory_can_be_purgeable, "alloc-purgable-map",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE makes mach_vm_map() create purgeable memory as "
    "mach_vm_allocate() does.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	int state = -1;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_PURGABLE | PLAIN,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}
