/*
 * A map that takes no new executable memory: vm_map_exec_lockdown, message
 * 3831, which has no function in libSystem.  It holds for ever, so everything
 * happens in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "mig.h"
#include "others.h"
#include "stage.h"

#define READ_EXECUTE (VM_PROT_READ | VM_PROT_EXECUTE)

static void
lock_down(mach_port_name_t self)
{
	const struct mt_mig *routine = &mt_migs[MT_MIG_exec_lockdown];
	struct mt_message m;

	MT_REQUIRE(mt_mig_any(&m, mt_mig_request(routine, self, NULL, &m)),
	    MACH_MSG_SUCCESS);
	MT_REQUIRE(mt_mig_reply(routine, &m, NULL), KERN_SUCCESS);
}

MT_CASE(allocate, memory_without_execute_is_allocated, "alloc-exec-lockdown",
    VM_MAP_C "vm_map_enter()",
    "After vm_map_exec_lockdown memory without VM_PROT_EXECUTE is allocated "
    "as before.",
    .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		lock_down(self);
		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .protection = VM_PROT_DEFAULT,
		    .max_protection = VM_PROT_ALL);
		MT_CHECK_WRITABLE(hole);
	}
}

MT_CASE(map_anonymous, executable_memory_is_denied, "alloc-exec-lockdown-map",
    VM_MAP_C "vm_map_enter()",
    "After vm_map_exec_lockdown mach_vm_map() with VM_PROT_EXECUTE in the "
    "current protection fails; before it succeeds.",
    .needs = "traps")
{
	mach_vm_address_t holes = mt_hole(2), at = holes;

	MT_CHILD {
		MT_CHECK(vm->map_anonymous(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, READ_EXECUTE),
		    KERN_SUCCESS);
		lock_down(self);
		at = holes + mt_page;
		MT_CHECK(vm->map_anonymous(self, &at, mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, READ_EXECUTE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_LAYOUT(holes, "a.");
	}
}

MT_CASE(protect, execute_cannot_be_added, "protect-disallow-new-exec",
    VM_MAP_C "vm_map_protect()",
    "After vm_map_exec_lockdown mach_vm_protect() refuses to add "
    "VM_PROT_EXECUTE, also to the maximum.",
    .needs = "traps")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		lock_down(self);
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, READ_EXECUTE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK(vm->protect(self, page, mt_page, TRUE, READ_EXECUTE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_REGION(page, .protection = VM_PROT_READ,
		    .max_protection = VM_PROT_ALL);
	}
}

MT_CASE(protect, executable_memory_does_not_become_writable,
    "protect-disallow-new-exec-write", VM_MAP_C "vm_map_protect()",
    "After vm_map_exec_lockdown memory that is executable already can be "
    "made read-only, but not writable, and not what it is, either.",
    .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(1), at = hole;

	MT_CHILD {
		MT_REQUIRE(stage->map_anonymous(self, &at, mt_page, 0,
			       VM_FLAGS_FIXED | PLAIN, READ_EXECUTE),
		    KERN_SUCCESS);
		lock_down(self);
		MT_CHECK(vm->protect(self, hole, mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK(vm->protect(self, hole, mt_page, FALSE, READ_EXECUTE),
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_REGION(hole, .protection = READ_EXECUTE);
		MT_CHECK(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK(vm->protect(self, hole, mt_page, FALSE,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
	}
}

/* In a child of a child. */
static void
check_unlocked(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t page)
{
	MT_CHILD {
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, READ_EXECUTE),
		    KERN_SUCCESS);
	}
}

MT_CASE(protect, child_is_not_locked_down, "protect-disallow-new-exec-fork",
    VM_MAP_C "vm_map_fork()",
    "A forked child does not inherit vm_map_exec_lockdown.", .needs = "traps")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHILD {
		lock_down(self);
		check_unlocked(vm, self, page);
	}
}

MT_CASE(protect, other_task_is_locked_down, "protect-disallow-new-exec-other",
    VM_USER_C "vm_map_exec_lockdown()",
    "vm_map_exec_lockdown to another task's port holds for that task and "
    "not for the caller.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, READ_EXECUTE),
		    KERN_PROTECTION_FAILURE);
	}
	else
	{
		lock_down(child_task(t, self));
		MT_CHECK(vm->protect(self, page, mt_page, FALSE, READ_EXECUTE),
		    KERN_SUCCESS);
		t->done = 1;
	}
}
