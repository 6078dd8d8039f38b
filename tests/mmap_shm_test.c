/*
 * mmap(2) of shared memory objects.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "files.h"

/* errno of mapping a range of a descriptor. */
#define TRY(vm_, fd_, size_, protection_, flags_, offset_)                    \
	ERRNO((vm_)->mmap(&error, 0, (size_), (protection_), (flags_), (fd_), \
	    (int64_t)(offset_)))
/* The same at a place. */
#define TRY_AT(vm_, address_, fd_, size_, protection_, flags_)        \
	ERRNO((vm_)->mmap(&error, (address_), (size_), (protection_), \
	    (flags_) | MAP_FIXED, (fd_), 0))

MT_CASE(mmap, object_without_size_is_einval, "mmap-shm-not-truncated",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object that has no size yet is EINVAL.")
{
	int fd = object_of(vm, 0);

	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_SHARED, 0),
	    DARWIN_EINVAL);
}

MT_CASE(mmap, object_must_be_shared, "mmap-shm-private",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object with MAP_PRIVATE alone is EINVAL; with "
    "MAP_SHARED besides it is shared.")
{
	int fd = object_of(vm, 1);

	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_PRIVATE, 0),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_PRIVATE | MAP_SHARED,
			0),
	    0);
}

MT_CASE(mmap, kind_then_rights_then_range_of_an_object, "mmap-shm-order",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object is EINVAL for MAP_PRIVATE before it is "
    "EPERM for rights that the descriptor lacks, and that before it is EINVAL "
    "for a size or range that the object has not.")
{
	int reading = -1, bare = -1;

	(void)open_shared(vm, 1, &reading, O_RDONLY);
	(void)open_shared(vm, 0, &bare, O_RDONLY);
	CHECK_ERRNO(TRY(vm, reading, mt_page, READ_WRITE, MAP_PRIVATE, 0),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, reading, 9 * mt_page, PROT_WRITE, MAP_PRIVATE, 0),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, reading, 2 * mt_page, READ_WRITE, MAP_SHARED, 0),
	    DARWIN_EPERM);
	CHECK_ERRNO(TRY(vm, reading, mt_page, PROT_WRITE, MAP_SHARED, mt_page),
	    DARWIN_EPERM);
	CHECK_ERRNO(TRY(vm, bare, mt_page, READ_WRITE, MAP_SHARED, 0),
	    DARWIN_EPERM);
	CHECK_ERRNO(TRY(vm, bare, mt_page, PROT_READ, MAP_SHARED, 0),
	    DARWIN_EINVAL);
}

MT_CASE(mmap, writing_an_object_needs_a_descriptor_for_it, "mmap-shm-write",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) with PROT_WRITE of a shared memory object that was opened for "
    "reading only is EPERM, not EACCES as for files.")
{
	int reading = -1, fd = open_shared(vm, 1, &reading, O_RDONLY);

	CHECK_ERRNO(TRY(vm, reading, mt_page, READ_WRITE, MAP_SHARED, 0),
	    DARWIN_EPERM);
	CHECK_ERRNO(TRY(vm, reading, mt_page, PROT_WRITE, MAP_SHARED, 0),
	    DARWIN_EPERM);
	CHECK_ERRNO(TRY(vm, reading, mt_page, PROT_READ, MAP_SHARED, 0), 0);
	CHECK_ERRNO(TRY(vm, fd, mt_page, PROT_WRITE, MAP_SHARED, 0), 0);
}

MT_CASE(mmap, range_lies_in_the_object, "mmap-shm-too-big",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of more than a shared memory object has is EINVAL: a length or "
    "an offset beyond its pages, or both together.")
{
	int fd = object_of(vm, 3);

	CHECK_ERRNO(TRY(vm, fd, 3 * mt_page, READ_WRITE, MAP_SHARED, 0), 0);
	CHECK_ERRNO(TRY(vm, fd, 4 * mt_page, READ_WRITE, MAP_SHARED, 0),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, fd, 3 * mt_page + 1, READ_WRITE, MAP_SHARED, 0),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, fd, 3 * mt_page, READ_WRITE, MAP_SHARED, mt_page),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_SHARED, 3 * mt_page),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_SHARED, 2 * mt_page),
	    0);
	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_SHARED, LAST_PAGE),
	    DARWIN_EINVAL);
}

MT_CASE(mmap, flags_of_an_object, "mmap-shm-flags", KERN_MMAN_C "mmap()",
    "mmap(2) of a shared memory object with MAP_JIT is EINVAL; with "
    "MAP_RESILIENT_CODESIGN it may be read, and writing is EPERM.",
    .since = "10.14")
{
	int fd = object_of(vm, 1);

	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE, MAP_SHARED | MAP_JIT, 0),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY(vm, fd, mt_page, PROT_READ,
			MAP_SHARED | MAP_RESILIENT_CODESIGN, 0),
	    0);
	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE,
			MAP_SHARED | MAP_RESILIENT_CODESIGN, 0),
	    DARWIN_EPERM);
	CHECK_ERRNO(TRY(vm, fd, mt_page, READ_WRITE,
			MAP_SHARED | MAP_RESILIENT_MEDIA, 0),
	    0, MT_UNTIL(10.14, DARWIN_EPERM));
}

/* ---- the region ---------------------------------------------------------- */

MT_CASE(mmap, object_is_truly_shared_memory, "mmap-shm-region",
    POSIX_SHM_C "pshm_mmap()",
    "A mapping of a shared memory object may be read and written, no more, is "
    "inherited shared, has tag 0 and share mode SM_TRUESHARED, its offset is "
    "the place in the object, and it ends where it was asked to.")
{
	int fd = object_of(vm, 5), error = 0;
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_ERRNO(vm->mmap(&error, hole, 2 * mt_page, READ_WRITE,
			   MAP_SHARED | MAP_FIXED, fd, (int64_t)mt_page),
	    error, 0);
	MT_CHECK_REGION(hole, .size = (int64_t)(2 * mt_page),
	    .protection = VM_PROT_DEFAULT, .max_protection = VM_PROT_DEFAULT,
	    .inheritance = VM_INHERIT_SHARE, .user_tag = 0,
	    .share_mode = SM_TRUESHARED, .offset = (int64_t)mt_page,
	    .external_pager = 0);
}

MT_CASE(mmap, object_without_access_is_reserved, "mmap-shm-none",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object with PROT_NONE gives a region without "
    "access whose maximum is to read and write.")
{
	mach_vm_address_t page = map_file(vm, object_of(vm, 1), 1, PROT_NONE,
	    MAP_SHARED);

	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_DEFAULT);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
}

MT_CASE(mprotect, reader_of_an_object_never_writes, "mmap-shm-max",
    POSIX_SHM_C "pshm_mmap()",
    "A mapping of a shared memory object that was opened for reading only has "
    "maximum protection VM_PROT_READ, and mprotect(2) to write is EACCES; "
    "until macOS 10.14.1 it could be had.")
{
	int reading = -1, fd = open_shared(stage_bsd, 1, &reading, O_RDONLY);
	mach_vm_address_t page = map_file(stage_bsd, reading, 1, PROT_READ,
	    MAP_SHARED);
	int error = 0;

	(void)fd;
	MT_CHECK_REGION(page,
	    .max_protection = MT_VALUE(VM_PROT_READ,
		MT_UNTIL(10.14.1, VM_PROT_DEFAULT)),
	    .inheritance = VM_INHERIT_SHARE);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, READ_WRITE), error,
	    DARWIN_EACCES, MT_UNTIL(10.14.1, 0));
	page = map_file(stage_bsd, reading, 1, PROT_NONE, MAP_SHARED);
	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, PROT_READ), error,
	    0);
}

MT_CASE(mprotect, object_never_becomes_executable, "shm-max-rw",
    POSIX_SHM_C "pshm_mmap()",
    "mprotect(2) with PROT_EXEC of a mapping of a shared memory object is "
    "EACCES.")
{
	mach_vm_address_t page = map_file(stage_bsd, object_of(stage_bsd, 1), 1,
	    READ_WRITE, MAP_SHARED);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page,
			   PROT_READ | PROT_EXEC),
	    error, DARWIN_EACCES);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(mmap, execution_of_an_object_is_dropped, "mmap-shm-exec",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object with PROT_EXEC drops it and gives a "
    "region that can be read; until macOS 14.4 it was EINVAL.")
{
	int fd = object_of(vm, 1), error = 0;
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_ERRNO(vm->mmap(&error, hole, mt_page, PROT_READ | PROT_EXEC,
			   MAP_SHARED | MAP_FIXED, fd, 0),
	    error, 0, MT_UNTIL(14.4, DARWIN_EINVAL));
	MT_CHECK_REGION(hole,
	    .protection = MT_VALUE(VM_PROT_READ, MT_UNTIL(14.4, VM_PROT_NONE)),
	    .max_protection = MT_VALUE(VM_PROT_DEFAULT,
		MT_UNTIL(14.4, VM_PROT_NONE)));
}

MT_CASE(mmap, execution_of_an_object_left_a_reservation, "mmap-shm-exec-leak",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object with PROT_EXEC and MAP_FIXED destroyed "
    "what was mapped there and failed: a region without access and without "
    "inheritance stayed behind.",
    .until = "14.4")
{
	int fd = object_of(vm, 1);
	mach_vm_address_t hole = mt_hole(3);

	mapped_at(vm, hole, 3);
	TOUCH_PAGES(hole, 3, 0x42);
	CHECK_ERRNO(TRY_AT(vm, hole + mt_page, fd, mt_page,
			PROT_READ | PROT_EXEC, MAP_SHARED),
	    DARWIN_EINVAL);
	MT_CHECK_LAYOUT(hole, "abc");
	MT_CHECK_REGION(hole + mt_page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_BYTE(hole + 2 * mt_page, 0x42);
}

/* ---- where --------------------------------------------------------------- */

MT_CASE(mmap, refused_object_keeps_what_is_mapped, "mmap-shm-fixed-keeps",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) with MAP_FIXED of a shared memory object that is refused for its "
    "range or rights leaves what is mapped there.")
{
	int reading = -1, fd = open_shared(vm, 1, &reading, O_RDONLY);
	mach_vm_address_t hole = mt_hole(3);

	mapped_at(vm, hole, 3);
	TOUCH_PAGES(hole, 3, 0x42);
	CHECK_ERRNO(TRY_AT(vm, hole + mt_page, fd, 2 * mt_page, READ_WRITE,
			MAP_SHARED),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY_AT(vm, hole + mt_page, fd, mt_page, READ_WRITE,
			MAP_PRIVATE),
	    DARWIN_EINVAL);
	CHECK_ERRNO(TRY_AT(vm, hole + mt_page, reading, mt_page, READ_WRITE,
			MAP_SHARED),
	    DARWIN_EPERM);
	MT_CHECK_LAYOUT(hole, "aaa");
	MT_CHECK_BYTE(hole + mt_page, 0x42);
}

MT_CASE(mmap, object_replaces_what_is_mapped, "mmap-shm-fixed-replaces",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) with MAP_FIXED of a shared memory object replaces what is mapped "
    "there, another part of itself too; below the map it is ENOMEM.")
{
	int fd = object_of(vm, 3), error = 0;
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	TOUCH(pages, 0x42);
	MT_CHECK_ERRNO(vm->mmap(&error, pages, mt_page, READ_WRITE,
			   MAP_SHARED | MAP_FIXED, fd, 2 * (int64_t)mt_page),
	    error, 0);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_REGION(pages, .offset = (int64_t)(2 * mt_page));
	MT_CHECK_REGION(pages + mt_page, .offset = (int64_t)mt_page);
	CHECK_ERRNO(TRY_AT(vm, 0, fd, mt_page, READ_WRITE, MAP_SHARED),
	    DARWIN_ENOMEM);
}

MT_CASE(mmap, hint_for_an_object_is_taken, "mmap-shm-hint",
    POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object takes a free hint, rounded up to a "
    "page.")
{
	int fd = object_of(vm, 1), error = 0;
	mach_vm_address_t hole = mt_hole(3);

	MT_CHECK_ADDRESS(vm->mmap(&error, hole + 1, mt_page, READ_WRITE,
			     MAP_SHARED, fd, 0),
	    hole + mt_page);
	MT_CHECK_LAYOUT(hole, ".a.");
}

MT_CASE(mmap, hint_for_an_object_is_not_tried_again,
    "mmap-shm-hint-no-space-above", POSIX_SHM_C "pshm_mmap()",
    "mmap(2) of a shared memory object with a hint above which there is no hole "
    "is ENOMEM: unlike other memory it is not tried again from the bottom.")
{
	const mach_vm_address_t hint = UINT64_C(0x7ffffffff000) &
	    ~(mt_page - 1);
	int fd = object_of(vm, 1), error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, hint, mt_page, READ_WRITE, MAP_SHARED,
			   fd, 0),
	    error, DARWIN_ENOMEM);
	MT_CHECK_ERRNO(vm->mmap(&error, LAST_PAGE, mt_page, READ_WRITE,
			   MAP_SHARED, fd, 0),
	    error, DARWIN_ENOMEM, MT_UNTIL(14, DARWIN_EINVAL),
	    MT_UNTIL(10.14, DARWIN_ENOMEM));
}

MT_CASE(mmap, unaligned_place_for_an_object, "mmap-shm-fixed-unaligned",
    POSIX_SHM_C "pshm_mmap()",
    "The system call mmap without MAP_UNIX03 maps a shared memory object at an "
    "address that has the same place in its page as the offset; since macOS "
    "15 it maps nothing and answers that place as if it had, where the object's "
    "range and rights allow a mapping.")
{
	int reading = -1, error = 0;
	int fd = open_shared(stage_bsd, 1, &reading, O_RDONLY);
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_ERRNO(vm->mmap(&error, hole + 0x123, 0x100, READ_WRITE,
			   MAP_SHARED | MAP_FIXED, reading, 0x123),
	    error, DARWIN_EPERM, MT_VIA(libc, DARWIN_EINVAL));
	MT_CHECK_ERRNO(vm->mmap(&error, hole + 0x123, mt_page, READ_WRITE,
			   MAP_SHARED | MAP_FIXED, fd, 0x123),
	    error, DARWIN_EINVAL);

	MT_CHECK_ADDRESS(vm->mmap(&error, hole + 0x123, 0x100, READ_WRITE,
			     MAP_SHARED | MAP_FIXED, fd, 0x123),
	    0x123, MT_UNTIL(14, hole + 0x123), MT_VIA(libc, -1),
	    MT_VIA_UNTIL(libc, 14, -1));
	MT_CHECK_LAYOUT(hole,
	    MT_PICTURE(".", MT_UNTIL(14, (intptr_t) "a"),
		MT_VIA_UNTIL(libc, 14, (intptr_t) ".")));
}

MT_CASE(mmap, place_in_a_page_of_an_object, "mmap-shm-remainder",
    POSIX_SHM_C "pshm_mmap()",
    "The system call mmap without MAP_UNIX03 and MAP_FIXED of a shared memory "
    "object answers an address that has the same place in its page as the "
    "offset.")
{
	const mach_vm_size_t in_page = mt_page / 2 + 0x123;
	int fd = object_of(stage_bsd, 3), error = 0;
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK_ADDRESS(vm->mmap(&error, hole, 0x100, READ_WRITE, MAP_SHARED,
			     fd, (int64_t)(mt_page + in_page)),
	    hole + in_page, MT_VIA(libc, -1));
	MT_CHECK_LAYOUT(hole, MT_PICTURE("a.", MT_VIA(libc, (intptr_t) "..")));
}

MT_CASE(mmap, length_zero_of_an_object_maps_nothing, "mmap-shm-len-zero",
    POSIX_SHM_C "pshm_mmap()",
    "The system call mmap without MAP_UNIX03 answers 0 for length 0 of a shared "
    "memory object, private too; as libc makes it, it is EINVAL.")
{
	int fd = object_of(vm, 1);

	CHECK_ERRNO(TRY(vm, fd, 0, READ_WRITE, MAP_SHARED, 0), DARWIN_EINVAL,
	    MT_VIA(unix, 0));
	CHECK_ERRNO(TRY(vm, fd, 0, READ_WRITE, MAP_PRIVATE, 0), DARWIN_EINVAL,
	    MT_VIA(unix, 0));
}

/* ---- the memory ---------------------------------------------------------- */

MT_CASE(mmap, objects_memory_is_everybodys, "mmap-shm-fork", "shm_open(2)",
    "A shared memory object is shared with a child, through the inherited "
    "mapping and through one that the child makes.")
{
	int fd = object_of(vm, 2);
	mach_vm_address_t pages = map_file(vm, fd, 2, READ_WRITE, MAP_SHARED);

	TOUCH(pages, 0x42);
	MT_CHILD {
		mach_vm_address_t own = map_file(vm, fd, 2, READ_WRITE,
		    MAP_SHARED);

		MT_CHECK_BYTE(own, 0x42);
		TOUCH(own + mt_page, 0x43);
		TOUCH(pages + 1, 0x44);
	}
	MT_CHECK_BYTE(pages + mt_page, 0x43);
	MT_CHECK_BYTE(pages + 1, 0x44);
}

MT_CASE(minherit, object_can_be_copied_for_a_child, "shm-minherit-copy",
    VM_MAP_C "vm_map_fork_copy()",
    "minherit(2) with VM_INHERIT_COPY of a mapping of a shared memory object "
    "gives a child a copy: its stores are its own.")
{
	mach_vm_address_t page = map_file(stage_bsd, object_of(stage_bsd, 1), 1,
	    READ_WRITE, MAP_SHARED);
	int error = 0;

	TOUCH(page, 0x42);
	MT_CHECK_ERRNO(vm->minherit(&error, page, mt_page, VM_INHERIT_COPY),
	    error, 0);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY,
	    .share_mode = SM_TRUESHARED);
	MT_CHILD {
		MT_CHECK_BYTE(page, 0x42);
		TOUCH(page, 0x43);
	}
	MT_CHECK_BYTE(page, 0x42);
}

MT_CASE(munmap, object_keeps_what_was_stored, "shm-munmap", "shm_open(2)",
    "A shared memory object keeps what was stored while nothing maps it.")
{
	int fd = object_of(stage_bsd, 1), error = 0;
	mach_vm_address_t page = map_file(stage_bsd, fd, 1, READ_WRITE,
	    MAP_SHARED);

	TOUCH(page, 0x42);
	MT_CHECK_ERRNO(vm->munmap(&error, page, mt_page), error, 0);
	page = map_file(stage_bsd, fd, 1, PROT_READ, MAP_SHARED);
	MT_CHECK_BYTE(page, 0x42);
}

MT_CASE(mincore, object_is_anonymous_memory, "mincore-shm",
    KERN_MMAN_C "mincore()",
    "mincore(2) of a mapping of a shared memory object has MINCORE_ANONYMOUS; "
    "a page that nobody touched is not there.")
{
	mach_vm_address_t pages = map_file(stage_bsd, object_of(stage_bsd, 2),
	    2, READ_WRITE, MAP_SHARED);
	uint8_t vector[2] = { 0 };
	int error = 0;

	TOUCH(pages, 0x42);
	MT_CHECK_ERRNO(vm->mincore(&error, pages, 2 * mt_page,
			   ADDRESS_OF(vector)),
	    error, 0);
	MT_CHECK_NUMBER(vector[0] & (MINCORE_INCORE | MINCORE_ANONYMOUS),
	    MINCORE_INCORE | MINCORE_ANONYMOUS);
	MT_CHECK_NUMBER(vector[1], MINCORE_ANONYMOUS);
}

MT_CASE(bsd_msync, object_has_nowhere_to_be_written, "msync-bsd-shm",
    VM_MAP_C "vm_map_msync()",
    "msync(2) of a mapping of a shared memory object succeeds and changes "
    "nothing, with MS_INVALIDATE too.")
{
	mach_vm_address_t page = map_file(stage_bsd, object_of(stage_bsd, 1), 1,
	    READ_WRITE, MAP_SHARED);
	int error = 0;

	TOUCH(page, 0x42);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, MS_SYNC), error, 0);
	MT_CHECK_ERRNO(vm->bsd_msync(&error, page, mt_page, MS_INVALIDATE),
	    error, 0);
	MT_CHECK_BYTE(page, 0x42);
}

MT_CASE(madvise, object_is_zeroed_for_all, "madvise-zero-shm",
    VM_MAP_C "vm_map_zero()",
    "madvise(2) with MADV_ZERO of a mapping of a shared memory object zeroes "
    "it for every mapping.",
    .since = "14.4", .needs = "native")
{
	int fd = object_of(stage_bsd, 2), error = 0;
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t other = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);

	TOUCH_PAGES(pages, 2, 0x42);
	MT_CHECK_ERRNO(vm->madvise(&error, pages, mt_page, MADV_ZERO), error,
	    0);
	MT_CHECK_BYTE(other, 0);
	MT_CHECK_BYTE(other + mt_page, 0x42);
}

MT_CASE(madvise, advice_leaves_an_object_alone, "madvise-shm",
    VM_MAP_C "vm_map_behavior_set()",
    "madvise(2) of a mapping of a shared memory object takes every advice from "
    "MADV_NORMAL to MADV_DONTNEED and keeps its bytes; MADV_RANDOM is stored.")
{
	mach_vm_address_t page = map_file(stage_bsd, object_of(stage_bsd, 1), 1,
	    READ_WRITE, MAP_SHARED);
	int error = 0;

	TOUCH(page, 0x42);
	for (int advice = MADV_DONTNEED; advice >= MADV_NORMAL; advice--)
		MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, advice),
		    error, 0);
	MT_CHECK_ERRNO(vm->madvise(&error, page, mt_page, MADV_RANDOM), error,
	    0);
	MT_CHECK_REGION(page, .behavior = VM_BEHAVIOR_RANDOM);
	MT_CHECK_BYTE(page, 0x42);
}

MT_CASE(mlock, object_can_be_locked, "mlock-shm",
    VM_MAP_C "vm_map_wire_nested()",
    "mlock(2) of a page of a shared memory object wires it, and munlock(2) "
    "gives it back; other mappings are not wired.")
{
	int fd = object_of(stage_bsd, 2), error = 0;
	mach_vm_address_t pages = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);
	mach_vm_address_t other = map_file(stage_bsd, fd, 2, READ_WRITE,
	    MAP_SHARED);

	MT_CHECK_ERRNO(vm->mlock(&error, pages + mt_page, mt_page), error, 0);
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 1,
	    .pages_resident = 1);
	MT_CHECK_REGION(other, .user_wired_count = 0);
	MT_CHECK_ERRNO(vm->munlock(&error, pages + mt_page, mt_page), error, 0);
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 0);
}

MT_CASE(mmap, memory_above_an_object_stays_apart, "coalesce-shm",
    VM_MAP_C "vm_map_enter()",
    "Anonymous memory right above a mapping of a shared memory object is a "
    "region of its own.")
{
	int fd = object_of(vm, 1);
	mach_vm_address_t hole = mt_hole(2);

	CHECK_ERRNO(TRY_AT(vm, hole, fd, mt_page, READ_WRITE, MAP_SHARED), 0);
	mapped_at(vm, hole + mt_page, 1);
	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_BYTE(hole + mt_page, 0);
}
