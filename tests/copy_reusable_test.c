/*
 * What mach_vm_copy() leaves of the right to mark pages as reusable,
 * as an allocator does that moves by copying, and memory of malloc's tags that
 * malloc has not touched or not made.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "queries.h"

#define PAGES 64

/* Two ranges of a tag, the second a copy of the first. */
static mach_vm_address_t
copied(mach_port_name_t self, int tag)
{
	mach_vm_address_t hole = mt_hole(2 * PAGES + 2);

	MT_REQUIRE(allocate_at(stage, self, hole, PAGES * mt_page, TAG(tag)),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + (PAGES + 1) * mt_page,
		       PAGES * mt_page, TAG(tag)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, PAGES, 0x41);
	TOUCH_PAGES(hole + (PAGES + 1) * mt_page, PAGES, 0x42);
	MT_REQUIRE(stage->copy(self, hole, PAGES * mt_page,
		       hole + (PAGES + 1) * mt_page),
	    KERN_SUCCESS);
	return hole;
}

static kern_return_t
reusable(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t at)
{
	return vm->behavior_set(self, at, PAGES * mt_page,
	    VM_BEHAVIOR_REUSABLE);
}

MT_CASE(behavior_set, copied_malloc_memory_is_reusable_until_it_is_written,
    "s1-vmcopy-then-reusable", VM_MAP_C "vm_map_entry_is_reusable()",
    "After mach_vm_copy() both ranges of a malloc tag accept "
    "VM_BEHAVIOR_REUSABLE until one is written: then that side has a shadow "
    "object and is refused.")
{
	mach_vm_address_t from = copied(self, VM_MEMORY_MALLOC_LARGE);
	mach_vm_address_t to = from + (PAGES + 1) * mt_page;

	MT_CHECK(reusable(vm, self, to), KERN_SUCCESS);
	MT_CHECK(reusable(vm, self, from), KERN_SUCCESS);

	from = copied(self, VM_MEMORY_MALLOC_LARGE);
	to = from + (PAGES + 1) * mt_page;
	TOUCH(to, 1);
	TOUCH(from, 1);
	MT_CHECK(reusable(vm, self, to), KERN_INVALID_ADDRESS,
	    MT_PAGES("4K on 16K", KERN_SUCCESS));
	MT_CHECK(reusable(vm, self, from), KERN_INVALID_ADDRESS,
	    MT_PAGES("4K on 16K", KERN_SUCCESS));
	MT_CHECK_BYTE(to + mt_page, 0x41);
}

MT_CASE(behavior_set, copied_memory_of_other_tags_stays_reusable,
    "s1-vmcopy-then-reusable-tag", VM_MAP_C "vm_map_entry_is_reusable()",
    "After mach_vm_copy() memory without a malloc tag still accepts "
    "VM_BEHAVIOR_REUSABLE, but no page of either range becomes reusable, neither "
    "before they are written nor afterwards.")
{
	mach_vm_address_t from = copied(self, MT_TAG);
	mach_vm_address_t to = from + (PAGES + 1) * mt_page;

	MT_CHECK(reusable(vm, self, from), KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, from).pages_reusable, 0);
	TOUCH(to, 1);
	TOUCH(from, 1);
	MT_CHECK(reusable(vm, self, to), KERN_SUCCESS);
	MT_CHECK(reusable(vm, self, from), KERN_SUCCESS);
	MT_CHECK_NUMBER(extended(stage, self, to).pages_reusable, 0);
	MT_CHECK_NUMBER(extended(stage, self, from).pages_reusable, 0);
	MT_CHECK_BYTE(to, 1);
	MT_CHECK_BYTE(to + mt_page, 0x41);
}

MT_CASE(behavior_set, untouched_malloc_memory_is_only_reused,
    "behavior-reusable-untouched",
    VM_MAP_C "vm_map_reusable_pages(), vm_map_reuse_pages()",
    "VM_BEHAVIOR_REUSE gives untouched memory of the tag "
    "VM_MEMORY_MALLOC_LARGE_REUSABLE the tag VM_MEMORY_MALLOC_LARGE_REUSED, but "
    "VM_BEHAVIOR_REUSABLE leaves untouched memory its tag.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE_REUSABLE)),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, hole, mt_page, VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_MALLOC_LARGE_REUSED);
	PUNCH(hole, 1);
	MT_REQUIRE(allocate_at(stage, self, hole, mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, hole, mt_page, VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_MALLOC_LARGE);
}

MT_CASE(behavior_set, new_memory_of_an_entry_is_reusable,
    "behavior-reusable-create", VM_MAP_C "vm_map_entry_is_reusable()",
    "Memory of MAP_MEM_NAMED_CREATE that is mapped with a malloc tag is taken "
    "by the reusable behaviors since macOS 11.3; before it was refused.",
    .needs = "native")
{
	static const vm_behavior_t behaviors[] = { VM_BEHAVIOR_CAN_REUSE,
		VM_BEHAVIOR_REUSABLE, VM_BEHAVIOR_REUSE };
	mach_vm_address_t hole = mt_hole(2);
	mach_port_name_t entry = entry_for(self, 2 * mt_page, 0,
	    VM_PROT_ALL | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_REQUIRE(map_at(stage, self, hole, 2 * mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE), entry, 0, FALSE, RW,
		       VM_PROT_ALL),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x51);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page,
			     behaviors[i]),
		    KERN_SUCCESS, MT_UNTIL(11.2, KERN_INVALID_ADDRESS));
}
