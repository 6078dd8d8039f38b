/*
 * Replaying, recording and shrinking on a kernel that errs on demand.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "false_system.h"
#include "jobs.h"
#include "record.h"
#include "shrink.h"

static kern_return_t (
    *allocate)(mach_port_name_t, mach_vm_address_t *, mach_vm_size_t, int);
static bool errs, dies;

/* The page below has tag 6. */
static bool
below_has_tag_6(mach_vm_address_t address)
{
	mach_vm_address_t at = address - 0x4000;
	mach_vm_size_t size;
	natural_t depth = 0;
	vm_region_submap_info_data_64_t info;
	mach_msg_type_number_t count = VM_REGION_SUBMAP_INFO_V2_COUNT_64;

	return stage->region_recurse(mach_task_self(), &at, &size, &depth,
		   (vm_region_recurse_info_t)&info, &count) == KERN_SUCCESS &&
	    at < address && info.user_tag == 6;
}

/* Errs: forgets to allocate directly above memory with tag 6. */
static kern_return_t
forgetful(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t size, int flags)
{
	if (errs && below_has_tag_6(*address))
		return KERN_SUCCESS;
	if (dies && below_has_tag_6(*address))
		raise(SIGKILL);
	return allocate(task, address, size, flags);
}

static bool
choose(const struct header *h, struct play_options *play, const char **problem)
{
	(void)h, (void)play, (void)problem;
	return true;
}

static const struct shrink_options options = {
	.play = { .compare = { .level = 1 } },
	.seconds = 10,
	.choose = choose,
};

static void
set_stage(void)
{
	if (allocate == NULL) {
		allocate = false_libsystem.allocate;
		false_libsystem.allocate = forgetful;
	}
	errs = dies = false;
	false_map_clear();
}

/* Sixty allocations, all but two of them pages apart from each other. */
static const char *
recording(void)
{
	FILE *f = fopen("calls", "w");
	struct trace t = { .header = { .arena = 0x400000 } };
	const char *problem = NULL;

	ATF_REQUIRE(f != NULL);
	for (int i = 0; i < 30; i++) {
		fprintf(f, "allocate @%x 4000 %x\n", 0x8000 * i,
		    i == 11 ? 0x6000000 : 0);
		if (i == 20)
			fprintf(f, "allocate @%x 4000 0\n",
			    0x8000 * 11 + 0x4000);
	}
	fclose(f);
	set_stage();
	ATF_REQUIRE(trace_open(&t, "calls", false));
	header_of_system(&t.header);
	f = fopen("recorded", "w");
	ATF_REQUIRE(record_file(f, &t, NULL, &problem));
	fclose(f);
	trace_close(&t);
	false_map_clear();
	return "recorded";
}

static int
replay(const char *path, struct tally *tally, FILE *out)
{
	struct trace t = { .name = path };
	struct sequence s = { .ops = 0 };
	struct play_options play = { .compare = { .level = 1 } };
	struct run run;
	const char *problem;
	uint64_t skip = tally->started;

	ATF_REQUIRE(trace_open(&t, path, true));
	ATF_REQUIRE(run_open(&run, &t.header, NULL, &problem));
	while (trace_next(&t, &s) == 1)
		if (skip > 0)
			skip--;
		else
			ATF_REQUIRE(play_sequence(&run, path, &s, &play, tally,
			    out, &problem));
	run_close(&run);
	sequence_free(&s);
	trace_close(&t);
	return tally->differ == 0 ? STATUS_SAME : STATUS_DIFFERS;
}

static struct tally
replayed(const char *path, int *status)
{
	static const struct jobs_options jobs = { .at_a_time = 2,
		.seconds = 10 };
	struct tally total = { .sequences = 0 };

	*status = jobs_run((const char *const[]){ path, path }, 2, &jobs,
	    replay, &total);
	return total;
}

ATF_TC_WITHOUT_HEAD(recording_replays_without_a_difference);
ATF_TC_BODY(recording_replays_without_a_difference, tc)
{
	int status;
	const char *path = recording();
	struct tally t = replayed(path, &status);

	ATF_CHECK_EQ(STATUS_SAME, status);
	ATF_CHECK_EQ(2, t.sequences);
	ATF_CHECK_EQ(62, t.calls);
	ATF_CHECK_EQ(0, t.differ);
}

ATF_TC_WITHOUT_HEAD(difference_ends_its_sequence);
ATF_TC_BODY(difference_ends_its_sequence, tc)
{
	int status;
	const char *path = recording();

	errs = true;
	struct tally t = replayed(path, &status);
	ATF_CHECK_EQ(STATUS_DIFFERS, status);
	ATF_CHECK_EQ(2, t.differ);
	ATF_CHECK_EQ(44, t.calls);
}

ATF_TC_WITHOUT_HEAD(death_is_one_difference);
ATF_TC_BODY(death_is_one_difference, tc)
{
	int status;
	const char *path = recording();

	dies = true;
	struct tally t = replayed(path, &status);
	ATF_CHECK_EQ(STATUS_DIFFERS, status);
	ATF_CHECK_EQ(2, t.differ);
	ATF_CHECK_EQ(2, t.started);
}

ATF_TC_WITHOUT_HEAD(two_calls_of_thirty_one_are_left);
ATF_TC_BODY(two_calls_of_thirty_one_are_left, tc)
{
	const char *path = recording();
	int status;

	errs = true;
	FILE *f = fopen("shrunk", "w");
	ATF_CHECK_EQ(STATUS_DIFFERS, shrink_file(f, path, &options));
	fclose(f);
	struct tally t = replayed("shrunk", &status);
	ATF_CHECK_EQ(2, t.differ); /* in each of its two runs */
	ATF_CHECK_EQ_MSG(4, t.calls, "%" PRIu64, t.calls / 2);
	errs = false;
	t = replayed("shrunk", &status);
	ATF_CHECK_EQ(STATUS_SAME, status);
}

ATF_TC_WITHOUT_HEAD(nothing_is_written_when_nothing_differs);
ATF_TC_BODY(nothing_is_written_when_nothing_differs, tc)
{
	const char *path = recording();
	FILE *f = tmpfile();

	ATF_CHECK_EQ(STATUS_SAME, shrink_file(f, path, &options));
	ATF_CHECK_EQ(0, ftell(f));
	fclose(f);
}

ATF_TC_WITHOUT_HEAD(other_page_size_is_refused);
ATF_TC_BODY(other_page_size_is_refused, tc)
{
	struct header h = { .page = 4096, .arena = 0x400000, .guard = 0x10000 };
	struct run run;
	const char *problem = NULL;

	set_stage();
	ATF_CHECK(!run_open(&run, &h, NULL, &problem));
	ATF_CHECK(problem != NULL);
	h.page = 0x4000;
	h.guard = 0x40000;
	ATF_CHECK(!run_open(&run, &h, "sideways", &problem));
	ATF_CHECK_STREQ("no such route here", problem);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, recording_replays_without_a_difference);
	ATF_TP_ADD_TC(tp, difference_ends_its_sequence);
	ATF_TP_ADD_TC(tp, death_is_one_difference);
	ATF_TP_ADD_TC(tp, two_calls_of_thirty_one_are_left);
	ATF_TP_ADD_TC(tp, nothing_is_written_when_nothing_differs);
	ATF_TP_ADD_TC(tp, other_page_size_is_refused);
	return atf_no_error();
}
