/*
 * The comm page: where it is and what stands in it.  No call is made to read
 * it, so each case runs once, on the trap route.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "stage.h"
#include "sources.h"

#define COMM_PAGE    MT_VALUE(0xFFFFFC000, MT_ON(x86_64, 0x7fffffe00000))
#define COMM_PAGE_RO UINT64_C(0xFFFFF4000) /* arm64, 13 and later */

/* An unsigned field of the comm page, low byte first; every byte must be
 * readable. */
static uint64_t
field_at(mach_vm_address_t address, unsigned size)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++) {
		struct mt_fault byte = mt_read(address + i);

		MT_REQUIRE_TRUE(byte.exception == 0);
		value |= (uint64_t)byte.value << 8 * i;
	}
	return value;
}

static uint64_t
field(unsigned offset, unsigned size)
{
	return field_at((mach_vm_address_t)COMM_PAGE + offset, size);
}

/* A field that the kernel writes to now and then: as it is twice in a row, for
 * its bytes are read one by one. */
static uint64_t
changing_field(unsigned offset, unsigned size)
{
	uint64_t one = field(offset, size), two = field(offset, size);
	uint64_t end = mt_now() + PATIENCE;

	while (one != two) {
		MT_REQUIRE_TRUE(mt_now() < end);
		one = two;
		two = field(offset, size);
	}
	return two;
}

static uint64_t
sysctl_number(const char *name)
{
	uint64_t value = 0;

	MT_SKIP_UNLESS(mt_sysctl(name, &value),
	    "this system has no such sysctl");
	return value;
}

static unsigned
shift_of(mach_vm_size_t page)
{
	unsigned shift = 0;

	while ((UINT64_C(1) << shift) < page)
		shift++;
	return shift;
}

MT_CASE(comm_page, comm_page_is_at_the_end_of_the_x86_64_map,
    "comm-x86-address", COMM_PAGE_I386_H "_COMM_PAGE64_BASE_ADDRESS",
    "On x86_64 the comm page is at 0x7fffffe00000, which is the map's "
    "maximum.",
    .arch = "x86_64", .needs = "commpage")
{
	MT_CHECK_READABLE(0x7fffffe00000);
	MT_CHECK_READABLE(0x7fffffe00fff);
	MT_CHECK_ADDRESS(mt_system()->maximum, 0x7fffffe00000);
}

MT_CASE(comm_page, comm_page_is_below_64_gib_on_arm64, "comm-arm64-address",
    COMM_PAGE_ARM_H "_COMM_PAGE64_BASE_ADDRESS",
    "On arm64 the comm page is at 0xFFFFFC000.", .arch = "arm64",
    .needs = "commpage")
{
	MT_CHECK_READABLE(0xFFFFFC000);
	MT_CHECK_READABLE(0xFFFFFC000 + 0xfff);
}

MT_CASE(comm_page, read_only_comm_page_is_beside_it,
    "comm-arm64-address-read-only", COMM_PAGE_ARM_H "_COMM_PAGE64_RO_ADDRESS",
    "On arm64 a second comm page at 0xFFFFF4000 came with macOS 13; the "
    "kernel itself cannot write to it.",
    .arch = "arm64", .needs = "commpage")
{
	const bool is_there = MT_VALUE(TRUE, MT_UNTIL(12, FALSE));

	MT_CHECK_NUMBER(mt_read(COMM_PAGE_RO).exception == 0, is_there);
	MT_CHECK_NUMBER(mt_read(COMM_PAGE_RO + 0x25).exception == 0, is_there);
}

MT_CASE(comm_page, comm_page_begins_with_its_name, "comm-signature",
    XNU "bsd/sys/commpage.h",
    "The first 16 bytes of the comm page are \"commpage 64-bit\".",
    .needs = "commpage")
{
	static const char name[16] = "commpage 64-bit";

	for (unsigned i = 0; i < sizeof(name); i++)
		MT_CHECK_BYTE(COMM_PAGE + i, (uint8_t)name[i]);
}

MT_CASE(comm_page, comm_page_contains_its_version, "comm-version",
    COMM_PAGE_H "_COMM_PAGE_THIS_VERSION",
    "The comm page's version at offset 0x1e is 3 on arm64, 14 on x86_64 and "
    "there 13 until macOS 10.15.",
    .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x1e, 2), 3, MT_ON(x86_64, 14),
	    MT_ON_UNTIL(x86_64, 10.15, 13));
}

MT_CASE(comm_page, page_shifts_are_in_the_comm_page, "comm-page-shift-x86",
    COMM_PAGE_I386_H "_COMM_PAGE_USER_PAGE_SHIFT_64",
    "On x86_64 the comm page has the kernel's page shift at 0x4d and the "
    "user's at 0x4e from version 14 on; before that these bytes are zero.",
    .arch = "x86_64", .needs = "native commpage")
{
	MT_CHECK_BYTE(0x7fffffe00000 + 0x4d, MT_VALUE(12, MT_UNTIL(10.15, 0)));
	MT_CHECK_BYTE(0x7fffffe00000 + 0x4e, MT_VALUE(12, MT_UNTIL(10.15, 0)));
}

MT_CASE(comm_page, user_page_shift_gives_the_page_size,
    "comm-page-shift-x86-size",
    COMM_PAGE_I386_H "_COMM_PAGE_USER_PAGE_SHIFT_64",
    "On x86_64 the comm page's byte at 0x4e is the logarithm of the "
    "process's page size.",
    .arch = "x86_64", .since = "11", .needs = "commpage")
{
	MT_CHECK_NUMBER(UINT64_C(1) << field(0x4e, 1), mt_page);
}

MT_CASE(comm_page, kernel_page_shift_gives_the_kernels_page_size,
    "comm-page-shift-x86-kernel",
    COMM_PAGE_I386_H "_COMM_PAGE_KERNEL_PAGE_SHIFT",
    "On x86_64 the comm page's byte at 0x4d is the logarithm of "
    "vm_kernel_page_size, under Rosetta too.",
    .arch = "x86_64", .since = "11", .needs = "commpage")
{
	MT_CHECK_NUMBER(UINT64_C(1) << field(0x4d, 1),
	    mt_system()->kernel_page);
}

MT_CASE(comm_page, page_shifts_are_in_the_arm64_comm_page,
    "comm-page-shift-arm64", COMM_PAGE_ARM_H "_COMM_PAGE_USER_PAGE_SHIFT_64",
    "On arm64 the comm page has the user's page shift at 0x25 and the "
    "kernel's at 0x37.",
    .arch = "arm64", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x25, 1), shift_of(mt_page));
	MT_CHECK_NUMBER(field(0x37, 1), shift_of(mt_system()->kernel_page));
	MT_CHECK_NUMBER(UINT64_C(1) << field(0x25, 1), mt_page);
}

MT_CASE(comm_page, page_shift_of_32_bit_processes_is_one_byte_below,
    "comm-page-shift-arm64-32", COMM_PAGE_ARM_H "_COMM_PAGE_USER_PAGE_SHIFT_32",
    "On arm64 the comm page has the page shift of a 32-bit process at 0x24.",
    .arch = "arm64", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x24, 1), 14);
}

MT_CASE(comm_page, page_shifts_of_both_pages_agree,
    "comm-page-shift-arm64-read-only",
    COMM_PAGE_ARM_H "_COMM_PAGE_USER_PAGE_SHIFT_64",
    "On arm64 the read-only comm page has the page shifts at the same "
    "offsets as the other.",
    .arch = "arm64", .since = "13", .needs = "commpage")
{
	MT_CHECK_NUMBER(field_at(COMM_PAGE_RO + 0x24, 1), field(0x24, 1));
	MT_CHECK_NUMBER(field_at(COMM_PAGE_RO + 0x25, 1), field(0x25, 1));
	MT_CHECK_NUMBER(field_at(COMM_PAGE_RO + 0x37, 1), field(0x37, 1));
}

MT_CASE(comm_page, capabilities_are_stored_twice, "comm-cpu-capabilities",
    COMM_PAGE_H "_COMM_PAGE_CPU_CAPABILITIES64",
    "The comm page's 32-bit word at 0x20 is the low half of the 64-bit "
    "capabilities at 0x10.",
    .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x20, 4), field(0x10, 8) & 0xffffffff);
}

MT_CASE(comm_page, capabilities_hold_the_number_of_processors,
    "comm-cpu-capabilities-ncpus", COMM_PAGE_H "_COMM_PAGE_NCPUS",
    "The comm page's capabilities contain the number of processors in bits "
    "16 to 23, the byte at 0x22.",
    .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x22, 1), field(0x10, 8) >> 16 & 0xff);
	MT_CHECK_NUMBER(field(0x22, 1), sysctl_number("hw.logicalcpu_max"));
}

MT_CASE(comm_page, active_processors_agree_with_sysctl, "comm-cpus",
    COMM_PAGE_H "_COMM_PAGE_ACTIVE_CPUS",
    "The comm page's byte at 0x34 is hw.activecpu.", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x34, 1), sysctl_number("hw.activecpu"));
}

MT_CASE(comm_page, physical_processors_agree_with_sysctl, "comm-cpus-physical",
    COMM_PAGE_H "_COMM_PAGE_PHYSICAL_CPUS",
    "The comm page's byte at 0x35 is hw.physicalcpu_max.", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x35, 1), sysctl_number("hw.physicalcpu_max"));
}

MT_CASE(comm_page, logical_processors_agree_with_sysctl, "comm-cpus-logical",
    COMM_PAGE_H "_COMM_PAGE_LOGICAL_CPUS",
    "The comm page's byte at 0x36 is hw.logicalcpu_max.", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x36, 1), sysctl_number("hw.logicalcpu_max"));
}

MT_CASE(comm_page, cache_line_agrees_with_sysctl, "comm-cacheline",
    COMM_PAGE_H "_COMM_PAGE_CACHE_LINESIZE",
    "The comm page's 16 bits at 0x26 are hw.cachelinesize: 32, 64 or 128.",
    .needs = "commpage")
{
	uint64_t line = field(0x26, 2);

	MT_CHECK_TRUE(line == 32 || line == 64 || line == 128);
	MT_CHECK_NUMBER(line, sysctl_number("hw.cachelinesize"));
}

MT_CASE(comm_page, memory_size_agrees_with_sysctl, "comm-memsize",
    COMM_PAGE_H "_COMM_PAGE_MEMORY_SIZE",
    "The comm page's 64 bits at 0x38 are hw.memsize.", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x38, 8), sysctl_number("hw.memsize"));
}

MT_CASE(comm_page, processor_family_agrees_with_sysctl, "comm-cpu-family",
    COMM_PAGE_H "_COMM_PAGE_CPUFAMILY",
    "The comm page's 32 bits at 0x80 on arm64, 0x40 on x86_64, are "
    "hw.cpufamily.",
    .needs = "commpage")
{
	unsigned offset = MT_VALUE(0x80, MT_ON(x86_64, 0x40));

	MT_CHECK_NUMBER(field(offset, 4),
	    sysctl_number("hw.cpufamily") & 0xffffffff);
}

MT_CASE(comm_page, memory_pressure_is_at_most_the_memory, "comm-mem-pressure",
    COMM_PAGE_H "_COMM_PAGE_MEMORY_PRESSURE",
    "The comm page's word at 0x30 on arm64, 0x2c on x86_64, is the number "
    "of pages wanted, at most what the machine has.",
    .needs = "commpage")
{
	unsigned offset = MT_VALUE(0x30, MT_ON(x86_64, 0x2c));

	MT_CHECK_TRUE(field(offset, 4) * mt_page <= field(0x38, 8));
}

MT_CASE(comm_page, approximate_time_does_not_go_back, "comm-approx-time",
    COMM_PAGE_H "_COMM_PAGE_APPROX_TIME",
    "The comm page's approximate time at 0xc0 on arm64, 0x80 on x86_64, "
    "never goes back, and the byte after it says whether it is maintained.",
    .needs = "commpage")
{
	unsigned offset = MT_VALUE(0xc0, MT_ON(x86_64, 0x80));
	uint64_t first = changing_field(offset, 8);

	MT_CHECK_TRUE(changing_field(offset, 8) >= first);
	MT_CHECK_TRUE(field(offset + 8, 1) <= 1);
}

MT_CASE(comm_page, approximate_time_is_kept, "comm-approx-time-kept",
    COMM_PAGE_H "_COMM_PAGE_APPROX_TIME_SUPPORTED",
    "The comm page's byte at 0xc8 on arm64, 0x88 on x86_64, is 1: every "
    "macOS is built with CONFIG_MACH_APPROXIMATE_TIME.",
    .needs = "native commpage")
{
	MT_CHECK_NUMBER(field(MT_VALUE(0xc8, MT_ON(x86_64, 0x88)), 1), 1);
}

MT_CASE(comm_page, nanotime_shift_is_zero, "comm-nanotime-x86",
    COMM_PAGE_I386_H "_COMM_PAGE_NT_SHIFT",
    "On x86_64 the comm page's shift of the nanotime scale, at 0x5c, is 0 "
    "from version 13 on.",
    .arch = "x86_64")
{
	MT_CHECK_NUMBER(field(0x5c, 4), 0);
}

MT_CASE(comm_page, nanotime_has_a_generation, "comm-nanotime-x86-generation",
    XNU "osfmk/i386/commpage/commpage.c, commpage_set_nanotime()",
    "On x86_64 the comm page's generation of nanotime, at 0x68, is 0 only "
    "while the kernel writes the time; the scale at 0x58 is not 0.",
    .arch = "x86_64", .needs = "native commpage")
{
	uint64_t end = mt_now() + PATIENCE / 10, generation;

	do
		generation = changing_field(0x68, 4);
	while (generation == 0 && mt_now() < end);
	MT_CHECK_TRUE(generation != 0);
	MT_CHECK_TRUE(field(0x58, 4) != 0);
}

MT_CASE(comm_page, user_timebase_is_a_known_kind, "comm-timebase-arm64",
    COMM_PAGE_ARM_H "_COMM_PAGE_USER_TIMEBASE",
    "On arm64 the comm page's byte at 0x90 says how user code may read the "
    "clock: directly, or in one of two ways without speculation. "
    "USER_TIMEBASE_NONE, 0, no kernel says.",
    .arch = "arm64", .needs = "commpage")
{
	uint64_t kind = field(0x90, 1);

	MT_CHECK_TRUE(kind >= 1 && kind <= 3);
}

MT_CASE(comm_page, processors_are_in_clusters, "comm-clusters-arm64",
    COMM_PAGE_ARM_H "_COMM_PAGE_CPU_CLUSTERS",
    "On arm64 the comm page's byte at 0x2f is the number of clusters that "
    "the processors are in, at least one and no more than the processors; "
    "until macOS 13 it is unused, 0.",
    .arch = "arm64", .needs = "commpage")
{
	uint64_t clusters = field(0x2f, 1);

	MT_CHECK_NUMBER(clusters >= 1, TRUE, MT_UNTIL(13, FALSE));
	MT_CHECK_TRUE(clusters <= field(0x36, 1));
}

MT_CASE(comm_page, spin_count_is_a_thousand, "comm-spin-count-x86",
    "xnu-4570.71.2 osfmk/i386/commpage/commpage.h, MP_SPIN_TRIES",
    "On x86_64 the comm page of version 13, until macOS 10.15, has at 0x30 how "
    "often a lock is tried: 1000.",
    .arch = "x86_64", .until = "10.15", .needs = "commpage")
{
	MT_CHECK_NUMBER(field(0x30, 4), 1000);
}
