/*
 * What is known of a behaviour beside its source: the kernels that showed it.
 * The table is tests/evidence.tsv, which results/evidence makes of the runs in
 * results/ and of results/recorded.tsv.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_SEEN_H
#define MT_SEEN_H

/* "booted x86_64 10.13.6, 11.6; ..."; NULL when no kernel showed it: it rests
 * on a document or on the reading of source. */
const char *mt_seen(const char *id);

#endif
