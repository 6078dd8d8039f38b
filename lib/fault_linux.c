/*
 * Touching memory, on the model.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "fault.h"
#include "model/calls/exception.h"
#include "model/host/access.h"
#include "numbers.h"

static struct mt_fault
answer(long result, mach_vm_address_t address)
{
	struct mt_fault fault = { 0 };

	if (result >= 0) {
		fault.value = (uint8_t)result;
		return fault;
	}
	fault.exception = EXC_BAD_ACCESS;
	fault.code = -result;
	fault.signal = exception_is_segv_at(fault.code, address) ?
	    DARWIN_SIGSEGV :
	    DARWIN_SIGBUS;
	fault.signal_code = exception_si_code(fault.code, address);
	fault.signal_address = host_refused();
	return fault;
}

struct mt_fault
mt_read(mach_vm_address_t address)
{
	return answer(host_load(address), address);
}

struct mt_fault
mt_write(mach_vm_address_t address, uint8_t value)
{
	return answer(host_store(address, value), address);
}

struct mt_fault
mt_execute(mach_vm_address_t address)
{
	return answer(host_execute(address), address);
}
