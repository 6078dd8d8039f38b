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

MT_CASE(comm_page, store_to_the_comm_page_is_a_protection_failure,
    "comm-write-faults", VM_SHARED_REGION_C "vm_commpage_enter()",
    "A store to the comm page raises EXC_BAD_ACCESS with code "
    "KERN_PROTECTION_FAILURE.",
    .needs = "commpage")
{
	MT_CHECK_FAULT(mt_write(COMM_PAGE, 0x51), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_BYTE(COMM_PAGE, 'c');
}

MT_CASE(comm_page, store_to_the_comm_page_is_a_bus_error,
    "comm-write-faults-signal", UX_EXCEPTION_C "ux_exception()",
    "The KERN_PROTECTION_FAILURE of a store to the comm page becomes "
    "SIGBUS.",
    .needs = "commpage")
{
	MT_CHECK_NUMBER(mt_write(COMM_PAGE, 0x51).signal, 10);
}

MT_CASE(comm_page, comm_page_is_the_same_in_a_child, "comm-fork-exec",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "A forked child has the comm page with the same contents; until macOS "
    "11 it lacks the range reserved around it on arm64, where a store is "
    "KERN_INVALID_ADDRESS.",
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
    "On x86_64 mach_vm_region() shows the comm page as a submap entry of "
    "4096 bytes above the map's maximum: read-only, VM_INHERIT_SHARE.",
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
    "On x86_64 mach_vm_region_recurse() shows the comm page's submap at "
    "depth 0 and the page itself, inherited shared, at depth 1.",
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
	MT_CHECK_PROTECTION(info.max_protection, VM_PROT_READ);
	MT_CHECK_NUMBER(info.inheritance, VM_INHERIT_SHARE);
}

MT_CASE(region_recurse, code_of_the_comm_page_is_a_submap,
    "recurse-commpage-text", VM_SHARED_REGION_C "vm_commpage_enter()",
    "On x86_64 what lies next above the comm page is a submap of one page of "
    "code: it may be read and executed, no more.",
    .arch = "x86_64", .needs = "native")
{
	struct mt_region next;
	const char *problem;

	MT_REQUIRE_TRUE(mt_region_next(X86_PAGE + 4096, &next, &problem));
	MT_CHECK_REGION((mach_vm_address_t)next.address, .is_submap = TRUE,
	    .size = 4096, .protection = VM_PROT_READ | VM_PROT_EXECUTE,
	    .max_protection = VM_PROT_READ | VM_PROT_EXECUTE,
	    .inheritance = VM_INHERIT_SHARE);
}

MT_CASE(region, comm_page_lies_in_a_range_without_access, "comm-arm64-region",
    VM_MAP_C "vm_map_exec()",
    "On arm64 mach_vm_region() shows a reserved range of VM_PROT_NONE "
    "around the comm page, although the page can be read.",
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
    XNU "osfmk/arm64/machine_routines.c, vm_reserved_regions",
    "On arm64 the 384 GiB from 64 GiB on are reserved for the GPU: no "
    "access, and mach_vm_allocate() is KERN_NO_SPACE.",
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
    "On x86_64 the comm page lies at the map's maximum: "
    "mach_vm_deallocate() succeeds and leaves it mapped.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK(vm->deallocate(self, X86_PAGE, mt_page), KERN_SUCCESS);

	MT_CHECK_BYTE(X86_PAGE, 'c');
	MT_CHECK_REGION(X86_PAGE, .address = X86_PAGE, .size = 4096,
	    .protection = VM_PROT_READ);
}

MT_CASE(protect, protect_does_not_reach_the_comm_page, "comm-x86-protect",
    VM_MAP_C "vm_map_protect()",
    "On x86_64 the comm page lies at the map's maximum: mach_vm_protect() "
    "is KERN_INVALID_ADDRESS.",
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
    "On x86_64 the comm page lies at the map's maximum: VM_FLAGS_FIXED is "
    "KERN_INVALID_ADDRESS, with VM_FLAGS_OVERWRITE too.",
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
    "On x86_64 the comm page lies at the map's maximum: mach_vm_map() over "
    "it is KERN_INVALID_ADDRESS.",
    .arch = "x86_64", .needs = "commpage")
{
	mach_vm_address_t address = X86_PAGE;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, VM_PROT_DEFAULT),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_BYTE(X86_PAGE, 'c');
}

MT_CASE(inherit, inherit_does_not_reach_the_comm_page, "comm-x86-inherit",
    VM_MAP_C "vm_map_inherit()",
    "On x86_64 the comm page lies at the map's maximum: mach_vm_inherit() "
    "clamps the range to nothing and succeeds.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK(vm->inherit(self, X86_PAGE, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_REGION(X86_PAGE, .inheritance = VM_INHERIT_SHARE);
}

MT_CASE(msync, comm_page_is_no_hole, "comm-x86-msync",
    VM_MAP_C "vm_map_msync()",
    "On x86_64 the comm page lies at the map's maximum, which mach_vm_msync() "
    "does not look at: with VM_SYNC_CONTIGUOUS it finds no hole there.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK(vm->msync(self, X86_PAGE, mt_page,
		     VM_SYNC_SYNCHRONOUS | VM_SYNC_CONTIGUOUS),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(X86_PAGE, 'c');
}

MT_CASE(deallocate, deallocating_the_comm_page_clips_the_reserved_range,
    "comm-arm64-deallocate", VM_MAP_C "vm_map_delete()",
    "On arm64 the reserved range is permanent: mach_vm_deallocate() of the "
    "comm page succeeds, splits the range and leaves the page readable.",
    .arch = "arm64", .needs = "commpage")
{
	MT_CHECK(vm->deallocate(self, ARM_PAGE, mt_page), KERN_SUCCESS);

	MT_CHECK_BYTE(ARM_PAGE, 'c');
	MT_CHECK_REGION(ARM_PAGE, .address = ARM_PAGE, .size = mt_page,
	    .protection = VM_PROT_NONE);
	MT_CHECK_REGION(NEST, .size = ARM_PAGE - NEST);
}

MT_CASE(protect, protect_cannot_open_the_reserved_range, "comm-arm64-protect",
    VM_MAP_C "vm_map_protect()",
    "On arm64 the reserved range has the maximum VM_PROT_NONE: "
    "mach_vm_protect() refuses VM_PROT_READ.",
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
    "On arm64 the reserved range is occupied and permanent: VM_FLAGS_FIXED "
    "is KERN_NO_SPACE, with VM_FLAGS_OVERWRITE KERN_PROTECTION_FAILURE since "
    "macOS 26.4 and KERN_NO_SPACE before.",
    .arch = "arm64", .needs = "commpage")
{
	mach_vm_address_t address = ARM_PAGE;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK(vm->allocate(self, &address, mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE),
	    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));

	MT_CHECK_BYTE(ARM_PAGE, 'c');
	MT_CHECK_REGION(ARM_PAGE, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
}

MT_CASE(comm_page, comm_page_cannot_be_executed, "comm-exec-data",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "The comm page is data: a jump to it in a forked child raises "
    "EXC_BAD_ACCESS with code KERN_PROTECTION_FAILURE; until macOS 11 the code "
    "is KERN_INVALID_ADDRESS on arm64, as for a store.",
    .needs = "commpage")
{
	MT_CHILD {
		MT_CHECK_FAULT(mt_execute(COMM_PAGE), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE,
		    MT_ON_UNTIL(arm64, 11, KERN_INVALID_ADDRESS));
		MT_CHECK_BYTE(COMM_PAGE, 'c');
	}
}

MT_CASE(page_query, comm_page_is_in_memory_and_dirty, "comm-x86-page-query",
    VM_SHARED_REGION_C "vm_commpage_enter()",
    "On x86_64 mach_vm_page_query() finds the comm page in memory, and dirty by "
    "the kernel that writes it.",
    .arch = "x86_64", .needs = "native commpage")
{
	const integer_t both = VM_PAGE_QUERY_PAGE_PRESENT |
	    VM_PAGE_QUERY_PAGE_DIRTY;
	integer_t disposition = 0x5a, references = 0x5a;

	MT_CHECK(vm->page_query(self, X86_PAGE, &disposition, &references),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(disposition & ~VM_PAGE_QUERY_PAGE_REF, both);
}
