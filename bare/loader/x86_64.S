/*
 * The loader's entry from a multiboot machine, and its exit into the kernel.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
	.section .multiboot, "a"
	.p2align 2
	.long	0x1badb002		/* magic, flags, checksum */
	.long	3			/* modules on pages; tell the memory */
	.long	-(0x1badb002 + 3)

	.text
/*
 * void start(magic@eax, information@ebx)
 *
 *	Protected mode, paging off, flat segments, interrupts off.
 */
	.globl	start
start:
	cli
	movl	$stack_top, %esp
	pushl	%ebx
	pushl	%eax
	cld
	call	loader_main
1:	hlt
	jmp	1b

/*
 * void enter_kernel(entry@4(esp), boot_args@8(esp))
 *
 *	As XNU is entered: in this same mode, boot_args in eax.
 */
	.globl	enter_kernel
enter_kernel:
	movl	4(%esp), %ecx
	movl	8(%esp), %eax
	xorl	%ebx, %ebx
	xorl	%edx, %edx
	xorl	%esi, %esi
	xorl	%edi, %edi
	xorl	%ebp, %ebp
	jmp	*%ecx

	.bss
	.p2align 4
	.skip	16384
stack_top:
	.section .note.GNU-stack, "", @progbits
