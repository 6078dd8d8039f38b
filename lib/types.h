/*
 * The types, constants and prototypes of the Mach VM API: Apple's own headers
 * on macOS, ours (types_linux.h) elsewhere.  The only file above the build
 * that asks which system it is compiled for.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_TYPES_H
#define MT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__APPLE__) && !defined(MT_BARE)
#include <mach/mach.h>
#include "types_darwin.h" /* what some SDKs lack: mach_vm.h, newer flags */
#else
#include "types_linux.h"
#endif

#endif
