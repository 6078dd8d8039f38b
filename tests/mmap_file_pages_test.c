/*
 * What mappings of files by mmap(2) show: the file's bytes, its end, and what
 * is stored or written by others.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"

/* Pages of the process in a page of the kernel, by which a file ends. */
#define UNIT_PAGES ((unsigned)(mt_system()->kernel_page / mt_page))
#define UNIT	   (mt_system()->kernel_page)

static void
resize(const struct mt_route *vm, int fd, uint64_t size)
{
	REQUIRE_ERRNO(ERRNO(vm->ftruncate(&error, fd, (int64_t)size)), 0);
}

/* ---- the end of the file ------------------------------------------------- */

MT_CASE(mmap, page_beyond_the_end_of_a_file_faults, "mmap-file-past-eof",
    VM_FAULT_C "vm_fault_page()",
    "A page of a file's mapping by mmap(2) that begins at or beyond the end of "
    "the file faults with KERN_MEMORY_ERROR, which is SIGBUS; mapping it "
    "succeeds.")
{
	int fd = file_of(vm, UNIT_PAGES);
	mach_vm_address_t shared = map_file(vm, fd, 3 * UNIT_PAGES, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t mine = map_file(vm, fd, 2 * UNIT_PAGES, READ_WRITE,
	    MAP_PRIVATE);

	MT_CHECK_BYTE(shared, BYTE_OF(0));
	MT_CHECK_READABLE(shared + UNIT - 1);
	MT_CHECK_FAULT(mt_read(shared + UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_write(shared + 2 * UNIT, 1), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_read(mine + UNIT), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_write(mine + 2 * UNIT - 1, 1), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK_REGION(shared, .size = (int64_t)(3 * UNIT));
}

MT_CASE(mmap, rest_of_the_last_page_of_a_file_is_zero, "mmap-file-eof-zero",
    "mmap(2)",
    "What of a mapping of a file lies behind the end of the file in its last "
    "page reads as zero.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t page = map_file(vm, fd, 1, PROT_READ, MAP_SHARED);
	mach_vm_address_t mine;

	resize(vm, fd, 100);
	write_file(vm, fd, 99, 0x63);
	mine = map_file(vm, fd, 1, PROT_READ, MAP_PRIVATE);
	MT_CHECK_BYTE(page, BYTE_OF(0));
	MT_CHECK_BYTE(page + 99, 0x63);
	MT_CHECK_BYTE(page + 100, 0);
	MT_CHECK_BYTE(page + mt_page - 1, 0);
	MT_CHECK_BYTE(mine + 99, 0x63);
	MT_CHECK_BYTE(mine + 100, 0);
}

MT_CASE(mmap, store_behind_the_end_does_not_grow_the_file,
    "mmap-file-eof-store", "mmap(2)",
    "A store into a shared mapping behind the end of the file, in its last "
    "page, does not change the file or its size.")
{
	int fd = file_of(vm, 1), error = 0;
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);

	resize(vm, fd, 100);
	MT_CHECK_FAULT(mt_write(page + 200, 0x63), 0, 0);
	MT_CHECK_FAULT(mt_write(page + 50, 0x64), 0, 0);
	MT_CHECK_ERRNO(vm->munmap(&error, page, mt_page), error, 0);
	MT_CHECK_NUMBER(read_file(vm, fd, 50), 0x64);
	MT_CHECK_NUMBER(read_file(vm, fd, 99), 0);
	MT_CHECK_NUMBER(read_file(vm, fd, 100), -1);
	MT_CHECK_NUMBER(read_file(vm, fd, 200), -1);
}

MT_CASE(mmap, end_of_a_file_counts_in_the_kernels_pages,
    "mmap-file-eof-kernel-page", VM_FAULT_C "vm_fault_page()",
    "In a process whose pages are smaller than the kernel's a mapping of a "
    "file faults behind the kernel's page that has the end of the file; what "
    "lies before it in that page reads as zero.",
    .needs = "translated")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t pages = map_file(vm, fd, UNIT_PAGES + 1, PROT_READ,
	    MAP_SHARED);

	MT_CHECK_BYTE(pages, BYTE_OF(0));
	MT_CHECK_BYTE(pages + mt_page, 0);
	MT_CHECK_BYTE(pages + UNIT - 1, 0);
	MT_CHECK_FAULT(mt_read(pages + UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
}

MT_CASE(mmap, resilient_media_has_zeroes_for_what_is_missing,
    "mmap-resilient-media-zero", VM_FAULT_C "vm_fault_internal()",
    "A page that the file has not reads as zero in a private mapping with "
    "MAP_RESILIENT_MEDIA since macOS 10.15, in each part of it; before, in a "
    "shared mapping and without the flag it faults with KERN_MEMORY_ERROR.")
{
	const int resilient = MAP_PRIVATE | MAP_RESILIENT_MEDIA;
	const int exception = MT_VALUE(0, MT_UNTIL(10.14, EXC_BAD_ACCESS));
	int fd = file_of(vm, UNIT_PAGES);
	mach_vm_address_t pages = map_file(vm, fd, 4 * UNIT_PAGES, PROT_READ,
	    resilient);
	mach_vm_address_t plain = map_file(vm, fd, 2 * UNIT_PAGES, PROT_READ,
	    MAP_PRIVATE);
	mach_vm_address_t shared = map_file(vm, fd, 2 * UNIT_PAGES, PROT_READ,
	    MAP_SHARED | MAP_RESILIENT_MEDIA);

	REQUIRE_ERRNO(ERRNO(stage_bsd->minherit(&error, pages + 2 * UNIT, UNIT,
			  VM_INHERIT_NONE)),
	    0);
	MT_CHECK_BYTE(pages, BYTE_OF(0));
	for (uint64_t at = UNIT; at < 4 * UNIT; at += UNIT)
		MT_CHECK_FAULT(mt_read(pages + at), exception, 0,
		    MT_UNTIL(10.14, KERN_MEMORY_ERROR));
	MT_CHECK_FAULT(mt_read(plain + UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_read(shared + UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)UNIT), -1);
}

MT_CASE(mmap, zeroes_of_resilient_media_are_private,
    "mmap-resilient-media-private", VM_FAULT_C "vm_fault_internal()",
    "The zeroes that a mapping with MAP_RESILIENT_MEDIA has for pages that the "
    "file has not are its own: they can be stored to, which does not grow the "
    "file, and stay when the file has those pages.",
    .since = "10.15")
{
	int fd = file_of(vm, UNIT_PAGES);
	mach_vm_address_t pages = map_file(vm, fd, 4 * UNIT_PAGES, READ_WRITE,
	    MAP_PRIVATE | MAP_RESILIENT_MEDIA);

	MT_CHECK_BYTE(pages + UNIT, 0);
	MT_CHECK_FAULT(mt_write(pages + 2 * UNIT + 1, 0x42), 0, 0);
	MT_CHECK_FAULT(mt_write(pages + UNIT + 1, 0x43), 0, 0);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)UNIT), -1);
	for (int64_t page = 0; page < 4; page++)
		write_file(vm, fd, page * (int64_t)UNIT, 0x77);
	MT_CHECK_BYTE(pages + UNIT, 0);
	MT_CHECK_BYTE(pages + UNIT + 1, 0x43);
	MT_CHECK_BYTE(pages + 2 * UNIT, 0);
	MT_CHECK_BYTE(pages + 2 * UNIT + 1, 0x42);
	MT_CHECK_BYTE(pages + 3 * UNIT, 0x77);
}

MT_CASE(mlock, zeroes_of_resilient_media_are_locked, "mlock-resilient-media",
    VM_FAULT_C "vm_fault_internal()",
    "mlock(2) of a page that the file has not, in a mapping with "
    "MAP_RESILIENT_MEDIA, locks the zeroes there: madvise(2) with MADV_DONTNEED "
    "leaves the page referenced. Since macOS 26.4 it is ENOMEM, as pages are "
    "wired without a look at the mapping.",
    .since = "10.15", .needs = "native")
{
	mach_vm_address_t pages = map_file(vm, file_of(vm, UNIT_PAGES),
	    2 * UNIT_PAGES, READ_WRITE, MAP_PRIVATE | MAP_RESILIENT_MEDIA);
	uint8_t core = 0;

	CHECK(mlock, (pages + UNIT, mt_page), DARWIN_ENOMEM, MT_UNTIL(26.3, 0));
	CHECK(madvise, (pages + UNIT, mt_page, MADV_DONTNEED), 0);
	CHECK(mincore, (pages + UNIT, mt_page, ADDRESS_OF(&core)), 0);
	MT_CHECK_NUMBER(core & (MINCORE_INCORE | MINCORE_REFERENCED), 0,
	    MT_UNTIL(26.3, MINCORE_INCORE | MINCORE_REFERENCED));
	MT_CHECK_BYTE(pages + UNIT, 0);
	CHECK(munlock, (pages + UNIT, mt_page), 0);
}

MT_CASE(mmap, resilience_of_media_is_not_inherited,
    "mmap-resilient-media-child", VM_MAP_C "vm_map_entry_copy()",
    "A child's mapping is one without MAP_RESILIENT_MEDIA: a page that the file "
    "has not faults, unless it was made of zeroes before the fork.",
    .since = "10.15")
{
	mach_vm_address_t pages = map_file(vm, file_of(vm, UNIT_PAGES),
	    3 * UNIT_PAGES, READ_WRITE, MAP_PRIVATE | MAP_RESILIENT_MEDIA);

	MT_CHECK_BYTE(pages + UNIT, 0);
	MT_CHILD {
		MT_CHECK_BYTE(pages, BYTE_OF(0));
		MT_CHECK_BYTE(pages + UNIT, 0);
		MT_CHECK_FAULT(mt_read(pages + 2 * UNIT), EXC_BAD_ACCESS,
		    KERN_MEMORY_ERROR);
	}
	MT_CHECK_BYTE(pages + 2 * UNIT, 0);
}

MT_CASE(mmap, file_that_grows_shows_more, "mmap-file-extended",
    KERN_MMAN_C "mmap()",
    "Pages of a mapping behind the end of the file become readable when the "
    "file grows, by ftruncate(2) with zeros, by a write with its bytes; what is "
    "stored there is in the file when it is unmapped.")
{
	int fd = file_of(vm, UNIT_PAGES);
	mach_vm_address_t pages = map_file(vm, fd, 3 * UNIT_PAGES, READ_WRITE,
	    MAP_SHARED);

	MT_CHECK_FAULT(mt_read(pages + UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	resize(vm, fd, 2 * UNIT);
	MT_CHECK_BYTE(pages + UNIT, 0);
	MT_CHECK_WRITABLE(pages + UNIT);
	MT_CHECK_FAULT(mt_read(pages + 2 * UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	write_file(vm, fd, 2 * (int64_t)UNIT, 0x77);
	MT_CHECK_BYTE(pages + 2 * UNIT, 0x77);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)UNIT), 0x5a);
	TOUCH(pages + UNIT, 0x5b);
	REQUIRE_ERRNO(ERRNO(vm->munmap(&error, pages, 3 * UNIT)), 0);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)UNIT), 0x5b);
}

MT_CASE(ftruncate, pages_that_are_cut_off_fault, "mmap-file-truncated",
    UBC_SUBR_C "ubc_setsize()",
    "Pages of a shared mapping that ftruncate(2) cuts off fault with "
    "KERN_MEMORY_ERROR, also those that were touched; when the file grows "
    "again they read as zero.")
{
	int fd = file_of(vm, 3 * UNIT_PAGES);
	mach_vm_address_t pages = map_file(vm, fd, 3 * UNIT_PAGES, READ_WRITE,
	    MAP_SHARED);

	TOUCH(pages + UNIT, 0x42);
	MT_REQUIRE(mt_read(pages + 2 * UNIT).exception, 0);
	resize(vm, fd, UNIT);
	MT_CHECK_BYTE(pages, BYTE_OF(0));
	MT_CHECK_FAULT(mt_read(pages + UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_read(pages + 2 * UNIT), EXC_BAD_ACCESS,
	    KERN_MEMORY_ERROR);
	resize(vm, fd, 2 * UNIT);
	MT_CHECK_BYTE(pages + UNIT, 0);
}

MT_CASE(ftruncate, rest_of_the_last_page_is_zeroed, "mmap-file-truncated-part",
    UBC_SUBR_C "ubc_setsize()",
    "ftruncate(2) into the middle of a page that is mapped makes the rest of "
    "that page zero.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);

	TOUCH(page + 99, 0x63);
	TOUCH(page + 100, 0x64);
	TOUCH(page + mt_page - 1, 0x65);
	resize(vm, fd, 100);
	MT_CHECK_BYTE(page, BYTE_OF(0));
	MT_CHECK_BYTE(page + 99, 0x63);
	MT_CHECK_BYTE(page + 100, 0);
	MT_CHECK_BYTE(page + mt_page - 1, 0);
}

MT_CASE(ftruncate, private_pages_that_were_stored_to_stay,
    "mmap-file-truncated-private", UBC_SUBR_C "ubc_setsize()",
    "A page of a private mapping that was stored to is the process's own: it "
    "stays when ftruncate(2) cuts the file off before it.")
{
	int fd = file_of(vm, 2 * UNIT_PAGES);
	mach_vm_address_t pages = map_file(vm, fd, 2 * UNIT_PAGES, READ_WRITE,
	    MAP_PRIVATE);

	TOUCH(pages + UNIT, 0x42);
	resize(vm, fd, 0);
	MT_CHECK_BYTE(pages + UNIT, 0x42);
}

/* ---- who sees what ------------------------------------------------------- */

MT_CASE(mmap, shared_mappings_of_a_file_are_one_memory, "mmap-file-coherent",
    "mmap(2)",
    "What is stored into a shared mapping of a file shows at once in every "
    "other shared mapping, at any offset and of another descriptor.")
{
	int other, fd = open_file(vm, 2, &other, O_RDWR), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);
	mach_vm_address_t second = mt_hole(1);

	MT_REQUIRE_TRUE(vm->mmap(&error, second, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_FIXED, other,
			    (int64_t)mt_page) == (int64_t)second);
	TOUCH(pages + mt_page + 7, 0x42);
	MT_CHECK_BYTE(second + 7, 0x42);
	TOUCH(second + 8, 0x43);
	MT_CHECK_BYTE(pages + mt_page + 8, 0x43);
}

MT_CASE(pread, file_has_what_a_shared_mapping_stored, "mmap-file-store-read",
    "mmap(2)",
    "What is stored into a shared mapping of a file is what read(2) reads from "
    "it at once, without msync(2).")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	TOUCH(pages + 5, 0x42);
	TOUCH(pages + mt_page, 0x43);
	MT_CHECK_NUMBER(read_file(vm, fd, 5), 0x42);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)mt_page), 0x43);
}

MT_CASE(pwrite, shared_mapping_has_what_is_written, "mmap-file-write-seen",
    "mmap(2)",
    "What write(2) writes to a file shows at once in a shared mapping, whether "
    "the page was touched or not; what was stored beside it stays.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	TOUCH(pages + 5, 0x42);
	write_file(vm, fd, 6, 0x43);
	write_file(vm, fd, (int64_t)mt_page, 0x44);
	MT_CHECK_BYTE(pages + 5, 0x42);
	MT_CHECK_BYTE(pages + 6, 0x43);
	MT_CHECK_BYTE(pages + mt_page, 0x44);
	MT_CHECK_NUMBER(read_file(vm, fd, 5), 0x42);
}

MT_CASE(mmap, private_stores_stay_private, "mmap-file-private-store", "mmap(2)",
    "What is stored into a private mapping of a file shows neither in the "
    "file nor in other mappings, private or shared.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t mine = map_file(vm, fd, 1, READ_WRITE, MAP_PRIVATE);
	mach_vm_address_t other = map_file(vm, fd, 1, READ_WRITE, MAP_PRIVATE);
	mach_vm_address_t shared = map_file(vm, fd, 1, PROT_READ, MAP_SHARED);

	TOUCH(mine, 0x42);
	TOUCH(other + 1, 0x43);
	MT_CHECK_BYTE(mine, 0x42);
	MT_CHECK_BYTE(mine + 1, 0);
	MT_CHECK_BYTE(other, BYTE_OF(0));
	MT_CHECK_BYTE(shared, BYTE_OF(0));
	MT_CHECK_NUMBER(read_file(vm, fd, 0), BYTE_OF(0));
}

MT_CASE(mmap, private_mapping_keeps_what_shared_stores_replace,
    "mmap-file-private-snapshot", VM_FAULT_C "vm_fault_page()",
    "A private mapping shows the file as it was: what is stored into a shared "
    "mapping afterwards does not show in it, as the old page is given to the "
    "copy before the store.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t shared = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);
	mach_vm_address_t mine = map_file(vm, fd, 2, PROT_READ, MAP_PRIVATE);

	MT_CHECK_BYTE(mine, BYTE_OF(0));
	TOUCH(shared, 0x42);
	TOUCH(shared + mt_page, 0x43);
	MT_CHECK_BYTE(mine, BYTE_OF(0));
	MT_CHECK_BYTE(mine + mt_page, BYTE_OF(1));
	MT_CHECK_BYTE(shared, 0x42);
}

MT_CASE(mmap, private_mapping_of_a_later_time_shows_the_stores,
    "mmap-file-private-later", VM_FAULT_C "vm_fault_page()",
    "A private mapping that is made after a store into a shared one shows "
    "what was stored.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t shared = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);
	mach_vm_address_t old = map_file(vm, fd, 1, PROT_READ, MAP_PRIVATE);
	mach_vm_address_t mine;

	TOUCH(shared, 0x42);
	mine = map_file(vm, fd, 1, PROT_READ, MAP_PRIVATE);
	TOUCH(shared, 0x43);
	MT_CHECK_BYTE(old, BYTE_OF(0));
	MT_CHECK_BYTE(mine, 0x42);
	MT_CHECK_BYTE(shared, 0x43);
}

MT_CASE(pwrite, private_mapping_and_written_bytes, "mmap-file-private-written",
    "mmap(2)",
    "Whether a private mapping shows what write(2) writes to the file later "
    "is the file system's: a page that was touched before.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t mine = map_file(vm, fd, 1, PROT_READ, MAP_PRIVATE);

	MT_CHECK_BYTE(mine, BYTE_OF(0));
	write_file(vm, fd, 0, 0x42);
	MT_OBSERVE_NUMBER(mt_read(mine).value);
}

MT_CASE(munmap, stores_outlive_the_mapping, "mmap-file-munmap-stores",
    "mmap(2)",
    "What was stored into a shared mapping of a file is in the file after "
    "munmap(2), and in the next mapping.")
{
	int fd = file_of(stage_bsd, 2), error = 0;
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);

	TOUCH(pages, 0x42);
	MT_CHECK_ERRNO(vm->munmap(&error, pages, 2 * mt_page), error, 0);
	MT_CHECK_HOLE(pages);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, 0), 0x42);
	pages = map_file(stage_bsd, fd, 1, PROT_READ, MAP_SHARED);
	MT_CHECK_BYTE(pages, 0x42);
}

MT_CASE(munmap, rest_of_a_file_keeps_its_offset, "munmap-partial-file",
    "munmap(2)",
    "munmap(2) of a part of a file's mapping leaves the others: each shows "
    "the same place in the file as before.")
{
	int fd = file_of(stage_bsd, 3), error = 0;
	mach_vm_address_t pages = map_file(stage_bsd, fd, 3, PROT_READ,
	    MAP_SHARED);

	MT_CHECK_ERRNO(vm->munmap(&error, pages + mt_page, mt_page), error, 0);
	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_REGION(pages + 2 * mt_page, .offset = (int64_t)(2 * mt_page));
	MT_CHECK_BYTE(pages, BYTE_OF(0));
	MT_CHECK_BYTE(pages + 2 * mt_page, BYTE_OF(2));
}

MT_CASE(mprotect, file_without_access_shows_again, "mmap-file-mprotect",
    "mprotect(2)",
    "mprotect(2) takes and gives access to a mapping of a file; the pages "
    "stay.")
{
	int fd = file_of(stage_bsd, 1), error = 0;
	mach_vm_address_t page = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_PRIVATE);

	TOUCH(page + 1, 0x42);
	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, PROT_NONE), error,
	    0);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, PROT_READ), error,
	    0);
	MT_CHECK_BYTE(page, BYTE_OF(0));
	MT_CHECK_BYTE(page + 1, 0x42);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

/* ---- fork ---------------------------------------------------------------- */

MT_CASE(mmap, shared_file_is_shared_with_a_child, "mmap-file-fork-shared",
    "mmap(2)",
    "A shared mapping of a file is inherited shared: parent and child see "
    "each other's stores.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_SHARE);
	TOUCH(pages, 0x42);
	MT_CHILD {
		MT_CHECK_BYTE(pages, 0x42);
		MT_CHECK_BYTE(pages + mt_page, BYTE_OF(1));
		TOUCH(pages + mt_page, 0x43);
	}
	MT_CHECK_BYTE(pages + mt_page, 0x43);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)mt_page), 0x43);
}

MT_CASE(mmap, private_file_is_copied_for_a_child, "mmap-file-fork-private",
    "mmap(2)",
    "A private mapping of a file is inherited as a copy: the child has what "
    "was stored before, and later stores are each process's own.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_PRIVATE);

	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_COPY);
	TOUCH(pages, 0x42);
	MT_CHILD {
		MT_CHECK_BYTE(pages, 0x42);
		MT_CHECK_BYTE(pages + mt_page, BYTE_OF(1));
		TOUCH(pages, 0x43);
		TOUCH(pages + mt_page, 0x44);
	}
	MT_CHECK_BYTE(pages, 0x42);
	MT_CHECK_BYTE(pages + mt_page, BYTE_OF(1));
}

MT_CASE(mmap, childs_mapping_of_a_file_is_its_parents_memory,
    "mmap-file-fork-mapped", "mmap(2)",
    "A mapping that a child makes of an inherited descriptor is the same "
    "memory as its parent's mapping of the file.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);

	TOUCH(page, 0x42);
	MT_CHILD {
		mach_vm_address_t own = map_file(vm, fd, 1, READ_WRITE,
		    MAP_SHARED);

		MT_CHECK_BYTE(own, 0x42);
		TOUCH(own + 1, 0x43);
		MT_CHECK_BYTE(page + 1, 0x43);
	}
	MT_CHECK_BYTE(page + 1, 0x43);
}

MT_CASE(mmap, stores_of_a_child_that_ended_are_in_the_file,
    "mmap-file-fork-ended", "mmap(2)",
    "What a child stored into a shared mapping that it alone had is in the "
    "file when the child has ended.")
{
	int fd = file_of(vm, 1);

	MT_CHILD {
		mach_vm_address_t own = map_file(vm, fd, 1, READ_WRITE,
		    MAP_SHARED);

		TOUCH(own + 1, 0x43);
	}
	MT_CHECK_NUMBER(read_file(vm, fd, 1), 0x43);
}
