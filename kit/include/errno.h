/*
 * <errno.h> of the reproducer kit: Darwin's numbers.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_ERRNO_H
#define KIT_ERRNO_H

#ifdef __cplusplus
extern "C" {
#endif
int *darwin_errno(void);
#ifdef __cplusplus
}
#endif
#define errno (*darwin_errno())

enum {
#define ERROR(name_, number_) name_ = (number_),
#include "../../lib/errnos.h"
#undef ERROR
	EWOULDBLOCK = EAGAIN,
};

typedef int errno_t, error_t;

#endif
