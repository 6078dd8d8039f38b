/*
 * The routes mig and mig2: every routine as a message of our own, through
 * mach_msg_trap and mach_msg2_trap.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include <string.h>

#include "mig.h"
#include "routes.h"
#include "trap.h"

#define VALUES(...) ((const uint64_t[]){ __VA_ARGS__ })

/* One call: request, reply, fields. */
static kern_return_t
call(mt_mig_send *via, enum mt_mig_index index, mach_port_name_t target,
    const uint64_t *in, uint64_t *out)
{
	struct mt_message m;
	mach_msg_size_t size;
	mach_msg_return_t error;

	size = mt_mig_request(&mt_migs[index], target, in, &m);
	error = via(&m, size);
	if (error != MACH_MSG_SUCCESS)
		return error;
	return mt_mig_reply(&mt_migs[index], &m, out);
}

static kern_return_t
do_allocate(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t size, int flags)
{
	return call(via, MT_MIG_allocate, task,
	    VALUES(*address, size, (uint32_t)flags), address);
}

static kern_return_t
do_deallocate(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t address, mach_vm_size_t size)
{
	return call(via, MT_MIG_deallocate, task, VALUES(address, size), NULL);
}

static kern_return_t
do_protect(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, boolean_t set_maximum, vm_prot_t protection)
{
	return call(via, MT_MIG_protect, task,
	    VALUES(address, size, set_maximum, (uint32_t)protection), NULL);
}

static kern_return_t
do_inherit(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_inherit_t inheritance)
{
	return call(via, MT_MIG_inherit, task,
	    VALUES(address, size, inheritance), NULL);
}

static kern_return_t
do_read(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_offset_t *data, mach_msg_type_number_t *data_size)
{
	uint64_t out[3];
	kern_return_t error;

	error = call(via, MT_MIG_read, task, VALUES(address, size), out);
	if (error == KERN_SUCCESS) {
		*data = out[0];
		*data_size = (mach_msg_type_number_t)out[2];
	}
	return error;
}

static kern_return_t
do_read_list(mt_mig_send *via, mach_port_name_t task, mach_vm_read_entry_t list,
    natural_t count)
{
	uint64_t out[1] = { (uintptr_t)list };

	return call(via, MT_MIG_read_list, task, VALUES((uintptr_t)list, count),
	    out);
}

static kern_return_t
do_read_overwrite(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t address, mach_vm_size_t size, mach_vm_address_t data,
    mach_vm_size_t *out_size)
{
	return call(via, MT_MIG_read_overwrite, task,
	    VALUES(address, size, data), out_size);
}

static kern_return_t
do_write(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t address,
    vm_offset_t data, mach_msg_type_number_t data_size)
{
	return call(via, MT_MIG_write, task,
	    VALUES(data, data_size, address, data_size), NULL);
}

static kern_return_t
do_copy(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t source,
    mach_vm_size_t size, mach_vm_address_t destination)
{
	return call(via, MT_MIG_copy, task, VALUES(source, size, destination),
	    NULL);
}

static kern_return_t
do_msync(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t address,
    mach_vm_size_t size, vm_sync_t sync_flags)
{
	return call(via, MT_MIG_msync, task, VALUES(address, size, sync_flags),
	    NULL);
}

static kern_return_t
do_behavior_set(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t address, mach_vm_size_t size, vm_behavior_t behavior)
{
	return call(via, MT_MIG_behavior_set, task,
	    VALUES(address, size, (uint32_t)behavior), NULL);
}

static kern_return_t
do_map(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    mach_port_name_t object, memory_object_offset_t offset, boolean_t copy,
    vm_prot_t current, vm_prot_t maximum, vm_inherit_t inheritance)
{
	return call(via, MT_MIG_map, task,
	    VALUES(object, *address, size, mask, (uint32_t)flags, offset,
		(uint32_t)copy, (uint32_t)current, (uint32_t)maximum,
		inheritance),
	    address);
}

static kern_return_t
do_map_anonymous(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t *address, mach_vm_size_t size, mach_vm_offset_t mask,
    int flags, vm_prot_t current)
{
	return do_map(via, task, address, size, mask, flags, MACH_PORT_NULL, 0,
	    FALSE, current, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

static kern_return_t
do_machine_attribute(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t address, mach_vm_size_t size,
    vm_machine_attribute_t attribute, vm_machine_attribute_val_t *value)
{
	uint64_t out[1];
	kern_return_t error;

	error = call(via, MT_MIG_machine_attribute, task,
	    VALUES(address, size, attribute, (uint32_t)*value), out);
	if (error == KERN_SUCCESS)
		*value = (vm_machine_attribute_val_t)out[0];
	return error;
}

static kern_return_t
took_remap(kern_return_t error, const uint64_t *out, mach_vm_address_t *address,
    vm_prot_t *current, vm_prot_t *maximum)
{
	if (error == KERN_SUCCESS) {
		*address = out[0];
		*current = (vm_prot_t)out[1];
		*maximum = (vm_prot_t)out[2];
	}
	return error;
}

static kern_return_t
do_remap(mt_mig_send *via, mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    mach_port_name_t source_task, mach_vm_address_t source, boolean_t copy,
    vm_prot_t *current, vm_prot_t *maximum, vm_inherit_t inheritance)
{
	uint64_t out[3];

	return took_remap(call(via, MT_MIG_remap, target,
			      VALUES(source_task, *address, size, mask,
				  (uint32_t)flags, source, (uint32_t)copy,
				  inheritance),
			      out),
	    out, address, current, maximum);
}

static kern_return_t
do_remap_new(mt_mig_send *via, mach_port_name_t target,
    mach_vm_address_t *address, mach_vm_size_t size, mach_vm_offset_t mask,
    int flags, mach_port_name_t source_task, mach_vm_address_t source,
    boolean_t copy, vm_prot_t *current, vm_prot_t *maximum,
    vm_inherit_t inheritance)
{
	uint64_t out[3];

	return took_remap(call(via, MT_MIG_remap_new, target,
			      VALUES(source_task, *address, size, mask,
				  (uint32_t)flags, source, (uint32_t)copy,
				  (uint32_t)*current, (uint32_t)*maximum,
				  inheritance),
			      out),
	    out, address, current, maximum);
}

static kern_return_t
do_page_query(mt_mig_send *via, mach_port_name_t task, mach_vm_offset_t offset,
    integer_t *disposition, integer_t *ref_count)
{
	uint64_t out[2];
	kern_return_t error;

	error = call(via, MT_MIG_page_query, task, VALUES(offset), out);
	if (error == KERN_SUCCESS) {
		*disposition = (integer_t)out[0];
		*ref_count = (integer_t)out[1];
	}
	return error;
}

static kern_return_t
do_page_info(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t address,
    vm_page_info_flavor_t flavor, vm_page_info_t info,
    mach_msg_type_number_t *count)
{
	uint64_t out[2] = { (uintptr_t)info, *count };
	kern_return_t error;

	error = call(via, MT_MIG_page_info, task,
	    VALUES(address, (uint32_t)flavor, *count), out);
	if (error == KERN_SUCCESS)
		*count = (mach_msg_type_number_t)out[1];
	return error;
}

static kern_return_t
do_page_range_query(mt_mig_send *via, mach_port_name_t task,
    mach_vm_offset_t address, mach_vm_size_t size,
    mach_vm_address_t dispositions, mach_vm_size_t *count)
{
	return call(via, MT_MIG_page_range_query, task,
	    VALUES(address, size, dispositions, *count), count);
}

static kern_return_t
do_region(mt_mig_send *via, mach_port_name_t task, mach_vm_address_t *address,
    mach_vm_size_t *size, vm_region_flavor_t flavor, vm_region_info_t info,
    mach_msg_type_number_t *count, mach_port_name_t *object_name)
{
	uint64_t out[5] = { [3] = (uintptr_t)info, [4] = *count };
	kern_return_t error;

	error = call(via, MT_MIG_region, task,
	    VALUES(*address, (uint32_t)flavor, *count), out);
	if (error == KERN_SUCCESS) {
		*object_name = (mach_port_name_t)out[0];
		*address = out[1];
		*size = out[2];
		*count = (mach_msg_type_number_t)out[4];
	}
	return error;
}

static kern_return_t
do_region_recurse(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t *address, mach_vm_size_t *size, natural_t *depth,
    vm_region_recurse_info_t info, mach_msg_type_number_t *count)
{
	uint64_t out[5] = { [3] = (uintptr_t)info, [4] = *count };
	kern_return_t error;

	error = call(via, MT_MIG_region_recurse, task,
	    VALUES(*address, *depth, *count), out);
	if (error == KERN_SUCCESS) {
		*address = out[0];
		*size = out[1];
		*depth = (natural_t)out[2];
		*count = (mach_msg_type_number_t)out[4];
	}
	return error;
}

static kern_return_t
do_make_memory_entry(mt_mig_send *via, mach_port_name_t task,
    memory_object_size_t *size, memory_object_offset_t offset,
    vm_prot_t permission, mach_port_name_t *object, mach_port_name_t parent)
{
	uint64_t out[2];
	kern_return_t error;

	error = call(via, MT_MIG_make_memory_entry, task,
	    VALUES(parent, *size, offset, (uint32_t)permission), out);
	if (error == KERN_SUCCESS) {
		*object = (mach_port_name_t)out[0];
		*size = out[1];
	}
	return error;
}

static kern_return_t
do_purgable_control(mt_mig_send *via, mach_port_name_t task,
    mach_vm_address_t address, vm_purgable_t control, int *state)
{
	uint64_t out[1];
	kern_return_t error;

	error = call(via, MT_MIG_purgable_control, task,
	    VALUES(address, (uint32_t)control, (uint32_t)*state), out);
	if (error == KERN_SUCCESS)
		*state = (int)out[0];
	return error;
}

static kern_return_t
do_wire(mt_mig_send *via, mach_port_name_t host_priv, mach_port_name_t task,
    mach_vm_address_t address, mach_vm_size_t size, vm_prot_t access)
{
	return call(via, MT_MIG_wire, host_priv,
	    VALUES(task, address, size, (uint32_t)access), NULL);
}

static kern_return_t
do_range_create(mt_mig_send *via, mach_port_name_t task,
    mach_vm_range_flavor_t flavor, mach_vm_range_recipes_raw_t recipes,
    mach_msg_type_number_t count)
{
	return call(via, MT_MIG_range_create, task,
	    VALUES(flavor, (uintptr_t)recipes, count), NULL);
}

/*
 * A member of struct mt_route has no place for the trap to use, so each route
 * has its own set of functions: ROUTINE(name, parameters, arguments).
 */
#define TASK  mach_port_name_t t
#define RANGE TASK, mach_vm_address_t a, mach_vm_size_t s
#define REMAP                                                              \
	TASK, mach_vm_address_t *a, mach_vm_size_t s, mach_vm_offset_t m,  \
	    int f, mach_port_name_t st, mach_vm_address_t sa, boolean_t c, \
	    vm_prot_t *p, vm_prot_t *x, vm_inherit_t i
#define ROUTINES(VIA)                                                          \
	ROUTINE(VIA, allocate,                                                 \
	    (TASK, mach_vm_address_t * a, mach_vm_size_t s, int f),            \
	    (VIA, t, a, s, f))                                                 \
	ROUTINE(VIA, deallocate, (RANGE), (VIA, t, a, s))                      \
	ROUTINE(VIA, protect, (RANGE, boolean_t m, vm_prot_t p),               \
	    (VIA, t, a, s, m, p))                                              \
	ROUTINE(VIA, inherit, (RANGE, vm_inherit_t i), (VIA, t, a, s, i))      \
	ROUTINE(VIA, read,                                                     \
	    (RANGE, vm_offset_t * d, mach_msg_type_number_t * n),              \
	    (VIA, t, a, s, d, n))                                              \
	ROUTINE(VIA, read_list, (TASK, mach_vm_read_entry_t l, natural_t n),   \
	    (VIA, t, l, n))                                                    \
	ROUTINE(VIA, read_overwrite,                                           \
	    (RANGE, mach_vm_address_t d, mach_vm_size_t * n),                  \
	    (VIA, t, a, s, d, n))                                              \
	ROUTINE(VIA, write,                                                    \
	    (TASK, mach_vm_address_t a, vm_offset_t d,                         \
		mach_msg_type_number_t n),                                     \
	    (VIA, t, a, d, n))                                                 \
	ROUTINE(VIA, copy, (RANGE, mach_vm_address_t d), (VIA, t, a, s, d))    \
	ROUTINE(VIA, msync, (RANGE, vm_sync_t f), (VIA, t, a, s, f))           \
	ROUTINE(VIA, behavior_set, (RANGE, vm_behavior_t b),                   \
	    (VIA, t, a, s, b))                                                 \
	ROUTINE(VIA, map,                                                      \
	    (TASK, mach_vm_address_t * a, mach_vm_size_t s,                    \
		mach_vm_offset_t m, int f, mach_port_name_t o,                 \
		memory_object_offset_t oo, boolean_t c, vm_prot_t p,           \
		vm_prot_t x, vm_inherit_t i),                                  \
	    (VIA, t, a, s, m, f, o, oo, c, p, x, i))                           \
	ROUTINE(VIA, map_anonymous,                                            \
	    (TASK, mach_vm_address_t * a, mach_vm_size_t s,                    \
		mach_vm_offset_t m, int f, vm_prot_t p),                       \
	    (VIA, t, a, s, m, f, p))                                           \
	ROUTINE(VIA, machine_attribute,                                        \
	    (RANGE, vm_machine_attribute_t m, vm_machine_attribute_val_t * v), \
	    (VIA, t, a, s, m, v))                                              \
	ROUTINE(VIA, remap, (REMAP), (VIA, t, a, s, m, f, st, sa, c, p, x, i)) \
	ROUTINE(VIA, remap_new, (REMAP),                                       \
	    (VIA, t, a, s, m, f, st, sa, c, p, x, i))                          \
	ROUTINE(VIA, page_query,                                               \
	    (TASK, mach_vm_offset_t o, integer_t * d, integer_t * n),          \
	    (VIA, t, o, d, n))                                                 \
	ROUTINE(VIA, page_info,                                                \
	    (TASK, mach_vm_address_t a, vm_page_info_flavor_t f,               \
		vm_page_info_t i, mach_msg_type_number_t * n),                 \
	    (VIA, t, a, f, i, n))                                              \
	ROUTINE(VIA, page_range_query,                                         \
	    (TASK, mach_vm_offset_t a, mach_vm_size_t s, mach_vm_address_t d,  \
		mach_vm_size_t * n),                                           \
	    (VIA, t, a, s, d, n))                                              \
	ROUTINE(VIA, region,                                                   \
	    (TASK, mach_vm_address_t * a, mach_vm_size_t * s,                  \
		vm_region_flavor_t f, vm_region_info_t i,                      \
		mach_msg_type_number_t * n, mach_port_name_t * o),             \
	    (VIA, t, a, s, f, i, n, o))                                        \
	ROUTINE(VIA, region_recurse,                                           \
	    (TASK, mach_vm_address_t * a, mach_vm_size_t * s, natural_t * d,   \
		vm_region_recurse_info_t i, mach_msg_type_number_t * n),       \
	    (VIA, t, a, s, d, i, n))                                           \
	ROUTINE(VIA, make_memory_entry,                                        \
	    (TASK, memory_object_size_t * s, memory_object_offset_t o,         \
		vm_prot_t p, mach_port_name_t * h, mach_port_name_t r),        \
	    (VIA, t, s, o, p, h, r))                                           \
	ROUTINE(VIA, purgable_control,                                         \
	    (TASK, mach_vm_address_t a, vm_purgable_t c, int *s),              \
	    (VIA, t, a, c, s))                                                 \
	ROUTINE(VIA, wire, (mach_port_name_t h, RANGE, vm_prot_t p),           \
	    (VIA, h, t, a, s, p))                                              \
	ROUTINE(VIA, range_create,                                             \
	    (TASK, mach_vm_range_flavor_t f, mach_vm_range_recipes_raw_t r,    \
		mach_msg_type_number_t n),                                     \
	    (VIA, t, f, r, n))

#define ROUTINE(VIA, name, parameters, arguments)    \
	static kern_return_t VIA##_##name parameters \
	{                                            \
		return do_##name arguments;          \
	}
ROUTINES(mt_mig_trap)
ROUTINES(mt_mig_trap2)
#undef ROUTINE

#define ROUTINE(VIA, name_, parameters, arguments) .name_ = VIA##_##name_,
const struct mt_route mt_route_mig = {
	.name = "mig",
	.traps = true,
	.old_messages = true,
	ROUTINES(mt_mig_trap).send = mt_mig_trap,
	.exchange = mt_mig_exchange_trap,
};
const struct mt_route mt_route_mig2 = {
	.name = "mig2",
	.traps = true,
	.since = "13",
	ROUTINES(mt_mig_trap2).send = mt_mig_trap2,
	.exchange = mt_mig_exchange_trap2,
};
