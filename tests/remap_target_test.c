/*
 * Where mach_vm_remap puts the new mapping.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

static mach_vm_address_t
four(void)
{
	mach_vm_address_t pages = mt_pages(4);

	NUMBER_PAGES(pages, 4, 1);
	return pages;
}

/* Share count pages at *address. */
static kern_return_t
share(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *address, unsigned count, mach_vm_offset_t mask,
    int flags, mach_vm_address_t source)
{
	vm_prot_t current = 0x77, maximum = 0x77;
	kern_return_t kr = vm->remap(self, address, count * mt_page, mask,
	    flags, self, source, FALSE, &current, &maximum, VM_INHERIT_COPY);

	if (kr != KERN_SUCCESS) {
		MT_CHECK_NUMBER(current, 0x77);
		MT_CHECK_NUMBER(maximum, 0x77);
	}
	return kr;
}

/* The "shared" of a region, which is the entry's own mark. */
static boolean_t
is_shared(mach_port_name_t self, mach_vm_address_t at)
{
	mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
	vm_region_basic_info_data_64_t info = { 0 };
	mach_port_name_t name = 0;
	mach_vm_size_t size = 0;

	MT_REQUIRE(stage->region(self, &at, &size, VM_REGION_BASIC_INFO_64,
		       (vm_region_info_t)&info, &count, &name),
	    KERN_SUCCESS);
	return info.shared;
}

MT_CASE(remap, refused_target_leaves_the_source_shared,
    "remap-fixed-occupied-source", VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() prepares the source before it looks at the target: "
    "where that fails, the source is reported as shared without a second "
    "mapping.")
{
	mach_vm_address_t pages = four(), to = mt_pages(1);

	MT_REQUIRE(share(vm, self, &to, 4, 0, VM_FLAGS_FIXED, pages),
	    KERN_NO_SPACE);
	MT_CHECK_NUMBER(is_shared(self, pages), TRUE);
	MT_CHECK_REGION(pages, .ref_count = 1, .pages_resident = 4);
	MT_CHECK_BYTE(pages, 1);
	MT_CHECK_WRITABLE(pages);
}

MT_CASE(remap, overwrite_may_span_holes, "remap-overwrite-holes",
    VM_MAP_C "vm_map_remap()",
    "VM_FLAGS_OVERWRITE in mach_vm_remap() accepts a target with holes.")
{
	mach_vm_address_t pages = four(), to = mt_pages(4), at = to;

	PUNCH(to + mt_page, 2);
	MT_CHECK(share(vm, self, &at, 4, 0, VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE,
		     pages),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(to, "aaaa");
	MT_CHECK_BYTE(to + 3 * mt_page, 4);
}

MT_CASE(remap, mask_aligns_the_address, "remap-anywhere-mask",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() with VM_FLAGS_ANYWHERE chooses an address without a "
    "bit of the mask.")
{
	mach_vm_address_t pages = four(), at = 0;

	MT_CHECK(share(vm, self, &at, 1, 2 * MIB - 1, VM_FLAGS_ANYWHERE, pages),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(at % (2 * MIB), 0);
	MT_CHECK_BYTE(at, 1);
}

MT_CASE(remap, occupied_hint_moves_up, "remap-anywhere-hint-occupied",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() with VM_FLAGS_ANYWHERE goes from an occupied address "
    "up to the next hole that fits.")
{
	mach_vm_address_t pages = four(), hole = mt_hole(4), at = hole;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(share(vm, self, &at, 2, 0, VM_FLAGS_ANYWHERE, pages),
	    KERN_SUCCESS);
	MT_CHECK_ADDRESS(at, hole + mt_page);
}

MT_CASE(remap, both_mappings_are_marked_as_shared, "remap-shared-flag",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy marks source and mapping as shared; with "
    "copy neither.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2), at = hole;
	vm_prot_t current, maximum;

	TOUCH_PAGES(pages, 2, 1);
	MT_CHECK(vm->remap(self, &at, 2 * mt_page, 0, VM_FLAGS_FIXED, self,
		     pages, TRUE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(is_shared(self, pages), FALSE);
	MT_CHECK_NUMBER(is_shared(self, hole), FALSE);

	MT_CHECK(vm->remap(self, &at, 2 * mt_page, 0, VM_FLAGS_OVERWRITE, self,
		     pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(is_shared(self, pages), TRUE);
	MT_CHECK_NUMBER(is_shared(self, hole), TRUE);
}

MT_CASE(remap, reservation_is_remapped_without_an_object,
    "remap-max-none-untouched", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of an untouched reservation whose maximum is "
    "VM_PROT_NONE makes another reservation; before macOS 13 both got a VM "
    "object.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2), at = hole;
	vm_prot_t current, maximum;

	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->remap(self, &at, 2 * mt_page, 0, VM_FLAGS_FIXED, self,
		     pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .max_protection = VM_PROT_NONE,
	    .object_id = MT_VALUE(0, MT_UNTIL(12, MT_ANY)),
	    .ref_count = MT_VALUE(0, MT_UNTIL(12, 2)));
	/* a mark, though there is nothing to share, until 14 */
	MT_CHECK_NUMBER(is_shared(self, pages), FALSE, MT_UNTIL(14, TRUE));
}

MT_CASE(remap, part_of_a_reservation_has_no_offset, "remap-null-offset",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of a part of an untouched reservation whose maximum is "
    "VM_PROT_NONE shows offset 0: what has no object has none.",
    .since = "13")
{
	mach_vm_address_t pages = mt_pages(4), hole = mt_hole(1), at = hole;
	vm_prot_t current = 0, maximum = 0;

	MT_REQUIRE(stage->protect(self, pages, 4 * mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->remap(self, &at, mt_page, 0, VM_FLAGS_FIXED, self,
		     pages + 2 * mt_page, TRUE, &current, &maximum,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .max_protection = VM_PROT_NONE, .offset = 0);
}
