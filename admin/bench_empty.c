/*
 * 200 cases of atf-c that do nothing: what a case costs at least.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <atf-c.h>
#include <stdio.h>

enum { CASES = 200 };

static void
body(const atf_tc_t *tc)
{
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	static char names[CASES][16];
	static atf_tc_t cases[CASES];
	atf_error_t error = atf_no_error();

	for (int i = 0; i < CASES && !atf_is_error(error); i++) {
		atf_tc_pack_t pack = { .m_ident = names[i], .m_body = body };
		char **config = atf_tp_get_config(tp);

		snprintf(names[i], sizeof(names[i]), "empty_%d", i);
		error = atf_tc_init_pack(&cases[i], &pack,
		    (const char *const *)config);
		atf_utils_free_charpp(config);
		if (!atf_is_error(error))
			error = atf_tp_add_tc(tp, &cases[i]);
	}
	return error;
}
