/*
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "seen.h"

#include <atf-c.h>
#include <string.h>

ATF_TC_WITHOUT_HEAD(kernels_of_a_behaviour_are_found);
ATF_TC_BODY(kernels_of_a_behaviour_are_found, tc)
{
	const char *seen = mt_seen("coal-realloc-any-tag-all");

	ATF_REQUIRE(seen != NULL);
	ATF_CHECK(strstr(seen, "booted") != NULL);
	ATF_CHECK(strstr(seen, "10.13.6") != NULL);
	ATF_CHECK(strstr(seen, "26.5") != NULL);
}

/* No kernel that was asked has maps of smaller pages than its own. */
ATF_TC_WITHOUT_HEAD(what_no_kernel_showed_is_not_found);
ATF_TC_BODY(what_no_kernel_showed_is_not_found, tc)
{
	ATF_CHECK(mt_seen("coal-subpage-realloc-refused") == NULL);
	ATF_CHECK(mt_seen("") == NULL);
	ATF_CHECK(mt_seen("zzz") == NULL);
	ATF_CHECK(mt_seen("a") == NULL);
}

/* The table is searched by halves: the first and the last are found, too. */
ATF_TC_WITHOUT_HEAD(every_line_of_the_table_is_found);
ATF_TC_BODY(every_line_of_the_table_is_found, tc)
{
	static const struct {
		const char *id, *seen;
	} lines[] = {
#include "lib/seen_table.h"
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ATF_CHECK_STREQ_MSG(mt_seen(lines[i].id), lines[i].seen, "%s",
		    lines[i].id);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, kernels_of_a_behaviour_are_found);
	ATF_TP_ADD_TC(tp, what_no_kernel_showed_is_not_found);
	ATF_TP_ADD_TC(tp, every_line_of_the_table_is_found);
	return atf_no_error();
}
