/*
 * Names of ports to ask about.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TESTS_NAMES_H
#define TESTS_NAMES_H

#include "stage.h"
#include "trap.h"

/* One that denotes nothing: no kernel hands out index 0xfade, generation 3. */
#define NOTHING ((mach_port_name_t)0x00fade03)

/* One with one send right and no other: a memory entry's. */
static inline mach_port_name_t
send_right(mach_port_name_t self)
{
	memory_object_size_t size = mt_page;
	mach_port_name_t entry = MACH_PORT_NULL;

	MT_REQUIRE(stage->make_memory_entry(self, &size, 0,
		       VM_PROT_DEFAULT | MAP_MEM_NAMED_CREATE, &entry,
		       MACH_PORT_NULL),
	    KERN_SUCCESS);
	return entry;
}

#endif
