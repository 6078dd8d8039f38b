/*
 * The routes, and the one that is plain functions: libSystem's mach_vm_*.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "route.h"
#include "routes.h"

static kern_return_t
map_anonymous(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags, vm_prot_t current)
{
	return mach_vm_map(task, address, size, mask, flags, MACH_PORT_NULL, 0,
	    FALSE, current, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

static const struct mt_route libsystem = {
	.name = "libsystem",
	.allocate = mach_vm_allocate,
	.deallocate = mach_vm_deallocate,
	.protect = mach_vm_protect,
	.inherit = mach_vm_inherit,
	.read = mach_vm_read,
	.read_list = mach_vm_read_list,
	.read_overwrite = mach_vm_read_overwrite,
	.write = mach_vm_write,
	.copy = mach_vm_copy,
	.msync = mach_vm_msync,
	.behavior_set = mach_vm_behavior_set,
	.map = mach_vm_map,
	.map_anonymous = map_anonymous,
	.machine_attribute = mach_vm_machine_attribute,
	.remap = mach_vm_remap,
	.remap_new = mach_vm_remap_new,
	.page_query = mach_vm_page_query,
	.page_info = mach_vm_page_info,
	.page_range_query = mach_vm_page_range_query,
	.region = mach_vm_region,
	.region_recurse = mach_vm_region_recurse,
	.make_memory_entry = mach_make_memory_entry_64,
	.purgable_control = mach_vm_purgable_control,
	.wire = mach_vm_wire,
	.range_create = mach_vm_range_create,
};

const struct mt_route *const mt_routes[] = {
	&libsystem,
	&mt_route_trap,
	&mt_route_mig,
	&mt_route_mig2,
	&mt_route_vm,
	&mt_route_unix,
	NULL,
};

const struct mt_route *stage = &libsystem;
