/*
 * The Mach traps, in order of number:
 *
 *	TRAP(name, number, arguments, since, before)
 *	OTHER_TRAP(number, arguments, since, before)
 *
 * TRAP is one that the suite makes, OTHER_TRAP one of which the model has to
 * know more than that it is there.  arguments: how many words the kernel takes.
 * since: the first kernel that has it, "" if all do; before: the first that has
 * it no more, "" if the newest has it; rows of releases.h, and admin/dates.tsv
 * says where the source shows it.
 *
 * xnu: osfmk/mach/syscall_sw.h, osfmk/kern/syscall_sw.c.  Included by the
 * assembler's stubs, too, so no C here.  Included for its rows: no include
 * guard; what a user does not define is nothing.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef TRAP
#define TRAP(name_, number_, arguments_, since_, before_)
#endif
#ifndef OTHER_TRAP
#define OTHER_TRAP(number_, arguments_, since_, before_)
#endif

TRAP(allocate, 10, 4, "", "")
TRAP(purgable_control, 11, 4, "", "")
TRAP(deallocate, 12, 3, "", "")
OTHER_TRAP(13, 2, "11.3", "") /* task_dyld_process_info_notify_get */
TRAP(protect, 14, 5, "", "")
TRAP(map, 15, 6, "", "")
OTHER_TRAP(16, 3, "", "")     /* mach_port_allocate */
OTHER_TRAP(17, 2, "", "11.0") /* mach_port_destroy */
TRAP(port_deallocate, 18, 2, "", "")
TRAP(port_mod_refs, 19, 4, "", "")
OTHER_TRAP(21, 4, "", "") /* mach_port_insert_right */
TRAP(reply_port, 26, 0, "", "")
TRAP(thread_self, 27, 0, "", "")
TRAP(task_self, 28, 0, "", "")
TRAP(host_self, 29, 0, "", "")
TRAP(msg, 31, 7, "", "")
TRAP(msg_overwrite, 32, 8, "", "")
OTHER_TRAP(40, 0, "10.14.1", "") /* mach_port_get_attributes */
OTHER_TRAP(45, 3, "", "")	 /* task_for_pid */
OTHER_TRAP(46, 2, "", "")	 /* pid_for_task */
TRAP(msg2, 47, 8, "13.0", "")
OTHER_TRAP(63, 3, "26.0", "")	 /* of deferred reclamation */
OTHER_TRAP(76, 0, "10.15.0", "") /* mach_port_type */
OTHER_TRAP(77, 0, "10.15.0", "") /* mach_port_request_notification */
OTHER_TRAP(88, 0, "14.0", "")	 /* exclaves_ctl */
OTHER_TRAP(89, 1, "", "")	 /* mach_timebase_info */
OTHER_TRAP(96, 0, "10.15.0", "") /* debug_control_port_for_pid */

#undef TRAP
#undef OTHER_TRAP
