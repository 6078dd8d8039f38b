/*
 * Copies of ranges in transit (vm_map_copy_t): vm_map_copyin(),
 * vm_map_copyout(), and the routines that copy.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_COPY_H
#define MODEL_VM_COPY_H

#include "model/vm/vm.h"

struct copy {
	uint64_t offset; /* unaligned address of the source; 0: buffer */
	uint64_t size;	 /* bytes asked for */
	struct entry_list entries; /* start and end follow offset */
	void *data;		   /* a kernel buffer instead of entries */
};

/* A range taken out of a map: a list of entries, or a kernel buffer. */
struct copy;
#define COPYIN_DESTROY	  1 /* remove the source */
#define COPYIN_MAXPROT	  2 /* judge by the maximum protection */
#define COPYIN_ENTRY_LIST 4 /* never a kernel buffer */
#define COPYIN_FORK	  8
kern_return_t kernel_copy(struct task *, uint64_t source, uint64_t size,
    uint64_t destination);
kern_return_t map_copyin(struct map *, uint64_t address, uint64_t size,
    int flags, struct copy **);
/* All of one entry, without splitting or merging it. */
kern_return_t map_copyin_entry(struct map *, struct entry *, int flags,
    struct copy **);
kern_return_t map_copyout(struct map *, uint64_t *address, struct copy *);
void copy_discard(struct copy *);

struct copy *copy_allocate(uint64_t offset, uint64_t size);

/* Split an entry of the list; the given one keeps the lower (upper) part. */
void copy_clip_end(struct copy *, struct entry *, uint64_t end);
void copy_clip_start(struct entry *, uint64_t start);

/* vm_map_entry_copy(): what does not follow an entry into another map. */
void entry_reset_copied(struct entry *);

#endif
