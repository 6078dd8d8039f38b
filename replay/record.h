/*
 * Writing what the kernel that is there answers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_RECORD_H
#define REPLAY_RECORD_H

#include "generate.h"
#include "run.h"

/* The header of this system: kernel, release, architecture, page. */
void header_of_system(struct header *);

/* Makes the calls of one sequence and writes its lines. */
bool record_sequence(FILE *, struct run *, const struct sequence *,
    const char **problem);

/* All sequences of a file whose answers are ignored, or of the generator.
 * False with *problem, or with trace->problem. */
bool record_file(FILE *, struct trace *, const char *route,
    const char **problem);
bool record_generated(FILE *, const struct generator *, const char *route,
    const char **problem);

#endif
