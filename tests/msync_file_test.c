/*
 * Synchronizing mappings of files: which pages, and what becomes of the bytes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"
#include "queries.h"

/* Which of 4 pages are dirty, one bit each; and which are there. */
static int
which(mach_port_name_t self, mach_vm_address_t pages, integer_t what)
{
	int bits = 0;

	for (unsigned i = 0; i < 4; i++)
		if (page_is(self, PAGE(i), what))
			bits |= 1 << i;
	return bits;
}
#define DIRTY	 which(self, pages, VM_PAGE_QUERY_PAGE_DIRTY)
#define RESIDENT which(self, pages, VM_PAGE_QUERY_PAGE_PRESENT)

MT_CASE(bsd_msync, bytes_of_a_file_stay_whatever_is_asked,
    "msync-bsd-file-flags", VM_MAP_C "vm_map_msync()",
    "msync(2) of a shared mapping of a file loses no byte, whichever flags it "
    "is given: the mapping, another one and read(2) have what was stored, with "
    "MS_INVALIDATE alone or with MS_ASYNC, too.")
{
	static const int flags[] = { 0, MS_SYNC, MS_ASYNC, MS_INVALIDATE,
		MS_SYNC | MS_INVALIDATE, MS_ASYNC | MS_INVALIDATE,
		MS_DEACTIVATE, MS_KILLPAGES, MS_KILLPAGES | MS_INVALIDATE,
		MS_DEACTIVATE | MS_INVALIDATE };
	int fd = file_of(stage_bsd, 3);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 3, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t other = map_file(stage_bsd, fd, 3, PROT_READ,
	    MAP_SHARED);

	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		const uint8_t byte = (uint8_t)(0x40 + i);

		TOUCH_PAGES(pages, 3, byte);
		CHECK(bsd_msync, (pages, PAGES(3), flags[i]), 0);
		for (unsigned n = 0; n < 3; n++) {
			MT_CHECK_BYTE(other + PAGES(n), byte);
			MT_CHECK_BYTE(PAGE(n), byte);
			MT_CHECK_NUMBER(read_file(stage_bsd, fd,
					    (int64_t)PAGES(n)),
			    byte);
		}
	}
}

MT_CASE(bsd_msync, invalidated_pages_leave, "msync-bsd-file-invalidate",
    VM_MAP_C "vm_map_msync()",
    "msync(2) with MS_INVALIDATE, with MS_SYNC and MS_ASYNC too, takes pages of "
    "a file out of memory, those of its range alone.",
    .needs = "native")
{
	static const int flags[] = { MS_INVALIDATE, MS_SYNC | MS_INVALIDATE,
		MS_ASYNC | MS_INVALIDATE };
	mach_vm_address_t pages = map_file(stage_bsd, file_of(stage_bsd, 4), 4,
	    PROT_READ, MAP_SHARED);

	for (unsigned i = 0; i < 3; i++) {
		for (unsigned n = 0; n < 4; n++)
			MT_CHECK_BYTE(PAGE(n), BYTE_OF(n));
		CHECK(bsd_msync, (PAGE(1), PAGES(2), flags[i]), 0);
		MT_CHECK_NUMBER(RESIDENT, 9);
	}
}

MT_CASE(msync, invalidating_alone_discards_what_was_stored,
    "msync-invalidate-alone", MEMORY_OBJECT_C "memory_object_lock_page()",
    "VM_SYNC_INVALIDATE without VM_SYNC_SYNCHRONOUS or VM_SYNC_ASYNCHRONOUS "
    "discards dirty pages of a file in the range unwritten: a mapping shows "
    "what the file held before; pages beside the range keep what was stored.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 4);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);

	MT_REQUIRE(stage->msync(self, pages, PAGES(4), VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 4, 0x42);
	MT_CHECK(vm->msync(self, PAGE(1), PAGES(2), VM_SYNC_INVALIDATE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(RESIDENT, 9);
	MT_CHECK_NUMBER(DIRTY, 9);
	MT_CHECK_BYTE(pages, 0x42);
	MT_CHECK_BYTE(PAGE(1), BYTE_OF(1));
	MT_CHECK_BYTE(PAGE(2), BYTE_OF(2));
	MT_CHECK_BYTE(PAGE(3), 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)PAGES(1)),
	    BYTE_OF(1));
}

/* ---- which pages --------------------------------------------------------- */

/* Four pages of a file from its third on, all dirty, in one region or in the
 * two that [split, 4) makes. */
static mach_vm_address_t
dirty_part(mach_port_name_t self, unsigned split)
{
	int fd = file_of(stage_bsd, 6), error = 0;
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE_TRUE(stage_bsd->mmap(&error, pages, PAGES(4), READ_WRITE,
			    MAP_SHARED | MAP_FIXED, fd,
			    2 * (int64_t)mt_page) == (int64_t)pages);
	if (split < 4)
		MT_REQUIRE(stage->inherit(self, PAGE(split), PAGES(4 - split),
			       VM_INHERIT_NONE),
		    KERN_SUCCESS);
	TOUCH_PAGES(pages, 4, 0x42);
	return pages;
}

MT_CASE(msync, range_is_what_is_written, "msync-file-range",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() writes those dirty pages of a file that the range has, no "
    "others, wherever it lies in a region that begins inside of the file, and "
    "in two regions.",
    .needs = "native")
{
	for (unsigned from = 0; from < 4; from++)
		for (unsigned to = from + 1; to <= 4; to++) {
			const int asked = (1 << to) - (1 << from);
			mach_vm_address_t pages = dirty_part(self, 4);

			MT_CHECK_NUMBER(DIRTY, 15);
			MT_CHECK(vm->msync(self, PAGE(from), PAGES(to - from),
				     VM_SYNC_SYNCHRONOUS),
			    KERN_SUCCESS);
			MT_CHECK_NUMBER(DIRTY, 15 & ~asked);
			MT_CHECK_NUMBER(RESIDENT, 15);

			pages = dirty_part(self, 2);
			MT_CHECK(vm->msync(self, PAGE(from), PAGES(to - from),
				     VM_SYNC_SYNCHRONOUS | VM_SYNC_INVALIDATE),
			    KERN_SUCCESS);
			MT_CHECK_NUMBER(DIRTY, 15 & ~asked);
			MT_CHECK_NUMBER(RESIDENT, 15 & ~asked);
			MT_CHECK_BYTE(PAGE(from), 0x42);
		}
}

MT_CASE(msync, file_of_which_a_copy_exists_is_written, "msync-file-copied",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() of a shared mapping writes a file's dirty pages whether or "
    "not there is a private mapping of the file, which keeps its own.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 4);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t mine = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_PRIVATE);

	TOUCH(mine + PAGES(3), 0x43);
	TOUCH_PAGES(pages, 4, 0x42);
	MT_CHECK(vm->msync(self, PAGE(1), PAGES(3), VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(DIRTY, 1);
	MT_CHECK(vm->msync(self, mine, PAGES(4), VM_SYNC_SYNCHRONOUS),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(DIRTY, 1);
	MT_CHECK_BYTE(mine + PAGES(3), 0x43);
}

/* Of them the two in the middle go. */
static mach_vm_address_t
dirty_around_hole(mach_port_name_t self)
{
	mach_vm_address_t pages = dirty_part(self, 4);

	MT_REQUIRE(stage->deallocate(self, PAGE(1), PAGES(2)), KERN_SUCCESS);
	return pages;
}

MT_CASE(msync, range_that_ends_in_a_hole_ends_there, "msync-file-hole-end",
    VM_MAP_C "vm_map_msync()",
    "mach_vm_msync() of a range that begins or ends inside of a hole writes "
    "what of a file is in it, and nothing behind it. It is 0, and "
    "KERN_INVALID_ADDRESS with VM_SYNC_CONTIGUOUS, which from macOS 26.4 on "
    "writes nothing behind a hole.",
    .needs = "native")
{
	const vm_sync_t sync = VM_SYNC_SYNCHRONOUS;
	const vm_sync_t whole = sync | VM_SYNC_CONTIGUOUS;
	mach_vm_address_t pages = dirty_around_hole(self);
	int error = 0;

	MT_CHECK(vm->msync(self, PAGE(1), mt_page, sync), KERN_SUCCESS);
	MT_CHECK(vm->msync(self, PAGE(1), PAGES(2), whole),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(DIRTY, 9);
	MT_CHECK(vm->msync(self, pages, PAGES(2), sync), KERN_SUCCESS);
	MT_CHECK_NUMBER(DIRTY, 8);
	MT_CHECK(vm->msync(self, PAGE(2), PAGES(2), sync), KERN_SUCCESS);
	MT_CHECK_NUMBER(DIRTY, 0);

	pages = dirty_around_hole(self);
	MT_CHECK(vm->msync(self, pages, PAGES(2), whole), KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(DIRTY, 8);
	MT_CHECK(vm->msync(self, PAGE(2), PAGES(2), whole),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_NUMBER(DIRTY, 8, MT_UNTIL(26.3, 0));

	/* What lies behind the hole begins with the file. */
	pages = mt_hole(4);
	MT_REQUIRE_TRUE(stage_bsd->mmap(&error, PAGE(3), mt_page, READ_WRITE,
			    MAP_SHARED | MAP_FIXED, file_of(stage_bsd, 1),
			    0) == (int64_t)PAGE(3));
	TOUCH(PAGE(3), 0x42);
	MT_CHECK(vm->msync(self, PAGE(1), mt_page, sync), KERN_SUCCESS);
	MT_CHECK_NUMBER(DIRTY, 8);
}

MT_CASE(bsd_msync, private_stores_are_not_invalidated,
    "msync-bsd-file-private-flags", VM_MAP_C "vm_map_msync()",
    "msync(2) with MS_INVALIDATE of a private mapping of a file discards "
    "neither what was stored there nor the file's own pages.",
    .needs = "native")
{
	static const int flags[] = { MS_INVALIDATE, MS_SYNC | MS_INVALIDATE,
		MS_ASYNC | MS_INVALIDATE };
	int fd = file_of(stage_bsd, 4);
	mach_vm_address_t shared = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_PRIVATE);

	TOUCH(PAGE(1), 0x42);
	TOUCH(shared + PAGES(2), 0x43);
	for (unsigned i = 0; i < 3; i++) {
		CHECK(bsd_msync, (pages, PAGES(4), flags[i]), 0);
		MT_CHECK_BYTE(PAGE(1), 0x42);
		MT_CHECK_NUMBER(DIRTY & 2, 2);
		MT_CHECK_NUMBER(page_is(self, shared + PAGES(2),
				    VM_PAGE_QUERY_PAGE_DIRTY),
		    VM_PAGE_QUERY_PAGE_DIRTY);
		MT_CHECK_BYTE(PAGE(2), BYTE_OF(2));
	}
}

MT_CASE(munmap, every_page_comes_into_the_file, "mmap-file-unmap-many",
    "mmap(2)",
    "What was stored into each page of the only mapping of a file is in the "
    "file after munmap(2); VM_SYNC_DEACTIVATE before leaves the pages in "
    "memory.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 4);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);

	for (unsigned i = 0; i < 4; i++)
		TOUCH(PAGE(i) + 1, (uint8_t)(0x41 + i));
	MT_CHECK(stage->msync(self, pages, PAGES(4), VM_SYNC_DEACTIVATE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_TRUE(
		    page_is(self, PAGE(i), VM_PAGE_QUERY_PAGE_PRESENT) != 0);
	CHECK(munmap, (pages, PAGES(4)), 0);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)PAGES(i) + 1),
		    0x41 + i);
}

MT_CASE(bsd_msync, every_page_of_many_is_written, "msync-bsd-file-many",
    VM_MAP_C "vm_map_msync()",
    "msync(2) with MS_SYNC of 300 pages of a file writes each of them: none is "
    "dirty any more.",
    .needs = "native")
{
	const unsigned n = 300;
	mach_vm_address_t pages = shared_file(n);

	TOUCH_PAGES(pages, n, 0x42);
	MT_CHECK_REGION(pages, .pages_dirtied = n);
	CHECK(bsd_msync, (pages, PAGES(n), MS_SYNC), 0);
	MT_CHECK_REGION(pages, .pages_dirtied = 0, .pages_resident = n);
	MT_CHECK_BYTE(PAGE(n - 1), 0x42);
}

MT_CASE(bsd_msync, locked_pages_are_written_when_unlocked,
    "msync-bsd-file-locked", VM_PAGEOUT_C "vm_object_upl_request()",
    "msync(2) with MS_SYNC leaves pages of a file dirty that mlock(2) holds, "
    "though it succeeds, and cleans the others; it cleans them, too, once they "
    "are unlocked. pread(2) has what was stored all the time.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 4);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);

	REQUIRE_ERRNO(ERRNO(stage_bsd->mlock(&error, PAGE(1), PAGES(2))), 0);
	for (uint8_t byte = 0x41; byte < 0x44; byte++) {
		for (unsigned i = 0; i < 4; i++)
			TOUCH(PAGE(i), byte);
		MT_CHECK_NUMBER(DIRTY, 15);
		CHECK(bsd_msync, (pages, PAGES(4), MS_SYNC), 0);
		MT_CHECK_NUMBER(DIRTY, 6);
		for (unsigned i = 0; i < 4; i++)
			MT_CHECK_NUMBER(read_file(stage_bsd, fd,
					    (int64_t)PAGES(i)),
			    byte);
	}
	REQUIRE_ERRNO(ERRNO(stage_bsd->munlock(&error, PAGE(1), PAGES(2))), 0);
	CHECK(bsd_msync, (pages, PAGES(4), MS_SYNC), 0);
	MT_CHECK_NUMBER(DIRTY, 0);
	MT_CHECK_BYTE(PAGE(2), 0x43);
}
