/*
 * mach_vm_protect with VM_PROT_COPY: a private copy takes the range's place.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"

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
    "VM_PROT_COPY makes a private copy in order to gain write permission "
    "that the maximum protection lacks.")
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
    "VM_PROT_COPY of memory that was never touched gives zero-filled memory "
    "that can be written.")
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

MT_CASE(protect, copied_range_is_no_longer_shared, "protect-copy-private-after",
    VM_MAP_C "vm_map_remap()",
    "VM_PROT_COPY ends the sharing: a store is not seen through the other "
    "mapping.")
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
    "VM_PROT_COPY keeps the inheritance and the tag of the region it "
    "replaces.")
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

MT_CASE(protect, copy_alone_leaves_no_permission, "protect-copy-alone",
    VM_MAP_C "vm_map_protect()",
    "VM_PROT_COPY without a permission makes a private copy of "
    "VM_PROT_NONE.")
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

MT_CASE(protect, copy_alone_as_maximum_leaves_no_maximum,
    "protect-copy-alone-max", VM_MAP_C "vm_map_protect()",
    "VM_PROT_COPY without a permission as the maximum makes current and "
    "maximum protection VM_PROT_NONE.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
}

MT_CASE(protect, copy_of_one_page_splits_the_region,
    "protect-copy-partial-splits", VM_MAP_C "vm_map_remap()",
    "VM_PROT_COPY of one page makes it a region of its own; the rest shares "
    "its VM object with the copy, since macOS 26.4 copy-on-write.")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(vm->protect(self, pages, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abbb");
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ,
	    .share_mode = SM_COW);
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_DEFAULT,
	    .share_mode = MT_VALUE(SM_COW, MT_UNTIL(26.3, SM_TRUESHARED),
		MT_UNTIL(11.2, SM_PRIVATE_ALIASED)));
}

MT_CASE(protect, copy_of_regions_raises_each_maximum,
    "protect-copy-raises-max-each", VM_MAP_C "vm_map_remap()",
    "VM_PROT_COPY of several regions that may only be read makes each of them "
    "a copy that can be written; what they differ in stays.")
{
	mach_vm_address_t pages = mt_pages(6);

	NUMBER_PAGES(pages, 6, 1);
	MT_REQUIRE(stage->protect(self, pages, 6 * mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, pages + 2 * mt_page, 2 * mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 6 * mt_page, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 6; i++) {
		MT_CHECK_REGION(pages + i * mt_page,
		    .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_DEFAULT,
		    .inheritance = i / 2 == 1 ? VM_INHERIT_NONE :
						VM_INHERIT_COPY);
		MT_CHECK_BYTE(pages + i * mt_page, (uint8_t)(1 + i));
		MT_CHECK_WRITABLE(pages + i * mt_page);
	}
}

MT_CASE(protect, copied_page_stays_apart, "protect-copy-partial-splits-stays",
    VM_MAP_C "vm_map_remap()",
    "VM_PROT_COPY splits permanently: restoring the protection does not "
    "join the copied page with the rest.",
    .until = "26.3")
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
    "VM_PROT_COPY with VM_PROT_EXECUTE is refused in a native arm64 "
    "process.",
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
    "VM_PROT_COPY with VM_PROT_EXECUTE is granted in an x86_64 process "
    "without code-signing enforcement.",
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
    "VM_PROT_COPY of a range with a hole fails and leaves every protection.")
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

MT_CASE(protect, failing_copy_leaves_its_first_step, "protect-copy-not-atomic",
    VM_MAP_C "vm_map_protect()",
    "VM_PROT_COPY copies before the protection is checked: where that "
    "fails, the range stays copied and its maximum has VM_PROT_WRITE.")
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
    VM_MAP_C "vm_map_protect()", "VM_PROT_COPY of size 0 makes no copy.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, 0, FALSE,
		     VM_PROT_DEFAULT | VM_PROT_COPY),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .share_mode = SM_EMPTY);
}

MT_CASE(protect, copy_of_permanent_memory_ends_its_access,
    "protect-copy-permanent", VM_MAP_C "vm_map_remap()",
    "VM_PROT_COPY of permanent memory is KERN_NO_SPACE and leaves it "
    "without access; until macOS 12 the copy was made.",
    .since = "11.3", .until = "26.3")
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
    "mach_vm_protect() can lower the protection of permanent memory.",
    .since = "11.3")
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

MT_CASE(protect, failing_copy_limits_the_protection, "protect-copy-limits",
    VM_MAP_C "vm_map_remap_extract()",
    "VM_PROT_COPY with a permission that the maximum lacks fails, and the copy "
    "that it leaves has no permission besides those asked for; until macOS "
    "10.14.0 it kept what it had.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, VM_PROT_WRITE),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_COPY),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page,
	    .protection = MT_VALUE(VM_PROT_NONE,
		MT_UNTIL(10.14.0, VM_PROT_WRITE)),
	    .max_protection = VM_PROT_WRITE);
}

MT_CASE(protect, copy_of_permanent_code_is_permanent,
    "protect-copy-permanent-code", VM_MAP_C "vm_map_delete()",
    "VM_PROT_COPY replaces permanent memory that may be executed, for "
    "debuggers, by memory that may be written and is permanent, too: "
    "mach_vm_deallocate() takes its access away alone.",
    .since = "13")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole, 0x51);
		PROTECT(hole, 1, VM_PROT_READ | VM_PROT_EXECUTE);
		MT_REQUIRE(stage->protect(self, hole, mt_page, TRUE,
			       VM_PROT_READ | VM_PROT_EXECUTE),
		    KERN_SUCCESS);

		MT_CHECK(vm->protect(self, hole, mt_page, FALSE,
			     VM_PROT_DEFAULT | VM_PROT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL);
		MT_CHECK_BYTE(hole, 0x51);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .protection = VM_PROT_NONE,
		    .max_protection = VM_PROT_NONE);
	}
}

MT_CASE(protect, copy_of_permanent_memory_is_removed,
    "protect-copy-permanent-removed", VM_MAP_C "vm_map_remap_extract()",
    "Until macOS 12 VM_PROT_COPY replaces permanent memory by memory that is "
    "not: mach_vm_deallocate() removes it.",
    .since = "11.3", .until = "12")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole, 0x51);
		MT_CHECK(vm->protect(self, hole, mt_page, FALSE,
			     VM_PROT_DEFAULT | VM_PROT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(hole, 0x51);
		MT_REQUIRE(stage->deallocate(self, hole, mt_page),
		    KERN_SUCCESS);
		MT_CHECK_HOLE(hole);
	}
}

/* arm64 refuses a copy that can be executed, and memory that can be written,
 * too. */
MT_CASE(protect, copy_as_the_maximum_keeps_what_both_allow,
    "protect-copy-max-each", VM_MAP_C "vm_map_protect()",
    "VM_PROT_COPY with set_maximum makes the maximum what is asked for and "
    "leaves the current protection what it had of that.")
{
	const vm_prot_t all = MT_VALUE(VM_PROT_ALL,
	    MT_ON(arm64, VM_PROT_DEFAULT));

	for (vm_prot_t had = VM_PROT_NONE; had <= all; had++)
		for (vm_prot_t asked = VM_PROT_NONE; asked <= all; asked++) {
			mach_vm_address_t page = mt_pages(1);

			TOUCH(page, 0x51);
			MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
				       had),
			    KERN_SUCCESS);
			MT_CHECK(vm->protect(self, page, mt_page, TRUE,
				     asked | VM_PROT_COPY),
			    KERN_SUCCESS);
			MT_CHECK_REGION(page, .address = (int64_t)page,
			    .size = (int64_t)mt_page, .protection = had & asked,
			    .max_protection = asked);
		}
}
