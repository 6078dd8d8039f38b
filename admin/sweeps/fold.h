/*
 * Answers of a sweep as a tree (lib/sweep_text.h): equal parts stand once,
 * with the values that lead to them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SWEEPS_FOLD_H
#define SWEEPS_FOLD_H

#include <stdio.h>

#include "sweep_text.h"

/* Texts by number, from 0, in order of appearance. */
struct names {
	char **name;
	uint32_t count, room;
	uint32_t *slot, slots;
};
uint32_t names_add(struct names *, const char *);

/*
 * The tree of answer[] (numbers of names); parts whose answer is `skip`
 * (UINT32_MAX: none) are left out.  Ends the program when memory does.
 */
void fold(FILE *, const struct mt_sweep_text *, const uint32_t *answer,
    const struct names *, uint32_t skip);

#endif
