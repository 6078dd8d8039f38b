/*
 * The route of Mach traps.  The kernel has traps for these alone; map is
 * anonymous, its maximum protection ALL.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "routes.h"

#include "trap.h"

const struct mt_route mt_route_trap = {
	.name = "trap",
	.traps = true,
	.allocate = mt_trap_allocate,
	.deallocate = mt_trap_deallocate,
	.protect = mt_trap_protect,
	.map_anonymous = mt_trap_map,
	.purgable_control = mt_trap_purgable_control,
	.comm_page = mt_route_subject,
	.fault = mt_route_subject,
	.raw = mt_trap_raw,
};
