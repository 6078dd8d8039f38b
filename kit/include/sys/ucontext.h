/*
 * <sys/ucontext.h> and <ucontext.h> of the reproducer kit: what a handler of
 * Darwin's gets, without the floating point registers.
 *
 * xnu: osfmk/mach/i386/_structs.h, osfmk/mach/arm/_structs.h,
 * bsd/i386/_mcontext.h, bsd/sys/_types/_ucontext.h.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_SYS_UCONTEXT_H
#define KIT_SYS_UCONTEXT_H

#include <stddef.h>
#include <stdint.h>
#include <bits/types/sigset_t.h>
#include <bits/types/stack_t.h>

#if defined(__x86_64__)
struct __darwin_x86_exception_state64 {
	uint16_t __trapno, __cpu;
	uint32_t __err;
	uint64_t __faultvaddr;
};
struct __darwin_x86_thread_state64 {
	uint64_t __rax, __rbx, __rcx, __rdx, __rdi, __rsi, __rbp, __rsp;
	uint64_t __r8, __r9, __r10, __r11, __r12, __r13, __r14, __r15;
	uint64_t __rip, __rflags, __cs, __fs, __gs;
};
struct __darwin_mcontext64 {
	struct __darwin_x86_exception_state64 __es;
	struct __darwin_x86_thread_state64 __ss;
};
#else
struct __darwin_arm_exception_state64 {
	uint64_t __far;
	uint32_t __esr, __exception;
};
struct __darwin_arm_thread_state64 {
	uint64_t __x[29], __fp, __lr, __sp, __pc;
	uint32_t __cpsr, __pad;
};
struct __darwin_mcontext64 {
	struct __darwin_arm_exception_state64 __es;
	struct __darwin_arm_thread_state64 __ss;
};
#define arm_thread_state64_get_pc(state_) ((state_).__pc)
#define arm_thread_state64_get_sp(state_) ((state_).__sp)
#define arm_thread_state64_get_fp(state_) ((state_).__fp)
#define arm_thread_state64_get_lr(state_) ((state_).__lr)
#endif
typedef struct __darwin_mcontext64 *mcontext_t;

typedef struct __darwin_ucontext {
	int uc_onstack;
	sigset_t uc_sigmask;
	stack_t uc_stack;
	struct __darwin_ucontext *uc_link;
	size_t uc_mcsize;
	mcontext_t uc_mcontext;
} ucontext_t;

#endif
