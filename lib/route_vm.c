/*
 * libSystem's vm_* functions: the twins of mach_vm_* that take the process's
 * own address type.  All but vm_allocate's family of traps reach the kernel
 * by the vm_map subsystem's messages.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "routes.h"
#include "routine_lists.h"

#define ROUTINE(name_, id_, since_, before_, request_, reply_, function_, \
    twin_, parameters_)                                                   \
	static kern_return_t name_##_(                                    \
	    mach_port_name_t target MT_DECLARE(parameters_))              \
	{                                                                 \
		return twin_(target MT_PASS(parameters_));                \
	}
#include "routines.h"

static kern_return_t
map_anonymous_(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags,
    vm_prot_t cur_protection)
{
	return map_(target, address, size, mask, flags, MACH_PORT_NULL, 0,
	    FALSE, cur_protection, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

const struct mt_route mt_route_vm = {
	.name = "vm",
#define ROUTINE(name_, id_, since_, before_, request_, reply_, function_, \
    twin_, parameters_)                                                   \
	.name_ = name_##_,
#include "routines.h"
	.map_anonymous = map_anonymous_,
};
