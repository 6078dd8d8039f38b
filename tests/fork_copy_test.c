/*
 * Memory that a child inherits as a copy.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(inherit, child_has_the_bytes, "fork-copy", "vm_inherit.html",
    "VM_INHERIT_COPY: Gives child tasks a copy of the region.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH(pages, 0x11);
	TOUCH(pages + mt_page, 0x22);
	MT_CHECK(vm->inherit(self, pages, 2 * mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(pages, 0x11);
		MT_CHECK_BYTE(pages + mt_page, 0x22);
		MT_CHECK_LAYOUT(pages, "aa");
	}
}

MT_CASE(inherit, stores_of_the_child_do_not_reach_the_parent,
    "fork-copy-child-writes", "vm_inherit.html",
    "VM_INHERIT_COPY: Gives child tasks a copy of the region.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		TOUCH(page, 0x22);
		MT_CHECK_BYTE(page, 0x22);
	}

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(inherit, stores_of_the_parent_do_not_reach_the_child,
    "fork-copy-parent-writes", "vm_inherit.html",
    "VM_INHERIT_COPY: Gives child tasks a copy of the region.")
{
	mach_vm_address_t page = mt_pages(1), signal = signal_page(self);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		AWAIT(stored_byte(signal) == 1);
		MT_CHECK_BYTE(page, 0x11);
	}
	else
	{
		TOUCH(page, 0x22);
		tell(signal, 1);
	}

	MT_CHECK_BYTE(page, 0x22);
}

MT_CASE(inherit, untouched_copy_is_zero_on_both_sides, "fork-copy-untouched",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_COPY of memory that was never touched gives parent and "
    "child separate zero-filled memory.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(page, 0);
		TOUCH(page, 0x22);
	}

	MT_CHECK_BYTE(page, 0);
}

MT_CASE(inherit, grandchild_has_a_copy_of_the_copy, "fork-grandchild-copy",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_COPY applies to the child's copy in turn: a grandchild has "
    "a copy of it.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		TOUCH(page, 0x22);
		MT_CHILD {
			MT_CHECK_BYTE(page, 0x22);
			TOUCH(page, 0x33);
		}
		MT_CHECK_BYTE(page, 0x22);
	}

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(inherit, child_has_the_same_attributes, "fork-attrs",
    VM_MAP_C "vm_map_fork()",
    "A child inherits the tag, protections, behaviour and inheritance of a "
    "region.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->behavior_set(self, page, mt_page,
		       VM_BEHAVIOR_SEQUENTIAL),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_REGION(page, .address = page, .size = mt_page,
		    .protection = VM_PROT_READ,
		    .max_protection = VM_PROT_DEFAULT,
		    .inheritance = VM_INHERIT_COPY,
		    .behavior = VM_BEHAVIOR_SEQUENTIAL, .user_tag = MT_TAG);
	}
}

MT_CASE(inherit, child_has_the_same_regions, "fork-region-shape",
    VM_MAP_C "vm_map_fork()",
    "A child inherits region by region: a fork neither merges nor splits.")
{
	mach_vm_address_t pages = mt_pages(4);

	TOUCH_PAGES(pages, 2, 0x11);
	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, pages + 3 * mt_page, mt_page,
		     VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abcd");

	MT_CHILD {
		MT_CHECK_LAYOUT(pages, "abcd");
	}
	MT_CHECK_LAYOUT(pages, "abcd");
}

/* The copy of one of them makes it one with its neighbours, which are equal. */
MT_CASE(inherit, parts_of_purgeable_memory_are_copied_once,
    "fork-region-shape-purgeable", VM_MAP_C "vm_map_fork_copy()",
    "A child inherits the parts of purgeable memory that was split and could be "
    "one again: each with its own bytes.")
{
	mach_vm_address_t pages = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, pages, 4 * mt_page,
		       VM_FLAGS_PURGABLE | PLAIN),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 4; i++)
		TOUCH(pages + i * mt_page, (uint8_t)(0x11 + i));
	MT_CHECK(vm->inherit(self, pages + mt_page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(pages, "abcc");

	MT_CHILD {
		MT_CHECK_LAYOUT(pages, "abcc");
		for (unsigned i = 0; i < 4; i++)
			MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(0x11 + i));
	}
}

MT_CASE(inherit, purgeable_memory_is_copied_at_the_fork, "purge-fork-at-once",
    VM_OBJECT_C "vm_object_copy_strategically()",
    "A child's copy of purgeable memory is made at the fork, whatever its tag: "
    "its VM object is nobody else's and shadows none, and it is not purgeable.")
{
	static const int tags[] = { MT_TAG, VM_MEMORY_MALLOC,
		VM_MEMORY_MALLOC_LARGE };

	for (unsigned i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		mach_vm_address_t page = mt_hole(1);

		MT_REQUIRE(allocate_at(stage, self, page, mt_page,
			       VM_FLAGS_PURGABLE | TAG(tags[i])),
		    KERN_SUCCESS);
		TOUCH(page, 0x51);
		MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHILD {
			int state;

			MT_CHECK_REGION(page, .share_mode = SM_PRIVATE,
			    .ref_count = 1, .shadow_depth = 0,
			    .pages_resident = 1);
			MT_CHECK(stage->purgable_control(self, page,
				     VM_PURGABLE_GET_STATE, &state),
			    KERN_INVALID_ARGUMENT);
		}
		MT_CHECK_REGION(page, .share_mode = SM_PRIVATE, .ref_count = 1);
	}
}

MT_CASE(inherit, inaccessible_memory_is_inherited, "fork-prot-none",
    VM_MAP_C "vm_map_fork()",
    "A child inherits memory of VM_PROT_NONE with its contents.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
		MT_CHECK(stage->protect(self, page, mt_page, FALSE,
			     VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(page, 0x11);
	}
}

MT_CASE(inherit, inaccessible_shared_memory_is_inherited,
    "fork-prot-none-shared", VM_MAP_C "vm_map_fork_copy()",
    "VM_INHERIT_COPY of shared memory of VM_PROT_NONE that may become readable "
    "gives the child a copy of its contents.")
{
	mach_vm_address_t page = mt_pages(1), alias = 0;

	TOUCH(page, 0x11);
	REMAP(alias, mt_page, VM_FLAGS_ANYWHERE, page, FALSE);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_REGION(page, .protection = VM_PROT_NONE);
		MT_CHECK(stage->protect(self, page, mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(page, 0x11);
		TOUCH(page, 0x22);
	}
	MT_CHECK_BYTE(alias, 0x11);
}

MT_CASE(inherit, inaccessible_memory_of_any_kind_is_inherited,
    "fork-prot-none-kinds", VM_MAP_C "vm_map_copyin_internal()",
    "A child inherits memory of VM_PROT_NONE with its contents also where the "
    "fork copies it by its VM object: malloc's, purgeable and locked memory.")
{
	static const int flags[] = { TAG(VM_MEMORY_MALLOC),
		VM_FLAGS_PURGABLE | PLAIN, PLAIN };
	mach_vm_address_t hole;
	int error = 0;

	for (unsigned i = 0; i < 3; i++) {
		hole = mt_hole(2);
		MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
			       flags[i]),
		    KERN_SUCCESS);
		TOUCH(hole, 0x11);
		TOUCH(hole + mt_page, 0x12);
		if (i == 2)
			MT_REQUIRE(stage_bsd->mlock(&error, hole, 2 * mt_page),
			    0);
		MT_REQUIRE(stage->protect(self, hole, 2 * mt_page, FALSE,
			       VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(vm->inherit(self, hole, 2 * mt_page, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHILD {
			MT_CHECK_REGION(hole, .protection = VM_PROT_NONE,
			    .size = 2 * (int64_t)mt_page);
			MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS,
			    KERN_PROTECTION_FAILURE);
			MT_CHECK(stage->protect(self, hole, 2 * mt_page, FALSE,
				     VM_PROT_READ),
			    KERN_SUCCESS);
			MT_CHECK_BYTE(hole, 0x11);
			MT_CHECK_BYTE(hole + mt_page, 0x12);
		}
	}
	MT_REQUIRE(stage_bsd->munlock(&error, hole, 2 * mt_page), 0);
}

MT_CASE(inherit, wired_memory_is_copied_unwired, "fork-wired",
    VM_MAP_C "vm_map_fork()",
    "A child's copy of wired memory is made at the fork and is not wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_REGION(page, .user_wired_count = 0,
		    .user_tag = MT_TAG);
		MT_CHECK_BYTE(page, 0x11);
		TOUCH(page, 0x22);
	}

	MT_CHECK_REGION(page, .user_wired_count = 1);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(inherit, shared_memory_is_copied_for_a_child, "fork-true-share",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_COPY of memory that mach_vm_remap() mapped twice gives the "
    "child a snapshot.")
{
	mach_vm_address_t page = mt_pages(1), alias = 0;
	mach_vm_address_t signal = signal_page(self);

	TOUCH(page, 0x11);
	REMAP(alias, mt_page, VM_FLAGS_ANYWHERE, page, FALSE);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		AWAIT(stored_byte(signal) == 1);
		MT_CHECK_BYTE(page, 0x11);
		MT_CHECK_BYTE(alias, 0x11);
	}
	else
	{
		TOUCH(alias, 0x22);
		tell(signal, 1);
	}

	MT_CHECK_BYTE(page, 0x22);
}

MT_CASE(inherit, two_mappings_are_two_copies_in_a_child, "fork-remap-separates",
    VM_MAP_C "vm_map_fork()",
    "VM_INHERIT_COPY of two mappings of the same memory gives the child two "
    "separate memories.")
{
	mach_vm_address_t page = mt_pages(1), alias = 0;

	TOUCH(page, 0x11);
	REMAP(alias, mt_page, VM_FLAGS_ANYWHERE, page, FALSE);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		TOUCH(page, 0x33);
		MT_CHECK_BYTE(alias, 0x11);
	}

	TOUCH(page, 0x22);
	MT_CHECK_BYTE(alias, 0x22);
}

/* The slow copy reads the memory, which its maximum forbids. */
MT_CASE(inherit, unreadable_shared_memory_is_not_inherited, "fork-max-no-read",
    VM_MAP_C "vm_map_fork_copy()",
    "VM_INHERIT_COPY of shared memory whose maximum lacks VM_PROT_READ "
    "leaves a hole in the child: it cannot be copied.")
{
	mach_vm_address_t page = mt_pages(1), alias = 0;

	REMAP(alias, mt_page, VM_FLAGS_ANYWHERE, page, FALSE);
	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(vm->inherit(self, page, mt_page, VM_INHERIT_COPY),
	    KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_HOLE(page);
		MT_CHECK_BYTE(alias, 0);
	}
	MT_CHECK_REGION(page, .address = page);
}

MT_CASE(deallocate, child_deallocates_only_its_own_copy,
    "dealloc-shared-object-child", "vm_deallocate.html",
    "vm_deallocate affects only target_task.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, page, mt_page), KERN_SUCCESS);
		MT_CHECK_HOLE(page);
	}

	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(allocate, child_allocates_in_its_own_map, "fork-copy-allocate",
    VM_MAP_C "vm_map_fork()",
    "Memory that a child allocates is not in its parent's map.")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_WRITABLE(hole);
	}

	MT_CHECK_HOLE(hole);
}

MT_CASE(protect, child_protects_only_its_own_copy, "fork-copy-protect",
    VM_MAP_C "vm_map_fork()",
    "A child's mach_vm_protect() on its copy does not change the parent's "
    "protection.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);

	MT_CHILD {
		MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_NONE),
		    KERN_SUCCESS);
	}

	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(allocate, superpages_are_absent_in_a_child, "fork-superpage",
    VM_MAP_C "vm_map_fork()",
    "Superpages have VM_INHERIT_NONE and are absent in a child.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t hole = superpages(vm, self, 1);

	MT_CHILD {
		MT_CHECK_HOLE(hole);
	}
}
