/*
 * Ranges that mach_vm_reallocate grows.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_REALLOCATE_H
#define TESTS_REALLOCATE_H

#include "transfer.h"

/* What the caller's variable holds before a call without a hint. */
#define NOWHERE ((mach_vm_address_t)0)

/* The tag of flags in most cases: not that of mt_pages(). */
#define OTHER_TAG (MT_TAG + 1)
#define OTHER	  TAG(OTHER_TAG)

/* n numbered pages at the start of a hole with room for as many more. */
static inline mach_vm_address_t
block(mach_port_name_t self, unsigned n, unsigned room)
{
	mach_vm_address_t hole = mt_hole(n + room);

	MT_REQUIRE(allocate_at(stage, self, hole, n * mt_page, PLAIN),
	    KERN_SUCCESS);
	NUMBER_PAGES(hole, n, 0x11);
	return hole;
}

/* From pages to pages, without mask and options. */
static inline kern_return_t
grow(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t source,
    unsigned from, mach_vm_address_t *address, unsigned to, int flags)
{
	return vm->reallocate(self, source, from * mt_page, address,
	    to * mt_page, 0, VM_REALLOCATE_DEALLOCATE_SOURCE, flags);
}

/* The same to a place. */
static inline kern_return_t
grow_to(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t source, unsigned from, mach_vm_address_t address,
    unsigned to, int flags)
{
	return grow(vm, self, source, from, &address, to,
	    VM_FLAGS_FIXED | flags);
}

/* n pages that block() numbered, wherever they are now. */
static inline void
check_numbers(mach_vm_address_t address, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		MT_CHECK_BYTE(address + i * mt_page, (uint8_t)(0x11 + i));
}

#endif
