/*
 * Regions that were split become one again only if they agree in everything:
 * one attribute at a time differs here, then is made equal.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"

/* Protect all pages and back again, which simplifies what it can. */
static void
simplify(mach_port_name_t self, mach_vm_address_t pages)
{
	MT_REQUIRE(stage->protect(self, pages, 4 * mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages, 4 * mt_page, FALSE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
}

static mach_vm_address_t
four(void)
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 4, 0x51);
	return pages;
}

MT_CASE(inherit, regions_of_different_inheritance_stay_two,
    "simp-conditions-inheritance", VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object that differ in inheritance are not joined; "
    "when mach_vm_inherit() makes them alike they are.",
    .needs = "native")
{
	mach_vm_address_t pages = four();
	static const vm_inherit_t values[] = { VM_INHERIT_NONE,
		VM_INHERIT_SHARE };

	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK(vm->inherit(self, pages + 2 * mt_page, 2 * mt_page,
			     values[i]),
		    KERN_SUCCESS);
		simplify(self, pages);
		MT_CHECK_LAYOUT(pages, "aabb");
	}
	MT_CHECK(vm->inherit(self, pages + 2 * mt_page, 2 * mt_page,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(behavior_set, regions_of_different_behavior_stay_two,
    "simp-conditions-behavior", VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object that differ in behavior are not joined; when "
    "mach_vm_behavior_set() makes them alike they are.",
    .needs = "native")
{
	mach_vm_address_t pages = four();
	static const vm_behavior_t values[] = { VM_BEHAVIOR_RANDOM,
		VM_BEHAVIOR_SEQUENTIAL, VM_BEHAVIOR_RSEQNTL };

	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
			     values[i]),
		    KERN_SUCCESS);
		simplify(self, pages);
		MT_CHECK_LAYOUT(pages, "abcc");
	}
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_DEFAULT),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(protect, regions_of_different_maximum_stay_two,
    "simp-conditions-maximum", VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object that differ in maximum protection are not "
    "joined; when mach_vm_protect() makes them alike they are.",
    .needs = "native")
{
	mach_vm_address_t pages = four();

	MT_CHECK(vm->protect(self, pages + 3 * mt_page, mt_page, TRUE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_LAYOUT(pages, "aaab");
	MT_CHECK(vm->protect(self, pages, 4 * mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_LAYOUT(pages, "aaaa");
}

MT_CASE(behavior_set, regions_to_be_zeroed_stay_apart,
    "simp-conditions-zero-wired", VM_MAP_C "vm_map_simplify_entry()",
    "A region with VM_BEHAVIOR_ZERO_WIRED_PAGES is not joined with one "
    "without it, though no query shows the difference.",
    .needs = "native")
{
	mach_vm_address_t pages = four();

	MT_CHECK(vm->behavior_set(self, pages + mt_page, mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_NUMBER(count_regions(pages, pages + 4 * mt_page), 3);
	MT_CHECK(vm->behavior_set(self, pages, 4 * mt_page,
		     VM_BEHAVIOR_ZERO_WIRED_PAGES),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_NUMBER(count_regions(pages, pages + 4 * mt_page), 1);
}

MT_CASE(protect, regions_of_different_protection_stay_two,
    "simp-conditions-protection", VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object that differ in current protection are not "
    "joined: each of the eight is a region of its own.",
    .needs = "native")
{
	static const vm_prot_t values[] = { VM_PROT_NONE, VM_PROT_READ,
		VM_PROT_READ | VM_PROT_EXECUTE };
	mach_vm_address_t pages = four();

	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK(vm->protect(self, pages + mt_page, 2 * mt_page, FALSE,
			     values[i]),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, "abbc");
		MT_CHECK(vm->protect(self, pages + mt_page, 2 * mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, "aaaa");
	}
}

/* Four pages of one memory entry, mapped in two halves with these flags: one
 * VM object, and offsets that go on. */
static mach_vm_address_t
two_halves(const struct mt_route *vm, mach_port_name_t self, int low, int high)
{
	const mach_vm_size_t half = 2 * mt_page;
	mach_vm_address_t hole = mt_hole(4);
	mach_port_name_t entry = entry_for(self, 2 * half, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_REQUIRE(map_at(vm, self, hole, half, low, entry, 0, FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_REQUIRE(map_at(vm, self, hole + half, half, high, entry, half, FALSE,
		       RW, RW),
	    KERN_SUCCESS);
	simplify(self, hole);
	return hole;
}

MT_CASE(map, two_mappings_of_one_entry_join, "simp-conditions",
    VM_MAP_C "vm_map_simplify_entry()",
    "Two mappings of a memory entry are joined if the second goes on where "
    "the first ends, in the map and in the entry.",
    .needs = "native")
{
	MT_CHECK_LAYOUT(two_halves(vm, self, PLAIN, PLAIN), "aaaa");
}

MT_CASE(map, mappings_of_different_tags_stay_two, "simp-conditions-tag",
    VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object that differ in their tag are not joined.")
{
	mach_vm_address_t pages = two_halves(vm, self, TAG(241), TAG(242));

	MT_CHECK_LAYOUT(pages, "aabb");
	MT_CHECK_REGION(pages, .user_tag = 241);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_tag = 242);
}

MT_CASE(map, uncached_mapping_stays_apart, "simp-conditions-no-cache",
    VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object are not joined if only one has "
    "VM_FLAGS_NO_CACHE, though no query shows the difference; two that have "
    "it are.",
    .needs = "native")
{
	const int uncached = VM_FLAGS_NO_CACHE | PLAIN;

	MT_CHECK_LAYOUT(two_halves(vm, self, PLAIN, uncached), "aabb");
	MT_CHECK_LAYOUT(two_halves(vm, self, uncached, PLAIN), "aabb");
	MT_CHECK_LAYOUT(two_halves(vm, self, uncached, uncached), "aaaa");
}

MT_CASE(map, permanent_mapping_stays_apart, "simp-conditions-permanent",
    VM_MAP_C "vm_map_simplify_entry()",
    "Regions of one VM object are not joined if only one has "
    "VM_FLAGS_PERMANENT; two that have it are.",
    .since = "11.3", .needs = "native")
{
	const int permanent = VM_FLAGS_PERMANENT | PLAIN;

	MT_CHILD {
		MT_CHECK_LAYOUT(two_halves(vm, self, PLAIN, permanent), "aabb");
		MT_CHECK_LAYOUT(two_halves(vm, self, permanent, PLAIN), "aabb");
		MT_CHECK_LAYOUT(two_halves(vm, self, permanent, permanent),
		    "aaaa");
	}
}

MT_CASE(inherit, region_that_was_shared_with_a_child_stays_apart,
    "simp-conditions-shared", VM_MAP_C "vm_map_simplify_entry()",
    "A region that a child had by VM_INHERIT_SHARE is not joined with one of "
    "the same VM object that the child copied, even when their inheritance "
    "is the same again.")
{
	mach_vm_address_t pages = two_halves(stage, self, PLAIN, PLAIN);
	mach_vm_address_t high = pages + 2 * mt_page;

	TOUCH(high, 0x51);
	MT_CHECK(vm->inherit(self, high, 2 * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK_BYTE(high, 0x51);
	}
	MT_CHECK(vm->inherit(self, high, 2 * mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_LAYOUT(pages, "aabb");
}

MT_CASE(protect, shared_regions_that_differ_stay_two,
    "simp-conditions-shared-each", VM_MAP_C "vm_map_simplify_entry()",
    "Two regions that share their memory with others are not joined as long "
    "as they differ in inheritance, behaviour, maximum protection or in "
    "what VM_BEHAVIOR_ZERO_WIRED_PAGES asked for.")
{
	enum { INHERITED, BEHAVES, MAXIMUM, ZEROED, KINDS };

	for (int kind = 0; kind < KINDS; kind++) {
		mach_vm_address_t pages = four(), hole = mt_hole(4);
		mach_vm_address_t high = hole + 2 * mt_page;
		const mach_vm_size_t half = 2 * mt_page;

		REMAP(hole, 4 * mt_page, VM_FLAGS_FIXED, pages, FALSE);
		if (kind == INHERITED)
			MT_REQUIRE(stage->inherit(self, high, half,
				       VM_INHERIT_NONE),
			    KERN_SUCCESS);
		else if (kind == MAXIMUM)
			MT_REQUIRE(stage->protect(self, high, half, TRUE,
				       VM_PROT_DEFAULT),
			    KERN_SUCCESS);
		else
			MT_REQUIRE(stage->behavior_set(self, high, half,
				       kind == BEHAVES ?
					   VM_BEHAVIOR_RANDOM :
					   VM_BEHAVIOR_ZERO_WIRED_PAGES),
			    KERN_SUCCESS);
		MT_CHECK(vm->protect(self, hole, 4 * mt_page, FALSE,
			     VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(count_regions(hole, hole + 4 * mt_page), 2);
		MT_CHECK_REGION(hole, .inheritance = VM_INHERIT_COPY,
		    .max_protection = VM_PROT_ALL,
		    .behavior = VM_BEHAVIOR_DEFAULT);
	}
}

MT_CASE(wire, wired_region_stays_apart, "simp-conditions-wired",
    VM_MAP_C "vm_map_simplify_entry()",
    "A wired region is not joined with its neighbours, nor are two that "
    "are wired a different number of times.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = four();
	mach_port_name_t host = mach_host_self();

	MT_CHECK(vm->wire(host, self, pages + mt_page, 2 * mt_page,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->wire(host, self, pages + mt_page, mt_page, VM_PROT_READ),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_LAYOUT(pages, "abcd");
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 2);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_wired_count = 1);
	MT_CHECK(vm->wire(host, self, pages + mt_page, mt_page, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 1);
	MT_CHECK(vm->wire(host, self, pages + mt_page, 2 * mt_page,
		     VM_PROT_NONE),
	    KERN_SUCCESS);
	simplify(self, pages);
	MT_CHECK_REGION(pages, .user_wired_count = 0);
}

/* Two mappings that go on in one VM object, both copies or both shared, with
 * these flags; then all is read-only and simplified. */
static unsigned
regions_of_two(const struct mt_route *vm, mach_port_name_t self, int low,
    int high, boolean_t copy)
{
	mach_vm_address_t pages = four(), hole = mt_hole(4);
	const int flags[] = { low, high };
	vm_prot_t current, maximum;

	for (unsigned i = 0; i < 2; i++) {
		const mach_vm_size_t half = 2 * mt_page;
		mach_vm_address_t at = hole + i * half;

		MT_REQUIRE(vm->remap(self, &at, half, 0,
			       VM_FLAGS_FIXED | flags[i], self,
			       pages + i * half, copy, &current, &maximum,
			       VM_INHERIT_COPY),
		    KERN_SUCCESS);
	}
	MT_REQUIRE(stage->protect(self, hole, 4 * mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	PROTECT(hole, 4, VM_PROT_NONE);
	PROTECT(hole + mt_page, 2, VM_PROT_READ);
	PROTECT(hole, 4, VM_PROT_READ);
	return count_regions(hole, hole + 4 * mt_page);
}

MT_CASE(remap, resilient_mapping_stays_apart, "simp-conditions-resilient",
    VM_MAP_C "vm_map_simplify_entry()",
    "A mapping with VM_FLAGS_RESILIENT_CODESIGN or VM_FLAGS_RESILIENT_MEDIA is "
    "not joined with one without it, but with one that has it, too.",
    .since = "11", .needs = "native")
{
	const int flags[] = { VM_FLAGS_RESILIENT_CODESIGN,
		VM_FLAGS_RESILIENT_MEDIA };

	for (unsigned i = 0; i < 2; i++) {
		MT_CHECK_NUMBER(regions_of_two(vm, self, flags[i], flags[i], i),
		    1);
		MT_CHECK_NUMBER(regions_of_two(vm, self, 0, 0, i), 1);
		MT_CHECK_NUMBER(regions_of_two(vm, self, flags[i], 0, i), 2);
		MT_CHECK_NUMBER(regions_of_two(vm, self, 0, flags[i], i), 2);
	}
}
