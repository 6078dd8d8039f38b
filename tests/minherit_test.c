/*
 * minherit(2): what a forked child will have.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(minherit, inheritance_is_set, "minherit-basic", "minherit(2)",
    "minherit(2) sets the inheritance of a range: VM_INHERIT_SHARE, COPY or "
    "NONE.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_CHECK_ERRNO(vm->minherit(&error, pages, mt_page, VM_INHERIT_SHARE),
	    error, 0);
	MT_CHECK_ERRNO(vm->minherit(&error, pages + mt_page, mt_page,
			   VM_INHERIT_NONE),
	    error, 0);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_SHARE);
	MT_CHECK_REGION(pages + mt_page, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(pages + 2 * mt_page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(minherit, unknown_inheritance_is_einval, "minherit-bad", "minherit(2)",
    "minherit(2) with an unknown inheritance is EINVAL.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_CHECK_ERRNO(vm->minherit(&error, page, mt_page, 3), error,
	    DARWIN_EINVAL);
	MT_CHECK_REGION(page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(minherit, unaligned_address_is_truncated, "minherit-unaligned",
    KERN_MMAN_C "minherit()",
    "minherit(2) truncates an address within a page to the page.")
{
	mach_vm_address_t pages = mt_pages(2);
	int error = 0;

	MT_CHECK_ERRNO(vm->minherit(&error, pages + 1, 1, VM_INHERIT_NONE),
	    error, 0);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(pages + mt_page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(minherit, holes_are_passed_over, "minherit-hole",
    KERN_MMAN_C "minherit()",
    "minherit(2) passes over holes; what is mapped in the range changes.")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK_ERRNO(vm->minherit(&error, pages, 3 * mt_page,
			   VM_INHERIT_NONE),
	    error, 0);
	MT_CHECK_REGION(pages, .inheritance = VM_INHERIT_NONE);
	MT_CHECK_REGION(pages + 2 * mt_page, .inheritance = VM_INHERIT_NONE);
}
