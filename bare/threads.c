/*
 * Threads without libpthread: thread_create_running() of the task's own port.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#include "threads.h"

#include <string.h>

#include "mig.h"
#include "system.h"
#include "unix.h"

#define STACK 16384 /* bytes */

enum { THREAD_CREATE_RUNNING = 3412 }; /* osfmk/mach/task.defs */

/* osfmk/mach/i386/_structs.h, osfmk/mach/arm/_structs.h: the registers of a
 * 64-bit thread, and what of them is given. */
struct state {
#if defined(__x86_64__)
	uint64_t rax, rbx, rcx, rdx, argument, rsi, rbp, sp, r8_to_r15[8], pc;
	uint64_t rflags, cs, fs, gs;
#else
	uint64_t argument, x1_to_x28[28], fp, lr, sp, pc;
	uint32_t cpsr, flags;
#endif
};
#if defined(__x86_64__)
#define FLAVOR 4 /* x86_THREAD_STATE64 */
#define CALLED 8 /* bytes: the return address that the entry expects */
#else
#define FLAVOR 6 /* ARM_THREAD_STATE64 */
#define CALLED 0
#endif

struct request {
	mach_msg_header_t header;
	uint8_t ndr[8];
	int32_t flavor;
	uint32_t count; /* of words of 32 bits */
	struct state state;
} __attribute__((packed, aligned(8)));

struct member {
	void (*body)(void *, unsigned);
	void *argument;
	unsigned i;
	bool is_there, has_ended;
};

static struct member members[MT_THREADS];
static bool begun;
static uint8_t stacks[MT_THREADS][STACK] __attribute__((aligned(16)));

static void
begin(struct member *m)
{
	__atomic_store_n(&m->is_there, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&begun, __ATOMIC_ACQUIRE))
		continue; /* at once, where there are processors enough */
	m->body(m->argument, m->i);
	__atomic_store_n(&m->has_ended, true, __ATOMIC_RELEASE);
	for (;;) /* it ends with its process */
		bare_sleep(1000);
}

static bool
create(unsigned i)
{
	struct mt_message m;
	struct request r = {
		.header = { .msgh_bits = MACH_MSGH_BITS(MACH_MSG_TYPE_COPY_SEND,
				MACH_MSG_TYPE_MAKE_SEND_ONCE),
		    .msgh_size = sizeof(r),
		    .msgh_remote_port = mach_task_self(),
		    .msgh_id = THREAD_CREATE_RUNNING },
		.flavor = FLAVOR,
		.count = sizeof(r.state) / 4,
		.state = { .argument = (uintptr_t)&members[i],
		    .sp = (uintptr_t)stacks[i] + STACK - CALLED,
		    .pc = (uintptr_t)begin },
	};

	memcpy(r.ndr, mt_mig_ndr, sizeof(r.ndr));
	memset(&m, 0, sizeof(m));
	memcpy(&m, &r, sizeof(r));
	/* its reply has the thread's port, and no code if it is complex */
	return mt_mig_any(&m, sizeof(r)) == MACH_MSG_SUCCESS &&
	    (m.header.msgh_bits & MACH_MSGH_BITS_COMPLEX) != 0;
}

static void
await(const bool *flag)
{
	while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE))
		bare_sleep(1);
}

bool
mt_threads(unsigned n, void (*body)(void *, unsigned), void *argument)
{
	if (n > MT_THREADS || begun)
		return false;
	for (unsigned i = 0; i < n; i++) {
		members[i] = (struct member){ .body = body,
			.argument = argument,
			.i = i };
		if (!create(i))
			return false;
	}
	for (unsigned i = 0; i < n; i++)
		await(&members[i].is_there);
	__atomic_store_n(&begun, true, __ATOMIC_RELEASE);
	for (unsigned i = 0; i < n; i++)
		await(&members[i].has_ended);
	return true;
}
