/*
 * <sys/signal.h> of the reproducer kit; no include guard, signal.h has one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "../signal.h"
