/*
 * Which pages VM_BEHAVIOR_REUSABLE and VM_BEHAVIOR_FREE make clean: those on
 * both sides of a wired one, and what the page tables do not have.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

MT_CASE(behavior_set, pages_on_both_sides_of_a_wired_one_are_reusable,
    "behavior-reusable-around-wired",
    VM_OBJECT_C "deactivate_pages_in_object()",
    "VM_BEHAVIOR_REUSABLE passes over a page that another mapping has wired: "
    "it stays dirty, the pages before and behind it do not.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(4), alias = mt_hole(4);

	TOUCH_PAGES(pages, 4, 0x51);
	REMAP(alias, 4 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	MT_REQUIRE(stage->wire(mach_host_self(), self, alias + mt_page, mt_page,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_DIRTY),
		    i == 1 ? VM_PAGE_QUERY_PAGE_DIRTY : 0);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable, 3);
}

MT_CASE(behavior_set, pages_of_a_memory_entry_are_reusable,
    "behavior-reusable-entry", VM_OBJECT_C "vm_object_deactivate_pages()",
    "VM_BEHAVIOR_REUSABLE makes the pages of a memory entry of "
    "MAP_MEM_NAMED_CREATE reusable while the entry is held and mapped twice.",
    .needs = "native")
{
	const mach_port_name_t entry = entry_for(self, 2 * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);
	mach_vm_address_t pages = mt_hole(2), alias = mt_hole(2);

	MT_REQUIRE(map_at(stage, self, pages, 2 * mt_page, PLAIN, entry, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(stage, self, alias, 2 * mt_page, PLAIN, entry, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable, 2);
}

/* Three pages that were written, but that the page tables no longer have. */
static mach_vm_address_t
out_of_page_tables(mach_port_name_t self)
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	PROTECT(pages, 3, VM_PROT_NONE);
	PROTECT(pages, 3, VM_PROT_DEFAULT);
	return pages;
}

/* Two pages at once, then the third: that is clean, of the two none or both are
 * still dirty. */
static void
check_two_and_one(const struct mt_route *vm, mach_port_name_t self,
    vm_behavior_t behavior, integer_t still)
{
	mach_vm_address_t pages = out_of_page_tables(self);

	MT_CHECK(vm->behavior_set(self, pages, 2 * mt_page, behavior),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, pages + 2 * mt_page, mt_page, behavior),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_NUMBER(page_is(self, pages + i * mt_page,
				    VM_PAGE_QUERY_PAGE_DIRTY),
		    i < 2 ? still : 0);
	if (behavior == VM_BEHAVIOR_REUSABLE)
		MT_CHECK_NUMBER(extended(stage, self, pages).pages_reusable,
		    still ? 1 : 3);
}

MT_CASE(behavior_set, pages_without_translations_become_clean,
    "behavior-reusable-unmapped", VM_OBJECT_C "vm_object_deactivate_pages()",
    "VM_BEHAVIOR_REUSABLE and VM_BEHAVIOR_FREE clean pages that the process's "
    "page tables do not have, because they were inaccessible in between, too.",
    .arch = "x86_64", .needs = "native")
{
	check_two_and_one(vm, self, VM_BEHAVIOR_REUSABLE, 0);
	check_two_and_one(vm, self, VM_BEHAVIOR_FREE, 0);
}

MT_CASE(behavior_set, pages_without_translations_stay_dirty_on_arm64,
    "behavior-reusable-unmapped-arm64",
    XNU "osfmk/arm/pmap/pmap.c, phys_attribute_clear_range_internal()",
    "VM_BEHAVIOR_REUSABLE and VM_BEHAVIOR_FREE of several pages clean those "
    "alone that the process's page tables have since macOS 12: the others stay "
    "dirty and are not counted as reusable; a single page becomes clean.",
    .arch = "arm64", .needs = "native")
{
	const integer_t still = (integer_t)MT_VALUE(VM_PAGE_QUERY_PAGE_DIRTY,
	    MT_UNTIL(11, 0));

	check_two_and_one(vm, self, VM_BEHAVIOR_REUSABLE, still);
	check_two_and_one(vm, self, VM_BEHAVIOR_FREE, still);
}

MT_CASE(msync, page_that_two_mappings_had_wired_is_killed,
    "msync-kill-unwired-twice", VM_FAULT_C "vm_fault_unwire()",
    "A page that two mappings wired and unwired is as any other: "
    "VM_SYNC_KILLPAGES makes it clean.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = mt_pages(2), alias = mt_hole(2);

	TOUCH_PAGES(pages, 2, 0x51);
	REMAP(alias, 2 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
	for (unsigned i = 0; i < 4; i++)
		MT_REQUIRE(stage->wire(mach_host_self(), self,
			       i % 2 ? alias : pages, 2 * mt_page,
			       i < 2 ? VM_PROT_READ : VM_PROT_NONE),
		    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, alias, 2 * mt_page), KERN_SUCCESS);
	MT_CHECK(vm->msync(self, pages, 2 * mt_page, VM_SYNC_KILLPAGES),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(page_is(self, pages, VM_PAGE_QUERY_PAGE_DIRTY), 0);
	MT_CHECK_NUMBER(page_is(self, pages + mt_page,
			    VM_PAGE_QUERY_PAGE_DIRTY),
	    0);
}
