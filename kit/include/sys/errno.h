/*
 * <sys/errno.h> of the reproducer kit; no include guard, errno.h has one.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "../errno.h"
