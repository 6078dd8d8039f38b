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

MT_CASE(map_anonymous, invalid_bit_of_the_current_protection_is_refused,
    "map-cur-prot-invalid", VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "mach_vm_map() with a bit in the current protection that is no "
    "permission is KERN_INVALID_ARGUMENT.")
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

MT_CASE(map_anonymous, bit_8_of_the_protection_is_refused, "map-prot-bit8",
    VM_MAP_C "vm_map_enter_mem_object_sanitize()",
    "mach_vm_map() refuses protection bit 8 where the processor cannot "
    "separate user execution; on x86_64 macOS 12 to 14 accepted it.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, 8), KERN_INVALID_ARGUMENT,
	    MT_ON_UNTIL(x86_64, 14, KERN_SUCCESS),
	    MT_ON_UNTIL(x86_64, 11, KERN_INVALID_ARGUMENT));
}

MT_CASE(map_anonymous, mask_bit_of_the_protection_is_ignored,
    "map-prot-is-mask-ignored", VM_MAP_C "vm_map_enter_mem_object()",
    "VM_PROT_IS_MASK in the current protection has no effect without a "
    "memory entry.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_DEFAULT | VM_PROT_IS_MASK),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(map, mask_bit_of_the_maximum_is_ignored, "map-prot-is-mask-ignored-max",
    VM_MAP_C "vm_map_enter_mem_object()",
    "VM_PROT_IS_MASK in the maximum protection has no effect without a "
    "memory entry.")
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
    "mach_vm_map() with a bit in the maximum protection that is no "
    "permission is KERN_INVALID_ARGUMENT.")
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
    "mach_vm_map() with an inheritance above VM_INHERIT_NONE, "
    "VM_INHERIT_DONATE_COPY among them, is KERN_INVALID_ARGUMENT, of a memory "
    "entry, too.")
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	static const vm_inherit_t bad[] = { VM_INHERIT_DONATE_COPY, 4,
		0x80000000, UINT32_MAX };
	mach_vm_address_t hole = mt_hole(1), at = hole;

	MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
		       MAP_MEM_NAMED_CREATE | VM_PROT_READ, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		MT_CHECK(map_both(vm, self, hole, VM_PROT_READ, VM_PROT_ALL,
			     bad[i]),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK(vm->map(self, &at, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
			     entry, 0, FALSE, VM_PROT_READ, VM_PROT_READ,
			     bad[i]),
		    KERN_INVALID_ARGUMENT);
	}
	MT_CHECK_HOLE(hole);
}

MT_CASE(map, inheritance_is_kept_as_given, "map-inherit-valid", "vm_map.html",
    "VM_INHERIT_SHARE, VM_INHERIT_COPY and VM_INHERIT_NONE are kept as "
    "mach_vm_map() was given them.")
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

MT_CASE(map, current_beyond_the_maximum_is_reduced, "map-cur-exceeds-max",
    VM_SANITIZE_COMPAT_C "vm_sanitize_err_compat_cur_and_max_prots_vm_map()",
    "mach_vm_map() reduces the current protection to what the maximum "
    "contains; until macOS 14.4 it kept it.")
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
    "A write permission that mach_vm_map() removed from the current "
    "protection is not granted; until macOS 14.4 the store succeeded.")
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
    "A current protection that shares no bit with the maximum becomes "
    "VM_PROT_NONE; until macOS 14.4 it was kept.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_both(vm, self, hole, VM_PROT_READ, VM_PROT_WRITE,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .max_protection = VM_PROT_WRITE,
	    .protection = MT_VALUE(VM_PROT_NONE, MT_UNTIL(14.4, VM_PROT_READ)));
}

MT_CASE(map, write_and_execute_reduced_by_the_maximum_is_accepted,
    "map-cur-exceeds-max-wx", VM_MAP_C "vm_map_enter_mem_object()",
    "mach_vm_map() checks for write with execute after the maximum has "
    "reduced the current protection; until macOS 14.4 it checked what was "
    "asked.",
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
    "A mapping of VM_PROT_NONE is a reservation: access is "
    "KERN_PROTECTION_FAILURE until mach_vm_protect() grants one.")
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
    "A mapping whose maximum is VM_PROT_NONE is one region of any size: it "
    "is not split into chunks of 128 MiB.")
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

MT_CASE(map, range_with_a_maximum_is_split_into_chunks,
    "map-max-none-one-entry-contrast", VM_MAP_C "vm_map_enter()",
    "A mapping of VM_PROT_NONE whose maximum is not VM_PROT_NONE is split "
    "into chunks of 128 MiB.")
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
    "vm_map.html",
    "mach_vm_protect() cannot grant a permission that the maximum of the "
    "mapping lacks.")
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
    "A native arm64 process cannot mach_vm_map() memory both writable and "
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
    "An x86_64 process without code-signing enforcement can mach_vm_map() "
    "memory both writable and executable.",
    .arch = "x86_64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_ALL), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_ALL);
}

MT_CASE(map_anonymous, execute_adds_read, "map-exec-implies-read-arm64",
    VM_MAP_C "vm_map_enter_mem_object()",
    "On arm64 VM_PROT_EXECUTE in mach_vm_map() adds VM_PROT_READ since "
    "macOS 13.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_EXECUTE), KERN_SUCCESS);

	MT_CHECK_REGION(hole,
	    .protection = MT_VALUE(VM_PROT_READ | VM_PROT_EXECUTE,
		MT_UNTIL(12, VM_PROT_EXECUTE)));
}

MT_CASE(map, execute_adds_read_beyond_the_maximum,
    "map-exec-implies-read-arm64-max", VM_MAP_C "vm_map_enter_mem_object()",
    "On arm64 VM_PROT_EXECUTE adds VM_PROT_READ to the current protection "
    "even where the maximum lacks it: r-x in --x; since macOS 26.4 the "
    "maximum gets it, too; so it is for a memory entry.",
    .arch = "arm64")
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
		       MAP_MEM_NAMED_CREATE | VM_PROT_ALL, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t hole = mt_hole(1), at = hole;

		MT_CHECK(vm->map(self, &at, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
			     i == 0 ? MACH_PORT_NULL : entry, 0, FALSE,
			     VM_PROT_EXECUTE, VM_PROT_EXECUTE, VM_INHERIT_COPY),
		    KERN_SUCCESS);

		MT_CHECK_REGION(hole,
		    .max_protection = MT_VALUE(VM_PROT_READ | VM_PROT_EXECUTE,
			MT_UNTIL(26.3, VM_PROT_EXECUTE)),
		    .protection = MT_VALUE(VM_PROT_READ | VM_PROT_EXECUTE,
			MT_UNTIL(12, VM_PROT_EXECUTE)));
	}
}

MT_CASE(map, execute_removed_by_the_maximum_adds_nothing,
    "map-exec-implies-read-arm64-cut", VM_MAP_C "vm_map_enter_mem_object()",
    "On arm64 since macOS 14.5 VM_PROT_EXECUTE that the maximum removes "
    "adds no VM_PROT_READ; macOS 13 added it, macOS 11 and 12 kept execute "
    "alone.",
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
    VM_MAP_C "vm_map_enter()",
    "On x86_64 a mapping can have VM_PROT_EXECUTE alone.", .arch = "x86_64",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_EXECUTE), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_EXECUTE);
}

MT_CASE(map_anonymous, write_alone_grants_no_access, "map-write-only",
    XNU "osfmk/i386/trap.c, user_trap()",
    "A mapping can have VM_PROT_WRITE alone, but a store also needs read "
    "permission and faults.")
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
    "A mapping of VM_PROT_READ reads as zero and refuses a store.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(map_current(vm, self, hole, VM_PROT_READ), KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0);
	MT_CHECK_FAULT(mt_write(hole, 0x51), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(hole, .protection = VM_PROT_READ);
}

MT_CASE(map, tpro_memory_must_be_readable_and_writable, "map-tpro-protection",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_TPRO since macOS 14: mach_vm_map() with a maximum that does not "
    "allow to read and to write, or a current protection that does not allow "
    "to read, is KERN_PROTECTION_FAILURE.",
    .since = "14")
{
	static const struct {
		vm_prot_t current, maximum;
	} rows[] = {
		{ VM_PROT_READ, VM_PROT_READ },
		{ VM_PROT_READ, VM_PROT_READ | VM_PROT_EXECUTE },
		{ VM_PROT_NONE, VM_PROT_ALL },
		{ VM_PROT_NONE, VM_PROT_NONE },
		{ VM_PROT_WRITE, VM_PROT_DEFAULT },
	};
	mach_vm_address_t hole = mt_hole(1), at;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		at = hole;
		MT_CHECK(vm->map(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | VM_FLAGS_TPRO | PLAIN,
			     MACH_PORT_NULL, 0, FALSE, rows[i].current,
			     rows[i].maximum, VM_INHERIT_COPY),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_HOLE(hole);
	}
}

MT_CASE(map, tpro_memory_is_shown_without_execute, "map-tpro-execute",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_TPRO since macOS 14: whatever the current protection is besides "
    "VM_PROT_READ, the region shows that alone; it has a VM object at once.",
    .since = "14")
{
	static const vm_prot_t currents[] = { VM_PROT_READ, VM_PROT_DEFAULT,
		VM_PROT_READ | VM_PROT_EXECUTE };
	mach_vm_address_t hole, at;

	for (unsigned i = 0; i < sizeof(currents) / sizeof(currents[0]); i++) {
		at = hole = mt_hole(1);
		MT_CHECK(vm->map(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | VM_FLAGS_TPRO | PLAIN,
			     MACH_PORT_NULL, 0, FALSE, currents[i], VM_PROT_ALL,
			     VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
		    .max_protection = VM_PROT_ALL, .share_mode = SM_PRIVATE,
		    .ref_count = 1);
	}
}
