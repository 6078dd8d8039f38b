/*
 * pread(2) and pwrite(2) beside mappings of the file: ranges of several pages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "files.h"

/* Bytes of which no two pages have the same. */
static uint8_t
byte_at(uint64_t offset)
{
	return (uint8_t)(offset * 7 + offset / mt_page * 3 + 1);
}

/* `size` of them, as they stand at `offset`. */
static void
put_bytes(mach_vm_address_t to, uint64_t offset, uint64_t size)
{
	uint8_t *bytes = (uint8_t *)(uintptr_t)to;

	for (uint64_t i = 0; i < size; i++)
		bytes[i] = byte_at(offset + i);
}

/* How many from the start can be read and are those that stand at `offset`. */
static uint64_t
same(mach_vm_address_t at, uint64_t offset, uint64_t size)
{
	const uint8_t *bytes = (const uint8_t *)(uintptr_t)at;

	for (uint64_t i = 0; i < size; i++)
		if (((i == 0 || (at + i) % mt_page == 0) &&
			mt_read(at + i).exception != 0) ||
		    bytes[i] != byte_at(offset + i))
			return i;
	return size;
}

MT_CASE(pread, range_has_all_that_was_stored, "mmap-file-store-read-many",
    "mmap(2)",
    "pread(2) of a range of several pages has what was stored into every page "
    "of a shared mapping, wherever in a page it begins and ends, by the "
    "descriptor that was mapped or by one for reading alone.")
{
	int reading, fd = open_file(vm, 5, &reading, O_RDONLY), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 5, READ_WRITE, MAP_SHARED);
	mach_vm_address_t buffer = mt_pages(5);
	static const int64_t from[] = { 0, 1, -1, 0x123 };

	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			uint64_t start = PAGES(1) + (uint64_t)from[i];
			uint64_t size = PAGES(4) + (uint64_t)from[j] - start;
			/* others each time, all of them new to the file */
			uint64_t other = (i * 4 + j) * 1009;

			put_bytes(pages, other, PAGES(5));
			memset((void *)(uintptr_t)buffer, 0, PAGES(5));
			MT_CHECK_NUMBER(vm->pread(&error, j % 2 ? fd : reading,
					    buffer, size, (int64_t)start),
			    size);
			MT_CHECK_NUMBER(same(buffer, other + start, size),
			    size);
			MT_CHECK_BYTE(buffer + size, 0);
		}
}

MT_CASE(pread, few_bytes_across_a_page_are_those_stored,
    "mmap-file-store-read-across", "mmap(2)",
    "pread(2) of a few bytes of two pages of a shared mapping has what was "
    "stored into the first, into the second and into both.")
{
	int fd = file_of(vm, 3), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 3, READ_WRITE, MAP_SHARED);
	mach_vm_address_t buffer = mt_pages(1);

	for (unsigned stored = 1; stored < 4; stored++) {
		const uint8_t low = stored & 1 ? 0x40 + stored : 0;
		const uint8_t high = stored & 2 ? 0x40 + stored : BYTE_OF(2);

		TOUCH(PAGE(2) - 1, low);
		if (stored & 2)
			TOUCH(PAGE(2), high);
		MT_CHECK_NUMBER(vm->pread(&error, fd, buffer, 200,
				    (int64_t)PAGES(2) - 100),
		    200);
		MT_CHECK_BYTE(buffer + 99, low);
		MT_CHECK_BYTE(buffer + 100, stored == 1 ? BYTE_OF(2) : high);
		MT_CHECK_BYTE(buffer + 101, 0);
	}
}

MT_CASE(pread, file_ends_where_it_does, "file-read-end",
    SYS_GENERIC_C "pread()",
    "pread(2) across the end of a file gives what there is of it, behind the "
    "end nothing, though a mapping of the file shows zeros there.")
{
	int fd = file_of(vm, 2), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);
	mach_vm_address_t buffer = mt_pages(3);

	REQUIRE_ERRNO(ERRNO(vm->ftruncate(&error, fd, (int64_t)PAGES(1) + 10)),
	    0);
	put_bytes(pages, 0, PAGES(1) + 20);
	MT_CHECK_NUMBER(vm->pread(&error, fd, buffer, PAGES(2), 0),
	    PAGES(1) + 10);
	MT_CHECK_NUMBER(same(buffer, 0, PAGES(1) + 10), PAGES(1) + 10);
	MT_CHECK_BYTE(buffer + PAGES(1) + 10, 0);
	MT_CHECK_NUMBER(vm->pread(&error, fd, buffer, 1,
			    (int64_t)PAGES(1) + 10),
	    0);
	MT_CHECK_NUMBER(vm->pread(&error, fd, buffer, 1, (int64_t)PAGES(9)), 0);
}

MT_CASE(fstat64, file_tells_its_size_and_links, "file-stat",
    KERN_DESCRIP_C "fstat64()",
    "fstat(2) of a file gives its size to the byte, as ftruncate(2) and "
    "pwrite(2) leave it and stores to a mapping do not, its mode, and 0 links "
    "once its name is gone.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);
	struct mt_stat status = { 0 };

	CHECK(ftruncate, (fd, (int64_t)mt_page + 10), 0);
	TOUCH(PAGE(1) + 20, 0x42);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	MT_CHECK_NUMBER(status.size, mt_page + 10);
	MT_CHECK_NUMBER(status.mode, 0100600);
	MT_CHECK_NUMBER(status.links, 0);
	write_file(vm, fd, (int64_t)mt_page + 600, 0x43);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	MT_CHECK_NUMBER(status.size, mt_page + 601);
	CLOSE(vm, fd);
}

MT_CASE(fstat64, file_is_told_from_another, "file-stat-identity",
    KERN_DESCRIP_C "fstat64()",
    "fstat(2) gives two descriptors of a file the same device and number, "
    "another number to another file of the folder, a size of blocks, and 1 link "
    "while the file has its name.")
{
	char name[NAME_SIZE];
	struct mt_stat status = { 0 }, same = { 0 }, other = { 0 };
	int error = 0, fd, again;

	NEED_FILES();
	make_name(name);
	fd = (int)vm->open(&error, ADDRESS_OF(name), O_RDWR | O_CREAT | O_EXCL,
	    0600);
	MT_REQUIRE_TRUE(fd != -1);
	again = (int)vm->open(&error, ADDRESS_OF(name), O_RDONLY, 0);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	CHECK(unlink, (ADDRESS_OF(name)), 0);
	CHECK(fstat64, (again, ADDRESS_OF(&same)), 0);
	CHECK(fstat64, (file_of(vm, 1), ADDRESS_OF(&other)), 0);
	MT_CHECK_NUMBER(status.links, 1);
	MT_CHECK_TRUE(status.block_size > 0);
	MT_CHECK_TRUE(status.device != 0 && status.file != 0);
	MT_CHECK_TRUE(same.device == status.device && same.file == status.file);
	MT_CHECK_TRUE(
	    other.device == status.device && other.file != status.file);
	CLOSE(vm, fd);
	CLOSE(vm, again);
}

MT_CASE(fstat64, new_file_has_the_mode_that_it_is_given, "file-stat-mode",
    VFS_SYSCALLS_C "open1()",
    "open(2) with O_CREAT gives the file the bits of its mode, the set-user-ID "
    "bit among them but not the sticky bit.")
{
	char name[NAME_SIZE];
	struct mt_stat status = { 0 };
	int error = 0, fd;

	NEED_FILES();
	make_name(name);
	fd = (int)vm->open(&error, ADDRESS_OF(name), O_RDWR | O_CREAT | O_EXCL,
	    05600);
	MT_REQUIRE_TRUE(fd != -1);
	CHECK(unlink, (ADDRESS_OF(name)), 0);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	MT_CHECK_NUMBER(status.mode, 0104600);
	CLOSE(vm, fd);
}

MT_CASE(pwrite, mapping_has_all_of_a_range, "mmap-file-write-seen-many",
    "mmap(2)",
    "What pwrite(2) writes over several pages shows in a shared mapping whole, "
    "the pages that it has a byte of among them, whether they were touched or "
    "not; what was stored before and behind it stays.")
{
	mach_vm_address_t buffer = mt_pages(5);
	static const int64_t to[] = { 0, 1, -1, 0x123 };

	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			int fd = file_of(vm, 5), error = 0;
			mach_vm_address_t pages = map_file(vm, fd, 5,
			    READ_WRITE, MAP_SHARED);
			uint64_t start = PAGES(1) + (uint64_t)to[i];
			uint64_t end = PAGES(4) + (uint64_t)to[j];

			/* of the pages in between one is not touched */
			TOUCH(pages + start - 1, 0x42);
			TOUCH(PAGE(3), 0x43);
			TOUCH(pages + end, 0x44);
			put_bytes(buffer, start, end - start);
			MT_CHECK_NUMBER(vm->pwrite(&error, fd, buffer,
					    end - start, (int64_t)start),
			    end - start);
			MT_CHECK_NUMBER(same(pages + start, start, end - start),
			    end - start);
			MT_CHECK_BYTE(pages + start - 1, 0x42);
			MT_CHECK_BYTE(pages + end, 0x44);
			MT_CHECK_BYTE(pages, BYTE_OF(0));
			CLOSE(vm, fd);
			REQUIRE_ERRNO(ERRNO(
					  vm->munmap(&error, pages, PAGES(5))),
			    0);
		}
}

MT_CASE(pwrite, mapping_has_all_of_a_large_range, "mmap-file-write-seen-large",
    "mmap(2)",
    "What one pwrite(2) writes over many pages shows in a shared mapping of which "
    "all were touched.")
{
	int fd = file_of(vm, 40), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 40, READ_WRITE, MAP_SHARED);
	mach_vm_address_t buffer = mt_pages(40);

	for (unsigned i = 0; i < 40; i++)
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
	put_bytes(buffer, 7, PAGES(40));
	MT_CHECK_NUMBER(vm->pwrite(&error, fd, buffer, PAGES(40), 0),
	    PAGES(40));
	MT_CHECK_NUMBER(same(pages, 7, PAGES(40)), PAGES(40));
	CLOSE(vm, fd);
}

MT_CASE(pwrite, file_grows_by_what_is_written, "mmap-file-write-grows",
    "mmap(2)",
    "pwrite(2) that begins in a file and ends pages behind its end makes those "
    "pages of a shared mapping readable: with its bytes, then zeros to the "
    "end of the page.",
    .needs = "native")
{
	int fd = file_of(vm, 1), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 4, READ_WRITE, MAP_SHARED);
	mach_vm_address_t buffer = mt_pages(3);
	const uint64_t start = 100, size = PAGES(2);

	MT_CHECK_FAULT(mt_read(PAGE(1)), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
	put_bytes(buffer, start, size);
	MT_CHECK_NUMBER(vm->pwrite(&error, fd, buffer, size, (int64_t)start),
	    size);
	MT_CHECK_BYTE(pages, BYTE_OF(0));
	MT_CHECK_NUMBER(same(pages + start, start, size), size);
	MT_CHECK_BYTE(pages + start + size, 0);
	MT_CHECK_BYTE(PAGE(3) - 1, 0);
	MT_CHECK_FAULT(mt_read(PAGE(3)), EXC_BAD_ACCESS, KERN_MEMORY_ERROR);
}

/* What was stored beside the end of a file, when the file has grown. */
static void
check_grown(const struct mt_route *vm, int fd, mach_vm_address_t pages)
{
	MT_CHECK_BYTE(PAGE(1) + 99, 0x42);
	MT_CHECK_BYTE(PAGE(1) + 100, 0);
	MT_CHECK_BYTE(PAGE(2), 0);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)PAGES(1) + 99), 0x42);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)PAGES(1) + 100), 0);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)PAGES(2)), 0);
}

MT_CASE(pwrite, grown_file_has_zeros_behind_its_old_end, "file-grown-zeros",
    XNU "bsd/vfs/vfs_cluster.c, cluster_write_copy()",
    "A file that grows has zeros behind its old end, in a shared mapping as by "
    "pread(2), even where the mapping stored behind that end; what was stored "
    "before it stays: by pwrite(2) pages behind the end as by ftruncate(2).")
{
	mach_vm_address_t pages;
	int fd;

	for (unsigned by_call = 0; by_call < 2; by_call++) {
		fd = file_of(vm, 2);
		pages = map_file(vm, fd, 4, READ_WRITE, MAP_SHARED);
		REQUIRE_ERRNO(ERRNO(vm->ftruncate(&error, fd,
				  (int64_t)PAGES(1) + 100)),
		    0);
		TOUCH(PAGE(1) + 99, 0x42);
		TOUCH(PAGE(1) + 100, 0x43);
		if (by_call)
			REQUIRE_ERRNO(ERRNO(vm->ftruncate(&error, fd,
					  (int64_t)PAGES(4))),
			    0);
		else
			write_file(vm, fd, (int64_t)PAGES(3) + 10, 0x77);
		check_grown(vm, fd, pages);
		MT_CHECK_BYTE(PAGE(3) + 9, 0);
		MT_CHECK_BYTE(PAGE(3) + 10, by_call ? 0 : 0x77);
	}
}

MT_CASE(pwrite, descriptor_must_be_for_it, "file-rights",
    SYS_GENERIC_C "pread(), pwrite()",
    "pwrite(2) needs a descriptor that was opened for writing, no more; pread(2) "
    "one for reading. It is EBADF with any other, and with one that is closed. "
    "Offset -1 is EINVAL, as is open(2) with an access mode of 3.")
{
	int reading, writing, fd = open_file(vm, 1, &reading, O_RDONLY);
	int error = 0;
	uint8_t byte = 0x42;

	(void)open_file(vm, 1, &writing, O_WRONLY);
	MT_CHECK_NUMBER(vm->pwrite(&error, writing, ADDRESS_OF(&byte), 1, 0),
	    1);
	MT_CHECK_NUMBER(vm->pread(&error, reading, ADDRESS_OF(&byte), 1, 0), 1);
	MT_CHECK_NUMBER(byte, BYTE_OF(0));
	CHECK(pread, (writing, ADDRESS_OF(&byte), 1, 0), DARWIN_EBADF);
	CHECK(pwrite, (reading, ADDRESS_OF(&byte), 1, 0), DARWIN_EBADF);
	CHECK(pread, (fd, ADDRESS_OF(&byte), 1, -1), DARWIN_EINVAL);
	CHECK(pwrite, (fd, ADDRESS_OF(&byte), 1, -1), DARWIN_EINVAL);
	CHECK(open, (ADDRESS_OF("."), 3, 0), DARWIN_EINVAL);
	CLOSE(vm, fd);
	CHECK(pread, (fd, ADDRESS_OF(&byte), 1, 0), DARWIN_EBADF);
	CHECK(pwrite, (fd, ADDRESS_OF(&byte), 1, 0), DARWIN_EBADF);
	CHECK(pread, (fd, ADDRESS_OF(&byte), 0, 0), DARWIN_EBADF);
	CHECK(pwrite, (fd, ADDRESS_OF(&byte), 0, 0), DARWIN_EBADF);
}

MT_CASE(fstat64, sizes_and_offsets_have_64_bits, "file-large",
    KERN_DESCRIP_C "fstat64()",
    "A file of more than 4 GiB: fstat(2) gives its whole size, and ftruncate(2), "
    "pread(2), pwrite(2) and mmap(2) take all 64 bits of sizes and offsets.")
{
	int fd = file_of(vm, 3), error = 0;
	const int64_t large = (INT64_C(1) << 32) + (int64_t)mt_page;
	struct mt_stat status = { 0 };
	mach_vm_address_t page = mt_hole(1), own = mt_hole(1);

	/* Not where the file system would write zeros for all of it. */
	CHECK(ftruncate, (fd, INT64_C(16) << 20), 0);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	MT_SKIP_UNLESS(status.blocks < (8 << 20) / 512,
	    "the file system has no files with holes");
	CHECK(ftruncate, (fd, large + 10), 0);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	MT_CHECK_NUMBER(status.size, large + 10);
	MT_CHECK_NUMBER(read_file(vm, fd, large), 0);
	write_file(vm, fd, large, 0x42);
	MT_CHECK_NUMBER(read_file(vm, fd, large), 0x42);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)mt_page), BYTE_OF(1));
	MT_CHECK_TRUE(vm->mmap(&error, page, mt_page, READ_WRITE,
			  MAP_SHARED | MAP_FIXED, fd, large) == (int64_t)page);
	MT_CHECK_BYTE(page, 0x42);
	TOUCH(page + 1, 0x43);
	MT_CHECK_NUMBER(read_file(vm, fd, large + 1), 0x43);
	MT_CHECK_NUMBER(read_file(vm, fd, (int64_t)mt_page + 1), 0);
	MT_CHECK_TRUE(vm->mmap(&error, own, mt_page, READ_WRITE,
			  MAP_PRIVATE | MAP_FIXED, fd, large) == (int64_t)own);
	TOUCH(page, 0x44);
	MT_CHECK_BYTE(own, 0x42);
	TOUCH(own + 2, 0x45);
	MT_CHECK_BYTE(own, 0x42);
	MT_CHECK_BYTE(page + 2, 0);
	CLOSE(vm, fd);
}

MT_CASE(open, path_has_at_most_1023_bytes, "file-path-length",
    XNU "bsd/vfs/vfs_lookup.c, namei()",
    "open(2) and unlink(2) take a path of up to 1,023 bytes; a longer one is "
    "ENAMETOOLONG.")
{
	enum { LONGEST = 1023 };
	char path[LONGEST + 2];
	int error = 0, fd;

	NEED_FILES();
	for (unsigned i = 0; i < LONGEST; i++)
		path[i] = i % 2 == 0 ? '.' : '/';
	make_name(path + LONGEST - (NAME_SIZE - 1));
	CHECK(unlink, (ADDRESS_OF(path)), DARWIN_ENOENT);
	fd = (int)vm->open(&error, ADDRESS_OF(path), O_RDWR | O_CREAT | O_EXCL,
	    0600);
	MT_CHECK_TRUE(fd != -1);
	CHECK(unlink, (ADDRESS_OF(path)), 0);
	CHECK(unlink, (ADDRESS_OF(path)), DARWIN_ENOENT);
	path[LONGEST] = 'x';
	path[LONGEST + 1] = '\0';
	CHECK(open, (ADDRESS_OF(path), O_RDWR | O_CREAT | O_EXCL, 0600),
	    DARWIN_ENAMETOOLONG);
	CHECK(unlink, (ADDRESS_OF(path)), DARWIN_ENAMETOOLONG);
	CLOSE(vm, fd);
}

MT_CASE(open, device_is_not_cut, "file-truncate-device",
    VFS_SYSCALLS_C "open1()",
    "open(2) with O_TRUNC of a device without a size, /dev/null, succeeds.")
{
	int error = 0;
	int fd = (int)vm->open(&error, ADDRESS_OF("/dev/null"),
	    O_WRONLY | O_TRUNC, 0);

	CHECK_ERRNO(error, 0);
	CLOSE(vm, fd);
}

MT_CASE(pread, place_must_be_there, "file-bad-place",
    SYS_GENERIC_C "dofileread(), dofilewrite()",
    "pread(2) into memory that is not there or cannot be written is EFAULT, as "
    "is pwrite(2) from memory that is not there or cannot be read; the file and "
    "its mapping stay as they are.")
{
	int fd = file_of(vm, 1), error = 0;
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);
	mach_vm_address_t hole = mt_hole(1), denied = mt_pages(1);

	REQUIRE_ERRNO(ERRNO(vm->mprotect(&error, denied, mt_page, PROT_NONE)),
	    0);
	CHECK(pread, (fd, hole, 1, 0), DARWIN_EFAULT);
	CHECK(pread, (fd, denied, 1, 0), DARWIN_EFAULT);
	CHECK(pwrite, (fd, hole, 1, 0), DARWIN_EFAULT);
	CHECK(pwrite, (fd, denied, 1, 0), DARWIN_EFAULT);
	REQUIRE_ERRNO(ERRNO(vm->mprotect(&error, denied, mt_page, PROT_READ)),
	    0);
	CHECK(pread, (fd, denied, 1, 0), DARWIN_EFAULT);
	MT_CHECK_NUMBER(vm->pwrite(&error, fd, denied, 1, 1), 1);
	MT_CHECK_BYTE(page, BYTE_OF(0));
	MT_CHECK_NUMBER(read_file(vm, fd, 0), BYTE_OF(0));
}

MT_CASE(pwrite, private_mapping_keeps_each_page_of_a_range,
    "mmap-file-write-private-many", MEMORY_OBJECT_C "vm_object_update()",
    "What pwrite(2) writes over several pages, beginning and ending within one, "
    "is not seen in a private mapping that was made before: it keeps each page "
    "as it was.",
    .needs = "native")
{
	int fd = file_of(vm, 4), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 4, READ_WRITE, MAP_PRIVATE);
	mach_vm_address_t buffer = mt_pages(3);

	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
	put_bytes(buffer, 0, PAGES(3));
	MT_CHECK_NUMBER(vm->pwrite(&error, fd, buffer, PAGES(3),
			    (int64_t)PAGES(1) - 1),
	    PAGES(3));
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(i));
	for (unsigned i = 1; i <= 4; i++)
		MT_CHECK_BYTE(PAGE(i) - 1, 0);
}
