/*
 * Calls that are known to panic or wedge some release of the kernel.
 *
 * The suite and the replay run on people's machines, so neither makes one:
 * cases go through check_guard.c, which asks here before each call, and the
 * replay asks before it plays.  The table with the evidence is in
 * tests/README.md, Dangers.
 *
 * Each function returns one line that names the call and what would become of
 * the machine; NULL: nothing is known against it.  The system may be NULL: no
 * release and no architecture is to be harmed.  Sizes and addresses are in
 * bytes, as the caller would pass them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_DANGER_H
#define MT_DANGER_H

#include "system.h"
#include "types.h"

const char *mt_danger_msync(const struct mt_system *, mach_vm_address_t,
    mach_vm_size_t, vm_sync_t);
const char *mt_danger_page_range_query(const struct mt_system *,
    mach_vm_address_t, mach_vm_size_t);
const char *mt_danger_remap(const struct mt_system *, mach_vm_address_t source,
    mach_vm_size_t);
/* mach_vm_copy(), mach_vm_read_overwrite() and each range of
 * mach_vm_read_list(). */
const char *mt_danger_copyin(const struct mt_system *, mach_vm_address_t source,
    mach_vm_size_t);
/* mach_vm_wire() and mlock(2); access VM_PROT_NONE unwires. */
const char *mt_danger_wire(const struct mt_system *, mach_vm_address_t,
    mach_vm_size_t, vm_prot_t access);
/* The range has a superpage in it. */
const char *mt_danger_inherit_superpage(const struct mt_system *, vm_inherit_t);
/* mach_vm_write(), mach_vm_copy() and mach_vm_read_overwrite() into a submap.
 */
const char *mt_danger_write_submap(const struct mt_system *, mach_vm_address_t,
    mach_vm_size_t);

/* What mach_make_memory_entry_64() is asked for, and of what. */
struct mt_danger_entry {
	memory_object_size_t size;
	memory_object_offset_t offset;
	vm_prot_t permission;
	mach_port_name_t parent;
	bool no_task;	  /* the task is a port of another kind */
	bool reservation; /* the memory's maximum protection is none */
};
const char *mt_danger_make_memory_entry(const struct mt_system *,
    const struct mt_danger_entry *);

/* What mach_vm_reallocate() is asked for, and of what. */
struct mt_danger_move {
	mach_vm_address_t source, destination;
	int flags;
	bool limited;	/* RLIMIT_AS or RLIMIT_DATA is set */
	bool hole;	/* in the source */
	bool superpage; /* in the source */
};
const char *mt_danger_reallocate(const struct mt_system *,
    const struct mt_danger_move *);

#endif
