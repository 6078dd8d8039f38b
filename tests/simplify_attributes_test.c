/*
 * Regions that were split become one again only if they agree in everything:
 * one attribute at a time differs here, then is made equal.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

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
