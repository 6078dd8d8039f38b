/*
 * The trap convention of arm64: x16, the immediate, registers, NZCV.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

MT_CASE(raw, negative_x16_reaches_the_mach_traps, "trap-arm64-number",
    XNU "osfmk/arm64/sleh.c, handle_svc()",
    "On arm64 a negative number in x16 selects a Mach trap.",
    .machine = "arm64")
{
	struct mt_registers registers = { .flags = 0 };

	mt_registers_mach(&registers, 28, NULL, 0);
	mt_trap_raw(&registers);
	MT_CHECK_NUMBER(mt_registers_result(&registers), self);
}

#if defined(__aarch64__) || defined(__arm64__)

#define CARRY UINT64_C(0x20000000)
#define NZCV  UINT64_C(0xf0000000)

/* Every register its own value but the platform's x18; x16 selects. */
static void
fill(struct mt_registers *registers, uint64_t x16)
{
	for (int i = 0; i < MT_REGISTERS; i++)
		registers->r[i] = UINT64_C(0x5a5a000000000000) |
		    (unsigned)i << 8 | 0x5a;
	registers->r[16] = x16;
	registers->flags = 0;
}

static void
check_kept(const struct mt_registers *before, const struct mt_registers *after)
{
	for (int i = 1; i < MT_REGISTERS; i++) {
		if (i == 18)
			continue;
		MT_CHECK_NUMBER(after->r[i], before->r[i]);
	}
	MT_CHECK_NUMBER(after->flags & NZCV, before->flags & NZCV);
}

MT_CASE(raw, high_half_of_x16_is_ignored, "trap-arm64-number-high",
    XNU "osfmk/arm64/sleh.c, handle_svc()",
    "On arm64 the low half of x16 is the trap number: -28 in 32 bits "
    "selects trap 28 whatever the upper half is.",
    .machine = "arm64")
{
	static const uint64_t numbers[] = { UINT64_C(0xffffffffffffffe4),
		UINT64_C(0x00000000ffffffe4), UINT64_C(0x12345678ffffffe4) };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct mt_registers registers;

		fill(&registers, numbers[i]);
		mt_trap_raw(&registers);
		MT_CHECK_NUMBER(registers.r[0], self);
	}
}

MT_CASE(raw, immediate_of_svc_is_ignored, "trap-arm64-svc-imm",
    XNU "osfmk/arm64/sleh.c, sleh_synchronous()",
    "On arm64 svc #0, svc #0x80 and svc #0xffff enter the same trap.",
    .machine = "arm64")
{
	struct mt_registers zero, usual, largest;

	fill(&zero, (uint64_t)-28);
	usual = largest = zero;
	mt_trap_raw_svc_0(&zero);
	mt_trap_raw(&usual);
	mt_trap_raw_svc_ffff(&largest);

	MT_CHECK_NUMBER(zero.r[0], self);
	MT_CHECK_NUMBER(usual.r[0], self);
	MT_CHECK_NUMBER(largest.r[0], self);
}

MT_CASE(raw, successful_trap_keeps_the_registers, "trap-arm64-ret-regs",
    XNU "osfmk/arm64/bsd_arm64.c, arm_set_mach_syscall_ret()",
    "On arm64 a trap that succeeds changes x0 alone: every other register "
    "and the flags are kept.",
    .machine = "arm64")
{
	struct mt_registers before, after;

	fill(&before, (uint64_t)-28);
	before.flags = CARRY;
	after = before;
	mt_trap_raw(&after);

	MT_CHECK_NUMBER(after.r[0], self);
	check_kept(&before, &after);
}

MT_CASE(raw, failing_trap_keeps_the_registers, "trap-arm64-ret-regs-failure",
    XNU "osfmk/arm64/bsd_arm64.c, arm_set_mach_syscall_ret()",
    "On arm64 a trap that fails changes x0 alone: a clear carry flag stays "
    "clear.",
    .machine = "arm64")
{
	struct mt_registers before, after;

	fill(&before, (uint64_t)-12);
	before.r[0] = MACH_PORT_NULL;
	after = before;
	mt_trap_raw(&after);

	MT_CHECK_NUMBER(after.r[0], MACH_SEND_INVALID_DEST);
	check_kept(&before, &after);
}

MT_CASE(raw, time_traps_return_a_clock, "trap-arm64-time-pseudo",
    XNU "osfmk/arm64/sleh.c, handle_svc()",
    "On arm64 the trap numbers -3 and -4 in x16 return the absolute and the "
    "continuous time in x0.",
    .arch = "arm64", .machine = "arm64")
{
	for (uint64_t number = 3; number <= 4; number++) {
		struct mt_registers first, second;

		fill(&first, -number);
		second = first;
		mt_trap_raw(&first);
		mt_trap_raw(&second);
		MT_CHECK_TRUE(first.r[0] != 0);
		MT_CHECK_TRUE(second.r[0] >= first.r[0]);
	}
}

static void
trap_with_x16(void *x16)
{
	struct mt_registers registers;

	fill(&registers, *(uint64_t *)x16);
	mt_trap_raw(&registers);
}

MT_CASE(raw, number_without_a_trap_is_a_bad_system_call, "trap-arm64-unknown",
    XNU "osfmk/arm64/bsd_arm64.c, mach_syscall()",
    "On arm64 EXC_SYSCALL is raised for a trap number without a trap and "
    "becomes SIGSYS; on macOS 11 there is no signal.",
    .machine = "arm64")
{
	uint64_t empty = (uint64_t)-127, beyond = (uint64_t)-300;

	MT_CHECK_NUMBER(mt_child_signal(trap_with_x16, &empty), 12,
	    MT_UNTIL(12.2, 0));
	MT_CHECK_NUMBER(mt_child_signal(trap_with_x16, &beyond), 12,
	    MT_UNTIL(12.2, 0));
}

#endif
