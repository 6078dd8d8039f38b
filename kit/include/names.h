/*
 * Included before the first line of a program: functions of libSystem that know
 * the model, in place of the host's of the same name.  The program may declare
 * them by any header or by itself.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef KIT_NAMES_H
#define KIT_NAMES_H

/* What Apple's compiler knows by itself. */
#define __builtin_available(...) 1
#define _Nonnull
#define _Nullable
#define _Null_unspecified

/* memory */
#pragma redefine_extname mmap darwin_mmap
#pragma redefine_extname munmap darwin_munmap
#pragma redefine_extname mprotect darwin_mprotect
#pragma redefine_extname minherit darwin_minherit
#pragma redefine_extname madvise darwin_madvise
#pragma redefine_extname posix_madvise darwin_posix_madvise
#pragma redefine_extname mincore darwin_mincore
#pragma redefine_extname msync darwin_msync
#pragma redefine_extname mlock darwin_mlock
#pragma redefine_extname munlock darwin_munlock
#pragma redefine_extname mlockall darwin_mlockall
#pragma redefine_extname munlockall darwin_munlockall

/* malloc: what is large or aligned to pages is memory of the model */
#pragma redefine_extname malloc darwin_malloc
#pragma redefine_extname calloc darwin_calloc
#pragma redefine_extname realloc darwin_realloc
#pragma redefine_extname reallocf darwin_reallocf
#pragma redefine_extname free darwin_free
#pragma redefine_extname valloc darwin_valloc
#pragma redefine_extname posix_memalign darwin_posix_memalign
#pragma redefine_extname aligned_alloc darwin_aligned_alloc
#pragma redefine_extname malloc_size darwin_malloc_size

/* processes */
#pragma redefine_extname fork darwin_fork
#pragma redefine_extname vfork darwin_fork
#pragma redefine_extname _exit darwin__exit
#pragma redefine_extname _Exit darwin__exit
#pragma redefine_extname wait darwin_wait
#pragma redefine_extname waitpid darwin_waitpid
#pragma redefine_extname wait4 darwin_wait4
#pragma redefine_extname getrlimit darwin_getrlimit
#pragma redefine_extname setrlimit darwin_setrlimit

/* signals, in Darwin's numbers */
#pragma redefine_extname signal darwin_signal
#pragma redefine_extname sigaction darwin_sigaction
#pragma redefine_extname sigaltstack darwin_sigaltstack
#pragma redefine_extname sigprocmask darwin_sigprocmask
#pragma redefine_extname pthread_sigmask darwin_pthread_sigmask
#pragma redefine_extname sigaddset darwin_sigaddset
#pragma redefine_extname sigdelset darwin_sigdelset
#pragma redefine_extname sigismember darwin_sigismember
#pragma redefine_extname raise darwin_raise
#pragma redefine_extname kill darwin_kill
#pragma redefine_extname pthread_kill darwin_pthread_kill
#pragma redefine_extname strsignal darwin_strsignal
#pragma redefine_extname psignal darwin_psignal

/* errors, in Darwin's numbers */
#pragma redefine_extname strerror darwin_strerror
#pragma redefine_extname strerror_r darwin_strerror_r
#pragma redefine_extname perror darwin_perror
#pragma redefine_extname err darwin_err
#pragma redefine_extname warn darwin_warn

/* what the system is */
#pragma redefine_extname sysconf darwin_sysconf
#pragma redefine_extname getpagesize darwin_getpagesize
#pragma redefine_extname sysctl darwin_sysctl
#pragma redefine_extname sysctlbyname darwin_sysctlbyname
#pragma redefine_extname uname darwin_uname
#pragma redefine_extname dlsym darwin_dlsym

/* files: the host's, and the model's when they are mapped */
#pragma redefine_extname open darwin_open
#pragma redefine_extname close darwin_close
#pragma redefine_extname unlink darwin_unlink
#pragma redefine_extname ftruncate darwin_ftruncate
#pragma redefine_extname fstat darwin_fstat
#pragma redefine_extname shm_open darwin_shm_open
#pragma redefine_extname shm_unlink darwin_shm_unlink
#pragma redefine_extname pread darwin_pread
#pragma redefine_extname pwrite darwin_pwrite
#pragma redefine_extname read darwin_read
#pragma redefine_extname write darwin_write
#pragma redefine_extname fread darwin_fread
#pragma redefine_extname fwrite darwin_fwrite

#endif
