/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <string.h>

#include "sweep_text.h"

static const char text[] = "sweep other\nstage a\naxis x 1\nanswers\n1: NO\n"
			   "\n"
			   "sweep one\n"
			   "stage .a.b\n"
			   "axis address 0 a+1 b-page hole\n"
			   "axis size page -address+2*page -1 0x10\n"
			   "axis flags none FIXED+OVERWRITE\n"
			   "answers\n"
			   "0\n"
			   " page 0x10 / *: ZERO\n"
			   " -address+2*page..-1\n"
			   "  none: NONE\n"
			   "  FIXED+OVERWRITE: [until 14] OLD; NEW\n"
			   "a+1..hole: [arm64 until 12] ARM OLD; [arm64] ARM;"
			   " [rosetta] TRANSLATED; [until 10.13] OLDEST; -\n";

static struct mt_sweep_text s;
static struct mt_piece pieces[MT_SWEEP_ANSWERS];
static uint16_t answer[64];

/* The answer of a trial on the flavour. */
static const char *
of(const char *release, const char *arch, uint32_t trial)
{
	static char buffer[64];
	struct mt_text t = MT_TEXT(buffer);
	const struct mt_sweep_flavour f = { release, arch };
	unsigned n;
	const char *problem = mt_sweep_answers(&s, &f, pieces, &n, answer);

	ATF_REQUIRE_MSG(problem == NULL, "%s", problem);
	mt_put_piece(&t, pieces[answer[trial]]);
	return buffer;
}

ATF_TC_WITHOUT_HEAD(values);
ATF_TC_BODY(values, tc)
{
	uint64_t v[MT_SWEEP_AXES];
	char buffer[100];
	struct mt_text t = MT_TEXT(buffer);

	ATF_REQUIRE(mt_sweep_read(&s, text, "one") == NULL);
	ATF_CHECK_EQ(3, s.axes);
	ATF_CHECK_EQ(4 * 4 * 2, s.trials);
	mt_sweep_values(&s, 0, 0x5000, 0x1000, v);
	ATF_CHECK(v[0] == 0 && v[1] == 0x1000 && v[2] == 0);
	mt_sweep_values(&s, 8 + 2 + 1, 0x5000, 0x1000, v);
	ATF_CHECK_EQ(0x6001, v[0]);
	ATF_CHECK_EQ(0x2000 - UINT64_C(0x6001), v[1]);
	ATF_CHECK_EQ(VM_FLAGS_OVERWRITE, v[2]);
	mt_sweep_values(&s, 31, 0x4000, 0x4000, v);
	ATF_CHECK_EQ(0xc000, v[0]); /* hole: the first behind page 0 */
	ATF_CHECK_EQ(0x10, v[1]);
	mt_put_trial(&t, &s, 16 + 4);
	ATF_CHECK_STREQ("address=b-page size=-1 flags=none", buffer);
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(answers);
ATF_TC_BODY(answers, tc)
{
	ATF_REQUIRE(mt_sweep_read(&s, text, "one") == NULL);
	ATF_CHECK_STREQ("ZERO", of("15.5", "x86_64", 0));
	ATF_CHECK_STREQ("NONE", of("15.5", "x86_64", 2));
	ATF_CHECK_STREQ("NEW", of("15.0", "x86_64", 3));
	ATF_CHECK_STREQ("OLD", of("14.6", "x86_64", 3));
	ATF_CHECK_STREQ("ZERO", of("14.6", "x86_64", 7));
	ATF_CHECK_STREQ("-", of("11.5", "x86_64", 8));
	ATF_CHECK_STREQ("OLDEST", of("10.13.6", "x86_64", 31));
	ATF_CHECK_STREQ("ARM OLD", of("12.6", "arm64", 8));
	ATF_CHECK_STREQ("ARM", of("13.0", "arm64", 8));
	ATF_CHECK_STREQ("TRANSLATED", of("12.6", "rosetta", 8));
	(void)tc;
}

/* Reads and answers a text; what is wrong with it. */
static const char *
problem_of(const char *bad)
{
	const struct mt_sweep_flavour f = { "15.5", "arm64" };
	const char *problem = mt_sweep_read(&s, bad, "x");
	unsigned n;

	if (problem != NULL)
		return problem;
	problem = mt_sweep_answers(&s, &f, pieces, &n, answer);
	return problem != NULL ? problem : "nothing";
}

ATF_TC_WITHOUT_HEAD(mistakes);
ATF_TC_BODY(mistakes, tc)
{
#define HEAD "sweep x\nstage a\naxis y 1 2\nanswers\n"
	ATF_CHECK_STREQ("nothing", problem_of(HEAD "*: A"));
	ATF_CHECK_STREQ("there is no sweep of that name",
	    problem_of("sweep y"));
	ATF_CHECK_STREQ("a trial has no answer", problem_of(HEAD "1: A\n"));
	ATF_CHECK_STREQ("an answer names a value that its axis has not",
	    problem_of(HEAD "1 3: A\n"));
	ATF_CHECK_STREQ("an answer names a value that its axis has not",
	    problem_of(HEAD "2..1: A\n"));
	ATF_CHECK_STREQ("an answer stands deeper than there are axes",
	    problem_of(HEAD "1 / 2: A\n"));
	ATF_CHECK_STREQ("no alternative of an answer applies",
	    problem_of(HEAD "*: [x86_64] A\n"));
	ATF_CHECK_STREQ("a value of an axis has no meaning",
	    problem_of("sweep x\nstage a\naxis y 1 q\n"));
	ATF_CHECK_STREQ("a line is neither stage, axis nor answers",
	    problem_of("sweep x\nstage a\nfoo\n"));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, values);
	ATF_TP_ADD_TC(tp, answers);
	ATF_TP_ADD_TC(tp, mistakes);
	return atf_no_error();
}
