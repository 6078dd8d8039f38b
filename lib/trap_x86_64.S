/*
 * The Mach traps on x86_64.  They and the raw trap stand alone on a page of
 * their own, aligned to 16 KiB, so that whoever catches the instruction knows
 * it by its address.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#if defined(__x86_64__)

#ifdef __MACH__
#define SYMBOL(name)	_##name
	.section __TEXT,__mt_trap,regular,pure_instructions
#else
#define SYMBOL(name)	name
	.section .mt_trap,"ax",@progbits
#endif
	.p2align 14
	.globl	SYMBOL(mt_trap_stubs)
SYMBOL(mt_trap_stubs):

/*
 * kern_return_t mt_trap_NAME(arguments@rdi, rsi, rdx, rcx, r8, r9, 8(rsp)...)
 *
 *	Enter the kernel through Mach trap NUMBER and return its answer in
 *	eax.  The class (1: Mach) stands in bits 24...31 of eax.  The syscall
 *	instruction overwrites rcx, so the kernel reads argument 4 from r10;
 *	it expects a return address below the seventh, as here.
 *
 * xnu: osfmk/mach/i386/syscall_sw.h, kernel_trap().
 */
.macro	trap name, number
	.globl	SYMBOL(mt_trap_\name)
	.p2align 4
SYMBOL(mt_trap_\name):
	movq	%rcx, %r10
	movl	$(0x1000000 | \number), %eax
	syscall
	retq
.endm

#define TRAP(name, number, arguments, since, before) trap name, number
#include "traps.h"

/*
 * void mt_trap_raw(struct mt_registers *@rdi)
 *
 *	Load every register but rsp from the structure, execute one syscall
 *	instruction and store them all.  Offsets are those of trap.h: eight
 *	times the number of the register, then the flags.  Moves leave the
 *	flags alone.
 */
	.globl	SYMBOL(mt_trap_raw)
	.p2align 4
SYMBOL(mt_trap_raw):
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	pushq	120(%rdi)
	popfq
	movq	0(%rdi), %rax
	movq	8(%rdi), %rbx
	movq	16(%rdi), %rcx
	movq	24(%rdi), %rdx
	movq	32(%rdi), %rsi
	movq	48(%rdi), %rbp
	movq	56(%rdi), %r8
	movq	64(%rdi), %r9
	movq	72(%rdi), %r10
	movq	80(%rdi), %r11
	movq	88(%rdi), %r12
	movq	96(%rdi), %r13
	movq	104(%rdi), %r14
	movq	112(%rdi), %r15
	movq	40(%rdi), %rdi
	syscall
	xchgq	%rdi, (%rsp)
	movq	%rax, 0(%rdi)
	movq	%rbx, 8(%rdi)
	movq	%rcx, 16(%rdi)
	movq	%rdx, 24(%rdi)
	movq	%rsi, 32(%rdi)
	movq	%rbp, 48(%rdi)
	movq	%r8, 56(%rdi)
	movq	%r9, 64(%rdi)
	movq	%r10, 72(%rdi)
	movq	%r11, 80(%rdi)
	movq	%r12, 88(%rdi)
	movq	%r13, 96(%rdi)
	movq	%r14, 104(%rdi)
	movq	%r15, 112(%rdi)
	popq	40(%rdi)
	pushfq
	popq	120(%rdi)
	cld
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	retq

	.p2align 14
	.globl	SYMBOL(mt_trap_stubs_end)
SYMBOL(mt_trap_stubs_end):
	nop

#endif

#ifdef __ELF__
	.section .note.GNU-stack,"",@progbits
#endif
