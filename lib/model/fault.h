/*
 * Faults on objects, for the copies.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

#include "vm.h"

/*
 * The page that shows at offset through object, as access needs it: copied up
 * when written, zero-filled in object when there is none, pushed into the
 * copy object.  *prot loses WRITE when the page may not be written through a
 * mapping.  must_be_resident: only look.  NULL: *error.  vm_fault_page().
 * hint: the address where the page will show, 0 if nowhere.
 */
struct page *fault_page(struct object *, uint64_t offset, vm_prot_t access,
    bool must_be_resident, vm_prot_t *prot, kern_return_t *error,
    uint64_t hint);

/*
 * Physical copy of any bytes between objects; source NULL: zeros.
 * vm_fault_copy().
 */
kern_return_t fault_copy(struct object *source, uint64_t source_offset,
    uint64_t size, struct object *destination, uint64_t destination_offset);

/*
 * What an access to address would find, with the entry made ready for it:
 * its own object, copied if the access writes.  is_mask: of access only what
 * is allowed.  vm_map_lookup_and_lock_object().
 */
kern_return_t fault_lookup(struct map *, uint64_t address, vm_prot_t access,
    bool is_mask, struct object **, uint64_t *offset, vm_prot_t *prot);

/* The kernel's own access to user memory: copyin, copyout.  Bytes before the
 * one that faults are copied.  False: faulted. */
bool map_read_bytes(struct map *, uint64_t address, void *, uint64_t size);
bool map_write_bytes(struct map *, uint64_t address, const void *,
    uint64_t size);

#endif
