/*
 * Touching memory as a predicate: nothing dies, the fault is the answer.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_FAULT_H
#define MT_FAULT_H

#include "types.h"

/* What a load, store or jump met.  exception 0: it went through. */
struct mt_fault {
	int exception;	/* EXC_BAD_ACCESS..., 0 */
	int64_t code;	/* KERN_INVALID_ADDRESS: nothing mapped;
				 * KERN_PROTECTION_FAILURE: no permission */
	bool by_signal; /* code is what the signal shows, which is one
				 * of these two whatever the kernel's was */
	int signal;	/* the BSD signal it becomes: 10 SIGBUS,
				 * 11 SIGSEGV in Darwin's numbers, 0 */
	uint8_t value;	/* the byte that a load read */
	/* What a handler of the signal is told: si_code, in Darwin's numbers,
	 * and si_addr. */
	int signal_code;
	mach_vm_address_t signal_address;
};

struct mt_fault mt_read(mach_vm_address_t);
struct mt_fault mt_write(mach_vm_address_t, uint8_t value);
/* Executes at the address, where a return instruction must stand. */
struct mt_fault mt_execute(mach_vm_address_t);

#endif
