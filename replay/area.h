/*
 * Where the rows of the probes' logs are made again: a test area, empty at
 * first, as near as possible to where the recorded one was.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_AREA_H
#define REPLAY_AREA_H

#include <stdio.h>

#include "types.h"

#define SPAN UINT64_C(0x80000000) /* of the test area */

extern uint64_t A, page; /* the test area, the page's size */
extern mach_port_name_t self;

/* Be that system, with an area; false: why not. */
bool area_choose(const char *release, const char *arch, const char **problem);
/* The log of PROGRAM RELEASE ARCH FILE, opened as that system; NULL: one line
 * on standard error says why not. */
FILE *area_open(int argc, char **argv);
/* Compares each row that is one in a child of its own, closes the log and prints
 * the counts; the exit status.  compare returns 0 if the row agrees, 1 if it
 * differs, 2 if it is not compared, and has said so. */
int area_compare(FILE *, bool (*is_row)(const char *),
    int (*compare)(int line, const char *row));
void clear(void); /* nothing is in the area */

/* The region at or above *; false: none. */
bool next(mach_vm_address_t *, mach_vm_size_t *,
    vm_region_submap_info_data_64_t *);
void show_protection(char to[4], int); /* "rw-" */
bool starts(const char *text, const char *with);

/* The regions from an address to the end of the area, in the words of the rows:
 * "[A+0x0,A+0x1000) t0 rw-/rwx i1 sm2 res1 oa", a space between; the length.
 * Objects have letters in order of appearance since the last forgetting. */
size_t area_walk(char *to, size_t room, uint64_t from, unsigned *regions);
void area_forget_objects(void);

#endif
