/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <string.h>

#include "header.h"

/* The header that Apple's linker wrote: words of it. */
struct file {
	uint32_t word[32];
};
static const struct file modern = { { 0xfeedfacf, 0x0100000c, 0, 2, 2, 16 + 32,
    0, 0,
    /* LC_UUID-like: another command first */ 0x1b, 16, 0, 0,
    /* LC_BUILD_VERSION, macOS, 11.0, SDK 15.5, one tool */ 0x32, 32, 1,
    0x000b0000, 0x000f0500, 1, 3, 0x03ff0000 } };

ATF_TC_WITHOUT_HEAD(build_version_has_the_sdk);
ATF_TC_BODY(build_version_has_the_sdk, tc)
{
	struct file f = modern;

	ATF_CHECK_EQ(0x000f0500, mt_header_sdk(&f, sizeof(f)));
	f.word[14] = 2; /* iOS */
	ATF_CHECK_EQ(0, mt_header_sdk(&f, sizeof(f)));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(version_min_has_the_sdk);
ATF_TC_BODY(version_min_has_the_sdk, tc)
{
	/* LC_VERSION_MIN_MACOSX, 10.11, SDK 10.13 */
	const struct file f = { { 0xfeedfacf, 0x01000007, 3, 2, 1, 16, 0, 0,
	    0x24, 16, 0x000a0b00, 0x000a0d00 } };

	ATF_CHECK_EQ(0x000a0d00, mt_header_sdk(&f, sizeof(f)));
	(void)tc;
}

ATF_TC_WITHOUT_HEAD(missing_version_is_zero);
ATF_TC_BODY(missing_version_is_zero, tc)
{
	struct file f = modern;

	f.word[5] = 16; /* the commands end before it */
	ATF_CHECK_EQ(0, mt_header_sdk(&f, sizeof(f)));
	f = modern;
	f.word[0] = 0xfeedface; /* 32 bits */
	ATF_CHECK_EQ(0, mt_header_sdk(&f, sizeof(f)));
	f = modern;
	f.word[9] = 0; /* a load command of size 0 ends the list */
	ATF_CHECK_EQ(0, mt_header_sdk(&f, sizeof(f)));
	f = modern;
	ATF_CHECK_EQ(0, mt_header_sdk(&f, 48 + 8)); /* the file is cut */
	ATF_CHECK_EQ(0, mt_header_sdk(&f, 31));
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, build_version_has_the_sdk);
	ATF_TP_ADD_TC(tp, version_min_has_the_sdk);
	ATF_TP_ADD_TC(tp, missing_version_is_zero);
	return atf_no_error();
}
