/*
 * Cases of atf-c that do nothing: what a case costs at least.  Their number is
 * behind the last _ of the program's name.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <atf-c.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 1000 }; /* at most */

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
	const char *number = strrchr(program_invocation_short_name, '_');
	const int count = number != NULL ? atoi(number + 1) : 0;

	for (int i = 0; i < count && i < CASES && !atf_is_error(error); i++) {
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
