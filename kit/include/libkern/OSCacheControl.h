/*
 * <libkern/OSCacheControl.h> of the reproducer kit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_OSCACHECONTROL_H
#define KIT_OSCACHECONTROL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
void sys_icache_invalidate(void *, size_t);
void sys_dcache_flush(void *, size_t);
#ifdef __cplusplus
}
#endif

#endif
