/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <time.h>

#include "system.h"

ATF_TC_WITHOUT_HEAD(until_includes_what_is_below_it);
ATF_TC_BODY(until_includes_what_is_below_it, tc)
{
	ATF_CHECK(mt_release_until("10.13.6", "10.13"));
	ATF_CHECK(mt_release_until("10.13", "10.13.6"));
	ATF_CHECK(mt_release_until("10.9", "10.13"));
	ATF_CHECK(mt_release_until("14.5", "14"));
	ATF_CHECK(mt_release_until("10.15", "11"));
	ATF_CHECK(mt_release_until("9", "14"));
	ATF_CHECK(!mt_release_until("15", "14"));
	ATF_CHECK(!mt_release_until("14.5", "14.4"));
	ATF_CHECK(mt_release_until("14", "14.4"));
	ATF_CHECK(!mt_release_until("10.14", "10.13"));
	ATF_CHECK(!mt_release_until("26", "15.5"));
	ATF_CHECK(!mt_release_until("10.13.6", "10.13.5"));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(since_is_the_other_side);
ATF_TC_BODY(since_is_the_other_side, tc)
{
	ATF_CHECK(mt_release_since("14.5", "14"));
	ATF_CHECK(mt_release_since("14", "14"));
	ATF_CHECK(mt_release_since("10.14", "10.13.6"));
	ATF_CHECK(mt_release_since("11", "10.15"));
	ATF_CHECK(mt_release_since("26", "15.5"));
	ATF_CHECK(!mt_release_since("14", "14.4"));
	ATF_CHECK(!mt_release_since("10.15", "11"));
	ATF_CHECK(!mt_release_since("10.9", "10.13"));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(untils_are_ordered);
ATF_TC_BODY(untils_are_ordered, tc)
{
	ATF_CHECK(mt_until_compare("14", "14") == 0);
	ATF_CHECK(mt_until_compare("13", "14") < 0);
	ATF_CHECK(mt_until_compare("14", "13") > 0);
	/* 14 includes 14.5 */
	ATF_CHECK(mt_until_compare("14.4", "14") < 0);
	ATF_CHECK(mt_until_compare("14", "14.4") > 0);
	ATF_CHECK(mt_until_compare("10.15", "11") < 0);
	ATF_CHECK(mt_until_compare("10.9", "10.13") < 0);
	ATF_CHECK(mt_until_compare("10.13.6", "10.13") < 0);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(nonsense_is_not_endless);
ATF_TC_BODY(nonsense_is_not_endless, tc)
{
	ATF_CHECK(!mt_release_until("99999999999999999999", "14"));
	ATF_CHECK(mt_release_until("", "14"));
	ATF_CHECK(mt_release_until("x", "14"));
	ATF_CHECK(mt_release_until("14", ""));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(old_messages_kill_since_13);
ATF_TC_BODY(old_messages_kill_since_13, tc)
{
	struct mt_system s = { .release = "12.7.6", .sdk = 0x0f0500 };

	ATF_CHECK_EQ(MT_OLD_LIVE, mt_old_messages(&s));
	ATF_CHECK(!mt_has_message2(&s));
	s.release = "13.0";
	ATF_CHECK_EQ(MT_OLD_KILL, mt_old_messages(&s));
	ATF_CHECK(mt_has_message2(&s));
	s.sdk = 0; /* the Mach-O does not say */
	ATF_CHECK_EQ(MT_OLD_KILL, mt_old_messages(&s));
	s.sdk = 0x0d0000;
	ATF_CHECK_EQ(MT_OLD_KILL, mt_old_messages(&s));
	s.sdk = 0x0c0300;
	ATF_CHECK_EQ(MT_OLD_READS, mt_old_messages(&s));
	s.sdk = 0x0a0d00;
	ATF_CHECK_EQ(MT_OLD_READS, mt_old_messages(&s));
	s.translated = true;
	s.sdk = 0x0f0500;
	ATF_CHECK_EQ(MT_OLD_LIVE, mt_old_messages(&s));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(now_goes_on_in_milliseconds);
ATF_TC_BODY(now_goes_on_in_milliseconds, tc)
{
	const struct timespec some = { .tv_nsec = 50000000 };
	uint64_t before = mt_now(), passed;

	nanosleep(&some, NULL);
	passed = mt_now() - before;
	ATF_CHECK_MSG(passed >= 49 && passed < 20000, "%d ms", (int)passed);
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, old_messages_kill_since_13);
	ATF_TP_ADD_TC(tp, until_includes_what_is_below_it);
	ATF_TP_ADD_TC(tp, since_is_the_other_side);
	ATF_TP_ADD_TC(tp, untils_are_ordered);
	ATF_TP_ADD_TC(tp, nonsense_is_not_endless);
	ATF_TP_ADD_TC(tp, now_goes_on_in_milliseconds);
	return atf_no_error();
}
