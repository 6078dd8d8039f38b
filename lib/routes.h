/*
 * The routes that have a file of their own; route.c lists them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_ROUTES_H
#define MT_ROUTES_H

#include "route.h"

extern const struct mt_route mt_route_trap;	/* Mach traps (trap.h) */
extern const struct mt_route mt_route_vm;	/* libSystem's vm_* twins */
/* Messages of our own, through mach_msg_trap and mach_msg2_trap (mig.h). */
extern const struct mt_route mt_route_mig, mt_route_mig2;

/* BSD calls through libc, and by the trap instruction. */
extern const struct mt_route mt_route_libc, mt_route_unix;

#endif
