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

ATF_TC_WITHOUT_HEAD(a_kernel_tells_its_release);
ATF_TC_BODY(a_kernel_tells_its_release, tc)
{
	static const struct {
		const char *version, *darwin, *release;
	} kernels[] = {
		/* By its tag, whatever the number. */
		{ "root:xnu-6153.41.3~29/RELEASE_X86_64", "19.0.0", "10.15.1" },
		{ "root:xnu-6153.11.26~2/RELEASE_X86_64", "19.0.0", "10.15.0" },
		{ "root:xnu-4903.221.2~2/RELEASE_X86_64", "18.2.0", "10.14.1" },
		/* No published tag: 11.6, 13.6.4. */
		{ "root:xnu-7195.141.26~1/RELEASE_X86_64", "20.6.0", "11.5" },
		{ "root:xnu-8796.141.3.704.6~1/X", "22.6.0", "13.5" },
		/* By its number: a private build. */
		{ "root:xnu7195/BUILD/obj/RELEASE_ARM64", "20.6.0", "11.5" },
		{ "", "17.0.0", "10.13.0" },
		{ "", "17.7.0", "10.13.6" },
		{ "", "18.0.0", "10.14.0" },
		{ "", "18.2.0", "10.14.3" },
		{ "", "18.6.0", "10.14.3" },
		{ "", "19.6.0", "10.15.6" },
		{ "", "21.0.1", "12.0" },
		{ "", "22.1.0", "13.0" },
		{ "", "24.5.0", "15.5" },
		{ "", "", "" },
	};

	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		ATF_CHECK_STREQ(kernels[i].release,
		    mt_release_of_kernel(kernels[i].version,
			kernels[i].darwin));
	ATF_CHECK_STREQ("10.13.0", mt_release_at(0));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(releases_are_in_order);
ATF_TC_BODY(releases_are_in_order, tc)
{
	unsigned i;

	for (i = 1; mt_release_at(i) != NULL; i++)
		ATF_CHECK_MSG(mt_release_since(mt_release_at(i),
				  mt_release_at(i - 1)) &&
			!mt_release_until(mt_release_at(i),
			    mt_release_at(i - 1)),
		    "%s after %s", mt_release_at(i), mt_release_at(i - 1));
	ATF_CHECK_STREQ(mt_release_newest(), mt_release_at(i - 1));
	ATF_CHECK_STREQ("17.7.0", mt_release_darwin("10.13.6"));
	ATF_CHECK_STREQ("20.6.0", mt_release_darwin("11.5"));
	ATF_CHECK_EQ(NULL, mt_release_darwin("9.0"));
	ATF_CHECK(mt_release_at(i + 1000) == NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(within_ends_with_the_first_without_it);
ATF_TC_BODY(within_ends_with_the_first_without_it, tc)
{
	ATF_CHECK(mt_release_within("10.13.6", "", ""));
	ATF_CHECK(!mt_release_within("12.6", "13.0", "26.0"));
	ATF_CHECK(mt_release_within("13.0", "13.0", "26.0"));
	ATF_CHECK(mt_release_within("15.6", "13.0", "26.0"));
	ATF_CHECK(!mt_release_within("26.0", "13.0", "26.0"));
	ATF_CHECK(!mt_release_within("26.1", "", "26.0"));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(old_messages_kill_by_release_and_sdk);
ATF_TC_BODY(old_messages_kill_by_release_and_sdk, tc)
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

ATF_TC_WITHOUT_HEAD(built_since_is_by_the_sdk);
ATF_TC_BODY(built_since_is_by_the_sdk, tc)
{
	struct mt_system s = { .release = "26.5", .sdk = 0x1a0400 };

	ATF_CHECK(mt_built_since(&s, 26, 4));
	ATF_CHECK(mt_built_since(&s, 15, 5));
	ATF_CHECK(!mt_built_since(&s, 26, 5));
	ATF_CHECK(!mt_built_since(&s, 27, 0));
	s.sdk = 0x1a0302;
	ATF_CHECK(!mt_built_since(&s, 26, 4));
	s.sdk = 0; /* the Mach-O does not say */
	ATF_CHECK(mt_built_since(&s, 26, 4));
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
	ATF_TP_ADD_TC(tp, a_kernel_tells_its_release);
	ATF_TP_ADD_TC(tp, old_messages_kill_by_release_and_sdk);
	ATF_TP_ADD_TC(tp, built_since_is_by_the_sdk);
	ATF_TP_ADD_TC(tp, within_ends_with_the_first_without_it);
	ATF_TP_ADD_TC(tp, releases_are_in_order);
	ATF_TP_ADD_TC(tp, until_includes_what_is_below_it);
	ATF_TP_ADD_TC(tp, since_is_the_other_side);
	ATF_TP_ADD_TC(tp, untils_are_ordered);
	ATF_TP_ADD_TC(tp, nonsense_is_not_endless);
	ATF_TP_ADD_TC(tp, now_goes_on_in_milliseconds);
	return atf_no_error();
}
