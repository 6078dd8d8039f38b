/*
 * <stdlib.h> of the reproducer kit: the host's and what only Darwin has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_STDLIB_H
#define KIT_STDLIB_H

#include_next <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif
void *reallocf(void *, size_t);
const char *getprogname(void);
#if !__GLIBC_PREREQ(2, 36)
unsigned arc4random(void);
unsigned arc4random_uniform(unsigned);
#endif
#ifdef __cplusplus
}
#endif

#endif
