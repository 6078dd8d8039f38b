/*
 * Which bits of the machine's registers a trap looks at.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

#define JUNK UINT64_C(0xdeadbeef00000000)

/* A trap with these arguments; all 64 bits of its answer. */
static uint64_t
trap(int number, const uint64_t *arguments, int count)
{
	struct mt_registers registers = { .flags = 0 };

	mt_registers_mach(&registers, number, arguments, count);
	mt_trap_raw(&registers);
	return mt_registers_result(&registers);
}

MT_CASE(raw, high_half_of_the_task_name_is_ignored, "trap-arm64-args-target",
    XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "A trap takes 32 bits of the task name: the upper half of the register "
    "is ignored.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	uint64_t arguments[] = { JUNK | self, (uintptr_t)&address, mt_page,
		VM_FLAGS_FIXED };

	MT_CHECK(trap(10, arguments, 4), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
}

MT_CASE(raw, high_half_of_the_flags_is_ignored, "trap-arm64-args",
    XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "A trap takes 32 bits of the flags: the upper half of the register is "
    "ignored.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	uint64_t arguments[] = { self, (uintptr_t)&address, mt_page,
		JUNK | VM_MAKE_TAG(MT_TAG) };

	MT_CHECK(trap(10, arguments, 4), KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_REGION(hole, .size = mt_page, .user_tag = MT_TAG);
}

MT_CASE(raw, high_half_of_set_maximum_is_ignored, "trap-hi32-ignored",
    XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "A trap takes 32 bits of set_maximum: a false one with anything in the "
    "upper half stays false.")
{
	mach_vm_address_t page = mt_pages(1);
	uint64_t arguments[] = { self, page, mt_page, JUNK | FALSE,
		VM_PROT_READ };

	MT_CHECK(trap(14, arguments, 5), KERN_SUCCESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(raw, high_half_of_the_protection_is_ignored,
    "trap-hi32-ignored-protection", XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "A trap takes 32 bits of the protection: the upper half of the register "
    "is no invalid bit.")
{
	mach_vm_address_t page = mt_pages(1);
	uint64_t arguments[] = { self, page, mt_page, FALSE,
		JUNK | VM_PROT_READ };

	MT_CHECK(trap(14, arguments, 5), KERN_SUCCESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ);
}

MT_CASE(raw, high_half_of_the_current_protection_is_ignored,
    "trap-hi32-ignored-current", XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "The map trap takes 32 bits of the current protection: the upper half "
    "of the register is ignored.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	uint64_t arguments[] = { self, (uintptr_t)&address, mt_page, 0,
		VM_FLAGS_FIXED, JUNK | VM_PROT_READ };

	MT_CHECK(trap(15, arguments, 6), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_READ, .size = mt_page);
}

MT_CASE(raw, high_half_of_the_control_is_ignored, "trap-hi32-ignored-control",
    XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "The purgable_control trap takes 32 bits of the control: the upper half "
    "of the register is ignored.")
{
	mach_vm_address_t page = mt_hole(1);
	int state = 0x51;
	uint64_t arguments[] = { self, page, JUNK | VM_PURGABLE_GET_STATE,
		(uintptr_t)&state };

	MT_REQUIRE(stage->allocate(self, &page, mt_page,
		       VM_FLAGS_PURGABLE | MT_FLAGS_TAG),
	    KERN_SUCCESS);

	MT_CHECK(trap(11, arguments, 4), KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(raw, all_bits_of_a_size_count, "trap-arm64-args-size",
    XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "A trap takes all 64 bits of a size.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	uint64_t arguments[] = { self, (uintptr_t)&address,
		UINT64_C(0x8000000000000000) | mt_page, VM_FLAGS_FIXED };

	MT_CHECK(trap(10, arguments, 4), KERN_INVALID_ADDRESS);

	MT_CHECK_HOLE(hole);
}

MT_CASE(raw, all_bits_of_an_address_count, "trap-arm64-args-address",
    XNU "osfmk/mach/mach_traps.h, PAD_ARG_()",
    "A trap takes all 64 bits of an address.")
{
	mach_vm_address_t page = mt_pages(1);
	uint64_t arguments[] = { self, UINT64_C(1) << 63 | page, mt_page, FALSE,
		VM_PROT_NONE };

	MT_CHECK(trap(14, arguments, 5), KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(raw, all_six_arguments_reach_the_map_trap, "trap-x86-arg-regs",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "The map trap takes its six arguments from registers, none from the "
    "stack.")
{
	mach_vm_address_t hole = mt_hole_aligned(4, 4 * mt_page);
	mach_vm_address_t address = hole + mt_page;
	uint64_t arguments[] = { self, (uintptr_t)&address, mt_page,
		4 * mt_page - 1, VM_FLAGS_FIXED | VM_MAKE_TAG(MT_TAG),
		VM_PROT_READ };

	/* The mask is the fourth: this start violates it. */
	MT_CHECK(trap(15, arguments, 6), KERN_NO_SPACE);
	MT_CHECK_HOLE(hole + mt_page);

	address = hole;
	MT_CHECK(trap(15, arguments, 6), KERN_SUCCESS);
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
	    .protection = VM_PROT_READ, .user_tag = MT_TAG);
}

MT_CASE(raw, answer_fills_the_whole_register, "trap-x86-result-width",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "The result of a trap is a 32-bit integer extended with its sign: a "
    "positive code leaves the upper half of the register zero.")
{
	mach_vm_address_t address = 0;
	uint64_t arguments[] = { MACH_PORT_NULL, (uintptr_t)&address, mt_page,
		VM_FLAGS_ANYWHERE };

	MT_CHECK_NUMBER(trap(10, arguments, 4), 0x10000003);
	MT_CHECK_NUMBER(trap(28, arguments, 0), self);
}

MT_CASE(raw, negative_answer_is_extended_with_its_sign,
    "trap-x86-result-width-negative",
    XNU "iokit/Kernel/IOUserClient.cpp, iokit_user_client_trap()",
    "The result of a trap is extended with its sign: kIOReturnBadArgument, "
    "0xe00002c2, of iokit_user_client_trap, 100, with no connection fills "
    "the upper half of the register with ones.")
{
	const uint64_t arguments[] = { MACH_PORT_NULL, 0, 0, 0, 0, 0 };

	MT_CHECK_NUMBER(trap(100, arguments, 6), INT64_C(-0x1ffffd3e));
}
