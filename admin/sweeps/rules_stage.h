/*
 * The stages of the sweeps: lib/sweep.c knows what the letters are.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SWEEPS_RULES_STAGE_H
#define SWEEPS_RULES_STAGE_H

#define MIXED ".aaa.bccd."
/* Sources, and behind them room for what is made of them. */
#define REMAP ".aaa.bccdn........."

#endif
