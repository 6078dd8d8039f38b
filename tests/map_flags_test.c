/*
 * The flags of mach_vm_map: which are known, and what they do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Map n pages of anonymous memory at a fixed address. */
static kern_return_t
map_at(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, unsigned n, int flags)
{
	return vm->map_anonymous(self, &address, n * mt_page, 0,
	    VM_FLAGS_FIXED | flags, VM_PROT_DEFAULT);
}

/* VM_FLAGS_MTE: allocate_flags_test */
#define UNDECIDED_FLAGS                              \
	((uint32_t)MT_VALUE(0, MT_ON(arm64, 0x2000), \
	    MT_PAGES("4K on 16K", 0x2000)))

MT_CASE(map_anonymous, unknown_flag_is_an_invalid_argument, "map-flags-first",
    VM_STATISTICS_H "VM_FLAGS_USER_MAP",
    "mach_vm_map() refuses each flag outside VM_FLAGS_USER_MAP with "
    "KERN_INVALID_ARGUMENT.")
{
	/* 26.1: VM_FLAGS_MTE; 26.4: VM_FLAGS_GUARD_OBJECT_OPTOUT */
	uint32_t known = MT_VALUE(0xffd7709f, MT_UNTIL(26.3, 0xff97709f),
	    MT_UNTIL(26.0, 0xff97509f), MT_UNTIL(12, 0xff97409f),
	    MT_UNTIL(11.2, 0xff97401f));
	mach_vm_address_t hole = mt_hole(1);

	for (int bit = 0; bit < 24; bit++) {
		if ((known | UNDECIDED_FLAGS) >> bit & 1)
			continue;
		MT_CHECK(map_at(vm, self, hole, 1, 1 << bit),
		    KERN_INVALID_ARGUMENT);
		MT_CHECK_HOLE(hole);
	}
}

MT_CASE(map_anonymous,
    unknown_flag_is_reported_before_an_address_outside_the_map,
    "map-flags-first-address", VM_USER_C "mach_vm_map_external()",
    "mach_vm_map() checks its flags before the address.")
{
	MT_CHECK(map_at(vm, self, 0, 1, 0x100), KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, 0, 1, 0), KERN_INVALID_ADDRESS);
}

MT_CASE(map_anonymous, unknown_flag_is_reported_before_an_occupied_address,
    "map-flags-first-occupied", VM_USER_C "mach_vm_map_external()",
    "mach_vm_map() checks its flags before it looks for an occupied "
    "address.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(map_at(vm, self, page, 1, 0x100), KERN_INVALID_ARGUMENT);
	MT_CHECK(map_at(vm, self, page, 1, 0), KERN_NO_SPACE);
}

MT_CASE(map, unknown_flag_is_reported_before_a_wrong_object,
    "map-flags-first-object", VM_USER_C "mach_vm_map_external()",
    "mach_vm_map() checks its flags before the object.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_FIXED | 0x100,
		     self, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
		     VM_INHERIT_DEFAULT),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(map_anonymous, flags_without_effect_map_ordinary_memory,
    "map-flags-known", VM_STATISTICS_H "VM_FLAGS_USER_MAP",
    "VM_FLAGS_4GB_CHUNK, VM_FLAGS_NO_CACHE, VM_FLAGS_RETURN_DATA_ADDR and "
    "VM_FLAGS_RETURN_4K_DATA_ADDR are accepted by mach_vm_map() and map "
    "memory as without them.")
{
	static const int flags[] = { VM_FLAGS_4GB_CHUNK, VM_FLAGS_NO_CACHE,
		VM_FLAGS_RETURN_DATA_ADDR, VM_FLAGS_RETURN_4K_DATA_ADDR };
	mach_vm_address_t hole = mt_hole(1);

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		MT_CHECK(map_at(vm, self, hole, 1, flags[i] | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
		    .protection = VM_PROT_DEFAULT, .user_tag = MT_TAG);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, region_shows_the_tag, "map-tag-and-region",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() without an object gives the region the tag in the flags "
    "and the attributes of an allocation.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(map_at(vm, self, hole, 2, TAG(251)), KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = 2 * mt_page,
	    .protection = VM_PROT_DEFAULT, .max_protection = VM_PROT_ALL,
	    .inheritance = VM_INHERIT_DEFAULT, .user_tag = 251,
	    .behavior = VM_BEHAVIOR_DEFAULT, .share_mode = SM_EMPTY,
	    .user_wired_count = 0, .is_submap = FALSE, .object_id = 0);
}

MT_CASE(map_anonymous, every_tag_is_kept, "map-tag-and-region-all",
    VM_STATISTICS_H "VM_FLAGS_USER_MAP",
    "mach_vm_map() keeps each of the 256 tags of VM_MAKE_TAG().",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	for (int tag = 0; tag < 256; tag++) {
		MT_REQUIRE(map_at(vm, self, hole, 1, TAG(tag)), KERN_SUCCESS);
		MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
		    .user_tag = tag);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, new_mapping_reads_as_zero, "map-null-object-zero",
    "vm_map.html",
    "If MEMORY_OBJECT_NULL is specified, the kernel allocates zero-filled "
    "memory, as with vm_allocate.")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHECK(map_at(vm, self, hole, 2, PLAIN), KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0);
	MT_CHECK_BYTE(hole + 2 * mt_page - 1, 0);
	MT_CHECK_WRITABLE(hole + mt_page);
}

MT_CASE(map, offset_and_copy_mean_nothing_without_an_object, "map-null-object",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() with MEMORY_OBJECT_NULL ignores offset and copy: an "
    "unaligned offset is accepted.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole;

	MT_CHECK(vm->map(self, &address, 2 * mt_page, 0, VM_FLAGS_FIXED | PLAIN,
		     MACH_PORT_NULL, 3, TRUE, VM_PROT_DEFAULT, VM_PROT_ALL,
		     VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .address = hole, .size = 2 * mt_page, .offset = 0,
	    .share_mode = SM_EMPTY);
	MT_CHECK_BYTE(hole, 0);
}

MT_CASE(map, huge_offset_is_ignored_without_an_object, "lib-map-trap-condition",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() with MEMORY_OBJECT_NULL accepts any offset, by trap and, "
    "for another inheritance, by message.")
{
	static const vm_inherit_t inheritance[] = { VM_INHERIT_DEFAULT,
		VM_INHERIT_SHARE };
	mach_vm_address_t hole = mt_hole(1);

	for (int i = 0; i < 2; i++) {
		mach_vm_address_t address = hole;

		MT_CHECK(vm->map(self, &address, mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, MACH_PORT_NULL, UINT64_MAX,
			     FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
			     inheritance[i]),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .offset = 0,
		    .inheritance = inheritance[i]);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, trap_has_maximum_all_and_inherits_a_copy,
    "map-trap-fixed-args", MACH_KERNELRPC_C "_kernelrpc_mach_vm_map_trap()",
    "The map trap has no such arguments: the maximum protection is "
    "VM_PROT_ALL, the inheritance VM_INHERIT_COPY.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0, VM_FLAGS_FIXED,
		     VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(map_anonymous, permanent_mapping_stays_mapped_when_deallocated,
    "vd-permanent-user-map", VM_STATISTICS_H "VM_FLAGS_USER_MAP",
    "VM_FLAGS_PERMANENT is accepted by mach_vm_map() since macOS 11.3; "
    "deallocating such a mapping leaves it without access.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_CHECK(map_at(vm, self, hole, 1, VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS, MT_UNTIL(11.2, KERN_INVALID_ARGUMENT));
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_UNTIL(11.2, ".")));
	}
}

MT_CASE(map_anonymous, purgeable_mapping_has_an_object_at_once,
    "purge-alloc-map", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE makes mach_vm_map() create a VM object at once, in "
    "state VM_PURGABLE_NONVOLATILE.")
{
	mach_vm_address_t hole = mt_hole(2);
	int state = 0x51;

	MT_CHECK(map_at(vm, self, hole, 2, VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .size = 2 * mt_page, .share_mode = SM_PRIVATE,
	    .ref_count = 1);
	MT_CHECK(stage->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(map_anonymous, purgeable_mapping_has_a_largest_size,
    "map-flags-purgable-size", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE is refused above ANON_MAX_SIZE: 2^32-1 pages, until "
    "macOS 12 just under 4 GiB.",
    .needs = "native")
{
	mach_vm_size_t size = MT_VALUE((UINT64_C(1) << 32) * mt_page,
	    MT_UNTIL(12, UINT64_C(1) << 32));
	mach_vm_address_t address = 0;

	MT_CHECK(vm->map_anonymous(self, &address, size, 0,
		     VM_FLAGS_ANYWHERE | VM_FLAGS_PURGABLE | PLAIN,
		     VM_PROT_DEFAULT),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(address, 0);
}
