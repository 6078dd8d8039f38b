/*
 * realloc by virtual memory on macOS, in arm64 assembly without a library:
 * the page size comes from the comm page, the memory from Mach traps.
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
#define TRAP_TASK_SELF		-28

/* xnu: osfmk/mach/vm_statistics.h: upper and lower half of the flags. */
#define LARGE			0x0300	/* VM_MEMORY_MALLOC_LARGE */
#define REALLOC			0x0600	/* VM_MEMORY_REALLOC */
#define ANYWHERE		1
#define FIXED			0
#define KERN_NO_SPACE		3

	.text
	.globl	MAIN
	.p2align 2

/*
 * int main(void)
 *
 *	w19 task, x20 page size, x21 the region, [sp] the address that a trap
 *	reads and writes.  A trap keeps every register but x0.
 */
MAIN:
	stp	x29, x30, [sp, #-64]!
	mov	x29, sp
	stp	x19, x20, [sp, #32]
	str	x21, [sp, #48]
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

	/* One page, anywhere. */
	str	xzr, [sp]
	mov	x2, x20
	mov	w3, #ANYWHERE
	movk	w3, #LARGE, lsl #16
	bl	allocate
	cbnz	w0, 9f
	ldr	x21, [sp]
	mov	w8, #42
	strb	w8, [x21]

	/* Grow: the page exactly above, and only there. */
	add	x8, x21, x20
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
	ldr	x21, [sp, #48]
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
