/*
 * Touching memory that may fault, on arm64: the fault handler (exception.c)
 * knows these instructions by their address, puts the negated code of the
 * exception into x0 and goes on at the fix-up.
 *
 *	long host_access_copy(void *to@x0, const void *from@x1, size_t n@x2)
 *	long host_access_load(uint64_t address@x0): the byte
 *	long host_access_store(uint64_t address@x0, uint8_t value@w1)
 *	long host_access_execute(uint64_t address@x0, uint64_t *sp@x1)
 *
 * All give 0 when nothing faulted.  execute calls the address; the fault is
 * somewhere else then, so it leaves its stack pointer in *sp.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#if defined(__aarch64__)
	.text
	.globl	host_access_begin, host_access_end, host_access_fixup
	.globl	host_access_copy, host_access_load, host_access_store
	.globl	host_access_execute, host_access_execute_fixup

	.p2align 4
host_access_begin:
host_access_copy:
	cmp	x2, #8
	b.lo	2f
1:	ldr	x3, [x1], #8
	str	x3, [x0], #8
	sub	x2, x2, #8
	cmp	x2, #8
	b.hs	1b
2:	cbz	x2, 4f
3:	ldrb	w3, [x1], #1
	strb	w3, [x0], #1
	subs	x2, x2, #1
	b.ne	3b
4:	mov	x0, #0
	ret

	.p2align 4
host_access_load:
	ldrb	w0, [x0]
	ret

	.p2align 4
host_access_store:
	strb	w1, [x0]
	mov	x0, #0
	ret
host_access_end:

host_access_fixup:
	ret

	.p2align 4
host_access_execute:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mov	x2, sp
	str	x2, [x1]
	blr	x0
	mov	x0, #0
host_access_execute_fixup:
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret
#endif

	.section .note.GNU-stack,"",%progbits
