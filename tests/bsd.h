/*
 * Stages of the BSD calls: memory that mmap() gives, and its errno alone.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_BSD_H
#define TESTS_BSD_H

#include "stage.h"

#define PRIVATE_ANON (MAP_PRIVATE | MAP_ANON)
#define READ_WRITE   (PROT_READ | PROT_WRITE)

/* errno of a call that gives nothing else that counts: 0, success. */
#define ERRNO(call_)           \
	__extension__({        \
		int error = 0; \
		(void)(call_); \
		error;         \
	})

/* The address that mmap() gives, 0 where it fails. */
static inline mach_vm_address_t
mapped(const struct mt_route *vm, mach_vm_address_t hint, mach_vm_size_t size,
    int protection, int flags)
{
	int error = 0;
	int64_t at = vm->mmap(&error, hint, size, protection, flags, -1, 0);

	return at == -1 ? 0 : (mach_vm_address_t)at;
}

/* Private memory in a hole of n pages that nobody else takes. */
static inline mach_vm_address_t
mapped_at(const struct mt_route *vm, mach_vm_address_t address, unsigned n)
{
	mach_vm_address_t at = mapped(vm, address, n * mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_FIXED);

	MT_REQUIRE_TRUE(at == address);
	return at;
}

#endif
