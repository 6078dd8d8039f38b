/*
 * Entry of the bare image, and the code that touches memory for it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */

	.text

/*
 * void start(argc@(rsp), argv@8(rsp)...)
 *
 *	Where LC_UNIXTHREAD points.  Gives bare_main() the address of what the
 *	kernel left on the stack.
 */
	.globl	start
start:
	movq	%rsp, %rdi
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	bare_main
1:	jmp	1b

/*
 * int64_t bare_load(address@rdi)
 * int64_t bare_store(address@rdi, value@sil)
 * int64_t bare_execute(address@rdi)
 *
 *	Touch memory.  The byte (load) or 0; when a signal came instead, minus
 *	its number in bits 0...7 and its code above (bare_trampoline).
 */
	.globl	bare_load
bare_load:
	leaq	1f(%rip), %rax
	jmp	touch
1:	movzbl	(%rdi), %eax
	jmp	touched

	.globl	bare_store
bare_store:
	leaq	1f(%rip), %rax
	jmp	touch
1:	movb	%sil, (%rdi)
	xorl	%eax, %eax
	jmp	touched

	.globl	bare_execute
bare_execute:
	leaq	1f(%rip), %rax
	jmp	touch
1:	call	*%rdi
	xorl	%eax, %eax
	jmp	touched

/* Keep what the callee must keep, then go on at rax. */
touch:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, touching(%rip)
	jmp	*%rax

touched:
	movq	touching(%rip), %rsp
	movq	$0, touching(%rip)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret

/*
 * bare_trampoline(handler@rdi, style@esi, signal@edx, siginfo@rcx,
 *     context@r8, token@r9)
 *
 *	Where the kernel enters after a signal, on the alternate stack.  While
 *	memory is being touched the touch ends here, with the signal and the
 *	si_code and si_addr (offsets 8 and 24 of siginfo), after
 *	sigreturn(0, RESET_ALT_STACK) has told the kernel that the alternate
 *	stack is left; else the signal takes its default effect:
 *	sigaction(signal, default), sigreturn(context), and the instruction
 *	faults again.
 *
 * xnu: bsd/dev/i386/unix_signal.c, sendsig().
 */
#define RESET_ALT_STACK 0x80000000
	.globl	bare_trampoline
bare_trampoline:
	cmpq	$0, touching(%rip)
	je	1f
	movq	24(%rcx), %rax
	movq	%rax, bare_si_addr(%rip)
	movl	8(%rcx), %eax
	shlq	$8, %rax
	orq	%rdx, %rax
	negq	%rax
	pushq	%rax
	xorl	%edi, %edi
	movl	$RESET_ALT_STACK, %esi
	xorl	%edx, %edx
	movl	$0x20000b8, %eax
	syscall
	popq	%rax
	jmp	touched

1:	movq	%r8, %r12
	movl	%esi, %r13d
	movq	%r9, %r14
	movl	%edx, %edi
	leaq	default_action(%rip), %rsi
	xorl	%edx, %edx
	movl	$0x200002e, %eax
	syscall
	movq	%r12, %rdi
	movl	%r13d, %esi
	movq	%r14, %rdx
	movl	$0x20000b8, %eax
	syscall
2:	jmp	2b

	.section .rodata
	.p2align 3
default_action:
	.quad	0, 0, 0

	.bss
	.p2align 3
touching:
	.skip	8
	.globl	bare_si_addr
bare_si_addr:
	.skip	8

	.section .note.GNU-stack, "", @progbits
