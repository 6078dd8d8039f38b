/*
 * Attributes that must agree before a new allocation joins the region below.
 *
 * In each case a page lies in a hole, one attribute of it is changed, and a
 * page is allocated directly above.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* A page at the start of a hole of two. */
static mach_vm_address_t
page_below(const struct mt_route *vm, mach_port_name_t self, int flags)
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(vm, self, hole, mt_page, flags), KERN_SUCCESS);
	return hole;
}

MT_CASE(allocate, other_current_protection_stays_apart, "coalesce-prot-differs",
    VM_MAP_C "vm_map_enter()",
    "New memory, which is read/write, does not extend a region of "
    "VM_PROT_READ.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole + mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(allocate, restored_protection_joins, "coalesce-prot-differs-restored",
    VM_MAP_C "vm_map_enter()",
    "New memory extends a region whose protection was VM_PROT_READ and is "
    "VM_PROT_DEFAULT again.",
    .needs = "native")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->protect(self, hole, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
}

MT_CASE(allocate, other_maximum_protection_stays_apart, "coalesce-max-differs",
    VM_MAP_C "vm_map_enter()",
    "New memory, whose maximum is VM_PROT_ALL, does not extend a region "
    "with a lower maximum.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(vm->protect(self, hole, mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole + mt_page, .max_protection = VM_PROT_ALL);
}

MT_CASE(allocate, memory_mapped_with_a_lower_maximum_stays_apart, "coal-prot",
    VM_MAP_C "vm_map_enter()",
    "New memory does not extend memory that mach_vm_map() made with a lower "
    "maximum: protections and inheritance must all be equal.")
{
	mach_vm_address_t hole = mt_hole(2), below = hole;

	MT_REQUIRE(stage->map(self, &below, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
		       MACH_PORT_NULL, 0, FALSE, VM_PROT_DEFAULT,
		       VM_PROT_DEFAULT, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, other_inheritance_stays_apart, "coalesce-inherit-differs",
    VM_MAP_C "vm_map_enter()",
    "New memory, which has VM_INHERIT_COPY, does not extend a region of "
    "VM_INHERIT_NONE.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->inherit(self, hole, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole + mt_page, .inheritance = VM_INHERIT_COPY);
}

MT_CASE(allocate, shared_inheritance_stays_apart,
    "coalesce-inherit-differs-share", VM_MAP_C "vm_map_enter()",
    "New memory, which has VM_INHERIT_COPY, does not extend a region of "
    "VM_INHERIT_SHARE.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->inherit(self, hole, mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, other_behaviour_stays_apart, "coalesce-behavior",
    VM_MAP_C "vm_map_enter()",
    "New memory does not extend a region of VM_BEHAVIOR_RANDOM.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->behavior_set(self, hole, mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole + mt_page, .behavior = VM_BEHAVIOR_DEFAULT);
}

MT_CASE(allocate, sequential_behaviour_stays_apart,
    "coalesce-behavior-sequential", VM_MAP_C "vm_map_enter()",
    "New memory does not extend a region of VM_BEHAVIOR_SEQUENTIAL.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->behavior_set(self, hole, mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, default_behaviour_joins_again, "coal-behavior",
    VM_MAP_C "vm_map_enter()",
    "New memory extends a region whose behaviour was changed and is "
    "VM_BEHAVIOR_DEFAULT again.",
    .needs = "native")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->behavior_set(self, hole, mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, hole, mt_page,
		       VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
}

MT_CASE(allocate, uncached_above_cached_stays_apart, "coalesce-nocache",
    VM_MAP_C "vm_map_enter()",
    "Memory of VM_FLAGS_NO_CACHE does not extend a region without it.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
		     VM_FLAGS_NO_CACHE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, cached_above_uncached_stays_apart, "coalesce-nocache-below",
    VM_MAP_C "vm_map_enter()",
    "Memory without VM_FLAGS_NO_CACHE does not extend a region that has it.")
{
	mach_vm_address_t hole = page_below(vm, self,
	    VM_FLAGS_NO_CACHE | PLAIN);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, uncached_above_uncached_joins, "coal-nocache-permanent",
    VM_MAP_C "vm_map_enter()",
    "Memory of VM_FLAGS_NO_CACHE extends a region that has the flag too.",
    .needs = "native")
{
	mach_vm_address_t hole = page_below(vm, self,
	    VM_FLAGS_NO_CACHE | PLAIN);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
		     VM_FLAGS_NO_CACHE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
}

MT_CASE(allocate, permanent_beside_ordinary_memory_stays_apart,
    "perm-no-coalesce-mixed", VM_MAP_C "vm_map_enter()",
    "Memory does not extend a region that differs in VM_FLAGS_PERMANENT.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
			     VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, mt_page,
			     PLAIN),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(hole, "abc");
	}
}

MT_CASE(allocate, permanent_above_permanent_joins, "perm-coalesce-both",
    VM_MAP_C "vm_map_enter()",
    "Memory of VM_FLAGS_PERMANENT extends a region that has the flag too.",
    .since = "11.3", .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHILD {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
			     VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(hole, "aa");
	}
}

MT_CASE(allocate, purgeable_above_ordinary_memory_stays_apart,
    "coalesce-purgeable", VM_MAP_C "vm_map_enter()",
    "Memory of VM_FLAGS_PURGABLE has a VM object from the start and does "
    "not extend the region below.")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
		     VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, ordinary_memory_above_purgeable_stays_apart,
    "coalesce-purgeable-below", VM_OBJECT_C "vm_object_coalesce()",
    "The VM object of memory of VM_FLAGS_PURGABLE does not grow: ordinary "
    "memory above it is a region of its own.")
{
	mach_vm_address_t hole = page_below(vm, self,
	    VM_FLAGS_PURGABLE | PLAIN);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, purgeable_above_purgeable_stays_apart,
    "purge-never-coalesces", VM_MAP_C "vm_map_enter()",
    "Two allocations with VM_FLAGS_PURGABLE are two VM objects and two "
    "regions.")
{
	mach_vm_address_t hole = page_below(vm, self,
	    VM_FLAGS_PURGABLE | PLAIN);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page,
		     VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, wired_region_is_not_extended, "coal-wired",
    VM_MAP_C "vm_map_enter()",
    "New memory does not extend a region that mach_vm_wire() has wired.",
    .needs = "privileged")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->wire(mach_host_self(), self, hole, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole, .user_wired_count = 1);
	MT_CHECK_REGION(hole + mt_page, .user_wired_count = 0);
}

/* Every condition but the tag holds for VM_MEMORY_REALLOC too. */
MT_CASE(allocate, realloc_does_not_join_read_only_memory, "coal-prot-realloc",
    VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC waives only the comparison of tags: the protections "
    "must still be equal.",
    .needs = "native")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
	MT_CHECK_REGION(hole + mt_page, .user_tag = VM_MEMORY_REALLOC);
}

MT_CASE(allocate, realloc_does_not_join_another_inheritance,
    "coalesce-inherit-differs-realloc", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC waives only the comparison of tags: the inheritance "
    "must still be equal.",
    .needs = "native")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->inherit(self, hole, mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(allocate, realloc_does_not_join_another_behaviour,
    "coal-behavior-realloc", VM_MAP_C "vm_map_enter()",
    "VM_MEMORY_REALLOC waives only the comparison of tags: the behaviour "
    "must still be VM_BEHAVIOR_DEFAULT.",
    .needs = "native")
{
	mach_vm_address_t hole = page_below(vm, self, PLAIN);

	MT_REQUIRE(stage->behavior_set(self, hole, mt_page, VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);

	MT_CHECK(allocate_at(vm, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(map_anonymous, read_only_memory_above_writable_stays_apart,
    "coal-prot-new", VM_MAP_C "vm_map_enter()",
    "Memory that mach_vm_map() makes read-only does not extend a region of "
    "VM_PROT_DEFAULT.")
{
	mach_vm_address_t hole = page_below(stage, self, PLAIN);
	mach_vm_address_t above = hole + mt_page;

	MT_CHECK(vm->map_anonymous(self, &above, mt_page, 0,
		     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(map_anonymous, read_only_memory_above_read_only_joins,
    "coal-prot-new-equal", VM_MAP_C "vm_map_enter()",
    "Memory that mach_vm_map() makes read-only extends a region with the "
    "same protections.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2), below = hole;
	mach_vm_address_t above = hole + mt_page;

	MT_REQUIRE(vm->map_anonymous(self, &below, mt_page, 0,
		       VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->map_anonymous(self, &above, mt_page, 0,
		     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "aa");
}

MT_CASE(map_anonymous, each_pair_of_protections_joins_if_equal,
    "coal-prot-new-pairs", VM_MAP_C "vm_map_enter()",
    "Memory that mach_vm_map() makes extends the region below if both have the "
    "same protection, and no other: of ---, r--, rw- and r-x.",
    .needs = "native")
{
	static const vm_prot_t protections[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_DEFAULT, VM_PROT_READ | VM_PROT_EXECUTE };

	for (unsigned i = 0; i < 16; i++) {
		mach_vm_address_t hole = mt_hole(2), below = hole;
		mach_vm_address_t above = hole + mt_page;

		MT_REQUIRE(vm->map_anonymous(self, &below, mt_page, 0,
			       VM_FLAGS_FIXED | PLAIN, protections[i / 4]),
		    KERN_SUCCESS);
		MT_CHECK(vm->map_anonymous(self, &above, mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, protections[i % 4]),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, i / 4 == i % 4 ? "aa" : "ab");
		MT_CHECK_REGION(above, .protection = protections[i % 4]);
	}
}

MT_CASE(map, each_pair_of_maximum_protections_joins_if_equal,
    "coal-prot-max-pairs", VM_MAP_C "vm_map_enter()",
    "Memory that mach_vm_map() makes without access extends the region below "
    "if both have the same maximum, and no other: of ---, r--, rw- and rwx.",
    .needs = "native")
{
	static const vm_prot_t maximum[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_DEFAULT, VM_PROT_ALL };

	for (unsigned i = 0; i < 16; i++) {
		mach_vm_address_t hole = mt_hole(2), below = hole;
		mach_vm_address_t above = hole + mt_page;

		MT_REQUIRE(stage->map(self, &below, mt_page, 0,
			       VM_FLAGS_FIXED | PLAIN, MACH_PORT_NULL, 0, FALSE,
			       VM_PROT_NONE, maximum[i / 4],
			       VM_INHERIT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK(vm->map(self, &above, mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, MACH_PORT_NULL, 0, FALSE,
			     VM_PROT_NONE, maximum[i % 4], VM_INHERIT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, i / 4 == i % 4 ? "aa" : "ab");
		MT_CHECK_REGION(above, .max_protection = maximum[i % 4]);
	}
}

MT_CASE(map_anonymous, permanent_code_is_not_extended,
    "coalesce-permanent-code", VM_MAP_C "vm_map_enter()",
    "Permanent memory above permanent memory that may be executed is a region "
    "of its own.",
    .since = "11.3", .needs = "native")
{
	const vm_prot_t protections[] = { VM_PROT_READ,
		VM_PROT_READ | VM_PROT_EXECUTE };

	MT_CHILD {
		for (unsigned i = 0; i < 2; i++) {
			mach_vm_address_t hole = mt_hole(2), page = hole;

			for (; page < hole + 2 * mt_page; page += mt_page)
				MT_CHECK(vm->map_anonymous(self, &page, mt_page,
					     0,
					     VM_FLAGS_FIXED |
						 VM_FLAGS_PERMANENT | PLAIN,
					     protections[i]),
				    KERN_SUCCESS);
			MT_CHECK_LAYOUT(hole, i == 0 ? "aa" : "ab");
		}
	}
}

/* A page without any access, ever: it has no VM object, nor has its copy. */
static void
reserve(mach_port_name_t self, mach_vm_address_t page)
{
	MT_REQUIRE(stage->map(self, &page, mt_page, 0, VM_FLAGS_FIXED | PLAIN,
		       MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
}

MT_CASE(remap, resilient_copy_is_not_extended, "coalesce-resilient",
    VM_MAP_C "vm_map_enter()",
    "Memory above a copy that mach_vm_remap() made with "
    "VM_FLAGS_RESILIENT_MEDIA is a region of its own; without the flag it "
    "extends the copy.",
    .since = "13", .needs = "native")
{
	const int flags[] = { 0, VM_FLAGS_RESILIENT_MEDIA };
	mach_vm_address_t source = mt_hole(1);

	reserve(self, source);
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t hole = mt_hole(2), at = hole;
		vm_prot_t current, maximum;

		MT_CHECK(vm->remap(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | flags[i], self, source, TRUE,
			     &current, &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		reserve(self, hole + mt_page);
		MT_CHECK_LAYOUT(hole, i == 0 ? "aa" : "ab");
	}
}
