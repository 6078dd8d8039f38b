/*
 * Resource limits on memory: RLIMIT_AS, RLIMIT_DATA, RLIMIT_MEMLOCK.  They
 * are set by the trap instruction, in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "limits.h"
#include "transfer.h"

/* The soft limit that getrlimit() reports. */
static uint64_t
soft_limit(unsigned which)
{
	uint64_t limits[2];

	MT_REQUIRE_TRUE(get_limits(which, limits) == 0);
	return limits[0];
}

MT_CASE(allocate, memory_beyond_rlimit_as_has_no_space, "limit-as",
    VM_MAP_C "vm_map_enter()",
    "RLIMIT_AS: an allocation that takes the map beyond the limit is undone "
    "and is KERN_NO_SPACE.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 2 * mt_page) == 0);
		MT_CHECK(allocate_at(vm, self, hole, 3 * mt_page, PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK_HOLE(hole);
		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_REGION(hole, .size = (int64_t)mt_page);
	}
}

MT_CASE(allocate, limit_may_be_reached, "limit-overshoot",
    VM_MAP_C "vm_map_enter()",
    "RLIMIT_AS is compared with the size of the map after the allocation: "
    "it may be reached, not exceeded.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 2 * mt_page) == 0);
		MT_CHECK(allocate_at(vm, self, hole, 2 * mt_page, PLAIN),
		    KERN_SUCCESS);
		MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, mt_page,
			     PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK(vm->deallocate(self, hole, mt_page), KERN_SUCCESS);
		MT_CHECK(allocate_at(vm, self, hole + 2 * mt_page, mt_page,
			     PLAIN),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, rlimit_data_counts_the_whole_map, "limit-data",
    VM_MAP_C "vm_map_enter()",
    "RLIMIT_DATA is compared with the size of the whole map, whatever kind "
    "of memory it holds.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(3), address = hole;

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(DATA, least_limit(DATA) + 2 * mt_page) == 0);
		MT_CHECK(vm->map_anonymous(self, &address, 3 * mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, VM_PROT_NONE),
		    KERN_NO_SPACE);
		MT_CHECK_HOLE(hole);
		MT_CHECK(vm->map_anonymous(self, &address, 2 * mt_page, 0,
			     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, rlimit_as_leaves_rlimit_data, "limit-data-as",
    KERN_RESOURCE_C "dosetrlimit()",
    "RLIMIT_AS and RLIMIT_DATA are two limits of the map: the smaller one "
    "counts, whichever was set last.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	for (int last = 0; last < 2; last++)
		MT_CHILD {
			least_limit(last ? AS : DATA);
			MT_REQUIRE_TRUE(
			    set_limit(last ? DATA : AS, INFINITE) == 0);
			MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
				     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
			    KERN_NO_SPACE);
			MT_CHECK_HOLE(hole);
		}
}

MT_CASE(allocate, overwriting_beyond_the_limit_keeps_what_was_there,
    "limit-as-overwrite", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE beyond RLIMIT_AS fails and puts back what it had "
    "removed; that does not count where it succeeds.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(4);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	TOUCH(hole, 0x29);
	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(AS, least_limit(AS) + mt_page) == 0);
		MT_CHECK(allocate_at(vm, self, hole, 4 * mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK_LAYOUT(hole, "a...");
		MT_CHECK_BYTE(hole, 0x29);
		MT_CHECK(allocate_at(vm, self, hole, 2 * mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(hole, "aa..");
	}
}

MT_CASE(allocate, overwriting_up_to_a_neighbour_beyond_the_limit,
    "alloc-overwrite-limit-restores", XNU26 "osfmk/vm/vm_map.c, vm_map_enter()",
    "VM_FLAGS_OVERWRITE beyond RLIMIT_AS puts back what it had removed since "
    "macOS 26.4; before, all of it is gone if something is mapped directly "
    "behind.",
    .since = "12", .needs = "traps native")
{
	mach_vm_address_t hole = mt_hole(6);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 3 * mt_page, 2 * mt_page,
		       PLAIN),
	    KERN_SUCCESS);
	TOUCH(hole, 0x29);
	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(AS, least_limit(AS) + mt_page) == 0);
		MT_CHECK(allocate_at(vm, self, hole, 4 * mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK_LAYOUT(hole,
		    MT_PICTURE("a..bc.", MT_UNTIL(26.3, "....a.")));
	}
}

MT_CASE(allocate, overwriting_beyond_the_limit_puts_every_region_back,
    "alloc-overwrite-limit-each", VM_MAP_C "vm_map_enter()",
    "VM_FLAGS_OVERWRITE beyond RLIMIT_AS puts back each of the regions that "
    "it had removed, when nothing is mapped directly behind them.",
    .since = "12", .needs = "traps native")
{
	mach_vm_address_t hole = mt_hole(8);

	for (unsigned i = 0; i < 3; i++) {
		MT_REQUIRE(allocate_at(stage, self, hole + 2 * i * mt_page,
			       mt_page, PLAIN),
		    KERN_SUCCESS);
		TOUCH(hole + 2 * i * mt_page, (uint8_t)(0x21 + i));
	}
	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(AS, least_limit(AS) + mt_page) == 0);
		MT_CHECK(allocate_at(vm, self, hole, 7 * mt_page,
			     VM_FLAGS_OVERWRITE | PLAIN),
		    KERN_NO_SPACE);
		MT_CHECK_LAYOUT(hole, "a.b.c...");
		for (unsigned i = 0; i < 3; i++)
			MT_CHECK_BYTE(hole + 2 * i * mt_page,
			    (uint8_t)(0x21 + i));
	}
}

MT_CASE(raw, limit_below_the_usage_is_refused, "limit-below-usage",
    KERN_RESOURCE_C "dosetrlimit()",
    "setrlimit(2) refuses an RLIMIT_AS that the map already exceeds; until "
    "macOS 11 it accepted any.",
    .needs = "traps")
{
	MT_CHILD {
		CHECK_ERRNO(set_limit(AS, mt_page), DARWIN_EINVAL,
		    MT_UNTIL(11, 0));
		CHECK_ERRNO(set_limit(DATA, mt_page), DARWIN_EINVAL,
		    MT_UNTIL(11, 0));
	}
}

MT_CASE(allocate, old_rlimit_as_has_no_effect, "limit-old",
    "xnu-7195.141.2 bsd/kern/kern_resource.c, dosetrlimit()",
    "Until macOS 11 RLIMIT_AS does not limit allocations.", .until = "11",
    .needs = "traps")
{
	mach_vm_address_t address = 0;

	MT_CHILD {
		CHECK_ERRNO(set_limit(AS, mt_page), 0);
		MT_CHECK(vm->allocate(self, &address, 64 * MIB,
			     VM_FLAGS_ANYWHERE | PLAIN),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, old_rlimit_data_has_no_effect, "limit-old-setrlimit",
    "xnu-7195.141.2 bsd/kern/kern_resource.c, dosetrlimit()",
    "Until macOS 11 RLIMIT_DATA does not limit mappings.", .until = "11",
    .needs = "traps")
{
	mach_vm_address_t address = 0;

	MT_CHILD {
		CHECK_ERRNO(set_limit(DATA, mt_page), 0);
		MT_CHECK(vm->map_anonymous(self, &address, 64 * MIB, 0,
			     VM_FLAGS_ANYWHERE | PLAIN, VM_PROT_DEFAULT),
		    KERN_SUCCESS);
	}
}

MT_CASE(remap, remap_does_not_check_the_limit, "limit-remap-unchecked",
    VM_MAP_C "vm_map_remap()", "mach_vm_remap() may exceed RLIMIT_AS.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t page = mt_pages(1), hole = mt_hole(1), at = hole;
	vm_prot_t current, maximum;

	TOUCH(page, 0x17);
	MT_CHILD {
		least_limit(AS);
		MT_CHECK(vm->remap(self, &at, mt_page, 0, VM_FLAGS_FIXED, self,
			     page, FALSE, &current, &maximum, VM_INHERIT_COPY),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(hole, 0x17);
	}
}

MT_CASE(read, small_read_obeys_the_limit, "limit-read",
    VM_MAP_C "vm_map_copyout_kernel_buffer()",
    "RLIMIT_AS applies to mach_vm_read() of a small range, whose copy is "
    "allocated in the reader: the routine succeeds, receiving its reply "
    "does not; a large range, read by reference, is not checked, one that "
    "begins within a page is, and leaves nothing.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES + 1);
	mach_msg_type_number_t size = 0;
	struct mt_region before;
	vm_offset_t data = 0;

	TOUCH_PAGES(pages, LARGE_PAGES + 1, 0x18);
	MT_CHILD {
		least_limit(AS);
		MT_REQUIRE_TRUE(mt_region_at(pages, &before));
		MT_CHECK(vm->read(self, pages + 16, LARGE, &data, &size),
		    MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE);
		MT_CHECK_REGION(pages, .ref_count = before.ref_count,
		    .size = before.size);
		MT_CHECK(vm->read(self, pages, LARGE, &data, &size),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(data, 0x18);
		MT_CHECK(vm->read(self, pages, mt_page / 2, &data, &size),
		    MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE);
	}
}

static void
check_grandchild(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t hole)
{
	MT_CHILD {
		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_NO_SPACE);
	}
}

MT_CASE(allocate, rlimit_as_is_inherited, "fork-limits",
    VM_MAP_C "vm_map_inherit_limits()", "A forked child inherits RLIMIT_AS.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHILD {
		least_limit(AS);
		MT_CHECK(allocate_at(vm, self, hole, mt_page, PLAIN),
		    KERN_NO_SPACE);
		check_grandchild(vm, self, hole);
	}
}

MT_CASE(wire, wired_memory_counts_once_towards_rlimit_memlock, "wire-limit",
    VM_MAP_C "add_wire_counts()",
    "RLIMIT_MEMLOCK counts a page once, however often it is wired; beyond "
    "the limit mach_vm_wire() is KERN_RESOURCE_SHORTAGE until something is "
    "unwired.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(3), third = pages + 2 * mt_page;

	MT_CHILD {
		const mach_port_name_t host = mach_host_self();

		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 2 * mt_page) == 0);
		MT_CHECK(vm->wire(host, self, pages, 2 * mt_page, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK(vm->wire(host, self, third, mt_page, VM_PROT_READ),
		    KERN_RESOURCE_SHORTAGE);
		MT_CHECK_REGION(third, .user_wired_count = 0);
		MT_CHECK(vm->wire(host, self, pages, mt_page, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages, .user_wired_count = 2);
		MT_CHECK(vm->wire(host, self, pages + mt_page, mt_page,
			     VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK(vm->wire(host, self, third, mt_page, VM_PROT_READ),
		    KERN_SUCCESS);
	}
}

MT_CASE(mlock, mlock_beyond_rlimit_memlock_is_eagain, "mlock-limit",
    XNU "bsd/kern/kern_mman.c, mlock()",
    "mlock(2) beyond RLIMIT_MEMLOCK is EAGAIN; the limit is in bytes, and a "
    "part of a page at its end does not count.",
    .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, mt_page + mt_page / 2) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + mt_page, mt_page),
		    error, DARWIN_EAGAIN);
		MT_CHECK_REGION(pages + mt_page, .user_wired_count = 0);
	}
}

MT_CASE(mlock, failed_mlock_leaves_the_region_split, "mlock-limit-once",
    VM_MAP_C "add_wire_counts()",
    "RLIMIT_MEMLOCK counts a page once, and munlock(2) or munmap(2) gives "
    "it back; mlock(2) that fails leaves the region split.",
    .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(8);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 2 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, 2 * mt_page), error, 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + 2 * mt_page, mt_page),
		    error, DARWIN_EAGAIN);
		MT_CHECK_LAYOUT(pages, "abcddddd");
		MT_CHECK(stage->deallocate(self, pages, 2 * mt_page),
		    KERN_SUCCESS);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + 2 * mt_page,
				   2 * mt_page),
		    error, 0);
	}
}

MT_CASE(allocate, limit_is_inherited_by_a_child, "fork-limits-told",
    VM_MAP_C "vm_map_inherit_limits()",
    "getrlimit() in a forked child returns the RLIMIT_AS that its parent set.",
    .since = "12", .needs = "traps")
{
	uint64_t limit;

	MT_CHILD {
		limit = least_limit(AS) + 2 * mt_page;
		MT_REQUIRE_TRUE(set_limit(AS, limit) == 0);
		MT_CHILD {
			MT_CHECK_NUMBER(soft_limit(AS) - limit, 0);
		}
	}
}

MT_CASE(map_anonymous, rlimit_data_is_inherited, "fork-limits-data",
    VM_MAP_C "vm_map_inherit_limits()", "A forked child inherits RLIMIT_DATA.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(1), address = hole;

	MT_CHILD {
		least_limit(DATA);
		MT_CHILD {
			MT_CHECK(vm->map_anonymous(self, &address, mt_page, 0,
				     VM_FLAGS_FIXED | PLAIN, VM_PROT_READ),
			    KERN_NO_SPACE);
			MT_CHECK_HOLE(hole);
		}
	}
}

MT_CASE(mlock, child_may_lock_as_much_as_its_parent, "fork-limits-memlock",
    VM_MAP_C "vm_map_inherit_limits()",
    "RLIMIT_MEMLOCK holds in a forked child, too: mlock(2) beyond it is "
    "EAGAIN.",
    .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(2);
	int error;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, mt_page) == 0);
		MT_CHILD {
			MT_CHECK_ERRNO(vm->mlock(&error, pages, 2 * mt_page),
			    error, DARWIN_EAGAIN);
		}
	}
}

MT_CASE(mlock, child_has_locked_nothing, "fork-limits-memlock-own",
    VM_MAP_C "vm_map_fork()",
    "What a parent has locked does not count towards RLIMIT_MEMLOCK of its "
    "child, which has it unlocked.",
    .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(2);
	int error;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, mt_page) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
		MT_CHILD {
			MT_CHECK_ERRNO(vm->mlock(&error, pages + mt_page,
					   mt_page),
			    error, 0);
		}
		MT_CHECK_ERRNO(vm->mlock(&error, pages + mt_page, mt_page),
		    error, DARWIN_EAGAIN);
	}
}

MT_CASE(raw, limits_that_cannot_be_copied_are_efault, "limit-fault",
    KERN_RESOURCE_C "getrlimit()",
    "getrlimit(2) and setrlimit(2) with an address in which nothing is mapped "
    "are EFAULT.")
{
	const uint64_t arguments[] = { AS, mt_hole(1) };
	struct mt_registers r;

	for (int number = 194; number <= 195; number++) {
		mt_registers_unix(&r, number, arguments, 2);
		vm->raw(&r);
		MT_CHECK_TRUE(mt_registers_failed(&r));
		MT_CHECK_NUMBER(mt_registers_result(&r), 14);
	}
}

/* ---- mmap(2) ------------------------------------------------------------- */

MT_CASE(mmap, mapping_beyond_rlimit_as_is_enomem, "mmap-rlimit-as",
    VM_MAP_C "vm_map_enter()",
    "mmap(2) beyond RLIMIT_AS is ENOMEM, with PROT_NONE too; what fits is "
    "mapped.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(6);
	const int fixed = MAP_PRIVATE | MAP_ANON | MAP_FIXED;
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 2 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mmap(&error, hole, 3 * mt_page, PROT_NONE,
				   fixed, -1, 0),
		    error, DARWIN_ENOMEM);
		MT_CHECK_HOLE(hole);
		MT_CHECK_ERRNO(vm->mmap(&error, hole, 2 * mt_page, PROT_NONE,
				   fixed, -1, 0),
		    error, 0);
	}
}

MT_CASE(mmap, fixed_beyond_rlimit_as_keeps_the_memory, "mmap-rlimit-as-fixed",
    VM_MAP_C "vm_map_enter()",
    "MAP_FIXED beyond RLIMIT_AS is ENOMEM, and the memory that it would have "
    "replaced keeps its contents.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(8);
	const int fixed = MAP_PRIVATE | MAP_ANON | MAP_FIXED;
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    vm->mmap(&error, hole, mt_page, PROT_READ | PROT_WRITE,
			fixed, -1, 0) == (int64_t)hole);
		TOUCH(hole, 0x5c);
		MT_REQUIRE_TRUE(
		    set_limit(AS, least_limit(AS) + 2 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mmap(&error, hole, 8 * mt_page,
				   PROT_READ | PROT_WRITE, fixed, -1, 0),
		    error, DARWIN_ENOMEM);
		MT_CHECK_BYTE(hole, 0x5c);
	}
}

MT_CASE(mmap, rlimit_data_bounds_mappings, "mmap-rlimit-data",
    VM_MAP_C "vm_map_enter()",
    "mmap(2) beyond RLIMIT_DATA, which counts the whole map, is ENOMEM.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t hole = mt_hole(3);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limit(DATA, least_limit(DATA) + 2 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mmap(&error, hole, 3 * mt_page, PROT_NONE,
				   MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0),
		    error, DARWIN_ENOMEM);
	}
}

MT_CASE(mmap, old_limits_bound_no_mapping, "mmap-rlimit-old",
    "xnu-7195.141.2 bsd/kern/kern_resource.c, dosetrlimit()",
    "RLIMIT_AS and RLIMIT_DATA of one page can be set up to macOS 11, and "
    "mmap(2) maps 64 MiB nevertheless.",
    .until = "11", .needs = "traps")
{
	const mach_vm_size_t size = 64 * MIB;
	int error = 0;

	MT_CHILD {
		CHECK_ERRNO(set_limit(AS, mt_page), 0);
		CHECK_ERRNO(set_limit(DATA, mt_page), 0);
		MT_CHECK_ERRNO(vm->mmap(&error, 0, size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANON, -1, 0),
		    error, 0);
	}
}
