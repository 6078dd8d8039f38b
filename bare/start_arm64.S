/*
 * Entry of the bare image on arm64, and the code that touches memory for it.
 * x18 belongs to the platform and is left alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */

	.text

/* Load the address of a variable: adr does not reach it. */
.macro	address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
.endm

/*
 * void start(argc@[sp], argv@[sp, #8]...)
 *
 *	Where LC_UNIXTHREAD points.  Gives bare_main() the address of what the
 *	kernel left on the stack.
 */
	.globl	start
	.p2align 2
start:
	mov	x0, sp
	mov	x29, #0
	mov	x30, #0
	and	x1, x0, #-16
	mov	sp, x1
	bl	bare_main
1:	b	1b

/*
 * int64_t bare_load(address@x0)
 * int64_t bare_store(address@x0, value@w1)
 * int64_t bare_execute(address@x0)
 *
 *	Touch memory.  The byte (load) or 0; when a signal came instead, minus
 *	its number in bits 0...7 and its code above (bare_trampoline).
 */
	.globl	bare_load
	.p2align 2
bare_load:
	adr	x9, 1f
	b	touch
1:	ldrb	w0, [x0]
	b	touched

	.globl	bare_store
	.p2align 2
bare_store:
	adr	x9, 1f
	b	touch
1:	strb	w1, [x0]
	mov	x0, #0
	b	touched

	.globl	bare_execute
	.p2align 2
bare_execute:
	adr	x9, 1f
	b	touch
1:	blr	x0
	mov	x0, #0
	b	touched

/* Keep what the callee must keep, then go on at x9. */
touch:
	stp	x29, x30, [sp, #-160]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	address	x10, touching
	mov	x11, sp
	str	x11, [x10]
	br	x9

touched:
	address	x10, touching
	ldr	x11, [x10]
	mov	sp, x11
	str	xzr, [x10]
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	ldp	x29, x30, [sp], #160
	ret

/*
 * bare_trampoline(handler@x0, style@w1, signal@w2, siginfo@x3, context@x4,
 *     token@x5)
 *
 *	Where the kernel enters after a signal, on the alternate stack.  While
 *	memory is being touched the touch ends here, with the signal and the
 *	si_code and si_addr (offsets 8 and 24 of siginfo), after
 *	sigreturn(0, RESET_ALT_STACK) has told the kernel that the alternate
 *	stack is left; else the signal takes its default effect:
 *	sigaction(signal, default), sigreturn(context), and the instruction
 *	faults again.
 *
 * xnu: bsd/dev/arm/unix_signal.c, sendsig_set_thread_state64().
 */
#define RESET_ALT_STACK 0x80000000
#define SIGACTION	46
#define SIGRETURN	184
	.globl	bare_trampoline
	.p2align 2
bare_trampoline:
	mov	x20, x4
	mov	w21, w1
	mov	x22, x5
	address	x10, touching
	ldr	x11, [x10]
	cbz	x11, 1f
	ldr	x0, [x3, #24]
	address	x1, bare_si_addr
	str	x0, [x1]
	ldrsw	x0, [x3, #8]
	lsl	x0, x0, #8
	orr	x0, x0, x2
	neg	x19, x0
	mov	x0, #0
	mov	w1, #RESET_ALT_STACK
	mov	x2, #0
	mov	x16, #SIGRETURN
	svc	#0x80
	mov	x0, x19
	b	touched

1:	mov	w0, w2
	address	x1, default_action
	mov	x2, #0
	mov	x16, #SIGACTION
	svc	#0x80
	mov	x0, x20
	mov	w1, w21
	mov	x2, x22
	mov	x16, #SIGRETURN
	svc	#0x80
2:	b	2b

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

	.section .note.GNU-stack, "", %progbits
