/*
 * Registers for a trap, by machine.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "trap.h"

#if defined(__x86_64__)

/* osfmk/mach/i386/syscall_sw.h: classes, argument 4 in r10. */
#define CLASS_MACH UINT64_C(0x1000000)
#define CLASS_UNIX UINT64_C(0x2000000)

static void
fill(struct mt_registers *r, uint64_t number, const uint64_t *arguments,
    int count)
{
	static const unsigned char place[6] = { MT_RDI, MT_RSI, MT_RDX, MT_R10,
		MT_R8, MT_R9 };

	*r = (struct mt_registers){ .flags = 0x202 };
	r->r[MT_RAX] = number;
	for (int i = 0; i < count && i < 6; i++)
		r->r[place[i]] = arguments[i];
}

void
mt_registers_mach(struct mt_registers *r, int trap, const uint64_t *arguments,
    int count)
{
	fill(r, CLASS_MACH | (uint32_t)trap, arguments, count);
}

void
mt_registers_unix(struct mt_registers *r, int call, const uint64_t *arguments,
    int count)
{
	fill(r, CLASS_UNIX | (uint32_t)call, arguments, count);
}

uint64_t
mt_registers_result(const struct mt_registers *r)
{
	return r->r[MT_RAX];
}

bool
mt_registers_failed(const struct mt_registers *r)
{
	return (r->flags & 1) != 0;
}

#else

static void
fill(struct mt_registers *r, int64_t number, const uint64_t *arguments,
    int count)
{
	*r = (struct mt_registers){ .flags = 0 };
	r->r[16] = (uint64_t)number;
	for (int i = 0; i < count && i < 8; i++)
		r->r[i] = arguments[i];
}

void
mt_registers_mach(struct mt_registers *r, int trap, const uint64_t *arguments,
    int count)
{
	fill(r, -(int64_t)trap, arguments, count);
}

void
mt_registers_unix(struct mt_registers *r, int call, const uint64_t *arguments,
    int count)
{
	fill(r, call, arguments, count);
}

uint64_t
mt_registers_result(const struct mt_registers *r)
{
	return r->r[0];
}

bool
mt_registers_failed(const struct mt_registers *r)
{
	return (r->flags >> 29 & 1) != 0;
}

#endif
