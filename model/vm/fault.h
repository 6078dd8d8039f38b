/*
 * vm_fault: the page behind an access, and the permission it may be shown
 * with.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_FAULT_H
#define MODEL_VM_FAULT_H

#include "types.h"

struct entry;
struct map;
struct object;
struct page;
struct task;

/* A touch of address by user code: shows the page or gives the code of the
 * EXC_BAD_ACCESS. */
kern_return_t kernel_fault(struct task *, uint64_t address, vm_prot_t);

/* One fault of a map: vm_fault_internal(). */
kern_return_t fault(struct map *, uint64_t address, vm_prot_t,
    bool change_wiring);

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

/* The entry of a submap that is to be copied becomes, around address, one of
 * the map's own: nobody else sees what is written. */
kern_return_t fault_copy_submap(struct map *, struct entry *, uint64_t address);

/*
 * What an access to address would find, with the entry made ready for it:
 * its own object, copied if the access writes.  is_mask: of access only what
 * is allowed.  vm_map_lookup_and_lock_object().
 */
kern_return_t fault_lookup(struct map *, uint64_t address, vm_prot_t access,
    bool is_mask, struct object **, uint64_t *offset, vm_prot_t *prot);

#endif
