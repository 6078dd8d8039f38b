/*
 * The trap convention of x86_64: classes, registers, the carry flag.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

MT_CASE(raw, class_1_selects_the_mach_traps, "trap-x86-class",
    XNU "osfmk/x86_64/idt64.s, hndl_syscall",
    "On x86_64 class 1 in bits 24 to 31 of eax selects the Mach traps.",
    .machine = "x86_64")
{
	struct mt_registers registers = { .flags = 0 };

	mt_registers_mach(&registers, 28, NULL, 0);
	MT_CHECK_NUMBER(registers.r[0], 0x0100001c);
	mt_trap_raw(&registers);
	MT_CHECK_NUMBER(mt_registers_result(&registers), self);
}

#if defined(__x86_64__)

#define CARRY UINT64_C(1)
#define ELSE_ UINT64_C(0x5a5a000000000000)

/* Every register its own value; rax selects the trap. */
static void
fill(struct mt_registers *registers, uint64_t rax)
{
	for (int i = 0; i < MT_REGISTERS; i++)
		registers->r[i] = ELSE_ | (unsigned)i << 8 | 0x5a;
	registers->r[MT_RAX] = rax;
	registers->flags = 0;
}

/* The registers after the trap, apart from what the instruction itself and
 * the answer take: rax, rcx, r11. */
static void
check_kept(const struct mt_registers *before, const struct mt_registers *after)
{
	for (int i = 0; i < MT_REGISTERS; i++) {
		if (i == MT_RAX || i == MT_RCX || i == MT_R11)
			continue;
		MT_CHECK_NUMBER(after->r[i], before->r[i]);
	}
	MT_CHECK_NUMBER(after->flags & CARRY, before->flags & CARRY);
}

MT_CASE(raw, high_half_of_rax_is_ignored, "trap-x86-rax-high-ignored",
    XNU "osfmk/x86_64/idt64.s, hndl_syscall",
    "On x86_64 the upper half of rax is ignored at a trap.",
    .machine = "x86_64")
{
	struct mt_registers registers;

	fill(&registers, UINT64_C(0xdeadbeef0100001c));
	mt_trap_raw(&registers);
	MT_CHECK_NUMBER(registers.r[MT_RAX], self);
}

MT_CASE(raw, fourth_argument_is_read_from_r10, "trap-x86-arg-regs-r10",
    XNU "osfmk/mach/i386/syscall_sw.h, kernel_trap()",
    "On x86_64 the syscall instruction overwrites rcx: r10 carries the "
    "fourth argument of a trap.",
    .machine = "x86_64")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;
	struct mt_registers registers;

	fill(&registers, 0x0100000a);
	registers.r[MT_RDI] = self;
	registers.r[MT_RSI] = (uintptr_t)&address;
	registers.r[MT_RDX] = mt_page;
	registers.r[MT_R10] = VM_MAKE_TAG(MT_TAG);
	registers.r[MT_RCX] = 0x00800000; /* no valid flag */
	mt_trap_raw(&registers);

	MT_CHECK(registers.r[MT_RAX], KERN_SUCCESS);
	MT_CHECK_REGION(hole, .address = hole, .user_tag = MT_TAG);
}

MT_CASE(raw, successful_trap_keeps_the_registers, "trap-x86-regs-preserved",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 a trap that succeeds changes rax, and rcx and r11, which the "
    "instruction itself overwrites; every other register and the carry flag "
    "are kept.",
    .machine = "x86_64")
{
	struct mt_registers before, after;

	fill(&before, 0x0100001c);
	before.flags = CARRY;
	after = before;
	mt_trap_raw(&after);

	MT_CHECK_NUMBER(after.r[MT_RAX], self);
	check_kept(&before, &after);
}

MT_CASE(raw, failing_trap_keeps_the_registers,
    "trap-x86-regs-preserved-failure",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 a trap that fails changes rax: a clear carry flag stays "
    "clear and rdx keeps its value.",
    .machine = "x86_64")
{
	struct mt_registers before, after;

	fill(&before, 0x0100000c);
	before.r[MT_RDI] = MACH_PORT_NULL;
	after = before;
	mt_trap_raw(&after);

	MT_CHECK_NUMBER(after.r[MT_RAX], MACH_SEND_INVALID_DEST);
	check_kept(&before, &after);
}

MT_CASE(raw, failing_trap_keeps_a_set_carry_flag,
    "trap-x86-regs-preserved-carry",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 a trap leaves a set carry flag set, whether it succeeds or "
    "fails.",
    .machine = "x86_64")
{
	struct mt_registers registers;

	fill(&registers, 0x0100000c);
	registers.r[MT_RDI] = MACH_PORT_NULL;
	registers.flags = CARRY;
	mt_trap_raw(&registers);

	MT_CHECK_NUMBER(registers.r[MT_RAX], MACH_SEND_INVALID_DEST);
	MT_CHECK_NUMBER(registers.flags & CARRY, CARRY);
}

MT_CASE(raw, instruction_leaves_its_return_address_in_rcx,
    "trap-x86-regs-preserved-rcx", XNU "osfmk/x86_64/idt64.s, hndl_syscall",
    "On x86_64 a trap returns with the address after the instruction in rcx "
    "and the flags in r11.",
    .machine = "x86_64")
{
	struct mt_registers first, second;

	fill(&first, 0x0100001c);
	fill(&second, 0x0100001d);
	mt_trap_raw(&first);
	mt_trap_raw(&second);

	MT_CHECK_TRUE(first.r[MT_RCX] != (ELSE_ | MT_RCX << 8 | 0x5a));
	MT_CHECK_NUMBER(second.r[MT_RCX] - first.r[MT_RCX], 0);
	/* Bit 1 of the flags is always set, bit 9 lets interrupts in. */
	MT_CHECK_NUMBER(first.r[MT_R11] & 0x202, 0x202);
}

MT_CASE(raw, unknown_number_returns_without_a_trap, "trap-result-unknown-rax",
    UX_EXCEPTION_C "ux_exception()",
    "On x86_64 until macOS 12.2 an unknown trap raises no signal: the "
    "thread continues after the instruction with its registers unchanged, but "
    "for the upper half of rax, which is 0.",
    .machine = "x86_64", .until = "12.2")
{
	static const uint64_t numbers[] = { 0x01000001, 0x0100007f, 0x0100012c,
		0x0101001c, 0x0180001c, UINT64_C(0xdeadbeef0100007f),
		UINT64_C(0xffffffff01000001) };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct mt_registers before, after;

		fill(&before, numbers[i]);
		before.flags = CARRY;
		after = before;
		mt_trap_raw(&after);

		MT_CHECK_NUMBER(after.r[MT_RAX], (uint32_t)numbers[i]);
		check_kept(&before, &after);
	}
}

static void
trap_with_eax(void *eax)
{
	struct mt_registers registers;

	fill(&registers, *(uint64_t *)eax);
	mt_trap_raw(&registers);
}

MT_CASE(raw, number_without_a_trap_is_a_bad_system_call,
    "trap-x86-unknown-number",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 EXC_SYSCALL is raised for a trap number without a trap and "
    "becomes SIGSYS; until macOS 12.2 there is no signal.",
    .machine = "x86_64")
{
	uint64_t eax = 0x0100007f;

	MT_CHECK_NUMBER(mt_child_signal(trap_with_eax, &eax), 12,
	    MT_UNTIL(12.2, 0));
}

MT_CASE(raw, number_beyond_the_table_is_a_bad_system_call,
    "trap-x86-unknown-number-beyond",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 a number beyond the 128 of the trap table is as unknown as "
    "an empty one.",
    .machine = "x86_64")
{
	uint64_t eax = 0x0100012c;

	MT_CHECK_NUMBER(mt_child_signal(trap_with_eax, &eax), 12,
	    MT_UNTIL(12.2, 0));
}

MT_CASE(raw, number_has_24_bits, "trap-x86-unknown-number-bits",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 all bits of eax below the class are the trap's number: one that "
    "has a trap in its low 8 or 16 bits alone is as unknown as an empty one.",
    .machine = "x86_64")
{
	static const uint64_t numbers[] = { 0x0100011c, 0x0100101c, 0x0101001c,
		0x0110001c, 0x0180001c };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		uint64_t eax = numbers[i];

		MT_CHECK_NUMBER(mt_child_signal(trap_with_eax, &eax), 12,
		    MT_UNTIL(12.2, 0));
	}
}

MT_CASE(raw, time_traps_of_arm64_are_bad_system_calls,
    "trap-x86-unknown-number-time",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 the trap numbers 3 and 4, which are the clocks of arm64, are "
    "empty.",
    .arch = "x86_64", .machine = "x86_64", .needs = "native")
{
	uint64_t eax = 0x01000003;

	MT_CHECK_NUMBER(mt_child_signal(trap_with_eax, &eax), 12,
	    MT_UNTIL(12.2, 0));
}

MT_CASE(raw, number_of_the_machine_that_there_is_not, "trap-x86-machine",
    XNU "osfmk/i386/bsd_i386.c, machdep_syscall64()",
    "On x86_64 class 3 selects the machine's own calls: a number beyond their "
    "table is KERN_INVALID_ARGUMENT, and no signal.",
    .machine = "x86_64", .needs = "native")
{
	static uint64_t numbers[] = { 0x03000100, 0x03010000, 0x03ffffff };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct mt_registers before, after;

		MT_REQUIRE_TRUE(
		    mt_child_signal(trap_with_eax, &numbers[i]) == 0);
		fill(&before, numbers[i]);
		before.flags = CARRY;
		after = before;
		mt_trap_raw(&after);
		MT_CHECK_NUMBER(after.r[MT_RAX], KERN_INVALID_ARGUMENT);
		check_kept(&before, &after);
	}
}

/* A trap with this stack pointer; the kernel uses a stack of its own. */
static uint64_t
trap_with_stack(unsigned number, uint64_t top)
{
	uint64_t result = 0x01000000 | number;

	__asm__ volatile("movq %%rsp, %%r12\n\t"
			 "movq %1, %%rsp\n\t"
			 "syscall\n\t"
			 "movq %%r12, %%rsp"
			 : "+a"(result)
			 : "r"(top)
			 : "rcx", "r11", "r12", "memory");
	return result;
}

MT_CASE(raw, seventh_argument_must_be_readable, "trap-x86-arg-stack",
    XNU "osfmk/i386/bsd_i386.c, mach_call_munger64()",
    "On x86_64 a trap of seven arguments, mach_msg_trap, is "
    "KERN_INVALID_ARGUMENT where the stack cannot be read; one of six or fewer "
    "does not look there.",
    .machine = "x86_64", .needs = "native")
{
	const uint64_t hole = mt_hole(1);

	MT_CHECK_NUMBER(trap_with_stack(31, hole), KERN_INVALID_ARGUMENT);
	MT_CHECK_NUMBER(trap_with_stack(28, hole), self);
	MT_CHECK(mt_trap_port_deallocate(self, self), KERN_SUCCESS);
}

MT_CASE(raw, class_without_a_handler_is_a_bad_system_call,
    "trap-unknown-class-x86", XNU "osfmk/x86_64/idt64.s, hndl_syscall",
    "On x86_64 EXC_SYSCALL is raised for a system call class above the four "
    "known ones.",
    .machine = "x86_64")
{
	uint64_t numbers[] = { 0x05000001, 0x0700000a, 0x1100001c, 0x4100001c,
		0x8100001c, 0xff00001c };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		MT_CHECK_NUMBER(mt_child_signal(trap_with_eax, &numbers[i]), 12,
		    MT_UNTIL(12.2, 0));
}

#endif
