/*
 * Shared memory objects: shm_open(2), shm_unlink(2) and their size.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "files.h"
#include "trap.h"

/* Flags of open(2), by Darwin's numbers, also where the host has others. */
enum {
#define OPEN_FLAG(name_, number_) DARWIN_##name_ = (number_),
#include "open_flags.h"
#undef OPEN_FLAG
};

/* errno of opening one; what is opened stays open. */
#define TRY(vm_, name_, flags_) \
	ERRNO((vm_)->shm_open(&error, ADDRESS_OF(name_), (flags_), 0600))
#define UNLINK(vm_, name_) ERRNO((vm_)->shm_unlink(&error, ADDRESS_OF(name_)))
#define CUT(vm_, fd_, size_) \
	ERRNO((vm_)->ftruncate(&error, (fd_), (int64_t)(size_)))
#define MAP(vm_, fd_, size_) \
	ERRNO((vm_)->mmap(&error, 0, (size_), READ_WRITE, MAP_SHARED, (fd_), 0))

MT_CASE(shm_open, name_must_exist_unless_it_is_made, "shm-open-name",
    "shm_open(2)",
    "shm_open(2) of a name that does not exist is ENOENT without O_CREAT; of "
    "one that exists EEXIST with O_CREAT and O_EXCL.")
{
	char name[NAME_SIZE];

	make_name(name);
	CHECK_ERRNO(TRY(vm, name, O_RDWR), DARWIN_ENOENT);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT | O_EXCL), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT | O_EXCL), DARWIN_EEXIST);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDONLY), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDONLY | O_CREAT | O_EXCL), DARWIN_EEXIST);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR), DARWIN_ENOENT);
}

MT_CASE(shm_open, exclusion_is_of_what_is_made, "shm-open-exclusive",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) with O_EXCL but without O_CREAT opens the object that exists, "
    "and is ENOENT where there is none; with both it is EEXIST before it is "
    "EINVAL for O_TRUNC of an object that has a size.")
{
	int fd, again, error = 0;
	char name[NAME_SIZE];

	make_name(name);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_EXCL), DARWIN_ENOENT);
	fd = (int)vm->shm_open(&error, ADDRESS_OF(name), O_RDWR | O_CREAT,
	    0600);
	MT_REQUIRE_TRUE(fd != -1);
	CHECK_ERRNO(CUT(vm, fd, mt_page), 0);
	again = (int)vm->shm_open(&error, ADDRESS_OF(name), O_RDWR | O_EXCL, 0);
	MT_CHECK_TRUE(again != -1);
	CHECK_ERRNO(TRY(vm, name, O_RDONLY | O_EXCL), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT | O_EXCL | O_TRUNC),
	    DARWIN_EEXIST);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_EXCL | O_TRUNC), DARWIN_EINVAL);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	MT_CHECK_BYTE(map_file(vm, again, 1, READ_WRITE, MAP_SHARED), 0);
	CLOSE(vm, again);
	CLOSE(vm, fd);
}

/* Unknown flags are an error; else they are passed on, or dropped. */
static bool
refuses(void)
{
	return MT_VALUE(mt_built_since(mt_system(), 26, 4),
	    MT_UNTIL(26.3, FALSE));
}

MT_CASE(shm_open, access_must_be_one_of_three, "shm-open-access",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) with an access mode of 3 is EINVAL, as it asks neither to "
    "read nor to write; from macOS 26.4 on, for programs built with an older "
    "SDK, it is O_RDWR.")
{
	char name[NAME_SIZE];

	make_name(name);
	CHECK_ERRNO(TRY(vm, name, 3 | O_CREAT), refuses() ? DARWIN_EINVAL : 0,
	    MT_UNTIL(26.3, DARWIN_EINVAL));
	CHECK_ERRNO(UNLINK(vm, name), refuses() ? DARWIN_ENOENT : 0,
	    MT_UNTIL(26.3, DARWIN_ENOENT));
}

MT_CASE(shm_open, unknown_flags_are_refused, "shm-open-flags",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) with a flag beyond O_RDONLY, O_RDWR, O_CREAT, O_EXCL and "
    "O_TRUNC is EINVAL from macOS 26.4 on for programs built with its SDK, and "
    "makes no object; otherwise it is ignored.")
{
	const int flags[] = { DARWIN_O_NONBLOCK, DARWIN_O_APPEND, DARWIN_O_SYNC,
		DARWIN_O_NOFOLLOW, DARWIN_O_CLOEXEC };
	char name[NAME_SIZE];

	make_name(name);
	for (unsigned i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT | O_EXCL | flags[i]),
		    refuses() ? DARWIN_EINVAL : 0);
		CHECK_ERRNO(UNLINK(vm, name), refuses() ? DARWIN_ENOENT : 0);
	}
}

MT_CASE(shm_open, unknown_flags_come_after_the_name, "shm-open-flags-order",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) looks at the name first, then at the flags, then whether "
    "there is an object of that name.")
{
	char name[NAME_SIZE], long_name[40];

	make_name(name);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	CHECK_ERRNO(TRY(vm, long_name, O_RDWR | DARWIN_O_APPEND),
	    DARWIN_ENAMETOOLONG);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | DARWIN_O_APPEND),
	    refuses() ? DARWIN_EINVAL : DARWIN_ENOENT);
	REQUIRE_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT | O_EXCL | DARWIN_O_APPEND),
	    refuses() ? DARWIN_EINVAL : DARWIN_EEXIST);
	CHECK_ERRNO(UNLINK(vm, name), 0);
}

MT_CASE(shm_open, writing_alone_is_no_more, "shm-open-write-only",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) with O_WRONLY gives until macOS 26.3 what can be mapped to read "
    "and write; from 26.4 on it is EINVAL, for programs built with an older SDK "
    "O_RDONLY.")
{
	char name[NAME_SIZE];
	int error = 0, fd;

	make_name(name);
	fd = (int)vm->shm_open(&error, ADDRESS_OF(name), O_WRONLY | O_CREAT,
	    0600);
	CHECK_ERRNO(error, refuses() ? DARWIN_EINVAL : 0);
	CHECK_ERRNO(UNLINK(vm, name), refuses() ? DARWIN_ENOENT : 0);
	CHECK_ERRNO(CUT(vm, fd, mt_page), refuses() ? DARWIN_EBADF : 0);
	CHECK_ERRNO(MAP(vm, fd, mt_page),
	    refuses() ? DARWIN_EBADF : DARWIN_EPERM, MT_UNTIL(26.3, 0));
}

MT_CASE(shm_open, name_has_at_most_31_characters, "shm-open-name-length",
    POSIX_SHM_C "pshm_get_name()",
    "shm_open(2) takes names of up to 31 characters, until macOS 10.14.3 of 30; "
    "a longer one is ENAMETOOLONG.")
{
	char name[34];

	make_name(name);
	for (unsigned i = NAME_SIZE - 1; i < 33; i++)
		name[i] = 'x';
	name[32] = name[33] = '\0';
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), DARWIN_ENAMETOOLONG);
	name[31] = '\0';
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), 0,
	    MT_UNTIL(10.14.3, DARWIN_ENAMETOOLONG));
	CHECK_ERRNO(UNLINK(vm, name), 0,
	    MT_UNTIL(10.14.3, DARWIN_ENAMETOOLONG));
	name[30] = '\0';
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), 0);
	CHECK_ERRNO(UNLINK(vm, name), 0);
}

MT_CASE(shm_open, every_character_of_a_name_counts, "shm-open-name-whole",
    POSIX_SHM_C "pshm_compare()",
    "Two names of shared memory objects that differ in one character, the last "
    "one too, or of which one is the other's beginning, are two objects.")
{
	const unsigned last = (unsigned)MT_VALUE(30, MT_UNTIL(10.14.3, 29));
	char name[32], other[32];

	make_name(name);
	for (unsigned i = NAME_SIZE - 1; i <= last; i++)
		name[i] = 'x';
	name[last + 1] = '\0';
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), 0);
	for (unsigned i = 3; i <= last; i++) {
		memcpy(other, name, sizeof(other));
		other[i] = '_';
		CHECK_ERRNO(TRY(vm, other, O_RDWR), DARWIN_ENOENT);
		other[i] = '\0';
		CHECK_ERRNO(TRY(vm, other, O_RDWR), DARWIN_ENOENT);
	}
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(TRY(vm, other, O_RDWR | O_CREAT), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR), DARWIN_ENOENT);
	CHECK_ERRNO(UNLINK(vm, other), 0);
}

MT_CASE(shm_unlink, name_that_is_none_is_einval, "shm-unlink-name",
    POSIX_SHM_C "shm_unlink()",
    "shm_unlink(2) of a name that is too long, or not there, is EINVAL, until "
    "macOS 10.14.3 ENAMETOOLONG or EFAULT, as it is for shm_open(2).")
{
	mach_vm_address_t hole = mt_hole(2), at = hole + mt_page - 3;
	char name[64];

	memset(name, 'x', sizeof(name));
	name[63] = '\0';
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), DARWIN_ENAMETOOLONG);
	CHECK_ERRNO(UNLINK(vm, name), DARWIN_EINVAL,
	    MT_UNTIL(10.14.3, DARWIN_ENAMETOOLONG));
	CHECK(shm_open, (hole, O_RDWR | O_CREAT, 0600), DARWIN_EFAULT);
	CHECK(shm_unlink, (hole), DARWIN_EINVAL,
	    MT_UNTIL(10.14.3, DARWIN_EFAULT));
	/* one that does not end before its page does */
	mapped_at(stage_bsd, hole, 1);
	memset((void *)(uintptr_t)at, 'x', 3);
	CHECK(shm_open, (at, O_RDWR | O_CREAT, 0600), DARWIN_EFAULT);
	CHECK(shm_unlink, (at), DARWIN_EINVAL,
	    MT_UNTIL(10.14.3, DARWIN_EFAULT));
}

MT_CASE(shm_open, name_is_not_empty, "shm-open-name-empty",
    POSIX_SHM_C "pshm_get_name()",
    "shm_open(2) and shm_unlink(2) of an empty name are EINVAL.",
    .since = "10.14.6")
{
	CHECK_ERRNO(TRY(vm, "", O_RDWR | O_CREAT), DARWIN_EINVAL);
	CHECK_ERRNO(UNLINK(vm, ""), DARWIN_EINVAL);
}

MT_CASE(shm_open, truncation_is_for_objects_without_size, "shm-open-truncate",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) with O_TRUNC is EINVAL for an object that has a size, until "
    "macOS 10.14.3 for any, one that it would make too.")
{
	char name[NAME_SIZE];
	int error = 0, fd;

	make_name(name);
	fd = (int)vm->shm_open(&error, ADDRESS_OF(name), O_RDWR | O_CREAT,
	    0600);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_TRUNC), 0,
	    MT_UNTIL(10.14.3, DARWIN_EINVAL));
	CHECK_ERRNO(CUT(vm, fd, mt_page), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_TRUNC), DARWIN_EINVAL);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT | O_TRUNC), 0,
	    MT_UNTIL(10.14.3, DARWIN_EINVAL));
	CHECK_ERRNO(UNLINK(vm, name), 0, MT_UNTIL(10.14.3, DARWIN_ENOENT));
}

MT_CASE(shm_open, maker_has_the_access_that_it_asks_for, "shm-open-make-reader",
    POSIX_SHM_C "shm_open()",
    "shm_open(2) with O_CREAT and O_RDONLY gives who makes the object a "
    "descriptor that reads: it may give the size, and mmap(2) to write is "
    "EPERM.")
{
	char name[NAME_SIZE];
	int error = 0, fd;

	make_name(name);
	fd = (int)vm->shm_open(&error, ADDRESS_OF(name), O_RDONLY | O_CREAT,
	    0600);
	MT_REQUIRE_TRUE(fd != -1);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(CUT(vm, fd, mt_page), 0);
	CHECK_ERRNO(MAP(vm, fd, mt_page), DARWIN_EPERM);
	CHECK(mmap, (0, mt_page, PROT_READ, MAP_SHARED, fd, 0), 0);
}

MT_CASE(shm_open, two_opens_are_one_memory, "shm-open-twice", "shm_open(2)",
    "Two descriptors of shm_open(2) for one name map the same memory.")
{
	int other = -1, fd = open_shared(vm, 1, &other, O_RDWR);
	mach_vm_address_t a = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);
	mach_vm_address_t b = map_file(vm, other, 1, READ_WRITE, MAP_SHARED);

	MT_CHECK_BYTE(a, 0);
	TOUCH(a, 0x42);
	MT_CHECK_BYTE(b, 0x42);
	TOUCH(b + 1, 0x43);
	MT_CHECK_BYTE(a + 1, 0x43);
}

MT_CASE(shm_open, mode_denies_what_it_lacks, "shm-open-mode",
    POSIX_SHM_C "pshm_access()",
    "shm_open(2) of an object whose mode denies its owner to read is EACCES for "
    "O_RDWR and O_RDONLY; the superuser may open it.")
{
	const int denied = mt_system()->superuser ? 0 : DARWIN_EACCES;
	char name[NAME_SIZE];
	int error = 0;

	make_name(name);
	MT_REQUIRE_TRUE(vm->shm_open(&error, ADDRESS_OF(name),
			    O_RDWR | O_CREAT | O_EXCL, 0200) != -1);
	CHECK_ERRNO(TRY(vm, name, O_RDWR), denied);
	CHECK_ERRNO(TRY(vm, name, O_RDONLY), denied);
	CHECK_ERRNO(UNLINK(vm, name), 0);
}

/* ---- shm_unlink ---------------------------------------------------------- */

MT_CASE(shm_unlink, memory_outlives_its_name, "shm-unlink-mapped",
    "shm_unlink(2)",
    "shm_unlink(2) takes the name alone: mappings and descriptors stay, and "
    "what is made under that name again is another object.")
{
	char name[NAME_SIZE];
	mach_vm_address_t page, again;
	int error = 0, fd, second;

	make_name(name);
	fd = (int)vm->shm_open(&error, ADDRESS_OF(name), O_RDWR | O_CREAT,
	    0600);
	REQUIRE_ERRNO(CUT(vm, fd, mt_page), 0);
	page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);
	TOUCH(page, 0x42);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(UNLINK(vm, name), DARWIN_ENOENT);
	second = (int)vm->shm_open(&error, ADDRESS_OF(name),
	    O_RDWR | O_CREAT | O_EXCL, 0600);
	MT_CHECK_TRUE(second != -1);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(CUT(vm, second, mt_page), 0);
	again = map_file(vm, second, 1, READ_WRITE, MAP_SHARED);
	MT_CHECK_BYTE(again, 0);
	TOUCH(again, 0x43);
	MT_CHECK_BYTE(page, 0x42);
	again = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);
	MT_CHECK_BYTE(again, 0x42);
}

MT_CASE(shm_unlink, owner_needs_no_right, "shm-unlink-owner",
    POSIX_SHM_C "shm_unlink()",
    "shm_unlink(2) by its owner succeeds though the mode denies to write; until "
    "macOS 10.14.3 it was EACCES, and the name stayed.",
    .since = "10.14.6")
{
	char name[NAME_SIZE];
	int error = 0;

	make_name(name);
	MT_REQUIRE_TRUE(vm->shm_open(&error, ADDRESS_OF(name),
			    O_RDWR | O_CREAT | O_EXCL, 0400) != -1);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK_ERRNO(TRY(vm, name, O_RDONLY), DARWIN_ENOENT);
}

MT_CASE(close, memory_outlives_its_descriptor, "shm-closed", "shm_open(2)",
    "A mapping of a shared memory object stays when its descriptor is closed "
    "and its name is gone; mapping the descriptor then is EBADF.")
{
	int fd = object_of(vm, 1);
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);

	TOUCH(page, 0x42);
	CHECK_ERRNO(ERRNO(vm->close(&error, fd)), 0);
	MT_CHECK_BYTE(page, 0x42);
	CHECK_ERRNO(MAP(vm, fd, mt_page), DARWIN_EBADF);
}

MT_CASE(close, closed_objects_memory_is_private, "shm-closed-region",
    POSIX_SHM_C "pshm_deref()",
    "The only mapping of a shared memory object whose name and last descriptor "
    "are gone has one reference and share mode SM_PRIVATE.")
{
	int fd = open_shared(vm, 1, NULL, 0);
	mach_vm_address_t page = map_file(vm, fd, 1, READ_WRITE, MAP_SHARED);

	MT_CHECK_REGION(page, .ref_count = 2, .share_mode = SM_TRUESHARED);
	CHECK_ERRNO(ERRNO(vm->close(&error, fd)), 0);
	MT_CHECK_REGION(page, .ref_count = 1, .share_mode = SM_PRIVATE);
}

MT_CASE(close, object_without_a_size_is_closed, "shm-close-sizeless",
    POSIX_SHM_C "pshm_close()",
    "close(2) of a shared memory object that has no size succeeds, until macOS "
    "10.14.3 with EINVAL, but for a descriptor that another process has too; "
    "the descriptor is gone in any case; one for reading, too.")
{
	int other = -1, fd = open_shared(vm, 0, &other, O_RDWR), reading = -1;

	(void)open_shared(vm, 0, &reading, O_RDONLY);
	MT_CHECK(ERRNO(vm->close(&error, reading)), 0,
	    MT_UNTIL(10.14.3, DARWIN_EINVAL));
	MT_CHILD {
		MT_CHECK(ERRNO(vm->close(&error, fd)), 0);
	}
	MT_CHECK(ERRNO(vm->close(&error, fd)), 0,
	    MT_UNTIL(10.14.3, DARWIN_EINVAL));
	MT_CHECK(ERRNO(vm->close(&error, fd)), DARWIN_EBADF);
	MT_CHECK(CUT(vm, other, mt_page), 0);
	MT_CHECK(ERRNO(vm->close(&error, other)), 0);
}

/* ---- ftruncate ----------------------------------------------------------- */

MT_CASE(ftruncate, object_gets_its_size_once, "shm-truncate-once",
    POSIX_SHM_C "pshm_truncate()",
    "ftruncate(2) gives a shared memory object its size once: a second time "
    "is EINVAL, to grow, to shrink or to the same size.")
{
	int fd = object_of(vm, 0);

	CHECK_ERRNO(CUT(vm, fd, 3 * mt_page), 0);
	CHECK_ERRNO(CUT(vm, fd, 5 * mt_page), DARWIN_EINVAL);
	CHECK_ERRNO(CUT(vm, fd, mt_page), DARWIN_EINVAL);
	CHECK_ERRNO(CUT(vm, fd, 3 * mt_page), DARWIN_EINVAL);
	CHECK_ERRNO(MAP(vm, fd, 3 * mt_page), 0);
}

MT_CASE(ftruncate, size_of_an_object_is_of_whole_pages, "shm-truncate-rounds",
    POSIX_SHM_C "pshm_truncate()",
    "ftruncate(2) rounds the size of a shared memory object up to a page: all "
    "of that page can be mapped, and no more; a negative size is EINVAL.")
{
	int fd = object_of(vm, 0);

	CHECK_ERRNO(CUT(vm, fd, -1), DARWIN_EINVAL);
	CHECK_ERRNO(CUT(vm, fd, 1), 0);
	CHECK_ERRNO(MAP(vm, fd, mt_page), 0);
	CHECK_ERRNO(MAP(vm, fd, 1), 0);
	CHECK_ERRNO(MAP(vm, fd, mt_page + 1), DARWIN_EINVAL);
}

MT_CASE(ftruncate, size_zero_counts_as_one, "shm-truncate-zero",
    POSIX_SHM_C "pshm_truncate()",
    "ftruncate(2) of a shared memory object to 0 succeeds and is its one size: "
    "it can never be mapped.")
{
	int fd = object_of(vm, 0);

	CHECK_ERRNO(CUT(vm, fd, 0), 0);
	CHECK_ERRNO(CUT(vm, fd, mt_page), DARWIN_EINVAL);
	CHECK_ERRNO(MAP(vm, fd, mt_page), DARWIN_EINVAL);
}

MT_CASE(ftruncate, reader_may_give_the_size, "shm-truncate-reader",
    POSIX_SHM_C "pshm_truncate()",
    "ftruncate(2) of a shared memory object that was opened for reading only "
    "succeeds.")
{
	int reading = -1, fd = open_shared(vm, 0, &reading, O_RDONLY);

	CHECK_ERRNO(CUT(vm, reading, mt_page), 0);
	CHECK_ERRNO(MAP(vm, fd, mt_page), 0);
	CHECK_ERRNO(CUT(vm, reading, -1), DARWIN_EINVAL);
}

MT_CASE(fstat64, size_is_given_in_whole_pages, "reported-58",
    POSIX_SHM_C "pshm_stat()",
    "fstat(2) of a shared memory object gives its size in whole pages of the "
    "process, 0 while it has none, and its mode.")
{
	const int64_t sizes[] = { 1, (int64_t)mt_page,
		2 * (int64_t)mt_page + 1 };
	const int64_t told[] = { (int64_t)mt_page, (int64_t)mt_page,
		3 * (int64_t)mt_page };
	struct mt_stat status;
	int fd;

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		fd = object_of(vm, 0);
		CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
		MT_CHECK_NUMBER(status.size, 0);
		CHECK_ERRNO(CUT(vm, fd, sizes[i]), 0);
		CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
		MT_CHECK_NUMBER(status.size, told[i]);
		MT_CHECK_NUMBER(status.mode, 0600);
	}
}

MT_CASE(fstat64, mode_is_told_whole, "shm-stat-mode", POSIX_SHM_C "shm_open()",
    "fstat(2) of a shared memory object gives the mode that shm_open(2) made "
    "it with, whoever opens it later with O_CREAT, S_ISUID, S_ISGID and S_ISVTX "
    "among it, no type of file, and for its owner the user who made it.")
{
	struct mt_registers user; /* of getuid */
	struct mt_stat status;
	char name[NAME_SIZE];
	int error = 0, fd;

	make_name(name);
	fd = (int)vm->shm_open(&error, ADDRESS_OF(name),
	    O_RDWR | O_CREAT | O_EXCL, 07600);
	MT_REQUIRE_TRUE(fd != -1);
	CHECK_ERRNO(TRY(vm, name, O_RDWR | O_CREAT), 0);
	CHECK_ERRNO(UNLINK(vm, name), 0);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), 0);
	MT_CHECK_NUMBER(status.mode, 07600);
	mt_registers_unix(&user, 24, NULL, 0);
	mt_trap_raw(&user);
	MT_CHECK_TRUE(status.uid == mt_registers_result(&user));
}

MT_CASE(fstat64, descriptor_and_place_are_needed, "shm-stat-errors",
    POSIX_SHM_C "pshm_stat()",
    "fstat(2) of a descriptor that is closed is EBADF; EFAULT where the answer "
    "cannot be written, after the object was found.")
{
	int fd = object_of(vm, 1);
	struct mt_stat status;

	CHECK(fstat64, (fd, mt_hole(1)), DARWIN_EFAULT);
	CHECK_ERRNO(ERRNO(vm->close(&error, fd)), 0);
	CHECK(fstat64, (fd, ADDRESS_OF(&status)), DARWIN_EBADF);
}

/* ---- other calls --------------------------------------------------------- */

MT_CASE(pread, object_cannot_be_read, "shm-pread", SYS_GENERIC_C "pread()",
    "pread(2) of a shared memory object is ESPIPE: it can be mapped alone.")
{
	int fd = object_of(vm, 1);
	uint8_t byte = 0;

	CHECK_ERRNO(ERRNO(vm->pread(&error, fd, ADDRESS_OF(&byte), 1, 0)),
	    DARWIN_ESPIPE);
}

MT_CASE(pwrite, object_cannot_be_written, "shm-pwrite",
    SYS_GENERIC_C "pwrite()",
    "pwrite(2) of a shared memory object is ESPIPE: it can be mapped alone.")
{
	int fd = object_of(vm, 1);
	uint8_t byte = 0;

	CHECK_ERRNO(ERRNO(vm->pwrite(&error, fd, ADDRESS_OF(&byte), 1, 0)),
	    DARWIN_ESPIPE);
}

/* The byte of the page at `offset`, through a mapping of its own. */
static int
byte_of(const struct mt_route *vm, int fd, uint64_t offset)
{
	mach_vm_address_t page = mt_hole(1);
	int error = 0;

	MT_REQUIRE_TRUE(
	    vm->mmap(&error, page, mt_page, PROT_READ, MAP_SHARED | MAP_FIXED,
		fd, (int64_t)offset) == (int64_t)page);
	return stored_byte(page);
}

MT_CASE(mmap, object_beyond_4_gib_is_one_memory, "mmap-shm-large",
    POSIX_SHM_C "pshm_mmap()",
    "A shared memory object of more than 4 GiB is mapped as one memory, each "
    "page in its place, though until macOS 12 it is made of several, which are "
    "regions of their own.",
    .needs = "native")
{
	const uint64_t boundary = (UINT64_C(1) << 32) - mt_page;
	int fd = object_of(vm, 0), error = 0;
	mach_vm_address_t pages = mt_hole(5);

	CHECK_ERRNO(CUT(vm, fd, boundary + PAGES(4)), 0);
	MT_CHECK_ERRNO(vm->mmap(&error, pages, PAGES(4), READ_WRITE,
			   MAP_SHARED | MAP_FIXED, fd,
			   (int64_t)(boundary - mt_page)),
	    error, 0);
	MT_CHECK_LAYOUT(pages, MT_PICTURE("aaaa.", MT_UNTIL(12, "abbb.")));
	for (unsigned i = 0; i < 4; i++)
		TOUCH(PAGE(i), 0x50 + i);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_NUMBER(byte_of(vm, fd,
				    boundary + i * mt_page - mt_page),
		    0x50 + i);
	MT_CHECK_NUMBER(byte_of(vm, fd, 0), 0);
	MT_CHECK_NUMBER(byte_of(vm, fd, boundary + PAGES(3)), 0);
	CHECK(mmap,
	    (0, PAGES(2), PROT_READ, MAP_SHARED, fd,
		(int64_t)(boundary + PAGES(3))),
	    DARWIN_EINVAL);
	CLOSE(vm, fd);
}
