/*
 * What ftruncate(2) does to the mappings of a file: which pages stay, for whom.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"
#include "queries.h"

static void
resize(const struct mt_route *vm, int fd, uint64_t size)
{
	REQUIRE_ERRNO(ERRNO(vm->ftruncate(&error, fd, (int64_t)size)), 0);
}

/* The page comes into memory: as the file has it. */
static void
bring_in(mach_vm_address_t pages, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		MT_REQUIRE(mt_read(PAGE(i)).exception, 0);
}

/* ---- shared mappings ----------------------------------------------------- */

/* A file of 4 pages, each of which ends with 0x33, is cut to `size`. */
static void
check_cut(const struct mt_route *vm, uint64_t size)
{
	int fd = file_of(vm, 4);
	mach_vm_address_t pages = map_file(vm, fd, 4, READ_WRITE, MAP_SHARED);

	for (unsigned i = 0; i < 4; i++)
		TOUCH(PAGE(i + 1) - 1, 0x33);
	resize(vm, fd, size);

	for (unsigned i = 0; i < 4; i++) {
		if (i * mt_page >= size) {
			MT_CHECK_FAULT(mt_read(PAGE(i)), EXC_BAD_ACCESS,
			    KERN_MEMORY_ERROR);
			continue;
		}
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
		MT_CHECK_BYTE(PAGE(i + 1) - 1,
		    size >= (i + 1) * mt_page ? 0x33 : 0);
	}
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)size), -1);
	if (size % mt_page == 1)
		MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)size - 1),
		    BYTE_OF(size / mt_page));
	else if (size != 0)
		MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)size - 1),
		    size % mt_page == 0 ? 0x33 : 0);
}

MT_CASE(ftruncate, pages_end_where_the_file_does, "mmap-file-truncated-size",
    UBC_SUBR_C "ubc_setsize_ex()",
    "Of a shared mapping whose file ftruncate(2) cuts to a size near a page's "
    "end those pages stay that begin before it, whole but for what lies "
    "behind it in the last one, which is zero; the others fault with "
    "KERN_MEMORY_ERROR.",
    .needs = "native")
{
	for (uint64_t n = 1; n < 4; n++) {
		check_cut(vm, PAGES(n) - 1);
		check_cut(vm, PAGES(n));
		check_cut(vm, PAGES(n) + 1);
	}
	check_cut(vm, 1);
	check_cut(vm, 0);
}

MT_CASE(ftruncate, part_of_a_file_is_cut_by_its_offset,
    "mmap-file-truncated-offset", UBC_SUBR_C "ubc_setsize_ex()",
    "ftruncate(2) cuts a mapping that begins inside of the file by the place "
    "in the file: of one from the third page on a file of four pages leaves "
    "two.",
    .needs = "native")
{
	int fd = file_of(vm, 6), error = 0;
	mach_vm_address_t pages = mt_hole(3);

	MT_REQUIRE_TRUE(vm->mmap(&error, pages, PAGES(3), READ_WRITE,
			    MAP_SHARED | MAP_FIXED, fd,
			    2 * (int64_t)mt_page) == (int64_t)pages);
	bring_in(pages, 3);
	resize(vm, fd, PAGES(4));
	MT_CHECK_BYTE(pages, BYTE_OF(2));
	MT_CHECK_BYTE(PAGE(1), BYTE_OF(3));
	MT_CHECK_FAULT(mt_read(PAGE(2)), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_REGION(pages, .size = (int64_t)PAGES(3),
	    .offset = (int64_t)PAGES(2));
}

MT_CASE(ftruncate, locked_pages_that_are_cut_off_stay,
    "mmap-file-truncated-locked", MEMORY_OBJECT_C "memory_object_lock_page()",
    "A page of a shared mapping that mlock(2) holds stays with its bytes when "
    "ftruncate(2) cuts the file off before it; the page behind it, which is "
    "not locked, faults with KERN_MEMORY_ERROR.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 4);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
	    MAP_SHARED);

	bring_in(pages, 4);
	REQUIRE_ERRNO(ERRNO(stage_bsd->mlock(&error, PAGE(2), mt_page)), 0);
	resize(vm, fd, PAGES(1));
	MT_CHECK_FAULT(mt_read(PAGE(1)), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_BYTE(PAGE(2), BYTE_OF(2));
	MT_CHECK_FAULT(mt_read(PAGE(3)), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_REGION(PAGE(2), .user_wired_count = 1);
	MT_CHECK_NUMBER(read_file(stage_bsd, fd, (int64_t)PAGES(2)), -1);
	REQUIRE_ERRNO(ERRNO(stage_bsd->munlock(&error, PAGE(2), mt_page)), 0);
}

MT_CASE(ftruncate, locked_page_ends_where_the_file_does,
    "mmap-file-truncated-locked-size", UBC_SUBR_C "ubc_setsize_ex()",
    "When ftruncate(2) cuts a file within a page that mlock(2) holds, what lies "
    "behind the end in it is zero.",
    .needs = "native")
{
	int fd = file_of(stage_bsd, 2);
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);

	TOUCH(PAGE(2) - 1, 0x33);
	REQUIRE_ERRNO(ERRNO(stage_bsd->mlock(&error, PAGE(1), mt_page)), 0);
	resize(vm, fd, PAGES(1) + 1);
	MT_CHECK_BYTE(PAGE(1), BYTE_OF(1));
	MT_CHECK_BYTE(PAGE(2) - 1, 0);
	MT_CHECK_REGION(PAGE(1), .user_wired_count = 1);
	resize(vm, fd, PAGES(2));
	MT_CHECK_BYTE(PAGE(2) - 1, 0);
	REQUIRE_ERRNO(ERRNO(stage_bsd->munlock(&error, PAGE(1), mt_page)), 0);
}

/* ---- private mappings ---------------------------------------------------- */

MT_CASE(ftruncate, private_mapping_keeps_what_was_in_memory,
    "mmap-file-truncated-kept", MEMORY_OBJECT_C "vm_object_update()",
    "Pages of a file that are in memory when ftruncate(2) cuts them off stay "
    "for a private mapping, though nothing was stored there, and are its own "
    "then; the shared mapping faults with KERN_MEMORY_ERROR. They stay when "
    "the file grows again, with zeros for the shared mapping.",
    .needs = "native")
{
	int fd = file_of(vm, 5);
	mach_vm_address_t shared = map_file(vm, fd, 5, READ_WRITE, MAP_SHARED);
	mach_vm_address_t pages = map_file(vm, fd, 5, READ_WRITE, MAP_PRIVATE);

	bring_in(shared, 5);
	TOUCH(PAGE(3) + 1, 0x42);
	resize(vm, fd, PAGES(2));
	for (unsigned i = 0; i < 5; i++)
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
	MT_CHECK_BYTE(PAGE(3) + 1, 0x42);
	MT_CHECK_BYTE(shared + PAGES(1), BYTE_OF(1));
	for (unsigned i = 2; i < 5; i++)
		MT_CHECK_FAULT(mt_read(shared + PAGES(i)), EXC_BAD_ACCESS,
		    KERN_MEMORY_ERROR);

	resize(vm, fd, PAGES(5));
	for (unsigned i = 2; i < 5; i++) {
		MT_CHECK_BYTE(shared + PAGES(i), 0);
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
	}
}

MT_CASE(ftruncate, private_mapping_loses_what_was_not_in_memory,
    "mmap-file-truncated-unread", MEMORY_OBJECT_C "vm_object_update()",
    "Of the pages that ftruncate(2) cuts off at a page's end a private mapping "
    "keeps those in memory up to the first that is not, which no mapping has "
    "any more: it faults with KERN_MEMORY_ERROR, as those behind it do.",
    .needs = "native")
{
	for (unsigned kept = 1; kept < 3; kept++) {
		int fd = file_of(stage_bsd, 4);
		mach_vm_address_t shared = map_file(stage_bsd, fd, 4,
		    READ_WRITE, MAP_SHARED);
		mach_vm_address_t pages = map_file(stage_bsd, fd, 4, READ_WRITE,
		    MAP_PRIVATE);

		/* Nothing of the file is in memory but its first pages. */
		MT_REQUIRE(stage->msync(self, shared, PAGES(4),
			       VM_SYNC_SYNCHRONOUS | VM_SYNC_INVALIDATE),
		    KERN_SUCCESS);
		bring_in(shared, kept);
		for (unsigned i = 0; i < 4; i++)
			MT_SKIP_UNLESS((page_is(self, shared + PAGES(i),
					    VM_PAGE_QUERY_PAGE_PRESENT) != 0) ==
				(i < kept),
			    "more of the file is in memory");
		resize(vm, fd, PAGES(1));
		for (unsigned i = 0; i < 4; i++) {
			if (i < kept)
				MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
			else
				MT_CHECK_FAULT(mt_read(PAGE(i)), EXC_BAD_ACCESS,
				    KERN_MEMORY_ERROR);
		}
	}
}

MT_CASE(ftruncate, private_mapping_keeps_all_of_a_file,
    "mmap-file-truncated-kept-all", MEMORY_OBJECT_C "vm_object_update()",
    "A private mapping of pages that are in memory keeps them all when "
    "ftruncate(2) makes the file empty; it has no page more than the file "
    "had.",
    .needs = "native")
{
	const unsigned n = 40;
	int fd = file_of(vm, n);
	mach_vm_address_t shared = map_file(vm, fd, n + 1, PROT_READ,
	    MAP_SHARED);
	mach_vm_address_t pages = map_file(vm, fd, n + 1, PROT_READ,
	    MAP_PRIVATE);

	bring_in(shared, n);
	resize(vm, fd, 0);
	for (unsigned i = 0; i < n; i++)
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
	MT_CHECK_FAULT(mt_read(PAGE(n)), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	MT_CHECK_FAULT(mt_read(shared), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
}

MT_CASE(ftruncate, private_mapping_keeps_the_rest_of_the_last_page,
    "mmap-file-truncated-tail", UBC_SUBR_C "ubc_setsize_ex()",
    "What ftruncate(2) makes zero in the last page of a shared mapping stays "
    "for a private one since macOS 10.14.3, as the page is given to it "
    "before; until then it showed the zeros.",
    .needs = "native")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t shared = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);
	mach_vm_address_t pages;

	TOUCH(shared + PAGES(1) + 99, 0x63);
	TOUCH(shared + PAGES(1) + 100, 0x64);
	TOUCH(shared + PAGES(2) - 1, 0x65);
	pages = map_file(vm, fd, 2, PROT_READ, MAP_PRIVATE);
	resize(vm, fd, PAGES(1) + 100);
	MT_CHECK_BYTE(PAGE(1) + 99, 0x63);
	MT_CHECK_BYTE(PAGE(1) + 100,
	    (uint8_t)MT_VALUE(0x64, MT_UNTIL(10.14.2, 0)));
	MT_CHECK_BYTE(PAGE(2) - 1,
	    (uint8_t)MT_VALUE(0x65, MT_UNTIL(10.14.2, 0)));
	MT_CHECK_BYTE(shared + PAGES(1) + 99, 0x63);
	MT_CHECK_BYTE(shared + PAGES(1) + 100, 0);
	MT_CHECK_BYTE(shared + PAGES(2) - 1, 0);
}

/* ---- opening ------------------------------------------------------------- */

MT_CASE(open, truncation_is_seen_by_mappings, "mmap-file-open-truncate",
    VFS_SYSCALLS_C "open1()",
    "open(2) with O_TRUNC of a file that is mapped cuts it as ftruncate(2) "
    "does, also with O_RDONLY: a shared mapping faults with "
    "KERN_MEMORY_ERROR, a private one keeps what was in memory.",
    .needs = "native")
{
	static const int kinds[] = { O_RDWR, O_WRONLY, O_RDONLY };
	char name[NAME_SIZE];
	uint8_t byte = 0x42;
	int error = 0, fd, again;

	NEED_FILES();
	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t shared, pages;

		make_name(name);
		fd = (int)vm->open(&error, ADDRESS_OF(name),
		    O_RDWR | O_CREAT | O_EXCL, 0600);
		MT_REQUIRE_TRUE(fd != -1);
		MT_REQUIRE_TRUE(
		    vm->pwrite(&error, fd, ADDRESS_OF(&byte), 1, 0) == 1);
		shared = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);
		pages = map_file(vm, fd, 1, PROT_READ, MAP_PRIVATE);
		bring_in(shared, 1);
		again = (int)vm->open(&error, ADDRESS_OF(name),
		    kinds[i] | O_TRUNC, 0);
		REQUIRE_ERRNO(ERRNO(vm->unlink(&error, ADDRESS_OF(name))), 0);
		MT_CHECK_TRUE(again != -1);
		MT_CHECK_NUMBER(read_file(vm, fd, 0), -1);
		MT_CHECK_FAULT(mt_read(shared), EXC_BAD_ACCESS,
		    KERN_MEMORY_ERROR);
		MT_CHECK_BYTE(pages, 0x42);
		write_file(vm, fd, 0, 0x43);
		MT_CHECK_BYTE(shared, 0x43);
		MT_CHECK_BYTE(pages, 0x42);
		CLOSE(vm, again);
		CLOSE(vm, fd);
	}
}

MT_CASE(ftruncate, file_must_be_open_for_writing, "mmap-file-truncate-errors",
    VFS_SYSCALLS_C "ftruncate()",
    "ftruncate(2) of a file that was opened for reading only is EINVAL, as is "
    "a negative size, of a descriptor that is closed too; otherwise that is "
    "EBADF. A mapping of the file stays as it is.")
{
	int reading, fd = open_file(vm, 1, &reading, O_RDONLY);
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);

	CHECK(ftruncate, (reading, 0), DARWIN_EINVAL);
	CHECK(ftruncate, (fd, -1), DARWIN_EINVAL);
	CHECK(ftruncate, (reading, -1), DARWIN_EINVAL);
	CLOSE(vm, reading);
	CHECK(ftruncate, (reading, 0), DARWIN_EBADF);
	CHECK(ftruncate, (reading, -1), DARWIN_EINVAL);
	MT_CHECK_BYTE(page, BYTE_OF(0));
	MT_CHECK_NUMBER(read_file(vm, fd, 0), BYTE_OF(0));
}
