/*
 * What many cases set their stage with.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_STAGE_H
#define TESTS_STAGE_H

#include "check.h"
#include "darwin_errno.h"
#include "darwin_mman.h"
#include "sources.h"

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

/* Flags that carry a tag, and the two that most cases want: the tag of
 * mt_pages(), the tag that asks to grow what lies below. */
#define TAG(tag_) ((int)VM_MAKE_TAG(tag_))
#define PLAIN	  MT_FLAGS_TAG
#define REALLOC	  TAG(VM_MEMORY_REALLOC)

/* The last page of the 64-bit space. */
#define LAST_PAGE (UINT64_MAX - mt_page + 1)

/* A new small region and the one below it are one from this size on no more;
 * for VM_MEMORY_REALLOC: above this size (osfmk/vm/vm_map.c,
 * NO_COALESCE_LIMIT; osfmk/mach/vm_param.h, ANON_CHUNK_SIZE). */
#define MERGE_LIMIT (128 * KIB)
#define CHUNK	    (128 * MIB)

/* More than one page table of the last level shows: that is 2 MiB on x86_64, 32
 * on arm64. */
#define TABLES	     (40 * MIB)
#define TABLES_PAGES ((unsigned)(TABLES / mt_page))

/* Allocate at a fixed address. */
static inline kern_return_t
allocate_at(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size, int flags)
{
	return vm->allocate(self, &address, size, VM_FLAGS_FIXED | flags);
}

/* Store a byte on the stage: nothing may fault. */
#define TOUCH(address_, byte_) \
	MT_REQUIRE(mt_write((address_), (byte_)).exception, 0)

/* Store byte into each of count pages; what the first fault was, 0: none. */
static inline int
fill(mach_vm_address_t address, unsigned count, uint8_t byte)
{
	int exception = 0;

	for (unsigned i = 0; i < count && exception == 0; i++)
		exception = mt_write(address + i * mt_page, byte).exception;
	return exception;
}
#define TOUCH_PAGES(address_, count_, byte_) \
	MT_REQUIRE(fill((address_), (count_), (byte_)), 0)

/* Show size bytes of source again on the stage, as mach_vm_remap() does: at the
 * place in variable at, with VM_FLAGS_ANYWHERE somewhere, which at then has; the
 * same memory or a copy. */
#define REMAP(at_, size_, flags_, source_, copy_)                              \
	do {                                                                   \
		vm_prot_t current_ = 0, maximum_ = 0;                          \
                                                                               \
		MT_REQUIRE(stage->remap(self, &(at_), (size_), 0, (flags_),    \
			       self, (source_), (copy_), &current_, &maximum_, \
			       VM_INHERIT_COPY),                               \
		    KERN_SUCCESS);                                             \
	} while (0)

/* Wait for what another process stores, but not for ever. */
#define PATIENCE 20000 /* milliseconds */
#define AWAIT(condition_)                                \
	do {                                             \
		uint64_t end_ = mt_now() + PATIENCE;     \
                                                         \
		while (!(condition_) && mt_now() < end_) \
			mt_yield();                      \
		MT_REQUIRE_TRUE(condition_);             \
	} while (0)

/* Signals by Darwin's numbers. */
#define DARWIN_SIGBUS  10
#define DARWIN_SIGSEGV 11

/* What stands there now, whoever stored it. */
static inline uint8_t
stored_byte(mach_vm_address_t address)
{
	return *(volatile uint8_t *)(uintptr_t)address;
}

/* A page that parent and child share: each tells the other by a byte that it
 * has come so far. */
static inline mach_vm_address_t
signal_page(mach_port_name_t self)
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->inherit(self, page, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	TOUCH(page, 0);
	return page;
}

static inline void
tell(mach_vm_address_t page, uint8_t step)
{
	*(volatile uint8_t *)(uintptr_t)page = step;
}

/* The last page of the map, if nothing is there; the shared region ends there on
 * x86_64, and a child may do without. */
static inline mach_vm_address_t
free_last_page(void)
{
	mach_vm_address_t last = mt_system()->maximum - mt_page;
	struct mt_region region;

	MT_SKIP_UNLESS(!mt_region_at(last, &region) || region.is_submap,
	    "the model's host has the last page of the map");
	return last;
}

/* Is there a hole of so much?  The model's map is smaller where its host has no
 * more room. */
static inline bool
map_has_room(mach_vm_size_t size)
{
	mach_vm_address_t at = mt_system()->minimum;
	const char *problem = NULL;
	struct mt_region r;

	for (; mt_region_next(at, &r, &problem);
	     at = (mach_vm_address_t)(r.address + r.size))
		if ((mach_vm_address_t)r.address > at &&
		    (mach_vm_address_t)r.address - at >= size)
			return true;
	return mt_system()->maximum > at && mt_system()->maximum - at >= size;
}

/* So many superpages of 2 MiB, which x86_64 alone has. */
static inline mach_vm_address_t
superpages(const struct mt_route *vm, mach_port_name_t self, unsigned count)
{
	const mach_vm_size_t size = count * 2 * MIB;
	mach_vm_address_t at = mt_hole_aligned((unsigned)(size / mt_page),
	    2 * MIB);
	kern_return_t kr = allocate_at(vm, self, at, size,
	    VM_FLAGS_SUPERPAGE_SIZE_2MB | PLAIN);

	MT_SKIP_UNLESS(kr != KERN_RESOURCE_SHORTAGE,
	    "no contiguous memory is left for a superpage");
	MT_REQUIRE(kr, KERN_SUCCESS);
	return at;
}

/* How many regions lie in [start, end). */
static inline unsigned
count_regions(mach_vm_address_t start, mach_vm_address_t end)
{
	struct mt_region region;
	const char *problem;
	unsigned n = 0;

	while (start < end && mt_region_next(start, &region, &problem) &&
	    (mach_vm_address_t)region.address < end) {
		n++;
		start = (mach_vm_address_t)(region.address + region.size);
	}
	return n;
}

#endif
