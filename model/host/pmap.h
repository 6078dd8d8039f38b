/*
 * What each task shows of which frame, and with what permission.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_PMAP_H
#define MODEL_HOST_PMAP_H

#include "types.h"

/*
 * A pmap is a cache: what is not shown faults and is shown again, so the model
 * may drop any of it (and does, all at once, when the host has no more
 * mappings).  Only the process that a pmap belongs to can change what it
 * shows:
 *
 *  - pmap_enter() for another process shows nothing: that process will fault
 *    when it touches the page.
 *  - The others take effect in another process before they return: it gets a
 *    real-time signal, whose handler shows nothing in the ranges and
 *    acknowledges.  A process that has died is not waited for.
 *
 * NULL, the pmap of a submap, shows nothing.
 */
struct pmap;

/* A pmap that shows nothing and belongs to no process yet. */
struct pmap *pmap_create(void);

/* It belongs to another process, a child. */
void pmap_assign(struct pmap *, int pid);

/* Show frame at [address, +page) with this permission; replaces
 * what was shown there.  address is page aligned. */
void pmap_enter(struct pmap *, uint64_t address, uint64_t frame, vm_prot_t);

/* Show nothing in [start, end). */
void pmap_remove(struct pmap *, uint64_t start, uint64_t end);

/* Take permissions that are not in prot from what is shown in [start, end);
 * never adds any.  VM_PROT_NONE removes. */
void pmap_protect(struct pmap *, uint64_t start, uint64_t end, vm_prot_t);

/* The same for every place in every pmap that shows frame (reverse map). */
void pmap_page_protect(uint64_t frame, vm_prot_t);

/* Free it: its task ends, or its process has ended. */
void pmap_destroy(struct pmap *);

/* It belongs to this process, which shows nothing from now on. */
void pmap_adopt(struct pmap *);

/* The frame that the page at address shows, with its permission; HOST_NO_FRAME
 * when none (or forgotten). */
uint64_t pmap_frame(const struct pmap *, uint64_t address, vm_prot_t *);

/* How many pages it shows. */
uint64_t pmap_shown(const struct pmap *);

/* The signal by which another process asks this one to show less; once a
 * process. */
void pmap_catch(void);

#endif
