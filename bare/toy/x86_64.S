/*
 * Entry of the toy on x86_64: as XNU is entered, in protected mode.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
	.text
/*
 * void start(boot_args@eax)
 *
 *	Gives toy_main() eax, cr0 and the flags as they are here.
 */
	.globl	start
start:
	movl	$stack_top, %esp
	pushfl
	movl	%cr0, %ecx
	pushl	%ecx
	pushl	%eax
	cld
	call	toy_main
1:	hlt
	jmp	1b

	.bss
	.p2align 4
	.skip	16384
stack_top:
	.section .note.GNU-stack, "", @progbits
