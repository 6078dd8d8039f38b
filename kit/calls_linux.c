/*
 * Calls of libSystem that say what the system is, and processes.
 *
 * SPDX-License-Identifier: BSD-2-Clause
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "darwin_errno.h"
#include "kit/include/sys/sysctl.h"
#include "kit/kit_linux.h"
#include "model/calls/boot.h"
#include "model/host/lock.h"
#include "model/vm/limits.h"
#include "model/vm/task.h"
#include "model/vm/vm.h"
#include "numbers.h"
#include "system.h"

/* ---- processes -------------------------------------------------------------- */

pid_t
darwin_fork(void)
{
	pid_t child = mt_fork();

	if (child == 0)
		atexit(model_end);
	return child;
}

void
darwin__exit(int status)
{
	mt_exit(status);
}

pid_t
darwin_wait4(pid_t who, int *status, int options, struct rusage *usage)
{
	int its = 0;
	pid_t child = wait4(who, &its, options, usage);

	if (child <= 0)
		return child;
	/* The memory of who ended goes. */
	if (WIFSIGNALED(its) || WIFEXITED(its))
		model_reaped(child);
	if (status != NULL)
		*status = mt_status_to_darwin(its);
	return child;
}

pid_t
darwin_waitpid(pid_t who, int *status, int options)
{
	return darwin_wait4(who, status, options, NULL);
}

pid_t
darwin_wait(int *status)
{
	return darwin_wait4(-1, status, 0, NULL);
}

/* ---- limits ----------------------------------------------------------------- */

/* Those that the model knows; -1: the host's. */
static int
limit_of(int host)
{
	switch (host) {
	case RLIMIT_AS:
		return LIMIT_AS;
	case RLIMIT_DATA:
		return LIMIT_DATA;
	case RLIMIT_MEMLOCK:
		return LIMIT_MEMLOCK;
	default:
		return -1;
	}
}

int
darwin_getrlimit(int host, struct rlimit *limit)
{
	uint64_t limits[2];
	int error;

	if (limit_of(host) == -1)
		return getrlimit((__rlimit_resource_t)host, limit);
	kernel_lock();
	error = kernel_getrlimit(current_task, (unsigned)limit_of(host),
	    limits);
	kernel_unlock();
	if (error != 0)
		return kit_fail(error);
	limit->rlim_cur = limits[0] == TASK_NO_LIMIT ? RLIM_INFINITY :
						       limits[0];
	limit->rlim_max = limits[1] == TASK_NO_LIMIT ? RLIM_INFINITY :
						       limits[1];
	return 0;
}

int
darwin_setrlimit(int host, const struct rlimit *limit)
{
	uint64_t limits[2];
	int error;

	if (limit_of(host) == -1)
		return setrlimit((__rlimit_resource_t)host, limit);
	limits[0] = limit->rlim_cur == RLIM_INFINITY ? TASK_NO_LIMIT :
						       limit->rlim_cur;
	limits[1] = limit->rlim_max == RLIM_INFINITY ? TASK_NO_LIMIT :
						       limit->rlim_max;
	kernel_lock();
	error = kernel_setrlimit(current_task, (unsigned)limit_of(host),
	    limits);
	kernel_unlock();
	return error == 0 ? 0 : kit_fail(error);
}

/* ---- what the system is ------------------------------------------------------- */

long
darwin_sysconf(int name)
{
	uint64_t memory;

	switch (name) {
	case _SC_PAGESIZE:
		return (long)mt_system()->page;
	case _SC_PHYS_PAGES:
		if (mt_sysctl("hw.memsize", &memory))
			return (long)(memory / mt_system()->page);
		break;
	}
	return sysconf(name);
}

int
darwin_getpagesize(void)
{
	return (int)mt_system()->page;
}

static const char *
machine(void)
{
	return mt_system()->translated ? "x86_64" : mt_system()->arch;
}

static const char *
sysctl_string(const char *name)
{
	const struct mt_system *s = mt_system();

	if (strcmp(name, "kern.ostype") == 0)
		return "Darwin";
	if (strcmp(name, "kern.osrelease") == 0)
		return mt_release_darwin(mt_system()->release);
	if (strcmp(name, "kern.osproductversion") == 0)
		return s->release;
	if (strcmp(name, "kern.version") == 0)
		return s->kernel;
	if (strcmp(name, "hw.machine") == 0)
		return machine();
	return NULL;
}

static bool
is_64bit(const char *name)
{
	return strcmp(name, "hw.pagesize") == 0 ||
	    strcmp(name, "hw.memsize") == 0 ||
	    strcmp(name, "hw.cachelinesize") == 0;
}

int
darwin_sysctlbyname(const char *name, void *old, size_t *size, void *new,
    size_t new_size)
{
	const char *string = sysctl_string(name);
	const void *value = string;
	size_t length = string == NULL ? 0 : strlen(string) + 1;
	uint64_t wide = 0;
	uint32_t narrow;

	(void)new;
	if (new_size != 0)
		return kit_fail(DARWIN_EPERM);
	if (string == NULL) {
		if (!mt_sysctl(name, &wide))
			return kit_fail(DARWIN_ENOENT);
		narrow = (uint32_t)wide;
		/* A wide one is cut where there is only room for an int. */
		if (is_64bit(name) && (old == NULL || *size != sizeof(narrow)))
			value = &wide, length = sizeof(wide);
		else
			value = &narrow, length = sizeof(narrow);
	}
	if (size == NULL)
		return 0;
	if (old != NULL) {
		if (*size < length)
			return kit_fail(DARWIN_ENOMEM);
		memcpy(old, value, length);
	}
	*size = length;
	return 0;
}

int
darwin_sysctl(int *mib, unsigned count, void *old, size_t *size, void *new,
    size_t new_size)
{
	static const struct {
		int mib[2];
		const char *name;
	} names[] = {
		{ { CTL_KERN, KERN_OSTYPE }, "kern.ostype" },
		{ { CTL_KERN, KERN_OSRELEASE }, "kern.osrelease" },
		{ { CTL_KERN, KERN_VERSION }, "kern.version" },
		{ { CTL_HW, HW_MACHINE }, "hw.machine" },
		{ { CTL_HW, HW_NCPU }, "hw.ncpu" },
		{ { CTL_HW, HW_PAGESIZE }, "hw.pagesize" },
		{ { CTL_HW, HW_MEMSIZE }, "hw.memsize" },
		{ { CTL_HW, HW_AVAILCPU }, "hw.activecpu" },
	};

	for (size_t i = 0; count == 2 && i < sizeof(names) / sizeof(names[0]);
	     i++)
		if (memcmp(names[i].mib, mib, sizeof(names[i].mib)) == 0)
			return darwin_sysctlbyname(names[i].name, old, size,
			    new, new_size);
	return kit_fail(DARWIN_ENOENT);
}

int
darwin_uname(struct utsname *name)
{
	if (uname(name) == -1)
		return -1;
	snprintf(name->sysname, sizeof(name->sysname), "Darwin");
	snprintf(name->release, sizeof(name->release), "%s",
	    mt_release_darwin(mt_system()->release));
	snprintf(name->version, sizeof(name->version), "%.64s",
	    mt_system()->kernel);
	snprintf(name->machine, sizeof(name->machine), "%s", machine());
	return 0;
}

/* Routines that a release lacks, and the names that mean ours. */
void *
darwin_dlsym(void *handle, const char *name)
{
	static const struct {
		const char *name, *since, *before;
	} routines[] = {
#define MACH_VM(name_, id_, since_, before_, request_, reply_, function_, \
    parameters_)                                                          \
	{ #function_, since_, before_ },
#define ROUTINE(name_, id_, since_, before_, request_, reply_, function_, \
    twin_, parameters_)                                                   \
	{ #function_, since_, before_ }, { #twin_, since_, before_ },
#include "routines.h"
	};
	char ours[64];
	void *found = NULL;

	for (size_t i = 0; i < sizeof(routines) / sizeof(routines[0]); i++)
		if (strcmp(name, routines[i].name) == 0 &&
		    !mt_release_within(mt_system()->release, routines[i].since,
			routines[i].before))
			return NULL;
	if (handle == RTLD_DEFAULT) {
		snprintf(ours, sizeof(ours), "darwin_%s", name);
		found = dlsym(handle, ours);
	}
	return found != NULL ? found : dlsym(handle, name);
}

/* ---- what only Darwin has --------------------------------------------------- */

int
pthread_jit_write_protect_supported_np(void)
{
	return strcmp(mt_system()->arch, "arm64") == 0;
}

void
pthread_jit_write_protect_np(int enabled)
{
	(void)enabled;
}

mach_port_name_t
pthread_mach_thread_np(pthread_t thread)
{
	(void)thread;
	return mach_thread_self();
}

int
pthread_main_np(void)
{
	return getpid() == (pid_t)host_thread_id();
}

int
pthread_threadid_np(pthread_t thread, uint64_t *id)
{
	if (thread != 0 && !pthread_equal(thread, pthread_self()))
		return DARWIN_ESRCH;
	*id = host_thread_id();
	return 0;
}

size_t
pthread_get_stacksize_np(pthread_t thread)
{
	pthread_attr_t attributes;
	void *start;
	size_t size = 0;

	if (pthread_getattr_np(thread, &attributes) == 0) {
		pthread_attr_getstack(&attributes, &start, &size);
		pthread_attr_destroy(&attributes);
	}
	return size;
}

void *
pthread_get_stackaddr_np(pthread_t thread)
{
	pthread_attr_t attributes;
	void *start = NULL;
	size_t size = 0;

	if (pthread_getattr_np(thread, &attributes) == 0) {
		pthread_attr_getstack(&attributes, &start, &size);
		pthread_attr_destroy(&attributes);
	}
	return (char *)start + size;
}

void
sys_icache_invalidate(void *start, size_t size)
{
	__builtin___clear_cache((char *)start, (char *)start + size);
}

void
sys_dcache_flush(void *start, size_t size)
{
	(void)start;
	(void)size;
}

#if !__GLIBC_PREREQ(2, 38)
size_t
strlcpy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from), n;

	if (size > 0) {
		n = length < size ? length : size - 1;
		memcpy(to, from, n);
		to[n] = '\0';
	}
	return length;
}

size_t
strlcat(char *to, const char *from, size_t size)
{
	size_t had = strnlen(to, size);

	return had + strlcpy(to + had, from, size - had);
}
#endif

const char *
getprogname(void)
{
	return program_invocation_short_name;
}

int
memset_s(void *start, size_t limit, int byte, size_t size)
{
	if (size > limit)
		return DARWIN_EOVERFLOW;
	memset(start, byte, size);
	return 0;
}

static void
fill(void *start, const void *pattern, size_t width, size_t size)
{
	for (size_t at = 0; at < size; at += width)
		memcpy((char *)start + at, pattern,
		    size - at < width ? size - at : width);
}

void
memset_pattern4(void *start, const void *pattern, size_t size)
{
	fill(start, pattern, 4, size);
}

void
memset_pattern8(void *start, const void *pattern, size_t size)
{
	fill(start, pattern, 8, size);
}

void
memset_pattern16(void *start, const void *pattern, size_t size)
{
	fill(start, pattern, 16, size);
}
