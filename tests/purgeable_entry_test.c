/*
 * Purgeable memory through its memory entry: message 4900 of the memory_entry
 * subsystem.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "mig.h"

#define PURGEABLE (MAP_MEM_NAMED_CREATE | MAP_MEM_PURGABLE | RW)

/* mach_memory_entry_purgable_control() by message. */
static kern_return_t
control(const struct mt_route *vm, mach_port_name_t entry,
    vm_purgable_t control_, int *state)
{
	const struct mt_mig *routine = &mt_migs[MT_MIG_entry_purgable_control];
	uint64_t in[] = { (uint64_t)control_, (uint32_t)*state }, out[1];
	struct mt_message m;
	kern_return_t kr;

	MT_REQUIRE(vm->send(&m, mt_mig_request(routine, entry, in, &m)),
	    MACH_MSG_SUCCESS);
	kr = mt_mig_reply(routine, &m, out);
	if (kr == KERN_SUCCESS)
		*state = (int)out[0];
	return kr;
}

static mach_port_name_t
purgeable(mach_port_name_t self)
{
	return entry_for(self, 4 * mt_page, 0, PURGEABLE, MACH_PORT_NULL);
}

MT_CASE(send, entry_controls_the_state_of_its_memory, "purge-entry-control",
    VM_MEMORY_ENTRY_C "memory_entry_purgeable_control_internal()",
    "memory_entry_purgable_control() of an entry for the whole object sets "
    "and returns the state that its mappings show.",
    .since = "10.14")
{
	mach_port_name_t entry = purgeable(self);
	mach_vm_address_t hole = mt_hole(4);
	int state = 0x7777;

	MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	MT_CHECK(control(vm, entry, VM_PURGABLE_GET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);

	state = VM_PURGABLE_VOLATILE;
	MT_CHECK(control(vm, entry, VM_PURGABLE_SET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
	MT_REQUIRE(stage->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		       &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
}

MT_CASE(send, emptied_memory_reads_as_zero, "purge-entry-control-empty",
    VM_MEMORY_ENTRY_C "memory_entry_purgeable_control_internal()",
    "VM_PURGABLE_EMPTY through the entry discards the pages of all "
    "mappings.",
    .since = "10.14")
{
	mach_port_name_t entry = purgeable(self);
	mach_vm_address_t hole = mt_hole(4);
	int state = VM_PURGABLE_EMPTY;

	MT_REQUIRE(map_at(stage, self, hole, 4 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 4, 0x31);
	MT_CHECK(control(vm, entry, VM_PURGABLE_SET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .pages_resident = 0);
	state = VM_PURGABLE_NONVOLATILE;
	MT_CHECK(control(vm, entry, VM_PURGABLE_SET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_EMPTY);
	MT_CHECK_BYTE(hole + 3 * mt_page, 0);
}

MT_CASE(send, part_of_an_object_cannot_be_controlled,
    "purge-entry-control-part",
    VM_MEMORY_ENTRY_C "memory_entry_purgeable_control_internal()",
    "memory_entry_purgable_control() refuses an entry for a part of the "
    "object, be it the first, in the middle or the last, and one of memory "
    "that is not purgeable.",
    .since = "10.14")
{
	const uint64_t page = mt_system()->kernel_page;
	mach_port_name_t whole = entry_for(self, 4 * page, 0, PURGEABLE,
	    MACH_PORT_NULL);
	mach_port_name_t plain = entry_for(self, 4 * mt_page, four_pages(), RW,
	    MACH_PORT_NULL);
	int state = 0x7777;

	for (unsigned from = 0; from < 4; from++)
		for (unsigned pages = 1; pages <= 4 - from && pages < 4;
		     pages++)
			MT_CHECK(control(vm,
				     entry_for(self, pages * page, from * page,
					 RW, whole),
				     VM_PURGABLE_GET_STATE, &state),
			    KERN_INVALID_ARGUMENT);
	MT_CHECK(control(vm, plain, VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(state, 0x7777);
}

MT_CASE(send, invalid_controls_are_refused, "purge-entry-control-bad",
    VM_MEMORY_ENTRY_C "memory_entry_purgeable_control_internal()",
    "memory_entry_purgable_control() refuses a control other than "
    "VM_PURGABLE_GET_STATE and VM_PURGABLE_SET_STATE, a state with other "
    "bits, and a port that is no entry.",
    .since = "10.14")
{
	mach_port_name_t entry = purgeable(self);
	int state = VM_PURGABLE_VOLATILE;

	MT_CHECK(control(vm, entry, VM_PURGABLE_PURGE_ALL, &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(control(vm, entry, 7, &state), KERN_INVALID_ARGUMENT);
	MT_CHECK(control(vm, self, VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ARGUMENT);
	state = 0x80000;
	MT_CHECK(control(vm, entry, VM_PURGABLE_SET_STATE, &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(control(vm, entry, VM_PURGABLE_GET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(send, snapshot_and_shared_entries_cannot_be_controlled,
    "purge-entry-control-copy",
    VM_MEMORY_ENTRY_C "memory_entry_purgeable_control_internal()",
    "memory_entry_purgable_control() refuses an entry made with "
    "MAP_MEM_VM_COPY or MAP_MEM_VM_SHARE.",
    .since = "10.14")
{
	mach_vm_address_t pages = four_pages();
	mach_port_name_t copied = entry_for(self, 4 * mt_page, pages,
	    RW | MAP_MEM_VM_COPY, MACH_PORT_NULL);
	mach_port_name_t shared = entry_for(self, 4 * mt_page, pages,
	    RW | MAP_MEM_VM_SHARE, MACH_PORT_NULL);
	int state = 0;

	MT_CHECK(control(vm, copied, VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(control(vm, shared, VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ARGUMENT);
}
