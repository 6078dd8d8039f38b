/*
 * Rows of the BSD calls' probes: what one row tells, the stage that the row
 * does not tell, and the calls.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PROBES_BSD_H
#define REPLAY_PROBES_BSD_H

#include "probes_mach.h"

/* All lines of a log, without their line feeds. */
struct bsd_log {
	char **lines;
	int count;
};

/* What the rows of a section have in common, and what a stage leaves. */
struct bsd_state {
	const char *section; /* its line: "## 12.1 hints" */
	bool own;      /* walks show the new mapping, which then goes away */
	uint64_t look; /* whose contents the rows tell */
	uint64_t step; /* from one of their bytes to the next */
	uint64_t start, size; /* the range of calls that tell none */
	uint64_t jit; /* where MAP_JIT was mapped: the log has another place */
	uint64_t recorded_area; /* the log's A */
	uint64_t vector;	/* a page outside of the area, for mincore() */
	uint64_t used;		/* the map's size, as the limits see it */
	bool once;		/* operation 1 was met in this section */
	bool placeholder;	/* the log's shared region is none */
	int signal;		/* that a child died of */
	int died;		/* this child's, of a store */
	const char *why;	/* the last row was not compared */
	uint64_t tag;		/* operation T */
	int kr;			/* of the last Mach call */
	int living;		/* a child that waits, 0 */
	int shm, shm_read;	/* the object, for both and for reading */
	uint64_t given, given_size; /* by the last mmap() */
};
extern struct bsd_state bsd;

/*
 * Set the stage of line i: the operations that the table has for it.  Where
 * they begin a child, the child is given its rows' first line as the answer,
 * the parent the line after its rows, when it has ended.
 */
int bsd_stage(const struct bsd_log *, int i);
/* The operations that follow the row. */
void bsd_after(void);
void bsd_section(const char *line);

/*
 * Make the call at *p, which is left behind its answer, and compare; NULL, or
 * why it is not compared.  placed: what mmap() gave, 0.
 */
struct bsd_placed {
	uint64_t at, size, recorded;
};
const char *bsd_call(const char **p, const char *row,
    struct bsd_placed *placed);
/* Whether a call begins at p. */
bool bsd_is_call(const char *p);

/*
 * Descriptors.  The log's number becomes the one that is open here; false: what
 * the log had open cannot be opened here.  Rows of calls that open something
 * are given what the log got; NULL, or why they are not compared.
 */
void bsd_file_begin(void);
bool bsd_descriptor(int number, int *descriptor);
const char *bsd_open(const char *path, int64_t recorded);
void bsd_shm_open(const char *flags, int64_t recorded);
void bsd_ftruncate(const char *pages, int64_t recorded);
/* A row that tells of a descriptor without a call; NULL: it is none. */
const char *bsd_host_descriptor(const char *row);

/* A child's rows, and what it counted. */
void bsd_child(const struct bsd_log *, int from, int end, int fd)
    __attribute__((noreturn));
void bsd_counts(int fd, int rows_of_child);

int bsd_limit(int number, unsigned which, uint64_t limits[2]);
uint64_t bsd_map_size(void);

#endif
