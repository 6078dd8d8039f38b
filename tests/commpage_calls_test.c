/*
 * What calls on the comm page's address answer, and how the map shows it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "check.h"
#include "sources.h"

#define X86_PAGE  UINT64_C(0x7fffffe00000) /* x86_64 */
#define ARM_PAGE  UINT64_C(0xFFFFFC000)	   /* arm64 */
#define COMM_PAGE MT_VALUE(ARM_PAGE, MT_ON(x86_64, X86_PAGE))

/* arm64's reserved range around the comm page, and the one above it. */
#define NEST	     UINT64_C(0xFC0000000)
#define CARVEOUT     UINT64_C(0x1000000000)
#define CARVEOUT_END UINT64_C(0x7000000000)

MT_CASE(raw, store_to_the_comm_page_is_a_protection_failure,
    "comm-write-faults", VM_SHARED_REGION_C "vm_commpage_enter()",
    "The comm page is read-only.", .needs = "commpage")
{
	MT_CHECK_FAULT(mt_write(COMM_PAGE, 0x51), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_BYTE(COMM_PAGE, 'c');
}

MT_CASE(raw, store_to_the_comm_page_is_a_bus_error, "comm-write-faults-signal",
    UX_EXCEPTION_C "ux_exception()",
    "The protection failure of a store to the comm page becomes SIGBUS.",
    .needs = "commpage")
{
	MT_CHECK_NUMBER(mt_write(COMM_PAGE, 0x51).signal, 10);
}

MT_CASE(raw, comm_page_is_the_same_in_a_child, "comm-fork-exec",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "A child has the comm page too, with the same content.  Until 11 it has "
    "not the range around it on arm64, so a store finds nothing there.",
    .needs = "commpage")
{
	mach_vm_address_t page = COMM_PAGE;
	uint8_t before[0x20];

	for (unsigned i = 0; i < sizeof(before); i++)
		before[i] = mt_read(page + i).value;
	MT_CHILD {
		for (unsigned i = 0; i < sizeof(before); i++)
			MT_CHECK_BYTE(page + i, before[i]);
		MT_CHECK_FAULT(mt_write(page, 0), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE,
		    MT_ON_UNTIL(arm64, 11, KERN_INVALID_ADDRESS));
	}
}

MT_CASE(region, comm_page_is_a_submap_entry, "comm-x86-region",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "On x86_64 the map shows an entry of 4096 bytes beyond its own maximum: "
    "read-only for ever, shared with children, a submap.",
    .arch = "x86_64", .needs = "commpage")
{
	mach_vm_address_t address = X86_PAGE + 0x123;
	mach_vm_size_t size = 0;
	vm_region_basic_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	mach_port_name_t object = 0x51;

	MT_CHECK(vm->region(self, &address, &size, VM_REGION_BASIC_INFO_64,
		     (vm_region_info_t)&info, &count, &object),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, X86_PAGE);
	MT_CHECK_NUMBER(size, 4096);
	MT_CHECK_PROTECTION(info.protection, VM_PROT_READ);
	MT_CHECK_PROTECTION(info.max_protection, VM_PROT_READ);
	MT_CHECK_NUMBER(info.inheritance, VM_INHERIT_SHARE);
	MT_CHECK_NUMBER(info.reserved, TRUE);
}

MT_CASE(region_recurse, comm_page_is_a_submap_at_depth_0, "recurse-commpage",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "region_recurse shows the comm page's submap at depth 0 and the page "
    "itself below it.",
    .arch = "x86_64", .needs = "commpage")
{
	mach_vm_address_t address = X86_PAGE;
	mach_vm_size_t size = 0;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V0_COUNT_64;
	natural_t depth = 1;

	MT_CHECK_REGION(X86_PAGE, .address = X86_PAGE, .size = 4096,
	    .is_submap = TRUE, .protection = VM_PROT_READ, .user_tag = 0);

	MT_CHECK(vm->region_recurse(self, &address, &size, &depth,
		     (vm_region_recurse_info_t)&info, &count),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(address, X86_PAGE);
	MT_CHECK_NUMBER(depth, 1);
	MT_CHECK_NUMBER(info.is_submap, FALSE);
	MT_CHECK_PROTECTION(info.protection, VM_PROT_READ);
}

MT_CASE(region, comm_page_lies_in_a_range_without_access, "comm-arm64-region",
    VM_MAP_C "vm_map_exec()",
    "On arm64 the comm page is no entry: the map shows a reserved range "
    "around it without any permission, readable though the page is.",
    .arch = "arm64", .needs = "commpage")
{
	MT_CHECK_REGION(ARM_PAGE, .address = NEST, .size = 0x40000000,
	    .protection = VM_PROT_NONE, .max_protection = VM_PROT_NONE,
	    .user_tag = 0, .is_submap = FALSE,
	    .inheritance = MT_VALUE(VM_INHERIT_COPY,
		MT_UNTIL(11, VM_INHERIT_NONE)));
	MT_CHECK_READABLE(ARM_PAGE);
}

MT_CASE(allocate, range_above_the_comm_page_is_reserved, "comm-arm64-carveout",
    XNU "osfmk/arm/machine_routines.c, vm_reserved_regions",
    "On arm64 the 384 GiB above 64 GiB are kept for the graphics processor: "
    "no access, nothing to allocate.",
    .arch = "arm64", .needs = "commpage")
{
	mach_vm_address_t address = CARVEOUT + 16 * mt_page;

	MT_CHECK_REGION(address, .address = CARVEOUT,
	    .size = CARVEOUT_END - CARVEOUT, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_FAULT(mt_read(CARVEOUT + 16 * mt_page), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(deallocate, deallocating_the_comm_page_does_nothing,
    "comm-x86-deallocate", VM_MAP_C "vm_map_delete()",
    "The comm page lies at the map's maximum: deallocating it succeeds and "
    "leaves it.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK(vm->deallocate(self, X86_PAGE, mt_page), KERN_SUCCESS);

	MT_CHECK_BYTE(X86_PAGE, 'c');
	MT_CHECK_REGION(X86_PAGE, .address = X86_PAGE, .size = 4096,
	    .protection = VM_PROT_READ);
}

MT_CASE(protect, comm_page_is_out_of_reach_of_protect, "comm-x86-protect",
    VM_MAP_C "vm_map_protect()",
    "The comm page lies at the map's maximum, where protect finds nothing.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK(vm->protect(self, X86_PAGE, mt_page, FALSE, VM_PROT_READ),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->protect(self, X86_PAGE, mt_page, FALSE, VM_PROT_NONE),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(X86_PAGE, 'c');
}

MT_CASE(allocate, comm_page_cannot_be_allocated_over, "comm-x86-allocate",
    VM_MAP_C "vm_map_enter()",
    "The comm page lies at the map's maximum, where nothing can be "
    "allocated, be it with OVERWRITE.",
    .arch = "x86_64", .needs = "commpage")
{
	mach_vm_address_t address = X86_PAGE;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(X86_PAGE, 'c');
}

MT_CASE(map_anonymous, comm_page_cannot_be_mapped_over, "comm-x86-allocate-map",
    VM_MAP_C "vm_map_enter()",
    "The comm page lies at the map's maximum, where nothing can be mapped.",
    .arch = "x86_64", .needs = "commpage")
{
	mach_vm_address_t address = X86_PAGE;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, VM_PROT_DEFAULT),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(X86_PAGE, 'c');
}

MT_CASE(inherit, inheritance_of_the_comm_page_stays, "comm-x86-inherit",
    VM_MAP_C "vm_map_inherit()",
    "The range is cut at the map's maximum to nothing: success without "
    "effect.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK(vm->inherit(self, X86_PAGE, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_REGION(X86_PAGE, .inheritance = VM_INHERIT_SHARE);
}

MT_CASE(deallocate, deallocating_the_comm_page_clips_the_reserved_range,
    "comm-arm64-deallocate", VM_MAP_C "vm_map_delete()",
    "The reserved range is permanent: deallocating the comm page succeeds, "
    "splits the range and leaves the page readable.",
    .arch = "arm64", .needs = "commpage")
{
	MT_CHECK(vm->deallocate(self, ARM_PAGE, mt_page), KERN_SUCCESS);

	MT_CHECK_BYTE(ARM_PAGE, 'c');
	MT_CHECK_REGION(ARM_PAGE, .address = ARM_PAGE, .size = mt_page,
	    .protection = VM_PROT_NONE);
	MT_CHECK_REGION(NEST, .size = ARM_PAGE - NEST);
}

MT_CASE(protect, comm_page_has_no_permission_to_gain, "comm-arm64-protect",
    VM_MAP_C "vm_map_protect()",
    "The reserved range has no maximum protection: READ is refused, NONE is "
    "what it has.",
    .arch = "arm64", .needs = "commpage")
{
	MT_CHECK(vm->protect(self, ARM_PAGE, mt_page, FALSE, VM_PROT_READ),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, ARM_PAGE, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(ARM_PAGE, 'c');
}

MT_CASE(allocate, reserved_range_cannot_be_allocated_over,
    "comm-arm64-allocate", VM_MAP_C "vm_map_enter()",
    "The reserved range is taken, and permanent: with OVERWRITE there is no "
    "space either.",
    .arch = "arm64", .needs = "commpage")
{
	mach_vm_address_t address = ARM_PAGE;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_NO_SPACE);

	MT_CHECK_BYTE(ARM_PAGE, 'c');
	MT_CHECK_REGION(ARM_PAGE, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
}

MT_CASE(raw, comm_page_cannot_be_executed, "comm-exec-data",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "The comm page holds data: jumping there is a protection failure.",
    .needs = "commpage")
{
	MT_CHECK_FAULT(mt_execute(COMM_PAGE), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}
