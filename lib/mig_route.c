/*
 * The routes mig and mig2: every routine as a message of our own, through
 * mach_msg_trap and mach_msg2_trap.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "mig.h"
#include "routes.h"
#include "routine_lists.h"
#include "trap.h"

/* A member of struct mt_route has no place for the trap to use, so each route
 * has functions of its own. */
#define STUB(via_, name_, parameters_)                                        \
	static kern_return_t via_##_##name_(                                  \
	    mach_port_name_t target MT_DECLARE(parameters_))                  \
	{                                                                     \
		const uint64_t arguments[] = { MT_ARGUMENTS(parameters_) 0 }; \
                                                                              \
		return mt_mig_call(via_, MT_MIG_##name_, target, arguments);  \
	}
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_) \
	STUB(mt_mig_trap, name_, parameters_)                               \
	STUB(mt_mig_trap2, name_, parameters_)
#include "routines.h"

static kern_return_t
mt_mig_trap_map_anonymous(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags, vm_prot_t current)
{
	return mt_mig_trap_map(target, address, size, mask, flags,
	    MACH_PORT_NULL, 0, FALSE, current, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

static kern_return_t
mt_mig_trap2_map_anonymous(mach_port_name_t target, mach_vm_address_t *address,
    mach_vm_size_t size, mach_vm_offset_t mask, int flags, vm_prot_t current)
{
	return mt_mig_trap2_map(target, address, size, mask, flags,
	    MACH_PORT_NULL, 0, FALSE, current, VM_PROT_ALL, VM_INHERIT_DEFAULT);
}

const struct mt_route mt_route_mig = {
	.name = "mig",
	.traps = true,
	.old_messages = true,
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_) \
	.name_ = mt_mig_trap_##name_,
#include "routines.h"
	.map_anonymous = mt_mig_trap_map_anonymous,
	.send = mt_mig_trap,
	.exchange = mt_mig_exchange_trap,
};

const struct mt_route mt_route_mig2 = {
	.name = "mig2",
	.traps = true,
	.new_messages = true,
#define MESSAGE(name_, id_, since_, before_, request_, reply_, parameters_) \
	.name_ = mt_mig_trap2_##name_,
#include "routines.h"
	.map_anonymous = mt_mig_trap2_map_anonymous,
	.send = mt_mig_trap2,
	.exchange = mt_mig_exchange_trap2,
};
