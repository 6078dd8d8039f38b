/* SPDX-License-Identifier: BSD-2-Clause */
#include <atf-c.h>
#include <stdatomic.h>
#include <string.h>

#include "system.h"
#include "threads.h"

static atomic_uint inside;

/* Waits until all are there: only threads that run at once come out. */
static void
meet(void *argument, unsigned i)
{
	bool *was_here = argument;

	atomic_fetch_add(&inside, 1);
	while (atomic_load(&inside) < 4)
		continue;
	was_here[i] = true;
}

ATF_TC_WITHOUT_HEAD(all_run_at_once);
ATF_TC_BODY(all_run_at_once, tc)
{
	bool was_here[5] = { false };

	(void)mt_system();
	ATF_REQUIRE(mt_threads(4, meet, was_here));
	for (unsigned i = 0; i < 5; i++)
		ATF_CHECK_EQ(i < 4, was_here[i]);
	(void)tc;
}

static void
fail(void *argument, unsigned i)
{
	(void)i;
	*(bool *)argument = true;
}

ATF_TC_WITHOUT_HEAD(too_many_are_none);
ATF_TC_BODY(too_many_are_none, tc)
{
	bool ran = false;

	ATF_CHECK(!mt_threads(MT_THREADS + 1, fail, &ran));
	ATF_CHECK(!ran);
	(void)tc;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, all_run_at_once);
	ATF_TP_ADD_TC(tp, too_many_are_none);
	return atf_no_error();
}
