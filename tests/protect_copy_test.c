/*
 * mach_vm_protect with VM_PROT_COPY: a private copy takes the range's place.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* An alias of n pages at a fixed address: the same memory. */
static void
alias(mach_port_name_t self, mach_vm_address_t address,
    mach_vm_address_t source, unsigned n)
{
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_REQUIRE(stage->remap(self, &address, n * mt_page, 0, VM_FLAGS_FIXED,
		       self, source, FALSE, &current, &maximum,
		       VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);
}

MT_CASE(protect, copy_adds_write_to_the_maximum, "protect-copy-raises-max",
    XNU "osfmk/mach/vm_prot.h, VM_PROT_COPY",
    "A caller may ask for a copy in order to gain write permission where "
    "the maximum protection lacks it.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_DEFAULT);
	MT_CHECK_BYTE(page, 0x51);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(protect, copy_of_untouched_memory_reads_as_zero,
    "protect-copy-raises-max-untouched", VM_MAP_C "vm_map_protect()",
    "A copy of memory that was never touched reads as zero and can be "
    "written.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL, .share_mode = SM_COW);
	MT_CHECK_BYTE(page, 0);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(protect, copy_shares_no_longer, "protect-copy-private-after",
    VM_MAP_C "vm_map_remap()",
    "After the copy the range shares with nobody: a store through it is not "
    "seen through the alias.")
{
	mach_vm_address_t pages = mt_pages(2), hole = mt_hole(2);

	TOUCH_PAGES(pages, 2, 0x51);
	alias(self, hole, pages, 2);
	TOUCH(pages, 0x52);
	MT_REQUIRE_TRUE(mt_read(hole).value == 0x52);

	MT_CHECK(vm->protect(self, hole, 2 * mt_page, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(hole, 0x52);
	TOUCH(hole, 0x53);
	MT_CHECK_BYTE(pages, 0x52);
	TOUCH(pages + mt_page, 0x54);
	MT_CHECK_BYTE(hole + mt_page, 0x51);
}

MT_CASE(protect, copy_keeps_inheritance_and_tag, "protect-copy-keeps-inherit",
    VM_MAP_C "vm_map_remap()",
    "The copy has the inheritance and the tag of what it replaces.")
{
	mach_vm_address_t pages = mt_pages(2);

	TOUCH(pages, 0x51);
	MT_REQUIRE(stage->inherit(self, pages, 2 * mt_page, VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 2 * mt_page, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(pages, .address = pages, .size = 2 * mt_page,
	    .inheritance = VM_INHERIT_NONE, .user_tag = MT_TAG,
	    .share_mode = SM_COW);
}

MT_CASE(protect, copy_alone_means_no_permission, "protect-copy-alone",
    VM_MAP_C "vm_map_protect()",
    "COPY without a permission makes a private copy with NONE.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL, .share_mode = SM_COW);
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(protect, copy_alone_as_maximum_means_none_at_all,
    "protect-copy-alone-max", VM_MAP_C "vm_map_protect()",
    "COPY without a permission as the maximum leaves none of either.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
}

MT_CASE(protect, copy_of_one_page_splits_the_region,
    "protect-copy-partial-splits", VM_MAP_C "vm_map_remap()",
    "The copy of one page is a region of its own; what is left shares its "
    "object with the copy.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->protect(self, pages, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abbb");
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ,
	    .share_mode = SM_COW);
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_DEFAULT,
	    .share_mode = MT_VALUE(SM_TRUESHARED,
		MT_UNTIL(10.15, SM_PRIVATE_ALIASED)));
}

MT_CASE(protect, copied_page_never_joins_again,
    "protect-copy-partial-splits-stays", VM_MAP_C "vm_map_remap()",
    "Restoring the protection does not join the copied page with the rest.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(vm->protect(self, pages + mt_page, mt_page, FALSE,
		       VM_PROT_READ | VM_PROT_COPY),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
}

MT_CASE(protect, copy_with_execute_is_refused, "protect-copy-exec",
    VM_MAP_C "vm_map_protect()",
    "A native arm64 process may not ask for a copy that can be executed.",
    .arch = "arm64")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_EXECUTE | VM_PROT_COPY),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_ALL | VM_PROT_COPY),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .share_mode = SM_PRIVATE);
}

MT_CASE(protect, copy_with_execute_is_granted, "protect-copy-exec-x86",
    VM_MAP_C "vm_map_protect()",
    "On x86_64 a process without code-signing enforcement may.",
    .arch = "x86_64")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_ALL | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_ALL, .share_mode = SM_COW);
	MT_CHECK_BYTE(page, 0x51);
}

MT_CASE(protect, copy_over_a_hole_changes_no_protection, "protect-copy-hole",
    VM_MAP_C "vm_map_remap()",
    "A hole in the range fails the copy, and every protection stays.")
{
	mach_vm_address_t pages = mt_pages(3);

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_COPY),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "a.b");
	MT_CHECK_REGION(pages, .protection = VM_PROT_DEFAULT);
	MT_CHECK_REGION(pages + 2 * mt_page, .protection = VM_PROT_DEFAULT);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(protect, failing_copy_leaves_its_first_half, "protect-copy-not-atomic",
    VM_MAP_C "vm_map_protect()",
    "The copy is made before the protection is tested: where that fails, "
    "the range stays copied and WRITE stays in its maximum.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_WRITE, .share_mode = SM_COW);
}

MT_CASE(protect, copy_of_size_zero_copies_nothing, "protect-copy-zero-size",
    VM_MAP_C "vm_map_protect()", "A size of 0 makes no copy.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, 0, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .share_mode = SM_EMPTY);
}

MT_CASE(protect, copy_of_permanent_memory_ends_its_access,
    "protect-copy-permanent", VM_MAP_C "vm_map_remap()",
    "A permanent mapping cannot be replaced: asking for a copy has no space "
    "and leaves it without access.  Until macOS 12 the copy was made.",
    .since = "11")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole, 0x51);

		MT_CHECK(vm->protect(self, hole, mt_page, FALSE,
			     VM_PROT_DEFAULT | VM_PROT_COPY),
		    KERN_NO_SPACE, MT_UNTIL(12, KERN_SUCCESS));
		MT_CHECK_REGION(hole,
		    .protection = MT_VALUE(VM_PROT_NONE,
			MT_UNTIL(12, VM_PROT_DEFAULT)),
		    .max_protection = MT_VALUE(VM_PROT_NONE,
			MT_UNTIL(12, VM_PROT_ALL)));
	}
}

MT_CASE(protect, permanent_memory_may_be_protected, "perm-alloc-protect",
    VM_MAP_C "vm_map_protect()",
    "Permanent memory takes a lower protection as other memory does.",
    .since = "11")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole, 0x51);

		MT_CHECK(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .protection = VM_PROT_READ,
		    .max_protection = VM_PROT_ALL);
		MT_CHECK_BYTE(hole, 0x51);
	}
}
