/*
 * What admin/bench measures inside a process, each beside its reference:
 *
 *	trap	task_self_trap, and a bare system call that seccomp turns into
 *		SIGSYS and a handler answers: nanoseconds each
 *	regions	with 100 and with 100,000 regions in the map: nanoseconds of an
 *		allocation at a fixed place and anywhere, a look-up, a
 *		deallocation
 *
 * Each line is "name reference measured".
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "route.h"
#include "system.h"
#include "trap.h"

enum { TRIPS = 100000, ROUNDS = 5, NUMBER = 9999 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void
answer(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)signal;
	(void)info;
#if defined(__x86_64__)
	u->uc_mcontext.gregs[REG_RAX] = 0;
#else
	u->uc_mcontext.regs[0] = 0;
#endif
}

static void
bare_start(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NUMBER, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { 4, filter };
	struct sigaction action;
	stack_t stack = { .ss_size = 65536 };

	stack.ss_sp = malloc(stack.ss_size);
	sigaltstack(&stack, NULL);
	memset(&action, 0, sizeof(action));
	action.sa_sigaction = answer;
	action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
	sigaction(SIGSYS, &action, NULL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		perror("seccomp");
		exit(77);
	}
}

static void
bare_trip(void)
{
	syscall(NUMBER);
}

static void
model_start(void)
{
	mt_system();
}

static void
model_trip(void)
{
	mt_trap_task_self();
}

/* Nanoseconds of a trip, in a process of its own; the best of some rounds. */
static double
trips(void (*start)(void), void (*trip)(void))
{
	double best = 1e18, *shared;
	int status;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		exit(1);
	if (fork() == 0) {
		start();
		for (int round = 0; round < ROUNDS; round++) {
			double t = now();

			for (int i = 0; i < TRIPS; i++)
				trip();
			t = (now() - t) / TRIPS;
			if (t < best)
				best = t;
		}
		*shared = best;
		_exit(0);
	}
	if (wait(&status) < 0 || status != 0)
		exit(1);
	return *shared;
}

enum { FIXED, LOOKUP, FREE, ANYWHERE, KINDS };
static const char *const kinds[KINDS] = { "allocate", "look-up", "deallocate",
	"anywhere" };

static void
must(kern_return_t kr, const char *what)
{
	if (kr == KERN_SUCCESS)
		return;
	fprintf(stderr, "bench: %s answered %d\n", what, kr);
	exit(1);
}

/* Regions of one page with a hole of one page after each. */
static void
regions(unsigned count, double *nanoseconds)
{
	const struct mt_route *vm = mt_routes[0];
	mach_port_name_t self = mach_task_self();
	mach_vm_size_t page = mt_system()->page;
	mach_vm_address_t base = 0, a;
	mach_vm_size_t size;
	uint32_t random = 1;
	struct vm_region_basic_info_64 info;
	mach_msg_type_number_t words;
	mach_port_name_t name;
	double t, sum[KINDS];
	enum { CALLS = 2000 };

	must(vm->allocate(self, &base, count * 2 * page, VM_FLAGS_ANYWHERE),
	    "allocate");
	must(vm->deallocate(self, base, count * 2 * page), "deallocate");
	for (unsigned i = 0; i < count; i++) {
		a = base + 2 * i * page;
		must(vm->allocate(self, &a, page, VM_FLAGS_FIXED), "allocate");
	}
	/* The best of some rounds: other processes only ever add. */
	for (int k = 0; k < KINDS; k++)
		nanoseconds[k] = 1e18;
	for (int round = 0; round < 10; round++) {
		memset(sum, 0, sizeof(sum));
		for (int i = 0; i < CALLS; i++) {
			random = random * 1664525 + 1013904223;
			a = base + 2 * page * (random % count);
			words = VM_REGION_BASIC_INFO_COUNT_64;
			t = now();
			must(vm->region(self, &a, &size,
				 VM_REGION_BASIC_INFO_64,
				 (vm_region_info_t)&info, &words, &name),
			    "region");
			sum[LOOKUP] += now() - t;
			t = now();
			must(vm->deallocate(self, a, page), "deallocate");
			sum[FREE] += now() - t;
			t = now();
			must(vm->allocate(self, &a, page, VM_FLAGS_FIXED),
			    "allocate");
			sum[FIXED] += now() - t;
			a = 0;
			t = now();
			must(vm->allocate(self, &a, 3 * page,
				 VM_FLAGS_ANYWHERE),
			    "allocate");
			sum[ANYWHERE] += now() - t;
			must(vm->deallocate(self, a, 3 * page), "deallocate");
		}
		for (int k = 0; k < KINDS; k++)
			if (sum[k] / CALLS < nanoseconds[k])
				nanoseconds[k] = sum[k] / CALLS;
	}
	must(vm->deallocate(self, base, count * 2 * page), "deallocate");
}

int
main(void)
{
	double few[KINDS], many[KINDS];

	printf("trap %.0f %.0f\n", trips(bare_start, bare_trip),
	    trips(model_start, model_trip));
	fflush(stdout);
	mt_system();
	regions(100, few);
	regions(100000, many);
	for (int k = 0; k < KINDS; k++)
		printf("%s %.0f %.0f\n", kinds[k], few[k], many[k]);
	return 0;
}
