/*
 * What the words of a row about mach_vm_reallocate say beyond the regions: how
 * the stage was set, which calls follow, and what was asked afterwards.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PROBES_REALLOCATE_H
#define REPLAY_PROBES_REALLOCATE_H

#include <stddef.h>

#include "types.h"

enum { ROW_TEXT = 4096 };

extern char wrong[ROW_TEXT + 64]; /* what differs first; empty: nothing */

/* Compare the regions of the test area with the row's text. */
void judge_walk(const char *text, size_t length);

/* Set a stage that cannot be made region by region; false: it can. */
bool words_stage(const char *row);
/* Flags of the region with that number, from 0. */
int words_flags(const char *row, unsigned number, bool is_last);
/* What was done when the regions were made. */
void words_stage_behind(const char *row);
/* Where the source is, if outside the test area; false: cannot be made. */
bool words_source(const char *row, mach_vm_address_t *);
mach_port_name_t words_target(const char *row);
/* The calls behind the call; false: they are not known. */
bool words_follow(const char *row, const char *call);
/* What was asked afterwards, from the call on. */
void words_judge(const char *call);
/* A row without the call, or with a message instead.  NULL: compared. */
const char *words_row(const char *row,
    const char *(*set_stage)(const char *row));

#endif
