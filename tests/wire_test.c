/*
 * Wiring memory: vm_wire.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "entries.h"
#include "trap.h"

static kern_return_t
wire(const struct mt_route *vm, mach_port_name_t self,
    mach_vm_address_t address, mach_vm_size_t size, vm_prot_t access)
{
	return vm->wire(mach_host_self(), self, address, size, access);
}

MT_CASE(wire, wired_memory_is_resident, "wire-nests-resident", "vm_wire.html",
    "A non-null wired_access value indicates that the page is to be "
    "\"wired\" into memory; a null value indicates \"un-wiring\".",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_CHECK(wire(vm, self, pages, 2 * mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_REGION(pages, .user_wired_count = 1, .pages_resident = 2);
	MT_CHECK_BYTE(pages, 0);
}

MT_CASE(wire, access_none_unwires, "wire-access-none", "vm_wire.html",
    "A non-null wired_access value indicates that the page is to be "
    "\"wired\" into memory; a null value indicates \"un-wiring\".",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	TOUCH(page, 0x11);
	MT_REQUIRE(wire(vm, self, page, mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_NONE), KERN_SUCCESS);

	MT_CHECK_REGION(page, .user_wired_count = 0);
	MT_CHECK_BYTE(page, 0x11);
}

MT_CASE(wire, wirings_are_counted, "wire-nests", "vm_wire.html",
    "The kernel maintains for the region a count of the number of times the "
    "region is wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_READ), KERN_SUCCESS);
	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_READ), KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 2);
	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_NONE), KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 1);
	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_NONE), KERN_SUCCESS);

	MT_CHECK_REGION(page, .user_wired_count = 0);
}

/* mlock(2) by the trap instruction: a tenth of the cost of a message. */
static bool
lock(mach_vm_address_t address, mach_vm_size_t size)
{
	const uint64_t arguments[] = { address, size };
	struct mt_registers r;

	mt_registers_unix(&r, 203, arguments, 2);
	mt_trap_raw(&r);
	return !mt_registers_failed(&r);
}

MT_CASE(wire, count_does_not_overflow, "wire-max-count",
    VM_MAP_C "add_wire_counts()",
    "mach_vm_wire() wires a region at most 65,535 times.",
    .needs = "traps privileged")
{
	mach_vm_address_t page = mt_pages(1);
	unsigned n = 0;

	while (n < 65534 && lock(page, mt_page))
		n++;
	MT_CHECK_NUMBER(n, 65534);
	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_READ), KERN_SUCCESS);
	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_READ), KERN_FAILURE);
	MT_CHECK_REGION(page, .user_wired_count = 65535);
}

MT_CASE(wire, part_of_a_region_is_split_off, "wire-nests-clips",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a part splits the region: the count belongs to the "
    "region.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(wire(vm, self, pages + mt_page, mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages, .user_wired_count = 0);
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 1);
	MT_CHECK_REGION(pages + 2 * mt_page, .user_wired_count = 0);
}

MT_CASE(wire, part_of_wired_memory_is_wired_again, "wire-nests-part",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of the first, the middle or the last page of wired memory "
    "counts for that page alone; unwired once, all is one region again.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_REQUIRE(wire(vm, self, pages, 3 * mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	for (unsigned i = 0; i < 3; i++) {
		MT_CHECK(wire(vm, self, pages + i * mt_page, mt_page,
			     VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		for (unsigned j = 0; j < 3; j++)
			MT_CHECK_REGION(pages + j * mt_page,
			    .user_wired_count = i == j ? 2 : 1);
		MT_CHECK(wire(vm, self, pages + i * mt_page, mt_page,
			     VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages, .size = 3 * (int64_t)mt_page,
		    .user_wired_count = 1);
	}
}

MT_CASE(wire, range_is_rounded_to_pages, "wire-rounds", "vm_wire.html",
    "The region starts at the beginning of the virtual page containing "
    "address; it ends at the end of the virtual page containing address + "
    "size - 1.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(4);

	MT_CHECK(wire(vm, self, pages + 2 * mt_page - 1, 2, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(pages, "abbc");
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 1);
}

MT_CASE(wire, unknown_access_is_refused, "wire-invalid-access",
    VM_USER_C "mach_vm_wire_external()",
    "VM_PROT_ALL: mach_vm_wire() with any other bit is "
    "KERN_INVALID_ARGUMENT.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, mt_page, 0x8), KERN_INVALID_ARGUMENT);
	MT_CHECK(wire(vm, self, page, mt_page, 0x40), KERN_INVALID_ARGUMENT);
	MT_CHECK(wire(vm, self, page, mt_page, -1), KERN_INVALID_ARGUMENT);

	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(wire, size_zero_wires_nothing, "wire-zero-size",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of size 0 succeeds and wires nothing.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, 0, VM_PROT_DEFAULT), KERN_SUCCESS);

	MT_CHECK_REGION(page, .user_wired_count = 0, .pages_resident = 0);
}

MT_CASE(wire, size_zero_inside_a_page_wires_nothing, "wire-zero-size-unaligned",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of size 0 wires nothing since macOS 15; before that it "
    "wired the page of an unaligned address.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page + 1, 0, VM_PROT_DEFAULT), KERN_SUCCESS);

	MT_CHECK_REGION(page, .user_wired_count = MT_VALUE(0, MT_UNTIL(14, 1)));
}

MT_CASE(wire, size_zero_with_unknown_access_succeeds,
    "wire-zero-size-bad-access", VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() accepts a size of 0 before it checks the access since "
    "macOS 15.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, 0, 0x40), KERN_SUCCESS,
	    MT_UNTIL(14, KERN_INVALID_ARGUMENT));
}

MT_CASE(wire, unmapped_start_is_an_invalid_address, "wire-start-unmapped",
    "vm_wire.html",
    "KERN_INVALID_ADDRESS: The address is illegal or specifies a "
    "non-allocated region.",
    .needs = "privileged")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(wire(vm, self, hole, 2 * mt_page, VM_PROT_DEFAULT),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(hole + mt_page, .user_wired_count = 0);
}

MT_CASE(wire, hole_inside_undoes_the_wiring, "wire-hole",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a range with a hole fails and unwires what it had "
    "wired.",
    .needs = "privileged")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(allocate_at(stage, self, hole + 2 * mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK(wire(vm, self, hole, 3 * mt_page, VM_PROT_DEFAULT),
	    KERN_INVALID_ADDRESS);

	MT_CHECK_REGION(hole, .user_wired_count = 0);
	MT_CHECK_REGION(hole + 2 * mt_page, .user_wired_count = 0);
}

MT_CASE(wire, region_that_cannot_be_wired_undoes_the_others,
    "wire-prot-mismatch-undone", VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() fails where the second region does not allow the access, "
    "and unwires the first.",
    .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(3), second = pages + 2 * mt_page;

	TOUCH_PAGES(pages, 3, 0x51);
	MT_REQUIRE(stage->protect(self, second, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_CHECK(wire(vm, self, pages, 3 * mt_page, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);
	MT_CHECK_REGION(pages, .user_wired_count = 0);
	MT_CHECK_REGION(second, .user_wired_count = 0);
	MT_CHECK_BYTE(pages, 0x51);
}

MT_CASE(wire, equal_regions_that_are_wired_together_join, "wire-merges",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() joins regions that were split and differ in nothing any "
    "more.",
    .needs = "native privileged")
{
	mach_vm_address_t hole = mt_hole(3);
	mach_port_name_t entry = entry_for(self, 3 * mt_page, 0,
	    RW | MAP_MEM_NAMED_CREATE, MACH_PORT_NULL);

	MT_REQUIRE(map_at(stage, self, hole, 3 * mt_page, PLAIN, entry, 0,
		       FALSE, RW, RW),
	    KERN_SUCCESS);
	MT_REQUIRE(stage->inherit(self, hole + mt_page, mt_page,
		       VM_INHERIT_COPY),
	    KERN_SUCCESS);
	MT_REQUIRE_LAYOUT(hole, "abc");
	MT_CHECK(wire(vm, self, hole, 3 * mt_page, VM_PROT_READ), KERN_SUCCESS);
	MT_CHECK_LAYOUT(hole, "aaa");
	MT_CHECK_REGION(hole, .user_wired_count = 1);
}

MT_CASE(wire, range_outside_the_map_succeeds, "wire-out-of-map",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a range outside the map clamps it to nothing and "
    "succeeds.",
    .needs = "privileged")
{
	MT_CHECK(wire(vm, self, 0, mt_page, VM_PROT_DEFAULT), KERN_SUCCESS);
	MT_CHECK(wire(vm, self, mt_system()->maximum, mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_CHECK(wire(vm, self, 0, mt_page, VM_PROT_NONE), KERN_SUCCESS);
}

MT_CASE(wire, range_that_wraps_is_refused, "wire-wrap",
    VM_USER_C "mach_vm_wire_external()",
    "mach_vm_wire() of a range that wraps past 2^64 is "
    "KERN_INVALID_ARGUMENT.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, UINT64_MAX, VM_PROT_DEFAULT),
	    KERN_INVALID_ARGUMENT);
	MT_CHECK(wire(vm, self, page, UINT64_MAX, VM_PROT_NONE),
	    KERN_INVALID_ARGUMENT);

	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(wire, access_beyond_the_protection_fails, "wire-prot-mismatch",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() fails for an access that the protection does not allow.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_DEFAULT),
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_REGION(page, .user_wired_count = 0, .pages_resident = 0);
}

MT_CASE(wire, failed_wiring_leaves_the_region_split, "wire-prot-mismatch-clips",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() that fails for the protection leaves the region split "
    "at the ends of the range.",
    .until = "26.3", .needs = "privileged")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHECK(wire(vm, self, pages + mt_page, mt_page, VM_PROT_ALL),
	    KERN_PROTECTION_FAILURE);

	MT_CHECK_LAYOUT(pages, "abc");
	MT_CHECK_REGION(pages + mt_page, .user_wired_count = 0);
}

MT_CASE(wire, inaccessible_memory_cannot_be_wired, "wire-prot-mismatch-none",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() for reading fails on memory of VM_PROT_NONE.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_READ),
	    KERN_PROTECTION_FAILURE);
}

MT_CASE(wire, wired_memory_can_be_wired_for_any_access,
    "wire-already-wired-skips-prot", VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of wired memory raises the count without a check of the "
    "protection, even where there is no access any more.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_READ),
	    KERN_SUCCESS);
	MT_REQUIRE(wire(vm, self, page, mt_page, VM_PROT_READ), KERN_SUCCESS);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_DEFAULT), KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 2);

	MT_REQUIRE(stage->protect(self, page, mt_page, FALSE, VM_PROT_NONE),
	    KERN_SUCCESS);
	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_READ), KERN_SUCCESS);
	MT_CHECK_REGION(page, .user_wired_count = 3);
}

MT_CASE(wire, memory_that_is_not_wired_can_be_unwired, "unwire-not-wired",
    VM_MAP_C "vm_map_unwire_nested()",
    "mach_vm_wire() with VM_PROT_NONE succeeds on memory that is not wired.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_NONE), KERN_SUCCESS);

	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(wire, unmapped_start_cannot_be_unwired, "unwire-unmapped-start",
    VM_MAP_C "vm_map_unwire_nested()",
    "mach_vm_wire() with VM_PROT_NONE fails when its first page is not "
    "mapped.",
    .needs = "privileged")
{
	mach_vm_address_t hole = mt_hole(1);

	MT_CHECK(wire(vm, self, hole, mt_page, VM_PROT_NONE),
	    KERN_INVALID_ADDRESS);
}

MT_CASE(wire, unwiring_across_a_hole_succeeds, "unwire-hole-skips",
    VM_MAP_C "vm_map_unwire_nested()",
    "mach_vm_wire() with VM_PROT_NONE succeeds across a hole; until macOS "
    "15.3 the region just below the hole stayed wired.",
    .until = "26.3", .needs = "privileged")
{
	mach_vm_address_t hole = mt_hole(3);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(wire(vm, self, hole, mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	MT_CHECK(wire(vm, self, hole, 2 * mt_page, VM_PROT_NONE), KERN_SUCCESS);

	MT_CHECK_REGION(hole,
	    .user_wired_count = MT_VALUE(0, MT_UNTIL(15.3, 1)));
}

MT_CASE(wire, part_can_be_unwired, "unwire-merges-part",
    VM_MAP_C "vm_map_unwire_nested()",
    "mach_vm_wire() with VM_PROT_NONE on the first, the middle or the last page "
    "leaves the rest wired, in regions of its own.",
    .needs = "privileged")
{
	static const char *const pictures[] = { "abb", "abc", "aab" };

	for (unsigned i = 0; i < 3; i++) {
		mach_vm_address_t pages = mt_pages(3);

		MT_REQUIRE(wire(vm, self, pages, 3 * mt_page, VM_PROT_DEFAULT),
		    KERN_SUCCESS);
		MT_CHECK(wire(vm, self, pages + i * mt_page, mt_page,
			     VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_LAYOUT(pages, pictures[i]);
		for (unsigned j = 0; j < 3; j++)
			MT_CHECK_REGION(pages + j * mt_page,
			    .user_wired_count = i == j ? 0 : 1);
	}
}

MT_CASE(wire, wiring_for_writing_resolves_a_copy, "wire-resolves-cow",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() for writing resolves copy-on-write: the pages become "
    "the region's own.",
    .needs = "privileged")
{
	const unsigned n = (unsigned)(256 * KIB / mt_page);
	mach_vm_address_t source = mt_pages(n), copy = mt_pages(n);

	TOUCH_PAGES(source, n, 0x11);
	MT_REQUIRE(stage->copy(self, source, n * mt_page, copy), KERN_SUCCESS);

	MT_CHECK(wire(vm, self, copy, n * mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);

	TOUCH(source, 0x22);
	MT_CHECK_BYTE(copy, 0x11);
	MT_CHECK_REGION(copy, .user_wired_count = 1, .pages_resident = n);
}

MT_CASE(wire, wired_memory_can_be_deallocated, "wire-dealloc-ok",
    VM_MAP_C "vm_map_delete()",
    "mach_vm_deallocate() of wired memory drops the wiring.",
    .needs = "privileged")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(wire(vm, self, page, mt_page, VM_PROT_DEFAULT), KERN_SUCCESS);
	MT_CHECK(stage->deallocate(self, page, mt_page), KERN_SUCCESS);

	MT_CHECK_HOLE(page);
	MT_CHECK_FAULT(mt_read(page), EXC_BAD_ACCESS, KERN_INVALID_ADDRESS);
}

MT_CASE(wire, wired_memory_is_not_extended, "coalesce-wired",
    VM_MAP_C "vm_map_enter()",
    "mach_vm_allocate() does not extend a wired region.",
    .needs = "privileged native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_CHECK(wire(vm, self, hole, mt_page, VM_PROT_DEFAULT), KERN_SUCCESS);

	MT_CHECK(allocate_at(stage, self, hole + mt_page, mt_page, REALLOC),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, "ab");
}

/* Seen in the object of the recordings, its consequence here. */
MT_CASE(wire, memory_that_was_wired_is_not_extended, "wire-true-share",
    VM_OBJECT_C "vm_object_coalesce()",
    "mach_vm_wire() marks the VM object as truly shared since macOS 13, so "
    "that the region is not extended even after unwiring.",
    .needs = "privileged native")
{
	mach_vm_address_t hole = mt_hole(2);

	MT_REQUIRE(allocate_at(stage, self, hole, mt_page, PLAIN),
	    KERN_SUCCESS);
	MT_REQUIRE(wire(vm, self, hole, mt_page, VM_PROT_DEFAULT),
	    KERN_SUCCESS);
	MT_REQUIRE(wire(vm, self, hole, mt_page, VM_PROT_NONE), KERN_SUCCESS);

	MT_CHECK(allocate_at(stage, self, hole + mt_page, mt_page, PLAIN),
	    KERN_SUCCESS);

	MT_CHECK_LAYOUT(hole, MT_PICTURE("ab", MT_UNTIL(12, "aa")));
}

MT_CASE(wire, task_is_no_host, "wire-needs-hostpriv",
    VM_USER_C "mach_vm_wire_external()",
    "mach_vm_wire() refuses a task port as the host.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->wire(self, self, page, mt_page, VM_PROT_READ),
	    KERN_INVALID_HOST);

	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(wire, null_host_is_an_invalid_destination, "wire-needs-hostpriv-null",
    VM_USER_C "mach_vm_wire_external()",
    "mach_vm_wire() with MACH_PORT_NULL as the host is "
    "MACH_SEND_INVALID_DEST.")
{
	mach_vm_address_t page = mt_pages(1);

	MT_CHECK(vm->wire(MACH_PORT_NULL, self, page, mt_page, VM_PROT_READ),
	    MACH_SEND_INVALID_DEST);

	MT_CHECK_REGION(page, .user_wired_count = 0);
}

MT_CASE(wire, host_is_checked_before_the_task, "wire-needs-hostpriv-first",
    VM_USER_C "mach_vm_wire_external()",
    "KERN_INVALID_HOST: mach_vm_wire() with a task port as the host and no "
    "task.")
{
	MT_CHECK(vm->wire(self, MACH_PORT_NULL, mt_page, mt_page, VM_PROT_READ),
	    KERN_INVALID_HOST);
}

MT_CASE(wire, host_is_no_task, "wire-task-host",
    VM_USER_C "mach_vm_wire_external()",
    "mach_vm_wire() refuses MACH_PORT_NULL and a host port as the task.",
    .needs = "privileged")
{
	MT_CHECK(vm->wire(mach_host_self(), MACH_PORT_NULL, mt_page, mt_page,
		     VM_PROT_READ),
	    KERN_INVALID_TASK);
	MT_CHECK(vm->wire(mach_host_self(), mach_host_self(), mt_page, mt_page,
		     VM_PROT_READ),
	    KERN_INVALID_TASK);
}

MT_CASE(wire, code_before_data_is_refused_on_arm64, "wire-code-first",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of a range whose first region may be executed is "
    "KERN_PROTECTION_FAILURE on arm64 and wires nothing, whatever follows.",
    .arch = "arm64", .needs = "privileged native")
{
	mach_vm_address_t pages = mt_pages(2);

	MT_REQUIRE(stage->protect(self, pages, mt_page, FALSE,
		       VM_PROT_READ | VM_PROT_EXECUTE),
	    KERN_SUCCESS);
	MT_CHECK(wire(vm, self, pages, 2 * mt_page, VM_PROT_READ),
	    KERN_PROTECTION_FAILURE);
	for (unsigned i = 0; i < 2; i++)
		MT_CHECK_REGION(pages + i * mt_page, .user_wired_count = 0);
}
