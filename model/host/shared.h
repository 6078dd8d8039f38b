/*
 * What the files of this folder share, between forked processes too.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_SHARED_H
#define MODEL_HOST_SHARED_H

#include <stdatomic.h>

#include "model/host/frame.h"

struct pmap;
struct shown;

/* At the end of the frame table; zero at first. */
struct host_shared {
	_Atomic uint32_t lock;		   /* lock.c */
	bool is_forked;			   /* the lock is for more processes */
	uint32_t overflow_next;		   /* frame.c: next unused chunk */
	uint32_t chunk_free;		   /* list of empty chunks, 1 + index */
	uint32_t dirty_first, dirty_count; /* ring of freed frames */
	uint64_t frames;		   /* in use */
	uint32_t dirty[4096];		   /* frame numbers */
	struct {
		uint64_t place; /* chunk of addresses, 1 + number */
		uint32_t chunk; /* 1 + index in the overflow zone */
	} cached[4096];
};
extern struct host_shared *const host_shared;

/* What is known of a frame; zero at first. */
enum frame_state { FRAME_CLEAN, FRAME_DIRTY, FRAME_USED };
enum frame_due { DUE_NOTHING, DUE_PAGE, DUE_BYTE = 256 /* and the byte */ };
struct frame {
	struct pmap *pmap;  /* one that shows it; NULL: none does */
	uint64_t address;   /* where; of a frame that is due a page: of that */
	struct shown *more; /* other places */
	uint16_t state;
	uint16_t fill;	/* DUE_*, what it is due */
	uint32_t chunk; /* of its chunk: see frame.c */
};
static inline struct frame *
host_frame(uint64_t number)
{
	return (struct frame *)HOST_TABLE + number;
}

extern int host_fd; /* the memfd */

#endif
