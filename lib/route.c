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
	.libsystem = mt_route_subject,
	.page_size = mt_route_subject,
#define MACH_VM(name_, id_, since_, before_, request_, reply_, function_, \
    parameters_)                                                          \
	.name_ = function_,
#include "routines.h"
	.map_anonymous = map_anonymous,
};

const struct mt_route *const mt_routes[] = {
	&libsystem,
	&mt_route_trap,
	&mt_route_mig,
	&mt_route_mig2,
	&mt_route_vm,
	&mt_route_libc,
	&mt_route_unix,
	NULL,
};

const struct mt_route *stage = &libsystem;
const struct mt_route *const stage_bsd = &mt_route_libc;
