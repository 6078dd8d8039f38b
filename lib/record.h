/*
 * What a run leaves behind: lines on standard output, fields separated by one
 * tab, one write a line.  Other output may stand between them.
 *
 * Once a program run, before anything else:
 *
 *	mt-system 1 KEY=VALUE...
 *
 * with the keys system (macos, model, bare), release, build, kernel, arch,
 * machine, translated, extrapolated, virtual_machine, privileged (yes or no),
 * page, kernel_page (bytes), minimum, maximum (0x...), boot_args, sip, suite
 * (version) and commit (the variable of that name; "" when not given).  1 is
 * the format's version; readers skip keys that they do not know.
 * extrapolated=yes: the release is newer than the newest known one, so that
 * every verdict of the run is an extrapolation (the case then has the property
 * X-extrapolated, too).
 *
 * For each answer that was judged:
 *
 *	mt ID CASE ROUTE SYSTEM RELEASE BUILD ARCH PAGE CALL ANSWER VERDICT
 *
 *	ID	of the behaviour: the row of a matrix
 *	CASE	routine.name: the atf case is name__route
 *	CALL	the text of the call; the same text may occur again in a case,
 *		the occurrences are then told apart by their order
 *	ANSWER	"KERN_NO_SPACE (3)": name and number where it has a name.
 *		Never an absolute address or another number that changes from
 *		run to run: addresses are relative to the required one.
 *	VERDICT	pass, fail; undecided: no source says what is right; stage:
 *		the case's stage could not be set, nothing was judged
 *
 * ID + CASE + ROUTE is unique in the suite (a program refuses two cases of one
 * name and route, admin/style looks over all programs).  An expected failure
 * (MT_MODEL_LACKS) is recorded as fail; that it was expected is the case's
 * result.
 *
 * The bare image, whose console is slow, leaves out ID to PAGE: its lines of the
 * fingerprint and of the case tell them.
 *
 * Inside fields \t \n \r \\ stand for tab, newline, carriage return and
 * backslash, \xHH for other control characters.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_RECORD_H
#define MT_RECORD_H

#include "text.h"

struct mt_record {
	const char *id, *routine, *name, *route, *call, *answer, *verdict;
};

/* Writes the fingerprint line when this process has not yet. */
void mt_record_system(void);
/* Another process of this run has written it and tells which case this process
 * is: its records are "mt CALL ANSWER VERDICT". */
void mt_record_briefly(void);
void mt_record(const struct mt_record *);

/* The line's text, as mt_record() writes it. */
void mt_put_record(struct mt_text *, const struct mt_record *);
void mt_put_system_record(struct mt_text *);

#endif
