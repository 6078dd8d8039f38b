/*
 * Deferred reclamation, an interface between the kernel and malloc, as far as
 * it tells one release from another: its messages and its trap.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"

static void
update_nothing(void *unused)
{
	struct mt_registers registers = { .flags = 0 };
	const uint64_t nothing[3] = { 0 };

	(void)unused;
	mt_registers_mach(&registers, 63, nothing, 3);
	mt_trap_raw(&registers);
}

MT_CASE(send, process_is_asked_for_its_ring, "reclaim-query",
    XNU26 "osfmk/mach/mach_vm.defs, mach_vm_deferred_reclamation_buffer_query",
    "Message 4828 asks where a process keeps what malloc has given back; it "
    "came with macOS 26.0, before that it is MIG_BAD_ID.")
{
	struct answer a = header_only(vm, self, 4828);

	MT_CHECK(a.error, MACH_MSG_SUCCESS);
	MT_CHECK(a.code, KERN_SUCCESS, MT_UNTIL(15, MIG_BAD_ID));
	MT_CHECK_NUMBER(a.size, 52, MT_UNTIL(15, 36));
}

MT_CASE(reclamation_buffer_query, process_without_a_ring_has_none,
    "reclaim-query-none",
    XNU26 "osfmk/vm/vm_reclaim.c, "
	  "mach_vm_deferred_reclamation_buffer_query_internal()",
    "Message 4828 answers address 0 and size 0 for a process whose malloc "
    "keeps no ring.")
{
	mach_vm_address_t address = 0x51;
	mach_vm_size_t size = 0x51;

	MT_CHECK(vm->reclamation_buffer_query(self, &address, &size),
	    KERN_SUCCESS);
	MT_SKIP_UNLESS(address == 0, "the process has a ring");
	MT_CHECK_NUMBER(size, 0);
}

MT_CASE(send, update_of_the_ring_is_no_message, "reclaim-update-gone",
    XNU26 "osfmk/mach/mach_vm.defs",
    "Message 4824 is MIG_BAD_ID since macOS 26.0; from macOS 13 to 15 it is a "
    "routine, which a header alone is too short for.")
{
	MT_CHECK(header_only(vm, self, 4824).code, MIG_BAD_ID,
	    MT_UNTIL(15, MIG_BAD_ARGUMENTS), MT_UNTIL(12, MIG_BAD_ID));
}

MT_CASE(raw, update_of_the_ring_is_a_trap, "reclaim-trap-63",
    XNU26 "osfmk/kern/syscall_sw.c, mach_trap_table",
    "The trap 63 came with macOS 26.0; before that the number is empty.")
{
	MT_CHECK_NUMBER(mt_child_signal(update_nothing, NULL), 0,
	    MT_UNTIL(15, 12), MT_UNTIL(12.2, 0));
}

MT_CASE(raw, ring_of_no_task_is_not_updated, "reclaim-trap-63-target",
    XNU26 "osfmk/ipc/mach_kernelrpc.c, "
	  "mach_vm_reclaim_update_kernel_accounting_trap()",
    "The trap 63 without a task is MACH_SEND_INVALID_DEST.", .since = "26.0")
{
	struct mt_registers registers = { .flags = 0 };
	const uint64_t nothing[3] = { 0 };

	mt_registers_mach(&registers, 63, nothing, 3);
	mt_trap_raw(&registers);
	MT_CHECK((kern_return_t)mt_registers_result(&registers),
	    MACH_SEND_INVALID_DEST);
}

MT_CASE(raw, ring_is_not_updated_without_places_for_the_results,
    "reclaim-trap-63-results",
    XNU26 "osfmk/ipc/mach_kernelrpc.c, "
	  "mach_vm_reclaim_update_kernel_accounting_trap()",
    "The trap 63 without a place for the bytes or for the deadline is "
    "KERN_INVALID_ARGUMENT, whether the process has a ring or not.",
    .since = "26.0")
{
	uint64_t bytes = 0x51, deadline = 0x51;
	const uint64_t places[][2] = { { 0, 0 }, { (uintptr_t)&bytes, 0 },
		{ 0, (uintptr_t)&deadline } };

	for (unsigned i = 0; i < 3; i++) {
		struct mt_registers registers = { .flags = 0 };

		mt_registers_mach(&registers, 63,
		    (const uint64_t[]){ self, places[i][0], places[i][1] }, 3);
		mt_trap_raw(&registers);
		MT_CHECK((kern_return_t)mt_registers_result(&registers),
		    KERN_INVALID_ARGUMENT);
	}
	MT_CHECK_NUMBER(bytes, 0x51);
	MT_CHECK_NUMBER(deadline, 0x51);
}
