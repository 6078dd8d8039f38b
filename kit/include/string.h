/*
 * <string.h> of the reproducer kit: the host's and what only Darwin has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_STRING_H
#define KIT_STRING_H

#include_next <string.h>
#include <strings.h>

#ifdef __cplusplus
extern "C" {
#endif
#if !__GLIBC_PREREQ(2, 38)
size_t strlcpy(char *, const char *, size_t);
size_t strlcat(char *, const char *, size_t);
#endif
int memset_s(void *, size_t, int, size_t);
void memset_pattern4(void *, const void *, size_t);
void memset_pattern8(void *, const void *, size_t);
void memset_pattern16(void *, const void *, size_t);
#ifdef __cplusplus
}
#endif

#endif
