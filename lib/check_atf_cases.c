/*
 * Cases that end in every way there is; check_atf_test.c looks at how.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <signal.h>

#include "check.h"
#include "false_system.h"

#define CASE_WITH(routine_, name_, ...)                               \
	MT_CASE(routine_, name_, "id-" #name_, "here", "A sentence.", \
	    __VA_ARGS__)
#define CASE(routine_, name_) CASE_WITH(routine_, name_, .needs = NULL)

CASE(allocate, right_answer_passes)
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->allocate(self, &page, mt_page, VM_FLAGS_FIXED),
	    KERN_NO_SPACE);
	MT_CHECK_REGION(page, .protection = VM_PROT_DEFAULT, .address = page,
	    .size = mt_page, .user_tag = MT_TAG);
	MT_CHECK_LAYOUT(page - mt_page, ".a.");
	MT_CHECK_WRITABLE(page);
	MT_CHECK_BYTE(page, 0x5a);
	MT_CHECK_FAULT(mt_read(page + mt_page), EXC_BAD_ACCESS,
	    KERN_INVALID_ADDRESS);
	MT_CHECK_HOLE(page + mt_page);
}

CASE(allocate, wrong_answer_fails)
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->allocate(self, &page, mt_page, VM_FLAGS_FIXED),
	    KERN_SUCCESS, MT_UNTIL(14, KERN_NO_SPACE));
	MT_CHECK(vm->allocate(self, &page, mt_page, VM_FLAGS_FIXED),
	    KERN_INVALID_ARGUMENT);
}

CASE(allocate, wrong_stage_ends_the_case)
{
	MT_REQUIRE(KERN_FAILURE, KERN_SUCCESS);
	MT_CHECK(KERN_SUCCESS, KERN_SUCCESS);
}

CASE(allocate, wrong_region_fails)
{
	mach_vm_address_t page = mt_pages(2);

	MT_CHECK_REGION(page, .protection = VM_PROT_READ, .size = mt_page);
}

CASE(allocate, missing_region_fails)
{
	MT_CHECK_REGION(mt_hole(2), .protection = VM_PROT_READ);
}

CASE(allocate, wrong_layout_fails)
{
	MT_CHECK_LAYOUT(mt_pages(4), "aabb");
}

CASE(allocate, wrong_fault_fails)
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
	MT_CHECK_READABLE(hole);
}

CASE(allocate, wrong_byte_fails)
{
	MT_CHECK_BYTE(mt_pages(1), 1);
}

CASE(allocate, false_condition_fails)
{
	MT_CHECK_TRUE(mt_page == 1);
}

CASE(allocate, nonsense_kernel_fails)
{
	struct mt_region region;

	MT_CHECK_TRUE(true);
	false_answer = (struct false_answer){ .enabled = true,
		.address = 0x4000,
		.size = 0,
		.count = VM_REGION_SUBMAP_INFO_V2_COUNT_64 };
	(void)mt_region_at(0x4000, &region);
}

CASE(allocate, nothing_judged_fails)
{
}

CASE(allocate, undecided_is_skipped)
{
	MT_OBSERVE(KERN_NO_SPACE);
}

CASE(allocate, undecided_but_wrong_fails)
{
	MT_OBSERVE(KERN_NO_SPACE);
	MT_CHECK(KERN_FAILURE, KERN_SUCCESS);
}

CASE(allocate, gap_is_an_expected_failure)
{
	MT_MODEL_LACKS("a reason");
	MT_CHECK(KERN_FAILURE, KERN_SUCCESS);
}

CASE(allocate, closed_gap_fails)
{
	MT_MODEL_LACKS("a reason");
	MT_CHECK(KERN_SUCCESS, KERN_SUCCESS);
}

CASE(allocate, child_passes)
{
	MT_CHILD {
		MT_CHECK(KERN_SUCCESS, KERN_SUCCESS);
	}
}

CASE(allocate, child_fails)
{
	MT_CHILD {
		MT_CHECK(KERN_FAILURE, KERN_SUCCESS);
	}
}

CASE(allocate, child_stage_fails)
{
	MT_CHILD {
		MT_REQUIRE(KERN_FAILURE, KERN_SUCCESS);
		mt_exit(0);
	}
}

static void
die(void *signal_)
{
	raise(*(int *)signal_);
}

CASE(allocate, child_dies)
{
	int bus = SIGBUS;

	MT_CHILD {
		die(&bus);
	}
}

CASE(allocate, child_dies_as_required)
{
	int bus = SIGBUS;

	MT_CHECK_NUMBER(mt_child_signal(die, &bus), 10);
}

CASE_WITH(allocate, old_is_skipped, .until = "14")
{
	MT_CHECK_TRUE(true);
}

CASE_WITH(allocate, new_is_skipped, .since = "27")
{
	MT_CHECK_TRUE(true);
}

CASE_WITH(allocate, other_arch_is_skipped, .arch = "x86_64")
{
	MT_CHECK_TRUE(true);
}

CASE_WITH(allocate, need_is_skipped, .needs = "native privileged")
{
	MT_CHECK_TRUE(true);
}

CASE_WITH(allocate, disposable_is_skipped, .needs = "disposable")
{
	MT_CHECK_TRUE(true);
}

CASE(deallocate, skips_itself)
{
	MT_SKIP_UNLESS(false, "no reason");
}

CASE(raw, trap_alone_has_it)
{
	vm->raw(NULL);
	MT_CHECK_NUMBER(2, 1, MT_VIA(trap, 2));
}
