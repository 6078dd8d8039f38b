/*
 * realloc by virtual memory on macOS, in arm64 assembly without a library:
 * the page size comes from the comm page, the memory from Mach traps.  Since
 * macOS 26.4 the kernel grows a range by itself (mach_vm_reallocate), for which
 * there is no trap: the message to it is made here.
 *
 * On macOS:	cc realloc_arm64.S -o realloc && ./realloc; echo $?
 *
 * The exit status is 0, or the kern_return_t of the first call that failed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifdef __APPLE__
#define MAIN	_main
#else
#define MAIN	main
	.section .note.GNU-stack, "", %progbits
#endif

/* xnu: osfmk/arm/cpu_capabilities.h.  The page that every release has; 13
 * added a read-only one at 0xFFFFF4000 with the same offsets. */
#define COMM_PAGE_HIGH		0xf
#define COMM_PAGE_MIDDLE	0xffff
#define COMM_PAGE_LOW		0xc000
#define COMM_PAGE_USER_SHIFT	0x25

/* xnu: osfmk/mach/syscall_sw.h.  A negative number means Mach. */
#define TRAP_ALLOCATE		-10
#define TRAP_DEALLOCATE		-12
#define TRAP_PORT_MOD_REFS	-19
#define TRAP_REPLY_PORT		-26
#define TRAP_TASK_SELF		-28
#define TRAP_MESSAGE2		-47	/* since macOS 13 */

/* xnu: osfmk/mach/vm_statistics.h: upper and lower half of the flags. */
#define LARGE			0x0300	/* VM_MEMORY_MALLOC_LARGE */
#define REALLOC			0x0600	/* VM_MEMORY_REALLOC */
#define ANYWHERE		1
#define FIXED			0
#define NEWER			0x400000 /* VM_FLAGS_GUARD_OBJECT_OPTOUT */
#define KERN_NO_SPACE		3
#define KERN_INVALID_ARGUMENT	4

/* xnu: osfmk/mach/mach_vm.defs, message.h, port.h. */
#define REALLOCATE		4829
#define REQUEST_SIZE		80
#define REPLY_LIMIT		112
#define HEADER_BITS		0x1513	/* copy a send right, make a reply */
#define SEND_AND_RECEIVE	3	/* and bit 33: to the kernel */
#define RIGHT_RECEIVE		1

	.text
	.globl	MAIN
	.p2align 2

/*
 * int main(void)
 *
 *	w19 task, x20 page size, x21 the region, w22 the newer flag or 0, [sp]
 *	the address that a trap reads and writes.  A trap keeps every register but x0.
 */
MAIN:
	stp	x29, x30, [sp, #-64]!
	mov	x29, sp
	stp	x19, x20, [sp, #32]
	stp	x21, x22, [sp, #48]
	sub	sp, sp, #16

	mov	x1, #COMM_PAGE_LOW
	movk	x1, #COMM_PAGE_MIDDLE, lsl #16
	movk	x1, #COMM_PAGE_HIGH, lsl #32
	ldrb	w1, [x1, #COMM_PAGE_USER_SHIFT]
	mov	x20, #1
	lsl	x20, x20, x1

	mov	x16, #TRAP_TASK_SELF
	svc	#0x80
	mov	w19, w0

	/* One page, anywhere.  The releases that know the flag have the
	 * message, too; it keeps the page out of guard objects, no more. */
	mov	w22, #NEWER
2:	str	xzr, [sp]
	mov	x2, x20
	mov	w3, #ANYWHERE
	movk	w3, #LARGE, lsl #16
	orr	w3, w3, w22
	bl	allocate
	cbz	w0, 3f
	cmp	w0, #KERN_INVALID_ARGUMENT
	b.ne	9f
	cbz	w22, 9f
	mov	w22, #0
	b	2b
3:	ldr	x21, [sp]
	mov	w8, #42
	strb	w8, [x21]

	/* Grow, in place or not: the kernel finds the place. */
	cbz	w22, 4f
	bl	reallocate
	cbz	w0, 8f

	/* The older way: the page exactly above, and only there. */
4:	add	x8, x21, x20
	str	x8, [sp]
	mov	x2, x20
	mov	w3, #FIXED
	movk	w3, #REALLOC, lsl #16
	bl	allocate
	cbz	w0, 8f
	cmp	w0, #KERN_NO_SPACE
	b.ne	9f

	/* The place is taken: two pages elsewhere, the content, the old page. */
	str	xzr, [sp]
	lsl	x2, x20, #1
	mov	w3, #ANYWHERE
	movk	w3, #LARGE, lsl #16
	bl	allocate
	cbnz	w0, 9f
	ldr	x8, [sp]
	mov	x9, #0
1:	ldr	x10, [x21, x9]
	str	x10, [x8, x9]
	add	x9, x9, #8
	cmp	x9, x20
	b.lo	1b
	mov	w0, w19
	mov	x1, x21
	mov	x2, x20
	mov	x16, #TRAP_DEALLOCATE
	svc	#0x80
	cbnz	w0, 9f
	ldr	x21, [sp]

	/* Both pages are there, the first with its byte; release them as one. */
8:	mov	w8, #43
	strb	w8, [x21, x20]
	ldrb	w8, [x21]
	cmp	w8, #42
	mov	w0, #1
	b.ne	9f
	mov	w0, w19
	mov	x1, x21
	lsl	x2, x20, #1
	mov	x16, #TRAP_DEALLOCATE
	svc	#0x80

9:	add	sp, sp, #16
	ldp	x21, x22, [sp, #48]
	ldp	x19, x20, [sp, #32]
	ldp	x29, x30, [sp], #64
	ret

/*
 * kern_return_t allocate(size@x2, flags@w3)
 *
 *	Calls the trap with the address that the caller keeps at the top of
 *	its stack.
 */
allocate:
	mov	w0, w19
	mov	x1, sp
	mov	x16, #TRAP_ALLOCATE
	svc	#0x80
	ret

/*
 * kern_return_t reallocate(void)
 *
 *	Asks the kernel for twice the page at x21, which then is where that
 *	went.  The message lies on the stack, the reply comes over it: the
 *	answer at 32, the address at 36.
 */
reallocate:
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	str	x22, [sp, #16]
	sub	sp, sp, #REPLY_LIMIT
	mov	x16, #TRAP_REPLY_PORT
	svc	#0x80
	mov	w22, w0

	/* Header: bits, size, to whom, reply to whom, voucher, id. */
	mov	w8, #HEADER_BITS
	mov	w9, #REQUEST_SIZE
	stp	w8, w9, [sp]
	stp	w19, w22, [sp, #8]
	mov	w8, #REALLOCATE
	stp	wzr, w8, [sp, #16]
	/* How numbers are written: as here. */
	mov	w8, #1
	stp	wzr, w8, [sp, #24]
	/* Source and size, hint and new size, mask, options, flags. */
	stp	x21, x20, [sp, #32]
	lsl	x8, x20, #1
	stp	xzr, x8, [sp, #48]
	mov	w8, #ANYWHERE
	movk	w8, #LARGE, lsl #16
	str	xzr, [sp, #64]
	stp	wzr, w8, [sp, #72]

	/* The trap has the header once more, two words in each register. */
	mov	x0, sp
	mov	x1, #SEND_AND_RECEIVE
	movk	x1, #2, lsl #32
	mov	x2, #HEADER_BITS
	movk	x2, #REQUEST_SIZE, lsl #32
	mov	w3, w19
	orr	x3, x3, x22, lsl #32
	mov	x4, #REALLOCATE
	lsl	x4, x4, #32
	lsl	x5, x22, #32
	mov	x6, #REPLY_LIMIT
	mov	x7, #0		/* no timeout */
	mov	x16, #TRAP_MESSAGE2
	svc	#0x80
	cbnz	w0, 1f
	ldr	w0, [sp, #32]
	cbnz	w0, 1f
	ldur	x21, [sp, #36]

1:	str	w0, [sp]
	mov	w0, w19
	mov	w1, w22
	mov	w2, #RIGHT_RECEIVE
	mov	x3, #-1
	mov	x16, #TRAP_PORT_MOD_REFS
	svc	#0x80
	ldr	w0, [sp]
	add	sp, sp, #REPLY_LIMIT
	ldr	x22, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
