/*
 * mach_vm_reallocate of memory of each kind.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"
#include "others.h"
#include "queries.h"
#include "reallocate.h"

MT_CASE(reallocate, zero_fill_leaves_new_memory_behind, "reallocate-zero-fill",
    "vm_reallocate.html",
    "VM_REALLOCATE_ZERO_FILL_SOURCE: where a range was that "
    "mach_vm_reallocate() moved there is new memory, region by region as "
    "before but for tag and behavior.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 4, 0), hole = mt_hole(5);
	mach_vm_address_t address = hole;

	PROTECT(pages, 1, VM_PROT_READ);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->behavior_set(self, pages + 2 * mt_page, mt_page,
		       VM_BEHAVIOR_RANDOM),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->protect(self, pages + 3 * mt_page, mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(vm->reallocate(self, pages, 4 * mt_page, &address, 5 * mt_page,
		     0, VM_REALLOCATE_ZERO_FILL_SOURCE, VM_FLAGS_FIXED | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abcde");
	MT_CHECK_LAYOUT(pages, "abcd");
	check_numbers(hole, 4);
	for (unsigned i = 0; i < 4; i++) {
		MT_CHECK_REGION(pages + i * mt_page, .user_tag = 0,
		    .behavior = VM_BEHAVIOR_DEFAULT, .share_mode = SM_EMPTY,
		    .protection = i == 0 ? VM_PROT_READ : VM_PROT_DEFAULT,
		    .max_protection = i == 3 ? VM_PROT_DEFAULT : VM_PROT_ALL,
		    .inheritance = i == 1 ? VM_INHERIT_NONE : VM_INHERIT_COPY);
		MT_CHECK_REGION(hole + i * mt_page, .user_tag = MT_TAG,
		    .protection = i == 0 ? VM_PROT_READ : VM_PROT_DEFAULT,
		    .max_protection = i == 3 ? VM_PROT_DEFAULT : VM_PROT_ALL,
		    .inheritance = i == 1 ? VM_INHERIT_NONE : VM_INHERIT_COPY);
		MT_CHECK_BYTE(pages + i * mt_page, 0);
	}
}

MT_CASE(reallocate, zero_filled_memory_keeps_its_protection,
    "reallocate-zero-fill-readonly", REALLOCATE_C "vm_map_relocate()",
    "VM_REALLOCATE_ZERO_FILL_SOURCE: what mach_vm_reallocate() leaves behind "
    "of memory without access has none, the same maximum, and zeroes when it "
    "is readable.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), address = NOWHERE;

	MT_REQUIRE(stage->protect(self, pages, 2 * mt_page, TRUE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	PROTECT(pages, 2, VM_PROT_NONE);

	MT_CHECK(vm->reallocate(self, pages, 2 * mt_page, &address, 3 * mt_page,
		     0, VM_REALLOCATE_ZERO_FILL_SOURCE,
		     VM_FLAGS_ANYWHERE | PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_DEFAULT);
	PROTECT(pages, 2, VM_PROT_READ);
	MT_CHECK_BYTE(pages, 0);
	MT_CHECK_BYTE(pages + mt_page, 0);
}

/* Grown where it cannot stay: where it is. */
static mach_vm_address_t
move(const struct mt_route *vm, mach_port_name_t self, mach_vm_address_t pages,
    unsigned from)
{
	mach_vm_address_t hole = mt_hole(from + 1);

	MT_CHECK(grow_to(vm, self, pages, from, hole, from + 1, PLAIN),
	    KERN_SUCCESS);
	return hole;
}

MT_CASE(reallocate, copy_on_write_memory_moves_as_it_is, "reallocate-cow",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() moves copy-on-write memory, which stays "
    "copy-on-write.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), copy = 0, moved;

	REMAP(copy, 2 * mt_page, VM_FLAGS_ANYWHERE, pages, TRUE);

	moved = move(vm, self, pages, 2);

	MT_CHECK_REGION(moved, .share_mode = SM_COW);
	TOUCH(moved, 0x77);
	check_numbers(copy, 2);
	MT_CHECK_BYTE(moved + mt_page, 0x12);
}

MT_CASE(reallocate, shared_memory_stays_shared, "reallocate-shared",
    "vm_reallocate.html",
    "Memory that is mapped elsewhere too is still shared when "
    "mach_vm_reallocate() has moved it; what is added is private.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), alias = 0, moved;
	vm_region_basic_info_data_64_t info;

	REMAP(alias, 2 * mt_page, VM_FLAGS_ANYWHERE, pages, FALSE);

	moved = move(vm, self, pages, 2);

	region_info(stage, self, moved, VM_REGION_BASIC_INFO_64, &info,
	    VM_REGION_BASIC_INFO_COUNT_64);
	MT_CHECK_NUMBER(info.shared, TRUE);
	TOUCH(moved, 0x77);
	MT_CHECK_BYTE(alias, 0x77);
	TOUCH(alias + mt_page, 0x78);
	MT_CHECK_BYTE(moved + mt_page, 0x78);
	TOUCH(moved + 2 * mt_page, 0x79);
	MT_CHECK_REGION(moved + 2 * mt_page, .share_mode = SM_PRIVATE);
}

MT_CASE(reallocate, purgeable_memory_stays_purgeable, "reallocate-purgeable",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() moves purgeable memory with its state; what is "
    "added is ordinary memory.",
    .needs = "native")
{
	static const int states[] = { VM_PURGABLE_NONVOLATILE,
		VM_PURGABLE_VOLATILE, VM_PURGABLE_EMPTY };

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t pages = mt_hole(2), moved;
		int state = states[i];

		MT_REQUIRE(allocate_at(stage, self, pages, 2 * mt_page,
			       VM_FLAGS_PURGABLE | PLAIN),
		    KERN_SUCCESS);
		TOUCH_PAGES(pages, 2, 0x11);
		MT_REQUIRE(stage->purgable_control(self, pages,
			       VM_PURGABLE_SET_STATE, &state),
		    KERN_SUCCESS);

		moved = move(vm, self, pages, 2);

		MT_CHECK(stage->purgable_control(self, moved,
			     VM_PURGABLE_GET_STATE, &state),
		    KERN_SUCCESS);
		MT_CHECK_NUMBER(state & VM_PURGABLE_STATE_MASK, states[i]);
		MT_CHECK(stage->purgable_control(self, moved + 2 * mt_page,
			     VM_PURGABLE_GET_STATE, &state),
		    KERN_INVALID_ARGUMENT);
	}
}

MT_CASE(reallocate, wired_memory_moves_unwired, "reallocate-wired",
    REALLOCATE_C "vm_map_relocate()",
    "mach_vm_reallocate() that moves wired memory unwires it, however often "
    "it was wired.",
    .needs = "native privileged")
{
	mach_vm_address_t pages = block(self, 2, 0), moved;

	for (unsigned i = 0; i < 2; i++)
		MT_REQUIRE(stage->wire(mach_host_self(), self, pages,
			       2 * mt_page, VM_PROT_DEFAULT),
		    KERN_SUCCESS);
	MT_REQUIRE_TRUE(count_regions(pages, pages + 2 * mt_page) == 1);
	MT_REQUIRE(stage->inherit(self, pages + mt_page, mt_page,
		       VM_INHERIT_NONE),
	    KERN_SUCCESS);

	moved = move(vm, self, pages, 2);

	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_REGION(moved + i * mt_page, .user_wired_count = 0);
	check_numbers(moved, 2);
}

MT_CASE(reallocate, permanent_memory_does_not_move, "reallocate-permanent",
    "vm_reallocate.html",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of permanent memory, also "
    "when the addresses behind it are free.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_CHILD {
		mach_vm_address_t address = NOWHERE;

		MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
			       VM_FLAGS_PERMANENT | PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole, 0x11);

		MT_CHECK(grow(vm, self, hole, 2, &address, 3,
			     VM_FLAGS_ANYWHERE),
		    KERN_INVALID_ADDRESS);

		MT_CHECK_LAYOUT(hole, "aa..");
		MT_CHECK_BYTE(hole, 0x11);
	}
}

MT_CASE(reallocate, shared_region_does_not_move, "reallocate-submap",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of a page of the comm page's "
    "or the shared region's range.",
    .needs = "native")
{
	const mach_vm_address_t comm_page = (mach_vm_address_t)
	    MT_VALUE(0x7fffffe00000, MT_ON(arm64, 0xfffffc000));
	mach_vm_address_t address = NOWHERE, base;
	struct mt_region region = { .address = 0 };

	MT_CHECK(grow(vm, self, comm_page, 1, &address, 2, VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ADDRESS);
	base = (mach_vm_address_t)MT_VALUE(0x7ff800000000,
	    MT_ON(arm64, 0x180000000));
	if (mt_region_at(base, &region) && region.is_submap) {
		MT_CHECK(grow(vm, self, base, 1, &address, 2,
			     VM_FLAGS_ANYWHERE),
		    KERN_INVALID_ADDRESS);
		MT_CHECK_REGION(base, .is_submap = 1);
	}
}

MT_CASE(reallocate, jit_memory_does_not_move, "reallocate-jit",
    REALLOCATE_C "vm_map_relocate()",
    "KERN_INVALID_ADDRESS: mach_vm_reallocate() of MAP_JIT memory, writable or "
    "not, which stays where it is.",
    .needs = "native jit")
{
	mach_vm_address_t hole = mt_hole(2);

	for (unsigned i = 0; i < 2; i++) {
		mach_vm_address_t page = mapped(stage_bsd, 0, mt_page,
		    (i == 0 ? READ_WRITE : PROT_READ) | PROT_EXEC,
		    PRIVATE_ANON | MAP_JIT);
		mach_vm_address_t address = NOWHERE;

		MT_REQUIRE_TRUE(page != 0);
		MT_CHECK(grow(vm, self, page, 1, &address, 2,
			     VM_FLAGS_ANYWHERE),
		    KERN_INVALID_ADDRESS);
		MT_CHECK_ADDRESS(address, NOWHERE);
		MT_CHECK(grow_to(vm, self, page, 1, hole, 2, 0),
		    KERN_INVALID_ADDRESS);
		MT_CHECK_HOLE(hole);
		MT_CHECK_REGION(page, .address = (int64_t)page,
		    .max_protection = VM_PROT_ALL);
	}
}

MT_CASE(reallocate, tpro_memory_moves_on_x86_64, "reallocate-moves-tpro",
    REALLOCATE_C "vm_map_relocate_preflight()",
    "mach_vm_reallocate() moves MAP_TPRO memory on x86_64, where nothing marks "
    "it: what is added may be read alone, too.",
    .arch = "x86_64", .needs = "native")
{
	mach_vm_address_t page = mapped(stage_bsd, 0, mt_page, READ_WRITE,
	    PRIVATE_ANON | MAP_TPRO);
	mach_vm_address_t moved;

	MT_REQUIRE_TRUE(page != 0);
	moved = move(vm, self, page, 1);
	MT_CHECK_LAYOUT(moved, "ab");
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_REGION(moved + i * mt_page, .protection = VM_PROT_READ,
		    .max_protection = VM_PROT_ALL);
}

MT_CASE(reallocate, children_inherit_what_was_moved,
    "reallocate-inheritance-fork", REALLOCATE_C "vm_map_relocate()",
    "A child has a copy of what mach_vm_reallocate() moved, or shares it, as "
    "it would have before; what is added has the first region's inheritance.",
    .needs = "native")
{
	mach_vm_address_t copied = move(vm, self, block(self, 2, 0), 2);
	mach_vm_address_t pages = block(self, 2, 0), shared;

	MT_REQUIRE(stage->inherit(self, pages, 2 * mt_page, VM_INHERIT_SHARE),
	    KERN_SUCCESS);
	shared = move(vm, self, pages, 2);
	TOUCH(copied + 2 * mt_page, 0x13);
	TOUCH(shared + 2 * mt_page, 0x13);

	MT_CHILD {
		check_numbers(copied, 3);
		check_numbers(shared, 3);
		TOUCH_PAGES(copied, 3, 0x77);
		TOUCH_PAGES(shared, 3, 0x77);
	}
	check_numbers(copied, 3);
	for (unsigned i = 0; i < 3; i++)
		MT_CHECK_BYTE(shared + i * mt_page, 0x77);
}

MT_CASE(reallocate, child_moves_what_it_inherited,
    "reallocate-inheritance-fork-child", REALLOCATE_C "vm_map_relocate()",
    "A child may move what it inherited with mach_vm_reallocate(); its "
    "parent's range stays where it is.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 0), hole = mt_hole(3);

	MT_CHILD {
		MT_CHECK(grow_to(vm, self, pages, 2, hole, 3, PLAIN),
		    KERN_SUCCESS);
		check_numbers(hole, 2);
		MT_CHECK_LAYOUT(pages, "..");
	}
	check_numbers(pages, 2);
	MT_CHECK_LAYOUT(hole, "...");
}

MT_CASE(reallocate, range_of_another_task_grows, "reallocate-other-task",
    XNU26 "osfmk/mach/mach_vm.defs",
    "mach_vm_reallocate() on another task's port moves a range of that task "
    "and nothing of the caller's.",
    .needs = "native traps privileged")
{
	mach_vm_address_t pages = block(self, 2, 0), hole = mt_hole(3);
	struct talk *t = talk(self);

	MT_CHILD {
		stay(t, self);
		check_numbers(hole, 2);
		MT_CHECK_LAYOUT(hole, "aab");
		MT_CHECK_LAYOUT(pages, "..");
	}
	else
	{
		mach_vm_address_t address = hole;

		MT_CHECK(grow(vm, child_task(t, self), pages, 2, &address, 3,
			     VM_FLAGS_FIXED | PLAIN),
		    KERN_SUCCESS);
		t->done = 1;
	}
	MT_CHECK_LAYOUT(pages, "aa");
	MT_CHECK_LAYOUT(hole, "...");
}

MT_CASE(reallocate, other_ports_have_no_range, "reallocate-other-task-ports",
    XNU26 "osfmk/mach/mach_vm.defs",
    "KERN_INVALID_ARGUMENT: mach_vm_reallocate() on a port of another kind "
    "than a task's; MACH_SEND_INVALID_DEST on none.",
    .needs = "native")
{
	mach_vm_address_t pages = block(self, 2, 2), address = NOWHERE;

	MT_CHECK(grow(vm, mach_host_self(), pages, 2, &address, 3,
		     VM_FLAGS_ANYWHERE),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(grow(vm, MACH_PORT_NULL, pages, 2, &address, 3,
		     VM_FLAGS_ANYWHERE),
	    MACH_SEND_INVALID_DEST);
	MT_CHECK_LAYOUT(pages, "aa..");
}
