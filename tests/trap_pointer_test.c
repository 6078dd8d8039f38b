/*
 * Bad in and out pointers handed to the traps themselves.  A message routine
 * would follow the pointer in the caller's own code and fault there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "check.h"
#include "sources.h"
#include "trap.h"

/* Nothing is mapped there in any process. */
static mach_vm_address_t *const nowhere = (mach_vm_address_t *)8;

/* A 64-bit word or an int in test memory. */
static mach_vm_address_t *
word_at(mach_vm_address_t address)
{
	return (mach_vm_address_t *)(uintptr_t)address;
}

static int *
int_at(mach_vm_address_t address)
{
	return (int *)(uintptr_t)address;
}

MT_CASE(raw, unmapped_address_pointer_is_a_memory_error, "trap-copyin-fail-new",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "KERN_MEMORY_ERROR: an allocate trap whose address cannot be read; "
    "before macOS 12 the answer was that for a bad task.")
{
	MT_CHECK(mt_trap_allocate(self, nowhere, mt_page, VM_FLAGS_ANYWHERE),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(raw, unmapped_address_pointer_of_map_is_a_memory_error,
    "trap-copyin-fail-new-map",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_map_trap()",
    "KERN_MEMORY_ERROR: a map trap whose address cannot be read; before "
    "macOS 12 the answer was that for a bad task.")
{
	MT_CHECK(mt_trap_map(self, nowhere, mt_page, 0, VM_FLAGS_ANYWHERE,
		     VM_PROT_DEFAULT),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(raw, unmapped_state_pointer_is_a_memory_error, "trap-purgable-state-in",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_purgable_control_trap()",
    "The purgable_control trap reads the state even when it only returns "
    "one: a state that cannot be read fails first.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(mt_trap_purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     (int *)nowhere),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(raw, unmapped_state_pointer_is_reported_before_a_bad_control,
    "trap-purgable-state-in-order",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_purgable_control_trap()",
    "The purgable_control trap reads the state before it checks the "
    "control.")
{
	MT_CHECK(mt_trap_purgable_control(self, 0, 99, (int *)nowhere),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(raw, kernel_address_as_pointer_is_a_memory_error,
    "trap-copyin-fail-new-kernel",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "KERN_MEMORY_ERROR: an allocate trap whose address is at a pointer in "
    "the kernel's half of the address space.")
{
	MT_CHECK(mt_trap_allocate(self, word_at(0xffffff8000200000), mt_page,
		     VM_FLAGS_ANYWHERE),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(raw, unreadable_address_pointer_is_a_memory_error,
    "trap-copyin-fail-new-protected",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "KERN_MEMORY_ERROR: an allocate trap whose address is in memory of "
    "VM_PROT_NONE.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page), mt_page,
		     VM_FLAGS_ANYWHERE),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(raw, pointer_across_the_end_of_a_region_is_a_memory_error,
    "trap-copyin-fail-new-straddle",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "KERN_MEMORY_ERROR: an allocate trap whose address is only partly in "
    "mapped memory.")
{
	mach_vm_address_t page = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, page + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page + mt_page - 4), mt_page,
		     VM_FLAGS_ANYWHERE),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
	MT_CHECK_LAYOUT(page, "a.");
}

MT_CASE(raw, failed_pointer_allocates_nothing, "trap-copyin-fail-new-nothing",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "An allocate trap whose address cannot be read allocates nothing.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	*word_at(page) = hole;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page), mt_page, VM_FLAGS_FIXED),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
	MT_CHECK_HOLE(hole);
}

MT_CASE(raw, unmapped_pointer_is_reported_as_a_bad_task, "trap-copyin-fail-old",
    "xnu-7195.141.2 osfmk/ipc/mach_kernelrpc.c, _kernelrpc_mach_vm_allocate_trap()",
    "Until macOS 11 an allocate trap whose address cannot be read returns "
    "the code for a task that is not the caller.",
    .until = "11")
{
	mach_vm_address_t page = mt_pages(2);

	MT_REQUIRE(stage->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page), mt_page,
		     VM_FLAGS_ANYWHERE),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK_LAYOUT(page, ".a");
}

MT_CASE(raw, read_only_address_pointer_leaves_the_memory_allocated,
    "trap-copyout-fail-new",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "An allocate trap whose address can be read but not written back has "
    "allocated all the same; until macOS 11 it returns the BSD error "
    "EFAULT.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	*word_at(page) = hole;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page), mt_page,
		     VM_FLAGS_FIXED | MT_FLAGS_TAG),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, 14));
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
	    .protection = VM_PROT_DEFAULT, .user_tag = MT_TAG);
}

MT_CASE(raw, read_only_address_pointer_leaves_the_memory_mapped,
    "trap-copyout-fail-new-map",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_map_trap()",
    "A map trap whose address can be read but not written back has mapped "
    "all the same; until macOS 11 it returns the BSD error EFAULT.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	*word_at(page) = hole;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_map(self, word_at(page), mt_page, 0,
		     VM_FLAGS_FIXED | MT_FLAGS_TAG, VM_PROT_READ),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, 14));
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
	    .protection = VM_PROT_READ, .user_tag = MT_TAG);
}

MT_CASE(raw, read_only_state_pointer_leaves_the_state_set,
    "trap-copyout-fail-new-purgable",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_purgable_control_trap()",
    "A purgable_control trap whose old state cannot be written back has set "
    "the new one all the same; until macOS 11 it returns the BSD error "
    "EFAULT.")
{
	mach_vm_address_t page = mt_pages(1), purgable = mt_hole(1);
	int state = 0x51;

	MT_REQUIRE(stage->allocate(self, &purgable, mt_page,
		       VM_FLAGS_PURGABLE | MT_FLAGS_TAG),
	    KERN_SUCCESS);
	*int_at(page) = VM_PURGABLE_VOLATILE;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_purgable_control(self, purgable, VM_PURGABLE_SET_STATE,
		     int_at(page)),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, 14));

	MT_REQUIRE(mt_trap_purgable_control(self, purgable,
		       VM_PURGABLE_GET_STATE, &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
}

MT_CASE(raw, failed_write_back_returns_the_bsd_error, "trap-copyout-fail-old",
    "xnu-7195.141.2 osfmk/ipc/mach_kernelrpc.c, _kernelrpc_mach_vm_allocate_trap()",
    "Until macOS 11 a trap that cannot write its address back returns the "
    "BSD error 14, EFAULT.",
    .until = "11")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(2);

	*word_at(page) = hole + mt_page;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page), mt_page, VM_FLAGS_FIXED),
	    14);
	MT_CHECK_LAYOUT(hole, ".a");
}

MT_CASE(raw, failed_call_does_not_write_back,
    "trap-copyout-fail-new-error-first",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "A trap writes the address back only after success: a refused call "
    "returns its own code whatever the pointer.")
{
	mach_vm_address_t page = mt_pages(1), taken = mt_pages(1);

	*word_at(page) = taken;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(mt_trap_allocate(self, word_at(page), mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
}

MT_CASE(raw, odd_address_pointer_works, "trap-copyin-misaligned",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "A trap copies the address byte by byte: the pointer need not be "
    "aligned.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1), out = 0;

	memcpy((void *)(uintptr_t)(page + 1), &hole, sizeof(hole));

	MT_CHECK(mt_trap_allocate(self, word_at(page + 1), mt_page,
		     VM_FLAGS_FIXED),
	    KERN_SUCCESS);

	memcpy(&out, (void *)(uintptr_t)(page + 1), sizeof(out));
	MT_CHECK_ADDRESS(out, hole);
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
}

MT_CASE(raw, address_across_two_pages_works, "trap-copyin-misaligned-straddle",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "A trap reads an address that is on two mapped pages.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(1), out = 0;
	mach_vm_address_t across = pages + mt_page - 3;

	memcpy((void *)(uintptr_t)across, &hole, sizeof(hole));

	MT_CHECK(mt_trap_allocate(self, word_at(across), mt_page,
		     VM_FLAGS_FIXED),
	    KERN_SUCCESS);

	memcpy(&out, (void *)(uintptr_t)across, sizeof(out));
	MT_CHECK_ADDRESS(out, hole);
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
}

MT_CASE(raw, bad_task_is_reported_before_a_bad_pointer,
    "trap-order-target-first",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "A trap looks up the task before it reads the address.")
{
	MT_CHECK(mt_trap_allocate(MACH_PORT_NULL, nowhere, mt_page,
		     VM_FLAGS_ANYWHERE),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK(mt_trap_map(MACH_PORT_NULL, nowhere, mt_page, 0,
		     VM_FLAGS_ANYWHERE, VM_PROT_DEFAULT),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK(mt_trap_purgable_control(MACH_PORT_NULL, 0,
		     VM_PURGABLE_GET_STATE, (int *)nowhere),
	    MACH_SEND_INVALID_DEST);
}

MT_CASE(raw, bad_pointer_is_reported_before_bad_flags,
    "trap-order-target-first-pointer-second",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "A trap reads the address before it checks the arguments.")
{
	MT_CHECK(mt_trap_allocate(self, nowhere, mt_page, 0x00800000),
	    KERN_MEMORY_ERROR, MT_UNTIL(11, MACH_SEND_INVALID_DEST));
}

MT_CASE(allocate, refused_allocation_leaves_the_address,
    "trap-out-untouched-on-error",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_allocate_trap()",
    "mach_vm_allocate() leaves the address alone when it fails.")
{
	mach_vm_address_t taken = mt_pages(1), address = taken + 5;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, taken + 5);
}

MT_CASE(map_anonymous, refused_mapping_leaves_the_address,
    "trap-out-untouched-on-error-map",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_map_trap()",
    "mach_vm_map() leaves the address alone when it fails.")
{
	mach_vm_address_t taken = mt_pages(1), address = taken + 5;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0, VM_FLAGS_FIXED,
		     VM_PROT_DEFAULT),
	    KERN_NO_SPACE);
	MT_CHECK_ADDRESS(address, taken + 5);

	address = 0x1234;
	MT_CHECK(vm->map_anonymous(self, &address, 0, 0, VM_FLAGS_ANYWHERE,
		     VM_PROT_DEFAULT),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(address, 0x1234);
}

MT_CASE(purgable_control, refused_control_leaves_the_state,
    "trap-out-untouched-on-error-purgable",
    MACH_KERNELRPC_C "_kernelrpc_mach_vm_purgable_control_trap()",
    "mach_vm_purgable_control() leaves the state alone when it fails.")
{
	mach_vm_address_t page = mt_pages(1);
	int state = 0x51;

	MT_CHECK(vm->purgable_control(self, page, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(state, 0x51);
}
