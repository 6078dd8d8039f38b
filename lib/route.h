/*
 * A route is one way into the kernel.  A member that is NULL is a routine
 * which that route does not have: a case for it is absent there.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_ROUTE_H
#define MT_ROUTE_H

#include "types.h"

struct mt_registers; /* trap.h */
struct mt_message;   /* mig.h */

/*
 * Every member returns what the kernel answered (KERN_*, MACH_SEND_*, MIG_*).
 * Addresses and sizes are in bytes and passed exactly as given.  Out
 * parameters keep their value unless the call succeeds.
 */
struct mt_route {
	const char *name;  /* suffix of the case's name */
	bool traps;	   /* our own trap instruction enters the kernel */
	const char *since; /* first release that has it; NULL: all */
	bool old_messages; /* mach_msg_trap (31): system.h */

	kern_return_t (*allocate)(mach_port_name_t task,
	    mach_vm_address_t *address, mach_vm_size_t size, int flags);
	kern_return_t (*deallocate)(mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size);
	kern_return_t (*protect)(mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size,
	    boolean_t set_maximum, vm_prot_t new_protection);
	kern_return_t (*inherit)(mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size,
	    vm_inherit_t new_inheritance);
	kern_return_t (*read)(mach_port_name_t task, mach_vm_address_t address,
	    mach_vm_size_t size, vm_offset_t *data,
	    mach_msg_type_number_t *data_size);
	kern_return_t (*read_list)(mach_port_name_t task,
	    mach_vm_read_entry_t list, natural_t count);
	kern_return_t (*read_overwrite)(mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size,
	    mach_vm_address_t data, mach_vm_size_t *out_size);
	kern_return_t (*write)(mach_port_name_t task, mach_vm_address_t address,
	    vm_offset_t data, mach_msg_type_number_t data_size);
	kern_return_t (*copy)(mach_port_name_t task, mach_vm_address_t source,
	    mach_vm_size_t size, mach_vm_address_t destination);
	kern_return_t (*msync)(mach_port_name_t task, mach_vm_address_t address,
	    mach_vm_size_t size, vm_sync_t sync_flags);
	kern_return_t (*behavior_set)(mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size,
	    vm_behavior_t new_behavior);
	kern_return_t (*map)(mach_port_name_t task, mach_vm_address_t *address,
	    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
	    mach_port_name_t object, memory_object_offset_t offset,
	    boolean_t copy, vm_prot_t cur_protection, vm_prot_t max_protection,
	    vm_inherit_t inheritance);
	/* map with no object, maximum VM_PROT_ALL and default inheritance:
	 * the form that every route has */
	kern_return_t (*map_anonymous)(mach_port_name_t task,
	    mach_vm_address_t *address, mach_vm_size_t size,
	    mach_vm_offset_t mask, int flags, vm_prot_t cur_protection);
	kern_return_t (*machine_attribute)(mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size,
	    vm_machine_attribute_t attribute,
	    vm_machine_attribute_val_t *value);
	kern_return_t (*remap)(mach_port_name_t target,
	    mach_vm_address_t *address, mach_vm_size_t size,
	    mach_vm_offset_t mask, int flags, mach_port_name_t source_task,
	    mach_vm_address_t source, boolean_t copy, vm_prot_t *cur_protection,
	    vm_prot_t *max_protection, vm_inherit_t inheritance);
	/* 11+; both protections are in and out */
	kern_return_t (*remap_new)(mach_port_name_t target,
	    mach_vm_address_t *address, mach_vm_size_t size,
	    mach_vm_offset_t mask, int flags, mach_port_name_t source_task,
	    mach_vm_address_t source, boolean_t copy, vm_prot_t *cur_protection,
	    vm_prot_t *max_protection, vm_inherit_t inheritance);
	kern_return_t (*page_query)(mach_port_name_t task,
	    mach_vm_offset_t offset, integer_t *disposition,
	    integer_t *ref_count);
	kern_return_t (*page_info)(mach_port_name_t task,
	    mach_vm_address_t address, vm_page_info_flavor_t flavor,
	    vm_page_info_t info, mach_msg_type_number_t *count);
	kern_return_t (*page_range_query)(mach_port_name_t task,
	    mach_vm_offset_t address, mach_vm_size_t size,
	    mach_vm_address_t dispositions, mach_vm_size_t *dispositions_count);
	kern_return_t (*region)(mach_port_name_t task,
	    mach_vm_address_t *address, mach_vm_size_t *size,
	    vm_region_flavor_t flavor, vm_region_info_t info,
	    mach_msg_type_number_t *count, mach_port_name_t *object_name);
	kern_return_t (*region_recurse)(mach_port_name_t task,
	    mach_vm_address_t *address, mach_vm_size_t *size, natural_t *depth,
	    vm_region_recurse_info_t info, mach_msg_type_number_t *count);
	kern_return_t (*make_memory_entry)(mach_port_name_t task,
	    memory_object_size_t *size, memory_object_offset_t offset,
	    vm_prot_t permission, mach_port_name_t *object,
	    mach_port_name_t parent);
	kern_return_t (*purgable_control)(mach_port_name_t task,
	    mach_vm_address_t address, vm_purgable_t control, int *state);
	/* needs the privileged host port */
	kern_return_t (*wire)(mach_port_name_t host_priv, mach_port_name_t task,
	    mach_vm_address_t address, mach_vm_size_t size,
	    vm_prot_t desired_access);
	kern_return_t (*range_create)(mach_port_name_t task,
	    mach_vm_range_flavor_t flavor, mach_vm_range_recipes_raw_t recipes,
	    mach_msg_type_number_t recipes_count);

	/* The trap instruction itself, every register under control. */
	void (*raw)(struct mt_registers *);

	/* A message as it stands (mig.h): for messages that no stub makes. */
	mach_msg_return_t (*send)(struct mt_message *, mach_msg_size_t);
	/* The same, receiving at most that many bytes. */
	mach_msg_return_t (*exchange)(struct mt_message *, mach_msg_size_t,
	    mach_msg_size_t limit);

	/* BSD calls (routes libc and unix): value, or -1, *error is errno */
	int64_t (*mmap)(int *error, uint64_t address, uint64_t size,
	    int protection, int flags, int fd, int64_t offset);
	int (*munmap)(int *error, uint64_t address, uint64_t size);
	int (*mprotect)(int *error, uint64_t address, uint64_t size,
	    int protection);
	int (*minherit)(int *error, uint64_t address, uint64_t size,
	    int inheritance);
	int (*madvise)(int *error, uint64_t address, uint64_t size, int advice);
	int (*mincore)(int *error, uint64_t address, uint64_t size,
	    uint64_t vector);
	int (
	    *bsd_msync)(int *error, uint64_t address, uint64_t size, int flags);
	int (*mlock)(int *error, uint64_t address, uint64_t size);
	int (*munlock)(int *error, uint64_t address, uint64_t size);
};

/*
 * All routes of this system, ended by NULL: "libsystem", "trap", "mig",
 * "mig2" (the same messages through mach_msg2_trap), "vm" (libSystem's vm_*
 * twins), "libc" and "unix" (BSD calls).
 */
extern const struct mt_route *const mt_routes[];

/* Whether this system has the route, and the route the routine: member is its
 * offset in struct mt_route. */
bool mt_route_has(const struct mt_route *, size_t member);

/*
 * The route with every Mach routine, for setting a stage: a body calls
 * stage->inherit() when the routine under test is another one.  The library's
 * own tests put a false kernel here.
 */
extern const struct mt_route *stage;

#endif
