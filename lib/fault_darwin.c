/*
 * Touching memory, on macOS: by the signals that the exceptions become.
 *
 * A signal tells KERN_INVALID_ADDRESS (SIGSEGV) from every other code
 * (SIGBUS); what it cannot tell is taken for KERN_PROTECTION_FAILURE.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "fault.h"

#include <setjmp.h>
#include <signal.h>

static __thread sigjmp_buf back;
static __thread volatile sig_atomic_t touching;
static __thread struct mt_fault met;

static void
on_fault(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (touching) {
		met.signal_code = info->si_code;
		met.signal_address = (mach_vm_address_t)(uintptr_t)
					 info->si_addr;
		siglongjmp(back, signal);
	}
	/* Not ours: faults again, for good. */
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigaction(signal, &action, NULL);
}

static void catch (void)
{
	static volatile sig_atomic_t caught;
	struct sigaction action = { .sa_sigaction = on_fault,
		.sa_flags = SA_SIGINFO | SA_NODEFER };

	if (caught)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	caught = 1;
}

enum access { READ, WRITE, EXECUTE };

static struct mt_fault
touch(mach_vm_address_t address, enum access access, uint8_t value)
{
	struct mt_fault fault = { .value = 0 };
	volatile uint8_t *byte = (volatile uint8_t *)(uintptr_t)address;
	int signal;

	catch ();
	signal = sigsetjmp(back, 0);
	if (signal != 0) {
		touching = 0;
		fault = met;
		fault.exception = EXC_BAD_ACCESS;
		fault.signal = signal;
		fault.by_signal = true;
		fault.code = signal == SIGSEGV ? KERN_INVALID_ADDRESS :
						 KERN_PROTECTION_FAILURE;
		return fault;
	}
	touching = 1;
	if (access == READ)
		fault.value = *byte;
	else if (access == WRITE)
		*byte = value;
	else
		((void (*)(void))(uintptr_t)address)();
	touching = 0;
	return fault;
}

struct mt_fault
mt_read(mach_vm_address_t address)
{
	return touch(address, READ, 0);
}

struct mt_fault
mt_write(mach_vm_address_t address, uint8_t value)
{
	return touch(address, WRITE, value);
}

struct mt_fault
mt_execute(mach_vm_address_t address)
{
	return touch(address, EXECUTE, 0);
}
