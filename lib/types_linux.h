/*
 * The Mach VM API's types and constants where Apple's headers are absent.
 * Values are facts of Apple's <mach/...> headers (the file that has each is
 * named above its group); admin/cross-macos proves them against those headers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_TYPES_LINUX_H
#define MT_TYPES_LINUX_H

/* The rest of this file: see lib/README.md for who fills it. */
typedef int kern_return_t;
typedef unsigned int mach_port_name_t;
