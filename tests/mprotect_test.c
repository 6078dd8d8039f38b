/*
 * mprotect(2): ranges, protections, and what becomes of regions.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(mprotect, unaligned_address_is_einval, "mprotect-unaligned",
    "mprotect(2)",
    "mprotect(2) of an address that is no multiple of the page is EINVAL.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, page + 1, mt_page, PROT_READ),
	    error, DARWIN_EINVAL);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(mprotect, length_zero_succeeds, "mprotect-len-zero",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) of length 0 is 0 and changes nothing.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, page, 0, PROT_NONE), error, 0);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(mprotect, hole_is_enomem_and_changes_nothing, "mprotect-hole",
    "mprotect(2)",
    "mprotect(2) of a range with an unmapped page is ENOMEM, and no page "
    "changes.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->mprotect(&error, pages, 3 * mt_page, PROT_READ),
	    error, DARWIN_ENOMEM);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(pages + 2 * mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(mprotect, protection_beyond_the_maximum_is_eacces,
    "mprotect-beyond-max", "mprotect(2)",
    "mprotect(2) beyond the maximum protection of one of the pages is "
    "EACCES, and no page changes.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, TRUE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->mprotect(&error, pages, 2 * mt_page, READ_WRITE),
	    error, DARWIN_EACCES);
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_READ);
}

MT_CASE(mprotect, write_implies_read, "mprotect-w-implies-r",
    KERN_MMAN_C "mprotect()",
    "PROT_WRITE or PROT_EXEC alone adds PROT_READ, which mach_vm_protect() "
    "does not do.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, pages, mt_page, PROT_WRITE), error,
	    0);
	MT_CHECK_ERRNO(vm->mprotect(&error, pages + mt_page, mt_page,
			   PROT_EXEC),
	    error, 0);
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ | VM_PROT_WRITE);
	MT_CHECK_REGION(pages + mt_page,
	    .protection = VM_PROT_READ | VM_PROT_EXECUTE);
}

MT_CASE(mprotect, unknown_bits_are_dropped, "mprotect-bits-masked",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) drops bits of the protection that have no meaning.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, 0x100 | PROT_READ),
	    error, 0);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ);
}

MT_CASE(mprotect, bit_that_strips_read_is_no_bit_of_today,
    "mprotect-strip-read", "xnu-8020.140.41 bsd/kern/kern_mman.c, mprotect()",
    "The bit 0x80, VM_PROT_STRIP_READ, is EINVAL; up to macOS 12 it takes READ "
    "away on arm64.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page, 0x80 | PROT_READ),
	    error, DARWIN_EINVAL, MT_ON_UNTIL(arm64, 12, 0),
	    MT_PAGES_UNTIL("4K on 16K", 12, 0));
	MT_CHECK_REGION(page,
	    .protection = MT_VALUE(VM_PROT_DEFAULT,
		MT_ON_UNTIL(arm64, 12, VM_PROT_NONE),
		MT_PAGES_UNTIL("4K on 16K", 12, VM_PROT_NONE)));
}

MT_CASE(mprotect, trusted_needs_pages_and_x86_64, "mprotect-trusted",
    VM_MAP_C "vm_map_sign()",
    "The bit 0x20, VM_PROT_TRUSTED, is dropped on x86_64 where each page of "
    "the range is there, else EINVAL; a kernel of arm64 answers ENOTSUP.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, pages, mt_page, 0x20 | PROT_READ),
	    error, DARWIN_EINVAL, MT_ON(arm64, DARWIN_ENOTSUP),
	    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_ENOTSUP));
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	TOUCH(pages, 1);
	MT_CHECK_ERRNO(vm->mprotect(&error, pages, 2 * mt_page,
			   0x20 | PROT_READ),
	    error, DARWIN_EINVAL, MT_ON(arm64, DARWIN_ENOTSUP),
	    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_ENOTSUP));
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK_ERRNO(vm->mprotect(&error, pages, mt_page, 0x20 | PROT_READ),
	    error, 0, MT_ON(arm64, DARWIN_ENOTSUP),
	    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_ENOTSUP));
}

/* mprotect(2) with VM_PROT_TRUSTED; a kernel of arm64 has no such thing. */
#define CHECK_TRUSTED(at_, size_, protection_, required_)   \
	MT_CHECK_ERRNO(vm->mprotect(&error, (at_), (size_), \
			   0x20 | (protection_)),           \
	    error, required_, MT_ON(arm64, DARWIN_ENOTSUP), \
	    MT_ON_PAGES(x86_64, "4K on 16K", DARWIN_ENOTSUP))

MT_CASE(mprotect, trusted_range_lies_in_one_region, "mprotect-trusted-range",
    VM_MAP_C "vm_map_sign()",
    "VM_PROT_TRUSTED is for a range within one region: EINVAL where it goes on "
    "behind that, ENOMEM where nothing is mapped at its start, and nothing "
    "changes.")
{
	mach_vm_address_t pages = mt_hole(5);
	int error = 0;

	/* One VM object, which has each page, and two regions. */
	MT_REQUIRE(allocate_at(stage, self, PAGE(1), PAGES(3), PLAIN),
	    KERN_SUCCESS);
	TOUCH_PAGES(PAGE(1), 3, 1);
	MT_REQUIRE(stage->inherit(self, PAGE(3), mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	CHECK_TRUSTED(pages, PAGES(1), PROT_READ, DARWIN_ENOMEM);
	CHECK_TRUSTED(pages, PAGES(3), PROT_READ, DARWIN_ENOMEM);
	CHECK_TRUSTED(PAGE(4), PAGES(1), PROT_READ, DARWIN_ENOMEM);
	CHECK_TRUSTED(PAGE(1), PAGES(3), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(PAGE(2), PAGES(2), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(PAGE(3), PAGES(2), PROT_READ, DARWIN_EINVAL);

	MT_CHECK_LAYOUT(pages, ".aab.");
	for (unsigned i = 1; i < 4; i++) {
		MT_CHECK_REGION(PAGE(i), .protection = VM_PROT_DEFAULT);
		MT_CHECK_WRITABLE(PAGE(i));
	}
}

MT_CASE(mprotect, trusted_pages_are_the_ranges_own, "mprotect-trusted-pages",
    VM_MAP_C "vm_map_sign()",
    "VM_PROT_TRUSTED needs the pages of its range, not others of the VM object: "
    "in a region that begins inside of its object as in any other.")
{
	mach_vm_address_t pages = mt_pages(6);
	int error = 0;

	/* Of one VM object pages 1 and 5 are there. */
	TOUCH(PAGE(1), 1);
	TOUCH(PAGE(5), 1);
	MT_REQUIRE(stage->inherit(self, PAGE(3), PAGES(3), VM_INHERIT_NONE),
	    KERN_SUCCESS);

	CHECK_TRUSTED(PAGE(3), PAGES(1), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(PAGE(4), PAGES(1), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(PAGE(3), PAGES(3), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(PAGE(4), PAGES(2), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(pages, PAGES(2), PROT_READ, DARWIN_EINVAL);
	CHECK_TRUSTED(PAGE(1), PAGES(1) + 1, PROT_READ, DARWIN_EINVAL);
	for (unsigned i = 0; i < 6; i++)
		MT_CHECK_REGION(PAGE(i), .protection = VM_PROT_DEFAULT);
	CHECK_TRUSTED(PAGE(5), PAGES(1), READ_WRITE, 0);
	CHECK_TRUSTED(PAGE(1), PAGES(1), READ_WRITE, 0);
}

MT_CASE(mprotect, trusted_is_no_protection_of_a_region,
    "mprotect-trusted-dropped", KERN_MMAN_C "mprotect()",
    "VM_PROT_TRUSTED gives a range the other bits of the protection, no more: "
    "a region shows those alone.")
{
	mach_vm_address_t pages = mt_pages(4);
	const vm_prot_t read = (vm_prot_t)MT_VALUE(VM_PROT_READ,
	    MT_ON(arm64, VM_PROT_DEFAULT),
	    MT_ON_PAGES(x86_64, "4K on 16K", VM_PROT_DEFAULT));
	const vm_prot_t none = (vm_prot_t)MT_VALUE(VM_PROT_NONE,
	    MT_ON(arm64, VM_PROT_DEFAULT),
	    MT_ON_PAGES(x86_64, "4K on 16K", VM_PROT_DEFAULT));
	int error = 0;

	TOUCH_PAGES(pages, 4, 1);
	CHECK_TRUSTED(PAGE(1), 0, PROT_READ, 0);
	MT_CHECK_LAYOUT(pages, "aaaa");

	CHECK_TRUSTED(PAGE(1), PAGES(1), PROT_READ, 0);
	CHECK_TRUSTED(PAGE(2), PAGES(1), PROT_NONE, 0);
	CHECK_TRUSTED(PAGE(3), PAGES(1), READ_WRITE, 0);

	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(PAGE(1), .protection = read,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_REGION(PAGE(2), .protection = none,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_REGION(PAGE(3), .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_WRITABLE(PAGE(3));
	MT_CHECK_BYTE(PAGE(1), 1);
}

MT_CASE(mprotect, write_and_execute_exclude_each_other_on_arm64,
    "mprotect-wx-arm64", VM_MAP_C "vm_map_protect()",
    "PROT_WRITE with PROT_EXEC is EACCES in a native process of arm64, 0 on "
    "x86_64.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page,
			   READ_WRITE | PROT_EXEC),
	    error, 0, MT_ON(arm64, DARWIN_EACCES));
}

MT_CASE(mprotect, range_that_wraps_is_einval, "mprotect-overflow",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) of a range that passes the end of the address space is "
    "EINVAL.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, LAST_PAGE, 2 * mt_page, PROT_READ),
	    error, DARWIN_EINVAL);
}

MT_CASE(mprotect, range_above_the_map_is_enomem, "mprotect-out-of-map",
    KERN_MMAN_C "mprotect()", "mprotect(2) of a range above the map is ENOMEM.")
{
	int error = 0;

	MT_CHECK_ERRNO(vm->mprotect(&error, UINT64_C(1) << 48, mt_page,
			   PROT_READ),
	    error, DARWIN_ENOMEM);
}

MT_CASE(mprotect, memory_of_mach_is_protected, "mprotect-mach-memory",
    KERN_MMAN_C "mprotect()",
    "mprotect(2) changes memory of mach_vm_allocate(), and mach_vm_protect() "
    "takes a mapping below what mprotect(2) gave it.")
{
	mach_vm_address_t hole = mt_hole(2);
	int error = 0;

	mapped_at(vm, hole, 1);
	MT_CHECK(stage->protect(self, hole, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->mprotect(&error, hole, mt_page, READ_WRITE), error,
	    DARWIN_EACCES);
	MT_CHECK_FAULT(mt_write(hole, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}
