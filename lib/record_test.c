/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <string.h>

#include "check_backend.h"
#include "false_system.h"
#include "record.h"

static char written[16384];
static unsigned writes;
static enum mt_stream where;

void
mt_backend_write(enum mt_stream stream, const char *text, size_t length)
{
	ATF_REQUIRE(length < sizeof(written));
	memcpy(written, text, length);
	written[length] = '\0';
	writes++;
	where = stream;
}

const char *
mt_backend_variable(const char *name)
{
	return strcmp(name, "commit") == 0 ? "0123abc" : NULL;
}

ATF_TC_WITHOUT_HEAD(judged_answer_is_one_line);
ATF_TC_BODY(judged_answer_is_one_line, tc)
{
	false_system.build = "24F74";
	mt_record(&(struct mt_record){ "an-id", "allocate", "a_case", "trap",
	    "f(1, 2)", "KERN_SUCCESS (0)", "pass" });
	ATF_CHECK_STREQ("mt\tan-id\tallocate.a_case\ttrap\tmodel\t15.5\t24F74"
			"\tarm64\t16384\tf(1, 2)\tKERN_SUCCESS (0)\tpass\n",
	    written);
	ATF_CHECK_EQ(1, writes);
	ATF_CHECK_EQ(MT_RECORDS, where);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(separators_in_fields_are_escaped);
ATF_TC_BODY(separators_in_fields_are_escaped, tc)
{
	mt_record(&(struct mt_record){ "i", "r", "n", "t",
	    "a\tb\nc\rd\\e\x01\x7f\xc3\xa4", "", "fail" });
	ATF_CHECK_STREQ("mt\ti\tr.n\tt\tmodel\t15.5\t\tarm64\t16384\t"
			"a\\tb\\nc\\rd\\\\e\\x01\\x7f\xc3\xa4\t\tfail\n",
	    written);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(long_line_is_still_a_line);
ATF_TC_BODY(long_line_is_still_a_line, tc)
{
	static char call[20000];

	memset(call, 'x', sizeof(call) - 1);
	mt_record(&(struct mt_record){ "i", "r", "n", "t", call, "a", "fail" });
	ATF_CHECK(strlen(written) > 4000);
	ATF_CHECK_STREQ("xx...\n", written + strlen(written) - 6);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(fingerprint_is_written_once);
ATF_TC_BODY(fingerprint_is_written_once, tc)
{
	false_system.kernel = "Darwin Kernel\tVersion";
	false_system.translated = true;
	mt_record_system();
	mt_record_system();
	ATF_CHECK_EQ(1, writes);
	ATF_CHECK(
	    strncmp(written,
		"mt-system\t1\tsystem=model\t"
		"release=15.5\tbuild=\tkernel=Darwin Kernel\\tVersion\t"
		"arch=arm64\tmachine=x86_64\ttranslated=yes\textrapolated=no\t",
		120) == 0);
	ATF_CHECK(strstr(written,
		      "\tpage=16384\tkernel_page=16384\t"
		      "minimum=0x4000\tmaximum=0x7fffffe00000\t") != NULL);
	ATF_CHECK(strstr(written, "\tcommit=0123abc\n") != NULL);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(brief_records_leave_their_origin_out);
ATF_TC_BODY(brief_records_leave_their_origin_out, tc)
{
	mt_record_briefly();
	mt_record_system();
	ATF_CHECK_EQ(0, writes);
	mt_record(&(struct mt_record){ "an-id", "allocate", "a_case", "trap",
	    "f(1, 2)", "KERN_SUCCESS (0)", "pass" });
	ATF_CHECK_STREQ("mt\tf(1, 2)\tKERN_SUCCESS (0)\tpass\n", written);
	ATF_CHECK_EQ(1, writes);
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, judged_answer_is_one_line);
	ATF_TP_ADD_TC(tp, separators_in_fields_are_escaped);
	ATF_TP_ADD_TC(tp, long_line_is_still_a_line);
	ATF_TP_ADD_TC(tp, fingerprint_is_written_once);
	ATF_TP_ADD_TC(tp, brief_records_leave_their_origin_out);
	return atf_no_error();
}
