/*
 * The protections and the inheritance that mach_vm_map takes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Map one page at a fixed address: current protection alone. */
static kern_return_t
map_current(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, vm_prot_t current)
{
	return vm->map_anonymous(self, &address, mt_page, 0,
	    VM_FLAGS_FIXED | PLAIN, current);
}

/* The same with a maximum protection and an inheritance. */
static kern_return_t
map_both(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, vm_prot_t current, vm_prot_t maximum,
    vm_inherit_t inheritance)
{
	return vm->map(self, &address, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
	    MACH_PORT_NULL, 0, FALSE, current, maximum, inheritance);
}

MT_CASE(map_anonymous, invalid_bit_of_the_protection_is_refused,
    "map-cur-prot-invalid", VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "A current protection with a bit that is no permission is an invalid "
    "argument.")
{
	mach_vm_address_t hole = mt_hole(1);

	for (int bit = 4; bit < 32; bit++) {
		if (bit == 6)
			continue; /* VM_PROT_IS_MASK: a case of its own */
		MT_CHECK(map_current(vm, self, hole,
			     (vm_prot_t)(UINT32_C(1) << bit) | VM_PROT_READ),
		    KERN_INVALID_ARGUMENT);
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(map_anonymous, user_execute_bit_is_no_permission_here, "map-prot-bit8",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "Bit 8 is refused where the processor cannot separate user execution; "
    "on x86_64 macOS 12 to 14 let it pass.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, 8), KERN_INVALID_ARGUMENT,
	    MT_ON_UNTIL(x86_64, 14, KERN_SUCCESS),
	    MT_ON_UNTIL(x86_64, 11, KERN_INVALID_ARGUMENT));
}

MT_CASE(map_anonymous, mask_bit_of_the_protection_is_dropped,
    "map-prot-is-mask-ignored", VM_MAP_C "vm_map_enter_mem_object_helper()",
    "IS_MASK means something for memory entries alone: without an object it "
    "is taken away.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_DEFAULT | VM_PROT_IS_MASK),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(map, mask_bit_of_the_maximum_is_dropped, "map-prot-is-mask-ignored-max",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "IS_MASK in the maximum protection is taken away too.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_READ,
		     VM_PROT_READ | VM_PROT_IS_MASK, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
}

MT_CASE(map, invalid_bit_of_the_maximum_is_refused, "map-max-prot-invalid",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "A maximum protection with a bit that is no permission is an invalid "
    "argument.")
{
	mach_vm_address_t hole = mt_hole(1);

	for (int bit = 4; bit < 32; bit++) {
		if (bit == 6)
			continue;
		MT_CHECK(map_both(vm, self, hole, VM_PROT_READ,
			     (vm_prot_t)(UINT32_C(1) << bit) | VM_PROT_ALL,
			     VM_INHERIT_COPY),
		    KERN_INVALID_ARGUMENT);
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, inheritance_beyond_none_is_refused, "map-inherit-invalid",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "An inheritance above NONE is an invalid argument, DONATE_COPY among "
    "them.")
{
	static const vm_inherit_t bad[] = { VM_INHERIT_DONATE_COPY, 4,
		0x80000000, UINT32_MAX };
	mach_vm_address_t hole = mt_hole(1);

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		MT_CHECK(map_both(vm, self, hole, VM_PROT_READ, VM_PROT_ALL,
			     bad[i]),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, inheritance_is_kept_as_given, "map-inherit-valid", "vm_map.html",
    "SHARE, COPY and NONE are recorded.")
{
	mach_vm_address_t hole = mt_hole(1);

	for (vm_inherit_t inheritance = VM_INHERIT_SHARE;
	     inheritance <= VM_INHERIT_NONE; inheritance++) {
		MT_CHECK(map_both(vm, self, hole, VM_PROT_DEFAULT, VM_PROT_ALL,
			     inheritance),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .inheritance = inheritance);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(map, current_beyond_the_maximum_is_cut, "map-cur-exceeds-max",
    VM_SANITIZE_COMPAT_C "vm_sanitize_err_compat_cur_and_max_prots_vm_map()",
    "A current protection that the maximum does not contain is cut to it; "
    "until macOS 14.4 it was kept as it was.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_DEFAULT, VM_PROT_READ,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .max_protection = VM_PROT_READ,
	    .protection = MT_VALUE(VM_PROT_READ,
		MT_UNTIL(14.4, VM_PROT_DEFAULT)));
}

MT_CASE(map, write_beyond_the_maximum_faults, "map-cur-exceeds-max-write",
    VM_SANITIZE_COMPAT_C "vm_sanitize_err_compat_cur_and_max_prots_vm_map()",
    "What was cut from the current protection is not granted; until macOS "
    "14.4 the store went through.")
{
	mach_vm_address_t hole = mt_hole(1);
	struct mt_fault store;

	MT_REQUIRE(map_both(vm, self, hole, VM_PROT_DEFAULT, VM_PROT_READ,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);

	store = mt_write(hole, 0x51);
	MT_CHECK_NUMBER(store.exception, EXC_BAD_ACCESS, MT_UNTIL(14.4, 0));
	MT_CHECK_BYTE(hole, MT_VALUE(0, MT_UNTIL(14.4, 0x51)));
}

MT_CASE(map, current_outside_the_maximum_leaves_nothing,
    "map-cur-exceeds-max-none",
    VM_SANITIZE_COMPAT_C "vm_sanitize_err_compat_cur_and_max_prots_vm_map()",
    "A current protection of which the maximum contains nothing becomes "
    "NONE; until macOS 14.4 it was kept.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_READ, VM_PROT_WRITE,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .max_protection = VM_PROT_WRITE,
	    .protection = MT_VALUE(VM_PROT_NONE, MT_UNTIL(14.4, VM_PROT_READ)));
}

MT_CASE(map, write_and_execute_cut_by_the_maximum_pass,
    "map-cur-exceeds-max-wx", VM_MAP_C "vm_map_enter_mem_object_helper()",
    "The test for write with execute sees the current protection that the "
    "maximum has cut; until macOS 14.4 it saw what was asked.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_ALL, VM_PROT_DEFAULT,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS, MT_UNTIL(14.4, KERN_PROTECTION_FAILURE));
	MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_UNTIL(14.4, ".")));
}

MT_CASE(map_anonymous, mapping_without_permission_is_a_reservation,
    "map-cur-none", VM_MAP_C "vm_map_enter()",
    "A mapping may begin without any permission: touching it is a "
    "protection failure until protect grants one.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_NONE), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK_FAULT(mt_write(hole, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);

	MT_REQUIRE(stage->protect(self, hole, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_WRITABLE(hole);
}

MT_CASE(map, range_without_maximum_is_one_region, "map-max-none-one-entry",
    VM_MAP_C "vm_map_enter()",
    "A mapping whose maximum is NONE is never cut into chunks of 128 MiB.")
{
	mach_vm_size_t size = 1 * GIB;
	mach_vm_address_t address = 0;

	MT_CHECK(vm->map(self, &address, size, 0, VM_FLAGS_ANYWHERE | PLAIN,
		     MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = (int64_t)address,
	    .size = (int64_t)size, .max_protection = VM_PROT_NONE);
}

MT_CASE(map, range_with_a_maximum_is_cut_into_chunks,
    "map-max-none-one-entry-contrast", VM_MAP_C "vm_map_enter()",
    "The same mapping with a maximum is cut into chunks of 128 MiB, even "
    "without a current permission.")
{
	mach_vm_size_t size = 1 * GIB;
	mach_vm_address_t address = 0;

	MT_CHECK(vm->map(self, &address, size, 0, VM_FLAGS_ANYWHERE | PLAIN,
		     MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_READ,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(address, address + size), 8);
	MT_CHECK_REGION(address, .address = (int64_t)address,
	    .size = (int64_t)CHUNK);
}

MT_CASE(map, maximum_bounds_later_protections, "map-max-r-blocks-protect",
    "vm_map.html", "What the maximum protection lacks cannot be had later.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_READ, VM_PROT_READ,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK(stage->protect(self, hole, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
}

MT_CASE(map_anonymous, write_with_execute_is_refused, "map-wx-arm64-native",
    VM_MAP_C "vm_map_enter()",
    "A native arm64 process may not map memory both writable and "
    "executable.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_ALL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(map_current(vm, self, hole, VM_PROT_WRITE | VM_PROT_EXECUTE),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_HOLE(hole);
}

MT_CASE(map_anonymous, write_with_execute_is_mapped, "map-wx-x86",
    VM_MAP_C "vm_map_enter()",
    "On x86_64 a process without code-signing enforcement may map memory "
    "both writable and executable.",
    .arch = "x86_64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_ALL), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_ALL);
}

MT_CASE(map_anonymous, execute_brings_read_along, "map-exec-implies-read-arm64",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "On arm64 a mapping that may be executed may be read too, since macOS "
    "13.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_EXECUTE), KERN_SUCCESS);

	MT_CHECK_REGION(hole,
	    .protection = MT_VALUE(VM_PROT_READ | VM_PROT_EXECUTE,
		MT_UNTIL(12, VM_PROT_EXECUTE)));
}

MT_CASE(map, execute_brings_read_beyond_the_maximum,
    "map-exec-implies-read-arm64-max",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "READ comes along even where the maximum lacks it: r-x in --x.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_EXECUTE, VM_PROT_EXECUTE,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .max_protection = VM_PROT_EXECUTE,
	    .protection = MT_VALUE(VM_PROT_READ | VM_PROT_EXECUTE,
		MT_UNTIL(12, VM_PROT_EXECUTE)));
}

MT_CASE(map, execute_cut_by_the_maximum_brings_nothing,
    "map-exec-implies-read-arm64-cut",
    VM_MAP_C "vm_map_enter_mem_object_helper()",
    "From macOS 14.5 the maximum cuts first: execute that it lacks brings "
    "no READ along.  On 13 it did, and 11 and 12 kept execute alone.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_EXECUTE, VM_PROT_READ,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .max_protection = VM_PROT_READ,
	    .protection = MT_VALUE(VM_PROT_NONE,
		MT_UNTIL(14.4, VM_PROT_READ | VM_PROT_EXECUTE),
		MT_UNTIL(12, VM_PROT_EXECUTE)));
}

MT_CASE(map_anonymous, execute_alone_stays_alone, "map-exec-only-x86",
    VM_MAP_C "vm_map_enter()", "On x86_64 a mapping may be executable alone.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_EXECUTE), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_EXECUTE);
}

MT_CASE(map_anonymous, write_alone_is_no_access, "map-write-only",
    XNU "osfmk/i386/trap.c, user_trap()",
    "A mapping may be writable alone, but a store asks for reading too, so "
    "that it faults.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_WRITE), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_WRITE);
	MT_CHECK_FAULT(mt_write(hole, 0x51), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
}

MT_CASE(map_anonymous, read_only_mapping_reads_as_zero, "map-cur-read-only",
    VM_MAP_C "vm_map_enter()",
    "A mapping may begin read-only: it reads as zero and refuses a store.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_READ), KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0);
	MT_CHECK_FAULT(mt_write(hole, 0x51), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ);
}
