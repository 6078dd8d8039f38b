/*
 * Files as VM objects: the vnode pager (osfmk/vm/bsd_vm.c, bsd/vm/vnode_pager.c)
 * and what the kernel does to a file's pages when the file is written or cut
 * (bsd/kern/ubc_subr.c).
 *
 * A file has a vnode while its object is mapped or copied anywhere; the file
 * itself holds what was given back.  Sizes and offsets are bytes.  Called with
 * the lock held.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_VM_VNODE_H
#define MODEL_VM_VNODE_H

#include "types.h"

struct host_file;
struct object;
struct vnode;

/* The vnode of a file, made when there is none; NULL: nobody maps it. */
struct vnode *vnode_get(const struct host_file *);
struct vnode *vnode_find(const struct host_file *);
/* After vnode_get(): it goes unless somebody mapped it. */
void vnode_put(struct vnode *);

struct host_file *vnode_file(struct vnode *);
struct object *vnode_object(struct vnode *);

/* Around a read or write(2) of [start, end): the file holds what mappings
 * stored; private mappings keep what they would see; then pages show what was
 * written. */
void vnode_sync(struct vnode *, uint64_t start, uint64_t end);
void vnode_will_change(struct vnode *, uint64_t start, uint64_t end);
void vnode_changed(struct vnode *, uint64_t start, uint64_t end);
/* ubc_setsize(), around the change of the file's size. */
void vnode_will_shrink(struct vnode *, uint64_t size);
void vnode_resized(struct vnode *, uint64_t old_size, uint64_t size);

#endif
