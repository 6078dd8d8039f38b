/*
 * Sizes on both sides of the two ways in which the kernel copies: through a
 * buffer, up to at most 32 KiB, and by map entries.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_TRANSFER_H
#define TESTS_TRANSFER_H

#include "stage.h"

#define SMALL	    (mt_page - 64)
#define LARGE	    (128 * KIB)
#define LARGE_PAGES ((unsigned)(LARGE / mt_page))

/* Number pages by the byte at `at` in each: byte, byte + 1, ... */
static inline int
number_pages(mach_vm_address_t at, unsigned count, uint8_t byte)
{
	int exception = 0;

	for (unsigned i = 0; i < count && exception == 0; i++)
		exception =
		    mt_write(at + i * mt_page, (uint8_t)(byte + i)).exception;
	return exception;
}
#define NUMBER_PAGES(at_, count_, byte_) \
	MT_REQUIRE(number_pages((at_), (count_), (byte_)), 0)

/* Protect and deallocate on the stage. */
#define PROTECT(address_, pages_, protection_)                               \
	MT_REQUIRE(stage->protect(self, (address_), (pages_)*mt_page, FALSE, \
		       (protection_)),                                       \
	    KERN_SUCCESS)
#define PUNCH(address_, pages_)                                           \
	MT_REQUIRE(stage->deallocate(self, (address_), (pages_)*mt_page), \
	    KERN_SUCCESS)

#endif
