/*
 * <ucontext.h> of the reproducer kit; no include guard, sys/ucontext.h has one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "sys/ucontext.h"
