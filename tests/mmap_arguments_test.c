/*
 * mmap(2): flags, lengths, offsets and descriptors that it takes or refuses.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <stddef.h>
#include <string.h>

#include "bsd.h"

/* The errno of a mapping that is given back at once. */
static int
error_of(const struct mt_route *vm, mach_vm_address_t address,
    mach_vm_size_t size, int protection, int flags, int fd, int64_t offset)
{
	int error = 0, ignored = 0;
	int64_t at = vm->mmap(&error, address, size, protection, flags, fd,
	    offset);

	if (at > 0)
		(void)vm->munmap(&ignored,
		    (mach_vm_address_t)at & ~(mt_page - 1), size);
	return error;
}
#define ERROR_OF(flags_, fd_, offset_) \
	error_of(vm, 0, mt_page, READ_WRITE, (flags_), (fd_), (offset_))

MT_CASE(mmap, length_zero_is_einval, "mmap-len-zero",
    KERN_MMAN_C "mmap_sanitize()",
    "Length 0 is EINVAL for programs; the call itself without MAP_UNIX03 maps "
    "nothing and answers 0, whatever the address.")
{
	mach_vm_address_t hole = mt_hole(1);
	int error = 0;

	MT_CHECK_NUMBER(error_of(vm, 0, 0, READ_WRITE, PRIVATE_ANON, -1, 0),
	    DARWIN_EINVAL, MT_VIA(unix, 0));
	MT_CHECK_NUMBER(vm->mmap(&error, hole, 0, READ_WRITE, PRIVATE_ANON, -1,
			    0),
	    -1, MT_VIA(unix, 0));
	MT_CHECK_HOLE(hole);
}

MT_CASE(mmap, length_zero_comes_after_the_descriptor, "mmap-len-zero-bits",
    KERN_MMAN_C "mmap()",
    "The system call mmap without MAP_UNIX03 of anonymous memory looks at the "
    "bits of the descriptor and the flags before the length 0, for which it "
    "answers 0. As libc makes it, length 0 is EINVAL.")
{
	const int bad = VM_FLAGS_PURGABLE | VM_FLAGS_NO_CACHE;

	CHECK(mmap, (0, 0, READ_WRITE, PRIVATE_ANON, bad, 0), DARWIN_EINVAL);
	CHECK(mmap, (0, 0, READ_WRITE, PRIVATE_ANON, VM_FLAGS_PURGABLE, 0),
	    DARWIN_EINVAL, MT_VIA(unix, 0));
	CHECK(mmap,
	    (0, 0, READ_WRITE, PRIVATE_ANON | MAP_RESILIENT_MEDIA, -1, 0),
	    DARWIN_EINVAL);
	CHECK(mmap, (0, 0, READ_WRITE, MAP_ANON, -1, 0), DARWIN_EINVAL,
	    MT_VIA(unix, 0));
}

MT_CASE(mmap, length_zero_with_a_remainder, "mmap-len-zero-remainder",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "The system call mmap without MAP_UNIX03 maps nothing for length 0 at an "
    "offset that is no multiple of the page since macOS 15; until 14 the page "
    "of the offset.")
{
	mach_vm_address_t pages = mt_hole(2);
	const char *mapped_there = MT_PICTURE("..",
	    MT_VIA_UNTIL(unix, 14, (intptr_t) "a."));
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, pages + 0x123, 0, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, -1, 0x123),
	    error, DARWIN_EINVAL, MT_VIA(unix, 0));
	MT_CHECK_LAYOUT(pages, mapped_there);
}

MT_CASE(mmap, neither_private_nor_shared_is_einval,
    "mmap-need-private-or-shared", KERN_MMAN_C "mmap()",
    "A mapping that is neither MAP_PRIVATE nor MAP_SHARED is EINVAL for "
    "programs; the call itself without MAP_UNIX03 takes it for private.")
{
	MT_CHECK_NUMBER(ERROR_OF(MAP_ANON, -1, 0), DARWIN_EINVAL,
	    MT_VIA(unix, 0));
}

MT_CASE(mmap, unaligned_offset_is_einval, "mmap-unaligned-offset",
    KERN_MMAN_C "mmap_sanitize()",
    "An offset that is no multiple of the page is EINVAL for programs, "
    "anonymous memory included; the call itself without MAP_UNIX03 takes it.")
{
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON, -1, 1), DARWIN_EINVAL,
	    MT_VIA(unix, 0));
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON, -1, (int64_t)mt_page / 2),
	    DARWIN_EINVAL, MT_VIA(unix, 0));
}

MT_CASE(mmap, remainder_of_the_offset_is_mapped_too, "mmap-anon-remainder",
    KERN_MMAN_C "mmap()",
    "The system call mmap without MAP_UNIX03 of anonymous memory at an offset "
    "within a page maps that much more and answers the first page's address; "
    "until macOS 10.15 the address that has the offset's place in its page.")
{
	mach_vm_address_t pages = mt_hole(3);
	int error = 0;

	MT_CHECK_ADDRESS(vm->mmap(&error, pages, mt_page, READ_WRITE,
			     PRIVATE_ANON, -1, 0x123),
	    pages, MT_UNTIL(10.15, pages + 0x123), MT_VIA(libc, -1),
	    MT_VIA_UNTIL(libc, 10.15, -1));
	MT_CHECK_LAYOUT(pages,
	    MT_PICTURE("aa.", MT_VIA(libc, (intptr_t) "...")));
}

MT_CASE(mmap, offset_that_wraps_is_einval, "mmap-pos-overflow",
    KERN_MMAN_C "mmap_sanitize()",
    "mmap(2) is EINVAL where offset and length together pass 2^64; up to macOS "
    "10.14 anonymous memory is mapped.")
{
	MT_CHECK_NUMBER(error_of(vm, 0, 2 * mt_page, READ_WRITE, PRIVATE_ANON,
			    -1, (int64_t)(0 - mt_page)),
	    DARWIN_EINVAL, MT_UNTIL(10.14, 0));
}

MT_CASE(mmap, length_beyond_the_address_space_is_enomem, "mmap-huge-len",
    KERN_MMAN_C "mmap()",
    "mmap(2) of a length that no hole of the map has is ENOMEM.")
{
	MT_CHECK_NUMBER(error_of(vm, 0, UINT64_C(1) << 47, PROT_NONE,
			    PRIVATE_ANON, -1, 0),
	    DARWIN_ENOMEM);
}

MT_CASE(mmap, length_that_rounds_to_zero_is_einval, "mmap-len-rounds-to-zero",
    KERN_MMAN_C "mmap()",
    "mmap(2) of a length that rounds up to 2^64 is EINVAL.")
{
	MT_CHECK_NUMBER(error_of(vm, 0, UINT64_MAX, READ_WRITE, PRIVATE_ANON,
			    -1, 0),
	    DARWIN_EINVAL);
}

MT_CASE(mmap, unknown_flags_are_refused, "mmap-unknown-flags",
    KERN_MMAN_C "mmap()",
    "mmap(2) with unknown flags is EINVAL since macOS 11 for programs built "
    "with its SDK; before, and for older programs, they are ignored.")
{
	const int refused = mt_built_since(mt_system(), 10, 16) ?
	    DARWIN_EINVAL :
	    0;

	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | 0x100000, -1, 0), refused,
	    MT_UNTIL(10.15, 0));
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | 0x0004, -1, 0), refused,
	    MT_UNTIL(10.15, 0));
}

MT_CASE(mmap, flags_without_effect_are_taken, "mmap-anon-noreserve",
    KERN_MMAN_C "mmap()",
    "MAP_NORESERVE, MAP_NOEXTEND, MAP_HASSEMAPHORE and MAP_RENAME are taken "
    "and do nothing.")
{
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_NORESERVE, -1, 0), 0);
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_NOEXTEND, -1, 0), 0);
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_HASSEMAPHORE, -1, 0), 0);
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_RENAME, -1, 0), 0);
}

MT_CASE(mmap, tag_is_in_the_descriptor, "mmap-anon-fd-tag", "mmap(2)",
    "The descriptor of anonymous memory carries its tag, VM_MAKE_TAG(n); -1 "
    "and 0 are none.")
{
	mach_vm_address_t hole = mt_hole(4);
	int error = 0;

	MT_CHECK_ERRNO(vm->mmap(&error, hole, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, (int)VM_MAKE_TAG(243), 0),
	    error, 0);
	MT_CHECK_ERRNO(vm->mmap(&error, hole + 2 * mt_page, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, 0, 0),
	    error, 0);
	MT_CHECK_REGION(hole, .user_tag = 243);
	MT_CHECK_REGION(hole + 2 * mt_page, .user_tag = 0);
}

MT_CASE(mmap, purgeable_memory_by_the_descriptor, "mmap-anon-fd-flags",
    KERN_MMAN_C "mmap()",
    "The descriptor of anonymous memory takes VM_FLAGS_PURGABLE, too.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0, state = -1;

	MT_CHECK_ERRNO(vm->mmap(&error, hole, mt_page, READ_WRITE,
			   PRIVATE_ANON | MAP_FIXED, VM_FLAGS_PURGABLE | PLAIN,
			   0),
	    error, 0);
	MT_CHECK(stage->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(mmap, other_bits_of_the_descriptor_are_einval, "mmap-anon-fd-bad",
    KERN_MMAN_C "mmap()",
    "A descriptor of anonymous memory with other bits than a tag, PURGABLE, "
    "4GB_CHUNK and SUPERPAGE is EINVAL.")
{
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON, 1, 0), DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON, 8, 0), DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON, 0x1000, 0), DARWIN_EINVAL);
}

MT_CASE(mmap, file_without_a_descriptor_is_ebadf, "mmap-file-badfd", "mmap(2)",
    "Without MAP_ANON a descriptor that is not open is EBADF.")
{
	MT_CHECK_NUMBER(ERROR_OF(MAP_PRIVATE, 999, 0), DARWIN_EBADF);
	MT_CHECK_NUMBER(ERROR_OF(MAP_SHARED, -1, 0), DARWIN_EBADF);
}

/* What older headers call padding. */
static unsigned
flags_of(mach_port_name_t self, mach_vm_address_t address)
{
	vm_region_submap_info_data_64_t info = { 0 };
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;
	natural_t depth = 0;
	mach_vm_size_t size = 0;
	uint16_t flags = 0;

	MT_REQUIRE(stage->region_recurse(self, &address, &size, &depth,
		       (vm_region_recurse_info_t)&info, &count),
	    KERN_SUCCESS);
	memcpy(&flags,
	    (const char *)&info +
		offsetof(vm_region_submap_info_data_64_t, user_wired_count) + 2,
	    sizeof(flags));
	return flags;
}

MT_CASE(mmap, jit_memory_is_mapped_as_it_is_asked_for, "mmap-jit",
    KERN_MMAN_C "mmap()",
    "MAP_JIT with MAP_ANON and MAP_PRIVATE takes any protection; the region's "
    "maximum is VM_PROT_ALL.",
    .since = "10.14", .needs = "jit")
{
	mach_vm_address_t page = mapped(vm, 0, mt_page, READ_WRITE | PROT_EXEC,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(page != 0);
	MT_CHECK_REGION(page, .protection = VM_PROT_ALL,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, region_is_marked_as_jit, "region-submap-flags",
    XNU26 "osfmk/mach/vm_region.h, struct vm_region_submap_info_64",
    "mach_vm_region_recurse() sets bit 0 of the 16 bits behind "
    "user_wired_count for MAP_JIT memory since macOS 26.0, in each part into "
    "which that is split.",
    .since = "26.0", .needs = "jit")
{
	mach_vm_address_t pages = mapped(vm, 0, 3 * mt_page,
	    READ_WRITE | PROT_EXEC, PRIVATE_ANON | MAP_JIT);
	mach_vm_address_t plain = mt_pages(1);

	MT_REQUIRE_TRUE(pages != 0);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_NUMBER(flags_of(self, pages + i * mt_page), 1);
	MT_CHECK_NUMBER(flags_of(self, plain), 0);
	MT_CHECK(stage->deallocate(self, pages, 3 * mt_page), KERN_SUCCESS);
}

MT_CASE(mmap, jit_needs_private_anonymous_memory_anywhere, "mmap-jit-invalid",
    KERN_MMAN_C "mmap()",
    "MAP_JIT with MAP_FIXED, with MAP_SHARED or without MAP_ANON is EINVAL.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_NUMBER(error_of(vm, hole, mt_page, READ_WRITE,
			    PRIVATE_ANON | MAP_JIT | MAP_FIXED, -1, 0),
	    DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(MAP_SHARED | MAP_ANON | MAP_JIT, -1, 0),
	    DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(MAP_PRIVATE | MAP_JIT, 999, 0), DARWIN_EINVAL);
}

MT_CASE(mmap, resilient_mappings_are_of_files, "mmap-resilient-codesign-anon",
    KERN_MMAN_C "mmap()",
    "MAP_RESILIENT_CODESIGN or MAP_RESILIENT_MEDIA with MAP_ANON is EINVAL.")
{
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_RESILIENT_CODESIGN, -1, 0),
	    DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_RESILIENT_MEDIA, -1, 0),
	    DARWIN_EINVAL);
}

MT_CASE(mmap, resilient_codesign_refuses_execute,
    "mmap-resilient-codesign-prot", KERN_MMAN_C "mmap()",
    "MAP_RESILIENT_CODESIGN with PROT_EXEC is EPERM before the descriptor is "
    "checked.")
{
	MT_CHECK_NUMBER(error_of(vm, 0, mt_page, PROT_READ | PROT_EXEC,
			    MAP_PRIVATE | MAP_RESILIENT_CODESIGN, 999, 0),
	    DARWIN_EPERM);
}

MT_CASE(mmap, memory_below_4_gib_has_no_room, "mmap-32bit",
    KERN_MMAN_C "mmap()",
    "MAP_32BIT is ENOMEM where the page zero has 4 GiB; up to macOS 10.14 the "
    "flag is not known and ignored.")
{
	MT_CHECK_NUMBER(ERROR_OF(PRIVATE_ANON | MAP_32BIT, -1, 0),
	    DARWIN_ENOMEM, MT_UNTIL(10.14, 0));
}

MT_CASE(mmap, tpro_needs_write_without_execute, "mmap-tpro",
    KERN_MMAN_C "mmap()",
    "MAP_TPRO without PROT_WRITE or with PROT_EXEC is EPERM; up to macOS 13.2 "
    "the flag is not known.",
    .since = "11")
{
	MT_CHECK_NUMBER(error_of(vm, 0, mt_page, PROT_READ,
			    PRIVATE_ANON | MAP_TPRO, -1, 0),
	    DARWIN_EPERM, MT_UNTIL(13.2, DARWIN_EINVAL));
	MT_CHECK_NUMBER(error_of(vm, 0, mt_page, READ_WRITE | PROT_EXEC,
			    PRIVATE_ANON | MAP_TPRO, -1, 0),
	    DARWIN_EPERM, MT_UNTIL(13.2, DARWIN_EINVAL));
}
