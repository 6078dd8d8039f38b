/*
 * Faults that no access causes: wiring, physical copies, the kernel's own
 * reads and writes of user memory.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_FAULT_WIRE_H
#define MODEL_VM_FAULT_WIRE_H

#include "types.h"

struct entry;
struct map;
struct object;

/* Wires, unwires every page of an entry that already has its object and its
 * wired_count raised; vm_fault_wire(), vm_fault_unwire(). */
kern_return_t fault_wire(struct map *, struct entry *, vm_prot_t);
void fault_unwire(struct entry *);

/*
 * The same in two steps, since 26.4: the pages of an object, whatever any
 * entry allows, then the wired pages into the map, whose entry has its count
 * raised.  What fails leaves no page wired.  address: where they will show.
 * vm_fault_wire_object_pages(), vm_fault_wire_resident_pages().
 */
kern_return_t fault_wire_pages(struct object *, uint64_t offset, uint64_t size,
    uint64_t address);
kern_return_t fault_wire_resident(struct map *, struct entry *, vm_prot_t);
void fault_unwire_pages(struct object *, uint64_t offset, uint64_t size);

/*
 * Physical copy of any bytes between objects; source NULL: zeros.
 * vm_fault_copy().
 */
kern_return_t fault_copy(struct object *source, uint64_t source_offset,
    uint64_t size, struct object *destination, uint64_t destination_offset);

/* The kernel's own access to user memory: copyin, copyout.  Bytes before the
 * one that faults are copied.  False: faulted. */
bool map_read_bytes(struct map *, uint64_t address, void *, uint64_t size);
bool map_write_bytes(struct map *, uint64_t address, const void *,
    uint64_t size);

#endif
