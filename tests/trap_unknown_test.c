/*
 * Numbers without a trap, in either machine's convention.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"
#include "trap.h"

static void
trap_numbered(void *number)
{
	struct mt_registers registers = { .flags = 0 };

	mt_registers_mach(&registers, *(int *)number, NULL, 0);
	mt_trap_raw(&registers);
}

static int
signal_of(int number)
{
	return mt_child_signal(trap_numbered, &number);
}

MT_CASE(raw, unknown_trap_kills_the_process_with_sigsys, "trap-unknown-signal",
    UX_EXCEPTION_C "ux_exception()",
    "EXC_SYSCALL of an unknown trap that nobody handles becomes SIGSYS; "
    "until macOS 12.2 it was dropped and the process went on.")
{
	MT_CHECK_NUMBER(signal_of(127), 12, MT_UNTIL(12.2, 0));
}

MT_CASE(raw, numbers_below_the_vm_traps_are_empty,
    "trap-unknown-signal-neighbours",
    XNU "osfmk/kern/syscall_sw.c, mach_trap_table",
    "The trap numbers below the first VM trap are empty.")
{
	for (int number = 1; number < 10; number++) {
		if (number == 3 || number == 4)
			continue; /* clocks on arm64 */
		MT_CHECK_NUMBER(signal_of(number), 12, MT_UNTIL(12.2, 0));
	}
}

MT_CASE(raw, second_message_trap_is_unknown_before_it_exists,
    "trap-msg-old-and-new", XNU "osfmk/kern/syscall_sw.c, mach_trap_table",
    "The trap mach_msg2_trap, 47, came with macOS 13; before that the "
    "number is empty.",
    .until = "12")
{
	MT_CHECK_NUMBER(signal_of(47), 12, MT_UNTIL(12.2, 0));
}

MT_CASE(raw, dyld_notification_trap_is_unknown_before_it_exists,
    "trap-table-13", XNU "osfmk/kern/syscall_sw.c, mach_trap_table",
    "The trap number 13 came with macOS 11.3; before that it is empty.",
    .until = "11.2")
{
	MT_CHECK_NUMBER(signal_of(13), 0);
}

MT_CASE(raw, port_destroy_trap_is_gone, "trap-table-17",
    XNU "osfmk/kern/syscall_sw.c, mach_trap_table",
    "The trap number 17 was removed with macOS 11 and is empty since.",
    .since = "11")
{
	MT_CHECK_NUMBER(signal_of(17), 12, MT_UNTIL(12.2, 0));
}

MT_CASE(raw, process_goes_on_after_an_unknown_trap,
    "trap-unknown-signal-continues", UX_EXCEPTION_C "ux_exception()",
    "Until macOS 12.2 a process continues after an unknown trap, its memory "
    "unchanged.",
    .until = "12.2")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE_TRUE(mt_write(page, 0x51).exception == 0);
	trap_numbered(&(int){ 127 });

	MT_CHECK_BYTE(page, 0x51);
	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}
