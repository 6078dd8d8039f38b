/*
 * Which pages a range of mach_vm_deallocate() covers, and invalid ranges.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(deallocate, one_byte_frees_its_page, "dealloc-round",
    "vm_deallocate.html",
    "The region starts at the beginning of the virtual page containing "
    "address and ends at the end of the virtual page containing address + "
    "size - 1.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages + mt_page + 1, 1), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(deallocate, two_bytes_across_a_boundary_free_two_pages,
    "dealloc-round-across", "vm_deallocate.html",
    "The region starts at the beginning of the virtual page containing "
    "address and ends at the end of the virtual page containing address + "
    "size - 1.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->deallocate(self, pages + 2 * mt_page - 1, 2),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "a..b");
}

MT_CASE(deallocate, page_of_an_unaligned_start_frees_two_pages,
    "dealloc-round-unaligned", "vm_deallocate.html",
    "The region starts at the beginning of the virtual page containing "
    "address and ends at the end of the virtual page containing address + "
    "size - 1.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages + 1, mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "..a");
}

MT_CASE(deallocate, size_is_rounded_up, "dealloc-round-size",
    "vm_deallocate.html",
    "The region starts at the beginning of the virtual page containing "
    "address and ends at the end of the virtual page containing address + "
    "size - 1.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->deallocate(self, pages, mt_page + 1), KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "..a");
}

MT_CASE(deallocate, size_zero_removes_nothing, "dealloc-size-zero",
    VM_USER_C "mach_vm_deallocate()",
    "mach_vm_deallocate() of size 0 succeeds at any address without effect.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(self, page, 0), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, page + 1, 0), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, 0, 0), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, 1, 0), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, UINT64_MAX, 0), KERN_SUCCESS);

	MT_CHECK_LAYOUT(page, "a");
}

MT_CASE(deallocate, range_that_wraps_fails, "dealloc-wrap",
    VM_USER_C "mach_vm_deallocate()",
    "mach_vm_deallocate() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(self, page, UINT64_MAX), KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->deallocate(self, UINT64_MAX, 1), KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->deallocate(self, LAST_PAGE, mt_page),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_LAYOUT(page, "a");
}

MT_CASE(deallocate, end_that_rounds_to_zero_fails, "dealloc-round-to-zero",
    VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_deallocate() of a range whose end rounds up to 2^64 is "
    "KERN_INVALID_ARGUMENT since macOS 15; before that it succeeded without "
    "effect.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->deallocate(self, LAST_PAGE, 1), KERN_INVALID_ARGUMENT,
	    MT_UNTIL(14, KERN_SUCCESS));

	MT_CHECK_LAYOUT(page, "a");
}

MT_CASE(deallocate, whole_address_space_is_not_removed,
    "dealloc-round-to-zero-all", VM_SANITIZE_C "vm_sanitize_addr_size()",
    "mach_vm_deallocate() of the range from 0 whose end rounds up to 2^64 "
    "removes nothing.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, 0, UINT64_MAX),
		    KERN_INVALID_ARGUMENT, MT_UNTIL(14, KERN_SUCCESS));

		MT_CHECK_LAYOUT(page, "a");
	}
}

MT_CASE(deallocate, range_beyond_the_map_removes_nothing,
    "dealloc-beyond-max-new", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a range that ends above the map succeeds and "
    "removes nothing since macOS 12.5.",
    .since = "12.5")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, page,
			     mt_system()->maximum - page + mt_page),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(page, "a");
	}
}

MT_CASE(deallocate, range_from_below_the_map_removes_nothing,
    "dealloc-beyond-max-new-below", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a range that begins below the map succeeds and "
    "removes nothing since macOS 12.5.",
    .since = "12.5")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, 0, page + mt_page), KERN_SUCCESS);

		MT_CHECK_LAYOUT(page, "a");
	}
}

MT_CASE(deallocate, half_of_the_address_space_is_not_removed,
    "dealloc-beyond-max-new-half", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of the range from 0 to 2^63 succeeds and removes "
    "nothing since macOS 12.5.",
    .since = "12.5")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, 0, UINT64_C(1) << 63),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(page, "a");
	}
}

MT_CASE(deallocate, page_zero_can_be_deallocated, "dealloc-hole-outside",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of page zero succeeds without effect.")
{
	mach_vm_address_t maximum = mt_system()->maximum;

	MT_CHECK(vm->deallocate(self, 0, mt_page), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, maximum, mt_page), KERN_SUCCESS);
	MT_CHECK(vm->deallocate(self, UINT64_C(1) << 63, mt_page),
	    KERN_SUCCESS);
}

static void
free_everything(void *vm)
{
	(void)((const struct mt_route *)vm)
	    ->deallocate(mach_task_self(), 0, mt_system()->maximum);
}

MT_CASE(deallocate, deallocating_the_whole_map_kills_the_process,
    "dealloc-beyond-max-old",
    "xnu-7195.141.2 osfmk/vm/vm_map.c, vm_map_remove()",
    "Before macOS 12.5 mach_vm_deallocate() clamps a range beyond the map "
    "to it; deallocating everything unmaps the running text: SIGSEGV.",
    .until = "12.4")
{
	MT_CHECK_NUMBER(mt_child_signal(free_everything, (void *)(uintptr_t)vm),
	    11);
}
