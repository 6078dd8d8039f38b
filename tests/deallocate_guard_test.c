/*
 * EXC_GUARD for memory that is not there: queued for every task, delivered
 * only to those that ask for it, as hardened programs of the system do, but
 * no test program.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

MT_CASE(deallocate, gap_raises_no_exception, "dealloc-guard-exception",
    VM_MAP_C "virt_memory_guard_ast()",
    "mach_vm_deallocate() of a range with a hole succeeds and delivers no "
    "EXC_GUARD.")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(stage->deallocate(self, pages + mt_page, mt_page),
	    KERN_SUCCESS);
	MT_CHILD {
		MT_CHECK(vm->deallocate(self, pages, 3 * mt_page),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, "...");
	}
}

MT_CASE(deallocate, range_outside_of_the_map_raises_no_exception,
    "dealloc-guard-out-of-range", VM_MAP_C "virt_memory_guard_ast()",
    "mach_vm_deallocate() of page zero and of pages above the map succeeds "
    "and delivers no EXC_GUARD.")
{
	mach_vm_address_t maximum = mt_system()->maximum;

	MT_CHILD {
		MT_CHECK(vm->deallocate(self, 0, mt_page), KERN_SUCCESS);
		MT_CHECK(vm->deallocate(self, maximum, mt_page), KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, overwriting_a_gap_raises_no_exception, "exc-guard",
    XNU "osfmk/kern/task.c, task_exc_guard_default",
    "VM_FLAGS_OVERWRITE over a range with a hole succeeds and delivers no "
    "EXC_GUARD.")
{
	mach_vm_address_t hole = mt_hole(2), at = hole;

	MT_CHILD {
		MT_CHECK(vm->map_anonymous(self, &at, 2 * mt_page, 0,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE | PLAIN,
			     VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, "aa");
	}
}
