/*
 * Registers of the host's context and of Darwin's.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <string.h>

#include "kit/context_linux.h"

#if defined(__x86_64__)

/* The host's index, and the place in Darwin's state. */
#define AT(name_) offsetof(struct __darwin_x86_thread_state64, name_)
static const struct {
	int host;
	size_t at;
} registers[] = {
	{ REG_RAX, AT(__rax) },
	{ REG_RBX, AT(__rbx) },
	{ REG_RCX, AT(__rcx) },
	{ REG_RDX, AT(__rdx) },
	{ REG_RDI, AT(__rdi) },
	{ REG_RSI, AT(__rsi) },
	{ REG_RBP, AT(__rbp) },
	{ REG_RSP, AT(__rsp) },
	{ REG_R8, AT(__r8) },
	{ REG_R9, AT(__r9) },
	{ REG_R10, AT(__r10) },
	{ REG_R11, AT(__r11) },
	{ REG_R12, AT(__r12) },
	{ REG_R13, AT(__r13) },
	{ REG_R14, AT(__r14) },
	{ REG_R15, AT(__r15) },
	{ REG_RIP, AT(__rip) },
	{ REG_EFL, AT(__rflags) },
};
#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

static void
load(struct __darwin_mcontext64 *m, const ucontext_t *host, uint64_t fault)
{
	for (size_t i = 0; i < REGISTERS; i++)
		memcpy((char *)&m->__ss + registers[i].at,
		    &host->uc_mcontext.gregs[registers[i].host],
		    sizeof(uint64_t));
	m->__es.__trapno = (uint16_t)host->uc_mcontext.gregs[REG_TRAPNO];
	m->__es.__err = (uint32_t)host->uc_mcontext.gregs[REG_ERR];
	m->__es.__faultvaddr = fault;
}

void
context_to_host(ucontext_t *host, const struct darwin_context *given)
{
	for (size_t i = 0; i < REGISTERS; i++)
		memcpy(&host->uc_mcontext.gregs[registers[i].host],
		    (const char *)&given->registers.__ss + registers[i].at,
		    sizeof(uint64_t));
}

#else

static void
load(struct __darwin_mcontext64 *m, const ucontext_t *host, uint64_t fault)
{
	memcpy(m->__ss.__x, host->uc_mcontext.regs, sizeof(m->__ss.__x));
	m->__ss.__fp = host->uc_mcontext.regs[29];
	m->__ss.__lr = host->uc_mcontext.regs[30];
	m->__ss.__sp = host->uc_mcontext.sp;
	m->__ss.__pc = host->uc_mcontext.pc;
	m->__ss.__cpsr = (uint32_t)host->uc_mcontext.pstate;
	m->__es.__far = fault;
}

void
context_to_host(ucontext_t *host, const struct darwin_context *given)
{
	const struct __darwin_mcontext64 *m = &given->registers;

	memcpy(host->uc_mcontext.regs, m->__ss.__x, sizeof(m->__ss.__x));
	host->uc_mcontext.regs[29] = m->__ss.__fp;
	host->uc_mcontext.regs[30] = m->__ss.__lr;
	host->uc_mcontext.sp = m->__ss.__sp;
	host->uc_mcontext.pc = m->__ss.__pc;
}

#endif

void
context_to_program(struct darwin_context *given, const ucontext_t *host,
    uint64_t fault)
{
	memset(given, 0, sizeof(*given));
	given->uc.uc_mcsize = sizeof(given->registers);
	given->uc.uc_mcontext = &given->registers;
	load(&given->registers, host, fault);
}
