/*
 * The Mach traps on arm64.  They and the raw traps stand alone on a page of
 * their own, aligned to 16 KiB, so that whoever catches the instruction knows
 * it by its address.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#if defined(__aarch64__) || defined(__arm64__)

#ifdef __MACH__
#define SYMBOL(name)	_##name
	.section __TEXT,__mt_trap,regular,pure_instructions
#else
#define SYMBOL(name)	name
	.section .mt_trap,"ax",%progbits
#endif
	.p2align 14
	.globl	SYMBOL(mt_trap_stubs)
SYMBOL(mt_trap_stubs):

/*
 * kern_return_t mt_trap_NAME(arguments@x0...x7)
 *
 *	Enter the kernel through Mach trap -NUMBER and return its answer in
 *	w0.  x16 selects the trap; a negative number means Mach, a positive
 *	one means BSD.  The arguments are already where the kernel reads them.
 *
 * xnu: osfmk/mach/arm/syscall_sw.h, kernel_trap().
 */
.macro	trap name, number
	.globl	SYMBOL(mt_trap_\name)
	.p2align 2
SYMBOL(mt_trap_\name):
	mov	x16, #-\number
	svc	#0x80
	ret
.endm

#define TRAP(name, number, arguments, since, before) trap name, number
#include "traps.h"

/*
 * void mt_trap_raw(struct mt_registers *@x0)
 *
 *	Load x0...x29 and the condition flags from the structure, execute one
 *	svc instruction and store them all.  Offsets are those of trap.h:
 *	eight times the number of the register, then the flags.  x18 belongs to
 *	the platform, which may change it at any time: left alone.
 *
 * void mt_trap_raw_svc_0(struct mt_registers *@x0)
 * void mt_trap_raw_svc_ffff(struct mt_registers *@x0)
 *
 *	The same with another immediate, at which XNU never looks.
 */
.macro	raw name, immediate
	.globl	SYMBOL(\name)
	.p2align 2
SYMBOL(\name):
	stp	x29, x30, [sp, #-112]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x0, [sp, #96]
	ldr	x1, [x0, #240]
	msr	nzcv, x1
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldr	x19, [x0, #152]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldp	x0, x1, [x0]
	svc	#\immediate
	ldr	x30, [sp, #96]
	stp	x0, x1, [x30]
	stp	x2, x3, [x30, #16]
	stp	x4, x5, [x30, #32]
	stp	x6, x7, [x30, #48]
	stp	x8, x9, [x30, #64]
	stp	x10, x11, [x30, #80]
	stp	x12, x13, [x30, #96]
	stp	x14, x15, [x30, #112]
	stp	x16, x17, [x30, #128]
	str	x19, [x30, #152]
	stp	x20, x21, [x30, #160]
	stp	x22, x23, [x30, #176]
	stp	x24, x25, [x30, #192]
	stp	x26, x27, [x30, #208]
	stp	x28, x29, [x30, #224]
	mrs	x1, nzcv
	str	x1, [x30, #240]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #112
	ret
.endm

	raw	mt_trap_raw, 0x80
	raw	mt_trap_raw_svc_0, 0
	raw	mt_trap_raw_svc_ffff, 0xffff

	.p2align 14
	.globl	SYMBOL(mt_trap_stubs_end)
SYMBOL(mt_trap_stubs_end):
	nop

#endif

#ifdef __ELF__
	.section .note.GNU-stack,"",%progbits
#endif
