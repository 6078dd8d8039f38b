/*
 * Touching user memory without dying of it: the window and the host's own
 * memory alike (access_*.S; the faults are signal.c's).
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef MODEL_HOST_ACCESS_H
#define MODEL_HOST_ACCESS_H

#include "types.h"

/* Copy between user and kernel memory; false when user memory faults.  May be
 * called with the lock held when the map is in order: a fault in the window
 * then runs under the caller's lock. */
bool host_copyin(uint64_t user, void *kernel, size_t);
bool host_copyout(const void *kernel, uint64_t user, size_t);

/* Touch one byte; the negated code of the EXC_BAD_ACCESS, else 0 or the byte
 * (load).  execute calls the address. */
long host_load(uint64_t address);
long host_store(uint64_t address, uint8_t value);
long host_execute(uint64_t address);
/* The address that the last exception of these told. */
uint64_t host_refused(void);

#endif
