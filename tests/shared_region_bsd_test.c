/*
 * The shared region under BSD calls: a page of it in which nothing is mapped,
 * and on arm64 the part that nobody can write.  Nothing here changes a byte,
 * and what is to change the map happens in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "shared_region.h"

/* A page of the region as a call that cuts leaves it: a piece of the submap
 * that the pmap does not share any more. */
#define CHECK_PIECE(page_, ...)                               \
	MT_CHECK_REGION((page_), .address = (int64_t)(page_), \
	    .size = (int64_t)mt_page, .is_submap = TRUE,      \
	    .user_tag = VM_MEMORY_UNSHARED_PMAP, __VA_ARGS__)

MT_CASE(munmap, hole_of_the_shared_region_is_removed, "munmap-submap-hole",
    VM_MAP_C "vm_map_delete()",
    "munmap(2) of an unmapped page of the shared region removes it from the "
    "process: what is left of its part is a piece of its own.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		CHECK(munmap, (page, mt_page), 0);
		MT_CHECK_HOLE(page);
		MT_CHECK_REGION(page + mt_page,
		    .address = (int64_t)(page + mt_page), .is_submap = TRUE,
		    .user_tag = VM_MEMORY_UNSHARED_PMAP);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

/* These two ask the process itself: a child's submap is permanent no more. */
MT_CASE(munmap, failure_of_the_map_is_einval, "munmap-kr-mapping",
    KERN_MMAN_C "munmap()",
    "munmap(2) of what mach_vm_deallocate() refuses, the part of arm64's "
    "shared region that nobody can write or execute, is EINVAL.",
    .since = "13", .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);
	struct mt_region before;

	MT_REQUIRE_TRUE(mt_region_at(part.address, &before));
	CHECK(munmap, (part.address, mt_page), DARWIN_EINVAL);
	MT_CHECK_REGION(part.address, .address = before.address,
	    .size = before.size, .user_tag = before.user_tag,
	    .is_submap = TRUE);
}

MT_CASE(mmap, failure_of_removing_is_eacces, "mmap-fixed-submap-constant",
    KERN_MMAN_C "mmap()",
    "mmap(2) with MAP_FIXED over the part of arm64's shared region that nobody "
    "can write or execute is EACCES: KERN_PROTECTION_FAILURE of the removal.",
    .since = "13", .arch = "arm64", .needs = "native")
{
	struct part part = leaf(self, VM_PROT_READ, VM_PROT_READ);

	CHECK(mmap,
	    (part.address, mt_page, READ_WRITE, PRIVATE_ANON | MAP_FIXED, -1,
		0),
	    DARWIN_EACCES);
	MT_CHECK_REGION(part.address, .is_submap = TRUE);
}

MT_CASE(mmap, fixed_puts_memory_into_the_shared_region, "mmap-fixed-submap",
    VM_MAP_C "vm_map_enter()",
    "mmap(2) with MAP_FIXED puts memory of the process into the shared region, "
    "where nothing was mapped.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		mapped_at(vm, page, 1);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .size = (int64_t)mt_page, .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL, .is_submap = FALSE,
		    .inheritance = VM_INHERIT_COPY, .share_mode = SM_EMPTY);
	}
	MT_CHECK_REGION(page, .is_submap = TRUE);
}

MT_CASE(mprotect, page_of_the_shared_region_is_split_off, "mprotect-submap",
    VM_MAP_C "vm_map_protect()",
    "mprotect(2) of a page of the shared region splits it off; what it may be "
    "is the map entry's maximum: everything on x86_64, PROT_READ on arm64.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		CHECK(mprotect, (page, mt_page, PROT_NONE), 0);
		CHECK_PIECE(page, .protection = VM_PROT_NONE);
		CHECK(mprotect, (page, mt_page, READ_WRITE), 0,
		    MT_ON(arm64, DARWIN_EACCES));
		CHECK_PIECE(page,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_ON(arm64, VM_PROT_NONE)));
	}
	MT_CHECK_REGION(page, .is_submap = TRUE, .protection = VM_PROT_READ);
}

MT_CASE(mprotect, shared_region_cannot_be_trusted, "mprotect-trusted-submap",
    VM_MAP_C "vm_map_sign()",
    "VM_PROT_TRUSTED is not for a submap: mprotect(2) with it of code in the "
    "shared region is ENOMEM, on a kernel of arm64 ENOTSUP as everywhere.")
{
	const struct part code = leaf(self, VM_PROT_READ | VM_PROT_EXECUTE,
	    VM_PROT_ALL);

	MT_CHILD {
		CHECK(mprotect, (code.address, mt_page, 0x20 | PROT_READ),
		    DARWIN_ENOMEM, MT_ON(arm64, DARWIN_ENOTSUP),
		    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_ENOTSUP));
	}
}

MT_CASE(minherit, shared_region_cannot_be_inherited_as_a_copy,
    "minherit-submap-copy", VM_MAP_C "vm_map_inherit()",
    "minherit(2) with VM_INHERIT_COPY of a page of the shared region is EINVAL "
    "and splits nothing.",
    .needs = "native")
{
	struct part all = shared_region();

	CHECK(minherit, (all.address, mt_page, VM_INHERIT_COPY), DARWIN_EINVAL);
	MT_CHECK_REGION(all.address, .address = (int64_t)all.address,
	    .size = (int64_t)all.size, .is_submap = TRUE,
	    .inheritance = VM_INHERIT_SHARE);
}

MT_CASE(minherit, page_of_the_shared_region_is_inherited_alone,
    "minherit-submap-splits", VM_MAP_C "vm_map_inherit()",
    "minherit(2) with VM_INHERIT_SHARE or VM_INHERIT_NONE splits a page of the "
    "shared region off, which is no copy for VM_INHERIT_COPY then, either.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		CHECK(minherit, (page, mt_page, VM_INHERIT_SHARE), 0);
		CHECK_PIECE(page, .inheritance = VM_INHERIT_SHARE);
		CHECK(minherit, (page, mt_page, VM_INHERIT_COPY),
		    DARWIN_EINVAL);
		CHECK(minherit, (page, mt_page, VM_INHERIT_NONE), 0);
		CHECK_PIECE(page, .inheritance = VM_INHERIT_NONE);
	}
}

MT_CASE(madvise, hole_of_the_shared_region_takes_what_is_stored,
    "madvise-submap-hole", KERN_MMAN_C "madvise()",
    "madvise(2) of an unmapped page of the shared region stores MADV_NORMAL, "
    "MADV_RANDOM and MADV_SEQUENTIAL; MADV_DONTNEED, MADV_FREE and those of "
    "reusable pages are EINVAL, since macOS 15.4 MADV_WILLNEED, too, and "
    "MADV_ZERO_WIRED_PAGES is EPERM.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		CHECK(madvise, (page, mt_page, MADV_NORMAL), 0);
		CHECK(madvise, (page, mt_page, MADV_RANDOM), 0);
		CHECK(madvise, (page, mt_page, MADV_SEQUENTIAL), 0);
		CHECK_PIECE(page, .behavior = VM_BEHAVIOR_SEQUENTIAL);
		CHECK(madvise, (page, mt_page, MADV_WILLNEED), DARWIN_EINVAL,
		    MT_UNTIL(15.3, 0));
		CHECK(madvise, (page, mt_page, MADV_DONTNEED), DARWIN_EINVAL);
		CHECK(madvise, (page, mt_page, MADV_FREE), DARWIN_EINVAL);
		CHECK(madvise, (page, mt_page, MADV_ZERO_WIRED_PAGES),
		    DARWIN_EPERM, MT_UNTIL(15.3, 0));
		CHECK(madvise, (page, mt_page, MADV_FREE_REUSABLE),
		    DARWIN_EINVAL);
		CHECK(madvise, (page, mt_page, MADV_FREE_REUSE), DARWIN_EINVAL);
		CHECK(madvise, (page, mt_page, MADV_CAN_REUSE), DARWIN_EINVAL);
	}
}

MT_CASE(bsd_msync, hole_of_the_shared_region_is_enomem, "msync-bsd-submap-hole",
    KERN_MMAN_C "msync()",
    "msync(2) of an unmapped page of the shared region that was split off is "
    "ENOMEM.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		DO(madvise, (page, mt_page, MADV_RANDOM));
		CHECK(bsd_msync, (page, mt_page, MS_SYNC), DARWIN_ENOMEM);
	}
}

MT_CASE(mlock, hole_of_the_shared_region_has_no_page, "mlock-submap-hole",
    VM_MAP_C "vm_map_wire_nested()",
    "mlock(2) of an unmapped page of the shared region is ENOMEM.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		CHECK(mlock, (page, mt_page), DARWIN_ENOMEM);
	}
}

MT_CASE(munlock, hole_of_the_shared_region_is_nothing, "munlock-submap-hole",
    VM_MAP_C "vm_map_unwire_nested()",
    "munlock(2) of an unmapped page of the shared region succeeds.",
    .until = "26.3", .needs = "native")
{
	mach_vm_address_t page = hole_page(self);

	MT_CHILD {
		CHECK(munlock, (page, mt_page), 0);
	}
}

MT_CASE(mincore, hole_of_the_shared_region_is_anonymous, "mincore-submap-hole",
    KERN_MMAN_C "mincore()",
    "mincore(2) of an unmapped page of the shared region succeeds with "
    "MINCORE_ANONYMOUS alone.",
    .needs = "native")
{
	mach_vm_address_t page = hole_page(self);
	uint8_t vector[1] = { 0xff };

	CHECK(mincore, (page, mt_page, (uintptr_t)vector), 0);
	MT_CHECK_NUMBER(vector[0], MINCORE_ANONYMOUS);
}
