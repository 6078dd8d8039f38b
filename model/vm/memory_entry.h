/*
 * What a memory entry port names (vm_named_entry): one object from an offset
 * on, or a list of entries that is mapped whole.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_MEMORY_ENTRY_H
#define MODEL_VM_MEMORY_ENTRY_H

#include "types.h"

struct copy;
struct object;
struct task;

struct memory_entry {
	unsigned references;
	struct object *object; /* is_object */
	struct copy *copy;     /* is_copy: MAP_MEM_VM_COPY, _VM_SHARE */
	uint64_t offset;       /* in the object, bytes */
	uint64_t size, data_offset;
	vm_prot_t protection;
	unsigned access; /* cache mode, MAP_MEM_* */
	bool is_copy;
	bool is_child; /* made of an entry: never is_fully_owned */
};

kern_return_t kernel_make_memory_entry(struct task *, uint64_t *size,
    uint64_t offset, vm_prot_t permission, struct memory_entry **,
    struct memory_entry *parent);
/* An entry that names nothing yet. */
struct memory_entry *memory_entry_make(uint64_t size, vm_prot_t protection);
void kernel_memory_entry_release(struct memory_entry *);

/* mach_memory_entry_get_page_counts(): of the pages that the entry's own
 * object has; NULL and copies are KERN_INVALID_ARGUMENT. */
kern_return_t kernel_entry_page_counts(const struct memory_entry *,
    uint64_t *resident, uint64_t *dirty, uint64_t *swapped);

#endif
