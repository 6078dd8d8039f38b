/*
 * <malloc/malloc.h> of the reproducer kit.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_MALLOC_MALLOC_H
#define KIT_MALLOC_MALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
size_t malloc_size(const void *);
size_t malloc_good_size(size_t);
#ifdef __cplusplus
}
#endif

#endif
