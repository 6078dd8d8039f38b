/*
 * What the VM calls answer when the task name is not the caller's own task.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

/* A name that no kernel hands out: index 0xfade, generation 3. */
#define NEVER_A_NAME ((mach_port_name_t)0x00fade03)

MT_CASE(allocate, null_task_is_an_invalid_destination_for_allocate,
    "trap-target-null-allocate",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "MACH_PORT_NULL as the task of mach_vm_allocate() is "
    "MACH_SEND_INVALID_DEST.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(MACH_PORT_NULL, &address, mt_page,
		     VM_FLAGS_FIXED),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(deallocate, null_task_is_an_invalid_destination_for_deallocate,
    "trap-target-null-deallocate",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_deallocate_trap()",
    "MACH_PORT_NULL as the task of mach_vm_deallocate() is "
    "MACH_SEND_INVALID_DEST, and nothing is unmapped.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(MACH_PORT_NULL, page, mt_page),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}

MT_CASE(protect, null_task_is_an_invalid_destination_for_protect,
    "trap-target-null-protect",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_protect_trap()",
    "MACH_PORT_NULL as the task of mach_vm_protect() is "
    "MACH_SEND_INVALID_DEST, and no protection changes.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(MACH_PORT_NULL, page, mt_page, FALSE,
		     VM_PROT_READ),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(map_anonymous, null_task_is_an_invalid_destination_for_map,
    "trap-target-null-map", MACH_KERNELRPC_C "_kernelrpc_mach_vm_map_trap()",
    "MACH_PORT_NULL as the task of mach_vm_map() is MACH_SEND_INVALID_DEST, "
    "and nothing is mapped.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->map_anonymous(MACH_PORT_NULL, &address, mt_page, 0,
		     VM_FLAGS_FIXED, VM_PROT_DEFAULT),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(purgable_control,
    null_task_is_an_invalid_destination_for_purgable_control,
    "trap-target-null-purgable",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_purgable_control_trap()",
    "MACH_PORT_NULL as the task of mach_vm_purgable_control() is "
    "MACH_SEND_INVALID_DEST, and the state is not written.")
{
	mach_vm_address_t page = mt_pages(1);
	int state = 0x51;

	MT_CHECK(vm->purgable_control(MACH_PORT_NULL, page,
		     VM_PURGABLE_GET_STATE, &state),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_NUMBER(state, 0x51);
}

MT_CASE(inherit, null_task_is_an_invalid_destination_for_inherit,
    "null-task-port-inherit", IPC_KMSG_C "ipc_kmsg_copyin_header()",
    "MACH_PORT_NULL as the task of mach_vm_inherit() fails in sending: "
    "MACH_SEND_INVALID_DEST.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(MACH_PORT_NULL, page, mt_page, VM_INHERIT_NONE),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_DEFAULT);
}

MT_CASE(region, null_task_is_an_invalid_destination_for_region,
    "null-task-port-region", IPC_KMSG_C "ipc_kmsg_copyin_header()",
    "MACH_PORT_NULL as the task of mach_vm_region() fails in sending: "
    "MACH_SEND_INVALID_DEST.")
{
	mach_vm_address_t page = mt_pages(1), address = page;
	mach_vm_size_t size = 0x51;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t object = 0x51;

	MT_CHECK(vm->region(MACH_PORT_NULL, &address, &size,
		     VM_REGION_BASIC_INFO_64, (vm_region_info_t)&info, &count,
		     &object),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_ADDRESS(address, page);
	MT_CHECK_NUMBER(size, 0x51);
}

MT_CASE(allocate, dead_task_name_is_an_invalid_destination,
    "trap-target-null-dead",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "MACH_PORT_DEAD as the task of mach_vm_allocate() is refused as "
    "MACH_PORT_NULL is.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(MACH_PORT_DEAD, &address, mt_page,
		     VM_FLAGS_FIXED),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, name_that_denotes_nothing_is_an_invalid_destination,
    "trap-target-bogus-name", IPC_TT_C "port_name_to_current_task_noref()",
    "A name that denotes no right is MACH_SEND_INVALID_DEST as the task of "
    "mach_vm_allocate().")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(NEVER_A_NAME, &address, mt_page, VM_FLAGS_FIXED),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(deallocate, name_that_denotes_nothing_unmaps_nothing,
    "trap-target-bogus-name-deallocate",
    IPC_TT_C "port_name_to_current_task_noref()",
    "A name that denotes no right is MACH_SEND_INVALID_DEST as the task of "
    "mach_vm_deallocate(), and nothing is unmapped.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(NEVER_A_NAME, page, mt_page),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}

MT_CASE(protect, name_that_denotes_nothing_protects_nothing,
    "trap-target-bogus-name-protect",
    IPC_TT_C "port_name_to_current_task_noref()",
    "A name that denotes no right is MACH_SEND_INVALID_DEST as the task of "
    "mach_vm_protect(), and no protection changes.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(NEVER_A_NAME, page, mt_page, FALSE, VM_PROT_NONE),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(raw, name_that_is_gone_is_no_task, "trap-target-gone",
    IPC_TT_C "port_name_to_task()",
    "MACH_SEND_INVALID_DEST: a trap of memory by the task's own name after its "
    "last reference is gone; the trap task_self_trap gives a name again. Since "
    "macOS 11.3 that reference may be pinned.",
    .until = "11.2")
{
	mach_vm_address_t page = mt_pages(1), address = page;
	int state = 0;

	MT_CHILD {
		for (unsigned n = 0; n < 65536 &&
		     mt_trap_port_deallocate(self, self) == KERN_SUCCESS;
		     n++)
			continue;
		MT_CHECK(mt_trap_allocate(self, &address, mt_page,
			     VM_FLAGS_ANYWHERE),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_protect(self, page, mt_page, FALSE,
			     VM_PROT_READ),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_map(self, &address, mt_page, 0,
			     VM_FLAGS_ANYWHERE, VM_PROT_DEFAULT),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_purgable_control(self, page,
			     VM_PURGABLE_GET_STATE, &state),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_deallocate(self, page, mt_page),
		    MACH_SEND_INVALID_DEST);
		MT_CHECK(mt_trap_deallocate(mt_trap_task_self(), page, mt_page),
		    KERN_SUCCESS);
		MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS,
		    KERN_INVALID_ADDRESS);
	}
}
