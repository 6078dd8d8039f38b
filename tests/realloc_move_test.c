/*
 * realloc when a block cannot grow in place: copy it, remap it, or commit
 * what was reserved before.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"

/* Map source a second time at *alias, as memory or as a copy. */
static kern_return_t
remap(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t *alias, mach_vm_size_t size, int flags,
    mach_vm_address_t source, boolean_t copy)
{
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	return vm->remap(self, alias, size, 0, flags, self, source, copy,
	    &current, &maximum, VM_INHERIT_COPY);
}

MT_CASE(copy, large_block_is_copied, "s1-vmcopy-ok",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of a large block into new memory gives equal bytes.")
{
	const unsigned n = (unsigned)(3 * MIB / mt_page);
	mach_vm_address_t old = mt_pages(n), new = mt_pages(n);

	for (unsigned i = 0; i < n; i++)
		MT_REQUIRE_TRUE(
		    mt_write(old + i * mt_page, (uint8_t)(i + 1)).exception ==
		    0);

	MT_CHECK(vm->copy(self, old, n * mt_page, new), KERN_SUCCESS);

	MT_CHECK_BYTE(new, 1);
	MT_CHECK_BYTE(new + (n - 1) * mt_page, (uint8_t)n);
	MT_CHECK_BYTE(old, 1);
}

MT_CASE(copy, copied_size_need_not_be_whole_pages, "s1-vmcopy-unaligned-size",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of a size that is no multiple of the page size leaves "
    "the next byte alone.")
{
	mach_vm_address_t old = mt_pages(2), new = mt_pages(2);

	TOUCH(old + mt_page + 4, 0x11);
	TOUCH(old + mt_page + 5, 0x22);
	TOUCH(new + mt_page + 5, 0x33);

	MT_CHECK(vm->copy(self, old, mt_page + 5, new), KERN_SUCCESS);

	MT_CHECK_BYTE(new + mt_page + 4, 0x11);
	MT_CHECK_BYTE(new + mt_page + 5, 0x33);
}

MT_CASE(copy, copy_and_source_are_independent, "s1-vmcopy-ok-independent",
    VM_MAP_C "vm_map_copyin_internal()",
    "mach_vm_copy() of a large block makes an independent copy: a store to "
    "either is not seen in the other.")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t old = mt_pages(n), new = mt_pages(n);

	TOUCH_PAGES(old, n, 0x11);
	MT_CHECK(vm->copy(self, old, n * mt_page, new), KERN_SUCCESS);

	TOUCH(old, 0x22);
	TOUCH(new + mt_page, 0x33);

	MT_CHECK_BYTE(new, 0x11);
	MT_CHECK_BYTE(old + mt_page, 0x11);
}

MT_CASE(map, free_hint_is_used, "s2-hint-exact", "mach_vm.defs",
    "VM_FLAGS_ANYWHERE makes mach_vm_map() search from the address given: "
    "where a hole begins, it is taken.")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + mt_page;

	MT_CHECK(vm->map(self, &address, mt_page, 0, VM_FLAGS_ANYWHERE | PLAIN,
		     MACH_PORT_NULL, 0, FALSE, VM_PROT_DEFAULT, VM_PROT_ALL,
		     VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole + mt_page);
}

MT_CASE(map, occupied_hint_is_passed_over, "s2-hint-moved", "mach_vm.defs",
    "VM_FLAGS_ANYWHERE makes mach_vm_map() pass over an occupied address, "
    "never replace it.")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	TOUCH(page, 0x11);

	MT_CHECK(vm->map(self, &address, mt_page, 0,
		     VM_FLAGS_ANYWHERE | TAG(241), MACH_PORT_NULL, 0, FALSE,
		     VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_TRUE(address > page);
	MT_CHECK_BYTE(page, 0x11);
	MT_CHECK(stage->deallocate(self, address, mt_page), KERN_SUCCESS);
}

MT_CASE(map, hint_above_all_holes_has_no_space, "s2-mach-hint-stricter",
    VM_MAP_C "vm_map_locate_space_anywhere()",
    "VM_FLAGS_ANYWHERE makes mach_vm_map() search upwards only: "
    "KERN_NO_SPACE where no hole follows.")
{
	mach_vm_address_t address = mt_system()->maximum - mt_page;

	MT_CHECK(vm->map(self, &address, 2 * mt_page, 0,
		     VM_FLAGS_ANYWHERE | PLAIN, MACH_PORT_NULL, 0, FALSE,
		     VM_PROT_DEFAULT, VM_PROT_ALL, VM_INHERIT_DEFAULT),
	    KERN_NO_SPACE);
}

MT_CASE(map_anonymous, misplaced_memory_can_be_deallocated, "s2-undo",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_deallocate() of memory that mach_vm_map() placed elsewhere "
    "leaves the map as it was.")
{
	mach_vm_address_t pages = mt_pages(3), address = pages + mt_page;
	unsigned before = count_regions(0, mt_system()->maximum);

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_ANYWHERE | TAG(241), VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_TRUE(address != pages + mt_page);
	MT_CHECK(vm->deallocate(self, address, mt_page), KERN_SUCCESS);

	MT_CHECK_NUMBER(count_regions(0, mt_system()->maximum), before);
	MT_CHECK_LAYOUT(pages, "aaa");
}

MT_CASE(map_anonymous, memory_at_a_hint_extends_the_block, "s2-merge",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_map() whose hint is directly above a block of equal attributes "
    "extends the block.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2), address = hole + mt_page;

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_ANYWHERE | PLAIN, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_ADDRESS(address, hole + mt_page);
	MT_CHECK_LAYOUT(hole, "aa");
}

MT_CASE(map_anonymous, large_reservation_uses_no_memory, "s3-reserve-huge",
    VM_MAP_C "vm_map_enter()",
    "A reservation of 64 GiB of VM_PROT_NONE has no resident page.")
{
	mach_vm_address_t address = 0;

	MT_CHECK(vm->map_anonymous(self, &address, 64 * GIB, 0,
		     VM_FLAGS_ANYWHERE | PLAIN, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK_REGION(address, .address = address, .protection = VM_PROT_NONE,
	    .max_protection = VM_PROT_ALL, .pages_resident = 0);
	MT_CHECK_REGION(address + 64 * GIB - 1, .pages_resident = 0);
	MT_REQUIRE(vm->deallocate(self, address, 64 * GIB), KERN_SUCCESS);
}

MT_CASE(map_anonymous, reservation_is_committed_by_overwriting,
    "s3-commit-fixed", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE replaces a part of a reservation; the rest stays.")
{
	mach_vm_address_t hole = mt_hole(3), reserve = hole;
	mach_vm_address_t part = hole + mt_page;

	MT_REQUIRE(vm->map_anonymous(self, &reserve, 3 * mt_page, 0,
		       VM_FLAGS_FIXED | PLAIN, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->map_anonymous(self, &part, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE | PLAIN,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "abc");
	MT_CHECK_WRITABLE(part);
	MT_CHECK_REGION(hole, .protection = VM_PROT_NONE);
	MT_CHECK_REGION(hole + 2 * mt_page, .protection = VM_PROT_NONE);
}

MT_CASE(protect, reservation_is_committed_by_protecting, "s3-commit-mprotect",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() can grant any permission to a reservation: its "
    "maximum is VM_PROT_ALL.")
{
	mach_vm_address_t hole = mt_hole(3), reserve = hole;

	MT_REQUIRE(stage->map_anonymous(self, &reserve, 3 * mt_page, 0,
		       VM_FLAGS_FIXED | PLAIN, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(vm->protect(self, hole + mt_page, mt_page, FALSE,
		     VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(hole + mt_page, 0);
	MT_CHECK_WRITABLE(hole + mt_page);
	MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);
}

MT_CASE(map_anonymous, memory_is_decommitted_by_overwriting,
    "s3-decommit-fixed-none", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE with VM_PROT_NONE discards the contents: memory "
    "that is granted access again reads zero.")
{
	mach_vm_address_t page = mt_pages(1), address = page;

	TOUCH(page, 0x11);

	MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE | PLAIN, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_PROTECTION_FAILURE);

	MT_CHECK(vm->protect(self, page, mt_page, FALSE, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK_BYTE(page, 0);
}

MT_CASE(protect, committed_part_merges_back, "s3-split-regions",
    VM_MAP_C "vm_map_protect()",
    "mach_vm_protect() joins a part of a reservation again when its access "
    "is removed, unless it was touched.")
{
	mach_vm_address_t hole = mt_hole(3), reserve = hole;

	MT_REQUIRE(stage->map_anonymous(self, &reserve, 3 * mt_page, 0,
		       VM_FLAGS_FIXED | PLAIN, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_REQUIRE(vm->protect(self, hole + mt_page, mt_page, FALSE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(hole, "abc");
	MT_CHECK(vm->protect(self, hole + mt_page, mt_page, FALSE,
		     VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aaa");

	MT_REQUIRE(vm->protect(self, hole + mt_page, mt_page, FALSE,
		       VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	TOUCH(hole + mt_page, 0x11);
	MT_CHECK(vm->protect(self, hole + mt_page, mt_page, FALSE,
		     VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "abc");
}

MT_CASE(behavior_set, freed_pages_are_old_or_zero, "s3-decommit-free",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_FREE makes a byte read as before or as zero; a store makes "
    "it stay.")
{
	mach_vm_address_t page = mt_pages(1);
	struct mt_fault load;

	TOUCH(page, 0x11);

	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_FREE),
	    KERN_SUCCESS);

	load = mt_read(page);
	MT_CHECK_TRUE(
	    load.exception == 0 && (load.value == 0x11 || load.value == 0));
	TOUCH(page, 0x22);
	MT_CHECK_BYTE(page, 0x22);
}

MT_CASE(behavior_set, unneeded_memory_keeps_its_bytes, "s3-dontneed-not-zero",
    VM_MAP_C "vm_map_behavior_set()",
    "VM_BEHAVIOR_DONTNEED is advice: the contents stay.")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);

	MT_CHECK(vm->behavior_set(self, page, mt_page, VM_BEHAVIOR_DONTNEED),
	    KERN_SUCCESS);

	MT_CHECK_BYTE(page, 0x11);
}

/* Tag 3 is a large block, 8 one that may be taken away, 9 one used again. */
MT_CASE(behavior_set, large_block_can_be_reusable_and_reused,
    "s1-can-reuse-cycle", VM_MAP_C "vm_map_reusable_pages()",
    "VM_BEHAVIOR_REUSABLE and VM_BEHAVIOR_REUSE on a large block that "
    "nobody shares change its tag from 3 to 8 to 9.",
    .needs = "native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, 2 * mt_page,
		       TAG(VM_MEMORY_MALLOC_LARGE)),
	    KERN_SUCCESS);
	TOUCH_PAGES(hole, 2, 0x11);

	MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page,
		     VM_BEHAVIOR_CAN_REUSE),
	    KERN_SUCCESS);
	MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page,
		     VM_BEHAVIOR_REUSABLE),
	    KERN_SUCCESS);
	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_MALLOC_LARGE_REUSABLE);
	MT_CHECK(vm->behavior_set(self, hole, 2 * mt_page, VM_BEHAVIOR_REUSE),
	    KERN_SUCCESS);

	MT_CHECK_REGION(hole, .user_tag = VM_MEMORY_MALLOC_LARGE_REUSED);
}

MT_CASE(remap, block_is_moved_without_copying, "s4-move",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() followed by mach_vm_deallocate() of the first mapping "
    "moves a block without copying.")
{
	mach_vm_address_t old = mt_pages(2), new = 0;

	TOUCH_PAGES(old, 2, 0x11);

	MT_CHECK(remap(vm, self, &new, 2 * mt_page, VM_FLAGS_ANYWHERE, old,
		     FALSE),
	    KERN_SUCCESS);
	MT_CHECK(stage->deallocate(self, old, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK_LAYOUT(old, "..");
	MT_CHECK_REGION(new, .address = new, .size = 2 * mt_page,
	    .pages_resident = 2);
	MT_CHECK_BYTE(new, 0x11);
	MT_CHECK_BYTE(new + mt_page, 0x11);
	MT_CHECK_WRITABLE(new);
}

MT_CASE(remap, block_is_moved_into_larger_memory, "s4-grow",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() of a block over the start of larger memory grows it: "
    "its bytes, then zeros.")
{
	mach_vm_address_t old = mt_pages(2), new = mt_pages(4), head = new;

	TOUCH_PAGES(old, 2, 0x11);

	MT_CHECK(remap(vm, self, &head, 2 * mt_page,
		     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, old, FALSE),
	    KERN_SUCCESS);
	MT_CHECK(stage->deallocate(self, old, 2 * mt_page), KERN_SUCCESS);

	MT_CHECK_ADDRESS(head, new);
	MT_CHECK_LAYOUT(new, "aabb");
	MT_CHECK_BYTE(new + mt_page, 0x11);
	MT_CHECK_BYTE(new + 2 * mt_page, 0);
}

MT_CASE(remap, moved_block_is_private_to_a_child, "s4-fork-after",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() with VM_INHERIT_COPY moves a block that a child then "
    "has as a copy.")
{
	mach_vm_address_t old = mt_pages(1), new = 0;

	TOUCH(old, 0x11);
	MT_CHECK(remap(vm, self, &new, mt_page, VM_FLAGS_ANYWHERE, old, FALSE),
	    KERN_SUCCESS);
	MT_CHECK(stage->deallocate(self, old, mt_page), KERN_SUCCESS);

	MT_CHILD {
		MT_CHECK_BYTE(new, 0x11);
		TOUCH(new, 0x22);
		MT_CHECK_BYTE(new, 0x22);
	}

	MT_CHECK_BYTE(new, 0x11);
}

MT_CASE(remap, copied_block_leaves_the_source, "s4-vs-copy",
    VM_MAP_C "vm_map_remap()",
    "mach_vm_remap() with copy makes an independent copy of a block.")
{
	mach_vm_address_t old = mt_pages(1), new = 0;

	TOUCH(old, 0x11);

	MT_CHECK(remap(vm, self, &new, mt_page, VM_FLAGS_ANYWHERE, old, TRUE),
	    KERN_SUCCESS);

	TOUCH(old, 0x22);
	MT_CHECK_BYTE(new, 0x11);
	TOUCH(new, 0x33);
	MT_CHECK_BYTE(old, 0x22);
}
