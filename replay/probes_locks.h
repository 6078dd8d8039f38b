/*
 * What the rows about the locks of entries share: setting a stage in the test
 * area, and telling what is found in the words of the recording.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef REPLAY_PROBES_LOCKS_H
#define REPLAY_PROBES_LOCKS_H

#include "area.h"

struct mt_route;

#define RW    VM_PROT_DEFAULT
#define RWX   VM_PROT_ALL
#define RO    VM_PROT_READ
#define NONE  VM_PROT_NONE
#define OTHER (A + 0x100000) /* the second place of a stage */
enum { SECOND = 9 };	     /* the tag that keeps a neighbour apart */

/* A row of one call: its stage, its answer, the regions. */
#define ROW(name_, ...)                           \
	static const char *name_(const char *row) \
	{                                         \
		(void)row;                        \
		__VA_ARGS__;                      \
		return NULL;                      \
	}

/* Append to what is found. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_kr(kern_return_t);		  /* " | kr=SUCCESS(0)" */
void say_walk(void);			  /* " | walk: [...) ... | n=1" */
void say_regions(uint64_t from);	  /* " [...) ...", or nothing */
void say_region(uint64_t);		  /* of the first region: ") t0 ..." */
void say_bytes(uint64_t, unsigned pages); /* " A+0x0=11,22,!" */
/* As the row has them but for DIRTY: whether a page that was only read is dirty
 * hangs on its frame's earlier life. */
void say_read_pages(const char *row, unsigned);
void say_pages(unsigned); /* " | pages A+0x0: d d 0" */

/* Memory at an address; and pages of the area, numbered from 0x11. */
void put(uint64_t, unsigned pages, unsigned tag, vm_prot_t, vm_prot_t);
void fill(uint64_t, unsigned pages, unsigned first);
void touched(unsigned from, unsigned pages, unsigned tag);
void untouched(unsigned from, unsigned pages);
void permanent(uint64_t, unsigned pages);

kern_return_t protect(unsigned from, unsigned pages, vm_prot_t);
kern_return_t wire(unsigned from, unsigned pages, vm_prot_t);
const struct mt_route *bsd(void); /* with mlock and mmap */

/* The rows that begin with these words.  make gets what stands behind them:
 * NULL, or why the row is not compared; without make that is why. */
struct lock_row {
	const char *words;
	const char *(*make)(const char *rest);
	const char *why;
};
extern const struct lock_row lock_rows[],
    lock_rows_placed[]; /* ended by NULL */

#endif
