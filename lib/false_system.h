/*
 * A made-up system for the library's own tests: it claims to be what a
 * test wants, has a small map without any finer points, and lies on demand.
 * Linked instead of system_*.c, fault_*.c and route.c.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_FALSE_SYSTEM_H
#define MT_FALSE_SYSTEM_H

#include "region.h"
#include "route.h"
#include "system.h"

/* What mt_system() tells; a test may change every field. */
extern struct mt_system false_system;

/* Route "libsystem", also `stage`, and route "trap" with allocate and raw; a
 * third, "later", begins with release 16. */
extern struct mt_route false_libsystem, false_trap;

/* An empty map again. */
void false_map_clear(void);
/* One region in it, whatever it overlaps. */
void false_map_add(mach_vm_address_t, mach_vm_size_t, vm_prot_t, unsigned tag);

/* What region_recurse answers instead of the truth, when enabled. */
struct false_answer {
	bool enabled;
	kern_return_t kr;
	mach_vm_address_t address;
	mach_vm_size_t size;
	natural_t depth;
	mach_msg_type_number_t count;
	unsigned calls; /* counted */
};
extern struct false_answer false_answer;

#endif
