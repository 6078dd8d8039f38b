/*
 * Resource limits on memory: RLIMIT_AS, RLIMIT_DATA, RLIMIT_MEMLOCK.  They
 * are set by the trap instruction, in children.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "transfer.h"
#include "trap.h"

/* bsd/sys/resource.h; bsd/sys/errno.h */
enum { DATA = 2, AS = 5, MEMLOCK = 6 };
#define INFINITE ((UINT64_C(1) << 63) - 1)
#define INVALID	 22
#define AGAIN	 35

/* Set the soft limit by the BSD call 195; its errno. */
static int
set_limit(unsigned which, uint64_t soft)
{
	const uint64_t limits[2] = { soft, INFINITE };
	const uint64_t arguments[] = { which, (uintptr_t)limits };
	struct mt_registers r;

	mt_registers_unix(&r, 195, arguments, 2);
	mt_trap_raw(&r);
	return mt_registers_failed(&r) ? (int)mt_registers_result(&r) : 0;
}

/* The size of the map: the least limit that can be set.  Leaves it set. */
static uint64_t
least_limit(unsigned which)
{
	uint64_t low = 0, high = UINT64_C(1) << 48, middle;

	MT_REQUIRE_TRUE(set_limit(which, high) == 0);
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (set_limit(which, middle) == 0)
			high = middle;
		else
			low = middle;
	}
	MT_REQUIRE_TRUE(set_limit(which, high) == 0);
	return high;
}

MT_CASE(allocate, memory_beyond_the_address_space_limit_is_denied, "limit-as",
    VM_MAP_C "vm_map_enter()",
    "What takes the map beyond RLIMIT_AS is undone: no space.", .since = "12",
    .needs = "traps")
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
    "The total is compared after the memory is there: it may be the limit, "
    "not more.",
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

MT_CASE(map_anonymous, data_limit_counts_the_whole_map, "limit-data",
    VM_MAP_C "vm_map_enter()",
    "RLIMIT_DATA is compared with the size of the whole map, data or not.",
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

MT_CASE(allocate, overwriting_beyond_the_limit_keeps_what_was_there,
    "limit-as-overwrite", VM_MAP_C "vm_map_enter()",
    "What OVERWRITE had removed comes back when the limit denies the new "
    "memory.",
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
	}
}

MT_CASE(raw, limit_below_the_usage_is_refused, "limit-below-usage",
    XNU "bsd/kern/kern_resource.c, dosetrlimit()",
    "setrlimit(2) refuses a limit that the map exceeds already; until 11 it "
    "took any.",
    .needs = "traps")
{
	MT_CHILD {
		MT_CHECK_NUMBER(set_limit(AS, mt_page), INVALID,
		    MT_UNTIL(11, 0));
		MT_CHECK_NUMBER(set_limit(DATA, mt_page), INVALID,
		    MT_UNTIL(11, 0));
	}
}

MT_CASE(allocate, old_address_space_limit_has_no_effect, "limit-old",
    "xnu-7195.141.2 bsd/kern/kern_resource.c, dosetrlimit()",
    "Until 11 RLIMIT_AS had no effect on memory.", .until = "11",
    .needs = "traps")
{
	mach_vm_address_t address = 0;

	MT_CHILD {
		MT_CHECK_NUMBER(set_limit(AS, mt_page), 0);
		MT_CHECK(vm->allocate(self, &address, 64 * MIB,
			     VM_FLAGS_ANYWHERE | PLAIN),
		    KERN_SUCCESS);
	}
}

MT_CASE(map_anonymous, old_data_limit_has_no_effect, "limit-old-setrlimit",
    "xnu-7195.141.2 bsd/kern/kern_resource.c, dosetrlimit()",
    "Nor had RLIMIT_DATA.", .until = "11", .needs = "traps")
{
	mach_vm_address_t address = 0;

	MT_CHILD {
		MT_CHECK_NUMBER(set_limit(DATA, mt_page), 0);
		MT_CHECK(vm->map_anonymous(self, &address, 64 * MIB, 0,
			     VM_FLAGS_ANYWHERE | PLAIN, VM_PROT_DEFAULT),
		    KERN_SUCCESS);
	}
}

MT_CASE(remap, limit_is_not_asked, "limit-remap-unchecked",
    VM_MAP_C "vm_map_remap()", "What is remapped may exceed the limit.",
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
    "What was copied through a buffer needs memory like any other; what is "
    "read by reference is not asked about.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(LARGE_PAGES);
	mach_msg_type_number_t size = 0;
	vm_offset_t data = 0;

	TOUCH_PAGES(pages, LARGE_PAGES, 0x18);
	MT_CHILD {
		least_limit(AS);
		MT_CHECK(vm->read(self, pages, LARGE, &data, &size),
		    KERN_SUCCESS);
		MT_CHECK_BYTE(data, 0x18);
		MT_CHECK(vm->read(self, pages, mt_page / 2, &data, &size),
		    KERN_NO_SPACE);
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

MT_CASE(allocate, limits_are_inherited, "fork-limits",
    VM_MAP_C "vm_map_inherit_limits()", "A child has its parent's limits.",
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

MT_CASE(wire, limit_on_locked_memory, "wire-limit",
    VM_MAP_C "add_wire_counts()",
    "A page counts once towards RLIMIT_MEMLOCK, however often it is wired; "
    "beyond the limit there is a shortage, and wiring less makes room.",
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

MT_CASE(mlock, limit_on_locked_memory_says_again, "mlock-limit",
    XNU "bsd/kern/kern_mman.c, mlock()",
    "mlock(2) says EAGAIN beyond RLIMIT_MEMLOCK; the limit is bytes, and "
    "part of a page is none.",
    .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(3);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, mt_page + mt_page / 2) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + mt_page, mt_page),
		    error, AGAIN);
		MT_CHECK_REGION(pages + mt_page, .user_wired_count = 0);
	}
}

MT_CASE(mlock, failed_lock_leaves_its_clips, "mlock-limit-once",
    VM_MAP_C "add_wire_counts()",
    "A page is counted once and given back by munmap or munlock; a failed "
    "mlock(2) leaves the region split.",
    .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(8);
	int error = 0;

	MT_CHILD {
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 2 * mt_page) == 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, 2 * mt_page), error, 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages, mt_page), error, 0);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + 2 * mt_page, mt_page),
		    error, AGAIN);
		MT_CHECK_LAYOUT(pages, "abcddddd");
		MT_CHECK(stage->deallocate(self, pages, 2 * mt_page),
		    KERN_SUCCESS);
		MT_CHECK_ERRNO(vm->mlock(&error, pages + 2 * mt_page,
				   2 * mt_page),
		    error, 0);
	}
}
