/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <string.h>

#include "text.h"

ATF_TC_WITHOUT_HEAD(numbers);
ATF_TC_BODY(numbers, tc)
{
	char buffer[200];
	struct mt_text t = MT_TEXT(buffer);

	mt_put_decimal(&t, 0);
	mt_put_char(&t, ' ');
	mt_put_decimal(&t, -7);
	mt_put_char(&t, ' ');
	mt_put_decimal(&t, INT64_MIN);
	mt_put_char(&t, ' ');
	mt_put_unsigned(&t, UINT64_MAX);
	mt_put_char(&t, ' ');
	mt_put_hex(&t, 0);
	mt_put_char(&t, ' ');
	mt_put_hex(&t, UINT64_MAX);
	ATF_CHECK_STREQ("0 -7 -9223372036854775808 18446744073709551615 0x0 "
			"0xffffffffffffffff",
	    buffer);
	ATF_CHECK_EQ(strlen(buffer), t.length);
	ATF_CHECK(!t.truncated);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(full_buffer);
ATF_TC_BODY(full_buffer, tc)
{
	char buffer[10] = "untouched";
	struct mt_text t = mt_text_begin(buffer, 8);

	mt_put(&t, "abcdefg");
	ATF_CHECK_STREQ("abcdefg", buffer);
	ATF_CHECK(!t.truncated);
	mt_put(&t, "hij");
	ATF_CHECK(t.truncated);
	ATF_CHECK_STREQ("abcd...", buffer);
	ATF_CHECK_EQ('d', buffer[8]); /* of "untouched": outside */
	mt_put_hex(&t, 5);
	mt_put_column(&t, 100);
	ATF_CHECK_STREQ("abcd...", buffer);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(smallest_buffer);
ATF_TC_BODY(smallest_buffer, tc)
{
	char buffer[4];
	struct mt_text t = MT_TEXT(buffer);

	ATF_CHECK_STREQ("", buffer);
	mt_put(&t, "abcd");
	ATF_CHECK_STREQ("...", buffer);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(columns);
ATF_TC_BODY(columns, tc)
{
	char buffer[80];
	struct mt_text t = MT_TEXT(buffer);

	mt_put(&t, "one\nab");
	mt_put_column(&t, 4);
	mt_put(&t, "c");
	mt_put_column(&t, 2);
	mt_put(&t, "d");
	ATF_CHECK_STREQ("one\nab  cd", buffer);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(strings);
ATF_TC_BODY(strings, tc)
{
	char buffer[80];
	struct mt_text t = MT_TEXT(buffer);

	mt_put_bytes(&t, "a\tb", 3);
	ATF_CHECK_STREQ("a\tb", buffer);
	ATF_CHECK_EQ(0, mt_length(""));
	ATF_CHECK_EQ(3, mt_length("abc"));
	ATF_CHECK(mt_equal("", ""));
	ATF_CHECK(mt_equal("abc", "abc"));
	ATF_CHECK(!mt_equal("abc", "ab"));
	ATF_CHECK(!mt_equal("ab", "abc"));
	ATF_CHECK(!mt_equal("abc", "abd"));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, numbers);
	ATF_TP_ADD_TC(tp, full_buffer);
	ATF_TP_ADD_TC(tp, smallest_buffer);
	ATF_TP_ADD_TC(tp, columns);
	ATF_TP_ADD_TC(tp, strings);
	return atf_no_error();
}
