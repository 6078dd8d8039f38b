/*
 * DARWIN_EPERM and so on: errno as XNU numbers it, whatever the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MT_DARWIN_ERRNO_H
#define MT_DARWIN_ERRNO_H

enum {
#define ERROR(name_, number_) DARWIN_##name_ = (number_),
#include "errnos.h"
#undef ERROR
};

#endif
