/*
 * What the host half of the model shares between forked processes and between
 * its own files.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_SHARED_H
#define MODEL_SHARED_H

#include <signal.h>
#include <stdatomic.h>

#include "host.h"

/* At the end of the frame table; zero at first. */
struct host_shared {
	_Atomic uint32_t lock;		   /* lock.c */
	uint32_t overflow_next;		   /* host.c: next unused chunk */
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
struct frame {
	struct pmap *pmap;  /* one that shows it; NULL: none does */
	uint64_t address;   /* where */
	struct shown *more; /* other places */
	uint32_t state;
	uint32_t chunk; /* of its chunk: see host.c */
};
static inline struct frame *
host_frame(uint64_t number)
{
	return (struct frame *)HOST_TABLE + number;
}

extern int host_fd;		 /* the memfd */
extern unsigned host_page_shift; /* of the model */
#define HOST_PAGE (UINT64_C(1) << host_page_shift)

/* Signals that may wait until a kernel call is over. */
extern sigset_t host_async_signals;
/* This thread runs a signal handler of ours, which blocks those. */
extern __thread bool host_in_handler;

/* This thread's id, without a system call. */
uint32_t host_thread_id(void);

/* The letter that /proc/<id>/stat has, of a process or thread: Z zombie, T
 * stopped...; '\0': nobody. */
char host_process_state(int id);

/* pmap.c: the signal that asks this process to show less. */
void pmap_catch(void);

#endif
