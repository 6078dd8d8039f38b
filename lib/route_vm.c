/*
 * libSystem's vm_* functions: the twins of mach_vm_* that take the process's
 * own address type.  All but vm_allocate's family of traps reach the kernel
 * by the vm_map subsystem's messages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "routes.h"

/*
 * vm_address_t and mach_vm_address_t are both 64 bits wide but different
 * types, so what goes out and in by reference passes through a variable.
 */
static kern_return_t
vm_allocate_(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t size, int flags)
{
	vm_address_t a = (vm_address_t)*address;
	kern_return_t kr = vm_allocate(task, &a, (vm_size_t)size, flags);

	*address = a;
	return kr;
}

static kern_return_t
vm_deallocate_(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size)
{
	return vm_deallocate(task, (vm_address_t)address, (vm_size_t)size);
}

static kern_return_t
vm_protect_(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, boolean_t set_maximum, vm_prot_t new_protection)
{
	return vm_protect(task, (vm_address_t)address, (vm_size_t)size,
	    set_maximum, new_protection);
}

static kern_return_t
vm_inherit_(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_inherit_t new_inheritance)
{
	return vm_inherit(task, (vm_address_t)address, (vm_size_t)size,
	    new_inheritance);
}

static kern_return_t
vm_read_(mach_port_name_t task, mach_vm_address_t address, mach_vm_size_t size,
    vm_offset_t *data, mach_msg_type_number_t *data_size)
{
	return vm_read(task, (vm_address_t)address, (vm_size_t)size, data,
	    data_size);
}

static kern_return_t
vm_read_overwrite_(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, mach_vm_address_t data, mach_vm_size_t *out_size)
{
	vm_size_t out = (vm_size_t)*out_size;
	kern_return_t kr = vm_read_overwrite(task, (vm_address_t)address,
	    (vm_size_t)size, (vm_address_t)data, &out);

	*out_size = out;
	return kr;
}

static kern_return_t
vm_write_(mach_port_name_t task, mach_vm_address_t address, vm_offset_t data,
    mach_msg_type_number_t data_size)
{
	return vm_write(task, (vm_address_t)address, data, data_size);
}

static kern_return_t
vm_copy_(mach_port_name_t task, mach_vm_address_t source, mach_vm_size_t size,
    mach_vm_address_t destination)
{
	return vm_copy(task, (vm_address_t)source, (vm_size_t)size,
	    (vm_address_t)destination);
}

static kern_return_t
vm_msync_(mach_port_name_t task, mach_vm_address_t address, mach_vm_size_t size,
    vm_sync_t sync_flags)
{
	return vm_msync(task, (vm_address_t)address, (vm_size_t)size,
	    sync_flags);
}

static kern_return_t
vm_behavior_set_(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_behavior_t new_behavior)
{
	return vm_behavior_set(task, (vm_address_t)address, (vm_size_t)size,
	    new_behavior);
}

static kern_return_t
vm_map_(mach_port_name_t task, mach_vm_address_t *address, mach_vm_size_t size,
    mach_vm_offset_t mask, int flags, mach_port_name_t object,
    memory_object_offset_t offset, boolean_t copy, vm_prot_t cur_protection,
    vm_prot_t max_protection, vm_inherit_t inheritance)
{
	vm_address_t a = (vm_address_t)*address;
	kern_return_t kr = vm_map(task, &a, (vm_size_t)size, (vm_address_t)mask,
	    flags, object, (vm_offset_t)offset, copy, cur_protection,
	    max_protection, inheritance);

	*address = a;
	return kr;
}

static kern_return_t
vm_map_anonymous_(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    vm_prot_t cur_protection)
{
	return vm_map_(task, address, size, mask, flags, MACH_PORT_NULL, 0,
	    FALSE, cur_protection, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

static kern_return_t
vm_machine_attribute_(mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_machine_attribute_t attribute,
    vm_machine_attribute_val_t *value)
{
	return vm_machine_attribute(task, (vm_address_t)address,
	    (vm_size_t)size, attribute, value);
}

static kern_return_t
vm_remap_(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    mach_port_name_t source_task, mach_vm_address_t source, boolean_t copy,
    vm_prot_t *cur_protection, vm_prot_t *max_protection,
    vm_inherit_t inheritance)
{
	vm_address_t a = (vm_address_t)*address;
	kern_return_t kr = vm_remap(target, &a, (vm_size_t)size,
	    (vm_address_t)mask, flags, source_task, (vm_address_t)source, copy,
	    cur_protection, max_protection, inheritance);

	*address = a;
	return kr;
}

static kern_return_t
vm_remap_new_(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    mach_port_name_t source_task, mach_vm_address_t source, boolean_t copy,
    vm_prot_t *cur_protection, vm_prot_t *max_protection,
    vm_inherit_t inheritance)
{
	vm_address_t a = (vm_address_t)*address;
	kern_return_t kr = vm_remap_new(target, &a, (vm_size_t)size,
	    (vm_address_t)mask, flags, source_task, (vm_address_t)source, copy,
	    cur_protection, max_protection, inheritance);

	*address = a;
	return kr;
}

static kern_return_t
vm_purgable_control_(mach_port_name_t task, mach_vm_address_t address,
    vm_purgable_t control, int *state)
{
	return vm_purgable_control(task, (vm_address_t)address, control, state);
}

static kern_return_t
vm_region_(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t *size, vm_region_flavor_t flavor, vm_region_info_t info,
    mach_msg_type_number_t *count, mach_port_name_t *object_name)
{
	vm_address_t a = (vm_address_t)*address;
	vm_size_t s = (vm_size_t)*size;
	kern_return_t kr = vm_region_64(task, &a, &s, flavor, info, count,
	    object_name);

	*address = a;
	*size = s;
	return kr;
}

static kern_return_t
vm_region_recurse_(mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t *size, natural_t *depth, vm_region_recurse_info_t info,
    mach_msg_type_number_t *count)
{
	vm_address_t a = (vm_address_t)*address;
	vm_size_t s = (vm_size_t)*size;
	kern_return_t kr = vm_region_recurse_64(task, &a, &s, depth, info,
	    count);

	*address = a;
	*size = s;
	return kr;
}

const struct mt_route mt_route_vm = {
	.name = "vm",
	.allocate = vm_allocate_,
	.deallocate = vm_deallocate_,
	.protect = vm_protect_,
	.inherit = vm_inherit_,
	.read = vm_read_,
	.read_overwrite = vm_read_overwrite_,
	.write = vm_write_,
	.copy = vm_copy_,
	.msync = vm_msync_,
	.behavior_set = vm_behavior_set_,
	.map = vm_map_,
	.map_anonymous = vm_map_anonymous_,
	.machine_attribute = vm_machine_attribute_,
	.remap = vm_remap_,
	.remap_new = vm_remap_new_,
	.purgable_control = vm_purgable_control_,
	.region = vm_region_,
	.region_recurse = vm_region_recurse_,
};
