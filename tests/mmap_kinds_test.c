/*
 * mmap(2): kinds of anonymous memory: the descriptor's bits, MAP_JIT, write
 * with execute, MAP_32BIT, MAP_TPRO, MAP_RESILIENT_*.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

/* mmap() with a descriptor; errno, and the memory in *at. */
static int
map_fd(const struct mt_route *vm, mach_vm_address_t *at, mach_vm_size_t size,
    int protection, int flags, int fd)
{
	int error = 0;
	int64_t got = vm->mmap(&error, *at, size, protection, flags, fd, 0);

	*at = got == -1 ? 0 : (mach_vm_address_t)got;
	return error;
}
#define ERROR_OF(at_, size_, protection_, flags_, fd_)                    \
	(__extension__({                                                  \
		mach_vm_address_t a_ = (at_);                             \
		map_fd(vm, &a_, (size_), (protection_), (flags_), (fd_)); \
	}))

/* ---- the descriptor ------------------------------------------------------ */

MT_CASE(mmap, tags_up_to_255_stand_in_the_descriptor, "mmap-fd-tag-range",
    KERN_MMAN_C "mmap()",
    "The descriptor of anonymous memory carries each tag from 1 to 255 in its "
    "upper 8 bits.")
{
	static const int tags[] = { 1, 86, 100, 127, 128, 239, 255 };
	mach_vm_address_t at;

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		at = mt_hole(1);
		MT_CHECK_NUMBER(map_fd(vm, &at, mt_page, READ_WRITE,
				    PRIVATE_ANON | MAP_FIXED, TAG(tags[i])),
		    0);
		MT_CHECK_REGION(at, .user_tag = tags[i]);
	}
}

MT_CASE(mmap, tag_goes_with_purgeable, "mmap-fd-tag-purgeable",
    KERN_MMAN_C "mmap()",
    "The descriptor of anonymous memory may carry a tag, "
    "VM_FLAGS_PURGABLE and VM_FLAGS_4GB_CHUNK together.")
{
	mach_vm_address_t at = mt_hole(1);
	int state = -1;

	MT_CHECK_NUMBER(map_fd(vm, &at, mt_page, READ_WRITE,
			    PRIVATE_ANON | MAP_FIXED,
			    TAG(240) | VM_FLAGS_PURGABLE | VM_FLAGS_4GB_CHUNK),
	    0);
	MT_CHECK_REGION(at, .user_tag = 240);
	MT_CHECK(stage->purgable_control(self, at, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
}

MT_CASE(mmap, shared_memory_can_be_purgeable, "mmap-purgeable-shared",
    KERN_MMAN_C "mmap()",
    "MAP_SHARED anonymous memory can be purgeable, and is inherited shared.")
{
	mach_vm_address_t at = mt_hole(1);
	int state = -1;

	MT_CHECK_NUMBER(map_fd(vm, &at, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_ANON | MAP_FIXED,
			    PLAIN | VM_FLAGS_PURGABLE),
	    0);
	MT_CHECK_REGION(at, .inheritance = VM_INHERIT_SHARE);
	MT_CHECK(stage->purgable_control(self, at, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
}

MT_CASE(mmap, chunks_of_4_gib_by_the_descriptor, "mmap-fd-chunks",
    KERN_MMAN_C "mmap()",
    "mmap(2) makes three regions of 300 MiB of anonymous memory, and one with "
    "VM_FLAGS_4GB_CHUNK in the descriptor, without access too.")
{
	const mach_vm_size_t size = 300 * MIB;
	mach_vm_address_t at = 0;

	MT_REQUIRE_TRUE(
	    map_fd(vm, &at, size, PROT_NONE, PRIVATE_ANON, PLAIN) == 0);
	MT_CHECK_NUMBER(count_regions(at, at + size), 3);
	MT_REQUIRE_TRUE(
	    map_fd(vm, &at, size, PROT_NONE, PRIVATE_ANON | MAP_FIXED,
		PLAIN | VM_FLAGS_4GB_CHUNK) == 0);
	MT_CHECK_NUMBER(count_regions(at, at + size), 1);
	DO(munmap, (at, size));
}

MT_CASE(mmap, superpage_by_the_descriptor, "mmap-fd-superpage-any",
    KERN_MMAN_C "mmap()",
    "The descriptor with SUPERPAGE_SIZE_ANY gives a page of memory 2 MiB, "
    "which are locked and not inherited; arm64 has none: EINVAL.",
    .needs = "native")
{
	mach_vm_address_t at = 0;
	int error = map_fd(vm, &at, mt_page, READ_WRITE, PRIVATE_ANON, 0x10000);

	MT_SKIP_UNLESS(error != DARWIN_ENOMEM, "no superpage is left here");
	MT_CHECK_NUMBER(error, 0, MT_ON(arm64, DARWIN_EINVAL));
	if (at == 0)
		return;
	MT_CHECK_REGION(at, .size = 2 * MIB, .inheritance = VM_INHERIT_NONE,
	    .share_mode = SM_LARGE_PAGE);
	DO(munmap, (at, 2 * MIB));
}

MT_CASE(mmap, superpage_needs_its_whole_size, "mmap-fd-superpage-size",
    KERN_MMAN_C "mmap()",
    "The descriptor with SUPERPAGE_SIZE_2MB and a smaller length, or with an "
    "unknown kind of superpage, is EINVAL.")
{
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE, PRIVATE_ANON, 0x20000),
	    DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(0, 2 * MIB, READ_WRITE, PRIVATE_ANON, 0x30000),
	    DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(0, 2 * MIB, READ_WRITE, PRIVATE_ANON, 0x40000),
	    DARWIN_EINVAL);
}

MT_CASE(mmap, nothing_of_a_file_that_is_not_open_is_ebadf,
    "mmap-len-zero-badfd", KERN_MMAN_C "mmap()",
    "mmap(2) of length 0 with a descriptor that is not open is EBADF for the "
    "call itself; libc's EINVAL comes first.")
{
	MT_CHECK_NUMBER(ERROR_OF(0, 0, PROT_READ, MAP_PRIVATE, 999),
	    DARWIN_EINVAL, MT_VIA(unix, DARWIN_EBADF));
}

/* ---- protections --------------------------------------------------------- */

MT_CASE(mmap, anonymous_memory_can_have_every_protection, "mmap-anon-max",
    KERN_MMAN_C "mmap()",
    "Anonymous memory has the maximum VM_PROT_ALL whatever it is mapped with, "
    "private and shared.")
{
	mach_vm_address_t at;

	for (int protection = 0; protection < 4; protection++) {
		at = mt_hole(3);
		MT_REQUIRE_TRUE(mapped(vm, at, mt_page, protection,
				    PRIVATE_ANON | MAP_FIXED) == at);
		MT_REQUIRE_TRUE(
		    mapped(vm, at + PAGES(2), mt_page, protection,
			MAP_SHARED | MAP_ANON | MAP_FIXED) == at + PAGES(2));
		MT_CHECK_REGION(at, .max_protection = VM_PROT_ALL);
		MT_CHECK_REGION(at + PAGES(2), .max_protection = VM_PROT_ALL,
		    .inheritance = VM_INHERIT_SHARE);
	}
}

MT_CASE(mmap, refused_write_and_execute_replaces_nothing, "mmap-wx-fixed-keeps",
    VM_MAP_C "vm_map_enter()",
    "MAP_FIXED with PROT_WRITE and PROT_EXEC is EACCES in a native process of "
    "arm64, before anything is removed.",
    .arch = "arm64", .needs = "native")
{
	mach_vm_address_t pages = mt_pages(1);

	TOUCH(pages, 0x44);
	MT_CHECK_NUMBER(ERROR_OF(pages, mt_page, READ_WRITE | PROT_EXEC,
			    PRIVATE_ANON | MAP_FIXED, -1),
	    DARWIN_EACCES);
	MT_CHECK_BYTE(pages, 0x44);
}

MT_CASE(mmap, write_and_execute_go_together_on_x86_64, "mmap-wx-intel",
    VM_MAP_C "vm_map_enter()",
    "PROT_WRITE with PROT_EXEC is allowed on x86_64, for shared memory too.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t at = mt_hole(3);

	MT_CHECK_ADDRESS(mapped(vm, at, mt_page, READ_WRITE | PROT_EXEC,
			     PRIVATE_ANON | MAP_FIXED),
	    at);
	MT_CHECK_REGION(at, .protection = VM_PROT_ALL);
	MT_CHECK_NUMBER(ERROR_OF(at + PAGES(2), mt_page, PROT_WRITE | PROT_EXEC,
			    MAP_SHARED | MAP_ANON | MAP_FIXED, -1),
	    0);
}

/* ---- MAP_JIT ------------------------------------------------------------- */

MT_CASE(mmap, jit_memory_has_an_object_at_once, "mmap-jit-eager-object",
    VM_MAP_C "vm_map_enter()",
    "MAP_JIT memory has an object before it is touched, and the maximum "
    "VM_PROT_ALL with any protection.",
    .since = "10.14", .needs = "jit")
{
	mach_vm_address_t at = mapped(vm, 0, mt_page, PROT_READ,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(at != 0);
	MT_CHECK_REGION(at, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_ALL, .share_mode = SM_PRIVATE);
	DO(munmap, (at, mt_page));
}

MT_CASE(mmap, several_jit_regions_can_exist, "mmap-jit-multiple",
    VM_MAP_C "vm_map_enter()",
    "A process can have several MAP_JIT regions since macOS 10.14.",
    .since = "10.14", .needs = "jit")
{
	mach_vm_address_t one, two;

	one = mapped(vm, 0, mt_page, READ_WRITE, PRIVATE_ANON | MAP_JIT);
	MT_REQUIRE_TRUE(one != 0);
	two = mapped(vm, 0, mt_page, READ_WRITE, PRIVATE_ANON | MAP_JIT);
	MT_CHECK_TRUE(two != 0 && two != one);
	DO(munmap, (one, mt_page));
	DO(munmap, (two, mt_page));
}

MT_CASE(mmap, second_jit_region_is_refused, "mmap-jit-once",
    VM_MAP_C "vm_map_enter()",
    "On macOS 10.13 a process has one MAP_JIT region; a second is EINVAL even "
    "when the first was unmapped, and whatever was mapped since.",
    .until = "10.13", .needs = "jit")
{
	MT_CHILD {
		mach_vm_address_t at = mapped(vm, 0, mt_page, READ_WRITE,
		    PRIVATE_ANON | MAP_JIT);

		MT_REQUIRE_TRUE(at != 0);
		MT_CHECK_TRUE(
		    mapped(vm, 0, PAGES(2), READ_WRITE, PRIVATE_ANON) != 0);
		MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE,
				    PRIVATE_ANON | MAP_JIT, -1),
		    DARWIN_EINVAL);
		DO(munmap, (at, mt_page));
		MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE,
				    PRIVATE_ANON | MAP_JIT, -1),
		    DARWIN_EINVAL);
	}
}

MT_CASE(mmap, jit_memory_is_inherited, "mmap-jit-inherit",
    VM_MAP_C "vm_map_enter()",
    "MAP_JIT memory has VM_INHERIT_COPY since macOS 11, VM_INHERIT_NONE "
    "before.",
    .needs = "jit")
{
	mach_vm_address_t at = mapped(vm, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(at != 0);
	MT_CHECK_REGION(at,
	    .inheritance = MT_VALUE(VM_INHERIT_COPY,
		MT_UNTIL(10.15, VM_INHERIT_NONE)));
	DO(munmap, (at, mt_page));
}

MT_CASE(mmap, hint_of_jit_memory_is_honoured, "mmap-jit-hint",
    VM_MAP_C "vm_map_enter()",
    "MAP_JIT memory goes where the hint says, if nothing is there.",
    .since = "10.14", .needs = "jit")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_ADDRESS(mapped(vm, hole, mt_page, READ_WRITE,
			     PRIVATE_ANON | MAP_JIT),
	    hole);
}

MT_CASE(mmap, jit_memory_joins_nothing, "coalesce-jit",
    VM_MAP_C "vm_map_enter()",
    "MAP_JIT memory above a region of the same attributes stays apart.",
    .since = "11", .needs = "native jit")
{
	mach_vm_address_t pages = mt_hole(2);

	mapped_at(vm, pages, 1);
	MT_REQUIRE_TRUE(mapped(vm, PAGE(1), mt_page, READ_WRITE,
			    PRIVATE_ANON | MAP_JIT) == PAGE(1));
	MT_CHECK_LAYOUT(pages, "ab");
}

MT_CASE(mmap, nothing_joins_jit_memory, "coalesce-jit-below",
    VM_MAP_C "vm_map_enter()",
    "Memory above a MAP_JIT region of the same attributes stays apart.",
    .since = "11", .needs = "native jit")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE_TRUE(mapped(vm, pages, mt_page, READ_WRITE,
			    PRIVATE_ANON | MAP_JIT) == pages);
	mapped_at(vm, PAGE(1), 1);
	MT_CHECK_LAYOUT(pages, "ab");
}

/* Whether each thread decides for itself what it does with MAP_JIT memory (APRR
 * and SPRR of Apple's processors), told by the byte of the comm page that
 * pthread_jit_write_protect_supported_np() reads; 0 in a virtual machine. */
static bool
jit_protection_is_of_threads(void)
{
	struct mt_fault byte = mt_read(UINT64_C(0xFFFFFC10C));

	MT_REQUIRE_TRUE(byte.exception == 0);
	return byte.value != 0;
}

MT_CASE(mprotect, jit_memory_cannot_be_protected_on_arm64, "mprotect-jit",
    VM_MAP_C "vm_map_protect()",
    "EACCES: mprotect(2) of MAP_JIT memory, whatever the protection, in a "
    "native process of arm64 since macOS 11.2, where a thread's own protection "
    "of such memory is there; where it is not, as in a virtual machine, 0.",
    .since = "11.2", .arch = "arm64", .needs = "native jit commpage")
{
	static const int protections[] = { PROT_NONE, PROT_READ, READ_WRITE,
		PROT_READ | PROT_EXEC };
	const bool kept = jit_protection_is_of_threads();
	mach_vm_address_t page = mapped(stage_bsd, mt_hole(1), mt_page,
	    READ_WRITE | PROT_EXEC, PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(page != 0);
	for (unsigned i = 0; i < 4; i++) {
		CHECK(mprotect, (page, mt_page, protections[i]),
		    kept ? DARWIN_EACCES : 0);
		MT_CHECK_REGION(page,
		    .protection = kept ? VM_PROT_ALL : protections[i]);
	}
}

MT_CASE(protect, jit_memory_keeps_its_protections_on_arm64, "protect-jit-entry",
    VM_MAP_C "vm_map_protect()",
    "MAP_JIT memory: mach_vm_protect() is KERN_PROTECTION_FAILURE for the "
    "current protection and for the maximum in a native process of arm64 where a "
    "thread's own protection of such memory is there; until macOS 11.1, and "
    "where it is not, it succeeds.",
    .arch = "arm64", .needs = "native jit commpage")
{
	const bool kept = jit_protection_is_of_threads() &&
	    MT_VALUE(true, MT_UNTIL(11.1, false));
	const vm_prot_t left = kept ? VM_PROT_ALL : VM_PROT_READ;
	mach_vm_address_t page = mapped(stage_bsd, mt_hole(1), mt_page,
	    READ_WRITE | PROT_EXEC, PRIVATE_ANON | MAP_JIT);

	MT_REQUIRE_TRUE(page != 0);
	for (int maximum = FALSE; maximum <= TRUE; maximum++)
		MT_CHECK(vm->protect(self, page, mt_page, maximum,
			     VM_PROT_READ),
		    kept ? KERN_PROTECTION_FAILURE : KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = left, .max_protection = left);
}

/* ---- other flags --------------------------------------------------------- */

MT_CASE(mmap, memory_below_4_gib_is_nowhere_else, "mmap-32bit-fixed",
    KERN_MMAN_C "mmap()",
    "MAP_32BIT with a hint or MAP_FIXED above 4 GiB is ENOMEM; up to macOS "
    "10.14 the flag is ignored.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_NUMBER(ERROR_OF(hole, mt_page, READ_WRITE,
			    PRIVATE_ANON | MAP_32BIT, -1),
	    DARWIN_ENOMEM, MT_UNTIL(10.14, 0));
	MT_CHECK_NUMBER(ERROR_OF(hole, mt_page, READ_WRITE,
			    PRIVATE_ANON | MAP_32BIT | MAP_FIXED, -1),
	    DARWIN_ENOMEM, MT_UNTIL(10.14, 0));
}

MT_CASE(mmap, tpro_memory_is_shown_read_only, "mmap-tpro-write",
    VM_MAP_C "vm_map_enter()",
    "MAP_TPRO with PROT_WRITE gives memory whose region may be read alone, "
    "maximum VM_PROT_ALL; before macOS 14 it may be written, too.",
    .since = "13.3")
{
	mach_vm_address_t at = mt_hole(1);
	int error = map_fd(vm, &at, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_FIXED | MAP_TPRO, -1);

	MT_CHECK_NUMBER(error, 0);
	if (error == 0)
		MT_CHECK_REGION(at,
		    .protection = MT_VALUE(VM_PROT_READ,
			MT_UNTIL(13, VM_PROT_DEFAULT)),
		    .max_protection = VM_PROT_ALL);
}

MT_CASE(mmap, tpro_memory_joins_nothing, "mmap-tpro-coalesce",
    VM_MAP_C "vm_map_enter()",
    "MAP_TPRO memory has a VM object at once: above a region of the same "
    "protections it stays apart.",
    .since = "14")
{
	mach_vm_address_t pages = mt_hole(2);

	MT_REQUIRE_TRUE(mapped(vm, pages, mt_page, PROT_READ,
			    PRIVATE_ANON | MAP_FIXED) == pages);
	MT_CHECK_ADDRESS(mapped(vm, PAGE(1), mt_page, READ_WRITE,
			     PRIVATE_ANON | MAP_FIXED | MAP_TPRO),
	    PAGE(1));
	MT_CHECK_LAYOUT(pages, "ab");
}

MT_CASE(mmap, translated_execution_is_ignored_on_x86_64, "mmap-translated-exec",
    KERN_MMAN_C "mmap()",
    "MAP_TRANSLATED_ALLOW_EXECUTE is accepted and ignored on x86_64.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t at = mt_hole(1);

	MT_CHECK_NUMBER(map_fd(vm, &at, mt_page, PROT_READ | PROT_EXEC,
			    PRIVATE_ANON | MAP_FIXED |
				MAP_TRANSLATED_ALLOW_EXECUTE,
			    -1),
	    0);
	MT_CHECK_REGION(at, .protection = VM_PROT_READ | VM_PROT_EXECUTE);
}

MT_CASE(mmap, resilient_codesign_refuses_shared_writes,
    "mmap-resilient-codesign-write", KERN_MMAN_C "mmap()",
    "MAP_RESILIENT_CODESIGN with PROT_WRITE is EPERM for MAP_SHARED; for "
    "MAP_PRIVATE the descriptor is checked since macOS 11.")
{
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_RESILIENT_CODESIGN, 999),
	    DARWIN_EPERM);
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE,
			    MAP_PRIVATE | MAP_RESILIENT_CODESIGN, 999),
	    DARWIN_EBADF, MT_UNTIL(10.15, DARWIN_EPERM));
}

MT_CASE(mmap, resilient_media_may_be_written, "mmap-resilient-media-write",
    KERN_MMAN_C "mmap()",
    "MAP_RESILIENT_MEDIA with PROT_WRITE is EPERM up to macOS 10.14; since "
    "then the descriptor is checked.")
{
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE,
			    MAP_SHARED | MAP_RESILIENT_MEDIA, 999),
	    DARWIN_EBADF, MT_UNTIL(10.14, DARWIN_EPERM));
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, READ_WRITE,
			    MAP_PRIVATE | MAP_RESILIENT_MEDIA, 999),
	    DARWIN_EBADF, MT_UNTIL(10.14, DARWIN_EPERM));
}

MT_CASE(mmap, jit_memory_is_not_resilient, "mmap-jit-invalid-resilient",
    KERN_MMAN_C "mmap()",
    "MAP_JIT with MAP_RESILIENT_CODESIGN or MAP_RESILIENT_MEDIA is EINVAL.")
{
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, PROT_READ,
			    PRIVATE_ANON | MAP_JIT | MAP_RESILIENT_CODESIGN,
			    -1),
	    DARWIN_EINVAL);
	MT_CHECK_NUMBER(ERROR_OF(0, mt_page, PROT_READ,
			    PRIVATE_ANON | MAP_JIT | MAP_RESILIENT_MEDIA, -1),
	    DARWIN_EINVAL);
}
