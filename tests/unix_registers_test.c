/*
 * The BSD calls' convention: number, result registers, the carry flag.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "trap.h"

enum { MUNMAP = 73, MPROTECT = 74, MMAP = 197 };

MT_CASE(raw, carry_flag_reports_an_error, "unix-carry-error",
    XNU "bsd/dev/i386/systemcalls.c, unix_syscall64()",
    "munmap(2), a BSD call, sets the carry flag when it fails, and its result "
    "register is errno, positive.")
{
	const uint64_t arguments[] = { mt_pages(1) + 1, mt_page };
	struct mt_registers r;

	mt_registers_unix(&r, MUNMAP, arguments, 2);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(mt_registers_failed(&r));
	MT_CHECK_NUMBER(mt_registers_result(&r), DARWIN_EINVAL);
}

MT_CASE(raw, carry_is_clear_after_success, "unix-carry-success",
    XNU "bsd/dev/i386/systemcalls.c, unix_syscall64()",
    "munmap(2), a BSD call, clears the carry flag when it succeeds, and its "
    "result register is 0.")
{
	const uint64_t page = mt_pages(1);
	const uint64_t bad[] = { page + 1, mt_page },
		       good[] = { page, mt_page };
	struct mt_registers r, first;

	mt_registers_unix(&first, MUNMAP, bad, 2);
	mt_trap_raw(&first);
	MT_REQUIRE_TRUE(mt_registers_failed(&first));
	mt_registers_unix(&r, MUNMAP, good, 2);
	r.flags = first.flags;
	mt_trap_raw(&r);
	MT_CHECK_TRUE(!mt_registers_failed(&r));
	MT_CHECK_NUMBER(mt_registers_result(&r), 0);
	MT_CHECK_HOLE(page);
}

MT_CASE(raw, address_is_whole, "unix-result-64",
    XNU "bsd/dev/i386/systemcalls.c, unix_syscall64()",
    "The address that mmap(2) gives is in the result register, all 64 bits.")
{
	const uint64_t hole = mt_hole(1);
	const uint64_t arguments[] = { hole, mt_page, READ_WRITE,
		PRIVATE_ANON | MAP_FIXED, UINT64_MAX, 0 };
	struct mt_registers r;

	mt_registers_unix(&r, MMAP, arguments, 6);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(!mt_registers_failed(&r));
	MT_CHECK_TRUE(mt_registers_result(&r) == hole);
}

MT_CASE(raw, int_argument_is_its_low_half, "unix-argument-32",
    XNU "bsd/kern/syscalls.master, mprotect",
    "mprotect(2), a BSD call, ignores the upper half of the register of an "
    "argument that is an int.")
{
	const uint64_t page = mt_pages(1);
	const uint64_t arguments[] = { page, mt_page,
		UINT64_C(0xdead000000000000) | PROT_READ };
	struct mt_registers r;

	mt_registers_unix(&r, MPROTECT, arguments, 3);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(!mt_registers_failed(&r));
	MT_CHECK_REGION(page, .protection = VM_PROT_READ);
}

MT_CASE(raw, removed_calls_are_enosys, "unix-enosys",
    XNU "bsd/kern/subr_xxx.c, enosys()",
    "ENOSYS without SIGSYS: the BSD calls 8, 11, 17, 19, 21 and 22, which are "
    "no more.",
    .needs = "native")
{
	static const int numbers[] = { 8, 11, 17, 19, 21, 22 };
	struct mt_registers r;

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		mt_registers_unix(&r, numbers[i], NULL, 0);
		mt_trap_raw(&r);
		MT_CHECK_TRUE(mt_registers_failed(&r));
		MT_CHECK_NUMBER(mt_registers_result(&r), DARWIN_ENOSYS);
	}
}

static void
call_numbered(void *number)
{
	struct mt_registers r;

	mt_registers_unix(&r, *(const int *)number, NULL, 0);
	mt_trap_raw(&r);
}

MT_CASE(raw, unknown_call_kills_the_process_with_sigsys, "unix-sigsys",
    XNU "bsd/kern/subr_xxx.c, nosys()",
    "SIGSYS: the signal of a BSD call that the kernel reserves, 63, or that "
    "is beyond its table ends the process.",
    .needs = "native")
{
	static int numbers[] = { 63, 0x7000 };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		MT_CHECK_NUMBER(mt_child_signal(call_numbered, &numbers[i]),
		    12);
}

#if defined(__x86_64__)

MT_CASE(raw, class_2_selects_the_bsd_calls, "unix-x86-class",
    XNU "osfmk/x86_64/idt64.s, hndl_syscall",
    "On x86_64 class 2 in bits 24 to 31 of eax selects the BSD calls; "
    "munmap(2) and mmap(2), which succeed and have no second value, set rdx to "
    "0.",
    .machine = "x86_64")
{
	const uint64_t arguments[] = { mt_pages(1), mt_page, READ_WRITE,
		PRIVATE_ANON | MAP_FIXED, UINT64_MAX, 0 };
	struct mt_registers r;

	mt_registers_unix(&r, MUNMAP, arguments, 2);
	MT_CHECK_NUMBER(r.r[MT_RAX], 0x02000049);
	r.r[MT_RDX] = 0x5a5a;
	mt_trap_raw(&r);
	MT_CHECK_TRUE(!mt_registers_failed(&r));
	MT_CHECK_NUMBER(r.r[MT_RDX], 0);
	mt_registers_unix(&r, MMAP, arguments, 6);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(r.r[MT_RAX] == arguments[0]);
	MT_CHECK_NUMBER(r.r[MT_RDX], 0);
}

MT_CASE(raw, failing_call_keeps_the_other_registers, "unix-x86-kept",
    XNU "bsd/dev/i386/systemcalls.c, unix_syscall64()",
    "On x86_64 munmap(2), a BSD call, keeps every register but rax, rcx, r11 "
    "and the carry flag when it fails.",
    .machine = "x86_64")
{
	struct mt_registers before, after;

	for (int i = 0; i < MT_REGISTERS; i++)
		before.r[i] = UINT64_C(0x5a5a000000000000) | (unsigned)i << 8;
	before.flags = 0;
	before.r[MT_RAX] = 0x02000049; /* munmap() of no page */
	before.r[MT_RDI] |= 1;
	after = before;
	mt_trap_raw(&after);
	MT_CHECK_NUMBER(after.r[MT_RAX], DARWIN_EINVAL);
	MT_CHECK_NUMBER(after.flags & 1, 1);
	for (int i = 0; i < MT_REGISTERS; i++)
		if (i != MT_RAX && i != MT_RCX && i != MT_R11)
			MT_CHECK_NUMBER(after.r[i], before.r[i]);
}

#elif defined(__aarch64__) || defined(__arm64__)

MT_CASE(raw, positive_x16_selects_the_bsd_calls, "unix-arm64-number",
    XNU "osfmk/arm64/sleh.c, handle_svc()",
    "On arm64 a positive number in x16 selects a BSD call; munmap(2) and "
    "mmap(2), which succeed and have no second value, set x1 to 0.",
    .machine = "arm64")
{
	const uint64_t arguments[] = { mt_pages(1), mt_page, READ_WRITE,
		PRIVATE_ANON | MAP_FIXED, UINT64_MAX, 0 };
	struct mt_registers r;

	mt_registers_unix(&r, MUNMAP, arguments, 2);
	MT_CHECK_NUMBER(r.r[16], MUNMAP);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(!mt_registers_failed(&r));
	MT_CHECK_NUMBER(r.r[0], 0);
	MT_CHECK_NUMBER(r.r[1], 0);
	mt_registers_unix(&r, MMAP, arguments, 6);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(r.r[0] == arguments[0]);
	MT_CHECK_NUMBER(r.r[1], 0);
}

MT_CASE(raw, failing_call_has_no_second_value, "unix-arm64-error",
    XNU "bsd/dev/arm/systemcalls.c, arm_prepare_u64_syscall_return()",
    "On arm64 munmap(2), a BSD call, sets x1 to 0 also when it fails.",
    .machine = "arm64")
{
	const uint64_t arguments[] = { mt_pages(1) + 1, mt_page };
	struct mt_registers r;

	mt_registers_unix(&r, MUNMAP, arguments, 2);
	mt_trap_raw(&r);
	MT_CHECK_TRUE(mt_registers_failed(&r));
	MT_CHECK_NUMBER(r.r[1], 0);
}

#endif
