/*
 * mach_vm_remap: the same memory, or a snapshot of it, at another address.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

/* Four pages, numbered from 1. */
static mach_vm_address_t
four(void)
{
	mach_vm_address_t pages = mt_pages(4);

	NUMBER_PAGES(pages, 4, 1);
	return pages;
}

/* Remap count pages to anywhere: the new address. */
static mach_vm_address_t
remap(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t source, unsigned count, boolean_t copy)
{
	mach_vm_address_t address = 0;
	vm_prot_t current = 0x77, maximum = 0x77;

	MT_REQUIRE(vm->remap(self, &address, count * mt_page, 0,
		       VM_FLAGS_ANYWHERE, self, source, copy, &current,
		       &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_DEFAULT);
	MT_CHECK_PROTECTION(maximum, VM_PROT_ALL);
	return address;
}

MT_CASE(remap, untouched_memory_is_copied_as_zeros, "remap-copy-untouched",
    VM_MAP_C "vm_map_copy_extract()",
    "mach_vm_remap() with copy of memory that was never touched maps "
    "zero-filled memory.")
{
	mach_vm_address_t pages = mt_pages(2);
	mach_vm_address_t copy = remap(vm, self, pages, 2, TRUE);

	TOUCH(pages, 0x71);
	MT_CHECK_BYTE(copy, 0);
	TOUCH(copy + mt_page, 0x72);
	MT_CHECK_BYTE(pages + mt_page, 0);
}

MT_CASE(remap, copy_is_reported_as_copy_on_write, "remap-copy-share-mode",
    VM_MAP_C "vm_map_copy_extract()",
    "SM_COW is the share mode of a mapping that mach_vm_remap() made with "
    "copy.")
{
	mach_vm_address_t copy = remap(vm, self, four(), 4, TRUE);

	MT_CHECK_REGION(copy, .share_mode = SM_COW);
}

MT_CASE(remap, store_after_a_load_is_not_seen_in_the_copy,
    "remap-copy-load-first", XNU "osfmk/vm/vm_fault.c, vm_fault_internal()",
    "mach_vm_remap() with copy of memory that a memory entry shares: a store "
    "after a load of the untouched page is not seen in the copy; until "
    "macOS 12.3 the load allowed the store, which the copy then showed.",
    .needs = "native")
{
	mach_vm_address_t page = mt_pages(1), copy = mt_hole(1);
	vm_prot_t current, maximum;

	(void)entry_for(self, mt_page, page, RW | MAP_MEM_VM_SHARE,
	    MACH_PORT_NULL);
	MT_CHECK(vm->remap(self, &copy, mt_page, 0, VM_FLAGS_FIXED, self, page,
		     TRUE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0);
	TOUCH(page, 0xad);
	MT_CHECK_BYTE(copy, (uint8_t)MT_VALUE(0, MT_UNTIL(12.3, 0xad)));
	MT_CHECK_BYTE(page, 0xad);
}

MT_CASE(remap, larger_second_copy_is_of_its_time, "remap-copy-larger",
    XNU "osfmk/vm/vm_object.c, vm_object_copy_delayed()",
    "mach_vm_remap() with copy of shared memory of which a part was copied "
    "before: a store to what only the second copy has, its last page too, is "
    "not seen in it.")
{
	mach_vm_address_t pages = mt_pages(3), alias = mt_hole(3);
	mach_vm_address_t part = mt_hole(1), all = mt_hole(3);
	vm_prot_t current, maximum;

	TOUCH_PAGES(pages, 3, 0x51);
	REMAP(alias, 3 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	REMAP(part, mt_page, VM_FLAGS_FIXED, pages, TRUE);
	MT_CHECK(vm->remap(self, &all, 3 * mt_page, 0, VM_FLAGS_FIXED, self,
		     pages, TRUE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	TOUCH_PAGES(pages, 3, 0x52);
	MT_CHECK_BYTE(part, 0x51);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(all + i * mt_page, 0x51);
}
