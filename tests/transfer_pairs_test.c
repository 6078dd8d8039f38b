/*
 * Every pair of sizes and alignments: writes, copies and reads move exactly
 * the bytes that were asked for.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "transfer.h"

/* Of both memories; a size and an offset lie within. */
#define PAGES (LARGE_PAGES + 4)

/* What stands in the source at offset i, and in the target. */
static uint8_t
source_byte(uint64_t i)
{
	return (uint8_t)(i * 7 + i / 251 + 1);
}
#define TARGET_BYTE 0xee

enum { SIZES = 7, OFFSETS = 4 };

static uint64_t
size_of(unsigned i)
{
	const uint64_t sizes[SIZES] = { 1, mt_page - 1, mt_page, mt_page + 1,
		3 * mt_page - 5, LARGE, LARGE + 3 };

	return sizes[i];
}

static uint64_t
offset_of(unsigned i)
{
	const uint64_t offsets[OFFSETS] = { 0, 8, 13, mt_page - 1 };

	return offsets[i];
}

/* How many bytes of the target are not what they should be. */
static uint64_t
wrong_bytes(const uint8_t *target, const uint8_t *expected, uint64_t size)
{
	uint64_t wrong = 0;

	if (memcmp(target, expected, size) == 0)
		return 0;
	for (uint64_t i = 0; i < size; i++)
		wrong += target[i] != expected[i];
	return wrong;
}

/* PAGES pages in regions of so many each, every one with its VM object. */
static mach_vm_address_t
regions_of(mach_port_name_t self, unsigned pages)
{
	mach_vm_address_t hole = mt_hole(PAGES);
	unsigned n;

	for (unsigned i = 0; i < PAGES; i += pages) {
		n = PAGES - i < pages ? PAGES - i : pages;
		MT_REQUIRE(allocate_at(stage, self, hole + i * mt_page,
			       n * mt_page, TAG(MT_TAG + i / pages % 2)),
		    KERN_SUCCESS);
	}
	return hole;
}

typedef kern_return_t move(const struct mt_route *, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_size_t, mach_vm_address_t to);

static void
each_pair_of(const struct mt_route *vm, mach_port_name_t self, move *move_bytes,
    mach_vm_address_t source, mach_vm_address_t target)
{
	const uint64_t length = PAGES * mt_page;
	volatile uint8_t *s = (volatile uint8_t *)(uintptr_t)source;
	volatile uint8_t *t = (volatile uint8_t *)(uintptr_t)target;
	uint8_t *bytes = (uint8_t *)(uintptr_t)mt_pages(PAGES);
	uint8_t *expected = (uint8_t *)(uintptr_t)mt_pages(PAGES);

	for (uint64_t i = 0; i < length; i++)
		s[i] = bytes[i] = source_byte(i);
	for (unsigned pair = 0; pair < SIZES * OFFSETS * OFFSETS; pair++) {
		uint64_t size = size_of(pair / (OFFSETS * OFFSETS));
		uint64_t from = offset_of(pair / OFFSETS % OFFSETS);
		uint64_t to = offset_of(pair % OFFSETS);

		memset((void *)(uintptr_t)target, TARGET_BYTE, length);
		memset(expected, TARGET_BYTE, length);
		memcpy(expected + to, bytes + from, size);
		MT_CHECK(move_bytes(vm, self, source + from, size, target + to),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(wrong_bytes((const uint8_t *)(uintptr_t)target,
				    expected, length),
		    0);
		/* a later store of either side is its own */
		t[to] = 0xcc;
		MT_CHECK_NUMBER(s[from], source_byte(from));
	}
}

static void
each_pair(const struct mt_route *vm, mach_port_name_t self, move *move_bytes)
{
	each_pair_of(vm, self, move_bytes, mt_pages(PAGES), mt_pages(PAGES));
	each_pair_of(vm, self, move_bytes, regions_of(self, 3),
	    regions_of(self, 2));
}

static kern_return_t
by_write(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_size_t size, mach_vm_address_t to)
{
	return vm->write(self, to, (vm_offset_t)from,
	    (mach_msg_type_number_t)size);
}

static kern_return_t
by_copy(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_size_t size, mach_vm_address_t to)
{
	return vm->copy(self, from, size, to);
}

static kern_return_t
by_read_overwrite(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t from, mach_vm_size_t size, mach_vm_address_t to)
{
	mach_vm_size_t done = 0;
	kern_return_t kr = vm->read_overwrite(self, from, size, to, &done);

	MT_CHECK_NUMBER(done, size);
	return kr;
}

MT_CASE(write, every_alignment_writes_its_bytes, "write-pairs", "vm_write.html",
    "mach_vm_write() changes exactly the bytes of its range, for sizes around "
    "a page and the small copy's limit at aligned and unaligned addresses, in "
    "one region and over many.")
{
	each_pair(vm, self, by_write);
}

MT_CASE(copy, every_alignment_copies_its_bytes, "copy-pairs", "vm_copy.html",
    "mach_vm_copy() changes exactly the bytes of its range, for sizes around a "
    "page and the small copy's limit at aligned and unaligned addresses, in one "
    "region and over many.")
{
	each_pair(vm, self, by_copy);
}

MT_CASE(read_overwrite, every_alignment_reads_its_bytes, "overwrite-pairs",
    "vm_read.html",
    "mach_vm_read_overwrite() changes exactly the bytes of its range, for sizes "
    "around a page and the small copy's limit at aligned and unaligned "
    "addresses, in one region and over many.")
{
	each_pair(vm, self, by_read_overwrite);
}
