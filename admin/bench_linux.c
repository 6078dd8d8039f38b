/*
 * What admin/bench measures inside a process, each beside its reference:
 *
 *	trap	task_self_trap, and a bare system call that seccomp turns into
 *		SIGSYS and a handler answers: nanoseconds each
 *	others	with 100 and with MANY regions in the map: nanoseconds of an
 *		allocation at a fixed place and anywhere, a look-up, a
 *		deallocation
 *
 * The two are processes that take turns, so that what else the machine does
 * meets both.  Each line is "name reference measured ratio": medians of the
 * rounds, and the median of the rounds' ratios.  An argument: so many regions
 * instead of MANY.
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

enum {
	MANY = 1000000,
	FEW = 100,
	TRIPS = 10000, /* of a round */
	CALLS = 1000,  /* of each kind, of a round */
	ROUNDS = 31,   /* odd: medians */
	NUMBER = 9999, /* of no system call */
	KINDS = 4,
};

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

static void
trips(void (*trip)(void), double *nanoseconds)
{
	double t = now();

	for (int i = 0; i < TRIPS; i++)
		trip();
	nanoseconds[0] = (now() - t) / TRIPS;
}

static void
bare_round(double *nanoseconds)
{
	trips(bare_trip, nanoseconds);
}

static void
model_round(double *nanoseconds)
{
	trips(model_trip, nanoseconds);
}

/* ---- regions ------------------------------------------------------------- */

enum { FIXED, LOOKUP, FREE, ANYWHERE };
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

static unsigned count;
static mach_vm_address_t base;

/* Regions of one page with a hole of one page after each. */
static void
regions_start(void)
{
	const struct mt_route *vm = mt_routes[0];
	const mach_vm_size_t page = mt_system()->page;
	mach_port_name_t self = mach_task_self();
	mach_vm_address_t a;

	must(vm->allocate(self, &base, count * 2 * page, VM_FLAGS_ANYWHERE),
	    "allocate");
	must(vm->deallocate(self, base, count * 2 * page), "deallocate");
	for (unsigned i = 0; i < count; i++) {
		a = base + 2 * i * page;
		must(vm->allocate(self, &a, page, VM_FLAGS_FIXED), "allocate");
	}
}

static void
regions_round(double *nanoseconds)
{
	static uint32_t random = 1;
	const struct mt_route *vm = mt_routes[0];
	const mach_vm_size_t page = mt_system()->page;
	mach_port_name_t self = mach_task_self(), name;
	mach_vm_address_t a;
	mach_vm_size_t size;
	struct vm_region_basic_info_64 info;
	mach_msg_type_number_t words;
	double t, sum[KINDS] = { 0 };

	for (int i = 0; i < CALLS; i++) {
		random = random * 1664525 + 1013904223;
		a = base + 2 * page * ((random >> 8) % count);
		words = VM_REGION_BASIC_INFO_COUNT_64;
		t = now();
		must(vm->region(self, &a, &size, VM_REGION_BASIC_INFO_64,
			 (vm_region_info_t)&info, &words, &name),
		    "region");
		sum[LOOKUP] += now() - t;
		t = now();
		must(vm->deallocate(self, a, page), "deallocate");
		sum[FREE] += now() - t;
		t = now();
		must(vm->allocate(self, &a, page, VM_FLAGS_FIXED), "allocate");
		sum[FIXED] += now() - t;
		a = 0;
		t = now();
		must(vm->allocate(self, &a, 3 * page, VM_FLAGS_ANYWHERE),
		    "allocate");
		sum[ANYWHERE] += now() - t;
		must(vm->deallocate(self, a, 3 * page), "deallocate");
	}
	for (int k = 0; k < KINDS; k++)
		nanoseconds[k] = sum[k] / CALLS;
}

/* ---- pairs ---------------------------------------------------------------- */

struct side {
	void (*start)(void);
	void (*round)(double *nanoseconds);
	unsigned regions;
	int ask, answer; /* pipes */
};

static void
side_begin(struct side *side)
{
	int ask[2], answer[2];
	double nanoseconds[KINDS] = { 0 };
	char c;

	if (pipe(ask) != 0 || pipe(answer) != 0)
		exit(1);
	side->ask = ask[1];
	side->answer = answer[0];
	if (fork() != 0) {
		close(ask[0]);
		close(answer[1]);
		return;
	}
	close(ask[1]);
	close(answer[0]);
	count = side->regions;
	side->start();
	while (read(ask[0], &c, 1) == 1) {
		side->round(nanoseconds);
		if (write(answer[1], nanoseconds, sizeof(nanoseconds)) !=
		    sizeof(nanoseconds))
			break;
	}
	_exit(0);
}

static void
side_round(const struct side *side, double nanoseconds[KINDS])
{
	const ssize_t size = KINDS * sizeof(double);

	if (write(side->ask, "", 1) != 1 ||
	    read(side->answer, nanoseconds, size) != size) {
		fprintf(stderr, "bench: a process ended\n");
		exit(1);
	}
}

static int
compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

/* One line for each name. */
static void
pair(struct side *reference, struct side *measured, unsigned names,
    const char *const *name)
{
	static double a[KINDS][ROUNDS], b[KINDS][ROUNDS], ratio[KINDS][ROUNDS];
	double x[KINDS], y[KINDS];
	int status;

	side_begin(reference);
	side_begin(measured);
	side_round(reference, x); /* not counted: both are made ready */
	side_round(measured, y);
	for (int i = 0; i < ROUNDS; i++) {
		side_round(reference, x);
		side_round(measured, y);
		for (unsigned k = 0; k < names; k++) {
			a[k][i] = x[k];
			b[k][i] = y[k];
			ratio[k][i] = y[k] / x[k];
		}
	}
	close(reference->ask);
	close(measured->ask);
	while (wait(&status) > 0)
		continue;
	for (unsigned k = 0; k < names; k++)
		printf("%s %.0f %.0f %.3f\n", name[k], median(a[k]),
		    median(b[k]), median(ratio[k]));
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	static const char *const trap[] = { "trap" };
	struct side bare = { .start = bare_start, .round = bare_round };
	struct side model = { .start = model_start, .round = model_round };
	struct side few = { .start = regions_start,
		.round = regions_round,
		.regions = FEW };
	struct side many = few;

	many.regions = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : MANY;
	if (many.regions < FEW) {
		fprintf(stderr, "bench: at least %d regions\n", FEW);
		return 2;
	}
	pair(&bare, &model, 1, trap);
	pair(&few, &many, KINDS, kinds);
	return 0;
}
