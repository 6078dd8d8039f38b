/*
 * What is asked of a memory entry through its own port: the subsystem
 * memory_entry, but for purgeable.h's part.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_ENTRY_CONTROL_H
#define MODEL_VM_ENTRY_CONTROL_H

#include "types.h"

struct memory_entry;

/* The new owner of the memory: no task, the caller, another task. */
enum entry_owner { OWNER_NONE, OWNER_CALLER, OWNER_OTHER };

/* entry is NULL where the port is no memory entry's. */

/* Message 4901: compiled into kernels of development only. */
kern_return_t kernel_entry_access_tracking(const struct memory_entry *);
/* Message 4902; ledger_tag and ledger_flags are VM_LEDGER_*. */
kern_return_t kernel_entry_ownership(struct memory_entry *, enum entry_owner,
    int ledger_tag, int ledger_flags);
/* New memory without a pager, of size bytes: messages 203 and 215, to a host. */
kern_return_t kernel_memory_object_entry(bool internal, uint64_t size,
    vm_prot_t permission, struct memory_entry **);

#endif
