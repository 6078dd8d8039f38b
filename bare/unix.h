/*
 * BSD calls by the trap instruction, and what is made of them.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#ifndef BARE_UNIX_H
#define BARE_UNIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers: bsd/kern/syscalls.master. */
enum bare_call {
	CALL_EXIT = 1,
	CALL_FORK = 2,
	CALL_WRITE = 4,
	CALL_OPEN = 5,
	CALL_WAIT4 = 7,
	CALL_GETPID = 20,
	CALL_KILL = 37,
	CALL_SIGACTION = 46,
	CALL_SIGALTSTACK = 53,
	CALL_EXECVE = 59,
	CALL_SELECT = 93,
	CALL_GETTIMEOFDAY = 116,
	CALL_SIGRETURN = 184,
	CALL_SYSCTL = 202,
};

/* The value of a call, or minus its errno.  second: the second value (rdx, x1)
 * afterwards; NULL. */
int64_t bare_unix(enum bare_call, uint64_t, uint64_t, uint64_t, uint64_t,
    uint64_t, uint64_t, uint64_t *second);

int bare_getpid(void);
void bare_sleep(unsigned milliseconds);
uint64_t bare_now(void); /* milliseconds */
/* A sysctl by its numbers; the bytes it gave, 0: none. */
size_t bare_sysctl(const int *mib, unsigned count, void *old, size_t size);
/* Catch faults with bare_trampoline, on a stack of its own: the process's may
 * be what faults. */
void bare_catch(void);
/* As mt_wait(); -2 when the child is not gone so many seconds after it was
 * killed either. */
int bare_wait(int child, int seconds, int seconds_kill);
/* In a forked child: what it has not from its parent. */
void bare_forked(void);

/* start_x86_64.S, start_arm64.S */
int64_t bare_load(uint64_t address);
int64_t bare_store(uint64_t address, uint8_t value);
int64_t bare_execute(uint64_t address);
void bare_trampoline(void);
extern uint64_t bare_si_addr; /* of the signal that ended the last touch */

#endif
