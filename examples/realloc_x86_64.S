/*
 * realloc by virtual memory on macOS, in x86_64 assembly without a library:
 * the page size comes from the comm page, the memory from Mach traps.
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
#define TRAP_TASK_SELF		0x100001c

/* xnu: osfmk/mach/vm_statistics.h. */
#define ANYWHERE_LARGE		0x3000001  /* ANYWHERE, VM_MEMORY_MALLOC_LARGE */
#define FIXED_REALLOC		0x6000000  /* FIXED, VM_MEMORY_REALLOC */
#define KERN_NO_SPACE		3

	.text
	.globl	MAIN

/*
 * int main(void)
 *
 *	r12 task, r13 page size, r14 the region, (rsp) the address that a
 *	trap reads and writes.  A trap keeps every register but rax, rcx and
 *	r11 (xnu: osfmk/i386/bsd_i386.c, mach_call_munger64()).
 */
MAIN:
	pushq	%r12
	pushq	%r13
	pushq	%r14
	subq	$16, %rsp

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

	/* One page, anywhere. */
	movq	$0, (%rsp)
	movq	%r13, %rdx
	movl	$ANYWHERE_LARGE, %r10d
	call	allocate
	testl	%eax, %eax
	jnz	9f
	movq	(%rsp), %r14
	movb	$42, (%r14)

	/* Grow: the page exactly above, and only there. */
	leaq	(%r14, %r13), %rax
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

9:	addq	$16, %rsp
	popq	%r14
	popq	%r13
	popq	%r12
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
