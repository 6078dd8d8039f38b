/*
 * Copies of ranges in transit (vm_map_copy_t).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_COPY_H
#define MODEL_COPY_H

#include "vm.h"

struct copy {
	uint64_t offset; /* unaligned address of the source; 0: buffer */
	uint64_t size;	 /* bytes asked for */
	struct entry_list entries; /* start and end follow offset */
	void *data;		   /* a kernel buffer instead of entries */
};

struct copy *copy_allocate(uint64_t offset, uint64_t size);
/* Split an entry of the list; the given one keeps the lower (upper) part. */
void copy_clip_end(struct copy *, struct entry *, uint64_t end);
void copy_clip_start(struct entry *, uint64_t start);

/* vm_map_entry_copy(): what does not follow an entry into another map. */
void entry_reset_copied(struct entry *);

/* [address, address + size) cannot be told from one that wraps. */
bool range_wraps(const struct map *, uint64_t address, uint64_t size);

#endif
