/*
 * The registers of an interrupted program, as Darwin's handlers see them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_CONTEXT_LINUX_H
#define KIT_CONTEXT_LINUX_H

#include <stdint.h>
#include <ucontext.h>

/* The kit's names, beside the host's. */
#define ucontext_t darwin_ucontext_t
#define mcontext_t darwin_mcontext_t
#include "kit/include/sys/ucontext.h"
#undef ucontext_t
#undef mcontext_t

struct darwin_context {
	darwin_ucontext_t uc;
	struct __darwin_mcontext64 registers;
};

void context_to_program(struct darwin_context *, const ucontext_t *,
    uint64_t fault);
/* The registers that a handler changed. */
void context_to_host(ucontext_t *, const struct darwin_context *);

#endif
