/*
 * What a trace requires against what was found.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_COMPARE_H
#define REPLAY_COMPARE_H

#include "trace.h"

/* Level 1: what every kernel of the version must answer.  Level 2: the
 * structure behind it too. */
enum difference_kind {
	SAME,
	RESULT_DIFFERS,
	REGIONS_DIFFER,
	STRUCTURE_DIFFERS
};

struct difference {
	enum difference_kind kind;
	int entry; /* the first that differs, in either layout */
	enum field field;
};

/* Comparisons of each structure field, and those that agreed. */
struct agreement {
	uint64_t compared[FIELDS], equal[FIELDS];
};

struct compare_options {
	int level;
	/* Another kernel version recorded it: the offset of an entry without
	 * an object is what clipping left, and is not compared. */
	bool other_version;
};

/* REF and DIRTY of a page query depend on the machine: never compared. */
bool result_equal(const struct op *, const struct result *required,
    const struct result *found);

/*
 * Compares two layouts; agreement (may be NULL) counts the structure fields
 * when the level is 2 and the regions are the same ones.
 */
struct difference layout_compare(const struct layout *required,
    const struct layout *found, const struct compare_options *,
    struct agreement *);

/* Two entries differ in this field, as far as it is compared. */
bool field_differs(enum field, const struct entry *, const struct entry *,
    const struct compare_options *);

#endif
