/*
 * <pthread.h> of the reproducer kit: the host's and what only Darwin has.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_PTHREAD_H
#define KIT_PTHREAD_H

#include_next <pthread.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
/* Of the release; MAP_JIT memory of the model stays writable either way. */
int pthread_jit_write_protect_supported_np(void);
void pthread_jit_write_protect_np(int enabled);
int pthread_threadid_np(pthread_t, uint64_t *);
int pthread_main_np(void);
void *pthread_get_stackaddr_np(pthread_t);
size_t pthread_get_stacksize_np(pthread_t);
unsigned pthread_mach_thread_np(pthread_t);
#ifdef __cplusplus
}
#endif

#endif
