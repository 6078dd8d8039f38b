/*
 * Entry of the toy on arm64: as XNU is entered, at EL1, translation off.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
	.text
/*
 * void start(boot_args@x0)
 *
 *	Gives toy_main() x0, CurrentEL and SCTLR_EL1 as they are here.
 */
	.globl	start
	.p2align 2
start:
	adrp	x1, stack_top
	add	x1, x1, :lo12:stack_top
	mov	sp, x1
	mrs	x1, CurrentEL
	mrs	x2, SCTLR_EL1
	bl	toy_main
1:	wfi
	b	1b

/*
 * void toy_call_firmware(function@w0)
 *
 *	PSCI, which the machine offers to EL1.
 */
	.globl	toy_call_firmware
	.p2align 2
toy_call_firmware:
	hvc	#0
	ret

	.bss
	.p2align 4
	.skip	16384
stack_top:
	.section .note.GNU-stack, "", %progbits
