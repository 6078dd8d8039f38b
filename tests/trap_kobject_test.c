/*
 * What the VM calls answer when the task name denotes another kind of port:
 * the trap takes the caller's own task alone, a message finds a null map.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

MT_CASE(allocate, thread_port_as_task_allocates_nothing,
    "trap-target-wrong-kobject", VM_MAP_C "convert_port_entry_to_map()",
    "A thread port as the task of mach_vm_allocate() is "
    "MACH_SEND_INVALID_DEST by trap; the message server finds no map for "
    "it.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(mt_trap_thread_self(), &address, mt_page,
		     VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT, MT_VIA(trap, MACH_SEND_INVALID_DEST));

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, host_port_as_task_allocates_nothing,
    "trap-target-wrong-kobject-host", VM_MAP_C "convert_port_entry_to_map()",
    "A host port as the task of mach_vm_allocate() is refused, and nothing "
    "is allocated.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(mt_trap_host_self(), &address, mt_page,
		     VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT, MT_VIA(trap, MACH_SEND_INVALID_DEST));

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(deallocate, thread_port_as_task_unmaps_nothing,
    "trap-target-wrong-kobject-deallocate", VM_USER_C "mach_vm_deallocate()",
    "A thread port as the task of mach_vm_deallocate() is refused, and "
    "nothing is unmapped.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(mt_trap_thread_self(), page, mt_page),
	    KERN_INVALID_ARGUMENT, MT_VIA(trap, MACH_SEND_INVALID_DEST));

	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}

MT_CASE(protect, thread_port_as_task_protects_nothing,
    "trap-target-wrong-kobject-protect", VM_USER_C "mach_vm_protect()",
    "A thread port as the task of mach_vm_protect() is refused, and no "
    "protection changes.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(mt_trap_thread_self(), page, mt_page, FALSE,
		     VM_PROT_NONE),
	    KERN_INVALID_ARGUMENT, MT_VIA(trap, MACH_SEND_INVALID_DEST));

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(map_anonymous, thread_port_as_task_maps_nothing,
    "trap-target-wrong-kobject-map", VM_MAP_C "vm_map_enter_mem_object()",
    "A thread port as the task of mach_vm_map() is refused, and nothing is "
    "mapped.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->map_anonymous(mt_trap_thread_self(), &address, mt_page, 0,
		     VM_FLAGS_FIXED, VM_PROT_DEFAULT),
	    KERN_INVALID_ARGUMENT, MT_VIA(trap, MACH_SEND_INVALID_DEST));

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(purgable_control, thread_port_as_task_controls_nothing,
    "trap-target-wrong-kobject-purgable",
    VM_USER_C "mach_vm_purgable_control()",
    "A thread port as the task of mach_vm_purgable_control() is refused, "
    "and the state is not written.")
{
	mach_vm_address_t page = mt_pages(1);
	int state = 0x51;

	MT_CHECK(vm->purgable_control(mt_trap_thread_self(), page,
		     VM_PURGABLE_GET_STATE, &state),
	    KERN_INVALID_ARGUMENT, MT_VIA(trap, MACH_SEND_INVALID_DEST));

	MT_CHECK_NUMBER(state, 0x51);
}

MT_CASE(inherit, thread_port_as_task_inherits_nothing, "dead-task-port-inherit",
    VM_USER_C "mach_vm_inherit()",
    "A port that is no task becomes a null map: mach_vm_inherit() is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(mt_trap_thread_self(), page, mt_page,
		     VM_INHERIT_NONE),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_DEFAULT);
}

MT_CASE(behavior_set, thread_port_as_task_sets_no_behavior,
    "dead-task-port-behavior", VM_USER_C "mach_vm_behavior_set()",
    "A port that is no task becomes a null map: mach_vm_behavior_set() is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->behavior_set(mt_trap_thread_self(), page, mt_page,
		     VM_BEHAVIOR_RANDOM),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(region, thread_port_as_task_returns_no_region, "dead-task-port-region",
    VM_USER_C "mach_vm_region()",
    "A port that is no task becomes a null map: mach_vm_region() is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), address = page;
	mach_vm_size_t size = 0x51;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t object = 0x51;

	MT_CHECK(vm->region(mt_trap_thread_self(), &address, &size,
		     VM_REGION_BASIC_INFO_64, (vm_region_info_t)&info, &count,
		     &object),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_ADDRESS(address, page);
	MT_CHECK_NUMBER(size, 0x51);
}

MT_CASE(page_query, thread_port_as_task_returns_no_page,
    "dead-task-port-page-query", VM_USER_C "mach_vm_page_query()",
    "A port that is no task becomes a null map: mach_vm_page_query() is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);
	integer_t disposition = 0x51, references = 0x52;

	MT_CHECK(vm->page_query(mt_trap_thread_self(), page, &disposition,
		     &references),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_NUMBER(disposition, 0x51);
	MT_CHECK_NUMBER(references, 0x52);
}

MT_CASE(msync, thread_port_as_task_is_an_invalid_task, "msync-null-map",
    VM_MAP_C "vm_map_msync()",
    "A port that is no task becomes a null map, which only mach_vm_msync() "
    "calls KERN_INVALID_TASK.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->msync(mt_trap_thread_self(), page, mt_page,
		     VM_SYNC_ASYNCHRONOUS),
	    KERN_INVALID_TASK);
}

/* The libsystem route would send that port a message and wait for ever. */
MT_CASE(raw, receive_right_of_the_caller_is_refused_by_the_trap,
    "trap-target-user-port",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "A receive right of the caller as the task is refused by the trap at "
    "once.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(mt_trap_allocate(mt_trap_reply_port(), &address, mt_page,
		     VM_FLAGS_FIXED),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}
