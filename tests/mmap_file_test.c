/*
 * mmap(2) of files: what may be mapped, and how far it may be changed.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"

/* errno of mapping one page of a descriptor. */
#define MAP_ONE(vm_, fd_, protection_, flags_)                                \
	ERRNO((vm_)->mmap(&error, 0, mt_page, (protection_), (flags_), (fd_), \
	    0))

MT_CASE(mmap, device_of_characters_is_enodev, "mmap-file-not-regular",
    KERN_MMAN_C "mmap()",
    "mmap(2) of a character device such as /dev/zero is ENODEV, private or "
    "shared; there is no anonymous memory to be had from one.")
{
	int error = 0;
	int fd = (int)vm->open(&error, ADDRESS_OF("/dev/zero"), O_RDONLY, 0);

	MT_REQUIRE_TRUE(fd != -1);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_PRIVATE, fd,
			   0),
	    error, DARWIN_ENODEV);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_SHARED, fd,
			   0),
	    error, DARWIN_ENODEV);
	CLOSE(vm, fd);
}

MT_CASE(mmap, directory_is_einval, "mmap-file-not-regular-directory",
    KERN_MMAN_C "mmap()", "mmap(2) of a directory is EINVAL.")
{
	int error = 0;
	int fd = (int)vm->open(&error, ADDRESS_OF("/dev"), O_RDONLY, 0);

	MT_REQUIRE_TRUE(fd != -1);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_PRIVATE, fd,
			   0),
	    error, DARWIN_EINVAL);
	CLOSE(vm, fd);
}

/* ---- rights -------------------------------------------------------------- */

MT_CASE(mmap, descriptor_that_cannot_be_read_is_eacces, "mmap-file-read-perm",
    "mmap(2)",
    "mmap(2) with PROT_READ of a file that was opened for writing only is "
    "EACCES, shared or private; PROT_WRITE asks for reading, too.")
{
	int error = 0, written;
	int fd = open_file(vm, 1, &written, O_WRONLY);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_PRIVATE,
			   written, 0),
	    error, DARWIN_EACCES);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_SHARED,
			   written, 0),
	    error, DARWIN_EACCES);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_WRITE, MAP_SHARED,
			   written, 0),
	    error, DARWIN_EACCES);
	CLOSE(vm, written);
	CLOSE(vm, fd);
}

MT_CASE(mmap, shared_writing_needs_a_descriptor_for_it,
    "mmap-file-shared-write", "mmap(2)",
    "mmap(2) with MAP_SHARED and PROT_WRITE of a file that was opened for "
    "reading only is EACCES.")
{
	int error = 0, reading;
	int fd = open_file(vm, 1, &reading, O_RDONLY);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE, MAP_SHARED,
			   reading, 0),
	    error, DARWIN_EACCES);
	CHECK_ERRNO(MAP_ONE(vm, reading, PROT_READ, MAP_SHARED), 0);
	CLOSE(vm, fd);
}

MT_CASE(mmap, private_writing_needs_reading_alone, "mmap-file-private-write",
    "mmap(2)",
    "mmap(2) with MAP_PRIVATE and PROT_WRITE of a file that was opened for "
    "reading only succeeds, and what is stored there stays out of the file.")
{
	int reading;
	int fd = open_file(vm, 1, &reading, O_RDONLY);
	mach_vm_address_t page = map_file(vm, reading, 1, READ_WRITE,
	    MAP_PRIVATE);

	MT_CHECK_BYTE(page, BYTE_OF(0));
	MT_CHECK_WRITABLE(page);
	MT_CHECK_BYTE(page, 0x5a);
	MT_CHECK_NUMBER(read_file(vm, fd, 0), BYTE_OF(0));
	CLOSE(vm, fd);
}

MT_CASE(mmap, maximum_of_a_file_is_what_the_descriptor_allows, "mmap-file-max",
    KERN_MMAN_C "mmap()",
    "The maximum protection of a file's mapping by mmap(2) is read and "
    "execute, and write if it is private or the file was opened for "
    "writing.")
{
	int reading;
	int fd = open_file(vm, 1, &reading, O_RDONLY);
	mach_vm_address_t shared = map_file(vm, fd, 1, PROT_READ, MAP_SHARED);
	mach_vm_address_t mine = map_file(vm, reading, 1, PROT_READ,
	    MAP_PRIVATE);
	mach_vm_address_t theirs = map_file(vm, reading, 1, PROT_READ,
	    MAP_SHARED);

	MT_CHECK_REGION(shared, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_REGION(mine, .max_protection = VM_PROT_ALL);
	MT_CHECK_REGION(theirs,
	    .max_protection = VM_PROT_READ | VM_PROT_EXECUTE);
	CLOSE(vm, fd);
}

MT_CASE(mprotect, shared_file_for_reading_never_becomes_writable,
    "mmap-file-max-mprotect", KERN_MMAN_C "mprotect()",
    "mprotect(2) with PROT_WRITE of a shared mapping of a file that was opened "
    "for reading only is EACCES, and nothing changes.")
{
	int error = 0, reading;
	int fd = open_file(stage_bsd, 1, &reading, O_RDONLY);
	mach_vm_address_t page = map_file(stage_bsd, reading, 1, PROT_READ,
	    MAP_SHARED);

	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, READ_WRITE), error,
	    DARWIN_EACCES);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ);
	CLOSE(stage_bsd, fd);
}

MT_CASE(mmap, write_only_file_can_be_reserved, "mmap-file-read-perm-none",
    KERN_MMAN_C "mmap()",
    "mmap(2) with PROT_NONE and MAP_SHARED of a file that was opened for "
    "writing only succeeds; its maximum protection has all three.")
{
	int written;
	int fd = open_file(vm, 1, &written, O_WRONLY);
	mach_vm_address_t page = map_file(vm, written, 1, PROT_NONE,
	    MAP_SHARED);

	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL);
	CLOSE(vm, fd);
}

MT_CASE(mmap, writable_and_executable_file_needs_x86_64,
    "mmap-file-write-execute", VM_MAP_C "vm_map_enter()",
    "mmap(2) of a file with PROT_WRITE and PROT_EXEC is EACCES in a native "
    "process of arm64.")
{
	int error = 0;
	int fd = file_of(vm, 1);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE | PROT_EXEC,
			   MAP_PRIVATE, fd, 0),
	    error, 0, MT_ON(arm64, DARWIN_EACCES));
	CLOSE(vm, fd);
}

/* ---- flags --------------------------------------------------------------- */

MT_CASE(mmap, jit_of_a_file_is_einval, "mmap-jit-invalid-file",
    KERN_MMAN_C "mmap()", "mmap(2) of a file with MAP_JIT is EINVAL.",
    .since = "10.14")
{
	int error = 0;
	int fd = file_of(vm, 1);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE,
			   MAP_PRIVATE | MAP_JIT, fd, 0),
	    error, DARWIN_EINVAL);
	CLOSE(vm, fd);
}

MT_CASE(mmap, resilient_codesign_of_a_file_limits_the_maximum,
    "mmap-resilient-codesign-max", KERN_MMAN_C "mmap()",
    "mmap(2) of a file with MAP_RESILIENT_CODESIGN limits the maximum "
    "protection to what was asked for.")
{
	int fd = file_of(vm, 1);
	mach_vm_address_t page = map_file(vm, fd, 1, PROT_READ,
	    MAP_PRIVATE | MAP_RESILIENT_CODESIGN);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
	MT_CHECK_BYTE(page, BYTE_OF(0));
	page = map_file(vm, fd, 1, PROT_NONE,
	    MAP_PRIVATE | MAP_RESILIENT_CODESIGN);
	MT_CHECK_REGION(page, .max_protection = VM_PROT_NONE);
	CLOSE(vm, fd);
}

MT_CASE(mmap, resilient_codesign_of_a_file_denies_writing,
    "mmap-resilient-codesign-prot", KERN_MMAN_C "mmap()",
    "mmap(2) of a file with MAP_RESILIENT_CODESIGN and PROT_EXEC is EPERM, and "
    "so is PROT_WRITE where the mapping is shared.")
{
	int error = 0;
	int fd = file_of(vm, 1);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ | PROT_EXEC,
			   MAP_PRIVATE | MAP_RESILIENT_CODESIGN, fd, 0),
	    error, DARWIN_EPERM);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE,
			   MAP_SHARED | MAP_RESILIENT_CODESIGN, fd, 0),
	    error, DARWIN_EPERM);
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE,
			   MAP_PRIVATE | MAP_RESILIENT_CODESIGN, fd, 0),
	    error, 0, MT_UNTIL(10.15, DARWIN_EPERM));
	CLOSE(vm, fd);
}

MT_CASE(mmap, resilient_media_of_a_file_may_write, "mmap-resilient-media-file",
    KERN_MMAN_C "mmap()",
    "mmap(2) of a file with MAP_RESILIENT_MEDIA may be writable, and leaves the "
    "maximum; a shared mapping ignores the flag.")
{
	int error = 0;
	int fd = file_of(vm, 1);
	mach_vm_address_t page;

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE,
			   MAP_PRIVATE | MAP_RESILIENT_MEDIA, fd, 0),
	    error, 0, MT_UNTIL(10.14, DARWIN_EPERM));
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, READ_WRITE,
			   MAP_SHARED | MAP_RESILIENT_MEDIA, fd, 0),
	    error, 0, MT_UNTIL(10.14, DARWIN_EPERM));
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ,
			   MAP_SHARED | MAP_RESILIENT_MEDIA, fd, 0),
	    error, 0);
	page = map_file(vm, fd, 1, PROT_READ,
	    MAP_PRIVATE | MAP_RESILIENT_MEDIA);
	MT_CHECK_REGION(page,
	    .max_protection = MT_VALUE(VM_PROT_ALL,
		MT_UNTIL(10.14, VM_PROT_READ)));
	CLOSE(vm, fd);
}

/* ---- place and offset ---------------------------------------------------- */

MT_CASE(mmap, file_replaces_what_is_mapped, "mmap-fixed-replaces-file",
    "mmap(2)",
    "mmap(2) of a file with MAP_FIXED replaces what is mapped there; the "
    "regions beside it stay.")
{
	int error = 0;
	int fd = file_of(vm, 1);
	mach_vm_address_t hole = mt_hole(3);

	mapped_at(vm, hole, 3);
	TOUCH_PAGES(hole, 3, 0x42);
	MT_CHECK_ERRNO(vm->mmap(&error, hole + mt_page, mt_page, PROT_READ,
			   MAP_SHARED | MAP_FIXED, fd, 0),
	    error, 0);
	MT_CHECK_LAYOUT(hole, "abc");
	MT_CHECK_BYTE(hole + mt_page, BYTE_OF(0));
	MT_CHECK_BYTE(hole + 2 * mt_page, 0x42);
	CLOSE(vm, fd);
}

MT_CASE(mmap, refused_mapping_of_a_file_leaves_nothing, "mmap-file-refused",
    VM_MAP_C "vm_map_enter_mem_object_control()",
    "mmap(2) of a file at a place outside of the map is ENOMEM, shared or "
    "private, and leaves nothing: a region of the file has as many references "
    "as before.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	TOUCH(pages, 1);
	for (unsigned i = 0; i < 3; i++) {
		CHECK(mmap,
		    (0, PAGES(2), PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0),
		    DARWIN_ENOMEM);
		CHECK(mmap,
		    (0, PAGES(2), PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0),
		    DARWIN_ENOMEM);
		CHECK(mmap,
		    (UINT64_C(1) << 47, PAGES(1), PROT_READ,
			MAP_PRIVATE | MAP_FIXED, fd, 0),
		    DARWIN_ENOMEM);
	}
	MT_CHECK_REGION(pages, .ref_count = 2, .share_mode = SM_PRIVATE,
	    .shadow_depth = 0);
	MT_CHECK_BYTE(pages, 1);
}

MT_CASE(mmap, offset_of_a_file_chooses_its_page, "mmap-file-offset", "mmap(2)",
    "The offset that mmap(2) is given is where in the file the mapping begins; "
    "a region of a shared mapping has it as its offset, too.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;
	int fd = file_of(vm, 4);

	MT_CHECK_ERRNO(vm->mmap(&error, hole, 2 * mt_page, PROT_READ,
			   MAP_SHARED | MAP_FIXED, fd, 2 * (int64_t)mt_page),
	    error, 0);
	MT_CHECK_BYTE(hole, BYTE_OF(2));
	MT_CHECK_BYTE(hole + mt_page, BYTE_OF(3));
	MT_CHECK_REGION(hole, .offset = (int64_t)(2 * mt_page),
	    .size = (int64_t)(2 * mt_page));
	CLOSE(vm, fd);
}

/* Pages [1, 3) of 4 become something else. */
enum {
	WITHOUT_ACCESS,
	UNINHERITED,
	LOCKED,
	ADVISED,
	GONE,
	ANONYMOUS,
	FIRST,
	WAYS
};

static int
try_to_change(mach_vm_address_t at, int fd, int way)
{
	const struct mt_route *bsd = stage_bsd;
	const int fixed = MAP_SHARED | MAP_FIXED;

	switch (way) {
	case WITHOUT_ACCESS:
		return ERRNO(bsd->mprotect(&error, at, PAGES(2), PROT_NONE));
	case UNINHERITED:
		return ERRNO(
		    bsd->minherit(&error, at, PAGES(2), VM_INHERIT_NONE));
	case LOCKED:
		return ERRNO(bsd->mlock(&error, at, PAGES(2)));
	case ADVISED:
		return ERRNO(bsd->madvise(&error, at, PAGES(2), MADV_RANDOM));
	case GONE:
		return ERRNO(bsd->munmap(&error, at, PAGES(2)));
	case ANONYMOUS:
		return ERRNO(bsd->mmap(&error, at, PAGES(2), READ_WRITE,
		    fixed | MAP_ANON, -1, 0));
	default:
		return ERRNO(
		    bsd->mmap(&error, at, PAGES(2), READ_WRITE, fixed, fd, 0));
	}
}

static void
change_middle(mach_vm_address_t pages, int fd, int way)
{
	REQUIRE_ERRNO(try_to_change(PAGE(1), fd, way), 0);
}

MT_CASE(mmap, parts_of_a_file_keep_their_place, "mmap-file-offset-parts",
    VM_MAP_C "vm_map_clip_start()",
    "Of a shared mapping that begins inside of a file each part keeps its "
    "place in the file when the middle is protected, locked, advised, not "
    "inherited, unmapped, or replaced by other memory or another place in the "
    "file.")
{
	for (int way = 0; way < WAYS; way++) {
		int fd = file_of(vm, 6), error = 0;
		mach_vm_address_t pages = mt_hole(4);

		MT_CHECK_ERRNO(vm->mmap(&error, pages, PAGES(4), READ_WRITE,
				   MAP_SHARED | MAP_FIXED, fd,
				   2 * (int64_t)mt_page),
		    error, 0);
		change_middle(pages, fd, way);
		MT_CHECK_LAYOUT(pages, way == GONE ? "a..b" : "abbc");
		MT_CHECK_REGION(pages, .offset = (int64_t)PAGES(2));
		if (way < GONE)
			MT_CHECK_REGION(PAGE(1), .offset = (int64_t)PAGES(3));
		else if (way > GONE)
			MT_CHECK_REGION(PAGE(1), .offset = 0);
		MT_CHECK_REGION(PAGE(3), .offset = (int64_t)PAGES(5));
		MT_CHECK_BYTE(pages, BYTE_OF(2));
		if (way != WITHOUT_ACCESS && way != GONE)
			MT_CHECK_BYTE(PAGE(2),
			    way == ANONYMOUS ? 0 :
				way == FIRST ? BYTE_OF(1) :
					       BYTE_OF(4));
		MT_CHECK_BYTE(PAGE(3), BYTE_OF(5));
		TOUCH(PAGE(3), 0x42);
		MT_CHECK_NUMBER(read_file(vm, fd, 5 * (int64_t)mt_page), 0x42);
		CLOSE(vm, fd);
	}
}

MT_CASE(mmap, parts_of_a_private_file_are_its_own, "mmap-file-private-parts",
    VM_MAP_C "vm_map_clip_start()",
    "Of a private mapping that begins inside of a file and was split each page "
    "shows its own page of the file, as it was when others store there, and "
    "its own stores alone.")
{
	int fd = file_of(vm, 6), error = 0;
	mach_vm_address_t shared = map_file(vm, fd, 6, READ_WRITE, MAP_SHARED);
	mach_vm_address_t pages = mt_hole(4);

	MT_CHECK_ERRNO(vm->mmap(&error, pages, PAGES(4), READ_WRITE,
			   MAP_PRIVATE | MAP_FIXED, fd, 2 * (int64_t)mt_page),
	    error, 0);
	change_middle(pages, fd, UNINHERITED);
	for (unsigned i = 0; i < 4; i++)
		TOUCH(shared + PAGES(2 + i), 0x42);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_BYTE(PAGE(i), BYTE_OF(2 + i));
	for (unsigned i = 0; i < 4; i++) {
		TOUCH(PAGE(i), 0x50 + i);
		for (unsigned j = i + 1; j < 4; j++)
			MT_CHECK_BYTE(PAGE(j), BYTE_OF(2 + j));
	}
	for (unsigned i = 0; i < 4; i++) {
		MT_CHECK_BYTE(PAGE(i), 0x50 + i);
		MT_CHECK_BYTE(shared + PAGES(2 + i), 0x42);
	}
}

MT_CASE(mmap, unaligned_offset_of_a_file_is_einval, "mmap-unaligned-offset",
    KERN_MMAN_C "mmap()",
    "mmap(2) as libc makes it takes an offset of whole pages alone: any other "
    "is EINVAL; the system call itself, without MAP_UNIX03, takes it.")
{
	int error = 0;
	int fd = file_of(vm, 2);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_PRIVATE, fd,
			   1),
	    error, DARWIN_EINVAL, MT_VIA(unix, 0));
	MT_CHECK_ERRNO(vm->mmap(&error, 0, mt_page, PROT_READ, MAP_PRIVATE, fd,
			   (int64_t)mt_page - 0x800),
	    error, DARWIN_EINVAL, MT_VIA(unix, 0));
	CLOSE(vm, fd);
}

MT_CASE(mmap, address_follows_an_unaligned_offset, "mmap-unaligned-offset-raw",
    KERN_MMAN_C "mmap()",
    "The system call mmap without MAP_UNIX03 takes any offset into a file: "
    "the address has the same place in its page, and all pages that the "
    "bytes touch are mapped.")
{
	const mach_vm_address_t hole = mt_hole(2);
	int error = 0;
	int fd = file_of(stage_bsd, 2);
	int64_t at = vm->mmap(&error, hole + 0x123, mt_page, PROT_READ,
	    MAP_SHARED | MAP_FIXED, fd, 0x123);

	MT_CHECK_ADDRESS(at, hole + 0x123, MT_VIA(libc, -1));
	MT_CHECK_LAYOUT(hole, MT_PICTURE("aa", MT_VIA(libc, (intptr_t) "..")));
	CLOSE(stage_bsd, fd);
}

MT_CASE(mmap, file_survives_its_descriptor, "mmap-file-closed", "mmap(2)",
    "A mapping of a file stays when the descriptor is closed and the file has "
    "no name any more.")
{
	int fd = file_of(vm, 2);
	mach_vm_address_t page = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	MT_CHECK_BYTE(page, BYTE_OF(0));
	CLOSE(vm, fd);
	MT_CHECK_BYTE(page + mt_page, BYTE_OF(1));
	MT_CHECK_WRITABLE(page + mt_page);
	MT_CHECK_BYTE(page + mt_page, 0x5a);
}

MT_CASE(mmap, hint_of_a_file_without_room_above_starts_from_the_bottom,
    "mmap-hint-no-space-above-file", KERN_MMAN_C "mmap()",
    "Where no hole above the hint of mmap(2) is large enough for a file, shared "
    "or private, the search starts once more at the bottom of the map, for the "
    "same page of the file.")
{
	static const int kinds[] = { MAP_SHARED, MAP_PRIVATE };
	const mach_vm_address_t hint = UINT64_C(0x7ffffffff000) &
	    ~(mt_page - 1);
	int fd = file_of(vm, 2), error = 0;
	mach_vm_address_t page;
	int64_t at;

	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK_ERRNO((at = vm->mmap(&error, hint, mt_page, PROT_READ,
				    kinds[i], fd, (int64_t)mt_page)),
		    error, 0);
		if (error != 0)
			continue;
		page = (mach_vm_address_t)at;
		MT_CHECK_TRUE(page < hint);
		MT_CHECK_BYTE(page, BYTE_OF(1));
		MT_CHECK_REGION(page, .protection = VM_PROT_READ,
		    .inheritance = kinds[i] == MAP_SHARED ? VM_INHERIT_SHARE :
							    VM_INHERIT_COPY);
		MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
	}
	CLOSE(vm, fd);
}

MT_CASE(mmap, length_zero_of_a_file_maps_nothing, "mmap-len-zero-file",
    KERN_MMAN_C "mmap()",
    "mmap(2) of a file with length 0 is EINVAL; the system call itself, "
    "without MAP_UNIX03, answers 0 and maps nothing.")
{
	int error = 0;
	int fd = file_of(vm, 1);

	MT_CHECK_ERRNO(vm->mmap(&error, 0, 0, PROT_READ, MAP_PRIVATE, fd, 0),
	    error, DARWIN_EINVAL, MT_VIA(unix, 0));
	CLOSE(vm, fd);
}

MT_CASE(mmap, length_zero_comes_last, "mmap-len-zero-order",
    KERN_MMAN_C "mmap()",
    "The system call mmap without MAP_UNIX03 looks at the descriptor and its "
    "rights before the length 0, for which it answers 0: a descriptor that is "
    "closed is EBADF, a character device ENODEV, a directory EINVAL, rights "
    "that are missing EACCES. As libc makes it, all of them are EINVAL.")
{
	int error = 0, reading, writing,
	    fd = open_file(vm, 1, &reading, O_RDONLY);
	int zero = (int)vm->open(&error, ADDRESS_OF("/dev/zero"), O_RDONLY, 0);
	int folder = (int)vm->open(&error, ADDRESS_OF("/dev"), O_RDONLY, 0);
	const struct {
		int fd, protection, flags, wanted;
	} trials[] = {
		{ reading, READ_WRITE, MAP_SHARED, DARWIN_EACCES },
		{ reading, READ_WRITE, MAP_PRIVATE, 0 },
		{ reading, PROT_READ, MAP_SHARED, 0 },
		{ zero, PROT_READ, MAP_PRIVATE, DARWIN_ENODEV },
		{ folder, PROT_READ, MAP_PRIVATE, DARWIN_EINVAL },
	};

	MT_REQUIRE_TRUE(zero != -1 && folder != -1);
	(void)open_file(vm, 1, &writing, O_WRONLY);
	for (unsigned i = 0; i < sizeof(trials) / sizeof(*trials); i++)
		CHECK(mmap,
		    (0, 0, trials[i].protection, trials[i].flags, trials[i].fd,
			0),
		    DARWIN_EINVAL, MT_VIA(unix, trials[i].wanted));
	CHECK(mmap, (0, 0, PROT_READ, MAP_SHARED, writing, 0), DARWIN_EINVAL,
	    MT_VIA(unix, DARWIN_EACCES));
	CLOSE(vm, fd);
	CHECK(mmap, (0, 0, PROT_READ, MAP_SHARED, fd, 0), DARWIN_EINVAL,
	    MT_VIA(unix, DARWIN_EBADF));
	CLOSE(vm, zero);
	CLOSE(vm, folder);
}
