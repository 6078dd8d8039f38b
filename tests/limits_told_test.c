/*
 * Resource limits: what getrlimit() tells, what setrlimit() refuses, and what
 * a wiring beyond RLIMIT_MEMLOCK leaves behind.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "limits.h"
#include "messages.h"
#include "transfer.h"

MT_CASE(raw, limits_are_told_as_they_were_set, "limit-told",
    KERN_RESOURCE_C "getrlimit()",
    "getrlimit(2) gives the soft and the hard limit that setrlimit(2) was "
    "given.",
    .needs = "traps")
{
	uint64_t limits[2];

	MT_CHILD {
		CHECK_ERRNO(set_limits(MEMLOCK, 3 * mt_page, 5 * mt_page), 0);
		CHECK_ERRNO(get_limits(MEMLOCK, limits), 0);
		MT_CHECK_NUMBER(limits[0], 3 * mt_page);
		MT_CHECK_NUMBER(limits[1], 5 * mt_page);
	}
}

MT_CASE(raw, flag_of_posix_does_not_change_the_limit, "limit-posix-flag",
    KERN_RESOURCE_C "dosetrlimit()",
    "_RLIMIT_POSIX_FLAG, 0x1000, beside the number of a limit is dropped by "
    "getrlimit(2) and setrlimit(2).",
    .needs = "traps")
{
	const unsigned flag = 0x1000;
	uint64_t limits[2];

	MT_CHILD {
		CHECK_ERRNO(set_limits(MEMLOCK | flag, 3 * mt_page,
				5 * mt_page),
		    0);
		CHECK_ERRNO(get_limits(MEMLOCK, limits), 0);
		MT_CHECK_NUMBER(limits[0], 3 * mt_page);
		CHECK_ERRNO(get_limits(MEMLOCK | flag, limits), 0);
		MT_CHECK_NUMBER(limits[0], 3 * mt_page);
		MT_CHECK_NUMBER(limits[1], 5 * mt_page);
	}
}

MT_CASE(raw, unknown_limit_is_einval, "limit-unknown",
    KERN_RESOURCE_C "getrlimit()",
    "RLIM_NLIMITS, 9: getrlimit(2) and setrlimit(2) of that limit and of any "
    "above are EINVAL, with _RLIMIT_POSIX_FLAG and without.")
{
	static const unsigned unknown[] = { 9, 10, 0x1009, 0x2006, UINT32_MAX };
	uint64_t limits[2] = { mt_page, INFINITE };

	for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		CHECK_ERRNO(limits_by(GETRLIMIT, unknown[i], limits),
		    DARWIN_EINVAL);
		MT_CHECK_NUMBER(limits[0], mt_page);
		CHECK_ERRNO(limits_by(SETRLIMIT, unknown[i], limits),
		    DARWIN_EINVAL);
	}
}

MT_CASE(raw, soft_limit_above_the_hard_one_is_einval, "limit-soft-above-hard",
    KERN_RESOURCE_C "dosetrlimit()",
    "setrlimit(2) with a soft limit above the hard one is EINVAL and changes "
    "neither; the two may be equal.",
    .needs = "traps")
{
	uint64_t limits[2];

	MT_CHILD {
		MT_REQUIRE_TRUE(
		    set_limits(MEMLOCK, 3 * mt_page, 5 * mt_page) == 0);
		CHECK_ERRNO(set_limits(MEMLOCK, 4 * mt_page + 1, 4 * mt_page),
		    DARWIN_EINVAL);
		CHECK_ERRNO(get_limits(MEMLOCK, limits), 0);
		MT_CHECK_NUMBER(limits[0], 3 * mt_page);
		MT_CHECK_NUMBER(limits[1], 5 * mt_page);
		CHECK_ERRNO(set_limits(MEMLOCK, 4 * mt_page, 4 * mt_page), 0);
	}
}

MT_CASE(raw, refused_limit_is_not_told, "limit-refused-not-told",
    KERN_RESOURCE_C "dosetrlimit()",
    "getrlimit(2) gives the old limits after setrlimit(2) has refused an "
    "RLIMIT_AS or RLIMIT_DATA that the map exceeds.",
    .since = "12", .needs = "traps")
{
	static const unsigned which[] = { AS, DATA };
	uint64_t before[2], after[2];

	MT_CHILD {
		for (int i = 0; i < 2; i++) {
			MT_REQUIRE_TRUE(get_limits(which[i], before) == 0);
			CHECK_ERRNO(set_limits(which[i], mt_page, 2 * mt_page),
			    DARWIN_EINVAL);
			CHECK_ERRNO(get_limits(which[i], after), 0);
			MT_CHECK_TRUE(after[0] == before[0]);
			MT_CHECK_TRUE(after[1] == before[1]);
		}
	}
}

MT_CASE(raw, limit_may_be_what_is_in_use, "limit-equals-usage",
    VM_MAP_C "vm_map_set_size_limit()",
    "setrlimit(2) takes an RLIMIT_AS or RLIMIT_DATA that is the size of the "
    "map, a whole number of pages, and refuses one that is a byte less.",
    .since = "12", .needs = "traps")
{
	static const unsigned which[] = { AS, DATA };
	uint64_t least;

	MT_CHILD {
		for (int i = 0; i < 2; i++) {
			least = least_limit(which[i]);
			MT_CHECK_NUMBER(least % mt_page, 0);
			CHECK_ERRNO(set_limit(which[i], least), 0);
			CHECK_ERRNO(set_limit(which[i], least - 1),
			    DARWIN_EINVAL);
		}
	}
}

MT_CASE(raw, regions_that_join_again_count_as_before, "limit-usage-joined",
    VM_MAP_C "vm_map_set_size_limit(), vm_map_simplify_entry()",
    "The least RLIMIT_AS that setrlimit(2) takes is the same after a region "
    "was split and has joined again.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t pages = mt_pages(4);
	uint64_t least;

	MT_CHILD {
		least = least_limit(AS);
		PROTECT(pages + mt_page, 2, VM_PROT_READ);
		MT_CHECK_TRUE(least_limit(AS) == least);
		PROTECT(pages, 4, VM_PROT_DEFAULT);
		MT_CHECK_LAYOUT(pages, "aaaa");
		MT_CHECK_TRUE(least_limit(AS) == least);
	}
}

MT_CASE(wire, refused_wiring_undoes_what_it_counted, "wire-limit-undone",
    VM_MAP_C "vm_map_wire_nested()",
    "mach_vm_wire() of wired memory and of memory beyond RLIMIT_MEMLOCK is "
    "KERN_RESOURCE_SHORTAGE: the count of the first is as before, and one "
    "unwiring is enough for it.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHILD {
		const mach_port_name_t host = mach_host_self();

		MT_REQUIRE_TRUE(set_limit(MEMLOCK, mt_page) == 0);
		MT_REQUIRE(vm->wire(host, self, pages, mt_page, VM_PROT_READ),
		    KERN_SUCCESS);
		MT_CHECK(vm->wire(host, self, pages, 2 * mt_page, VM_PROT_READ),
		    KERN_RESOURCE_SHORTAGE);
		MT_CHECK_REGION(pages, .user_wired_count = 1);
		MT_CHECK_REGION(pages + mt_page, .user_wired_count = 0);
		MT_CHECK(vm->wire(host, self, pages, mt_page, VM_PROT_NONE),
		    KERN_SUCCESS);
		MT_CHECK_REGION(pages, .user_wired_count = 0);
		MT_CHECK(vm->wire(host, self, pages + 2 * mt_page, mt_page,
			     VM_PROT_READ),
		    KERN_SUCCESS);
	}
}

MT_CASE(wire, refused_wiring_brings_no_page, "wire-limit-no-page",
    VM_MAP_C "add_wire_counts()",
    "RLIMIT_MEMLOCK is compared before a page is brought in: mach_vm_wire() "
    "of a region beyond it leaves no page of the region resident.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(3);

	MT_CHILD {
		const mach_port_name_t host = mach_host_self();

		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 2 * mt_page) == 0);
		MT_CHECK(vm->wire(host, self, pages, 3 * mt_page, VM_PROT_READ),
		    KERN_RESOURCE_SHORTAGE);
		MT_CHECK_REGION(pages, .user_wired_count = 0,
		    .pages_resident = 0);
	}
}

MT_CASE(wire, regions_are_counted_together, "wire-limit-total",
    VM_MAP_C "vm_map_wire_nested()",
    "RLIMIT_MEMLOCK bounds the sum of the regions that one mach_vm_wire() "
    "wires: beyond it none is wired. Since macOS 26.4 no page of the first "
    "is brought in.",
    .needs = "traps privileged")
{
	mach_vm_address_t pages = mt_pages(3), third = pages + 2 * mt_page;

	MT_CHILD {
		const mach_port_name_t host = mach_host_self();

		MT_REQUIRE(stage->inherit(self, third, mt_page,
			       VM_INHERIT_NONE),
		    KERN_SUCCESS);
		MT_REQUIRE_TRUE(set_limit(MEMLOCK, 2 * mt_page) == 0);
		MT_CHECK(vm->wire(host, self, pages, 3 * mt_page, VM_PROT_READ),
		    KERN_RESOURCE_SHORTAGE);
		MT_CHECK_REGION(pages, .user_wired_count = 0,
		    .pages_resident = MT_VALUE(0, MT_UNTIL(26.3, 2)));
		MT_CHECK_REGION(third, .user_wired_count = 0);
	}
}

MT_CASE(send, reply_without_room_fails_to_be_received, "limit-read-received",
    IPC_KMSG_C "ipc_kmsg_copyout_ool_descriptor()",
    "MACH_RCV_BODY_ERROR with MACH_MSG_VM_SPACE: RLIMIT_AS leaves no space for "
    "the memory in a reply to mach_vm_read(), which itself succeeds; the "
    "reply is received without it.",
    .since = "12", .needs = "traps")
{
	mach_vm_address_t page = mt_pages(1);
	const uint64_t in[] = { page, mt_page / 2 };
	struct mt_message m;
	mach_msg_size_t size;
	struct answer a;

	TOUCH(page, 0x18);
	MT_CHILD {
		least_limit(AS);
		size = mt_mig_request(&mt_migs[MT_MIG_read], self, in, &m);
		a = exchange(vm, &m, size);
		MT_CHECK(a.error, MACH_RCV_BODY_ERROR | MACH_MSG_VM_SPACE);
		MT_CHECK_NUMBER(m.header.msgh_id,
		    mt_migs[MT_MIG_read].id + 100);
		MT_CHECK_TRUE(
		    (m.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0);
	}
}

MT_CASE(raw, stack_is_at_most_64_mib, "limit-stack-hard",
    XNU "bsd/kern/bsd_init.c, vm_initial_limit_stack",
    "The hard limit that getrlimit(2) has for RLIMIT_STACK is at most 64 MiB "
    "without a page, as long as nobody raised it.",
    .needs = "traps native")
{
	uint64_t limits[2];

	CHECK_ERRNO(get_limits(STACK, limits), 0);
	/* dosetrlimit() keeps what is larger, to be told. */
	MT_SKIP_UNLESS(limits[1] <= 64 * MIB, "the stack's limit was raised");
	MT_CHECK_TRUE(limits[1] <= 64 * MIB - mt_page);
	MT_CHECK_TRUE(limits[0] <= limits[1]);
}
