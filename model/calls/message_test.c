/*
 * Who may still send by trap 31, in a program that says it is old.  One
 * program is one model, so each case runs as its own process.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>

#include "system.h"
#include "mig.h"

static void
choose(const char *release, const char *arch, const char *sdk)
{
	const char *problem;

	if (!mt_system_choose(release, arch, &problem))
		atf_tc_skip("%s", problem);
	ATF_REQUIRE(sdk == NULL || mt_system_choose_sdk(sdk));
	if (mt_system()->no_traps != NULL)
		atf_tc_skip("%s", mt_system()->no_traps);
}

static int
signal_of(mach_msg_id_t id)
{
	struct mt_message m = { .header = { .msgh_id = id,
				    .msgh_size = sizeof(m.header) } };
	int child = mt_fork(), status;

	ATF_REQUIRE(child != -1);
	if (child == 0) {
		(void)mt_mig_trap(&m, sizeof(m.header));
		mt_exit(0);
	}
	status = mt_wait(child, 10);
	return status & 0x7f;
}

ATF_TC_WITHOUT_HEAD(new_program_is_killed);
ATF_TC_BODY(new_program_is_killed, tc)
{
	choose("15.5", "arm64", NULL);
	ATF_CHECK_EQ(0x0f0500, mt_system()->sdk);
	ATF_CHECK_EQ(9, signal_of(4800));
	ATF_CHECK_EQ(9, signal_of(4804));
	ATF_CHECK_EQ(9, signal_of(1));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(old_program_has_five_messages);
ATF_TC_BODY(old_program_has_five_messages, tc)
{
	static const mach_msg_id_t alive[] = { 0xd4a, 0xd4d, 0xe13, 0x12c4,
		0x12c8 };

	choose("15.5", "arm64", "12.3");
	for (unsigned i = 0; i < sizeof(alive) / sizeof(*alive); i++)
		ATF_CHECK_EQ(0, signal_of(alive[i]));
	ATF_CHECK_EQ(9, signal_of(4800));
	ATF_CHECK_EQ(9, signal_of(0xd4b));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(translated_program_lives);
ATF_TC_BODY(translated_program_lives, tc)
{
	choose("15.5", "rosetta", NULL);
	ATF_CHECK_EQ(0, signal_of(4800));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(old_kernels_kill_nobody);
ATF_TC_BODY(old_kernels_kill_nobody, tc)
{
	choose("12.6", "arm64", NULL);
	ATF_CHECK_EQ(0, signal_of(4800));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, new_program_is_killed);
	ATF_TP_ADD_TC(tp, old_program_has_five_messages);
	ATF_TP_ADD_TC(tp, translated_program_lives);
	ATF_TP_ADD_TC(tp, old_kernels_kill_nobody);
	return atf_no_error();
}
