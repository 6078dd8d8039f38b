/*
 * Faults of user code: vm_fault() of its map, or the exception that it gets.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */

#include <signal.h>

#include "model/calls/exception.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/host/signal.h"
#include "model/vm/commpage.h"
#include "model/vm/fault.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "numbers.h"

bool (*exception_program)(ucontext_t *, int signal, int si_code,
    uint64_t address);

bool
exception_is_segv(int64_t code)
{
	return code == KERN_INVALID_ADDRESS || code == EXC_I386_GPFLT;
}

bool
exception_is_segv_at(int64_t code, uint64_t address)
{
	const uint64_t top = current_task->rules->stack_top;

	return exception_is_segv(code) ||
	    (code == KERN_PROTECTION_FAILURE && address < top &&
		top - address <= UINT64_C(64) << 20);
}

/* vm_fault() of the user's map. */
static kern_return_t
user_fault(uint64_t address, vm_prot_t access, bool accessing)
{
	bool locked = kernel_lock_held();
	kern_return_t kr;

	if (locked && !accessing)
		host_abort("the kernel touched %#lx itself", address);
	if (!locked)
		kernel_lock();
	kr = kernel_fault(current_task, address, access);
	if (!locked)
		kernel_unlock();
	return kr;
}

static int64_t
resolve(uint64_t address, vm_prot_t access, enum host_touch touch, bool *ours)
{
	const bool accessing = touch == TOUCH_ACCESS;
	int64_t code;

	*ours = true;
	if (commpage_fault(address, access, &code))
		return code;
	if (host_in_window(address, 1))
		return user_fault(address, access, accessing);
	*ours = false;
	if (kernel_lock_held())
		return KERN_INVALID_ADDRESS;
	/* Where the host has nothing the map may have something, but nothing
	 * that can be shown. */
	code = user_fault(address, access, true);
	return code == KERN_SUCCESS ? KERN_INVALID_ADDRESS : code;
}

/*
 * arm64's kernel does not look at the code.
 *
 * xnu: bsd/dev/i386/unix_signal.c, bsd/dev/arm/unix_signal.c, sendsig();
 * bsd/sys/signal.h, whose numbers of si_code are the host's, too.
 */
int
exception_si_code(int64_t code, uint64_t address)
{
	const bool is_arm64 = current_task->rules->is_arm64;

	if (!exception_is_segv_at(code, address))
		return is_arm64 ? BUS_ADRALN : BUS_ADRERR;
	if (is_arm64 || code == KERN_PROTECTION_FAILURE)
		return SEGV_ACCERR;
	return code == KERN_INVALID_ADDRESS ? SEGV_MAPERR : 0;
}

static int
deliver(ucontext_t *context, int64_t code, uint64_t address)
{
	const bool segv = exception_is_segv_at(code, address);

	if (exception_program != NULL &&
	    exception_program(context, segv ? DARWIN_SIGSEGV : DARWIN_SIGBUS,
		exception_si_code(code, address), address))
		return 0;
	return segv ? SIGSEGV : SIGBUS;
}

void
exception_catch(void)
{
	static const struct host_fault faults = { resolve, deliver };

	host_fault_catch(&faults);
}
