/*
 * What a call that RLIMIT_AS refuses leaves behind: nothing.  The limit is set
 * by the trap instruction, in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "limits.h"

/* Allocations with each of these flags, a page beyond the limit, and one that
 * reaches it. */
static void
allocate_beyond(const struct mt_route *vm, mach_port_name_t self,
    const int *flags, unsigned count)
{
	mach_vm_address_t hole = mt_hole(4);

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 3 * mt_page) == 0);
		for (unsigned i = 0; i < count; i++) {
			MT_CHECK(allocate_at(vm, self, hole, 4 * mt_page,
				     flags[i] | PLAIN),
			    KERN_NO_SPACE);
			MT_CHECK_LAYOUT(hole, "....");
		}
		MT_CHECK(allocate_at(vm, self, hole, 3 * mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, "aaa.");
	}
}

MT_CASE(allocate, nothing_stays_beyond_rlimit_as_whatever_the_flags,
    "limit-as-flags", VM_MAP_C "vm_map_enter()",
    "An allocation beyond RLIMIT_AS leaves nothing behind, with "
    "VM_FLAGS_PURGABLE and other flags as without.",
    .since = "12", .needs = "traps")
{
	static const int flags[] = { VM_FLAGS_PURGABLE, VM_FLAGS_NO_CACHE,
		VM_FLAGS_4GB_CHUNK, VM_FLAGS_OVERWRITE };

	allocate_beyond(vm, self, flags, sizeof(flags) / sizeof(*flags));
}

MT_CASE(allocate, nothing_permanent_stays_beyond_rlimit_as,
    "limit-as-permanent", VM_MAP_C "vm_map_enter(), VM_MAP_REMOVE_IMMUTABLE",
    "A permanent allocation beyond RLIMIT_AS leaves nothing behind.",
    .since = "13", .needs = "traps")
{
	static const int flags[] = { VM_FLAGS_PERMANENT,
		VM_FLAGS_PERMANENT | VM_FLAGS_OVERWRITE,
		VM_FLAGS_PERMANENT | VM_FLAGS_PURGABLE };

	allocate_beyond(vm, self, flags, sizeof(flags) / sizeof(*flags));
}

MT_CASE(allocate, permanent_stays_beyond_rlimit_as, "limit-as-permanent-stays",
    VM_MAP_C "vm_map_enter(), vm_map_delete()",
    "A permanent allocation beyond RLIMIT_AS is KERN_NO_SPACE, and its range "
    "stays taken, without any access.",
    .since = "12", .until = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 3 * mt_page) == 0);
		MT_CHECK(allocate_at(vm, self, hole, 4 * mt_page,
			     VM_FLAGS_PERMANENT | PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK_LAYOUT(hole, "aaaa");
		MT_CHECK_REGION(hole, .protection = VM_PROT_NONE,
		    .max_protection = VM_PROT_NONE);
		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_NO_SPACE);
	}
}

/* A page of these flags, and three more above it, one beyond the limit. */
static void
extend_beyond(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t hole, int flags)
{
	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, flags | PLAIN),
	    KERN_SUCCESS);
	TOUCH(hole, 0x2a);
	MT_REQUIRE_TRUE(set_limit(AS, least_limit(AS) + 2 * mt_page) == 0);
	MT_CHECK(allocate_at(vm, self, hole + mt_page, 3 * mt_page,
		     flags | PLAIN),
	    KERN_NO_SPACE);
	MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT);
	MT_CHECK_BYTE(hole, 0x2a);
}

MT_CASE(allocate, region_is_not_extended_beyond_rlimit_as, "limit-as-extension",
    VM_MAP_C "vm_map_enter()",
    "An allocation that would extend a region beyond RLIMIT_AS leaves the "
    "region as it was.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_CHILD {
		extend_beyond(vm, self, hole, 0);
		MT_CHECK_LAYOUT(hole, "a...");
		MT_CHECK(allocate_at(vm, self, hole + mt_page, 2 * mt_page,
			     PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(hole + 2 * mt_page, 0);
	}
}

MT_CASE(allocate, permanent_region_is_not_extended_beyond_rlimit_as,
    "limit-as-permanent-extension",
    VM_MAP_C "vm_map_enter(), VM_MAP_REMOVE_IMMUTABLE",
    "An allocation that would extend a permanent region beyond RLIMIT_AS "
    "leaves the region as it was; until macOS 12 its pages stay, without any "
    "access.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_CHILD {
		extend_beyond(vm, self, hole, VM_FLAGS_PERMANENT);
		MT_CHECK_LAYOUT(hole, MT_PICTURE("a...", MT_UNTIL(12, "abbb")));
		MT_CHECK(allocate_at(vm, self, hole + mt_page, 2 * mt_page,
			     PLAIN),
		    KERN_SUCCESS, MT_UNTIL(12, KERN_NO_SPACE));
	}
}

MT_CASE(map, memory_entry_outlives_a_mapping_beyond_rlimit_as, "limit-as-entry",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() of a memory entry beyond RLIMIT_AS is KERN_NO_SPACE and "
    "leaves the references of its memory as they were.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(4), at = hole;
	memory_object_size_t size = 4 * mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;
	struct mt_region before;

	MT_CHILD {
		MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
			       VM_PROT_DEFAULT | MAP_MEM_NAMED_CREATE, &entry,
			       MACH_PORT_NULL),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->map(self, &at, mt_page, 0, VM_FLAGS_FIXED,
			       entry, 3 * mt_page, FALSE, VM_PROT_DEFAULT,
			       VM_PROT_DEFAULT, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		TOUCH(hole, 0x2b);
		MT_REQUIRE_TRUE(mt_region_at(hole, &before));
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 2 * mt_page) == 0);
		for (int i = 0; i < 4; i++) {
			at = hole + mt_page;
			MT_CHECK(vm->map(self, &at, 3 * mt_page, 0,
				     VM_FLAGS_FIXED, entry, mt_page, FALSE,
				     VM_PROT_DEFAULT, VM_PROT_DEFAULT,
				     VM_INHERIT_COPY),
			    KERN_NO_SPACE);
			MT_CHECK_LAYOUT(hole, "a...");
		}
		MT_CHECK_REGION(hole, .ref_count = before.ref_count,
		    .share_mode = before.share_mode);
		at = hole + mt_page;
		MT_CHECK(vm->map(self, &at, mt_page, 0, VM_FLAGS_FIXED, entry,
			     3 * mt_page, FALSE, VM_PROT_DEFAULT,
			     VM_PROT_DEFAULT, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(at, 0x2b);
	}
}
