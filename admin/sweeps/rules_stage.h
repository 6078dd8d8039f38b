/*
 * The stages of the sweeps: lib/sweep.c knows what the letters are.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef SWEEPS_RULES_STAGE_H
#define SWEEPS_RULES_STAGE_H

#include "rules.h"

#define MIXED ".aaa.bccd."
/* Sources, and behind them room for what is made of them. */
#define REMAP ".aaa.bccdn........."
enum { REMAP_PAGES = sizeof(REMAP) - 1 };

/* The page of REMAP that an address is in; REMAP_PAGES: none. */
unsigned remap_page(const struct flavour *, uint64_t address);

/* Nothing is mapped there. */
bool remap_is_empty(unsigned page);

#endif
