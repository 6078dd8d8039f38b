/*
 * mach_vm_region: flavours and counts.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "stage.h"

/* Apple's headers call flavour 11 legacy and hide it. */
#define EXTENDED_LEGACY	      11
#define EXTENDED_LEGACY_COUNT 8

#define SENTINEL 0x5a5a5a5a
#define WORDS	 24

struct answer {
	mach_vm_address_t address;
	mach_vm_size_t size;
	mach_msg_type_number_t count;
	int info[WORDS];
};

/* Ask with a flavour and a count; the buffer is full of sentinels. */
static kern_return_t
ask(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t address,
    int flavor, unsigned count, struct answer *out)
{
	mach_port_name_t object = MACH_PORT_NULL;

	out->address = address;
	out->size = 0x51;
	out->count = count;
	for (int i = 0; i < WORDS; i++)
		out->info[i] = SENTINEL;
	return vm->region(self, &out->address, &out->size, flavor, out->info,
	    &out->count, &object);
}

/* The least count of a flavour succeeds, one less is refused. */
static void
check_least(const struct mt_route *vm, mach_port_name_t self, int flavor,
    unsigned least)
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	for (unsigned count = 0; count < least; count++)
		MT_CHECK(ask(vm, self, page, flavor, count, &out),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(out.address, page);
	MT_CHECK_NUMBER(out.size, 0x51);
	MT_CHECK_NUMBER(out.count, least - 1);
	MT_CHECK_NUMBER(out.info[0], SENTINEL);

	MT_CHECK(ask(vm, self, page, flavor, least, &out), KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, least);
	MT_CHECK_NUMBER(out.info[least], SENTINEL);
}

MT_CASE(region, unknown_flavor_is_an_invalid_argument, "region-flavor-unknown",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() with an undefined flavour is KERN_INVALID_ARGUMENT.")
{
	static const int flavors[] = { 0, 1, 8, 14, 15, 100, -1 };
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	for (unsigned i = 0; i < sizeof(flavors) / sizeof(flavors[0]); i++)
		MT_CHECK(ask(vm, self, page, flavors[i], 10, &out),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK_ADDRESS(out.address, page);
}

MT_CASE(region, unknown_flavor_is_reported_before_an_address_without_a_region,
    "region-flavor-unknown-order", VM_MAP_C "vm_map_region()",
    "mach_vm_region() checks the flavour before it looks for a region.")
{
	struct answer out;

	MT_CHECK(ask(vm, self, LAST_PAGE, 8, 10, &out), KERN_INVALID_ARGUMENT);
	MT_CHECK(ask(vm, self, LAST_PAGE, VM_REGION_BASIC_INFO_64, 8, &out),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(region, basic_64_takes_nine_words, "region-count-small",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_BASIC_INFO_64 needs a count of nine words: fewer are "
    "refused.")
{
	check_least(vm, self, VM_REGION_BASIC_INFO_64, 9);
}

MT_CASE(region, extended_takes_nine_words, "region-count-small-extended",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_EXTENDED_INFO needs a count of nine words: fewer are "
    "refused.")
{
	check_least(vm, self, VM_REGION_EXTENDED_INFO, 9);
}

MT_CASE(region, legacy_extended_takes_eight_words,
    "region-count-small-extended-legacy", VM_MAP_C "vm_map_region()",
    "VM_REGION_EXTENDED_INFO__legacy, without reusable pages, needs a count "
    "of eight words: fewer are refused.")
{
	check_least(vm, self, EXTENDED_LEGACY, EXTENDED_LEGACY_COUNT);
}

MT_CASE(region, top_takes_five_words, "region-count-small-top",
    VM_MAP_C "vm_map_region()",
    "VM_REGION_TOP_INFO needs a count of five words: fewer are refused.")
{
	check_least(vm, self, VM_REGION_TOP_INFO, 5);
}

MT_CASE(region, count_is_reduced_to_the_flavor, "region-count-out",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() returns the count of the flavour and writes nothing "
    "beyond it.")
{
	static const struct {
		int flavor;
		unsigned count;
	} flavors[] = {
		{ VM_REGION_BASIC_INFO_64, 9 },
		{ VM_REGION_EXTENDED_INFO, 9 },
		{ EXTENDED_LEGACY, EXTENDED_LEGACY_COUNT },
		{ VM_REGION_TOP_INFO, 5 },
	};
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	for (unsigned i = 0; i < sizeof(flavors) / sizeof(flavors[0]); i++) {
		MT_CHECK(ask(vm, self, page, flavors[i].flavor, 10, &out),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(out.count, flavors[i].count);
		MT_CHECK_NUMBER(out.info[flavors[i].count], SENTINEL);
	}
}

MT_CASE(region, count_beyond_the_interface_is_harmless,
    "region-count-out-large",
    XNU "osfmk/mach/mach_types.defs, vm_region_info_t",
    "VM_REGION_INFO_MAX words are the most a reply carries: "
    "mach_vm_region() accepts a larger count.")
{
	mach_vm_address_t page = mt_pages(1);
	struct answer out;

	MT_CHECK(ask(vm, self, page, VM_REGION_BASIC_INFO_64, 20, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, 9);
	MT_CHECK_ADDRESS(out.address, page);
}

MT_CASE(region, basic_flavor_is_read_as_basic_64, "region-basic-as-64",
    VM_USER_C "mach_vm_region()",
    "VM_REGION_BASIC_INFO is read as VM_REGION_BASIC_INFO_64 in a 64-bit "
    "process: eight words are refused.")
{
	mach_vm_address_t pages = mt_pages(3);
	vm_region_basic_info_data_64_t info;
	struct answer out;

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, 2 * mt_page,
		       VM_INHERIT_SHARE),
	    KERN_SUCCESS);

	MT_CHECK(ask(vm, self, pages + mt_page, VM_REGION_BASIC_INFO, 8, &out),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(ask(vm, self, pages + mt_page, VM_REGION_BASIC_INFO, 9, &out),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(out.count, VM_REGION_BASIC_INFO_COUNT_64);

	memcpy(&info, out.info, sizeof(info));
	MT_CHECK_PROTECTION(info.protection, VM_PROT_DEFAULT);
	MT_CHECK_PROTECTION(info.max_protection, VM_PROT_ALL);
	MT_CHECK_NUMBER(info.inheritance, VM_INHERIT_SHARE);
	MT_CHECK_NUMBER(info.offset, mt_page);
}

MT_CASE(region, legacy_extended_shows_what_extended_does,
    "region-extended-legacy", VM_MAP_C "vm_map_region()",
    "VM_REGION_EXTENDED_INFO and its legacy flavour agree in the first "
    "eight words.")
{
	mach_vm_address_t pages = mt_pages(3), copy = 0;
	struct answer old, new;

	/* Something to tell in each. */
	TOUCH_PAGES(pages, 2, 0x51);
	REMAP(copy, 3 * mt_page, VM_FLAGS_ANYWHERE, pages, TRUE);
	TOUCH(copy, 0x52);
	pages = copy;
	MT_CHECK(ask(vm, self, pages, EXTENDED_LEGACY, 8, &old), KERN_SUCCESS);
	MT_CHECK(ask(vm, self, pages, VM_REGION_EXTENDED_INFO, 9, &new),
	    KERN_SUCCESS);
	for (int i = 0; i < EXTENDED_LEGACY_COUNT; i++)
		MT_CHECK_NUMBER(old.info[i], new.info[i]);
}

MT_CASE(region, flavors_find_the_same_region, "region-next-flavors",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() finds the same region whatever the flavour.")
{
	static const int flavors[] = { VM_REGION_BASIC_INFO_64,
		VM_REGION_BASIC_INFO, EXTENDED_LEGACY, VM_REGION_EXTENDED_INFO,
		VM_REGION_TOP_INFO };
	mach_vm_address_t pages = mt_pages(3);
	struct answer out;

	MT_REQUIRE(stage->deallocate(self, pages, mt_page), KERN_SUCCESS);

	for (unsigned i = 0; i < sizeof(flavors) / sizeof(flavors[0]); i++) {
		MT_CHECK(ask(vm, self, pages, flavors[i], 10, &out),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(out.address, pages + mt_page);
		MT_CHECK_NUMBER(out.size, 2 * mt_page);
		MT_CHECK(ask(vm, self, LAST_PAGE, flavors[i], 10, &out),
		    KERN_INVALID_ADDRESS);
	}
}

MT_CASE(region, size_has_64_bits_in_every_flavor, "region-size-is-entry-large",
    VM_MAP_C "vm_map_region()",
    "mach_vm_region() gives all 64 bits of a region's size whatever the "
    "flavour: 5 GiB and a page.")
{
	static const int flavors[] = { VM_REGION_BASIC_INFO_64,
		VM_REGION_BASIC_INFO, EXTENDED_LEGACY, VM_REGION_EXTENDED_INFO,
		VM_REGION_TOP_INFO };
	const mach_vm_size_t size = 5 * GIB + mt_page;
	mach_vm_address_t at = 0;
	struct answer out;

	MT_SKIP_UNLESS(map_has_room(size + GIB), "there is no such hole");
	MT_REQUIRE(stage->map(self, &at, size, 0, VM_FLAGS_ANYWHERE | PLAIN,
		       MACH_PORT_NULL, 0, FALSE, VM_PROT_NONE, VM_PROT_NONE,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);

	for (unsigned i = 0; i < sizeof(flavors) / sizeof(flavors[0]); i++) {
		MT_CHECK(ask(vm, self, at + 4 * GIB, flavors[i], 10, &out),
		    KERN_SUCCESS);
		MT_CHECK_ADDRESS(out.address, at);
		MT_CHECK_NUMBER(out.size, size);
	}
	MT_CHECK_REGION(at, .size = (int64_t)size);
}

MT_CASE(region, offset_has_64_bits, "clip-offset-large",
    VM_MAP_C "vm_map_region()",
    "The offset of a part that was split off 4 GiB and a page above the start "
    "of its region has 64 bits, in mach_vm_region() and in both forms of "
    "mach_vm_region_recurse().")
{
	const mach_vm_size_t split = 4 * GIB + mt_page;
	mach_msg_type_number_t count = VM_REGION_SUBMAP_SHORT_INFO_COUNT_64;
	vm_region_submap_short_info_data_64_t brief;
	vm_region_basic_info_data_64_t info;
	mach_vm_address_t at = 0, part;
	mach_vm_size_t size;
	natural_t depth = 0;
	struct answer out;

	MT_SKIP_UNLESS(map_has_room(5 * GIB), "there is no such hole");
	MT_REQUIRE(stage->map(self, &at, split + mt_page, 0,
		       VM_FLAGS_ANYWHERE | PLAIN, MACH_PORT_NULL, 0, FALSE,
		       VM_PROT_NONE, VM_PROT_NONE, VM_INHERIT_NONE),
	    KERN_SUCCESS);
	part = at + split;
	MT_REQUIRE(stage->inherit(self, part, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHECK(ask(vm, self, part, VM_REGION_BASIC_INFO_64,
		     VM_REGION_BASIC_INFO_COUNT_64, &out),
	    KERN_SUCCESS);
	memcpy(&info, out.info, sizeof(info));
	MT_CHECK_ADDRESS(out.address, part);
	MT_CHECK_NUMBER(info.offset, split);
	MT_CHECK_REGION(part, .offset = (int64_t)split);
	MT_CHECK(vm->region_recurse(self, &part, &size, &depth,
		     (vm_region_recurse_info_t)&brief, &count),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(brief.offset, split);
}
