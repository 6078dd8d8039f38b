/*
 * Ranges of a map with a policy of their own: mach_vm_range_create.  Only
 * hardened processes of arm64 have them, a test program has not.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "messages.h"
#include "others.h"

/* mach_vm_range_recipe_v1_t: flags, tag, range. */
struct recipe {
	uint64_t flags;
	uint32_t tag, pad;
	uint64_t start, end;
};
#define FLAVOR 1
#define FIXED  2

#define COUNT_AT 36 /* in a request: of the bytes that follow */

static kern_return_t
create(const struct mt_route *vm, mach_port_name_t task, int flavor,
    unsigned size)
{
	mach_vm_address_t hole = mt_hole(2);
	struct recipe recipe = { .tag = FIXED,
		.start = hole,
		.end = hole + mt_page };

	return vm->range_create(task, flavor,
	    (mach_vm_range_recipes_raw_t)&recipe, size);
}

MT_CASE(range_create, process_that_is_not_hardened_has_no_ranges, "range-who",
    VM_USER_C "mach_vm_range_create()",
    "mach_vm_range_create() fails in a process without user ranges.")
{
	MT_CHECK(create(vm, self, FLAVOR, sizeof(struct recipe)),
	    KERN_NOT_SUPPORTED);
}

MT_CASE(range_create, arguments_are_not_checked, "range-who-arguments",
    VM_USER_C "mach_vm_range_create()",
    "mach_vm_range_create() checks neither size nor flavour where there are "
    "no user ranges.")
{
	MT_CHECK(create(vm, self, FLAVOR, 0), KERN_NOT_SUPPORTED);
	MT_CHECK(create(vm, self, FLAVOR, 3), KERN_NOT_SUPPORTED);
	MT_CHECK(create(vm, self, 77, sizeof(struct recipe)),
	    KERN_NOT_SUPPORTED);
}

/* Asks for a range in the map of a child, which the parent may not change. */
static kern_return_t
create_in_child(const struct mt_route *vm, mach_port_name_t self)
{
	struct talk *t = talk(self);
	kern_return_t kr = 0x7777;

	MT_CHILD {
		stay(t, self);
		MT_CHECK_TRUE(t->done == 1);
	}
	else
	{
		kr = create(vm, child_task(t, self), FLAVOR, 0);
		t->done = 1;
	}
	return kr;
}

MT_CASE(range_create, other_tasks_are_refused, "range-who-other-task",
    VM_USER_C "mach_vm_range_create()",
    "mach_vm_range_create() is KERN_NOT_SUPPORTED for another task where the "
    "kernel has no user ranges.",
    .arch = "x86_64", .needs = "native traps privileged")
{
	MT_CHECK(create_in_child(vm, self), KERN_NOT_SUPPORTED);
}

MT_CASE(range_create, other_tasks_are_refused_by_arm64,
    "range-who-other-task-arm64", VM_USER_C "mach_vm_range_create()",
    "mach_vm_range_create() refuses another task: with KERN_INVALID_ARGUMENT "
    "where an arm64 kernel was built with user ranges, else with "
    "KERN_NOT_SUPPORTED.",
    .arch = "arm64", .needs = "traps privileged")
{
	MT_OBSERVE(create_in_child(vm, self));
}

/* A request of that size which says that so many bytes of recipes follow. */
static struct answer
create_by_message(const struct mt_route *vm, mach_port_name_t self,
    uint32_t count, mach_msg_size_t size)
{
	static const uint8_t bytes[MT_MIG_BYTES];
	struct mt_message m = { 0 };

	mt_mig_request(&mt_migs[MT_MIG_range_create], self,
	    (const uint64_t[]){ FLAVOR, (uintptr_t)bytes, 0 }, &m);
	memcpy(m.bytes + COUNT_AT, &count, sizeof(count));
	return exchange(vm, &m, size);
}

MT_CASE(send, count_of_recipes_must_be_the_size, "range-count", MIG_TYPE_CHECK,
    "MIG_BAD_ARGUMENTS: a request for mach_vm_range_create() that is not as "
    "long as its count of bytes, rounded up to a multiple of 4, says; or whose "
    "count is beyond 1024.",
    .since = "14", .needs = "native")
{
	static const struct {
		uint32_t count;
		mach_msg_size_t rest;
		kern_return_t code;
	} rows[] = {
		{ 0, 0, KERN_NOT_SUPPORTED },
		{ 0, 4, MIG_BAD_ARGUMENTS },
		{ 1, 0, MIG_BAD_ARGUMENTS },
		{ 1, 4, KERN_NOT_SUPPORTED },
		{ 4, 4, KERN_NOT_SUPPORTED },
		{ 4, 8, MIG_BAD_ARGUMENTS },
		{ 5, 4, MIG_BAD_ARGUMENTS },
		{ 5, 8, KERN_NOT_SUPPORTED },
		{ 1024, 1020, MIG_BAD_ARGUMENTS },
		{ 1024, 1024, KERN_NOT_SUPPORTED },
		{ 1025, 1024, MIG_BAD_ARGUMENTS },
		{ 1025, 1028, MIG_BAD_ARGUMENTS },
		{ UINT32_MAX - 2, 0, MIG_BAD_ARGUMENTS },
		{ UINT32_MAX, 0, MIG_BAD_ARGUMENTS },
		{ UINT32_MAX - 3, 4, MIG_BAD_ARGUMENTS },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct answer a = create_by_message(vm, self, rows[i].count,
		    COUNT_AT + 4 + rows[i].rest);

		MT_CHECK(a.error, MACH_MSG_SUCCESS);
		MT_CHECK(a.code, rows[i].code);
	}
}
