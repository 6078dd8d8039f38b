/*
 * <setjmp.h> of the reproducer kit: Darwin's setjmp keeps the signal mask.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_SETJMP_H
#define KIT_SETJMP_H

#include_next <setjmp.h>

#undef setjmp
#define setjmp(environment_) sigsetjmp(environment_, 1)

#endif
