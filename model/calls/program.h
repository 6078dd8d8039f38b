/*
 * What the program that runs says about itself.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_CALLS_PROGRAM_H
#define MODEL_CALLS_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

/* The SDK that its Mach-O names, as header.h has it; 0: it names none.  Set
 * before the first call. */
extern uint32_t program_sdk;

/* It was built with that SDK or a later one, for which the kernel takes a
 * program that names none, too: bsd/kern/kern_proc.c proc_sdk(). */
bool program_built_since(uint32_t major, uint32_t minor);

#endif
