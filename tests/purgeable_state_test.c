/*
 * The states of purgeable memory and what they do to its bytes.
 *
 * Nothing here purges what others have: memory becomes empty because the case
 * says so.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* n pages of purgeable memory, touched. */
static mach_vm_address_t
purgeable(mach_port_name_t self, unsigned n)
{
	mach_vm_address_t hole = mt_hole(n);

	MT_REQUIRE(allocate_at(stage, self, hole, n * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, n, 0x11);
	return hole;
}

static kern_return_t
set_state(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, int state, int *old)
{
	*old = state;
	return vm->purgable_control(self, address, VM_PURGABLE_SET_STATE, old);
}

/* The state, negative when it cannot be had. */
static int
get_state(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address)
{
	int state = 0;
	kern_return_t kr = vm->purgable_control(self, address,
	    VM_PURGABLE_GET_STATE, &state);

	return kr == KERN_SUCCESS ? state : -kr;
}

MT_CASE(purgable_control, new_memory_is_nonvolatile, "purge-alloc",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_FLAGS_PURGABLE makes memory in state VM_PURGABLE_NONVOLATILE.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int state = -1;

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(purgable_control, state_is_the_one_set, "purge-get",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_GET_STATE returns the state alone, whatever the argument "
    "contained.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int state, old;

	MT_REQUIRE(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);

	state = 0x7fffffff;
	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
}

MT_CASE(purgable_control, setting_gives_the_old_state, "purge-set-returns-old",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_SET_STATE returns the previous state.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(old, VM_PURGABLE_NONVOLATILE);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(old, VM_PURGABLE_VOLATILE);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(old, VM_PURGABLE_EMPTY);
}

/* Without memory pressure the bytes stay; with it they go, and the old state
 * says which: that is the promise. */
MT_CASE(purgable_control, volatile_memory_returns_whether_it_is_intact,
    "purge-volatile", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_NONVOLATILE set on volatile memory returns "
    "VM_PURGABLE_VOLATILE when the contents are intact, VM_PURGABLE_EMPTY "
    "when they were discarded.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(old == VM_PURGABLE_VOLATILE || old == VM_PURGABLE_EMPTY);
	MT_CHECK_BYTE(page, old == VM_PURGABLE_VOLATILE ? 0x11 : 0);
}

MT_CASE(purgable_control, emptied_memory_reads_zero, "purge-empty",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_EMPTY discards the contents at once.")
{
	mach_vm_address_t pages = purgeable(self, 2);
	int old;

	MT_CHECK(set_state(vm, self, pages, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .pages_resident = 0);
	MT_CHECK_NUMBER(get_state(vm, self, pages), VM_PURGABLE_EMPTY);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 0);
}

MT_CASE(purgable_control, empty_memory_does_not_become_volatile,
    "purge-empty-sticky", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_VOLATILE set on empty memory leaves it VM_PURGABLE_EMPTY.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_REQUIRE(set_state(vm, self, page, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(old, VM_PURGABLE_EMPTY);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_EMPTY);
}

MT_CASE(purgable_control, empty_memory_can_be_used_again,
    "purge-empty-to-nonvolatile", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_NONVOLATILE set on empty memory makes it zero-filled "
    "memory that keeps what is stored.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_REQUIRE(set_state(vm, self, page, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(old, VM_PURGABLE_EMPTY);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_NONVOLATILE);
	MT_CHECK_BYTE(page, 0);
	MT_CHECK_WRITABLE(page);
	MT_CHECK_BYTE(page, 0x5a);
}

MT_CASE(purgable_control, group_and_order_are_not_returned,
    "purge-volatile-group-order", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_VOLATILE accepts the bits for group, order and behaviour; "
    "VM_PURGABLE_GET_STATE does not return them.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_VOLATILE | VM_VOLATILE_GROUP_7, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_VOLATILE);
	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_BEHAVIOR_LIFO |
			 VM_PURGABLE_ORDERING_OBSOLETE |
			 VM_VOLATILE_MAKE_FIRST_IN_GROUP,
		     &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(old, VM_PURGABLE_VOLATILE);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_VOLATILE);
}

MT_CASE(purgable_control, debug_empty_discards_volatile_memory,
    "purge-debug-empty", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_DEBUG_EMPTY with VM_PURGABLE_VOLATILE discards the "
    "contents at once, of memory that is volatile already, too, and of memory "
    "that was never touched.")
{
	mach_vm_address_t page = purgeable(self, 1), untouched = mt_hole(1);
	int old;

	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_EMPTY, &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_EMPTY);
	MT_CHECK_REGION(page, .pages_resident = 0);
	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0);

	page = purgeable(self, 1);
	MT_REQUIRE(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_EMPTY, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_EMPTY);

	MT_REQUIRE(allocate_at(stage, self, untouched, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(set_state(vm, self, untouched,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_EMPTY, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(get_state(vm, self, untouched), VM_PURGABLE_EMPTY);
}

MT_CASE(purgable_control, debug_fault_makes_volatile_memory_fault,
    "purge-debug-fault", XNU "osfmk/vm/vm_fault.c, vm_fault_internal()",
    "VM_PURGABLE_DEBUG_FAULT makes an access to any page of volatile memory "
    "raise EXC_BAD_ACCESS with code KERN_MEMORY_ERROR, of memory that was "
    "volatile before, too.")
{
	mach_vm_address_t page = purgeable(self, 3), last = page + 2 * mt_page;
	int old;

	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_FAULT, &old),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_read(last), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_READABLE(page);

	page = purgeable(self, 1);
	MT_REQUIRE(set_state(stage, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	TOUCH(page, 0x12);
	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_FAULT, &old),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
}

MT_CASE(purgable_control, debug_fault_makes_empty_memory_fault,
    "purge-debug-fault-empty",
    XNU "osfmk/vm/vm_object_xnu.h, VM_OBJECT_PURGEABLE_FAULT_ERROR()",
    "VM_PURGABLE_DEBUG_FAULT makes an access to memory that was emptied raise "
    "EXC_BAD_ACCESS with code KERN_MEMORY_ERROR, until it is not volatile any "
    "more.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_EMPTY | VM_PURGABLE_DEBUG_FAULT, &old),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(purgable_control, debug_bits_stay_for_good, "purge-debug-sticky",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_DEBUG_EMPTY and VM_PURGABLE_DEBUG_FAULT stay with the memory: "
    "VM_PURGABLE_NONVOLATILE does not take them away, and the next "
    "VM_PURGABLE_VOLATILE without them empties it and makes it fault.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_REQUIRE(set_state(stage, self, page,
		       VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_EMPTY |
			   VM_PURGABLE_DEBUG_FAULT,
		       &old),
	    KERN_SUCCESS);
	MT_REQUIRE(set_state(stage, self, page, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	TOUCH(page, 0x21);

	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_EMPTY);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
}

MT_CASE(purgable_control, debug_bits_of_a_refused_state_stay,
    "purge-debug-refused", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_DEBUG_EMPTY with the state VM_PURGABLE_DENY, which is "
    "refused, stays with the memory all the same: VM_PURGABLE_VOLATILE empties "
    "it.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_CHECK(set_state(vm, self, page,
		     VM_PURGABLE_DENY | VM_PURGABLE_DEBUG_EMPTY, &old),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_NONVOLATILE);
	MT_CHECK(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_EMPTY);
}

MT_CASE(copy, copy_onto_empty_memory_that_faults_is_a_memory_error,
    "purge-debug-fault-copy", VM_FAULT_C "vm_fault_copy()",
    "mach_vm_copy() of many pages onto memory that was emptied with "
    "VM_PURGABLE_DEBUG_FAULT is KERN_MEMORY_ERROR, and it stays empty, since "
    "macOS 14.3.",
    .since = "14.3")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t from = mt_pages(n), pages = purgeable(self, n);
	int old;

	TOUCH_PAGES(from, n, 0x31);
	MT_REQUIRE(set_state(stage, self, pages,
		       VM_PURGABLE_EMPTY | VM_PURGABLE_DEBUG_FAULT, &old),
	    KERN_SUCCESS);
	MT_CHECK(vm->copy(self, from, n * mt_page, pages), KERN_MEMORY_ERROR);
	MT_CHECK_NUMBER(get_state(stage, self, pages), VM_PURGABLE_EMPTY);
	MT_CHECK_REGION(pages, .pages_resident = 0);
}

MT_CASE(purgable_control, state_belongs_to_the_whole_object,
    "purge-whole-object", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_SET_STATE changes the whole VM object, whichever page is "
    "named.")
{
	mach_vm_address_t pages = purgeable(self, 4);
	int old;

	MT_CHECK(set_state(vm, self, pages + 3 * mt_page, VM_PURGABLE_EMPTY,
		     &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, pages), VM_PURGABLE_EMPTY);
	MT_CHECK_BYTE(pages, 0);
}

MT_CASE(purgable_control, split_memory_has_one_state,
    "purge-whole-object-clipped", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_SET_STATE changes the whole VM object even when it is "
    "mapped as two regions.")
{
	mach_vm_address_t pages = purgeable(self, 4);
	int old;

	MT_REQUIRE(vm->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abbb");

	MT_CHECK(set_state(vm, self, pages + mt_page, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 0);
}

MT_CASE(purgable_control, rest_of_the_memory_keeps_its_state,
    "purge-whole-object-rest", VM_OBJECT_C "vm_object_purgable_control()",
    "mach_vm_deallocate() of a part of purgeable memory leaves the rest "
    "purgeable.")
{
	mach_vm_address_t pages = purgeable(self, 3);
	int old;

	MT_REQUIRE(set_state(vm, self, pages, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->deallocate(self, pages, mt_page), KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, pages + mt_page),
	    VM_PURGABLE_VOLATILE);
}

MT_CASE(purgable_control, unaligned_address_is_truncated, "purge-address-trunc",
    VM_USER_C "mach_vm_purgable_control()",
    "mach_vm_purgable_control() truncates the address to its page.")
{
	mach_vm_address_t page = purgeable(self, 1);
	int old;

	MT_CHECK(set_state(vm, self, page + 1, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, page + mt_page - 1),
	    VM_PURGABLE_VOLATILE);
}

MT_CASE(purgable_control, second_mapping_has_the_same_state, "purge-alias",
    VM_OBJECT_C "vm_object_purgable_control()",
    "mach_vm_purgable_control() works on the same state through a second "
    "mapping.")
{
	mach_vm_address_t page = purgeable(self, 1), alias = 0;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;
	int old;

	MT_REQUIRE(stage->remap(self, &alias, mt_page, 0, VM_FLAGS_ANYWHERE,
		       self, page, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(set_state(vm, self, alias, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_VOLATILE);
}

MT_CASE(purgable_control, copy_of_purgeable_memory_is_ordinary, "purge-copy",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() from purgeable memory makes ordinary memory.")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t pages = purgeable(self, n), copy = mt_pages(n);

	MT_REQUIRE(stage->copy(self, pages, n * mt_page, copy), KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, copy), -KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(get_state(vm, self, pages), VM_PURGABLE_NONVOLATILE);
	MT_CHECK_BYTE(copy, 0x11);
}

MT_CASE(purgable_control, copy_survives_the_emptied_source,
    "purge-copy-independent", VM_MAP_C "vm_map_copyin_internal()",
    "VM_PURGABLE_EMPTY on the source leaves the contents of its copy.")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t pages = purgeable(self, n), copy = mt_pages(n);
	int old;

	MT_REQUIRE(stage->copy(self, pages, n * mt_page, copy), KERN_SUCCESS);

	MT_CHECK(set_state(vm, self, pages, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(copy, 0x11);
	MT_CHECK_BYTE(copy + (n - 1) * mt_page, 0x11);
}

/* Harmless for others' memory by law, but their caches are gone. */
MT_CASE(purgable_control, purging_all_discards_volatile_memory, "purge-all",
    VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_PURGE_ALL discards all volatile memory of the system, "
    "whatever the address and state.",
    .needs = "disposable")
{
	mach_vm_address_t page = purgeable(self, 1), other = purgeable(self, 1);
	int old, ignored = -1;

	MT_REQUIRE(set_state(vm, self, page, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);
	MT_REQUIRE(set_state(vm, self, other, VM_PURGABLE_VOLATILE, &old),
	    KERN_SUCCESS);

	MT_CHECK(vm->purgable_control(self, 0, VM_PURGABLE_PURGE_ALL, &ignored),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(get_state(vm, self, page), VM_PURGABLE_EMPTY);
	MT_CHECK_NUMBER(get_state(vm, self, other), VM_PURGABLE_EMPTY);
}

MT_CASE(purgable_control, locked_page_is_not_emptied, "purgable-locked",
    VM_OBJECT_C "vm_object_reap_pages()",
    "VM_PURGABLE_EMPTY leaves the content of pages that are locked in "
    "purgeable memory, also if they were locked twice and unlocked once.")
{
	mach_vm_address_t pages = purgeable(self, 2);
	int error = 0, old;

	for (unsigned i = 0; i < 2; i++)
		MT_REQUIRE(stage_bsd->mlock(&error, pages, mt_page), 0);
	MT_REQUIRE(stage_bsd->munlock(&error, pages, mt_page), 0);
	MT_CHECK(set_state(vm, self, pages, VM_PURGABLE_EMPTY, &old),
	    KERN_SUCCESS);
	MT_REQUIRE(stage_bsd->munlock(&error, pages, mt_page), 0);
	MT_CHECK(set_state(vm, self, pages, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + mt_page, 0);
}

MT_CASE(purgable_control, locked_page_does_not_fault,
    "purge-debug-fault-locked", VM_OBJECT_C "vm_object_purgable_control()",
    "VM_PURGABLE_DEBUG_FAULT takes no locked page of volatile memory out of the "
    "page table: a load from it passes, from the page beside it does not.")
{
	mach_vm_address_t pages = purgeable(self, 2);
	int error = 0, old;

	MT_REQUIRE(stage_bsd->mlock(&error, pages, mt_page), 0);
	MT_CHECK(set_state(vm, self, pages,
		     VM_PURGABLE_VOLATILE | VM_PURGABLE_DEBUG_FAULT, &old),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_FAULT(mt_read(pages + mt_page), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK(set_state(vm, self, pages, VM_PURGABLE_NONVOLATILE, &old),
	    KERN_SUCCESS);
	MT_REQUIRE(stage_bsd->munlock(&error, pages, mt_page), 0);
}
