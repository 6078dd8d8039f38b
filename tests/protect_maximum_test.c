/*
 * mach_vm_protect and the maximum protection.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* A page whose maximum protection is lowered to this. */
static mach_vm_address_t
page_with_maximum(mach_port_name_t self, vm_prot_t maximum)
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, TRUE, maximum),
	    KERN_SUCCESS);
	return page;
}

MT_CASE(protect, current_above_maximum_fails, "protect-beyond-max",
    "vm_protect.html",
    "The new protection increased the current or maximum protection beyond "
    "the existing maximum protection.")
{
	mach_vm_address_t page = page_with_maximum(self, VM_PROT_READ);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
}

MT_CASE(protect, violation_in_one_region_changes_none,
    "protect-beyond-max-nothing", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() changes no region of the range when one of them has "
    "too low a maximum.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->protect(self, pages + mt_page, mt_page, TRUE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages, .protection = VM_PROT_READ);
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_READ);
	MT_CHECK_REGION(pages + 2 * mt_page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, maximum_of_wired_memory_is_lowered, "protect-max-wired",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() that lowers the maximum takes the access from wired "
    "memory, too, which stays wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->wire(mach_host_self(), self, page, mt_page,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ, .user_wired_count = 1);
	MT_CHECK_BYTE(page, 0);
}

MT_CASE(protect, violation_below_a_hole_is_reported,
    "protect-order-hole-vs-max", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() reports the lower of a hole and a violated maximum: "
    "here the maximum.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(protect, hole_below_a_violation_is_reported,
    "protect-order-hole-vs-max-hole", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() reports the lower of a hole and a violated maximum: "
    "here the hole.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->protect(self, pages + 2 * mt_page, mt_page, TRUE,
		       VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 3 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_INVALID_ADDRESS);
	MT_CHECK_LAYOUT(pages, "a.b");
}

MT_CASE(protect, violation_before_a_hole_at_the_end_is_reported,
    "protect-beyond-max-before-tail-hole", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() finds a hole at the end of the range last: a "
    "violated maximum before it is reported.")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->protect(self, pages, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, pages, 2 * mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(protect, maximum_below_current_lowers_both, "protect-set-max-lower",
    "vm_protect.html",
    "mach_vm_protect() that sets the maximum below the current protection "
    "lowers the current protection too.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51); /* a page that shows with its permission */
	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
	MT_CHECK_BYTE(page, 0x51);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(protect, maximum_that_contains_current_leaves_it,
    "protect-set-max-keeps-cur", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() that sets a maximum which contains the current "
    "protection leaves the current protection.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, maximum_without_current_leaves_no_access,
    "protect-set-max-lower-none", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() that sets a maximum without any bit of the current "
    "protection leaves VM_PROT_NONE: rw- under --x is ---.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_EXECUTE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_EXECUTE);
}

MT_CASE(protect, maximum_cannot_be_raised, "protect-set-max-raise",
    "vm_protect.html",
    "mach_vm_protect() cannot add a permission to the maximum again.")
{
	mach_vm_address_t page = page_with_maximum(self, VM_PROT_READ);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ,
	    .max_protection = VM_PROT_READ);
}

MT_CASE(protect, no_maximum_regains_reading_or_writing,
    "protect-set-max-raise-pairs", "vm_protect.html",
    "mach_vm_protect() cannot add VM_PROT_READ or VM_PROT_WRITE to a maximum "
    "again, whatever it is and whatever else is asked for.")
{
	for (vm_prot_t has = 0; has < 6; has++) {
		mach_vm_address_t page = page_with_maximum(self, has);

		for (vm_prot_t asked = 0; asked <= VM_PROT_ALL; asked++) {
			if ((asked & ~has & VM_PROT_DEFAULT) == 0)
				continue;
			MT_CHECK(vm->protect(self, page, mt_page, TRUE, asked),
			    KERN_PROTECTION_FAILURE);
		}
		MT_CHECK_REGION(page, .protection = has & VM_PROT_DEFAULT,
		    .max_protection = has);
	}
}

MT_CASE(protect, execute_may_be_added_to_the_maximum,
    "protect-set-max-raise-exec-x86", VM_MAP_C "vm_map_protect()",
    "On x86_64 without code-signing enforcement VM_PROT_EXECUTE, and "
    "nothing else, can be added to the maximum again since macOS 12.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t page = page_with_maximum(self, VM_PROT_DEFAULT);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_ALL),
	    KERN_SUCCESS, MT_UNTIL(11, KERN_PROTECTION_FAILURE));
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = MT_VALUE(VM_PROT_ALL,
		MT_UNTIL(11, VM_PROT_DEFAULT)));
}

MT_CASE(protect, execute_cannot_be_added_to_the_maximum,
    "protect-set-max-raise-exec-arm64", VM_MAP_C "vm_map_protect()",
    "On arm64 VM_PROT_EXECUTE cannot be added to the maximum again.",
    .arch = "arm64")
{
	mach_vm_address_t page = page_with_maximum(self, VM_PROT_READ);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE,
		     VM_PROT_READ | VM_PROT_EXECUTE),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .max_protection = VM_PROT_READ);
}

MT_CASE(protect, maximum_none_removes_all_access, "protect-set-max-none",
    VM_MAP_C "vm_map_protect()",
    "A maximum of VM_PROT_NONE takes all access away for good; the pages "
    "stay mapped until they are deallocated.")
{
	mach_vm_address_t page = page_with_maximum(self, VM_PROT_NONE);

	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_NONE);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);
	MT_CHECK_HOLE(page);
}

MT_CASE(protect, any_nonzero_boolean_sets_the_maximum, "protect-set-max-bool",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() takes any set_maximum other than 0 as true.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, 2, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .max_protection = VM_PROT_READ);

	page = mt_pages(1);
	MT_CHECK(vm->protect(self, page, mt_page, (boolean_t)0x80000000,
		     VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .max_protection = VM_PROT_READ);
}

MT_CASE(protect, current_protection_leaves_the_maximum, "protect-no-max-change",
    "vm_protect.html",
    "mach_vm_protect() without set_maximum leaves the maximum protection.")
{
	mach_vm_address_t page = page_with_maximum(self, VM_PROT_DEFAULT);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, maximum_of_one_page_splits_the_region,
    "protect-set-max-splits", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() that sets the maximum of one page makes that page a "
    "region of its own.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(vm->protect(self, pages + mt_page, mt_page, TRUE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, invalid_bit_is_an_invalid_argument, "protect-invalid-bits",
    VM_SANITIZE_C "vm_sanitize_prot()",
    "mach_vm_protect() with a bit that is neither a permission nor "
    "VM_PROT_COPY is KERN_INVALID_ARGUMENT.")
{
	mach_vm_address_t page = mt_pages(1);

	for (int bit = 8; bit < 32; bit++)
		MT_CHECK(vm->protect(self, page, mt_page, FALSE,
			     (vm_prot_t)(UINT32_C(1) << bit) | VM_PROT_READ),
		    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE, -1),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, bits_of_other_calls_are_invalid, "protect-trusted-bit",
    VM_SANITIZE_C "vm_sanitize_prot()",
    "VM_PROT_TRUSTED, VM_PROT_IS_MASK and VM_PROT_STRIP_READ are "
    "KERN_INVALID_ARGUMENT in mach_vm_protect().")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_TRUSTED),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_IS_MASK),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_STRIP_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, user_execute_bit_is_invalid, "protect-invalid-bits-uexec",
    VM_SANITIZE_C "vm_sanitize_prot()",
    "mach_vm_protect() with bit 8 is KERN_INVALID_ARGUMENT where the "
    "processor cannot separate user execution.",
    .arch = "arm64")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, 8 | VM_PROT_READ),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT);
}

MT_CASE(protect, write_with_execute_is_refused, "protect-wx-arm64",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() cannot make memory both writable and executable in a "
    "native arm64 process.",
    .arch = "arm64")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_ALL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_WRITE | VM_PROT_EXECUTE),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(protect, write_with_execute_as_maximum_is_refused,
    "protect-set-max-wx-arm64", VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() cannot set a maximum both writable and executable in "
    "a native arm64 process, even where it already is.",
    .arch = "arm64")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, TRUE, VM_PROT_ALL),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT,
	    .max_protection = VM_PROT_ALL);
}

MT_CASE(protect, write_with_execute_is_granted, "protect-wx-x86-plain",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() can make memory both writable and executable in an "
    "x86_64 process without code-signing enforcement.",
    .arch = "x86_64")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_ALL),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_ALL);
	MT_CHECK_WRITABLE(page);
}

MT_CASE(protect, read_with_execute_is_granted, "protect-rx-ok",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() can make memory readable and executable.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x51);
	MT_CHECK(vm->protect(self, page, mt_page, FALSE,
		     VM_PROT_READ | VM_PROT_EXECUTE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(page, .protection = VM_PROT_READ | VM_PROT_EXECUTE);
	MT_CHECK_FAULT(mt_write(page, 1), EXC_BAD_ACCESS,
	    KERN_PROTECTION_FAILURE);
}
