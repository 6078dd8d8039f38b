/*
 * The judgement alone: which answer applies, what a case needs, where its
 * stage stands.  How judgements end a case: check_atf_test.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_backend.h"
#include "check_state.h"
#include "false_system.h"

static unsigned failures;
static char told[20000], records[20000];
static const char *disposable;
static bool stops; /* a case that ends there comes back to stopped */
static jmp_buf stopped;

void
mt_backend_write(enum mt_stream stream, const char *text, size_t length)
{
	if (stream == MT_RECORDS)
		snprintf(records, sizeof(records), "%.*s", (int)length, text);
}

void
mt_backend_fail(const char *file, int line, const char *summary,
    const char *detail)
{
	failures++;
	snprintf(told, sizeof(told), "%s:%d: %s\n%s", file, line, summary,
	    detail);
}

void
mt_backend_stop(const char *file, int line, const char *summary,
    const char *detail)
{
	mt_backend_fail(file, line, summary, detail);
	if (stops)
		longjmp(stopped, 1);
	atf_tc_fail("a stage was not set: %s", told);
}

void
mt_backend_skip(const char *reason)
{
	atf_tc_fail("skipped: %s", reason);
}

void
mt_backend_expect_fail(const char *reason)
{
	atf_tc_fail("expects failure: %s", reason);
}

const char *
mt_backend_variable(const char *name)
{
	return strcmp(name, "disposable") == 0 ? disposable : NULL;
}

static struct mt_case a_case = {
	.routine = "allocate",
	.name = "a_case",
	.id = "an-id",
	.source = "a source",
	.sentence = "A sentence.",
	.file = "x.c",
	.line = 1,
};

/* A case is under way on this release, arch and route. */
static void
be(const char *release, const char *arch, const struct mt_route *route)
{
	false_system.release = release;
	false_system.arch = arch;
	mt_run = (struct mt_run){ .c = &a_case, .route = route };
	failures = 0;
}

ATF_TC_WITHOUT_HEAD(until_counts_on_old_releases);
ATF_TC_BODY(until_counts_on_old_releases, tc)
{
#define HISTORY \
	MT_VALUE(1, MT_UNTIL(14, 2), MT_UNTIL(10.15, 3), MT_UNTIL(12.3, 4))
	be("15.5", "arm64", &false_libsystem);
	ATF_CHECK_EQ(1, HISTORY);
	be("26", "arm64", &false_libsystem);
	ATF_CHECK_EQ(1, HISTORY);
	be("15", "arm64", &false_libsystem);
	ATF_CHECK_EQ(1, HISTORY);
	be("14.7", "arm64", &false_libsystem);
	ATF_CHECK_EQ(2, HISTORY);
	be("14", "arm64", &false_libsystem);
	ATF_CHECK_EQ(2, HISTORY);
	be("12.4", "arm64", &false_libsystem);
	ATF_CHECK_EQ(2, HISTORY);
	be("12.3.1", "arm64", &false_libsystem);
	ATF_CHECK_EQ(4, HISTORY);
	be("11", "arm64", &false_libsystem);
	ATF_CHECK_EQ(4, HISTORY);
	be("10.15.7", "arm64", &false_libsystem);
	ATF_CHECK_EQ(3, HISTORY);
	be("10.13", "arm64", &false_libsystem);
	ATF_CHECK_EQ(3, HISTORY);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(arch_route_and_pages_count);
ATF_TC_BODY(arch_route_and_pages_count, tc)
{
#define EXCEPTIONS MT_VALUE(1, MT_ON(x86_64, 2), MT_VIA_UNTIL(trap, 16, 3))
	be("15.5", "arm64", &false_libsystem);
	ATF_CHECK_EQ(1, EXCEPTIONS);
	be("15.5", "x86_64", &false_libsystem);
	ATF_CHECK_EQ(2, EXCEPTIONS);
	be("15.5", "arm64", &false_trap);
	ATF_CHECK_EQ(3, EXCEPTIONS);

#define SIZES MT_VALUE(1, MT_PAGES("4K on 16K", 2), MT_PAGES("4K", 3))
	false_system.page = false_system.kernel_page = 0x4000;
	ATF_CHECK_EQ(1, SIZES);
	false_system.page = 0x1000;
	ATF_CHECK_EQ(2, SIZES);
	false_system.kernel_page = 0x1000;
	ATF_CHECK_EQ(3, SIZES);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(earliest_until_then_most_conditions);
ATF_TC_BODY(earliest_until_then_most_conditions, tc)
{
#define COMBINED                                                    \
	MT_VALUE(1, MT_ON(x86_64, 2), MT_UNTIL(14, 3),              \
	    MT_ON_UNTIL(x86_64, 14, 4), MT_ON_UNTIL(x86_64, 11, 5), \
	    MT_VIA_UNTIL(trap, 12, 6))
	be("15.5", "x86_64", &false_trap);
	ATF_CHECK_EQ(2, COMBINED);
	be("13", "arm64", &false_libsystem);
	ATF_CHECK_EQ(3, COMBINED);
	be("13", "x86_64", &false_libsystem);
	ATF_CHECK_EQ(4, COMBINED);
	be("11.6", "x86_64", &false_trap);
	ATF_CHECK_EQ(5, COMBINED);
	be("12.1", "x86_64", &false_trap);
	ATF_CHECK_EQ(6, COMBINED);
	be("11.6", "arm64", &false_trap);
	ATF_CHECK_EQ(6, COMBINED);
	(void)tc;
}

/* What the answers say when the case is stopped for them; "": it goes on. */
static const char *
stopped_by(const struct mt_answer *answers)
{
	told[0] = '\0';
	stops = true;
	if (setjmp(stopped) == 0)
		mt_answer(answers);
	stops = false;
	return told;
}

ATF_TC_WITHOUT_HEAD(misspelt_condition_stops_the_case);
ATF_TC_BODY(misspelt_condition_stops_the_case, tc)
{
#define SAYS(text_, ...) \
	ATF_CHECK(       \
	    strstr(stopped_by(MT_ANSWERS(1, __VA_ARGS__)), (text_)) != NULL)
	be("13", "arm64", &false_libsystem);
	SAYS("MT_UNTIL(Ventura): must be a release such as 10.15 or 14",
	    MT_UNTIL(Ventura, 2));
	SAYS("MT_ON(arm): must be arm64 or x86_64", MT_ON(arm, 2));
	SAYS("MT_VIA(traps): must be libsystem, trap, ", MT_VIA(traps, 2));
	SAYS("MT_PAGES(16k): must be \"4K\", \"16K\" or \"4K on 16K\"",
	    MT_PAGES("16k", 2));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(answers_that_tie_stop_the_case);
ATF_TC_BODY(answers_that_tie_stop_the_case, tc)
{
	be("13", "arm64", &false_libsystem);
	SAYS("the answers (on x86_64) and (pages 4K on 16K) can both apply",
	    MT_ON(x86_64, 2), MT_PAGES("4K on 16K", 3));
	SAYS("(until 14, on x86_64) and (until 14, through trap) can both",
	    MT_ON_UNTIL(x86_64, 14, 2), MT_VIA_UNTIL(trap, 14, 3));
	SAYS("the answers (until 14) and (until 14)", MT_UNTIL(14, 2),
	    MT_UNTIL(14, 2));

#define GOES_ON(...) ATF_CHECK_STREQ("", stopped_by(MT_ANSWERS(1, __VA_ARGS__)))
	GOES_ON(MT_ON(x86_64, 2), MT_ON(arm64, 3));
	GOES_ON(MT_ON(arm64, 2), MT_PAGES("4K on 16K", 3));
	GOES_ON(MT_ON(x86_64, 2), MT_PAGES("16K", 3));
	GOES_ON(MT_PAGES("4K", 2), MT_PAGES("4K on 16K", 3));
	GOES_ON(MT_VIA(trap, 2), MT_VIA(mig, 3));
	GOES_ON(MT_UNTIL(14, 2), MT_ON_UNTIL(x86_64, 14, 3), MT_UNTIL(13, 4));
	GOES_ON(MT_ON(x86_64, 2), MT_ON_PAGES(x86_64, "4K on 16K", 3));
	(void)tc;
}

static unsigned msync_calls;

static kern_return_t
count_msync(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_sync_t flags)
{
	msync_calls++;
	(void)task, (void)address, (void)size, (void)flags;
	return KERN_SUCCESS;
}

ATF_TC_WITHOUT_HEAD(dangerous_call_is_not_made);
ATF_TC_BODY(dangerous_call_is_not_made, tc)
{
	struct mt_route route = false_libsystem;
	const struct mt_route *vm;

	route.msync = count_msync;
	be("12.6", "arm64", &route);
	vm = mt_guard(&route);
	ATF_CHECK_EQ(KERN_SUCCESS,
	    vm->msync(1, 0x140000000, 0x4000, VM_SYNC_KILLPAGES));
	ATF_CHECK_EQ(1, msync_calls);

	told[0] = '\0';
	stops = true;
	if (setjmp(stopped) == 0)
		vm->msync(1, 0x140000000, UINT64_MAX - 0x10000,
		    VM_SYNC_KILLPAGES);
	stops = false;
	ATF_CHECK_EQ(1, msync_calls);
	ATF_CHECK(strstr(told,
		      "a danger to the machine, not called: "
		      "mach_vm_msync()") != NULL);

	false_system.release = "13.0";
	ATF_CHECK_EQ(KERN_SUCCESS,
	    vm->msync(1, 0x140000000, UINT64_MAX - 0x10000, VM_SYNC_KILLPAGES));
	ATF_CHECK_EQ(2, msync_calls);
	(void)tc;
}

static int moves;

static kern_return_t
count_moves(mach_port_name_t task, mach_vm_address_t source,
    mach_vm_size_t source_size, mach_vm_address_t *destination,
    mach_vm_size_t size, mach_vm_offset_t mask, int options, int flags)
{
	moves++;
	(void)task, (void)source, (void)source_size, (void)destination;
	(void)size, (void)mask, (void)options, (void)flags;
	return KERN_SUCCESS;
}

ATF_TC_WITHOUT_HEAD(nothing_moves_under_a_limit);
ATF_TC_BODY(nothing_moves_under_a_limit, tc)
{
	struct mt_route route = false_libsystem;
	mach_vm_address_t there = 0;
	const struct mt_route *vm;

	route.reallocate = count_moves;
	be("26.4", "arm64", &route);
	vm = mt_guard(&route);
	vm->reallocate(1, 0x140000000, 0x4000, &there, 0x8000, 0, 0,
	    VM_FLAGS_ANYWHERE);
	ATF_CHECK_EQ(1, moves);

	mt_note_limit();
	told[0] = '\0';
	stops = true;
	if (setjmp(stopped) == 0)
		vm->reallocate(1, 0x140000000, 0x4000, &there, 0x8000, 0, 0,
		    VM_FLAGS_ANYWHERE);
	stops = false;
	ATF_CHECK_EQ(1, moves);
	ATF_CHECK(strstr(told, "mach_vm_reallocate() under RLIMIT_AS") != NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(pictures_are_answers);
ATF_TC_BODY(pictures_are_answers, tc)
{
	be("15.5", "arm64", &false_libsystem);
	ATF_CHECK_STREQ("ab", MT_PICTURE("ab", MT_UNTIL(13, "aa")));
	be("13.1", "arm64", &false_libsystem);
	ATF_CHECK_STREQ("aa", MT_PICTURE("ab", MT_UNTIL(13, "aa")));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(only_the_required_answer_passes);
ATF_TC_BODY(only_the_required_answer_passes, tc)
{
	be("13", "arm64", &false_libsystem);
	ATF_CHECK(
	    MT_CHECK(KERN_FAILURE, KERN_SUCCESS, MT_UNTIL(13, KERN_FAILURE)));
	ATF_CHECK_EQ(0, failures);
	ATF_CHECK(
	    !MT_CHECK(KERN_SUCCESS, KERN_SUCCESS, MT_UNTIL(13, KERN_FAILURE)));
	ATF_CHECK_EQ(1, failures);
	ATF_CHECK(strstr(told, "lib/check_test.c:") == told);
	ATF_CHECK(strstr(told,
		      "KERN_SUCCESS: KERN_SUCCESS (0), must be "
		      "KERN_FAILURE (5) (until 13)\n") != NULL);
	ATF_CHECK(strstr(told, "an-id: A sentence.") != NULL);
	ATF_CHECK(strstr(told, "a source") != NULL);

	be("15", "arm64", &false_libsystem);
	ATF_CHECK(
	    !MT_CHECK(KERN_FAILURE, KERN_SUCCESS, MT_UNTIL(13, KERN_FAILURE)));
	false_system.extrapolated = true;
	ATF_CHECK(!MT_CHECK(KERN_FAILURE, KERN_SUCCESS));
	ATF_CHECK(strstr(told, "(as in the newest known release)") != NULL);
	ATF_CHECK_EQ(2, failures);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(answers_are_compared_whole);
ATF_TC_BODY(answers_are_compared_whole, tc)
{
	be("15", "arm64", &false_libsystem);
	ATF_CHECK(!MT_CHECK_NUMBER(UINT64_C(0x100000000), 0));
	ATF_CHECK(!MT_CHECK_ADDRESS(UINT64_MAX, 0));
	ATF_CHECK(MT_CHECK_ADDRESS(UINT64_MAX, UINT64_MAX));
	ATF_CHECK(MT_CHECK_NUMBER(INT64_MIN, INT64_MIN));
	ATF_CHECK(!MT_CHECK_PROTECTION(VM_PROT_READ, VM_PROT_WRITE));
	ATF_CHECK(strstr(told, "r--, must be -w-") != NULL);
	ATF_CHECK(MT_CHECK(MIG_BAD_ID, -303));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(addresses_are_recorded_relative);
ATF_TC_BODY(addresses_are_recorded_relative, tc)
{
	be("15", "arm64", &false_libsystem);
	MT_CHECK_ADDRESS(0x5000, 0x5000);
	ATF_CHECK(strstr(records, "\trequired\tpass\n") != NULL);
	MT_CHECK_ADDRESS(0x6000, 0x5000);
	ATF_CHECK(strstr(records, "\trequired+0x1000\tfail\n") != NULL);
	MT_CHECK_ADDRESS(0x4000, 0x5000);
	ATF_CHECK(strstr(records, "\trequired-0x1000\tfail\n") != NULL);
	ATF_CHECK(strstr(told, "0x4000, must be 0x5000") != NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(errno_is_filled_by_the_call);
ATF_TC_BODY(errno_is_filled_by_the_call, tc)
{
	int error = 99;

	be("15", "arm64", &false_libsystem);
	ATF_CHECK(MT_CHECK_ERRNO(0, error, 0));
	ATF_CHECK(MT_CHECK_ERRNO(error = 12, error, 12));
	ATF_CHECK(!MT_CHECK_ERRNO(error = 12, error, 22));
	ATF_CHECK(strstr(told, "ENOMEM (12), must be EINVAL (22)") != NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(every_given_field_is_judged);
ATF_TC_BODY(every_given_field_is_judged, tc)
{
	mach_vm_address_t page;

	be("15", "arm64", &false_libsystem);
	page = mt_pages(1);
	ATF_CHECK(MT_CHECK_REGION(page, .address = page, .size = mt_page,
	    .protection = VM_PROT_DEFAULT, .max_protection = VM_PROT_ALL,
	    .inheritance = VM_INHERIT_COPY, .user_tag = MT_TAG,
	    .share_mode = SM_EMPTY, .behavior = VM_BEHAVIOR_DEFAULT,
	    .user_wired_count = 0, .is_submap = 0, .offset = 0, .ref_count = 0,
	    .pages_resident = 0, .pages_dirtied = 0, .shadow_depth = 0,
	    .external_pager = 0, .object_id = 0));
#define WRONG(field_, value_)                                        \
	do {                                                         \
		ATF_CHECK(!MT_CHECK_REGION(page, .field_ = value_)); \
		ATF_CHECK_MSG(strstr(told, #field_ " is ") != NULL,  \
		    "%s is not told: %s", #field_, told);            \
	} while (0)
	WRONG(address, page + 1);
	WRONG(size, 0);
	WRONG(protection, VM_PROT_NONE);
	WRONG(max_protection, VM_PROT_NONE);
	WRONG(inheritance, VM_INHERIT_SHARE);
	WRONG(user_tag, 0);
	WRONG(share_mode, SM_PRIVATE);
	WRONG(behavior, VM_BEHAVIOR_RANDOM);
	WRONG(user_wired_count, 1);
	WRONG(is_submap, 1);
	WRONG(offset, 1);
	WRONG(ref_count, 1);
	WRONG(pages_resident, 1);
	WRONG(pages_dirtied, 1);
	WRONG(shadow_depth, 1);
	WRONG(external_pager, 1);
	WRONG(object_id, 1);
	ATF_CHECK_EQ(17, failures);
	(void)tc;
}

/* Regions from a guard to a guard: [guard][n pages][guard]. */
static void
check_hole(mach_vm_address_t hole, unsigned n)
{
	struct mt_region r;
	char *picture = malloc(n + 1);

	ATF_REQUIRE(picture != NULL);
	mt_layout(hole, n, picture);
	for (unsigned i = 0; i < n; i++)
		ATF_REQUIRE_EQ('.', picture[i]);
	free(picture);
	for (int above = 0; above < 2; above++) {
		ATF_REQUIRE(
		    mt_region_at(above ? hole + n * mt_page : hole - 1, &r));
		ATF_CHECK_EQ(VM_PROT_NONE, r.protection);
		ATF_CHECK_EQ(VM_PROT_NONE, r.max_protection);
		ATF_CHECK_EQ(MT_GUARD_TAG, r.user_tag);
		ATF_CHECK_EQ(VM_BEHAVIOR_RANDOM, r.behavior);
	}
}

ATF_TC_WITHOUT_HEAD(holes_stand_between_guards);
ATF_TC_BODY(holes_stand_between_guards, tc)
{
	mach_vm_address_t hole;

	be("15", "arm64", &false_libsystem);
	check_hole(mt_hole(1), 1);
	check_hole(mt_hole(5), 5);
	hole = mt_hole_aligned(2, 0x2000000);
	ATF_CHECK_EQ(0, hole % 0x2000000);
	check_hole(hole, 2);
	hole = mt_hole_aligned(3, mt_page);
	check_hole(hole, 3);
	false_map_clear();
	check_hole(mt_hole(65536), 65536);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(places_leave_each_other_alone);
ATF_TC_BODY(places_leave_each_other_alone, tc)
{
	mach_vm_address_t first, second, third;

	be("15", "arm64", &false_libsystem);
	first = mt_hole(10);
	second = mt_hole(2);
	third = mt_pages(2);
	check_hole(first, 10);
	check_hole(second, 2);
	ATF_CHECK(MT_CHECK_LAYOUT(third - mt_page, ".aa."));
	check_hole(first, 10);
	ATF_CHECK(MT_CHECK_REGION(third, .user_tag = MT_TAG,
	    .protection = VM_PROT_DEFAULT));
	(void)tc;
}

/* A map that ends below where places usually begin. */
ATF_TC_WITHOUT_HEAD(small_map_has_places);
ATF_TC_BODY(small_map_has_places, tc)
{
	be("15", "arm64", &false_libsystem);
	false_system.maximum = 0x10000000;
	check_hole(mt_hole(3), 3);
	check_hole(mt_hole(3), 3);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(needs_are_met_or_told);
ATF_TC_BODY(needs_are_met_or_told, tc)
{
	struct mt_case c = a_case;

#define UNMET(reason_)                                            \
	do {                                                      \
		const char *is_ = mt_case_unmet(&c, &false_trap); \
                                                                  \
		ATF_REQUIRE(is_ != NULL);                         \
		ATF_CHECK_STREQ(reason_, is_);                    \
		c = a_case;                                       \
	} while (0)
#define MET()                                                      \
	do {                                                       \
		ATF_CHECK(mt_case_unmet(&c, &false_trap) == NULL); \
		c = a_case;                                        \
	} while (0)

	be("13.2", "arm64", &false_trap);
	MET();
	c.since = "13";
	MET();
	c.since = "13.3";
	UNMET("needs macOS 13.3, this is 13.2");
	c.routine = "reallocate"; /* routines.h: since 26.4 */
	UNMET("needs macOS 26.4, this is 13.2");
	c.routine = "reallocate";
	c.since = "13"; /* which does not make it older */
	UNMET("needs macOS 26.4, this is 13.2");
	c.routine = "remap_new";
	MET();
	c.until = "13";
	MET();
	c.until = "13.1";
	UNMET("gone after macOS 13.1, this is 13.2");
	c.arch = "arm64";
	MET();
	c.arch = "x86_64";
	UNMET("needs x86_64, this is arm64");
	c.machine = "x86_64";
	MET();
	c.machine = "arm64";
	UNMET("needs a processor of arm64, this is x86_64");
	c.needs = "privileged";
	UNMET("needs the privileged host port");
	c.needs = "native";
	MET();
	c.needs = "native translated";
	UNMET("needs a translated process");
	c.needs = "disposable";
	UNMET("needs a disposable machine: -v disposable=yes");
	disposable = "yes";
	c.needs = "disposable native traps";
	MET();
	disposable = "no";
	false_system.no_traps = "no seccomp here";
	UNMET("no seccomp here");
	ATF_CHECK(mt_case_unmet(&c, &false_libsystem) == NULL);
	c.needs = "traps";
	ATF_CHECK_STREQ("no seccomp here", mt_case_unmet(&c, &false_libsystem));
	false_system.no_traps = NULL;
	c.needs = "native jit threads";
	MET();
	c.needs = "jit";
	false_system.no_jit = "hardened";
	UNMET("hardened");
	c.needs = "threads";
	false_system.no_threads = "one";
	UNMET("one");
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(badly_written_case_is_refused);
ATF_TC_BODY(badly_written_case_is_refused, tc)
{
	struct mt_case c = a_case;

	ATF_CHECK(mt_case_problem(&c) == NULL);
	c.needs = "native disposable";
	ATF_CHECK(mt_case_problem(&c) == NULL);
#define REFUSED(field_, value_)                         \
	do {                                            \
		c = a_case;                             \
		c.field_ = value_;                      \
		ATF_CHECK(mt_case_problem(&c) != NULL); \
	} while (0)
	REFUSED(needs, "natives");
	REFUSED(needs, "native,disposable");
	REFUSED(id, "");
	REFUSED(source, "");
	REFUSED(sentence, "");
	REFUSED(since, "Ventura");
	REFUSED(since, "");
	REFUSED(until, "14.");
	REFUSED(until, ".4");
	REFUSED(arch, "amd64");
	REFUSED(machine, "arm");
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, until_counts_on_old_releases);
	ATF_TP_ADD_TC(tp, arch_route_and_pages_count);
	ATF_TP_ADD_TC(tp, earliest_until_then_most_conditions);
	ATF_TP_ADD_TC(tp, misspelt_condition_stops_the_case);
	ATF_TP_ADD_TC(tp, answers_that_tie_stop_the_case);
	ATF_TP_ADD_TC(tp, dangerous_call_is_not_made);
	ATF_TP_ADD_TC(tp, nothing_moves_under_a_limit);
	ATF_TP_ADD_TC(tp, pictures_are_answers);
	ATF_TP_ADD_TC(tp, only_the_required_answer_passes);
	ATF_TP_ADD_TC(tp, answers_are_compared_whole);
	ATF_TP_ADD_TC(tp, addresses_are_recorded_relative);
	ATF_TP_ADD_TC(tp, errno_is_filled_by_the_call);
	ATF_TP_ADD_TC(tp, every_given_field_is_judged);
	ATF_TP_ADD_TC(tp, holes_stand_between_guards);
	ATF_TP_ADD_TC(tp, places_leave_each_other_alone);
	ATF_TP_ADD_TC(tp, small_map_has_places);
	ATF_TP_ADD_TC(tp, needs_are_met_or_told);
	ATF_TP_ADD_TC(tp, badly_written_case_is_refused);
	return atf_no_error();
}
