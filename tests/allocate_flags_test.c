/*
 * The flags of an allocation: which bits are accepted, and what they do.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* VM_FLAGS_MTE: since 26.1 a processor with memory tags decides, and whether
 * the process has them; x86_64 kernels know the flag and do nothing. */
#define MTE 0x2000
#define UNDECIDED_FLAGS \
	((uint32_t)MT_VALUE(0, MT_ON(arm64, MTE), MT_PAGES("4K on 16K", MTE)))

#define SUPERPAGE(value_) ((value_) << VM_FLAGS_SUPERPAGE_SHIFT)

/* Of size 0, so that the filter alone decides. */
MT_CASE(allocate, each_flag_bit_is_accepted_or_refused, "alloc-flags-unknown",
    XNU "osfmk/mach/vm_statistics.h",
    "mach_vm_allocate() refuses each flag outside VM_FLAGS_USER_ALLOCATE "
    "with KERN_INVALID_ARGUMENT.")
{
	const uint32_t undecided = UNDECIDED_FLAGS;
	uint32_t accepted = 0, refused = 0;

	for (unsigned bit = 0; bit < 32; bit++) {
		mach_vm_address_t address = 0;
		kern_return_t kr = vm->allocate(self, &address, 0,
		    (int)(UINT32_C(1) << bit));

		accepted |= kr == KERN_SUCCESS ? UINT32_C(1) << bit : 0;
		refused |= kr == KERN_INVALID_ARGUMENT ? UINT32_C(1) << bit : 0;
	}

	/* 26.1: VM_FLAGS_MTE; 26.4: VM_FLAGS_GUARD_OBJECT_OPTOUT */
	MT_CHECK_ADDRESS(accepted & ~undecided, 0xff47709f & ~undecided,
	    MT_UNTIL(26.3, 0xff07709f & ~undecided), MT_UNTIL(26.0, 0xff07509f),
	    MT_UNTIL(12, 0xff07409f), MT_UNTIL(11.2, 0xff07401f));
	MT_CHECK_ADDRESS(accepted | refused, UINT32_MAX);
}

MT_CASE(allocate, flag_of_memory_tags_is_known, "allocate-flag-mte",
    XNU26 "osfmk/mach/vm_statistics.h, VM_FLAGS_MTE",
    "VM_FLAGS_MTE, 0x2000, is accepted on x86_64 since macOS 26.1, and has no "
    "effect there.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page, MTE | PLAIN),
	    KERN_SUCCESS, MT_UNTIL(26.0, KERN_INVALID_ARGUMENT));
	MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_UNTIL(26.0, ".")));
}

MT_CASE(allocate, flag_of_memory_tags_asks_the_processor,
    "allocate-flag-mte-arm64",
    XNU26 "osfmk/vm/vm_map.c, vm_map_kernel_flags_check()",
    "VM_FLAGS_MTE on arm64 is accepted by a processor without memory tags "
    "since macOS 26.1; with them only a process that has tags may ask for "
    "tagged memory.",
    .since = "26.1", .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_OBSERVE(allocate_at(vm, self, hole, mt_page, MTE | PLAIN));
}

MT_CASE(allocate, unknown_flag_maps_nothing, "alloc-flags-unknown-fixed",
    VM_USER_C "mach_vm_allocate_external()",
    "mach_vm_allocate() with an unknown flag maps nothing.")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHECK(vm->allocate(self, &address, mt_page, VM_FLAGS_FIXED | 0x100),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_ADDRESS(address, hole);
	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, unknown_flag_is_reported_before_a_bad_range,
    "alloc-flags-unknown-first", VM_USER_C "mach_vm_allocate_external()",
    "mach_vm_allocate() checks its flags before it looks at the range.")
{
	MT_CHECK(allocate_at(vm, self, LAST_PAGE, mt_page, 0x200),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(allocate_at(vm, self, 0, mt_page, 0x400),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(allocate, data_address_flags_are_refused,
    "alloc-flags-return-data-addr", XNU "osfmk/mach/vm_statistics.h",
    "VM_FLAGS_RETURN_DATA_ADDR and VM_FLAGS_RETURN_4K_DATA_ADDR are flags "
    "of mach_vm_map(); mach_vm_allocate() refuses them.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_RETURN_DATA_ADDR),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_RETURN_4K_DATA_ADDR),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, resilience_flags_are_refused, "alloc-flags-resilient",
    XNU "osfmk/mach/vm_statistics.h",
    "VM_FLAGS_RESILIENT_CODESIGN and VM_FLAGS_RESILIENT_MEDIA are flags of "
    "mach_vm_remap(); mach_vm_allocate() refuses them.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_RESILIENT_CODESIGN),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(allocate_at(vm, self, hole, mt_page, VM_FLAGS_RESILIENT_MEDIA),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, permanent_is_a_user_flag, "alloc-flags-permanent-version",
    XNU "osfmk/mach/vm_statistics.h",
    "VM_FLAGS_PERMANENT is in VM_FLAGS_USER_ALLOCATE since macOS 11.3; "
    "earlier releases refuse it.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, hole, mt_page,
			     VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS, MT_UNTIL(11.2, KERN_INVALID_ARGUMENT));

		MT_CHECK_LAYOUT(hole, MT_PICTURE("a", MT_UNTIL(11.2, ".")));
	}
}

/* Of size 0: what the memory becomes depends on hardware that no public
 * source describes. */
MT_CASE(allocate, tpro_is_a_user_flag, "alloc-flags-tpro-version",
    XNU "osfmk/mach/vm_statistics.h",
    "VM_FLAGS_TPRO is in VM_FLAGS_USER_ALLOCATE since macOS 13; earlier "
    "releases refuse it.")
{
	mach_vm_address_t address = 0x1234;

	MT_CHECK(vm->allocate(self, &address, 0, VM_FLAGS_TPRO), KERN_SUCCESS,
	    MT_UNTIL(12, KERN_INVALID_ARGUMENT));

	MT_CHECK_ADDRESS(address, 0, MT_UNTIL(12, 0x1234));
}

MT_CASE(allocate, uncached_memory_is_ordinary_memory, "alloc-nocache",
    "vm_statistics.h",
    "VM_FLAGS_NO_CACHE is a hint to page replacement: the memory behaves "
    "like any other.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_NO_CACHE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .user_tag = MT_TAG);
	MT_CHECK_WRITABLE(hole);
}

MT_CASE(allocate, purgeable_memory_is_nonvolatile, "alloc-purgable",
    "vm_statistics.h",
    "VM_FLAGS_PURGABLE creates a purgeable object in state "
    "VM_PURGABLE_NONVOLATILE.")
{
	mach_vm_address_t hole = mt_hole(1);
	int state = -1;

	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->purgable_control(self, hole, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_NONVOLATILE);
}

MT_CASE(allocate, every_combination_of_harmless_flags_is_accepted,
    "alloc-flags-unknown-none", XNU "osfmk/mach/vm_statistics.h",
    "The flags in VM_FLAGS_USER_ALLOCATE that change nothing about "
    "placement can be combined freely: each set allocates.")
{
	const int harmless = VM_FLAGS_4GB_CHUNK | VM_FLAGS_RANDOM_ADDR |
	    VM_FLAGS_NO_CACHE | VM_FLAGS_OVERWRITE;
	mach_vm_address_t hole = mt_hole(1);
	unsigned sets = 0, good = 0;

	for (int set = 0; set <= harmless; set++) {
		if (set & ~harmless)
			continue;
		sets++;
		good += allocate_at(vm, self, hole, mt_page, set | PLAIN) ==
		    KERN_SUCCESS;
		good -= vm->deallocate(self, hole, mt_page) != KERN_SUCCESS;
	}

	MT_CHECK_NUMBER(sets, 16);
	MT_CHECK_NUMBER(good, sets);
}

MT_CASE(allocate, arm64_has_no_superpages, "alloc-superpage-arm64",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_SUPERPAGE_MASK: every superpage size is refused where the "
    "kernel has no superpages.",
    .arch = "arm64")
{
	mach_vm_address_t hole = mt_hole(1);

	for (int value = 1; value <= 7; value++)
		MT_CHECK(allocate_at(vm, self, hole, 2 * MIB, SUPERPAGE(value)),
		    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, x86_64_refuses_unknown_superpage_sizes,
    "alloc-superpage-bad-value", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_SUPERPAGE_SIZE_ANY and VM_FLAGS_SUPERPAGE_SIZE_2MB are the "
    "only superpage sizes; others are KERN_INVALID_ARGUMENT.",
    .arch = "x86_64")
{
	mach_vm_address_t hole = mt_hole_aligned(512, 2 * MIB);

	for (int value = 3; value <= 7; value++)
		MT_CHECK(allocate_at(vm, self, hole, 2 * MIB, SUPERPAGE(value)),
		    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, superpage_size_must_be_a_multiple_of_2_mib,
    "alloc-superpage-2mb-size", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_SUPERPAGE_SIZE_2MB requires a size that is a multiple of 2 "
    "MiB.",
    .arch = "x86_64")
{
	mach_vm_address_t hole = mt_hole_aligned(1024, 2 * MIB);

	MT_CHECK(allocate_at(vm, self, hole, mt_page,
		     VM_FLAGS_SUPERPAGE_SIZE_2MB),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(allocate_at(vm, self, hole, 2 * MIB + mt_page,
		     VM_FLAGS_SUPERPAGE_SIZE_2MB),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, superpage_at_an_unaligned_address_has_no_space,
    "alloc-superpage-fixed-unaligned", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_SUPERPAGE_SIZE_2MB with VM_FLAGS_FIXED requires an address "
    "that is a multiple of 2 MiB: otherwise KERN_NO_SPACE.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = mt_hole_aligned(1024, 2 * MIB);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, 2 * MIB,
		     VM_FLAGS_SUPERPAGE_SIZE_2MB),
	    KERN_NO_SPACE);

	MT_CHECK_HOLE(hole + mt_page);
}

MT_CASE(allocate, superpages_are_wired_and_never_inherited,
    "alloc-superpage-attributes", VM_MAP_C "vm_map_enter()",
    "Each superpage of VM_FLAGS_SUPERPAGE_SIZE_2MB is a region of its own, "
    "wired, with VM_INHERIT_NONE, and zero.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = mt_hole_aligned(1024, 2 * MIB);
	kern_return_t kr = allocate_at(vm, self, hole, 4 * MIB,
	    VM_FLAGS_SUPERPAGE_SIZE_2MB | PLAIN);

	MT_SKIP_UNLESS(kr != KERN_RESOURCE_SHORTAGE,
	    "no contiguous memory is left for a superpage");

	MT_CHECK(kr, KERN_SUCCESS);
	MT_CHECK_REGION(hole, .address = hole, .size = 2 * MIB,
	    .inheritance = VM_INHERIT_NONE, .share_mode = SM_LARGE_PAGE,
	    .user_wired_count = 1);
	MT_CHECK_REGION(hole + 2 * MIB, .address = hole + 2 * MIB,
	    .size = 2 * MIB, .inheritance = VM_INHERIT_NONE,
	    .user_wired_count = 1);
	for (unsigned page = 0; page < 1024; page += 341)
		MT_CHECK_BYTE(hole + page * mt_page, 0);
}

MT_CASE(allocate, superpage_of_any_size_rounds_up,
    "alloc-superpage-2mb-size-any", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_SUPERPAGE_SIZE_ANY rounds the size up to 2 MiB.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = mt_hole_aligned(512, 2 * MIB);
	kern_return_t kr = allocate_at(vm, self, hole, mt_page,
	    VM_FLAGS_SUPERPAGE_SIZE_ANY | PLAIN);

	MT_SKIP_UNLESS(kr != KERN_RESOURCE_SHORTAGE,
	    "no contiguous memory is left for a superpage");

	MT_CHECK(kr, KERN_SUCCESS);
	MT_CHECK_REGION(hole, .address = hole, .size = 2 * MIB);
}

MT_CASE(allocate, superpage_cannot_be_purgeable, "purge-alloc-superpage",
    VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_PURGABLE and VM_FLAGS_SUPERPAGE_SIZE_2MB exclude each other.",
    .arch = "x86_64", .since = "15")
{
	mach_vm_address_t hole = mt_hole_aligned(512, 2 * MIB);

	MT_CHECK(allocate_at(vm, self, hole, 2 * MIB,
		     VM_FLAGS_SUPERPAGE_SIZE_2MB | VM_FLAGS_PURGABLE),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}

MT_CASE(allocate, superpage_cannot_hold_small_malloc_blocks,
    "alloc-superpage-incompatible", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_SUPERPAGE_SIZE_2MB is refused for the malloc tags whose "
    "memory has a VM object from the start.",
    .arch = "x86_64", .since = "15")
{
	static const unsigned tags[] = { 1, 2, 7, 11, 12 };
	mach_vm_address_t hole = mt_hole_aligned(512, 2 * MIB);

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		MT_CHECK(allocate_at(vm, self, hole, 2 * MIB,
			     VM_FLAGS_SUPERPAGE_SIZE_2MB | TAG(tags[i])),
		    KERN_INVALID_ARGUMENT);

	MT_CHECK_HOLE(hole);
}
