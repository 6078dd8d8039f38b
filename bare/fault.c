/*
 * Touching memory by raw signals.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "fault.h"

#include "unix.h"

static bool caught;

void
bare_forked(void)
{
	caught = false;
}

/* Install the handler only for an access: a child that is to die of a signal
 * must not have one. */
static void
install_handler(void)
{
	if (!caught)
		bare_catch();
	caught = true;
}

/* bsd/uxkern/ux_exception.c: KERN_INVALID_ADDRESS is SIGSEGV (11), every other
 * code SIGBUS (10). */
static struct mt_fault
answer(int64_t result)
{
	struct mt_fault fault = { 0 };

	if (result >= 0) {
		fault.value = (uint8_t)result;
		return fault;
	}
	fault.signal = (int)(-result & 0xff);
	fault.signal_code = (int)(-result >> 8);
	fault.signal_address = bare_si_addr;
	fault.exception = EXC_BAD_ACCESS;
	fault.by_signal = true;
	fault.code = fault.signal == 11 ? KERN_INVALID_ADDRESS :
					  KERN_PROTECTION_FAILURE;
	return fault;
}

struct mt_fault
mt_read(mach_vm_address_t address)
{
	install_handler();
	return answer(bare_load(address));
}

struct mt_fault
mt_write(mach_vm_address_t address, uint8_t value)
{
	install_handler();
	return answer(bare_store(address, value));
}

struct mt_fault
mt_execute(mach_vm_address_t address)
{
	install_handler();
	return answer(bare_execute(address));
}
