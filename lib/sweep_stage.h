/*
 * The stage of a sweep: regions of known protections in a window of their own,
 * and what a call made of them, in words (sweep.h).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_SWEEP_STAGE_H
#define MT_SWEEP_STAGE_H

#include "sweep.h"

/* Maps the regions that the trial's letters name; fails the case otherwise. */
void mt_sweep_build(const struct mt_site *, const struct mt_sweep_trial *);
/* As the stage looks now each trial must find it. */
void mt_sweep_note_stage(const struct mt_sweep_trial *);
/* Puts what became of the stage; true if it is as it was noted. */
bool mt_sweep_put_stage(const struct mt_sweep_trial *, struct mt_sweep_done *);

#endif
