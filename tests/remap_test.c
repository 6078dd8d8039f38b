/*
 * mach_vm_remap: what the new mapping is.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "queries.h"

#define LARGE 16 /* pages that are copied by reference */

/* What remap gives. */
struct result {
	mach_vm_address_t at;
	vm_prot_t current, maximum;
};

/* Remap n pages to a fixed address. */
static kern_return_t
remap(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t to,
    mach_vm_address_t from, unsigned n, boolean_t copy, struct result *out)
{
	*out = (struct result){ .at = to, .current = 0x51, .maximum = 0x52 };
	return vm->remap(self, &out->at, n * mt_page, 0, VM_FLAGS_FIXED, self,
	    from, copy, &out->current, &out->maximum, VM_INHERIT_DEFAULT);
}

MT_CASE(remap, memory_is_shared_without_copy, "remap-share", "vm_remap.html",
    "mach_vm_remap() without copy maps the same memory a second time.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	struct result out;

	TOUCH(pages, 0x51);
	MT_CHECK(remap(vm, self, hole, pages, 2, FALSE, &out), KERN_SUCCESS);
	MT_CHECK_ADDRESS(out.at, hole);
	MT_CHECK_BYTE(hole, 0x51);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(pages, 0x52);
	TOUCH(pages + mt_page, 0x53);
	MT_CHECK_BYTE(hole + mt_page, 0x53);
}

MT_CASE(remap, memory_is_private_with_copy, "remap-copy", "vm_remap.html",
    "mach_vm_remap() with copy maps what the source had; later stores to "
    "either are not seen in the other.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	struct result out;

	TOUCH_PAGES(pages, 2, 0x51);
	MT_CHECK(remap(vm, self, hole, pages, 2, TRUE, &out), KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
	TOUCH(hole, 0x52);
	MT_CHECK_BYTE(pages, 0x51);
	TOUCH(pages + mt_page, 0x53);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}

MT_CASE(remap, untouched_memory_is_shared_too, "remap-untouched-shared",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of memory that was never touched gives it a VM object, "
    "so that the first store is seen in both mappings.")
{
	mach_vm_address_t pages = mt_pages(1), hole = mt_hole(1);
	struct result out;

	MT_CHECK(remap(vm, self, hole, pages, 1, FALSE, &out), KERN_SUCCESS);
	TOUCH(hole, 0x51);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(remap, protections_in_common_are_returned, "remap-cur-max-out",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() returns the protections that all regions of the source "
    "have in common.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);
	struct result out;

	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, pages, 2, FALSE, &out), KERN_SUCCESS);
	MT_CHECK_PROTECTION(out.current, VM_PROT_READ);
	MT_CHECK_PROTECTION(out.maximum, VM_PROT_DEFAULT);
}

MT_CASE(remap, protections_given_are_ignored, "remap-out-ignored-in",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() ignores the values of its protections before the call.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	mach_vm_address_t target = hole;
	vm_prot_t current = 0xff, maximum = -1;

	MT_CHECK(vm->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED, self,
		     page, FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_PROTECTION(current, VM_PROT_DEFAULT);
	MT_CHECK_PROTECTION(maximum, VM_PROT_ALL);
}

MT_CASE(remap, each_region_keeps_its_protection, "remap-keeps-per-entry-prot",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() gives each region of the mapping the protection of its "
    "source.")
{
	mach_vm_address_t pages = mt_pages(3), hole = mt_hole(3);
	struct result out;

	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, pages, 3, FALSE, &out), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "abc");
	MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(hole + mt_page, .protection = VM_PROT_READ);
	MT_CHECK_REGION(hole + 2 * mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(remap, tag_is_that_of_the_source, "remap-tag-copied",
    VM_MAP_C "vm_map_entry_copy()",
    "mach_vm_remap() gives the mapping the tag and the behaviour of its "
    "source.")
{
	mach_vm_address_t from = mt_hole(1);
	struct result out;

	MT_REQUIRE(allocate_at(stage, self, from, mt_page, TAG(252)),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, from, mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t hole = mt_hole(1);

		MT_CHECK(remap(vm, self, hole, from, 1, i == 0 ? FALSE : TRUE,
			     &out),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .user_tag = 252,
		    .behavior = VM_BEHAVIOR_SEQUENTIAL);
	}
}

MT_CASE(remap, inheritance_is_that_of_the_call, "remap-inherit-param",
    "vm_remap.html",
    "mach_vm_remap() gives the mapping the inheritance of the call, not of "
    "its source.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);

	for (unsigned i = 0; i < 18; i++) {
		const vm_inherit_t of_source = i / 3 % 3, value = i % 3;
		mach_vm_address_t target = hole;
		vm_prot_t current = 0, maximum = 0;

		MT_REQUIRE(stage->inherit(self, page, mt_page, of_source),
		    KERN_SUCCESS);
		MT_CHECK(vm->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED,
			     self, page, i < 9 ? FALSE : TRUE, &current,
			     &maximum, value),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .inheritance = value);
		MT_CHECK_REGION(page, .inheritance = of_source);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
	}
}

MT_CASE(remap, both_mappings_are_truly_shared, "remap-share-mode",
    VM_MAP_C "vm_map_remap_extract()",
    "SM_TRUESHARED is the share mode of both mappings of mach_vm_remap() "
    "since macOS 11.3; before that SM_PRIVATE_ALIASED.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	struct result out;

	TOUCH(page, 0x51);
	MT_CHECK(remap(vm, self, hole, page, 1, FALSE, &out), KERN_SUCCESS);
	MT_CHECK_REGION(page, .ref_count = 2,
	    .share_mode = MT_VALUE(SM_TRUESHARED,
		MT_UNTIL(11.2, SM_PRIVATE_ALIASED)));
	MT_CHECK_REGION(hole, .ref_count = 2,
	    .share_mode = MT_VALUE(SM_TRUESHARED,
		MT_UNTIL(11.2, SM_PRIVATE_ALIASED)));
}

MT_CASE(remap, hole_in_the_source_is_an_invalid_address, "remap-src-hole",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() from a range with a hole is KERN_INVALID_ADDRESS and "
    "maps nothing.")
{
	mach_vm_address_t pages = mt_pages(3), hole = mt_hole(3);
	struct result out;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, pages, 3, FALSE, &out),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(hole, "...");
	MT_CHECK_ADDRESS(out.at, hole);
	MT_CHECK_NUMBER(out.current, 0x51);
}

MT_CASE(remap, memory_below_a_hole_is_marked_as_shared, "remap-src-hole-shared",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy from a range with a hole fails when it comes "
    "there: the memory below is marked as shared already, and stays so.")
{
	mach_vm_address_t pages = mt_pages(3), hole = mt_hole(3);
	vm_region_basic_info_data_64_t info;
	struct result out;

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, pages, 3, FALSE, &out),
	    KERN_INVALID_ADDRESS);
	for (unsigned i = 0; i < 3; i += 2) {
		region_info(stage, self, pages + i * mt_page,
		    VM_REGION_BASIC_INFO_64, &info,
		    VM_REGION_BASIC_INFO_COUNT_64);
		MT_CHECK_NUMBER(info.shared, i == 0);
	}
	MT_CHECK_REGION(pages, .ref_count = 1);
}

MT_CASE(remap, unmapped_source_is_an_invalid_address, "remap-src-unmapped",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() from an unmapped address is KERN_INVALID_ADDRESS.")
{
	mach_vm_address_t nothing = mt_hole(1), hole = mt_hole(1);
	struct result out;

	MT_CHECK(remap(vm, self, hole, nothing, 1, FALSE, &out),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(remap(vm, self, hole, nothing, 1, TRUE, &out),
	    KERN_INVALID_ADDRESS);
	MT_CHECK(remap(vm, self, hole, 0, 1, FALSE, &out),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(hole);
}

MT_CASE(remap, source_without_permission_is_mapped, "remap-prot-none-src",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of memory of VM_PROT_NONE makes a mapping of "
    "VM_PROT_NONE, which mach_vm_protect() can raise.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	struct result out;

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, page, 1, FALSE, &out), KERN_SUCCESS);
	MT_CHECK_PROTECTION(out.current, VM_PROT_NONE);
	MT_CHECK_PROTECTION(out.maximum, VM_PROT_ALL);
	MT_REQUIRE(stage->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(hole, 0x51);
}

MT_CASE(remap, wiring_stays_with_the_source, "remap-wired-not-copied",
    VM_MAP_C "vm_map_entry_copy()",
    "mach_vm_remap() of wired memory makes a mapping that is not wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1);
	struct result out;

	MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(remap(vm, self, hole, page, 1, FALSE, &out), KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 1);
	MT_CHECK_REGION(hole, .user_wired_count = 0);
}

MT_CASE(remap, mapping_of_permanent_memory_is_not_permanent,
    "remap-permanent-not-copied", VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of permanent memory makes a mapping that can be "
    "deallocated.",
    .since = "11.3")
{
	mach_vm_address_t from = mt_hole(1), hole = mt_hole(1);

	MT_CHILD {
		struct result out;

		MT_REQUIRE(allocate_at(stage, self, from, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(remap(vm, self, hole, from, 1, FALSE, &out),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
		MT_CHECK_HOLE(hole);
	}
}

MT_CASE(remap, purgeable_memory_has_one_state, "remap-purgeable-share",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() of purgeable memory makes a second mapping with the "
    "same state.")
{
	mach_vm_address_t from = mt_hole(1), hole = mt_hole(1);
	int state = VM_PURGABLE_VOLATILE;
	struct result out;

	MT_REQUIRE(allocate_at(stage, self, from, mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	TOUCH(from, 0x51);
	MT_CHECK(remap(vm, self, hole, from, 1, FALSE, &out), KERN_SUCCESS);
	MT_REQUIRE(stage->purgable_control(self, hole, VM_PURGABLE_SET_STATE,
		       &state),
	    KERN_SUCCESS);
	MT_CHECK(stage->purgable_control(self, from, VM_PURGABLE_GET_STATE,
		     &state),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(state, VM_PURGABLE_VOLATILE);
}

MT_CASE(remap, memory_moves_with_a_deallocation, "remap-as-mremap",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() followed by mach_vm_deallocate() of the source moves "
    "memory without a copy: its pages stay resident.")
{
	mach_vm_address_t pages = mt_pages(LARGE), hole = mt_hole(LARGE);
	struct result out;

	TOUCH_PAGES(pages, LARGE, 0x51);
	MT_CHECK(remap(vm, self, hole, pages, LARGE, FALSE, &out),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages, LARGE * mt_page),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .size = LARGE * mt_page, .pages_resident = LARGE,
	    .ref_count = 1);
	MT_CHECK_HOLE(pages);
	MT_CHECK_BYTE(hole + (LARGE - 1) * mt_page, 0x51);
	MT_CHECK_WRITABLE(hole);
}

MT_CASE(remap, moved_memory_is_not_extended, "remap-as-mremap-sideeffects",
    VM_MAP_C "vm_map_remap_extract()",
    "Memory that mach_vm_remap() has moved stays marked as shared: an "
    "allocation above it is a region of its own.")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(2);
	struct result out;

	TOUCH(page, 0x51);
	MT_CHECK(remap(vm, self, hole, page, 1, FALSE, &out), KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "ab");
}

MT_CASE(remap, null_source_task_is_an_invalid_argument, "remap-null-src",
    VM_MAP_C "vm_map_remap_sanitize()",
    "mach_vm_remap() with MACH_PORT_NULL as the source task is "
    "KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1), target = mt_hole(1);
	vm_prot_t current = 0, maximum = 0;

	MT_CHECK(vm->remap(self, &target, mt_page, 0, VM_FLAGS_FIXED,
		     MACH_PORT_NULL, page, FALSE, &current, &maximum,
		     VM_INHERIT_DEFAULT),
	    KERN_INVALID_ARGUMENT);
}

MT_CASE(remap, locked_source_keeps_its_object, "remap-wired-object",
    VM_MAP_C "vm_map_remap_extract()",
    "mach_vm_remap() without copy of a locked part of a larger region leaves "
    "it the VM object that holds the locked pages; until macOS 10.15 it put "
    "one in front of that.",
    .until = "12", .needs = "native")
{
	int error = 0;

	MT_CHILD {
		mach_vm_address_t pages = mt_pages(4), to = mt_hole(1);
		vm_prot_t current, maximum;

		TOUCH(pages, 0x51);
		MT_REQUIRE(stage_bsd->mlock(&error, pages, mt_page), 0);
		MT_CHECK(vm->remap(self, &to, mt_page, 0, VM_FLAGS_FIXED, self,
			     pages, FALSE, &current, &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages,
		    .shadow_depth = MT_VALUE(0, MT_UNTIL(10.15, 1)));
		MT_CHECK_BYTE(to, 0x51);
	}
}
