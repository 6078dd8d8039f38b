/*
 * Touching memory that may fault, on x86_64: the fault handler (exception.c)
 * knows these instructions by their address, puts the negated code of the
 * exception into rax and goes on at the fix-up.
 *
 *	long host_access_copy(void *to@rdi, const void *from@rsi, size_t n@rdx)
 *	long host_access_load(uint64_t address@rdi): the byte
 *	long host_access_store(uint64_t address@rdi, uint8_t value@rsi)
 *	long host_access_execute(uint64_t address@rdi, uint64_t *sp@rsi)
 *
 * All give 0 when nothing faulted.  execute calls the address; the fault is
 * somewhere else then, so it leaves its stack pointer in *sp.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#if defined(__x86_64__)
	.text
	.globl	host_access_begin, host_access_end, host_access_fixup
	.globl	host_access_copy, host_access_load, host_access_store
	.globl	host_access_execute, host_access_execute_fixup

	.p2align 4
host_access_begin:
host_access_copy:
	movq	%rdx, %rcx
	rep movsb
	xorl	%eax, %eax
	retq

	.p2align 4
host_access_load:
	movzbl	(%rdi), %eax
	retq

	.p2align 4
host_access_store:
	movb	%sil, (%rdi)
	xorl	%eax, %eax
	retq
host_access_end:

host_access_fixup:
	retq

	.p2align 4
host_access_execute:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	movq	%rsp, (%rsi)
	callq	*%rdi
	xorl	%eax, %eax
host_access_execute_fixup:
	addq	$8, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	retq
#endif

	.section .note.GNU-stack,"",@progbits
