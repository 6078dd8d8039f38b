/*
 * Stages with files and shared memory objects: small ones, in the folder that
 * the case runs in, whose name is gone before the case uses them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_FILES_H
#define TESTS_FILES_H

#include "bsd.h"

#define ADDRESS_OF(object_) ((uint64_t)(uintptr_t)(object_))

/* A name that hardly anybody else has: "mt-" and 16 letters. */
#define NAME_SIZE 20
static inline void
make_name(char *name)
{
	static uint64_t count;
	uint64_t bits = mt_now() * UINT64_C(0x9e3779b97f4a7c15) +
	    ADDRESS_OF(name) + count++;

	name[0] = 'm';
	name[1] = 't';
	name[2] = '-';
	for (unsigned i = 3; i < NAME_SIZE - 1; i++, bits >>= 4)
		name[i] = (char)('a' + (bits & 15));
	name[NAME_SIZE - 1] = '\0';
}

/* The byte that stands in a file at a page's start. */
#define BYTE_OF(page_) ((uint8_t)(0x11 * ((page_) + 1)))

/* Where there is no folder to make a file in. */
#define NEED_FILES() \
	MT_SKIP_UNLESS(mt_system()->no_files == NULL, mt_system()->no_files)

/* A descriptor of a new file without a name: n pages that begin with BYTE_OF(),
 * and zeros.  *again, unless NULL: a second one, opened so. */
static inline int
open_file(const struct mt_route *bsd, unsigned n, int *again, int flags)
{
	char name[NAME_SIZE];
	int error = 0, fd;
	uint8_t byte;

	NEED_FILES();
	make_name(name);
	fd = (int)bsd->open(&error, ADDRESS_OF(name), O_RDWR | O_CREAT | O_EXCL,
	    0600);
	MT_REQUIRE_TRUE(fd != -1);
	if (again != NULL) {
		*again = (int)bsd->open(&error, ADDRESS_OF(name), flags, 0);
		MT_REQUIRE_TRUE(*again != -1);
	}
	REQUIRE_ERRNO(ERRNO(bsd->unlink(&error, ADDRESS_OF(name))), 0);
	REQUIRE_ERRNO(ERRNO(bsd->ftruncate(&error, fd, n * (int64_t)mt_page)),
	    0);
	for (unsigned i = 0; i < n; i++) {
		byte = BYTE_OF(i);
		MT_REQUIRE_TRUE(bsd->pwrite(&error, fd, ADDRESS_OF(&byte), 1,
				    i * (int64_t)mt_page) == 1);
	}
	return fd;
}

static inline int
file_of(const struct mt_route *bsd, unsigned n)
{
	return open_file(bsd, n, NULL, 0);
}

#define CLOSE(bsd_, fd_) CHECK_ERRNO(ERRNO((bsd_)->close(&error, (fd_))), 0)

/* n pages of a descriptor at a place of their own. */
static inline mach_vm_address_t
map_file(const struct mt_route *bsd, int fd, unsigned n, int protection,
    int flags)
{
	mach_vm_address_t hole = mt_hole(n);
	int error = 0;

	MT_REQUIRE_TRUE(bsd->mmap(&error, hole, n * mt_page, protection,
			    flags | MAP_FIXED, fd, 0) == (int64_t)hole);
	return hole;
}

/* n pages of a new file, which is out of reach but for its mapping. */
static inline mach_vm_address_t
shared_file(unsigned n)
{
	return map_file(stage_bsd, file_of(stage_bsd, n), n, READ_WRITE,
	    MAP_SHARED);
}

static inline mach_vm_address_t
private_file(unsigned n)
{
	return map_file(stage_bsd, file_of(stage_bsd, n), n, READ_WRITE,
	    MAP_PRIVATE);
}

/* Write one byte into a file, by the call. */
static inline void
write_file(const struct mt_route *bsd, int fd, int64_t offset, uint8_t byte)
{
	int error = 0;

	MT_REQUIRE_TRUE(
	    bsd->pwrite(&error, fd, ADDRESS_OF(&byte), 1, offset) == 1);
}

/* The byte of a file, read by the call; -1: there is none. */
static inline int
read_file(const struct mt_route *bsd, int fd, int64_t offset)
{
	uint8_t byte = 0;
	int error = 0;

	return bsd->pread(&error, fd, ADDRESS_OF(&byte), 1, offset) == 1 ?
	    byte :
	    -1;
}

/* A descriptor of a new shared memory object of n pages, 0: without a size,
 * whose name is gone; *again, unless NULL, a second one. */
static inline int
open_shared(const struct mt_route *bsd, unsigned n, int *again, int flags)
{
	char name[NAME_SIZE];
	int error = 0, fd;

	make_name(name);
	fd = (int)bsd->shm_open(&error, ADDRESS_OF(name),
	    O_RDWR | O_CREAT | O_EXCL, 0600);
	MT_REQUIRE_TRUE(fd != -1);
	if (again != NULL) {
		*again = (int)bsd->shm_open(&error, ADDRESS_OF(name), flags, 0);
		MT_REQUIRE_TRUE(*again != -1);
	}
	REQUIRE_ERRNO(ERRNO(bsd->shm_unlink(&error, ADDRESS_OF(name))), 0);
	if (n != 0)
		REQUIRE_ERRNO(ERRNO(bsd->ftruncate(&error, fd,
				  n * (int64_t)mt_page)),
		    0);
	return fd;
}

static inline int
object_of(const struct mt_route *bsd, unsigned n)
{
	return open_shared(bsd, n, NULL, 0);
}

/* n pages of a new object, which is out of reach but for its mapping. */
static inline mach_vm_address_t
shared_object(unsigned n)
{
	return map_file(stage_bsd, object_of(stage_bsd, n), n, READ_WRITE,
	    MAP_SHARED);
}

#endif
