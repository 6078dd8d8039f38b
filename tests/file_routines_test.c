/*
 * What Mach routines and advice do to mappings of files.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "files.h"
#include "limits.h"

/* ---- advice -------------------------------------------------------------- */

MT_CASE(behavior_set, file_is_not_zeroed, "behavior-zero-file",
    VM_OBJECT_C "vm_object_zero_preflight()",
    "VM_BEHAVIOR_ZERO of a shared mapping of a file is "
    "KERN_PROTECTION_FAILURE, of a private one that was not stored to "
    "KERN_NO_ACCESS; neither changes.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t shared = shared_file(1), mine = private_file(1);
	int fd;

	TOUCH(shared, 0x42);
	MT_CHECK(vm->behavior_set(self, shared, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->behavior_set(self, mine, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_NO_ACCESS);
	MT_CHECK_BYTE(shared, 0x42);
	MT_CHECK_BYTE(mine, BYTE_OF(0));

	/* also when a private mapping sees the pages */
	fd = file_of(stage_bsd, 1);
	shared = map_file(stage_bsd, fd, 1, READ_WRITE, MAP_SHARED);
	mine = map_file(stage_bsd, fd, 1, READ_WRITE, MAP_PRIVATE);
	MT_CHECK_BYTE(mine, BYTE_OF(0));
	MT_CHECK(vm->behavior_set(self, shared, mt_page, VM_BEHAVIOR_ZERO),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(behavior_set, file_with_a_tag_of_malloc_is_not_reusable,
    "reusable-malloc-file", VM_MAP_C "vm_map_entry_is_reusable()",
    "VM_BEHAVIOR_CAN_REUSE is KERN_INVALID_ADDRESS for a file that is mapped "
    "with a tag of malloc as if malloc had made it; with another tag it "
    "succeeds.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t file = map_file(stage_bsd, file_of(stage_bsd, 1), 1,
	    READ_WRITE | PROT_EXEC, MAP_SHARED);
	mach_vm_address_t hole = mt_hole(1);
	mach_port_name_t entry = entry_for(self, mt_page, file, VM_PROT_ALL,
	    MACH_PORT_NULL);
	const int tags[] = { TAG(VM_MEMORY_MALLOC), PLAIN };

	for (unsigned i = 0; i < 2; i++) {
		MT_REQUIRE(map_at(stage, self, hole, mt_page,
			       VM_FLAGS_OVERWRITE | tags[i], entry, 0, FALSE,
			       VM_PROT_DEFAULT, VM_PROT_ALL),
		    KERN_SUCCESS);
		MT_CHECK(vm->behavior_set(self, hole, mt_page,
			     VM_BEHAVIOR_CAN_REUSE),
		    i == 0 ? KERN_INVALID_ADDRESS : KERN_SUCCESS);
	}
}

MT_CASE(madvise, file_is_not_zeroed_by_advice, "madvise-zero-file",
    KERN_MMAN_C "madvise()",
    "madvise(2) with MADV_ZERO of a shared mapping of a file is EPERM.",
    .since = "14.4", .needs = "native")
{
	mach_vm_address_t page = shared_file(1);
	int error = 0;

	TOUCH(page, 0x42);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_ZERO), error,
	    DARWIN_EPERM);
	MT_CHECK_BYTE(page, 0x42);
}

MT_CASE(madvise, free_of_a_file_keeps_it, "madvise-free-file",
    VM_OBJECT_C "vm_object_deactivate_pages()",
    "madvise(2) with MADV_FREE or MADV_DONTNEED of a shared mapping of a file "
    "succeeds; what was stored stays and is in the file.")
{
	int fd = file_of(stage_bsd, 1), error = 0;
	mach_vm_address_t page = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_SHARED);

	TOUCH(page, 0x42);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_FREE), error, 0);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_DONTNEED), error,
	    0);
	MT_CHECK_BYTE(page, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), 0x42);
}

/* Pages of a file that are not in memory. */
static void
let_go(mach_port_name_t self, mach_vm_address_t pages, unsigned n)
{
	MT_REQUIRE(stage->msync(self, pages, n * mt_page,
		       VM_SYNC_SYNCHRONOUS | VM_SYNC_INVALIDATE),
	    KERN_SUCCESS);
}

MT_CASE(madvise, pages_of_a_file_that_are_needed_are_resident,
    "madvise-willneed-file", VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of a shared mapping of a file brings in its "
    "pages, those behind one that is resident, too.")
{
	mach_vm_address_t pages = shared_file(3);
	uint8_t vector[3] = { 0 };

	let_go(self, pages, 3);
	MT_CHECK_BYTE(PAGE(1), BYTE_OF(1));
	CHECK(madvise, (pages, PAGES(3), MADV_WILLNEED), 0);
	CHECK(mincore, (pages, PAGES(3), ADDRESS_OF(vector)), 0);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_NUMBER(vector[i] & MINCORE_INCORE, MINCORE_INCORE);
}

MT_CASE(madvise, private_file_that_is_needed_is_copied,
    "madvise-willneed-file-private", VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of a writable private mapping of a file "
    "faults its pages for writing, which copies them, from macOS 10.15 on.")
{
	mach_vm_address_t page = private_file(1);
	uint8_t core = 0;
	int error = 0;

	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_WILLNEED), error,
	    0);
	MT_CHECK_ERRNO(vm->mincore(&error, page, mt_page, ADDRESS_OF(&core)),
	    error, 0);
	MT_CHECK_NUMBER(core & MINCORE_ANONYMOUS, MINCORE_ANONYMOUS,
	    MT_UNTIL(10.14, 0));
	MT_CHECK_BYTE(page, BYTE_OF(0));
}

MT_CASE(madvise, stored_to_part_of_a_file_that_is_needed,
    "madvise-willneed-file-part", VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of a part of a private mapping, of which a "
    "page was stored to, brings in that part of the file.")
{
	mach_vm_address_t pages = private_file(4), part = pages + 2 * mt_page;
	uint8_t vector[2] = { 0 };
	int error = 0;

	REQUIRE_ERRNO(ERRNO(stage_bsd->munmap(&error, pages, mt_page)), 0);
	TOUCH(pages + mt_page, 0x42);
	MT_CHECK_ERRNO(vm->madvise(&error, part, 2 * mt_page, MADV_WILLNEED),
	    error, 0);
	MT_CHECK_ERRNO(vm->mincore(&error, part, 2 * mt_page,
			   ADDRESS_OF(vector)),
	    error, 0);
	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK_NUMBER(vector[i] & MINCORE_INCORE, MINCORE_INCORE);
		MT_CHECK_BYTE(part + i * mt_page, BYTE_OF(2 + i));
	}
	MT_CHECK_BYTE(pages + mt_page, 0x42);
}

MT_CASE(madvise, end_of_a_file_that_is_needed, "madvise-willneed-file-eof",
    VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of pages behind the end of a file is EINVAL "
    "since macOS 15.4, as their faults fail; before, it succeeded.")
{
	int fd = file_of(stage_bsd, 1), error = 0;
	const unsigned n = (unsigned)(mt_system()->kernel_page / mt_page);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2 * n, READ_WRITE,
	    MAP_SHARED);

	MT_CHECK_ERRNO(vm->madvise(&error, pages, 2 * n * mt_page,
			   MADV_WILLNEED),
	    error, DARWIN_EINVAL, MT_UNTIL(15.3, 0));
	MT_CHECK_BYTE(pages, BYTE_OF(0));
}

MT_CASE(madvise, needed_file_is_dirty_where_it_may_be_written,
    "madvise-willneed-file-dirty", VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of a shared mapping of a file faults its "
    "pages for writing where it may be written, which makes them dirty, since "
    "macOS 15.4; before, and where it may only be read, they are clean.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	uint8_t vector[2] = { 0 };

	let_go(self, pages, 2);
	REQUIRE_ERRNO(ERRNO(stage_bsd->mprotect(&error, PAGE(1), mt_page,
			  PROT_READ)),
	    0);
	CHECK(madvise, (pages, PAGES(2), MADV_WILLNEED), 0);
	CHECK(mincore, (pages, PAGES(2), ADDRESS_OF(vector)), 0);
	MT_CHECK_NUMBER(vector[0] & (MINCORE_INCORE | MINCORE_MODIFIED),
	    MINCORE_INCORE | MINCORE_MODIFIED, MT_UNTIL(15.3, MINCORE_INCORE));
	MT_CHECK_NUMBER(vector[1] & (MINCORE_INCORE | MINCORE_MODIFIED),
	    MINCORE_INCORE);
	MT_CHECK_BYTE(pages, BYTE_OF(0));
	MT_CHECK_BYTE(PAGE(1), BYTE_OF(1));
}

MT_CASE(madvise, file_without_access_is_not_needed,
    "madvise-willneed-file-none", VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of a mapping of a file that may not be read "
    "brings in nothing: it is EPERM since macOS 15.4, 0 before, when it went on "
    "with what follows.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 3);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 3, PROT_READ,
	    MAP_SHARED);
	uint8_t vector[3] = { 0 };

	let_go(self, pages, 3);
	REQUIRE_ERRNO(ERRNO(stage_bsd->mprotect(&error, PAGE(1), mt_page,
			  PROT_NONE)),
	    0);
	CHECK(madvise, (pages, PAGES(3), MADV_WILLNEED), DARWIN_EPERM,
	    MT_UNTIL(15.3, 0));
	CHECK(mincore, (pages, PAGES(3), ADDRESS_OF(vector)), 0);
	MT_CHECK_NUMBER(vector[0] & MINCORE_INCORE, MINCORE_INCORE);
	MT_CHECK_NUMBER(vector[1] & MINCORE_INCORE, 0);
	MT_CHECK_NUMBER(vector[2] & MINCORE_INCORE, 0,
	    MT_UNTIL(15.3, MINCORE_INCORE));
}

MT_CASE(madvise, private_file_to_read_is_needed,
    "madvise-willneed-file-private-read", VM_MAP_C "vm_map_willneed()",
    "madvise(2) with MADV_WILLNEED of a private mapping of a file that may only "
    "be read brings in the file's pages, but not from macOS 10.15 to 15.3, "
    "where it is faulted for writing and that failure is ignored.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t shared = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, PROT_READ,
	    MAP_PRIVATE);
	uint8_t core = 0;

	let_go(self, shared, 2);
	CHECK(madvise, (PAGE(1), mt_page, MADV_WILLNEED), 0);
	CHECK(mincore, (PAGE(1), mt_page, ADDRESS_OF(&core)), 0);
	MT_CHECK_NUMBER(core & (MINCORE_INCORE | MINCORE_ANONYMOUS),
	    MINCORE_INCORE, MT_UNTIL(15.3, 0), MT_UNTIL(10.14, MINCORE_INCORE));
	MT_CHECK_BYTE(PAGE(1), BYTE_OF(1));
}

MT_CASE(madvise, page_that_shows_is_not_needed, "madvise-willneed-file-shown",
    VM_FAULT_C "vm_pre_fault()",
    "madvise(2) with MADV_WILLNEED leaves pages that the process has read: they "
    "become neither dirty nor, of a private mapping of a file, copied; those "
    "beside them do.",
    .since = "15.4", .needs = "native")
{
	mach_vm_address_t pages = shared_file(2), mine = private_file(2);
	const int wanted = MINCORE_INCORE | MINCORE_ANONYMOUS;
	uint8_t cores[4] = { 0 };

	let_go(self, pages, 2);
	MT_REQUIRE(mt_read(pages).exception, 0);
	MT_REQUIRE(mt_read(mine).exception, 0);
	CHECK(madvise, (pages, PAGES(2), MADV_WILLNEED), 0);
	CHECK(madvise, (mine, PAGES(2), MADV_WILLNEED), 0);
	CHECK(mincore, (pages, PAGES(2), ADDRESS_OF(cores)), 0);
	CHECK(mincore, (mine, PAGES(2), ADDRESS_OF(cores + 2)), 0);
	MT_CHECK_NUMBER(cores[0] & (MINCORE_INCORE | MINCORE_MODIFIED),
	    MINCORE_INCORE);
	MT_CHECK_NUMBER(cores[1] & (MINCORE_INCORE | MINCORE_MODIFIED),
	    MINCORE_INCORE | MINCORE_MODIFIED);
	MT_CHECK_NUMBER(cores[2] & wanted, MINCORE_INCORE);
	MT_CHECK_NUMBER(cores[3] & wanted, wanted);
}

MT_CASE(mlock, end_of_a_file_cannot_be_locked, "mlock-file-eof",
    VM_MAP_C "vm_map_wire_nested()",
    "mlock(2) of a file's pages wires them; of a page behind the end of the "
    "file it is ENOMEM.",
    .arch = "x86_64")
{
	int fd = file_of(stage_bsd, 1), error = 0;
	const unsigned n = (unsigned)(mt_system()->kernel_page / mt_page);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2 * n, READ_WRITE,
	    MAP_SHARED);

	MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
	MT_CHECK_REGION(pages, .user_wired_count = 1);
	MT_CHECK_BYTE(pages, BYTE_OF(0));
	MT_CHECK_ERRNO(vm->munlock(&error, pages, mt_page), error, 0);
	MT_CHECK_ERRNO(vm->mlock(&error, pages + n * mt_page, mt_page), error,
	    DARWIN_ENOMEM);
	MT_CHECK_REGION(pages + n * mt_page, .user_wired_count = 0);

	/* Nor does it count as locked. */
	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, n * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + n * mt_page, mt_page),
		    error, DARWIN_ENOMEM);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
	}
}

/* ---- remap, copy, entries ------------------------------------------------ */

MT_CASE(remap, file_is_shared_by_its_second_mapping, "remap-file",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without a copy of a shared mapping of a file is one more "
    "mapping of the file.")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t hole = mt_hole(1), target = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_CHECK(vm->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		     pages + mt_page, FALSE, &current, &maximum,
		     VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, BYTE_OF(1));
	TOUCH(hole, 0x42);
	MT_CHECK_BYTE(pages + mt_page, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)mt_page), 0x42);
	MT_CHECK_REGION(hole, .external_pager = 1, .offset = (int64_t)mt_page);
}

MT_CASE(remap, copy_of_a_file_is_private, "remap-file-copy",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() with a copy of a shared mapping of a file is a private "
    "one: it keeps what it shows, and its stores stay out of the file.")
{
	int fd = file_of(stage_bsd, 1);
	mach_vm_address_t page = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t hole = mt_hole(1), target = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_CHECK(vm->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		     page, TRUE, &current, &maximum, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	TOUCH(page, 0x42);
	MT_CHECK_BYTE(hole, BYTE_OF(0));
	TOUCH(hole + 1, 0x43);
	MT_CHECK_BYTE(page + 1, 0);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), 0x42);
}

MT_CASE(copy, file_is_copied_out_of_its_mapping, "copy-file",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of a mapping of a file gives its bytes; later stores into "
    "the file do not show in the copy.")
{
	mach_vm_address_t pages = shared_file(16), target = mt_pages(16);

	MT_CHECK(vm->copy(self, pages, 16 * mt_page, target), KERN_SUCCESS);
	TOUCH(pages, 0x42);
	MT_CHECK_BYTE(target, BYTE_OF(0));
	MT_CHECK_BYTE(target + 15 * mt_page, BYTE_OF(15));
	MT_CHECK_BYTE(pages, 0x42);
}

MT_CASE(write, bytes_are_written_into_a_file, "write-file",
    VM_MAP_C "vm_map_copy_overwrite()",
    "mach_vm_write() into a shared mapping of a file writes into the file.")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t source = mt_pages(1);

	TOUCH(source, 0x42);
	MT_CHECK(vm->write(self, pages + mt_page, (vm_offset_t)source,
		     (mach_msg_type_number_t)mt_page),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(pages + mt_page, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)mt_page), 0x42);
}

MT_CASE(read_overwrite, end_of_a_file_cannot_be_read, "read-file-eof",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_read_overwrite() of a few bytes behind the end of a file's "
    "mapping is KERN_INVALID_ADDRESS, as the copy faults.")
{
	const unsigned n = (unsigned)(mt_system()->kernel_page / mt_page);
	mach_vm_address_t pages = map_file(stage_bsd, file_of(stage_bsd, 1),
	    2 * n, READ_WRITE, MAP_SHARED);
	mach_vm_address_t target = mt_pages(1);
	mach_vm_size_t size = 0;

	MT_CHECK(vm->read_overwrite(self, pages, 8, target, &size),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(target, BYTE_OF(0));
	MT_CHECK(vm->read_overwrite(self, pages + n * mt_page, 8, target,
		     &size),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(make_memory_entry, entry_of_a_file_maps_the_file, "entry-file",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_64()",
    "A memory entry that mach_make_memory_entry_64() makes for a shared "
    "mapping of a file maps the same file elsewhere.")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t hole = mt_hole(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages, RW, &entry, MACH_PORT_NULL),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(size, 2 * mt_page);
	MT_REQUIRE(map_at(stage, self, hole, 2 * mt_page, 0, entry, 0, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole + mt_page, BYTE_OF(1));
	TOUCH(hole, 0x42);
	MT_CHECK_BYTE(pages, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), 0x42);
	MT_CHECK_REGION(hole, .external_pager = 1);
}

MT_CASE(make_memory_entry, copy_of_a_file_is_of_its_time, "entry-file-copy",
    VM_MEMORY_ENTRY_C "mach_make_memory_entry_copy()",
    "A memory entry with MAP_MEM_VM_COPY of a shared mapping of a file keeps "
    "what the file held.")
{
	mach_vm_address_t pages = shared_file(2), hole = mt_hole(2);
	memory_object_size_t size = 2 * mt_page;
	mach_port_name_t entry;

	MT_CHECK(make(vm, self, &size, pages, MAP_MEM_VM_COPY | RO, &entry,
		     MACH_PORT_NULL),
	    KERN_SUCCESS);
	TOUCH(pages, 0x42);
	MT_REQUIRE(map_at(stage, self, hole, 2 * mt_page, 0, entry, 0, FALSE,
		       RO, RO),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, BYTE_OF(0));
	MT_CHECK_BYTE(hole + mt_page, BYTE_OF(1));
}

MT_CASE(allocate, memory_above_a_file_stays_apart, "coalesce-file",
    VM_MAP_C "vm_map_enter()",
    "Memory that mach_vm_allocate() puts right above a mapping of a file is a "
    "region of its own.")
{
	int fd = file_of(stage_bsd, 1), error = 0;
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE_TRUE(stage_bsd->mmap(&error, hole, mt_page, READ_WRITE,
			    MAP_PRIVATE | MAP_FIXED, fd, 0) == (int64_t)hole);
	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, 0),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_BYTE(hole + mt_page, 0);
}

MT_CASE(reallocate, file_is_moved_with_an_anonymous_tail, "reallocate-file",
    REALLOCATE_C "mach_vm_reallocate()",
    "mach_vm_reallocate() of a shared mapping of a file moves it: it still is "
    "the file's, and the tail is anonymous memory that does not grow the "
    "file.",
    .since = "26.4", .needs = "native")
{
	int fd = file_of(stage_bsd, 1);
	mach_vm_address_t page = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t hole = mt_hole(2), target = hole;

	MT_CHECK(vm->reallocate(self, page, mt_page, &target, 2 * mt_page, 0,
		     VM_REALLOCATE_DEALLOCATE_SOURCE, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK_HOLE(page);
	MT_CHECK_BYTE(hole, BYTE_OF(0));
	TOUCH(hole, 0x42);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), 0x42);
	MT_CHECK_BYTE(hole + mt_page, 0);
	MT_CHECK_WRITABLE(hole + mt_page);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)mt_page), -1);
}

MT_CASE(map, list_that_cannot_be_copied_leaves_nothing_mapped,
    "map-entry-list-failed", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() with copy of a MAP_MEM_VM_SHARE entry whose memory cannot be "
    "copied, as it has a wired page and ends behind a file, is "
    "KERN_MEMORY_ERROR and maps nothing; with VM_FLAGS_OVERWRITE it leaves "
    "what it mapped before and new memory in the place of the old.",
    .since = "12.4", .needs = "native")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t hole = mt_hole(4), address = hole;
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(ERRNO(stage_bsd->mlock(&error, pages, mt_page)), 0);
	MT_REQUIRE(stage->make_memory_entry(self, &size, pages,
		       MAP_MEM_VM_SHARE | VM_PROT_DEFAULT, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);

	MT_CHECK(vm->map(self, &address, 4 * mt_page, 0, VM_FLAGS_FIXED, entry,
		     0, TRUE, VM_PROT_DEFAULT, VM_PROT_DEFAULT,
		     VM_INHERIT_COPY),
	    KERN_MEMORY_ERROR);
	MT_CHECK_LAYOUT(hole, "....");
	MT_CHECK_BYTE(pages, BYTE_OF(0));

	MT_REQUIRE(allocate_at(stage, self, hole, 4 * mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(hole, 0x31);
	MT_CHECK(vm->map(self, &address, 4 * mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, entry, 0, TRUE,
		     VM_PROT_DEFAULT, VM_PROT_DEFAULT, VM_INHERIT_COPY),
	    KERN_MEMORY_ERROR);
	MT_CHECK_LAYOUT(hole, "abbb");
	MT_CHECK_BYTE(hole, BYTE_OF(0));
	MT_CHECK_BYTE(hole + mt_page, 0);
}
