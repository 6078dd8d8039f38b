/*
 * How many bytes an allocation takes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(allocate, one_byte_takes_a_page, "alloc-size-round-up",
    "vm_allocate.html",
    "size is always rounded up to an integral number of pages.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHECK(allocate_at(vm, self, hole, 1, PLAIN), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "a..");
	MT_CHECK_REGION(hole, .address = hole, .size = mt_page);
}

MT_CASE(allocate, one_byte_beyond_a_page_takes_two, "alloc-size-round-up-two",
    "vm_allocate.html",
    "size is always rounded up to an integral number of pages.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHECK(allocate_at(vm, self, hole, mt_page + 1, PLAIN), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa.");
	MT_CHECK_REGION(hole, .address = hole, .size = 2 * mt_page);
}

MT_CASE(allocate, whole_pages_are_not_rounded, "alloc-size-round-up-exact",
    "vm_allocate.html",
    "size is always rounded up to an integral number of pages.")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHECK(allocate_at(vm, self, hole, 2 * mt_page, PLAIN), KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa.");
}

MT_CASE(allocate, anywhere_size_is_rounded_up_too,
    "alloc-size-round-up-anywhere", "vm_allocate.html",
    "size is always rounded up to an integral number of pages.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, mt_page + 1,
		     VM_FLAGS_ANYWHERE | TAG(241)),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .size = 2 * mt_page);
}

MT_CASE(allocate, tail_of_the_last_page_is_accessible,
    "alloc-no-access-rounding", "vm_allocate.html",
    "Because of this rounding to virtual page boundaries, the amount of "
    "memory allocated may be greater than size.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(vm, self, hole, 1, PLAIN), KERN_SUCCESS);

	MT_CHECK_BYTE(hole + mt_page - 1, 0);
	MT_CHECK_WRITABLE(hole + mt_page - 1);
	MT_CHECK_BYTE(hole + mt_page - 1, 0x5a);
}

MT_CASE(allocate, size_zero_allocates_nothing_and_gives_address_zero,
    "alloc-size-zero", VM_KERN_C "mach_vm_allocate_kernel()",
    "mach_vm_allocate() of size 0 succeeds, allocates nothing and stores 0 "
    "in *address.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(self, &address, 0, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, 0);
	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, size_zero_anywhere_gives_address_zero,
    "alloc-size-zero-anywhere", VM_KERN_C "mach_vm_allocate_kernel()",
    "mach_vm_allocate() of size 0 with VM_FLAGS_ANYWHERE succeeds, "
    "allocates nothing and stores 0 in *address.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(self, &address, 0, VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, 0);
	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, size_zero_accepts_any_address, "alloc-size-zero-address",
    VM_KERN_C "mach_vm_allocate_kernel()",
    "mach_vm_allocate() of size 0 succeeds whatever the address.")
{
	mach_vm_address_t page = mt_pages(1), unaligned = 0x1234;
	mach_vm_address_t beyond = UINT64_MAX, taken = page;

	MT_CHECK(vm->allocate(self, &unaligned, 0, VM_FLAGS_FIXED),
	    KERN_SUCCESS);
	MT_CHECK(vm->allocate(self, &beyond, 0, VM_FLAGS_FIXED), KERN_SUCCESS);
	MT_CHECK(vm->allocate(self, &taken, 0, VM_FLAGS_FIXED), KERN_SUCCESS);

	MT_CHECK_ADDRESS(unaligned, 0);
	MT_CHECK_ADDRESS(beyond, 0);
	MT_CHECK_ADDRESS(taken, 0);
	MT_CHECK_REGION(page, .address = page, .size = mt_page);
}

MT_CASE(allocate, size_zero_with_an_unknown_flag_fails,
    "alloc-size-zero-vs-flags", VM_USER_C "mach_vm_allocate_external()",
    "mach_vm_allocate() checks its flags before it accepts a size of 0.")
{
	mach_vm_address_t address = 0x1234;

	MT_CHECK(vm->allocate(self, &address, 0, 0x100), KERN_INVALID_ARGUMENT);

	MT_CHECK_ADDRESS(address, 0x1234);
}

MT_CASE(allocate, size_zero_with_a_superpage_succeeds,
    "alloc-size-zero-vs-superpage", VM_KERN_C "mach_vm_allocate_kernel()",
    "mach_vm_allocate() of size 0 succeeds before the superpage flags are "
    "checked, even where there are no superpages.")
{
	mach_vm_address_t address = 0x1234;

	MT_CHECK(vm->allocate(self, &address, 0,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_SUPERPAGE_SIZE_2MB),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, 0);
}

MT_CASE(allocate, size_zero_overwrites_nothing, "alloc-size-zero-overwrite",
    VM_KERN_C "mach_vm_allocate_kernel()",
    "mach_vm_allocate() of size 0 with VM_FLAGS_OVERWRITE succeeds before "
    "anything is removed.")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	TOUCH(page, 0x11);

	MT_CHECK(vm->allocate(self, &address, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, 0);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(allocate, size_that_rounds_to_zero_fails, "alloc-size-overflow",
    VM_SANITIZE_C "vm_sanitize_size()",
    "mach_vm_allocate() refuses a size that rounds up to 2^64 with "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(self, &address, UINT64_MAX, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->allocate(self, &address, LAST_PAGE + 1, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, size_that_rounds_to_zero_fails_anywhere,
    "alloc-size-overflow-anywhere", VM_SANITIZE_C "vm_sanitize_size()",
    "mach_vm_allocate() with VM_FLAGS_ANYWHERE refuses a size that rounds "
    "up to 2^64 with KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t address = 0xabc000;

	MT_CHECK(vm->allocate(self, &address, UINT64_MAX, VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_ADDRESS(address, 0xabc000);
}

MT_CASE(allocate, largest_size_anywhere_finds_no_space,
    "alloc-size-huge-anywhere", "vm_allocate.html",
    "KERN_NO_SPACE: There is not enough space in the task's address space "
    "to allocate the new region.")
{
	mach_vm_address_t address = 0xabc000;

	MT_CHECK(vm->allocate(self, &address, LAST_PAGE, VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);

	MT_CHECK_ADDRESS(address, 0xabc000);
}

MT_CASE(allocate, size_of_the_whole_map_finds_no_space,
    "alloc-size-huge-anywhere-map", "vm_allocate.html",
    "KERN_NO_SPACE: There is not enough space in the task's address space "
    "to allocate the new region.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->allocate(self, &address, mt_system()->maximum,
		     VM_FLAGS_ANYWHERE),
	    KERN_NO_SPACE);

	MT_CHECK_ADDRESS(address, 0);
}

MT_CASE(allocate, largest_size_fixed_is_an_invalid_address,
    "alloc-size-huge-fixed", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_FIXED with a range whose end wraps or lies beyond the map is "
    "KERN_INVALID_ADDRESS, not KERN_NO_SPACE.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(self, &address, LAST_PAGE, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}
