/*
 * realloc by virtual memory on macOS, in x86_64 assembly without a library:
 * the page size comes from the comm page, the memory from Mach traps.  Since
 * macOS 26.4 the kernel grows a range by itself (mach_vm_reallocate), for which
 * there is no trap: the message to it is made here.
 *
 * On macOS:	cc realloc_x86_64.S -o realloc && ./realloc; echo $?
 *
 * The exit status is 0, or the kern_return_t of the first call that failed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifdef __APPLE__
#define MAIN	_main
#else
#define MAIN	main
	.section .note.GNU-stack, "", @progbits
#endif

/* xnu: osfmk/i386/cpu_capabilities.h.  The page shifts came with version 14
 * (macOS 11); before, a page had 4 KiB. */
#define COMM_PAGE		0x7fffffe00000
#define COMM_PAGE_VERSION	0x1e
#define COMM_PAGE_USER_SHIFT	0x4e
#define VERSION_WITH_SHIFTS	14

/* xnu: osfmk/mach/syscall_sw.h.  Class 1 (bits 24-31) is Mach. */
#define TRAP_ALLOCATE		0x100000a
#define TRAP_DEALLOCATE		0x100000c
#define TRAP_PORT_MOD_REFS	0x1000013
#define TRAP_REPLY_PORT		0x100001a
#define TRAP_TASK_SELF		0x100001c
#define TRAP_MESSAGE2		0x100002f  /* since macOS 13 */

/* xnu: osfmk/mach/vm_statistics.h. */
#define ANYWHERE_LARGE		0x3000001  /* ANYWHERE, VM_MEMORY_MALLOC_LARGE */
#define FIXED_REALLOC		0x6000000  /* FIXED, VM_MEMORY_REALLOC */
#define NEWER			0x400000   /* VM_FLAGS_GUARD_OBJECT_OPTOUT */
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

/*
 * int main(void)
 *
 *	rbx the newer flag or 0, r12 task, r13 page size, r14 the region, (rsp) the address that a
 *	trap reads and writes.  A trap keeps every register but rax, rcx and
 *	r11 (xnu: osfmk/i386/bsd_i386.c, mach_call_munger64()).
 */
MAIN:
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	subq	$24, %rsp

	movabsq	$COMM_PAGE, %rdx
	movl	$12, %ecx
	cmpw	$VERSION_WITH_SHIFTS, COMM_PAGE_VERSION(%rdx)
	jb	1f
	movzbl	COMM_PAGE_USER_SHIFT(%rdx), %ecx
1:	movl	$1, %r13d
	shlq	%cl, %r13

	movl	$TRAP_TASK_SELF, %eax
	syscall
	movl	%eax, %r12d

	/* One page, anywhere.  The releases that know the flag have the
	 * message, too; it keeps the page out of guard objects, no more. */
	movl	$NEWER, %ebx
2:	movq	$0, (%rsp)
	movq	%r13, %rdx
	movl	$ANYWHERE_LARGE, %r10d
	orl	%ebx, %r10d
	call	allocate
	testl	%eax, %eax
	jz	3f
	cmpl	$KERN_INVALID_ARGUMENT, %eax
	jne	9f
	testl	%ebx, %ebx
	jz	9f
	xorl	%ebx, %ebx
	jmp	2b
3:	movq	(%rsp), %r14
	movb	$42, (%r14)

	/* Grow, in place or not: the kernel finds the place. */
	testl	%ebx, %ebx
	jz	4f
	call	reallocate
	testl	%eax, %eax
	jz	8f

	/* The older way: the page exactly above, and only there. */
4:	leaq	(%r14, %r13), %rax
	movq	%rax, (%rsp)
	movq	%r13, %rdx
	movl	$FIXED_REALLOC, %r10d
	call	allocate
	testl	%eax, %eax
	jz	8f
	cmpl	$KERN_NO_SPACE, %eax
	jne	9f

	/* Taken: two pages elsewhere, the content, the old page. */
	movq	$0, (%rsp)
	leaq	(, %r13, 2), %rdx
	movl	$ANYWHERE_LARGE, %r10d
	call	allocate
	testl	%eax, %eax
	jnz	9f
	movq	%r14, %rsi
	movq	(%rsp), %rdi
	movq	%r13, %rcx
	cld
	rep	movsb
	movl	%r12d, %edi
	movq	%r14, %rsi
	movq	%r13, %rdx
	movl	$TRAP_DEALLOCATE, %eax
	syscall
	testl	%eax, %eax
	jnz	9f
	movq	(%rsp), %r14

	/* Both pages are there, the first with its byte; release them as one. */
8:	movb	$43, (%r14, %r13)
	movl	$1, %eax
	cmpb	$42, (%r14)
	jne	9f
	movl	%r12d, %edi
	movq	%r14, %rsi
	leaq	(, %r13, 2), %rdx
	movl	$TRAP_DEALLOCATE, %eax
	syscall

9:	addq	$24, %rsp
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	ret

/*
 * kern_return_t allocate(size@rdx, flags@r10)
 *
 *	Calls the trap with the address that the caller keeps at the top of
 *	its stack, here one return address further down.
 */
allocate:
	movl	%r12d, %edi
	leaq	8(%rsp), %rsi
	movl	$TRAP_ALLOCATE, %eax
	syscall
	ret

/*
 * kern_return_t reallocate(void)
 *
 *	Asks the kernel for twice the page at r14, which then is where that
 *	went.  The message lies on the stack, the reply comes over it: the
 *	answer at 32, the address at 36.
 */
reallocate:
	pushq	%rbx
	subq	$REPLY_LIMIT, %rsp
	movl	$TRAP_REPLY_PORT, %eax
	syscall
	movl	%eax, %ebx

	/* Header: bits, size, to whom, reply to whom, voucher, id. */
	movl	$HEADER_BITS, (%rsp)
	movl	$REQUEST_SIZE, 4(%rsp)
	movl	%r12d, 8(%rsp)
	movl	%ebx, 12(%rsp)
	movl	$0, 16(%rsp)
	movl	$REALLOCATE, 20(%rsp)
	/* How numbers are written: as here. */
	movl	$0, 24(%rsp)
	movl	$1, 28(%rsp)
	/* Source and size, hint and new size, mask, options, flags. */
	movq	%r14, 32(%rsp)
	movq	%r13, 40(%rsp)
	movq	$0, 48(%rsp)
	leaq	(, %r13, 2), %rax
	movq	%rax, 56(%rsp)
	movq	$0, 64(%rsp)
	movl	$0, 72(%rsp)
	movl	$ANYWHERE_LARGE, 76(%rsp)

	/* The trap has the header once more, two words in each register. */
	movq	%rsp, %rdi
	movabsq	$(1 << 33 | SEND_AND_RECEIVE), %rsi
	movabsq	$(REQUEST_SIZE << 32 | HEADER_BITS), %rdx
	movl	%r12d, %eax
	movq	%rbx, %r10
	shlq	$32, %r10
	orq	%rax, %r10
	movabsq	$(REALLOCATE << 32), %r8
	movq	%rbx, %r9
	shlq	$32, %r9
	pushq	$0		/* no timeout */
	pushq	$REPLY_LIMIT
	pushq	$0		/* the kernel expects a return address here */
	movl	$TRAP_MESSAGE2, %eax
	syscall
	addq	$24, %rsp
	testl	%eax, %eax
	jnz	1f
	movl	32(%rsp), %eax
	testl	%eax, %eax
	jnz	1f
	movq	36(%rsp), %r14

1:	movl	%eax, (%rsp)
	movl	%r12d, %edi
	movl	%ebx, %esi
	movl	$RIGHT_RECEIVE, %edx
	movl	$-1, %r10d
	movl	$TRAP_PORT_MOD_REFS, %eax
	syscall
	movl	(%rsp), %eax
	addq	$REPLY_LIMIT, %rsp
	popq	%rbx
	ret
