/*
 * mach-vm-bare-run: starts the bare image on Linux, as an XNU would start it
 * with nothing else: its segments in the model's map, its traps caught, Mach
 * into the model and the few BSD calls that it makes into the host.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "darwin_errno.h"
#include "macho.h"
#include "model/calls/boot.h"
#include "model/calls/exception.h"
#include "model/calls/mach_trap.h"
#include "model/calls/unix.h"
#include "model/host/access.h"
#include "model/host/frame.h"
#include "model/host/lock.h"
#include "model/host/signal.h"
#include "model/vm/delete.h"
#include "model/vm/region.h"
#include "model/vm/release.h"
#include "model/vm/task.h"
#include "model/vm/user.h"
#include "model/vm/vm.h"
#include "system.h"

#define STACK_SIZE (UINT64_C(8) << 20)
#define SKIPPED	   77

/* ---- BSD calls -------------------------------------------------------------- */

/* The signals that differ; all others that occur here have one number. */
static int
darwin_signal(int host)
{
	return host == SIGBUS ? 10 : host == SIGSYS ? 12 : host;
}

static int
darwin_errno(int host)
{
	return host == EAGAIN ? DARWIN_EAGAIN :
	    host == ENOSYS    ? DARWIN_ENOSYS :
				host;
}

static int
call_exit(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	(void)value;
	model_end();
	_exit((int)a[0]);
}

/* The child is told by the second value, which unix_call() takes from
 * value[1]. */
static int
call_fork(struct task *task, const uint64_t *a, uint64_t *value)
{
	int pid = model_fork();

	(void)task;
	(void)a;
	if (pid == -1)
		return DARWIN_EAGAIN;
	value[0] = pid == 0 ? (uint64_t)getppid() : (uint64_t)pid;
	value[1] = pid == 0;
	return 0;
}

static int
call_write(struct task *task, const uint64_t *a, uint64_t *value)
{
	char piece[4096];
	size_t size = a[2] < sizeof(piece) ? a[2] : sizeof(piece);
	ssize_t n;

	(void)task;
	if (!host_copyin(a[1], piece, size))
		return DARWIN_EFAULT;
	if ((n = write((int)a[0], piece, size)) == -1)
		return darwin_errno(errno);
	*value = (uint64_t)n;
	return 0;
}

/* The console is standard output. */
static int
call_open(struct task *task, const uint64_t *a, uint64_t *value)
{
	char path[16];
	int fd;

	(void)task;
	if (!host_copyin(a[0], path, sizeof("/dev/console")) ||
	    memcmp(path, "/dev/console", sizeof("/dev/console")) != 0)
		return 2; /* ENOENT */
	if ((fd = dup(STDOUT_FILENO)) == -1)
		return darwin_errno(errno);
	*value = (uint64_t)fd;
	return 0;
}

static int
call_wait4(struct task *task, const uint64_t *a, uint64_t *value)
{
	int status = 0, pid;

	(void)task;
	pid = waitpid((pid_t)(int)a[0], &status, (a[2] & 1) != 0 ? WNOHANG : 0);
	if (pid == -1)
		return darwin_errno(errno);
	*value = (uint64_t)pid;
	if (pid == 0)
		return 0;
	model_reaped(pid);
	status = WIFSIGNALED(status) ? darwin_signal(WTERMSIG(status)) :
				       WEXITSTATUS(status) << 8;
	return a[1] == 0 || host_copyout(&status, a[1], sizeof(status)) ?
	    0 :
	    DARWIN_EFAULT;
}

static int
call_kill(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	model_kill((int)a[0]);
	*value = 0;
	return 0;
}

/* struct __sigaction: handler, trampoline, mask, flags. */
struct darwin_action {
	uint64_t handler, trampoline;
	uint32_t mask, flags;
};
static struct darwin_action actions[32];

static int
call_sigaction(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	*value = 0;
	if (a[0] == 0 || a[0] >= 32)
		return DARWIN_EINVAL;
	return a[1] == 0 ||
		host_copyin(a[1], &actions[a[0]], sizeof(*actions)) ?
	    0 :
	    DARWIN_EFAULT;
}

/* Only after the action has become the default one: the instruction faults
 * again and the process ends by it. */
static int last_signal;

static int
call_sigreturn(struct task *task, const uint64_t *a, uint64_t *value)
{
	(void)task;
	(void)a;
	(void)value;
	host_die(last_signal == 10 ? SIGBUS : SIGSEGV);
}

/* To sleep, as the image uses it: no descriptors. */
static int
call_select(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct {
		int64_t seconds;
		int32_t microseconds, pad;
	} t;
	struct timespec pause;

	(void)task;
	*value = 0;
	if (!host_copyin(a[4], &t, sizeof(t)))
		return DARWIN_EFAULT;
	pause.tv_sec = t.seconds;
	pause.tv_nsec = t.microseconds * 1000L;
	nanosleep(&pause, NULL);
	return 0;
}

static int
call_gettimeofday(struct task *task, const uint64_t *a, uint64_t *value)
{
	struct timeval now;
	struct {
		int64_t seconds;
		int32_t microseconds, pad;
	} t = { 0, 0, 0 };

	(void)task;
	*value = 0;
	gettimeofday(&now, NULL);
	t.seconds = now.tv_sec;
	t.microseconds = (int32_t)now.tv_usec;
	return host_copyout(&t, a[0], sizeof(t)) ? 0 : DARWIN_EFAULT;
}

/* ---- sysctl ------------------------------------------------------------------ */

/* Darwin's version of the model's release: bare/system.c reads it back. */
static const char *
darwin_release(void)
{
	static char text[32];
	unsigned major = 0, minor = 0, patch = 0;

	sscanf(mt_system()->release, "%u.%u.%u", &major, &minor, &patch);
	if (major == 10)
		snprintf(text, sizeof(text), "%u.%u.0", minor + 4, patch + 1);
	else if (major < 14)
		snprintf(text, sizeof(text), "%u.%u.0", major + 9,
		    minor < 6 ? minor + 1 : minor);
	else
		snprintf(text, sizeof(text), "%u.%u.0",
		    major < 26 ? major + 9 : major - 1, minor);
	return text;
}

static char names[8][64]; /* asked by name; their number is 100 + i */

static int
give(const uint64_t *a, const void *from, size_t size)
{
	uint64_t room;

	if (a[3] == 0 || !host_copyin(a[3], &room, sizeof(room)))
		return DARWIN_EFAULT;
	if (room < size)
		return DARWIN_ENOMEM;
	room = size;
	return host_copyout(from, a[2], size) &&
		host_copyout(&room, a[3], sizeof(room)) ?
	    0 :
	    DARWIN_EFAULT;
}

static int
name_to_number(const uint64_t *a)
{
	static unsigned next;
	char *name = names[next % 8];
	int mib[2] = { 100, (int)(next % 8) };
	size_t size = a[5] < sizeof(names[0]) - 1 ? a[5] : sizeof(names[0]) - 1;
	uint64_t value;

	memset(name, 0, sizeof(names[0]));
	if (!host_copyin(a[4], name, size))
		return DARWIN_EFAULT;
	if (!mt_sysctl(name, &value))
		return 2; /* ENOENT */
	next++;
	return give(a, mib, sizeof(mib));
}

static int
call_sysctl(struct task *task, const uint64_t *a, uint64_t *value)
{
	int mib[2];
	uint64_t number = 0;
	uint32_t small;

	(void)task;
	*value = 0;
	if (a[1] < 2 || !host_copyin(a[0], mib, sizeof(mib)))
		return DARWIN_EFAULT;
	if (mib[0] == 0 && mib[1] == 3)
		return name_to_number(a);
	if (mib[0] == 1 && mib[1] == 2)
		return give(a, darwin_release(), strlen(darwin_release()) + 1);
	if (mib[0] == 1 && mib[1] == 4)
		return give(a, mt_system()->kernel,
		    strlen(mt_system()->kernel) + 1);
	if (mib[0] == 1 && mib[1] == 65)
		return give(a, "", 1);
	if (mib[0] == 6 && mib[1] == 7) {
		small = (uint32_t)mt_system()->page;
		return give(a, &small, sizeof(small));
	}
	if (mib[0] == 100 && mib[1] >= 0 && mib[1] < 8 &&
	    mt_sysctl(names[mib[1]], &number))
		return give(a, &number, sizeof(number));
	return 2;
}

static const struct unix_entry calls[UNIX_CALLS] = {
	[1] = { call_exit, 1 },
	[2] = { call_fork, 0 },
	[4] = { call_write, 3 },
	[5] = { call_open, 3 },
	[7] = { call_wait4, 4 },
	[37] = { call_kill, 3 },
	[46] = { call_sigaction, 3 },
	[93] = { call_select, 5 },
	[116] = { call_gettimeofday, 3 },
	[184] = { call_sigreturn, 3 },
	[202] = { call_sysctl, 6 },
};

/* ---- signals ----------------------------------------------------------------- */

/* As sendsig() enters the program: its trampoline with handler, style, signal,
 * siginfo, context and token. */
static bool
deliver(ucontext_t *context, int signal, uint64_t address)
{
	greg_t *r = context->uc_mcontext.gregs;
	const struct darwin_action *action = &actions[signal];
	struct {
		int32_t number, error, code, pid, uid, status;
		uint64_t address;
		uint64_t rest[8];
	} info = { .number = signal, .code = 1, .address = address };
	uint64_t stack = ((uint64_t)r[REG_RSP] - 128 - sizeof(info)) & ~15ull;

	last_signal = signal;
	if (action->handler <= 1 || !host_copyout(&info, stack, sizeof(info)))
		return false;
	/* siginfo_t has the code third: number, errno, code */
	r[REG_RDI] = (greg_t)action->handler;
	r[REG_RSI] = 1;
	r[REG_RDX] = signal;
	r[REG_RCX] = (greg_t)stack;
	r[REG_R8] = (greg_t)stack;
	r[REG_R9] = 0;
	r[REG_RSP] = (greg_t)(stack - 8);
	r[REG_RIP] = (greg_t)action->trampoline;
	return true;
}

/* ---- the image ---------------------------------------------------------------- */

static uint8_t *image;
static size_t image_size;

static void
read_image(const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (f == NULL || fstat(fileno(f), &st) == -1)
		err(2, "%s", path);
	image_size = (size_t)st.st_size;
	if ((image = malloc(image_size + 1)) == NULL ||
	    fread(image, 1, image_size, f) != image_size)
		errx(2, "%s: cannot be read", path);
	fclose(f);
}

static kern_return_t
place(const struct macho_segment *s)
{
	uint64_t at = s->address;
	kern_return_t kr;

	kernel_lock();
	kr = kernel_allocate(current_task, &at, s->memory_size, VM_FLAGS_FIXED);
	kernel_unlock();
	if (kr != KERN_SUCCESS)
		return kr;
	memcpy((void *)s->address, image + s->offset, s->file_size);
	kernel_lock();
	kr = kernel_protect(current_task, at, s->memory_size, FALSE,
	    (vm_prot_t)s->initial);
	if (kr == KERN_SUCCESS)
		kr = kernel_protect(current_task, at, s->memory_size, TRUE,
		    (vm_prot_t)s->maximum);
	kernel_unlock();
	return kr;
}

/* The first of the model's regions are an image of its own: it goes. */
static void
clear_place(uint64_t start)
{
	uint64_t at = start, size;
	int info[VM_REGION_INFO_MAX];
	mach_msg_type_number_t count;
	kern_return_t kr;

	for (;;) {
		count = VM_REGION_BASIC_INFO_COUNT_64;
		kernel_lock();
		kr = kernel_region(current_task, &at, &size,
		    VM_REGION_BASIC_INFO_64, info, &count);
		if (kr != KERN_SUCCESS || at >= start + (1 << 24)) {
			kernel_unlock();
			return;
		}
		/* not by a call: who frees its text dies */
		(void)map_delete(current_task->map, at, at + size, 0, NULL);
		kernel_unlock();
		at += size;
	}
}

static uint64_t
load(const char *path)
{
	struct macho_segment s;
	uint64_t entry = 0;

	clear_place(MACHO_BASE);
	for (unsigned i = 0; macho_segment(image, image_size, i, &s); i++) {
		if (s.address < MACHO_BASE)
			continue; /* the page zero */
		if (place(&s) != KERN_SUCCESS)
			errx(2, "%s: segment at %#lx cannot be placed", path,
			    (unsigned long)s.address);
	}
	if (!macho_entry(image, image_size, &entry))
		errx(2, "%s: no LC_UNIXTHREAD", path);
	return entry;
}

/* argc 1, the program's name, no environment; 8 MiB below the top that the
 * release uses, or where the host has room. */
static uint64_t
make_stack(void)
{
	static const char name[] = "mach-vm-bare";
	void *low = (void *)(UINT64_C(0x7ffeefc00000) - STACK_SIZE);
	uint64_t *top;
	char *memory;

	memory = mmap(low, STACK_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
	    -1, 0);
	if (memory == MAP_FAILED)
		memory = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		err(2, "stack");
	memcpy(memory + STACK_SIZE - 64, name, sizeof(name));
	top = (uint64_t *)(void *)(memory + STACK_SIZE - 0x180);
	top[0] = 1;
	top[1] = (uintptr_t)(memory + STACK_SIZE - 64);
	top[2] = top[3] = top[4] = 0;
	return (uintptr_t)top;
}

int
main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "release", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *release = NULL, *problem;
	uint64_t entry, stack, start, end;
	int c;

	while ((c = getopt_long(argc, argv, "r:h", longs, NULL)) != -1) {
		switch (c) {
		case 'r':
			release = optarg;
			break;
		case 'h':
			puts("usage: mach-vm-bare-run [--release R] IMAGE");
			return 0;
		default:
			return 2;
		}
	}
	if (argc - optind != 1)
		errx(2, "one image is needed (--help tells how)");
	read_image(argv[optind]);
	if (!macho_check(image, image_size, &problem))
		errx(2, "%s: %s", argv[optind], problem);
	if (!mt_system_choose(release, "x86_64", &problem))
		errx(2, "%s", problem);
	trap_watch(MACHO_BASE, MACHO_BASE + UINT32_MAX);
	if (mt_system()->no_traps != NULL) {
		puts(mt_system()->no_traps);
		return SKIPPED;
	}
	host_window(&start, &end);
	if (start > MACHO_BASE) {
		puts("the host has no room at the image's address");
		return SKIPPED;
	}
	unix_program = calls;
	exception_program = deliver;
	entry = load(argv[optind]);
	stack = make_stack();
	fflush(NULL);
	__asm__ volatile("movq %0, %%rsp\n\txorl %%ebp, %%ebp\n\tjmpq *%1"
			 :
			 : "d"(stack), "a"(entry)
			 : "memory");
	__builtin_unreachable();
}
