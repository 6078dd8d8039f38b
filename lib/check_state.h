/*
 * What the parts of check share: the case that runs in this process.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_CHECK_STATE_H
#define MT_CHECK_STATE_H

#include "check.h"
#include "text.h"

struct mt_run {
	const struct mt_case *c;
	const struct mt_route *route;
	unsigned judged, failures;
	bool in_child;
	char observed[200]; /* answers that nobody judges; "": none */
};
extern struct mt_run mt_run;

/*
 * The case fails at site, or ends there when the site is fatal.  summary is
 * one line; detail, further lines each ended by a newline, may be "".
 */
void mt_fail(const struct mt_site *, const char *summary, const char *detail);

/* The same for what no line of the body stands for. */
void mt_fail_case(const char *summary);
/* The same, and the case ends here: how it is written is a mistake. */
void mt_stop_case(const char *summary) __attribute__((noreturn));

/* One record line about site. */
void mt_record_at(const struct mt_site *, const char *answer,
    const char *verdict);
/* The verdict of a judgement at site; a stage that was set has none (NULL). */
const char *mt_verdict(const struct mt_site *, bool right);

/* Of a list the one that applies here. */
const struct mt_answer *mt_answer_choose(const struct mt_answer *);
/* " (until 14, on arm64)", nothing for an answer without conditions. */
void mt_put_conditions(struct mt_text *, const struct mt_answer *);

/* "10.15", "14": digits and single points. */
bool mt_is_release(const char *);

/* Why the case cannot run here, one line; NULL: it can. */
const char *mt_case_unmet(const struct mt_case *, const struct mt_route *);

/* The route for the body of a case: it makes no call that danger.h knows to
 * panic or wedge this system.  Guards stage, too. */
const struct mt_route *mt_guard(const struct mt_route *);

#endif
