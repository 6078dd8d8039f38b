/*
 * Touching memory as a predicate: what each touch of each kind of memory
 * gives, and that nothing dies.  The answers are those of booted kernels
 * (catalogue D, exceptions) and of catalogue A, comm-write-faults.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>

#include <string.h>

#include "fault.h"
#include "system.h"

#define SIGBUS_DARWIN	   10
#define SIGSEGV_DARWIN	   11
#define GENERAL_PROTECTION 13 /* EXC_I386_GPFLT */

static void
check(const char *what, struct mt_fault fault, int64_t code, int signal)
{
	ATF_CHECK_EQ_MSG(code == 0 ? 0 : EXC_BAD_ACCESS, fault.exception,
	    "%s: exception %d", what, fault.exception);
	ATF_CHECK_EQ_MSG(code, fault.code, "%s: code %ld", what,
	    (long)fault.code);
	ATF_CHECK_EQ_MSG(signal, fault.signal, "%s: signal %d", what,
	    fault.signal);
}

static void
refused(const char *what, struct mt_fault fault)
{
	check(what, fault, KERN_PROTECTION_FAILURE, SIGBUS_DARWIN);
}

static void
unmapped(const char *what, struct mt_fault fault)
{
	check(what, fault, KERN_INVALID_ADDRESS, SIGSEGV_DARWIN);
}

static void
passes(const char *what, struct mt_fault fault)
{
	check(what, fault, 0, 0);
}

/* Two pages with a return instruction in each, of this protection. */
static mach_vm_address_t
pages(vm_prot_t protection)
{
#if defined(__x86_64__)
	static const uint8_t code[] = { 0xc3 };
#else
	static const uint8_t code[] = { 0xc0, 0x03, 0x5f, 0xd6 };
#endif
	const mach_vm_size_t page = mt_system()->page;
	mach_vm_address_t at = 0;

	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_allocate(mach_task_self(), &at, 2 * page,
		VM_FLAGS_ANYWHERE));
	for (unsigned i = 0; i < sizeof(code); i++) {
		passes("store", mt_write(at + i, code[i]));
		passes("store", mt_write(at + page + i, code[i]));
	}
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_protect(mach_task_self(), at, 2 * page, FALSE, protection));
	return at;
}

ATF_TC_WITHOUT_HEAD(protection_decides);
ATF_TC_BODY(protection_decides, tc)
{
	mach_vm_address_t at;

	(void)tc;
	at = pages(VM_PROT_NONE);
	refused("load", mt_read(at));
	refused("store", mt_write(at, 1));
	refused("jump", mt_execute(at));
	at = pages(VM_PROT_READ);
	passes("load", mt_read(at));
	refused("store", mt_write(at, 1));
	refused("jump", mt_execute(at));
	at = pages(VM_PROT_READ | VM_PROT_WRITE);
	passes("load", mt_read(at));
	refused("jump", mt_execute(at));
	at = pages(VM_PROT_READ | VM_PROT_EXECUTE);
	passes("load", mt_read(at));
	refused("store", mt_write(at, 1));
	passes("jump", mt_execute(at));
	passes("jump", mt_execute(at + mt_system()->page));
}

ATF_TC_WITHOUT_HEAD(load_gives_the_byte);
ATF_TC_BODY(load_gives_the_byte, tc)
{
	mach_vm_address_t at;

	(void)tc;
	at = pages(VM_PROT_READ | VM_PROT_WRITE);
	for (unsigned value = 0; value < 256; value += 51) {
		passes("store", mt_write(at + value, value));
		ATF_CHECK_EQ(value, mt_read(at + value).value);
	}
}

ATF_TC_WITHOUT_HEAD(places_that_no_map_has);
ATF_TC_BODY(places_that_no_map_has, tc)
{
	static const uint64_t places[] = { 0, 0x10, 0xfff,
		UINT64_C(0xffffff8000200000), UINT64_MAX };

	(void)tc;
	mt_system();
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		unmapped("load", mt_read(places[i]));
		unmapped("store", mt_write(places[i], 1));
	}
	unmapped("jump", mt_execute(0));
#if defined(__x86_64__)
	check("load", mt_read(UINT64_C(0x800000000000)), GENERAL_PROTECTION,
	    SIGSEGV_DARWIN);
	check("jump", mt_execute(UINT64_C(0x800000000000)), GENERAL_PROTECTION,
	    SIGSEGV_DARWIN);
#endif
}

ATF_TC_WITHOUT_HEAD(freed_memory_is_unmapped);
ATF_TC_BODY(freed_memory_is_unmapped, tc)
{
	const mach_vm_size_t page = mt_system()->page;
	mach_vm_address_t at;

	(void)tc;
	at = pages(VM_PROT_READ | VM_PROT_WRITE);
	ATF_REQUIRE_EQ(KERN_SUCCESS,
	    mach_vm_deallocate(mach_task_self(), at, page));
	unmapped("load", mt_read(at));
	unmapped("store", mt_write(at, 1));
	unmapped("jump", mt_execute(at));
	passes("load", mt_read(at + page));
}

ATF_TC_WITHOUT_HEAD(comm_page_is_read_only);
ATF_TC_BODY(comm_page_is_read_only, tc)
{
	const mach_vm_address_t at = strcmp(mt_system()->arch, "arm64") == 0 ?
	    UINT64_C(0xFFFFFC000) :
	    UINT64_C(0x7fffffe00000);

	(void)tc;
	if (mt_system()->no_comm_page != NULL)
		atf_tc_skip("%s", mt_system()->no_comm_page);
	passes("load", mt_read(at));
	ATF_CHECK_EQ('c', mt_read(at).value);
	refused("store", mt_write(at, 1));
	refused("jump", mt_execute(at));
	ATF_CHECK_EQ('c', mt_read(at).value);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, protection_decides);
	ATF_TP_ADD_TC(tp, load_gives_the_byte);
	ATF_TP_ADD_TC(tp, places_that_no_map_has);
	ATF_TP_ADD_TC(tp, freed_memory_is_unmapped);
	ATF_TP_ADD_TC(tp, comm_page_is_read_only);
	return atf_no_error();
}
