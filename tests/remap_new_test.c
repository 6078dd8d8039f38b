/*
 * mach_vm_remap_new: remapping with protections of the caller's choice.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Remap one page with protections, which are in and out. */
static kern_return_t
remap(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t to,
    mach_vm_address_t from, boolean_t copy, vm_prot_t current,
    vm_prot_t maximum)
{
	return vm->remap_new(self, &to, mt_page, 0, VM_FLAGS_FIXED, self, from,
	    copy, &current, &maximum, VM_INHERIT_DEFAULT);
}

MT_CASE(remap_new, protections_are_those_given, "remapnew-prots",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() gives the mapping exactly the protections given.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_READ,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_DEFAULT);
	MT_CHECK_BYTE(hole, 0x51);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(remap_new, bad_protections_are_an_invalid_argument, "remapnew-bad-prot",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() with a bit that is no permission, or a current "
    "protection beyond the maximum, is KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	MT_CHECK(remap(vm, self, hole, page, FALSE, 0x100, VM_PROT_DEFAULT),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_READ,
		     0x100 | VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_DEFAULT,
		     VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(remap_new, write_with_execute_is_refused, "remapnew-wx",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() with a maximum both writable and executable is "
    "KERN_PROTECTION_FAILURE.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_READ, VM_PROT_ALL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_NONE,
		     VM_PROT_WRITE | VM_PROT_EXECUTE),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_HOLE(hole);
}

MT_CASE(remap_new, permission_that_the_source_lacks_is_refused,
    "remapnew-insufficient", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() without copy refuses a permission that the source "
    "lacks.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_DEFAULT,
		     VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_HOLE(hole);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_READ, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(remap_new, data_address_is_always_returned,
    "remapnew-returns-data-addr", VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() always returns the address of the data and maps "
    "every page that the range touches.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2), to = hole;
	vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_READ;

	TOUCH(pages + mt_page - 0x10, 0x51);
	MT_CHECK(vm->remap_new(self, &to, 0x20, 0, VM_FLAGS_FIXED, self,
		     pages + mt_page - 0x10, FALSE, &current, &maximum,
		     VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(to, hole + mt_page - 0x10);
	MT_CHECK_LAYOUT(hole, "aa");
	MT_CHECK_BYTE(to, 0x51);
}

MT_CASE(remap_new, null_source_task_is_an_invalid_argument, "remapnew-null-src",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() with MACH_PORT_NULL as the source task is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), to = mt_hole(1);
	vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_READ;

	MT_CHECK(vm->remap_new(self, &to, mt_page, 0, VM_FLAGS_FIXED,
		     MACH_PORT_NULL, page, FALSE, &current, &maximum,
		     VM_INHERIT_DEFAULT),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(remap_new, no_protections_grant_no_access, "remapnew-none-none",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() with VM_PROT_NONE for both protections grants no "
    "access; until macOS 15.1 it took the source's protections.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	MT_CHECK(remap(vm, self, hole, page, FALSE, VM_PROT_NONE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole,
	    .protection = MT_VALUE(VM_PROT_NONE,
		MT_UNTIL(15.1, VM_PROT_DEFAULT)),
	    .max_protection = MT_VALUE(VM_PROT_NONE,
		MT_UNTIL(15.1, VM_PROT_ALL)));
}

MT_CASE(remap_new, copy_is_private, "remapnew-copy",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() with copy is private and may be writable where the "
    "source is not.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, page, TRUE, VM_PROT_DEFAULT,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(remap_new, refused_call_leaves_its_out_parameters, "remapnew-outs",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() leaves address and protections alone when it "
    "fails.")
{
	mach_vm_address_t nothing = mt_hole(1), hole = mt_hole(1);
	mach_vm_address_t to = hole + 5;
	vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_DEFAULT;

	MT_CHECK(vm->remap_new(self, &to, mt_page, 0, VM_FLAGS_FIXED, self,
		     nothing, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_ADDRESS(to, hole + 5);
	MT_CHECK_PROTECTION(current, VM_PROT_READ);
	MT_CHECK_PROTECTION(maximum, VM_PROT_DEFAULT);
}

MT_CASE(remap_new, copy_needs_the_maximum_to_be_readable,
    "remapnew-copy-max-read", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap_new() with copy is KERN_PROTECTION_FAILURE where the "
    "maximum of one page of the source lacks VM_PROT_READ; the protection "
    "itself does not matter.")
{
	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t pages = mt_pages(3), hole = mt_hole(3);
		mach_vm_address_t to = hole;
		vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_READ;

		TOUCH_PAGES(pages, 3, 0x51);
		MT_REQUIRE(stage->protect(self, pages, 3 * mt_page, FALSE,
			       VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(vm->remap_new(self, &to, 3 * mt_page, 0,
			     VM_FLAGS_FIXED, self, pages, TRUE, &current,
			     &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(hole, 0x51);

		MT_REQUIRE(stage->deallocate(self, hole, 3 * mt_page),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->protect(self, pages + i * mt_page, mt_page,
			       TRUE, i == 1 ? VM_PROT_NONE : VM_PROT_EXECUTE),
		    KERN_SUCCESS);
		MT_CHECK(vm->remap_new(self, &to, 3 * mt_page, 0,
			     VM_FLAGS_FIXED, self, pages, TRUE, &current,
			     &maximum, VM_INHERIT_COPY),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_LAYOUT(hole, "...");
	}
}
