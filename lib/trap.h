/*
 * The traps of traps.h as C functions, and the trap instruction with every
 * register under the caller's control.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_TRAP_H
#define MT_TRAP_H

#include "types.h"

kern_return_t mt_trap_allocate(mach_port_name_t, mach_vm_address_t *,
    mach_vm_size_t, int flags);
kern_return_t mt_trap_purgable_control(mach_port_name_t, mach_vm_address_t,
    vm_purgable_t control, int *state);
kern_return_t mt_trap_deallocate(mach_port_name_t, mach_vm_address_t,
    mach_vm_size_t);
kern_return_t mt_trap_protect(mach_port_name_t, mach_vm_address_t,
    mach_vm_size_t, boolean_t set_maximum, vm_prot_t);
kern_return_t mt_trap_map(mach_port_name_t, mach_vm_address_t *, mach_vm_size_t,
    mach_vm_offset_t mask, int flags, vm_prot_t current);
kern_return_t mt_trap_port_deallocate(mach_port_name_t, mach_port_name_t);
kern_return_t mt_trap_port_mod_refs(mach_port_name_t, mach_port_name_t,
    mach_port_right_t, mach_port_delta_t);
mach_port_name_t mt_trap_reply_port(void);
mach_port_name_t mt_trap_thread_self(void);
mach_port_name_t mt_trap_task_self(void);
mach_port_name_t mt_trap_host_self(void);
mach_msg_return_t mt_trap_msg(mach_msg_header_t *, mach_msg_option_t,
    mach_msg_size_t send_size, mach_msg_size_t receive_limit,
    mach_port_name_t receive_name, mach_msg_timeout_t, mach_port_name_t notify);
/* The same, receiving at `receive` unless that is NULL. */
mach_msg_return_t mt_trap_msg_overwrite(mach_msg_header_t *, mach_msg_option_t,
    mach_msg_size_t send_size, mach_msg_size_t receive_limit,
    mach_port_name_t receive_name, mach_msg_timeout_t, mach_port_name_t notify,
    mach_msg_header_t *receive);
/* 13+.  Halves of 64-bit arguments as libsyscall packs them, low first: bits
 * and send size, remote and local port, voucher and id, descriptor count and
 * receive name, receive limit and priority. */
mach_msg_return_t mt_trap_msg2(mach_msg_header_t *, uint64_t options,
    uint64_t bits_size, uint64_t remote_local, uint64_t voucher_id,
    uint64_t descriptors_receive, uint64_t limit_priority, uint64_t timeout);
#define MT_MSG2_SEND	  UINT64_C(1)
#define MT_MSG2_RECEIVE	  UINT64_C(2)
#define MT_MSG2_TO_KERNEL UINT64_C(0x200000000) /* kobject call */
#define MT_MSG2_TO_USER	  UINT64_C(0x400000000) /* message queue call */

/*
 * The machine's registers before and after a trap.  mt_trap_raw() loads them
 * all, executes one trap instruction and stores them all.  The stack pointer
 * is the caller's own, and so is arm64's x18.
 */
#if defined(__x86_64__)
enum {
	MT_RAX,
	MT_RBX,
	MT_RCX,
	MT_RDX,
	MT_RSI,
	MT_RDI,
	MT_RBP,
	MT_R8,
	MT_R9,
	MT_R10,
	MT_R11,
	MT_R12,
	MT_R13,
	MT_R14,
	MT_R15,
	MT_REGISTERS
};
#else /* arm64: x0...x28, x29 (frame) */
enum { MT_REGISTERS = 30 };
#endif

struct mt_registers {
	uint64_t r[MT_REGISTERS];
	uint64_t flags; /* rflags, or NZCV in bits 31...28 */
};

void mt_trap_raw(struct mt_registers *);
#if defined(__aarch64__) || defined(__arm64__)
void mt_trap_raw_svc_0(struct mt_registers *);	  /* svc #0 */
void mt_trap_raw_svc_ffff(struct mt_registers *); /* svc #0xffff */
#endif

/* Fill r for a trap or BSD call of this machine: number as the table has it. */
void mt_registers_mach(struct mt_registers *r, int trap,
    const uint64_t *arguments, int count);
void mt_registers_unix(struct mt_registers *r, int call,
    const uint64_t *arguments, int count);
/* The machine's result register, all 64 bits. */
uint64_t mt_registers_result(const struct mt_registers *r);

/* After a BSD call: it failed (carry is set), and the result is the errno. */
bool mt_registers_failed(const struct mt_registers *r);

#endif
