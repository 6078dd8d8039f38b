/*
 * What a program's Mach-O header says about it.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_HEADER_H
#define MT_HEADER_H

#include <stddef.h>
#include <stdint.h>

/*
 * The SDK that a 64-bit Mach-O for macOS was built with, as the header has it:
 * major in bits 31...16, minor 15...8, patch 7...0.  0: not told, or not for
 * macOS.  `size` bytes may be looked at.  Sources: <mach-o/loader.h>,
 * LC_BUILD_VERSION and LC_VERSION_MIN_MACOSX.
 */
uint32_t mt_header_sdk(const void *header, size_t size);

#endif
