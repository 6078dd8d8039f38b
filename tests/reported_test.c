/*
 * What users of real systems reported, where no other program has a case of
 * it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

MT_CASE(deallocate, copied_and_protected_range_is_deallocated, "reported-01",
    "reported: frida-core 1256",
    "mach_vm_deallocate() of a copy by mach_vm_remap() that was protected "
    "with VM_PROT_COPY leaves no region.")
{
	mach_vm_address_t source = mt_pages(2), hole = mt_hole(2), at = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	TOUCH_PAGES(source, 2, 0x11);
	MT_REQUIRE(stage->remap(self, &at, 2 * mt_page, 0,
		       VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, source, TRUE,
		       &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, hole, 2 * mt_page, FALSE,
		       VM_PROT_READ | VM_PROT_WRITE | VM_PROT_COPY),
	    KERN_SUCCESS);

	MT_CHECK(vm->deallocate(self, hole, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "..");
}

MT_CASE(protect, granted_write_permission_holds, "reported-05",
    "reported: fishhook 83, 84, 87",
    "mach_vm_protect() that grants writing shows it in the region, and a "
    "store then goes through.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_WRITE),
	    KERN_SUCCESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ | VM_PROT_WRITE);
	MT_CHECK_NUMBER(mt_write(page, 0x22).exception, 0);
	MT_CHECK_BYTE(page, 0x22);
}

MT_CASE(mprotect, refused_change_keeps_the_guard_page, "reported-07",
    "reported: chapel 17825",
    "mprotect(2) that is refused write and execute permission at once leaves a "
    "page of PROT_NONE as it is.")
{
	mach_vm_address_t page = mt_pages(1);
	int error = 0;

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_ERRNO(vm->mprotect(&error, page, mt_page,
			   READ_WRITE | PROT_EXEC),
	    error, 0, MT_ON(arm64, DARWIN_EACCES));

	MT_CHECK_NUMBER(mt_read(page).exception, 0,
	    MT_ON(arm64, EXC_BAD_ACCESS));
}

MT_CASE(mprotect, cycles_through_no_permission_keep_the_bytes, "reported-08",
    "reported: snmalloc 278, 336",
    "mprotect(2) to PROT_NONE and back, again and again, is 0 each time and "
    "keeps the bytes.")
{
	mach_vm_address_t pages = mt_pages(4);
	int error = 0;

	TOUCH_PAGES(pages, 4, 0x11);
	for (int i = 0; i < 100; i++) {
		MT_CHECK_ERRNO(vm->mprotect(&error, pages, 4 * mt_page,
				   PROT_NONE),
		    error, 0);
		MT_CHECK_ERRNO(vm->mprotect(&error, pages, 4 * mt_page,
				   READ_WRITE),
		    error, 0);
	}

	MT_CHECK_BYTE(pages, 0x11);
	MT_CHECK_BYTE(pages + 3 * mt_page, 0x11);
}
