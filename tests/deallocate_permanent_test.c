/*
 * Memory that keeps its place: VM_FLAGS_PERMANENT.
 *
 * In children, since nothing takes such memory away again.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "bsd.h"

#define NEUTERED .protection = VM_PROT_NONE, .max_protection = VM_PROT_NONE
/* Since 26.4 a mapping that fails leaves permanent memory as it was. */
#define SPARED                                                                 \
	.protection = MT_VALUE(VM_PROT_DEFAULT, MT_UNTIL(26.3, VM_PROT_NONE)), \
	.max_protection = MT_VALUE(VM_PROT_ALL, MT_UNTIL(26.3, VM_PROT_NONE))

/* Permanent memory at address. */
static kern_return_t
permanent_at(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size)
{
	return allocate_at(vm, self, address, size, VM_FLAGS_PERMANENT | PLAIN);
}

MT_CASE(allocate, permanent_memory_is_ordinary_at_first, "perm-alloc",
    VM_MAP_C "vm_map_enter()",
    "Memory of VM_FLAGS_PERMANENT is used and protected like any other.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_CHECK(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);
		MT_CHECK_WRITABLE(hole);
		MT_CHECK(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
		    KERN_SUCCESS);

		MT_CHECK_BYTE(hole, 0x5a);
		MT_CHECK_FAULT(mt_write(hole, 1), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
	}
}

MT_CASE(deallocate, permanent_memory_stays_mapped, "dealloc-permanent",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of memory of VM_FLAGS_PERMANENT succeeds, takes "
    "its protections away and leaves it mapped.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);

		MT_CHECK(vm->deallocate(self, hole, mt_page), KERN_SUCCESS);

		MT_CHECK_REGION(hole, .address = hole, .size = mt_page,
		    NEUTERED);
	}
}

MT_CASE(deallocate, permanent_memory_is_unlocked, "dealloc-permanent-locked",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of locked memory of VM_FLAGS_PERMANENT unlocks what "
    "it leaves mapped, and no more.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHILD {
		int error = 0;

		MT_REQUIRE(permanent_at(stage, self, hole, 2 * mt_page),
		    KERN_SUCCESS);
		MT_REQUIRE(stage_bsd->mlock(&error, hole, 2 * mt_page), 0);

		MT_CHECK(vm->deallocate(self, hole + mt_page, mt_page),
		    KERN_SUCCESS);

		MT_CHECK_REGION(hole, .user_wired_count = 1);
		MT_CHECK_REGION(hole + mt_page, .user_wired_count = 0,
		    NEUTERED);
	}
}

/* arm64 has no memory that can be written and executed. */
MT_CASE(deallocate, permanent_memory_of_any_protection_stays_mapped,
    "dealloc-permanent-protections", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() and VM_FLAGS_OVERWRITE leave memory of "
    "VM_FLAGS_PERMANENT mapped whatever its protection, executable memory "
    "too.",
    .since = "11.3", .arch = "x86_64")
{
	mach_vm_address_t hole = mt_hole(8);

	MT_CHILD {
		for (vm_prot_t p = VM_PROT_NONE; p <= VM_PROT_ALL; p++) {
			mach_vm_address_t page = hole +
			    (mach_vm_size_t)p * mt_page;

			MT_REQUIRE(permanent_at(stage, self, page, mt_page),
			    KERN_SUCCESS);
			MT_REQUIRE(stage->protect(self, page, mt_page, FALSE,
				       p),
			    KERN_SUCCESS);
			MT_CHECK(vm->deallocate(self, page, mt_page),
			    KERN_SUCCESS);
			MT_CHECK_REGION(page, .address = (int64_t)page,
			    NEUTERED);
			MT_CHECK(allocate_at(stage, self, page, mt_page,
				     VM_FLAGS_OVERWRITE | PLAIN),
			    KERN_PROTECTION_FAILURE,
			    MT_UNTIL(26.3, KERN_NO_SPACE));
			MT_CHECK_REGION(page, NEUTERED);
		}
	}
}

MT_CASE(deallocate, freed_permanent_memory_cannot_be_touched, "perm-dealloc",
    VM_MAP_C "vm_map_delete()",
    "Memory of VM_FLAGS_PERMANENT that was deallocated is mapped without "
    "access: a load or store is KERN_PROTECTION_FAILURE.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);
		TOUCH(hole, 0x11);

		MT_CHECK(vm->deallocate(self, hole, mt_page), KERN_SUCCESS);

		MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
		MT_CHECK_FAULT(mt_write(hole, 1), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
	}
}

MT_CASE(allocate, freed_permanent_memory_stays_occupied,
    "perm-address-stays-taken", VM_MAP_C "vm_map_delete()",
    "Memory of VM_FLAGS_PERMANENT that was deallocated still occupies its "
    "addresses.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);
		MT_REQUIRE(vm->deallocate(self, hole, mt_page), KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK(allocate_at(vm, self, hole, mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));
	}
}

MT_CASE(protect, freed_permanent_memory_stays_inaccessible,
    "dealloc-permanent-protect", VM_MAP_C "vm_map_delete()",
    "Memory of VM_FLAGS_PERMANENT that was deallocated cannot regain access "
    "by mach_vm_protect().",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);
		MT_REQUIRE(vm->deallocate(self, hole, mt_page), KERN_SUCCESS);

		MT_CHECK(vm->protect(self, hole, mt_page, FALSE, VM_PROT_READ),
		    KERN_PROTECTION_FAILURE);

		MT_CHECK_REGION(hole, NEUTERED);
	}
}

MT_CASE(deallocate, freed_part_of_permanent_memory_is_clipped,
    "dealloc-permanent-partial", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a part of permanent memory takes only that "
    "part's protections away.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, 3 * mt_page),
		    KERN_SUCCESS);
		TOUCH_PAGES(hole, 3, 0x11);

		MT_CHECK(vm->deallocate(self, hole + mt_page, mt_page),
		    KERN_SUCCESS);

		MT_CHECK_LAYOUT(hole, "abc");
		MT_CHECK_BYTE(hole, 0x11);
		MT_CHECK_REGION(hole + mt_page, NEUTERED);
		MT_CHECK_BYTE(hole + 2 * mt_page, 0x11);
	}
}

MT_CASE(deallocate, pieces_of_freed_permanent_memory_stay_apart,
    "perm-neutered-pieces", VM_MAP_C "vm_map_delete()",
    "Memory of VM_FLAGS_PERMANENT that was deallocated in two calls stays "
    "split.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, 3 * mt_page),
		    KERN_SUCCESS);
		MT_REQUIRE(vm->deallocate(self, hole + mt_page, mt_page),
		    KERN_SUCCESS);

		MT_CHECK(vm->deallocate(self, hole, 3 * mt_page), KERN_SUCCESS);

		MT_CHECK_LAYOUT(hole, "abc");
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_REGION(hole + i * mt_page, NEUTERED);
	}
}

MT_CASE(deallocate, ordinary_memory_beside_permanent_is_removed,
    "dealloc-permanent-spanning", VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of a range of permanent and ordinary memory "
    "removes the ordinary memory.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_REQUIRE(permanent_at(vm, self, hole + mt_page, mt_page),
		    KERN_SUCCESS);
		MT_REQUIRE(allocate_at(vm, self, hole + 2 * mt_page, mt_page,
			       PLAIN),
		    KERN_SUCCESS);

		MT_CHECK(vm->deallocate(self, hole, 3 * mt_page), KERN_SUCCESS);

		MT_CHECK_LAYOUT(hole, ".a.");
		MT_CHECK_REGION(hole + mt_page, NEUTERED);
	}
}

MT_CASE(allocate, permanent_memory_loses_access_when_overwritten,
    "perm-overwrite-live", VM_MAP_C "vm_map_delete()",
    "VM_FLAGS_OVERWRITE over permanent memory fails and takes its "
    "protections away; its tag stays.",
    .since = "11.3", .until = "26.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);

		MT_CHECK(allocate_at(vm, self, hole, mt_page,
			     VM_FLAGS_OVERWRITE | TAG(241)),
		    KERN_NO_SPACE);

		MT_CHECK_REGION(hole, NEUTERED, .user_tag = MT_TAG);
		MT_CHECK_FAULT(mt_read(hole), EXC_BAD_ACCESS,
		    KERN_PROTECTION_FAILURE);
	}
}

MT_CASE(map_anonymous, mapping_over_permanent_memory_fails, "perm-overwrite",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_map() with VM_FLAGS_OVERWRITE over permanent memory fails; "
    "until macOS 26.3 it took its protections away.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHILD {
		MT_REQUIRE(permanent_at(stage, self, hole, mt_page),
		    KERN_SUCCESS);

		MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE | PLAIN,
			     VM_PROT_DEFAULT),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));

		MT_CHECK_REGION(hole, SPARED);
	}
}

MT_CASE(remap, remapping_over_permanent_memory_fails, "perm-remap-over",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_remap() with VM_FLAGS_OVERWRITE over permanent memory fails; "
    "until macOS 26.3 it took its protections away.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1), page = mt_pages(1);
	mach_vm_address_t address = hole;
	vm_prot_t current = VM_PROT_NONE, maximum = VM_PROT_NONE;

	MT_CHILD {
		MT_REQUIRE(permanent_at(stage, self, hole, mt_page),
		    KERN_SUCCESS);

		MT_CHECK(vm->remap(self, &address, mt_page, 0,
			     VM_FLAGS_FIXED | VM_FLAGS_OVERWRITE, self, page,
			     FALSE, &current, &maximum, VM_INHERIT_DEFAULT),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE));

		MT_CHECK_REGION(hole, SPARED);
	}
}

/* On 11 (seen on a booted kernel) and 12 the copy was made in place. */
MT_CASE(protect, copying_permanent_memory_in_place_fails, "perm-prot-copy",
    VM_MAP_C "vm_map_protect()",
    "VM_PROT_COPY replaces the mapping, which permanent memory does not "
    "allow since macOS 13.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		MT_REQUIRE(permanent_at(vm, self, hole, mt_page), KERN_SUCCESS);
		TOUCH(hole, 0x11);

		MT_CHECK(vm->protect(self, hole, mt_page, FALSE,
			     VM_PROT_COPY | VM_PROT_DEFAULT),
		    KERN_PROTECTION_FAILURE, MT_UNTIL(26.3, KERN_NO_SPACE),
		    MT_UNTIL(12, KERN_SUCCESS));

		MT_CHECK_REGION(hole,
		    .protection = MT_VALUE(VM_PROT_DEFAULT,
			MT_UNTIL(26.3, VM_PROT_NONE),
			MT_UNTIL(12, VM_PROT_DEFAULT)));
	}
}

/* The grandchild frees what its parent allocated. */
MT_CASE(inherit, permanent_memory_is_permanent_in_a_child, "fork-permanent",
    VM_MAP_C "vm_map_fork()",
    "A child's copy of memory of VM_FLAGS_PERMANENT, writable or not, is "
    "permanent too since macOS 12.",
    .since = "11.3")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_CHILD {
		MT_REQUIRE(permanent_at(stage, self, hole, 2 * mt_page),
		    KERN_SUCCESS);
		MT_REQUIRE(stage->protect(self, hole, mt_page, FALSE,
			       VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHILD {
			MT_CHECK(stage->deallocate(self, hole, 2 * mt_page),
			    KERN_SUCCESS);
			for (unsigned i = 0; i < 2; i++)
				MT_CHECK_LAYOUT(hole + i * mt_page,
				    MT_PICTURE("a", MT_UNTIL(11, ".")));
		}
	}
}

static void
leave_permanent_memory(void *vm)
{
	mach_vm_address_t address = 0;

	(void)((const struct mt_route *)vm)
	    ->allocate(mach_task_self(), &address, mt_page,
		VM_FLAGS_ANYWHERE | VM_FLAGS_PERMANENT);
	*(volatile uint8_t *)(uintptr_t)address = 1;
}

MT_CASE(allocate, permanent_memory_does_not_outlive_the_process, "perm-exit",
    VM_MAP_C "vm_map_delete()",
    "A process with memory of VM_FLAGS_PERMANENT exits like any other.",
    .since = "11.3")
{
	MT_CHECK_NUMBER(mt_child_signal(leave_permanent_memory,
			    (void *)(uintptr_t)vm),
	    0);
}
