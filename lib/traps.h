/*
 * The Mach traps that the suite makes, one per line, in order of number:
 *
 *	TRAP(name, number, arguments)
 *
 * xnu: osfmk/mach/syscall_sw.h.  Included by the stubs, so no C here.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
TRAP(allocate,         10, 4)
TRAP(purgable_control, 11, 4)
TRAP(deallocate,       12, 3)
TRAP(protect,          14, 5)
TRAP(map,              15, 6)
TRAP(port_deallocate,  18, 2)
TRAP(port_mod_refs,    19, 4)
TRAP(reply_port,       26, 0)
TRAP(thread_self,      27, 0)
TRAP(task_self,        28, 0)
TRAP(host_self,        29, 0)
TRAP(msg,              31, 7)
TRAP(msg2,             47, 8)
