/*
 * mach_vm_remap_new: the caller says which protections it wants.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

static mach_vm_address_t
four(void)
{
	mach_vm_address_t pages = mt_pages(4);

	NUMBER_PAGES(pages, 4, 1);
	return pages;
}

/* Remap to anywhere; a failure leaves all results alone. */
static kern_return_t
remap(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *address, mach_vm_address_t source, mach_vm_size_t size,
    boolean_t copy, vm_prot_t current, vm_prot_t maximum)
{
	mach_vm_address_t before = *address;
	vm_prot_t c = current, m = maximum;
	kern_return_t kr = vm->remap_new(self, address, size, 0,
	    VM_FLAGS_ANYWHERE, self, source, copy, &c, &m, VM_INHERIT_COPY);

	if (kr == KERN_SUCCESS) {
		MT_CHECK_REGION(*address, .protection = c, .max_protection = m);
	} else {
		MT_CHECK_ADDRESS(*address, before);
		MT_CHECK_PROTECTION(c, current);
		MT_CHECK_PROTECTION(m, maximum);
	}
	return kr;
}

MT_CASE(remap_new, memory_is_shared, "remapnew-share",
    VM_MAP_C "vm_map_copy_extract()",
    "mach_vm_remap_new() without copy maps the same memory twice.")
{
	mach_vm_address_t pages = four(), at = 0;

	MT_CHECK(remap(vm, self, &at, pages, 4 * mt_page, FALSE,
		     VM_PROT_DEFAULT, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	TOUCH(at, 0x71);
	MT_CHECK_BYTE(pages, 0x71);
	TOUCH(pages + mt_page, 0x72);
	MT_CHECK_BYTE(at + mt_page, 0x72);
}

MT_CASE(remap_new, current_beyond_maximum_is_refused, "remapnew-bad-prot-order",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() refuses a current protection that the maximum does "
    "not contain.")
{
	mach_vm_address_t pages = four(), at = 0;

	MT_CHECK(remap(vm, self, &at, pages, mt_page, FALSE, VM_PROT_DEFAULT,
		     VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(remap(vm, self, &at, pages, mt_page, FALSE, VM_PROT_READ,
		     VM_PROT_NONE),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(remap_new, maximum_beyond_the_sources_is_refused,
    "remapnew-insufficient-max", VM_MAP_C "vm_map_copy_extract()",
    "mach_vm_remap_new() without copy refuses a maximum that the source's "
    "maximum lacks.")
{
	mach_vm_address_t pages = four(), at = 0;

	MT_REQUIRE(stage->protect(self, pages, 4 * mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, &at, pages, mt_page, FALSE, VM_PROT_READ,
		     VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(remap_new, size_and_inheritance_are_checked, "remapnew-sanitize",
    VM_USER_C "mach_vm_remap_new_external()",
    "mach_vm_remap_new() of size 0 or with an undefined inheritance is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t pages = four(), at = 0;
	vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_READ;

	MT_CHECK(remap(vm, self, &at, pages, 0, FALSE, VM_PROT_READ,
		     VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->remap_new(self, &at, mt_page, 0, VM_FLAGS_ANYWHERE, self,
		     pages, FALSE, &current, &maximum, 3),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(remap(vm, self, &at, mt_hole(1), mt_page, FALSE, VM_PROT_READ,
		     VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(remap_new, permanent_memory_is_not_replaced, "perm-remap-over-new",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_remap_new() over permanent memory maps nothing; until macOS "
    "26.3 that memory lost its access.")
{
	mach_vm_address_t pages = four(), hole = mt_hole(2);

	MT_CHILD {
		mach_vm_address_t at = hole;
		vm_prot_t current = VM_PROT_READ, maximum = VM_PROT_READ;

		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(vm->remap_new(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, pages,
			     FALSE, &current, &maximum, VM_INHERIT_COPY),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));
		MT_CHECK_REGION(hole,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(26.3, VM_PROT_NONE)),
		    .max_protection = MT_VALUE(VM_PROT_ALL,
			MT_UNTIL(26.3, VM_PROT_NONE)));
	}
}
