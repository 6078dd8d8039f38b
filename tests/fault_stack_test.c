/*
 * Faults in the window of the main thread's stack: the 64 MiB below its top,
 * which the stack may grow into.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

static void
load(void *address)
{
	(void)*(volatile char *)address;
}

/* What the stack may still grow into: large, without access, and right below
 * it.  The model's host may have memory of its own there. */
static mach_vm_address_t
room_to_grow(mach_vm_address_t *stack)
{
	mach_vm_address_t address = 0, room;
	struct mt_region region, below = { .size = 0 };
	const char *problem;

	for (; mt_region_next(address, &region, &problem); below = region) {
		address = (mach_vm_address_t)(region.address + region.size);
		if (region.user_tag != VM_MEMORY_STACK ||
		    region.protection != VM_PROT_DEFAULT ||
		    below.protection != VM_PROT_NONE ||
		    below.size < (int64_t)(16 * MIB))
			continue;
		*stack = (mach_vm_address_t)region.address;
		room = (mach_vm_address_t)(below.address + below.size / 2);
		MT_SKIP_UNLESS(!mt_system()->model ||
			mt_read(room).exception != 0,
		    "the host has memory of its own there");
		return room;
	}
	mt_skip("there is no room below the stack");
}

MT_CASE(fault, stack_overflow_is_sigsegv, "fault-stack-window",
    UX_EXCEPTION_C "handle_ux_exception()",
    "KERN_PROTECTION_FAILURE within the stack's limit, from its lowest byte on, "
    "is delivered as SIGSEGV with SEGV_ACCERR, anywhere else as SIGBUS.",
    .needs = "native")
{
	enum { ACCERR = 2 }; /* SEGV_ACCERR */
	mach_vm_address_t page = mt_pages(1), stack;
	mach_vm_address_t below = room_to_grow(&stack);
	struct mt_region room;
	const char *problem;

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(mt_child_signal(load, (void *)(uintptr_t)page),
	    DARWIN_SIGBUS);
	MT_CHECK_NUMBER(mt_child_signal(load, (void *)(uintptr_t)below),
	    DARWIN_SIGSEGV);
	MT_REQUIRE_TRUE(mt_region_next(below, &room, &problem));
	MT_CHECK_NUMBER(mt_child_signal(load, (void *)(uintptr_t)room.address),
	    DARWIN_SIGSEGV);
	MT_CHECK_NUMBER(mt_read(below).signal_code, ACCERR);

	/* Below the limit, unless something is there already. */
	page = (mach_vm_address_t)room.address - MIB;
	if (stage->allocate(self, &page, mt_page, VM_FLAGS_FIXED) !=
	    KERN_SUCCESS)
		return;
	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_NUMBER(mt_child_signal(load, (void *)(uintptr_t)page),
	    DARWIN_SIGBUS);
}

MT_CASE(fault, room_below_the_stack_is_memory_without_access,
    "fault-stack-room", XNU "bsd/kern/kern_exec.c, create_unix_stack()",
    "What the main thread's stack may still grow into is memory without "
    "access, whose maximum, as the stack's own, allows all, inherited as a "
    "copy.",
    .needs = "native")
{
	mach_vm_address_t stack, below = room_to_grow(&stack);

	MT_CHECK_REGION(stack - 1, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL, .inheritance = VM_INHERIT_COPY,
	    .user_tag = VM_MEMORY_STACK);
	MT_CHECK_REGION(stack, .max_protection = VM_PROT_ALL,
	    .inheritance = VM_INHERIT_COPY);
	MT_CHECK_NUMBER(mt_read(below).signal, DARWIN_SIGSEGV);
	MT_CHECK_NUMBER(mt_write(below, 1).signal, DARWIN_SIGSEGV);
}
