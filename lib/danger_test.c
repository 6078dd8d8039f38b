/*
 * Which calls are refused, on which release, and what stands beside them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>

#include "danger.h"

static struct mt_system a_system;

static const struct mt_system *
on(const char *release, const char *arch)
{
	a_system.release = release;
	a_system.arch = arch;
	return &a_system;
}

#define REFUSED(call_) ATF_CHECK((call_) != NULL)
#define SAFE(call_)    ATF_CHECK_EQ(NULL, (call_))

#define PAGE   UINT64_C(0x140000000)
#define NEARLY (UINT64_MAX - 0x10000)

ATF_TC_WITHOUT_HEAD(msync_of_a_range_that_wraps);
ATF_TC_BODY(msync_of_a_range_that_wraps, tc)
{
	static const vm_sync_t bad[] = { VM_SYNC_DEACTIVATE, VM_SYNC_KILLPAGES,
		VM_SYNC_KILLPAGES | VM_SYNC_CONTIGUOUS };

	for (unsigned i = 0; i < 3; i++) {
		REFUSED(mt_danger_msync(NULL, PAGE, NEARLY, bad[i]));
		REFUSED(
		    mt_danger_msync(on("12.6", "arm64"), PAGE, NEARLY, bad[i]));
		REFUSED(mt_danger_msync(on("10.13", "x86_64"), PAGE, UINT64_MAX,
		    bad[i]));
		REFUSED(mt_danger_msync(NULL, UINT64_MAX, 1, bad[i]));
		SAFE(
		    mt_danger_msync(on("13.0", "arm64"), PAGE, NEARLY, bad[i]));
		SAFE(mt_danger_msync(NULL, PAGE, 0x100000, bad[i]));
		SAFE(mt_danger_msync(NULL, 0, 0, bad[i]));
	}
	SAFE(mt_danger_msync(NULL, PAGE, NEARLY, VM_SYNC_ASYNCHRONOUS));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(queries_and_remapping_of_a_range_that_wraps);
ATF_TC_BODY(queries_and_remapping_of_a_range_that_wraps, tc)
{
	REFUSED(mt_danger_page_range_query(NULL, PAGE, UINT64_MAX));
	REFUSED(
	    mt_danger_page_range_query(on("10.15.7", "x86_64"), PAGE, NEARLY));
	SAFE(mt_danger_page_range_query(on("11", "x86_64"), PAGE, NEARLY));
	SAFE(mt_danger_page_range_query(NULL, PAGE, 0x100000));

	REFUSED(mt_danger_remap(NULL, PAGE, NEARLY));
	REFUSED(mt_danger_remap(on("10.15", "x86_64"), PAGE, NEARLY));
	SAFE(mt_danger_remap(on("11", "x86_64"), PAGE, NEARLY));
	REFUSED(mt_danger_remap(NULL, PAGE, UINT64_MAX - 0xfff));
	SAFE(mt_danger_remap(NULL, PAGE, UINT64_MAX));
	SAFE(mt_danger_remap(NULL, PAGE, 0x100000));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(wiring_of_the_comm_page);
ATF_TC_BODY(wiring_of_the_comm_page, tc)
{
	const uint64_t comm = UINT64_C(0xFFFFFC000);

	REFUSED(mt_danger_wire(NULL, comm, 0x4000, VM_PROT_READ));
	REFUSED(mt_danger_wire(on("11.6", "arm64"), comm, 1, VM_PROT_READ));
	REFUSED(mt_danger_wire(on("26.5", "arm64"), comm, 1, VM_PROT_READ));
	REFUSED(
	    mt_danger_wire(NULL, PAGE, UINT64_C(0x1000000000), VM_PROT_READ));
	SAFE(mt_danger_wire(NULL, comm, 0x4000, VM_PROT_NONE));
	SAFE(mt_danger_wire(on("15.5", "x86_64"), comm, 0x4000, VM_PROT_READ));
	SAFE(mt_danger_wire(NULL, PAGE, 0x4000, VM_PROT_READ));
	SAFE(
	    mt_danger_wire(NULL, UINT64_C(0x1000000000), 0x4000, VM_PROT_READ));
	SAFE(mt_danger_wire(NULL, PAGE, UINT64_MAX, VM_PROT_READ));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(inheritance_of_superpages_and_writes_into_submaps);
ATF_TC_BODY(inheritance_of_superpages_and_writes_into_submaps, tc)
{
	REFUSED(mt_danger_inherit_superpage(NULL, VM_INHERIT_COPY));
	REFUSED(
	    mt_danger_inherit_superpage(on("15.5", "x86_64"), VM_INHERIT_COPY));
	SAFE(
	    mt_danger_inherit_superpage(on("26.4", "x86_64"), VM_INHERIT_COPY));
	SAFE(mt_danger_inherit_superpage(NULL, VM_INHERIT_SHARE));
	SAFE(mt_danger_inherit_superpage(NULL, VM_INHERIT_NONE));

	REFUSED(mt_danger_write_submap(NULL, PAGE + 8, 0x4000));
	REFUSED(mt_danger_write_submap(on("13.0", "x86_64"), PAGE, 0x4010));
	SAFE(mt_danger_write_submap(on("13.1", "x86_64"), PAGE, 0x4010));
	SAFE(mt_danger_write_submap(NULL, PAGE, 0x4000));
	SAFE(mt_danger_write_submap(NULL, PAGE + 8, 16));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(sources_that_end_at_the_largest_address);
ATF_TC_BODY(sources_that_end_at_the_largest_address, tc)
{
	const uint64_t rest = 0 - (uint64_t)PAGE; /* to 2^64 */

	REFUSED(mt_danger_copyin(NULL, PAGE, rest - 1));
	REFUSED(mt_danger_copyin(on("10.13", "x86_64"), PAGE, rest - 0xfff));
	REFUSED(mt_danger_copyin(on("11.6", "arm64"), PAGE, rest - 0x3fff));
	REFUSED(mt_danger_copyin(on("13.4", "x86_64"), PAGE, rest - 1));
	SAFE(mt_danger_copyin(on("13.5", "x86_64"), PAGE, rest - 1));
	/* Beyond 2^64, where every release refuses, and well below. */
	SAFE(mt_danger_copyin(NULL, PAGE, rest));
	SAFE(mt_danger_copyin(NULL, PAGE, UINT64_MAX));
	SAFE(mt_danger_copyin(NULL, PAGE, rest - 0x4000));
	SAFE(mt_danger_copyin(NULL, PAGE, 0x100000));
	/* Nothing is mapped there. */
	SAFE(mt_danger_copyin(NULL, UINT64_MAX - 1, 1));
	(void)tc;
}

/* An entry for memory at PAGE, a byte of it but for what is given. */
#define ENTRY(...) (&(struct mt_danger_entry){ .offset = PAGE, __VA_ARGS__ })

ATF_TC_WITHOUT_HEAD(memory_entries);
ATF_TC_BODY(memory_entries, tc)
{
	const struct mt_danger_entry *e = ENTRY(.permission = VM_PROT_DEFAULT);

	SAFE(mt_danger_make_memory_entry(NULL, e));

	e = ENTRY(.permission = 8 << 24 | VM_PROT_READ);
	REFUSED(mt_danger_make_memory_entry(on("15.5", "arm64"), e));
	e = ENTRY(.permission = 6 << 24 | VM_PROT_READ);
	SAFE(mt_danger_make_memory_entry(NULL, e));
	e = ENTRY(.permission = MAP_MEM_NAMED_CREATE | 7 << 24);
	REFUSED(mt_danger_make_memory_entry(NULL, e));
	REFUSED(mt_danger_make_memory_entry(on("10.14", "x86_64"), e));
	SAFE(mt_danger_make_memory_entry(on("10.15", "x86_64"), e));
	e = ENTRY(.permission = MAP_MEM_NAMED_CREATE | 9 << 24);
	SAFE(mt_danger_make_memory_entry(on("10.15", "x86_64"), e));
	e = ENTRY(.permission = MAP_MEM_NAMED_CREATE | 10 << 24);
	REFUSED(mt_danger_make_memory_entry(on("10.15", "x86_64"), e));
	SAFE(mt_danger_make_memory_entry(on("11.0", "arm64"), e));

	e = ENTRY(.permission = VM_PROT_READ, .parent = MACH_PORT_DEAD);
	REFUSED(mt_danger_make_memory_entry(on("10.14", "x86_64"), e));
	SAFE(mt_danger_make_memory_entry(on("10.15", "x86_64"), e));

	e = ENTRY(.permission = MAP_MEM_ONLY | 1 << 24, .parent = 0x1203);
	REFUSED(mt_danger_make_memory_entry(on("15.5", "arm64"), e));
	e = ENTRY(.permission = MAP_MEM_ONLY, .parent = 0x1203);
	SAFE(mt_danger_make_memory_entry(NULL, e));
	e = ENTRY(.permission = MAP_MEM_ONLY);
	SAFE(mt_danger_make_memory_entry(NULL, e));

	e = ENTRY(.permission = VM_PROT_READ, .size = NEARLY);
	REFUSED(mt_danger_make_memory_entry(on("10.15", "x86_64"), e));
	SAFE(mt_danger_make_memory_entry(on("11", "x86_64"), e));
	e = ENTRY(.permission = MAP_MEM_NAMED_CREATE, .size = NEARLY);
	SAFE(mt_danger_make_memory_entry(NULL, e));

	e = ENTRY(.permission = VM_PROT_READ, .size = NEARLY, .parent = 0x1203);
	REFUSED(mt_danger_make_memory_entry(on("13.4", "x86_64"), e));
	SAFE(mt_danger_make_memory_entry(on("13.5", "x86_64"), e));
	e = ENTRY(.permission = MAP_MEM_VM_SHARE, .size = NEARLY,
	    .parent = 0x1203);
	SAFE(mt_danger_make_memory_entry(on("13.4", "x86_64"), e));

	e = ENTRY(.permission = VM_PROT_READ, .no_task = true);
	REFUSED(mt_danger_make_memory_entry(on("14.6", "arm64"), e));
	SAFE(mt_danger_make_memory_entry(on("15", "arm64"), e));

	e = ENTRY(.permission = VM_PROT_READ, .parent = 0x1203);
	REFUSED(mt_danger_make_memory_entry(NULL, e));
	REFUSED(mt_danger_make_memory_entry(on("14.0", "arm64"), e));
	REFUSED(mt_danger_make_memory_entry(on("15.5", "x86_64"), e));
	SAFE(mt_danger_make_memory_entry(on("13.6", "arm64"), e));
	SAFE(mt_danger_make_memory_entry(on("26.0", "arm64"), e));
	e = ENTRY(.permission = VM_PROT_READ, .parent = 0x1203, .size = 1);
	SAFE(mt_danger_make_memory_entry(NULL, e));
	e = ENTRY(.permission = MAP_MEM_VM_COPY, .parent = 0x1203);
	SAFE(mt_danger_make_memory_entry(NULL, e));

	e = ENTRY(.reservation = true);
	REFUSED(mt_danger_make_memory_entry(NULL, e));
	REFUSED(mt_danger_make_memory_entry(on("13", "arm64"), e));
	REFUSED(mt_danger_make_memory_entry(on("15.5", "arm64"), e));
	SAFE(mt_danger_make_memory_entry(on("12.6", "arm64"), e));
	SAFE(mt_danger_make_memory_entry(on("26.0", "arm64"), e));
	e = ENTRY(.reservation = true, .permission = VM_PROT_READ);
	SAFE(mt_danger_make_memory_entry(NULL, e));
	e = ENTRY(.reservation = true, .permission = MAP_MEM_VM_SHARE);
	SAFE(mt_danger_make_memory_entry(NULL, e));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(memory_that_moves);
ATF_TC_BODY(memory_that_moves, tc)
{
	struct mt_danger_move m = { .source = PAGE,
		.destination = PAGE - 0x10000,
		.flags = VM_FLAGS_OVERWRITE };

	SAFE(mt_danger_reallocate(NULL, &m));
	m.hole = true;
	REFUSED(mt_danger_reallocate(NULL, &m));
	REFUSED(mt_danger_reallocate(on("26.5", "arm64"), &m));
	SAFE(mt_danger_reallocate(on("26.3", "arm64"), &m));
	m.flags |= VM_FLAGS_ANYWHERE;
	SAFE(mt_danger_reallocate(NULL, &m));
	m.flags = VM_FLAGS_FIXED;
	SAFE(mt_danger_reallocate(NULL, &m));
	m.flags = VM_FLAGS_OVERWRITE;
	m.destination = PAGE + 0x10000;
	SAFE(mt_danger_reallocate(NULL, &m));

	m = (struct mt_danger_move){ .source = PAGE, .limited = true };
	REFUSED(mt_danger_reallocate(NULL, &m));
	SAFE(mt_danger_reallocate(on("15.5", "arm64"), &m));
	m = (struct mt_danger_move){ .source = PAGE, .superpage = true };
	REFUSED(mt_danger_reallocate(NULL, &m));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, msync_of_a_range_that_wraps);
	ATF_TP_ADD_TC(tp, queries_and_remapping_of_a_range_that_wraps);
	ATF_TP_ADD_TC(tp, wiring_of_the_comm_page);
	ATF_TP_ADD_TC(tp, inheritance_of_superpages_and_writes_into_submaps);
	ATF_TP_ADD_TC(tp, sources_that_end_at_the_largest_address);
	ATF_TP_ADD_TC(tp, memory_entries);
	ATF_TP_ADD_TC(tp, memory_that_moves);
	return atf_no_error();
}
