/*
 * The tables that are understood, one function each.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_ROWS_FAMILIES_H
#define REPLAY_ROWS_FAMILIES_H

#include "rows.h"

/* rows_place.c */
const char *rows_allocate(struct rows *);
const char *rows_flagbits(struct rows *);
const char *rows_tags(struct rows *);
const char *rows_pairs(struct rows *);
const char *rows_limit(struct rows *);
const char *rows_misc(struct rows *);
const char *rows_map(struct rows *);
const char *rows_deallocate(struct rows *);

/* rows_change.c */
const char *rows_protect(struct rows *);
const char *rows_behavior(struct rows *);
const char *rows_purgable(struct rows *);
const char *rows_wire(struct rows *);

/* rows_copy.c */
const char *rows_copies(struct rows *);
const char *rows_memory_entry(struct rows *);

/* rows_query.c */
const char *rows_region(struct rows *);
const char *rows_fork(struct rows *);
const char *rows_apple(struct rows *);

#endif
