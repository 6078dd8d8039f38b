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

/* It is one of these; it is 0, or the stage is not set. */
#define CHECK_ERRNO(errno_, ...)                              \
	mt_judge(MT_SITE(#errno_, false), MT_ERRNO, (errno_), \
	    MT_ANSWERS(__VA_ARGS__))
#define REQUIRE_ERRNO(errno_, ...)                           \
	mt_judge(MT_SITE(#errno_, true), MT_ERRNO, (errno_), \
	    MT_ANSWERS(__VA_ARGS__))

/*
 * CHECK(madvise, (page, mt_page, 99), DARWIN_EINVAL): the call's errno, 0 for
 * success; DO(mlock, (page, mt_page)): it succeeds, or the stage is not set.
 */
#define UNPACK(...)		  __VA_ARGS__
#define CALL(member_, arguments_) ERRNO(vm->member_(&error, UNPACK arguments_))
#define CHECK(member_, arguments_, ...)                          \
	mt_judge(MT_SITE(#member_ #arguments_, false), MT_ERRNO, \
	    CALL(member_, arguments_), MT_ANSWERS(__VA_ARGS__))
#define DO(member_, arguments_)                                 \
	mt_judge(MT_SITE(#member_ #arguments_, true), MT_ERRNO, \
	    CALL(member_, arguments_), MT_ANSWERS(0))

/* The page n of a stage; many at once. */
#define PAGE(n_)  (pages + (mach_vm_size_t)(n_)*mt_page)
#define PAGES(n_) ((mach_vm_size_t)(n_)*mt_page)

/* The length of a range from address whose end only rounds up to 2^64. */
#define TO_THE_END(address_) (UINT64_MAX - (address_))

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
